// Answers on the page: read from its fields, shown in them, and put into the queue within a second of every change.
//
// [data-answer] is the form of a question; its `data-family` says how its fields make the response:
//   choice | hotspot   the checked inputs `choice`                 ["handle", …]
//   order              selects `place:<handle>`, a number or ""    handles in the order of their numbers
//   match              selects or checked inputs `pair:<source>`   [["source", "target"], …]; "" is no pair
//   text | essay       the field `text`                            "…"
//   gaps               fields `gap:<gap>`                          {"gap": "text or handle"}; "" is left out
// What only a form post can send (an upload) is left to it.
import { same } from './send.js';

const SOON = 700;

export function openAnswers(player) {
  let timer = 0;
  let dirty = false;
  let composing = false;
  let refused = false;
  const fields = () => { const form = player.form(); return form && familyOf(form) ? form : null; };
  const revision = () => Number(player.form()?.querySelector('[data-revision]')?.value ?? 0);

  function changed(soon) {
    dirty = true;
    refused = false;
    clearTimeout(timer);
    if (soon) timer = setTimeout(flush, SOON);
    else flush();
  }

  /** Puts what the page shows into the queue, and has it sent. Half a word of an input method waits for its end, unless the page is being `left`. */
  function flush(left = false) {
    clearTimeout(timer);
    if (!dirty || (composing && !left) || !player.queue || !fields()) return;
    dirty = false;
    if (!player.lease.held()) return;
    if (isContradictory(fields())) {
      player.show.unsaved();
      return;
    }
    player.queue.put(player.position(), readResponse(fields()), revision());
    cell(readResponse(fields()));
    player.send.now();
  }

  function cell(response) {
    const place = player.root.querySelector('[data-current]');
    const box = fields();
    if (!place || !box) return;
    const count = sizeOf(response);
    const few = count > 0 && isIncomplete(box, response);
    const answered = count > 0 && !few;
    place.classList.toggle('position--answered', answered);
    place.classList.toggle('position--unanswered', !answered);
    place.classList.remove('position--unseen');
    const { words } = player;
    const state = few ? words.incomplete : count > 0 ? words.answered : words.unanswered;
    const flagged = place.classList.contains('position--flagged') ? words.flaggedToo : '';
    place.setAttribute('aria-label', words.cell.replace('{position}', player.position()).replace('{state}', state) + flagged);
    const clear = player.root.querySelector('[data-clear]');
    if (clear) clear.hidden = count === 0;
  }

  return {
    flush,
    /** The server will not have what stands at this position: nothing is lost, for the form stays as it is. */
    refuse(position) { if (position === player.position()) refused = true; },
    /** Whether the page says something that only the form post can answer, with the words of what is wrong. */
    isRefused: () => refused || (fields() !== null && isContradictory(fields())),
    /** What this device had and the server has not yet is shown again after a reload. */
    restore() {
      if (dirty) return;
      const entry = player.queue.of(player.position());
      const response = entry && (entry.next ?? entry.sent)?.response;
      if (entry && fields()) {
        showResponse(fields(), response);
        cell(response);
      }
    },
    watch() {
      const { root } = player;
      const ours = (event) => isAnswer(event.target) && event.target.form === fields();
      root.addEventListener('compositionstart', () => { composing = true; });
      root.addEventListener('compositionend', (event) => {
        composing = false;
        if (ours(event)) changed(true);
      });
      root.addEventListener('input', (event) => {
        if (!ours(event) || !isText(event.target)) return;
        if (event.isComposing || composing) dirty = true; // kept where the page is left in the middle of a word
        else changed(true);
      });
      root.addEventListener('change', (event) => { if (ours(event)) changed(false); });
      root.addEventListener('click', (event) => {
        if (!event.target.closest('[data-clear]')) return;
        event.preventDefault();
        showResponse(fields(), null);
        changed(false);
      });
    },
    lock(locked) {
      for (const field of player.form()?.elements ?? []) if (isAnswer(field)) field.disabled = locked;
      for (const field of player.root.querySelectorAll('[data-clear], [data-upload] input:not([type=hidden]), [data-upload] button')) field.disabled = locked;
    },
    /** The page now knows what the server knows, so that the form post that may follow has nothing to save. */
    took(position, response, to) {
      const here = position === player.position();
      const page = here ? player.root : player.moves?.stashed(position);
      if (!page) return;
      for (const field of page.querySelectorAll('[data-revision]')) field.value = to;
      for (const field of page.querySelectorAll('[data-was]')) field.value = Array.isArray(response) && response.every((each) => typeof each === 'string') ? response.join(' ') : JSON.stringify(response);
      if (here && fields() && same(readResponse(fields()), response)) cell(response);
    },
    /** The page takes the stored answer as its own. */
    accept(response, to) {
      if (fields()) showResponse(fields(), response);
      this.took(player.position(), response, to);
      cell(response);
    },
    current: () => (fields() ? readResponse(fields()) : null),
    /** As a person reads it: the words of what was chosen where they stand on this page, else what was sent. */
    inWords(position, response) {
      const word = (handle) => (position === player.position() && fields() && wordOf(fields(), handle)) || handle;
      if (Array.isArray(response)) return response.map((each) => (Array.isArray(each) ? each.map(word).join(' – ') : word(each))).join(', ') || player.words.none;
      if (response && typeof response === 'object') return Object.values(response).map(String).map(word).join(', ') || player.words.none;
      return String(response ?? '') || player.words.none;
    },
  };
}

const ANSWER = /^(choice$|text$|place:|pair:|gap:)/;

/** How the fields of a form are read; null for what only a form post can send. */
export function familyOf(form) {
  const family = form.dataset.family ?? (form.querySelector('input[name=choice]') ? 'choice' : 'upload');
  return family === 'upload' ? null : family;
}

function isAnswer(field) {
  return ANSWER.test(field.name ?? '');
}

/** Two options at one place of an order. */
function isContradictory(form) {
  const places = named(form, 'place:').map(([, field]) => field.value).filter((place) => place !== '');
  return new Set(places).size < places.length;
}

/** Whether something that the question asks for is left open, as the server sees it. */
function isIncomplete(form, response) {
  switch (familyOf(form)) {
    case 'match': return new Set(response.map(([source]) => source)).size < new Set(named(form, 'pair:').map(([source]) => source)).size;
    case 'gaps': return Object.keys(response).length < named(form, 'gap:').length;
    default: return Array.isArray(response) && response.length < Number(form.dataset.min ?? 0);
  }
}

/** The words beside a field, or those of what can be picked in it. */
function wordOf(form, handle) {
  const at = CSS.escape(handle);
  const label = form.querySelector(`input[value="${at}"]`)?.closest('label') ?? form.querySelector(`label[for="place-${at}"], label[for="pair-${at}"]`)
    ?? form.querySelector(`[name="pair:${at}"]`)?.closest('fieldset')?.querySelector('legend') ?? form.querySelector(`option[value="${at}"]`);
  return label?.textContent.trim();
}

function isText(field) {
  return field.matches('textarea, input:not([type=radio]):not([type=checkbox])');
}

function sizeOf(response) {
  if (Array.isArray(response)) return response.length;
  if (response && typeof response === 'object') return Object.values(response).filter((value) => value !== '').length;
  return String(response ?? '').trim() === '' ? 0 : 1;
}

/** The fields of a form whose name begins so, with what stands behind the colon. */
function named(form, beginning) {
  return [...form.elements].filter((field) => field.name?.startsWith(beginning)).map((field) => [field.name.slice(beginning.length), field]);
}

export function readResponse(form) {
  switch (familyOf(form)) {
    case 'text':
    case 'essay': return form.querySelector('[name=text]').value;
    case 'order': return named(form, 'place:').filter(([, field]) => field.value !== '').sort(([, a], [, b]) => Number(a.value) - Number(b.value)).map(([handle]) => handle);
    case 'match': return named(form, 'pair:').filter(([, field]) => field.value !== '' && (field.type !== 'checkbox' || field.checked)).map(([source, field]) => [source, field.value]);
    case 'gaps': return Object.fromEntries(named(form, 'gap:').filter(([, field]) => field.value.trim() !== '').map(([gap, field]) => [gap, field.value]));
    default: return [...form.querySelectorAll('input[name=choice]:checked')].map((input) => input.value);
  }
}

export function showResponse(form, response) {
  fill(form, response);
  document.dispatchEvent(new Event('answer-shown'));
}

function fill(form, response) {
  const list = Array.isArray(response) ? response : [];
  switch (familyOf(form)) {
    case 'text':
    case 'essay':
      form.querySelector('[name=text]').value = typeof response === 'string' ? response : '';
      return;
    case 'order':
      for (const [handle, field] of named(form, 'place:')) field.value = list.includes(handle) ? String(list.indexOf(handle) + 1) : '';
      return;
    case 'match':
      for (const [source, field] of named(form, 'pair:')) {
        const targets = list.filter(([from]) => from === source).map(([, target]) => target);
        if (field.type === 'checkbox') field.checked = targets.includes(field.value);
        else field.value = targets[0] ?? '';
      }
      return;
    case 'gaps':
      for (const [gap, field] of named(form, 'gap:')) field.value = response?.[gap] ?? '';
      return;
    default:
      for (const input of form.querySelectorAll('input[name=choice]')) input.checked = list.includes(input.value);
  }
}
