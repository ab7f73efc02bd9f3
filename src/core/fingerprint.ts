import type { Match } from './finding.ts';
import type { View } from './view.ts';

/**
 * The key is public: it separates our digests from others' tables, and hides nothing. What hides a
 * guessable value is that its own digest is cut to 9 bits, so that of a million guesses about two
 * thousand fit equally well.
 */
const KEY = 'keepmum fingerprint 1';
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const MARK = '\u0000';
/** Bytes of a line that are taken on either side of a value. */
const REACH = 512;

/**
 * Names a finding so that moved lines and renamed files do not change it, and nobody can test guesses.
 *
 * - A value that a machine made: `km1-s` and 130 bits of HMAC-SHA-256 of the value.
 * - A value that a person may have chosen: `km1-w`, 100 bits of rule, name and line with every detected
 *   value taken out, then `-` and 9 bits of the value.
 *
 * `all`: the matches of the chunk, sorted by place. HMAC: https://www.rfc-editor.org/rfc/rfc2104
 */
export function fingerprint(match: Match, all: readonly Match[], view: View): string {
  if (!match.guessable) return `km1-s${base32(digest('value', match.secret), 26)}`;
  const place = base32(digest('place', match.ruleId, match.name ?? '', lineWithout(match, all, view)), 20);
  const tag = digest('tag', match.secret);
  const nine = (((tag[0] ?? 0) << 8) | (tag[1] ?? 0)) & 0x1ff;
  return `km1-w${place}-${ALPHABET[nine >> 5] ?? ''}${ALPHABET[nine & 31] ?? ''}`;
}

function lineWithout(match: Match, all: readonly Match[], view: View): string {
  const first = view.lineStart(match.start, REACH);
  const last = view.lineEnd(match.end, REACH);
  let out = '';
  let at = first;
  for (const { start, end } of all) {
    if (end <= at || start >= last) continue;
    out += view.utf8(at, Math.max(at, start)) + MARK;
    at = Math.min(end, last);
  }
  return (out + view.utf8(at, last)).replace(/\s+/g, ' ').trim();
}

function digest(...parts: readonly string[]): Uint8Array {
  const hmac = process.getBuiltinModule('node:crypto').createHmac('sha256', KEY);
  for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:`).update(part);
  return hmac.digest();
}

function base32(bytes: Uint8Array, characters: number): string {
  let out = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5 && out.length < characters) {
      bits -= 5;
      out += ALPHABET[(value >> bits) & 31] ?? '';
    }
    value &= 0xff;
  }
  return out;
}
