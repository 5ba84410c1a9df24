//! What sort of achievement a report is about. A badge of thanks is no proof of skill, and every report of one says so.

use waymark_credential::verify::Report;

use super::recipient;
use crate::app::App;
use crate::error::Result;
use crate::tracks::{self, Kind, THANKS_TYPE};

/// By our record, for a credential of ours; else as far as the signed document says it. None where nothing is proved or nothing is said.
pub(super) async fn kind_of(app: &App, report: &Report, own: Option<&str>) -> Result<Option<Kind>> {
    let Some(claims) = report.shown() else { return Ok(None) };
    if let Some(own) = own
        && let Some(credential) = recipient::of_ours(app, report, own).await?
    {
        let version = tracks::version(app.db.read(), credential.track_version).await?;
        return Ok(Some(version.definition.kind));
    }
    let said = claims.credential().credential_subject.achievement.achievement_type.as_deref();
    Ok(said.filter(|said| *said == THANKS_TYPE).map(|_| Kind::Thanks))
}
