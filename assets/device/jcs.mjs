// JSON Canonicalization Scheme (RFC 8785). ECMAScript prints numbers and escapes texts as the scheme wants; what is left is the order of names.

/** The canonical text of a value that was read strictly. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  // `sort` without an argument compares UTF-16 code units, as the scheme does
  const members = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(',')}}`;
}

/** The same object without one member. */
export function without(object, name) {
  const rest = Object.assign(Object.create(null), object);
  delete rest[name];
  return rest;
}
