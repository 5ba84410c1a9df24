// A file may be dropped anywhere on the box around a file field; the field itself stays what it is.

for (const box of document.querySelectorAll('.drop')) {
  const field = box.querySelector('input[type=file]');
  const over = (is) => (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    box.classList.toggle('drop--over', is);
  };
  box.addEventListener('dragover', over(true));
  box.addEventListener('dragleave', over(false));
  box.addEventListener('drop', (event) => {
    over(false)(event);
    if (field && event.dataTransfer?.files.length > 0) field.files = event.dataTransfer.files;
  });
}
