// Pictures of questions: fetched with the pages that are fetched in advance, and told of where one is missing.

/** Addresses of the pictures of a question, in a picture to look at or to point into. */
const addresses = (question) => [...question.querySelectorAll('img[src], svg image')].map((each) => each.getAttribute('src') ?? each.getAttribute('href'));

export function openPictures(player) {
  // Held here, a picture stays at hand for as long as the page does.
  const kept = new Map();

  /** Loads the pictures of a page that is not shown yet. */
  function fetchAhead(page) {
    const question = new DOMParser().parseFromString(page, 'text/html').querySelector('[data-player] [data-question]');
    for (const address of question ? addresses(question) : []) {
      if (kept.has(address)) continue;
      const picture = new Image();
      picture.addEventListener('error', () => kept.delete(address));
      kept.set(address, picture);
      picture.src = address;
    }
  }

  /** A question whose picture is not there cannot be answered with open eyes: that is said, and mended once there is a connection. */
  function watch(question) {
    for (const shown of question.querySelectorAll('img[src], svg image')) {
      const name = shown.hasAttribute('src') ? 'src' : 'href';
      shown.addEventListener('error', () => {
        shown.toggleAttribute('data-missing', true);
        player.show.notice(player.words.pictureMissing);
        player.show.announce(player.words.pictureMissing, true);
      });
      shown.addEventListener('load', () => shown.removeAttribute('data-missing'));
      shown.setAttribute(name, shown.getAttribute(name)); // what failed before anybody listened fails again
    }
  }

  addEventListener('online', () => {
    for (const shown of player.root.querySelectorAll('[data-question] [data-missing]')) {
      const name = shown.hasAttribute('src') ? 'src' : 'href';
      shown.setAttribute(name, shown.getAttribute(name));
    }
  });
  return { fetchAhead, watch };
}
