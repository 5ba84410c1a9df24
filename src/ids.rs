//! Every id of the server: 128 bits, written with a prefix that names the kind (`mem_…`, `crd_…`). The first 48 bits are the
//! time in milliseconds, the rest is random, so ids sort by age and cannot be guessed.

use waymark_criteria::prefixed_id;
pub use waymark_criteria::{FactId, MemberId, PrefixedId};

use crate::clock::{Timestamp, millis};
use crate::entropy::{self, Entropy};

prefixed_id! {
    /// A stored event that credits nobody by itself.
    pub struct ActivityId = "act_";
    /// An API key (its id, never its secret).
    pub struct ApiKeyId = "key_";
    /// One sitting of an exam by one member.
    pub struct AttemptId = "att_";
    /// A row of the audit log.
    pub struct AuditId = "aud_";
    /// An item bank.
    pub struct BankId = "bnk_";
    /// An accepted, held or voided contribution.
    pub struct ContributionId = "ctr_";
    /// A credential in our records; the signed document has a `urn:uuid` of its own.
    pub struct CredentialId = "crd_";
    /// A decision.
    pub struct DecisionId = "dec_";
    /// A domain event in the outbox.
    pub struct EventId = "evt_";
    /// An exam.
    pub struct ExamId = "exm_";
    /// A form drawn for one attempt.
    pub struct FormId = "frm_";
    /// What will be signed, stored before it is.
    pub struct IntentId = "int_";
    /// An issuer.
    pub struct IssuerId = "iss_";
    /// An item; its versions are immutable.
    pub struct ItemId = "itm_";
    /// One version of an item.
    pub struct ItemVersionId = "itv_";
    /// Long work.
    pub struct JobId = "job_";
    /// A proposal that people approve.
    pub struct ProposalId = "pro_";
    /// A signing key.
    pub struct SigningKeyId = "sgk_";
    /// A status list.
    pub struct StatusListId = "lst_";
    /// A track.
    pub struct TrackId = "trk_";
    /// One immutable version of a track.
    pub struct TrackVersionId = "trv_";
}

/// A new id: time first, then 80 random bits.
pub fn fresh<I: PrefixedId>(now: Timestamp, from: &dyn Entropy) -> I {
    let time = u128::from(millis(now).unsigned_abs() & 0xFFFF_FFFF_FFFF);
    let random: [u8; 10] = entropy::bytes(from);
    let random = random.iter().fold(0_u128, |n, byte| n << 8 | u128::from(*byte));
    I::from_bits(time << 80 | random)
}
