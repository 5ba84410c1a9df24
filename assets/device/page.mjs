// The button "Check it on this device", on the page of a credential and beside the verifier's form. Everything else is loaded once it is pressed.

const sheet = document.querySelector('[data-device-icons]')?.dataset.deviceIcons;
const area = document.querySelector('[data-device-report]');

for (const button of document.querySelectorAll('[data-device-texts]')) {
  button.hidden = false;
  for (const other of document.querySelectorAll('[data-device-instead]')) other.classList.remove('btn--primary');
  button.addEventListener('click', () => pressed(button));
}
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
for (const block of document.querySelectorAll('[data-scan]')) {
  import('./scanning.mjs').then(({ offer }) => offer(block));
}

async function pressed(button) {
  button.disabled = true;
  const [{ make }, said] = await Promise.all([import('./report.mjs'), words(button)]);
  const show = (...children) => {
    area.replaceChildren(...children);
    area.hidden = false;
    const heading = area.querySelector('h2');
    heading?.focus({ preventScroll: true });
    area.scrollIntoView({ block: 'start' });
  };
  const { texts } = said;
  const problem = (...lines) => show(make('div', { className: 'error-summary', role: 'alert' },
    make('h2', { tabindex: '-1' }, lines[0]), ...lines.slice(1).map((text) => make('p', {}, text))), ...askServer(button, texts, make));
  area.hidden = false;
  area.replaceChildren(make('p', { role: 'status' }, texts['device-working']));
  try {
    if (!globalThis.crypto?.subtle) return problem(texts['device-needs-https']);
    if (!globalThis.DecompressionStream || !AbortSignal.timeout) return problem(texts['device-too-old']);
    await check(button, said, { show, problem, make });
  } catch (error) {
    console.warn(error);
    problem(texts['device-went-wrong']);
  } finally {
    button.disabled = false;
  }
  return undefined;
}

async function words(button) {
  const answer = await fetch(button.dataset.deviceTexts, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function check(button, said, { show, problem, make }) {
  const [{ Unreadable, verify, LARGEST_DOCUMENT, LARGEST_PICTURE }, { fetcher }, { shown, fill, icon }] =
    await Promise.all([import('./verifier.mjs'), import('./fetching.mjs'), import('./report.mjs')]);
  const { texts, policy, base } = said;
  const net = fetcher({ texts, base });
  const given = button.dataset.device ? { address: new URL(button.dataset.device, location.href).href } : await chosen(button.form, base, LARGEST_PICTURE);
  if (!given) {
    const number = button.form.elements.number?.value.trim();
    const ask = button.form.querySelector('[type=submit]').textContent.trim();
    return problem(texts['device-not-read'], number ? fill(texts['device-number'], { button: ask }) : texts['device-no-file']);
  }
  let report;
  try {
    const bytes = given.address ? (await net.get(given.address, { accept: 'application/vc+jwt, application/vc;q=0.9', limit: LARGEST_DOCUMENT })
      .catch((error) => { throw new Unreadable(error.message); })).bytes : given.bytes;
    report = await verify(bytes, { now: Date.now(), policy, resolve: net.resolve });
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return problem(texts['device-not-read'], fill(said.unreadable[error.message] ?? error.message, { megabytes: 2 }));
  }
  const cannot = report.state === 'unknown' && report.checks.find(({ code }) => code === 'device_cannot');
  if (cannot && button.form) return show(...offered(cannot, { said, make, icon, fill, kept: !given.address }), ...askServer(button, texts, make));
  return show(...shown(report, { said, sheet, fetched: net.fetched, kept: !given.address }));
}

/** What this device cannot judge is no verdict: the server can, once the reader says so. */
function offered({ data }, { said, make, icon, fill, kept }) {
  const { texts } = said;
  const why = fill(said.findings.device_cannot, { what: texts[`device-what-${data.what}`] ?? data.what });
  return [make('div', { className: 'notice notice--info', role: 'status' }, icon(sheet, 'info'),
    make('div', {}, make('h2', { tabindex: '-1' }, texts['device-offer']), make('p', {}, why),
      make('p', {}, ...(kept ? [texts['device-kept'], ' '] : []), texts['device-offer-ask'])))];
}

/** A credential's own page asks nothing more of the server: its banner is the server's word already. */
function askServer(button, texts, make) {
  if (!button.form) return [];
  const ask = make('button', { className: 'btn btn--primary', type: 'submit' }, texts['device-ask-server']);
  ask.addEventListener('click', () => button.form.requestSubmit(button.form.querySelector('[type=submit]')));
  return [make('p', { className: 'actions' }, ask)];
}

/** What stands in the form: a file's bytes, a text's bytes, or the address that the text is. */
async function chosen(form, base, limit) {
  const file = form.elements.file.files[0];
  if (file) return { bytes: new Uint8Array(await file.slice(0, limit + 1).arrayBuffer()) };
  const text = form.elements.text.value.trim();
  if (!text) return undefined;
  if (!/^https?:\/\/\S+$/i.test(text)) return { bytes: new TextEncoder().encode(text) };
  const url = new URL(text);
  const own = [location.origin, new URL(base).origin].includes(url.origin) && /^\/c\/[0-9a-z]+(\.[a-z.]+)?$/i.exec(url.pathname);
  return { address: own ? `${base}${url.pathname.replace(/\..*$/, '').toLowerCase()}.jwt?for=verification` : url.href };
}
