// What a value of a closed type may be: no member unknown, none null, none an empty array. Each type is a function that throws a `Misfit`.

import { isIri, moment } from './text.mjs';

export class Misfit extends Error {}

const misfit = (place, problem) => new Misfit(`at ${place || 'the top'}: ${problem}`);
const must = (fits, problem) => (value, place) => {
  if (!fits(value)) throw misfit(place, problem);
};

export const text = must((value) => typeof value === 'string', 'expected a text');
export const iri = must(isIri, 'expected an absolute URI');
export const date = must((value) => moment(value) !== undefined, 'expected a date and time with a time zone');
export const yes = must((value) => typeof value === 'boolean', 'expected true or false');
export const number = must((value) => typeof value === 'number', 'expected a number');
export const count = must((value) => Number.isInteger(value) && value >= 0, 'expected a whole number');

/** An array of at least one. */
export const list = (of) => (value, place) => {
  if (!Array.isArray(value) || value.length === 0) throw misfit(place, 'expected an array of at least one');
  value.forEach((entry, at) => of(entry, `${place}/${at}`));
};

/** One, or an array of at least one. */
export const some = (of) => (value, place) => (Array.isArray(value) ? list(of) : of)(value, place);

/** The one `type` of a class, alone or in an array of one. */
export const is = (name) => must((value) => value === name || (Array.isArray(value) && value.length === 1 && value[0] === name), `expected the type ${name}`);

/** An object; a name that ends in `?` may be missing. */
export const object = (members) => (value, place) => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw misfit(place, 'expected an object');
  const own = typeof members === 'function' ? members() : members;
  for (const name of Object.keys(value)) {
    const of = Object.hasOwn(own, name) ? own[name] : Object.hasOwn(own, `${name}?`) ? own[`${name}?`] : undefined;
    if (!of || name.endsWith('?')) throw misfit(`${place}/${name}`, 'an unknown member');
    of(value[name], `${place}/${name}`);
  }
  for (const name of Object.keys(own)) {
    if (!name.endsWith('?') && !(name in value)) throw misfit(place, `the member ${name} is missing`);
  }
};

/** An id, or the object itself. */
export const reference = (of) => (value, place) => (typeof value === 'string' ? iri : of)(value, place);
