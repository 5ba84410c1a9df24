// Versions of Safe Exam Browser on newer WebKit send no headers: they offer the hashes of their keys, over the address of the page, to scripts. This hands them in.
// In any other browser it does nothing.
const form = document.querySelector('form[data-seb]');
const security = globalThis.SafeExamBrowser?.security;
const here = location.href.split('#')[0];
const MEMORY = 'waymark-seb';

function handIn() {
  if (!security.configKey && !security.browserExamKey) return;
  // A page that was handed in a moment ago and asks again would ask for ever.
  const [page, at] = (sessionStorage.getItem(MEMORY) ?? '').split(' ');
  if (page === here && Date.now() - Number(at) < 30_000) return;
  sessionStorage.setItem(MEMORY, `${here} ${Date.now()}`);
  form.elements.address.value = here;
  form.elements.config_key.value = security.configKey ?? '';
  form.elements.browser_key.value = security.browserExamKey ?? '';
  form.submit();
}

if (form && security && !('refused' in form.dataset)) {
  // The browser calls back by the function's name, so that it has to be a global one.
  globalThis.waymarkSebKeys = function waymarkSebKeys() {
    handIn();
  };
  if (security.configKey || !security.updateKeys) handIn();
  else security.updateKeys(globalThis.waymarkSebKeys);
}
