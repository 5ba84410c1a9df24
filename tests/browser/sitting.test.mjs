// What a candidate and those who look after them see, in an exam with sections, words to type and a choice of two: what is half answered, what is said aloud, an
// input method, a pause with a message, a result that is held; and every page of it held to axe, a phone and 400 % zoom, in both languages.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { apiOf, startDemo } from '../demo/demo.mjs';
import { check, launch, personIn, sideways } from './browser.mjs';
import { textsOf } from './texts.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const ready = (page) => page.locator('html[data-player-ready]').waitFor({ state: 'attached' });
const visible = (locator) => locator.waitFor({ state: 'visible' });

const both = (...words) => JSON.stringify(words.map((word) => ({ ja: word, en: word })));
const bank = `- {id: PAIR, type: multiple_choice, choose: 2, domain: first, question: {ja: 素数を 2 つ選んでください。, en: Choose two primes.}, answers: ${both('2', '4', '7', '9')}, correct: [0, 2], scoring: per_part}
- {id: TOWN, type: short_text, domain: first, question: {ja: 日本の首都は？, en: The capital of Japan?}, correct: [東京, Tokyo]}
- {id: ONE, domain: second, question: {ja: 最初の数は？, en: Which comes first?}, answers: ${both('1', '2', '3')}, correct: 0}
- {id: LAST, domain: second, question: {ja: 最後の数は？, en: Which comes last?}, answers: ${both('1', '2', '3')}, correct: 2}
`;
const exam = `slug: mixed
title: {ja: 混合の試験, en: Mixed exam}
bank: mixed
domains:
  - {domain: first, title: {ja: 数と言葉, en: Numbers and words}}
  - {domain: second, title: {ja: 順番, en: Order}}
blueprint: {domains: {first: 2, second: 2}}
timing: {minutes: 20}
rules: {attempts: 3}
scoring: {cut: 3}
release: held
sections:
  - {name: a, title: {ja: 前半, en: First half}, domains: [first], minutes: 12, navigation: locked, break_minutes: 3}
  - {name: b, title: {ja: 後半, en: Second half}, domains: [second], minutes: 8, navigation: linear}
`;

/** A demo with one more exam, a candidate who is signed in, and a key of staff. */
async function demoWith(t, locale, options = {}) {
  const demo = await startDemo();
  const person = await personIn(browser, { origin: demo.origin, locale, name: 'member', ...options });
  t.after(async () => { await person.close(); await demo.stop(); });
  const folder = join(demo.folder, 'program');
  const exported = await demo.run('program', 'export', folder);
  assert.equal(exported.code, 0, exported.err);
  for (const name of ['banks', 'exams']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'banks', 'mixed.yaml'), bank);
  writeFileSync(join(folder, 'exams', 'mixed.yaml'), exam);
  const applied = await demo.run('program', 'apply', folder);
  assert.equal(applied.code, 0, applied.err + applied.out);
  const key = (await demo.run('api-key', 'create', '--role', 'admin', '--name', 'Hall 1')).out.trim();
  const text = textsOf(locale);
  const signIn = async (who, link) => {
    await who.page.goto(link);
    await Promise.all([who.page.waitForURL((to) => !to.pathname.startsWith('/login')), who.page.getByRole('button', { name: text('sign-in-button'), exact: true }).click()]);
  };
  await signIn(person, demo.roles.member);
  return { demo, person, page: person.page, text, api: apiOf(demo.origin, key), signIn };
}

async function begin({ page, text }, slug = 'mixed') {
  await page.goto(`/exams/${slug}`);
  await page.getByLabel(text('intro-agree')).check();
  await page.locator(`form[action="/exams/${slug}"] button`).click();
  await page.waitForURL('**/exam/*/1');
  await ready(page);
  return new URL(page.url()).pathname.split('/')[2];
}

/** No page may need sideways scrolling at 320 CSS pixels: a window of 1280 at 400 % (WCAG 2.2, 1.4.10). */
async function narrow(page, name) {
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 256 });
  const over = await sideways(page);
  await page.setViewportSize(size);
  assert.equal(over, '', `${name}: wider than the window at 400 %: ${over}`);
}

const look = async (person, name) => { await check(person, name); await narrow(person.page, name); };
const saved = (page, text) => page.getByRole('status').filter({ hasText: new RegExp(text('player-saved', { time: '[0-9:]+' })) });

/** Goes to the question that holds this field, of those that are open. */
async function questionWith(page, selector) {
  for (const position of [1, 2]) {
    await page.goto(page.url().replace(/\/\d+$/, `/${position}`));
    await ready(page);
    if (await page.locator(selector).count()) return position;
  }
  throw new Error(`no question has ${selector}`);
}

for (const locale of ['ja', 'en']) {
  test(`an exam with sections, from the page before to the receipt, ${locale}`, async (t) => {
    const { demo, person, page, text, api, signIn } = await demoWith(t, locale);
    await page.goto('/exams');
    await look(person, 'sitting-catalogue');
    await page.goto('/exams/mixed');
    await visible(page.getByText(text('intro-sections')));
    await look(person, 'sitting-before');
    const attempt = await begin({ page, text });
    const cell = page.locator('.navigator [data-current]');

    const two = await questionWith(page, '#options input[type=checkbox]');
    await page.locator('#options label').nth(0).click();
    await visible(saved(page, text));
    assert.equal(await cell.getAttribute('aria-label'), text('player-cell', { position: two, state: text('player-incomplete') }), 'one of two is half an answer');
    assert.equal(await cell.evaluate((each) => each.classList.contains('position--answered')), false);
    const before = await cell.getAttribute('class');
    await page.reload();
    await ready(page);
    assert.equal(await cell.getAttribute('class'), before, 'as the server says it');
    await page.goto(`/exam/${attempt}/review`);
    await visible(page.getByRole('heading', { name: text('review-incomplete', { count: 1 }) }));
    await visible(page.getByRole('heading', { name: text('review-section', { name: locale === 'ja' ? '前半' : 'First half' }) }));
    assert.equal(await page.locator('a[href$="/3"], a[href$="/4"]').count(), 0, 'nothing leads to what is not open');
    await look(person, 'sitting-review');
    await page.goto(`/exam/${attempt}/${two}`);
    await ready(page);
    await page.locator('#options label').nth(2).click();
    await page.locator('.navigator [data-current].position--answered').waitFor();
    await look(person, 'sitting-question');
    assert.equal(await page.locator('.navigator button:disabled').count(), 2, 'the second half is shut');

    const paused = await api('POST', `/api/v1/attempts/${attempt}/steps/pause`, { reason: 'fire alarm' });
    assert.equal(paused.status, 200, JSON.stringify(paused.body));
    await visible(page.getByRole('heading', { name: text('pause-staff') })); // the page hears of it by itself
    const words = 'Please leave the room.';
    assert.equal((await api('POST', `/api/v1/attempts/${attempt}/messages`, { text: words, reason: 'fire alarm' })).status, 201);
    await visible(page.getByRole('alert').filter({ hasText: words })); // by itself: nobody loads the page again
    await look(person, 'sitting-pause');
    await page.getByRole('button', { name: text('player-message-read') }).click();
    await page.waitForURL(`**/exam/${attempt}`);
    assert.equal(await page.getByText(words).count(), 0, 'read is read');
    await api('POST', `/api/v1/attempts/${attempt}/steps/continue`, { reason: 'all clear' });
    await page.waitForURL(`**/exam/${attempt}/*`);

    await page.goto(`/exam/${attempt}/review`);
    await page.getByRole('button', { name: text('review-section-leave') }).click();
    await page.getByRole('button', { name: text('pause-end') }).click();
    await page.waitForURL('**/exam/*/3');
    await ready(page);
    assert.equal(await page.locator('[data-key=p]').isDisabled(), true, 'nothing leads back');
    await page.locator('#options label').nth(0).click();
    await visible(saved(page, text));
    await page.keyboard.press('n');
    await page.waitForURL('**/exam/*/4'); // forward, and not to the review
    await ready(page);
    assert.equal(await page.locator('[data-key=p]').isDisabled(), true, 'forward only');
    await page.keyboard.press('n');
    await page.waitForURL('**/review');
    await page.locator('[data-submit] button').click();
    await page.waitForURL('**/result');
    await visible(page.getByText(text('result-next-held')));
    await look(person, 'sitting-held');
    await page.goto(`/exam/${attempt}/receipt`);
    await look(person, 'sitting-receipt');
    await page.emulateMedia({ media: 'print' });
    const hidden = await page.locator('.actions, .page-footer, .lang-switch').evaluateAll((all) => all.every((each) => getComputedStyle(each).display === 'none'));
    assert.ok(hidden, 'paper has no buttons');
    await page.emulateMedia({ media: 'screen' });
    assert.equal((await api('POST', '/api/v1/exams/mixed/results/release', { all: true })).status, 200);
    await page.goto(`/exam/${attempt}/result`);
    await visible(page.getByRole('heading', { name: text('result-sections') }));
    await look(person, 'sitting-result');

    const staff = await personIn(browser, { origin: demo.origin, locale, name: 'staff' });
    t.after(() => staff.close());
    await signIn(staff, demo.roles.admin);
    for (const [path, name] of [['exams/mixed/live', 'monitor'], [`attempts/${attempt}`, 'attempt'], ['exams/mixed/candidates', 'candidates'], ['exams/mixed/results', 'results']]) {
      await staff.page.goto(`/admin/${path}`);
      await look(staff, `sitting-${name}`);
    }
    await staff.page.goto(`/admin/attempts/${attempt}`);
    await visible(staff.page.getByText(text('person-key', { name: 'Hall 1' })).first());
  });
}

test('what a program writes beside an open window is refused', async (t) => {
  const { page, text } = await demoWith(t, 'en');
  const attempt = await begin({ page, text });
  const answers = await page.evaluate(async (id) => {
    const csrf = document.querySelector('[data-player]').dataset.csrf;
    const put = async (body) => {
      const answer = await fetch(`/api/v1/attempts/${id}/responses/1`, { method: 'PUT', headers: { 'content-type': 'application/json', 'x-csrf-token': csrf }, body: JSON.stringify(body) });
      return [answer.status, (await answer.json()).code];
    };
    return [await put({ response: [], revision: 0, client_op_id: 'beside-1' }), await put({ response: [], revision: 0, client_op_id: 'beside-2', lease: 9 })];
  }, attempt);
  assert.deepEqual(answers, [[409, 'lease_lost'], [409, 'lease_lost']]);
});

test('an input method: half a word is never saved, the whole word is', async (t) => {
  const { person, page, text } = await demoWith(t, 'ja');
  await page.clock.install();
  const attempt = await begin({ page, text });
  const position = await questionWith(page, '#options #text');
  const stored = async () => (await page.evaluate(async ([id, n]) => (await fetch(`/api/v1/attempts/${id}/items/${n}`)).json(), [attempt, position]));
  const saves = [];
  page.on('request', (request) => { if (request.method() === 'PUT' && request.url().includes('/responses/')) saves.push(request.postDataJSON().response); });
  const input = await person.context.newCDPSession(page);
  await page.locator('#text').focus();
  await input.send('Input.imeSetComposition', { text: 'とう', selectionStart: 2, selectionEnd: 2 });
  await input.send('Input.imeSetComposition', { text: 'とうきょう', selectionStart: 5, selectionEnd: 5 });
  await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', isComposing: true, bubbles: true })));
  assert.ok(page.url().endsWith(`/${position}`), 'a key of the input method is no shortcut');
  await page.clock.runFor(2000); // longer than a change waits to be saved
  assert.deepEqual(saves, [], 'nothing was sent');
  await input.send('Input.insertText', { text: '東京' }); // the word is chosen
  await page.clock.runFor(1000);
  await visible(saved(page, text));
  assert.equal((await stored()).response, '東京');
  assert.deepEqual(saves, ['東京'], 'once, and whole');
});

test('the time left is said at its steps, the last minute at once, and no second in between', async (t) => {
  const { page, text } = await demoWith(t, 'en');
  const attempt = await begin({ page, text }, 'foundations-exam');
  await page.route('**/contact', (route) => route.abort()); // the page's own clock alone
  await page.clock.install();
  await page.goto(`/exam/${attempt}/1`);
  await ready(page);
  await page.evaluate(() => {
    globalThis.spoken = [];
    const live = '[aria-live=polite], [aria-live=assertive], [role=status]:not([aria-live=off]), [role=alert]';
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const place = (target.nodeType === Node.TEXT_NODE ? target.parentElement : target)?.closest(live);
        if (place) globalThis.spoken.push(place.textContent.trim());
      }
    }).observe(document.querySelector('[data-player]'), { subtree: true, childList: true, characterData: true });
  });
  await page.clock.runFor(60_000);
  assert.deepEqual(await page.evaluate(() => globalThis.spoken.filter((words) => /\d/.test(words))), [], 'the seconds are silent');
  await page.clock.fastForward('09:30');
  assert.equal(await page.locator('[data-announce]').textContent(), text('player-half-left'));
  await page.clock.fastForward('05:00');
  assert.equal(await page.locator('[data-announce]').textContent(), text('player-minutes-left', { minutes: 5 }));
  assert.equal(await page.locator('[data-announce-now]').textContent(), '');
  await page.clock.fastForward('03:45');
  assert.equal(await page.locator('[data-announce-now]').textContent(), text('player-minutes-left', { minutes: 1 }));
});

test('the order of the Tab key follows the page', async (t) => {
  const { page, text } = await demoWith(t, 'en');
  await begin({ page, text });
  await questionWith(page, '#options input[type=checkbox]');
  assert.equal(await page.locator('[tabindex]').evaluateAll((all) => all.filter((each) => each.tabIndex > 0).length), 0, 'nobody jumps the queue');
  await page.locator('#question').focus();
  const visited = [];
  for (let n = 0; n < 12; n += 1) {
    await page.keyboard.press('Tab');
    visited.push(await page.evaluate(() => document.activeElement.name === 'choice' ? 'choice' : document.activeElement.dataset.key ?? (document.activeElement.matches('.position') ? 'grid' : document.activeElement.value ?? document.activeElement.tagName)));
  }
  const at = (name) => visited.indexOf(name);
  assert.ok(at('choice') === 0 && at('choice') < at('f') && at('f') < at('n') && at('n') < at('grid') && at('grid') < at('review'), visited.join(' '));
  assert.equal(visited.filter((each) => each === 'grid').length, 1, 'the grid is one stop');
});
