// What other people's verifiers must say of one credential of ours, in each of its forms.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2019 from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { repository } from '../demo/demo.mjs';
import { tampered, tamperedJwt } from './tamper.mjs';
import { coreLog, noSchema } from './verifier_core.mjs';
import { verifyEmbedded, verifyJwt } from './verifiers.mjs';

const shared = process.env.WAYMARK_SHARED_DATA ?? join(repository, '..', 'shared', 'data');
const flavours = {
  'plain JSON': 'educredentials-ob_v3p0_achievementcredential_schema.json',
  'JSON-LD': 'waltid-ob_v3p0_achievementcredential_schema.json',
};

/** @digitalbazaar/vc with the status list, and the same refused once any part is changed. */
async function dataIntegrity(t, credential, lists) {
  const suite = [credential.proof].flat()[0].cryptosuite;
  await t.test(`@digitalbazaar/vc accepts ${suite} and its status list`, async () => {
    const { verified, revoked, error } = await verifyEmbedded(credential, lists);
    assert.equal(verified, true, error);
    assert.equal(revoked, false);
  });
  await t.test(`@digitalbazaar/vc refuses ${suite} changed in any part`, async (own) => {
    for (const [part, changed] of tampered(credential)) {
      await own.test(part, async () => assert.equal((await verifyEmbedded(changed, lists)).verified, false));
    }
  });
}

/** verifier-core reads `eddsa-rdfc-2022` alone. Its log tells a revoked credential, whose signature still holds, from a changed one, which has no log. */
async function verifierCore(t, credential, lists) {
  await t.test('verifier-core: valid_signature, not revoked, not expired', async () => {
    const { steps: { registered_issuer: registered, ...steps }, fatal } = await coreLog(credential, lists);
    assert.deepEqual({ steps, fatal }, { steps: { valid_signature: true, revocation_status: true, expiration: true }, fatal: [] });
    assert.equal(registered, false, 'no registry was given, so none can know the issuer');
  });
  await t.test('verifier-core: a list that cannot be had is said, and the signature is still valid', async () => {
    const { steps, refused } = await coreLog(credential);
    assert.equal(steps.valid_signature, true);
    assert.equal(steps.revocation_status, 'status_list_not_found');
    assert.ok(refused.includes(credential.credentialStatus.statusListCredential));
  });
  await t.test('verifier-core: refuses the credential changed in any part', async (own) => {
    for (const [part, changed] of tampered(credential)) {
      await own.test(part, async () => assert.deepEqual((await coreLog(changed, lists)).fatal, ['invalid_signature']));
    }
  });
  await t.test('verifier-core: schema_check', { skip: noSchema }, async () => {
    assert.deepEqual((await coreLog(credential, lists)).schema.map(({ result }) => result), [{ valid: true }]);
  });
  await t.test('verifier-core: registered_issuer', { skip: 'the registries of known issuers are on the internet' }, () => {});
}

/** jose, and the same refused once changed; the JWT must say what the embedded form says. */
async function jws(t, jwt, credential) {
  await t.test('jose accepts the JWT, and it says the same as the embedded form', async () => {
    const { header, credential: inside } = await verifyJwt(jwt);
    assert.equal(header.typ, 'vc+jwt');
    assert.equal(header.alg, 'EdDSA');
    const { proof, ...unsigned } = credential;
    assert.ok(proof);
    for (const member of Object.keys(unsigned)) assert.deepEqual(inside[member], unsigned[member], member);
  });
  await t.test('jose refuses the JWT changed in any part', async (own) => {
    for (const [part, changed] of tamperedJwt(jwt)) {
      await own.test(part, () => assert.rejects(verifyJwt(changed), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' }));
    }
  });
}

/** The Open Badges 3.0 schema in both flavours that circulate; each must also be able to refuse. */
async function schemas(t, credential) {
  for (const [flavour, file] of Object.entries(flavours)) {
    const path = join(shared, 'ob3-schemas', file);
    const skip = !existsSync(path) && `no Open Badges schemas here (set WAYMARK_SHARED_DATA): ${file}`;
    await t.test(`the Open Badges schema (${flavour}) accepts the credential`, { skip }, () => {
      const ajv = new Ajv2019({ strict: false, allErrors: true });
      addFormats(ajv);
      const validate = ajv.compile(JSON.parse(readFileSync(path, 'utf8')));
      assert.ok(validate(credential), JSON.stringify(validate.errors, null, 1));
      const lacking = structuredClone(credential);
      delete lacking.credentialSubject.achievement.criteria;
      assert.equal(validate(lacking), false, 'an achievement without criteria');
    });
  }
}

/** All of it for one credential; `lists` holds its status list by URL. */
export async function othersAgree(t, { credential, lists, jwt }) {
  await dataIntegrity(t, credential, lists);
  if ([credential.proof].flat().some(({ cryptosuite }) => cryptosuite === 'eddsa-rdfc-2022')) await verifierCore(t, credential, lists);
  if (jwt) await jws(t, jwt, credential);
  await schemas(t, credential);
}
