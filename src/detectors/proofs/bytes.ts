/**
 * Base64, base32, base58 and JSON as proofs read them: strict, so that one value has one spelling,
 * and capped, so that no input costs more than its length.
 */

/** UTF-16 units; nothing longer is a credential that carries its own proof. */
export const MAX_UNITS: number = 128 << 10;
/** JSON inside a credential is short. */
const MAX_JSON_UNITS = 32 << 10;

/**
 * Decodes canonical base64 (`+/`) or base64url (`-_`), padded or not; `undefined` for anything else:
 * foreign characters, both alphabets at once, bits set that no byte takes.
 */
export function fromBase64(text: string): Buffer | undefined {
  if (text.length > MAX_UNITS || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  const standard = /[+/]/.test(text);
  if (standard && /[-_]/.test(text)) return undefined;
  const bare = text.replace(/={1,2}$/, '');
  if (bare.length !== text.length && text.length % 4 !== 0) return undefined;
  const bytes = Buffer.from(bare, 'base64');
  const again = bytes.toString(standard ? 'base64' : 'base64url');
  return (standard ? again.replace(/={1,2}$/, '') : again) === bare ? bytes : undefined;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 base32 without padding, upper case; surplus bits are dropped. */
export function fromBase32(text: string): Buffer | undefined {
  if (text.length > MAX_UNITS) return undefined;
  const out: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    const digit = BASE32.indexOf(letter);
    if (digit < 0) return undefined;
    held = ((held << 5) | digit) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push((held >> bits) & 0xff);
    }
  }
  return Buffer.from(out);
}

export type JsonObject = Readonly<Record<string, unknown>>;

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON object, or `undefined` for anything else. */
export function jsonObject(text: string | undefined): JsonObject | undefined {
  if (text === undefined || text.length > MAX_JSON_UNITS || !/^\s{0,100}\{/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The JSON object that a base64 text holds. */
export function base64Json(text: string): JsonObject | undefined {
  return jsonObject(fromBase64(text)?.toString('utf8'));
}

/**
 * What may leave a decoded field: one line of printable text, at most 120 units, so that a hostile
 * token cannot write to the terminal; `undefined` where nothing is left.
 */
export function label(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value
    .slice(0, 120)
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '')
    .trim();
  return text === '' ? undefined : text;
}

/** Seconds since 1970 as ISO 8601; `undefined` outside of the years 1970 to 9999. */
export function isoTime(seconds: unknown): string | undefined {
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds < 253_402_300_800)) return undefined;
  return new Date(Math.floor(seconds) * 1000).toISOString().replace('.000Z', 'Z');
}

/** SHA-256; node:crypto is loaded at the first call. */
export function sha256(data: string | Uint8Array): Buffer {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(data).digest();
}

/** HMAC with SHA-256; node:crypto is loaded at the first call. */
export function hmacSha256(key: string, data: string): Buffer {
  return process.getBuiltinModule('node:crypto').createHmac('sha256', key).update(data).digest();
}
