import { readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { createTarDecoder } from 'modern-tar';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';
import type { Chunk, Origin, Skipped } from '../core/chunk.ts';
import { decodePath } from '../core/path.ts';
import { skipped } from './diff-source.ts';
import { PartCutter } from './parts.ts';
import { readableStream, toChunk } from './stdin.ts';
import { archiveFormat, TAR_HEADER_BYTES, type ArchiveFormat } from './text.ts';

/** Archives within archives that are opened: `a.zip!/b.tar.gz!/c.jar!/d`. */
const MOST_DEPTH = 3;
const MOST_ENTRIES = 100_000;
/** Bytes that may come out of one file, archives within it included: so many times its own, within these bounds. */
const MOST_RATIO = 200;
const LEAST_UNPACKED = 64 << 20;
const MOST_UNPACKED = 1 << 30;
/** A zip archive within another is kept in memory: its list of entries is at its end. */
const MOST_NESTED = 64 << 20;
const BLOCK_BYTES = 256 << 10;

/** A file while it is open: streams may be left in the middle, and must not read on once its number means another. */
interface OpenFile {
  readonly fd: number;
  readonly size: number;
  isOver?: boolean;
}

/** An open file, or a text in memory. */
type Content = OpenFile | Buffer;

type Stream = AsyncIterable<Uint8Array>;

/**
 * What is in an archive, each entry as a file of its own: `a.zip!/inner/path`. Nothing is written anywhere,
 * so that paths which lead elsewhere and links are names and texts like others. The generator returns
 * whether it was an archive at all.
 */
export async function* archiveItems(
  content: OpenFile | Buffer,
  format: ArchiveFormat,
  origin: Origin,
  signal?: AbortSignal,
): AsyncGenerator<Chunk | Skipped, boolean> {
  const size = 'fd' in content ? content.size : content.length;
  const archive = new Archive(size, signal);
  try {
    if (format === 'zip') return yield* archive.zip(content, origin, 1);
    yield* archive.entry(blocks(content, 0, size), origin, 0);
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    yield skipped(origin, 'archive-limit', true);
  } finally {
    if ('fd' in content) content.isOver = true;
  }
  return true;
}

/** More would come out of an archive than is let out. */
class LimitError extends Error {}

/** One file with all that is packed in it. */
class Archive {
  readonly #signal: AbortSignal | undefined;
  #bytes: number;
  #entries = MOST_ENTRIES;

  constructor(size: number, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#bytes = Math.min(MOST_UNPACKED, Math.max(LEAST_UNPACKED, size * MOST_RATIO));
  }

  async *zip(content: Content, origin: Origin, depth: number): AsyncGenerator<Chunk | Skipped, boolean> {
    const size = 'fd' in content ? content.size : content.length;
    const options = { autoClose: false, decodeStrings: false, lazyEntries: true };
    let zip;
    try {
      zip = await fromRandomAccessReaderPromise(new BlockReader(content), size, options);
    } catch {
      return false;
    }
    if (zip.comment.length > 0) {
      yield { ...wholeText(origin, Buffer.from(zip.comment)), whole: false };
    }
    const entries = zip.eachEntry();
    for (;;) {
      let step: IteratorResult<Entry>;
      try {
        step = await entries.next();
      } catch {
        yield skipped(origin, 'damaged', true);
        return true;
      }
      if (step.done === true) return true;
      const entry = step.value;
      const path = pathOf(entry.fileNameRaw);
      this.#enter();
      if (path.endsWith('/')) continue;
      const inner = within(origin, path);
      if (entry.isEncrypted()) yield skipped(inner, 'encrypted');
      else if (!entry.canDecodeFileData()) yield skipped(inner, 'damaged');
      else yield* this.#guarded(inner, async () => this.#counted(await zip.openReadStreamPromise(entry)), depth);
    }
  }

  /** One entry, which may be an archive itself; `depth`: how many it is in. */
  async *entry(stream: Stream, origin: Origin, depth: number): AsyncGenerator<Chunk | Skipped> {
    const { head, all } = await peek(stream);
    const format = archiveFormat(head);
    if (format === undefined) {
      yield* text(all, origin);
    } else if (depth >= MOST_DEPTH) {
      yield skipped(origin, 'archive-limit', true);
    } else if (format === 'tar') {
      yield* this.#tar(all, origin, depth + 1);
    } else if (format === 'gzip') {
      yield* this.#gzip(all, origin, depth + 1);
    } else {
      const whole = await collect(all, MOST_NESTED);
      if (whole === undefined) yield skipped(origin, 'archive-limit', true);
      else if (!(yield* this.zip(whole, origin, depth + 1))) yield* text(once(whole), origin);
    }
  }

  /** A compressed archive is one archive; anything else has the file's own name without its ending. */
  async *#gzip(stream: Stream, origin: Origin, depth: number): AsyncGenerator<Chunk | Skipped> {
    const { path } = origin;
    const name = path
      .slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('!')) + 1)
      .replace(/\.tgz$/i, '.tar')
      .replace(/\.(?:gz|gzip|svgz)$/i, '');
    this.#enter();
    const open = async (): Promise<Stream> => {
      const gunzip = createGunzip({ chunkSize: BLOCK_BYTES });
      const source = Readable.from(stream);
      source.on('error', (error) => gunzip.destroy(error));
      return Promise.resolve(this.#counted(source.pipe(gunzip)));
    };
    try {
      const { head, all } = await peek(await open());
      if (archiveFormat(head) === 'tar') yield* this.#tar(all, origin, depth);
      else yield* this.entry(all, within(origin, name), depth);
    } catch (error) {
      yield* this.#failure(error, origin);
    }
  }

  async *#tar(stream: Stream, origin: Origin, depth: number): AsyncGenerator<Chunk | Skipped> {
    const { readable, writable } = createTarDecoder({ strict: true });
    const feeding = { isOver: false };
    const fed = feed(stream, writable, feeding);
    try {
      for await (const { header, body } of readable) {
        this.#enter();
        const inner = within(origin, header.name);
        if (header.type === undefined || header.type === 'file') {
          yield* this.#guarded(inner, async () => Promise.resolve(this.#counted(body)), depth);
          continue;
        }
        await body.cancel();
        if (header.type !== 'symlink' && header.type !== 'link') continue;
        yield skipped(inner, 'symlink');
        yield wholeText(inner, Buffer.from(header.linkname ?? ''));
      }
      await fed;
    } catch (error) {
      yield* this.#failure(error, origin);
    } finally {
      feeding.isOver = true;
    }
  }

  /** An entry that cannot be read, or not to its end, does not keep others from being read. */
  async *#guarded(origin: Origin, open: () => Promise<Stream>, depth: number): AsyncGenerator<Chunk | Skipped> {
    try {
      yield* this.entry(await open(), origin, depth);
    } catch (error) {
      yield* this.#failure(error, origin);
    }
  }

  *#failure(error: unknown, origin: Origin): Generator<Skipped> {
    if (error instanceof LimitError || this.#signal?.aborted === true) throw error;
    yield skipped(origin, 'damaged', true);
  }

  #enter(): void {
    this.#signal?.throwIfAborted();
    if (--this.#entries < 0) throw new LimitError();
  }

  async *#counted(stream: Stream): AsyncGenerator<Uint8Array> {
    for await (const block of stream) {
      this.#signal?.throwIfAborted();
      this.#bytes -= block.length;
      if (this.#bytes < 0) throw new LimitError();
      yield block;
    }
  }
}

/** Text as it is, decoded, or what can be read in it. */
async function* text(stream: Stream, origin: Origin): AsyncGenerator<Chunk | Skipped> {
  const cutter = new PartCutter();
  for await (const item of readableStream(stream)) {
    if (item === 'binary') yield skipped(origin, 'binary');
    else if (item === 'too-large') yield skipped(origin, 'too-large', true);
    else for (const part of cutter.push(item)) yield toChunk(part, origin);
  }
  const last = cutter.finish();
  if (last !== undefined) yield toChunk(last, origin);
}

function wholeText(origin: Origin, bytes: Buffer): Chunk {
  return { kind: 'chunk', origin, bytes, firstLine: 1, whole: true, newFile: true };
}

function within(origin: Origin, path: string): Origin {
  return { ...origin, path: `${origin.path}!/${path}` };
}

/** Some programs of Windows write the other slash. */
function pathOf(name: Uint8Array): string {
  return decodePath(name.map((byte) => (byte === BACKSLASH ? SLASH : byte)));
}

const SLASH = 0x2f;
const BACKSLASH = 0x5c;

/** The beginning of a stream, as far as a format shows in it, and all of it. */
async function peek(stream: Stream): Promise<{ readonly head: Buffer; readonly all: Stream }> {
  const source = stream[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < TAR_HEADER_BYTES) {
    const step = await source.next();
    if (step.done === true) break;
    first.push(step.value);
    length += step.value.length;
  }
  const head = Buffer.concat(first);
  const all = (async function* (): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head;
      for (let step = await source.next(); step.done !== true; step = await source.next()) yield step.value;
    } finally {
      await source.return?.();
    }
  })();
  return { head, all };
}

/** A whole stream, if it is no larger. */
async function collect(stream: Stream, most: number): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > most) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

/** Hands a stream to a decoder, which tells its errors itself. */
async function feed(
  stream: Stream,
  writable: WritableStream<Uint8Array>,
  feeding: { readonly isOver: boolean },
): Promise<void> {
  const writer = writable.getWriter();
  try {
    for await (const block of stream) {
      if (feeding.isOver) return;
      await writer.write(block);
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => {});
  }
}

/** Read at once, so that nothing is under way when the file is closed. */
async function* blocks(content: Content, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end;) {
    if ('fd' in content && content.isOver === true) return;
    const length = Math.min(BLOCK_BYTES, end - at);
    const block = 'fd' in content ? Buffer.allocUnsafe(length) : content.subarray(at, at + length);
    const got = 'fd' in content ? readSync(content.fd, block, 0, length, at) : length;
    if (got === 0) return;
    at += got;
    yield await Promise.resolve(got === length ? block : block.subarray(0, got));
  }
}

class BlockReader extends RandomAccessReader {
  readonly #content: Content;

  constructor(content: Content) {
    super();
    this.#content = content;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(blocks(this.#content, start, end));
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null) => void,
  ): void {
    const content = this.#content;
    const got =
      'fd' in content
        ? content.isOver === true
          ? 0
          : readSync(content.fd, buffer, offset, length, position)
        : content.copy(buffer, offset, position, position + length);
    // It asks for nothing else than what must be there.
    setImmediate(done, got < length ? new Error('unexpected end') : null);
  }
}
