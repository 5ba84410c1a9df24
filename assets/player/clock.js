// The server's clock: its time when it last spoke, and what has passed since on a clock that nobody can set.
export function serverClock(data) {
  let at = Date.parse(data.serverNow);
  let since = performance.now();
  let deadline = Date.parse(data.deadline);
  let grace = Number(data.closesMs) - Number(data.remainingMs);
  let stopped = false;
  const now = () => at + performance.now() - since;
  return {
    remaining: () => deadline - now(),
    untilClosed: () => deadline + grace - now(),
    /** Whether the attempt is over, however much time was left. */
    stop(over) { stopped = over; },
    isStopped: () => stopped,
    /** `heard` is when the server answered, on this clock. */
    set(body, heard) {
      at = Date.parse(body.server_now);
      since = heard;
      if (!body.deadline) return;
      deadline = Date.parse(body.deadline);
      grace = Math.max(0, body.closes_ms - body.remaining_ms);
    },
  };
}

function digits(ms) {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Where no clock is shown there is nothing to count. Else counts down, tells at half of the time and at 10, 5 and 1 minutes, and asks the server at the end: more time may have been given. */
export function timer(player) {
  const { root, clock, words, show } = player;
  const place = root.querySelector('[data-timer]');
  if (!place) return;
  const box = root.querySelector('.timer');
  const toggle = root.querySelector('[data-timer-toggle]');
  const limit = Number(root.dataset.limitMs);
  const warnings = [
    [limit / 2, () => words.half],
    ...[10, 5, 1].filter((minutes) => minutes * 60000 < limit / 2)
      .map((minutes) => [minutes * 60000, () => words.minutes.replace('{minutes}', minutes)]),
  ];
  let last = clock.remaining();
  let asked = 0;
  let counted = 'whole';
  root.querySelector('[data-section-left]')?.remove(); // counted down here instead
  toggle.hidden = false;
  toggle.addEventListener('click', () => {
    place.hidden = !place.hidden;
    toggle.textContent = place.hidden ? words.show : words.hide;
  });
  async function atTheEnd() {
    if (performance.now() - asked < 3000 || !player.contact || player.send.isOver()) return;
    asked = performance.now();
    player.answers.flush();
    await player.send.now();
    const answer = await player.contact.now();
    if (answer === null || (answer.body.state === 'in_progress' && clock.untilClosed() > 0)) {
      if (answer === null && clock.untilClosed() < 0) show.sealed(player.queue.all());
      return;
    }
    if (player.queue.isEmpty()) location.assign(`/exam/${player.attempt}`);
    else await player.send.now();
  }
  /** A section that ends before the exam does has a clock of its own; the server opens the next one. */
  function atSectionEnd() {
    if (performance.now() - asked < 3000 || !player.contact || player.send.isOver()) return;
    asked = performance.now();
    player.answers.flush();
    player.send.now().then(() => player.contact.now());
  }
  function tick() {
    if (clock.isStopped() && clock.remaining() > 0) { // handed in or ended elsewhere
      place.textContent = '–';
      return;
    }
    const whole = Math.max(0, clock.remaining());
    const part = player.sectionEnds ? Math.max(0, player.sectionEnds - performance.now()) : whole;
    const remaining = whole - part > 2000 ? part : whole;
    place.textContent = remaining < whole ? words.section.replace('{time}', digits(remaining)).replace('{total}', digits(whole)) : digits(whole);
    if (remaining < whole && part === 0) atSectionEnd();
    box.classList.toggle('timer--low', remaining <= 300000);
    const counts = remaining < whole ? player.section.name : 'whole';
    if (counts !== counted) last = remaining; // another clock than before: nothing was crossed
    counted = counts;
    for (const [at, text] of warnings) if (last > at && remaining <= at && (at < limit / 2 || counts === 'whole')) show.announce(text(), at <= 60000);
    last = remaining;
    if (clock.untilClosed() < 0) atTheEnd();
  }
  tick();
  setInterval(tick, 500);
}
