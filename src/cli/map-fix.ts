import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { structuredPatch } from 'diff';
import { SourceError } from '../core/errors.ts';
import { MASK } from '../core/redact.ts';
import { safe, wrap } from '../core/terminal-text.ts';
import type { FileChange, FixPlan } from '../exposure/fixes/index.ts';
import { textOf } from '../exposure/settings/project.ts';
import { count } from '../reporters/wording.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';

/**
 * Shows what would be changed and what no setting closes, and writes it where somebody agrees.
 * @returns the exit code
 * @throws {SourceError} where a file cannot be written, or has changed since it was read
 */
export async function runFixes(
  { changes, left, after }: FixPlan,
  root: string,
  { isAgreed, isIncomplete }: { readonly isAgreed: boolean; readonly isIncomplete: boolean },
  io: Io,
): Promise<number> {
  const done = isIncomplete ? EXIT.failed : EXIT.clean;
  const width = Math.min(120, Math.max(60, io.width));
  if (changes.length === 0) io.out('\nNothing is left that settings could close.\n');
  for (const change of changes) io.out(`\n${diffOf(change)}`);
  if (left.length > 0) io.out('\nWhat no setting closes:\n');
  for (const { assistant, text, secrets } of left) {
    const all = [...new Set(secrets.map((index) => after.secrets[index]?.places[0]?.path ?? ''))];
    const names = all.slice(0, MOST_NAMED);
    const more = all.length > names.length ? `, and ${all.length - names.length} more` : '';
    const told = `${assistant}, ${count(secrets.length, 'secret')} (${names.join(', ')}${more}): ${text}.`;
    io.out(
      `${wrap(safe(told), width - 4)
        .map((line, at) => (at === 0 ? '  ' : '    ') + line)
        .join('\n')}\n`,
    );
  }
  if (changes.length === 0) return done;
  if (!isAgreed && !(await agrees(changes.length, io))) {
    io.out('\nNothing was written; --yes writes without asking.\n');
    return done;
  }
  for (const change of changes) assertUnchanged(change, root);
  for (const change of changes) writeChange(change, root);
  io.out(`\nWritten: ${changes.map(({ file }) => safe(file)).join(', ')}. Look at them, and run keepmum map again.\n`);
  return done;
}

const MOST_NAMED = 3;

async function agrees(files: number, io: Io): Promise<boolean> {
  if (!io.isTty || !process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await lines.question(`\nWrite ${count(files, 'file')}? [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

/** The lines that come in. What was there may hold secrets: of a line that changes only what is new is told. */
function diffOf({ file, before = '', after, assistants }: FileChange): string {
  const { hunks } = structuredPatch(file, file, before, after, '', '', { context: 0 });
  const old = withoutSpace(before);
  const lines = [
    `${before === '' ? 'new file' : 'change'}: ${safe(file)} (${safe(assistants.join(', '))})`,
    ...hunks.flatMap(({ newStart, lines: all }) => {
      const isNew = all.every((line) => !line.startsWith('-'));
      const shown = all.flatMap((line) => {
        if (!line.startsWith('+')) return [];
        const text = line.slice(1);
        if (isNew) return [`  + ${safe(text)}`];
        // Only written anew, or with a comma behind it.
        if (old.includes(withoutSpace(text).replace(/,$/, ''))) return [];
        return [`  + ${safe(text.replaceAll(WORD, (word) => (before.includes(word) ? MASK : word)))}`];
      });
      return shown.length === 0 ? [] : [`  @@ line ${newStart} @@`, ...shown];
    }),
  ];
  return `${lines.join('\n')}\n`;
}

/** What is long enough to be a secret. */
const WORD = /[^\s"',:{}[\]()]{8,}/g;

function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

/** Before anything is written: a file that cannot be has no others changed beside it. */
function assertUnchanged({ file, before }: FileChange, root: string): void {
  const path = join(root, file);
  const fail = (what: string, fix = 'run keepmum map --fix again'): SourceError =>
    new SourceError(`${JSON.stringify(file)} ${what}; nothing was written`, { fix });
  if (!isInside(dirname(path), root)) {
    throw fail('lies in a folder that is a link out of the repository', 'put a folder in its place');
  }
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined && before === undefined) return;
  if (stat?.isSymbolicLink() === true && !existsSync(path)) {
    throw fail('is a link that leads nowhere', 'remove it');
  }
  if (stat === undefined || before === undefined) throw fail('has changed since it was read');
  const real = realpathSync(path);
  if (!real.startsWith(root + sep)) throw fail('is a link that leads out of the repository', 'put a file in its place');
  if (!statSync(real).isFile()) throw fail('is no file', 'put a file in its place');
  if (textOf(readFileSync(real)).text !== before) throw fail('has changed since it was read');
}

/** Whether a folder, or the nearest one above that is there, lies in the repository. */
function isInside(folder: string, root: string): boolean {
  let at = folder;
  while (lstatSync(at, { throwIfNoEntry: false }) === undefined) at = dirname(at);
  return (
    existsSync(at) &&
    realpathSync(at)
      .concat(sep)
      .startsWith(root + sep)
  );
}

/** Whole or not at all; its rights stay. */
function writeChange(change: FileChange, root: string): void {
  const { file, before } = change;
  const path = join(root, file);
  let temporary = '';
  try {
    mkdirSync(dirname(path), { recursive: true });
    const target = before === undefined ? path : realpathSync(path);
    if (!isInside(dirname(target), root)) throw new Error('outside');
    temporary = `${target}.${randomUUID()}.tmp`;
    const mode = before === undefined ? 0o644 : statSync(target).mode;
    writeFileSync(temporary, bytesOf(change, before === undefined ? undefined : readFileSync(target)), {
      flag: 'wx',
      mode,
    });
    renameSync(temporary, target);
  } catch (cause) {
    if (temporary !== '') rmSync(temporary, { force: true });
    throw new SourceError(`${JSON.stringify(file)} cannot be written`, {
      fix: 'check that its folder is yours and in the repository',
      cause,
    });
  }
}

/** What comes behind the bytes that are there, or in their place; a mark at their beginning stays. */
function bytesOf({ before = '', after }: FileChange, old = Buffer.alloc(0)): Buffer {
  if (after.startsWith(before)) return Buffer.concat([old, Buffer.from(after.slice(before.length))]);
  if (!isUtf8(old)) throw new Error('no UTF-8');
  return Buffer.from((old.toString().startsWith('\ufeff') ? '\ufeff' : '') + after);
}
