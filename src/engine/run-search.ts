import { Column } from '../core/column.ts';
import type { RunOf } from '../detectors/detector.ts';
import type { RequiredRun } from '../rules/structure.ts';
import { mayHide } from './decoding/signs.ts';

const sets = new Map<string, Uint8Array>();

/** One entry for each byte value: 1 where the byte belongs to the run. @param set see `RequiredRun` */
export function flagsOf(set: string): Uint8Array {
  let flags = sets.get(set);
  if (flags === undefined) {
    const bits = Buffer.from(set, 'hex');
    flags = new Uint8Array(256);
    for (let byte = 0; byte < 256; byte++) flags[byte] = ((bits[byte >> 3] ?? 0) >> (byte & 7)) & 1;
    sets.set(set, flags);
  }
  return flags;
}

/** Whether `offset` lies in a run that is long enough. Looks at no more than the run's length to either side. */
export function isInRun(bytes: Uint8Array, offset: number, { set, length }: RequiredRun): boolean {
  const flags = flagsOf(set);
  // In bounds: the loops stop at the ends of `bytes`.
  const most = Math.min(bytes.length, offset + length);
  let end = offset;
  while (end < most && flags[bytes[end] as number] === 1) end++;
  const least = Math.max(0, end - length);
  let start = offset;
  while (start > least && flags[bytes[start - 1] as number] === 1) start--;
  return end - start >= length;
}

/** Offset of the end of the first run that is long enough and ends within `[from, to)`, counted so far; -1 where there is none. */
export function findRun(bytes: Uint8Array, from: number, to: number, { set, length }: RequiredRun): number {
  const flags = flagsOf(set);
  const last = Math.min(bytes.length, to);
  let at = Math.max(0, from) + length - 1;
  while (at < last) {
    // A byte that is no part of a run rules out every run across it.
    let start = at;
    const least = at - length + 1;
    while (start >= least && flags[bytes[start] as number] === 1) start--;
    if (start < least) return at + 1;
    at = start + length;
  }
  return -1;
}

/** Numbers of a list of runs that there is room for at first: most texts have no more. */
export const FIRST_RUNS = 16;

/** Starts and ends of runs, in order; a run may be in both lists. */
export interface Runs {
  /** Those that count. */
  readonly counting: Uint32Array;
  /** Those that may hide a text. */
  readonly hiding: Uint32Array;
}

/**
 * All runs of a kind. Looks at each byte where the shortest would end first, so that prose and code cost
 * little.
 */
export function runsIn(bytes: Uint8Array, { kinds, made, least, most, hints }: RunOf): Runs {
  // A file of digests has more of them than anything else.
  const counting = new Column(FIRST_RUNS);
  const hiding = new Column(FIRST_RUNS);
  let at = least - 1;
  while (at < bytes.length) {
    // In bounds: at < bytes.length, and the loops stop there; a byte is an index of `kinds`.
    let seen = kinds[bytes[at] as number] as number;
    if (seen === 0) {
      at += least;
      continue;
    }
    let start = at;
    for (let kind = 0; start > 0; start--, seen |= kind) {
      kind = kinds[bytes[start - 1] as number] as number;
      if (kind === 0) break;
    }
    let end = at + 1;
    for (let kind = 0; end < bytes.length; end++, seen |= kind) {
      kind = kinds[bytes[end] as number] as number;
      if (kind === 0) break;
    }
    const what = end - start >= least ? made[seen] : 0;
    if (what === 1 && end - start <= most) {
      counting.push(start);
      counting.push(end);
    }
    if (what !== 0 && mayHide(bytes, start, end, hints)) {
      hiding.push(start);
      hiding.push(end);
    }
    at = end + least;
  }
  return { counting: counting.all(), hiding: hiding.all() };
}

/** Bytes that end a literal, and what may follow where another is joined to it: + . & < ^ , \ quotes, ] and white space. */
export const QUOTES: Uint8Array = new Uint8Array(256);
for (const character of '"\'`') QUOTES[character.charCodeAt(0)] = 1;
export const JOINS: Uint8Array = new Uint8Array(256);
for (const character of '+.&<^|,\\"\'`#') JOINS[character.charCodeAt(0)] = 1;
/** White space that is looked over, in bytes. */
const GAP = 80;

/**
 * Offset of the quote that ends a literal in the run which `offset` lies in, where another literal may be
 * joined to it; else -1. Looks at no more than the run's length and a few bytes.
 */
export function splitAt(bytes: Uint8Array, offset: number, { set, length }: RequiredRun): number {
  const flags = flagsOf(set);
  // A token does not begin in the middle of a word.
  if (isAlphanumeric(bytes[offset - 1] ?? 0)) return -1;
  const most = Math.min(bytes.length, offset + length);
  let end = offset;
  // In bounds: the loops stop at the ends of `bytes`; a byte is an index of the tables.
  while (end < most && flags[bytes[end] as number] === 1) end++;
  if (end === bytes.length) return -1;
  const escapes = bytes[end] === BACKSLASH ? 1 : 0;
  if (QUOTES[bytes[end + escapes] ?? 0] !== 1) return -1;
  let next = end + escapes + 1;
  const last = Math.min(bytes.length, next + GAP);
  while (next < last && isSpace(bytes[next] as number)) next++;
  return JOINS[bytes[next] ?? 0] === 1 ? end : -1;
}

const BACKSLASH = 92;

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === 10 || byte === 13;
}

/** A letter or digit of ASCII. */
export function isAlphanumeric(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
}
