import { freeMemory } from './free-memory.ts';

/** Numbers whose memory is worth to be given back at once. */
const LARGE = 16_384;

/** Whole numbers from 0 to 2³²-1 that become more and more: a list takes twice the memory, and more while it grows. */
export class Column {
  #values: Uint32Array;
  #size = 0;

  /** @param first how many there is room for at first, at least one */
  constructor(first = 1024) {
    this.#values = new Uint32Array(first);
  }

  get size(): number {
    return this.#size;
  }

  push(value: number): void {
    if (this.#size === this.#values.length) {
      const larger = new Uint32Array(this.#values.length * 2);
      larger.set(this.#values);
      if (this.#size >= LARGE) freeMemory(this.#values.buffer);
      this.#values = larger;
    }
    this.#values[this.#size++] = value;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  /** All of them; a view that holds until the next `push`. */
  all(): Uint32Array {
    return this.#values.subarray(0, this.#size);
  }
}
