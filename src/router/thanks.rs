//! The routes of thanks: between members, in the program's name, and who was not thanked.

use crate::access::Routes;
use crate::{sharing, thanks};

/// All of them, added to those there are.
pub(super) fn all(routes: Routes) -> Routes {
    routes
        .get("/me/thanks", thanks::my_thanks_page)
        .post("/me/thanks", thanks::my_thanks_post)
        .post("/me/thanks/{id}", thanks::my_thanks_step_post)
        .get("/m/{name}/thank", sharing::thank_from_profile)
        .get("/api/v1/members/{id}/thanks", thanks::list_thanks)
        .post("/api/v1/thanks", thanks::give_thanks)
        .post("/api/v1/thanks/{id}/show", thanks::show_thanks)
        .post("/api/v1/thanks/{id}/hide", thanks::hide_thanks)
        .post("/api/v1/thanks/{id}/withdraw", thanks::withdraw_thanks)
        .get("/admin/thanks", thanks::staff_thanks_page)
        .post("/admin/thanks", thanks::staff_thanks_post)
        .get("/admin/thanks/unthanked", thanks::unthanked_page)
        .get("/admin/thanks/unthanked.csv", thanks::unthanked_csv)
        .post("/admin/thanks/{id}", thanks::staff_thanks_step_post)
}
