//! A Bitstring status list as its issuer signed it: with embedded proofs, or as a JWT.

use std::sync::Arc;

use time::Duration;

use super::{MAX_AGE, MAX_LIST, absent, unusable};
use crate::{
    Timestamp,
    did::{Authorised, ControllerDocument},
    key::VerifyingKey,
    model::{DateTime, OneOrMany, StatusListCredential},
    proof::Document,
    status_list::StatusList,
    strict_json,
    verify::{
        detail::{Code, Detail},
        input::enveloped,
        issuer_key::{self, Standing, dated},
        jwt::Jwt,
        policy::{KeyUse, Policy},
        report::Outcome,
        seal::{self, Seal},
        shape::{self, Refusal},
        want::Supply,
    },
    work::Work,
};

/// How far a list may begin in the future, for clocks that differ.
const CLOCK_SKEW: Duration = Duration::minutes(5);

/// The list at `url` by the issuer whose keys these are: proved, by keys that it uses for lists, and not too old.
pub(super) fn good(
    url: &str,
    supply: &Supply,
    (issuer, keys): (&str, &ControllerDocument),
    policy: &Policy,
    now: Timestamp,
    work: &mut Work,
) -> Result<Arc<ProvedList>, Detail> {
    let list = match supply {
        Supply::Found { bytes, fetched_at } => {
            Arc::new(ProvedList::proved(bytes, url, (issuer, keys), *fetched_at, now, work)?)
        }
        Supply::List(list) => {
            list.still_holds(url, issuer, keys, now)?;
            Arc::clone(list)
        }
        _ => return Err(absent(supply)),
    };
    for by in &list.signed {
        if !policy.lets(issuer, &by.key, KeyUse::StatusList) {
            return Err(not_proved(Detail::of(Code::KeyForOtherUse).with("method", &by.method)));
        }
    }
    fresh(&list.list, list.fetched_at, now)?;
    Ok(list)
}

/// A status list whose signature was checked, with its bits decoded: for a caller that reads many credentials of one list. It takes the
/// memory of its bits, one byte for eight entries.
#[derive(Debug, Clone, PartialEq)]
pub struct ProvedList {
    /// Without its encoded bits.
    list: StatusListCredential,
    bits: StatusList,
    signed: Vec<Signed>,
    fetched_at: Timestamp,
}

/// A signature that counts, and the key by which it holds.
#[derive(Debug, Clone, PartialEq)]
struct Signed {
    method: String,
    created: Option<DateTime>,
    expires: Option<DateTime>,
    key: VerifyingKey,
}

impl ProvedList {
    /// Reads and checks the list at `url` as a reader would: shape, `url` as its id, `issuer` as its signer by keys of `keys` that are good
    /// at `now`, bits that decode. Age and purpose are judged where it is used.
    ///
    /// `bytes` are JSON with an embedded proof, or a compact JWS (VC-JOSE-COSE §3.1.1), alone or enveloped.
    ///
    /// # Errors
    /// What a reader would be told instead of a status.
    pub fn new(
        bytes: &[u8],
        url: &str,
        issuer: &str,
        keys: &ControllerDocument,
        fetched_at: Timestamp,
        now: Timestamp,
    ) -> Result<Self, Detail> {
        Self::proved(bytes, url, (issuer, keys), fetched_at, now, &mut Work::default())
    }

    /// The same on the account of `work`.
    fn proved(
        bytes: &[u8],
        url: &str,
        (issuer, keys): (&str, &ControllerDocument),
        fetched_at: Timestamp,
        now: Timestamp,
        work: &mut Work,
    ) -> Result<Self, Detail> {
        if !work.reads_list(bytes.len()) {
            return Err(Code::ProofTooComplex.into());
        }
        let (mut list, seals) = read(bytes, url, issuer)?;
        let mut signed = Vec::new();
        for seal in seals {
            let key = good_key(&seal.method, (seal.created.as_ref(), seal.expires.as_ref()), keys, now)?.key;
            let (outcome, detail) = seal.check(Some(&Document::StatusList(&list)), &key, work);
            if outcome != Outcome::Passed {
                return Err(not_proved(detail));
            }
            signed.push(Signed { method: seal.method, created: seal.created, expires: seal.expires, key });
        }
        let bits = StatusList::decode(&list.credential_subject.encoded_list).map_err(|error| unusable(&error))?;
        if !work.reads_list(usize::try_from(bits.entries() / 8).unwrap_or(usize::MAX)) {
            return Err(Code::ProofTooComplex.into());
        }
        list.credential_subject.encoded_list = String::new();
        Ok(Self { list, bits, signed, fetched_at })
    }

    /// The bit at `index`, where it is a list for `purpose`.
    pub(super) fn bit(&self, index: u64, purpose: &str) -> Result<bool, Detail> {
        if !self.list.credential_subject.status_purpose.as_slice().iter().any(|found| found == purpose) {
            return Err(unusable(&"it is a list for another purpose"));
        }
        self.bits.get(index).map_err(|error| unusable(&error))
    }

    /// The same list, of which a copy with the same bytes was read again at `at`: where its publisher says how old a copy may be, it counts
    /// from then.
    #[must_use]
    pub fn read_again(&self, at: Timestamp) -> Self {
        Self { fetched_at: at, ..self.clone() }
    }

    /// What was settled when it was made, for this entry and at this moment: it is that list, of that issuer, whose document still lists the
    /// very keys by which it was proved, and they are good.
    fn still_holds(&self, url: &str, issuer: &str, keys: &ControllerDocument, now: Timestamp) -> Result<(), Detail> {
        belongs(&self.list, url, issuer)?;
        for by in &self.signed {
            if good_key(&by.method, (by.created.as_ref(), by.expires.as_ref()), keys, now)?.key != by.key {
                return Err(not_proved(Code::ProofInvalid.into()));
            }
        }
        Ok(())
    }
}

/// Checks a status list credential as a reader would: shape, `url` as its id, `issuer` as its signer by a key of `keys` that is
/// good at `now`, and bits that decode. For the funnel that signs lists; age and purpose are a reader's questions.
///
/// # Errors
/// What a reader would be told instead of a status.
pub fn check_status_list(
    bytes: &[u8],
    url: &str,
    issuer: &str,
    keys: &ControllerDocument,
    now: Timestamp,
) -> Result<StatusList, Detail> {
    ProvedList::new(bytes, url, issuer, keys, now, now).map(|list| list.bits)
}

/// The list that the bytes hold, which is the one at `url` by `issuer`, with the signatures that count, still unproved.
fn read(bytes: &[u8], url: &str, issuer: &str) -> Result<(StatusListCredential, Vec<Seal>), Detail> {
    let bytes = bytes.trim_ascii();
    if Jwt::looks_like(bytes) {
        return read_jwt(bytes, url, issuer);
    }
    let value = strict_json::parse(bytes, MAX_LIST).map_err(|error| unusable(&error))?;
    if let Some(jwt) = enveloped(&value) {
        return read_jwt(jwt.as_bytes(), url, issuer);
    }
    let list = shape::status_list(&value).map_err(|error| unusable(&error))?;
    belongs(&list, url, issuer)?;
    let proofs = list.proof.as_ref().map(OneOrMany::as_slice).unwrap_or_default();
    let by = proofs.first().map_or("nobody", |proof| proof.verification_method.as_str());
    let seals = seal::embedded(proofs, issuer).map_err(|refusal| unsealed(refusal, by))?;
    Ok((list, seals))
}

/// The same of a JWT, whose claims must not say otherwise than the list.
fn read_jwt(compact: &[u8], url: &str, issuer: &str) -> Result<(StatusListCredential, Vec<Seal>), Detail> {
    let jwt = Jwt::split_within(compact, MAX_LIST).map_err(|problem| unusable(&problem))?;
    let jwt = jwt.read().map_err(|(_, _, detail)| not_proved(detail))?;
    let list = shape::status_list(&jwt.credential).map_err(|error| unusable(&error))?;
    belongs(&list, url, issuer)?;
    if let Some(fault) = jwt.claims.fault(&jwt.credential) {
        return Err(unusable(&fault));
    }
    if list.proof.is_some() {
        return Err(unusable(&"a proof inside a JWT"));
    }
    let by = jwt.seal.kid.clone();
    let seal = Seal::of_jwt(jwt.seal, issuer).map_err(|refusal| unsealed(refusal, &by))?;
    Ok((list, vec![seal]))
}

/// No signature of the issuer's: either it is another's, or none that can be checked.
fn unsealed((_, _, detail): Refusal, by: &str) -> Detail {
    match detail.code {
        Code::KeyOfAnother => Detail::of(Code::ListOfAnother).with("found", by),
        _ => not_proved(detail),
    }
}

fn belongs(list: &StatusListCredential, url: &str, issuer: &str) -> Result<(), Detail> {
    if list.id.as_str() != url {
        return Err(unusable(&format_args!("it says that it is {}", list.id)));
    }
    match list.issuer.id().as_str() {
        signer if signer == issuer => Ok(()),
        signer => Err(Detail::of(Code::ListOfAnother).with("found", signer)),
    }
}

fn not_proved(problem: Detail) -> Detail {
    Detail::of(Code::ListNotProved).with("problem", problem)
}

/// The key of this name, which is good at `now` as the signature itself is.
fn good_key(
    method: &str,
    (created, expires): (Option<&DateTime>, Option<&DateTime>),
    keys: &ControllerDocument,
    now: Timestamp,
) -> Result<Authorised, Detail> {
    let key = issuer_key::find(keys, method, now).map_err(|(_, detail)| not_proved(detail))?;
    match issuer_key::standing(&key, created.map(DateTime::at), now) {
        Standing::Good | Standing::Retired(_) if expires.is_some_and(|expires| expires.at() <= now) => {
            Err(not_proved(Detail::of(Code::ListStale)))
        }
        // a list soon ends by itself; one that was signed before its key was retired holds until then
        Standing::Good | Standing::Retired(_) => Ok(key),
        Standing::Revoked(at) => Err(not_proved(dated(Code::KeyRevoked, at))),
        Standing::Expired(at) => Err(not_proved(dated(Code::KeyExpired, at))),
    }
}

/// A list that has ended, or a copy older than the list allows, could hide a revocation.
fn fresh(list: &StatusListCredential, fetched_at: Timestamp, now: Timestamp) -> Result<(), Detail> {
    if list.valid_from.as_ref().is_some_and(|from| from.at() > now + CLOCK_SKEW) {
        return Err(unusable(&"it begins in the future"));
    }
    if let Some(until) = &list.valid_until
        && until.at() <= now
    {
        return Err(dated(Code::ListStale, until.at()));
    }
    let ttl = list.credential_subject.ttl.map(|ttl| Duration::milliseconds(i64::try_from(ttl).unwrap_or(i64::MAX)));
    let age = match (ttl, &list.valid_until) {
        (Some(ttl), _) => Some(ttl),
        (None, None) => Some(MAX_AGE),
        (None, Some(_)) => None,
    };
    match age.and_then(|age| fetched_at.checked_add(age)) {
        Some(end) if end < now => Err(dated(Code::ListStale, end)),
        _ => Ok(()),
    }
}
