//! Open Badges 2.0 assertions that their issuer hosts. Nothing in them is signed: what counts is that the issuer's own server answers the
//! same assertion at its address, with the badge class and the issuer's profile beside it (Open Badges 2.0, "Hosted Verification").
//!
//! Such an assertion says what anybody likes until it was fetched, so nothing of it is shown before. What is shown comes from the copies
//! that were fetched.

mod reading;

use serde_json::Value;

use super::{
    CheckId, Claims, Code, Detail, MAX_DOCUMENT, Outcome, Supply, Verification, Want, recipient, shape::Refusal,
};
use crate::{
    model::{Issuer, OpenBadgeCredential},
    strict_json,
};
pub(super) use reading::uses_vocabulary;
use reading::{answers_for, badge_class, difference, id_of, in_scope, is_revoked, origin, profile, shown};

/// One such assertion under way: what was fetched so far, in the order in which one names the other.
pub(super) struct Hosted {
    /// What the reader handed in; a picture may carry the address alone.
    given: Option<Value>,
    url: String,
    assertion: Option<Value>,
    badge: Option<Value>,
}

impl Hosted {
    /// What is to be fetched next: the assertion, then its badge class, then the profile of the issuer.
    pub fn want(&self) -> Want {
        let url = match (&self.assertion, &self.badge) {
            (None, _) => None,
            (Some(assertion), None) => id_of(assertion, "badge"),
            (Some(_), Some(badge)) => id_of(badge, "issuer"),
        };
        Want::HostedDocument(url.unwrap_or(&self.url).to_owned())
    }
}

impl Verification {
    /// A JSON document of the vocabulary of Open Badges 2.0.
    pub(super) fn read_hosted(&mut self, given: Value) -> Result<(), Refusal> {
        self.set(CheckId::Context, Outcome::Passed, Code::ContextKnown);
        let url = reading::assertion(&given)?.to_owned();
        self.set(CheckId::Shape, Outcome::Passed, Code::HostedAssertion);
        self.begin_hosted(Hosted { given: Some(given), url, assertion: None, badge: None })
    }

    /// The address of an assertion, as a picture carries it.
    pub(super) fn read_hosted_at(&mut self, url: String) -> Result<(), Refusal> {
        if origin(&url).is_none() {
            let found = Detail::of(Code::KindUnknown).with("found", &url);
            return Err((CheckId::Shape, Outcome::NotChecked, found));
        }
        self.begin_hosted(Hosted { given: None, url, assertion: None, badge: None })
    }

    fn begin_hosted(&mut self, hosted: Hosted) -> Result<(), Refusal> {
        self.set(CheckId::Proof, Outcome::NotChecked, Code::HostedNotAsked);
        self.want_hosted(hosted);
        Ok(())
    }

    /// Takes the document that was wanted, and wants the next.
    pub(super) fn advance_hosted(&mut self, mut hosted: Hosted) -> Result<(), Refusal> {
        let wanted = hosted.want();
        let supply = self.answers.iter().rev().find_map(|(want, supply)| (*want == wanted).then_some(supply));
        let Want::HostedDocument(url) = &wanted else { return Ok(()) };
        let document = read(supply.unwrap_or(&Supply::NotAsked), url);
        let Some(assertion) = &hosted.assertion else {
            let fetched = document.map_err(|detail| (CheckId::Proof, Outcome::NotChecked, detail))?;
            self.compare_hosted(&hosted, &fetched)?;
            hosted.assertion = Some(fetched);
            self.want_hosted(hosted);
            return Ok(());
        };
        let unknown = |problem: &dyn std::fmt::Display| {
            let detail = Detail::of(Code::HostedIssuerUnknown).with("problem", problem);
            (CheckId::IssuerKey, Outcome::NotChecked, detail)
        };
        let document = document.map_err(|detail| unknown(&detail))?;
        let Some(badge) = &hosted.badge else {
            badge_class(&document).map_err(|problem| unknown(&problem))?;
            hosted.badge = Some(document);
            self.want_hosted(hosted);
            return Ok(());
        };
        profile(&document).map_err(|problem| unknown(&problem))?;
        let class = id_of(badge, "id").unwrap_or_default();
        for place in [hosted.url.as_str(), class] {
            if !answers_for(&document, place) || place != class && !in_scope(&document, place) {
                let detail = Detail::of(Code::HostedElsewhere).with("place", place).with("issuer", url);
                return Err((CheckId::IssuerKey, Outcome::Failed, detail));
            }
        }
        let credential = shown(assertion, badge, &document).map_err(|problem| {
            (CheckId::Shape, Outcome::NotChecked, Detail::of(Code::NotMapped).with("problem", problem))
        })?;
        let place = origin(&hosted.url).unwrap_or_default();
        self.set(CheckId::IssuerKey, Outcome::Passed, Detail::of(Code::HostedByIssuer).with("place", place));
        self.settle_hosted(credential, assertion.clone(), hosted.url);
        Ok(())
    }

    /// The hosted copy is the one that was handed in, and an assertion in the first place.
    fn compare_hosted(&mut self, hosted: &Hosted, fetched: &Value) -> Result<(), Refusal> {
        let unusable = |problem: Detail| {
            (CheckId::Proof, Outcome::NotChecked, Detail::of(Code::HostedUnusable).with("problem", problem))
        };
        if let Err((_, _, problem)) = reading::assertion(fetched) {
            // an issuer that revokes may take away everything but the word
            return match is_revoked(fetched) {
                true => Err((CheckId::Proof, Outcome::NotChecked, Code::HostedGone.into())),
                false => Err(unusable(problem)),
            };
        }
        let Some(given) = &hosted.given else {
            self.set(CheckId::Context, Outcome::Passed, Code::ContextKnown);
            self.set(CheckId::Shape, Outcome::Passed, Code::HostedAssertion);
            self.set(CheckId::Proof, Outcome::Passed, Detail::of(Code::HostedFound).with("place", &hosted.url));
            return Ok(());
        };
        if let Some(member) = difference(given, fetched) {
            let detail = Detail::of(Code::HostedDiffers).with("member", member).with("place", &hosted.url);
            return Err((CheckId::Proof, Outcome::Failed, detail));
        }
        self.set(CheckId::Proof, Outcome::Passed, Detail::of(Code::HostedSame).with("place", &hosted.url));
        Ok(())
    }

    /// Revocation, dates and people, once the issuer's server has answered for all of it.
    fn settle_hosted(&mut self, credential: OpenBadgeCredential, assertion: Value, url: String) {
        let (outcome, code) = match is_revoked(&assertion) {
            true => (Outcome::Failed, Code::Revoked),
            false => (Outcome::Passed, Code::HostedStands),
        };
        self.set(CheckId::Status, outcome, code);
        self.check_dates(Some(&credential.valid_from), credential.valid_until.as_ref(), None);
        let name = match &credential.issuer {
            Issuer::Object(profile) => profile.name.as_deref(),
            Issuer::Reference(_) => None,
        };
        self.identify_issuer(credential.issuer.id().as_str(), name, "", None);
        let (outcome, detail) = recipient::compare(&credential.credential_subject, self.policy.recipient.as_ref());
        self.set(CheckId::Recipient, outcome, detail);
        self.shown = Some(Claims::new(credential, "hosted", url, None).of_whole(assertion));
    }
}

/// The document at `url`, which must say that it is the one.
fn read(supply: &Supply, url: &str) -> Result<Value, Detail> {
    let unusable = |problem: &dyn std::fmt::Display| Detail::of(Code::HostedUnusable).with("problem", problem);
    let bytes = match supply {
        Supply::Found { bytes, .. } => bytes,
        Supply::Gone => return Err(Code::HostedGone.into()),
        Supply::Unreachable(why) => return Err(Detail::of(Code::HostedUnreachable).with("problem", why)),
        Supply::NotAsked | Supply::Record(_) | Supply::Intended(_) | Supply::Document(_) | Supply::List(_) => {
            return Err(Code::HostedNotAsked.into());
        }
    };
    let document = strict_json::parse(bytes, MAX_DOCUMENT).map_err(|error| unusable(&error))?;
    match id_of(&document, "id") {
        Some(id) if id == url => Ok(document),
        Some(id) => Err(unusable(&format_args!("it says that it is {id}"))),
        None => Err(unusable(&"it has no id")),
    }
}
