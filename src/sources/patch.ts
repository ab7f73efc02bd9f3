import type { Chunk, Origin, Skipped, Source } from '../core/chunk.ts';
import { SourceError } from '../core/errors.ts';
import { decodePath } from '../core/path.ts';
import { DiffOutOfStep, HunkBuilder, readHunkHeader, type DiffEntry, type DiffRecord } from '../git/diff.ts';
import { skipped } from './diff-source.ts';
import { readableStream } from './stdin.ts';
import { isLfsPointer, toReadable } from './text.ts';

const LF = 10;
/** A header line that is longer is cut; only its beginning is looked at. */
const LINE_CAP = 1 << 16;

/** What a patch cannot be asked to show. Of any other name, an attribute of the repository may hide text. */
const NO_TEXT =
  /\.(?:png|jpe?g|gif|webp|avif|bmp|ico|icns|tiff?|psd|woff2?|ttf|otf|eot|mp[34]|m4[av]|mov|avi|webm|ogg|wav|flac|pdf|zip|gz|tgz|bz2|xz|7z|rar|jar|class|wasm|exe|dll|so|dylib|node)$/i;

/** A unified diff made by any tool. Its names are labels: nothing is opened by them. */
export function patchSource(input: AsyncIterable<Uint8Array>): Source {
  return {
    name: 'patch',
    async *read(): AsyncGenerator<Chunk | Skipped> {
      const reader = new PatchReader();
      for await (const item of readableStream(input)) {
        if (item === 'too-large') yield skipped({ source: 'patch', path: 'patch' }, 'too-large', true);
        else if (item !== 'binary') yield* reader.push(item);
      }
      yield* reader.finish();
    },
  };
}

/** Reads a patch however its bytes are split. */
export class PatchReader {
  #hunk: HunkBuilder | undefined;
  #carry: Buffer = Buffer.alloc(0);
  #line = 0;
  #oldName: string | undefined;
  #entry: DiffEntry | undefined;
  #path = '';
  #deleted = false;
  /** Something was a diff, even if without text: a mode change, a rename, a binary file. */
  #understood = false;
  #blank = true;

  /** @throws {SourceError} where a hunk is not what its header says */
  *push(block: Buffer): Generator<Chunk | Skipped> {
    const bytes = this.#carry.length === 0 ? block : Buffer.concat([this.#carry, block]);
    this.#carry = Buffer.alloc(0);
    let at = 0;
    while (at < bytes.length) {
      if (this.#hunk !== undefined) {
        at = yield* this.#readHunk(this.#hunk, bytes, at);
        continue;
      }
      const lf = bytes.indexOf(LF, at);
      if (lf < 0) {
        this.#carry = Buffer.from(bytes.subarray(at));
        return;
      }
      yield* this.#header(bytes.subarray(at, lf));
      at = lf + 1;
    }
  }

  /** @throws {SourceError} where no diff was found in a text that is not blank */
  *finish(): Generator<Chunk | Skipped> {
    if (this.#carry.length > 0) yield* this.#header(this.#carry);
    if (this.#hunk !== undefined) {
      const records: DiffRecord[] = [];
      this.#guard(() => this.#hunk?.end(records));
      yield* this.#chunks(records);
    }
    if (!this.#understood && !this.#blank) {
      throw new SourceError('the patch holds no unified diff', {
        fix: 'give the output of `git diff`, without colours, or of `diff -u`',
      });
    }
  }

  *#readHunk(hunk: HunkBuilder, bytes: Buffer, at: number): Generator<Chunk | Skipped, number> {
    const records: DiffRecord[] = [];
    const next = this.#guard(() => hunk.read(bytes, at, records));
    yield* this.#chunks(records);
    if (hunk.done) this.#hunk = undefined;
    return next;
  }

  #guard<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DiffOutOfStep)) throw error;
      throw new SourceError(`the hunk at line ${this.#line} of the patch is not what its header says`, {
        fix: 'give the patch as the tool wrote it',
        cause: error,
      });
    }
  }

  *#header(line: Buffer): Generator<Chunk | Skipped> {
    this.#line++;
    const text = line.toString('latin1', 0, Math.min(line.length, LINE_CAP)).replace(/\r$/, '');
    if (this.#blank && text.trim() !== '') this.#blank = false;
    if (text.startsWith('diff --git ')) {
      this.#understood = true;
      this.#oldName = undefined;
      this.#entry = undefined;
      this.#deleted = false;
      this.#path = nameOfGitHeader(text.slice('diff --git '.length));
    } else if (text.startsWith('--- ')) {
      this.#oldName = fileName(text.slice(4));
    } else if (text.startsWith('+++ ') && this.#oldName !== undefined) {
      this.#setNames(this.#oldName, fileName(text.slice(4)));
    } else if (text.startsWith('rename to ') || text.startsWith('copy to ')) {
      this.#path = fileName(text.slice(text.indexOf(' to ') + 4));
    } else if (text.startsWith('deleted file mode ')) {
      this.#deleted = true;
    } else if (text.startsWith('@@ -')) {
      this.#understood = true;
      this.#entry ??= entryOf(this.#path || 'patch', false);
      const entry = this.#entry;
      this.#hunk = this.#guard(() => new HunkBuilder(readHunkHeader(text), entry));
    } else if (text.startsWith('@@@ -')) {
      throw new SourceError(`line ${this.#line} of the patch begins a combined diff, which hides lines`, {
        fix: 'make the patch with `git show -m` or `git diff A B`',
      });
    } else if (text.startsWith('GIT binary patch') || (text.startsWith('Binary files ') && text.endsWith(' differ'))) {
      this.#understood = true;
      const path = decodePath(Buffer.from(this.#path || 'patch', 'latin1'));
      if (!this.#deleted) yield skipped(originOf(path), 'not-shown', !NO_TEXT.test(path));
    }
  }

  #setNames(oldName: string, newName: string): void {
    const [from, to] = [stripPrefix(oldName, 'a/'), stripPrefix(newName, 'b/')];
    const name = newName === '/dev/null' ? (from ?? oldName) : (to ?? newName);
    this.#path = name;
    this.#entry = entryOf(name, oldName === '/dev/null');
    this.#oldName = undefined;
  }

  *#chunks(records: readonly DiffRecord[]): Generator<Chunk | Skipped> {
    for (const record of records) {
      if (record.kind !== 'hunk') continue;
      const origin = originOf(decodePath(record.entry.path));
      if (record.whole && record.firstLine === 1 && isLfsPointer(record.bytes)) {
        yield skipped(origin, 'lfs-pointer');
        continue;
      }
      const { bytes, binary } = toReadable(record.bytes);
      if (binary) yield skipped(origin, 'binary');
      const newFile = record.entry.status === 'A';
      yield {
        kind: 'chunk',
        origin,
        bytes,
        firstLine: record.firstLine,
        ...(record.firstColumn > 0 && { firstColumn: record.firstColumn }),
        added: record.added,
        whole: newFile && record.whole,
        newFile,
      };
    }
  }
}

function originOf(path: string): Origin {
  return { source: 'patch', path };
}

/** Latin-1 name to an entry; only `path` and `status` mean anything here. */
function entryOf(name: string, isNew: boolean): DiffEntry {
  return {
    oldMode: '',
    newMode: '',
    oldId: '',
    newId: '',
    status: isNew ? 'A' : 'M',
    path: Buffer.from(name, 'latin1'),
  };
}

/** The name of a `---` or `+++` line: quoted as git does, or up to a tab. */
function fileName(text: string): string {
  if (text.startsWith('"')) return unquote(text);
  const tab = text.indexOf('\t');
  return tab < 0 ? text : text.slice(0, tab);
}

/** The second of two names that are equal but for their prefix. */
function nameOfGitHeader(text: string): string {
  const quoted = / ("(?:[^"\\]|\\.)*")$/.exec(text)?.[1];
  if (quoted !== undefined) return stripPrefix(unquote(quoted), 'b/') ?? unquote(quoted);
  const middle = (text.length - 1) / 2;
  const second =
    Number.isInteger(middle) && text[middle] === ' ' ? text.slice(middle + 1) : text.slice(text.lastIndexOf(' ') + 1);
  return stripPrefix(second, 'b/') ?? second;
}

function stripPrefix(name: string, prefix: string): string | undefined {
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
};

/** Undoes git's C-style quoting; bytes stay Latin-1. */
function unquote(text: string): string {
  const inner = /^"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text;
  return inner.replaceAll(/\\([0-7]{3}|.)/g, (_, escape: string) =>
    escape.length === 3 ? String.fromCharCode(Number.parseInt(escape, 8) & 0xff) : (ESCAPES[escape] ?? escape),
  );
}
