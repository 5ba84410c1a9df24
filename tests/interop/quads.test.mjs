// Five hundred generated credentials with every optional member: the N-Quads that `waymark-credential` writes straight from its types are those
// of a full JSON-LD processor that nobody of this project wrote.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import jsonld from 'jsonld';
import { repository } from '../demo/demo.mjs';
import { loaderOf } from './verifiers.mjs';

test('jsonld writes the same canonical N-Quads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-quads-'));
  const file = join(folder, 'quads.jsonl');
  execFileSync('cargo', ['test', '--quiet', '--locked', '--package=waymark-credential', '--test=it', '--', '--ignored', '--exact',
    'direct::five_hundred_for_another_processor'],
  { cwd: repository, env: { ...process.env, WAYMARK_QUADS_FILE: file }, stdio: ['ignore', 'ignore', 'inherit'] });
  const lines = readFileSync(file, 'utf8').split('\n').map((line) => JSON.parse(line));
  rmSync(folder, { recursive: true });
  assert.equal(lines.length, 500);
  const documentLoader = loaderOf();
  for (const { document, quads } of lines) {
    const theirs = await jsonld.canonize(document, { algorithm: 'RDFC-1.0', format: 'application/n-quads', documentLoader, safe: true });
    assert.equal(theirs, quads, JSON.stringify(document));
  }
});
