//! The routes of sources: what they send, how they fare, feeds of members.

use crate::access::Routes;
use crate::contributions;

/// These routes with what they ask for, after those that are there.
pub fn all(routes: Routes) -> Routes {
    routes
        .get("/api/v1/sources", contributions::list_sources)
        .post("/api/v1/events", contributions::receive_events)
        .post("/hooks/{slug}", contributions::receive_delivery)
        .get("/admin/sources", contributions::sources_page)
        .get("/admin/sources/{slug}", contributions::source_page)
        .post("/admin/dead-letters/{id}/{step}", contributions::dead_letter_post)
        .get("/me/feeds", contributions::feeds_page)
        .post("/me/feeds", contributions::add_feed_post)
        .post("/me/feeds/{id}/{step}", contributions::feed_step_post)
}
