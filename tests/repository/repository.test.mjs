// Promises about the repository itself: it builds anywhere, names no machine and no registry, says everything in both languages.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = execFileSync('git', ['rev-parse', '--show-toplevel'], { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
const binary = /\.(png|jpe?g|webp|gif|ico|ttf|otf|woff2?|zip|gz|pdf)$/;

/** Every line of every tracked text file that `matches` accepts, as `path:line: text`. */
function linesThat(matches, except = () => false) {
  const found = [];
  for (const path of tracked) {
    if (binary.test(path) || except(path) || !existsSync(join(root, path))) continue;
    readFileSync(join(root, path), 'utf8').split('\n').forEach((line, index) => {
      if (matches(line)) found.push(`${path}:${index + 1}: ${line.trim().slice(0, 160)}`);
    });
  }
  return found;
}

const none = (found, why) => assert.deepEqual(found, [], `${why}\n${found.join('\n')}`);

test('no file names a path of one machine', () => {
  // Put together here, so that this file does not find itself.
  const folders = ['work', 'root', 'home/[a-z]', 'Users', 'tmp/[a-z]'].join('|');
  const path = new RegExp(`(^|[\\s"'\`(=:])/(${folders})(/|\\b)`);
  none(linesThat((line) => path.test(line)), 'a clone elsewhere has no such folder; use a relative path or a temporary one');
});

test('only tests know of the folder of shared test data', () => {
  const folder = ['..', 'shared'].join('/');
  const isTest = (path) => /(^|\/)tests?(\/|\.rs$|_|$)/.test(path) || /\.test\.mjs$/.test(path);
  none(linesThat((line) => line.includes(folder), isTest), 'the product must not read it, and documents speak of WAYMARK_SHARED_DATA');
});

test('no file but Cargo.lock and deny.toml names a package registry', () => {
  const hosts = [['registry', 'npmjs', 'org'], ['registry', 'yarnpkg', 'com'], ['index', 'crates', 'io'], ['static', 'crates', 'io'],
    ['crates', 'io-index'], ['files', 'pythonhosted', 'org'], ['pypi', 'org'], ['deb', 'debian', 'org']].map((name) => name.join('.'));
  const registry = (line) => hosts.some((host) => line.includes(host));
  none(linesThat(registry, (path) => path === 'Cargo.lock' || path === 'deny.toml'), 'where packages come from is a setting of the machine');
});

test('package-lock.json files record no download address', () => {
  none(linesThat((line) => /"resolved":\s*"https?:/.test(line), (path) => !path.endsWith('package-lock.json')), 'see .npmrc beside it');
});

test('every npm package has a lock file and an .npmrc that keeps addresses out of it', () => {
  for (const path of tracked.filter((each) => /(^|\/)package\.json$/.test(each))) {
    const folder = path.slice(0, -'package.json'.length);
    assert.ok(tracked.includes(`${folder}package-lock.json`), `${folder}package-lock.json is missing`);
    assert.match(readFileSync(join(root, folder, '.npmrc'), 'utf8'), /^omit-lockfile-registry-resolved=true$/m, `${folder}.npmrc`);
  }
});

test('no Rust file is longer than 400 lines', () => {
  const long = tracked.filter((path) => /^(src|crates|migration)\/.*\.rs$/.test(path))
    .map((path) => [path, readFileSync(join(root, path), 'utf8').split('\n').length - 1])
    .filter(([, lines]) => lines > 400).map(([path, lines]) => `${path}: ${lines} lines`);
  none(long, 'split it along what it promises');
});

/** Message and attribute keys of one Fluent file, with the variables that each uses. */
function fluentKeys(text) {
  const keys = new Map();
  let message, key;
  for (const line of text.split('\n')) {
    const start = /^(-?[a-zA-Z][\w-]*)\s*=/.exec(line);
    const attribute = /^\s+\.([a-zA-Z][\w-]*)\s*=/.exec(line);
    if (start) key = message = start[1];
    else if (attribute) key = `${message}.${attribute[1]}`;
    else if (!/^[\s}]/.test(line) && line !== '') key = undefined;
    if (!key) continue;
    if ((start || attribute) && keys.has(key)) throw new Error(`${key} is there twice`);
    if (!keys.has(key)) keys.set(key, new Set());
    for (const [, variable] of line.matchAll(/\{[^}]*?\$([a-zA-Z][\w-]*)/g)) keys.get(key).add(variable);
  }
  return keys;
}

const locales = join(root, 'locales');
const fluentFiles = (locale) => readdirSync(join(locales, locale)).filter((name) => name.endsWith('.ftl')).sort();

test('Japanese and English have the same texts with the same variables', { skip: !existsSync(locales) && 'there are no texts yet' }, () => {
  assert.deepEqual(fluentFiles('ja'), fluentFiles('en'), 'the same files');
  for (const file of fluentFiles('en')) {
    const [en, ja] = ['en', 'ja'].map((locale) => fluentKeys(readFileSync(join(locales, locale, file), 'utf8')));
    assert.deepEqual([...ja.keys()].sort(), [...en.keys()].sort(), `${file}: the same keys`);
    for (const [key, variables] of en) assert.deepEqual([...ja.get(key)].sort(), [...variables].sort(), `${file}: variables of ${key}`);
  }
});

test('the reader of Fluent files sees keys, attributes and variables', () => {
  const keys = fluentKeys('# c\na = { $x }\n  more { $y ->\n *[other] z\n}\n\nb-c =\n    .title = t { $z }\n');
  assert.deepEqual([...keys].map(([key, variables]) => [key, [...variables]]), [['a', ['x', 'y']], ['b-c', []], ['b-c.title', ['z']]]);
});

test('every relative link in a document leads to a file', () => {
  const broken = [];
  for (const path of tracked.filter((each) => each.endsWith('.md'))) {
    const prose = readFileSync(join(root, path), 'utf8').replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
    for (const [, target] of prose.matchAll(/\]\(<?([^)\s>#]+)(?:#[^)\s>]*)?>?(?:\s+"[^"]*")?\)/g)) {
      if (/^[a-z][a-z+.-]*:|^\//i.test(target)) continue;
      if (!existsSync(join(root, path, '..', decodeURIComponent(target)))) broken.push(`${path}: ${target}`);
    }
  }
  none(broken, 'the file was moved, or never written');
});
