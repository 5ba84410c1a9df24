// A sign of life every ten seconds or so: the server hears how saving goes, the page hears of the clock, of messages and of the lease.
import { call } from './call.js';

const EVERY = 10000;

export function openContact(player) {
  const { root, clock, lease, queue, show } = player;
  const messages = player.root.querySelector('[data-messages]');
  const known = new Set([...messages.querySelectorAll('[data-message]')].map((each) => each.dataset.message));
  let timer = 0;
  let last = performance.now();
  let away = false;

  async function now() {
    clearTimeout(timer);
    const asked = performance.now();
    const body = { lease: lease.epoch(), unsent: queue.count(), ...(player.send.lag() === null ? {} : { lag_ms: player.send.lag() }) };
    const answer = await call(player, 'POST', '/contact', body);
    // Nobody's clients come all at once.
    timer = setTimeout(now, EVERY * (0.8 + 0.4 * Math.random()));
    away = answer === null;
    if (away) {
      if (performance.now() - last > 60000 && !queue.isEmpty()) show.kept(queue.all(), player.words.longOffline);
      return null;
    }
    if (answer.status !== 200) return answer;
    last = performance.now();
    clock.set(answer.body, (asked + last) / 2);
    if (answer.body.paused) { // what waits is sent when the clock runs again
      location.assign(`/exam/${player.attempt}`);
      return answer;
    }
    if (answer.body.state !== 'in_progress' && queue.isEmpty() && root.querySelector('[data-kept]').hidden) { // staff ended it, or another window handed it in
      location.assign(`/exam/${player.attempt}`);
      return answer;
    }
    clock.stop(answer.body.state !== 'in_progress'); // what waits here is still on the page
    player.section = answer.body.section ?? null;
    player.sectionEnds = player.section?.remaining_ms >= 0 ? (asked + last) / 2 + player.section.remaining_ms : null;
    player.moves?.fence();
    for (const told of answer.body.notices.slice(root.querySelectorAll('[data-told]').length)) tell(told);
    const open = answer.body.section?.positions;
    if (open && player.position() > 0 && !open.includes(player.position()) && queue.isEmpty() && root.querySelector('[data-kept]').hidden) {
      location.assign(`/exam/${player.attempt}`); // the section on this page is closed
      return answer;
    }
    if (lease.held() && !answer.body.held && lease.epoch() !== 0) lease.lost(answer.body.epoch);
    for (const message of answer.body.messages) add(message);
    if (!queue.isEmpty()) player.send.now();
    else show.reached();
    player.report.flush();
    return answer;
  }

  /** What staff did to the attempt, below what they did before. */
  function tell(text) {
    const line = document.createElement('p');
    line.className = 'small';
    line.setAttribute('role', 'status');
    line.dataset.told = '';
    root.querySelector('.player__head').append(line);
    line.textContent = text;
  }

  function add(message) {
    if (known.has(String(message.number))) return;
    known.add(String(message.number));
    const box = player.root.querySelector('[data-message-blank]').content.firstElementChild.cloneNode(true);
    box.dataset.message = message.number;
    box.querySelector('[data-message-text]').textContent = message.text;
    messages.append(box);
  }

  messages.addEventListener('submit', async (event) => {
    const box = event.target.closest('[data-message]');
    event.preventDefault();
    const answer = await call(player, 'PUT', `/messages/${box.dataset.message}/read`, {});
    if (answer?.status !== 200) return;
    box.remove();
    player.root.querySelector('#question')?.focus();
  });

  timer = setTimeout(now, 1000);
  return { now, isAway: () => away || navigator.onLine === false };
}
