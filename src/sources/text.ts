import type { LineRange } from '../core/chunk.ts';
import { firstAt } from '../core/first-at.ts';

const LF = 10;

/** What bytes are, as far as reading them as text goes. */
export type TextKind = 'plain' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be' | 'binary';

/** Text that can be examined. */
export interface Readable {
  /** UTF-8, or bytes of any other ASCII superset as they are. Line ends are those of the original. */
  readonly bytes: Buffer;
  /** Only printable runs are left of it. */
  readonly binary: boolean;
}

/** Bytes looked at in order to tell what a text is. */
const SAMPLE_BYTES = 64 << 10;
/** Fewest characters of a printable run. */
const RUN_LENGTH = 8;

/** Gives the text of bytes: as they are, decoded, or the printable runs of what is no text. */
export function toReadable(bytes: Buffer): Readable {
  const kind = textKind(bytes);
  if (kind === 'plain') return { bytes, binary: false };
  if (kind === 'binary') return { bytes: printableRuns(bytes), binary: true };
  return { bytes: decode(bytes, kind), binary: false };
}

/**
 * Tells UTF-16 and UTF-32, with or without a byte order mark, from other bytes. Without NUL and mark
 * all is `plain`. Bytes that are text but for a few NULs are `plain` too.
 */
export function textKind(bytes: Buffer): TextKind {
  // By index: to take a list apart costs more than all of the rest.
  const a = bytes[0];
  const b = bytes[1];
  const c = bytes[2];
  const d = bytes[3];
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 && bytes.length % 4 === 0 ? 'utf-32le' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be';
  if (bytes.indexOf(0) < 0) return 'plain';
  return guessKind(bytes.subarray(0, SAMPLE_BYTES), bytes.length);
}

function guessKind(sample: Buffer, length: number): TextKind {
  /** Bytes of each kind by their place in a group of four. */
  const counts = new Uint32Array(16);
  for (let at = 0; at < sample.length; at++) {
    // In bounds: a byte is an index of KINDS, which holds 0 to 3.
    const slot = ((KINDS[sample[at] as number] as number) << 2) | (at & 3);
    counts[slot] = (counts[slot] as number) + 1;
  }
  const [n0 = 0, n1 = 0, n2 = 0, n3 = 0] = counts.subarray(NUL * 4);
  const [t0 = 0, t1 = 0, t2 = 0, t3 = 0] = counts.subarray(TEXT * 4);
  const control = counts.subarray(CONTROL * 4, CONTROL * 4 + 4).reduce((sum, count) => sum + count);
  const quarter = sample.length / 4;
  if (length % 4 === 0 && most(n1 + n2 + n3, quarter * 3) && most(t0, quarter) && n0 === 0) return 'utf-32le';
  if (length % 4 === 0 && most(n0 + n1 + n2, quarter * 3) && most(t3, quarter) && n3 === 0) return 'utf-32be';
  // ASCII in half of the units is enough: secrets stand in text that is mostly ASCII.
  const even = n0 + n2;
  const odd = n1 + n3;
  const half = quarter * 2;
  if (odd >= half * 0.5 && t0 + t2 >= half * 0.5 && even <= odd / 50) return 'utf-16le';
  if (even >= half * 0.5 && t1 + t3 >= half * 0.5 && odd <= even / 50) return 'utf-16be';
  return even + odd + control <= sample.length / 20 + 3 ? 'plain' : 'binary';
}

function most(count: number, of: number): boolean {
  return count >= of * 0.7;
}

// Kinds of bytes: NUL; tab, line ends and printable ASCII; other control characters; and those beyond ASCII, 0.
const NUL = 1;
const TEXT = 2;
const CONTROL = 3;
const KINDS = new Uint8Array(256);
KINDS.fill(CONTROL, 1, 0x20);
KINDS.fill(TEXT, 0x20, 0x7f);
KINDS[0] = NUL;
KINDS[0x7f] = CONTROL;
for (const byte of [9, 10, 13]) KINDS[byte] = TEXT;

/** Decodes to UTF-8, without the byte order mark. A broken unit at the end is dropped. */
export function decode(bytes: Buffer, kind: Exclude<TextKind, 'plain' | 'binary'>): Buffer {
  switch (kind) {
    case 'utf-16le':
      return withoutMark(bytes.toString('utf16le'));
    case 'utf-16be':
      return withoutMark(
        Buffer.from(bytes.subarray(0, bytes.length & ~1))
          .swap16()
          .toString('utf16le'),
      );
    case 'utf-32le':
    case 'utf-32be':
      return withoutMark(decodeUtf32(bytes, kind === 'utf-32le'));
  }
}

function withoutMark(text: string): Buffer {
  return Buffer.from(text.startsWith('\ufeff') ? text.slice(1) : text);
}

function decodeUtf32(bytes: Buffer, littleEndian: boolean): string {
  const units: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    units.push(code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\ufffd');
  }
  return units.join('');
}

/**
 * What can be read in bytes that are no text: runs of 8 and more printable ASCII characters, and such
 * runs in UTF-16, with a space between runs. Line ends of the original are kept, so that a line
 * number means the same as in any other tool that counts them.
 */
export function printableRuns(bytes: Buffer): Buffer {
  // Never longer than the input: a run is copied or halved, and what separates two runs took a byte.
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  let separate = false;
  let at = 0;
  // In bounds: `at` and `end` are below the length where they are read; a byte is an index of PRINTABLE.
  const size = bytes.length;
  while (at < size) {
    const byte = bytes[at] as number;
    if (byte === LF) {
      out[length++] = LF;
      separate = false;
      at++;
      continue;
    }
    if (PRINTABLE[byte] === 0) {
      at++;
      continue;
    }
    let end = at + 1;
    let step = 1;
    while (end < size && PRINTABLE[bytes[end] as number] === 1) end++;
    if (end - at === 1 && bytes[end] === 0) {
      step = 2;
      end = at + 2;
      while (end < size && PRINTABLE[bytes[end] as number] === 1 && (bytes[end + 1] ?? 0) === 0) end += 2;
    }
    if ((end - at) / step >= RUN_LENGTH) {
      if (separate) out[length++] = 0x20;
      for (let from = at; from < end && from < size; from += step) out[length++] = bytes[from] as number;
      separate = true;
    }
    at = end;
  }
  return out.subarray(0, length);
}

/** 1 for printable ASCII and tab. */
const PRINTABLE = new Uint8Array(256);
PRINTABLE.fill(1, 0x20, 0x7f);
PRINTABLE[9] = 1;

/** Containers of files that can be opened. */
export type ArchiveFormat = 'zip' | 'gzip' | 'tar';

/** Bytes of a tar archive's first header, https://www.gnu.org/software/tar/manual/html_node/Standard.html. */
export const TAR_HEADER_BYTES = 512;

/** What a file is by its first bytes; zip: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, gzip: RFC 1952. */
export function archiveFormat(head: Buffer): ArchiveFormat | undefined {
  if (head[0] === 0x50 && head[1] === 0x4b) {
    return (head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6) ? 'zip' : undefined;
  }
  if (head[0] === 0x1f && head[1] === 0x8b) return head[2] === 8 ? 'gzip' : undefined;
  return head.length >= TAR_HEADER_BYTES && head[257] === 0x75 && head.latin1Slice(257, 262) === 'ustar'
    ? 'tar'
    : undefined;
}

/** No pointer is longer, by the specification. */
const LFS_POINTER_BYTES = 1024;

/**
 * The whole text is a Git LFS pointer and nothing else, so that nothing can hide behind one.
 * https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 */
export function isLfsPointer(bytes: Buffer): boolean {
  if (bytes.length > LFS_POINTER_BYTES || !bytes.subarray(0, 8).equals(VERSION)) return false;
  return LFS_POINTER.test(bytes.toString('latin1'));
}

const VERSION = Buffer.from('version ');
const LFS_POINTER =
  /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\n(?:ext-\d-[a-z0-9]{1,32} sha256:[0-9a-f]{64}\n)*oid sha256:[0-9a-f]{64}\nsize \d{1,20}\n?$/;

/**
 * Lines of `bytes` that stand in none of `olds`, as ranges, from 1. A line that stands there fewer
 * times than here is new where it goes beyond that number.
 */
export function newLines(bytes: Buffer, olds: readonly Buffer[]): LineRange[] {
  const known = olds.map(countLines);
  const ranges: { first: number; last: number }[] = [];
  let number = 0;
  for (const line of lines(bytes)) {
    number++;
    let old = false;
    for (const { distinct, left } of known) {
      const at = firstAt(distinct, (other) => other >= line);
      if (distinct[at] !== line || left[at] === 0) continue;
      left[at] = (left[at] ?? 0) - 1;
      old = true;
    }
    if (old) continue;
    const last = ranges.at(-1);
    if (last?.last === number - 1) last.last = number;
    else ranges.push({ first: number, last: number });
  }
  return ranges;
}

/** Distinct lines, sorted, and how often each is there. In no table of hashes, for which see `cli/short-run.ts`. */
function countLines(bytes: Buffer): { readonly distinct: readonly string[]; readonly left: number[] } {
  const distinct: string[] = [];
  const left: number[] = [];
  for (const line of [...lines(bytes)].toSorted()) {
    const at = distinct.length - 1;
    if (distinct[at] === line) left[at] = (left[at] ?? 0) + 1;
    else {
      distinct.push(line);
      left.push(1);
    }
  }
  return { distinct, left };
}

/** Lines as Latin-1, without `\n` and a `\r` before it. */
function* lines(bytes: Buffer): Generator<string> {
  let at = 0;
  while (at < bytes.length) {
    const lf = bytes.indexOf(LF, at);
    const end = lf < 0 ? bytes.length : lf;
    yield bytes.toString('latin1', at, bytes[end - 1] === 13 && end > at ? end - 1 : end);
    at = end + 1;
  }
}

/** Lines that are in both lists. Both sorted, as {@link newLines} and the diff parser give them. */
export function intersect(a: readonly LineRange[], b: readonly LineRange[]): LineRange[] {
  const common: LineRange[] = [];
  let j = 0;
  for (const range of a) {
    // A range of `b` may reach into the next range of `a`: step back to it.
    while (j > 0 && (b[j - 1]?.last ?? 0) >= range.first) j--;
    for (let other = b[j]; other !== undefined && other.first <= range.last; other = b[++j]) {
      const first = Math.max(range.first, other.first);
      const last = Math.min(range.last, other.last);
      if (first <= last) common.push({ first, last });
    }
  }
  return common;
}
