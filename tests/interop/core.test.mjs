// The credential core without a server: what `waymark-credential` signs in each suite, judged by other people's verifiers.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { binary, repository } from '../demo/demo.mjs';
import { othersAgree } from './agreement.mjs';
import { coreLog } from './verifier_core.mjs';
import { verifyEmbedded, verifyJwt } from './verifiers.mjs';

const printed = execFileSync('cargo', ['run', '--quiet', '--locked', '--package=waymark-credential', '--example=first_light'],
  { cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const forms = JSON.parse(printed);

for (const suite of ['eddsa-rdfc-2022', 'eddsa-jcs-2022']) {
  test(`others agree on ${suite}`, async (t) => {
    const { credential, statusList } = forms[suite];
    assert.equal(credential.proof[0].cryptosuite, suite);
    await othersAgree(t, { credential, lists: { [statusList.id]: statusList }, jwt: forms['vc+jwt'].credential });
  });
}

test('jose accepts the status list as a JWT', async () => {
  const { header, credential } = await verifyJwt(forms['vc+jwt'].statusList);
  assert.equal(header.typ, 'vc+jwt');
  assert.deepEqual(credential.type, ['VerifiableCredential', 'BitstringStatusListCredential']);
});

// docs/adr/0011: why one embedded proof is issued, not a set.
test('a set of proofs: each library needs one that it knows, and looks no further', async (t) => {
  const { credential, statusList } = forms['eddsa-rdfc-2022'];
  const [rdfc] = credential.proof;
  const [jcs] = forms['eddsa-jcs-2022'].credential.proof;
  const broken = (proof) => ({ ...proof, proofValue: `z${[...proof.proofValue.slice(1)].reverse().join('')}` });
  const lists = { [statusList.id]: statusList };
  const told = async (...proof) => {
    const set = { ...credential, proof };
    const [own, core] = [await verifyEmbedded(set, lists), await coreLog(set, lists)];
    return [own.verified, core.steps.valid_signature === true];
  };
  await t.test('both good', async () => assert.deepEqual(await told(rdfc, jcs), [true, true]));
  await t.test('the other way round', async () => assert.deepEqual(await told(jcs, rdfc), [true, true]));
  await t.test('the JCS proof alone', async () => assert.deepEqual(await told(jcs), [true, false]));
  await t.test('the JCS proof broken: nobody says so', async () => assert.deepEqual(await told(rdfc, broken(jcs)), [true, true]));
  await t.test('the RDFC proof broken', async () => assert.deepEqual(await told(broken(rdfc), jcs), [true, false]));
  await t.test('waymark asks that all of them hold', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'waymark-set-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const stateOf = (...proof) => {
      writeFileSync(join(folder, 'set.json'), JSON.stringify({ ...credential, proof }));
      writeFileSync(join(folder, 'list.json'), JSON.stringify(statusList));
      const { stdout } = spawnSync(binary(), ['credential', 'verify', '--json', join(folder, 'set.json'), '--status', join(folder, 'list.json')],
        { cwd: folder, encoding: 'utf8' });
      return JSON.parse(stdout).state;
    };
    assert.equal(stateOf(rdfc, jcs), 'valid');
    assert.equal(stateOf(rdfc, broken(jcs)), 'altered');
  });
});
