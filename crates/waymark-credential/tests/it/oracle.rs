//! A full JSON-LD processor and its canonicalization (`oxjsonld`, `oxrdf`), and what both must agree on.

use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use oxrdf::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm, Dataset};
use serde_json::Value;
use waymark_credential::canonical::canonical_n_quads;
use waymark_credential::contexts::embedded;

/// The canonical N-Quads of `document` by its own `@context`.
pub fn canonical(document: &Value) -> String {
    read(document).unwrap_or_else(|e| panic!("{e}: {document}"))
}

/// As [`canonical`], or why the processor refuses the document.
pub fn read(document: &Value) -> Result<String, String> {
    let text = serde_json::to_string(document).unwrap();
    let parser = JsonLdParser::new().for_slice(&text).with_load_document_callback(|url, _| {
        let context = embedded(url).unwrap_or_else(|| panic!("{url} is not embedded"));
        Ok(JsonLdRemoteDocument { document: context.into(), document_url: url.to_owned() })
    });
    let mut dataset: Dataset = parser.collect::<Result<_, _>>().map_err(|e| e.to_string())?;
    dataset.canonicalize(CanonicalizationAlgorithm::Rdfc10 { hash_algorithm: CanonicalizationHashAlgorithm::Sha256 });
    let mut lines: Vec<String> = dataset.iter().map(|quad| format!("{quad} .\n")).collect();
    lines.sort_unstable();
    Ok(lines.concat())
}

/// Ours and the oracle's canonical N-Quads of `document`, which are the same or this panics.
pub fn agreed(document: &Value) -> String {
    let contexts: Vec<&str> = match &document["@context"] {
        Value::Array(urls) => urls.iter().map(|url| url.as_str().unwrap()).collect(),
        url => vec![url.as_str().unwrap()],
    };
    let ours = canonical_n_quads(document, &contexts).unwrap_or_else(|e| panic!("{e}: {document}"));
    let theirs = canonical(document);
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
    let (only_ours, only_theirs): (Vec<_>, Vec<_>) = (
        lines(&ours).difference(&lines(&theirs)).cloned().collect(),
        lines(&theirs).difference(&lines(&ours)).cloned().collect(),
    );
    assert_eq!(only_ours, only_theirs, "{document}");
    assert_eq!(ours, theirs);
    ours
}
