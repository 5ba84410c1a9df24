// What the page says about itself: the save state (always in words), notices, announcements, and texts kept for copying.

/** So long a person who types is not told again that it was saved. */
const QUIET = 30000;

export function openShow(player) {
  const { root, words } = player;
  const place = root.querySelector('[data-save-state]');
  const announcers = { polite: root.querySelector('[data-announce]'), urgent: root.querySelector('[data-announce-now]') };
  const time = inZone(root.dataset.zone);
  let state = '';
  let savedAt = root.dataset.lastSaved ?? null;
  let fixed = false;
  let told = -Infinity;
  const set = (next, text) => {
    if (fixed) return;
    state = next;
    // Shown always, said aloud with measure: that a save is over, to whoever types only now and then; trouble at once.
    const typing = document.activeElement?.matches('textarea, input[type=text]') ?? false;
    const quiet = next === 'saving' || (next === 'saved' && typing && performance.now() - told < QUIET);
    place.setAttribute('aria-live', quiet ? 'off' : 'polite');
    if (next === 'saved' && !quiet && place.textContent !== text) told = performance.now();
    place.className = next ? `save-state save-state--${next}` : 'save-state';
    if (place.textContent !== text) place.textContent = text;
  };
  const savedText = () => words.saved.replace('{time}', time.format(new Date(savedAt)));
  const show = {
    saved(at) {
      savedAt = at;
      root.querySelector('[data-notice]').hidden = true; // what it said is over
      set('saved', savedText());
    },
    saving: () => set('saving', words.saving),
    waiting: (count) => set('waiting', words.waiting.replace('{count}', count)),
    /** A banner over the whole width: what was answered is kept here, and the clock goes on. */
    offline: (count) => set('offline', count > 0 ? words.offlineCount.replace('{count}', count) : words.offline),
    unsaved: () => set('waiting', words.unsaved),
    readOnly: () => set('waiting', words.readOnly),
    /** The connection is there again, and nothing waits. */
    reached() {
      if (state === 'offline') set(savedAt ? 'saved' : '', savedAt ? savedText() : words.nothing);
    },
    /** The time ended without a connection: what waits is closed and told of when the connection is back. */
    sealed(waiting) {
      if (waiting.length > 0) show.kept(waiting, words.lateWaiting);
      player.answers.lock(true);
    },
    ended() {
      set('waiting', words.over);
      fixed = true;
    },
    notice(text) {
      const notice = root.querySelector('[data-notice]');
      notice.hidden = false;
      notice.querySelector('[data-notice-text]').textContent = text;
    },
    announce(text, urgent = false) {
      (urgent ? announcers.urgent : announcers.polite).textContent = text;
    },
    /** Answers that are on this device only, as text that can be copied and saved. */
    kept(waiting, why) {
      const box = root.querySelector('[data-kept]');
      box.hidden = false;
      box.querySelector('[data-kept-why]').textContent = why;
      const text = waiting.map(({ position, response }) => `${words.questionWord.replace('{position}', position)}: ${player.answers.inWords(position, response)}`).join('\n');
      box.querySelector('[data-kept-text]').value = text;
      // Their own answers in words: a file that outlives the window, for whoever looks into what happened.
      box.querySelector('[data-kept-file]').href = `data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`;
    },
  };
  return show;
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
