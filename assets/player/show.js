// What the page says about itself: the save state (always in words), notices, announcements, and texts kept for copying.
export function openShow(player) {
  const { root, words } = player;
  const place = root.querySelector('[data-save-state]');
  const announcer = root.querySelector('[data-announce]');
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  let state = '';
  let savedAt = root.dataset.lastSaved ?? null;
  let fixed = false;
  const set = (next, text) => {
    if (fixed) return;
    state = next;
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
      announcer.setAttribute('aria-live', urgent ? 'assertive' : 'polite');
      announcer.textContent = text;
    },
    /** Answers that are on this device only, as text that can be copied and saved. */
    kept(waiting, why) {
      const box = root.querySelector('[data-kept]');
      box.hidden = false;
      box.querySelector('[data-kept-why]').textContent = why;
      const text = waiting.map(({ position, response }) => `${words.questionWord.replace('{position}', position)}: ${player.answers.inWords(position, response)}`).join('\n');
      box.querySelector('[data-kept-text]').value = text;
    },
  };
  return show;
}
