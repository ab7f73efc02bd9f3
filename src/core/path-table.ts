import { Column } from './column.ts';
import { release } from './free-memory.ts';
import { decodePath } from './path.ts';

const FIRST_SLOTS = 1024;
const FIRST_BYTES = 16_384;

/**
 * Paths as git gives them, each once, by the order in which they came: an open-addressing hash table over bytes, as
 * strings take four times the memory.
 */
export class PathTable {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  /** Where each path starts in these, and where the next will. */
  readonly #starts = new Column();
  /** Index of a path plus 1; 0 where there is none. */
  #slots = new Uint32Array(FIRST_SLOTS);
  /** Paths can be made to collide; not with a number that nobody knows. */
  readonly #seed = process.getBuiltinModule('node:crypto').randomInt(2 ** 32);

  constructor() {
    this.#starts.push(0);
  }

  get size(): number {
    return this.#starts.size - 1;
  }

  /** Index of the path at `[start, end)` of `bytes`; it is added if it is not there. */
  add(bytes: Uint8Array, start: number, end: number): number {
    const slot = this.#slotOf(bytes, start, end);
    const held = this.#slots[slot] ?? 0;
    if (held !== 0) return held - 1;
    const index = this.size;
    const at = this.#starts.at(index);
    const next = at + end - start;
    if (next > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(next, this.#bytes.length * 2));
      larger.set(this.#bytes);
      release(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes.subarray(start, end), at);
    this.#starts.push(next);
    this.#slots[slot] = index + 1;
    if (this.size * 2 > this.#slots.length) this.#grow();
    return index;
  }

  /** A path as text; see `decodePath`. */
  at(index: number): string {
    return decodePath(this.#bytes.subarray(this.#starts.at(index), this.#starts.at(index + 1)));
  }

  /** All paths one behind the other, and where each starts, and the last ends; views that hold until the next `add`. */
  all(): { readonly bytes: Uint8Array; readonly starts: Uint32Array } {
    return { bytes: this.#bytes.subarray(0, this.#starts.at(this.size)), starts: this.#starts.all() };
  }

  #slotOf(bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(bytes, start, end) & mask;
    for (;;) {
      const held = this.#slots[slot] ?? 0;
      if (held === 0 || this.#equals(held - 1, bytes, start, end)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
  #hash(bytes: Uint8Array, start: number, end: number): number {
    let hash = this.#seed;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01_00_01_93);
    return (hash ^ (hash >>> 15)) >>> 0;
  }

  #equals(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts.at(index);
    if (this.#starts.at(index + 1) - from !== end - start) return false;
    for (let at = start; at < end; at++) if (this.#bytes[from + at - start] !== bytes[at]) return false;
    return true;
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let index = 0; index < this.size; index++) {
      let slot = this.#hash(this.#bytes, this.#starts.at(index), this.#starts.at(index + 1)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    }
    this.#slots = slots;
  }
}
