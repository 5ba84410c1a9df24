// The story of the demo as its people live it, in Japanese and in English: from a sign-in link to a revoked credential.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startDemo } from '../demo/demo.mjs';
import { rightOptions } from './answer_key.mjs';
import { check, expectComplaint, launch, personIn } from './browser.mjs';
import { readQr, statusBit, unbakePng } from './reading.mjs';
import { storyOf } from './story.mjs';
import { textsOf } from './texts.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const track = { ja: 'あかり番 基礎認定', en: 'Lantern Keeper Foundations' };
// The demo's member reads Japanese: so does what she was awarded, on a page in any language.
const holder = '七瀬 ひかり';
const signedTitle = track.ja;
const reasons = { ja: '重ねて発行したため', en: 'It was issued twice.' };

for (const locale of ['ja', 'en']) {
  test(`the story, ${locale}`, async (t) => {
    const text = textsOf(locale);
    const reason = reasons[locale];
    const demo = await startDemo();
    const people = [];
    const enter = async (name) => { const person = await personIn(browser, { origin: demo.origin, locale, name }); people.push(person); return person; };
    t.after(async () => { for (const person of people) await person.close(); await demo.stop(); });

    const member = await enter('member');
    const stranger = await enter('stranger');
    const admin = await enter('admin');
    const step = storyOf(t, { name: 'story', people: () => people, demo: () => demo });

    const button = (page, key, values) => page.getByRole('button', { name: text(key, values), exact: true });
    const link = (page, key, values) => page.getByRole('link', { name: text(key, values), exact: true });
    const heading = (page, name) => page.getByRole('heading', { name, exact: true });
    const visible = (locator) => locator.waitFor({ state: 'visible' });

    const signIn = async ({ page }, url) => {
      await page.goto(url);
      await Promise.all([page.waitForURL((to) => !to.pathname.startsWith('/login')), button(page, 'sign-in-button').click()]);
    };

    await step('1 the member signs in by the printed link and sees what is missing', async () => {
      const { page } = member;
      await page.goto(demo.roles.member);
      await visible(button(page, 'sign-in-button'));
      await check(member, '1-sign-in');
      await page.reload(); // looking at the link uses nothing up
      assert.equal(await page.getByRole('main').getByRole('button').count(), 1, 'the page has one button');
      await button(page, 'sign-in-button').click();
      await page.waitForURL('**/me');
      await visible(heading(page, text('me-missing')));
      await visible(page.getByRole('link', { name: track[locale] }).first());
      await visible(page.getByRole('main').getByText(text('missing-exam')).first());
      assert.equal(await page.getByRole('main').locator('a[href="/exams/foundations-exam"]').count() > 0, true, 'the way to the exam');
      await check(member, '1-my-page');
      await stranger.page.goto(demo.roles.member);
      assert.equal(await button(stranger.page, 'sign-in-button').count(), 0, 'the link is used up');
      stranger.complaints.length = 0; // the browser reports the refusal of a used link
    });

    await step('2 sits the exam and passes', async () => {
      const { page } = member;
      await page.goto('/exams/foundations-exam');
      await check(member, '2-exam-before');
      await page.getByRole('button').filter({ hasText: text('intro-begin', { minutes: 20 }) }).click();
      await visible(page.locator('#agree-error'));
      expectComplaint(member, /422/); // the browser's own word on the refused form
      await page.getByLabel(text('intro-agree')).check();
      await button(page, 'intro-begin', { minutes: 20 }).click();
      await page.waitForURL('**/exam/*/1');

      const count = await page.getByRole('navigation', { name: text('player-navigator') }).getByRole('listitem').filter({ has: page.getByRole('button') }).count();
      assert.equal(count, 12);
      const saved = page.getByRole('status').filter({ hasText: new RegExp(text('player-saved', { time: '[0-9:]+' })) });
      for (let position = 1; position <= count; position += 1) {
        await visible(heading(page, text('player-question-of', { position, count })));
        const options = page.locator('#options label');
        const right = rightOptions(await options.allInnerTexts(), locale);
        for (const each of right) {
          await options.nth(each).click();
          await visible(saved); // at once, with the time, before the page is left
        }
        if (position === 1) await check(member, '2-exam-question');
        if (position === 2) {
          await page.getByRole('button', { name: text('player-flag') }).click();
          await visible(page.getByRole('button', { name: text('player-unflag') }));
        }
        await page.getByRole('button', { name: text(position === count ? 'player-save-and-review' : 'player-next'), exact: true }).last().click();
      }

      await visible(heading(page, text('review-title')));
      await visible(page.getByText(text('review-answered', { answered: count, count })));
      await visible(heading(page, text('review-flagged', { count: 1 })));
      await check(member, '2-exam-review');
      await button(page, 'review-submit', { count }).click();
      await visible(heading(page, text('result-passed')));
      const rows = page.getByRole('table').locator('tbody tr');
      assert.equal(await rows.count(), 4, 'four sections');
      for (const row of await rows.all()) assert.deepEqual(await row.getByRole('cell').allInnerTexts(), ['3', '3']);
      await check(member, '2-exam-result');
    });

    const progress = ({ page }) => page.locator('#track-foundations, .card--next').getByRole('progressbar').first().evaluate((bar) => bar.value / bar.max);
    let manage;
    await step('3 a recorded week goes by, and the credential is there, private', async () => {
      const { page } = member;
      await page.goto('/me');
      const before = await progress(member);
      assert.ok(before > 0 && before < 1, `the way so far: ${before}`);
      const { code, err } = await demo.run('demo', 'play', '--speed', '0');
      assert.equal(code, 0, err);
      const credential = page.locator('a[href^="/me/credentials/"]').filter({ hasText: track[locale] });
      await visible(credential); // by itself: nobody loads the page again
      await page.reload();
      await check(member, '3-my-page-with-credential');
      await credential.click();
      await page.waitForURL('**/me/credentials/*');
      manage = page.url();
      await visible(page.getByText(text('manage-private-now')));
      await check(member, '3-credential-private');
    });

    let address;
    let number;
    const files = {};
    await step('4 publishes it, and a stranger sees all of it', async () => {
      await member.page.getByLabel(text('visibility-link')).check();
      await member.page.locator('form[action$="/visibility"]').getByRole('button').click();
      const shared = member.page.locator('main a.mono[href^="/c/"]').first();
      await visible(shared);
      address = new URL(await shared.getAttribute('href'), demo.origin).href;
      await check(member, '4-credential-shared');

      const through = new URL(await link(member.page, 'manage-linkedin').getAttribute('href'), demo.origin).href;
      const led = await member.page.request.get(through, { maxRedirects: 0 });
      const linkedIn = new URL(led.headers().location);
      assert.equal(linkedIn.origin + linkedIn.pathname, 'https://www.linkedin.com/profile/add');
      assert.equal(linkedIn.searchParams.get('startTask'), 'CERTIFICATION_NAME');
      assert.equal(linkedIn.searchParams.get('certUrl'), address);

      const { page } = stranger;
      await page.goto(address);
      assert.equal(await heading(page, text('state-valid')).count(), 1);
      for (const expected of [signedTitle, holder]) await visible(page.getByRole('main').getByText(expected).first());
      for (const picture of await page.getByRole('main').locator('img').all()) {
        assert.ok(await picture.evaluate((img) => img.complete && img.naturalWidth > 0), `a picture is missing: ${await picture.getAttribute('src')}`);
      }
      number = await page.locator('dt', { hasText: text('fact-number') }).locator('xpath=following-sibling::dd').innerText();
      assert.equal(linkedIn.searchParams.get('certId'), number);
      assert.equal((await readQr(page.getByRole('img', { name: text('credential-qr') }))).toLowerCase(), address.toLowerCase());
      await check(stranger, '4-credential');

      for (const [kind, label] of Object.entries({ json: /^JSON/, jwt: /^JWT/, png: /^PNG/ })) {
        const menu = page.locator('details.menu');
        if (!(await menu.getAttribute('open') !== null)) await menu.locator('summary').click();
        const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: label }).click()]);
        files[kind] = join(demo.folder, download.suggestedFilename());
        await download.saveAs(files[kind]);
      }
      const json = readFileSync(files.json, 'utf8');
      assert.deepEqual(JSON.parse(unbakePng(readFileSync(files.png))), JSON.parse(json), 'the badge carries the same credential');
      assert.equal(readFileSync(files.jwt, 'utf8').trim().split('.').length, 3);
    });

    /** What the report on the page says: the state, and the outcome of every check. */
    const report = async ({ page }) => ({
      state: await page.getByRole('main').getByRole('status').getByRole('heading').innerText(),
      checks: (await page.locator('.check').filter({ has: page.locator('.check__outcome') }).locator('strong, .check__outcome').allInnerTexts()).map((each) => each.trim()),
    });
    const verify = async (person, { file, pasted }) => {
      const { page } = person;
      await page.goto('/verify');
      if (file) await page.getByLabel(text('verify-file'), { exact: true }).setInputFiles(file);
      if (pasted) await page.getByLabel(text('verify-text'), { exact: true }).fill(pasted);
      await button(page, 'verify-button').click();
      await visible(page.getByRole('main').getByRole('status'));
      return report(person);
    };

    let employer;
    await step('5 an employer verifies it in every form, and sees through a change', async () => {
      employer = await enter('employer');
      await employer.page.goto('/verify');
      await check(employer, '5-verify');
      const json = readFileSync(files.json, 'utf8');
      const byAddress = await verify(employer, { pasted: address });
      assert.equal(byAddress.state, text('state-valid'));
      assert.ok(byAddress.checks.length >= 9);
      await check(employer, '5-report-valid');
      for (const given of [{ pasted: json }, { pasted: readFileSync(files.jwt, 'utf8') }, { file: files.png }, { file: files.json }]) {
        assert.deepEqual(await verify(employer, given), byAddress, JSON.stringify(given).slice(0, 80));
      }

      const at = json.indexOf(holder);
      assert.notEqual(at, -1, 'the credential names its holder');
      const changed = `${json.slice(0, at)}${json[at] === '八' ? '九' : '八'}${json.slice(at + 1)}`;
      const altered = join(demo.folder, 'altered.json');
      writeFileSync(altered, changed);
      for (const given of [{ pasted: changed }, { file: altered }]) {
        assert.equal((await verify(employer, given)).state, text('state-altered'));
        const main = await employer.page.getByRole('main').innerText();
        for (const claim of [holder, holder.replace(/^./, '八'), signedTitle, number]) assert.ok(!main.includes(claim), `"${claim}" is shown as fact`);
        await visible(employer.page.getByText(text('report-shows-nothing')));
      }
      await check(employer, '5-report-altered');
    });

    await step('6 the admin revokes it, and everything says so', async () => {
      await signIn(admin, demo.roles.admin);
      const credential = JSON.parse(readFileSync(files.json, 'utf8'));
      assert.equal(await statusBit(credential), 0);
      await check(admin, '6-staff');
      const { page } = admin;
      await page.goto('/admin');
      await page.getByRole('main').getByRole('link', { name: new RegExp(`^${text('staff-credentials')}`) }).click();
      await page.getByLabel(text('credentials-search'), { exact: true }).fill(number);
      await button(page, 'credentials-search-button').click();
      await check(admin, '6-credentials-found');
      await page.getByRole('link', { name: number, exact: true }).click();
      await page.getByLabel(text('standing-reason'), { exact: true }).selectOption('issued_in_error');
      await page.getByLabel(text('standing-public-reason'), { exact: true }).fill(reason);
      await check(admin, '6-about-to-revoke');
      await button(page, 'standing-step-revoke').click();
      await check(admin, '6-asked-once-more');
      await button(page, 'standing-confirm-button').click();
      await visible(page.getByText(text('standing-done-revoke')));
      await check(admin, '6-credential-revoked-staff');
      assert.equal(await statusBit(credential), 1);
      await stranger.page.goto(address);
      assert.equal(await heading(stranger.page, text('state-revoked')).count(), 1);
      await visible(stranger.page.getByRole('status').getByText(reason));
      await check(stranger, '6-credential-revoked');
      for (const given of [{ pasted: address }, { file: files.png }, { pasted: readFileSync(files.jwt, 'utf8') }]) {
        assert.equal((await verify(employer, given)).state, text('state-revoked'));
      }
      await check(employer, '6-report-revoked');
      const { code, out } = await demo.run('credential', 'verify', address, '--json');
      assert.equal(JSON.parse(out).state, 'revoked');
      assert.equal(code, 20);
      await member.page.goto(manage);
      await visible(member.page.getByText(text('state-revoked')).first());
      await check(member, '6-credential-revoked-own');
    });
  });
}
