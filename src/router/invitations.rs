//! The routes of how people come in: tables of members, invitations, and what whoever joins is asked first.

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;

use crate::access::Routes;
use crate::invitations::{self, TableSettings};
use crate::sharing;
use crate::tables::{self, TABLE_LIMIT};

/// All of them, added to those there are.
pub(super) fn all(routes: Routes) -> Routes {
    routes
        .get("/admin/members/import", invitations::import_page)
        .post("/admin/members/import", invitations::import_post.layer(DefaultBodyLimit::max(TABLE_LIMIT)))
        .get("/admin/members/import/{id}", invitations::step_page)
        .get("/admin/members/import/{id}/columns", tables::columns_page::<TableSettings>)
        .post("/admin/members/import/{id}/columns", tables::columns_post::<TableSettings>)
        .post("/admin/members/import/{id}/start", invitations::start_post)
        .get("/admin/members/import/{id}/progress", tables::progress::<TableSettings>)
        .post("/admin/members/import/{id}/cancel", tables::cancel_post::<TableSettings>)
        .get("/admin/members/import/{id}/report.csv", invitations::import_report)
        .post("/admin/members/import/{id}/invitations", invitations::invite_table_post)
        .post("/api/v1/members/import", invitations::import_call.layer(DefaultBodyLimit::max(TABLE_LIMIT)))
        .post("/api/v1/members/import/{id}/invitations", invitations::invite_table_call)
        .get("/admin/invitations", invitations::invitations_page)
        .post("/admin/invitations", invitations::invite_post)
        .post("/admin/invitations/{id}", invitations::invitation_post)
        .get("/api/v1/invitations", invitations::list_invitations)
        .post("/api/v1/invitations", invitations::invite_call)
        .post("/api/v1/invitations/{id}/renew", invitations::renew_call)
        .post("/api/v1/invitations/{id}/withdraw", invitations::withdraw_call)
        .get("/invite/{token}", invitations::invitation_page)
        .post("/invite/{token}", invitations::accept_post)
        .post("/invite/{token}/decline", invitations::decline_post)
        .get("/me/visibility", sharing::defaults_page)
        .post("/me/visibility", sharing::set_defaults)
}
