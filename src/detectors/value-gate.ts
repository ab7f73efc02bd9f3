/**
 * Whether a name may be given a value, as far as the bytes around it tell. `src/wasm/value-gate.ts` asks that of each
 * name before there is a string; here is what it reads of bytes and of files, and what it leaves open.
 */
import type { View } from '../core/view.ts';
import { givesOnLine, opensValue } from './assigned-value.ts';
import { formatOf, type FileFormat } from './file-format.ts';
import { openQuote } from './literal.ts';
import { isNameByte } from './name-byte.ts';
import { isTable } from './table.ts';

/** Bytes of the line before a name that count; those of `Context.lead`. */
const LEAD = 200;

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
/** What may follow a name that is given a value: quotes, operators, brackets, a tag's end, white space; a semicolon in the head of a table. */
const FOLLOWS = '"\'`\\:=>,;(][!?|<& \t\r\n~)';
const FOLLOWS_BIT = 64;
const NAME_BIT = 128;

/** For each byte value what it may be, bits as `src/wasm/text.ts` has them. */
export const BYTES_OF_VALUES: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  isNameByte(byte) ? NAME_BIT : 0,
);
for (const [bit, characters] of [
  [1, ' \t'],
  [2, '"\'`'],
  [4, `${LETTERS}_$@`],
  [8, DIGITS],
  // Of a type between a colon and an equals sign.
  [16, `${LETTERS}${DIGITS}_.<>[]|?&' \t`],
  // What an operator begins with, the arrow of a minus sign apart: that is a name's, too.
  [32, ':=!?|~<'],
  [FOLLOWS_BIT, FOLLOWS],
] as const) {
  for (const character of characters) {
    const byte = character.charCodeAt(0);
    BYTES_OF_VALUES[byte] = (BYTES_OF_VALUES[byte] ?? 0) | bit;
  }
}

/** Whether a value may follow a name that this byte does; none does at the end of a text. */
export function mayLeadOn(next: number | undefined): boolean {
  return next !== undefined && ((BYTES_OF_VALUES[next] ?? 0) & FOLLOWS_BIT) !== 0;
}

/** Formats that the gate tells apart, as it numbers them; all others are one. */
const NUMBERS: Readonly<Partial<Record<FileFormat, number>>> = { code: 0, json: 1, markup: 2, ini: 3 };
const OTHER = 4;
const TABLE = 5;

/** How a chunk's file writes values, as the gate numbers it. */
export function formatNumber(view: View): number {
  return isTable(view) ? TABLE : (NUMBERS[formatOf(view)] ?? OTHER);
}

// What the gate leaves open, as bits.
const GIVES = 1;
const OPENS = 2;
const INNER = 4;
const EQUALS = 8;
const FIELD = 16;
const SCHEME = 32;
/** Bits below the offset of a value. */
const OFFSET = 6;

/**
 * Whether `valueAfter` may find a value for the name that starts at `start`.
 * @param hit offset of the word that led to it
 * @param open what the gate left open of it: one of these must hold; 0 for nothing
 */
export function mayHaveValue(view: View, start: number, hit: number, open: number): boolean {
  if (open === 0) return true;
  const lead = view.latin1(view.lineStart(start, LEAD), start);
  if ((open & GIVES) !== 0 && givesOnLine(lead, formatOf(view))) return true;
  if ((open & INNER) !== 0 && (openQuote(lead) !== '' || ((open & EQUALS) !== 0 && lead.includes('://')))) return true;
  if ((open & FIELD) !== 0 && (lead.includes('onfigField') || lead.includes('resValue'))) return true;
  if ((open & (OPENS | SCHEME)) === 0) return false;
  const value = hit + (open >> OFFSET);
  const text = view.latin1(value, value + 96);
  return ((open & OPENS) !== 0 && opensValue(text)) || ((open & SCHEME) !== 0 && SCHEMES.test(text));
}

/** Words that stand before the credential in a header. */
const SCHEMES = /^(?:Token|token|ApiKey|apikey|Api-Key|Key|SSWS|Bot|JWT)[ \t]/;
