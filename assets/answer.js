// Small comforts of some types of questions. Without them every question is answered by its fields alone.

// A click on an area of a hotspot is a click on its label, and what is chosen shows on the picture.
for (const picture of document.querySelectorAll('[data-hotspot]')) {
  const areas = [...picture.querySelectorAll('[data-area]')];
  const input = (area) => document.querySelector(`input[name=choice][value="${CSS.escape(area.dataset.area)}"]`);
  const show = () => {
    for (const area of areas) area.toggleAttribute('data-chosen', input(area)?.checked ?? false);
  };
  for (const area of areas) area.addEventListener('click', () => input(area)?.click());
  document.addEventListener('change', show);
  show();
}

// The length of an essay as it is typed.
for (const text of document.querySelectorAll('[data-count]')) {
  const place = text.parentElement.querySelector('[data-count-text]');
  const show = () => {
    const count = [...text.value].length;
    place.textContent = place.dataset.text.replace('{count}', count);
    place.classList.toggle('error', count > Number(text.dataset.max));
  };
  text.addEventListener('input', show);
  show();
}
