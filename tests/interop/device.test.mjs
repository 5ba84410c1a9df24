// The modules that verify in the browser (assets/device), held to the server's own table of cases: where they reach a verdict it is the
// server's, check by check, and where they do not it is `unknown`. Nothing may be valid here that the server does not call valid.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { repository } from '../demo/demo.mjs';
import { keysFrom } from '../../assets/device/did.mjs';
import { fromJwk } from '../../assets/device/keys.mjs';
import { decode, entryOf, isSet } from '../../assets/device/status_list.mjs';
import { Unreadable, verify } from '../../assets/device/verifier.mjs';

const table = JSON.parse(readFileSync(join(repository, 'crates/waymark-credential/tests/vectors/verification.json'), 'utf8'));
const bytesOf = ({ text, base64 }) => new Uint8Array(text === undefined ? Buffer.from(base64, 'base64') : Buffer.from(text));
const documents = table.documents.map(bytesOf);

async function run({ input, now, policy, supplies }) {
  const resolve = async ({ kind, of }) => {
    const supply = supplies.find((each) => each.want === kind && each.of === of);
    if (!supply) throw new Error('unreachable');
    return { bytes: documents[supply.found], fetchedAt: supply.fetched_at && Date.parse(supply.fetched_at) };
  };
  try {
    return await verify(bytesOf(input), { now: Date.parse(now), policy, resolve });
  } catch (error) {
    if (error instanceof Unreadable) return { unreadable: error.message };
    throw error;
  }
}

/** What these modules read: a JWT in any of its forms, and JSON whose proofs are all `eddsa-jcs-2022`; not the older data model. */
function isOurs({ input: { text } }) {
  if (text === undefined) return false;
  const read = text.trim();
  const said = read.startsWith('{') ? read : Buffer.from(read.split('.')[1] ?? '', 'base64url').toString();
  if (said.includes('"https://www.w3.org/2018/credentials/v1"')) return false;
  if (!read.startsWith('{')) return !read.startsWith('<') && !read.startsWith('\ufeff') && !read.startsWith('[');
  return read.includes('eddsa-jcs-2022') && !read.includes('eddsa-rdfc-2022');
}

/** Only the server's own records tell these. */
const fromRecords = ['revoked', 'suspended', 'key_revoked_but_recorded', 'key_expired_but_recorded', 'not_in_records', 'key_revoked_unrecorded'];

test('every case of the shared table', async (t) => {
  const told = { same: 0, unknown: 0 };
  for (const each of table.cases) {
    await t.test(each.name, async () => {
      const { expected } = each;
      const found = await run(each);
      if (expected.unreadable || found.unreadable) {
        const left = !isOurs(each) && found.state === 'unknown';
        if (!left) assert.equal(found.unreadable, expected.unreadable);
        return;
      }
      if (found.state === 'valid') assert.equal(expected.state, 'valid', 'valid here and not there');
      const brief = ({ checks }) => checks.filter(({ id }) => id !== 'recipient').map(({ id, outcome }) => `${id}: ${outcome}`);
      const byRecord = expected.checks.some(({ code }) => fromRecords.includes(code));
      if (isOurs(each) && !byRecord) {
        told.same += 1;
        assert.equal(found.state, expected.state, JSON.stringify(found.checks));
        assert.deepEqual(brief(found), brief(expected));
        const codes = (report) => report.checks.filter(({ id }) => id !== 'recipient' && id !== 'issuer_identity').map(({ code }) => code);
        assert.deepEqual(codes(found), codes(expected));
      } else if (found.state === 'unknown') {
        told.unknown += 1;
      } else {
        assert.equal(found.state, expected.state, JSON.stringify(found.checks));
      }
    });
  }
  assert.ok(told.same > 100 && told.unknown > 30, JSON.stringify(told));
});

test('the status lists of the table, whatever the form of the credential', async (t) => {
  let asked = 0;
  for (const { name, input, now, supplies, policy, expected } of table.cases) {
    const status = expected.checks?.find(({ id }) => id === 'status');
    const supplied = (kind, of) => supplies.find((each) => each.want === kind && each.of === of);
    if (!status || policy.own_issuers.length > 0 || !input.text?.trim().startsWith('{') || ['not_reached', 'status_not_declared'].includes(status.code)) continue;
    const credential = JSON.parse(input.text);
    const issuer = credential.issuer?.id ?? credential.issuer;
    const keys = supplied('did_document', issuer) ?? supplied('key_document', issuer);
    if (!keys || !credential.credentialStatus) continue;
    asked += 1;
    await t.test(name, async () => {
      const document = await keysFrom(documents[keys.found], '', issuer, false);
      const resolve = async ({ of }) => {
        const supply = supplied('status_list', of);
        if (!supply) throw new Error('unreachable');
        return { bytes: documents[supply.found], fetchedAt: supply.fetched_at && Date.parse(supply.fetched_at) };
      };
      const found = await (async () => {
        try {
          const entry = entryOf(credential.credentialStatus, credential.id);
          if (!(await isSet(entry, issuer, document, Date.parse(now), resolve))) return 'status_clear';
          if (entry.named !== undefined) return 'revoked';
          return entry.purpose === 'suspension' ? 'suspended' : 'revoked_by_list';
        } catch (error) {
          return error.code ?? error;
        }
      })();
      assert.equal(found, status.code);
    });
  }
  assert.ok(asked > 30, `${asked} lists`);
});

test('a list that unpacks to more than a list may have is refused, not cut', async () => {
  const encoded = `u${gzipSync(Buffer.alloc(64 * 1024 * 1024)).toString('base64url')}`;
  await assert.rejects(decode(encoded), (error) => error.code === 'list_unusable');
  const twice = Buffer.concat([gzipSync(Buffer.alloc(16384)), gzipSync(Buffer.alloc(16384))]).toString('base64url');
  await assert.rejects(decode(`u${twice}`), (error) => error.code === 'list_unusable');
  assert.equal((await decode(`u${gzipSync(Buffer.alloc(16384)).toString('base64url')}`)).length, 16384);
});

test('a browser without Ed25519 comes to the same verdicts', async (t) => {
  const own = crypto.subtle.importKey;
  crypto.subtle.importKey = function importKey(format, key, algorithm, ...rest) {
    if (algorithm.name === 'Ed25519') return Promise.reject(new DOMException('unknown curve', 'NotSupportedError'));
    return own.call(crypto.subtle, format, key, algorithm, ...rest);
  };
  t.after(() => { delete crypto.subtle.importKey; });
  for (const name of ['JWT', 'JWT with another payload', 'JWT, revoked', 'valid, eddsa-jcs-2022', 'eddsa-jcs-2022 with the types in another order']) {
    const each = table.cases.find((one) => one.name === name);
    assert.equal((await run(each)).state, each.expected.state, name);
  }
});

test('keys and signatures that are good for every message are refused', async () => {
  const identity = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from([1, ...Array(31).fill(0)]).toString('base64url') };
  await assert.rejects(fromJwk(identity), /small order/);
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = await fromJwk(publicKey.export({ format: 'jwk' }));
  const message = new Uint8Array([1, 2, 3]);
  const good = new Uint8Array(sign(null, message, privateKey));
  assert.equal(await key.verifies(message, good), true);
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = BigInt(`0x${Buffer.from(good.slice(32)).reverse().toString('hex')}`) + order;
  const malleable = Buffer.concat([good.slice(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()]);
  assert.equal(await key.verifies(message, new Uint8Array(malleable)), false);
});

test('what others made is what THIRD_PARTY.md names', () => {
  const listed = readFileSync(join(repository, 'THIRD_PARTY.md'), 'utf8');
  const folder = join(repository, 'assets/device/vendor');
  const files = readdirSync(folder).filter((name) => !name.endsWith('.LICENSE'));
  assert.deepEqual(files.sort(), ['jsqr.js', 'noble-ed25519.mjs']);
  for (const name of files) {
    const hash = createHash('sha256').update(readFileSync(join(folder, name))).digest('hex');
    const row = listed.split('\n').find((line) => line.includes(`assets/device/vendor/${name}`)) ?? '';
    assert.ok(row.includes(hash), `${name}: ${hash}`);
  }
});
