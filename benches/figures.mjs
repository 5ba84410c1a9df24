// Prints the figures that Waymark promises for a running demo, each beside its limit: `node benches/figures.mjs` after
// `cargo build --release`. Loopback only; 64 candidates, bounded in count. It measures and judges nothing else: exit code 1
// when a figure is over its limit, for a person to look at, not for the tests to assert.
import { readFileSync } from 'node:fs';
import { apiOf, startDemo } from '../tests/demo/demo.mjs';

const candidates = 64;
const awards = 200;
const pageRounds = 50;

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
const spread = (times) => { const sorted = [...times].sort((a, b) => a - b); return { median: at(sorted, 0.5), p99: at(sorted, 0.99) }; };
const timed = async (work) => { const start = performance.now(); const value = await work(); return { value, ms: performance.now() - start }; };
const must = (answer, ...statuses) => {
  if (!statuses.includes(answer.status)) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};

const pageOf = (origin, path, cookie) => fetch(new URL(path, origin), { headers: { accept: 'text/html', cookie }, redirect: 'manual' });
const cookiesOf = (answer) => answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');

/** Signs in by a one-time link as a browser would: the page, then its form. → the value of a Cookie header. */
async function signIn(link) {
  const page = await fetch(link, { headers: { accept: 'text/html' } });
  const fields = [...(await page.text()).matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]);
  const answer = await fetch(link, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual',
    headers: { cookie: cookiesOf(page), origin: new URL(link).origin } });
  if (answer.status !== 303) throw new Error(`signing in answered ${answer.status}`);
  return cookiesOf(answer);
}

/** Follows the links of `first` and times every page found: one page of each kind, ids and all else alike. */
async function everyPage(origin, cookie, first) {
  const kindOf = (path) => path.replace(/[a-z]{3}_[0-9A-Za-z]+|\/[0-9A-Z]{6,}/g, '/*').split('?')[0];
  const waiting = [...first];
  const seen = new Map();
  while (waiting.length) {
    const path = waiting.shift();
    if (seen.has(kindOf(path))) continue;
    const answer = await pageOf(origin, path, cookie);
    if (answer.status !== 200 || !answer.headers.get('content-type')?.startsWith('text/html')) { seen.set(kindOf(path), null); continue; }
    const html = await answer.text();
    const times = [];
    for (let round = 0; round < pageRounds; round += 1) times.push((await timed(async () => (await pageOf(origin, path, cookie)).text())).ms);
    seen.set(kindOf(path), { path, ...spread(times) });
    for (const [, href] of html.matchAll(/<a [^>]*href="([^"#]+)/g)) {
      const to = new URL(href.replaceAll('&amp;', '&'), new URL(path, origin));
      if (to.origin === origin) waiting.push(to.pathname);
    }
  }
  return [...seen.values()].filter(Boolean);
}

let over = 0;
function print(name, value, unit, limit) {
  const isOver = limit !== undefined && value > limit;
  if (isOver) over += 1;
  const against = limit === undefined ? '' : `  limit ${limit} ${unit}, ${(value / limit).toFixed(2)} of it${isOver ? '  OVER' : ''}`;
  console.log(`${name.padEnd(62)} ${value.toFixed(1).padStart(9)} ${unit}${against}`);
}

const start = performance.now();
const demo = await startDemo();
try {
  must(await apiOf(demo.origin)('GET', '/', undefined, { accept: 'text/html' }), 200);
  print('process start to first page', performance.now() - start, 'ms', 2000);
  const memory = Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${demo.pid}/status`, 'utf8'))[1]) / 1024;
  print('resident memory, idle', memory, 'MiB', 80);

  for (const [who, cookie, first] of [
    ['visitor', '', ['/', '/verify', new URL(demo.published).pathname]],
    ['member', await signIn(demo.roles.member), ['/me']],
    ['admin', await signIn(demo.roles.admin), ['/admin']],
  ]) {
    const pages = await everyPage(demo.origin, cookie, first);
    const slowest = pages.reduce((a, b) => (b.p99 > a.p99 ? b : a));
    print(`${pages.length} pages of the ${who}, p99 of ${pageRounds} of the slowest`, slowest.p99, 'ms', 50);
    console.log(`  ${slowest.path}; median of all pages' medians ${spread(pages.map(({ median }) => median)).median.toFixed(1)} ms`);
  }

  const key = (await demo.run('api-key', 'create', '--role', 'owner', '--name', 'figures')).out.trim();
  const api = apiOf(demo.origin, key);
  const sitting = await Promise.all(Array.from({ length: candidates }, async (_, n) => {
    const member = must(await api('POST', '/api/v1/members', { email: `candidate-${n}@people.example`, name: `Candidate ${n}` }), 201);
    const mine = apiOf(demo.origin, must(await api('POST', `/api/v1/members/${member.id}/tokens`), 201).token);
    const attempt = must(await mine('POST', '/api/v1/exams/foundations-exam/attempts'), 201);
    const handles = [];
    for (let position = 1; position <= attempt.positions; position += 1) {
      handles.push(must(await mine('GET', `/api/v1/attempts/${attempt.id}/items/${position}`), 200).options.map(({ handle }) => handle));
    }
    return { mine, attempt, handles, revisions: handles.map(() => 0) };
  }));

  let issuing = true;
  const saves = [];
  const saving = Promise.all(sitting.map(async ({ mine, attempt, handles, revisions }) => {
    for (let turn = 0; issuing && turn < 2000; turn += 1) {
      const n = turn % handles.length;
      const body = { response: [handles[n][turn % handles[n].length]], revision: revisions[n], client_op_id: crypto.randomUUID() };
      const { value, ms } = await timed(() => mine('PUT', `/api/v1/attempts/${attempt.id}/responses/${n + 1}`, body));
      revisions[n] = must(value, 200).revision;
      saves.push(ms);
    }
  }));
  const releases = [];
  for (let n = 0; n < awards; n += 1) {
    const recipient = { email: `holder-${n}@people.example`, name: `Holder ${n}` };
    const { value, ms } = await timed(() => api('POST', '/api/v1/credentials', { track: 'foundations', recipient }));
    if (must(value, 201).state !== 'released') throw new Error('answered before it was released');
    releases.push(ms);
  }
  issuing = false;
  await saving;
  print(`award to released while ${candidates} candidates save, p99 of ${awards}`, spread(releases).p99, 'ms', 1000);
  print('  median', spread(releases).median, 'ms');
  print(`answer saved, p99 of ${saves.length}`, spread(saves).p99, 'ms');
  print('  median', spread(saves).median, 'ms');
} finally {
  await demo.stop();
}
process.exitCode = over ? 1 : 0;
