// Tells the attempt's log what only the page can see: focus and network come and gone, moves without a connection. Never what was answered.
import { call } from './call.js';

const MOST = 50;

export function openReport(player) {
  let waiting = [];
  let timer = 0;
  async function flush() {
    clearTimeout(timer);
    if (waiting.length === 0 || navigator.onLine === false) return;
    const events = waiting;
    waiting = [];
    const answer = await call(player, 'POST', '/events', { events }, { keepalive: true });
    if (answer === null) waiting = [...events, ...waiting].slice(-MOST);
  }
  return {
    add(kind, position) {
      waiting = [...waiting, { kind, at: new Date().toISOString(), ...(position ? { position } : {}) }].slice(-MOST);
      clearTimeout(timer);
      timer = setTimeout(flush, 2000);
    },
    flush,
  };
}
