// While the clock stands: looks every few seconds whether it runs again, and then goes back to the question. Without this script the button does it.
const place = document.querySelector('[data-pause]');
if (place) setInterval(look, 4000);

async function look() {
  try {
    // The page of the attempt leads on to a question as soon as there is one to be seen.
    const answer = await fetch(place.dataset.pause, { redirect: 'manual', credentials: 'same-origin' });
    if (answer.type === 'opaqueredirect') location.assign(place.dataset.pause);
  } catch {
    // no connection: the next look tells
  }
}
