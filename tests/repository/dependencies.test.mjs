// Licence, source and ban of every crate, from Cargo's own metadata and the lists in deny.toml: holds where cargo-deny is not installed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const deny = readFileSync(join(root, 'deny.toml'), 'utf8');

/** The strings of the array `name` in deny.toml; comments may stand between them. */
function listed(name) {
  const array = new RegExp(`^${name} = \\[([^\\]]*)\\]`, 'm').exec(deny);
  assert.ok(array, `deny.toml has no list ${name}`);
  return [...array[1].replace(/#.*$/gm, '').matchAll(/"([^"]+)"/g)].map(([, value]) => value);
}

/** Whether an SPDX expression can be met by the allowed licences. `/` is the old spelling of OR. */
function isMet(expression, allowed) {
  const tokens = expression.replace(/\//g, ' OR ').match(/\(|\)|[^\s()]+/g);
  let at = 0;
  const one = () => {
    if (tokens[at] === '(') { at += 1; const inner = any(); at += 1; return inner; }
    let licence = tokens[at++];
    if (tokens[at] === 'WITH') { licence += ` WITH ${tokens[at + 1]}`; at += 2; }
    return allowed.includes(licence);
  };
  const all = () => { let met = one(); while (tokens[at] === 'AND') { at += 1; met = one() && met; } return met; };
  const any = () => { let met = all(); while (tokens[at] === 'OR') { at += 1; met = all() || met; } return met; };
  return any();
}

let packages;
test('Cargo.lock is complete', () => {
  const metadata = execFileSync('cargo', ['metadata', '--format-version=1', '--locked'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  ({ packages } = JSON.parse(metadata));
});

test('every crate has a licence that deny.toml allows', () => {
  const allowed = listed('allow');
  const refused = packages.filter(({ source, license }) => source && !(license && isMet(license, allowed)));
  assert.deepEqual(refused.map(({ name, version, license }) => `${name} ${version}: ${license}`), []);
});

test('every crate comes from the registry that deny.toml names', () => {
  const sources = listed('allow-registry').map((url) => `registry+${url}`);
  const others = packages.filter(({ source }) => source !== null && !sources.includes(source));
  assert.deepEqual(others.map(({ name, source }) => `${name}: ${source}`), []);
});

test('no crate that deny.toml bans is there', () => {
  const banned = [...deny.matchAll(/^ +\{ crate = "([^"]+)"/gm)].map(([, name]) => name);
  assert.ok(banned.length > 0, 'deny.toml bans nothing');
  assert.deepEqual(packages.filter(({ name }) => banned.includes(name)).map(({ name, version }) => `${name} ${version}`), []);
});

/** The crates that `name` is built with on `target`, tests and build scripts left out: `[{ name, version, features }]`. */
function reach(name, target) {
  const lines = execFileSync('cargo', ['tree', '--locked', '--package', name, '--edges=normal', `--target=${target}`, '--prefix=none',
    '--format={p}|{f}'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 }).trim().split('\n').slice(1);
  return lines.filter(Boolean).map((line) => {
    const [, crate, version, features] = /^(\S+) v(\S+).*\|(\S*)/.exec(line);
    return { name: crate, version, features: features.split(',') };
  });
}

const host = () => /^host: (.*)$/m.exec(execFileSync('rustc', ['-vV'], { encoding: 'utf8' }))[1];

test('pure crates reach no runtime, database, network, randomness or sibling', () => {
  const impure = /^(tokio|async-std|smol|sqlx.*|sea-orm.*|rusqlite|libsqlite3-sys|reqwest|hyper|axum|rustls|socket2|mio|getrandom|rand|fastrand|waymark-.*)$/;
  const pure = packages.filter(({ manifest_path: path }) => path.startsWith(join(root, 'crates/'))).map(({ name }) => name)
    .filter((name) => name !== 'waymark-wasm');
  assert.ok(pure.length >= 4, `found only ${pure}`);
  const found = pure.flatMap((name) => reach(name, host()).filter((each) => impure.test(each.name)).map((each) => `${name} reaches ${each.name}`));
  assert.deepEqual(found, []);
  assert.ok(reach('waymark', host()).some(({ name }) => name === 'tokio'), 'the walk must be able to find something');
});

test('every getrandom that waymark-credential is built with for the browser has a backend there', () => {
  const drawn = reach('waymark-credential', 'wasm32-unknown-unknown').filter(({ name }) => name === 'getrandom');
  for (const { version, features } of drawn) {
    assert.ok(features.includes(version.startsWith('0.2.') ? 'js' : 'wasm_js'), `getrandom ${version} does not compile for wasm32-unknown-unknown`);
  }
});

test('licence expressions are read as SPDX defines them', () => {
  const allowed = ['MIT', 'ISC', 'Apache-2.0 WITH LLVM-exception'];
  const expected = { MIT: true, 'GPL-3.0-only': false, 'GPL-3.0-only OR MIT': true, 'MIT AND GPL-3.0-only': false, 'MIT/Zlib': true,
    '(MIT OR Zlib) AND ISC': true, '(MIT OR Zlib) AND BSD-3-Clause': false, 'Zlib OR MIT AND ISC': true, 'MIT AND Zlib OR ISC': true,
    'Apache-2.0 WITH LLVM-exception': true, 'Apache-2.0': false };
  for (const [expression, met] of Object.entries(expected)) assert.equal(isMet(expression, allowed), met, expression);
});
