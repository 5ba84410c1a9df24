//! The badge of a credential.

use crate::app::App;
use crate::credentials::Credential;
use crate::error::Result;
use crate::{badges, issuer, tracks};

/// The badge in the credential's language.
pub async fn picture(app: &App, credential: &Credential) -> Result<std::sync::Arc<badges::Picture>> {
    let db = app.db.read();
    let version = tracks::version(db, credential.track_version).await?;
    let issuer = issuer::find(db, credential.issuer).await?;
    badges::picture(db, &issuer, &version, credential.locale).await
}
