/** Cyclic redundancy checks; Node 20 has none of them. Tables are built at the first call. */

let table: Uint32Array | undefined;

function crc32Table(): Uint32Array {
  const made = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    made[n] = value;
  }
  return made;
}

/** CRC-32 as zlib and PNG have it (IEEE 802.3); a string counts as Latin-1. */
export function crc32(data: string | Uint8Array): number {
  table ??= crc32Table();
  const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

/** CRC-24 of RFC 9580, section 6.1.1. */
export function crc24(bytes: Uint8Array): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) {
      crc <<= 1;
      if (crc & 0x1000000) crc ^= 0x1864cfb;
    }
  }
  return crc & 0xffffff;
}

/** CRC-16/XMODEM. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A number in any base, most significant digit first, without padding; empty for 0. */
export function digitsOf(value: number, alphabet: string = BASE62): string {
  let out = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / alphabet.length)) {
    out = alphabet.charAt(rest % alphabet.length) + out;
  }
  return out;
}

/** A 32-bit number as 4 bytes, lowest first. */
export function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** A 32-bit number as 8 lower-case hex digits, highest first. */
export function hex32(value: number): string {
  return value.toString(16).padStart(8, '0');
}
