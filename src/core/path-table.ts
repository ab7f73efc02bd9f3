import { ByteTable } from './byte-table.ts';
import { Column } from './column.ts';
import { decodePath } from './path.ts';

/** The bytes of all paths: path `p` is `names[nameStarts[p]]` to `names[nameStarts[p + 1]]`, half-open. */
export interface PackedPaths {
  readonly names: Uint8Array;
  readonly nameStarts: Uint32Array;
}

/** One of them as text; see `decodePath`. */
export function pathIn({ names, nameStarts }: PackedPaths, index: number): string {
  return decodePath(names.subarray(nameStarts[index], nameStarts[index + 1]));
}

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

  /** All paths one behind the other, and where each starts, and the last ends; views that hold until the next `add`. */
  all(): PackedPaths {
    return { names: this.allBytes(), nameStarts: this.#starts.all() };
  }

  protected startOf(index: number): number {
    return this.#starts.at(index);
  }

  protected endsAt(end: number): void {
    this.#starts.push(end);
  }
}
