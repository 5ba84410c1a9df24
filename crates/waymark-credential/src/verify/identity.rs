//! Who stands behind the issuer's identifier, as far as the reader knows. What is found here never changes a state.

use super::{
    detail::{Code, Detail},
    names,
    policy::TrustedIssuer,
    report::Outcome,
};
use crate::{jwk, key::VerifyingKey, model::DateTime};

/// Judges `issuer`, which calls itself `name` and signed with `key` under `method`, by the issuers that the reader knows.
pub(super) fn judge(
    known: &[TrustedIssuer],
    issuer: &str,
    name: Option<&str>,
    method: &str,
    key: Option<&VerifyingKey>,
) -> (Outcome, Detail) {
    let Some(trusted) = known.iter().find(|trusted| trusted.id == issuer) else {
        let warning = name.and_then(|name| names::warning(issuer, name, known));
        let not_listed = || Detail::of(Code::IssuerNotListed).with("issuer", issuer);
        return (Outcome::NotChecked, warning.unwrap_or_else(not_listed));
    };
    let told = |code| Detail::of(code).with("name", &trusted.name);
    if !trusted.keys.is_empty() && !trusted.keys.iter().any(|known| known == method || is_name_of(known, key)) {
        return (Outcome::NotChecked, told(Code::IssuerKnownByOtherKeys));
    }
    let Some(since) = trusted.since else { return (Outcome::Passed, told(Code::IssuerTrusted)) };
    let told = |code| told(code).with("since", DateTime::seconds(since).as_str());
    match name.and_then(|name| names::alike(name, &trusted.earlier_names)) {
        Some(earlier) => (Outcome::Passed, told(Code::IssuerKnownUnderEarlierName).with("earlier", earlier)),
        None => (Outcome::Passed, told(Code::IssuerKnownSince)),
    }
}

/// Whether `known` is the multikey or the thumbprint of the key.
fn is_name_of(known: &str, key: Option<&VerifyingKey>) -> bool {
    key.and_then(VerifyingKey::ed25519)
        .is_some_and(|key| known == key.multikey() || known == jwk::thumbprint(key.bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::PublicKey;

    const ISSUER: &str = "did:web:guild.example";
    const METHOD: &str = "did:web:guild.example#k1";

    fn judged(keys: &[&str], since: Option<crate::Timestamp>) -> (Outcome, Code) {
        let (outcome, detail) = judged_as(None, keys, since);
        (outcome, detail.code)
    }

    fn judged_as(calls_itself: Option<&str>, keys: &[&str], since: Option<crate::Timestamp>) -> (Outcome, Detail) {
        let public = PublicKey::did_key([
            0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1,
            0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
        ])
        .expect("the key of RFC 8032 §7.1");
        let known = TrustedIssuer {
            id: ISSUER.to_owned(),
            name: "Example Guild".to_owned(),
            earlier_names: vec!["Lantern Makers".to_owned()],
            since,
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        };
        let key = VerifyingKey::Ed25519(public);
        judge(&[known], ISSUER, calls_itself, METHOD, Some(&key))
    }

    #[test]
    fn a_credential_from_before_a_change_of_name_is_told_as_such() {
        let since = Some(crate::Timestamp::UNIX_EPOCH);
        let (outcome, detail) = judged_as(Some("lantern  makers"), &[], since);
        assert_eq!((outcome, detail.code), (Outcome::Passed, Code::IssuerKnownUnderEarlierName));
        let told = detail.to_string();
        assert!(told.contains("Example Guild is known") && told.contains("Lantern Makers"), "{told}");
        for name in ["Example Guild", "Whatever it says"] {
            assert_eq!(judged_as(Some(name), &[], since).1.code, Code::IssuerKnownSince, "{name}");
        }
        assert_eq!(judged_as(Some("Lantern Makers"), &["z6MkOther"], since).1.code, Code::IssuerKnownByOtherKeys);
    }

    #[test]
    fn a_known_issuer_is_told_and_a_key_nobody_knows_is_not_vouched_for() {
        assert_eq!(judged(&[], None), (Outcome::Passed, Code::IssuerTrusted));
        assert_eq!(judged(&[], Some(crate::Timestamp::UNIX_EPOCH)), (Outcome::Passed, Code::IssuerKnownSince));
        let names =
            [METHOD, "z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"];
        for name in names {
            assert_eq!(judged(&[name], None), (Outcome::Passed, Code::IssuerTrusted), "{name}");
        }
        assert_eq!(judged(&["z6MkOther"], None), (Outcome::NotChecked, Code::IssuerKnownByOtherKeys));
        let (outcome, detail) = judge(&[], ISSUER, None, METHOD, None);
        assert_eq!((outcome, detail.code), (Outcome::NotChecked, Code::IssuerNotListed));
    }
}
