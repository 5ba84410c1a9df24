// What is not acknowledged yet, kept on the device: in IndexedDB, encrypted (AES-GCM) with a key that the server gives for this attempt, so that whoever
// opens the browser's files later reads no answer. It survives a reload, a crash and a closed window.
//
// Browsers give encryption to pages over https (and on this machine) only. Where it is missing, or IndexedDB is, sessionStorage takes its place, which goes
// with the window. One record holds the whole queue: at most one entry a question.

const NAME = 'waymark-player';
const LARGEST = 4 * 1024 * 1024;

export async function openStore(attempt, localKey) {
  if (localKey && globalThis.crypto?.subtle && globalThis.indexedDB) {
    try {
      return await encrypted(attempt, localKey);
    } catch {
      // A private window may refuse: then as without.
    }
  }
  return plain(attempt);
}

async function encrypted(attempt, localKey) {
  const bytes = Uint8Array.from(atob(localKey), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const base = await new Promise((done, fail) => {
    const open = indexedDB.open(NAME, 1);
    open.onupgradeneeded = () => open.result.createObjectStore('queues');
    open.onsuccess = () => done(open.result);
    open.onerror = () => fail(open.error);
    open.onblocked = () => fail(new Error('blocked'));
  });
  const run = (mode, work) => new Promise((done, fail) => {
    const change = base.transaction('queues', mode, { durability: 'strict' });
    const request = work(change.objectStore('queues'));
    change.oncomplete = () => done(request.result);
    change.onerror = () => fail(change.error);
    change.onabort = () => fail(change.error);
  });
  let writing = Promise.resolve();
  return {
    async load() {
      const record = await run('readonly', (queues) => queues.get(attempt));
      if (!record) return null;
      try {
        const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: record.iv }, key, record.data);
        return JSON.parse(new TextDecoder().decode(opened));
      } catch {
        return null; // of another key: nobody can read it any more
      }
    },
    /** Writes follow one another, so that an older state never lands on a newer one. Answers whether it was kept. */
    keep(value) {
      const text = value === null ? null : JSON.stringify(value);
      writing = writing.then(async () => {
        if (text === null) return run('readwrite', (queues) => queues.delete(attempt));
        if (text.length > LARGEST) throw new Error('too large');
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const closed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(text));
        return run('readwrite', (queues) => queues.put({ iv, data: closed }, attempt));
      }).then(() => true, () => false);
      return writing;
    },
  };
}

function plain(attempt) {
  const name = `waymark-attempt-${attempt}`;
  return {
    async load() {
      try {
        return JSON.parse(sessionStorage.getItem(name) ?? 'null');
      } catch {
        return null;
      }
    },
    async keep(value) {
      try {
        if (value === null) sessionStorage.removeItem(name);
        else sessionStorage.setItem(name, JSON.stringify(value));
        return true;
      } catch {
        return false; // the queue still stands in memory
      }
    },
  };
}
