import { release } from './free-memory.ts';

const FIRST_SLOTS = 1024;
const FIRST_BYTES = 16_384;

/**
 * Runs of bytes, each once, by the order in which they came: an open-addressing hash table, as millions of strings would
 * not fit into memory.
 */
export abstract class ByteTable {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #size = 0;
  /** Index of a run plus 1; 0 where there is none. */
  #slots = new Uint32Array(FIRST_SLOTS);
  /** Runs can be made to collide; not with a number that nobody knows. */
  readonly #seed = process.getBuiltinModule('node:crypto').randomInt(2 ** 32);

  get size(): number {
    return this.#size;
  }

  /** Where a run starts; the one that comes next starts where the last ends. */
  protected abstract startOf(index: number): number;

  /** Told where a run ends that is added. */
  protected abstract endsAt(end: number): void;

  /** The bytes of a run; a view that holds until the next is added. */
  bytesOf(index: number): Buffer {
    return this.#bytes.subarray(this.startOf(index), this.startOf(index + 1));
  }

  /** Index of the run at `[start, end)` of `bytes`; it is added if it is not there. */
  protected put(bytes: Uint8Array, start: number, end: number): number {
    const slot = this.#slotOf(bytes, start, end);
    const held = this.#slots[slot] ?? 0;
    if (held !== 0) return held - 1;
    const index = this.#size++;
    const at = this.startOf(index);
    const next = at + end - start;
    if (next > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(next, this.#bytes.length * 2));
      larger.set(this.#bytes);
      release(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes.subarray(start, end), at);
    this.endsAt(next);
    this.#slots[slot] = index + 1;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    return index;
  }

  /** Index of the run at `[start, end)` of `bytes`, or -1. */
  protected indexOf(bytes: Uint8Array, start: number, end: number): number {
    return (this.#slots[this.#slotOf(bytes, start, end)] ?? 0) - 1;
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
    const from = this.startOf(index);
    if (this.startOf(index + 1) - from !== end - start) return false;
    for (let at = start; at < end; at++) if (this.#bytes[from + at - start] !== bytes[at]) return false;
    return true;
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let index = 0; index < this.#size; index++) {
      let slot = this.#hash(this.#bytes, this.startOf(index), this.startOf(index + 1)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    }
    this.#slots = slots;
  }

  /** All runs, one behind the other; a view that holds until the next is added. */
  protected allBytes(): Buffer {
    return this.#bytes.subarray(0, this.startOf(this.#size));
  }
}
