// From question to question. With a connection, what waits is sent first and the next page is loaded as usual; without one, a page that was fetched in advance
// takes its place, so that the questions at hand can still be answered.
import { familyOf } from './answers.js';
import { call } from './call.js';

const AHEAD = 3;
const PATIENCE = 1500;

export function openMoves(player) {
  const { root, attempt } = player;
  const pages = new Map();
  const count = Number(root.dataset.positions) || 0;

  /** Of a section that is not open the server shows nothing. What is open the page says, and each sign of life anew. */
  const atFirst = new Set((root.dataset.open ?? '').split(' ').filter(Boolean).map(Number));
  const isShut = (n) => typeof n === 'number' && (player.section ? !player.section.positions.includes(n) : !atFirst.has(n));

  /** The next pages, fetched without counting as seen. What the server does not give is not fetched again. */
  async function lookAhead() {
    if ('forwardOnly' in root.dataset) return; // there the next question is not given in advance
    const from = player.position();
    for (let n = from + 1; from > 0 && n <= Math.min(from + AHEAD, count); n += 1) {
      if (pages.has(n)) continue;
      if (isShut(n) || pages.get(n - 1) === null) return;
      try {
        const answer = await fetch(`/exam/${attempt}/${n}`, { headers: { 'x-waymark-ahead': '1', accept: 'text/html' }, redirect: 'manual', credentials: 'same-origin' });
        pages.set(n, answer.ok ? await answer.text() : null);
        if (pages.get(n)) player.pictures.fetchAhead(pages.get(n));
      } catch {
        return;
      }
    }
  }

  function target(go) {
    const at = player.position();
    if (go === 'back') return Math.max(1, at - 1);
    if (go === 'review' || ((go === 'next' || go === '') && at >= count)) return 'review';
    if (go === 'next' || go === '') return isShut(at + 1) ? 'review' : at + 1;
    return /^[0-9]+$/.test(go) ? Number(go) : at;
  }

  async function go(where) {
    player.answers.flush();
    const sent = player.send.now();
    await Promise.race([sent, new Promise((done) => setTimeout(done, PATIENCE))]);
    if (player.send.isOver() || (player.answers.isRefused() && player.lease.held())) return; // the notice says why; the form post says it in full
    if (typeof where === 'number') player.report.add('navigated', where);
    if (!player.contact.isAway() && (player.queue.isEmpty() || !player.lease.held())) {
      player.report.flush();
      await Promise.race([player.queue.kept(), new Promise((done) => setTimeout(done, PATIENCE))]);
      location.assign(`/exam/${attempt}/${where}`);
      return;
    }
    if (typeof where === 'number' && pages.get(where)) swap(where, pages.get(where));
    else player.show.notice(player.words.notHere);
  }

  /** Puts a page that was fetched in advance in the place of this one; the clock and the save state stay. */
  function swap(where, page) {
    const question = typeof page === 'string'
      ? new DOMParser().parseFromString(page, 'text/html').querySelector('[data-player] [data-question]')
      : page;
    if (!question) return;
    const here = root.querySelector('[data-question]');
    pages.set(player.position(), here); // as it stands, so that going back works as well
    pages.delete(where);
    const fresh = typeof page === 'string';
    here.replaceWith(document.adoptNode(question));
    if (fresh) player.pictures.watch(question);
    root.dataset.position = where;
    player.lease.mark();
    for (const cell of root.querySelectorAll('.navigator .position')) {
      const current = cell.value === String(where);
      cell.toggleAttribute('data-current', current);
      if (current) cell.setAttribute('aria-current', 'step');
      else cell.removeAttribute('aria-current');
    }
    document.dispatchEvent(new Event('answer-shown'));
    player.answers.restore();
    player.answers.lock(!player.lease.held());
    root.querySelector('#question')?.focus();
  }

  async function flag(button) {
    const flagged = button.getAttribute('aria-pressed') !== 'true';
    const answer = await call(player, 'PUT', `/positions/${player.position()}/flag`, { flagged, ...(player.lease.epoch() ? { lease: player.lease.epoch() } : {}) });
    if (answer?.body.code === 'lease_lost') {
      player.lease.lost(answer.body.epoch);
      return;
    }
    if (answer?.status !== 200) {
      player.show.notice(player.words.flagNot);
      return;
    }
    button.setAttribute('aria-pressed', String(flagged));
    button.value = flagged ? 'unflag' : 'flag';
    button.querySelector('[data-flag-text]').textContent = flagged ? player.words.unflag : player.words.flag;
    root.querySelector('[data-current]')?.classList.toggle('position--flagged', flagged);
    const cell = root.querySelector('[data-current]');
    if (cell) cell.setAttribute('aria-label', cell.getAttribute('aria-label').replace(player.words.flaggedToo, '') + (flagged ? player.words.flaggedToo : ''));
  }

  root.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.matches('[data-answer]')) {
      if (!familyOf(form) || (player.answers.isRefused() && player.lease.held() && !player.contact.isAway())) return; // only a form post can send it, or say what is wrong with it
      event.preventDefault();
      const wanted = event.submitter?.value ?? 'next';
      if (wanted === 'flag' || wanted === 'unflag') flag(event.submitter);
      else go(target(wanted));
    } else if (form.matches('[data-submit]') && !player.queue.isEmpty()) {
      event.preventDefault();
      handIn(form);
    }
  });

  /** Nothing is handed in before everything is there. */
  async function handIn(form) {
    await player.send.now();
    if (player.queue.isEmpty()) form.submit();
    else player.show.notice(player.words.notYet);
  }

  // Arrows move within the grid of questions, which is one stop of the Tab key.
  const grid = root.querySelector('.navigator');
  const cells = () => [...grid.querySelectorAll('.position:not(:disabled)')];
  const stop = (cell) => cells().forEach((each) => { each.tabIndex = each === cell ? 0 : -1; });
  if (grid) {
    stop(grid.querySelector('[aria-current]') ?? cells()[0]);
    grid.addEventListener('focusin', (event) => { if (event.target.matches('.position')) stop(event.target); });
    grid.addEventListener('keydown', (event) => {
      const all = cells();
      const at = all.indexOf(event.target);
      if (at < 0) return;
      const top = all[0].getBoundingClientRect().top;
      const columns = all.findIndex((cell) => cell.getBoundingClientRect().top > top);
      const row = columns < 0 ? all.length : columns;
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + row, ArrowUp: at - row, Home: 0, End: all.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      all[to]?.focus();
    });
  }
  /** The questions of sections that are not open cannot be chosen. */
  function fence() {
    for (const cell of root.querySelectorAll('button.position')) cell.disabled = isShut(Number(cell.value));
  }

  lookAhead();
  return { go, fence, /** A page that was left without a connection. */ stashed: (position) => (pages.get(position) instanceof Element ? pages.get(position) : null) };
}
