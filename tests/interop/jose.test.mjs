// JOSE of others against ours: what npm's `jose` signs, `waymark credential verify` judges; and the program that W3C's suite runs, once by each
// kind of key.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CompactSign, compactVerify, exportJWK, generateKeyPair } from 'jose';
import { binary, repository } from '../demo/demo.mjs';

const folder = mkdtempSync(join(tmpdir(), 'waymark-jose-'));
after(() => rmSync(folder, { recursive: true }));
const file = (name, content) => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const badge = (issuer) => ({
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
  id: 'urn:uuid:5b7d3f4e-2a1c-4a8e-9d3b-7f2e6c1a0b9d',
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  name: 'Lantern keeper',
  issuer: { id: issuer, type: ['Profile'], name: 'Another Guild' },
  validFrom: '2026-01-02T03:04:05Z',
  credentialSubject: {
    id: 'urn:uuid:0f5c1f3a-8d52-4f5e-b0f2-9c6a3d7e1b24',
    type: ['AchievementSubject'],
    achievement: { id: 'https://guild.example/a/1', type: ['Achievement'], name: 'Lantern keeper', description: 'Keeps lanterns lit.',
      criteria: { narrative: 'Kept ten lanterns lit through a winter.' } },
  },
});

const sign = (header, payload, key) => new CompactSign(new TextEncoder().encode(JSON.stringify(payload))).setProtectedHeader(header).sign(key);

function judged(name, jwt, keys) {
  const given = keys ? ['--keys', file(`${name}.keys.json`, keys)] : [];
  const run = spawnSync(binary(), ['credential', 'verify', '--json', '--offline', file(`${name}.jwt`, jwt), ...given], { cwd: folder, encoding: 'utf8' });
  assert.ok([0, 20].includes(run.status), run.stderr);
  const { state, checks } = JSON.parse(run.stdout);
  return { state, codes: Object.fromEntries(checks.map(({ id, code }) => [id, code])) };
}

/** The same JWT with another name inside, under the signature of the first. */
function changed(jwt) {
  const [header, payload, signature] = jwt.split('.');
  const other = Buffer.from(payload, 'base64url').toString().replace('"Lantern keeper"', '"Lantern master"');
  assert.notEqual(Buffer.from(other).toString('base64url'), payload);
  return [header, Buffer.from(other).toString('base64url'), signature].join('.');
}

function base58(bytes) {
  const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  let text = '';
  for (let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`); number > 0n; number /= 58n) text = letters[Number(number % 58n)] + text;
  return text;
}

/** `did:key` of a P-256 key: its code, then the point in its short form. */
function didKey({ x, y }) {
  const [across, up] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  return `did:key:z${base58(Buffer.concat([Buffer.from([0x80, 0x24, 2 + (up[31] & 1)]), across]))}`;
}

const ofWeb = (did, kid, jwk) => ({ id: did, verificationMethod: [{ id: kid, type: 'JsonWebKey', controller: did, publicKeyJwk: jwk }], assertionMethod: [kid] });

async function pair(alg) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { jwk: await exportJWK(publicKey), privateKey, publicKey };
}

function both(name, jwt, keys) {
  const good = judged(`${name}-good`, jwt, keys);
  assert.equal(good.state, 'valid', JSON.stringify(good));
  const bad = judged(`${name}-changed`, changed(jwt), keys);
  assert.deepEqual([bad.state, bad.codes.proof], ['altered', 'proof_invalid']);
}

for (const alg of ['ES256', 'RS256', 'EdDSA']) {
  test(`vc+jwt by jose with ${alg}, did:web`, async () => {
    const did = 'did:web:college.example';
    const kid = `${did}#key-1`;
    const { jwk, privateKey } = await pair(alg);
    const jwt = await sign({ alg, typ: 'vc+jwt', cty: 'vc', kid }, badge(did), privateKey);
    both(`web-${alg}`, jwt, ofWeb(did, kid, jwk));
    const another = (await pair(alg)).jwk;
    assert.equal(judged(`web-${alg}-another`, jwt, ofWeb(did, kid, another)).state, 'altered', "another's key");
    assert.equal(judged(`web-${alg}-none`, jwt).state, 'unknown', 'nobody gave the key');
  });
}

test('vc+jwt by jose with ES256, did:key', async () => {
  const { jwk, privateKey } = await pair('ES256');
  const did = didKey(jwk);
  both('key-ES256', await sign({ alg: 'ES256', typ: 'vc+jwt', kid: `${did}#${did.slice('did:key:'.length)}` }, badge(did), privateKey));
});

for (const alg of ['RS256', 'ES256']) {
  test(`Open Badges' own JWT by jose with ${alg}, a key at an https address`, async () => {
    const issuer = 'https://college.example/issuer';
    const { jwk, privateKey } = await pair(alg);
    const payload = badge(issuer);
    const claims = { iss: issuer, jti: payload.id, sub: payload.credentialSubject.id, nbf: Date.parse(payload.validFrom) / 1000 };
    const jwt = await sign({ alg, typ: 'JWT', kid: `${issuer}/keys/1` }, { ...payload, ...claims }, privateKey);
    both(`open-badges-${alg}`, jwt, jwk);
    const misnamed = await sign({ alg, typ: 'JWT', kid: `${issuer}/keys/1` }, { ...payload, ...claims, jti: 'urn:another' }, privateKey);
    assert.equal(judged(`open-badges-${alg}-claim`, misnamed, jwk).codes.shape, 'jwt_claim_contradicts');
  });
}

test('what W3C\'s vc-jose-cose suite runs issues and verifies with each kind of key', async (t) => {
  execFileSync('cargo', ['build', '--quiet', '--locked', '--package=waymark-credential', '--example=jose_suite'], { cwd: repository });
  const program = join(process.env.CARGO_TARGET_DIR ?? join(repository, 'target'), 'debug', 'examples', 'jose_suite');
  assert.ok(existsSync(program), program);
  const controller = 'https://issuer.example/suite';
  const ask = (action, input, key) => {
    const output = join(folder, 'answer.json');
    execFileSync(program, [action, '--input', file('input', input), '--key', key, '--feature', 'credential_jose', '--output', output]);
    return JSON.parse(readFileSync(output, 'utf8'));
  };
  const kinds = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512', Ed25519: 'EdDSA' };
  for (const [curve, alg] of Object.entries(kinds)) {
    await t.test(curve, async () => {
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      const method = { id: `${controller}#${curve}`, type: 'JsonWebKey', controller, publicKeyJwk: await exportJWK(publicKey), secretKeyJwk: await exportJWK(privateKey) };
      const key = file(`${curve}.json`, method);
      const credential = { '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiableCredential'], issuer: controller,
        credentialSubject: { id: 'did:example:subject' }, name: 'Lantern keeper' };
      const issued = ask('issue', credential, key);
      assert.equal(issued.result, 'success', issued.data);
      assert.equal((await compactVerify(issued.data, publicKey)).protectedHeader.alg, alg, 'jose agrees');
      assert.equal(ask('verify', issued.data, key).result, 'success');
      assert.equal(ask('verify', changed(issued.data), key).result, 'failure');
      const theirs = await sign({ alg, typ: 'vc+jwt', cty: 'vc', kid: method.id }, credential, privateKey);
      assert.equal(ask('verify', theirs, key).result, 'success', 'what jose signs');
    });
  }
});
