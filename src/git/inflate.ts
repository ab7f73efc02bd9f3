import { inflateSync } from 'node:zlib';
import { wasm } from '#inflate';

/** What `src/wasm/inflate.ts` exports. */
interface WasmExports {
  readonly memory: WebAssembly.Memory;
  inflate(stream: number, streamEnd: number, text: number, textEnd: number): number;
}

const WASM_PAGE = 65_536;
/** Texts up to this are unpacked by our own module, bytes; what is larger is worth the start of zlib, which is faster then. */
const MOST_OWN = 128 << 10;
/** A stream that is longer than its text by more than this was made to be. */
const MARGIN = 1024;
// In the memory of the module: its tables, a text, a stream and what is read beyond it.
const TEXT = 16_384;
const STREAM = TEXT + MOST_OWN;
const STREAM_BYTES = MOST_OWN + (MOST_OWN >> 10) + MARGIN;

let loaded: { readonly exports: WasmExports; readonly memory: Buffer } | undefined;

/**
 * Bytes of a stream that a text of `size` bytes is packed into, in all likelihood no more; a stream may be
 * given with what follows it.
 */
export function likelyLength(size: number): number {
  return size + (size >> 10) + MARGIN;
}

/**
 * Unpacks a zlib stream that begins with `packed`, and of which that may be less or more than all.
 * @returns exactly `size` bytes, which hold until the next call; `undefined` where it gives something else
 */
export function inflate(packed: Buffer, size: number): Buffer | undefined {
  if (size > MOST_OWN || packed.length > STREAM_BYTES || typeof WebAssembly === 'undefined') {
    return inflateWithZlib(packed, size);
  }
  const { exports, memory } = (loaded ??= load());
  memory.set(packed, STREAM);
  const ok = exports.inflate(STREAM, STREAM + packed.length, TEXT, TEXT + size) === 1;
  return ok ? memory.subarray(TEXT, TEXT + size) : undefined;
}

/** @see inflate */
export function inflateWithZlib(packed: Buffer, size: number): Buffer | undefined {
  try {
    const bytes = inflateSync(packed, { chunkSize: Math.max(64, size + 1), maxOutputLength: size + 1 });
    return bytes.length === size ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function load(): NonNullable<typeof loaded> {
  // The shape of what the module exports is known here alone.
  const exports = new WebAssembly.Instance(new WebAssembly.Module(wasm)).exports as unknown as WasmExports;
  const { memory } = exports;
  const size = STREAM + STREAM_BYTES + 8;
  memory.grow(Math.max(0, Math.ceil(size / WASM_PAGE) - memory.buffer.byteLength / WASM_PAGE));
  return { exports, memory: Buffer.from(memory.buffer) };
}
