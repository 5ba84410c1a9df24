//! Every route, room by room. What a route asks for is its handler's first argument; `tests/it/access.rs` prints them all as one matrix.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;
use axum::middleware::from_fn_with_state;

use crate::access::{Public, RouteRow, Routes, idempotent};
use crate::api_docs;
use crate::app::App;
use crate::badges;
use crate::contributions;
use crate::credentials::{self, TableSettings};
use crate::decisions;
use crate::error::Error;
use crate::home;
use crate::impact;
use crate::issuer;
use crate::jobs;
use crate::members;
use crate::operations;
use crate::sharing;
use crate::tables;
use crate::tracks;
use crate::vc_api;
use crate::verification;
use crate::web::{assets, input, layers};
use crate::webhooks;

mod activities;
mod attestations;
mod exams;
mod giving;
mod invitations;
mod notices;
mod people;
mod planning;
mod ranks;
mod sources;
mod thanks;
mod titles;

/// All routes with what they ask for.
fn routes() -> Routes {
    let rooms: [fn(Routes) -> Routes; 12] = [
        activities::all,
        attestations::all,
        exams::all,
        giving::all,
        invitations::all,
        notices::all,
        people::all,
        planning::all,
        ranks::all,
        sources::all,
        thanks::all,
        titles::all,
    ];
    rooms
        .into_iter()
        .fold(Routes::default(), |routes, room| room(routes))
        // operations
        .get("/healthz", operations::alive)
        .get("/readyz", operations::ready)
        .get("/metrics", operations::metrics)
        .get("/admin/audit", operations::audit_page)
        .get("/api/v1/audit", operations::list_audit)
        .get("/.well-known/security.txt", operations::security_contact)
        // api_docs
        .get("/api/openapi.json", api_docs::openapi)
        .get("/api/docs", api_docs::docs_page)
        .get("/docs", api_docs::guide_page)
        .get("/docs/{name}", api_docs::guide_chapter)
        // verification
        .get("/verify", verification::verify_page)
        .get("/verify/device.json", verification::device_texts)
        .post("/verify", verification::verify_post.layer(DefaultBodyLimit::max(layers::UPLOAD_LIMIT)))
        .post("/api/v1/verifications", verification::verify_call.layer(DefaultBodyLimit::max(layers::UPLOAD_LIMIT)))
        .post("/verify/whose", verification::whose_post)
        .post("/verify/report", verification::report_post)
        .get("/verify/batch", verification::batch_page)
        .post("/verify/batch", verification::batch_post)
        .post("/api/v1/verifications/batch", verification::batch_call)
        .post("/verify/ask", verification::ask_post)
        .get("/verify/asked/{token}", verification::asked_page)
        .post("/verify/asked/{token}/report", verification::asked_report)
        .get("/me/questions", verification::questions_page)
        .post("/me/questions", verification::switch_post)
        .post("/me/questions/{id}", verification::answer_post)
        // sharing
        .get("/c/{name}", sharing::open)
        .get("/C/{name}", sharing::open)
        .get("/c/{name}/badge.svg", sharing::live_badge_svg)
        .get("/embed/{share_id}", sharing::card)
        .get("/oembed", sharing::oembed)
        .get("/me/credentials/{id}", sharing::manage_page)
        .post("/me/credentials/{id}/visibility", sharing::set_visibility)
        .get("/me/credentials/{id}/linkedin", sharing::to_linkedin)
        .get("/me/credentials/{id}/files/{form}", sharing::own_document)
        .post("/me/credentials/{id}/switches", sharing::set_switches)
        .get("/me/credentials/{id}/preview", sharing::preview_page)
        .get("/m/{name}", sharing::open_profile)
        .get("/M/{name}", sharing::open_profile)
        .get("/me/profile", sharing::profile_page)
        .post("/me/profile", sharing::write_profile)
        .post("/me/profile/credentials", sharing::choose_entries)
        .post("/me/profile/order", sharing::order_entries)
        .post("/me/profile/publish", sharing::publish_profile)
        .post("/me/profile/end", sharing::end_profile)
        .get("/me/profile/preview", sharing::preview_profile)
        .get("/s/{name}", sharing::open_selection)
        .get("/S/{name}", sharing::open_selection)
        .get("/me/selections", sharing::selections_page)
        .post("/me/selections", sharing::begin_selection)
        .get("/me/selections/new", sharing::new_selection_page)
        .get("/me/selections/{id}", sharing::selection_page)
        .post("/me/selections/{id}/order", sharing::order_selection)
        .post("/me/selections/{id}/publish", sharing::publish_selection)
        .post("/me/selections/{id}/end", sharing::end_selection)
        .get("/me/selections/{id}/preview", sharing::preview_selection)
        .get("/me/resume", sharing::resume_page)
        .get("/me/resume.json", sharing::resume_json)
        .get("/me/resume.csv", sharing::resume_csv)
        .get("/me/resume.txt", sharing::resume_text)
        .get("/p/{slug}/holders", sharing::holders_page)
        // members
        .get("/login", members::sign_in_page)
        .post("/login", members::ask_link)
        .get("/login/{token}", members::login_page)
        .post("/login/{token}", members::login)
        .post("/logout", members::logout)
        .get("/claim/{token}", home::claim_page)
        .post("/claim/{token}", home::claim)
        .get("/me/credentials/{id}/welcome", home::welcome_page)
        .post("/api/v1/members", members::enrol_member)
        .get("/api/v1/members/{id}", members::read_member)
        .patch("/api/v1/members/{id}", members::edit_member)
        .post("/api/v1/members/{id}/tokens", members::mint_token)
        // jobs
        .get("/api/v1/jobs/{id}", jobs::read_job)
        .get("/jobs/{id}", jobs::read_job)
        .get("/api/v1/jobs/{id}/report", jobs::read_report)
        .post("/api/v1/jobs/{id}/cancel", jobs::cancel_job)
        // webhooks
        .get("/api/v1/webhooks", webhooks::list_webhooks)
        .post("/api/v1/webhooks", webhooks::add_webhook)
        .get("/api/v1/webhooks/{id}", webhooks::read_webhook)
        .put("/api/v1/webhooks/{id}", webhooks::edit_webhook)
        .post("/api/v1/webhooks/{id}/enable", webhooks::enable_webhook)
        .post("/api/v1/webhooks/{id}/disable", webhooks::disable_webhook)
        .post("/api/v1/webhooks/{id}/rotate", webhooks::rotate_webhook)
        .post("/api/v1/webhooks/{id}/remove", webhooks::remove_webhook)
        .post("/api/v1/webhooks/{id}/test", webhooks::test_webhook)
        .get("/api/v1/webhooks/{id}/deliveries", webhooks::list_deliveries)
        .get("/api/v1/webhooks/{id}/deliveries/{delivery}", webhooks::read_delivery)
        .post("/api/v1/webhooks/{id}/deliveries/{delivery}/redeliver", webhooks::redeliver)
        .get("/admin/webhooks", webhooks::webhooks_page)
        .post("/admin/webhooks", webhooks::add_webhook_post)
        .get("/admin/webhooks/{id}", webhooks::webhook_page)
        .post("/admin/webhooks/{id}", webhooks::edit_webhook_post)
        .post("/admin/webhooks/{id}/{step}", webhooks::webhook_step_post)
        .post("/admin/webhooks/{id}/deliveries/{delivery}", webhooks::redeliver_post)
        // issuer
        .get("/issuer", issuer::issuer_document)
        .get("/.well-known/did.json", issuer::did_document)
        .get("/.well-known/jwks.json", issuer::jwks)
        .get("/keys/{kid}", issuer::key_document)
        .get("/api/v1/known-issuers", issuer::list_known_issuers)
        .post("/api/v1/known-issuers", issuer::add_known_issuer)
        .post("/api/v1/known-issuers/{id}/names", issuer::name_known_issuer)
        .post("/api/v1/known-issuers/{id}/end", issuer::end_known_issuer)
        .get("/admin/known-issuers", issuer::known_issuers_page)
        .post("/admin/known-issuers", issuer::add_known_post)
        .post("/admin/known-issuers/{id}/names", issuer::name_known_post)
        .post("/admin/known-issuers/{id}/end", issuer::end_known_post)
        .get("/admin/keys", issuer::keys_page)
        .get("/admin/keys/{kid}/{step}", issuer::key_step_page)
        .post("/admin/keys/{kid}/{step}", issuer::change_key)
        // tracks
        .get("/achievements/{id}", tracks::achievement_document)
        .get("/achievements/{id}/{language}", tracks::achievement_in_language)
        .get("/api/v1/tracks", tracks::list_tracks)
        // contributions
        .post("/api/v1/contributions/{id}/void", contributions::void_contribution)
        // badges
        .get("/achievements/{id}/badge.svg", badges::badge_svg)
        .get("/achievements/{id}/badge.png", badges::badge_png)
        // decisions
        .get("/api/v1/members/{id}/progress", decisions::progress)
        // vc_api
        .get("/vc-api", vc_api::about)
        .post("/vc-api/credentials/issue", vc_api::issue_credential)
        .post("/vc-api/credentials/verify", vc_api::verify_credential)
        .post("/vc-api/credentials/status", vc_api::change_status)
        .post("/vc-api/presentations/verify", vc_api::verify_presentation)
        .get("/vc-api/status-lists/{list_id}", vc_api::list_document)
        // impact
        .get("/api/v1/credentials/{id}/counts", impact::credential_counts)
        .get("/api/v1/tracks/{slug}/counts", impact::track_counts)
        .get("/admin/counts", impact::counts_page)
        .get("/admin/counts/{slug}", impact::track_counts_page)
        // home
        .get("/", home::front_page)
        .get("/p/{slug}", home::track_page)
        .get("/me", home::me_page)
        .get("/me/progress", home::progress_fragment)
        .get("/admin", home::staff_page)
        .get("/admin/members", home::members_page)
        .get("/admin/members/{id}", home::member_page)
        .post("/admin/members/{id}/name", home::rename_post)
        .get("/admin/names", home::names_page)
        .get("/me/name", home::my_name_page)
        .post("/me/name", home::my_name_post)
        .get("/admin/held", home::held_page)
        .post("/admin/held/{id}/member", home::credit_held)
        .post("/admin/contributions/{id}/void", home::take_back)
        // credentials
        .get("/status/{list_id}", credentials::status_list_document)
        .post("/api/v1/credentials", credentials::issue_credential)
        .post("/api/v1/credentials/bulk", credentials::issue_bulk.layer(DefaultBodyLimit::max(credentials::BULK_LIMIT)))
        .post("/api/v1/credentials/bulk/{id}/claim-links", credentials::bulk_claim_links)
        .get("/api/v1/credentials/{id}", credentials::read_credential)
        .post("/api/v1/credentials/{id}/claim-link", credentials::make_claim_link)
        .post("/api/v1/credentials/{id}/revoke", credentials::revoke)
        .post("/api/v1/credentials/{id}/suspend", credentials::suspend)
        .post("/api/v1/credentials/{id}/reinstate", credentials::reinstate)
        .post("/api/v1/credentials/{id}/replace", credentials::replace_call)
        .post("/api/v1/credentials/{id}/renew", credentials::renew_call)
        .post("/api/v1/credentials/{id}/cancel", credentials::cancel_call)
        .put("/api/v1/credentials/{id}/visibility", credentials::set_visibility)
        .get("/api/v1/members/{id}/credentials", credentials::member_credentials)
        .get("/api/v1/reviews", credentials::list_reviews)
        .post("/api/v1/reviews/{id}/keep", credentials::keep_call)
        .get("/admin/reviews", credentials::reviews_page)
        .post("/admin/reviews/{id}/keep", credentials::keep_post)
        .get("/admin/credentials", credentials::credentials_page)
        .get("/admin/credentials/issue", credentials::issue_page)
        .post("/admin/credentials/issue", credentials::issue_post)
        .get("/admin/credentials/bulk", credentials::bulk_page)
        .post("/admin/credentials/bulk", credentials::upload_bulk.layer(DefaultBodyLimit::max(credentials::BULK_LIMIT)))
        .get("/admin/credentials/bulk/{id}", credentials::bulk_step)
        .get("/admin/credentials/bulk/{id}/columns", tables::columns_page::<TableSettings>)
        .post("/admin/credentials/bulk/{id}/columns", tables::columns_post::<TableSettings>)
        .post("/admin/credentials/bulk/{id}/start", credentials::start_bulk)
        .post("/admin/credentials/bulk/{id}/cancel", tables::cancel_post::<TableSettings>)
        .get("/admin/credentials/bulk/{id}/progress", tables::progress::<TableSettings>)
        .get("/admin/credentials/bulk/{id}/errors.csv", credentials::error_rows)
        .get("/admin/credentials/bulk/{id}/result.csv", credentials::bulk_result)
        .post("/admin/credentials/bulk/{id}/claim-links", credentials::bulk_links)
        .get("/admin/credentials/{id}", credentials::credential_page)
        .get("/admin/credentials/{id}/issued", credentials::issued_page)
        .post("/admin/credentials/{id}/claim-link", credentials::make_claim_link_page)
        .post("/admin/credentials/{id}/standing", credentials::change_standing)
        .get("/admin/credentials/{id}/replace", credentials::replace_page)
        .post("/admin/credentials/{id}/replace", credentials::replace_post)
        .get("/admin/credentials/{id}/renew", credentials::renew_page)
        .post("/admin/credentials/{id}/renew", credentials::renew_post)
        .get("/admin/credentials/{id}/cancel", credentials::cancel_page)
        .post("/admin/credentials/{id}/cancel", credentials::cancel_post)
        .get("/admin/reissue", credentials::reissue_page)
        .get("/admin/reissue/progress", credentials::reissue_fragment)
        .post("/admin/reissue/{kid}", credentials::reissue_post)
}

/// The access matrix: one row per route.
pub fn matrix() -> Vec<RouteRow> {
    routes().into_parts().1
}

/// Guarded like every route, so that the page can show who looks at it.
async fn nowhere(_: Public) -> Error {
    Error::not_found()
}

/// The service that `serve` runs.
pub fn build(app: App) -> Router {
    let (router, _) = routes().into_parts();
    // Embedded files belong to nobody and know nobody: the one route without a guard.
    layered(router.route("/assets/{*name}", axum::routing::get(assets::serve)), app)
}

/// Routes behind everything that lies around ours; measurements compare with it.
pub fn layered(router: Router<App>, app: App) -> Router {
    router
        .fallback(nowhere)
        .layer(from_fn_with_state(app.clone(), idempotent))
        .layer(DefaultBodyLimit::max(input::BODY_LIMIT))
        .layer(from_fn_with_state(app.clone(), layers::around))
        .with_state(app)
}
