import { release } from './free-memory.ts';

const FIRST_SLOTS = 1024;

/**
 * Object ids, each once, by the order in which they came: an open-addressing hash table over bytes, as
 * millions of strings would not fit into memory.
 */
export class IdTable {
  /** Bytes of one id. */
  readonly width: number;
  #ids: Buffer;
  #size = 0;
  /** Index of an id plus 1; 0 where there is none. */
  #slots = new Uint32Array(FIRST_SLOTS);
  /** Ids can be made to collide; not with a number that nobody knows. */
  readonly #seed = process.getBuiltinModule('node:crypto').randomInt(2 ** 32);

  /** @param width 20 for SHA-1, 32 for SHA-256 */
  constructor(width: number) {
    this.width = width;
    this.#ids = Buffer.alloc((FIRST_SLOTS >> 1) * width);
  }

  get size(): number {
    return this.#size;
  }

  /** Index of the id whose bytes start at `at`; it is added if it is not there. */
  add(bytes: Uint8Array, at = 0): number {
    const slot = this.#slotOf(bytes, at);
    const held = this.#slots[slot] ?? 0;
    if (held !== 0) return held - 1;
    const index = this.#size++;
    if ((index + 1) * this.width > this.#ids.length) {
      const larger = Buffer.allocUnsafeSlow(this.#ids.length * 2);
      larger.set(this.#ids);
      release(this.#ids);
      this.#ids = larger;
    }
    this.#ids.set(bytes.subarray(at, at + this.width), index * this.width);
    this.#slots[slot] = index + 1;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    return index;
  }

  /** Index of the id whose bytes start at `at`, or -1. */
  find(bytes: Uint8Array, at = 0): number {
    return (this.#slots[this.#slotOf(bytes, at)] ?? 0) - 1;
  }

  /** Bytes of an id; a view that holds until the next `add`. */
  bytesOf(index: number): Buffer {
    return this.#ids.subarray(index * this.width, (index + 1) * this.width);
  }

  /** An id in hexadecimal digits. */
  hexOf(index: number): string {
    return this.#ids.toString('hex', index * this.width, (index + 1) * this.width);
  }

  #slotOf(bytes: Uint8Array, at: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(bytes, at) & mask;
    for (;;) {
      const held = this.#slots[slot] ?? 0;
      if (held === 0 || this.#equals(held - 1, bytes, at)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #hash(bytes: Uint8Array, at: number): number {
    let hash = this.#seed;
    for (let i = 0; i < 8; i++) hash = Math.imul(hash ^ (bytes[at + i] ?? 0), 0x01_00_01_93);
    return (hash ^ (hash >>> 15)) >>> 0;
  }

  #equals(index: number, bytes: Uint8Array, at: number): boolean {
    const start = index * this.width;
    for (let i = 0; i < this.width; i++) if (this.#ids[start + i] !== bytes[at + i]) return false;
    return true;
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let index = 0; index < this.#size; index++) {
      let slot = this.#hash(this.#ids, index * this.width) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    }
    this.#slots = slots;
  }
}
