// Chromium as the journeys use it: one person a context, and every page held to the same promises.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { repository } from '../demo/demo.mjs';

// No background calls of the browser's own: a journey talks to the demo and to nothing else.
const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const launch = (...more) => chromium.launch({
  executablePath: process.env.WAYMARK_CHROMIUM ?? '/usr/bin/chromium',
  args: [...quiet, ...more, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
});

const pictures = join(process.env.CARGO_TARGET_DIR ?? join(repository, 'target'), 'screenshots');

/**
 * One person with an own window and an own language. `complaints` collects console errors and warnings, uncaught errors,
 * policy violations, failed and foreign requests, and server errors.
 */
export async function personIn(browser, { origin, locale, name, ...options }) {
  // less motion: no colour is on its way from light to dark while contrast is measured
  const context = await browser.newContext({ baseURL: origin, locale: locale === 'ja' ? 'ja-JP' : 'en-GB', timezoneId: 'Asia/Tokyo', reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(15_000);
  const complaints = [];
  await context.exposeBinding('__policyViolation', (_, text) => { complaints.push(`content security policy: ${text}`); });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => globalThis.__policyViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().stack}`));
  context.on('request', (request) => {
    const { protocol, origin: to } = new URL(request.url());
    if (protocol.startsWith('http') && to !== origin) complaints.push(`a request left the server: ${request.url()}`);
  });
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    if (why !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${why}`); // an aborted one is a download or a page left early
  });
  context.on('response', (response) => { if (response.status() >= 500) complaints.push(`${response.url()}: ${response.status()}`); });
  const page = await context.newPage();
  return { name, locale, context, page, complaints, close: () => context.close() };
}

/** Forgets complaints that the journey brought about on purpose, and insists that they came. */
export function expectComplaint(person, pattern) {
  const at = person.complaints.findIndex((each) => pattern.test(each));
  assert.notEqual(at, -1, `expected a complaint like ${pattern}, there are: ${person.complaints.join('\n')}`);
  person.complaints.splice(at, 1);
}

/** What every page must hold: no axe finding, no complaint, no sideways scrolling on a phone, a picture of it for a person to look at. */
export async function check(person, name) {
  const { page, locale, complaints } = person;
  assert.equal(await page.locator('html').getAttribute('lang'), locale, `${name}: the language of the page`);
  assert.doesNotMatch(await page.content(), /⟦/, `${name}: a text is missing`);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const findings = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}\n  ${node.html}\n  ${node.failureSummary}`));
  assert.deepEqual(findings, [], `${name} (${locale}): accessibility\n${findings.join('\n')}`);

  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}-${locale}.png`), fullPage: true });
  const size = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 780 });
  const overflow = await sideways(page);
  await page.screenshot({ path: join(pictures, `${name}-${locale}-phone.png`), fullPage: true });
  await page.setViewportSize(size);
  assert.equal(overflow, '', `${name} (${locale}): wider than a phone: ${overflow}`);
  assert.deepEqual(complaints, [], `${name} (${locale})\n${complaints.join('\n')}`);
}

/** What makes the page wider than its window, by how many pixels and with which words; an empty text where nothing does. */
export const sideways = (page) => page.evaluate(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return '';
  const wide = [...document.body.querySelectorAll('*')].filter((each) => each.getBoundingClientRect().right > clientWidth + 0.5);
  const last = wide.filter((each) => ![...each.children].some((child) => wide.includes(child))).slice(0, 5);
  return [`${scrollWidth - clientWidth} px`, ...last.map((each) => `<${each.localName} class="${each.className}"> ${each.textContent.trim().slice(0, 60)}`)].join('; ');
});
