import { ByteTable } from './byte-table.ts';
import { Column } from './column.ts';
import { decodePath } from './path.ts';

/** Paths as git gives them, each once. */
export class PathTable extends ByteTable {
  /** Where each path starts, and where the next will. */
  readonly #starts = new Column();

  constructor() {
    super();
    this.#starts.push(0);
  }

  /** Index of the path at `[start, end)` of `bytes`; it is added if it is not there. */
  add(bytes: Uint8Array, start: number, end: number): number {
    return this.put(bytes, start, end);
  }

  /** A path as text; see `decodePath`. */
  at(index: number): string {
    return decodePath(this.bytesOf(index));
  }

  /** All paths one behind the other, and where each starts, and the last ends; views that hold until the next `add`. */
  all(): { readonly bytes: Uint8Array; readonly starts: Uint32Array } {
    return { bytes: this.allBytes(), starts: this.#starts.all() };
  }

  protected startOf(index: number): number {
    return this.#starts.at(index);
  }

  protected endsAt(end: number): void {
    this.#starts.push(end);
  }
}
