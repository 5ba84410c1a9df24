// The check of a browser before an exam: each line is judged by trying, and nothing is sent but a look at the server's health.
const list = document.querySelector('[data-system-check]');
const said = document.querySelector('[data-check-said]');

const judge = (id, passed) => {
  const line = list.querySelector(`[data-check="${id}"]`);
  line.classList.remove('check--not_checked');
  line.classList.add(passed ? 'check--passed' : 'check--failed');
  const word = passed ? list.dataset.passed : list.dataset.failed;
  line.querySelector('.check__outcome').textContent = word;
  const text = line.querySelector('.check__text');
  if (passed) text.querySelector('.small')?.remove();
  said.textContent = `${text.firstChild.textContent.trim()}: ${word}`;
};

const stores = () =>
  new Promise((done) => {
    const asked = indexedDB.open('waymark-check', 1);
    asked.onerror = () => done(false);
    asked.onsuccess = () => {
      asked.result.close();
      indexedDB.deleteDatabase('waymark-check');
      done(true);
    };
  });

judge('script', true);
try {
  judge('storage', await stores());
} catch {
  judge('storage', false);
}
// Three looks: an exam saves often, and each save is to arrive within a second.
const begun = performance.now();
let reached = true;
try {
  for (let look = 0; look < 3; look += 1) reached = (await fetch('/healthz', { cache: 'no-store' })).ok && reached;
} catch {
  reached = false;
}
judge('connection', reached && (performance.now() - begun) / 3 < 1000);
judge('clock', Math.abs(Date.now() - Date.parse(list.dataset.serverNow)) < 120_000);
