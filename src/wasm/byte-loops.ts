/**
 * The loops that look at every byte, as WebAssembly: it runs at full speed from the first byte, where
 * JavaScript is interpreted until it is hot, which a hook is too short for. In the AssemblyScript dialect
 * (https://www.assemblyscript.org); compiled by the build, called by `src/engine/byte-loops.ts`, which
 * also lays out the memory.
 */

const LF: u32 = 10;
const SPACE: u32 = 32;
const PLUS: u32 = 43;
const MINUS: u32 = 45;
const NEW: u32 = 0x10000;
const GONE: u32 = 0x20000;

/** State of the automaton after the last byte that was seen. */
let state: u32 = 0;
/** Of the line of a diff that `sift` is in: its first byte, 0 where that comes next. */
let mark: u32 = 0;
/** Offset, from the text's first byte, of the run that `sift` is in. */
let runStart: u32 = 0;
/** The kinds of the bytes of that run, together; 0 outside one. */
let runKinds: u32 = 0;

/** A new text begins. */
export function begin(): void {
  state = 0;
  mark = 0;
  runKinds = 0;
}

/**
 * Follows an automaton over the bytes at `[from, to)` and writes at `out`, for each byte after which
 * it accepts, how many bytes of the piece had been read and the state: two numbers of 32 bits.
 * Gives the end of what it wrote.
 */
export function find(
  from: usize,
  to: usize,
  classOf: usize,
  next: usize,
  classes: u32,
  firstAccepting: u32,
  out: usize,
): usize {
  let now = state;
  for (let at = from; at < to;) {
    now = load<u16>(next + (((now * classes + <u32>load<u8>(classOf + <usize>load<u8>(at))) as usize) << 1));
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
 * The same over the text of a unified diff. Of new lines it tells all, with `NEW` added to the state; of
 * old ones the states that `leadsOn` does not hold 0 for; of removed ones those that `mayLose` does not
 * hold 0 for, with `GONE` added. Of new lines it also
 * tells the end of each run of at least `least` bytes that `kindOf` gives a kind to, if its kinds together
 * hold all bits of `wanted`, with `NEW` alone; a mark may be taken for a part of a run. `base` is the
 * offset of the piece in the text.
 */
export function sift(
  from: usize,
  to: usize,
  base: u32,
  classOf: usize,
  next: usize,
  classes: u32,
  firstAccepting: u32,
  leadsOn: usize,
  mayLose: usize,
  kindOf: usize,
  least: u32,
  wanted: u32,
  out: usize,
): usize {
  let now = state;
  let line = mark;
  let kinds = runKinds;
  for (let at = from; at < to;) {
    const byte = <u32>load<u8>(at);
    if (line == 0) line = byte;
    now = load<u16>(next + (((now * classes + <u32>load<u8>(classOf + <usize>byte)) as usize) << 1));
    if (line == PLUS) {
      const kind = <u32>load<u8>(kindOf + <usize>byte);
      if (kind != 0) {
        if (kinds == 0) runStart = base + <u32>(at - from);
        kinds |= kind;
      } else {
        if ((kinds & wanted) == wanted && base + <u32>(at - from) - runStart >= least) {
          store<u32>(out, <u32>(at - from));
          store<u32>(out, NEW, 4);
          out += 8;
        }
        kinds = 0;
      }
    }
    at++;
    if (now >= firstAccepting) {
      if (line == PLUS) {
        store<u32>(out, <u32>(at - from));
        store<u32>(out, now | NEW, 4);
        out += 8;
      } else if (line == SPACE && load<u8>(leadsOn + <usize>(now - firstAccepting)) != 0) {
        store<u32>(out, <u32>(at - from));
        store<u32>(out, now, 4);
        out += 8;
      } else if (line == MINUS && load<u8>(mayLose + <usize>(now - firstAccepting)) != 0) {
        store<u32>(out, <u32>(at - from));
        store<u32>(out, now | GONE, 4);
        out += 8;
      }
    }
    if (byte == LF) line = 0;
  }
  state = now;
  mark = line;
  runKinds = kinds;
  return out;
}
