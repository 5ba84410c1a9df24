//! The routes by which staff look after people and the installation.

use crate::access::Routes;
use crate::people;

/// All of them, added to those there are.
pub(super) fn all(routes: Routes) -> Routes {
    routes
        .get("/admin/members/new", people::enrol_page)
        .post("/admin/members/new", people::enrol_post)
        .get("/admin/members/{id}/access", people::access_page)
        .post("/admin/members/{id}/access/link", people::hand_link_post)
        .post("/admin/members/{id}/access/sign-out", people::sign_out_post)
        .post("/admin/members/{id}/affiliations", people::add_affiliation_post)
        .post("/admin/members/{id}/affiliations/{seq}/end", people::end_affiliation_post)
        .get("/admin/staff", people::staff_page)
        .post("/admin/staff", people::give_role_post)
        .post("/admin/staff/{id}/take", people::take_role_post)
        .get("/api/v1/staff", people::list_staff)
        .post("/api/v1/staff", people::give_role_call)
        .post("/api/v1/staff/{id}/take", people::take_role_call)
        .get("/admin/api-keys", people::api_keys_page)
        .post("/admin/api-keys", people::make_key_post)
        .post("/admin/api-keys/{id}/end", people::end_key_post)
        .get("/admin/settings", people::settings_page)
        .post("/admin/settings", people::settings_post)
        .post("/admin/settings/keys", people::make_keys_post)
        .get("/admin/settings/source", people::source_page)
        .post("/admin/settings/source", people::source_post)
        .get("/admin/settings/source/{name}", people::source_edit_page)
        .post("/admin/settings/source/{name}", people::source_edit_post)
}
