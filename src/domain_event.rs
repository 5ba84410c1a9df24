//! What one room tells the others after a commit. Closed, ids only, no personal data. `worker.rs` shows who listens to what.

use serde::{Deserialize, Serialize};

use crate::ids::{
    AttemptId, BankId, ContributionId, CredentialId, DecisionId, ExamWindowId, FactId, InvitationId, ItemId, MemberId,
    SigningKeyId, StrikeId, ThanksId, TrackId, TrackVersionId, VoucherId, WebhookId,
};

/// How far a listener came inside a change that it shares with others. What it wrote there stands either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Nothing is left to do.
    Whole,
    /// The rest needs a signature, a letter or changes of its own, so it comes after this change.
    Apart,
}

/// Where a credential stands after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Valid,
    Suspended,
    Revoked,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum DomainEvent {
    MemberEnrolled {
        member: MemberId,
    },
    FactRecorded {
        fact: FactId,
        member: MemberId,
    },
    FactVoided {
        fact: FactId,
        member: MemberId,
    },
    AttemptStarted {
        attempt: AttemptId,
    },
    /// Its clock stands: by staff, or for a break. `until` is when it runs again by itself, in milliseconds since 1970.
    AttemptPaused {
        attempt: AttemptId,
        by_staff: bool,
        until: Option<i64>,
    },
    /// The clock runs again.
    AttemptResumed {
        attempt: AttemptId,
        /// When the pause was over by itself, in milliseconds since 1970; None where somebody ended it.
        #[serde(default)]
        over: Option<i64>,
    },
    /// It is over: handed in, out of time, or ended by staff.
    AttemptSubmitted {
        attempt: AttemptId,
        member: MemberId,
    },
    /// Its candidate may know the result from now on, also one that was corrected.
    ResultReleased {
        attempt: AttemptId,
    },
    /// Whoever has a seat in it: it opens or closes at another time.
    WindowMoved {
        window: ExamWindowId,
        member: MemberId,
    },
    /// Whoever has a seat in it: nobody begins in it any more; the reason stands there.
    WindowCancelled {
        window: ExamWindowId,
        member: MemberId,
    },
    /// It counts for nothing any more.
    AttemptVoided {
        attempt: AttemptId,
        member: MemberId,
    },
    VoucherRedeemed {
        voucher: VoucherId,
        attempt: AttemptId,
        member: MemberId,
    },
    /// A member became known under a further name: a handle, or an address that they proved to be theirs.
    HandleLinked {
        member: MemberId,
    },
    /// An item was found wrong and is in no form that is drawn from now on.
    ItemWithdrawn {
        bank: BankId,
        item: ItemId,
    },
    TrackPublished {
        version: TrackVersionId,
    },
    /// A member's standing on some track may change by time alone, now.
    WakeUp {
        member: MemberId,
    },
    DecisionReached {
        decision: DecisionId,
        member: MemberId,
    },
    /// By what a member did they are, for the first time, near to a track that they have not reached.
    GoalNear {
        track: TrackId,
        member: MemberId,
    },
    /// Opens a review; changes no credential.
    DecisionSuperseded {
        decision: DecisionId,
        by: DecisionId,
        member: MemberId,
    },
    CredentialIntended {
        credential: CredentialId,
        member: MemberId,
    },
    CredentialReleased {
        credential: CredentialId,
        member: MemberId,
    },
    CredentialStatusChanged {
        credential: CredentialId,
        member: MemberId,
        /// None in what was written before this was told.
        #[serde(default)]
        to: Option<Standing>,
    },
    /// A key was retired, with or without another in its place.
    KeyGivenUp {
        key: SigningKeyId,
    },
    /// Somebody else may have the key.
    KeyCompromised {
        key: SigningKeyId,
    },
    /// A corrected one takes its place; that it was revoked is told besides.
    CredentialReplaced {
        credential: CredentialId,
        by: CredentialId,
        member: MemberId,
    },
    /// A later term follows; its own standing does not change.
    CredentialRenewed {
        credential: CredentialId,
        by: CredentialId,
        member: MemberId,
    },
    /// A webhook was switched off by itself.
    WebhookGivenUp {
        webhook: WebhookId,
    },
    /// What a member gave waits for a person before it is credited. Told only where the member is known.
    ContributionHeld {
        contribution: ContributionId,
        member: MemberId,
    },
    /// What a member handed in was not accepted. `about` is the id of the link (`sub_…`), of the attendance (`atd_…`) or of the handle's claim
    /// (`hcl_…`); the reason stands there.
    ContributionRefused {
        about: String,
        member: MemberId,
    },
    /// A person wrote a strike down; it says why and until when.
    StrikeRecorded {
        strike: StrikeId,
        member: MemberId,
    },
    /// Somebody thanked a member; what for stands there.
    ThanksGiven {
        thanks: ThanksId,
        member: MemberId,
    },
    /// A further version of the ladder of this slug counts from now on.
    LadderPublished {
        ladder: String,
    },
    /// A member who never signed in is to get a letter with a link to join.
    MemberInvited {
        invitation: InvitationId,
        member: MemberId,
    },
}

impl DomainEvent {
    /// The member within whose events order is kept; events of the whole program have none.
    pub fn member(&self) -> Option<MemberId> {
        match self {
            Self::FactRecorded { member, .. }
            | Self::FactVoided { member, .. }
            | Self::AttemptSubmitted { member, .. }
            | Self::AttemptVoided { member, .. }
            | Self::VoucherRedeemed { member, .. }
            | Self::WindowMoved { member, .. }
            | Self::WindowCancelled { member, .. }
            | Self::MemberEnrolled { member }
            | Self::HandleLinked { member }
            | Self::WakeUp { member }
            | Self::DecisionReached { member, .. }
            | Self::GoalNear { member, .. }
            | Self::DecisionSuperseded { member, .. }
            | Self::CredentialIntended { member, .. }
            | Self::CredentialReleased { member, .. }
            | Self::CredentialStatusChanged { member, .. }
            | Self::CredentialReplaced { member, .. }
            | Self::ContributionHeld { member, .. }
            | Self::ContributionRefused { member, .. }
            | Self::StrikeRecorded { member, .. }
            | Self::ThanksGiven { member, .. }
            | Self::MemberInvited { member, .. }
            | Self::CredentialRenewed { member, .. } => Some(*member),
            // What nobody but webhooks hears holds back no award.
            Self::AttemptStarted { .. }
            | Self::AttemptPaused { .. }
            | Self::AttemptResumed { .. }
            | Self::ResultReleased { .. }
            | Self::WebhookGivenUp { .. }
            | Self::ItemWithdrawn { .. }
            | Self::TrackPublished { .. }
            | Self::LadderPublished { .. }
            | Self::KeyGivenUp { .. }
            | Self::KeyCompromised { .. } => None,
        }
    }
}
