/**
 * Unpacks zlib streams (https://www.rfc-editor.org/rfc/rfc1950, https://www.rfc-editor.org/rfc/rfc1951) that
 * are in memory as a whole: a history has as many small ones as there are changes, and Node's own zlib takes
 * longer to begin than they take to unpack. In the AssemblyScript dialect; called by `src/git/inflate.ts`,
 * which lays out the memory.
 */

/** Bits of a code that a table tells at once; longer codes are rare, and read bit by bit. */
const LENGTH_BITS: u32 = 10;
const DISTANCE_BITS: u32 = 8;
const MOST_BITS: u32 = 15;

// Two sets of tables, for codes that a stream brings along and for the fixed ones: entries of 16 bits with
// symbol and length, how many codes there are of each length, and symbols by their code.
const LENGTHS: usize = 1024;
const ORDER: usize = LENGTHS + 320;
const OFFSETS: usize = ORDER + 32;
const TABLES: usize = 2048;
const LENGTH_TABLE: usize = 0;
const LENGTH_COUNTS: usize = LENGTH_TABLE + 2048;
const LENGTH_SYMBOLS: usize = LENGTH_COUNTS + 32;
const DISTANCE_TABLE: usize = LENGTH_SYMBOLS + 640;
const DISTANCE_COUNTS: usize = DISTANCE_TABLE + 512;
const DISTANCE_SYMBOLS: usize = DISTANCE_COUNTS + 32;
const SET_BYTES: usize = 4096;
const FIXED: usize = TABLES + SET_BYTES;

let fixedReady: bool = false;

// Where the stream is read, bits that have been read ahead, and how many; where the text is written.
let next: usize = 0;
let bits: u64 = 0;
let held: u32 = 0;
let out: usize = 0;

function refill(): void {
  // Beyond the end of the stream there is memory; what is read there is found out at the end.
  bits |= load<u64>(next) << held;
  next += (63 - held) >> 3;
  held |= 56;
}

function take(count: u32): u32 {
  const value = <u32>(bits & ((1 << count) - 1));
  bits >>= count;
  held -= count;
  return value;
}

/** Makes the tables of a code from the lengths of its symbols; `false` where there is no such code. */
function build(lengths: usize, count: u32, tableBits: u32, table: usize, counts: usize, symbols: usize): bool {
  memory.fill(counts, 0, 32);
  for (let i: u32 = 0; i < count; i++) {
    const at = counts + ((<usize>load<u8>(lengths + i)) << 1);
    store<u16>(at, load<u16>(at) + 1);
  }
  store<u16>(counts, 0);
  let left: i32 = 1;
  let offset: u32 = 0;
  for (let length: u32 = 1; length <= MOST_BITS; length++) {
    const many = <u32>load<u16>(counts + (length << 1));
    left = (left << 1) - many;
    if (left < 0) return false;
    store<u16>(OFFSETS + (length << 1), <u16>offset);
    offset += many;
  }
  for (let i: u32 = 0; i < count; i++) {
    const length = <u32>load<u8>(lengths + i);
    if (length == 0) continue;
    const at = OFFSETS + (length << 1);
    const index = <u32>load<u16>(at);
    store<u16>(at, <u16>(index + 1));
    store<u16>(symbols + (index << 1), <u16>i);
  }
  memory.fill(table, 0, 2 << tableBits);
  // Codes come with their first bit lowest: the next one is made by carrying the other way.
  let code: u32 = 0;
  let index: u32 = 0;
  for (let length: u32 = 1; length <= tableBits; length++) {
    for (let many = <u32>load<u16>(counts + (length << 1)); many > 0; many--) {
      const entry = <u16>(((<u32>load<u16>(symbols + (index << 1))) << 4) | length);
      index++;
      for (let at = code; at < 1 << tableBits; at += 1 << length) store<u16>(table + (at << 1), entry);
      let carry: u32 = 1 << (length - 1);
      while ((code & carry) != 0) carry >>= 1;
      code = carry == 0 ? 0 : (code & (carry - 1)) | carry;
    }
  }
  return true;
}

/** The symbol of a code that the table does not tell; -1 where there is none. */
function decodeSlowly(counts: usize, symbols: usize): i32 {
  let code: i32 = 0;
  let first: i32 = 0;
  let index: i32 = 0;
  for (let length: u32 = 1; length <= MOST_BITS; length++) {
    code |= <i32>take(1);
    const many = <i32>load<u16>(counts + (length << 1));
    if (code - many < first) return <i32>load<u16>(symbols + ((<usize>(index + (code - first))) << 1));
    index += many;
    first = (first + many) << 1;
    code <<= 1;
  }
  return -1;
}

function decode(table: usize, tableBits: u32, counts: usize, symbols: usize): i32 {
  const entry = <u32>load<u16>(table + ((<usize>(bits & ((1 << tableBits) - 1))) << 1));
  if (entry == 0) return decodeSlowly(counts, symbols);
  bits >>= entry & 15;
  held -= entry & 15;
  return entry >> 4;
}

function buildFixed(): void {
  for (let i: u32 = 0; i < 288; i++) store<u8>(LENGTHS + i, i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
  build(LENGTHS, 288, LENGTH_BITS, FIXED + LENGTH_TABLE, FIXED + LENGTH_COUNTS, FIXED + LENGTH_SYMBOLS);
  memory.fill(LENGTHS, 5, 30);
  build(LENGTHS, 30, DISTANCE_BITS, FIXED + DISTANCE_TABLE, FIXED + DISTANCE_COUNTS, FIXED + DISTANCE_SYMBOLS);
  fixedReady = true;
}

/** Reads the codes that a block brings along. */
function buildDynamic(): bool {
  refill();
  const lengthCodes = take(5) + 257;
  const distanceCodes = take(5) + 1;
  const codeCodes = take(4) + 4;
  if (lengthCodes > 286 || distanceCodes > 30) return false;
  memory.fill(ORDER, 0, 19);
  for (let i: u32 = 0; i < codeCodes; i++) {
    if (held < 3) refill();
    // 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1 15
    const at: u32 = i < 3 ? 16 + i : i == 3 ? 0 : (i & 1) == 0 ? 8 + ((i - 4) >> 1) : 7 - ((i - 5) >> 1);
    store<u8>(ORDER + at, <u8>take(3));
  }
  const codes = TABLES;
  if (!build(ORDER, 19, 7, codes + LENGTH_TABLE, codes + LENGTH_COUNTS, codes + LENGTH_SYMBOLS)) return false;
  const all = lengthCodes + distanceCodes;
  for (let i: u32 = 0; i < all;) {
    refill();
    const symbol = decode(codes + LENGTH_TABLE, 7, codes + LENGTH_COUNTS, codes + LENGTH_SYMBOLS);
    if (symbol < 0) return false;
    if (symbol < 16) {
      store<u8>(LENGTHS + i, <u8>symbol);
      i++;
      continue;
    }
    if (symbol == 16 && i == 0) return false;
    const length: u8 = symbol == 16 ? load<u8>(LENGTHS + i - 1) : 0;
    const repeat = symbol == 16 ? 3 + take(2) : symbol == 17 ? 3 + take(3) : 11 + take(7);
    if (i + repeat > all) return false;
    memory.fill(LENGTHS + i, length, repeat);
    i += repeat;
  }
  return (
    build(
      LENGTHS + lengthCodes,
      distanceCodes,
      DISTANCE_BITS,
      TABLES + DISTANCE_TABLE,
      TABLES + DISTANCE_COUNTS,
      TABLES + DISTANCE_SYMBOLS,
    ) &&
    build(LENGTHS, lengthCodes, LENGTH_BITS, TABLES + LENGTH_TABLE, TABLES + LENGTH_COUNTS, TABLES + LENGTH_SYMBOLS)
  );
}

/** Unpacks a block with codes to `out`, which may go up to `end`. */
function inflateBlock(tables: usize, start: usize, end: usize): bool {
  while (true) {
    refill();
    const symbol = decode(tables + LENGTH_TABLE, LENGTH_BITS, tables + LENGTH_COUNTS, tables + LENGTH_SYMBOLS);
    if (symbol < 256) {
      if (symbol < 0 || out >= end) return false;
      store<u8>(out, <u8>symbol);
      out++;
      continue;
    }
    if (symbol == 256) return true;
    // Lengths 3 to 10 are symbols of their own, then each four have one bit more; 285 is 258.
    const kind = <u32>symbol - 257;
    if (kind > 28) return false;
    let length: u32 = kind + 3;
    if (kind == 28) {
      length = 258;
    } else if (kind > 7) {
      const extra = (kind >> 2) - 1;
      length = 3 + ((4 + (kind & 3)) << extra) + take(extra);
    }
    const place = decode(tables + DISTANCE_TABLE, DISTANCE_BITS, tables + DISTANCE_COUNTS, tables + DISTANCE_SYMBOLS);
    if (place < 0 || place > 29) return false;
    let distance: u32 = <u32>place + 1;
    if (place > 3) {
      const extra = (<u32>place >> 1) - 1;
      distance = 1 + ((2 + (<u32>place & 1)) << extra) + take(extra);
    }
    if (<usize>distance > out - start || <usize>length > end - out) return false;
    if (distance >= length) {
      memory.copy(out, out - distance, length);
      out += length;
    } else {
      const last = out + length;
      for (; out < last; out++) store<u8>(out, load<u8>(out - distance));
    }
  }
}

function inflateStored(stream: usize, streamEnd: usize, end: usize): bool {
  // Whole bytes that were read ahead are given back.
  next -= held >> 3;
  bits = 0;
  held = 0;
  if (next < stream || next + 4 > streamEnd) return false;
  const length = <usize>load<u16>(next);
  if ((length ^ <usize>load<u16>(next + 2)) != 0xffff) return false;
  next += 4;
  if (next + length > streamEnd || length > end - out) return false;
  memory.copy(out, next, length);
  next += length;
  out += length;
  return true;
}

function adler(at: usize, end: usize): u32 {
  let low: u32 = 1;
  let high: u32 = 0;
  while (at < end) {
    // So many can be added before a number overflows.
    const stop = min(end, at + 5552);
    for (; at < stop; at++) {
      low += <u32>load<u8>(at);
      high += low;
    }
    low %= 65521;
    high %= 65521;
  }
  return (high << 16) | low;
}

/**
 * Unpacks the stream at `[stream, streamEnd)`, which more may follow, to `[text, textEnd)`. 1 where it fills
 * that exactly and its checksum is right; 0 where it does not, or is none. Up to 8 bytes behind the stream are
 * read, and none are written but those of the text.
 */
export function inflate(stream: usize, streamEnd: usize, text: usize, textEnd: usize): u32 {
  if (streamEnd - stream < 6) return 0;
  const method = <u32>load<u8>(stream);
  const flags = <u32>load<u8>(stream + 1);
  if ((method & 15) != 8 || method >> 4 > 7 || (flags & 32) != 0 || ((method << 8) | flags) % 31 != 0) return 0;
  next = stream + 2;
  bits = 0;
  held = 0;
  out = text;
  let last: u32 = 0;
  while (last == 0) {
    if (next - (held >> 3) > streamEnd) return 0;
    refill();
    last = take(1);
    const kind = take(2);
    if (kind == 0) {
      if (!inflateStored(stream, streamEnd, textEnd)) return 0;
    } else if (kind == 1) {
      if (!fixedReady) buildFixed();
      if (!inflateBlock(FIXED, text, textEnd)) return 0;
    } else if (kind == 2) {
      if (!buildDynamic() || !inflateBlock(TABLES, text, textEnd)) return 0;
    } else {
      return 0;
    }
  }
  next -= held >> 3;
  if (out != textEnd || next + 4 > streamEnd) return 0;
  return adler(text, textEnd) == bswap<u32>(load<u32>(next)) ? 1 : 0;
}
