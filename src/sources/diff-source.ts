import type { Chunk, LineRange, Origin, ReadOptions, Removed, Skipped, SkipReason, SourceItem } from '../core/chunk.ts';
import { GitError, SourceError } from '../core/errors.ts';
import { decodePath } from '../core/path.ts';
import { readBlobs, type BlobReply } from '../git/cat-file.ts';
import { diffArguments, DiffParser, type DiffEntry, type DiffHunk, type HunkSieve } from '../git/diff.ts';
import { streamGit, type GitStream } from '../git/run.ts';
import { attributeWarnings } from './attributes.ts';
import { cutParts } from './parts.ts';
import { intersect, isLfsPointer, newLines, toReadable } from './text.ts';

const NO_FILE = '000000';
const SYMLINK = '120000';
const SUBMODULE = '160000';
/** Deleted files that are read, and the most bytes of one. */
const MOST_DELETED = 20;
const MOST_DELETED_BYTES = 256 << 10;

/** What is compared, and how the text found is to be labelled. */
export interface DiffRequest extends ReadOptions {
  readonly cwd: string;
  readonly source: Origin['source'];
  /** `--cached`, or two trees. */
  readonly revisions: readonly string[];
  /** Put on every origin. */
  readonly commit?: string;
  /** The same comparison with the other parents of a merge: only what is new against all of them counts. */
  readonly otherParents?: readonly (readonly string[])[];
  /** Whole files instead of the lines that are new. */
  readonly wholeFiles?: boolean;
}

/** Runs git for a request. */
export function startDiff(request: DiffRequest): GitStream {
  return startGit(request, request.revisions, request.wholeFiles !== true);
}

function startGit(request: DiffRequest, revisions: readonly string[], patch: boolean, context?: number): GitStream {
  return streamGit(gitArguments(revisions, patch, context), {
    cwd: request.cwd,
    ...(request.signal && { signal: request.signal }),
  });
}

/** What git is asked for. */
export function gitArguments(revisions: readonly string[], patch: boolean, context = 3): string[] {
  return ['diff', ...diffArguments({ patch, context }), ...revisions, '--'];
}

/**
 * Yields what a comparison brings in, in batches for `eachOf`. One git process, except where a patch cannot
 * show the text (NUL bytes, UTF-16), where a merge is going on, or where git's patch does not hold
 * together: then objects are read too.
 */
export async function* readDiff(
  request: DiffRequest,
  notices: string[],
  started?: GitStream,
): AsyncGenerator<readonly SourceItem[], void> {
  const git = started ?? startDiff(request);
  try {
    if (request.wholeFiles === true) {
      yield* inBatches(readEntries(await listEntries(git), request, notices));
      return;
    }
    const others = await readOtherParents(request);
    const state = new DiffState(request, notices, others);
    try {
      const parser = new DiffParser({ sieve: others.length === 0 ? hunkSieve(request) : undefined });
      for await (const block of git) yield [...state.take(parser.push(block))];
      yield [...state.take(parser.finish())];
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      // A very large file, a blob that a partial clone lacks: read object by object what is left.
      const entries = await listEntries(startGit(request, request.revisions, false)).catch(() => undefined);
      if (entries === undefined || entries.length === 0) throw error;
      const left = entries.slice(Math.max(0, state.position));
      const earlier = state.needBlob.filter((entry) => entry !== state.entries?.[state.position]);
      yield* inBatches(readEntries([...earlier, ...left], request, notices, state.entries === undefined));
      return;
    }
    yield* inBatches(readEntries(state.needBlob, request, notices, false));
    if (request.sieve !== undefined && others.length === 0) {
      yield* inBatches(readDeleted(state.entries ?? [], request));
    }
  } finally {
    git.stop();
  }
}

/** What comes one by one, in batches of one. */
async function* inBatches(items: AsyncIterable<SourceItem>): AsyncGenerator<readonly SourceItem[], void> {
  for await (const item of items) yield [item];
}

/** What is read of a hunk beside its text needs it whole: see `DiffState`. */
export function hunkSieve({ sieve }: ReadOptions): HunkSieve | undefined {
  return (
    sieve && {
      sieve,
      admits: ({ oldMode, newMode, path }) =>
        oldMode !== NO_FILE && newMode.startsWith('100') && !path.toString('latin1').endsWith('.gitattributes'),
    }
  );
}

/** Only the list of paths. */
async function listEntries(git: GitStream): Promise<readonly DiffEntry[]> {
  // `--raw` without a patch has no NUL after its last path; the parser takes either.
  const parts: Buffer[] = [];
  for await (const block of git) parts.push(block);
  const parser = new DiffParser({ listOnly: true });
  for (const record of [...parser.push(Buffer.concat(parts)), ...parser.finish()]) {
    if (record.kind === 'entries') return record.entries;
  }
  return [];
}

interface OtherParent {
  readonly changed: ReadonlyMap<string, readonly LineRange[]>;
}

/** For each other parent: the paths that differ from it, with their added lines. */
async function readOtherParents(request: DiffRequest): Promise<readonly OtherParent[]> {
  const parents: OtherParent[] = [];
  for (const revisions of request.otherParents ?? []) {
    const changed = new Map<string, LineRange[]>();
    const parser = new DiffParser();
    const take = (records: ReturnType<DiffParser['push']>): void => {
      for (const record of records) {
        if (record.kind === 'entries') {
          for (const entry of record.entries) changed.set(pathKey(entry), []);
        } else if (record.kind === 'hunk') {
          changed.get(pathKey(record.entry))?.push(...record.added);
        }
      }
    };
    for await (const block of startGit(request, revisions, true, 0)) take(parser.push(block));
    take(parser.finish());
    parents.push({ changed });
  }
  return parents;
}

/** Turns records of the parser into chunks, and notes what a patch cannot show. */
export class DiffState {
  readonly request: DiffRequest;
  readonly #notices: string[];
  readonly #others: readonly OtherParent[];
  /** Paths in the order of the list; `undefined` until it is complete. */
  entries: readonly DiffEntry[] | undefined;
  /** Index of the entry whose hunks come now. */
  position = 0;
  readonly needBlob: DiffEntry[] = [];
  #entry: DiffEntry | undefined;
  #origin: Origin | undefined;

  constructor(request: DiffRequest, notices: string[], others: readonly OtherParent[]) {
    this.request = request;
    this.#notices = notices;
    this.#others = others;
  }

  *take(records: ReturnType<DiffParser['push']>): Generator<SourceItem> {
    for (const record of records) {
      switch (record.kind) {
        case 'entries': {
          this.entries = record.entries;
          yield* quietEntries(record.entries, this.request);
          break;
        }
        case 'hunk': {
          this.#moveTo(record.entry);
          yield* this.#hunk(record);
          break;
        }
        case 'quiet': {
          const { entry, bytes, lines } = record;
          this.#moveTo(entry);
          yield { kind: 'quiet', origin: this.#originOf(entry), bytes, lines };
          break;
        }
        case 'removed': {
          yield { kind: 'removed', origin: originOf(record.entry, this.request), bytes: record.bytes };
          break;
        }
        case 'no-text': {
          this.#moveTo(record.entry);
          this.#readLater(record.entry);
          break;
        }
        case 'commit': {
          break;
        }
      }
    }
  }

  #moveTo(entry: DiffEntry): void {
    const entries = this.entries ?? [];
    while (this.position < entries.length && entries[this.position] !== entry) this.position++;
  }

  #readLater(entry: DiffEntry): void {
    if (this.needBlob.at(-1) !== entry) this.needBlob.push(entry);
  }

  #originOf(entry: DiffEntry): Origin {
    if (entry !== this.#entry || this.#origin === undefined) {
      this.#entry = entry;
      this.#origin = originOf(entry, this.request);
    }
    return this.#origin;
  }

  *#hunk(hunk: DiffHunk): Generator<Chunk | Skipped> {
    const { entry, bytes } = hunk;
    if (entry.newMode === SUBMODULE || this.needBlob.at(-1) === entry) return;
    let added = hunk.added;
    for (const { changed } of this.#others) {
      added = intersect(added, changed.get(pathKey(entry)) ?? []);
    }
    if (added.length === 0) return;
    const origin = this.#originOf(entry);
    if (entry.newMode === SYMLINK) {
      yield skipped(origin, 'symlink');
    } else if (bytes.includes(0)) {
      this.#readLater(entry);
      return;
    } else if (hunk.whole && hunk.firstLine === 1 && isLfsPointer(bytes)) {
      yield skipped(origin, 'lfs-pointer');
      return;
    }
    warnOfAttributes(origin.path, bytes, added, hunk.firstLine, this.#notices);
    const newFile = entry.oldMode === NO_FILE;
    yield {
      kind: 'chunk',
      origin,
      bytes,
      firstLine: hunk.firstLine,
      ...(hunk.firstColumn > 0 && { firstColumn: hunk.firstColumn }),
      added,
      whole: newFile && hunk.whole,
      newFile,
    };
  }
}

/** Entries that are never read, said once. */
function* quietEntries(entries: readonly DiffEntry[], request: DiffRequest): Generator<Skipped> {
  for (const entry of entries) {
    if (entry.newMode === SUBMODULE) yield skipped(originOf(entry, request), 'submodule');
    else if (entry.status === 'U') yield skipped(originOf(entry, request), 'unmerged');
  }
}

/** Reads the new side of entries as objects, and the old sides where only new lines count. */
export async function* readEntries(
  entries: readonly DiffEntry[],
  request: DiffRequest,
  notices: string[],
  announce = true,
): AsyncGenerator<Chunk | Skipped> {
  if (announce) yield* quietEntries(entries, request);
  const wanted = entries.filter(
    (entry) => entry.newMode !== SUBMODULE && entry.newMode !== NO_FILE && entry.status !== 'U',
  );
  if (wanted.length === 0) return;
  const whole = request.wholeFiles === true;
  const ids: string[] = [];
  for (const entry of wanted) {
    ids.push(entry.newId);
    if (!whole && hasOldText(entry)) ids.push(entry.oldId);
  }
  const others = whole ? [] : await otherSides(wanted, request);
  const blobs = readBlobs(ids, { cwd: request.cwd, ...(request.signal && { signal: request.signal }) });
  for (const [index, entry] of wanted.entries()) {
    const fresh = await nextBlob(blobs);
    const old = !whole && hasOldText(entry) ? await nextBlob(blobs) : undefined;
    const origin = originOf(entry, request);
    if (fresh.status !== 'blob') {
      yield skipped(origin, fresh.status === 'missing' ? 'not-fetched' : 'too-large', true);
      continue;
    }
    const symlink = entry.newMode === SYMLINK;
    if (symlink) yield skipped(origin, 'symlink');
    if (!symlink && isLfsPointer(fresh.bytes)) {
      yield skipped(origin, 'lfs-pointer');
      continue;
    }
    const { bytes, binary } = toReadable(fresh.bytes);
    if (binary) yield skipped(origin, 'binary');
    const olds = [...(old?.status === 'blob' ? [old.bytes] : []), ...(others[index] ?? [])];
    const added =
      whole || olds.length === 0
        ? undefined
        : newLines(
            bytes,
            olds.map((side) => toReadable(side).bytes),
          );
    yield* chunksOf(bytes, origin, added, entry.oldMode === NO_FILE, notices);
  }
}

/** What files held that are deleted now: small ones, and not too many of them, as it only serves a hint. */
async function* readDeleted(entries: readonly DiffEntry[], request: DiffRequest): AsyncGenerator<Removed> {
  const deleted = entries.filter(({ status, oldMode }) => status === 'D' && oldMode.startsWith('100'));
  if (deleted.length === 0 || deleted.length > MOST_DELETED) return;
  const ids = deleted.map(({ oldId }) => oldId);
  const blobs = readBlobs(ids, { cwd: request.cwd, maxBytes: MOST_DELETED_BYTES });
  for (const entry of deleted) {
    const blob = await nextBlob(blobs);
    if (blob.status === 'blob' && !blob.bytes.includes(0)) {
      yield { kind: 'removed', origin: originOf(entry, request), bytes: blob.bytes };
    }
  }
}

/** The same paths in the other parents of a merge. */
async function otherSides(wanted: readonly DiffEntry[], request: DiffRequest): Promise<Buffer[][]> {
  const sides: Buffer[][] = wanted.map(() => []);
  for (const revisions of request.otherParents ?? []) {
    const listed = await listEntries(startGit(request, revisions, false));
    const byPath = new Map(listed.map((entry) => [pathKey(entry), entry]));
    for (const [index, entry] of wanted.entries()) {
      const other = byPath.get(pathKey(entry));
      // Not listed: that parent has the very same file.
      const id = other === undefined ? entry.newId : hasOldText(other) ? other.oldId : undefined;
      if (id === undefined) continue;
      for await (const blob of readBlobs([id], { cwd: request.cwd })) {
        if (blob.status === 'blob') sides[index]?.push(blob.bytes);
      }
    }
  }
  return sides;
}

/** A text that is in memory as chunks; `added` absent where all of it is new. */
export function* chunksOf(
  bytes: Buffer,
  origin: Origin,
  added: readonly LineRange[] | undefined,
  newFile: boolean,
  notices: string[],
): Generator<Chunk> {
  if (added?.length === 0) return;
  for (const part of cutParts(bytes)) {
    const lines = added === undefined ? part.added : part.added === undefined ? added : intersect(added, part.added);
    if (lines?.length === 0) continue;
    warnOfAttributes(origin.path, part.bytes, lines, part.firstLine, notices);
    yield {
      kind: 'chunk',
      origin,
      bytes: part.bytes,
      firstLine: part.firstLine,
      ...(part.firstColumn > 0 && { firstColumn: part.firstColumn }),
      ...(lines !== undefined && { added: lines }),
      whole: part.whole,
      newFile,
    };
  }
}

function warnOfAttributes(
  path: string,
  bytes: Buffer,
  added: readonly LineRange[] | undefined,
  firstLine: number,
  notices: string[],
): void {
  if (path !== '.gitattributes' && !path.endsWith('/.gitattributes')) return;
  const isNew = (line: number): boolean =>
    added === undefined || added.some((range) => range.first <= line && line <= range.last);
  notices.push(...attributeWarnings(path, bytes, isNew, firstLine));
}

async function nextBlob(blobs: AsyncGenerator<BlobReply>): Promise<BlobReply> {
  const step = await blobs.next();
  if (step.done === true) throw new SourceError('git gave fewer objects than were asked for');
  return step.value;
}

function hasOldText(entry: DiffEntry): boolean {
  return entry.oldMode !== NO_FILE && entry.oldMode !== SUBMODULE;
}

function originOf(entry: DiffEntry, { source, commit }: DiffRequest): Origin {
  return { source, path: decodePath(entry.path), ...(commit !== undefined && { commit }) };
}

/** A path as a key; bytes that are not UTF-8 stay apart. */
function pathKey(entry: DiffEntry): string {
  return entry.path.toString('latin1');
}

/** Met and not fully examined. */
export function skipped(origin: Origin, reason: SkipReason, incomplete = false): Skipped {
  return { kind: 'skipped', origin, reason, incomplete };
}
