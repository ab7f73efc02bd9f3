import { randomInt } from 'node:crypto';
import { createReadStream, existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { SourceError, UsageError } from '../core/errors.ts';
import { safe, wrap } from '../core/terminal-text.ts';
import { loadAssistants, type Assistant, type Assistants } from '../exposure/assistants.ts';
import { editsOf } from '../exposure/fixes/index.ts';
import { claimOf } from '../exposure/selftest/claims.ts';
import { readKey, writeKey, type Key } from '../exposure/selftest/key.ts';
import { BARRIERS, layoutFor, promptsFor, VARIABLE, type Layout } from '../exposure/selftest/layout.ts';
import { OUTCOMES, resultsOf, type Outcome, type Result } from '../exposure/selftest/results.ts';
import { ROUTES } from '../exposure/selftest/routes.ts';
import { TranscriptSearch } from '../exposure/selftest/transcript.ts';
import { Configurations } from '../exposure/settings/index.ts';
import { openProject, type Project } from '../exposure/settings/project.ts';
import { NewRepository } from '../git/new-repository.ts';
import { count } from '../reporters/wording.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';
import { assertKnown } from './run-map.ts';
import { version } from './version.ts';

interface SelftestArgs {
  readonly target?: string;
  readonly folder?: string;
  readonly check?: readonly string[];
  readonly key?: string;
  readonly format?: string;
}

/** Makes the folder of a self-test, or looks for its canaries in transcripts. @returns the exit code */
export async function runSelftest({ target, folder, check, key, format }: SelftestArgs, io: Io): Promise<number> {
  const known = await loadAssistants();
  if (target === undefined) {
    throw new UsageError('map selftest needs the id of an assistant', { fix: 'such as `keepmum map selftest codex`' });
  }
  assertKnown([target], known, 'map selftest');
  const assistant = known.assistants.find(({ id }) => id === target);
  if (assistant === undefined) throw new UsageError(`there is no assistant ${JSON.stringify(target)}`);
  if (check === undefined) return makeFolder(assistant, known, folder, io);
  if (key === undefined || check.length === 0) {
    throw new UsageError('--check needs a transcript and the key', { fix: 'add --key FOLDER.key.json' });
  }
  if (format !== undefined && format !== 'text' && format !== 'json') {
    throw new UsageError(`--format: a check has no ${JSON.stringify(format)}`, { fix: 'use text or json' });
  }
  return checkTranscripts(assistant, check, key, format === 'json', io);
}

/** Letters that begin no escape in any notation, so that nothing that is written around them eats one. */
const LETTERS = 'bcdfghjkmpqsvwz';

function randomLetters(): string {
  return Array.from({ length: 20 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

async function makeFolder(assistant: Assistant, known: Assistants, asked: string | undefined, io: Io): Promise<number> {
  const folder = folderFor(assistant, asked, io.cwd);
  const keyFile = `${folder}.key.json`;
  if (existsSync(keyFile)) {
    throw new UsageError(`${JSON.stringify(keyFile)} is there already`, { fix: 'remove it, or name another folder' });
  }
  const layout = layoutFor(assistant, randomLetters);
  let canaries;
  try {
    mkdirSync(folder, { recursive: true });
    canaries = await plant(realpathSync(folder), layout, assistant, known);
    const prompts = promptsFor(canaries, randomLetters);
    const key: Key = { assistant: assistant.id, made: new Date().toISOString(), version, canaries, prompts };
    writeFileSync(keyFile, writeKey(key), { flag: 'wx', mode: 0o600 });
    tell(key, assistant, folder, keyFile, io);
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause;
    throw new SourceError(`${JSON.stringify(folder)} cannot be written`, { fix: 'name a folder of yours', cause });
  }
  return EXIT.clean;
}

/** @throws {UsageError} for one that has something in it, or that lies in a repository */
function folderFor({ id }: Assistant, asked: string | undefined, cwd: string): string {
  const top = repositoryAbove(cwd);
  const folder = asked === undefined ? join(dirname(top ?? cwd), `keepmum-selftest-${id}`) : resolve(cwd, asked);
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat !== undefined && (!stat.isDirectory() || readdirSync(folder).length > 0)) {
    throw new UsageError(`${JSON.stringify(folder)} is there already, and is no empty folder`, {
      fix: 'name one that is not there yet',
    });
  }
  if (repositoryAbove(dirname(folder)) !== undefined) {
    throw new UsageError(`${JSON.stringify(folder)} lies in a repository, whose settings and files would count too`, {
      fix: 'name a folder outside of it',
    });
  }
  return folder;
}

/** The widest folder above, or this one, that is a repository. */
function repositoryAbove(folder: string): string | undefined {
  let found: string | undefined;
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) found = at;
    if (dirname(at) === at) return found;
  }
}

/** Writes everything, each in its place; what the data claim of it is asked of the folder as it is then. */
async function plant(
  root: string,
  { canaries, committed, deleted, stashed, local, denied, reopened }: Layout,
  assistant: Assistant,
  known: Assistants,
): Promise<Key['canaries']> {
  const repository = await NewRepository.create(root);
  writeAll(root, new Map([...committed, ...deleted]));
  await repository.commit('Files of a self-test');
  await repository.remove([...deleted.keys()]);
  await repository.commit('Without what is to be found in old commits');
  if (stashed.size > 0) {
    writeAll(root, stashed);
    await repository.stash();
  }
  writeAll(root, local);
  const opened = (): Promise<Project> => openProject({ root, isRepository: true, variable: () => undefined });
  const edits = editsOf({ assistant, known, paths: denied, project: await opened(), rulesOnly: true });
  const isOwnIgnoreFile = (file: string): boolean => file in known.ignoreFiles;
  const hasIgnoreFile = edits.some(({ file }) => isOwnIgnoreFile(file));
  const lines = reopened.flatMap((path) => [`/${path}`, `!/${path}`]).join('\n');
  writeAll(
    root,
    new Map(edits.map(({ file, after }) => [file, isOwnIgnoreFile(file) ? `${after}${lines}\n` : after] as const)),
  );
  const configuration = new Configurations(known, await opened()).of(assistant);
  return canaries
    .filter(({ barrier }) => {
      if (barrier === 'reopened-own') return hasIgnoreFile;
      return edits.length > 0 || (barrier !== 'denied' && barrier !== 'denied-deep' && barrier !== 'imported-denied');
    })
    .map((canary) => ({ ...canary, claim: claimOf(canary, assistant, configuration) }));
}

function writeAll(root: string, files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function tell({ canaries, prompts }: Key, assistant: Assistant, folder: string, keyFile: string, io: Io): void {
  const { id, name, headless } = assistant;
  const variable = canaries.find(({ barrier }) => barrier === 'variable');
  const exported = variable === undefined ? '' : `${VARIABLE}=${variable.value} `;
  const lines = [
    `${count(canaries.length, 'canary value')} for ${name}: ${folder}`,
    `The key, which ${name} must not see: ${keyFile}`,
    '',
    `Start ${name} in that folder, without other folders or files open${exported === '' ? '' : ', with the variable exported'}:`,
    `  cd ${quoted(folder)}`,
    ...(exported === '' ? [] : [`  export ${exported.trim()}`]),
    ...(headless === undefined
      ? []
      : ['or, prompt by prompt, without a screen:', `  ${headless.command} "PROMPT" >> ${quoted(`${folder}.txt`)}`]),
    'Your own settings of it count, too: set them aside for a plain result. Ask, each in a session of its own:',
  ];
  io.out(`${lines.map((line) => safe(line)).join('\n')}\n`);
  for (const [index, { route, text }] of prompts.entries()) {
    io.out(`\n${index + 1}. ${ROUTES[route].title}\n`);
    io.out(`${text.replaceAll(/^/gm, '   ')}\n`);
  }
  const check = `keepmum map selftest ${id} --check TRANSCRIPT --key ${quoted(keyFile)}`;
  io.out(
    `\nKeep the transcripts outside of the folder, and check them:\n  ${safe(check)}\nThe folder and the key can go then.\n`,
  );
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

async function checkTranscripts(
  assistant: Assistant,
  transcripts: readonly string[],
  keyFile: string,
  isJson: boolean,
  io: Io,
): Promise<number> {
  const key = readKey(await textOf(resolve(io.cwd, keyFile)), keyFile);
  if (key.assistant !== assistant.id) {
    throw new UsageError(`${JSON.stringify(keyFile)} is the key of a self-test of ${JSON.stringify(key.assistant)}`, {
      fix: 'name that assistant, or the other key',
    });
  }
  const words = [...key.canaries.map(({ value }) => value), ...key.prompts.map(({ marker }) => marker)];
  const found = new Set<string>();
  for (const transcript of transcripts) {
    const search = new TranscriptSearch(words);
    try {
      for await (const part of createReadStream(resolve(io.cwd, transcript), { highWaterMark: 1 << 20 })) {
        search.add(part as Buffer);
      }
    } catch (cause) {
      throw unreadable(transcript, cause);
    }
    if (search.found.size === 0) {
      throw new SourceError(`${JSON.stringify(transcript)} has nothing of this self-test in it`, {
        fix: 'name a transcript of the prompts that were printed with this key',
      });
    }
    for (const word of search.found) found.add(word);
  }
  const results = resultsOf(key, found);
  if (isJson) io.out(`${JSON.stringify(recordOf(key, results), undefined, 2)}\n`);
  else report(key, results, assistant, io);
  return results.some(({ outcome }) => outcome === 'contradicted') ? EXIT.findings : EXIT.clean;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): SourceError {
  return new SourceError(`${JSON.stringify(path)} cannot be read`, { fix: 'check its name and its rights', cause });
}

function recordOf({ assistant, made }: Key, results: readonly Result[]): unknown {
  return {
    assistant,
    made,
    results: results.map(({ canary: { route, barrier, path, claim }, came, outcome }) => ({
      route,
      barrier,
      path,
      came,
      outcome,
      claim,
    })),
  };
}

function report({ made }: Key, results: readonly Result[], { id, name }: Assistant, io: Io): void {
  const width = Math.min(120, Math.max(60, io.width));
  const say = (text: string, indent: number): void => {
    for (const line of wrap(safe(text), width - indent)) io.out(`${' '.repeat(indent)}${line}\n`);
  };
  say(`${name}, self-test of ${made.slice(0, 10)}`, 0);
  for (const outcome of Object.keys(OUTCOMES) as Outcome[]) {
    const own = results.filter((result) => result.outcome === outcome);
    if (own.length === 0) continue;
    io.out('\n');
    say(`${outcome} (${own.length}): ${OUTCOMES[outcome]}`, 0);
    for (const { canary, came } of own) {
      const { route, barrier, path, claim } = canary;
      const observed = outcome === 'not asked' ? '' : came ? 'came through, ' : 'kept back, ';
      say(`${ROUTES[route].title}: ${path} (${BARRIERS[barrier]}): ${observed}claimed ${claim.verdict}`, 2);
      if (outcome === 'contradicted' || outcome === 'news') {
        const sources = claim.sources.map(({ id: source, url }) => url ?? source).join(', ');
        say(`patterns/assistants/${id}.yaml, channels.${claim.channel}: ${claim.text} (${sources})`, 4);
      }
    }
  }
}
