// Unacknowledged answers, one entry a question, in the order in which they were first changed:
// `{position, sent: {response, revision, client_op_id} | null, next: {response} | null, revision, at}`.
// What was sent keeps its client_op_id until the server has answered, so that sending it again is safe; what changed meanwhile waits in `next`.
import { newId } from './call.js';

export async function openQueue(store) {
  const kept = await store.load();
  let entries = new Map((Array.isArray(kept) ? kept : []).map((entry) => [entry.position, entry]));
  let last = Promise.resolve(true);
  const keep = () => {
    last = store.keep(entries.size === 0 ? null : [...entries.values()]);
    return last;
  };
  return {
    /** `revision` is the last one seen; while an earlier answer is on its way, the one that this will get. Resolves when it is kept on the device. */
    put(position, response, revision) {
      const known = entries.get(position);
      const at = new Date().toISOString();
      entries.set(position, { position, sent: known?.sent ?? null, next: { response }, revision: known?.revision ?? revision, at });
      return keep();
    },
    /** The first entry, ready to be sent; one that was not sent before gets its id now. */
    async head() {
      const entry = entries.values().next().value;
      if (!entry) return null;
      if (!entry.sent) {
        entry.sent = { response: entry.next.response, revision: entry.revision, client_op_id: newId() };
        entry.next = null;
        await keep();
      }
      return { position: entry.position, at: entry.at, ...entry.sent };
    },
    acknowledged(position, revision) {
      const entry = entries.get(position);
      if (!entry) return;
      if (entry.next) entries.set(position, { ...entry, sent: null, revision });
      else entries.delete(position);
      keep();
    },
    drop(position) {
      entries.delete(position);
      keep();
    },
    /** Everything that waits, the newest text of each: for copying, and for telling of it late. */
    all: () => [...entries.values()].map((entry) => ({
      position: entry.position,
      response: (entry.next ?? entry.sent).response,
      client_op_id: entry.next || !entry.sent ? (entry.next.id ??= newId()) : entry.sent.client_op_id,
      at: entry.at,
    })),
    clear() {
      entries = new Map();
      return keep();
    },
    /** Resolves when the device holds what this says. A page that is left earlier leaves an older state behind, and the next page would send it again. */
    kept: () => last,
    of: (position) => entries.get(position) ?? null,
    count: () => entries.size,
    isEmpty: () => entries.size === 0,
  };
}
