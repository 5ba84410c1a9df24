// Credentials that a running Waymark issued, given to other people's verifiers; and theirs given to ours.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { apiOf, startDemo } from '../demo/demo.mjs';
import { othersAgree } from './agreement.mjs';
import { foreignCredential, foreignStatusList } from './foreign_issuer.mjs';
import { tampered } from './tamper.mjs';
import { coreLog } from './verifier_core.mjs';
import { verifyEmbedded } from './verifiers.mjs';

let demo;
let api;
let issued; // { id, share_id, credential, jwt, lists }

const expectStatus = (answer, status) => {
  assert.equal(answer.status, status, `${JSON.stringify(answer.body)}\n${demo.complaints().slice(-2000)}`);
  return answer.body;
};

/** The status list that a credential names, as the server answers it now, by its URL. */
async function listOf(credential) {
  const url = credential.credentialStatus.statusListCredential;
  assert.equal(new URL(url).origin, demo.origin, 'the list of our own credential is on our own server');
  return { [url]: expectStatus(await apiOf(demo.origin)('GET', new URL(url).pathname), 200) };
}

async function issue(email, name) {
  const member = expectStatus(await api('POST', '/api/v1/members', { email, name, locale: 'en' }), 201);
  const { id, share_id, state, credential } = expectStatus(await api('POST', '/api/v1/credentials', { track: 'foundations', member: member.id }), 201);
  assert.equal(state, 'released');
  const { token } = expectStatus(await api('POST', `/api/v1/members/${member.id}/tokens`), 201);
  expectStatus(await apiOf(demo.origin, token)('PUT', `/api/v1/credentials/${id}/visibility`, { visibility: 'link' }), 200);
  const stranger = apiOf(demo.origin);
  const json = expectStatus(await stranger('GET', `/c/${share_id}.json`), 200);
  const jwt = expectStatus(await stranger('GET', `/c/${share_id}.jwt`), 200);
  assert.deepEqual(json, credential, 'the answer to the call and the public document are the same credential');
  return { id, share_id, credential: json, jwt: jwt.trim() };
}

before(async () => {
  demo = await startDemo();
  const made = await demo.run('api-key', 'create', '--role', 'owner', '--name', 'interop');
  assert.equal(made.code, 0, made.err);
  api = apiOf(demo.origin, made.out.trim());
  issued = await issue('kestrel@people.example', 'Kestrel Ito');
});
after(() => demo?.stop());

test('others agree on what was issued', async (t) => {
  const lists = await listOf(issued.credential);
  await othersAgree(t, { credential: issued.credential, lists, jwt: issued.jwt });
});

test('a revoked credential reads as revoked, its neighbour does not', async () => {
  const gone = await issue('heron@people.example', 'Heron Sato');
  assert.equal((await verifyEmbedded(gone.credential, await listOf(gone.credential))).revoked, false);
  expectStatus(await api('POST', `/api/v1/credentials/${gone.id}/revoke`, { reason_code: 'issued_in_error', public_reason: 'Sent twice.' }), 200);
  const after = await verifyEmbedded(gone.credential, await listOf(gone.credential));
  assert.equal(after.verified, true, after.error);
  assert.equal(after.revoked, true);
  const { steps, fatal } = await coreLog(gone.credential, await listOf(gone.credential));
  assert.deepEqual([steps.valid_signature, steps.revocation_status, fatal], [true, false, []], 'revoked is not altered');
  assert.equal((await verifyEmbedded(issued.credential, await listOf(issued.credential))).revoked, false);
});

test('a suspended credential never reads as valid; reinstated, the new document does and the old one stays revoked', async () => {
  const known = await issue('egret@people.example', 'Egret Mori');
  const step = async (name) => expectStatus(await api('POST', `/api/v1/credentials/${known.id}/${name}`, { reason_code: 'other' }), 200);
  await step('suspend');
  const revoked = async (credential) => {
    const { verified, revoked, error } = await verifyEmbedded(credential, await listOf(credential));
    assert.equal(verified, true, error);
    const { steps, fatal } = await coreLog(credential, await listOf(credential));
    assert.deepEqual([steps.valid_signature, steps.revocation_status, fatal], [true, !revoked, []]);
    return revoked;
  };
  assert.equal(await revoked(known.credential), true, 'others know the bit alone');
  const { credential } = await step('reinstate');
  assert.equal(credential.id, known.credential.id);
  assert.equal(await revoked(credential), false);
  assert.equal(await revoked(known.credential), true, 'a set bit never goes back');
});

test('a replaced credential reads as revoked, the one in its place as valid', async (t) => {
  const known = await issue('plover@people.example', 'Plover Abe');
  const { member } = expectStatus(await api('GET', `/api/v1/credentials/${known.id}`), 200);
  expectStatus(await api('PATCH', `/api/v1/members/${member}`, { name: 'Plover Kato' }, { 'if-match': '*' }), 200);
  const made = expectStatus(await api('POST', `/api/v1/credentials/${known.id}/replace`, {}), 201);
  assert.equal(made.credential.credentialSubject.name, 'Plover Kato');
  assert.notEqual(made.credential.id, known.credential.id);
  assert.equal((await verifyEmbedded(known.credential, await listOf(known.credential))).revoked, true);
  const jwt = expectStatus(await apiOf(demo.origin)('GET', `/c/${made.share_id}.jwt`), 200).trim();
  await othersAgree(t, { credential: made.credential, lists: await listOf(made.credential), jwt });
});

test('waymark verifies a credential that another library signed', async (t) => {
  let list;
  const server = createServer((request, response) => response.setHeader('content-type', 'application/vc').end(JSON.stringify(list)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  const url = `http://127.0.0.1:${server.address().port}/status/1`;
  const credential = await foreignCredential(url);
  const lists = { good: await foreignStatusList(url), revoked: await foreignStatusList(url, { revoked: true }) };
  const file = (name, content) => { const path = join(demo.folder, name); writeFileSync(path, JSON.stringify(content)); return path; };
  const path = file('foreign.json', credential);

  const stateOf = async (...args) => {
    const { code, out, err } = await demo.run('credential', 'verify', '--json', ...args);
    const { state } = JSON.parse(out || `{"state": ${JSON.stringify(err)}}`);
    assert.equal(code, state === 'valid' ? 0 : 20, err);
    return state;
  };
  await t.test('good', async () => assert.equal(await stateOf(path, '--status', file('good.json', lists.good)), 'valid'));
  await t.test('revoked', async () => assert.equal(await stateOf(path, '--status', file('revoked.json', lists.revoked)), 'revoked'));
  await t.test('without the list', async () => assert.equal(await stateOf(path, '--offline'), 'unknown'));
  for (const [part, changed] of tampered(credential)) {
    await t.test(`changed: ${part}`, async () => assert.equal(await stateOf(file('changed.json', changed), '--status', file('good.json', lists.good)), 'altered'));
  }
});
