// After the end: what could not be sent in time is told to the server, which says what the exam does with it. The text stays on the device, for copying.
import { call } from './call.js';

export async function tellLate(player) {
  const { queue, words, show } = player;
  player.answers.flush();
  player.answers.lock(true);
  const waiting = queue.all();
  if (waiting.length === 0) {
    show.notice(words.over);
    location.assign(`/exam/${player.attempt}`);
    return;
  }
  const answer = await call(player, 'POST', '/late-answers', { answers: waiting });
  if (answer === null || answer.status >= 500) {
    show.offline(queue.count());
    show.kept(waiting, words.lateWaiting);
    setTimeout(() => tellLate(player), 5000);
    return;
  }
  if (answer.body.code === 'attempt_open') { // more time was given meanwhile
    location.reload();
    return;
  }
  show.ended();
  show.kept(waiting, answer.body.outcome === 'keep' ? words.lateKept : words.lateRejected);
  if (answer.status < 400) await queue.clear();
}
