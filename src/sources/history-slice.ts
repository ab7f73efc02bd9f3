import type { Chunk, DeltaOf, HistorySlice, Origin, PlaceTable, Skipped, Version } from '../core/chunk.ts';
import { pathIn } from '../core/path-table.ts';
import { readSlice } from '../git/packs.ts';
import { skipped } from './diff-source.ts';
import { archiveFormat, isLfsPointer, toReadable } from './text.ts';

/** Larger texts are told and not examined; bytes. */
export const MOST_BYTES: number = 32 << 20;

const EMPTY = Buffer.alloc(0);
const NONE = new Uint32Array(0);

/** Makes versions of blobs and messages; what is true for all versions of a path is told once. */
export class VersionMaker {
  readonly #table: PlaceTable;
  /** The last path that was asked for, and its index: most versions come behind others of the same file. */
  #path = '';
  #pathIndex = -1;
  readonly #told = new Set<string>();

  constructor(table: PlaceTable) {
    this.#table = table;
  }

  pathOf(place: number): string {
    const { firstMessage, paths } = this.#table;
    if (place >= firstMessage) return MESSAGE_PATH;
    const index = paths[place] ?? 0;
    if (index !== this.#pathIndex) {
      this.#path = pathIn(this.#table, index);
      this.#pathIndex = index;
    }
    return this.#path;
  }

  /** All of a slice, in its order. What cannot be read is left out, and told to `unread`. */
  *slice({ kind, pack }: HistorySlice, unread: (index: number) => void): Generator<Version | Skipped, void> {
    const missing = new Set(pack.targets);
    missing.delete(-1);
    for (const { target, bytes, delta, children } of readSlice(pack, MOST_BYTES)) {
      if (target < 0 || bytes === undefined) {
        // What was made of the base has one version less to come.
        yield { ...NOTHING, children, ...(delta && { delta }) };
        continue;
      }
      missing.delete(target);
      if (kind === 'messages') yield this.message(this.#table.firstMessage + target, bytes);
      else yield* this.version(target, bytes, children, delta);
    }
    for (const index of missing) unread(index);
  }

  message(place: number, object: Buffer): Version {
    return { ...NOTHING, places: Uint32Array.of(place), bytes: messageOf(object), isMessage: true };
  }

  *version(blob: number, raw: Buffer, children: number, delta?: DeltaOf): Generator<Version | Skipped, void> {
    const { starts, symlinks } = this.#table;
    const places = this.#table.places.subarray(starts[blob], starts[blob + 1]);
    for (const place of places) if (symlinks[place] === 1) yield* this.#once('symlink', place);
    if (isLfsPointer(raw)) {
      for (const place of places) yield* this.#once('lfs-pointer', place);
      yield { ...NOTHING, children, ...(delta && { delta }) };
      return;
    }
    if (archiveFormat(raw) !== undefined) {
      const none = delta && { delta: { base: delta.base, copies: undefined } };
      yield { ...NOTHING, places, bytes: raw, children, isArchive: true, ...none };
      return;
    }
    const { bytes, binary } = toReadable(raw);
    if (binary) for (const place of places) yield* this.#once('binary', place);
    const isPlain = bytes === raw;
    yield {
      ...NOTHING,
      blob: isPlain ? blob : -1,
      places,
      bytes,
      children,
      ...(delta && { delta: isPlain ? delta : { base: delta.base, copies: undefined } }),
    };
  }

  *#once(reason: Skipped['reason'], place: number): Generator<Skipped, void> {
    const path = this.pathOf(place);
    const key = `${reason}\0${path}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    yield skipped({ source: 'history', path }, reason);
  }
}

/** What is in an archive; the archive as it is where it is none. */
export async function* archiveEntries(bytes: Buffer, origin: Origin): AsyncGenerator<Chunk | Skipped> {
  const format = archiveFormat(bytes);
  if (format !== undefined) {
    const { archiveItems } = await import('./archive.ts');
    if (yield* archiveItems(bytes, format, origin)) return;
  }
  const text = toReadable(bytes);
  if (text.binary) yield skipped(origin, 'binary');
  yield wholeText(text.bytes, origin);
}

export function wholeText(bytes: Buffer, origin: Origin): Chunk {
  return { kind: 'chunk', origin, bytes, firstLine: 1, whole: true, newFile: true };
}

const NOTHING: Version = {
  kind: 'version',
  blob: -1,
  places: NONE,
  bytes: EMPTY,
  children: 0,
  isMessage: false,
  isArchive: false,
};

/** What git's own hook calls the file with a message. */
export const MESSAGE_PATH = 'COMMIT_EDITMSG';

/** What stands behind the headers of a commit or a tag. */
export function messageOf(object: Buffer): Buffer {
  const end = object.indexOf('\n\n');
  return end < 0 ? EMPTY : object.subarray(end + 2);
}
