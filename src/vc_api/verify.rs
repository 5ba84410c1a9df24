//! Judging what a suite sends, by the verifier's profile for documents of any kind.

use serde_json::Value;
use waymark_credential::verify::{
    CheckId, Expected, Outcome, Policy, PresentationVerification, Report, Supply, Verification, Want,
};

use super::{lists, problems, resources};
use crate::app::App;
use crate::clock::Timestamp;
use crate::error::{Code, Result};
use crate::verification;

/// What is asked about a document.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub expected: Expected,
    /// The status must be known, not merely not be against it.
    pub status: bool,
}

impl Asked {
    pub fn read(options: Option<&Value>) -> Self {
        let text = |name: &str| options?.get(name)?.as_str().map(str::to_owned);
        let checks = options.and_then(|options| options.get("checks")).and_then(Value::as_array);
        Self {
            expected: Expected {
                purpose: text("expectedProofPurpose"),
                domain: text("domain"),
                challenge: text("challenge"),
            },
            status: checks.is_some_and(|checks| checks.iter().any(|check| check == "credentialStatus")),
        }
    }

    fn policy(&self) -> Policy {
        Policy { expected: self.expected.clone(), ..Policy::vc_api() }
    }
}

/// What was found: problems that decide, and others worth knowing.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    pub errors: Vec<Value>,
    pub warnings: Vec<Value>,
}

impl Verdict {
    fn unreadable(why: &str) -> Self {
        Self { errors: vec![problems::unreadable(why)], warnings: vec![] }
    }

    /// Adds what a report says of a credential.
    fn add(&mut self, report: &Report, asked: &Asked) {
        use CheckId::{Context, IssuerKey, Parse, Proof, Shape, Status, Validity};
        let decisive = [Parse, Context, Shape, Proof, IssuerKey];
        let before = self.errors.len();
        let failed = |id: &CheckId| report.check(*id).outcome == Outcome::Failed;
        // where a check failed, those that were not reached for it say nothing
        let any_failed = decisive.iter().any(failed);
        for id in decisive {
            let check = report.check(id);
            let counts = check.outcome == Outcome::Failed || (check.outcome == Outcome::NotChecked && !any_failed);
            if counts {
                self.errors.push(problems::of_check(check));
            }
        }
        if self.errors.len() > before {
            return;
        }
        for id in [Status, Validity] {
            let check = report.check(id);
            match check.outcome {
                Outcome::Failed => self.errors.push(problems::of_check(check)),
                Outcome::NotChecked if id == Status && asked.status => self.errors.push(problems::of_check(check)),
                Outcome::NotChecked => self.warnings.push(problems::of_check(check)),
                Outcome::Passed => {}
            }
        }
    }
}

/// Judges one credential: an object, or its JWT as a text.
pub(super) async fn credential(app: &App, given: &Value, asked: &Asked) -> Result<Verdict> {
    let now = app.db.now();
    let (bytes, policy) = (bytes(given), asked.policy());
    let mut verification = match app.workbench.run(move || Verification::open(&bytes, &policy, now)).await? {
        Ok(verification) => verification,
        Err(why) => return Ok(Verdict::unreadable(&why.to_string())),
    };
    while let Some(want) = verification.wants().first().cloned() {
        let supply = resolve(app, &want, now).await?;
        let supplied = move || {
            verification.supply(&want, supply);
            verification
        };
        verification = app.workbench.run(supplied).await?;
    }
    let mut verdict = Verdict::default();
    verdict.add(&verification.report(), asked);
    if verdict.errors.is_empty()
        && let Some(url) = resources::altered(app, given).await
    {
        verdict.errors.push(problems::altered_resource(&url));
    }
    Ok(verdict)
}

/// Judges a presentation and every credential in it.
pub(super) async fn presentation(app: &App, given: &Value, asked: &Asked) -> Result<Verdict> {
    let now = app.db.now();
    let (bytes, policy) = (bytes(given), asked.policy());
    let mut verification = match app.workbench.run(move || PresentationVerification::open(&bytes, &policy, now)).await?
    {
        Ok(verification) => verification,
        Err(why) => return Ok(Verdict::unreadable(&why.to_string())),
    };
    while let Some(want) = verification.wants().first().cloned() {
        let supply = resolve(app, &want, now).await?;
        let supplied = move || {
            verification.supply(&want, &supply);
            verification
        };
        verification = app.workbench.run(supplied).await?;
    }
    let report = verification.report();
    let mut verdict = Verdict::default();
    if !report.own_holds() {
        verdict.add(&report.own, asked);
    }
    for inside in &report.credentials {
        match inside {
            Ok(report) => verdict.add(report, asked),
            Err(why) => verdict.errors.push(problems::unreadable(&why.to_string())),
        }
    }
    if report.credentials.is_empty() && given.get("proof").is_none() && !given.is_string() {
        verdict.warnings.push(problems::proves_nothing());
    }
    verdict.errors.extend(report.problems.iter().map(|detail| problems::of_detail(detail, CheckId::Shape)));
    Ok(verdict)
}

fn bytes(given: &Value) -> Vec<u8> {
    match given {
        Value::String(text) => text.clone().into_bytes(),
        other => other.to_string().into_bytes(),
    }
}

/// Our own conformance lists come from the store; all else as for everybody, by the guarded connector.
async fn resolve(app: &App, want: &Want, now: Timestamp) -> Result<Supply> {
    if let Want::StatusList(url) = want
        && let Some(id) = app.links.own_path(url).and_then(|path| path.strip_prefix("/vc-api/status-lists/"))
    {
        return match lists::document(app, id).await {
            Ok(list) => Ok(Supply::Found { bytes: list.into_bytes(), fetched_at: now }),
            Err(e) if e.code() == Code::NotFound => Ok(Supply::Unreachable("there is no such list here".to_owned())),
            Err(e) => Err(e),
        };
    }
    verification::resolve(app, want, true, now).await
}
