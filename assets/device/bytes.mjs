// Texts that stand for bytes, each with the one spelling that it has, and bytes compared and hashed.

export const utf8 = (text) => new TextEncoder().encode(text);
export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
export const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
export const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** base64url without padding (RFC 4648 §5); undefined for any other spelling of the same bytes. */
export function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  const spare = [0, 0, 4, 2][text.length % 4];
  const last = LETTERS.indexOf(text.at(-1) ?? 'A');
  return spare > 0 && last % (1 << spare) !== 0 ? undefined : bytes;
}

export function toBase64url(bytes) {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Multibase `z…` (base58btc) of at most 128 letters; undefined where it is none. */
export function fromMultibase(text) {
  if (typeof text !== 'string' || text.length > 128 || text[0] !== 'z') return undefined;
  let number = 0n;
  for (const letter of text.slice(1)) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return undefined;
    number = number * 58n + BigInt(digit);
  }
  const zeros = /^1*/.exec(text.slice(1))[0].length;
  const bytes = [];
  for (; number > 0n; number >>= 8n) bytes.unshift(Number(number & 0xffn));
  return Uint8Array.from([...Array(zeros).fill(0), ...bytes]);
}

/** A big-endian number as bytes, and back. */
export const toNumber = (bytes) => bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
export function fromNumber(number, length) {
  const bytes = new Uint8Array(length);
  for (let at = length - 1, rest = number; at >= 0; at -= 1, rest >>= 8n) bytes[at] = Number(rest & 0xffn);
  return bytes;
}
