//! Vouchers: made in bulk, shown once, redeemed once.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::entity::voucher;
use crate::clock::{Timestamp, millis, rfc3339};
use crate::database::{AuditEntry, Change, Read};
use crate::domain_event::DomainEvent;
use crate::entropy;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{AttemptId, ExamId, MemberId, VoucherId};

/// Most that are made at once.
pub const MOST_VOUCHERS: u32 = 5_000;
/// Without letters and digits that people mistake for one another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Vouchers about to be made.
#[derive(Debug, Clone)]
pub struct NewVouchers {
    pub count: u32,
    /// What staff call this batch.
    pub batch: String,
    pub expires_at: Option<Timestamp>,
}

/// Makes vouchers and answers their codes, which are kept nowhere. The change is to be privileged: this writes its row in the audit log.
///
/// # Errors
/// What does not fit, field by field.
pub async fn make(ch: &mut Change<'_>, exam: ExamId, new: &NewVouchers) -> Result<Vec<(VoucherId, String)>> {
    let mut faults = vec![];
    if new.count == 0 || new.count > MOST_VOUCHERS {
        faults.push(Fault::new("/count", "out_of_range", format!("write a number from 1 to {MOST_VOUCHERS}")));
    }
    if new.batch.chars().count() > 80 {
        faults.push(Fault::new("/batch", "too_long", "shorten it to 80 characters"));
    }
    if new.expires_at.is_some_and(|at| at <= ch.now) {
        faults.push(Fault::new("/expires_at", "in_the_past", "write a time that lies ahead"));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let mut made = vec![];
    let mut rows = vec![];
    for _ in 0..new.count {
        let (id, code) = (ch.id::<VoucherId>(), code(ch));
        rows.push(voucher::ActiveModel {
            id: Set(id.to_string()),
            exam: Set(exam.to_string()),
            batch: Set(new.batch.clone()),
            code_hash: Set(hashed(&code)),
            expires_at: Set(new.expires_at.map(millis)),
            created_at: Set(millis(ch.now)),
            created_by: Set(ch.actor.to_string()),
            attempt: Set(None),
            redeemed_at: Set(None),
        });
        made.push((id, code));
    }
    // SQLite takes so many values in one statement and no more.
    for part in rows.chunks(500) {
        voucher::Entity::insert_many(part.to_vec()).exec_without_returning(ch.tx()).await?;
    }
    let about = json!({"count": new.count, "batch": new.batch, "expires_at": new.expires_at.map(rfc3339)});
    ch.audit(AuditEntry::new("voucher.make", exam, about)).await?;
    Ok(made)
}

/// `7K3M-0QWX-R5TA-9ZEB`: 80 random bits.
fn code(ch: &Change<'_>) -> String {
    let random: [u8; 10] = entropy::bytes(ch.entropy());
    let bits = random.iter().fold(0_u128, |n, byte| n << 8 | u128::from(*byte));
    let letter = |n: u32| char::from(ALPHABET[usize::try_from(bits >> (5 * n) & 31).unwrap_or_default()]);
    let group = |g: u32| (4 * g..4 * g + 4).map(letter).collect::<String>();
    (0..4).map(group).collect::<Vec<_>>().join("-")
}

/// A code as it is kept: however it was typed.
fn hashed(code: &str) -> String {
    let plain = code.chars().filter(char::is_ascii_alphanumeric).map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    let plain: String = plain.take(64).collect();
    let hash = Sha256::new().chain_update(b"waymark voucher\x1f").chain_update(plain).finalize();
    hash.iter().map(|b| format!("{b:02x}")).collect()
}

/// Redeems a code for an attempt of the same change: of any number who try at once, one does.
///
/// # Errors
/// A code that is unknown, used, expired, or for another exam: all alike.
pub async fn redeem(
    ch: &mut Change<'_>,
    exam: ExamId,
    code: &str,
    attempt: AttemptId,
    member: MemberId,
) -> Result<VoucherId> {
    let hash = hashed(code);
    let alive = voucher::Column::ExpiresAt.is_null().or(voucher::Column::ExpiresAt.gt(millis(ch.now)));
    let redeemed = voucher::Entity::update_many()
        .col_expr(voucher::Column::Attempt, Expr::value(attempt.to_string()))
        .col_expr(voucher::Column::RedeemedAt, Expr::value(millis(ch.now)))
        .filter(voucher::Column::CodeHash.eq(hash.as_str()))
        .filter(voucher::Column::Exam.eq(exam.to_string()))
        .filter(voucher::Column::Attempt.is_null())
        .filter(alive)
        .exec(ch.tx())
        .await?;
    if redeemed.rows_affected != 1 {
        return Err(Error::new(Code::VoucherRefused));
    }
    let row = voucher::Entity::find().filter(voucher::Column::CodeHash.eq(hash)).one(ch.tx()).await?;
    let id: VoucherId =
        row.ok_or_else(|| Error::internal("a voucher went missing"))?.id.parse().map_err(Error::internal)?;
    ch.tell(&DomainEvent::VoucherRedeemed { voucher: id, attempt, member }).await?;
    Ok(id)
}

/// Lets the voucher of a voided attempt go: it can begin another one.
pub async fn release_of(ch: &mut Change<'_>, attempt: AttemptId) -> Result<()> {
    voucher::Entity::update_many()
        .col_expr(voucher::Column::Attempt, Expr::value(None::<String>))
        .col_expr(voucher::Column::RedeemedAt, Expr::value(None::<i64>))
        .filter(voucher::Column::Attempt.eq(attempt.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// What staff call the batch of a voucher.
///
/// # Errors
/// No such voucher.
pub async fn batch_of(db: &impl Read, id: VoucherId) -> Result<String> {
    let row = voucher::Entity::find_by_id(id.to_string()).one(db).await?;
    Ok(row.ok_or_else(Error::not_found)?.batch)
}

/// How many vouchers of an exam there are, and how many were redeemed.
pub async fn counts(db: &impl Read, exam: ExamId) -> Result<(u64, u64)> {
    let all = || voucher::Entity::find().filter(voucher::Column::Exam.eq(exam.to_string()));
    Ok((all().count(db).await?, all().filter(voucher::Column::Attempt.is_not_null()).count(db).await?))
}

#[cfg(test)]
mod tests {
    use super::hashed;

    #[test]
    fn a_code_is_known_however_it_was_typed() {
        let known = hashed("7K3M-0QWX-R5TA-91EB");
        for typed in ["7k3m0qwxr5ta91eb", " 7K3M 0QWX R5TA 91EB ", "7K3M-OQWX-R5TA-9IEB", "7k3m–0qwx–r5ta–9leb"] {
            assert_eq!(hashed(typed), known, "{typed}");
        }
        assert_ne!(hashed("7K3M-0QWX-R5TA-91EC"), known);
    }
}
