// Runs a story as numbered steps: each is a test of its own, and after one that fails the rest is not tried.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../demo/demo.mjs';

const pictures = join(process.env.CARGO_TARGET_DIR ?? join(repository, 'target'), 'screenshots');

/** → `step(name, work)`; when a step fails, what its people saw and what the server said is left in target/screenshots. */
export function storyOf(t, { name, people, demo }) {
  let broken;
  return (title, work) => t.test(title, async (own) => {
    if (broken) throw new Error(`not tried: "${broken}" failed before`);
    try {
      await work(own);
    } catch (error) {
      broken = title;
      mkdirSync(pictures, { recursive: true });
      for (const { page, locale, name: who } of people()) {
        const path = join(pictures, `failed-${name}-${who}-${locale}`);
        await page.screenshot({ path: `${path}.png`, fullPage: true }).catch(() => {});
        writeFileSync(`${path}.html`, `<!-- ${page.url()} -->\n${await page.content().catch(() => '')}`);
      }
      writeFileSync(join(pictures, `failed-${name}.log`), demo().complaints());
      throw error;
    }
  });
}
