//! `waymark credential verify FILE|URL|-`: the verifier without a server of ours. It fetches keys and the status list itself.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use waymark_credential::did::Did;
use waymark_credential::strict_json;
use waymark_credential::verify::{MAX_DOCUMENT, Outcome as Found, Policy, State, Supply, Verification, Want};

use super::{Context, Exit, Failure, Outcome, counted, say};
use crate::clock::{Clock, SystemClock, Timestamp};
use crate::outbound::{Connector, FetchError};
use crate::tracks;

#[derive(Args)]
pub(super) struct Verify {
    /// A file, an address, or - for standard input.
    target: String,
    /// Fetch nothing: what would be fetched is not checked, so the state is unknown.
    #[arg(long)]
    offline: bool,
    /// A status list to use in place of the one that would be fetched.
    #[arg(long, value_name = "FILE")]
    status: Option<PathBuf>,
    /// What to use in place of the key document that would be fetched: a DID document, or the key at its address.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
}

const CREDENTIAL: &str = "application/vc+jwt, application/vc, application/ld+json, application/json, image/png";
const DOCUMENT: &str = "application/did+json, application/did+ld+json, application/json";
const OPEN_BADGES_2: &str = "application/ld+json, application/json";
const PRESENTATION: &str = "VerifiablePresentation";
const LIST: &str = "application/vc, application/vc+jwt, application/json";

impl Verify {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let now = SystemClock.now();
        let connector = Connector::command_line().map_err(|e| Failure::new(Exit::Failure, e))?;
        let input = self.input(&connector).await?;
        let (list, keys) = (given(self.status.as_deref())?, given(self.keys.as_deref())?);
        if let Some(count) = presented(&input) {
            return Err(Failure::new(Exit::Invalid, self.one_by_one(count)));
        }
        let mut verification = Verification::open(&input, &Policy::product(), now)
            .map_err(|e| Failure::new(Exit::Invalid, format!("{}: {e}", self.target)))?;
        while let Some(want) = verification.wants().first().cloned() {
            let file = match &want {
                Want::StatusList(_) => &list,
                Want::DidDocument(_) | Want::KeyDocument(_) => &keys,
                Want::HostedDocument(_) | Want::OwnRecord(_) | Want::OwnIntent(_) => &None,
            };
            let supply = match file {
                Some(bytes) => Supply::Found { bytes: bytes.clone(), fetched_at: now },
                None if self.offline => Supply::NotAsked,
                None => fetch(&connector, &want, now).await,
            };
            verification.supply(&want, supply);
        }
        let report = verification.report();
        let state = report.state();
        let checks: Vec<Value> = report
            .checks()
            .iter()
            .map(|c| json!({"id": c.id.as_str(), "outcome": c.outcome.as_str(), "code": c.detail.code.as_str(), "detail": c.detail.to_string()}))
            .collect();
        let mut document = json!({"state": state.as_str(), "checks": checks});
        let mut lines = vec![state.as_str().to_owned()];
        if let Some(claims) = report.shown() {
            let credential = claims.credential();
            document["credential"] = claims.document();
            let subject = &credential.credential_subject;
            lines.push(format!("  {} — {}", subject.achievement.name, subject.name.as_deref().unwrap_or("-")));
            lines.push(format!("  issuer {}", credential.issuer.id()));
            if subject.achievement.achievement_type.as_deref() == Some(tracks::THANKS_TYPE) {
                document["kind"] = json!("thanks");
                document["proves_skill"] = json!(false);
                lines.push("  a word of thanks: no proof of skill or knowledge".to_owned());
            }
        }
        for check in report.checks() {
            let sign = match check.outcome {
                Found::Passed => "passed     ",
                Found::Failed => "FAILED     ",
                Found::NotChecked => "not checked",
            };
            lines.push(format!("  {sign} {:<16} {}", check.id.as_str(), check.detail));
        }
        context.print(&document, &lines.join("\n"));
        Ok(if state == State::Valid { Exit::Ok } else { Exit::NotValid })
    }

    /// What to do with several credentials where one was expected.
    fn one_by_one(&self, count: usize) -> String {
        let file = match self.target.as_str() {
            "-" => "selection.json",
            other => other.rsplit('/').next().unwrap_or(other),
        };
        let open = if is_address(&self.target) {
            "open the address in a browser, which checks each and links to it, or save it as a file and check them one by one"
        } else {
            "check them one by one"
        };
        format!(
            "{}: a presentation of {}, for instance of a selection (…/s/…), and not a credential\n{open}: jq '.verifiableCredential[0]' {file} | waymark credential verify -",
            self.target,
            counted(count, "credential")
        )
    }

    async fn input(&self, connector: &Connector) -> Result<Vec<u8>, Failure> {
        if self.target == "-" {
            let mut bytes = vec![];
            std::io::stdin().take(4 * 1024 * 1024).read_to_end(&mut bytes)?;
            return Ok(bytes);
        }
        if is_address(&self.target) {
            if self.offline {
                say("--offline: the credential itself is still fetched from its address");
            }
            return connector
                .fetch(&self.target, CREDENTIAL)
                .await
                .map_err(|e| Failure::new(Exit::Network, format!("{}: {e}", self.target)));
        }
        std::fs::read(&self.target).map_err(|e| Failure::new(Exit::NotFound, format!("{}: {e}", self.target)))
    }
}

fn is_address(target: &str) -> bool {
    let target = target.to_lowercase();
    target.starts_with("http://") || target.starts_with("https://")
}

/// How many credentials the input holds, where it is a presentation as JSON (VCDM 2.0 §4.13).
fn presented(input: &[u8]) -> Option<usize> {
    let value = strict_json::parse(input.trim_ascii(), MAX_DOCUMENT).ok()?;
    let is_one =
        |kinds: &Value| kinds.as_array().map_or(kinds == PRESENTATION, |all| all.iter().any(|k| k == PRESENTATION));
    value.get("type").filter(|kinds| is_one(kinds))?;
    Some(value.get("verifiableCredential").map_or(0, |inside| inside.as_array().map_or(1, Vec::len)))
}

/// The bytes of a file, where one is given.
fn given(file: Option<&Path>) -> Result<Option<Vec<u8>>, Failure> {
    let read =
        |file: &Path| std::fs::read(file).map_err(|e| Failure::new(Exit::NotFound, format!("{}: {e}", file.display())));
    file.map(read).transpose()
}

async fn fetch(connector: &Connector, want: &Want, now: Timestamp) -> Supply {
    let fetched = match want {
        Want::DidDocument(did) => match Did::parse(did).ok().and_then(|d| d.document_url()) {
            Some(url) => connector.fetch(&url, DOCUMENT).await,
            None => return Supply::Unreachable("this identifier names no address".to_owned()),
        },
        Want::KeyDocument(url) => connector.fetch(url, DOCUMENT).await,
        Want::StatusList(url) => connector.fetch(url, LIST).await,
        Want::HostedDocument(url) => connector.fetch(url, OPEN_BADGES_2).await,
        Want::OwnRecord(_) | Want::OwnIntent(_) => return Supply::NotAsked,
    };
    match fetched {
        Ok(bytes) => Supply::Found { bytes, fetched_at: now },
        Err(FetchError::Status(410)) => Supply::Gone,
        Err(e) => Supply::Unreachable(e.to_string()),
    }
}
