import type { FindingHistory } from './finding.ts';
import type { PackedPaths } from './path-table.ts';
import type { Shard } from './shard.ts';

/**
 * Where text came from.
 *
 * `path` is relative to the repository root (or to the scanned folder outside git), with `/` on
 * every platform; bytes that are not UTF-8 appear in it as `\xNN`.
 */
export interface Origin {
  readonly source: 'staged' | 'range' | 'patch' | 'worktree' | 'stdin' | 'commit-message' | 'history';
  readonly path: string;
  /** The commit that brought the text in, as the full object id; absent where there is none yet. */
  readonly commit?: string;
}

/** Lines `first` to `last`, both included, counted from 1. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** The unit that flows from a source to the detectors: bytes of one file, whole or a hunk of it. */
export interface Chunk {
  readonly kind: 'chunk';
  readonly origin: Origin;
  /** UTF-8 (or any ASCII superset); UTF-16 and UTF-32 text has been decoded by the source. Ends of lines are kept. */
  readonly bytes: Uint8Array;
  /** Line number, from 1, of the first byte. */
  readonly firstLine: number;
  /** UTF-16 units that stand before the first byte on its line: more than 0 only where a very long line was cut. */
  readonly firstColumn?: number;
  /** Sorted line ranges that are new; a finding counts when it touches one. Absent: every line is new. */
  readonly added?: readonly LineRange[];
  /** Starts and ends, in bytes, half-open and rising: only what touches these is looked for, in place of `added`. */
  readonly changed?: Uint32Array;
  /** The bytes are the whole file, not a hunk or a part. */
  readonly whole: boolean;
  /** The file did not exist before this change (always true where there is no "before"). */
  readonly newFile: boolean;
}

/** Why something that was met has not been examined, or not fully. */
export const SKIP_REASONS = {
  binary: 'binary content; only its printable runs were examined',
  'too-large': 'larger than the limit',
  unreadable: 'could not be read',
  ignored: 'ignored by git',
  dependencies: 'folder of dependencies or of build output, ignored by git',
  'allow-listed': 'allow-listed path',
  submodule: 'submodule; scan it in its own repository',
  'lfs-pointer': 'Git LFS pointer; the content is not in the repository',
  'long-line': 'part of a very long line',
  encoded: 'text with more encoded in it, or more deeply, than is decoded',
  unmerged: 'unmerged path',
  'not-fetched': 'object that is not in this clone, or is damaged',
  'not-shown': 'binary for the tool that made the patch; `git diff --text` shows its content',
  symlink: 'symbolic link; only its target text was examined',
  encrypted: 'encrypted in its archive',
  damaged: 'damaged, or packed in a way that is not known; not examined, or not to its end',
  'archive-limit': 'beyond the limits for archives: depth, unpacked size, number of entries',
  'special-file': 'neither a file, a folder nor a link',
  filtered: 'left out by the path given',
  shallow: 'commit whose parents are not in this shallow clone; `git fetch --unshallow` brings them',
  repository: 'repository that could not be read',
  'broken-history': 'history that git cannot walk; what is left of it was examined without its commits',
} as const;

export type SkipReason = keyof typeof SKIP_REASONS;

/**
 * Met and not (fully) examined: counted and shown, so that "clean" is never said of what was not
 * looked at.
 */
export interface Skipped {
  readonly kind: 'skipped';
  readonly origin: Origin;
  readonly reason: SkipReason;
  /** A short plain sentence for people; never file content. */
  readonly detail?: string;
  /** The job asked for this text and could not have it: a run that is otherwise clean exits 2. */
  readonly incomplete: boolean;
}

/**
 * Text that a {@link Sieve} told to hold no finding: it counts as examined and is not handed on.
 */
export interface Quiet {
  readonly kind: 'quiet';
  readonly origin: Origin;
  /** Of its new side. */
  readonly bytes: number;
  /** New lines. */
  readonly lines: number;
}

/** Text that a change takes out and that may have held a secret: history still holds it. */
export interface Removed {
  readonly kind: 'removed';
  readonly origin: Origin;
  readonly bytes: Uint8Array;
}

/** Looks at the text of a unified diff once. */
export type Sieve = (bytes: Buffer) => SievedText;

/** What a {@link Sieve} saw. Offsets are bytes. */
export interface SievedText {
  /**
   * Whether a hunk, asked in order, may bring a finding in; half-open, without the `@@` line. `false` is
   * certain for all but findings that a file's name alone makes; `true` is a guess.
   */
  mayFind(start: number, end: number): boolean;
  /** Places in removed lines, rising, at which a secret may have stood. */
  readonly lost: readonly number[];
  /**
   * The hunks, in order, that can be counted off without another look: not at a file's start, in keeping
   * with their `@@` line, every line of theirs with an end, and with something behind them. For each
   * {@link HUNK_NUMBERS}: where its `@@` line starts, where its first line starts, where it ends, bytes of
   * its new side with line ends, new lines. What only looks like a hunk may be among them, in a commit
   * message, say: count where a hunk is known to begin.
   */
  readonly hunks: Uint32Array;
}

/** @see SievedText.hunks */
export const HUNK_NUMBERS = 5;

/** Whole files that were looked at and hold no finding, counted together. */
export interface QuietFiles {
  readonly kind: 'quiet-files';
  readonly files: number;
  readonly bytes: number;
  readonly lines: number;
}

/**
 * A text that stood in a history, and how it came of another that was given before. `bytes` and `copies`
 * hold until the next one is asked for.
 */
export interface Version {
  readonly kind: 'version';
  /** Index of the blob, for those made of it; -1 where none can be. */
  readonly blob: number;
  /** Where it stood. */
  readonly places: Uint32Array;
  /** As in {@link Chunk}; empty where it is not to be examined. */
  readonly bytes: Buffer;
  readonly delta?: DeltaOf;
  /** Versions made of it that follow. */
  readonly children: number;
  /** A commit's or a tag's message: short, and there are many. */
  readonly isMessage: boolean;
  /** `bytes` are not to be read as text. */
  readonly isArchive: boolean;
}

/** What a text was made of. */
export interface DeltaOf {
  /** Index of a blob, or -1. */
  readonly base: number;
  /**
   * Where bytes of the base stand: start in the base, start in the text, length; rising in the text. Absent
   * where the text is not that of the blob.
   */
  readonly copies?: Uint32Array | undefined;
}

/** Which commit brought something, and where else it was. */
export interface Provenance {
  /** The oldest commit that has it; absent where none is known. */
  readonly commit?: string;
  readonly history: FindingHistory;
}

/**
 * Where blobs stood, as far as whoever reads them need know; in memory that threads share. A place is a
 * blob under a path, or a message.
 */
export interface PlaceTable extends PackedPaths {
  /** No other table has it. */
  readonly id: string;
  /** The places of blob `b` are `places[starts[b]]` to `places[starts[b + 1]]`, half-open. */
  readonly starts: Uint32Array;
  readonly places: Uint32Array;
  /** For each place of a blob, the index of its path. */
  readonly paths: Uint32Array;
  /** For each place of a blob, 1 where it is a symbolic link. */
  readonly symlinks: Uint8Array;
  /** Place of the first commit's message; the others follow in order. */
  readonly firstMessage: number;
}

/** Texts that are read together, by one thread. */
export interface HistorySlice {
  readonly kind: 'blobs' | 'messages';
  readonly pack: PackSlice;
}

/** Objects of one pack, by family: see `git/packs.ts`. */
export interface PackSlice {
  /** The file. */
  readonly pack: string;
  /** Bytes of an id. */
  readonly width: number;
  /** Where each object starts; a base comes before what is made of it, and no family is cut. */
  readonly offsets: Float64Array;
  /** Index of the blob or commit; -1 for an object that is only a base of one. */
  readonly targets: Int32Array;
  /** Place in this slice of the object that it is a delta to; -1 where it is none. */
  readonly bases: Int32Array;
  /** Deltas to it in this slice. */
  readonly children: Uint32Array;
}

/** What was seen of a {@link HistorySlice}; it holds no content. */
export interface SliceReport {
  /** Versions that were examined, their bytes, and the lines of them that were new. */
  readonly seen: Omit<QuietFiles, 'kind'>;
  /** Places that have findings and must be read again. */
  readonly fresh: readonly number[];
  /** Pairs of a place and one that came before, which has the same findings. */
  readonly carried: readonly number[];
  readonly skipped: readonly Skipped[];
  /** Blobs or commits that could not be read. */
  readonly unread: readonly number[];
}

/** What a {@link Source} of a whole history can tell beside its texts. */
export interface HistoryReader {
  /** Walks the history, and tells what cannot be examined; all else comes after it. */
  open(options?: ReadOptions): AsyncIterable<Skipped>;
  readonly table: PlaceTable;
  /** What can be read together, in the order in which it is best read. */
  slices(): Iterable<HistorySlice>;
  /** What is in no slice, or could not be read. */
  rest(options?: ReadOptions): AsyncIterable<Version | Skipped>;
  /** Told before `rest`. */
  isUnread(kind: HistorySlice['kind'], index: number): void;
  /** Where a place is, with the oldest commit that has it. */
  originAt(place: number): Origin;
  /** The higher, the older is the oldest commit that has it; -1: no commit is known. */
  ageAt(place: number): number;
  /** The texts of places, again, in the order asked for: of an archive several, of what cannot be had any more none. */
  textsOf(places: readonly number[]): AsyncIterable<{ readonly place: number; readonly chunk: Chunk }>;
  /** For each list of places that hold the same secret. */
  provenances(lists: readonly (readonly number[])[]): Promise<readonly Provenance[]>;
}

/** What a source gives. */
export type SourceItem = Chunk | Quiet | QuietFiles | Removed | Skipped;

/** Looks at whole files for a source that reads many of them. */
export interface Looker {
  /** Memory in which a text can be put to be looked at without a copy; what was there before is gone. */
  room(size: number): Buffer;
  /**
   * Whether a chunk has findings, suppressed ones included. A promise where something has to be loaded first.
   * @param skip told where something in it could not be looked at; without, it is taken to have findings then
   */
  hasFindings(chunk: Chunk, skip?: (reason: SkipReason) => void): boolean | Promise<boolean>;
  countLineFeeds(bytes: Uint8Array): number;
}

/** Files that are read together, by one thread. */
export interface FileBatch {
  /** The folder that names are relative to; absent: they are absolute. */
  readonly root?: string;
  /**
   * Git has listed them: one that is gone is nothing to tell, and where a folder of its path has become a link,
   * it is gone.
   */
  readonly listed: boolean;
  /** Their names, as bytes, each followed by a NUL. */
  readonly names: Uint8Array;
}

/** What was seen of a {@link FileBatch}; it holds no content of any file. */
export interface BatchReport {
  /** Files in all. */
  readonly files: number;
  /** Of those that hold no finding: how many were examined, their bytes and lines. */
  readonly quiet: Omit<QuietFiles, 'kind'>;
  /** Files that have findings, and what was not examined of the others, in order. */
  readonly marks: readonly FileMark[];
}

export interface FileMark {
  readonly name: Uint8Array;
  /** What could not be looked at. Absent: it has findings, and must be read again. */
  readonly skipped?: readonly Skipped[];
}

/** Other threads. */
export interface Threads {
  /** Says about how many texts of what kind will come, before they do: a thread takes a while to start. */
  expect(texts: number, of: 'files' | 'slice'): void;
  /** Whether one of them can take another batch now, seen that so many batches wait; the first are worth no thread. */
  canTake(waiting: number): boolean;
  /** Does what {@link FileBatch} asks for, elsewhere. */
  examine(batch: FileBatch): Promise<BatchReport>;
  /** The same for a part of a history. */
  examineSlice(slice: HistorySlice, table: PlaceTable): Promise<SliceReport>;
}

/** How far a source has come. */
export interface Progress {
  readonly done: number;
  /** As far as it is known by now. */
  readonly total?: number;
  readonly bytes: number;
}

/** The `skipPath` where no path is left out: known by itself, so that a source need not make text of every name. */
export const skipsNothing = (): boolean => false;

/** How a source is read. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** A source may ask it, to spare what is read after it the text without findings. */
  readonly sieve?: Sieve;
  /** The same for a source of whole files. */
  readonly looker?: Looker;
  /** Paths that need not be read: a source may say of them that they are allow-listed, at once. */
  readonly skipPath?: (path: string) => boolean;
  readonly threads?: Threads;
  /** Told now and then. */
  readonly progress?: (progress: Progress) => void;
}

/** A source of text. Sources know git and files; they do not know rules. */
export interface Source {
  readonly name: Origin['source'];
  /** The part of it that is read; absent: all. */
  readonly shard?: Shard | undefined;
  /** With a shard: what it is a part of, once `read` has ended; see `Summary.shardOf`. */
  readonly shardOf?: string | undefined;
  /** Plain sentences for people that came up while reading; complete once `read` has ended. */
  readonly notices?: readonly string[];
  /** Where the text is a whole history: the same texts, with what they have in common. */
  readonly history?: HistoryReader;
  /**
   * Yields in a stable order. One bad file is a {@link Skipped}; only the failure of the whole throws.
   * A consumer that stops early leaves no process and no open file behind.
   * @throws {KeepmumError} when nothing can be read at all
   */
  read(options?: ReadOptions): AsyncIterable<SourceItem>;
}
