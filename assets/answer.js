// Small comforts of some types of questions. Without them every question is answered by its fields alone. The player may put another question into the
// page, or another answer into its fields (`answer-shown`), so that nothing here holds on to an element.

const input = (area) => document.querySelector(`input[name=choice][value="${CSS.escape(area.dataset.area)}"]`);

/** What is chosen shows on the picture of a hotspot, and the length of an essay below it. */
function show() {
  for (const area of document.querySelectorAll('[data-hotspot] [data-area]')) area.toggleAttribute('data-chosen', input(area)?.checked ?? false);
  for (const text of document.querySelectorAll('[data-count]')) {
    const place = text.parentElement.querySelector('[data-count-text]');
    const count = [...text.value].length;
    place.textContent = place.dataset.text.replace('{count}', count);
    place.classList.toggle('error', count > Number(text.dataset.max));
  }
}

// A click on an area of a hotspot is a click on its label.
document.addEventListener('click', (event) => {
  const area = event.target.closest?.('[data-hotspot] [data-area]');
  if (area) input(area)?.click();
});
for (const what of ['change', 'input', 'answer-shown']) document.addEventListener(what, show);
show();
