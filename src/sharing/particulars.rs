//! What a signed document says beyond the facts of every credential: results and evidence. Read from the verifier's claims and from nothing else.

use waymark_credential::model::OpenBadgeCredential;
use waymark_credential::verify::Report;

use super::switches::Switches;

/// Something that was measured.
pub struct ResultLine {
    pub name: String,
    pub value: String,
    /// What was needed.
    pub needed: Option<String>,
    /// The most that could be reached.
    pub of: Option<String>,
}

/// Something that shows that it was achieved.
pub struct EvidenceLine {
    pub name: String,
    pub text: Option<String>,
    /// An address of the web.
    pub url: Option<String>,
}

/// Results and evidence, as far as they are to be shown.
#[derive(Default)]
pub struct Particulars {
    pub results: Vec<ResultLine>,
    pub evidence: Vec<EvidenceLine>,
}

impl Particulars {
    /// What the holder allows to be shown of a report; nothing where the report shows no claims.
    pub fn allowed(report: &Report, switches: Switches) -> Self {
        let mut all = Self::all(report);
        if !switches.score {
            all.results.clear();
        }
        if !switches.evidence {
            all.evidence.clear();
        }
        all
    }

    /// Everything in the document, for its holder.
    pub fn all(report: &Report) -> Self {
        report.shown().map_or_else(Self::default, |claims| Self::in_document(claims.credential()))
    }

    fn in_document(document: &OpenBadgeCredential) -> Self {
        let subject = &document.credential_subject;
        let results = subject.result.iter().filter_map(|result| {
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
        let evidence = document.evidence.iter().map(|given| {
            let url = given.id.as_ref().map(ToString::to_string);
            let url = url.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
            let text = given.description.clone().or_else(|| given.narrative.clone());
            let name = given.name.clone().or_else(|| given.genre.clone()).or_else(|| url.clone()).unwrap_or_default();
            EvidenceLine { name, text, url }
        });
        Self { results: results.collect(), evidence: evidence.collect() }
    }
}
