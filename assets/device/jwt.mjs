// Credentials as compact JWS in their three forms: `vc+jwt`, the older one of Open Badges 3.0, and that of VC 1.1. The header settles the
// form and nothing else; one that brings a key, a critical extension or a compression is refused before anything is computed. The twin of
// `proof/jws.rs`, `verify/jwt.rs` and `verify/jwt_claims.rs`.

import { fromBase64url, utf8 } from './bytes.mjs';
import { algorithmOf } from './keys.mjs';
import { failed, notChecked } from './refusal.mjs';
import { parse } from './strict_json.mjs';
import { moment, written } from './text.mjs';

const REFUSED = ['jku', 'x5c', 'x5u', 'crit', 'b64', 'zip', 'enc', 'epk', 'p2c'];
const UNSUPPORTED = ['ES256K', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'Ed448'];
const REGISTERED = ['iss', 'sub', 'jti', 'nbf', 'exp', 'iat'];
const V2 = 'https://www.w3.org/ns/credentials/v2';

export const looksLikeJwt = (text) => /^eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$/.test(text);

/** The JWT in an `EnvelopedVerifiableCredential`, which holds nothing else (VCDM 2.0 §4.13). */
export function envelopedJwt(value) {
  const kinds = [value?.type].flat();
  const contexts = [value?.['@context']].flat();
  const prefix = 'data:application/vc+jwt,';
  const named = kinds.length === 1 && kinds[0] === 'EnvelopedVerifiableCredential' && contexts[0] === 'https://www.w3.org/ns/credentials/v2';
  const jwt = named && typeof value.id === 'string' && value.id.startsWith(prefix) ? value.id.slice(prefix.length) : '';
  return Object.keys(value ?? {}).length === 3 && looksLikeJwt(jwt) ? jwt : undefined;
}

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** The three parts; throws an `Error` that says which one cannot be read. */
export function split(compact, limit) {
  const parts = compact.split('.');
  const decoded = ['header', 'payload', 'signature'].map((name, at) => {
    const bytes = fromBase64url(parts[at]);
    if (!bytes) throw new Error(`the ${name} is not base64url`);
    return bytes;
  });
  const header = parse(decoded[0], 16 * 1024);
  if (!isObject(header)) throw new Error('the header is not a JSON object');
  const payload = parse(decoded[1], limit);
  return { header, payload, signature: decoded[2], signed: utf8(`${parts[0]}.${parts[1]}`) };
}

function formOf({ header, payload }) {
  const refused = REFUSED.find((name) => name in header);
  if (refused) throw failed('proof', 'jwt_header_refused', { found: refused });
  const alg = typeof header.alg === 'string' ? header.alg : '';
  if (UNSUPPORTED.includes(alg)) throw notChecked('proof', 'jwt_algorithm_unsupported', { found: alg });
  if (!algorithmOf(alg)) throw failed('proof', 'jwt_algorithm_refused', { found: alg.slice(0, 64) });
  const otherType = (found) => failed('proof', 'jwt_type_refused', { found: typeof found === 'string' ? found : 'something else' });
  const { typ, cty } = header;
  let form;
  if (typ === 'vc+jwt' || typ === 'application/vc+jwt') form = 'vc+jwt';
  else if (typ === undefined || typ === 'JWT') form = isObject(payload) && 'vc' in payload ? 'vc1-jwt' : 'ob-jwt';
  else throw otherType(typ);
  if (cty !== undefined && !(form === 'vc+jwt' && (cty === 'vc' || cty === 'application/vc'))) throw otherType(cty);
  if (form === 'vc+jwt' && 'jwk' in header) throw failed('proof', 'jwt_header_refused', { found: 'jwk' });
  return form;
}

/** → `{ form, alg, kid, bringsKey, credential, claims, signed, signature }`, nothing of it proved. */
export function read(jwt) {
  const form = formOf(jwt);
  const { header, payload, signed, signature } = jwt;
  const claims = Object.create(null);
  let credential = payload;
  if (isObject(payload)) {
    credential = Object.create(null);
    for (const name of Object.keys(payload)) (REGISTERED.includes(name) ? claims : credential)[name] = payload[name];
  }
  if (form === 'vc1-jwt') credential = restored(credential, claims);
  const kid = typeof header.kid === 'string' ? header.kid : '';
  return { form, alg: algorithmOf(header.alg), kid, bringsKey: 'jwk' in header, credential, claims, signed, signature };
}

const dateNames = (credential) => (credential['@context']?.[0] === V2 ? ['validFrom', 'validUntil'] : ['issuanceDate', 'expirationDate']);

/** The credential of the claim `vc`, with what only the registered claims say (VC 1.1 §6.3.1). */
function restored({ vc, ...others }, claims) {
  const unexpected = (problem) => failed('shape', 'shape_unexpected', { problem });
  if (!isObject(vc)) throw unexpected('the claim vc is not an object');
  const other = Object.keys(others)[0];
  if (other !== undefined) throw unexpected(`the claim ${other} beside vc`);
  const credential = Object.assign(Object.create(null), vc);
  const [begins, ends] = dateNames(credential);
  const date = (name) => (Number.isInteger(claims[name]) && Math.abs(claims[name]) < 8e12 ? written(claims[name] * 1000) : undefined);
  for (const [member, value] of [['id', claims.jti], [begins, date('nbf')], [ends, date('exp')]]) {
    if (value !== undefined && !(member in credential)) credential[member] = value;
  }
  for (const [claim, member] of [['iss', 'issuer'], ['sub', 'credentialSubject']]) {
    if (!(claim in claims)) continue;
    const value = credential[member];
    if (isObject(value)) credential[member] = Object.assign(Object.create(null), { id: claims[claim] }, value);
    else if (value === undefined && member === 'issuer') credential.issuer = claims.iss;
  }
  return credential;
}

/** Throws where a registered claim says something else than the credential, or one that its form must have is missing. */
export function compareClaims({ form, claims }, credential) {
  const seconds = (name) => {
    const at = moment(credential[name]);
    return at === undefined ? undefined : Math.floor(at / 1000);
  };
  const [begins, ends] = dateNames(credential);
  const subjects = credential.credentialSubject;
  const subject = Array.isArray(subjects) ? (subjects.length === 1 ? subjects[0]?.id : undefined) : subjects?.id;
  const issuer = credential.issuer;
  const expected = {
    iss: isObject(issuer) && 'id' in issuer ? issuer.id : issuer, sub: subject, jti: credential.id, nbf: seconds(begins), exp: seconds(ends),
    iat: Number.isInteger(claims.iat) ? claims.iat : undefined,
  };
  for (const claim of REGISTERED) {
    if (claim in claims) {
      const agrees = ['string', 'number'].includes(typeof claims[claim]) && claims[claim] === expected[claim];
      if (!agrees) throw failed('shape', 'jwt_claim_contradicts', { claim });
    } else if (form === 'ob-jwt' && (['iss', 'jti', 'nbf'].includes(claim) || (claim === 'sub' && subject !== undefined))) {
      throw failed('shape', 'jwt_claim_missing', { claim });
    }
  }
}
