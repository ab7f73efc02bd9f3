/**
 * The two loops that look at every byte, as WebAssembly: it runs at full speed from the first byte,
 * where JavaScript is interpreted until it is hot, which a hook is too short for. In the
 * AssemblyScript dialect (https://www.assemblyscript.org); compiled by the build, called by
 * `src/engine/byte-loops.ts`, which also lays out the memory.
 */

/** State of the automaton after the last byte that `find` saw. */
export let state: u32 = 0;
/** Offset, from the text's first byte, of the run that `runs` is in. */
let runStart: u32 = 0;
/** What the bytes of that run are, together; 0 outside one. */
let runMask: u32 = 0;

/** A new text begins. */
export function begin(): void {
  state = 0;
  runMask = 0;
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
  for (let at = from; at < to; ) {
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
 * Writes at `out` where each run of at least `least` bytes that `kindOf` gives a kind to starts, if its
 * kinds together hold all bits of `wanted`; `base` is the offset of the piece in the text. A run that reaches the
 * end of the text counts once `runs` is called for no bytes.
 */
export function runs(
  from: usize,
  to: usize,
  base: u32,
  kindOf: usize,
  least: u32,
  wanted: u32,
  out: usize,
): usize {
  let mask = runMask;
  let start = runStart;
  for (let at = from; at < to; at++) {
    const kind = <u32>load<u8>(kindOf + <usize>load<u8>(at));
    if (kind != 0) {
      if (mask == 0) start = base + <u32>(at - from);
      mask |= kind;
    } else {
      if (mask != 0 && (mask & wanted) == wanted && base + <u32>(at - from) - start >= least) {
        store<u32>(out, start);
        out += 4;
      }
      mask = 0;
    }
  }
  if (from == to && mask != 0 && (mask & wanted) == wanted && base - start >= least) {
    store<u32>(out, start);
    out += 4;
    mask = 0;
  }
  runMask = mask;
  runStart = start;
  return out;
}
