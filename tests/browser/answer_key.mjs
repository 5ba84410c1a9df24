// The key of the demo's question bank, as a candidate who knows everything would have it in the head.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repository } from '../demo/demo.mjs';

const bank = parse(readFileSync(join(repository, 'demo', 'program', 'banks', 'foundations.yaml'), 'utf8'));
/** What a reader sees of a Markdown text, without the spaces. */
const plain = (text) => text.replace(/[`*_\s]/g, '');

/** The numbers (from 0) of the right options among `shown`, the texts of all options in the order of the page. */
export function rightOptions(shown, locale) {
  const texts = shown.map(plain);
  const item = bank.find(({ answers }) => answers[locale].length === texts.length && answers[locale].every((answer) => texts.includes(plain(answer))));
  if (!item) throw new Error(`the bank has no item with the options ${shown.join(' | ')}`);
  return [item.correct].flat().map((number) => texts.indexOf(plain(item.answers[locale][number])));
}
