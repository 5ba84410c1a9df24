//! The JSON-LD contexts that are inside the program. None is ever fetched; one that is not here is unknown.

/// `(url, JSON text)` of every embedded context; `contexts/SOURCES.md` says where each comes from.
pub const EMBEDDED: &[(&str, &str)] = &[
    (crate::model::CREDENTIALS_V2, include_str!("../contexts/credentials-v2.json")),
    (crate::model::OPEN_BADGES_3_0_3, include_str!("../contexts/open-badges-3.0.3.json")),
    (crate::model::OPEN_BADGES_EXTENSIONS, include_str!("../contexts/open-badges-extensions.json")),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json", include_str!("../contexts/open-badges-3.0.2.json")),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", include_str!("../contexts/open-badges-3.0.1.json")),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context.json", include_str!("../contexts/open-badges-3.0.json")),
    ("https://www.w3.org/2018/credentials/v1", include_str!("../contexts/credentials-v1.json")),
    ("https://w3id.org/security/data-integrity/v2", include_str!("../contexts/data-integrity-v2.json")),
    ("https://w3id.org/security/data-integrity/v1", include_str!("../contexts/data-integrity-v1.json")),
    ("https://w3id.org/security/multikey/v1", include_str!("../contexts/multikey-v1.json")),
    ("https://www.w3.org/ns/did/v1", include_str!("../contexts/did-v1.json")),
    (EXAMPLES_V2, r#"{"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}"#),
];

/// The vocabulary of the W3C examples and suites. It gives every undefined term a meaning, so no known kind may carry it.
pub const EXAMPLES_V2: &str = "https://www.w3.org/ns/credentials/examples/v2";

/// The text of the context at `url`, if it is embedded.
pub fn embedded(url: &str) -> Option<&'static str> {
    EMBEDDED.iter().find(|(known, _)| *known == url).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn hashes_are_those_in_sources() {
        let sources = include_str!("../contexts/SOURCES.md");
        let rows = sources.lines().filter(|line| line.contains(".json | https://"));
        let mut seen = 0;
        for row in rows {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            let text = embedded(cells[1]).unwrap();
            let digest: String = Sha256::digest(text).iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(digest, cells[4], "{}", cells[0]);
            seen += 1;
        }
        assert_eq!(seen, EMBEDDED.len() - 1, "all but the one-line examples context come from a package");
    }
}
