//! What the caller knows and asks, as data: the profile of checks, whose issuers are ours, whom we trust, whom to compare.

use crate::{Timestamp, key::VerifyingKey};

/// How strict, and about what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    pub kind: PolicyKind,
    /// The identifiers of our own issuers. Theirs is every rule that only the issuer can hold: a status is always
    /// declared, and our records are asked.
    pub own_issuers: Vec<String>,
    /// What our own issuers use each of their keys for. A DID document cannot tell; a key that is not named here signs nothing of ours.
    pub own_keys: Vec<OwnKey>,
    /// Identifiers that sign for conformance suites only; nothing they sign is called valid.
    pub conformance_issuers: Vec<String>,
    /// Issuers whose identity the caller vouches for.
    pub trusted_issuers: Vec<TrustedIssuer>,
    /// Whom the reader expects as recipient.
    pub recipient: Option<RecipientAsked>,
    /// What the reader expects the proofs to say.
    pub expected: Expected,
}

/// A key of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnKey {
    /// The 32 public bytes.
    pub key: [u8; 32],
    pub uses: Vec<KeyUse>,
}

/// What a key of ours may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyUse {
    Credential,
    StatusList,
}

impl KeyUse {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::StatusList => "status_list",
        }
    }
}

/// What a reader expects of every proof (VC-DATA-INTEGRITY §4.4). What is not given is not compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    pub purpose: Option<String>,
    pub domain: Option<String>,
    pub challenge: Option<String>,
}

/// Which checks are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PolicyKind {
    /// All of them: the verdict shown to readers.
    #[default]
    Product,
    /// Status and recipient are left out: the check of a fresh signature by the funnel that made it.
    BeforeRelease,
    /// Documents of any kind, with definitions of their own: a yes or no, nothing is shown. The same checks, and every proof must hold.
    VcApi,
    /// An endorsement inside a credential: as of any kind. Our issuers write none, so that one in our name must stand in our records, whatever key
    /// signed it.
    Endorsement,
}

impl Policy {
    /// The verdict shown to readers: every check.
    pub fn product() -> Self {
        Self::default()
    }

    /// The check of a fresh signature by the funnel that made it: status and recipient are left out, because the list
    /// that will hold the entry need not be published yet.
    pub fn before_release() -> Self {
        Self { kind: PolicyKind::BeforeRelease, ..Self::default() }
    }

    /// Documents of any kind, for interfaces that answer yes or no.
    pub fn vc_api() -> Self {
        Self { kind: PolicyKind::VcApi, ..Self::default() }
    }

    pub(super) fn takes_any_kind(&self) -> bool {
        matches!(self.kind, PolicyKind::VcApi | PolicyKind::Endorsement)
    }

    /// The same reader's policy for the endorsements inside a credential.
    pub(super) fn for_endorsements(&self) -> Self {
        Self {
            kind: PolicyKind::Endorsement,
            own_issuers: self.own_issuers.clone(),
            own_keys: self.own_keys.clone(),
            conformance_issuers: self.conformance_issuers.clone(),
            ..Self::default()
        }
    }

    /// Whether a document of `issuer` is believed only by our records; `given_up` where its key is no longer used.
    pub(super) fn needs_record(&self, issuer: &str, given_up: bool) -> bool {
        self.owns(issuer) && (given_up || self.kind == PolicyKind::Endorsement)
    }

    pub(super) fn skips_status_and_recipient(&self) -> bool {
        self.kind == PolicyKind::BeforeRelease
    }

    pub(super) fn owns(&self, issuer: &str) -> bool {
        self.own_issuers.iter().any(|own| own == issuer)
    }

    /// Whether somebody asks who issues, too, and therefore has records of what was signed; command line and browser have none.
    pub(super) fn keeps_records(&self) -> bool {
        !self.own_issuers.is_empty()
    }

    /// Whether `issuer` uses `key` for that: true of every issuer but ours, of whose keys we know.
    pub(super) fn lets(&self, issuer: &str, key: &VerifyingKey, to: KeyUse) -> bool {
        let bytes = key.ed25519().map(|key| *key.bytes());
        !self.owns(issuer) || self.own_keys.iter().any(|own| Some(own.key) == bytes && own.uses.contains(&to))
    }

    pub(super) fn is_conformance(&self, issuer: &str) -> bool {
        self.conformance_issuers.iter().any(|conformance| conformance == issuer)
    }
}

/// An issuer whose identity somebody vouches for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedIssuer {
    /// Its identifier, as in the credential.
    pub id: String,
    /// The name to show for it.
    pub name: String,
    /// Names that it bore before: credentials of that time show them, and nobody else should.
    pub earlier_names: Vec<String>,
    /// Since when it is known, where that is to be told.
    pub since: Option<Timestamp>,
    /// Its keys, each as multikey, SHA-256 thumbprint (RFC 7638) or id of the verification method. Empty: whatever key its own document lists.
    pub keys: Vec<String>,
}

/// The person a reader expects. Everything that is given must match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecipientAsked {
    pub email: Option<String>,
    pub name: Option<String>,
}
