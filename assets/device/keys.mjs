// Public keys of every kind that issuers sign with: Ed25519, P-256, P-384, P-521, RSA. A key has one algorithm, and only that one is tried.

import { fromBase64url, fromMultibase, fromNumber, joined, sha256, toBase64url, toNumber, utf8 } from './bytes.mjs';

/** `kind`: `unsupported` (a key that is sound, only not for us), `key` (cannot be used), `document` (the document that lists it cannot be used). */
export class KeyError extends Error {
  constructor(kind, problem) {
    super(problem);
    this.kind = kind;
  }
}

const ED25519_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
/** The y coordinates, little-endian with the sign set aside, of all points of small order and their other spellings. */
const SMALL_ORDER = [0n, 1n, 2n ** 255n - 20n, 2n ** 255n - 19n, 2n ** 255n - 18n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n, 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n];
const littleEndian = (bytes) => toNumber(Uint8Array.from(bytes).reverse());
const isSmall = (point) => SMALL_ORDER.includes(littleEndian(point) & (2n ** 255n - 1n));

const CURVES = [
  { name: 'P-256', alg: 'ES256', hash: 'SHA-256', length: 32, prefix: [0x80, 0x24],
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n, b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn },
  { name: 'P-384', alg: 'ES384', hash: 'SHA-384', length: 48, prefix: [0x81, 0x24],
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn },
  { name: 'P-521', alg: 'ES512', hash: 'SHA-512', length: 66, prefix: [0x82, 0x24], p: 2n ** 521n - 1n,
    b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n },
];

const ALGORITHMS = { EdDSA: 'EdDSA', Ed25519: 'EdDSA', ES256: 'ES256', ES384: 'ES384', ES512: 'ES512', RS256: 'RS256' };
/** The algorithm of that JOSE name; undefined where it is not one of ours. */
export const algorithmOf = (name) => (Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined);

/** RFC 7638, over members that are in order already. */
const thumbprint = async (members) => toBase64url(await sha256(utf8(JSON.stringify(members))));

async function ed25519(bytes) {
  if (isSmall(bytes)) throw new KeyError('key', 'a point of small order');
  const check = await ed25519Check(bytes);
  return {
    alg: 'EdDSA',
    thumbprint: await thumbprint({ crv: 'Ed25519', kty: 'OKP', x: toBase64url(bytes) }),
    async verifies(message, signature) {
      // strictly: no malleable signature, no point of small order (RFC 8032 §5.1.7)
      if (signature.length !== 64 || littleEndian(signature.slice(32)) >= ED25519_ORDER || isSmall(signature.slice(0, 32))) return false;
      return check(signature, message);
    },
  };
}

/** By the browser, or where it does not know the curve by a library in JavaScript. */
async function ed25519Check(bytes) {
  let key;
  try {
    key = await crypto.subtle.importKey('raw', bytes, { name: 'Ed25519' }, false, ['verify']);
  } catch (error) {
    if (error?.name !== 'NotSupportedError' && error?.name !== 'SyntaxError') throw new KeyError('key', 'no point on the curve');
  }
  if (key) return (signature, message) => crypto.subtle.verify({ name: 'Ed25519' }, key, signature, message);
  const { verifyAsync } = await import('./vendor/noble-ed25519.mjs');
  return (signature, message) => verifyAsync(signature, message, bytes, { zip215: false }).catch(() => false);
}

async function ecdsa(curve, x, y, broken) {
  const jwk = { crv: curve.name, kty: 'EC', x: toBase64url(x), y: toBase64url(y) };
  let key;
  try {
    key = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: curve.name }, false, ['verify']);
  } catch (error) {
    throw error?.name === 'NotSupportedError' ? new KeyError('unsupported', `EC ${curve.name}`) : broken;
  }
  return {
    alg: curve.alg,
    thumbprint: await thumbprint(jwk),
    verifies: async (message, signature) =>
      signature.length === 2 * curve.length && crypto.subtle.verify({ name: 'ECDSA', hash: curve.hash }, key, signature, message),
  };
}

async function rsa(modulus, exponent) {
  const bits = modulus.length * 8 - (Math.clz32(modulus[0] ?? 0) - 24);
  if (modulus[0] === 0 || exponent[0] === 0 || !modulus.length || bits < 2048 || bits > 8192 || modulus.at(-1) % 2 === 0) {
    throw new KeyError('document', 'the modulus is not one that is read');
  }
  if (exponent.length > 4 || toNumber(exponent) < 3n || exponent.at(-1) % 2 === 0) throw new KeyError('document', 'the exponent is not one that is read');
  const jwk = { e: toBase64url(exponent), kty: 'RSA', n: toBase64url(modulus) };
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
    .catch(() => { throw new KeyError('document', 'the RSA key cannot be used'); });
  return {
    alg: 'RS256',
    thumbprint: await thumbprint(jwk),
    verifies: async (message, signature) =>
      signature.length === modulus.length && crypto.subtle.verify(algorithm, key, signature, message),
  };
}

/** `z6Mk…`, `zDna…`, `z82L…`, `z2J9…` as a key. */
export async function fromMultikey(text) {
  const bytes = fromMultibase(text);
  if (!bytes) throw new KeyError('key', 'it is not base58btc multibase');
  const curve = CURVES.find(({ prefix }) => bytes[0] === prefix[0] && bytes[1] === prefix[1]);
  if (curve) {
    const off = new KeyError('key', 'no compressed point on the curve');
    const point = bytes.slice(2);
    if (point.length !== 1 + curve.length || ![2, 3].includes(point[0])) throw off;
    const x = toNumber(point.slice(1));
    if (x >= curve.p) throw off;
    const root = power((((x * x - 3n) * x + curve.b) % curve.p + curve.p) % curve.p, (curve.p + 1n) / 4n, curve.p);
    const y = Number(root & 1n) === point[0] - 2 ? root : curve.p - root;
    return ecdsa(curve, point.slice(1), fromNumber(y, curve.length), off);
  }
  if (bytes[0] !== 0xed || bytes[1] !== 0x01 || bytes.length !== 34) throw new KeyError('unsupported', 'Multikey');
  return ed25519(bytes.slice(2));
}

function power(base, exponent, modulus) {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = square * square % modulus) {
    if (rest & 1n) result = result * square % modulus;
  }
  return result;
}

const SECRET = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];

/** The key of a JWK. One that publishes a secret, or is not meant for verifying, is refused. */
export async function fromJwk(jwk) {
  const broken = (problem) => new KeyError('document', problem);
  if (jwk === null || typeof jwk !== 'object' || Array.isArray(jwk)) throw broken('a JWK is a JSON object');
  const secret = SECRET.find((member) => member in jwk);
  if (secret) throw broken(`the JWK publishes the secret member "${secret}"`);
  if ('use' in jwk && jwk.use !== 'sig') throw broken('use is not sig');
  if ('key_ops' in jwk && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify'))) throw broken('key_ops does not list verify');
  const number = (member, length) => {
    const text = jwk[member];
    const bytes = typeof text === 'string' && text.length <= 1366 ? fromBase64url(text) : undefined;
    if (!bytes || (length !== undefined && bytes.length !== length)) throw broken(`${member} is malformed`);
    return bytes;
  };
  const curve = CURVES.find(({ name }) => name === jwk.crv);
  let key;
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519') key = await ed25519(number('x', 32));
  else if (jwk.kty === 'EC' && curve) key = await ecdsa(curve, number('x', curve.length), number('y', curve.length), broken('the point is malformed'));
  else if (jwk.kty === 'RSA' && !('crv' in jwk)) key = await rsa(number('n'), number('e'));
  else throw new KeyError('unsupported', `${jwk.kty} ${jwk.crv}`.slice(0, 80));
  if ('alg' in jwk && algorithmOf(jwk.alg) !== key.alg) throw broken('alg is not the one of its type');
  return key;
}

/** Whether an issuer uses `key` for `use` (`credential`, `status_list`): true of every issuer but ours, of whose keys we know. */
export async function lets(policy, issuer, key, use) {
  if (!policy.own_keys || !policy.own_issuers.includes(issuer)) return true;
  for (const own of policy.own_keys) {
    if (own.uses.includes(use) && (await fromMultikey(own.key)).thumbprint === key.thumbprint) return true;
  }
  return false;
}

/** The 64 bytes that an embedded `eddsa-…-2022` proof signs. */
export const hashed = async (options, document) => joined(await sha256(utf8(options)), await sha256(utf8(document)));
