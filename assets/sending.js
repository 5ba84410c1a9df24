// Says that a file is on its way and being read, and keeps it from being sent twice. Without this script the browser shows the same in its own way.
const form = document.querySelector("form[data-sending]");
const sign = document.querySelector("[data-sending-sign]");
const status = document.querySelector("[data-sending-status]");

function show(sending) {
  form.setAttribute("aria-busy", String(sending));
  for (const button of form.querySelectorAll("button")) button.disabled = sending;
  if (sign) sign.hidden = !sending;
  if (status) status.textContent = sending ? status.dataset.sendingStatus : "";
}

if (form) {
  form.addEventListener("submit", () => setTimeout(show, 0, true));
  // A page that comes back from the browser's memory is not sending.
  addEventListener("pageshow", () => show(false));
}
