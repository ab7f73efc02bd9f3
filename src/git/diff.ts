import { isAscii } from 'node:buffer';
import { HUNK_NUMBERS, type LineRange, type Sieve, type SievedText } from '../core/chunk.ts';
import { GitError } from '../core/errors.ts';

const LF = 10;
const SPACE = 32;
const PLUS = 43;
const MINUS = 45;
const COMMA = 44;
const ZERO = 48;
const COLON = 58;
const BACKSLASH = 92;

/** Bytes after which a hunk is handed on in parts. */
const PART_BYTES = 4 << 20;
/** Bytes of one part that the next one repeats, so that nothing is cut in two unseen. */
const OVERLAP_BYTES = 16 << 10;
/** No header line and no path is longer. */
const FIELD_CAP = 1 << 20;

/** One changed path, as git's raw format lists it. */
export interface DiffEntry {
  /** Octal, six digits; `000000` where there is no file on that side. */
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldId: string;
  readonly newId: string;
  /** First letter of git's status: `A`, `C`, `D`, `M`, `R`, `T`, `U`. */
  readonly status: string;
  /** Exact bytes, relative to the top level. */
  readonly path: Buffer;
}

/** The new side of a hunk (context and added lines, with their line ends), or a part of it. */
export interface DiffHunk {
  readonly kind: 'hunk';
  readonly entry: DiffEntry;
  readonly bytes: Buffer;
  /** Line number in the new file, from 1, of the first byte. */
  readonly firstLine: number;
  /** UTF-16 units of that line before the first byte. */
  readonly firstColumn: number;
  /** Never empty. */
  readonly added: readonly LineRange[];
  /** The hunk is in one piece. */
  readonly whole: boolean;
}

/** Hunks of one entry that a {@link HunkSieve} left out, counted. */
export interface DiffQuiet {
  readonly kind: 'quiet';
  readonly entry: DiffEntry;
  /** Of the new side. */
  readonly bytes: number;
  /** New lines. */
  readonly lines: number;
}

/** A removed line in which the sieve saw what may have been a secret. */
export interface DiffRemoved {
  readonly kind: 'removed';
  readonly entry: DiffEntry;
  readonly bytes: Buffer;
}

/** Tells which hunks need not be handed on. */
export interface HunkSieve {
  /** Whether a hunk of this entry that starts after its first line may be left out. */
  readonly admits: (entry: DiffEntry) => boolean;
  readonly sieve: Sieve;
}

export type DiffRecord =
  | DiffHunk
  | DiffQuiet
  | DiffRemoved
  /** The list of changed paths is complete; their hunks follow, in order. */
  | { readonly kind: 'entries'; readonly entries: readonly DiffEntry[] }
  /** Git shows no text for this entry. */
  | { readonly kind: 'no-text'; readonly entry: DiffEntry }
  /** What follows belongs to this commit (only where the parser expects commits). */
  | { readonly kind: 'commit'; readonly id: string };

/** Git's output is not what was asked for: the patch does not follow its own list of paths. */
export class DiffOutOfStep extends GitError {}

/**
 * Options that pin down every choice that settings, attributes or the environment could make about a
 * diff. `--cached`, revisions and the like come after them. Renames are followed (with a limit), so
 * that a moved file brings only its new lines; copies are not: a copied secret is a new exposure.
 */
export function diffArguments(options: { readonly patch: boolean; readonly context?: number }): string[] {
  return [
    '--raw',
    '-z',
    '--no-abbrev',
    '--full-index',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--no-relative',
    '-M50%',
    '-l400',
    '-O/dev/null',
    '--ignore-submodules=none',
    '--submodule=short',
    '--diff-filter=ACDMRTU',
    // Of a deleted file, only that it is gone.
    '--irreversible-delete',
    ...(options.patch
      ? [
          '-p',
          '--text',
          '--src-prefix=a/',
          '--dst-prefix=b/',
          '--output-indicator-new=+',
          '--output-indicator-old=-',
          '--output-indicator-context= ',
          `-U${options.context ?? 3}`,
          '--inter-hunk-context=0',
          '--diff-algorithm=myers',
          '--indent-heuristic',
        ]
      : []),
  ];
}

/**
 * Reads what git prints for {@link diffArguments}: bytes in, records out, however the bytes are split.
 *
 * Paths come from the raw list, which is NUL-separated. Headers of the patch are only matched to that
 * list, in order and by object id; what stands inside a hunk is counted off by its `@@` line, so no
 * content can pass for a header.
 */
export class DiffParser {
  readonly #commits: boolean;
  readonly #listOnly: boolean;
  readonly #sieve: HunkSieve | undefined;
  /** What the sieve told of the present block; made at its first hunk. */
  #sieved: SievedBlock | undefined;
  #state: 'raw' | 'header' | 'hunk' = 'raw';
  #carry: Buffer | undefined;
  #entries: DiffEntry[] = [];
  /** Index of the entry that the patch is at; -1 before the first. */
  #at = -1;
  /** `diff --git` sections that the current entry still needs. */
  #sections = 0;
  /** Whether the current entry has shown text, or said that it will not. */
  #shown = true;
  #hunk: HunkBuilder | undefined;
  #records: DiffRecord[] = [];

  /** `commits`: ids of commits stand between the diffs. `listOnly`: there is no patch. */
  constructor(
    options: { readonly commits?: boolean; readonly listOnly?: boolean; readonly sieve?: HunkSieve | undefined } = {},
  ) {
    this.#sieve = options.sieve;
    this.#commits = options.commits ?? false;
    this.#listOnly = options.listOnly ?? false;
  }

  /** @throws {DiffOutOfStep} */
  push(block: Buffer): DiffRecord[] {
    const bytes = this.#carry === undefined ? block : Buffer.concat([this.#carry, block]);
    this.#carry = undefined;
    this.#sieved = undefined;
    let at = 0;
    while (at < bytes.length) {
      const next = this.#state === 'hunk' ? this.#readHunk(bytes, at) : this.#readField(bytes, at);
      if (next < 0) {
        if (bytes.length - at > FIELD_CAP) throw outOfStep('an endless header');
        this.#carry = Buffer.from(bytes.subarray(at));
        break;
      }
      at = next;
    }
    this.#tellLost(bytes.length);
    return this.#take();
  }

  /** The output has ended. @throws {DiffOutOfStep} where it ended too early */
  finish(): DiffRecord[] {
    if (this.#carry !== undefined) throw outOfStep('it ends within a line');
    if (this.#state === 'hunk') this.#endHunk();
    if (this.#state === 'raw' && this.#entries.length > 0) this.#endOfList();
    if (!this.#listOnly) this.#endOfPatch();
    return this.#take();
  }

  #take(): DiffRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  #readField(bytes: Buffer, at: number): number {
    return this.#state === 'raw' ? this.#readRaw(bytes, at) : this.#readHeader(bytes, at);
  }

  /** One entry of the raw list, or its end. */
  #readRaw(bytes: Buffer, at: number): number {
    if (bytes[at] === 0) {
      this.#endOfList();
      return at + 1;
    }
    if (bytes[at] !== COLON) {
      if (this.#commits && this.#entries.length === 0) return this.#readCommit(bytes, at);
      throw outOfStep('its list of paths cannot be read');
    }
    const metaEnd = bytes.indexOf(0, at);
    if (metaEnd < 0) return -1;
    const fields = bytes.toString('latin1', at + 1, metaEnd).split(' ');
    const [oldMode = '', newMode = '', oldId = '', newId = '', score = ''] = fields;
    if (fields.length !== 5 || !/^[A-Z]\d*$/.test(score)) throw outOfStep('its list of paths cannot be read');
    const status = score.charAt(0);
    let pathStart = metaEnd + 1;
    let pathEnd = bytes.indexOf(0, pathStart);
    if (pathEnd < 0) return -1;
    if (status === 'R' || status === 'C') {
      pathStart = pathEnd + 1;
      pathEnd = bytes.indexOf(0, pathStart);
      if (pathEnd < 0) return -1;
    }
    const path = Buffer.from(bytes.subarray(pathStart, pathEnd));
    this.#entries.push({ oldMode, newMode, oldId, newId, status, path });
    return pathEnd + 1;
  }

  /** `<id>` and a NUL (or a line end), before the list of a commit. */
  #readCommit(bytes: Buffer, at: number): number {
    let end = at;
    while (end < bytes.length && bytes[end] !== 0 && bytes[end] !== LF) end++;
    if (end === bytes.length) return -1;
    if (end > at) {
      const id = bytes.toString('latin1', at, end);
      if (!/^[0-9a-f]{40,64}$/.test(id)) throw outOfStep('a commit id was expected');
      this.#records.push({ kind: 'commit', id });
    }
    return end + 1;
  }

  #endOfList(): void {
    this.#records.push({ kind: 'entries', entries: this.#entries });
    this.#state = 'header';
    this.#at = -1;
    this.#sections = 0;
  }

  /** One line outside hunks. */
  #readHeader(bytes: Buffer, at: number): number {
    const current = this.#entries[this.#at];
    if (startsWith(bytes, at, '* Unmerged path ')) {
      // The name stands here as it is, line ends included: only its known length tells where it stops.
      const entry = this.#nextEntry();
      const end = at + '* Unmerged path '.length + entry.path.length;
      if (bytes.length <= end) {
        this.#at--;
        return -1;
      }
      if (entry.status !== 'U' || bytes[end] !== LF) throw outOfStep('an unmerged path was not expected');
      this.#sections = 0;
      return end + 1;
    }
    if (this.#commits && this.#sections === 0 && this.#at === this.#entries.length - 1 && isHex(bytes[at])) {
      const end = this.#peekCommit(bytes, at);
      if (end !== 0) return end;
    }
    const end = bytes.indexOf(LF, at);
    if (end < 0) return -1;
    if (startsWith(bytes, at, 'diff --git ')) {
      this.#tellLost(at);
      if (this.#sections === 0) {
        const entry = this.#nextEntry();
        if (entry.status === 'U') throw outOfStep('an unmerged path has text');
        this.#sections = changesType(entry) ? 2 : 1;
      }
      this.#sections--;
      // Of a type change, the second section is the one that shows the new side.
      this.#shown = false;
    } else if (current === undefined) {
      throw outOfStep('it does not begin with a header');
    } else if (startsWith(bytes, at, '@@ ')) {
      this.#shown = true;
      const next = this.#leaveOut(bytes, at, current);
      if (next > at) return next;
      this.#hunk = new HunkBuilder(readHunkHeader(bytes.latin1Slice(at, Math.min(end, at + 100))), current);
      this.#state = 'hunk';
    } else if (startsWith(bytes, at, 'index ')) {
      this.#checkIds(bytes.toString('latin1', at + 6, end), current);
    } else if (startsWith(bytes, at, 'Binary files ')) {
      this.#shown = false;
    } else if (!HEADER_LINE.test(bytes.toString('latin1', at, Math.min(end, at + 24)))) {
      throw outOfStep('a header was expected');
    }
    return end + 1;
  }

  /** The next commit's id after the last section of one; 0 where the line is something else. */
  #peekCommit(bytes: Buffer, at: number): number {
    let end = at;
    while (end < bytes.length && end - at <= 64 && isHex(bytes[end])) end++;
    if (end === bytes.length) return -1;
    if (end - at < 40 || (bytes[end] !== 0 && bytes[end] !== LF)) return 0;
    this.#endOfPatch();
    this.#entries = [];
    this.#state = 'raw';
    return this.#readCommit(bytes, at);
  }

  #nextEntry(): DiffEntry {
    this.#leaveEntry();
    const entry = this.#entries[this.#at + 1];
    if (entry === undefined || this.#sections > 0) throw outOfStep('it has more parts than its list of paths');
    this.#at++;
    this.#shown = entry.status === 'U';
    return entry;
  }

  /** An entry whose content changed must have shown it: git may have been told to hide it. */
  #leaveEntry(): void {
    const entry = this.#entries[this.#at];
    if (entry === undefined || this.#shown || entry.status === 'D') return;
    if (entry.newId === entry.oldId || EMPTY_BLOBS.has(entry.newId)) return;
    this.#shown = true;
    this.#records.push({ kind: 'no-text', entry });
  }

  #checkIds(line: string, entry: DiffEntry): void {
    const [, from = '', to = ''] = /^([0-9a-f]+)\.\.([0-9a-f]+)/.exec(line) ?? [];
    const none = /^0+$/;
    const fits = changesType(entry)
      ? this.#sections === 1
        ? from === entry.oldId && none.test(to)
        : none.test(from) && to === entry.newId
      : from === entry.oldId && to === entry.newId;
    if (!fits) throw outOfStep('its object ids are not those of its list of paths');
  }

  #readHunk(bytes: Buffer, at: number): number {
    const hunk = this.#hunk;
    if (hunk === undefined) throw outOfStep('a hunk without a header');
    const next = hunk.read(bytes, at, this.#records);
    if (hunk.done) {
      this.#hunk = undefined;
      this.#state = 'header';
    }
    return next;
  }

  /** Counts hunks, from the `@@` line at `at` on, in which nothing can be found; gives where others begin. */
  #leaveOut(bytes: Buffer, at: number, entry: DiffEntry): number {
    if (this.#sieve?.admits(entry) !== true) return at;
    const block = (this.#sieved ??= new SievedBlock(bytes, at, this.#sieve.sieve));
    const end = block.leaveOut(at);
    if (block.lines > 0) this.#records.push({ kind: 'quiet', entry, bytes: block.bytes, lines: block.lines });
    return end;
  }

  /** The removed lines before `end` that the sieve points to, of the current entry. */
  #tellLost(end: number): void {
    const entry = this.#entries[this.#at];
    if (this.#sieved === undefined || entry === undefined) return;
    for (const bytes of this.#sieved.lostBefore(end)) this.#records.push({ kind: 'removed', entry, bytes });
  }

  #endHunk(): void {
    this.#hunk?.end(this.#records);
    this.#hunk = undefined;
    this.#state = 'header';
  }

  #endOfPatch(): void {
    this.#leaveEntry();
    if (this.#sections > 0 || this.#at < this.#entries.length - 1) throw outOfStep('it ends too early');
  }
}

/** The file without content, in SHA-1 and SHA-256. */
const EMPTY_BLOBS: ReadonlySet<string> = new Set([
  'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391',
  '473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813',
]);

const HEADER_LINE =
  /^(?:old mode |new mode |deleted file mode |new file mode |similarity index |dissimilarity index |rename (?:from|to) |copy (?:from|to) |--- |\+\+\+ )/;

/** A block of a patch, looked through once. Nearly all hunks end here; what is odd in any way is left to `HunkBuilder`. */
class SievedBlock {
  /** `undefined` where a NUL stands in the block: the file may be UTF-16, of which a patch shows no lines. */
  readonly #sieved: SievedText | undefined;
  readonly #bytes: Buffer;
  /** Index, in the sieve's list, of the numbers of the next hunk. */
  #next = 0;
  #lost = 0;
  /** Of the new side of the hunks that `leaveOut` left out. */
  bytes = 0;
  /** New lines of these. */
  lines = 0;

  constructor(bytes: Buffer, from: number, sieve: Sieve) {
    this.#bytes = bytes;
    this.#sieved = bytes.includes(0, from) ? undefined : sieve(bytes);
  }

  /** Counts hunks from the `@@` line at `at` on; gives the offset of the first that must be handed on, or of what follows. */
  leaveOut(at: number): number {
    this.bytes = 0;
    this.lines = 0;
    if (this.#sieved === undefined) return at;
    const { hunks } = this.#sieved;
    // In bounds where it is read; past the end, `undefined` is no offset.
    while ((hunks[this.#next] as number) < at) this.#next += HUNK_NUMBERS;
    let from = at;
    for (; hunks[this.#next] === from; this.#next += HUNK_NUMBERS) {
      const end = hunks[this.#next + 2] as number;
      if (this.#sieved.mayFind(hunks[this.#next + 1] as number, end)) break;
      const lines = hunks[this.#next + 4] as number;
      if (lines > 0) this.bytes += hunks[this.#next + 3] as number;
      this.lines += lines;
      from = end;
    }
    return from;
  }

  /** Removed lines at places before `end` that have not been told yet, each once. */
  lostBefore(end: number): Buffer[] {
    const lines: Buffer[] = [];
    const lost = this.#sieved?.lost ?? [];
    let told = 0;
    // In bounds where it is read.
    for (; this.#lost < lost.length && (lost[this.#lost] as number) < end; this.#lost++) {
      const place = lost[this.#lost] as number;
      if (place < told) continue;
      const lf = this.#bytes.indexOf(LF, place);
      told = lf < 0 ? this.#bytes.length : lf;
      // Without its mark.
      lines.push(Buffer.from(this.#bytes.subarray(this.#bytes.lastIndexOf(LF, place) + 2, told)));
    }
    return lines;
  }
}

function isDigit(unit: number): boolean {
  return unit >= ZERO && unit <= ZERO + 9;
}

/** The numbers of an `@@` line. */
export interface HunkHeader {
  readonly oldLines: number;
  /** Of the first line in the new file, from 1; of the line before it where there is none. */
  readonly newStart: number;
  readonly newLines: number;
}

/**
 * Reads `@@ -1,7 +1,8 @@`, unit by unit: a regular expression costs more than all the rest of a short hunk.
 * @throws {DiffOutOfStep} where that is not what `text` starts with
 */
export function readHunkHeader(text: string): HunkHeader {
  let at = 4;
  const number = (): number => {
    let value = isDigit(text.charCodeAt(at)) ? 0 : Number.NaN;
    for (; isDigit(text.charCodeAt(at)); at++) value = value * 10 + text.charCodeAt(at) - ZERO;
    return value;
  };
  const count = (): number => {
    if (text.charCodeAt(at) !== COMMA) return 1;
    at++;
    return number();
  };
  const oldStart = number();
  const oldLines = count();
  const isBetween = text.startsWith(' +', at);
  at += 2;
  const newStart = number();
  const newLines = count();
  const isHeader = text.startsWith('@@ -') && isBetween && text.startsWith(' @@', at);
  if (!isHeader || Number.isNaN(oldStart + oldLines + newStart + newLines)) {
    throw outOfStep('a hunk header cannot be read');
  }
  if (!Number.isSafeInteger(oldLines + newLines + newStart)) throw outOfStep('a hunk is too large');
  return { oldLines, newStart, newLines };
}

const NONE: Buffer = Buffer.alloc(0);

/**
 * Collects the new side of one hunk. Also used for patches of other tools, hence public.
 */
export class HunkBuilder {
  readonly #entry: DiffEntry;
  #oldLeft: number;
  #newLeft: number;
  /** Where in a line the reader is: at its start, or within one of this kind. */
  #within: 0 | typeof SPACE | typeof PLUS | typeof MINUS | typeof BACKSLASH = 0;
  #lastKind = 0;
  #out: Buffer = NONE;
  #length = 0;
  /** Line number, in the new file, of the line being read or to be read next. */
  #line: number;
  #firstLine: number;
  #firstColumn = 0;
  /** Offset in `#out` of the line being read, and UTF-16 units of that line that were handed on before. */
  #lineStart = 0;
  #lineColumn = 0;
  #added: { first: number; last: number }[] = [];
  #parts = 0;
  done = false;

  constructor(header: HunkHeader, entry: DiffEntry) {
    this.#entry = entry;
    this.#oldLeft = header.oldLines;
    this.#newLeft = header.newLines;
    this.#line = Math.max(1, header.newStart);
    this.#firstLine = this.#line;
  }

  /** No line is left but perhaps a `\ No newline` mark. */
  get counted(): boolean {
    return this.#oldLeft === 0 && this.#newLeft === 0 && this.#within === 0;
  }

  /** Reads on from `at`; gives where it stopped: the end of `bytes`, or the first byte after the hunk. */
  read(bytes: Buffer, at: number, records: DiffRecord[]): number {
    if (this.#lastKind === 0) {
      const end = this.#readAtOnce(bytes, at, records);
      if (end > at) return end;
    }
    let from = at;
    while (from < bytes.length) {
      if (this.#within === 0 && !this.#startLine(bytes[from], records)) {
        this.end(records);
        return from;
      }
      // The indicator is consumed by #startLine only where the line is new to us.
      if (this.#fresh) {
        this.#fresh = false;
        if (bytes[from] !== LF) from++;
        if (from === bytes.length) return from;
      }
      const lf = bytes.indexOf(LF, from);
      const to = lf < 0 ? bytes.length : lf + 1;
      if (this.#within === SPACE || this.#within === PLUS) this.#append(bytes, from, to, records);
      if (lf >= 0) this.#endLine();
      from = to;
    }
    return from;
  }

  /** A hunk that is here whole and ends plainly, as nearly all do: one loop, one buffer. Else -1, and nothing has happened. */
  #readAtOnce(bytes: Buffer, at: number, records: DiffRecord[]): number {
    let oldLeft = this.#oldLeft;
    let newLeft = this.#newLeft;
    let line = this.#line;
    let from = at;
    let size = 0;
    const lines: number[] = [];
    const added: { first: number; last: number }[] = [];
    let range: { first: number; last: number } | undefined;
    while (oldLeft > 0 || newLeft > 0) {
      const lf = bytes.indexOf(LF, from);
      if (lf < 0) return -1;
      const first = bytes[from];
      const kind = first === LF ? SPACE : first;
      if (kind === MINUS) {
        oldLeft--;
      } else if (kind === SPACE || kind === PLUS) {
        if (kind === SPACE) oldLeft--;
        newLeft--;
        const start = first === LF ? from : from + 1;
        lines.push(start, lf + 1);
        size += lf + 1 - start;
        if (kind === PLUS) {
          if (range !== undefined && range.last === line - 1) range.last = line;
          else added.push((range = { first: line, last: line }));
        }
        line++;
      } else {
        return -1;
      }
      from = lf + 1;
    }
    if (oldLeft < 0 || newLeft < 0 || size > PART_BYTES) return -1;
    // What follows decides whether the last line has an end.
    if (from >= bytes.length || bytes[from] === BACKSLASH) return -1;
    const out = Buffer.allocUnsafe(size);
    let length = 0;
    for (let i = 0; i < lines.length; i += 2) length += bytes.copy(out, length, lines[i], lines[i + 1]);
    this.#out = out;
    this.#length = length;
    this.#line = line;
    this.#added = added;
    this.#oldLeft = 0;
    this.#newLeft = 0;
    this.end(records);
    return from;
  }

  #fresh = false;

  /** Looks at the first byte of a line; `false` where the hunk is over. */
  #startLine(first: number | undefined, records: DiffRecord[]): boolean {
    if (first === BACKSLASH) {
      if (this.#lastKind === 0) throw outOfStep('a hunk begins with a mark');
      this.#within = BACKSLASH;
      if (this.#lastKind !== MINUS && this.#length > 0 && this.#out[this.#length - 1] === LF) this.#length--;
      this.#fresh = true;
      return true;
    }
    if (this.#oldLeft === 0 && this.#newLeft === 0) return false;
    const kind = first === LF ? SPACE : first;
    if (kind !== SPACE && kind !== PLUS && kind !== MINUS) throw outOfStep('a line of a hunk cannot be read');
    if (kind !== PLUS && --this.#oldLeft < 0) throw outOfStep('a hunk is longer than its header says');
    if (kind !== MINUS && --this.#newLeft < 0) throw outOfStep('a hunk is longer than its header says');
    if (kind !== MINUS && this.#length >= PART_BYTES) this.#cutAtLine(records);
    if (kind === PLUS) {
      const last = this.#added.at(-1);
      if (last !== undefined && last.last === this.#line - 1) last.last = this.#line;
      else this.#added.push({ first: this.#line, last: this.#line });
    }
    this.#within = kind;
    this.#lastKind = kind;
    this.#fresh = true;
    return true;
  }

  #endLine(): void {
    if (this.#within === SPACE || this.#within === PLUS) {
      this.#line++;
      this.#lineStart = this.#length;
      this.#lineColumn = 0;
    }
    this.#within = 0;
  }

  #append(bytes: Buffer, start: number, end: number, records: DiffRecord[]): void {
    let from = start;
    while (from < end) {
      // Where a cut falls depends on the text alone, not on how it was split on its way here.
      const room = PART_BYTES - (this.#length - this.#lineStart);
      const size = Math.min(end - from, room);
      if (this.#length + size > this.#out.length) {
        const larger = Buffer.allocUnsafe(Math.max(4096, this.#out.length * 2, this.#length + size));
        this.#out.copy(larger, 0, 0, this.#length);
        this.#out = larger;
      }
      bytes.copy(this.#out, this.#length, from, from + size);
      this.#length += size;
      from += size;
      if (from < end) this.#cutInLine(records);
    }
  }

  /** Hands on what there is; the next part repeats the last lines, as old ones. */
  #cutAtLine(records: DiffRecord[]): void {
    const out = this.#emit(records);
    const lf = out.indexOf(LF, Math.max(0, out.length - OVERLAP_BYTES));
    const kept = out.subarray(lf < 0 ? out.length : lf + 1);
    let lines = 0;
    for (let lf2 = kept.indexOf(LF); lf2 >= 0; lf2 = kept.indexOf(LF, lf2 + 1)) lines++;
    this.#restart(kept, this.#line - lines, 0);
    this.#lineStart = this.#length;
    this.#added = [];
  }

  /** The same within a line that is longer than a part; the repeated bytes stay new if the line is. */
  #cutInLine(records: DiffRecord[]): void {
    const isNew = this.#within === PLUS;
    const lineStart = this.#lineStart;
    const out = this.#emit(records);
    let from = out.length - OVERLAP_BYTES;
    while (from > lineStart && ((out[from] ?? 0) & 0xc0) === 0x80) from--;
    const column = this.#lineColumn + utf16Length(out.subarray(lineStart, from));
    this.#restart(out.subarray(from), this.#line, column);
    this.#lineStart = 0;
    this.#lineColumn = column;
    this.#added = isNew ? [{ first: this.#line, last: this.#line }] : [];
  }

  #restart(kept: Buffer, line: number, column: number): void {
    this.#out = Buffer.allocUnsafe(PART_BYTES + (PART_BYTES >> 1));
    this.#length = kept.copy(this.#out);
    this.#firstLine = line;
    this.#firstColumn = column;
  }

  #emit(records: DiffRecord[], last = false): Buffer {
    const bytes = this.#out.subarray(0, this.#length);
    if (this.#added.length > 0 && bytes.length > 0) {
      records.push({
        kind: 'hunk',
        entry: this.#entry,
        bytes,
        firstLine: this.#firstLine,
        firstColumn: this.#firstColumn,
        added: this.#added,
        whole: last && this.#parts === 0,
      });
    }
    this.#parts++;
    return bytes;
  }

  /** The hunk is over. @throws {DiffOutOfStep} where lines are missing */
  end(records: DiffRecord[]): void {
    if (this.#oldLeft > 0 || this.#newLeft > 0) throw outOfStep('a hunk is shorter than its header says');
    this.#emit(records, true);
    this.done = true;
  }
}

/** UTF-16 units of UTF-8 bytes; as many as a string of them has, so that what is no UTF-8 counts in the same way. */
export function utf16Length(bytes: Uint8Array): number {
  return isAscii(bytes) ? bytes.length : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).utf8Slice().length;
}

/** A type change is printed as a deletion and a creation. */
function changesType({ oldMode, newMode, status }: DiffEntry): boolean {
  if (status === 'A' || status === 'D') return false;
  return oldMode.slice(0, 3) !== newMode.slice(0, 3);
}

function startsWith(bytes: Buffer, at: number, text: string): boolean {
  return (
    bytes[at] === text.charCodeAt(0) &&
    bytes.length - at >= text.length &&
    bytes.latin1Slice(at, at + text.length) === text
  );
}

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102));
}

function outOfStep(what: string): DiffOutOfStep {
  return new DiffOutOfStep(`git printed a diff that cannot be followed: ${what}`, {
    fix: 'report this with the output of `git --version`',
  });
}
