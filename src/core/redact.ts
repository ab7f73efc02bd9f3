import { randomness } from './entropy.ts';
import type { Excerpt, Match } from './finding.ts';
import { firstAt } from './first-at.ts';
import { displayWidth, fit, safe } from './terminal-text.ts';
import type { View } from './view.ts';

/** Stands for what is hidden; always as long, so that the length of a secret does not leak. ASCII, for every terminal and log. */
export const MASK = '********';

/** Shorter values show nothing of themselves, UTF-16 units. */
const SHORTEST_WITH_HEAD = 12;
const HEAD = 4;

/** The public first line of a PEM block. */
const PEM_HEADER = /^-----BEGIN [A-Z0-9 ]{1,40}-----/;

export interface MaskOptions {
  /** A person may have chosen the value: nothing of it is shown. */
  readonly guessable: boolean;
  /** The public beginning of such values, such as a provider's prefix: shown whole where it is at most a quarter of the value. */
  readonly keep?: string;
}

/**
 * What may be shown of a secret: for a long value that a machine made, a head of at most four
 * characters or its public prefix, never more than a quarter; then {@link MASK}; no tail. One line of
 * printable ASCII. A value that is such a preview already stays as it is.
 */
export function mask(secret: string, options: MaskOptions): string {
  if (isMasked(secret, options.keep)) return secret;
  return head(secret, options) + MASK;
}

function head(secret: string, { guessable, keep }: MaskOptions): string {
  if (guessable || secret.length < SHORTEST_WITH_HEAD) return '';
  const quarter = Math.floor(secret.length / 4);
  const known = keep !== undefined && secret.startsWith(keep) ? keep : PEM_HEADER.exec(secret)?.[0];
  if (known !== undefined && known.length <= quarter && /^[ -~]*$/.test(known)) return known;
  return /^[!-~]*/.exec(secret.slice(0, Math.min(HEAD, quarter)))?.[0] ?? '';
}

function isMasked(text: string, keep: string | undefined): boolean {
  if (!text.endsWith(MASK)) return false;
  const before = text.slice(0, -MASK.length);
  return /^[!-~]{0,4}$/.test(before) || before === keep || PEM_HEADER.exec(before)?.[0] === before;
}

/** `[start, end)` in UTF-16 units from 0, and what to show in its place. */
export interface MaskedSpan {
  readonly start: number;
  readonly end: number;
  readonly mask?: string;
}

/** The text with every span replaced; spans may overlap (shown once), come in any order, and reach beyond the text. */
export function maskIn(text: string, spans: readonly MaskedSpan[]): string {
  let out = '';
  let at = 0;
  for (const { start, end, mask: cover = MASK } of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (end <= at || start >= text.length || end <= start) continue;
    if (start >= at) out += text.slice(at, start) + cover;
    at = Math.min(end, text.length);
  }
  return out + text.slice(at);
}

/** Bytes of a line that are looked at on either side of a value. */
const REACH = 512;
/** Columns that an excerpt takes at most. */
const EXCERPT_WIDTH = 120;
/** A repeated value is masked wherever it stands on the line, unless it is this short. */
const SHORTEST_REPEATED = 4;

/**
 * The line around a match, for display: safe to show, the value, every other match on the line and
 * what looks as random as a token masked, values that span lines in one line, at most `width` terminal columns.
 *
 * `all`: the matches of the chunk, sorted by place, none overlapping.
 */
export function excerpt(view: View, match: Match, all: readonly Match[], width: number = EXCERPT_WIDTH): Excerpt {
  const first = characterStart(view, view.lineStart(match.start, REACH));
  const last = view.lineEnd(match.end, REACH);
  const near: Match[] = [];
  for (let i = firstEndingAfter(all, first); i < all.length; i++) {
    const other = all[i];
    if (other === undefined || other.start >= last) break;
    near.push(other);
  }
  const secrets = [match, ...near];
  const before = side(view, first, match.start, near, secrets).trimStart();
  const after = side(view, match.end, last, near, secrets).trimEnd();
  const value = mask(match.secret, { guessable: match.guessable });
  return narrow({ text: before + value + after, start: before.length, end: before.length + value.length }, width);
}

/** Bytes `[from, to)` as safe text with the parts of `near` in it masked, and what repeats one of `secrets`. */
function side(view: View, from: number, to: number, near: readonly Match[], secrets: readonly Match[]): string {
  let out = '';
  let at = from;
  for (const other of near) {
    const start = Math.max(other.start, from);
    const end = Math.min(other.end, to);
    if (start >= end || end <= at) continue;
    out += shown(view.utf8(at, Math.max(at, start)), secrets) + mask(other.secret, { guessable: other.guessable });
    at = end;
  }
  return out + shown(view.utf8(at, to), secrets);
}

function shown(text: string, secrets: readonly Match[]): string {
  const masked = withoutSecrets(text, secrets);
  return safe(masked.replaceAll('\t', ' ').replace(/\r?\n?$/, '')).replace(TOKEN_LIKE, (run) =>
    /[0-9]/.test(run) && /[A-Za-z]/.test(run) && randomness(run) > RANDOM ? mask(run, { guessable: false }) : run,
  );
}

/** The text with the values of `matches` masked wherever they stand in it, unless they are very short. */
export function withoutSecrets(text: string, matches: readonly Pick<Match, 'secret' | 'written'>[]): string {
  return matches
    .flatMap(hiddenOf)
    .reduce((rest, value) => (value.length >= SHORTEST_REPEATED ? rest.replaceAll(value, () => MASK) : rest), text);
}

/** What must not be shown of a match: its value, and the same as it is written. */
function hiddenOf({ secret, written }: Pick<Match, 'secret' | 'written'>): readonly string[] {
  return written === undefined ? [secret] : [written, secret];
}

/** The values of many matches, made ready to be looked for in many short texts. */
export class Values {
  readonly #byLength = new Map<number, Set<string>>();

  constructor(matches: Iterable<Match>) {
    for (const match of matches) {
      for (const value of hiddenOf(match)) {
        if (value.length < SHORTEST_REPEATED) continue;
        const same = this.#byLength.get(value.length);
        if (same === undefined) this.#byLength.set(value.length, new Set([value]));
        else same.add(value);
      }
    }
  }

  /** The text with every one of them masked wherever it stands in it, as {@link withoutSecrets} does. */
  masked(text: string): string {
    const spans: MaskedSpan[] = [];
    for (const [length, values] of this.#byLength) {
      for (let start = 0; start + length <= text.length; start++) {
        if (values.has(text.slice(start, start + length))) spans.push({ start, end: start + length });
      }
    }
    return spans.length === 0 ? text : maskIn(text, spans);
  }
}

/** Beside the value, what looks like a token is masked although nothing found it: it may be one that no rule knows. */
const TOKEN_LIKE = /[A-Za-z0-9_+=-]{16,}/g;
/** Of random values this long, 19 of 20 are above. */
const RANDOM = 1;

/** `offset`, moved off the middle of a UTF-8 character. */
function characterStart(view: View, offset: number): number {
  let at = offset;
  while (at < offset + 3 && ((view.bytes[at] ?? 0) & 0xc0) === 0x80) at++;
  return at;
}

/** Index of the first match that ends behind `offset`, of such as are in order and apart. */
export function firstEndingAfter(matches: readonly Pick<Match, 'end'>[], offset: number): number {
  return firstAt(matches, ({ end }) => end > offset);
}

/** The excerpt in at most `width` columns, cut on both sides of the value, which keeps its place in view. */
export function narrow({ text, start, end }: Excerpt, width: number): Excerpt {
  if (displayWidth(text) <= width) return { text, start, end };
  const value = fit(text.slice(start, end), Math.max(1, width - 2));
  const room = Math.max(0, width - displayWidth(value));
  const after = text.slice(end);
  const afterWidth = displayWidth(after);
  const before = text.slice(0, start);
  // What comes before a value (its name) says more than what comes after.
  const beforeRoom = Math.max(Math.ceil((room * 2) / 3), room - afterWidth);
  const left = beforeRoom === 0 ? '' : fit(before, beforeRoom, 'start');
  const rightRoom = room - displayWidth(left);
  const right = rightRoom === 0 ? '' : fit(after, rightRoom);
  return { text: left + value + right, start: left.length, end: left.length + value.length };
}
