import type { View } from '../core/view.ts';
import { evidence } from '../core/weights.ts';
import type { Found } from './assigned-value.ts';

/** Bytes of a header, and of a table, that are looked at. */
const HEADER_LIMIT = 2048;
const TABLE_LIMIT = 1 << 20;
/** Values of one column that are looked at: a longer table is data. */
const MOST_VALUES = 200;
/** Longest value, in bytes. */
const LONGEST = 300;

const COLUMN = [evidence('syntax-column', 'in the column of that name')];

const LF = 10;
const QUOTE = 34;

/** Whether a file's name says that it is a table. */
export function isTable({ fileName }: View): boolean {
  return fileName.endsWith('.csv') || fileName.endsWith('.tsv');
}

/**
 * The values of the column that a name heads in the first line of a table (CSV by RFC 4180, with commas, semicolons or tabs);
 * placed from the end of the name.
 *
 * @param start byte offset of the name; `end` of what follows it
 */
export function columnValues(view: View, start: number, end: number): readonly Found[] {
  if (view.chunk.firstLine !== 1 || start > HEADER_LIMIT) return [];
  const header = view.latin1(0, view.lineEnd(0, HEADER_LIMIT));
  if (end > header.length) return [];
  const separator = separatorOf(header);
  if (separator === undefined) return [];
  const before = header.slice(0, start).split(separator);
  const cell = header.split(separator)[before.length - 1] ?? '';
  // The name is the whole heading: `password`, `"API key"`.
  if (cell.replace(/["\r\uFEFF]|ï»¿/g, '').trim() !== header.slice(start, end)) return [];
  const found: Found[] = [];
  const column = before.length - 1;
  const { bytes } = view;
  const last = Math.min(bytes.length, TABLE_LIMIT);
  const code = separator.charCodeAt(0);
  let index = 0;
  for (let at = header.length + 1; at < last && found.length < MOST_VALUES;) {
    const field = fieldAt(bytes, at, last, code);
    if (index === column && field.end - field.start >= 3 && field.end - field.start <= LONGEST) {
      found.push({
        start: field.start - end,
        end: field.end - end,
        quote: '"',
        ...(field.isDoubled && { doubled: '"' }),
        evidence: COLUMN,
      });
    }
    index = field.endsRow ? 0 : index + 1;
    at = field.next;
  }
  return found;
}

/** The sign that stands most often between the headings. */
function separatorOf(header: string): string | undefined {
  const counted = [',', ';', '\t', '|'].map((sign) => ({ sign, count: header.split(sign).length - 1 }));
  const most = counted.toSorted((a, b) => b.count - a.count)[0];
  return most !== undefined && most.count > 0 ? most.sign : undefined;
}

interface Field {
  readonly start: number;
  readonly end: number;
  readonly isDoubled: boolean;
  readonly endsRow: boolean;
  /** Where the next field starts. */
  readonly next: number;
}

function fieldAt(bytes: Uint8Array, at: number, last: number, separator: number): Field {
  let end = at;
  let start = at;
  let isDoubled = false;
  let close = -1;
  if (bytes[at] === QUOTE) {
    start = at + 1;
    end = start;
    while (end < last) {
      if (bytes[end] === QUOTE) {
        if (bytes[end + 1] !== QUOTE) break;
        isDoubled = true;
        end++;
      }
      end++;
    }
    close = end;
  }
  while (end < last && bytes[end] !== separator && bytes[end] !== LF) end++;
  const endsRow = end >= last || bytes[end] === LF;
  const next = end + 1;
  let to = close >= 0 ? close : end;
  if (close < 0) while (to > start && (bytes[to - 1] ?? 0) <= 32) to--;
  return { start, end: to, isDoubled, endsRow, next };
}
