// While the clock stands: looks every few seconds what staff did and said, and goes back to the question as soon as the clock runs again. Without this
// script the buttons do it.
const place = document.querySelector('[data-pause]');
const live = document.querySelector('[data-pause-live]');
if (place) setInterval(look, 4000);

async function look() {
  try {
    // The page of the attempt leads on to a question as soon as there is one to be seen.
    const answer = await fetch(place.dataset.pause, { redirect: 'manual', credentials: 'same-origin', headers: { accept: 'text/html' } });
    if (answer.type === 'opaqueredirect') location.assign(place.dataset.pause);
    else if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-pause-live]'));
  } catch {
    // no connection: the next look tells
  }
}

/** Takes over what changed. What somebody is about to press stays where it is. */
function show(now) {
  if (!now || now.innerHTML === live.innerHTML) return;
  const focused = live.contains(document.activeElement) ? document.activeElement.closest('[data-message]')?.dataset.message : null;
  live.replaceChildren(...document.adoptNode(now).childNodes);
  if (focused) live.querySelector(`[data-message="${CSS.escape(focused)}"] button`)?.focus({ preventScroll: true });
}
