import { firstAt } from '../../core/first-at.ts';
import { TOKEN } from '../../core/token-byte.ts';
import type { View } from '../../core/view.ts';
import { BASE64, hexByte, nextEncoded, SIX_BITS, TEXT } from './signs.ts';
import { type Layer, writtenBy } from './layer.ts';

const LF = 10;
const EQUALS = 61;
const DOT = 46;

/** The texts that runs of Base64 and of hexadecimal digits encode, in order; `runs`: starts and ends of these, in bytes. */
export function* textsInRuns(view: View, runs: readonly number[]): Generator<Layer> {
  let done = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const run = wholeRun(view.bytes, runs[i] ?? 0, runs[i + 1] ?? 0);
    if (run.start < done) continue;
    const { start, end } = firstLine(view.bytes, run, done);
    const joined = joinLines(view, start, end);
    done = joined.end;
    // The body of a certificate; keys are found as such.
    if (follows(view.bytes, start, DASHES)) continue;
    const isToken = isOfJwt(view, start, end);
    const fileName = fileNameBefore(view, start);
    for (const layer of textsIn(joined)) {
      yield {
        ...layer,
        strict: layer.strict === true || isToken || isSourceMap(layer.bytes),
        fileName: markupName(layer.bytes) ?? fileName ?? 'decoded.txt',
      };
    }
  }
}

/** Starts and ends, in bytes. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** A run as far as it goes, where only a part of the text was looked at. */
function wholeRun(bytes: Uint8Array, from: number, to: number): Range {
  let start = from;
  let end = to;
  while (start > 0 && TOKEN[bytes[start - 1] ?? 0] !== 0) start--;
  while (end < bytes.length && TOKEN[bytes[end] ?? 0] !== 0) end++;
  return { start, end };
}

const DASHES = Buffer.from('-----');

/** Whether a text stands at the end of the line before, or of the string. */
function follows(bytes: Buffer, start: number, text: Buffer): boolean {
  let at = start;
  while (at > 0 && BETWEEN_LINES.includes(bytes[at - 1] ?? 0) && start - at < GAP) at--;
  return bytes.subarray(Math.max(0, at - text.length), at).equals(text);
}

/** The line that an encoded text begins with, of which `run` is one. @param floor no line before it */
function firstLine(bytes: Buffer, run: Range, floor: number): Range {
  let first = run;
  let width = 0;
  for (;;) {
    let at = first.start;
    let lines = 0;
    while (at > floor && first.start - at < GAP && BETWEEN_LINES.includes(bytes[at - 1] ?? 0)) {
      if (bytes[--at] === LF) lines++;
    }
    if (lines !== 1) return first;
    const end = at;
    while (at > floor && TOKEN[bytes[at - 1] ?? 0] !== 0) at--;
    // `NAME=` may stand before it.
    const sign = bytes.subarray(at, end).lastIndexOf(EQUALS);
    const length = end - at - sign - 1;
    if (length < LEAST_WIDTH || length < first.end - first.start || (width > 0 && length !== width)) return first;
    width = length;
    first = { start: at, end };
    if (sign >= 0) return first;
  }
}

/** A run that goes on over lines, as one. */
interface Joined {
  readonly text: Buffer;
  /** For each of its lines, where it starts in the joined text and in the outer one, in bytes. */
  readonly lines: readonly (readonly [joined: number, outer: number])[];
  /** In the outer text. */
  readonly end: number;
}

/** Shortest line that is taken for a part of something longer, in bytes. */
const LEAST_WIDTH = 32;
/** Bytes between two lines, at most. */
const GAP = 120;
/**
 * What stands between two lines of one encoded text: a line's end, as it is or escaped in a string, with
 * quotes and signs that join strings, indentation, and the marks of comments. What may be Base64 itself is taken for
 * one of these only where white space or a quote follows.
 */
const LINE_GAP =
  /(?:(?:\\r)?\\n|(?:&#(?:13|10|x0?[aAdD]);)+[ \t]*(?:\r?\n[ \t]*)?|["'`]?[ \t]*[)]?[ \t]*[+.,&;\\]{0,2}[ \t]*\r?\n[ \t]*(?:[#*>;|.&][ \t]*|(?:\+|\/\/|--)(?:[ \t]+|(?=["'`])))?[(]?(?:[bru]?["'`])?)(?=[A-Za-z0-9+/_-])/y;
/** Bytes of that, none of which is Base64. */
const BETWEEN_LINES = Buffer.from(' \t\r\n"\'`,.&;\\()#*>|');
/** What may follow the last. */
const LINE_END = /^(?:[ \t]*\r?(?:\n|$)|["'`<)\\,;]|&#)/;

function joinLines(view: View, start: number, end: number): Joined {
  const { bytes } = view;
  // `NAME=` may stand before it, padding behind.
  const body = bytes.subarray(start, end);
  const sign = body.lastIndexOf(EQUALS, trimmedEnd(body) - 1);
  const width = end - start - sign - 1;
  const lines: [number, number][] = [[0, start]];
  const parts = [body];
  let length = end - start;
  let last = end;
  let mayGoOn = width >= LEAST_WIDTH;
  while (mayGoOn && bytes[last - 1] !== EQUALS) {
    const between = view.latin1(last, last + GAP);
    LINE_GAP.lastIndex = 0;
    if (!LINE_GAP.test(between)) break;
    const from = last + LINE_GAP.lastIndex;
    let to = from;
    // In bounds: to < bytes.length.
    while (to < bytes.length && to - from <= width && (TOKEN[bytes[to] as number] as number) !== 0) to++;
    if (to - from > width || !LINE_END.test(view.latin1(to, to + 40))) break;
    lines.push([length, from]);
    parts.push(bytes.subarray(from, to));
    length += to - from;
    last = to;
    mayGoOn = to - from === width;
  }
  return { text: parts.length === 1 ? body : Buffer.concat(parts), lines, end: last };
}

/** Where the padding starts. */
function trimmedEnd(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === EQUALS) end--;
  return end;
}

/** Place in the outer text of a place in the joined one. */
function outerPlace(lines: Joined['lines'], at: number): number {
  const [joined = 0, outer = 0] = lines[firstAt(lines, ([start]) => start > at) - 1] ?? [];
  return outer + at - joined;
}

/** All texts in a run, those that are encoded in the same way as one, line by line. */
function* textsIn({ text, lines }: Joined): Generator<Layer> {
  if (isProgram(text)) {
    yield* textsInProgram({ text, lines });
    return;
  }
  const byEncoding = new Map<string, Piece[]>();
  let at = 0;
  let covered = 0;
  for (;;) {
    const found = nextEncoded(text, at, text.length);
    if (found < 0) break;
    const place = found >> 1;
    const unit = (found & 1) === BASE64 ? BASE64_GROUP : HEX_PAIR;
    const stretch = grow(text, at, place, unit);
    at = Math.max(stretch.end, place + 1);
    const { start, end } = stretch;
    if (((end - start) / unit.characters) * unit.bytes < (stretch.isWide ? LEAST_TEXT * 2 : LEAST_TEXT)) continue;
    const raw = unit.decode(text.toString('latin1', start, end));
    const written: Layer['written'] = (from, to) => {
      const first = start + Math.floor(from / unit.bytes) * unit.characters;
      const last = start + Math.ceil(Math.max(to, from + 1) / unit.bytes) * unit.characters;
      return [outerPlace(lines, first), outerPlace(lines, Math.min(last, end) - 1) + 1];
    };
    covered += end - start;
    const piece = stretch.isWide ? fromUtf16(raw, unit.name, written) : { bytes: raw, encoding: unit.name, written };
    const others = byEncoding.get(piece.encoding);
    if (others === undefined) byEncoding.set(piece.encoding, [piece]);
    else others.push(piece);
  }
  // Else these are strings in something binary.
  const strict = covered * 2 < text.length;
  for (const pieces of byEncoding.values()) yield { ...joinPieces(pieces), strict };
}

/**
 * How programs begin, in Base64: WebAssembly, ELF, PE. Such a run is megabytes long and nearly all of it is no text;
 * where the groups begin is known, so that it is decoded at once.
 */
const PROGRAMS = ['AGFzbQ', 'f0VMRg', 'TVqQ'];

/** Whether all of it is one, too: something else may follow the padding. */
function isProgram(text: Buffer): boolean {
  const head = text.latin1Slice(0, 6);
  if (!PROGRAMS.some((one) => head.startsWith(one))) return false;
  const padding = text.indexOf(EQUALS);
  return padding < 0 || padding >= trimmedEnd(text);
}

/** The texts in a program, in ASCII and UTF-16, as {@link textsIn} would find them: of three words in a row, which the shortest has, one is looked at. */
function* textsInProgram({ text, lines }: Pick<Joined, 'text' | 'lines'>): Generator<Layer> {
  const raw = Buffer.from(text.latin1Slice(), 'base64');
  const narrow: Piece[] = [];
  const wide: Piece[] = [];
  const keep = (start: number, end: number, isWide: boolean): void => {
    const bytes = raw.subarray(start, end);
    const written: Layer['written'] = (from, to) => {
      const first = Math.floor((start + from) / 3) * 4;
      const last = Math.ceil((start + Math.max(to, from + 1)) / 3) * 4;
      return [outerPlace(lines, first), outerPlace(lines, Math.min(last, text.length) - 1) + 1];
    };
    if (isWide) wide.push(fromUtf16(bytes, BASE64_GROUP.name, written));
    else narrow.push({ bytes, encoding: BASE64_GROUP.name, written });
  };
  const words = wordsOf(raw);
  // In bounds: the loops stop at the ends of `raw` and `words`; a byte is an index of `TEXT`.
  for (let w = 2, done = 0; w < words.length; w += STRIDE) {
    const word = words[w] as number;
    // Three steps rule nearly all of it out.
    if ((word & 0x80808080) !== 0) continue;
    const at = w * 4;
    // No byte is below a tab, which is the least that a text has.
    if (((word - 0x09090909) & 0x80808080) === 0) {
      if (!isTextual(word, 4, false)) continue;
      let start = at;
      while (start > done && isTextual(raw[start - 1] as number, 1, false)) start--;
      let end = at + 4;
      while (end < raw.length && isTextual(raw[end] as number, 1, false)) end++;
      if (end - start < LEAST_TEXT) continue;
      keep(start, end, false);
      done = end;
    } else if (word !== 0 && ((word & 0xff00ff00) === 0 || (word & 0x00ff00ff) === 0)) {
      const first = raw[at] === 0 ? at + 1 : at;
      let start = first;
      while (start - 2 >= done && isUnit(raw, start - 2)) start -= 2;
      let end = first;
      while (isUnit(raw, end)) end += 2;
      if (end - start < LEAST_TEXT * 2) continue;
      keep(start, end, true);
      done = end;
    } else {
      continue;
    }
    w = (done >> 2) - 1;
  }
  for (const pieces of [narrow, wide]) if (pieces.length > 0) yield { ...joinPieces(pieces), strict: true };
}

/** Words that any `LEAST_TEXT` bytes hold, wherever they start. */
const STRIDE = 3;

/** Four bytes each; the last few are left out. */
function wordsOf(raw: Buffer): Int32Array {
  const { buffer, byteOffset } = raw.byteOffset % 4 === 0 ? raw : Uint8Array.from(raw);
  return new Int32Array(buffer, byteOffset, raw.length >> 2);
}

/** A character of ASCII in UTF-16, the low byte first. */
function isUnit(raw: Buffer, at: number): boolean {
  return TEXT[raw[at] ?? 0] === 1 && raw[at + 1] === 0;
}

type Piece = Pick<Layer, 'bytes' | 'encoding' | 'written'>;

function joinPieces(pieces: readonly Piece[]): Piece {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const starts: number[] = [];
  let length = 0;
  for (const { bytes } of pieces) {
    starts.push(length);
    length += bytes.length + 1;
  }
  const pieceAt = (at: number): readonly [Piece | undefined, number] => {
    const index = firstAt(starts, (start) => start > at) - 1;
    return [pieces[index], starts[index] ?? 0];
  };
  return {
    bytes: Buffer.concat(pieces.flatMap(({ bytes }) => [bytes, LINE_END_BYTE])),
    encoding: first?.encoding ?? '',
    written: (start, end) => {
      const [one, from] = pieceAt(start);
      const [other, to] = pieceAt(Math.max(start, end - 1));
      return [one?.written(start - from, start - from + 1)[0] ?? 0, other?.written(end - to - 1, end - to)[1] ?? 0];
    },
  };
}

const LINE_END_BYTE = Buffer.of(LF);

/** How characters make bytes. */
interface Unit {
  readonly name: string;
  readonly characters: number;
  readonly bytes: number;
  /** What the characters from an offset on make, first byte highest; negative where they do not belong to it. */
  readonly value: (text: Uint8Array, at: number) => number;
  readonly decode: (text: string) => Buffer;
  /** Whether the text may end with less than a group. */
  readonly short: boolean;
}

const BASE64_GROUP: Unit = {
  name: 'Base64',
  characters: 4,
  bytes: 3,
  value: (text, at) => {
    // Written out: this is asked of every group, and a list of four would be made for each.
    const a = SIX_BITS[text[at] ?? 0] ?? 255;
    const b = SIX_BITS[text[at + 1] ?? 0] ?? 255;
    const c = SIX_BITS[text[at + 2] ?? 0] ?? 255;
    const d = SIX_BITS[text[at + 3] ?? 0] ?? 255;
    return (a | b | c | d) > 63 ? -1 : (a << 18) | (b << 12) | (c << 6) | d;
  },
  decode: (text) => Buffer.from(text, 'base64'),
  short: true,
};
const HEX_PAIR: Unit = {
  name: 'hexadecimal',
  characters: 2,
  bytes: 1,
  value: (text, at) => {
    const byte = hexByte(text, at);
    return byte > 255 ? -1 : byte;
  },
  decode: (text) => Buffer.from(text, 'hex'),
  short: false,
};

/** Bytes below which a text holds no secret that could not be chance, in a run that has no name. */
const LEAST_TEXT = 16;

interface Stretch {
  readonly start: number;
  readonly end: number;
  /** In UTF-16. */
  readonly isWide: boolean;
}

/** From a place in a text to its ends: until bytes come that no text has. @param floor offset before which it cannot begin */
function grow(text: Buffer, floor: number, place: number, unit: Unit): Stretch {
  const { characters } = unit;
  const isWide = unit.decode(text.toString('latin1', place, place + 16)).includes(0);
  const belongs = (at: number): boolean => {
    const value = unit.value(text, at);
    return value >= 0 && isTextual(value, unit.bytes, isWide);
  };
  let start = place;
  while (start - characters >= floor && belongs(start - characters)) start -= characters;
  let end = place;
  while (belongs(end)) end += characters;
  if (!unit.short) return { start, end, isWide };
  // The last group may be short, and padded.
  let rest = 0;
  while (rest < 3 && (SIX_BITS[text[end + rest] ?? 0] ?? 255) < 64) rest++;
  const next = SIX_BITS[text[end + rest] ?? 0] ?? 255;
  if (rest < 2 || next < 64 || !isShortText(text, end, rest, isWide)) return { start, end, isWide };
  end += rest;
  for (let padding = rest; padding < 4 && text[end] === EQUALS; padding++) end++;
  return { start, end, isWide };
}

function isShortText(text: Buffer, at: number, characters: number, isWide: boolean): boolean {
  const raw = Buffer.from(text.toString('latin1', at, at + characters), 'base64');
  return raw.every((byte) => isTextual(byte, 1, isWide));
}

/** Text, or a part of a character beyond ASCII; in UTF-16 also 0, of which single bytes and groups of three have one. */
function isTextual(value: number, bytes: number, isWide: boolean): boolean {
  let zeros = 0;
  for (let i = 0; i < bytes; i++) {
    const byte = (value >> (i * 8)) & 255;
    if (byte === 0) zeros++;
    else if (TEXT[byte] !== 1 && byte < 128) return false;
  }
  return isWide ? bytes === 1 || zeros > 0 : zeros === 0;
}

/** UTF-16 of either order, as UTF-8. */
function fromUtf16(raw: Buffer, encoding: string, inner: Layer['written']): Piece {
  // Of the text that we look for the high bytes are 0.
  const units = Buffer.from(raw.subarray(0, raw.length & ~1));
  const text = (raw[1] === 0 ? units : units.swap16()).toString('utf16le');
  const bytes = Buffer.from(text);
  const outer = { bytes, encoding: `${encoding} of UTF-16` };
  if (bytes.length === text.length) return { ...outer, written: (start, end) => inner(start * 2, end * 2) };
  const starts = new Uint32Array(bytes.length);
  const ends = new Uint32Array(bytes.length);
  let at = 0;
  let unit = 0;
  for (const character of text) {
    const next = unit + character.length * 2;
    for (const last = at + Buffer.byteLength(character); at < last; at++) {
      starts[at] = unit;
      ends[at] = next;
    }
    unit = next;
  }
  const written = writtenBy(starts, ends);
  return { ...outer, written: (start, end) => inner(...written(start, end)) };
}

/** Whether a run is the header or the payload of a JSON Web Token, which dots join. */
function isOfJwt({ bytes }: View, start: number, end: number): boolean {
  // `NAME=` may stand before it.
  const sign = bytes.subarray(start, end).lastIndexOf(EQUALS, trimmedEnd(bytes.subarray(start, end)) - 1);
  if (startsWithBrace(bytes, start + sign + 1)) {
    if (bytes[end] === DOT && (TOKEN[bytes[end + 1] ?? 0] ?? 0) !== 0) return true;
  }
  if (bytes[start - 1] !== DOT) return false;
  let before = start - 1;
  const least = Math.max(0, before - JWT_HEADER);
  // In bounds: 0 <= before - 1.
  while (before > least && bytes[before - 1] !== EQUALS && TOKEN[bytes[before - 1] as number] !== 0) before--;
  return startsWithBrace(bytes, before);
}

/** Longest header, in bytes. */
const JWT_HEADER = 4096;
/** `{"` in Base64. */
const BRACE = Buffer.from('eyJ');

function startsWithBrace(bytes: Buffer, at: number): boolean {
  return bytes.subarray(at, at + BRACE.length).equals(BRACE);
}

/** `https://tc39.es/ecma426/`: its text is that of other files. */
function isSourceMap(bytes: Buffer): boolean {
  return /^\s*\{\s*"(?:version"\s*:\s*3|mappings"|sources"|names")/.test(bytes.toString('latin1', 0, 64));
}

/** JSON and markup show by their first character. */
function markupName(bytes: Buffer): string | undefined {
  const first = /\S/.exec(bytes.toString('latin1', 0, 64))?.[0];
  if (first === '{' || first === '[') return 'decoded.json';
  return first === '<' ? 'decoded.xml' : undefined;
}

/** In a Secret of Kubernetes and the like, the key of an encoded file is its name. */
function fileNameBefore(view: View, start: number): string | undefined {
  return /(?:^|["'\s])([\w.-]{0,80}\.[A-Za-z][\w-]{0,12})["']?[ \t]*:[ \t]*(?:[|>][+-]?[ \t]*\r?\n[ \t]*)?["']?$/
    .exec(view.latin1(start - 120, start))?.[1]
    ?.toLowerCase();
}
