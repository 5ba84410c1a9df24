// An issuer of its own name (did:key), as a stranger may be: signs any credential as `vc+jwt`.
import { generateKeyPairSync, sign } from 'node:crypto';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function base58(bytes) {
  let number = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 58n) text = ALPHABET[Number(number % 58n)] + text;
  return text;
}

/** → `issue(changes)`, a compact JWS of a credential with these members changed. */
export function strangersIssuer() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const bytes = Buffer.from(publicKey.export({ format: 'jwk' }).x, 'base64url');
  const name = `z${base58(Buffer.concat([Buffer.from([0xed, 0x01]), bytes]))}`;
  const issuer = `did:key:${name}`;
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return (changes = {}) => {
    const credential = {
      '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
      id: 'urn:uuid:7d3f1f5e-0f43-4a86-9a63-0d6b6e3a8f10', type: ['VerifiableCredential', 'OpenBadgeCredential'],
      issuer: { id: issuer, type: ['Profile'], name: 'A Far Guild' }, validFrom: '2024-01-01T00:00:00Z',
      credentialSubject: {
        id: 'urn:uuid:2c4b9a52-6f0e-4b15-8e87-3f1f0a6f6b11', type: ['AchievementSubject'], name: 'Ada Lovelace',
        achievement: { id: 'https://far.example/achievements/1', type: ['Achievement'], name: 'Far Foundations', description: 'Far.', criteria: { narrative: 'Come.' } },
      },
      ...changes,
    };
    const signed = `${part({ alg: 'EdDSA', typ: 'vc+jwt', kid: `${issuer}#${name}` })}.${part(credential)}`;
    return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
  };
}
