//! The routes of what members are told.

use crate::access::Routes;
use crate::notices;

/// All of them, added to those there are.
pub(super) fn all(routes: Routes) -> Routes {
    routes
        .get("/me/notices", notices::notices_page)
        .post("/me/notices", notices::notices_post)
        .get("/me/notices/settings", notices::settings_page)
        .post("/me/notices/settings", notices::settings_post)
        .get("/unsubscribe/{token}", notices::unsubscribe_page)
        .post("/unsubscribe/{token}", notices::unsubscribe)
        .post("/unsubscribe/{token}/undo", notices::subscribe_again)
        .get("/api/v1/members/{id}/notices", notices::list_notices)
        .post("/api/v1/members/{id}/notices/read", notices::read_notices)
        .get("/api/v1/members/{id}/notice-settings", notices::read_settings)
        .put("/api/v1/members/{id}/notice-settings", notices::change_settings)
}
