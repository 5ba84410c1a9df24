// The control: the promises of browser.mjs can be broken, and then they are seen.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { check, launch, personIn } from './browser.mjs';

const good = '<h1>A page</h1><p>Nothing is wrong with it.</p>';
const pages = {
  good,
  axe: '<h1>A page</h1><img src="/dot.svg">',
  policy: `${good}<p style="color: red">Styled in the line.</p>`,
  script: `${good}<script src="/throws.js"></script>`,
  console: `${good}<script src="/complains.js"></script>`,
  foreign: `${good}<img alt="" src="http://127.0.0.1:9/pixel.gif">`,
  wide: `${good}<pre>${'wide '.repeat(200)}</pre>`,
  missing: `${good}<p>⟦some-key⟧</p>`,
};
const files = { '/throws.js': 'throw new Error("on purpose")', '/complains.js': 'console.error("on purpose")' };

let browser, server, origin;
before(async () => {
  browser = await launch();
  server = createServer(({ url }, response) => {
    const name = url.slice(1);
    response.setHeader('content-security-policy', "default-src 'self'");
    if (files[url]) return response.setHeader('content-type', 'text/javascript').end(files[url]);
    if (url.endsWith('.svg')) return response.setHeader('content-type', 'image/svg+xml').end('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>');
    if (!pages[name]) return response.writeHead(204).end();
    const body = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Page</title><main>${pages[name]}</main></html>`;
    return response.setHeader('content-type', 'text/html; charset=utf-8').end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(async () => { await browser?.close(); server?.close(); });

async function checked(name) {
  const person = await personIn(browser, { origin, locale: 'en', name: 'reader' });
  try {
    await person.page.goto(`/${name}`, { waitUntil: 'load' });
    await check(person, `harness-${name}`);
  } finally {
    await person.close();
  }
}

test('a good page holds', () => checked('good'));
for (const [name, complaint] of Object.entries({ axe: /accessibility/, policy: /content security policy/, script: /uncaught/, console: /console: on purpose/,
  foreign: /content security policy|left the server/, wide: /wider than a phone/, missing: /a text is missing/ })) {
  test(`a page with a mistake does not: ${name}`, () => assert.rejects(checked(name), complaint));
}
