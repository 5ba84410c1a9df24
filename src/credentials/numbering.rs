//! What people read out: numbers by year, share ids, check codes.

use sea_orm::ActiveValue::Set;
use sea_orm::ExprTrait as _;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

use super::entity::sequence;
use crate::clock::Timestamp;
use crate::database::Change;
use crate::entropy::{self, Entropy};
use crate::error::{Error, Result};
use crate::issuer::Issuer;

/// Crockford's base32 in lower case: no `i`, `l`, `o` or `u`.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const CHECK_CODE: usize = 6;

/// The next number of the issuer for the year of `at` on its calendar. The row of the sequence stays locked until the change ends, so that
/// numbers have no gaps and awards of one issuer take turns.
pub(super) async fn next(ch: &Change<'_>, issuer: &Issuer, at: Timestamp) -> Result<String> {
    let (year, _, _) = issuer.profile.zone().calendar(at);
    // A format without the year counts on for ever, or its numbers would come again.
    let counted = if issuer.profile.number_format.contains("{year}") { i32::from(year) } else { 0 };
    let first = sequence::ActiveModel { issuer: Set(issuer.id.to_string()), year: Set(counted), last: Set(1) };
    let row = sequence::Entity::insert(first)
        .on_conflict(
            OnConflict::columns([sequence::Column::Issuer, sequence::Column::Year])
                .value(sequence::Column::Last, Expr::col((sequence::Entity, sequence::Column::Last)).add(1))
                .to_owned(),
        )
        .exec_with_returning(ch.tx())
        .await?;
    Ok(issuer.profile.number(year, u64::try_from(row.last).map_err(Error::internal)?))
}

/// Leaves out the next `gap` numbers of every sequence.
pub(super) async fn skip(ch: &Change<'_>, gap: u32) -> Result<()> {
    sequence::Entity::update_many()
        .col_expr(sequence::Column::Last, Expr::col(sequence::Column::Last).add(i64::from(gap)))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// 128 random bits in 26 characters.
pub fn share_id(from: &dyn Entropy) -> String {
    let bits = u128::from_be_bytes(entropy::bytes(from));
    (0..26).rev().map(|at| char::from(DIGITS[(bits >> (5 * at) & 31) as usize])).collect()
}

/// Six characters that go with a number, so that numbers cannot be walked.
pub(super) fn check_code(from: &dyn Entropy) -> String {
    entropy::bytes::<CHECK_CODE>(from)
        .iter()
        .map(|byte| char::from(DIGITS[usize::from(byte & 31)]))
        .collect::<String>()
        .to_uppercase()
}

/// `urn:uuid:` and a version 4 UUID.
pub(super) fn urn_uuid(from: &dyn Entropy) -> String {
    format!("urn:uuid:{}", uuid::Builder::from_random_bytes(entropy::bytes(from)).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn ids_have_their_form_and_differ() {
        let from = SeededEntropy::new(b"numbers");
        let (one, two) = (share_id(&from), share_id(&from));
        assert_ne!(one, two);
        assert!(one.len() == 26 && one.bytes().all(|b| DIGITS.contains(&b)), "{one}");
        assert_eq!(check_code(&from).len(), 6);
        assert_eq!(urn_uuid(&from).len(), "urn:uuid:".len() + 36);
    }
}
