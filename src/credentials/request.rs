//! What may be asked for in one call: limits and forms that are known before anything is looked up or written.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::document::{GivenEvidence, GivenResult};
use crate::error::{Error, Fault, Result};

const MOST: usize = 20;
/// Evidence and results together, in bytes of JSON: a document that holds them, and its JWT, which is a third longer, stay well below
/// [`MAX_DOCUMENT`](waymark_credential::verify::MAX_DOCUMENT).
const LONGEST_TOGETHER: usize = 96 * 1024;
const LINE: usize = 200;
const PARAGRAPH: usize = 2_000;
const NARRATIVE: usize = 10_000;

/// What staff ask for: the body of `POST /api/v1/credentials`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueRequest {
    /// Slug or id.
    pub track: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Recipient>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<GivenEvidence>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<GivenResult>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awarded_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
}

/// Somebody who may have no account yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    pub name: String,
    pub email: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// A request whose texts and addresses may stand in a credential. Whether the track and the member are there is found out later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedRequest(IssueRequest);

impl Deref for CheckedRequest {
    type Target = IssueRequest;

    fn deref(&self) -> &IssueRequest {
        &self.0
    }
}

impl IssueRequest {
    /// The request, or all that is wrong with it, each with its pointer.
    pub fn checked(self) -> Result<CheckedRequest> {
        check_given(&self.evidence, &self.results)?;
        Ok(CheckedRequest(self))
    }
}

/// Whether these texts and addresses may stand in a credential: all that is wrong with them, each with its pointer.
pub(super) fn check_given(evidence: &[GivenEvidence], results: &[GivenResult]) -> Result<()> {
    let mut faults = vec![];
    for (pointer, count) in [("/evidence", evidence.len()), ("/results", results.len())] {
        if count > MOST {
            faults.push(Fault::new(pointer, "too_many", format!("give at most {MOST}")));
        }
    }
    for (at, given) in evidence.iter().take(MOST).enumerate() {
        one_evidence(&mut faults, at, given);
    }
    for (at, given) in results.iter().take(MOST).enumerate() {
        one_result(&mut faults, at, given);
    }
    repeated(&mut faults, evidence);
    let together = serde_json::to_string(evidence)?.len() + serde_json::to_string(results)?.len();
    if faults.is_empty() && together > LONGEST_TOGETHER {
        let pointer = if evidence.is_empty() { "/results" } else { "/evidence" };
        let detail = format!(
            "evidence and results have {together} bytes together, at most {LONGEST_TOGETHER} fit into a credential: \
             shorten the texts and let `url` lead to the rest"
        );
        faults.push(Fault::new(pointer, "too_long", detail));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

fn one_evidence(faults: &mut Vec<Fault>, at: usize, given: &GivenEvidence) {
    for (name, value, most) in [
        ("name", &given.name, LINE),
        ("description", &given.description, PARAGRAPH),
        ("narrative", &given.narrative, NARRATIVE),
        ("genre", &given.genre, LINE),
        ("url", &given.url, PARAGRAPH),
        ("date", &given.date, LINE),
    ] {
        text(faults, format!("/evidence/{at}/{name}"), value.as_deref(), most);
    }
    if given.url.as_deref().is_some_and(|url| !is_web_address(url)) {
        let detail = "write an absolute http or https address such as https://example.org/work/1";
        faults.push(Fault::new(format!("/evidence/{at}/url"), "invalid_url", detail));
    }
}

fn one_result(faults: &mut Vec<Fault>, at: usize, given: &GivenResult) {
    for (name, value) in [
        ("name", Some(&given.name)),
        ("value", Some(&given.value)),
        ("result_type", given.result_type.as_ref()),
        ("min", given.min.as_ref()),
        ("max", given.max.as_ref()),
        ("required", given.required.as_ref()),
    ] {
        text(faults, format!("/results/{at}/{name}"), value.map(String::as_str), LINE);
    }
}

fn text(faults: &mut Vec<Fault>, pointer: String, value: Option<&str>, most: usize) {
    let Some(value) = value else { return };
    if value.chars().count() > most {
        faults.push(Fault::new(pointer, "too_long", format!("write at most {most} characters")));
    } else if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        faults.push(Fault::new(pointer, "invalid_text", "leave out control characters; lines end with \\n"));
    }
}

/// What stands in a credential may be opened by whoever reads it: nothing but the web.
fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// In a signed document one address is one thing: what stands there twice could be mixed up without touching the signature.
fn repeated(faults: &mut Vec<Fault>, evidence: &[GivenEvidence]) {
    let mut seen = std::collections::HashSet::new();
    for (at, given) in evidence.iter().enumerate().take(MOST) {
        if given.url.as_deref().is_some_and(|url| !seen.insert(url)) {
            let detail = "this address is named before: give each piece of evidence its own, or describe it once";
            faults.push(Fault::new(format!("/evidence/{at}/url"), "repeated", detail));
        }
    }
}
