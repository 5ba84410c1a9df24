// The exam player under fault: the network pulled in the middle, a tab killed, the time over without a connection, two tabs, the keyboard alone, no JavaScript.
// No answer that the page called saved is ever lost.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { startDemo } from '../demo/demo.mjs';
import { check, expectComplaint, launch, personIn } from './browser.mjs';
import { storyOf } from './story.mjs';
import { textsOf } from './texts.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const ready = (page) => page.locator('html[data-player-ready]').waitFor({ state: 'attached' });
const visible = (locator) => locator.waitFor({ state: 'visible' });
const away = (complaints) => { for (let n = complaints.length - 1; n >= 0; n -= 1) if (/ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(complaints[n])) complaints.splice(n, 1); };

async function begin(t, locale, options = {}) {
  const demo = await startDemo();
  const person = await personIn(browser, { origin: demo.origin, locale, name: 'member', ...options });
  t.after(async () => { await person.close(); await demo.stop(); });
  const text = textsOf(locale);
  const { page } = person;
  await page.goto(demo.roles.member);
  await Promise.all([page.waitForURL((to) => !to.pathname.startsWith('/login')), page.getByRole('button', { name: text('sign-in-button'), exact: true }).click()]);
  await page.goto('/exams/foundations-exam');
  await page.getByLabel(text('intro-agree')).check();
  await page.getByRole('button', { name: text('intro-begin', { minutes: 20 }), exact: true }).click();
  await page.waitForURL('**/exam/*/1');
  const attempt = new URL(page.url()).pathname.split('/')[2];
  if (options.javaScriptEnabled !== false) await ready(page);
  const saved = (each = page) => each.getByRole('status').filter({ hasText: new RegExp(text('player-saved', { time: '[0-9:]+' })) });
  const stored = (position, each = page) => each.evaluate(async ([id, n]) => (await fetch(`/api/v1/attempts/${id}/items/${n}`)).json(), [attempt, position]);
  return { demo, person, page, text, attempt, saved, stored, step: storyOf(t, { name: 'player', people: () => [person], demo: () => demo }) };
}

for (const locale of ['ja', 'en']) {
  test(`the network is pulled and comes back, ${locale}`, async (t) => {
    const { person, page, text, saved, stored, step } = await begin(t, locale);
    const option = (n) => page.locator('#options label').nth(n);
    const save = page.locator('[data-save-state]');

    await step('an answer is saved at once, with the time', async () => {
      await option(0).click();
      await visible(saved());
      assert.equal((await stored(1)).revision, 1);
      await page.waitForTimeout(1500); // the next questions are fetched in advance
      await check(person, 'player-question');
    });
    await step('without a connection answers stay, and the next question opens', async () => {
      await person.context.setOffline(true);
      await option(1).click();
      await visible(save.and(page.locator('.save-state--offline')).filter({ hasText: '1' }));
      await page.getByRole('button', { name: text('player-next'), exact: true }).last().click();
      await visible(page.getByRole('heading', { name: text('player-question-of', { position: 2, count: 12 }) }));
      assert.equal(await page.locator('#options input:checked').count(), 0);
      await option(0).click();
      away(person.complaints);
      await page.getByRole('button', { name: text('player-back'), exact: true }).click();
      await visible(page.getByRole('heading', { name: text('player-question-of', { position: 1, count: 12 }) }));
      assert.equal(await page.locator('#options input').nth(1).isChecked(), true, 'the page remembers');
    });
    await step('what waits is encrypted on the device', async () => {
      const kept = await page.evaluate(() => new Promise((done) => {
        const open = indexedDB.open('waymark-player');
        open.onsuccess = () => { const all = open.result.transaction('queues').objectStore('queues').getAll(); all.onsuccess = () => done(all.result.map(({ data }) => new TextDecoder('latin1').decode(data))); };
      }));
      assert.equal(kept.length, 1);
      assert.ok(!kept[0].includes('response') && !kept[0].includes('position'), 'readable in the store');
    });
    await step('with the connection all of it is replayed, in order', async () => {
      await person.context.setOffline(false);
      await visible(saved());
      away(person.complaints);
      const [one, two] = [await stored(1), await stored(2)];
      assert.equal(one.revision, 2);
      // Question 1 may be one with several answers: then the first one is there as well.
      assert.ok(one.response.includes(await page.locator('#options input').nth(1).getAttribute('value')));
      assert.equal(two.response.length, 1);
      await page.reload();
      await ready(page);
      assert.equal(await page.locator('#options input').nth(1).isChecked(), true);
      await check(person, 'player-after-offline');
    });
  });
}

test('a tab is killed with answers that were not sent', async (t) => {
  const { person, page, text, attempt, stored } = await begin(t, 'en');
  await person.context.setOffline(true);
  await page.locator('#options label').nth(2).click();
  await visible(page.locator('.save-state--offline').filter({ hasText: '1' }));
  const handle = await page.locator('#options input').nth(2).getAttribute('value');
  await page.close({ runBeforeUnload: false });
  await person.context.setOffline(false);
  away(person.complaints);

  const again = await person.context.newPage();
  await again.goto(`/exam/${attempt}`);
  await ready(again);
  // The killed window still holds the lease: this one says so, shows what it found on the device, and takes over.
  await visible(again.getByText(text('player-lease'), { exact: true }));
  assert.equal(await again.locator('#options input').first().isDisabled(), true, 'reading only');
  await Promise.all([again.waitForEvent('load'), again.getByRole('button', { name: text('player-take-over') }).click()]);
  await ready(again);
  await visible(again.getByRole('status').filter({ hasText: /Saved/ }));
  assert.deepEqual((await stored(1, again)).response, [handle], 'nothing was lost');
  person.page = again;
  await check(person, 'player-after-crash');
});

test('two tabs: one writes, the other reads, and taking over is one click', async (t) => {
  const { person, page, text, attempt, saved, stored } = await begin(t, 'en');
  await page.locator('#options label').nth(0).click();
  await visible(saved());
  const second = await person.context.newPage();
  await second.goto(`/exam/${attempt}/1`);
  await ready(second);
  await visible(second.getByText(text('player-lease'), { exact: true }));
  await check({ ...person, page: second }, 'player-read-only');
  await page.route('**/contact', (route) => route.abort()); // the first window does not hear of it by itself
  await Promise.all([second.waitForEvent('load'), second.getByRole('button', { name: text('player-take-over') }).click()]);
  await ready(second);
  await second.locator('#options label').nth(1).click();
  await visible(saved(second));

  // The first window does not know yet: its answer is refused, shown, and not lost.
  await page.locator('#options label').nth(2).click();
  await visible(page.getByRole('button', { name: text('player-take-over') }));
  const mine = await page.locator('#options label').nth(2).innerText();
  assert.ok((await page.locator('[data-kept-text]').inputValue()).includes(mine.trim()), 'kept for copying');
  expectComplaint(person, /409/);
  const [first, second1, third] = await second.locator('#options input').evaluateAll((inputs) => inputs.map((input) => input.value));
  const several = await second.locator('#options input[type=checkbox]').count() > 0; // the question is drawn: one answer or several
  assert.deepEqual((await stored(1, second)).response.toSorted(), (several ? [first, second1] : [second1]).toSorted());
  assert.ok(!(await stored(1, second)).response.includes(third));
});

test('the time is over without a connection: told honestly, text kept, nothing scored', async (t) => {
  const { person, page, text, attempt, demo } = await begin(t, 'ja');
  await person.context.setOffline(true);
  await page.locator('#options label').nth(1).click();
  await visible(page.locator('.save-state--offline').filter({ hasText: '1' }));
  // Somebody hands in from elsewhere meanwhile: for this window the attempt is over.
  const other = await personIn(browser, { origin: demo.origin, locale: 'ja', name: 'elsewhere', storageState: await person.context.storageState() });
  t.after(() => other.close());
  await other.page.goto(`/exam/${attempt}/review`);
  await other.page.locator('[data-submit] button').click();
  await other.page.waitForURL('**/result');
  await person.context.setOffline(false);
  await visible(page.getByText(text('player-late-kept'), { exact: true }));
  const kept = await page.locator('[data-kept-text]').inputValue();
  assert.notEqual(kept, '');
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('[data-kept-file]').click()]);
  assert.equal(await readFile(await file.path(), 'utf8'), `${kept}\n`, 'the same words as a file');
  away(person.complaints);
  expectComplaint(person, /409/);
  person.complaints.length = 0;
  await check(person, 'player-late');
  await page.goto(`/exam/${attempt}/receipt`);
  await visible(page.getByText(text('receipt-late', { count: 1 })));
  await check(person, 'player-receipt');
});

test('the keyboard alone, from the first question to the result', async (t) => {
  const { person, page, text, saved } = await begin(t, 'en');
  for (let position = 1; position <= 12; position += 1) {
    await visible(page.getByRole('heading', { name: text('player-question-of', { position, count: 12 }) }));
    await page.keyboard.press('1');
    if (await page.locator('#options input[type=checkbox]').count()) await page.keyboard.press('b');
    await visible(saved());
    if (position === 2) {
      await page.keyboard.press('f');
      await visible(page.getByRole('button', { name: text('player-unflag') }));
      await page.locator('.navigator [aria-current]').focus();
      await page.keyboard.press('ArrowRight');
      assert.equal(await page.evaluate(() => document.activeElement.textContent), '3');
      assert.equal(await page.locator('.navigator .position[tabindex="0"]').count(), 1, 'one stop of the Tab key');
    }
    const url = page.url();
    await page.keyboard.press('n');
    await page.waitForURL((to) => to.href !== url);
    await ready(page);
  }
  assert.ok(page.url().endsWith('/review'));
  const button = page.locator('[data-submit] button');
  for (let n = 0; n < 60 && !(await button.evaluate((each) => each === document.activeElement)); n += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/result');
  assert.deepEqual(person.complaints, []);
});

test('400 % zoom, and reduced motion', async (t) => {
  const { page } = await begin(t, 'ja', { viewport: { width: 320, height: 256 }, reducedMotion: 'reduce' });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), 'sideways scrolling');
  const head = await page.locator('.player__head').evaluate((each) => [each.getBoundingClientRect().height, getComputedStyle(each).position]);
  assert.ok(head[1] !== 'sticky' || head[0] < 120, `the header covers the page: ${head}`);
});

test('without JavaScript the same exam works by form posts', async (t) => {
  const { page, text } = await begin(t, 'en', { javaScriptEnabled: false });
  await page.locator('#options input').first().check();
  await page.getByRole('button', { name: text('player-next'), exact: true }).last().click();
  await visible(page.getByRole('heading', { name: text('player-question-of', { position: 2, count: 12 }) }));
  await page.getByRole('button', { name: text('player-back'), exact: true }).click();
  assert.equal(await page.locator('#options input').first().isChecked(), true);
});
