// Shows an item as the candidate sees it while somebody writes it. Without this script the preview button does the same.
const form = document.querySelector("[data-item-editor]");
const preview = document.querySelector("[data-item-preview]");
const PAUSE = 500;
let timer;
let asked;

async function show() {
  asked?.abort();
  asked = new AbortController();
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.itemEditor, { method: "POST", body, signal: asked.signal });
    if (answer.ok) preview.innerHTML = await answer.text();
  } catch {
    // Typed on meanwhile, or the server is away: the next change asks again.
  }
}

if (form && preview) {
  form.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
  form.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
}
