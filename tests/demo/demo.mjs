// Starts `waymark serve --demo` for a test, reads what it prints, and ends it by its process id.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export const repository = join(import.meta.dirname, '..', '..');

/** The program under test: WAYMARK_TEST_BINARY (./test sets it), else the newest that cargo left. */
export function binary() {
  const built = ['release', 'debug'].map((profile) => join(process.env.CARGO_TARGET_DIR ?? join(repository, 'target'), profile, 'waymark'));
  const found = [process.env.WAYMARK_TEST_BINARY, ...built].find((path) => path && existsSync(path));
  if (!found) throw new Error('there is no waymark program to test: run `cargo build --release` first, or set WAYMARK_TEST_BINARY');
  return found;
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * A running demo: `{ origin, roles: {admin, member, examiner}, published, run(...args), stop() }`.
 * `roles` are one-time sign-in links, `published` the URL of a credential that everyone may see.
 */
export async function startDemo({ program = binary(), folder = mkdtempSync(join(tmpdir(), 'waymark-')), env = {} } = {}) {
  const origin = `http://127.0.0.1:${await freePort()}`;
  const environment = { PATH: '/nonexistent', HOME: folder, ...env };
  const data = join(folder, 'waymark-data');
  const child = spawn(program, ['serve', '--demo', '--listen', new URL(origin).host, '--data', data], { cwd: folder, env: environment });
  let printed = '';
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => { complaints += chunk; });

  const links = () => {
    const lines = printed.split('\n');
    const linkOf = (role) => lines.map((line) => (line.includes(role) ? /https?:\/\/\S+\/login\/\S+/.exec(line)?.[0] : undefined)).find(Boolean);
    const roles = Object.fromEntries(['admin', 'member', 'examiner'].map((role) => [role, linkOf(role)]));
    const published = /https?:\/\/\S+\/c\/[A-Za-z0-9]+/.exec(printed)?.[0];
    return Object.values(roles).every(Boolean) && published ? { roles, published } : undefined;
  };

  /** Ends the process; the folder goes too, unless it is kept for another start. */
  const stop = async ({ keep = false } = {}) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    if (!keep) rmSync(folder, { recursive: true, force: true });
    return { code: child.exitCode, signal: child.signalCode };
  };

  try {
    const found = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) => reject(new Error(`serve --demo ended (${code ?? signal}) before it was ready\n${printed}\n${complaints}`)));
      child.stdout.setEncoding('utf8').on('data', (chunk) => {
        printed += chunk;
        const complete = links();
        if (complete) resolve(complete);
      });
    });
    const ready = await fetch(`${origin}/readyz`);
    if (!ready.ok) throw new Error(`/readyz answered ${ready.status} after the links were printed: ${await ready.text()}`);
    return {
      origin, data, folder, pid: child.pid, ...found, stop,
      printed: () => printed,
      complaints: () => complaints,
      /** Runs a command of the same program on the same data. → `{ code, out, err }` */
      async run(...args) {
        const command = spawn(program, [...args, '--data', data], { cwd: folder, env: { ...environment, WAYMARK_BASE_URL: origin }, stdio: ['ignore', 'pipe', 'pipe'] });
        const [out, err, [code]] = await Promise.all([text(command.stdout), text(command.stderr), once(command, 'close')]);
        return { code, out, err };
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Asks the API. → `{ status, body, headers }`; `body` is parsed where the answer is JSON. */
export function apiOf(origin, key) {
  return async (method, path, body, headers = {}) => {
    const answer = await fetch(origin + path, {
      method,
      headers: {
        accept: 'application/json',
        ...(key && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(method === 'POST' && { 'idempotency-key': crypto.randomUUID() }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const content = await answer.text();
    const isJson = /\bjson\b|^application\/vc(;|$)/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, body: isJson ? JSON.parse(content) : content, headers: answer.headers };
  };
}
