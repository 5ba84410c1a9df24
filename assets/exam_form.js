// Draws the panel beside an exam's form anew while somebody writes it, and says in the table whether the bank has enough. Without this script the button
// that checks does the same.
const form = document.querySelector("[data-exam-form]");
const panel = document.querySelector("[data-exam-panel]");
const PAUSE = 400;
let timer;
let asked;

async function look() {
  asked?.abort();
  asked = new AbortController();
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.examForm, { method: "POST", body, signal: asked.signal });
    if (!answer.ok) return;
    panel.innerHTML = await answer.text();
    for (const cell of panel.querySelectorAll("[data-cell]")) {
      const row = cell.dataset.cell;
      const state = form.querySelector(`[data-cell-state="${row}"]`);
      if (state) state.textContent = cell.textContent;
      const needed = form.querySelector(`[data-cell-needed="${row}"]`);
      if (needed) needed.textContent = cell.dataset.needed;
    }
  } catch {
    // Typed on meanwhile, or the server is away: the next change asks again.
  }
}

function soon(event) {
  if (event.isComposing) return;
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
}

if (form && panel) {
  form.addEventListener("input", soon);
  form.addEventListener("compositionend", soon);
}
