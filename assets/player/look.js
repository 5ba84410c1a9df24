// How the pages of an exam look: size of the text, contrast, light or dark, as the candidate likes it. Remembered on this device. Without this the settings
// of the browser do the same.
const NAMES = ['text', 'contrast', 'theme'];

function remembered(name) {
  try {
    return localStorage.getItem(`waymark-look-${name}`) ?? '';
  } catch {
    return '';
  }
}

function wear(name, value) {
  if (value) document.documentElement.dataset[name] = value;
  else delete document.documentElement.dataset[name];
}

export function openLook(root) {
  for (const name of NAMES) {
    const choice = root.querySelector(`[data-look-set="${name}"]`);
    const known = choice ? [...choice.options].map((option) => option.value) : ['', remembered(name)];
    const value = known.includes(remembered(name)) ? remembered(name) : '';
    wear(name, value);
    if (!choice) continue;
    choice.value = value;
    choice.addEventListener('change', () => {
      wear(name, choice.value);
      try {
        localStorage.setItem(`waymark-look-${name}`, choice.value);
      } catch {
        // Remembered for this page only.
      }
    });
  }
  const box = root.querySelector('[data-look]');
  if (box) box.hidden = false;
}
