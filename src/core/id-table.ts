import { ByteTable } from './byte-table.ts';

/** Object ids, each once. */
export class IdTable extends ByteTable {
  /** Bytes of one id. */
  readonly width: number;

  /** @param width 20 for SHA-1, 32 for SHA-256 */
  constructor(width: number) {
    super();
    this.width = width;
  }

  /** Index of the id whose bytes start at `at`; it is added if it is not there. */
  add(bytes: Uint8Array, at = 0): number {
    return this.put(bytes, at, at + this.width);
  }

  /** Index of the id whose bytes start at `at`, or -1. */
  find(bytes: Uint8Array, at = 0): number {
    return this.indexOf(bytes, at, at + this.width);
  }

  /** An id in hexadecimal digits. */
  hexOf(index: number): string {
    return this.bytesOf(index).toString('hex');
  }

  protected startOf(index: number): number {
    return index * this.width;
  }

  protected endsAt(): void {
    // All are as long.
  }
}
