import type { RunOf } from '../detectors/detector.ts';
import type { RequiredRun } from '../rules/structure.ts';

const sets = new Map<string, Uint8Array>();

/** One entry for each byte value: 1 where the byte belongs to the run. */
function flagsOf(set: string): Uint8Array {
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

/**
 * Starts and ends of all runs of a kind, in order, that are neither too short nor too long. Looks at each
 * byte where the shortest would end first, so that prose and code cost little.
 */
export function runsIn(bytes: Uint8Array, { kinds, wanted, least, most }: RunOf): Uint32Array {
  const found: number[] = [];
  let at = least - 1;
  while (at < bytes.length) {
    // In bounds: at < bytes.length, and the loops stop there; a byte is an index of `kinds`.
    let seen = kinds[bytes[at] as number] as number;
    if (seen === 0) {
      at += least;
      continue;
    }
    let start = at;
    for (let kind = 0; start > 0 && at - start < most; start--, seen |= kind) {
      kind = kinds[bytes[start - 1] as number] as number;
      if (kind === 0) break;
    }
    let end = at + 1;
    for (let kind = 0; end < bytes.length; end++, seen |= kind) {
      kind = kinds[bytes[end] as number] as number;
      if (kind === 0) break;
    }
    if (end - start >= least && end - start <= most && (seen & wanted) === wanted) found.push(start, end);
    at = end + least;
  }
  return Uint32Array.from(found);
}
