import { wasm } from '#byte-loops';
import type { RunOf } from '../detectors/detector.ts';
import type { Automaton } from './prefilter.ts';

/** The two loops over every byte of a text; all else looks at few places. */
export interface ByteLoops {
  /**
   * Follows the automaton. `each` is given, piece by piece, pairs of an offset and the accepting state
   * that the automaton is in before the byte there; the offset counts from `base`. The array is reused.
   */
  find(bytes: Uint8Array, each: (pairs: Uint32Array, base: number) => void): void;
  /** Offsets, rising, at which such runs start. */
  runs(bytes: Uint8Array, run: RunOf): Uint32Array;
}

/** In WebAssembly where there is such a thing: Node can be started without. */
export function byteLoops(automaton: Automaton): ByteLoops {
  return typeof WebAssembly === 'undefined' ? new ScriptLoops(automaton) : new WasmLoops(automaton);
}

/** What `src/wasm/byte-loops.ts` exports. */
interface WasmExports {
  readonly memory: WebAssembly.Memory;
  begin(): void;
  find(
    from: number,
    to: number,
    classOf: number,
    next: number,
    classes: number,
    firstAccepting: number,
    out: number,
  ): number;
  runs(from: number, to: number, base: number, kindOf: number, least: number, wanted: number, out: number): number;
}

const WASM_PAGE = 65_536;
/** Bytes of a text that are handed over at once. */
const PIECE = 65_536;
// Places in the memory of the module: two tables of a number for each byte value, a piece, what is
// found (two numbers for each of its bytes at most), the automaton.
const CLASS_OF = 1024;
const KIND_OF = CLASS_OF + 256;
const TEXT = KIND_OF + 256;
const OUT = TEXT + PIECE;
const NEXT = OUT + PIECE * 8;

let compiled: WebAssembly.Module | undefined;

/** @see byteLoops */
export class WasmLoops implements ByteLoops {
  readonly #exports: WasmExports;
  readonly #automaton: Automaton;
  readonly #memory: Uint8Array;
  readonly #out: Uint32Array;

  constructor(automaton: Automaton) {
    compiled ??= new WebAssembly.Module(wasm);
    // The shape of what the module exports is known here alone.
    this.#exports = new WebAssembly.Instance(compiled).exports as unknown as WasmExports;
    this.#automaton = automaton;
    const { memory } = this.#exports;
    const { classOf, next } = automaton;
    const size = NEXT + next.byteLength;
    memory.grow(Math.max(0, Math.ceil(size / WASM_PAGE) - memory.buffer.byteLength / WASM_PAGE));
    this.#memory = new Uint8Array(memory.buffer);
    this.#memory.set(classOf, CLASS_OF);
    this.#memory.set(new Uint8Array(next.buffer, next.byteOffset, next.byteLength), NEXT);
    this.#out = new Uint32Array(memory.buffer, OUT, PIECE * 2);
  }

  find(bytes: Uint8Array, each: (pairs: Uint32Array, base: number) => void): void {
    const { classes, firstAccepting } = this.#automaton;
    this.#exports.begin();
    for (let base = 0; base < bytes.length; base += PIECE) {
      const to = this.#load(bytes, base);
      const end = this.#exports.find(TEXT, to, CLASS_OF, NEXT, classes, firstAccepting, OUT);
      if (end > OUT) each(this.#out.subarray(0, (end - OUT) / 4), base);
    }
  }

  runs(bytes: Uint8Array, { kinds, wanted, least }: RunOf): Uint32Array {
    this.#exports.begin();
    this.#memory.set(kinds, KIND_OF);
    const found: number[] = [];
    // Once more after the last piece: what reaches the end is told then.
    for (let base = 0; ; base += PIECE) {
      const from = Math.min(base, bytes.length);
      const to = this.#load(bytes, from);
      const end = this.#exports.runs(TEXT, to, from, KIND_OF, least, wanted, OUT);
      for (let i = 0; i < (end - OUT) / 4; i++) found.push(this.#out[i] ?? 0);
      if (to === TEXT) return Uint32Array.from(found);
    }
  }

  /** Copies the piece that starts at `base` into the module's memory, and gives its end there. */
  #load(bytes: Uint8Array, base: number): number {
    const piece = base === 0 && bytes.length <= PIECE ? bytes : bytes.subarray(base, base + PIECE);
    this.#memory.set(piece, TEXT);
    return TEXT + piece.length;
  }
}

/** The same in JavaScript. */
export class ScriptLoops implements ByteLoops {
  readonly #automaton: Automaton;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
  }

  find(bytes: Uint8Array, each: (pairs: Uint32Array, base: number) => void): void {
    const { classOf, classes, next, firstAccepting } = this.#automaton;
    let pairs: number[] = [];
    let state = 0;
    for (let i = 0; i < bytes.length; i++) {
      // In bounds by construction: the compiler cannot see it, and a check here would be paid per byte.
      state = next[state * classes + classOf[bytes[i] as number]!]!;
      if (state < firstAccepting) continue;
      pairs.push(i + 1, state);
      if (pairs.length < PIECE) continue;
      each(Uint32Array.from(pairs), 0);
      pairs = [];
    }
    if (pairs.length > 0) each(Uint32Array.from(pairs), 0);
  }

  runs(bytes: Uint8Array, { kinds, wanted, least }: RunOf): Uint32Array {
    const found: number[] = [];
    let start = 0;
    let mask = 0;
    for (let i = 0; i <= bytes.length; i++) {
      const kind = i < bytes.length ? (kinds[bytes[i] as number] ?? 0) : 0;
      if (kind !== 0) {
        if (mask === 0) start = i;
        mask |= kind;
      } else {
        if (mask !== 0 && (mask & wanted) === wanted && i - start >= least) found.push(start);
        mask = 0;
      }
    }
    return Uint32Array.from(found);
  }
}
