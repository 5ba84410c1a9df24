// Shows an item as the candidate sees it while somebody writes it, and changes rows without leaving the page. Both are answered by the server, with the form as it
// would be without this script.
const form = document.querySelector("[data-item-editor]");
const preview = document.querySelector("[data-item-preview]");
const PAUSE = 500;
let timer;
let asked;

async function show() {
  asked?.abort();
  asked = new AbortController();
  const typed = new FormData(form);
  typed.delete("file");
  try {
    const answer = await fetch(form.dataset.itemEditor, { method: "POST", body: new URLSearchParams(typed), signal: asked.signal });
    if (answer.ok) preview.innerHTML = await answer.text();
  } catch {
    // Typed on meanwhile, or the server is away: the next change asks again.
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(show, PAUSE);
}

/** Sends the form as the button would, and takes fields and preview from what comes back. False where it did not work. */
async function change(go) {
  clearTimeout(timer);
  asked?.abort();
  const sent = new FormData(form);
  sent.set("go", go);
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fields = page.querySelector("[data-fields]");
    if (!fields) return false;
    form.querySelector("[data-fields]").replaceWith(document.adoptNode(fields));
    preview.replaceChildren(...document.adoptNode(page.querySelector("[data-item-preview]")).childNodes);
    form.dispatchEvent(new CustomEvent("fields"));
    return true;
  } catch {
    return false;
  }
}

/** Where the next key goes: into the row that is new or has moved, to the button for one more where a row has gone. */
function focusAfter(go) {
  const [verb, path] = go.split(":");
  const list = verb === "add" ? path : path.slice(0, path.lastIndexOf("."));
  const rows = form.querySelector(`[data-rows="${CSS.escape(list)}"]`);
  const row = verb === "add" ? rows?.querySelector(":scope > ol > li:last-child") : document.getElementById(path.replaceAll(".", "-"));
  const field = row?.querySelector("textarea, input:not([type=hidden]), select") ?? rows?.querySelector(":scope > p > button");
  field?.focus();
}

if (form && preview) {
  form.addEventListener("input", (event) => {
    if (!event.isComposing) later();
  });
  form.addEventListener("compositionend", later);
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-row], [data-preview-button]");
    if (!button) return;
    event.preventDefault();
    if (await change(button.value)) {
      if (button.hasAttribute("data-row")) focusAfter(button.value);
    } else {
      button.removeAttribute("data-row");
      button.removeAttribute("data-preview-button");
      form.requestSubmit(button);
    }
  });
  form.addEventListener("change", async (event) => {
    const picture = event.target.type === "file" && event.target.value;
    if (!picture && !event.target.matches("[data-reshape]")) return;
    const id = event.target.id;
    if (await change("preview")) document.getElementById(id)?.focus();
  });
}
