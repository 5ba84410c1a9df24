// What a stranger sees: each state on the credential's page and in the verifier, by the server and on the device, on screen, on paper, in the dark and
// without JavaScript; and a QR code before the camera. Nothing ever leaves for another host.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PNG } from 'pngjs';
import { startDemo } from '../demo/demo.mjs';
import { check, expectComplaint, launch, personIn } from './browser.mjs';
import { strangersIssuer } from './foreign_issuer.mjs';
import { textsOf } from './texts.mjs';

let browser;
let demo;
/** state → address of a credential in it */
const addresses = {};

before(async () => {
  [browser, demo] = await Promise.all([launch(), startDemo()]);
  const admin = await personIn(browser, { origin: demo.origin, locale: 'en', name: 'admin' });
  const text = textsOf('en');
  await admin.page.goto(demo.roles.admin);
  await Promise.all([admin.page.waitForURL((to) => !to.pathname.startsWith('/login')), admin.page.getByRole('button', { name: text('sign-in-button') }).click()]);
  await admin.page.goto('/admin/credentials');
  const pages = await admin.page.locator('main a[href^="/admin/credentials/crd_"]').evaluateAll((links) => links.map((link) => link.pathname));
  for (const path of new Set(pages)) {
    if (Object.keys(addresses).length === 4) break;
    await admin.page.goto(path);
    const shared = await admin.page.locator('main a[href*="/c/"]').first().getAttribute('href', { timeout: 500 }).catch(() => undefined);
    if (!shared) continue;
    const address = new URL(shared, demo.origin).href;
    const answer = await fetch(address, { headers: { accept: 'text/html' } });
    const state = /banner--(\w+)/.exec(await answer.text())?.[1];
    if (answer.ok && ['valid', 'expired', 'suspended', 'revoked'].includes(state)) addresses[state] ??= address;
  }
  await admin.close();
  assert.deepEqual(Object.keys(addresses).sort(), ['expired', 'revoked', 'suspended', 'valid'], 'the demo shows one of each');
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const visible = (locator) => locator.waitFor({ state: 'visible' });
const dashed = (state) => state.replaceAll('_', '-');

for (const locale of ['ja', 'en']) {
  const text = textsOf(locale);
  const word = (state) => text(`state-${dashed(state)}`);
  const enter = async (t, options = {}) => {
    const person = await personIn(browser, { origin: demo.origin, locale, name: 'stranger', ...options });
    t.after(() => person.close());
    return person;
  };
  const onDevice = async (page) => {
    await page.getByRole('button', { name: text('device-check'), exact: true }).click();
    await visible(page.locator('[data-device-report] h2'));
    return page.locator('[data-device-report] .banner__word').innerText();
  };

  for (const state of ['valid', 'expired', 'suspended', 'revoked']) {
    test(`${state}: the page, the device, the dark and paper (${locale})`, async (t) => {
      const stranger = await enter(t);
      const { page } = stranger;
      await page.goto(addresses[state]);
      assert.equal(await page.getByRole('heading').first().innerText(), word(state), 'the first heading is the state');
      await check(stranger, `page-${state}`);
      await page.emulateMedia({ colorScheme: 'dark' });
      await check(stranger, `page-${state}-dark`);
      await page.emulateMedia({ colorScheme: 'light' });

      // the list alone does not tell a suspension from a revocation
      const expected = state === 'suspended' ? 'revoked' : state;
      assert.equal(await onDevice(page), word(expected));
      const report = await page.locator('[data-device-report]').innerText();
      assert.match(report, /[A-Za-z0-9_-]{43}/, 'the thumbprint of the key');
      assert.match(report, /\/c\/[0-9a-z]+\.jwt[\s\S]*\/status\//, 'what was fetched');
      if (state === 'suspended') assert.ok(report.includes(text('finding-revoked-by-list')), report);
      if (state === 'valid') await check(stranger, 'page-device');

      await page.reload();
      await page.emulateMedia({ media: 'print' });
      const seen = (selector) => page.locator(selector).first().isVisible();
      for (const gone of ['main .actions', '.page-nav', '.lang-switch', '.page-footer']) assert.equal(await seen(gone), false, `${gone} on paper`);
      await visible(page.getByText(text('print-copy')));
      assert.ok((await page.locator('.print-only').innerText()).includes(addresses[state]), 'the address as text');
      const paper = await page.locator('.banner').first().evaluate((banner) => {
        const { backgroundColor, color, borderTopWidth, borderTopStyle, breakInside } = getComputedStyle(banner);
        return { backgroundColor, color, box: borderTopStyle !== 'none' && Number.parseFloat(borderTopWidth) >= 1, breakInside };
      });
      assert.deepEqual(paper, { backgroundColor: 'rgba(0, 0, 0, 0)', color: 'rgb(0, 0, 0)', box: true, breakInside: 'avoid' });
      const { width } = await page.locator('.qr img').boundingBox();
      assert.ok(width >= 25 / 25.4 * 96, `the QR code is ${width} px wide, less than 25 mm`);
      assert.deepEqual(stranger.complaints, []);
    });
  }

  test(`the verifier, by the server and on the device (${locale})`, async (t) => {
    const stranger = await enter(t);
    const { page } = stranger;
    const issue = strangersIssuer();
    const genuine = issue();
    const jwt = await (await fetch(`${addresses.valid}.jwt`)).text();
    const json = await (await fetch(`${addresses.valid}.json`)).text();
    const [header, payload, signature] = jwt.split('.');
    const changed = Buffer.from(payload, 'base64url').toString().replace(/"validFrom":"20/, '"validFrom":"19');
    const given = {
      valid: [genuine, 'valid'], ours: [jwt, 'valid'],
      expired: [issue({ validUntil: '2025-01-01T00:00:00Z' }), 'expired'], early: [issue({ validFrom: '2990-01-01T00:00:00Z' }), 'not_yet_valid'],
      altered: [`${header}.${Buffer.from(changed).toString('base64url')}.${signature}`, 'altered'],
      // of a purpose that nobody knows here: no list is asked for
      unknown: [issue({ credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'refresh', statusListIndex: '1', statusListCredential: 'https://far.example/s' } }), 'unknown'],
    };
    const box = page.getByLabel(text('verify-text'), { exact: true });
    await page.goto('/verify');
    await check(stranger, 'verify-with-scanner');
    for (const [name, [pasted, state]] of Object.entries(given)) {
      await box.fill(pasted);
      assert.equal(await onDevice(page), word(state), `${name} on the device`);
      if (state === 'altered') {
        const report = await page.locator('[data-device-report]').innerText();
        assert.ok(report.includes(text('report-shows-nothing')) && !report.includes(text('device-says')), report);
      }
      if (name === 'altered' || name === 'early') await check(stranger, `device-${name}`);
      await page.getByRole('button', { name: text('verify-button'), exact: true }).click();
      await visible(page.getByRole('main').getByRole('status').first());
      assert.equal(await page.getByRole('heading').first().innerText(), word(state), `${name} by the server`);
      await page.goto('/verify');
    }
    await box.fill(addresses.revoked);
    assert.equal(await onDevice(page), word('revoked'), 'an address of ours');
    await box.fill(json);
    await page.getByRole('button', { name: text('device-check'), exact: true }).click();
    await visible(page.getByRole('heading', { name: text('device-offer'), exact: true }));
    const offer = page.locator('[data-device-report]');
    assert.equal(await offer.locator('.banner, .check').count(), 0, 'what is left to the server has no verdict here');
    assert.ok((await offer.innerText()).includes(text('device-kept')), 'and has not left the device');
    await check(stranger, 'device-offer');
    await page.getByRole('button', { name: text('device-ask-server'), exact: true }).click();
    await visible(page.getByRole('heading', { name: word('valid'), exact: true }));
    await page.goto('/verify');
    await page.getByRole('button', { name: text('device-check'), exact: true }).click();
    await visible(page.getByText(text('device-no-file')));
    await check(stranger, 'device-nothing');
  });

  test(`private, unknown, and everything without JavaScript (${locale})`, async (t) => {
    const reader = await enter(t, { javaScriptEnabled: false });
    const { page } = reader;
    for (const [state, address] of Object.entries(addresses)) {
      await page.goto(address);
      assert.equal(await page.getByRole('heading').first().innerText(), word(state));
      assert.equal(await page.getByRole('button', { name: text('device-check') }).count(), 0, 'no button that does nothing');
      await visible(page.getByRole('link', { name: text('credential-check') }));
    }
    await page.goto('/verify');
    await visible(page.getByRole('button', { name: text('verify-button'), exact: true }));
    for (const gone of ['device-check', 'scan-camera']) assert.equal(await page.getByRole('button', { name: text(gone) }).count(), 0);
    const stranger = await enter(t);
    await stranger.page.goto('/c/00000000000000000000000000');
    assert.equal(await stranger.page.getByRole('heading').first().innerText(), word('private'));
    expectComplaint(stranger, /404/);
    await check(stranger, 'page-private');
  });
}

test('a QR code before the camera, and in a picture', async (t) => {
  const text = textsOf('en');
  const folder = mkdtempSync(join(tmpdir(), 'waymark-camera-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const painter = await personIn(browser, { origin: demo.origin, locale: 'en', name: 'painter' });
  t.after(() => painter.close());
  await painter.page.goto(addresses.valid);
  const code = PNG.sync.read(await painter.page.locator('.qr img').screenshot());
  const [width, height] = [640, 480];
  const film = join(folder, 'code.y4m');
  writeFileSync(film, asFilm(code, { width, height }));
  const picture = join(folder, 'code.png');
  writeFileSync(picture, PNG.sync.write(code));

  const filming = await launch('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${film}`);
  t.after(() => filming.close());
  const stranger = await personIn(filming, { origin: demo.origin, locale: 'en', name: 'stranger' });
  const asked = [];
  stranger.context.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  const { page } = stranger;
  const box = page.getByLabel(text('verify-text'), { exact: true });
  const found = async () => {
    await page.waitForFunction(() => document.querySelector('#text').value !== '');
    assert.equal((await box.inputValue()).toLowerCase(), addresses.valid.toLowerCase());
  };
  await page.goto('/verify');
  asked.length = 0;
  await page.getByRole('button', { name: text('scan-camera'), exact: true }).click();
  await found();
  assert.equal(await page.locator('video').evaluate((video) => video.hidden && video.srcObject === null), true, 'the camera is off again');
  const words = page.locator('[data-scan-words]');
  assert.ok((await words.innerText()).includes(new URL(demo.origin).host), 'the domain is shown');
  assert.equal(await words.locator('.notice--warning').count(), 0, 'a domain of this program');
  assert.deepEqual(asked.filter((each) => !each.startsWith('GET /assets/')), ['GET /verify/device.json'], 'nothing is opened before a button is pressed');
  await check(stranger, 'scanned');

  await box.fill('');
  await page.getByLabel(text('scan-picture')).setInputFiles(picture);
  await found();
  await page.getByLabel(text('scan-picture')).setInputFiles({ name: 'empty.png', mimeType: 'image/png', buffer: PNG.sync.write(new PNG({ width: 64, height: 64, fill: true })) });
  await visible(page.getByText(text('scan-nothing')));

  // the same picture where another program is at home
  await stranger.context.route('**/verify/device.json*', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...await answer.json(), base: 'https://certs.example' } });
  });
  const home = demo.origin.replace('127.0.0.1', 'localhost');
  stranger.complaints.length = 0;
  await page.goto(`${home}/verify`);
  await page.getByLabel(text('scan-picture')).setInputFiles(picture);
  await visible(page.locator('.notice--warning').first());
  assert.ok((await words.innerText()).includes(text('scan-foreign', { domain: new URL(demo.origin).host })));
});

/** A picture as a short film, black on white, for a camera that is no camera: YUV4MPEG2, 4:2:0. */
function asFilm(code, { width, height }) {
  const light = Buffer.alloc(width * height, 235);
  const [left, top] = [Math.floor((width - code.width) / 2), Math.floor((height - code.height) / 2)];
  for (let y = 0; y < code.height; y += 1) {
    for (let x = 0; x < code.width; x += 1) {
      if (code.data[(y * code.width + x) * 4] < 128) light[(top + y) * width + left + x] = 16;
    }
  }
  const frame = Buffer.concat([Buffer.from('FRAME\n'), light, Buffer.alloc(width * height / 2, 128)]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame, frame]);
}
