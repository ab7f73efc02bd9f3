/**
 * Which of the places where the automaton accepts may lead to a match: the whole literal stands there, and so do
 * the bytes around it without which none of those who look for it finds anything. In AssemblyScript.
 * `src/engine/pack-gates.ts` lays out the tables; numbers are little-endian.
 */
import { byteAt, setText, textFrom, textTo } from './text';
import { NO, valueGate } from './value-gate';

// Kinds of gates, as `src/engine/pack-gates.ts` numbers them; one of 0 lets everything through.
const NAMED: u32 = 1;
const ESCAPE: u32 = 2;
const ADDRESS: u32 = 3;
const TOKEN: u32 = 4;
const TOKEN_IN_WORD: u32 = 5;
const NEAR: u32 = 6;

/** Bytes of a literal's record, of a gate's, and of a set of bytes. */
const LITERAL_SIZE: usize = 12;
const GATE_SIZE: usize = 8;
const SET_SIZE: usize = 256;
/** Bytes of one candidate. */
const CANDIDATE_SIZE: usize = 8;

/** Bytes before a literal, and behind it, in which a run of a rule whose run does not hold it must end: the engine's window. */
const RUN_BEFORE: usize = 256;
const RUN_AFTER: usize = 768;
/** Longest user-and-password part of an address, in bytes, as the detector of connection strings has it. */
const USERINFO: usize = 400;
/** White space between a literal and what joins another to it. */
const JOIN_GAP: usize = 80;

// Bits that `marks` has for a byte.
const HEX: u32 = 1;
const ENDS_ADDRESS: u32 = 2;
const QUOTES: u32 = 4;
const JOINS: u32 = 8;

let firstAccepting: u32 = 0;
let outputStart: usize = 0;
let outputs: usize = 0;
let literals: usize = 0;
let literalBytes: usize = 0;
let gates: usize = 0;
let sets: usize = 0;
let marks: usize = 0;
let kinds: usize = 0;

/** Where the next pair lies that `candidates` has not read. */
let unread: usize = 0;

/** The tables of an automaton, as addresses, and its first accepting state. */
export function useGates(
  accepting: u32,
  outputStarts: usize,
  allOutputs: usize,
  literalTable: usize,
  bytesOfLiterals: usize,
  gateTable: usize,
  setTable: usize,
  kindTable: usize,
): void {
  firstAccepting = accepting;
  outputStart = outputStarts;
  outputs = allOutputs;
  literals = literalTable;
  literalBytes = bytesOfLiterals;
  gates = gateTable;
  sets = setTable;
  kinds = kindTable;
  marks = kindTable + 256;
}

/** The text that is looked at from now on, as addresses, and how its file writes values. */
export function useText(from: usize, to: usize, format: u32): void {
  setText(from, to, format, kinds);
}

/** Where the pairs lie that the last `candidates` had no room for. */
export function unreadPairs(): usize {
  return unread;
}

/**
 * Reads pairs as `find` writes them for the piece at `piece`, up to `pairsEnd`, and writes at `out` for each candidate the offset of its
 * first byte in the text, its literal and what its gate leaves open: a number of 32 bits and two of 16. Stops where less
 * than `most` bytes are left before `outEnd`.
 * @returns the end of what it wrote
 */
export function candidates(pairs: usize, pairsEnd: usize, piece: usize, most: usize, out: usize, outEnd: usize): usize {
  let pair = pairs;
  for (; pair < pairsEnd && out + most <= outEnd; pair += 8) {
    const end = piece + <usize>load<u32>(pair);
    const index = ((load<u32>(pair, 4) - firstAccepting) as usize) << 1;
    const last = <usize>load<u16>(outputStart + index, 2);
    for (let o = <usize>load<u16>(outputStart + index); o < last; o++) {
      const anchor = <u32>load<u16>(outputs + (o << 1));
      const literal = literals + <usize>anchor * LITERAL_SIZE;
      const start = end - <usize>load<u8>(literal, 6);
      const length = <usize>load<u16>(literal, 4);
      if (!stands(start, literalBytes + <usize>load<u32>(literal), length, load<u8>(literal, 7) != 0)) continue;
      const open = gateOf(start, start + length, <usize>load<u16>(literal, 8), <usize>load<u16>(literal, 10));
      if (open == NO) continue;
      store<u32>(out, <u32>(start - textFrom));
      store<u16>(out, <u16>anchor, 4);
      store<u16>(out, <u16>open, 6);
      out += CANDIDATE_SIZE;
    }
  }
  unread = pair;
  return out;
}

/** Whether a literal stands at an address. */
function stands(at: usize, literal: usize, length: usize, anyCase: bool): bool {
  if (at < textFrom || at + length > textTo) return false;
  for (let i: usize = 0; i < length; i++) {
    const byte = <u32>load<u8>(at + i);
    const wanted = <u32>load<u8>(literal + i);
    if (byte != wanted && !(anyCase && byte - 65 < 26 && (byte | 32) == wanted)) return false;
  }
  return true;
}

/** What the gates of a literal leave open together: that of the one which lets it through, 0 where several do. */
function gateOf(start: usize, end: usize, first: usize, last: usize): u32 {
  let open = NO;
  for (let gate = first; gate < last; gate++) {
    const told = passes(start, end, gates + gate * GATE_SIZE);
    if (told == 0) return 0;
    if (told != NO) open = open == NO ? told : 0;
  }
  return open;
}

function passes(start: usize, end: usize, gate: usize): u32 {
  const kind = <u32>load<u8>(gate);
  const set = sets + <usize>load<u16>(gate, 2) * SET_SIZE;
  const length = <usize>load<u32>(gate, 4);
  if (kind >= TOKEN && isAmidst(start, end)) return NO;
  switch (kind) {
    case NAMED:
      return valueGate(start, end);
    case ESCAPE:
      return isEscape(start) ? 0 : NO;
    case ADDRESS:
      return holdsUser(end) || isOfJava(start) ? 0 : NO;
    case TOKEN:
      if (isAlphanumeric(byteAt(start - 1))) return NO;
      return isInRun(start, set, length) || isSplit(start, set, length) ? 0 : NO;
    case TOKEN_IN_WORD:
      return isInRun(start, set, length) || isSplit(start, set, length) ? 0 : NO;
    case NEAR:
      return isRunNear(start, set, length) ? 0 : NO;
    default:
      return 0;
  }
}

function markOf(at: usize): u32 {
  return at >= textFrom && at < textTo ? <u32>load<u8>(marks + <usize>load<u8>(at)) : 0;
}

/** The same as `isEscape` of `src/engine/decoding/signs.ts`. */
function isEscape(start: usize): bool {
  const mark = byteAt(start);
  // &
  if (mark == 0x26) {
    const first = byteAt(start + 2);
    return byteAt(start + 1) != 0x23 || first - 0x30 < 10 || (first | 32) == 0x78; // # x
  }
  const digits = mark == 0x25 ? start + 1 : byteAt(start + 1) == 0x78 ? start + 2 : start + 4; // % x
  if ((markOf(digits) & HEX) == 0 || (markOf(digits + 1) & HEX) == 0) return false;
  return !(byteAt(digits) == 0x37 && (byteAt(digits + 1) | 32) == 0x66) && byteAt(digits) - 0x30 < 8; // 7f
}

/** Whether an address that goes on at `from` may hold a user or a password: there is an `@`. */
function holdsUser(from: usize): bool {
  const last = from + USERINFO;
  for (let at = from; at < last && at < textTo; at++) {
    if ((markOf(at) & ENDS_ADDRESS) != 0) return false;
    if (byteAt(at) == 0x40) return true;
  }
  return false;
}

/** Whether `jdbc:` and the name of a driver stand before an address. */
function isOfJava(start: usize): bool {
  for (let at = start - 1; at > start - 37; at--) {
    const byte = byteAt(at) | 32;
    if (byte == 0x6a && (byteAt(at + 1) | 32) == 0x64 && (byteAt(at + 2) | 32) == 0x62) return true;
    if (!isAlphanumeric(byte) && byteAt(at) != 0x3a && byteAt(at) != 0x2b) return false; // : +
  }
  return false;
}

/** Whether a literal of one letter stands amidst more of it, as in data of zeros: the first and the last such place tell as much. */
function isAmidst(start: usize, end: usize): bool {
  const letter = byteAt(end);
  for (let at = start - 1; at < end; at++) if (byteAt(at) != letter) return false;
  return true;
}

function isAlphanumeric(byte: u32): bool {
  return byte - 48 < 10 || (byte | 32) - 97 < 26;
}

function isOf(set: usize, at: usize): bool {
  return load<u8>(set + <usize>load<u8>(at)) != 0;
}

/** The same as `isInRun` of `src/engine/run-search.ts`. */
function isInRun(at: usize, set: usize, length: usize): bool {
  const most = at + length < textTo ? at + length : textTo;
  let end = at;
  while (end < most && isOf(set, end)) end++;
  const least = end - length > textFrom ? end - length : textFrom;
  let start = at;
  while (start > least && isOf(set, start - 1)) start--;
  return end - start >= length;
}

/** Whether `splitAt` of `src/engine/run-search.ts` gives a place. */
function isSplit(at: usize, set: usize, length: usize): bool {
  if (isAlphanumeric(byteAt(at - 1))) return false;
  const most = at + length < textTo ? at + length : textTo;
  let end = at;
  while (end < most && isOf(set, end)) end++;
  if (end == textTo) return false;
  if (byteAt(end) == 92) end++;
  if ((markOf(end) & QUOTES) == 0) return false;
  let next = end + 1;
  const last = next + JOIN_GAP;
  while (next < last && isSpace(byteAt(next))) next++;
  return (markOf(next) & JOINS) != 0;
}

function isSpace(byte: u32): bool {
  return byte == 32 || byte == 9 || byte == 10 || byte == 13;
}

/** Whether `findRun` of `src/engine/run-search.ts` finds one where a rule's window may reach. */
function isRunNear(hit: usize, set: usize, length: usize): bool {
  const from = hit - textFrom > RUN_BEFORE ? hit - RUN_BEFORE : textFrom;
  const last = hit + RUN_AFTER + length < textTo ? hit + RUN_AFTER + length : textTo;
  let at = from + length - 1;
  while (at < last) {
    // A byte that is no part of a run rules out every run across it.
    let start = at;
    const least = at - length + 1;
    while (start >= least && isOf(set, start)) start--;
    if (start < least) return true;
    at = start + length;
  }
  return false;
}
