/**
 * What a pattern's secret must look like, read off the pattern: so many characters of such a set in a
 * row. The engine looks for that run before it loads a regular expression engine at all.
 */

/** 256 bits, one for each byte value. */
type ByteSet = Uint8Array;

/** A run of characters without which a pattern cannot match. */
export interface RequiredRun {
  /** Bytes in a row, at least. */
  readonly length: number;
  /** The bytes it is made of: 32 bytes, bit `b & 7` of byte `b >> 3`, as hexadecimal digits. */
  readonly set: string;
  /** The literal that led to the rule is part of the run, in every match; else the run is only near. */
  readonly holdsAnchor: boolean;
  /** Of a run that holds it: the literal need not be its beginning, or a letter or digit may stand before that. */
  readonly inWord?: true;
}

type Node =
  | { readonly kind: 'set'; readonly set: ByteSet }
  | { readonly kind: 'sequence' | 'choice'; readonly nodes: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly least: number; readonly most: number }
  | { readonly kind: 'secret'; readonly node: Node };

/** One way through a pattern: sets in a row, `undefined` where any number of more characters may stand. */
type Way = readonly (ByteSet | undefined)[];

/** More ways than this are not followed, and longer ones not written out. */
const MOST_WAYS = 64;
const LONGEST_WAY = 600;

/** The run that every match of `pattern` needs for its secret; `undefined` where none can be read off it. */
export function requiredRun(pattern: string, anchors: readonly string[]): RequiredRun | undefined {
  let secret: Node | undefined;
  try {
    secret = new Reader(pattern).secret();
  } catch (error) {
    if (error instanceof Unread) return undefined;
    throw error;
  }
  if (secret === undefined) return undefined;
  const ways = waysOf(secret);
  if (ways === undefined) return undefined;
  const union = new Uint8Array(32);
  let length = Infinity;
  for (const way of ways) {
    length = Math.min(length, way.filter((set) => set !== undefined).length);
    for (const set of way) set?.forEach((bits, index) => (union[index] = (union[index] ?? 0) | bits));
  }
  for (const set of setsOf(secret)) set.forEach((bits, index) => (union[index] = (union[index] ?? 0) | bits));
  // White space and quotes would make a run of everything.
  if (length < 8 || ' "\'\n'.split('').some((text) => has(union, text.charCodeAt(0)))) return undefined;
  const holdsAnchor = ways.every((way) => holds(way, anchors));
  const startsWord = WORD_START.test(pattern) && ways.every((way) => begins(way, anchors));
  return {
    length,
    set: Buffer.from(union).toString('hex'),
    holdsAnchor,
    ...(holdsAnchor && !startsWord && { inWord: true }),
  };
}

/** What stands right before the secret rules letters and digits out. */
const WORD_START = /^(?:\(\?i\))?(?:\\b|\(\?:\^\|\[\^(?=[^\]]*0-9)(?=[^\]]*A-Z)(?=[^\]]*a-z)[^\]]*\]\))\(\?P<secret>/;

/** Whether one of the anchors stands in every text that goes this way. */
function holds(way: Way, anchors: readonly string[]): boolean {
  return way.some((_, start) => begins(way.slice(start), anchors));
}

/** Whether every text that goes this way begins with one of the anchors. */
function begins(way: Way, anchors: readonly string[]): boolean {
  return anchors.some(({ length }) => {
    if (length > way.length) return false;
    const texts = textsOf(way.slice(0, length));
    return texts?.every((text) => anchors.some((anchor) => text === anchor || text.toLowerCase() === anchor)) === true;
  });
}

/** All texts of a way, where they are few. */
function textsOf(way: Way): readonly string[] | undefined {
  let texts = [''];
  for (const set of way) {
    if (set === undefined) return undefined;
    const characters = members(set);
    if (characters.length * texts.length > MOST_WAYS) return undefined;
    texts = texts.flatMap((text) => characters.map((character) => text + character));
  }
  return texts;
}

function waysOf(node: Node): readonly Way[] | undefined {
  switch (node.kind) {
    case 'set':
      return [[node.set]];
    case 'secret':
      return waysOf(node.node);
    case 'choice': {
      const ways: Way[] = [];
      for (const one of node.nodes) {
        const more = waysOf(one);
        if (more === undefined || ways.length + more.length > MOST_WAYS) return undefined;
        ways.push(...more);
      }
      return ways;
    }
    case 'sequence': {
      let ways: readonly Way[] = [[]];
      for (const one of node.nodes) {
        const more = waysOf(one);
        if (more === undefined || ways.length * more.length > MOST_WAYS) return undefined;
        ways = ways.flatMap((head) => more.map((tail) => [...head, ...tail]));
        if (ways.some((way) => way.length > LONGEST_WAY)) return undefined;
      }
      return ways;
    }
    case 'repeat': {
      const { least, most } = node;
      const inner = waysOf(node.node);
      if (inner === undefined) return undefined;
      // An optional part is two ways; any other variable part is its least, and then a gap.
      if (least === 0 && most === 1) return [[], ...inner];
      if (inner.length > 1) return undefined;
      const once = inner[0] ?? [];
      if (once.length * least > LONGEST_WAY) return undefined;
      const way = Array.from({ length: least }, () => once).flat();
      return [most > least ? [...way, undefined] : way];
    }
  }
}

function* setsOf(node: Node): Generator<ByteSet> {
  if (node.kind === 'set') yield node.set;
  else if (node.kind === 'repeat' || node.kind === 'secret') yield* setsOf(node.node);
  else for (const one of node.nodes) yield* setsOf(one);
}

function has(set: ByteSet, byte: number): boolean {
  return (((set[byte >> 3] ?? 0) >> (byte & 7)) & 1) === 1;
}

function members(set: ByteSet): string[] {
  const found: string[] = [];
  for (let byte = 0; byte < 256; byte++) if (has(set, byte)) found.push(String.fromCharCode(byte));
  return found;
}

/** Syntax that is not followed here; the pattern is then used without a required run. */
class Unread extends Error {}

/** Reads the part of RE2's syntax that rules use: https://github.com/google/re2/wiki/Syntax */
class Reader {
  readonly #pattern: string;
  #at = 0;
  #fold = false;
  #secret: Node | undefined;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  secret(): Node | undefined {
    const whole = this.#choice();
    if (this.#at < this.#pattern.length) throw new Unread();
    return this.#secret ?? whole;
  }

  #choice(): Node {
    const fold = this.#fold;
    const nodes: Node[] = [];
    do nodes.push(this.#sequence());
    while (this.#take('|'));
    this.#fold = fold;
    return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'choice', nodes };
  }

  #sequence(): Node {
    const nodes: Node[] = [];
    while (this.#at < this.#pattern.length && this.#peek() !== '|' && this.#peek() !== ')') {
      const atom = this.#atom();
      if (atom !== undefined) nodes.push(this.#repeated(atom));
    }
    return { kind: 'sequence', nodes };
  }

  #atom(): Node | undefined {
    if (this.#take('(')) return this.#group();
    if (this.#take('[')) return { kind: 'set', set: this.#class() };
    if (this.#take('^') || this.#take('$')) return undefined;
    if (this.#take('.')) return { kind: 'set', set: new Uint8Array(32).fill(255) };
    if (this.#take('\\')) {
      if (this.#take('b') || this.#take('B') || this.#take('A') || this.#take('z')) return undefined;
      return { kind: 'set', set: this.#escape() };
    }
    return { kind: 'set', set: this.#one(this.#next()) };
  }

  #group(): Node | undefined {
    const fold = this.#fold;
    let isSecret = false;
    if (this.#take('?')) {
      if (this.#take('P<')) {
        const close = this.#pattern.indexOf('>', this.#at);
        isSecret = this.#pattern.slice(this.#at, close) === 'secret';
        this.#at = close + 1;
      } else {
        if (this.#take('i')) this.#fold = true;
        else if (this.#take('-i')) this.#fold = false;
        // `(?i)` holds to the end of the group that it stands in.
        if (this.#take(')')) return undefined;
        if (!this.#take(':')) throw new Unread();
      }
    }
    const inner = this.#choice();
    if (!this.#take(')')) throw new Unread();
    this.#fold = fold;
    if (!isSecret) return inner;
    if (this.#secret !== undefined) throw new Unread();
    return (this.#secret = { kind: 'secret', node: inner });
  }

  #repeated(node: Node): Node {
    let least: number;
    let most: number;
    if (this.#take('*')) [least, most] = [0, Infinity];
    else if (this.#take('+')) [least, most] = [1, Infinity];
    else if (this.#take('?')) [least, most] = [0, 1];
    else {
      const counted = /^\{(\d+)(,?)(\d*)\}/.exec(this.#pattern.slice(this.#at, this.#at + 16));
      if (counted === null) return node;
      this.#at += counted[0].length;
      least = Number(counted[1]);
      most = counted[2] === '' ? least : counted[3] === '' ? Infinity : Number(counted[3]);
    }
    this.#take('?');
    return this.#repeated({ kind: 'repeat', node, least, most });
  }

  #class(): ByteSet {
    const set = new Uint8Array(32);
    const negated = this.#take('^');
    let first = true;
    while (first || !this.#take(']')) {
      first = false;
      if (this.#at >= this.#pattern.length || this.#peek() === '[') throw new Unread();
      const from = this.#take('\\') ? this.#escape() : this.#one(this.#next());
      const low = members(from);
      if (this.#peek() === '-' && this.#pattern[this.#at + 1] !== ']' && low.length <= 2) {
        this.#at++;
        const high = this.#take('\\') ? this.#pattern.charCodeAt(this.#at++) : this.#next().charCodeAt(0);
        const start = (low.at(-1) ?? '').charCodeAt(0);
        for (let byte = start; byte <= high; byte++) or(set, this.#one(String.fromCharCode(byte)));
      } else {
        or(set, from);
      }
    }
    if (negated) set.forEach((bits, index) => (set[index] = ~bits & 255));
    return set;
  }

  #escape(): ByteSet {
    const letter = this.#next();
    const set = new Uint8Array(32);
    if (letter === 'd') or(set, bytesOf('0123456789'));
    else if (letter === 'w') or(set, bytesOf('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_'));
    else if (letter === 's') or(set, bytesOf(' \t\n\f\r'));
    else if (letter === 'n' || letter === 't' || letter === 'r')
      or(set, bytesOf({ n: '\n', t: '\t', r: '\r' }[letter]));
    else if (/[A-Za-z0-9]/.test(letter)) throw new Unread();
    else or(set, bytesOf(letter));
    return set;
  }

  #one(character: string): ByteSet {
    return bytesOf(this.#fold ? character.toLowerCase() + character.toUpperCase() : character);
  }

  #peek(): string {
    return this.#pattern.charAt(this.#at);
  }

  #next(): string {
    const character = this.#pattern.charAt(this.#at++);
    if (character === '' || character.charCodeAt(0) > 126) throw new Unread();
    return character;
  }

  #take(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }
}

function or(set: ByteSet, more: ByteSet): void {
  more.forEach((bits, index) => (set[index] = (set[index] ?? 0) | bits));
}

function bytesOf(characters: string): ByteSet {
  const set = new Uint8Array(32);
  for (let i = 0; i < characters.length; i++) {
    const byte = characters.charCodeAt(i) & 255;
    set[byte >> 3] = (set[byte >> 3] ?? 0) | (1 << (byte & 7));
  }
  return set;
}
