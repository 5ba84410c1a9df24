// Texts with a grammar: absolute IRIs and moments with a time zone. The twin of `model/text.rs`.

/** Whether a text has a scheme, something after it, and only characters of an N-Quads `IRIREF`. */
export const isIri = (text) => typeof text === 'string' && /^[A-Za-z][A-Za-z0-9+.-]*:[^\u0000-\u0020\u007f<>"{}|^`\\]+$/.test(text);

const MOMENT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):([0-5]\d)(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since 1970 of an RFC 3339 moment in upper case; undefined where it is none, or leads out of the years 0 to 9999. */
export function moment(text) {
  const found = typeof text === 'string' && MOMENT.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59) return undefined;
  let offset = 0;
  if (found[8] !== 'Z') {
    const [hours, minutes] = found[8].slice(1).split(':').map(Number);
    if (hours > 23 || minutes > 59) return undefined;
    offset = (found[8][0] === '-' ? -1 : 1) * (hours * 60 + minutes);
  }
  const at = date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + Number(found[7] ?? 0) * 1000;
  const utcYear = new Date(at).getUTCFullYear();
  return utcYear >= 0 && utcYear <= 9999 ? at : undefined;
}

/** `YYYY-MM-DDTHH:MM:SSZ`. */
export const written = (at) => `${new Date(at).toISOString().slice(0, 19)}Z`;
