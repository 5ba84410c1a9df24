//! The routes of what people hand in: links, handles, gatherings, tables; and of what is held back.

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;

use crate::access::Routes;
use crate::contributions::{self, TableSettings};
use crate::tables;

/// All of them, added to those there are.
pub(super) fn all(routes: Routes) -> Routes {
    routes
        .get("/me/links", contributions::links_page)
        .post("/me/links", contributions::link_post)
        .post("/me/links/{id}", contributions::link_step_post)
        .get("/admin/links", contributions::links_staff_page)
        .post("/admin/links/{id}", contributions::staff_link_post)
        .get("/api/v1/links", contributions::list_links)
        .post("/api/v1/links", contributions::submit_link)
        .get("/api/v1/links/{id}", contributions::read_link)
        .post("/api/v1/links/{id}/accept", contributions::accept_link)
        .post("/api/v1/links/{id}/refuse", contributions::refuse_link)
        .post("/api/v1/links/{id}/answer", contributions::answer_link)
        .post("/api/v1/links/{id}/withdraw", contributions::withdraw_link)
        .get("/me/handles", contributions::handles_page)
        .post("/me/handles", contributions::claim_post)
        .post("/me/handles/{id}", contributions::my_handle_post)
        .get("/admin/handles", contributions::handles_staff_page)
        .post("/admin/handles/{id}", contributions::staff_handle_post)
        .get("/api/v1/handles", contributions::list_handles)
        .post("/api/v1/handles", contributions::claim_handle)
        .post("/api/v1/handles/{id}/confirm", contributions::confirm_handle)
        .post("/api/v1/handles/{id}/refuse", contributions::refuse_handle)
        .post("/api/v1/handles/{id}/release", contributions::release_handle)
        .get("/admin/gatherings", contributions::gatherings_page)
        .post("/admin/gatherings", contributions::gathering_post)
        .get("/gatherings/{id}", contributions::gathering_page)
        .get("/gatherings/{id}/code", contributions::code_page)
        .post("/gatherings/{id}/attendances/{attendance}", contributions::attendance_post)
        .get("/attend/{id}", contributions::late_page)
        .post("/attend/{id}", contributions::late_post)
        .get("/attend/{id}/{code}", contributions::attend_page)
        .post("/attend/{id}/{code}", contributions::attend_post)
        .get("/api/v1/gatherings", contributions::list_gatherings)
        .post("/api/v1/gatherings", contributions::make_gathering)
        .get("/api/v1/gatherings/{id}", contributions::read_gathering)
        .post("/api/v1/gatherings/{id}/attendances", contributions::attend_call)
        .post("/api/v1/attendances/{id}/confirm", contributions::confirm_attendance)
        .post("/api/v1/attendances/{id}/refuse", contributions::refuse_attendance)
        .get("/admin/imports", contributions::import_page)
        .post("/admin/imports", contributions::import_post.layer(DefaultBodyLimit::max(contributions::TABLE_LIMIT)))
        .get("/admin/imports/{id}", contributions::import_step_page)
        .get("/admin/imports/{id}/columns", tables::columns_page::<TableSettings>)
        .post("/admin/imports/{id}/columns", tables::columns_post::<TableSettings>)
        .post("/admin/imports/{id}/start", contributions::import_start_post)
        .get("/admin/imports/{id}/progress", tables::progress::<TableSettings>)
        .post("/admin/imports/{id}/cancel", tables::cancel_post::<TableSettings>)
        .get("/admin/imports/{id}/report.csv", contributions::import_report)
        .post(
            "/api/v1/contributions/import",
            contributions::import_call.layer(DefaultBodyLimit::max(contributions::TABLE_LIMIT)),
        )
        .get("/admin/quarantine", contributions::quarantine_page)
        .post("/admin/quarantine/{id}", contributions::quarantine_post)
        .get("/api/v1/held", contributions::list_held)
        .post("/api/v1/contributions/{id}/release", contributions::release_contribution)
        .get("/admin/members/{id}/strikes", contributions::strikes_page)
        .post("/admin/members/{id}/strikes", contributions::strike_post)
        .post("/admin/strikes/{id}/lift", contributions::strike_lift_post)
        .get("/api/v1/members/{id}/strikes", contributions::list_strikes)
        .post("/api/v1/members/{id}/strikes", contributions::record_strike)
        .post("/api/v1/strikes/{id}/lift", contributions::lift_strike)
        .get("/admin/rings", contributions::rings_page)
        .get("/api/v1/reciprocity", contributions::read_reciprocity)
}
