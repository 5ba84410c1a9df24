// What a form needs against what the bank has, told while one types. The page says the same after its button was pressed.
const table = document.querySelector("[data-blueprint]");
const total = document.querySelector("[data-blueprint-total]");

function tell() {
  let sum = 0;
  for (const row of table.tBodies[0].rows) {
    const needed = Number.parseInt(row.querySelector("input:not([type=hidden])").value, 10) || 0;
    const available = Number(row.querySelector("[data-available]").dataset.available);
    sum += needed;
    const word = needed === 0 ? "" : needed > available ? table.dataset.short : table.dataset.enough;
    row.querySelector("[data-state]").textContent = word;
  }
  total.textContent = `${table.dataset.total} ${sum}`;
}

if (table) {
  table.addEventListener("input", tell);
  tell();
}
