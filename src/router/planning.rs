//! The routes of tracks being written.

use crate::access::Routes;
use crate::planning;

/// These routes with what they ask for, after those that are there.
pub fn all(routes: Routes) -> Routes {
    routes
        .get("/api/v1/tracks/{slug}/draft", planning::read_draft)
        .put("/api/v1/tracks/{slug}/draft", planning::keep_draft)
        .get("/api/v1/tracks/{slug}/plan", planning::read_plan)
        .post("/api/v1/tracks/{slug}/plan", planning::make_plan)
        .post("/api/v1/tracks/{slug}/publish", planning::publish_track)
        .get("/api/v1/requirement-health", planning::read_health)
        .post("/api/v1/requirement-health", planning::count_health)
        .get("/admin/tracks", planning::tracks_page)
        .get("/admin/tracks/new", planning::new_track_page)
        .post("/admin/tracks/new", planning::new_track_post)
        .get("/admin/tracks/{slug}", planning::track_form_page)
        .post("/admin/tracks/{slug}", planning::track_form_post)
        .get("/admin/tracks/{slug}/file", planning::file_page)
        .post("/admin/tracks/{slug}/file", planning::file_post)
        .get("/admin/tracks/{slug}/plan", planning::plan_page)
        .post("/admin/tracks/{slug}/plan", planning::plan_post)
        .get("/admin/requirement-health", planning::health_page)
        .post("/admin/requirement-health", planning::health_post)
}
