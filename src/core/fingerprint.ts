import type { Match } from './finding.ts';
import { firstAt } from './first-at.ts';
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

/** Bytes beside a value that are taken for a part of it, at most, and what ends them. */
const ADJOINING = 64;
const DELIMITERS = Buffer.from('"\'`@;,/:=<>()[]{}');

/**
 * Names a finding so that moved lines and renamed files do not change it, and nobody can test guesses.
 *
 * - A value that a machine made: `km1-s` and 130 bits of HMAC-SHA-256 of the value.
 * - A value that a person may have chosen: `km1-w`, 100 bits of rule, name and line with every detected
 *   value taken out, then `-` and 9 bits of the value. The 9 bits are of the value alone, so that the
 *   same value in many places tells no more than in one.
 * - A file as such: `km1-f` and 130 bits of rule, path and name. Its value has a fingerprint of its own;
 *   9 bits of a text around it would be 9 more.
 *
 * `all`: the matches of the chunk, sorted by place. HMAC: https://www.rfc-editor.org/rfc/rfc2104
 */
export function fingerprint(match: Match, all: readonly Match[], view: View): string {
  const name = match.name ?? '';
  if (match.about === 'file') {
    return `km1-f${base32(digest('file', match.ruleId, view.chunk.origin.path, name), 26)}`;
  }
  if (!match.guessable) return `km1-s${base32(digest('value', match.secret), 26)}`;
  const place = base32(digest('place', match.ruleId, name, lineWithout(match, all, view)), 20);
  const tag = digest('tag', match.secret);
  const nine = (((tag[0] ?? 0) << 8) | (tag[1] ?? 0)) & 0x1ff;
  return `km1-w${place}-${ALPHABET[nine >> 5] ?? ''}${ALPHABET[nine & 31] ?? ''}`;
}

/** Whether a text has the form of one. */
export function isFingerprint(text: string): boolean {
  return /^km1-(?:[sf][a-z2-7]{26}|w[a-z2-7]{20}-[a-p][a-z2-7])$/.test(text);
}

/** The line (or lines) of a match, where each detected value, wherever it stands in it, is a mark. */
function lineWithout(match: Match, all: readonly Match[], view: View): string {
  const first = view.lineStart(match.start, REACH);
  const last = view.lineEnd(match.end, REACH);
  const values = new Set<string>();
  let out = '';
  let at = first;
  for (const { start, end, secret } of matchesIn(first, last, all)) {
    values.add(secret).add(view.utf8(start, end));
    // A detector may have taken a value for shorter than it is: what adjoins it goes with it.
    const from = edge(view, start, first, -1);
    const to = edge(view, end, last, 1);
    if (to <= at) continue;
    out += view.utf8(at, Math.max(at, from)) + MARK;
    at = to;
  }
  out += view.utf8(at, last);
  // The value may stand there once more, where no detector sees it.
  for (const value of [...values].toSorted((a, b) => b.length - a.length)) {
    if (value !== '') out = out.replaceAll(value, MARK);
  }
  return out.replace(/\s+/g, ' ').trim();
}

/**
 * The matches that reach into `first` to `last`, but those of whole files; `all` is sorted and the others
 * do not overlap, so that only the ones beside the line are looked at, however many a chunk has.
 */
function matchesIn(first: number, last: number, all: readonly Match[]): readonly Match[] {
  const found: Match[] = [];
  for (let index = firstAt(all, ({ start }) => start >= last) - 1; index >= 0; index--) {
    const match = all[index];
    if (match === undefined || match.about === 'file') continue;
    if (match.end <= first) break;
    found.push(match);
  }
  return found.toReversed();
}

/** Where the run of characters that could belong to a value ends, from `offset` on in a direction. */
function edge(view: View, offset: number, limit: number, step: 1 | -1): number {
  let at = offset;
  for (let count = 0; count < ADJOINING && at !== limit; count++) {
    const byte = view.bytes[step > 0 ? at : at - 1] ?? 0;
    if (byte <= 32 || DELIMITERS.includes(byte)) break;
    at += step;
  }
  return at;
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
