// The credential core without a server: what `waymark-credential` signs in each suite, judged by other people's verifiers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { repository } from '../demo/demo.mjs';
import { othersAgree } from './agreement.mjs';
import { verifyJwt } from './verifiers.mjs';

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
