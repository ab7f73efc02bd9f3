import type { View } from '../../core/view.ts';
import { hexByte } from './signs.ts';
import { type Layer, writtenBy } from './layer.ts';

/** Bytes before the first and behind the last of some escapes that are read with them. */
const BEFORE = 256;
const BEHIND = 512;
/** Bytes further on in which a place is looked for that is inside no word. */
const EDGE = 128;
/** Longest text that is decoded at once, in bytes. */
const MOST = 256 << 10;

/** One escape, as what it stands for in UTF-8, and how many bytes of the text it takes. */
interface Read {
  readonly length: number;
  readonly bytes: readonly number[];
}

/** A way to write a character with others. */
interface Escape {
  readonly encoding: string;
  /** The byte that each one begins with. */
  readonly mark: number;
  read(bytes: Buffer, at: number): Read | undefined;
}

const ESCAPES: readonly Escape[] = [
  // https://www.rfc-editor.org/rfc/rfc3986#section-2.1
  {
    encoding: 'percent-encoding',
    mark: 37,
    read: (bytes, at) => {
      const byte = hexByte(bytes, at + 1);
      return byte > 255 ? undefined : { length: 3, bytes: [byte] };
    },
  },
  { encoding: 'escapes', mark: 92, read: readBackslash },
  { encoding: 'character references', mark: 38, read: readReference },
];

const SIMPLE: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '/': '/', '\\': '\\' };

/** The escapes that JSON, JavaScript, Python, C, Rust and Swift share. */
function readBackslash(bytes: Buffer, at: number): Read | undefined {
  const text = bytes.toString('latin1', at + 1, at + 12);
  const simple = SIMPLE[text.charAt(0)];
  if (simple !== undefined) return { length: 2, bytes: [simple.charCodeAt(0)] };
  const [whole, two, four, braced] =
    /^(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\})/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return read(whole.length + 1, Number.parseInt(two ?? four ?? braced ?? '', 16));
}

const NAMED: Readonly<Record<string, number>> = { quot: 34, amp: 38, apos: 39, lt: 60, gt: 62, nbsp: 32 };

/** Those of HTML that every XML has, too, and by number. https://html.spec.whatwg.org/#character-references */
function readReference(bytes: Buffer, at: number): Read | undefined {
  const [whole, decimal, hexadecimal, name] =
    /^&(?:#0{0,4}([0-9]{1,7})|#[xX]0{0,4}([0-9A-Fa-f]{1,6})|(quot|amp|apos|lt|gt|nbsp));/.exec(
      bytes.toString('latin1', at, at + 16),
    ) ?? [];
  if (whole === undefined) return undefined;
  if (name !== undefined) return read(whole.length, NAMED[name] ?? 32);
  return read(
    whole.length,
    decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number.parseInt(decimal, 10),
  );
}

function read(length: number, code: number): Read | undefined {
  return code > 0x10_ff_ff ? undefined : { length, bytes: [...Buffer.from(String.fromCodePoint(code))] };
}

/** The texts around escapes, with these undone; one kind of them at a time. `escapes`: their offsets in bytes. */
export function* textsOfEscapes(view: View, escapes: readonly number[]): Generator<Layer> {
  for (const escape of ESCAPES) {
    const places = escapes.filter((at) => view.bytes[at] === escape.mark);
    for (let i = 0; i < places.length;) {
      const first = places[i] ?? 0;
      const from = edge(view, view.lineStart(first, BEFORE), -1);
      let to = 0;
      // Those that stand close are undone together.
      for (; i < places.length && (places[i] ?? 0) < Math.max(to, first + 1); i++) {
        if ((places[i] ?? 0) - from > MOST) break;
        to = view.lineEnd(places[i] ?? 0, BEHIND);
      }
      const layer = undone(view, from, edge(view, to, 1), escape);
      if (layer !== undefined) yield layer;
    }
  }
}

/** A place from `offset` on where no word is cut, if there is one near. */
function edge({ bytes }: View, offset: number, step: 1 | -1): number {
  let at = offset;
  for (let count = 0; count < EDGE && at > 0 && at < bytes.length; count++) {
    if (BOUNDS.includes(bytes[step > 0 ? at : at - 1] ?? 0)) return at;
    at += step;
  }
  return at;
}

const BOUNDS = Buffer.from(' \t\r\n"\'`<>()[]{},;');

/** `undefined` where nothing is escaped. */
function undone(view: View, from: number, to: number, { encoding, mark, read: readEscape }: Escape): Layer | undefined {
  const { bytes } = view;
  // No escape makes more bytes than it has.
  const out = Buffer.allocUnsafe(to - from);
  const starts = new Uint32Array(to - from);
  const ends = new Uint32Array(to - from);
  let length = 0;
  for (let at = from; at < to;) {
    // In bounds: at < to <= bytes.length.
    const byte = bytes[at] as number;
    const escape = byte === mark ? readEscape(bytes, at) : undefined;
    const next = at + (escape?.length ?? 1);
    for (const made of escape?.bytes ?? [byte]) {
      out[length] = made;
      starts[length] = at;
      ends[length++] = next;
    }
    at = next;
  }
  // Every escape takes more bytes than it stands for.
  if (length === to - from) return undefined;
  return {
    bytes: out.subarray(0, length),
    encoding,
    written: writtenBy(starts, ends),
    plain: (at) => (ends[at] ?? 0) - (starts[at] ?? 0) === 1,
    fileName: view.fileName,
  };
}
