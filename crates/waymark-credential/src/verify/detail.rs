//! What a check found, as a stable code with plain data. The server says it in the visitor's language; the English
//! sentence here serves the command line and logs.

use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal : $sentence:literal),+ $(,)?) => {
        /// Every finding there is. The code is stable; the sentence may be reworded.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])* $name),+
        }

        impl Code {
            /// Every code, for tables that must name each one.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stable name, `snake_case`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The English sentence, with `{name}` where a datum of that name goes.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence),+ }
            }
        }
    };
}

codes! {
    /// A check that was not reached because an earlier one decided.
    NotReached = "not_reached": "not reached: an earlier check decided",
    /// Skipped by the policy that holds before a credential is released.
    BeforeRelease = "before_release": "left out before release",

    ReadJson = "read_json": "a JSON credential",
    ReadJwt = "read_jwt": "a credential as JWT",
    ReadPng = "read_png": "a credential in a PNG picture",
    ReadSvg = "read_svg": "a credential in an SVG picture",
    JsonAmbiguous = "json_ambiguous": "the JSON can be read in more than one way: {problem}",
    JwtUnreadable = "jwt_unreadable": "a part of the JWT cannot be read: {problem}",
    PictureDamaged = "picture_damaged": "the picture is damaged or was changed: {problem}",

    ContextKnown = "context_known": "the vocabulary is a known one",
    ContextUnknown = "context_unknown": "the vocabulary (@context) is not one that is known here: {found}",

    ShapeKnown = "shape_known": "every member is one that belongs there",
    ShapeUnexpected = "shape_unexpected": "the document does not have the form of its kind: {problem}",
    TooManyProofs = "too_many_proofs": "the document carries {count} proofs; at most {limit} are read",
    TooManyStatuses = "too_many_statuses": "the document declares {count} status entries; at most {limit} are read",
    StatusMissing = "status_missing": "this issuer always declares a status, and the document has none",
    JwtClaimContradicts = "jwt_claim_contradicts": "the JWT claim {claim} contradicts the credential",
    JwtClaimMissing = "jwt_claim_missing": "the JWT does not have the claim {claim}, which its form must have",
    KindUnknown = "kind_unknown": "a document of this kind cannot be checked here: {found}",
    NotMapped = "not_mapped": "a part of the document cannot be read in one way only: {problem}",
    AmbiguousNode = "ambiguous_node": "two parts of the document claim to be {id}",

    ProofValid = "proof_valid": "the signature ({suite}) fits the content",
    ProofInvalid = "proof_invalid": "the signature does not fit the content",
    ProofMissing = "proof_missing": "the document is not signed",
    ProofMalformed = "proof_malformed": "the proof is not well formed: {problem}",
    ProofPurpose = "proof_purpose": "the proof was made for {found}, not for an assertion",
    ProofDomain = "proof_domain": "the proof was made for another domain: {found}",
    ProofChallenge = "proof_challenge": "the proof does not answer the challenge that was set",
    SelfAsserted = "self_asserted": "the presenter wrote this credential and is not named as the holder",
    ProofPredates = "proof_predates": "the proof is dated outside the time for which its key was listed",
    ProofSuiteUnsupported = "proof_suite_unsupported": "the proof is of a kind that is not supported here: {found}",
    ProofTooComplex = "proof_too_complex": "the document takes too much work to check",
    JwtAlgorithmRefused = "jwt_algorithm_refused": "the algorithm {found} proves nothing to others and is refused",
    JwtAlgorithmUnsupported = "jwt_algorithm_unsupported": "the algorithm {found} is not supported here",
    JwtHeaderRefused = "jwt_header_refused": "the JWT header names {found}, which is refused",
    JwtTypeRefused = "jwt_type_refused": "the JWT says it is {found}, not a credential (vc+jwt)",
    KeyNotResolved = "key_not_resolved": "the signature was not checked, because the key is not known",

    HostedAssertion = "hosted_assertion": "an Open Badges 2.0 assertion: not signed, its issuer's server answers for it",
    HostedSame = "hosted_same": "the copy at {place} says the same",
    HostedFound = "hosted_found": "the picture names the address {place}, and an assertion stands there",
    HostedDiffers = "hosted_differs": "the copy at {place} says something else: {member}",
    HostedNotAsked = "hosted_not_asked": "nothing is signed, and the issuer's server was not asked",
    HostedUnreachable = "hosted_unreachable": "the issuer's server did not give the document: {problem}",
    HostedUnusable = "hosted_unusable": "what the issuer's server answers cannot be used: {problem}",
    HostedGone = "hosted_gone": "the issuer's server says that it was taken away: this is how Open Badges 2.0 revokes",
    HostedByIssuer = "hosted_by_issuer": "assertion, badge and issuer stand on the issuer's own server {place}",
    HostedElsewhere = "hosted_elsewhere": "{place} does not belong to the server of the issuer {issuer}",
    HostedIssuerUnknown = "hosted_issuer_unknown": "who issued it could not be read: {problem}",
    HostedStands = "hosted_stands": "the issuer still hosts it and does not call it revoked",

    KeyOfIssuer = "key_of_issuer": "the key {method} belongs to the issuer",
    KeyRevokedButRecorded = "key_revoked_but_recorded":
        "the key was withdrawn on {at}, and the issuer's own records hold this very document",
    KeyExpiredButRecorded = "key_expired_but_recorded":
        "the key was retired on {at}, and the issuer's own records hold this very document",
    KeySignedBefore = "key_signed_before": "the key {method} belongs to the issuer; it was retired on {at}, after this was signed",
    NotInRecords = "not_in_records":
        "the key was given up on {at}, and the issuer's own records do not hold this document: somebody else signed it",
    NotOfRecord = "not_of_record": "the issuer's own records do not hold this document: the issuer did not write it",
    KeyForOtherUse = "key_for_other_use": "the issuer does not use the key {method} for documents of this kind",
    KeyOfAnother = "key_of_another": "the key {method} does not belong to the issuer {issuer}",
    KeyNotListed = "key_not_listed": "the issuer does not list the key {method}",
    KeyNotForAssertions = "key_not_for_assertions": "the issuer does not list the key {method} for credentials",
    KeyRevoked = "key_revoked": "the issuer withdrew the key on {at}; whether the issuer or somebody else signed with it cannot be told",
    KeyRevokedUnrecorded = "key_revoked_unrecorded":
        "the issuer withdrew the key on {at}, and no record here shows that the issuer signed this: it is not to be believed",
    KeyExpired = "key_expired": "the key was retired on {at}, and this is dated later",
    ConformanceKey = "conformance_key": "signed with the conformance key of a test interface, which stands for nothing",
    KeyUnnamed = "key_unnamed": "the signature does not say which of the issuer's keys made it",
    KeyBrought = "key_brought": "the JWT brings its own key, which says nothing about the issuer",
    KeyElsewhere = "key_elsewhere": "the key stands at {method}, which the issuer {issuer} does not vouch for",
    KeyKindUnsupported = "key_kind_unsupported": "the issuer's key is of a kind that is not supported here: {found}",
    IssuerUnsupported = "issuer_unsupported": "issuers of this kind cannot be looked up here: {issuer}",
    KeyUnreachable = "key_unreachable": "the issuer's keys could not be fetched: {problem}",
    KeyNotAsked = "key_not_asked": "the issuer's keys were not asked for",
    KeyDocumentUnusable = "key_document_unusable": "the issuer's key document cannot be used: {problem}",
    RecordNotSupplied = "record_not_supplied": "the issuer's records were not asked",

    StatusClear = "status_clear": "not revoked",
    StatusNotDeclared = "status_not_declared": "the issuer declares none",
    Revoked = "revoked": "revoked by the issuer",
    RevokedByList = "revoked_by_list": "revoked, or suspended: see the issuer's page",
    Suspended = "suspended": "suspended by the issuer",
    StatusMethodUnsupported = "status_method_unsupported": "a status of this kind cannot be checked here: {found}",
    ListUnreachable = "list_unreachable": "the status list could not be fetched: {problem}",
    ListNotAsked = "list_not_asked": "the status list was not asked for",
    ListUnusable = "list_unusable": "the status list cannot be used: {problem}",
    ListOfAnother = "list_of_another": "the status list is signed by {found}, not by the issuer",
    ListNotProved = "list_not_proved": "the signature on the status list does not hold",
    ListStale = "list_stale": "the status list ended on {at}; a newer one is needed",

    InForce = "in_force": "in force",
    NotYetValid = "not_yet_valid": "valid only from {from}",
    Expired = "expired": "expired on {until}",
    ProofExpired = "proof_expired": "the proof expired on {until}",

    IssuerTrusted = "issuer_trusted": "a listed issuer: {name}",
    IssuerKnownSince = "issuer_known_since": "{name} is known here since {since}",
    IssuerKnownUnderEarlierName = "issuer_known_under_earlier_name":
        "{name} is known here since {since}; the credential bears its earlier name, {earlier}",
    IssuerKnownByOtherKeys = "issuer_known_by_other_keys": "{name} is known here, and not by the key of this signature",
    IssuerNameHidden = "issuer_name_hidden":
        "the issuer {issuer} writes its name ({name}) with characters that cannot be seen; who stands behind it was not checked",
    IssuerNameMixed = "issuer_name_mixed":
        "the issuer {issuer} mixes letters of several scripts in its name ({name}); who stands behind it was not checked",
    IssuerNameResembles = "issuer_name_resembles":
        "the name of the issuer {issuer} ({name}) looks like that of {other}, and it is another",
    EndorsementOfAnother = "endorsement_of_another": "the endorsement is about {found}, not about what carries it",
    IssuerNotListed = "issuer_not_listed": "who stands behind {issuer} was not checked",

    RecipientMatches = "recipient_matches": "issued to the person asked for",
    RecipientDiffers = "recipient_differs": "not issued to the person asked for",
    /// The issuer's own records hold another address of the holder.
    RecipientAddressDiffers = "recipient_address_differs": "not an address that the holder has confirmed to the issuer",
    RecipientAddressUnknown = "recipient_address_unknown": "the holder has confirmed no address to the issuer",
    RecipientNotAsked = "recipient_not_asked": "not asked",
    RecipientNotStated = "recipient_not_stated": "the credential does not say it in a way that can be compared",

    HolderNotProved = "holder_not_proved": "who presents it was not checked",
}

/// One finding: a code and the data its sentence needs, in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    pub code: Code,
    pub data: Vec<(&'static str, String)>,
}

/// The most characters of a datum that comes from the document.
const MAX_DATUM: usize = 300;

impl Detail {
    /// A finding that needs no data.
    pub fn of(code: Code) -> Self {
        Self { code, data: Vec::new() }
    }

    /// The same finding with one more datum, cut where it is long.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        let value = value.to_string();
        let cut = match value.char_indices().nth(MAX_DATUM) {
            Some((end, _)) => format!("{}…", &value[..end]),
            None => value,
        };
        self.data.push((name, cut));
        self
    }
}

impl From<Code> for Detail {
    fn from(code: Code) -> Self {
        Self::of(code)
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.code.sentence();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            let datum = self.data.iter().find(|(datum, _)| *datum == name).map_or("?", |(_, value)| value);
            write!(f, "{before}{datum}")?;
            rest = after;
        }
        f.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_sentences_take_their_data() {
        for (at, code) in Code::ALL.iter().enumerate() {
            assert!(Code::ALL[..at].iter().all(|earlier| earlier.as_str() != code.as_str()), "{code:?}");
            assert!(
                code.as_str().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit())
            );
            assert_eq!(code.sentence().matches('{').count(), code.sentence().matches('}').count());
        }
        let detail = Detail::of(Code::KeyOfAnother).with("method", "did:web:a#k").with("issuer", "did:web:b");
        assert_eq!(detail.to_string(), "the key did:web:a#k does not belong to the issuer did:web:b");
        assert_eq!(Detail::of(Code::KeyExpired).to_string(), "the key was retired on ?, and this is dated later");
        let long = Detail::of(Code::ContextUnknown).with("found", "é".repeat(5000));
        assert_eq!(long.data[0].1.chars().count(), MAX_DATUM + 1);
    }
}
