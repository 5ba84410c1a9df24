// 1-9 and A-D choose, F, N and P press their buttons; never while somebody types, and only while the switch is on (WCAG 2.2, 2.1.4).
export function openKeys(player) {
  const box = player.root.querySelector('[data-keys]');
  if (!box) return;
  const on = player.root.querySelector('[data-keys-on]');
  box.hidden = false;
  try {
    on.checked = localStorage.getItem('waymark-keys') !== 'off';
  } catch {
    on.checked = true;
  }
  on.addEventListener('change', () => {
    try {
      localStorage.setItem('waymark-keys', on.checked ? 'on' : 'off');
    } catch {
      // Remembered for this page only.
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229 || event.repeat || event.defaultPrevented) return;
    const other = event.altKey && event.shiftKey && !event.ctrlKey && !event.metaKey;
    if (!other && (!on.checked || event.ctrlKey || event.metaKey || event.altKey)) return;
    if (!other && event.target.closest('textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox])')) return;
    const form = player.form();
    const key = other ? event.code.replace(/^Key/, '').toLowerCase() : event.key.toLowerCase();
    if (key === '?' && !other) {
      event.preventDefault();
      box.open = !box.open;
      box.querySelector('summary').focus();
      return;
    }
    const button = /^[fnp]$/.test(key) && form?.querySelector(`[data-key="${key}"]`);
    if (button) {
      event.preventDefault();
      if (!button.disabled) form.requestSubmit(button);
      return;
    }
    if (other) return;
    const place = /^[1-9]$/.test(key) ? Number(key) - 1 : /^[a-d]$/.test(key) ? key.charCodeAt(0) - 97 : -1;
    const input = form?.querySelectorAll('input[name=choice]')[place];
    if (input && !input.disabled) {
      event.preventDefault();
      input.focus();
      input.click();
    }
  });
}
