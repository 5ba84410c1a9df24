//! Every id of the server: 128 bits, written with a prefix that names the kind (`mem_…`, `crd_…`). The first 48 bits are the
//! time in milliseconds, the rest is random, so ids sort by age and cannot be guessed.

use waymark_criteria::prefixed_id;
pub use waymark_criteria::{FactId, MemberId, PrefixedId};

use crate::clock::{Timestamp, millis};
use crate::entropy::{self, Entropy};

prefixed_id! {
    /// What a member is allowed beyond others in exams.
    pub struct AccommodationId = "acm";
    /// A stored event that credits nobody by itself.
    pub struct ActivityId = "act";
    /// An API key (its id, never its secret).
    pub struct ApiKeyId = "key";
    /// One sitting of an exam by one member.
    pub struct AttemptId = "att";
    /// A row of the audit log.
    pub struct AuditId = "aud";
    /// One member's being at one gathering, counted or asked for.
    pub struct AttendanceId = "atd";
    /// An item bank.
    pub struct BankId = "bnk";
    /// An accepted, held or voided contribution.
    pub struct ContributionId = "ctr";
    /// A file that a candidate handed in.
    pub struct CandidateFileId = "fil";
    /// A status list of the interface for conformance suites.
    pub struct ConformanceListId = "csl";
    /// A credential in our records; the signed document has a `urn:uuid` of its own.
    pub struct CredentialId = "crd";
    /// A delivery that could not be read, and waits for a person.
    pub struct DeadLetterId = "dlt";
    /// A decision.
    pub struct DecisionId = "dec";
    /// A domain event in the outbox.
    pub struct EventId = "evt";
    /// An exam.
    pub struct ExamId = "exm";
    /// A feed of articles that a member named as theirs.
    pub struct FeedId = "fed";
    /// A form drawn for one attempt.
    pub struct FormId = "frm";
    /// A gathering at which people can say that they are there.
    pub struct GatheringId = "gat";
    /// A member's word that a handle at a source is theirs.
    pub struct HandleClaimId = "hcl";
    /// A question to a holder: is this credential yours?
    pub struct HolderQuestionId = "qst";
    /// What will be signed, stored before it is.
    pub struct IntentId = "int";
    /// An issuer.
    pub struct IssuerId = "iss";
    /// An item; its versions are immutable.
    pub struct ItemId = "itm";
    /// One step in the life of an item.
    pub struct ItemStepId = "its";
    /// One version of an item.
    pub struct ItemVersionId = "itv";
    /// Long work.
    pub struct JobId = "job";
    /// An entry of the trust list.
    pub struct KnownIssuerId = "kni";
    /// A response that a person marks.
    pub struct MarkingId = "mkg";
    /// A member's wish to appear under another name.
    pub struct NameRequestId = "nrq";
    /// A result of an exam that somebody else delivered.
    pub struct OutsideResultId = "res";
    /// What somebody said of a member in a role.
    pub struct AttestationId = "atn";
    /// A proposal that people approve.
    pub struct ProposalId = "pro";
    /// An event of a source that was refused.
    pub struct RefusalId = "rfs";
    /// A rank that a member reached.
    pub struct RankId = "rnk";
    /// A credential that waits for a person, because the facts behind it changed.
    pub struct ReviewId = "rev";
    /// A window in which an exam can be begun.
    pub struct ExamWindowId = "win";
    /// A code with which an attempt can be begun once.
    pub struct VoucherId = "vou";
    /// A selection of credentials for one reader.
    pub struct SelectionId = "sel";
    /// A signing key.
    pub struct SigningKeyId = "sgk";
    /// A status list.
    pub struct StatusListId = "lst";
    /// A strike: what a person wrote down against a member's contributions, for a while.
    pub struct StrikeId = "stk";
    /// A link that a member handed in.
    pub struct SubmissionId = "sub";
    /// A word of thanks from one person to another.
    pub struct ThanksId = "thx";
    /// A title that somebody holds for a term, as two people wrote it down.
    pub struct TitleTermId = "ttl";
    /// What a member is told on their own page.
    pub struct NoticeId = "ntc";
    /// A letter that carries notices.
    pub struct NoticeLetterId = "ntl";
    /// An invitation to join.
    pub struct InvitationId = "inv";
    /// A track.
    pub struct TrackId = "trk";
    /// One immutable version of a track.
    pub struct TrackVersionId = "trv";
    /// An item that was voided after it was sat.
    pub struct VoidedItemId = "voi";
    /// An endpoint that hears what happens.
    pub struct WebhookId = "whk";
    /// What one endpoint is told of one event.
    pub struct WebhookDeliveryId = "whd";
}

/// A new id: time first, then 80 random bits.
pub fn fresh<I: PrefixedId>(now: Timestamp, from: &dyn Entropy) -> I {
    let time = u128::from(millis(now).unsigned_abs() & 0xFFFF_FFFF_FFFF);
    let random: [u8; 10] = entropy::bytes(from);
    let random = random.iter().fold(0_u128, |n, byte| n << 8 | u128::from(*byte));
    I::from_bits(time << 80 | random)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_rfc3339;
    use crate::entropy::SeededEntropy;

    #[test]
    fn an_id_is_written_with_one_underscore_and_sorts_by_age() {
        let entropy = SeededEntropy::new(b"ids");
        let at = |text: &str| parse_rfc3339(text).expect("a literal time");
        let earlier: AttemptId = fresh(at("2026-11-21T09:00:00Z"), &entropy);
        let later: AttemptId = fresh(at("2026-11-21T09:00:00.001Z"), &entropy);
        let text = earlier.to_string();
        assert!(text.starts_with("att_") && text.len() == 30 && text.matches('_').count() == 1, "{text}");
        assert!(text < later.to_string());
        assert_eq!(text.parse(), Ok(earlier));
    }
}
