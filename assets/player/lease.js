// One window writes. A window draws a name for itself, which a reload keeps and a copy of the window does not, and asks for the lease under it.
import { call, newId } from './call.js';

export async function openLease(player) {
  const { words, show } = player;
  const place = player.root.querySelector('[data-lease-box]');
  const holder = await ownName(player.attempt);
  let state = { held: true, epoch: 0, local_key: null };
  const ask = async (takeOver) => {
    const answer = await call(player, 'POST', '/lease', { holder, take_over: takeOver }, { timeout: 4000 });
    if (answer?.status === 200) state = answer.body;
    mark();
    return answer;
  };
  /** Forms that are posted say the same as calls: the epoch of this window, or none while another one writes. */
  const mark = () => {
    for (const field of player.root.querySelectorAll('[data-lease-epoch]')) if (state.epoch) field.value = state.held ? state.epoch : 0;
  };
  await ask(false);

  const lease = {
    held: () => state.held,
    epoch: () => state.epoch,
    localKey: () => state.local_key,
    mark,
    /** This window reads only; what it still holds is shown for copying. */
    readOnly() {
      state.held = false;
      mark();
      player.answers.lock(true);
      // A page made because of it says so already.
      place.querySelector('[data-lease-says]').hidden = Boolean(player.root.querySelector('[data-lease-said]'));
      place.hidden = false;
      show.readOnly();
      const waiting = player.queue?.all() ?? [];
      if (waiting.length > 0) show.kept(waiting, words.leaseKept);
    },
    lost(epoch) {
      if (!state.held) return;
      if (state.epoch === 0) { // it could not be asked for when the page was opened
        ask(false).then(() => {
          if (!state.held) lease.readOnly();
          else if (state.epoch) player.send.now();
        });
        return;
      }
      state.epoch = epoch ?? state.epoch;
      lease.readOnly();
    },
  };
  place.querySelector('[data-take-over]').addEventListener('click', async () => {
    const answer = await ask(true);
    if (answer?.body?.held) location.reload(); // what is stored now, and what waits on this device, are shown afresh
    else show.notice(words.offline);
  });
  return lease;
}

/** A window that was copied has its storage copied too: a lock tells which of the two came first. */
async function ownName(attempt) {
  const key = `waymark-window-${attempt}`;
  let name = null;
  try {
    name = sessionStorage.getItem(key);
  } catch {
    // Without storage a reload is another window.
  }
  if (!name || !(await alone(`${key}-${name}`))) {
    name = newId();
    await alone(`${key}-${name}`);
  }
  try {
    sessionStorage.setItem(key, name);
  } catch {
    // As above.
  }
  return name;
}

/** Whether no other window goes by this name; the page before this one may still be letting go of it. */
function alone(name) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((done) => {
    navigator.locks.request(name, { signal: AbortSignal.timeout(800) }, () => {
      done(true);
      return new Promise(() => {});
    }).catch((error) => done(error.name === 'SecurityError'));
  });
}
