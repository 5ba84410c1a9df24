// The control: the verifiers as set up here accept a good credential that is not ours, and refuse what must be refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foreignCredential, foreignStatusList } from './foreign_issuer.mjs';
import { tampered } from './tamper.mjs';
import { verifyEmbedded } from './verifiers.mjs';

const url = 'https://guild.example/status/1';
const credential = await foreignCredential(url);
const good = { [url]: await foreignStatusList(url) };

test('a good credential verifies', async () => {
  const { verified, revoked, error } = await verifyEmbedded(credential, good);
  assert.equal(verified, true, error);
  assert.equal(revoked, false);
});

test('a set bit reads as revoked', async () => {
  assert.equal((await verifyEmbedded(credential, { [url]: await foreignStatusList(url, { revoked: true }) })).revoked, true);
});

test('a list that cannot be had is not a pass', async () => {
  assert.equal((await verifyEmbedded(credential)).verified, false);
});

test('a changed list is not a pass', async () => {
  const list = structuredClone(good[url]);
  list.credentialSubject.encodedList = (await foreignStatusList(url, { revoked: true })).credentialSubject.encodedList;
  assert.equal((await verifyEmbedded(credential, { [url]: list })).verified, false);
});

test('a credential changed in any part is refused', async (t) => {
  for (const [part, changed] of tampered(credential)) {
    await t.test(part, async () => assert.equal((await verifyEmbedded(changed, good)).verified, false));
  }
});
