//! The routes of points and ranks.

use crate::access::Routes;
use crate::ranks;

/// These routes with what they ask for, after those that are there.
pub fn all(routes: Routes) -> Routes {
    routes
        .get("/api/v1/ladders", ranks::list_ladders)
        .get("/api/v1/members/{id}/ranks", ranks::member_ranks)
        .get("/me/ranks", ranks::my_ranks_page)
        .post("/me/ranks", ranks::my_ranks_post)
        .get("/admin/members/{id}/ranks", ranks::staff_ranks_page)
        .get("/admin/ladders", ranks::ladders_page)
        .get("/admin/ladders/new", ranks::new_ladder_page)
        .post("/admin/ladders/new", ranks::new_ladder_post)
        .get("/admin/ladders/{slug}", ranks::ladder_page)
        .post("/admin/ladders/{slug}", ranks::ladder_post)
}
