import { randomUUID } from 'node:crypto';
import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDataFile } from '../config/data-file.ts';
import { shownKey } from '../config/document.ts';
import { ExceptionError } from '../core/errors.ts';
import { isFingerprint } from '../core/fingerprint.ts';
import { nearest } from '../core/nearest.ts';
import type { Suppressor } from './suppressor.ts';

/** In the root of the repository. One JSON object a line, sorted, so that branches merge. */
export const EXCEPTIONS_FILE = '.keepmum-exceptions.jsonl';

/** Some 30,000 entries. */
const MAX_BYTES = 16_000_000;
/** UTF-16 units of a reason, an owner, a path. */
const MAX_TEXT = 500;

/** One declared exception. It holds nothing of the value; see `core/fingerprint.ts`. */
export interface ExceptionEntry {
  readonly fingerprint: string;
  /** Rule and path as they were when the entry was made: for people, not compared. */
  readonly rule?: string;
  readonly path?: string;
  /** Made by `keepmum baseline`: nobody has looked at it yet. */
  readonly kind?: 'baseline';
  readonly owner: string;
  readonly reason: string;
  /** The last day on which it holds, as an ISO date, or `never`. */
  readonly expires: string;
  /** The day it was written, as an ISO date. */
  readonly added?: string;
}

/** An entry and the line it stands on, from 1. */
export interface PlacedEntry extends ExceptionEntry {
  readonly line: number;
}

/** The order of the keys in a line. */
const KEYS = ['fingerprint', 'rule', 'path', 'kind', 'owner', 'reason', 'expires', 'added'] as const;
const REQUIRED: readonly string[] = ['fingerprint', 'owner', 'reason', 'expires'];

/**
 * @param text the file as it is; several entries of one fingerprint are no error, a merge may make them
 * @throws {ExceptionError} naming the line; never quoting a value of it
 */
export function parseExceptions(text: string): PlacedEntry[] {
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.trim();
    return line === '' ? [] : [{ ...parseLine(line, index + 1), line: index + 1 }];
  });
}

function parseLine(text: string, line: number): ExceptionEntry {
  const fail = (what: string, fix: string): ExceptionError =>
    new ExceptionError(`${EXCEPTIONS_FILE}:${line}: ${what}`, { fix });
  if (/^(?:<{7}|={7}|>{7}|\|{7})/.test(text)) {
    throw fail('is a conflict marker', 'keep the lines of both sides and delete the markers');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw fail('is not a JSON object', 'correct or delete the line; `keepmum allow` writes them');
  }
  const fields = value as Readonly<Record<string, unknown>>;
  for (const [key, field] of Object.entries(fields)) {
    if (!(KEYS as readonly string[]).includes(key)) {
      const near = nearest(key, KEYS);
      throw fail(`unknown key ${shownKey(key)}`, near === undefined ? 'remove it' : `did you mean ${near}?`);
    }
    if (typeof field !== 'string' || field === '') throw fail(`${key} is not a text`, 'write it in quotes');
    if (field.length > MAX_TEXT) throw fail(`${key} is longer than ${MAX_TEXT} characters`, 'shorten it');
  }
  for (const key of REQUIRED) if (!Object.hasOwn(fields, key)) throw fail(`has no ${key}`, `add ${key}`);
  const entry = value as ExceptionEntry;
  if (!isFingerprint(entry.fingerprint)) {
    throw fail('fingerprint is none of keepmum', 'copy it from a report, or delete the line');
  }
  if (entry.expires !== 'never' && !isDate(entry.expires)) {
    throw fail('expires is neither a date nor never', 'write it as in 2027-01-31');
  }
  if (entry.kind !== undefined && entry.kind !== 'baseline') {
    throw fail('kind is not baseline', 'leave the key out');
  }
  return entry;
}

/** A day that exists, written `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The file's text: sorted by line, no line twice, so that the order of adding does not matter. */
export function formatExceptions(entries: readonly ExceptionEntry[]): string {
  const lines = entries.map((entry) =>
    JSON.stringify(Object.fromEntries(KEYS.flatMap((key) => (entry[key] === undefined ? [] : [[key, entry[key]]])))),
  );
  return [...new Set(lines)]
    .toSorted()
    .map((line) => `${line}\n`)
    .join('');
}

/** Whether an entry has run out by `today`, an ISO date. */
export function hasExpired({ expires }: ExceptionEntry, today: string): boolean {
  return expires !== 'never' && expires < today;
}

/** The entries of a repository; none where there is no file. @throws {ExceptionError} */
export async function readExceptions(root: string): Promise<PlacedEntry[]> {
  const text = await readDataFile(
    { root, name: EXCEPTIONS_FILE, where: EXCEPTIONS_FILE, maxBytes: MAX_BYTES },
    (message, fix) => new ExceptionError(message, { fix }),
  );
  return text === undefined ? [] : parseExceptions(text);
}

/**
 * Replaces the file as a whole; where no entry is left there is no file.
 * @throws {ExceptionError} where it cannot be written
 */
export function writeExceptions(root: string, entries: readonly ExceptionEntry[]): void {
  const path = join(root, EXCEPTIONS_FILE);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    if (entries.length === 0) {
      rmSync(path, { force: true });
      return;
    }
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      throw new ExceptionError(`${EXCEPTIONS_FILE}: is a link, and is not written through`, {
        fix: 'put the file itself in its place',
      });
    }
    writeFileSync(temporary, formatExceptions(entries), { flag: 'wx' });
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    if (cause instanceof ExceptionError) throw cause;
    throw new ExceptionError(`${EXCEPTIONS_FILE}: cannot be written`, {
      fix: 'check that the folder may be written to',
      cause,
    });
  }
}

/** `entries` that hold on `today` suppress what has their fingerprint. */
export function exceptions(entries: readonly PlacedEntry[], today: string): Suppressor {
  const live = new Map<string, PlacedEntry>();
  for (const entry of entries) {
    if (hasExpired(entry, today)) continue;
    const other = live.get(entry.fingerprint);
    // Of several, the one that holds longest: `never` sorts after every date.
    if (other === undefined || other.expires < entry.expires) live.set(entry.fingerprint, entry);
  }
  return {
    name: 'exceptions',
    suppress(_match, { fingerprint }) {
      const entry = live.get(fingerprint);
      if (entry === undefined) return undefined;
      const { kind, line, reason, owner, expires } = entry;
      return {
        by: kind ?? 'exception',
        where: `${EXCEPTIONS_FILE}:${line}`,
        reason,
        owner,
        ...(expires !== 'never' && { expires }),
      };
    },
  };
}

/** What a person should know of entries that have run out; nothing where there are none. */
export function expiredNotice(entries: readonly PlacedEntry[], today: string): string[] {
  const expired = entries.filter((entry) => hasExpired(entry, today));
  const [first] = expired;
  if (first === undefined) return [];
  const what =
    expired.length === 1
      ? '1 exception has run out and suppresses'
      : `${expired.length} exceptions have run out and suppress`;
  return [
    `${what} nothing (${EXCEPTIONS_FILE}:${first.line}, ${first.expires}, ${first.owner}); see \`keepmum audit\``,
  ];
}
