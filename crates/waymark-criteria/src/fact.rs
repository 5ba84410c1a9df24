//! What a decision may look at.
//!
//! Promises: a fact is dated by when it happened, is never changed but by being voided, and has no place for a company,
//! its size or a job title: persons are judged.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Amount, FactId, InvalidId, MemberId, Timestamp};

/// One dated fact about one member. Which member it is stands beside it in the ledger, not inside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Unique in the ledger.
    pub id: FactId,
    /// When it happened in the world. Decisions are dated by this.
    #[serde(with = "crate::rfc3339")]
    pub happened_at: Timestamp,
    /// When the ledger learned of it. A late fact counts from when it happened; only what waits before it counts
    /// ([`Contributions::hold_days`](crate::Contributions)) waits from here, where this is later.
    #[serde(with = "crate::rfc3339")]
    pub known_at: Timestamp,
    /// What it was done to (a thread, a pull request, a URL): the key for counting one object once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<ObjectKey>,
    /// The member it was received from (who accepted, thanked, attested): the key for caps per giver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub giver: Option<MemberId>,
    /// How much; [`Amount::ONE`] for most facts. Only sums read it: whatever else counts, counts facts.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub amount: Amount,
    /// What kind of fact, with the data of that kind.
    pub detail: Detail,
    /// The fact that took this one back. A voided fact never counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided_by: Option<FactId>,
}

impl Fact {
    /// The kind, read from the detail, so that the two cannot disagree.
    #[must_use]
    pub fn kind(&self) -> FactKind {
        self.detail.kind()
    }
}

fn one() -> Amount {
    Amount::ONE
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_one(amount: &Amount) -> bool {
    *amount == Amount::ONE
}

/// The data of one kind of fact. JSON is tagged by `kind`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Detail {
    /// The decision of one attempt at an exam; happened when the attempt was submitted.
    Exam {
        /// The exam's slug.
        slug: String,
        /// Whether the exam's own cut was reached. Requirements ask nothing else.
        passed: bool,
        /// The score, for the explanation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        score: Option<Score>,
        /// Who delivered it, where it was not this server.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        delivered_by: Option<String>,
    },
    /// One accepted contribution. Who gave it (accepted, thanked) is the fact's giver, how much it weighs its amount.
    Contribution {
        /// The event type, e.g. `change.merged`.
        r#type: String,
        /// The source it came from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<String>,
        /// The member acted on an object of their own: answered their own question, merged their own change.
        #[serde(default, skip_serializing_if = "is_false")]
        own: bool,
        /// Who accepted it, where that is known and was not the member.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        accepted_by: Option<AcceptedBy>,
        /// Who gave it, where that is named and is no member: the same text for the same one. Only the caps per giver
        /// read it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stranger: Option<String>,
    },
    /// A credential was released for a track; happened at its `awardedDate`.
    Credential {
        /// The slug of the track it was awarded for.
        track: String,
        /// The credential, as text (`crd_…` or an URN); for reference only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credential: Option<String>,
        /// Its validity's end; held before this moment, not at it.
        #[serde(default, with = "crate::rfc3339::option", skip_serializing_if = "Option::is_none")]
        valid_until: Option<Timestamp>,
        /// When it was ended early (revoked, handed back); held before this moment, not at it. What was issued in error
        /// is voided instead.
        #[serde(default, with = "crate::rfc3339::option", skip_serializing_if = "Option::is_none")]
        ended_at: Option<Timestamp>,
    },
    /// A person in a named role vouched for the member; the fact's giver is that person.
    Attestation {
        /// The role in which they spoke.
        role: String,
    },
    /// Named people decided for the member; happened when they did.
    Panel {
        /// The title decided on.
        title: String,
        /// When its term begins; at the decision where nothing is said, and never before it.
        #[serde(default, with = "crate::rfc3339::option", skip_serializing_if = "Option::is_none")]
        from: Option<Timestamp>,
        /// When its term ends; held before this moment, not at it.
        #[serde(default, with = "crate::rfc3339::option", skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// The member joined; happened at the joining.
    Membership {},
    /// A contribution seen from its other side: the member gave it, another one received it. The ledger keeps it once,
    /// with the receiver, and shows it to the giver's decisions so that what goes both ways can be limited.
    Given {
        /// The type of the contribution.
        r#type: String,
        /// Who received it.
        to: MemberId,
    },
}

/// Who accepted a contribution. JSON: `"staff"`, or the member's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum AcceptedBy {
    /// Somebody who runs the program or its source.
    Staff,
    /// Another member.
    Member(MemberId),
}

impl From<AcceptedBy> for String {
    fn from(by: AcceptedBy) -> Self {
        match by {
            AcceptedBy::Staff => "staff".to_owned(),
            AcceptedBy::Member(member) => member.to_string(),
        }
    }
}

impl TryFrom<String> for AcceptedBy {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        if text == "staff" { Ok(Self::Staff) } else { text.parse().map(Self::Member) }
    }
}

impl Detail {
    /// The kind alone.
    #[must_use]
    pub fn kind(&self) -> FactKind {
        match self {
            Self::Exam { .. } => FactKind::Exam,
            Self::Contribution { .. } => FactKind::Contribution,
            Self::Credential { .. } => FactKind::Credential,
            Self::Attestation { .. } => FactKind::Attestation,
            Self::Panel { .. } => FactKind::Panel,
            Self::Membership {} => FactKind::Membership,
            Self::Given { .. } => FactKind::Given,
        }
    }
}

/// The kinds of fact, without their data: what the ledger indexes and a domain event carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// An exam decision.
    Exam,
    /// An accepted contribution.
    Contribution,
    /// A credential held.
    Credential,
    /// An attestation by a named role.
    Attestation,
    /// A panel decision.
    Panel,
    /// The joining.
    Membership,
    /// What the member gave to others; never kept under the member, see [`Detail::Given`].
    Given,
}

impl FactKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Exam,
        Self::Contribution,
        Self::Credential,
        Self::Attestation,
        Self::Panel,
        Self::Membership,
        Self::Given,
    ];

    /// The word for storage; the same as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exam => "exam",
            Self::Contribution => "contribution",
            Self::Credential => "credential",
            Self::Attestation => "attestation",
            Self::Panel => "panel",
            Self::Membership => "membership",
            Self::Given => "given",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl fmt::Display for FactKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Points reached, of how many, and where the cut lay. Exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Points reached.
    pub points: Amount,
    /// Points there were.
    pub of: Amount,
    /// Points needed to pass, where the exam states one cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<Amount>,
    /// Where it stands on the exam's own scale, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaled: Option<u32>,
}

/// Names one object across sources: 1 to 512 bytes without control characters. Compared byte by byte.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ObjectKey(String);

impl ObjectKey {
    /// The longest key, in bytes.
    pub const MAX_BYTES: usize = 512;

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is not an [`ObjectKey`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an object is named by 1 to 512 bytes without control characters, e.g. its URL")]
pub struct InvalidObjectKey;

impl TryFrom<String> for ObjectKey {
    type Error = InvalidObjectKey;

    fn try_from(key: String) -> Result<Self, InvalidObjectKey> {
        if key.is_empty() || key.len() > Self::MAX_BYTES || key.chars().any(char::is_control) {
            return Err(InvalidObjectKey);
        }
        Ok(Self(key))
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;

    #[test]
    fn a_fact_round_trips_through_its_stored_form() {
        let stored = json!({
            "id": "fct_00000000000000000000000001",
            "happened_at": "2026-05-01T09:00:00Z",
            "known_at": "2026-05-01T09:00:00.123Z",
            "object": "https://example/t/1",
            "giver": "mem_00000000000000000000000002",
            "detail": {"kind": "contribution", "type": "answer.accepted", "source": "https://community.example"},
        });
        let fact: Fact = from_value(stored.clone()).unwrap();
        assert_eq!((fact.kind(), fact.amount), (FactKind::Contribution, Amount::ONE));
        assert_eq!(to_value(&fact).unwrap(), stored);
    }

    #[test]
    fn every_detail_round_trips_and_names_its_kind() {
        let details = [
            json!({"kind": "exam", "slug": "a", "passed": true, "score": {"points": "53/2", "of": 35, "cut": 26}}),
            json!({"kind": "contribution", "type": "talk.given"}),
            json!({"kind": "credential", "track": "a", "valid_until": "2028-02-29T00:00:00Z"}),
            json!({"kind": "attestation", "role": "organizer"}),
            json!({"kind": "panel", "title": "fellow", "from": "2026-04-01T00:00:00Z", "until": "2027-04-01T00:00:00Z"}),
            json!({"kind": "membership"}),
            json!({"kind": "given", "type": "thanks.given", "to": "mem_00000000000000000000000002"}),
        ];
        for (stored, kind) in details.into_iter().zip(FactKind::ALL) {
            let detail: Detail = from_value(stored.clone()).unwrap();
            assert_eq!(detail.kind(), kind);
            assert_eq!(FactKind::parse(stored["kind"].as_str().unwrap()), Some(kind));
            assert_eq!(to_value(&detail).unwrap(), stored);
        }
        assert!(from_value::<Detail>(json!({"kind": "membership", "company": "Example"})).is_err());
    }

    #[test]
    fn who_accepted_is_staff_or_a_member_and_nobody_else() {
        for by in ["staff", "mem_00000000000000000000000002"] {
            let stored = json!({"kind": "contribution", "type": "a", "own": true, "accepted_by": by});
            assert_eq!(to_value(from_value::<Detail>(stored.clone()).unwrap()).unwrap(), stored);
        }
        for by in ["", "Staff", "fct_00000000000000000000000002"] {
            let stored = json!({"kind": "contribution", "type": "a", "accepted_by": by});
            assert!(from_value::<Detail>(stored).is_err(), "{by}");
        }
    }

    #[test]
    fn object_keys_are_bounded() {
        for key in [String::new(), "a\nb".into(), "a".repeat(513)] {
            assert_eq!(ObjectKey::try_from(key), Err(InvalidObjectKey));
        }
        assert!(ObjectKey::try_from("a".repeat(512)).is_ok());
        assert!(from_value::<ObjectKey>(json!("")).is_err());
    }
}
