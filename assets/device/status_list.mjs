// Is it revoked? The bit is read from a list that the same issuer signed, that is not stale and that is the one the credential names
// (Bitstring Status List 1.0 §3.2), or the credential is looked for in a list of names (`1EdTechRevocationList`). Decoding refuses and never
// truncates: a missing bit would read as "not revoked". The twin of `verify/status.rs`, `verify/status/` and `status_list.rs`.

import { fromBase64url } from './bytes.mjs';
import { assertionKey } from './did.mjs';
import { absolute, holds, proofsOf } from './embedded.mjs';
import { compareClaims, envelopedJwt, looksLikeJwt, read, split } from './jwt.mjs';
import { lets } from './keys.mjs';
import { Refusal, notChecked } from './refusal.mjs';
import { each, idOf, statusList } from './shape.mjs';
import { parse } from './strict_json.mjs';
import { moment, written } from './text.mjs';

export const LARGEST_LIST = 2 * 1024 * 1024;
const MOST_BYTES = 1024 * 1024;
const LEAST_ENTRIES = 131_072;
const OLDEST = 24 * 60 * 60 * 1000;
const SKEW = 5 * 60 * 1000;

const not = (code, data) => notChecked('status', code, data);
const unusable = (problem) => not('list_unusable', { problem });

/** Where the status of the credential with this id is: a bit, or among names; throws where it cannot be followed. */
export function entryOf(status, credential) {
  const unsupported = (found) => not('status_method_unsupported', { found });
  if (each(status.type).join(', ') === '1EdTechRevocationList') {
    if (!status.id?.startsWith('https://')) throw unusable('it is not signed, so that it counts only at an https address');
    if (credential === undefined) throw unusable('it lists credentials by their id, and this one has none');
    return { list: status.id, named: credential };
  }
  if (status.type !== 'BitstringStatusListEntry') throw unsupported(status.type);
  if (!['revocation', 'suspension'].includes(status.statusPurpose)) throw unsupported(status.statusPurpose ?? 'no purpose');
  const list = status.statusListCredential ?? '';
  if (!/^https?:\/\//.test(list)) throw unsupported(list);
  const index = status.statusListIndex ?? '';
  if (!/^(0|[1-9][0-9]*)$/.test(index) || !Number.isSafeInteger(Number(index))) throw unusable('statusListIndex is not a whole number');
  return { list, index: Number(index), purpose: status.statusPurpose };
}

/** The bytes of the bits: `u`, then base64url of exactly one gzip member. */
export async function decode(encoded) {
  if (encoded[0] !== 'u') throw unusable('encodedList must begin with "u"');
  if (encoded.length > MOST_BYTES / 2 * 3) throw unusable('the list is too long');
  const packed = fromBase64url(encoded.slice(1));
  if (!packed) throw unusable('encodedList is not base64url without padding');
  const bits = new Uint8Array(MOST_BYTES);
  let length = 0;
  // bytes after the member, a second one included, are an error of the stream itself
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => { throw unusable('encodedList is not one complete gzip member'); });
    if (done) break;
    if (length + value.length > MOST_BYTES) {
      reader.cancel().catch(() => {});
      throw unusable(`the list is larger than ${MOST_BYTES} bytes once decoded`);
    }
    bits.set(value, length);
    length += value.length;
  }
  if (length * 8 < LEAST_ENTRIES) throw unusable(`the list has ${length * 8} entries; at least ${LEAST_ENTRIES} are required`);
  if (!isOneMember(packed, length)) throw unusable('bytes follow the gzip member in encodedList');
  return bits.subarray(0, length);
}

/** The last four bytes of a member are its length. Some readers take several members for one; then the length is that of the last alone. */
function isOneMember(packed, length) {
  const end = packed.length;
  return new DataView(packed.buffer, packed.byteOffset).getUint32(end - 4, true) === length;
}

/** Whether the bit is set. `keys` is the issuer's document, `resolve` fetches. Throws a refusal where it cannot be told. */
export async function isSet(entry, issuer, keys, now, resolve, policy = { own_issuers: [] }) {
  let found;
  try {
    found = await resolve({ kind: 'status_list', of: entry.list });
  } catch (error) {
    throw not('list_unreachable', { problem: error.message });
  }
  if (entry.named !== undefined) return isNamed(entry, issuer, found, now);
  const list = await proved(found.bytes, entry.list, issuer, keys, now, policy);
  fresh(list, found.fetchedAt ?? now, now);
  if (!each(list.credentialSubject.statusPurpose).includes(entry.purpose)) throw unusable('it is a list for another purpose');
  const bits = await decode(list.credentialSubject.encodedList);
  if (entry.index >= bits.length * 8) throw unusable(`index ${entry.index} is outside the list of ${bits.length * 8} entries`);
  return (bits[Math.floor(entry.index / 8)] & (0x80 >> entry.index % 8)) !== 0;
}

/** An id with its escapes taken back (Open Badges 3.0 §7), as one character a byte. */
function plain(id) {
  const bytes = Array.from(new TextEncoder().encode(id.trim()), (byte) => String.fromCharCode(byte)).join('');
  return bytes.replace(/%([0-9a-f]{2})/gi, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
}

/** Whether the list names the credential as revoked. Nothing in it is signed: what makes it the issuer's is the address that the issuer signed. */
function isNamed({ list: url, named }, issuer, { bytes, fetchedAt }, now) {
  const at = fetchedAt ?? now;
  const list = readable(() => parse(bytes, LARGEST_LIST));
  if (list === null || typeof list !== 'object' || Array.isArray(list)) throw unusable('it is not an object');
  if ('id' in list && list.id !== url) throw unusable(`it says that it is ${list.id}`);
  if ('issuer' in list && (list.issuer?.id ?? list.issuer) !== issuer) throw not('list_of_another', { found: idOf(list.issuer) });
  if (at + OLDEST < now) throw not('list_stale', { at: written(at + OLDEST) });
  // a list that names nobody leaves the member out; then it must at least say that it is this list
  const revoked = list.revokedCredential ?? ('id' in list && !('revokedCredential' in list) ? [] : undefined);
  if (typeof revoked !== 'object' && typeof revoked !== 'string') throw unusable('it has no revokedCredential');
  const entries = each(revoked).map((entry) => {
    const id = typeof entry === 'string' ? entry : entry?.id;
    if (typeof id !== 'string') throw unusable('an entry of revokedCredential has no id');
    return { id, revoked: entry.revoked };
  });
  return entries.some((entry) => plain(entry.id) === plain(named) && entry.revoked !== false);
}

function readable(read) {
  try {
    return read();
  } catch (error) {
    throw unusable(error.data?.problem ?? error.message);
  }
}

function belongs(list, url, issuer) {
  if (list.id !== url) throw unusable(`it says that it is ${list.id}`);
  if (idOf(list.issuer) !== issuer) throw not('list_of_another', { found: idOf(list.issuer) });
}

/** A key of the issuer that is good now, for a proof with these dates. */
function goodKey(keys, method, dates, now) {
  const key = assertionKey(keys, method, now);
  if (key.code) throw not('list_not_proved');
  // a list soon ends by itself; one that was signed before its key was retired holds until then
  const retired = key.expires <= now && !(moment(dates.created) < key.expires);
  if (key.revoked <= now || retired || moment(dates.expires) <= now) throw not('list_not_proved');
  return key.key;
}

async function provedJwt(compact, url, issuer, keys, now, policy) {
  const jwt = readable(() => split(compact, LARGEST_LIST));
  let seal;
  let method;
  try {
    seal = read(jwt);
    if (seal.bringsKey) throw not('list_not_proved');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw not('list_not_proved');
  }
  const list = seal.credential;
  readable(() => statusList(list));
  belongs(list, url, issuer);
  try {
    compareClaims(seal, list);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw unusable(error.code);
  }
  if (list.proof !== undefined) throw unusable('a proof inside a JWT');
  try {
    method = absolute(seal.kid);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw not('list_not_proved');
  }
  if (method.split('#')[0] !== issuer) throw not('list_of_another', { found: seal.kid });
  const key = goodKey(keys, method, {}, now);
  if (!(await lets(policy, issuer, key, 'status_list'))) throw not('list_not_proved');
  if (key.alg !== seal.alg || !(await key.verifies(seal.signed, seal.signature))) throw not('list_not_proved');
  return list;
}

async function proved(bytes, url, issuer, keys, now, policy) {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).trim();
  if (looksLikeJwt(text)) return provedJwt(text, url, issuer, keys, now, policy);
  const list = readable(() => parse(bytes, LARGEST_LIST));
  const enveloped = envelopedJwt(list);
  if (enveloped) return provedJwt(enveloped, url, issuer, keys, now, policy);
  readable(() => statusList(list));
  belongs(list, url, issuer);
  try {
    for (const { method, proof } of proofsOf(list, issuer)) {
      const key = goodKey(keys, method, proof, now);
      if (!(await lets(policy, issuer, key, 'status_list'))) throw not('list_not_proved');
      if (!(await holds(list, proof, key))) throw not('list_not_proved');
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === 'key_of_another') throw not('list_of_another', { found: each(list.proof)[0].verificationMethod });
    if (error.code === 'device_cannot') throw not('device_cannot', error.data);
    throw not('list_not_proved');
  }
  return list;
}

/** A list that has ended, or a copy older than the list allows, could hide a revocation. */
function fresh(list, fetchedAt, now) {
  const stale = (at) => not('list_stale', { at: written(at) });
  if (moment(list.validFrom) > now + SKEW) throw unusable('it begins in the future');
  const until = moment(list.validUntil);
  if (until <= now) throw stale(until);
  const { ttl } = list.credentialSubject;
  const age = ttl ?? (until === undefined ? OLDEST : undefined);
  if (age !== undefined && fetchedAt + age < now) throw stale(fetchedAt + age);
}
