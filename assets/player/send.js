// Sends what waits, in order, one at a time, until the server has acknowledged it.
import { call } from './call.js';
import { tellLate } from './late.js';

const WAITS = [1000, 2000, 4000, 8000, 15000];

export function openSender(player) {
  const { queue, show, lease, words } = player;
  let busy = null;
  let failures = 0;
  let retry = 0;
  let over = false;
  let lag = null;

  async function run() {
    clearTimeout(retry);
    let op;
    while (!over && lease.held() && (op = await queue.head())) {
      if (failures === 0) show.saving();
      const asked = performance.now();
      const { position, response, revision, client_op_id } = op;
      const body = { response, revision, client_op_id, ...(lease.epoch() ? { lease: lease.epoch() } : {}) };
      const answer = await call(player, 'PUT', `/responses/${position}`, body, { keepalive: JSON.stringify(body).length < 60000 });
      if (answer?.status === 200) lag = Math.round(performance.now() - asked);
      if (!(await settle(op, answer))) break;
    }
  }

  /** Deals with an answer; whether the next entry can be sent. */
  async function settle(op, answer) {
    if (answer?.status === 200) {
      failures = 0;
      queue.acknowledged(op.position, answer.body.revision);
      player.answers.took(op.position, op.response, answer.body.revision);
      if (queue.isEmpty()) show.saved(answer.body.saved_at);
      else show.waiting(queue.count());
      return true;
    }
    const problem = answer?.body ?? {};
    switch (problem.code) {
      case 'attempt_over':
      case 'attempt_closed':
        over = true;
        await tellLate(player);
        return false;
      case 'response_stale':
        queue.drop(op.position);
        if (same(problem.stored?.response, op.response)) {
          player.answers.took(op.position, op.response, problem.stored.revision);
          if (queue.isEmpty()) show.saved(new Date().toISOString());
        } else {
          show.unsaved();
          player.conflicts.add(op, problem.stored);
        }
        return true;
      case 'lease_lost':
        lease.lost(problem.epoch);
        return false;
      case 'sign_in_required':
      case 'cross_site':
        show.waiting(queue.count());
        show.notice(words.signedOut);
        return false;
      case 'validation_failed':
      case 'not_found':
      case 'client_op_id_reused':
      case 'too_large':
        queue.drop(op.position);
        player.answers.refuse(op.position);
        if (op.position !== player.position()) show.kept([op], words.refused);
        show.unsaved();
        show.notice(problem.errors?.[0]?.detail ?? words.refused);
        return true;
      case 'section_closed':
      case 'section_not_open':
        queue.drop(op.position);
        show.unsaved();
        show.kept([op], problem.detail ?? words.refused); // too late for the section: as text, for copying
        return true;
      case 'attempt_paused': // what waits is sent when the clock runs again
        show.waiting(queue.count());
        location.assign(`/exam/${player.attempt}`);
        return false;
      default:
        failures += 1;
        if (navigator.onLine === false || (answer === null && failures > 1)) show.offline(queue.count());
        else show.waiting(queue.count());
        retry = setTimeout(now, WAITS[Math.min(failures, WAITS.length) - 1]);
        return false;
    }
  }

  /** Sends all that waits; resolves when that is done, or cannot be done now. */
  function now() {
    if (!busy) busy = run().finally(() => { busy = null; });
    return busy;
  }

  return { now, lag: () => lag, isOver: () => over, stop: () => { over = true; } };
}

/** Whether two responses say the same. Chosen handles stand in the order in which they are shown, here as on the server; gaps in any. */
export function same(one, other) {
  const text = (response) => JSON.stringify(response !== null && typeof response === 'object' && !Array.isArray(response) ? Object.entries(response).sort() : response ?? null);
  return text(one ?? null) === text(other ?? null);
}
