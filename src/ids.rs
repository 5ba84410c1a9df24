//! Every id of the server: 128 bits, written with a prefix that names the kind (`mem_…`, `crd_…`). The first 48 bits are the
//! time in milliseconds, the rest is random, so ids sort by age and cannot be guessed.

pub use waymark_criteria::{FactId, MemberId, PrefixedId};
use waymark_criteria::prefixed_id;

use crate::clock::{Timestamp, millis};
use crate::entropy::{self, Entropy};

prefixed_id!(
    /// An API key (its id, never its secret).
    ApiKeyId, "key_");
prefixed_id!(ActivityId, "act_");
prefixed_id!(AttemptId, "att_");
prefixed_id!(AuditId, "aud_");
prefixed_id!(BankId, "bnk_");
prefixed_id!(ContributionId, "ctr_");
prefixed_id!(CredentialId, "crd_");
prefixed_id!(DecisionId, "dec_");
prefixed_id!(EventId, "evt_");
prefixed_id!(ExamId, "exm_");
prefixed_id!(FormId, "frm_");
prefixed_id!(IntentId, "int_");
prefixed_id!(IssuerId, "iss_");
prefixed_id!(ItemId, "itm_");
prefixed_id!(ItemVersionId, "itv_");
prefixed_id!(JobId, "job_");
prefixed_id!(ProposalId, "pro_");
prefixed_id!(SigningKeyId, "sgk_");
prefixed_id!(StatusListId, "lst_");
prefixed_id!(TrackId, "trk_");
prefixed_id!(TrackVersionId, "trv_");

/// A new id: time first, then 80 random bits.
pub fn fresh<I: PrefixedId>(now: Timestamp, from: &dyn Entropy) -> I {
    let time = u128::from(millis(now).unsigned_abs() & 0xFFFF_FFFF_FFFF);
    let random: [u8; 10] = entropy::bytes(from);
    let random = random.iter().fold(0_u128, |n, byte| n << 8 | u128::from(*byte));
    I::from_bits(time << 80 | random)
}
