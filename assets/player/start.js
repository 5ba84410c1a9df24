// The exam player, put together. Without it every page works by form posts.
//
// store.js keeps what is not acknowledged yet, queue.js its order; send.js sends; lease.js says whether this window writes; contact.js gives a sign of life
// and hears of the clock and of messages; answers.js reads and shows answers; conflict.js shows two versions; moves.js goes from question to question, also
// without a connection; pictures.js has their pictures at hand; clock.js, keys.js, look.js, report.js and show.js do what their names say.
import { openAnswers } from './answers.js';
import { serverClock, timer } from './clock.js';
import { openConflicts } from './conflict.js';
import { openContact } from './contact.js';
import { openKeys } from './keys.js';
import { openLease } from './lease.js';
import { openLook } from './look.js';
import { openMoves } from './moves.js';
import { openPictures } from './pictures.js';
import { openQueue } from './queue.js';
import { openReport } from './report.js';
import { openSender } from './send.js';
import { openShow } from './show.js';
import { openStore } from './store.js';

const root = document.querySelector('[data-player]');
if (root) start(root);

async function start(root) {
  openLook(root);
  const data = root.dataset;
  const player = {
    root,
    attempt: data.attempt,
    csrf: data.csrf,
    words: root.querySelector('[data-texts]').dataset,
    position: () => Number(data.position) || 0,
    form: () => root.querySelector('[data-answer]'),
  };
  player.show = openShow(player);
  player.clock = serverClock(data);
  player.report = openReport(player);
  player.answers = openAnswers(player);
  player.conflicts = openConflicts(player);
  timer(player);
  if (data.lastSaved) player.show.saved(data.lastSaved);

  player.answers.watch();
  player.lease = await openLease(player);
  player.queue = await openQueue(await openStore(player.attempt, player.lease.localKey()));
  player.send = openSender(player);
  player.contact = openContact(player);
  player.pictures = openPictures(player);
  player.moves = openMoves(player);
  openKeys(player);
  player.answers.restore();
  if (player.lease.held()) player.answers.flush(); // what was chosen while all this was opened
  else player.lease.readOnly();
  if (!document.referrer.startsWith(`${location.origin}/exam`)) player.report.add('resumed', player.position());

  let leaving = false;

  addEventListener('online', () => { player.report.add('network_back'); player.send.now(); player.contact.now(); });
  addEventListener('offline', () => { player.report.add('network_lost'); player.show.offline(player.queue.count()); });
  document.addEventListener('visibilitychange', () => {
    if (leaving) return; // going to another question is no loss of focus
    player.report.add(document.hidden ? 'focus_lost' : 'focus_back');
    if (document.hidden) player.answers.flush(true);
    else player.contact.now();
  });
  addEventListener('pagehide', () => { leaving = true; player.answers.flush(true); player.report.flush(); });
  if (!player.queue.isEmpty()) player.send.now();
  document.documentElement.dataset.playerReady = '';
  for (const summary of document.querySelectorAll('.error-summary')) summary.focus();
}
