/**
 * The loops that look at every byte, as WebAssembly: it runs at full speed from the first byte, where
 * JavaScript is interpreted until it is hot, which a hook is too short for. In the AssemblyScript dialect
 * (https://www.assemblyscript.org); compiled by the build, called by `src/engine/byte-loops.ts`, which
 * also lays out the memory.
 */

/**
 * Where the tables of the automaton lie: for each byte value twice its class, and for each state the next ones, a number of 16 bits
 * for each of 64 classes. Known to the compiler, they are part of the instructions that load from them.
 */
export const CLASS_OF: usize = 1024;
export const NEXT: usize = 0x180000;

export { candidates, unreadPairs, useGates, useText } from './candidates';

const LF: u32 = 10;
const SPACE: u32 = 32;
const PLUS: u32 = 43;
const COMMA: u32 = 44;
const MINUS: u32 = 45;
const ZERO: u32 = 48;
const AT: u32 = 64;
const BACKSLASH: u32 = 92;
const NEW: u32 = 0x10000;
const GONE: u32 = 0x20000;
const HIDDEN: u32 = 0x40000;
const IS_HEX: u32 = 8;

/** State of the automaton after the last byte that was seen. */
let state: u32 = 0;
/** Of the line of a diff that `sift` is in: its first byte, 0 where that comes next. */
let mark: u32 = 0;
/** Offset, from the text's first byte, of the run that `sift` is in. */
let runStart: u32 = 0;
/** The kinds of the bytes of that run, together; 0 outside one. */
let runKinds: u32 = 0;

/** Of the old line that `sift` is in: the state of a literal that only leads on if the line ends soon, 0 without; … */
let open: u32 = 0;
/** … the offset of that literal's end in the text, and the bit that `trail` must have of what comes next. */
let openAt: u32 = 0;
let phase: u32 = 0;
/** Where in the `@@` line of a hunk `sift` is: the part that is read next, 0 outside one; see `readHeader`. */
let part: u32 = 0;
/** Digits of the number in that line that is being read, and its value so far. */
let digits: u32 = 0;
let value: u32 = 0;
/** Offset of that line, and of the hunk's first line. */
let header: u32 = 0;
let first: u32 = 0;
/** Lines of the old and of the new side that the hunk still has, … */
let oldLeft: i32 = 0;
let newLeft: i32 = 0;
/** … and what has been counted of it. */
let newLines: u32 = 0;
let newBytes: u32 = 0;
/** Where the hunk's numbers start in the new file. */
let newStart: u32 = 0;
/** 1 in a hunk, 2 behind its last line: only what comes next tells whether that has an end. */
let inHunk: u32 = 0;
/** Offset of the line that `sift` is in. */
let lineStart: u32 = 0;
/** Where `sift` writes the next hunk. */
let hunksAt: usize = 0;

/** Where `runs` writes the next run that may hide a text. */
let hidingAt: usize = 0;

/** A new text begins. */
export function begin(): void {
  state = 0;
  mark = 0;
  runKinds = 0;
  part = 0;
  inHunk = 0;
}

/** The end of the hunks that the last `sift` wrote. */
export function hunksEnd(): usize {
  return hunksAt;
}

/**
 * Follows an automaton over the bytes at `[from, to)` and writes at `out`, for each byte after which
 * it accepts, how many bytes of the piece had been read and the state: two numbers of 32 bits.
 * Gives the end of what it wrote.
 */
export function find(from: usize, to: usize, firstAccepting: u32, out: usize): usize {
  let now = state;
  for (let at = from; at < to;) {
    now = step(now, at);
    at++;
    if (now >= firstAccepting) {
      store<u32>(out, <u32>(at - from));
      store<u32>(out, now, 4);
      out += 8;
    }
  }
  state = now;
  return out;
}

/**
 * The same as `find` in four parts of a piece at a time: what a step waits for is the one before it, and four
 * such chains take hardly longer than one. A part but the first begins `overlap` bytes early, which must be
 * as many as the longest literal has; a piece has four times as many at least. What is found in the part `n` is
 * written at `out + n * outSize`, and where that ends at `ends + n * 4`.
 */
export function findInFour(
  from: usize,
  to: usize,
  overlap: usize,
  firstAccepting: u32,
  out: usize,
  outSize: usize,
  ends: usize,
): void {
  const size = (to - from) >> 2;
  const second = from + size;
  const third = second + size;
  const fourth = third + size;
  let a = state;
  let b: u32 = 0;
  let c: u32 = 0;
  let d: u32 = 0;
  for (let back = overlap; back > 0; back--) {
    b = step(b, second - back);
    c = step(c, third - back);
    d = step(d, fourth - back);
  }
  let outA = out;
  let outB = outA + outSize;
  let outC = outB + outSize;
  let outD = outC + outSize;
  const before = from - 1;
  // A state that accepts makes the difference negative: one branch for all four.
  const last = firstAccepting - 1;
  for (let at = from; at < second; at++) {
    a = step(a, at);
    b = step(b, at + size);
    c = step(c, at + size * 2);
    d = step(d, at + size * 3);
    if (<i32>((last - a) | (last - b) | (last - c) | (last - d)) >= 0) continue;
    if (a >= firstAccepting) outA = tell(outA, <u32>(at - before), a);
    if (b >= firstAccepting) outB = tell(outB, <u32>(at + size - before), b);
    if (c >= firstAccepting) outC = tell(outC, <u32>(at + size * 2 - before), c);
    if (d >= firstAccepting) outD = tell(outD, <u32>(at + size * 3 - before), d);
  }
  for (let at = fourth + size; at < to; at++) {
    d = step(d, at);
    if (d >= firstAccepting) outD = tell(outD, <u32>(at - before), d);
  }
  state = d;
  store<u32>(ends, <u32>outA);
  store<u32>(ends, <u32>outB, 4);
  store<u32>(ends, <u32>outC, 8);
  store<u32>(ends, <u32>outD, 12);
}

/** The state after the byte at `at`. */
function step(now: u32, at: usize): u32 {
  return after(now, <usize>load<u8>(at));
}

/** The state after a byte. */
function after(now: u32, byte: usize): u32 {
  return load<u16>(((<usize>now) << 7) + <usize>load<u8>(byte, CLASS_OF), NEXT);
}

/** Line feeds in the bytes at `[from, to)`, sixteen bytes at a time. */
export function countLineFeeds(from: usize, to: usize): u32 {
  const feed = i8x16.splat(<i8>LF);
  let count: u32 = 0;
  let at = from;
  while (at + 16 <= to) {
    // Each of the sixteen counts up to 255.
    let last = at + 16 * 255;
    if (last > to) last = to;
    let counts = i8x16.splat(0);
    for (; at + 16 <= last; at += 16) counts = i8x16.sub(counts, i8x16.eq(v128.load(at), feed));
    const sums = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(counts));
    count += <u32>i32x4.extract_lane(sums, 0);
    count += <u32>i32x4.extract_lane(sums, 1);
    count += <u32>i32x4.extract_lane(sums, 2);
    count += <u32>i32x4.extract_lane(sums, 3);
  }
  for (; at < to; at++) if (<u32>load<u8>(at) == LF) count++;
  return count;
}

/**
 * The same as `runsIn` of `src/engine/run-search.ts`: writes a start and an end, from `from`, for each run that counts at
 * `out`, and for each that may hide a text at `hiding`.
 *
 * At `rows` are two tables of 16 bytes, or nothing if `least` is less than 23: a byte belongs to a run where that of
 * its low half and that of its high half have a bit in common (the method of
 * https://arxiv.org/abs/1902.08318, Langdale and Lemire, 2019). A run that is long enough fills two
 * groups of eight bytes that are neighbours, wherever the groups begin.
 */
export function runs(
  from: usize,
  to: usize,
  rows: usize,
  kindOf: usize,
  made: usize,
  least: u32,
  most: u32,
  hints: usize,
  out: usize,
  hiding: usize,
): usize {
  hidingAt = hiding;
  const low = v128.load(rows);
  const high = v128.load(rows, 16);
  const half = i8x16.splat(15);
  let block = from;
  let before: u32 = 0;
  while (block < to) {
    const bytes = v128.load(block);
    const members = v128.and(i8x16.swizzle(low, v128.and(bytes, half)), i8x16.swizzle(high, i8x16.shr_u(bytes, 4)));
    // One bit for each byte: that of a group is 255 where the group is full.
    const bits = <u32>i8x16.bitmask(i8x16.ne(members, i8x16.splat(0)));
    const first = <u32>((bits & 0xff) == 0xff);
    const second = <u32>(bits >> 8 == 0xff);
    if (((before | second) & first) == 0) {
      before = second;
      block += 16;
      continue;
    }
    // The first group is full in either case.
    const at = block;
    before = 0;
    let seen = <u32>load<u8>(kindOf + <usize>load<u8>(at));
    let start = at;
    while (start > from) {
      const kind = <u32>load<u8>(kindOf + <usize>load<u8>(start - 1));
      if (kind == 0) break;
      seen |= kind;
      start--;
    }
    let end = at + 1;
    while (end < to) {
      const kind = <u32>load<u8>(kindOf + <usize>load<u8>(end));
      if (kind == 0) break;
      seen |= kind;
      end++;
    }
    const length = <u32>(end - start);
    const what = length >= least ? <u32>load<u8>(made + <usize>seen) : 0;
    if (what == 1 && length <= most) out = tell(out, <u32>(start - from), <u32>(end - from));
    if (what != 0 && mayHide(start, end, hints)) {
      hidingAt = tell(hidingAt, <u32>(start - from), <u32>(end - from));
    }
    block = end;
  }
  return out;
}

/** The end of the runs that may hide a text, of those that the last `runs` wrote. */
export function hidingEnd(): usize {
  return hidingAt;
}

/** The same as `mayHide` of `src/engine/decoding/signs.ts`. */
function mayHide(start: usize, end: usize, hints: usize): bool {
  for (let at = start; at + 16 <= end; at += 12) {
    const a = groupsAt(at, hints);
    const b = groupsAt(at + 1, hints);
    const c = groupsAt(at + 2, hints);
    const d = groupsAt(at + 3, hints);
    if ((((a | b | c | d) & ~IS_HEX) | (a & b & c & d)) != 0) return true;
  }
  return false;
}

function groupsAt(at: usize, hints: usize): u32 {
  const outer = hintAt(at, hints) & hintAt(at + 8, hints);
  const inner = hintAt(at + 4, hints);
  return (outer & inner & (1 | IS_HEX)) | (outer & (inner >> 1) & 2) | (outer & (inner << 1) & 4);
}

function hintAt(at: usize, hints: usize): u32 {
  return <u32>load<u8>(hints + <usize>load<u8>(at));
}

/** Reads a byte of `@@ -1,2 +3,4 @@`: the part that comes next, 0 where this is no such line. */
function readHeader(now: u32, byte: u32): u32 {
  if (byte - ZERO < 10) {
    if (now < 4 || now == 6 || now > 8 || digits == 9) return now == 11 ? now : 0;
    digits++;
    value = value * 10 + byte - ZERO;
    return now;
  }
  switch (now) {
    case 1:
      return byte == AT ? 2 : 0;
    case 2:
      return byte == SPACE ? 3 : 0;
    case 3:
      digits = 0;
      value = 0;
      return byte == MINUS ? 4 : 0;
    case 4:
    case 5:
    case 7:
    case 8: {
      if (digits == 0) return 0;
      const isStart = now == 4 || now == 7;
      // Without a number of lines there is one.
      const lines = isStart ? 1 : value;
      if (now < 6) oldLeft = lines;
      else newLeft = lines;
      if (now == 7) newStart = value;
      digits = 0;
      value = 0;
      if (byte == SPACE) return now < 6 ? 6 : 9;
      return byte == COMMA && isStart ? now + 1 : 0;
    }
    case 6:
      return byte == PLUS ? 7 : 0;
    case 9:
      return byte == AT ? 10 : 0;
    case 10:
      return byte == AT ? 11 : 0;
    default:
      return now;
  }
}

/** The first byte of a line, at `offset`. */
function startLine(byte: u32, offset: u32): void {
  lineStart = offset;
  if (inHunk == 2) {
    inHunk = 0;
    if (byte != BACKSLASH) {
      store<u32>(hunksAt, header);
      store<u32>(hunksAt, first, 4);
      store<u32>(hunksAt, offset, 8);
      store<u32>(hunksAt, newBytes, 12);
      store<u32>(hunksAt, newLines, 16);
      hunksAt += 20;
    }
  }
  if (inHunk == 1) {
    if (byte == MINUS) {
      oldLeft--;
    } else if (byte == PLUS) {
      newLeft--;
      newLines++;
    } else if (byte == SPACE) {
      oldLeft--;
      newLeft--;
    } else {
      inHunk = 0;
    }
    if (oldLeft < 0 || newLeft < 0) inHunk = 0;
  }
  if (inHunk == 0 && byte == AT) {
    header = offset;
    part = 1;
  }
}

/** The end of a line, which began with `line`; its LF is at `offset`. */
function endLine(line: u32, offset: u32): void {
  if (inHunk == 1) {
    if (line != MINUS) newBytes += offset - lineStart;
    if (oldLeft == 0 && newLeft == 0) inHunk = 2;
  } else if (part == 11 && newStart > 1 && (oldLeft | newLeft) != 0) {
    first = offset + 1;
    newLines = 0;
    newBytes = 0;
    inHunk = 1;
  }
  part = 0;
}

/**
 * The same over the text of a unified diff. Of new lines it tells all, with `NEW` added to the state; of
 * old ones the states that `leadsOn` holds 1 for, and those that it holds 2 for if nothing follows in the
 * line but bytes to which `trail` gives bit 1, and then bytes with bit 2; of removed ones those that
 * `mayLose` does not hold 0 for, with `GONE` added. Of new lines it also tells the end of each run of at
 * least `least` bytes that `kindOf` gives a kind to, if `made` does not hold 0 for its kinds together: with `NEW`
 * alone where that is 1, else with `HIDDEN`; a mark may be taken for a part of a run. `base` is the offset of the piece in the text; an
 * offset may lie before the piece, as a negative number would. No literal holds a line end.
 *
 * At `hunks` it writes, for each plain hunk that does not start at a file's first line and that something
 * follows, five numbers of 32 bits: the offsets of its `@@` line, of its first line and of its end, the
 * bytes of its new side with line ends, and how many lines are new.
 */
export function sift(
  from: usize,
  to: usize,
  base: u32,
  firstAccepting: u32,
  leadsOn: usize,
  mayLose: usize,
  trail: usize,
  kindOf: usize,
  made: usize,
  least: u32,
  out: usize,
  hunks: usize,
): usize {
  hunksAt = hunks;
  let now = state;
  for (let at = from; at < to;) {
    let byte: u32 = 0;
    let line = mark;
    if (line == 0) {
      line = <u32>load<u8>(at);
      startLine(line, base + <u32>(at - from));
      open = 0;
    }
    // One loop for each kind of line: each byte is looked at as little as can be.
    if (line == SPACE) {
      let led = open;
      do {
        byte = <u32>load<u8>(at);
        now = after(now, <usize>byte);
        at++;
        if (led != 0 && byte != LF) {
          const bits = <u32>load<u8>(trail + <usize>byte);
          if (phase == 1 && (bits & 1) == 0) phase = 2;
          if (phase == 2 && (bits & 2) == 0) led = 0;
        }
        if (now >= firstAccepting) {
          const leads = <u32>load<u8>(leadsOn + <usize>(now - firstAccepting));
          if (leads == 2) {
            if (led != 0 && phase == 2) out = tell(out, openAt - base, led);
            led = now;
            openAt = base + <u32>(at - from);
            phase = 1;
          } else if (leads != 0) {
            out = tell(out, <u32>(at - from), now);
          }
        }
      } while (byte != LF && at < to);
      if (byte == LF && led != 0) out = tell(out, openAt - base, led);
      open = led;
    } else if (line == PLUS) {
      let kinds = runKinds;
      do {
        byte = <u32>load<u8>(at);
        now = after(now, <usize>byte);
        const kind = <u32>load<u8>(kindOf + <usize>byte);
        if (kind != 0) {
          if (kinds == 0) runStart = base + <u32>(at - from);
          kinds |= kind;
        } else if (kinds != 0) {
          if (base + <u32>(at - from) - runStart >= least) {
            const run = <u32>load<u8>(made + <usize>kinds);
            if (run != 0) out = tell(out, <u32>(at - from), run == 1 ? NEW : HIDDEN);
          }
          kinds = 0;
        }
        at++;
        if (now >= firstAccepting) out = tell(out, <u32>(at - from), now | NEW);
      } while (byte != LF && at < to);
      runKinds = kinds;
    } else if (line == MINUS) {
      do {
        byte = <u32>load<u8>(at);
        now = after(now, <usize>byte);
        at++;
        if (now >= firstAccepting && load<u8>(mayLose + <usize>(now - firstAccepting)) != 0) {
          out = tell(out, <u32>(at - from), now | GONE);
        }
      } while (byte != LF && at < to);
    } else {
      // `startLine` has taken the first byte.
      if (mark == 0 && part != 0) at++;
      while (part != 0 && part != 11 && at < to) {
        byte = <u32>load<u8>(at);
        if (byte == LF) break;
        part = readHeader(part, byte);
        at++;
      }
      now = 0;
      while (at < to) {
        byte = <u32>load<u8>(at);
        at++;
        // Before a mark that is NUL, the line has not begun.
        if (byte == LF || line == 0) break;
      }
    }
    mark = line;
    if (byte == LF) {
      endLine(line, base + <u32>(at - 1 - from));
      mark = 0;
    }
  }
  state = now;
  return out;
}

/** Writes two numbers: an offset and a state. */
function tell(out: usize, offset: u32, told: u32): usize {
  store<u32>(out, offset);
  store<u32>(out, told, 4);
  return out + 8;
}
