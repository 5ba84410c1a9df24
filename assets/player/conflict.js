// An answer that was changed elsewhere: both versions stand side by side, and the candidate says which one is to be kept. Neither is lost before that.
export function openConflicts(player) {
  const box = player.root.querySelector('[data-conflict]');
  let open = null;
  const wording = (response, position) => player.answers.inWords(position, response);
  box.addEventListener('click', async (event) => {
    if (!open) return;
    const { op, stored } = open;
    if (event.target.closest('[data-keep-mine]')) {
      open = null;
      box.hidden = true;
      player.queue.put(op.position, op.response, stored.revision);
      await player.send.now();
    } else if (event.target.closest('[data-keep-stored]')) {
      open = null;
      box.hidden = true;
      if (op.position === player.position()) player.answers.accept(stored.response, stored.revision);
      player.contact.now();
    } else return;
    player.root.querySelector('#question')?.focus();
  });
  return {
    add(op, stored) {
      open = { op, stored };
      box.hidden = false;
      box.querySelector('[data-conflict-where]').textContent = player.words.questionWord.replace('{position}', op.position);
      box.querySelector('[data-conflict-mine]').textContent = wording(op.response, op.position);
      box.querySelector('[data-conflict-stored]').textContent = wording(stored?.response, op.position);
      for (const field of op.position === player.position() ? player.root.querySelectorAll('[data-revision]') : []) field.value = stored?.revision ?? field.value;
      box.focus();
    },
  };
}
