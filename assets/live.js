// Keeps the table of the live monitor up to date while somebody looks at it. Without this script the button loads the page again.
const region = document.querySelector('[data-live]');
const state = document.querySelector('[data-live-state]');
const empty = document.querySelector('[data-live-empty]');
if (region && 'EventSource' in globalThis) watch();

function watch() {
  const rows = region.querySelector('[data-live-rows]');
  const time = inZone(region.dataset.zone);
  const source = new EventSource(region.dataset.live);
  source.addEventListener('rows', (event) => {
    const focused = rows.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
    rows.innerHTML = event.data;
    region.hidden = rows.children.length === 0;
    empty.hidden = !region.hidden;
    if (focused) rows.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    state.textContent = state.dataset.textLive.replace('{time}', time.format(new Date()));
  });
  source.addEventListener('error', () => {
    // Away for now: the browser asks again by itself, unless it was refused.
    if (source.readyState === EventSource.CLOSED) state.textContent = state.dataset.textAway;
  });
  addEventListener('pagehide', () => source.close());
}

/** Clock times in the zone of the page; in the reader's own where the browser does not know it. */
function inZone(timeZone) {
  const form = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
  try {
    return new Intl.DateTimeFormat(document.documentElement.lang, { ...form, timeZone });
  } catch {
    return new Intl.DateTimeFormat(document.documentElement.lang, form);
  }
}
