// Whose keys are whose: `did:key`, `did:jwk`, `did:web` and https issuers, the documents behind them, and keys that stand by themselves. The twin of
// `did/` in the core: the issuer's identifier is the document that controls the key, and that document lists it for assertions.

import { fromBase64url } from './bytes.mjs';
import { KeyError, fromJwk, fromMultikey } from './keys.mjs';
import { parse } from './strict_json.mjs';
import { moment } from './text.mjs';

const LARGEST = 64 * 1024;
const MOST = 64;
const AGREED = { unsupported: 'key_kind_unsupported', key: 'key_document_unusable' };

/** The https address that a `did:web` stands for; undefined where it is none. */
export function webBase(did) {
  const found = did.length <= 1024 && /^did:web:([A-Za-z0-9.-]+)(?:%3[Aa]([0-9]+))?((?::[^:]*)*)$/.exec(did);
  if (!found) return undefined;
  const [, host, port, path] = found;
  const label = /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/;
  if (host.length > 253 || !host.split('.').every((part) => label.test(part)) || /^[0-9]/.test(host.split('.').at(-1))) return undefined;
  if (port !== undefined && (String(Number(port)) !== port || Number(port) < 1 || Number(port) > 65535)) return undefined;
  const segments = path ? path.slice(1).split(':') : [];
  const plain = (segment) => {
    if (!/^(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+$/.test(segment)) return false;
    const read = segment.replace(/%(..)/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));
    return read !== '.' && read !== '..' && !/[\u0000-\u001f\u007f/\\?#%:]/.test(read);
  };
  if (!segments.every(plain)) return undefined;
  return ['https://', host.toLowerCase(), port === undefined ? '' : `:${port}`, ...segments.map((segment) => `/${segment}`)].join('');
}

/** Where the document of a `did:web` stands. */
export function documentUrl(did) {
  const base = webBase(did);
  return base && `${base}${/^https:\/\/[^/]+$/.test(base) ? '/.well-known' : ''}/did.json`;
}

/** Whether what stands at `address` can only have been put there by `issuer`. */
export function standsBeneath(address, issuer) {
  const own = webBase(issuer) ?? (issuer.startsWith('https://') ? issuer : undefined);
  if (own === undefined) return false;
  const base = own.replace(/\/$/, '');
  if (/[?#]/.test(base) || !address.startsWith(`${base}/`)) return false;
  return address.slice(base.length + 1).split('/')
    .every((segment) => /^[A-Za-z0-9\-._~!$&'()*+,;=:@%]+$/.test(segment) && segment !== '.' && segment !== '..' && !/%2e|%2f|%5c/i.test(segment));
}

/** Why a document cannot be used at all. */
class DocumentError extends Error {}

/** A verification method; `key` or `fault` (why the key cannot be used). */
async function readMethod(method) {
  const member = (name) => {
    if (typeof method?.[name] !== 'string') throw new DocumentError(`verificationMethod.${name} does not have the form that the specification gives it`);
    return method[name];
  };
  const day = (name) => {
    if (!(name in method)) return undefined;
    const at = moment(method[name]);
    if (at === undefined) throw new DocumentError(`verificationMethod.${name} is no date`);
    return at;
  };
  const [id, type] = [member('id'), member('type')];
  let key;
  let fault;
  try {
    if (type === 'Multikey' || type === 'Ed25519VerificationKey2020') {
      key = await fromMultikey(member('publicKeyMultibase'));
      if (type !== 'Multikey' && key.alg !== 'EdDSA') throw new KeyError('unsupported', type);
    } else if (type === 'JsonWebKey' || type === 'JsonWebKey2020') {
      if (!('publicKeyJwk' in method)) throw new DocumentError('verificationMethod.publicKeyJwk is missing');
      key = await fromJwk(method.publicKeyJwk);
    } else {
      throw new KeyError('unsupported', type.slice(0, 64));
    }
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    if (error.kind === 'document') throw new DocumentError(`${id}: ${error.message}`);
    [key, fault] = [undefined, error];
  }
  return { id, controller: member('controller'), key, fault, expires: day('expires'), revoked: day('revoked') };
}

/** Reads the document of `id`, which must say of itself that it is that one. */
async function readDocument(document, id) {
  const isObject = document !== null && typeof document === 'object' && !Array.isArray(document);
  if (!isObject || typeof document.id !== 'string') throw new DocumentError('id does not have the form that the specification gives it');
  if (document.id !== id) throw new DocumentError(`the document's id is "${document.id.slice(0, 200)}", but ${id} was asked for`);
  const entries = (name) => {
    if (name in document && !Array.isArray(document[name])) throw new DocumentError(`${name} does not have the form that the specification gives it`);
    return document[name] ?? [];
  };
  const listed = [...entries('verificationMethod')];
  const assertions = entries('assertionMethod');
  for (const name of ['assertionMethod', 'authentication']) listed.push(...entries(name).filter((entry) => typeof entry !== 'string'));
  if (listed.length > MOST) throw new DocumentError('it has more than 64 verification methods');
  const methods = [];
  for (const method of listed) methods.push(await readMethod(method));
  const twice = methods.find(({ id: name }, at) => methods.slice(0, at).some((earlier) => earlier.id === name));
  if (twice) throw new DocumentError(`the verification method "${twice.id}" is listed twice`);
  return { id, methods, assertions: assertions.map((entry) => (typeof entry === 'string' ? entry : entry.id)) };
}

const ofOne = (id, method) => ({ id, methods: [method], assertions: [method.id] });

/** The document of a DID that is its own key (`did:key`, `did:jwk`); undefined where it is none. */
export async function ofItself(did) {
  const [, method, own] = (did.length <= 1024 && /^did:(key|jwk):(.*)$/.exec(did)) || [];
  const read = { key: async () => fromMultikey(own), jwk: async () => fromJwk(parse(fromBase64url(own) ?? new Uint8Array(), 1024)) }[method];
  const key = await read?.().catch(() => undefined);
  return key && ofOne(did, { id: `${did}#${method === 'key' ? own : '0'}`, controller: did, key });
}

/** Reads what was fetched for `issuer`: its document, or what stands at the address of the key itself. Throws a text that says what is wrong. */
export async function keysFrom(bytes, method, issuer, atAddress) {
  const document = parse(bytes, LARGEST);
  if (!atAddress) return readDocument(document, issuer);
  const [address, fragment] = method.includes('#') ? [method.slice(0, method.indexOf('#')), method.slice(method.indexOf('#') + 1)] : [method];
  const isNamed = (jwk) => typeof jwk?.kid === 'string' && (jwk.kid === method || jwk.kid === fragment);
  let jwk;
  if (document?.kty !== undefined) {
    jwk = fragment === undefined || isNamed(document) ? document : undefined;
  } else if (document?.keys !== undefined) {
    if (!Array.isArray(document.keys) || document.keys.length > MOST) throw new DocumentError('keys does not have the form that the specification gives it');
    const found = document.keys.filter(isNamed);
    jwk = document.keys.length === 1 && fragment === undefined ? document.keys[0] : found.length === 1 ? found[0] : undefined;
  } else if (document?.id === method && document.verificationMethod === undefined) {
    return ofOne(issuer, await readMethod(document));
  } else {
    return readDocument(document, address);
  }
  if (jwk === undefined) throw new DocumentError(`there is not exactly one key "${method.slice(0, 200)}"`);
  return ofOne(issuer, { id: method, controller: issuer, key: await fromJwk(jwk) });
}

/** The key behind `method`, if the document lets it make assertions, or did until it was withdrawn; else `{ outcome, code, data }`. */
export function assertionKey(document, method, now) {
  const found = document.methods.find(({ id }) => id === method);
  if (!found) return { outcome: 'failed', code: 'key_not_listed', data: { method } };
  const withdrawn = found.revoked <= now && found.key !== undefined;
  if (!(document.assertions.includes(method) || withdrawn) || found.controller !== document.id) return { outcome: 'failed', code: 'key_not_for_assertions', data: { method } };
  if (found.fault) {
    const { kind, message } = found.fault;
    return { outcome: 'not_checked', code: AGREED[kind], data: { found: message, problem: message } };
  }
  return found;
}
