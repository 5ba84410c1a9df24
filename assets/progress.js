// Keeps the part of a page inside [data-refresh] up to date while somebody looks at it. Without this script a reload does the same.
const region = document.querySelector("[data-refresh]");
const status = document.querySelector("[data-refresh-status]");
const EVERY = 2000;
let last;

function replace(html) {
  const open = [...region.querySelectorAll("details[open][id]")].map((details) => details.id);
  const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
  region.innerHTML = html;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  if (status) status.textContent = status.dataset.refreshed;
}

async function look() {
  let again = true;
  try {
    if (!document.hidden) {
      const answer = await fetch(region.dataset.refresh);
      if (answer.ok) {
        const html = await answer.text();
        if (last !== undefined && html !== last) replace(html);
        last = html;
      } else if (answer.status === 401) {
        again = false;
      }
    }
  } catch {
    // The server is away: the page stays as it is, and the next look may succeed.
  }
  if (again) setTimeout(look, EVERY);
}

if (region) look();
