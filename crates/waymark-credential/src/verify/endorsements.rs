//! Endorsements inside a credential (Open Badges 3.0 §B.1.4): each is a credential of somebody else about the credential, its issuer or
//! its achievement, as JSON (`endorsement`) or as a JWT (`endorsementJwt`). They are verified by themselves and told beside the report; they
//! never change its state.

use serde_json::Value;

use super::{CheckId, Code, Detail, Outcome, Policy, Verification, jwt::Jwt, shape, shape::Refusal};
use crate::{
    Timestamp,
    open::{Latitude, OpenDocument, Role},
    work::Work,
};

/// The most endorsements of one credential that are looked at.
pub const MOST_ENDORSEMENTS: usize = 4;

/// The member that no context gives a meaning: only where the JSON itself is signed does it say anything.
const AS_JWT: &str = "endorsementJwt";

/// What became of one endorsement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endorsement {
    /// Where it stands, as a JSON Pointer.
    pub pointer: String,
    /// The identifier of who endorses; empty where it cannot be read.
    pub issuer: String,
    pub issuer_name: Option<String>,
    pub comment: Option<String>,
    /// Passed where everything that decides passed: form, proof, key, status, dates, and that it is about what carries it.
    pub outcome: Outcome,
    pub detail: Detail,
}

/// An endorsement as it stands in a document, not looked at yet.
pub(super) struct Found {
    pointer: String,
    /// The id of what carries it.
    endorsed: String,
    given: Given,
}

enum Given {
    Document(Value),
    Jwt(String),
}

/// One endorsement under way.
pub(super) struct Endorsing {
    about: Endorsement,
    verification: Option<Verification>,
}

/// The objects of a credential that may be endorsed, by their pointers.
fn places(document: &Value) -> Vec<(String, &Value)> {
    let mut places = vec![(String::new(), document)];
    if let Some(issuer) = document.get("issuer") {
        places.push(("/issuer".into(), issuer));
    }
    let subject = document.get("credentialSubject");
    let subjects = match subject {
        Some(Value::Array(subjects)) => {
            subjects.iter().enumerate().map(|(at, subject)| (format!("/credentialSubject/{at}"), subject)).collect()
        }
        Some(subject) => vec![("/credentialSubject".to_owned(), subject)],
        None => Vec::new(),
    };
    for (pointer, subject) in subjects {
        if let Some(achievement) = subject.get("achievement") {
            places.push((format!("{pointer}/achievement"), achievement));
        }
    }
    places
}

/// Every endorsement of the credential, of its issuer and of its achievement.
pub(super) fn found(document: &Value) -> Vec<Found> {
    let mut all = Vec::new();
    for (place, endorsed) in places(document) {
        let id = endorsed.get("id").and_then(Value::as_str).unwrap_or_default();
        for name in ["endorsement", AS_JWT] {
            let (several, entries) = match endorsed.get(name) {
                Some(Value::Array(entries)) => (true, entries.as_slice()),
                Some(single) => (false, std::slice::from_ref(single)),
                None => continue,
            };
            for (at, entry) in entries.iter().enumerate() {
                let pointer = if several { format!("{place}/{name}/{at}") } else { format!("{place}/{name}") };
                let given = match entry {
                    Value::String(jwt) if name == AS_JWT => Given::Jwt(jwt.clone()),
                    other => Given::Document(other.clone()),
                };
                all.push(Found { pointer, endorsed: id.to_owned(), given });
            }
        }
    }
    all
}

/// Whether an `endorsementJwt` stands where endorsements stand.
pub(super) fn has_jwt(document: &Value) -> bool {
    places(document).iter().any(|(_, place)| place.get(AS_JWT).is_some())
}

/// The document without them, for reading it under its contexts.
pub(super) fn without_jwt(document: &Value) -> Value {
    let mut bare = document.clone();
    for (pointer, _) in places(document) {
        if let Some(members) = bare.pointer_mut(&pointer).and_then(Value::as_object_mut) {
            members.remove(AS_JWT);
        }
    }
    bare
}

/// Begins to look at them, at so many at most.
pub(super) fn begin(
    found: Vec<Found>,
    most: usize,
    policy: &Policy,
    now: Timestamp,
    work: &mut Work,
) -> Vec<Endorsing> {
    found.into_iter().enumerate().map(|(count, one)| one.begin(policy, now, count < most, work)).collect()
}

impl Found {
    fn begin(self, policy: &Policy, now: Timestamp, looked_at: bool, work: &mut Work) -> Endorsing {
        let (document, input) = match &self.given {
            Given::Document(value) => (Ok(value.clone()), value.to_string()),
            Given::Jwt(jwt) => (unsigned(jwt), jwt.clone()),
        };
        let read = document.and_then(|value| shape::open(&value, Role::Credential, Latitude::Known, work));
        let mut about = Endorsement {
            pointer: self.pointer,
            issuer: String::new(),
            issuer_name: None,
            comment: None,
            outcome: Outcome::NotChecked,
            detail: Code::NotReached.into(),
        };
        let read = match read {
            Ok(read) => read,
            Err((_, outcome, detail)) => {
                (about.outcome, about.detail) = (outcome, detail);
                return Endorsing { about, verification: None };
            }
        };
        about.say(&read);
        let subject = read.each("credentialSubject").first();
        let about_it = subject.and_then(|subject| subject.get("id")).and_then(Value::as_str).unwrap_or_default();
        if about_it != self.endorsed || about_it.is_empty() || read.each("credentialSubject").len() != 1 {
            about.outcome = Outcome::Failed;
            about.detail = Detail::of(Code::EndorsementOfAnother).with("found", about_it);
            return Endorsing { about, verification: None };
        }
        if !read.is_a("EndorsementCredential") {
            about.detail = Detail::of(Code::KindUnknown).with("found", "a credential that is no endorsement");
            return Endorsing { about, verification: None };
        }
        // what is told was read above, in one way only; a yes or no is all that is asked now
        let policy = policy.for_endorsements();
        if looked_at {
            match Verification::open(input.as_bytes(), &policy, now) {
                Ok(verification) => return Endorsing { about, verification: Some(verification) },
                Err(unreadable) => about.detail = Detail::of(Code::JwtUnreadable).with("problem", unreadable),
            }
        }
        Endorsing { about, verification: None }
    }
}

/// The credential in a JWT, before anything of it is proved.
fn unsigned(jwt: &str) -> Result<Value, Refusal> {
    let unreadable = |problem: &dyn std::fmt::Display| {
        (CheckId::Parse, Outcome::Failed, Detail::of(Code::JwtUnreadable).with("problem", problem))
    };
    if !Jwt::looks_like(jwt.as_bytes()) {
        return Err(unreadable(&"it is not a compact JWS"));
    }
    let jwt = Jwt::split(jwt.as_bytes()).map_err(|problem| unreadable(&problem))?;
    Ok(jwt.read()?.credential)
}

impl Endorsement {
    fn say(&mut self, read: &OpenDocument) {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        self.issuer = read.principal().unwrap_or_default().to_owned();
        self.issuer_name = text(read.value()["issuer"].get("name"));
        self.comment =
            read.each("credentialSubject").first().and_then(|subject| text(subject.get("endorsementComment")));
    }
}

impl Endorsing {
    pub fn verification(&self) -> Option<&Verification> {
        self.verification.as_ref()
    }

    pub fn verification_mut(&mut self) -> Option<&mut Verification> {
        self.verification.as_mut()
    }

    /// What it cost so far.
    pub fn work(&self) -> Work {
        self.verification.as_ref().map(Verification::work).unwrap_or_default()
    }

    /// The first check that decides against it, or that it holds; and what it cost.
    pub fn told(self) -> (Endorsement, Work) {
        use CheckId::{Context, IssuerKey, Parse, Proof, Shape, Status, Validity};
        let mut about = self.about;
        let Some(verification) = self.verification else { return (about, Work::default()) };
        let (report, work) = verification.report_with_work();
        let decisive = [Parse, Context, Shape, IssuerKey, Proof, Status, Validity].map(|id| report.check(id));
        let against = [Outcome::Failed, Outcome::NotChecked].into_iter().find_map(|outcome| {
            decisive.iter().find(|check| check.outcome == outcome && check.detail.code != Code::NotReached)
        });
        (about.outcome, about.detail) = match against {
            Some(check) => (check.outcome, check.detail.clone()),
            None => (Outcome::Passed, report.check(IssuerKey).detail.clone()),
        };
        (about, work)
    }
}
