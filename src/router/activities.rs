//! The routes of figures about activities, of the overview, and of a member's timeline.

use crate::access::Routes;
use crate::{activities, home};

/// These routes with what they ask for, after those that are there.
pub fn all(routes: Routes) -> Routes {
    routes
        .get("/admin/activities", activities::activities_page)
        .get("/api/v1/activities/figures", activities::read_figures)
        .get("/admin/overview", home::overview_page)
        .get("/me/timeline", home::timeline_page)
        .get("/admin/members/{id}/timeline", home::member_timeline_page)
}
