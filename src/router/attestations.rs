//! The routes of attestations.

use crate::access::Routes;
use crate::attestations;

/// These routes with what they ask for, after those that are there.
pub fn all(routes: Routes) -> Routes {
    routes
        .get("/api/v1/members/{id}/attestations", attestations::list_attestations)
        .post("/api/v1/members/{id}/attestations", attestations::attest_call)
        .post("/api/v1/attestations/{id}/void", attestations::void_attestation)
        .get("/admin/attestations", attestations::attestations_page)
        .post("/admin/attestations", attestations::attest_post)
        .post("/admin/attestations/{id}/void", attestations::void_post)
}
