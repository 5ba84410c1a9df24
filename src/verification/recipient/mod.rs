//! Whose credential is it? What the credential says is compared by the verifier; an e-mail address, which never stands in a credential of ours,
//! is compared here with the one that the holder has confirmed.
//!
//! * Nothing stored is ever told: the answer is that it matches, that it does not, or that it cannot be told.
//! * Tries are counted by address and by holder.

mod pages;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;
use waymark_credential::fold;
use waymark_credential::verify::{Code, Outcome, RecipientAsked, Report};

use crate::app::{About, App};
use crate::credentials::{self, Credential};
use crate::error::{Error, Fault, Result};
use crate::{issuer, members};

pub use pages::whose_post;

/// Longer texts are neither a name nor an address.
pub const LONGEST: usize = 254;

/// What is asked about in one field: an address where it has an @, else a name.
pub fn of_one_field(text: &str) -> Option<RecipientAsked> {
    let text = text.trim();
    let given = (!text.is_empty() && text.len() <= LONGEST).then(|| text.to_owned());
    match fold::width(text).contains('@') {
        true => given.map(|email| RecipientAsked { email: Some(email), name: None }),
        false => given.map(|name| RecipientAsked { email: None, name: Some(name) }),
    }
}

/// What is asked about, where something is.
///
/// # Errors
/// It is longer than any name or address: comparing it with every identity that a stranger's credential states costs its length each time.
pub(super) fn bounded(asked: Option<RecipientAsked>) -> Result<Option<RecipientAsked>> {
    let Some(asked) = asked.filter(|r| r.email.is_some() || r.name.is_some()) else { return Ok(None) };
    for (field, text) in [("email", &asked.email), ("name", &asked.name)] {
        if text.as_ref().is_some_and(|text| text.len() > LONGEST) {
            let detail = format!("no {field} is longer than {LONGEST} bytes");
            return Err(Error::invalid(vec![Fault::new(format!("/recipient/{field}"), "too_long", detail)]));
        }
    }
    Ok(Some(asked))
}

/// Lets our records answer what the credential itself does not say: whether the address is the one that its holder has confirmed.
///
/// # Errors
/// This was tried too often.
pub(super) async fn ask_our_records(app: &App, report: &mut Report, own: &str, asked: &RecipientAsked) -> Result<()> {
    let Some(email) = &asked.email else { return Ok(()) };
    let Some(credential) = of_ours(app, report, own).await? else { return Ok(()) };
    let db = app.db.read();
    let holder = members::resolve(db, credential.member).await?;
    // By the holder: whoever has several credentials would be asked about as many times over.
    app.limits.try_at(About::Mailbox(&holder.to_string()))?;
    let confirmed = members::verified_email(db, holder).await?;
    let hashed = |email: &str| Sha256::digest(fold::email(email));
    let (outcome, code) = match confirmed {
        None => (Outcome::NotChecked, Code::RecipientAddressUnknown),
        Some(known) if bool::from(hashed(&known).ct_eq(&hashed(email))) => (Outcome::Passed, Code::RecipientMatches),
        Some(_) => (Outcome::Failed, Code::RecipientAddressDiffers),
    };
    report.tell_recipient(outcome, code);
    Ok(())
}

/// The credential of ours that a report is about, where what it says is proved.
pub(super) async fn of_ours(app: &App, report: &Report, own: &str) -> Result<Option<Credential>> {
    match report.shown() {
        Some(claims) if claims.credential().issuer.id().as_str() == own => {
            credentials::by_uuid(app.db.read(), claims.credential().id.as_str()).await
        }
        _ => Ok(None),
    }
}

/// The same for whoever does not know our identifier.
pub(super) async fn own_credential(app: &App, report: &Report) -> Result<Option<Credential>> {
    match issuer::identity(app.db.read(), &app.config).await {
        Ok(own) => of_ours(app, report, own.did()).await,
        Err(_) => Ok(None),
    }
}
