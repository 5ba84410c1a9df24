// The release binary alone, in an empty folder with nothing on PATH, is the whole demo.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { apiOf, binary, startDemo } from '../demo/demo.mjs';

let demo;
before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-one-file-'));
  copyFileSync(binary(), join(folder, 'waymark'));
  assert.deepEqual(readdirSync(folder), ['waymark']);
  demo = await startDemo({ program: join(folder, 'waymark'), folder });
});
after(() => demo?.stop());

const get = async (url, headers = {}) => {
  const answer = await fetch(url, { headers });
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
};

test('pages come in the language asked for', async () => {
  for (const [language, script] of [['ja', /[ぁ-ん]/], ['en', /[a-z]/]]) {
    for (const path of ['/', '/verify', new URL(demo.published).pathname]) {
      const page = await get(demo.origin + path, { 'accept-language': language });
      const html = page.bytes.toString();
      assert.equal(page.status, 200, path);
      assert.match(html, new RegExp(`<html[^>]* lang="?${language}`), path);
      assert.match(html, script, path);
      assert.doesNotMatch(html, /⟦/, `${path} lacks a text`);
    }
  }
});

test('every style, script, icon and font that a page names is inside', async () => {
  const seen = new Set();
  for (const path of ['/', '/verify', new URL(demo.published).pathname]) {
    const html = (await get(demo.origin + path)).bytes.toString();
    for (const [, address] of html.matchAll(/<(?:link|script|img|use|source)\b[^>]*?\b(?:href|src)="([^"#]+)/g)) {
      const url = new URL(address, demo.origin + path);
      if (url.origin === demo.origin) seen.add(url.href);
    }
  }
  for (const url of [...seen].filter((each) => each.endsWith('.css'))) {
    const css = (await get(url)).bytes.toString();
    for (const [, address] of css.matchAll(/url\(["']?([^"')]+)/g)) if (!address.startsWith('data:')) seen.add(new URL(address, url).href);
  }
  assert.ok(seen.size > 0, 'the pages name no asset at all');
  for (const url of seen) assert.equal((await get(url)).status, 200, url);
});

test('the published credential comes in every form', async () => {
  const forms = { '.json': /json|vc/, '.jwt': /jwt/, '.png': /image\/png/, '.svg': /image\/svg/, '.qr.svg': /image\/svg/ };
  for (const [ending, type] of Object.entries(forms)) {
    const answer = await get(demo.published + ending);
    assert.equal(answer.status, 200, ending);
    assert.match(answer.type, type, ending);
    assert.ok(answer.bytes.length > 100, ending);
  }
});

test('the same program verifies what it published', async () => {
  const { code, out, err } = await demo.run('credential', 'verify', demo.published, '--json');
  assert.equal(JSON.parse(out).state, 'valid', out + err);
  assert.equal(code, 0);
});

test('every answer carries the safety headers, errors too', async () => {
  for (const path of ['/', '/no-such-page', '/api/v1/no-such-call', '/healthz']) {
    const { headers } = await get(demo.origin + path);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src/, path);
    assert.doesNotMatch(policy, /unsafe-(inline|eval)/, path);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
    assert.ok(headers.get('referrer-policy'), path);
  }
});

test('a second start on the same folder finds the same program', async () => {
  const { body } = await apiOf(demo.origin)('GET', `${new URL(demo.published).pathname}.json`);
  assert.match(body.id, /^urn:uuid:/);
  const { folder } = demo;
  await demo.stop({ keep: true });
  demo = await startDemo({ program: join(folder, 'waymark'), folder });
  const again = await apiOf(demo.origin)('GET', `${new URL(demo.published).pathname}.json`);
  assert.equal(again.body.id, body.id);
});
