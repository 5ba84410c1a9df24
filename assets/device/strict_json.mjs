// Bytes from outside → a JSON value, or a refusal: no name twice, no lone surrogate, nothing after the document, no number that readers
// read differently, at most 32 levels. The twin of `strict_json.rs`.

const DEEPEST = 32;

/** `kind`: `large`, `syntax` (no JSON), `refused` (JSON that is read in more than one way), `unusual` (fine, but not told apart here). */
export class JsonError extends Error {
  constructor(kind, problem) {
    super(problem);
    this.kind = kind;
  }
}

/** The text of `bytes`, at most `limit` of them; objects have no prototype. */
export function parse(bytes, limit) {
  if (bytes.length > limit) throw new JsonError('large', `${bytes.length} bytes are more than the ${limit} allowed here`);
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new JsonError('syntax', 'it is not UTF-8');
  }
  return new Reader(text).document();
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f\ud800-\udfff]+/y;
const ESCAPES = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const WORDS = [['true', true], ['false', false], ['null', null]];

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  document() {
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) throw this.syntax('something follows the document');
    return value;
  }

  syntax(problem) {
    return new JsonError('syntax', `not JSON at character ${this.at}: ${problem}`);
  }

  space() {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at += 1;
  }

  takes(character) {
    this.space();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  must(character) {
    if (!this.takes(character)) throw this.syntax(`expected ${character}`);
  }

  value(depth) {
    this.space();
    const first = this.text[this.at];
    if (first === '{') return this.object(depth);
    if (first === '[') return this.array(depth);
    if (first === '"') return this.string();
    for (const [word, value] of WORDS) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  deeper(depth) {
    if (depth >= DEEPEST) throw new JsonError('refused', `nested deeper than ${DEEPEST} levels`);
    this.at += 1;
    return depth + 1;
  }

  object(outer) {
    const depth = this.deeper(outer);
    const members = Object.create(null);
    if (this.takes('}')) return members;
    do {
      this.space();
      if (this.text[this.at] !== '"') throw this.syntax('expected a name');
      const name = this.string();
      this.must(':');
      const value = this.value(depth);
      if (name in members) throw new JsonError('refused', `the name ${JSON.stringify(name)} stands twice in one object`);
      members[name] = value;
    } while (this.takes(','));
    this.must('}');
    return members;
  }

  array(outer) {
    const depth = this.deeper(outer);
    const entries = [];
    if (this.takes(']')) return entries;
    do entries.push(this.value(depth)); while (this.takes(','));
    this.must(']');
    return entries;
  }

  number() {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (!found) throw this.syntax('expected a value');
    this.at += found[0].length;
    const number = Number(found[0]);
    if (!Number.isFinite(number)) throw this.syntax('the number is out of range');
    if (Math.abs(number) > Number.MAX_SAFE_INTEGER) {
      throw new JsonError('refused', 'a number beyond ±(2^53 − 1) is read differently by different readers: write it as a string');
    }
    // 1 and 1.0 are two numbers to the server and one to this language: what cannot be told apart is left to the server
    const fraction = found[1] !== undefined || found[2] !== undefined;
    if ((fraction && Number.isInteger(number)) || Object.is(number, -0)) {
      throw new JsonError('unusual', `the number ${found[0].slice(0, 40)}`);
    }
    return number;
  }

  string() {
    this.at += 1;
    let read = '';
    for (;;) {
      PLAIN.lastIndex = this.at;
      const plain = PLAIN.exec(this.text);
      if (plain) {
        read += plain[0];
        this.at += plain[0].length;
      }
      const next = this.text[this.at];
      if (next === '"') {
        this.at += 1;
        return read;
      }
      if (next === '\\') {
        read += this.escape();
      } else if (next !== undefined && next >= '\ud800' && next <= '\udbff') {
        read += this.text.slice(this.at, this.at + 2); // decoded from UTF-8: always a pair
        this.at += 2;
      } else {
        throw this.syntax(next === undefined ? 'the text does not end' : 'a control character in a text');
      }
    }
  }

  escape() {
    const letter = this.text[this.at + 1];
    if (letter in ESCAPES) {
      this.at += 2;
      return ESCAPES[letter];
    }
    const unit = () => {
      const digits = /^\\u([0-9a-fA-F]{4})/.exec(this.text.slice(this.at, this.at + 6));
      if (!digits) throw this.syntax('no such escape');
      this.at += 6;
      return Number.parseInt(digits[1], 16);
    };
    const high = unit();
    if (high < 0xd800 || high > 0xdfff) return String.fromCharCode(high);
    if (high > 0xdbff) throw this.syntax('half of a character');
    const low = unit();
    if (low < 0xdc00 || low > 0xdfff) throw this.syntax('half of a character');
    return String.fromCharCode(high, low);
  }
}
