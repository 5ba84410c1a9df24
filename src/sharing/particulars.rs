//! What a signed document says beyond the facts of every credential: results and evidence. Read from the verifier's claims and from nothing else.

use waymark_credential::model::OpenBadgeCredential;
use waymark_credential::verify::Report;

use super::switches::Switches;
use crate::verification::{EvidenceView, ReportView};

/// Something that was measured.
pub struct ResultLine {
    pub name: String,
    pub value: String,
    /// What was needed.
    pub needed: Option<String>,
    /// The most that could be reached.
    pub of: Option<String>,
}

/// Results and evidence, as far as they are to be shown.
#[derive(Default)]
pub struct Particulars {
    pub results: Vec<ResultLine>,
    pub evidence: Vec<EvidenceView>,
}

impl Particulars {
    /// What the holder allows to be shown of a report; nothing where the report shows no claims.
    pub fn allowed(report: &Report, view: &ReportView, switches: Switches) -> Self {
        let mut all = Self::all(report, view);
        if !switches.score {
            all.results.clear();
        }
        if !switches.evidence {
            all.evidence.clear();
        }
        all
    }

    /// Everything in the document, for its holder.
    pub fn all(report: &Report, view: &ReportView) -> Self {
        Self {
            results: report.shown().map(|claims| results(claims.credential())).unwrap_or_default(),
            evidence: view.claims.as_ref().map(|claims| claims.evidence.clone()).unwrap_or_default(),
        }
    }
}

fn results(document: &OpenBadgeCredential) -> Vec<ResultLine> {
    let subject = &document.credential_subject;
    let lines = subject.result.iter().filter_map(|result| {
        let scale = result.result_description.as_ref();
        let scale = scale.and_then(|id| subject.achievement.result_description.iter().find(|d| d.id == *id));
        let value = result.value.clone().or_else(|| result.status.clone())?;
        Some(ResultLine {
            name: scale.map(|d| d.name.clone()).unwrap_or_default(),
            value,
            needed: scale.and_then(|d| d.required_value.clone()),
            of: scale.and_then(|d| d.value_max.clone()),
        })
    });
    lines.collect()
}
