// Verification on the reader's own device: bytes in, one report out, with the checks, outcomes and states of the server (ADR 0017). Nothing is
// fetched here: `resolve` names what is wanted and the caller gets it. What is not supplied, or not read here, is *not checked*, never passed.

import { CHECKS, stateOf } from './states.mjs';
import { assertionKey, documentUrl, keysFrom, ofItself, standsBeneath } from './did.mjs';
import { absolute, holds, proofsOf } from './embedded.mjs';
import { compareClaims, envelopedJwt, looksLikeJwt, read, split } from './jwt.mjs';
import { Refusal, failed, notChecked, notHere } from './refusal.mjs';
import { lets } from './keys.mjs';
import { idOf, openBadge } from './shape.mjs';
import { entryOf, isSet } from './status_list.mjs';
import { JsonError, parse } from './strict_json.mjs';
import { moment, written } from './text.mjs';


export const LARGEST_DOCUMENT = 256 * 1024;
export const LARGEST_PICTURE = 2 * 1024 * 1024;

/** The input holds nothing that could be verified; `message` is the code of the server's own list. */
export class Unreadable extends Error {}

/**
 * @param input the bytes of a JWT or a JSON document
 * @param asked `now` in milliseconds, `policy` as the server states it, `resolve(want)` → `{ bytes, fetchedAt? }`, where `want` is
 *   `{ kind: 'did_document' | 'key_document' | 'status_list', of }`
 * @returns `{ state, checks: [{ id, outcome, code, data }], credential?, keys: [{ method, thumbprint }], at }`
 */
export async function verify(input, { now, policy, resolve }) {
  const checks = new Map(CHECKS.map((id) => [id, { id, outcome: 'not_checked', code: 'not_reached', data: {} }]));
  const set = (id, outcome, code, data = {}) => checks.set(id, { id, outcome, code, data });
  set('holder_identity', 'not_checked', 'holder_not_proved');
  set('recipient', 'not_checked', 'recipient_not_asked');
  const report = { keys: [], at: now };
  try {
    await run(input, { now, policy, resolve, set, report });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    set(error.check, error.outcome, error.code, error.data);
  }
  return { ...report, checks: [...checks.values()], state: stateOf([...checks.values()]) };
}

async function run(input, { now, policy, resolve, set, report }) {
  const { container, jwt, value } = open(input);
  set('parse', 'passed', container);
  const seal = jwt && read(jwt);
  const credential = seal ? seal.credential : value;
  try {
    openBadge(credential);
  } catch (error) {
    if (error.check === 'shape') set('context', 'passed', 'context_known');
    throw error;
  }
  set('context', 'passed', 'context_known');
  const unexpected = (problem) => failed('shape', 'shape_unexpected', { problem });
  if (seal) compareClaims(seal, credential);
  if (seal && credential.proof !== undefined) throw unexpected('a proof inside a JWT');
  const issuer = idOf(credential.issuer);
  const own = policy.own_issuers.includes(issuer);
  if (own && credential.credentialStatus === undefined) throw failed('shape', 'status_missing');
  set('shape', 'passed', 'shape_known');

  set('proof', 'not_checked', 'key_not_resolved');
  if (policy.conformance_issuers.includes(issuer)) throw failed('issuer_key', 'conformance_key');
  const seals = seal ? [ofJwt(seal, issuer)] : proofsOf(credential, issuer);
  if (seals.some(({ proof }) => proof?.cryptosuite === 'eddsa-rdfc-2022')) throw notHere('proof', 'rdfc');
  const keys = await keysOf(seals[0], issuer, resolve);
  let standing = { outcome: 'passed', rank: 0 };
  for (const each of seals) standing = await checkSeal(each, credential, keys, { issuer, own, now, policy, set, report, standing });
  if (standing.outcome !== 'passed') throw new Refusal('issuer_key', standing.outcome, standing.code, standing.data);
  if (standing.code) set('issuer_key', 'passed', standing.code, { ...standing.data, method: seals[0].method });

  checkDates(credential, seals, now, set);
  const trusted = policy.trusted_issuers.find(({ id }) => id === issuer);
  if (trusted) set('issuer_identity', 'passed', 'issuer_trusted', { name: trusted.name });
  else set('issuer_identity', 'not_checked', 'issuer_not_listed', { issuer });
  await checkStatus(credential, issuer, keys, { now, policy, resolve, set });
  report.credential = credential;
}

/** Opens the container. */
function open(input) {
  if (input[0] === 0x89 && input[1] === 0x50) return picture(input);
  let start = 0;
  while (start < input.length && ' \t\n\f\r'.includes(String.fromCharCode(input[start]))) start += 1;
  if (start === input.length) throw new Unreadable('empty');
  if (input[start] === 0x3c || (input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf && input[3] === 0x3c)) return picture(input);
  if (new TextDecoder('latin1').decode(input.subarray(0, 1024)).includes('%PDF-')) throw new Unreadable('pdf');
  if (input.length > LARGEST_DOCUMENT) throw new Unreadable('too_large');
  return inText(input.subarray(start));
}

function picture(input) {
  if (input.length > LARGEST_PICTURE) throw new Unreadable('too_large');
  throw notHere('parse', 'picture');
}

function inText(bytes) {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).replace(/[ \t\n\f\r]+$/, '');
  if (looksLikeJwt(text)) return { container: 'read_jwt', jwt: opened(text) };
  if (!'{["'.includes(text[0])) throw new Unreadable('not_recognized');
  let value;
  try {
    value = parse(bytes, LARGEST_DOCUMENT);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (error.kind === 'syntax') throw new Unreadable('not_json');
    if (error.kind === 'unusual') throw notHere('parse', 'number');
    throw failed('parse', 'json_ambiguous', { problem: error.message });
  }
  const enveloped = envelopedJwt(value);
  if (enveloped) return { container: 'read_json', jwt: opened(enveloped) };
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  if (!isObject || !['@context', 'credentialSubject', 'proof', 'verifiableCredential'].some((name) => name in value)) throw new Unreadable('no_credential');
  return { container: 'read_json', value };
}

function opened(compact) {
  try {
    return split(compact, LARGEST_DOCUMENT);
  } catch (error) {
    if (error.kind === 'unusual') throw notHere('parse', 'number');
    throw failed('parse', 'jwt_unreadable', { problem: error.message });
  }
}

const origin = (address) => /^https:\/\/[^/?#]+/.exec(address)?.[0];

/** The seal of a JWT; `address` where the key stands by itself, at an address that is the issuer's. */
function ofJwt(jwt, issuer) {
  const older = jwt.form !== 'vc+jwt';
  if (jwt.bringsKey) throw notChecked('issuer_key', 'key_brought');
  const byAddress = older && jwt.kid.startsWith('https://');
  const method = byAddress ? jwt.kid : absolute(jwt.kid);
  const controller = method.split('#')[0];
  const wholeDocument = controller === issuer && method !== issuer;
  const address = older && !wholeDocument && (controller === issuer || standsBeneath(controller, issuer)) ? controller : undefined;
  const near = byAddress && origin(method) !== undefined && origin(method) === origin(issuer);
  if (controller !== issuer && address === undefined && !near) throw failed('issuer_key', 'key_of_another', { method, issuer });
  return { method, address, jwt };
}

/** The keys of `issuer`: from its own name, from its document, or from the address of the key. */
async function keysOf({ method, address }, issuer, resolve) {
  const unsupported = () => notChecked('issuer_key', 'issuer_unsupported', { issuer });
  let want;
  if (address !== undefined) want = { kind: 'key_document', of: address };
  else if (issuer.startsWith('https://')) want = { kind: 'key_document', of: issuer };
  else if (documentUrl(issuer)) want = { kind: 'did_document', of: issuer };
  else {
    const own = await ofItself(issuer);
    if (!own) throw unsupported();
    return own;
  }
  let found;
  try {
    found = await resolve(want);
  } catch (error) {
    throw notChecked('issuer_key', 'key_unreachable', { problem: error.message });
  }
  return keysFrom(found.bytes, method, issuer, address !== undefined)
    .catch((error) => { throw notChecked('issuer_key', 'key_document_unusable', { problem: error.message }); });
}

/** One signature by a key that the issuer lists. → the worst standing of the keys so far. */
async function checkSeal(seal, credential, keys, { issuer, own, now, policy, set, report, standing }) {
  const found = assertionKey(keys, seal.method, now);
  if (found.code) {
    const elsewhere = found.code === 'key_not_listed' && seal.method.split('#')[0] !== issuer;
    if (elsewhere) throw notChecked('issuer_key', 'key_elsewhere', { method: seal.method, issuer });
    throw new Refusal('issuer_key', found.outcome, found.code, found.data);
  }
  if (!(await lets(policy, issuer, found.key, 'credential'))) throw failed('issuer_key', 'key_for_other_use', { method: seal.method });
  set('issuer_key', 'passed', 'key_of_issuer', { method: seal.method });
  report.keys.push({ method: seal.method, thumbprint: found.key.thumbprint });
  let good;
  if (seal.jwt) {
    if (seal.jwt.alg !== found.key.alg) throw failed('proof', 'proof_malformed', { problem: `the header says ${seal.jwt.alg}, but the key is one for ${found.key.alg}` });
    good = await found.key.verifies(seal.jwt.signed, seal.jwt.signature);
  } else {
    good = await holds(credential, seal.proof, found.key);
  }
  if (!good) throw failed('proof', 'proof_invalid');
  set('proof', 'passed', 'proof_valid', { suite: seal.jwt ? seal.jwt.form : seal.proof.cryptosuite });
  const worse = (rank, code, at, outcome = 'not_checked') => {
    if (rank <= standing.rank) return standing;
    // of our own, our records decide, and they are not here; a date before the end of a retired key is as good here as anywhere
    return own && outcome !== 'passed' ? { rank, outcome: 'not_checked', code: 'record_not_supplied' } : { rank, outcome, code, data: { at: written(at) } };
  };
  // who holds a withdrawn key dates as they like; only the issuer's own records can tell
  if (found.revoked <= now) return worse(3, 'key_revoked', found.revoked);
  if (!(found.expires <= now)) return standing;
  // a retired key is in nobody else's hands; a JWT has no date of its own, and its credential begins when it is signed
  const dated = moment(seal.jwt ? credential.validFrom : seal.proof.created);
  return dated < found.expires ? worse(1, 'key_signed_before', found.expires, 'passed') : worse(2, 'key_expired', found.expires);
}

function checkDates(credential, seals, now, set) {
  const { validFrom: from, validUntil: until } = credential;
  const ended = seals.map(({ proof }) => proof?.expires).find((expires) => moment(expires) <= now);
  if (moment(from) > now) set('validity', 'failed', 'not_yet_valid', { from });
  else if (moment(until) < now) set('validity', 'failed', 'expired', { until });
  else if (ended !== undefined) set('validity', 'failed', 'proof_expired', { until: ended });
  else set('validity', 'passed', 'in_force');
}

async function checkStatus(credential, issuer, keys, { now, policy, resolve, set }) {
  if (credential.credentialStatus === undefined) return set('status', 'passed', 'status_not_declared');
  const entry = entryOf(credential.credentialStatus, credential.id);
  if (!(await isSet(entry, issuer, keys, now, resolve, policy))) return set('status', 'passed', 'status_clear');
  if (entry.named !== undefined) return set('status', 'failed', 'revoked');
  return entry.purpose === 'suspension' ? set('status', 'failed', 'suspended') : set('status', 'failed', 'revoked_by_list');
}
