// The texts of the product by key, so that a journey names what it looks for as the pages do, in either language.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { repository } from '../demo/demo.mjs';

/** → `t(key, values?)`; a key that is not there is an error, not an empty search. */
export function textsOf(locale) {
  const bundle = new FluentBundle(locale, { useIsolating: false });
  const folder = join(repository, 'locales', locale);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ftl'))) {
    const errors = bundle.addResource(new FluentResource(readFileSync(join(folder, file), 'utf8')));
    if (errors.length) throw new Error(`locales/${locale}/${file}: ${errors.join(', ')}`);
  }
  return (key, values) => {
    const message = bundle.getMessage(key);
    if (!message?.value) throw new Error(`locales/${locale} has no text ${key}`);
    const errors = [];
    const text = bundle.formatPattern(message.value, values, errors);
    if (errors.length) throw new Error(`locales/${locale} ${key}: ${errors.join(', ')}`);
    return text;
  };
}
