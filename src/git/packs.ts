import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DeltaOf, PackSlice } from '../core/chunk.ts';
import { countUp } from '../core/count-up.ts';
import { firstAt } from '../core/first-at.ts';
import { freeMemory, release } from '../core/free-memory.ts';
import type { IdTable } from '../core/id-table.ts';
import { below } from '../core/path.ts';
import { Arena } from './arena.ts';
import { inflate, likelyLength } from './inflate.ts';
import { collectGit } from './run.ts';

/** Bytes of a pack that are read at once, and how many such are kept. */
const PAGE = 64 << 10;
const MOST_PAGES = 32;
/** Bytes of several pages for which memory is kept. */
const MOST_JOINED = 1 << 20;
/** Of an index, entries that are looked at at once. */
const INDEX_ENTRIES = 32_768;
/** `\377tOc` and version 2: https://git-scm.com/docs/gitformat-pack */
const INDEX_MAGIC = Buffer.from([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]);
const FANOUT_BYTES = 1024;

const OFS_DELTA = 6;
const REF_DELTA = 7;

/** A pack or its index is not what its format says, or cannot be read. */
class BadPack extends Error {}

/** Memory of pages that are no longer kept: one file is opened after the other, and what waits to be collected adds up. */
const FREE_PAGES: Buffer[] = [];

/** Where bytes of several pages are put together; more than are kept memory for, and those that are not kept. */
let joined: Buffer = Buffer.alloc(0);
let joinedOnce: Buffer | undefined;

/** Memory that is in use until the next call. */
function joinedOf(size: number): Buffer {
  if (joinedOnce !== undefined) freeMemory(joinedOnce.buffer);
  joinedOnce = size > MOST_JOINED ? Buffer.allocUnsafeSlow(size) : undefined;
  if (joinedOnce !== undefined) return joinedOnce;
  if (joined.length < size) joined = Buffer.allocUnsafeSlow(Math.min(MOST_JOINED, size * 2));
  return joined.subarray(0, size);
}

function giveBack(page: Buffer): void {
  if (page.length === PAGE && FREE_PAGES.length < MOST_PAGES) FREE_PAGES.push(page);
}

/** A file of which the pages that were read last are kept: the members of a family may stand far apart. */
class PagedFile {
  readonly size: number;
  readonly #fd: number;
  /** Oldest first. */
  readonly #pages = new Map<number, Buffer>();
  #last = -1;
  #lastPage: Buffer = Buffer.alloc(0);

  /** @throws {BadPack} where there is no such plain file */
  constructor(path: string) {
    try {
      // A pipe in its place would be waited for.
      this.#fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    } catch (cause) {
      throw new BadPack('cannot be opened', { cause });
    }
    const stat = fstatSync(this.#fd);
    this.size = stat.size;
    if (stat.isFile()) return;
    this.close();
    throw new BadPack('is no file');
  }

  /** What it gave is no longer valid. */
  close(): void {
    closeSync(this.#fd);
    for (const page of this.#pages.values()) giveBack(page);
    this.#pages.clear();
  }

  /** Bytes from `at`, as many as are asked for or as there are. Not to be changed, and valid until the next call, of whatever file. */
  bytes(at: number, wanted: number): Buffer {
    const end = Math.min(at + wanted, this.size);
    if (at < 0 || end <= at) return this.#lastPage.subarray(0, 0);
    const first = Math.floor(at / PAGE);
    const start = first * PAGE;
    if (end <= start + PAGE) return this.#page(first).subarray(at - start, end - start);
    const all = joinedOf(end - at);
    for (let page = first; page * PAGE < end; page++) {
      const from = page * PAGE;
      this.#page(page).copy(all, Math.max(0, from - at), Math.max(0, at - from), end - from);
    }
    return all;
  }

  #page(index: number): Buffer {
    if (index === this.#last) return this.#lastPage;
    let page = this.#pages.get(index);
    if (page === undefined) {
      if (this.#pages.size >= MOST_PAGES) this.#dropOldest();
      page = this.#load(index * PAGE);
    } else {
      this.#pages.delete(index);
    }
    this.#pages.set(index, page);
    this.#last = index;
    this.#lastPage = page;
    return page;
  }

  #dropOldest(): void {
    for (const [index, page] of this.#pages) {
      this.#pages.delete(index);
      giveBack(page);
      return;
    }
  }

  #load(at: number): Buffer {
    const size = Math.min(PAGE, this.size - at);
    const page = (size === PAGE ? FREE_PAGES.pop() : undefined) ?? Buffer.allocUnsafeSlow(size);
    let length = 0;
    while (length < page.length) {
      const got = readSync(this.#fd, page, length, page.length - length, at + length);
      if (got === 0) throw new BadPack('is shorter than it was');
      length += got;
    }
    return page;
  }
}

export interface PackedObject {
  /** Index of the wanted id; -1 for one that was only needed as a base. */
  readonly target: number;
  /** `undefined`: larger than the limit, or damaged. A view that holds until the next object. */
  readonly bytes: Buffer | undefined;
  readonly delta: DeltaOf | undefined;
  /** Deltas to it that follow. */
  readonly children: number;
}

/** What a slice unpacks to without its copies, at most, but for a large family; bytes, and objects. */
const SLICE_BYTES = 6 << 20;
const SLICE_OBJECTS = 1024;

/**
 * Where wanted objects are in the packs of a repository, by the published format
 * (https://git-scm.com/docs/gitformat-pack). Each is unpacked once, right behind what it is a delta to, and
 * comes with what it shares with that: so the versions of a file cost little more than their changes, where
 * `git cat-file` would write each out in full. What is not found in a pack, or is damaged there, is left
 * to the caller, who asks git.
 */
export function* packSlices(
  wanted: IdTable,
  folders: readonly string[],
  isWanted: (index: number) => boolean = () => true,
): Generator<PackSlice, void> {
  const taken = Uint8Array.from({ length: wanted.size }, (_, index) => (isWanted(index) ? 0 : 1));
  for (const { pack, index } of packFiles(folders)) {
    let file: PagedFile | undefined;
    try {
      file = new PagedFile(pack);
      yield* slicesOf(pack, planOf(file, index, wanted, taken), wanted.width);
    } catch (error) {
      if (!(error instanceof BadPack)) throw error;
    } finally {
      file?.close();
    }
  }
}

/**
 * Unpacks the objects of a slice.
 * @param maxBytes larger ones are not unpacked, nor what is made of them
 * @param keptBytes of texts that are kept because deltas to them follow; others are made again
 */
export function* readSlice(
  slice: PackSlice,
  maxBytes: number,
  keptBytes: number = KEPT_BYTES,
): Generator<PackedObject, void> {
  let file: PagedFile;
  try {
    file = new PagedFile(slice.pack);
  } catch (error) {
    if (error instanceof BadPack) return;
    throw error;
  }
  try {
    yield* new PackReader(file, slice, maxBytes, keptBytes).read();
  } finally {
    file.close();
  }
}

/** Folders with objects: the repository's own, and those that it borrows from. */
export async function objectFolders(cwd: string): Promise<readonly string[]> {
  const own = (await collectGit(['rev-parse', '--git-path', 'objects'], { cwd })).toString().replace(/\n$/, '');
  const counts = (await collectGit(['count-objects', '-v'], { cwd })).toString();
  return [resolve(cwd, own), ...[...counts.matchAll(/^alternate: ([^"].*)$/gm)].map(([, folder = '']) => folder)];
}

/** Larger packs first: what is in several is then read beside its relatives. */
function packFiles(folders: readonly string[]): { readonly pack: string; readonly index: string }[] {
  return folders.flatMap((folder) => {
    const packs = below(folder, 'pack');
    let names: string[];
    try {
      names = readdirSync(packs);
    } catch {
      return [];
    }
    return names
      .filter((name) => /^pack-[0-9a-f]+\.idx$/.test(name))
      .toSorted()
      .map((name) => ({ index: below(packs, name), pack: below(packs, name.replace(/idx$/, 'pack')) }));
  });
}

/** All that is wanted of a pack, by family. */
interface Plan extends Omit<PackSlice, 'pack' | 'width'> {
  /** Place of the object that a family begins with. */
  readonly roots: Int32Array;
  /** Bytes of each as it is packed: a whole text or a delta. */
  readonly sizes: Float64Array;
}

function* slicesOf(pack: string, plan: Plan, width: number): Generator<PackSlice, void> {
  const { offsets, targets, bases, children, roots, sizes } = plan;
  let start = 0;
  let bytes = 0;
  for (let place = 0; place < offsets.length; place++) {
    bytes += sizes[place] ?? 0;
    const end = place + 1;
    const isFull = bytes >= SLICE_BYTES || end - start >= SLICE_OBJECTS;
    if (end < offsets.length && (!isFull || roots[end] === roots[place])) continue;
    yield {
      pack,
      width,
      offsets: offsets.slice(start, end),
      targets: targets.slice(start, end),
      bases: bases.slice(start, end).map((base) => (base < 0 ? -1 : base - start)),
      children: children.slice(start, end),
    };
    start = end;
    bytes = 0;
  }
}

/** Looks up all wanted ids in one pass over an index, however many there are of either. */
function planOf(pack: PagedFile, indexPath: string, wanted: IdTable, taken: Uint8Array): Plan {
  const index = new PackIndex(indexPath, wanted.width);
  try {
    const offsets: number[] = [];
    const targets: number[] = [];
    index.each((ids, at, offset) => {
      const target = wanted.find(ids, at);
      if (target < 0 || taken[target] === 1) return;
      taken[target] = 1;
      offsets.push(offset);
      targets.push(target);
    });
    return familiesOf(pack, index, offsets, targets);
  } finally {
    index.close();
  }
}

/** Adds the bases, and puts each family together. */
function familiesOf(pack: PagedFile, index: PackIndex, found: readonly number[], wanted: readonly number[]): Plan {
  let entries = entriesAt(pack, index, Float64Array.from(found).sort());
  for (let fresh = entries; fresh.offsets.length > 0;) {
    const more = new Set<number>();
    for (const base of fresh.bases) if (base >= 0 && placeIn(entries.offsets, base) < 0) more.add(base);
    fresh = entriesAt(pack, index, Float64Array.from(more).sort());
    if (fresh.offsets.length > 0) entries = merged(entries, fresh);
  }
  const { offsets, sizes } = entries;
  const bases = Int32Array.from(entries.bases, (base) => (base < 0 ? -1 : placeIn(offsets, base)));
  const children = new Uint32Array(offsets.length);
  for (const base of bases) if (base >= 0) countUp(children, base);
  const targets = new Int32Array(offsets.length).fill(-1);
  found.forEach((offset, at) => (targets[placeIn(offsets, offset)] = wanted[at] ?? -1));
  return byFamily({ offsets, targets, bases, children, sizes });
}

/** What the headers of objects say, by their offset. */
interface Entries {
  /** Rising. */
  readonly offsets: Float64Array;
  /** Offset of what each is a delta to; -1 where it is none. */
  readonly bases: Float64Array;
  readonly sizes: Float64Array;
}

function entriesAt(pack: PagedFile, index: PackIndex, offsets: Float64Array): Entries {
  const bases = new Float64Array(offsets.length);
  const sizes = new Float64Array(offsets.length);
  for (let at = 0; at < offsets.length; at++) {
    const offset = offsets[at] ?? 0;
    const header = headerAt(pack, offset, index.width);
    bases[at] = baseOffset(header, offset, index);
    sizes[at] = header.size;
  }
  return { offsets, bases, sizes };
}

/** Both, in order; they have no offset in common. */
function merged(a: Entries, b: Entries): Entries {
  const count = a.offsets.length + b.offsets.length;
  const all = { offsets: new Float64Array(count), bases: new Float64Array(count), sizes: new Float64Array(count) };
  for (let to = 0, i = 0, j = 0; to < count; to++) {
    const isFirst = (a.offsets[i] ?? Infinity) < (b.offsets[j] ?? Infinity);
    const [from, at] = isFirst ? [a, i++] : [b, j++];
    all.offsets[to] = from.offsets[at] ?? 0;
    all.bases[to] = from.bases[at] ?? 0;
    all.sizes[to] = from.sizes[at] ?? 0;
  }
  return all;
}

/** Index of a number in an array that rises, or -1. */
function placeIn(sorted: Float64Array, wanted: number): number {
  const place = firstAt(sorted, (number) => number >= wanted);
  return sorted[place] === wanted ? place : -1;
}

/** Puts objects that are deltas to each other together; else the order stays. */
function byFamily(plan: Omit<Plan, 'roots'>): Plan {
  const { bases } = plan;
  const count = bases.length;
  const roots = new Int32Array(count).fill(-1);
  for (let place = 0; place < count; place++) {
    let root = place;
    let steps = 0;
    while ((roots[root] ?? -1) < 0 && (bases[root] ?? -1) >= 0) {
      root = bases[root] ?? -1;
      if (++steps > count) throw new BadPack('has deltas in a circle');
    }
    root = (roots[root] ?? -1) < 0 ? root : (roots[root] ?? 0);
    for (let at = place; at >= 0 && (roots[at] ?? -1) < 0; at = bases[at] ?? -1) roots[at] = root;
  }
  const starts = new Uint32Array(count + 1);
  for (let place = 0; place < count; place++) countUp(starts, (roots[place] ?? 0) + 1);
  for (let root = 1; root <= count; root++) starts[root] = (starts[root] ?? 0) + (starts[root - 1] ?? 0);
  const newPlace = new Uint32Array(count);
  for (let place = 0; place < count; place++) newPlace[place] = countUp(starts, roots[place] ?? 0) - 1;
  const moved: Plan = {
    offsets: new Float64Array(count),
    targets: new Int32Array(count),
    bases: new Int32Array(count),
    children: new Uint32Array(count),
    roots: new Int32Array(count),
    sizes: new Float64Array(count),
  };
  for (let place = 0; place < count; place++) {
    const to = newPlace[place] ?? 0;
    const base = bases[place] ?? -1;
    moved.offsets[to] = plan.offsets[place] ?? 0;
    moved.targets[to] = plan.targets[place] ?? -1;
    moved.bases[to] = base < 0 ? -1 : (newPlace[base] ?? 0);
    moved.children[to] = plan.children[place] ?? 0;
    moved.roots[to] = roots[place] ?? 0;
    moved.sizes[to] = plan.sizes[place] ?? 0;
  }
  return moved;
}

/** Names and offsets of a pack's objects, version 2 of the format; version 1 is from before 2008. */
class PackIndex {
  readonly #file: PagedFile;
  /** Bytes of an id. */
  readonly width: number;
  readonly #count: number;

  /** @throws {BadPack} */
  constructor(path: string, width: number) {
    this.#file = new PagedFile(path);
    this.width = width;
    const head = this.#file.bytes(0, 8 + FANOUT_BYTES);
    if (head.length < 8 + FANOUT_BYTES || !head.subarray(0, 8).equals(INDEX_MAGIC)) {
      this.close();
      throw new BadPack('has an index of another version');
    }
    this.#count = head.readUInt32BE(8 + FANOUT_BYTES - 4);
    if (this.#offsetsAt + this.#count * 4 > this.#file.size) {
      this.close();
      throw new BadPack('has an index that is too short');
    }
  }

  get #idsAt(): number {
    return 8 + FANOUT_BYTES;
  }

  /** Behind the ids, a checksum of four bytes for each object. */
  get #offsetsAt(): number {
    return this.#idsAt + this.#count * (this.width + 4);
  }

  close(): void {
    this.#file.close();
  }

  /** All objects by id. `ids` is valid within the call only. */
  each(take: (ids: Buffer, at: number, offset: number) => void): void {
    for (let first = 0; first < this.#count; first += INDEX_ENTRIES) {
      const entries = Math.min(INDEX_ENTRIES, this.#count - first);
      const ids = Buffer.from(this.#file.bytes(this.#idsAt + first * this.width, entries * this.width));
      const offsets = Buffer.from(this.#file.bytes(this.#offsetsAt + first * 4, entries * 4));
      for (let entry = 0; entry < entries; entry++) {
        const offset = offsets.readUInt32BE(entry * 4);
        take(ids, entry * this.width, offset < 2 ** 31 ? offset : this.#largeOffset(offset - 2 ** 31));
      }
    }
  }

  /** Offset of an object, or -1. */
  find(id: Buffer): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = Buffer.compare(this.#file.bytes(this.#idsAt + middle * this.width, this.width), id);
      if (order === 0) {
        const offset = this.#file.bytes(this.#offsetsAt + middle * 4, 4).readUInt32BE();
        return offset < 2 ** 31 ? offset : this.#largeOffset(offset - 2 ** 31);
      }
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1;
  }

  #largeOffset(at: number): number {
    const bytes = this.#file.bytes(this.#offsetsAt + this.#count * 4 + at * 8, 8);
    if (bytes.length < 8) throw new BadPack('has an index that is too short');
    return bytes.readUInt32BE(0) * 2 ** 32 + bytes.readUInt32BE(4);
  }
}

/** What stands before the packed bytes of an object. */
interface Header {
  /** Bytes of the text, or of the delta. */
  readonly size: number;
  /** What it is a delta to: how far before it that starts, or its id. */
  readonly base: number | Buffer | undefined;
  /** Offset of the packed bytes. */
  readonly data: number;
}

function headerAt(pack: PagedFile, offset: number, width: number): Header {
  const bytes = pack.bytes(offset, 64);
  let at = 0;
  let byte = bytes[at++] ?? 0;
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  for (let factor = 16; byte & 128; factor *= 128) {
    byte = bytes[at++] ?? 0;
    size += (byte & 127) * factor;
  }
  let base: number | Buffer | undefined;
  if (type === OFS_DELTA) {
    byte = bytes[at++] ?? 0;
    base = byte & 127;
    while (byte & 128) {
      byte = bytes[at++] ?? 0;
      base = (base + 1) * 128 + (byte & 127);
    }
  } else if (type === REF_DELTA) {
    base = Buffer.from(bytes.subarray(at, at + width));
    at += width;
  }
  if (at > bytes.length || !Number.isSafeInteger(size)) throw new BadPack('has a broken object');
  return { size, base, data: offset + at };
}

/** Where what an object is a delta to starts; -1 where it is none. */
function baseOffset({ base }: Header, offset: number, index: PackIndex): number {
  if (base === undefined) return -1;
  const at = typeof base === 'number' ? offset - base : index.find(base);
  if (at < PACK_HEADER || at === offset) throw new BadPack('has a delta to nothing');
  return at;
}

/** Bytes before the first object. */
const PACK_HEADER = 12;
/** Bytes of texts that are kept because deltas to them follow. */
const KEPT_BYTES = 6 << 20;
/** A text that is larger stays where it was unpacked; bytes. */
const MOST_COPIED = 1 << 20;
/** Bytes for these, for what becomes of them, and for the gaps between them. */
const ARENA_BYTES = 24 << 20;

/** Unpacks the objects of a plan, one after the other. */
class PackReader {
  readonly #pack: PagedFile;
  readonly #slice: PackSlice;
  readonly #maxBytes: number;
  readonly #mostKept: number;
  /** Texts that deltas follow to, oldest first. */
  readonly #kept = new Map<number, Buffer>();
  #keptBytes = 0;
  /** Deltas that still follow to each. */
  readonly #left: Uint32Array;
  readonly #copies = new Copies();

  constructor(pack: PagedFile, slice: PackSlice, maxBytes: number, mostKept: number) {
    this.#pack = pack;
    this.#slice = slice;
    this.#maxBytes = maxBytes;
    this.#mostKept = mostKept;
    this.#left = slice.children.slice();
  }

  *read(): Generator<PackedObject, void> {
    const { targets, bases, children } = this.#slice;
    try {
      for (let place = 0; place < targets.length; place++) {
        const base = bases[place] ?? -1;
        const bytes = this.#tryUnpack(place);
        const isDelta = base >= 0 && bytes !== undefined;
        // Whoever reads may stop here.
        try {
          yield {
            target: targets[place] ?? -1,
            bytes,
            delta: isDelta ? { base: targets[base] ?? -1, copies: this.#copies.all() } : undefined,
            children: children[place] ?? 0,
          };
        } finally {
          if (bytes !== undefined && !this.#keep(place, bytes)) TEXTS.give(bytes);
        }
        if (base >= 0) this.#release(base);
      }
    } finally {
      for (const place of Array.from(this.#kept.keys())) this.#drop(place);
    }
  }

  #tryUnpack(place: number): Buffer | undefined {
    try {
      return this.#unpack(place);
    } catch (error) {
      if (error instanceof BadPack) return undefined;
      throw error;
    }
  }

  /** The text of an object. @throws {BadPack} where it is damaged, too large, or made of such a one */
  #unpack(place: number): Buffer {
    const { bases } = this.#slice;
    // From the nearest text that is there; mostly that is the one it is a delta to.
    const way: number[] = [];
    let at = place;
    let text: Buffer | undefined;
    while ((bases[at] ?? -1) >= 0) {
      way.push(at);
      at = bases[at] ?? -1;
      text = this.#kept.get(at);
      if (text !== undefined) break;
    }
    // What is not kept is given back once the next text has been made of it, not before.
    let isKept = text !== undefined;
    if (text === undefined) {
      const bytes = this.#inflate(at);
      if (bytes.length > MOST_COPIED) {
        text = bytes;
      } else {
        text = TEXTS.take(bytes.length);
        text.set(bytes);
        release(bytes);
      }
      if (at !== place) isKept = this.#keep(at, text);
    }
    for (const step of way.toReversed()) {
      const base = text;
      try {
        const delta = this.#inflate(step);
        text = applyDelta(base, delta, this.#copies, this.#maxBytes);
        release(delta);
      } finally {
        if (!isKept) TEXTS.give(base);
      }
      isKept = step !== place && this.#keep(step, text);
    }
    return text;
  }

  /** The packed bytes of an object, unpacked. */
  #inflate(place: number): Buffer {
    const { offsets, width } = this.#slice;
    const { size, data } = headerAt(this.#pack, offsets[place] ?? 0, width);
    if (size > this.#maxBytes) throw new BadPack('has an object that is too large');
    const rest = this.#pack.size - width - data;
    const likely = this.#pack.bytes(data, Math.min(rest, likelyLength(size)));
    return inflate(likely, size) ?? inflate(this.#pack.bytes(data, Math.min(rest, this.#maxBytes)), size) ?? broken();
  }

  /** Keeps a text as long as deltas to it follow, or until there are too many; gives whether it does. */
  #keep(place: number, text: Buffer): boolean {
    if (this.#kept.has(place) || (this.#left[place] ?? 0) === 0) return false;
    this.#kept.set(place, text);
    this.#keptBytes += text.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#keptBytes <= this.#mostKept || oldest === place) break;
      this.#drop(oldest);
    }
    return true;
  }

  #release(place: number): void {
    const left = (this.#left[place] ?? 0) - 1;
    this.#left[place] = left;
    if (left === 0) this.#drop(place);
  }

  #drop(place: number): void {
    const text = this.#kept.get(place);
    if (text === undefined) return;
    this.#kept.delete(place);
    this.#keptBytes -= text.length;
    TEXTS.give(text);
  }
}

function broken(): never {
  throw new BadPack('has a broken object');
}

/** Which parts of a text stood in another, joined where they follow each other in both. */
class Copies {
  #values = new Uint32Array(3 * 256);
  #length = 0;

  begin(): void {
    this.#length = 0;
  }

  add(from: number, to: number, length: number): void {
    const last = this.#length - 3;
    const held = this.#values[last + 2] ?? 0;
    if (last >= 0 && (this.#values[last] ?? 0) + held === from && (this.#values[last + 1] ?? 0) + held === to) {
      this.#values[last + 2] = held + length;
      return;
    }
    if (this.#length === this.#values.length) {
      const larger = new Uint32Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = from;
    this.#values[this.#length++] = to;
    this.#values[this.#length++] = length;
  }

  /** @see DeltaOf.copies */
  all(): Uint32Array {
    return this.#values.subarray(0, this.#length);
  }
}

/** Makes a text of another: https://git-scm.com/docs/gitformat-pack#_deltified_representation */
function applyDelta(base: Buffer, delta: Buffer, copies: Copies, maxBytes: number): Buffer {
  let at = 0;
  const readSize = (): number => {
    let size = 0;
    let byte = 128;
    for (let factor = 1; byte & 128; factor *= 128) {
      byte = delta[at++] ?? 0;
      size += (byte & 127) * factor;
    }
    return size;
  };
  const baseSize = readSize();
  const size = readSize();
  if (baseSize !== base.length || size > maxBytes) broken();
  const text = TEXTS.take(size);
  try {
    fillFrom(base, delta, at, text, copies);
    return text;
  } catch (error) {
    TEXTS.give(text);
    throw error;
  }
}

/** Follows the commands of a delta, which begin at `start`. @throws {BadPack} where they do not make all of `text` */
function fillFrom(base: Buffer, delta: Buffer, start: number, text: Buffer, copies: Copies): void {
  const size = text.length;
  copies.begin();
  let at = start;
  let to = 0;
  while (at < delta.length) {
    // Beyond the end there are zeros, and the sums below then do not come out.
    const command = delta[at++] ?? 0;
    if (command & 128) {
      let from = 0;
      let length = 0;
      if (command & 1) from = delta[at++] ?? 0;
      if (command & 2) from |= (delta[at++] ?? 0) << 8;
      if (command & 4) from |= (delta[at++] ?? 0) << 16;
      if (command & 8) from += (delta[at++] ?? 0) * 0x1_00_00_00;
      if (command & 16) length = delta[at++] ?? 0;
      if (command & 32) length |= (delta[at++] ?? 0) << 8;
      if (command & 64) length |= (delta[at++] ?? 0) << 16;
      if (length === 0) length = 0x1_00_00;
      if (from + length > base.length || to + length > size) broken();
      base.copy(text, to, from, from + length);
      copies.add(from, to, length);
      to += length;
    } else {
      if (command === 0 || to + command > size || at + command > delta.length) broken();
      // In bounds, as was just seen.
      for (let i = 0; i < command; i++) text[to + i] = delta[at + i] as number;
      to += command;
      at += command;
    }
  }
  if (to !== size) broken();
}

/** One slice is read after the other. */
const TEXTS = new Arena(ARENA_BYTES);
