//! The report: one outcome for every check of a closed list, and the one state that follows from them.

use super::{
    claims::Claims,
    detail::{Code, Detail},
    endorsements::Endorsement,
};
use crate::model::DateTime;

/// The checks, in the order in which they are made and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckId {
    /// The input could be read in exactly one way.
    Parse,
    /// The vocabulary is a known one.
    Context,
    /// The document has the closed form of its kind.
    Shape,
    /// The signature fits the content.
    Proof,
    /// The key is one that the issuer lists for credentials.
    IssuerKey,
    /// Neither revoked nor suspended.
    Status,
    /// Begun and not ended.
    Validity,
    /// Who stands behind the issuer's identifier.
    IssuerIdentity,
    /// Issued to the person asked for.
    Recipient,
    /// The person who presents it is the one it was issued to: never checked here.
    HolderIdentity,
}

impl CheckId {
    /// How many checks a report has.
    pub const COUNT: usize = 10;

    /// All checks, in order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Parse,
        Self::Context,
        Self::Shape,
        Self::Proof,
        Self::IssuerKey,
        Self::Status,
        Self::Validity,
        Self::IssuerIdentity,
        Self::Recipient,
        Self::HolderIdentity,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Context => "context",
            Self::Shape => "shape",
            Self::Proof => "proof",
            Self::IssuerKey => "issuer_key",
            Self::Status => "status",
            Self::Validity => "validity",
            Self::IssuerIdentity => "issuer_identity",
            Self::Recipient => "recipient",
            Self::HolderIdentity => "holder_identity",
        }
    }
}

/// What a check came to. A check that was not made is never a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    Passed,
    Failed,
    NotChecked,
}

impl Outcome {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotChecked => "not_checked",
        }
    }
}

/// One check with its outcome and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub id: CheckId,
    pub outcome: Outcome,
    pub detail: Detail,
}

/// What the reader of a credential needs to know, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    Valid,
    Expired,
    NotYetValid,
    Suspended,
    Revoked,
    /// The content is not what an issuer's key signed.
    Altered,
    /// It could not be checked.
    Unknown,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 7] =
        [Self::Valid, Self::Expired, Self::NotYetValid, Self::Suspended, Self::Revoked, Self::Altered, Self::Unknown];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
            Self::Altered => "altered",
            Self::Unknown => "unknown",
        }
    }
}

/// The state that follows from the checks; the first rule that fits decides. Issuer identity, recipient and holder never
/// change it.
pub fn state_of(checks: &[Check; CheckId::COUNT]) -> State {
    use CheckId::{Context, IssuerKey, Parse, Proof, Shape, Status, Validity};
    let outcome = |id: CheckId| checks[id as usize].outcome;
    let code = |id: CheckId| checks[id as usize].detail.code;
    let any = |ids: &[CheckId], wanted: Outcome| ids.iter().any(|id| outcome(*id) == wanted);

    if any(&[Parse, Shape, Proof, IssuerKey], Outcome::Failed) {
        return State::Altered;
    }
    if outcome(Context) == Outcome::Failed || any(&[Parse, Context, Shape, Proof, IssuerKey], Outcome::NotChecked) {
        return State::Unknown;
    }
    match (outcome(Status), code(Status)) {
        (Outcome::Failed, Code::Suspended) => return State::Suspended,
        (Outcome::Failed, _) => return State::Revoked,
        (Outcome::NotChecked, _) => return State::Unknown,
        (Outcome::Passed, _) => {}
    }
    match (outcome(Validity), code(Validity)) {
        (Outcome::Failed, Code::NotYetValid) => State::NotYetValid,
        (Outcome::Failed, _) => State::Expired,
        (Outcome::NotChecked, _) => State::Unknown,
        (Outcome::Passed, _) => State::Valid,
    }
}

/// One signature that held, and the key that it holds under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvedBy {
    /// `eddsa-rdfc-2022`, `vc+jwt`, …
    pub suite: &'static str,
    /// The absolute id of the key.
    pub method: String,
    /// The SHA-256 thumbprint of the public key (RFC 7638), base64url.
    pub thumbprint: String,
    /// When it was made, as the signer says.
    pub created: Option<DateTime>,
}

/// The whole answer. The checks stand at the place of their [`CheckId`], so that none can be forgotten.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    state: State,
    checks: [Check; CheckId::COUNT],
    shown: Option<Claims>,
    endorsements: Vec<Endorsement>,
    proofs: Vec<ProvedBy>,
}

impl Report {
    /// `shown` and the endorsements are dropped here unless shape, proof and issuer key passed, whatever the caller hands in.
    pub(super) fn new(
        checks: [Check; CheckId::COUNT],
        shown: Option<Claims>,
        mut endorsements: Vec<Endorsement>,
    ) -> Self {
        let proved = [CheckId::Shape, CheckId::Proof, CheckId::IssuerKey]
            .iter()
            .all(|id| checks[*id as usize].outcome == Outcome::Passed);
        endorsements.retain(|_| proved);
        Self { state: state_of(&checks), shown: shown.filter(|_| proved), endorsements, proofs: Vec::new(), checks }
    }

    /// The same with the signatures that held; dropped like the claims where one did not.
    pub(super) fn proved_by(mut self, proofs: Vec<ProvedBy>) -> Self {
        self.proofs = if self.shown.is_some() { proofs } else { Vec::new() };
        self
    }

    /// What the caller's own records say about the recipient, where the credential itself said nothing that could be compared. The state does not
    /// look at it.
    pub fn tell_recipient(&mut self, outcome: Outcome, code: Code) {
        let check = &mut self.checks[CheckId::Recipient as usize];
        if self.shown.is_some() && check.detail.code == Code::RecipientNotStated {
            *check = Check { id: CheckId::Recipient, outcome, detail: code.into() };
        }
    }

    pub fn state(&self) -> State {
        self.state
    }

    /// All checks, in order.
    pub fn checks(&self) -> &[Check; CheckId::COUNT] {
        &self.checks
    }

    pub fn check(&self, id: CheckId) -> &Check {
        &self.checks[id as usize]
    }

    /// What the credential says, present only when shape, proof and issuer key passed.
    pub fn shown(&self) -> Option<&Claims> {
        self.shown.as_ref()
    }

    /// The signatures that held, the one that counts first; none where nothing is shown.
    pub fn proofs(&self) -> &[ProvedBy] {
        &self.proofs
    }

    /// What others say of the credential, its issuer or its achievement, each verified by itself. It never changes the state.
    pub fn endorsements(&self) -> &[Endorsement] {
        &self.endorsements
    }

    /// Whether a credential that was just signed may be released: everything that is settled at signing passed, and the
    /// two checks that come later were left out by [`super::Policy::before_release`].
    pub fn fit_for_release(&self) -> bool {
        use CheckId::{Context, IssuerKey, Parse, Proof, Recipient, Shape, Status, Validity};
        [Parse, Context, Shape, Proof, IssuerKey, Validity].iter().all(|id| self.check(*id).outcome == Outcome::Passed)
            && [Status, Recipient].iter().all(|id| self.check(*id).detail.code == Code::BeforeRelease)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTCOMES: [Outcome; 3] = [Outcome::Passed, Outcome::Failed, Outcome::NotChecked];

    fn checks(outcomes: [Outcome; CheckId::COUNT], status: Code, validity: Code) -> [Check; CheckId::COUNT] {
        std::array::from_fn(|at| {
            let code = match CheckId::ALL[at] {
                CheckId::Status => status,
                CheckId::Validity => validity,
                _ => Code::NotReached,
            };
            Check { id: CheckId::ALL[at], outcome: outcomes[at], detail: code.into() }
        })
    }

    /// Every combination of outcomes, with both codes that a failed status or validity can split on.
    fn every() -> impl Iterator<Item = ([Outcome; CheckId::COUNT], Code, Code)> {
        (0..3_usize.pow(10)).flat_map(|n| {
            let outcomes = std::array::from_fn(|at| OUTCOMES[n / 3_usize.pow(u32::try_from(at).unwrap()) % 3]);
            [Code::Revoked, Code::RevokedByList, Code::Suspended].into_iter().flat_map(move |status| {
                [Code::Expired, Code::ProofExpired, Code::NotYetValid].map(move |validity| (outcomes, status, validity))
            })
        })
    }

    /// The table of the contract, written down a second time as ordered rows: the first row that fits decides.
    fn by_the_contract(o: &[Outcome; CheckId::COUNT], status: Code, validity: Code) -> State {
        use Outcome::{Failed, NotChecked, Passed};
        let [parse, context, shape, proof, key, st, val, ..] = *o;
        let rows = [
            (parse == Failed || shape == Failed || proof == Failed || key == Failed, State::Altered),
            ([parse, context, shape, proof, key] != [Passed; 5], State::Unknown),
            (st == Failed && status != Code::Suspended, State::Revoked),
            (st == Failed, State::Suspended),
            (st == NotChecked, State::Unknown),
            (val == NotChecked, State::Unknown),
            (val == Failed && validity == Code::NotYetValid, State::NotYetValid),
            (val == Failed, State::Expired),
            (true, State::Valid),
        ];
        rows.into_iter().find(|(fits, _)| *fits).unwrap().1
    }

    #[test]
    fn every_combination_follows_the_contract() {
        let mut seen = std::collections::HashMap::new();
        for (outcomes, status, validity) in every() {
            let state = state_of(&checks(outcomes, status, validity));
            assert_eq!(state, by_the_contract(&outcomes, status, validity), "{outcomes:?} {status:?} {validity:?}");
            *seen.entry(state).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), State::ALL.len(), "every state is reached");
    }

    #[test]
    fn valid_means_that_every_deciding_check_passed_and_nothing_else_matters() {
        for (outcomes, status, validity) in every() {
            let valid = state_of(&checks(outcomes, status, validity)) == State::Valid;
            assert_eq!(valid, outcomes[..7] == [Outcome::Passed; 7], "{outcomes:?}");
        }
    }

    #[test]
    fn claims_never_pass_a_report_whose_shape_proof_or_key_did_not() {
        let claims = || {
            let credential = serde_json::from_value(serde_json::json!({
                "@context": crate::model::Contexts::OpenBadges, "id": "urn:x:1", "type": ["VerifiableCredential", "OpenBadgeCredential"],
                "issuer": "did:web:guild.example", "validFrom": "2026-01-01T00:00:00Z",
                "credentialSubject": {"type": ["AchievementSubject"], "achievement": {"id": "urn:x:2", "type": ["Achievement"],
                    "name": "n", "description": "d", "criteria": {"narrative": "c"}}}
            }));
            Some(Claims::new(credential.unwrap(), "vc+jwt", "did:web:guild.example#k".into(), None))
        };
        for at in 0..CheckId::COUNT {
            for outcome in OUTCOMES {
                let mut outcomes = [Outcome::Passed; CheckId::COUNT];
                outcomes[at] = outcome;
                let report = Report::new(checks(outcomes, Code::Revoked, Code::Expired), claims(), Vec::new());
                let decides = [CheckId::Shape, CheckId::Proof, CheckId::IssuerKey].contains(&CheckId::ALL[at]);
                assert_eq!(report.shown().is_some(), outcome == Outcome::Passed || !decides, "{at} {outcome:?}");
            }
        }
    }

    #[test]
    fn the_checks_stand_at_their_place() {
        for (at, id) in CheckId::ALL.into_iter().enumerate() {
            assert_eq!(id as usize, at);
        }
        assert_eq!(
            CheckId::ALL.map(CheckId::as_str).join(", "),
            "parse, context, shape, proof, issuer_key, status, validity, issuer_identity, recipient, holder_identity"
        );
    }
}
