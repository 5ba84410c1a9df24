// The exam player, saving sooner and counting the seconds down. Without it every page works by form posts.
//
// What is chosen is put into a queue in sessionStorage before it is sent, one entry per question, and leaves it only when the
// server has acknowledged it. An entry that was sent keeps its client_op_id until then, so that sending it again is safe.

const player = document.querySelector('[data-player]');
if (player) start(player);

function start(player) {
  const data = player.dataset;
  const queue = openQueue(data.attempt);
  const form = player.querySelector('[data-answer]');
  const show = saveState(player, data);
  const clock = serverClock(data);
  const send = sender({ player, data, form, queue, show });

  if (data.lastSaved) show.saved(data.lastSaved);
  timer({ player, data, clock, send });
  if (form) {
    restore(form, data, queue);
    form.addEventListener('change', (event) => {
      if (event.target.name !== 'choice') return;
      queue.put(Number(data.position), chosen(form), Number(form.querySelector('[data-revision]').value));
      send.now();
    });
    form.addEventListener('submit', (event) => {
      if (queue.isEmpty()) return;
      if (navigator.onLine === false || show.isOffline()) {
        event.preventDefault();
        send.now();
      }
    });
    keys({ player, data, form });
  }
  const handIn = player.querySelector('[data-submit]');
  if (handIn) {
    handIn.addEventListener('submit', (event) => {
      if (queue.isEmpty()) return;
      event.preventDefault();
      send.now();
    });
  }
  addEventListener('online', () => send.now());
  addEventListener('offline', () => show.offline());
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) clock.ask(data.attempt);
  });
  if (!queue.isEmpty()) send.now();
  for (const summary of document.querySelectorAll('.error-summary')) summary.focus();
}

function chosen(form) {
  return [...form.querySelectorAll('input[name=choice]:checked')].map((input) => input.value);
}

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Unacknowledged answers by position: `{sent: {response, revision, client_op_id} | null, next: response | null, revision}`. */
function openQueue(attempt) {
  const key = `waymark-attempt-${attempt}`;
  let entries = {};
  try {
    entries = JSON.parse(sessionStorage.getItem(key) ?? '{}');
  } catch {
    entries = {};
  }
  const keep = () => {
    try {
      if (Object.keys(entries).length === 0) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(entries));
    } catch {
      // A browser without storage still has the queue in memory.
    }
  };
  return {
    /** `revision` is the last one seen; while an earlier answer is on its way, the one that it will get. */
    put(position, response, revision) {
      const { sent = null, revision: known = revision } = entries[position] ?? {};
      entries[position] = { sent, next: response, revision: known };
      keep();
    },
    /** The first entry, ready to be sent; one that was not sent before gets its id now. */
    head() {
      const position = Object.keys(entries)[0];
      if (position === undefined) return null;
      const { sent, next, revision } = entries[position];
      if (!sent) {
        entries[position] = { sent: { response: next, revision, client_op_id: newId() }, next: null, revision };
        keep();
      }
      return { position: Number(position), ...entries[position].sent };
    },
    acknowledged(position, revision) {
      const entry = entries[position];
      if (entry && entry.next !== null) entries[position] = { sent: null, next: entry.next, revision };
      else delete entries[position];
      keep();
    },
    drop(position) {
      delete entries[position];
      keep();
    },
    of: (position) => entries[position] ?? null,
    count: () => Object.keys(entries).length,
    isEmpty: () => Object.keys(entries).length === 0,
  };
}

/** What this window had chosen and not yet saved is shown again after a reload. */
function restore(form, data, queue) {
  const entry = queue.of(Number(data.position));
  const response = entry && (entry.next ?? entry.sent?.response);
  if (!response) return;
  for (const input of form.querySelectorAll('input[name=choice]')) input.checked = response.includes(input.value);
}

function saveState(player, data) {
  const place = player.querySelector('[data-save-state]');
  let offline = false;
  const set = (state, text) => {
    offline = state === 'offline';
    place.className = state ? `save-state save-state--${state}` : 'save-state';
    place.textContent = text;
  };
  const time = new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  });
  return {
    saved: (at) => set('saved', data.textSaved.replace('{time}', time.format(new Date(at)))),
    saving: () => set('saving', data.textSaving),
    waiting: (count) => set('waiting', data.textWaiting.replace('{count}', count)),
    offline: () => set('offline', data.textOffline),
    unsaved: () => set('waiting', data.textUnsaved),
    isOffline: () => offline,
    notice(text) {
      const notice = player.querySelector('[data-notice]');
      notice.hidden = false;
      notice.querySelector('[data-notice-text]').textContent = text;
    },
  };
}

function sender({ player, data, form, queue, show }) {
  const waits = [1000, 2000, 4000, 8000, 15000];
  let busy = false;
  let failures = 0;
  let retry = 0;
  let over = false;

  async function now() {
    if (busy || over) return;
    busy = true;
    clearTimeout(retry);
    let op;
    while (!over && (op = queue.head())) {
      if (failures === 0) show.saving();
      let answer;
      try {
        answer = await put(op);
      } catch {
        answer = null;
      }
      if (!(await settle(op, answer))) break;
    }
    busy = false;
  }

  function put({ position, response, revision, client_op_id }) {
    return fetch(`/api/v1/attempts/${data.attempt}/responses/${position}`, {
      method: 'PUT',
      credentials: 'same-origin',
      keepalive: true,
      headers: { 'content-type': 'application/json', 'x-csrf-token': data.csrf },
      body: JSON.stringify({ response, revision, client_op_id }),
      signal: AbortSignal.timeout(10000),
    });
  }

  /** Deals with an answer; whether the next entry can be sent. */
  async function settle(op, answer) {
    if (answer?.ok) {
      const receipt = await answer.json();
      failures = 0;
      queue.acknowledged(op.position, receipt.revision);
      if (op.position === Number(data.position)) took(op.response, receipt.revision);
      show.saved(receipt.saved_at);
      return true;
    }
    const problem = answer ? await answer.json().catch(() => ({})) : {};
    switch (problem.code) {
      case 'attempt_over':
      case 'attempt_closed':
        over = true;
        queue.drop(op.position);
        show.notice(data.textOver);
        location.assign(`/exam/${data.attempt}`);
        return false;
      case 'response_stale':
        queue.drop(op.position);
        if (same(problem.stored?.response, op.response)) {
          took(op.response, problem.stored.revision);
          return true;
        }
        show.unsaved();
        show.notice(data.textStale);
        return true;
      case 'sign_in_required':
      case 'cross_site':
        show.waiting(queue.count());
        show.notice(data.textSignedOut);
        return false;
      case 'validation_failed':
      case 'not_found':
      case 'client_op_id_reused':
        queue.drop(op.position);
        show.unsaved();
        show.notice(problem.errors?.[0]?.detail ?? data.textRefused);
        return true;
      default:
        failures += 1;
        if (navigator.onLine === false || (answer === null && failures > 2)) show.offline();
        else show.waiting(queue.count());
        retry = setTimeout(now, waits[Math.min(failures, waits.length) - 1]);
        return false;
    }
  }

  /** The page now knows what the server knows, so that the form post that follows has nothing to save. */
  function took(response, revision) {
    if (!form) return;
    for (const field of document.querySelectorAll('[data-revision]')) field.value = revision;
    for (const field of document.querySelectorAll('[data-was]')) field.value = response.join(' ');
    const cell = player.querySelector('[data-current]');
    if (!cell) return;
    const answered = response.length > 0;
    cell.classList.toggle('position--answered', answered);
    cell.classList.toggle('position--unanswered', !answered);
    cell.classList.remove('position--unseen');
    cell.setAttribute('aria-label', data.textCell.replace('{state}', answered ? data.textAnswered : data.textUnanswered));
  }

  return { now, stop: () => (over = true) };
}

function same(one, other) {
  return Array.isArray(one) && one.length === other.length && one.every((handle) => other.includes(handle));
}

/** The server's clock: its time at load, and what has passed since on a clock that nobody can set. */
function serverClock(data) {
  let at = Date.parse(data.serverNow);
  let since = performance.now();
  const deadline = Date.parse(data.deadline);
  const grace = Number(data.closesMs) - Number(data.remainingMs);
  const now = () => at + performance.now() - since;
  return {
    remaining: () => deadline - now(),
    untilClosed: () => deadline + grace - now(),
    async ask(attempt) {
      try {
        const asked = performance.now();
        const answer = await fetch(`/api/v1/attempts/${attempt}`, { credentials: 'same-origin' });
        if (!answer.ok) return;
        const body = await answer.json();
        at = Date.parse(body.server_now);
        since = (asked + performance.now()) / 2;
      } catch {
        // Offline: the clock goes on from what it knows.
      }
    },
  };
}

function timer({ player, data, clock, send }) {
  const place = player.querySelector('[data-timer]');
  const box = player.querySelector('.timer');
  const toggle = player.querySelector('[data-timer-toggle]');
  const announcer = player.querySelector('[data-announce]');
  const limit = Number(data.limitMs);
  const warnings = [
    [limit / 2, () => data.textHalf],
    ...[10, 5, 1].filter((minutes) => minutes * 60000 < limit / 2)
      .map((minutes) => [minutes * 60000, () => data.textMinutes.replace('{minutes}', minutes)]),
  ];
  let last = clock.remaining();
  let left = false;
  toggle.hidden = false;
  toggle.addEventListener('click', () => {
    place.hidden = !place.hidden;
    toggle.textContent = place.hidden ? data.textShow : data.textHide;
  });
  function tick() {
    const remaining = Math.max(0, clock.remaining());
    const seconds = Math.ceil(remaining / 1000);
    place.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    box.classList.toggle('timer--low', remaining <= 300000);
    for (const [at, text] of warnings) {
      if (last > at && remaining <= at) {
        announcer.setAttribute('aria-live', at <= 60000 ? 'assertive' : 'polite');
        announcer.textContent = text();
      }
    }
    last = remaining;
    if (clock.untilClosed() < 0 && !left) {
      left = true;
      send.stop();
      location.assign(`/exam/${data.attempt}`);
    }
  }
  tick();
  setInterval(tick, 500);
}

/** 1-9 and A-D choose, F, N and P press their buttons; never while somebody types, and only while the switch is on. */
function keys({ player, form }) {
  const box = player.querySelector('[data-keys]');
  const on = player.querySelector('[data-keys-on]');
  box.hidden = false;
  try {
    on.checked = localStorage.getItem('waymark-keys') !== 'off';
  } catch {
    on.checked = true;
  }
  on.addEventListener('change', () => {
    try {
      localStorage.setItem('waymark-keys', on.checked ? 'on' : 'off');
    } catch {
      // Remembered for this page only.
    }
  });
  document.addEventListener('keydown', (event) => {
    if (!on.checked || event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
    if (event.target.closest('textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox])')) return;
    const key = event.key.toLowerCase();
    const button = /^[fnp]$/.test(key) && form.querySelector(`[data-key="${key}"]`);
    if (button) {
      event.preventDefault();
      if (!button.disabled) form.requestSubmit(button);
      return;
    }
    const place = /^[1-9]$/.test(key) ? Number(key) - 1 : /^[a-d]$/.test(key) ? key.charCodeAt(0) - 97 : -1;
    const input = form.querySelectorAll('input[name=choice]')[place];
    if (input) {
      event.preventDefault();
      input.focus();
      input.click();
    }
  });
}
