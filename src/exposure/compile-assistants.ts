import { RuleError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import {
  CHANNELS,
  type Assistant,
  type Assistants,
  type Channel,
  type ChannelId,
  type Mechanism,
  type Source,
} from './assistants.ts';
import { countsByDefault } from './default-state.ts';

/** A channel as written: a short form, or what takes the place of parts of one. */
export type ChannelSource =
  | 'unknown'
  | (Partial<Channel> & {
      /** A statement of `AssistantsSource.statements`. */
      readonly is?: string;
      /** Why there is no such channel. */
      readonly absent?: string;
    });

/** `patterns/assistants/<id>.yaml`, in the form of `patterns/assistant.schema.json`. */
export type AssistantSource = Pick<Assistant, 'id' | 'name' | 'vendor' | 'versions' | 'verifiedAt' | 'marks'> &
  Partial<Omit<Assistant, 'channels'>> & { readonly channels: Readonly<Record<string, ChannelSource>> };

/** `patterns/assistants.yaml`, in the form of `patterns/assistants.schema.json`. */
export interface AssistantsSource extends Omit<Assistants, 'assistants'> {
  readonly statements: Readonly<Record<string, Exclude<ChannelSource, string>>>;
}

/** What may stand in place of a source: our own conclusion, and common knowledge that no page was asked about. */
export const UNSOURCED = ['inference', 'unchecked'] as const;

const SHARED = 'patterns/assistants.yaml';

/** A name, `"a name"`, `*` or `**`, each with `[]` behind it for lists; or `[]` alone. */
const KEY_PATH = /^(?:(?:[\w-]+|"[^"]+"|\*\*?)(?:\[\])*|\[\])(?:\.(?:[\w-]+|"[^"]+"|\*\*?)(?:\[\])*)*$/;

/**
 * Joins the files of `patterns/assistants` with what they share, and checks what a schema cannot say: that
 * ids lead somewhere, that every statement has a source and every source a statement, and that the parts of
 * a statement do not contradict each other.
 * @param files in the form of their schema, by name without folder
 * @throws {RuleError} naming file, place and fix
 */
export function compileAssistants(
  files: readonly { readonly name: string; readonly source: AssistantSource }[],
  shared: AssistantsSource,
): Assistants {
  const owners = new Map(Object.values(shared.sources).map(({ url }) => [url, SHARED]));
  const assistants = files.map(({ name, source }) => {
    const where = `patterns/assistants/${name}`;
    if (name !== `${source.id}.yaml`) {
      fail(where, 'id', `is ${source.id}, the file ${name}`, 'give both the same name');
    }
    for (const [id, { url }] of Object.entries(source.sources ?? {})) {
      const other = owners.get(url);
      if (other === SHARED) fail(where, `sources.${id}`, `stands in ${SHARED}, too`, 'leave it there and name its id');
      if (other !== undefined && other !== where) {
        fail(where, `sources.${id}`, `stands in ${other}, too`, `move it to ${SHARED}`);
      }
      owners.set(url, where);
    }
    return compileAssistant(source, shared, where);
  });
  const own = new SourceUse(shared.sources, {}, SHARED);
  own.take('instructions', shared.instructions.sources);
  for (const [index, { keys, paths, sources }] of shared.files.entries()) {
    own.take(`files.${index}`, sources);
    checkFile(`files.${index}`, paths, keys ?? [], SHARED);
  }
  for (const [index, { sources }] of shared.placebos.entries()) own.take(`placebos.${index}`, sources);
  for (const [id, { syntax, sources }] of Object.entries(shared.ignoreFiles)) {
    known(SHARED, `ignoreFiles.${id}.syntax`, syntax, shared.syntaxes, 'syntax');
    if (sources !== undefined) own.take(`ignoreFiles.${id}`, sources);
  }
  checkNamed(files, assistants, shared, own.found);
  const { syntaxes, ignoreFiles, instructions, placebos, files: secretFiles } = shared;
  return { assistants, syntaxes, ignoreFiles, instructions, placebos, files: secretFiles, sources: own.found };
}

/** Nothing is shared that fewer than two files need; a word of the format, such as a syntax, may stand for one. */
function checkNamed(
  files: readonly { readonly source: AssistantSource }[],
  assistants: readonly Assistant[],
  shared: AssistantsSource,
  own: Readonly<Record<string, Source>>,
): void {
  const taken = files.flatMap(({ source }) =>
    Object.values(source.channels).map((channel) => (typeof channel === 'string' ? channel : channel.is)),
  );
  const idleStatement = Object.keys(shared.statements).find((id) => !taken.includes(id));
  if (idleStatement !== undefined) fail(SHARED, `statements.${idleStatement}`, 'is named by no file', 'remove it');

  const read = new Set(
    assistants.flatMap(({ mechanisms }) => Object.values(mechanisms).flatMap((one) => ignoreFilesOf(one, shared))),
  );
  const idleFile = Object.keys(shared.ignoreFiles).find((name) => !read.has(name));
  if (idleFile !== undefined) fail(SHARED, `ignoreFiles.${idleFile}`, 'is named by no file', 'remove it');

  for (const [id, source] of Object.entries(shared.sources)) {
    const users = assistants.filter(({ sources }) => sources[id] === source);
    if (users.length > 1 || id in own) continue;
    const only = users[0]?.id;
    if (only === undefined) fail(SHARED, `sources.${id}`, 'is named by no file', 'remove it');
    fail(SHARED, `sources.${id}`, `is named by ${only}.yaml only`, 'move it there');
  }
}

function compileAssistant(source: AssistantSource, shared: AssistantsSource, where: string): Assistant {
  const { settings = {}, mechanisms = {}, placebos = [], pitfalls = [], files = [], instructions, marks } = source;
  checkDate(where, 'verifiedAt', source.verifiedAt);
  const sources = new SourceUse(shared.sources, source.sources ?? {}, where);
  const channels = Object.fromEntries(
    Object.keys(CHANNELS).map((id) => {
      const place = `channels.${id}`;
      const channel = resolved(source.channels[id] ?? 'unknown', shared, where, place);
      checkChannel(channel, mechanisms, where, place);
      if (channel.sources.length > 0 || !isUnknown(channel)) sources.take(place, channel.sources);
      return [id, channel];
    }),
  ) as unknown as Readonly<Record<ChannelId, Channel>>;

  const barriers = new Set(
    Object.values(channels).flatMap(({ barriers: own }) => (typeof own === 'string' ? [] : Object.keys(own))),
  );
  for (const [id, mechanism] of Object.entries(mechanisms)) {
    const place = `mechanisms.${id}`;
    sources.take(place, mechanism.sources);
    if (mechanism.kind === 'switch') {
      for (const one of mechanism.of ?? []) known(where, `${place}.of`, one, mechanisms, 'mechanism');
    } else if (!barriers.has(id)) {
      fail(where, place, 'is a barrier in no channel', 'name it under barriers, or remove it');
    }
    for (const one of mechanism.behind ?? []) known(where, `${place}.behind`, one, mechanisms, 'mechanism');
    checkMechanism(id, mechanism, settings, shared, where);
  }
  for (const [index, { paths, keys, sources: ids }] of files.entries()) {
    sources.take(`files.${index}`, ids);
    checkFile(`files.${index}`, paths, keys ?? [], where);
  }
  for (const [index, pitfall] of pitfalls.entries()) {
    sources.take(`pitfalls.${index}`, pitfall.sources);
    if (pitfall.key !== undefined) checkKey(where, `pitfalls.${index}`, pitfall.key);
  }
  for (const [index, placebo] of placebos.entries()) sources.take(`placebos.${index}`, placebo.sources);
  if (instructions) sources.take('instructions', instructions.sources);
  if (source.headless) sources.take('headless', source.headless.sources);
  if (marks.repository.length + marks.home.length > 0) sources.take('marks', marks.sources);
  sources.finish();
  return {
    ...source,
    settings,
    mechanisms,
    channels,
    placebos,
    pitfalls,
    files,
    sources: sources.found,
  };
}

/** The sources of one file: which ids its statements name, and what they stand for. */
class SourceUse {
  readonly found: Record<string, Source> = {};
  readonly #shared: Readonly<Record<string, Source>>;
  readonly #own: Readonly<Record<string, Source>>;
  readonly #where: string;

  constructor(shared: Readonly<Record<string, Source>>, own: Readonly<Record<string, Source>>, where: string) {
    this.#shared = shared;
    this.#own = own;
    this.#where = where;
    for (const [id, { date }] of Object.entries({ ...shared, ...own })) checkDate(where, `sources.${id}.date`, date);
    const twice = Object.keys(own).find((id) => id in shared);
    if (twice !== undefined) fail(where, `sources.${twice}`, `is an id of ${SHARED}`, 'give it another');
  }

  take(place: string, ids: readonly string[]): void {
    if (ids.length === 0) fail(this.#where, place, 'has no source', `name one, or one of ${UNSOURCED.join(', ')}`);
    for (const id of ids) {
      if (UNSOURCED.some((one) => one === id)) continue;
      const all = { ...this.#shared, ...this.#own };
      known(this.#where, `${place}.sources`, id, all, 'source');
      const source = all[id];
      if (source !== undefined) this.found[id] = source;
    }
  }

  finish(): void {
    const idle = Object.keys(this.#own).find((id) => !(id in this.found));
    if (idle !== undefined) fail(this.#where, `sources.${idle}`, 'is the source of nothing', 'name it or remove it');
  }
}

function resolved(source: ChannelSource, shared: AssistantsSource, where: string, place: string): Channel {
  const written = source === 'unknown' ? { is: 'unknown' } : source;
  let body: Exclude<ChannelSource, string> = written;
  if (written.is !== undefined) {
    known(where, `${place}.is`, written.is, shared.statements, 'statement');
    body = { ...shared.statements[written.is], ...written };
  }
  const { absent } = body;
  if (absent !== undefined) body = { gitignore: 'na', barriers: 'na', dotenv: 'na', text: absent, ...body };
  const { gitignore, barriers, dotenv, confidence, text, sources = [], loads, loadsUnless, outside } = body;
  if (gitignore === undefined || barriers === undefined || dotenv === undefined) {
    return fail(where, place, 'is not whole', 'give gitignore, barriers and dotenv, or is, or absent');
  }
  if (confidence === undefined || text === undefined) {
    return fail(where, place, 'is not whole', 'give confidence and text');
  }
  if (
    ((loads ?? loadsUnless) !== undefined && !place.endsWith('.env')) ||
    (outside !== undefined && !place.endsWith('.read'))
  ) {
    fail(where, place, 'says loads or outside, and is not the channel for it', 'give loads to env and outside to read');
  }
  return {
    gitignore,
    barriers,
    dotenv,
    confidence,
    text,
    sources,
    ...(loads && { loads }),
    ...(loadsUnless !== undefined && { loadsUnless }),
    ...(outside && { outside }),
  };
}

function isUnknown({ gitignore, barriers, dotenv }: Channel): boolean {
  return gitignore === 'unknown' && barriers === 'unknown' && dotenv === 'unknown';
}

/** The ignore files that a mechanism reads beside .gitignore. */
function ignoreFilesOf({ file, reads }: Mechanism, { ignoreFiles }: AssistantsSource): readonly string[] {
  if (reads !== 'ripgrep') return file === undefined ? [] : [file];
  return Object.keys(ignoreFiles).filter((name) => ignoreFiles[name]?.syntax === 'ripgrep');
}

function checkChannel(
  { gitignore, barriers, dotenv }: Channel,
  mechanisms: Readonly<Record<string, Mechanism>>,
  where: string,
  place: string,
): void {
  const own = typeof barriers === 'string' ? {} : barriers;
  for (const id of Object.keys(own)) {
    known(where, `${place}.barriers`, id, mechanisms, 'mechanism');
    if (mechanisms[id]?.kind === 'switch')
      fail(where, `${place}.barriers`, `names the switch ${id}`, 'name what it changes');
  }
  const obeys = gitignore === 'yes' || gitignore === 'partial';
  if (obeys !== 'gitignore' in own) {
    fail(
      where,
      place,
      `${obeys ? 'obeys' : 'does not obey'} .gitignore, and its barriers say the opposite`,
      obeys ? 'add gitignore to its barriers' : 'remove gitignore from its barriers',
    );
  }
  // A list, prompt or ignore file that works without settings, or while the channel's sandbox is on, as given.
  const grades = Object.entries(own)
    .filter(([id]) => (mechanisms[id] !== undefined && countsByDefault(mechanisms[id])) || place.endsWith('sandboxed'))
    .map(([, hardness]) => hardness);
  const lacks =
    (dotenv === 'blocked' && !grades.includes('hard') && 'is blocked, and nothing hard stands in the way') ||
    ((dotenv === 'filtered' || dotenv === 'prompt') &&
      Object.keys(own).length === 0 &&
      `is ${dotenv}, and nothing stands in the way`) ||
    (dotenv === 'visible' && gitignore === 'yes' && 'is visible, and the channel obeys .gitignore');
  if (lacks !== false) fail(where, `${place}.dotenv`, lacks, 'correct it or barriers');
}

function checkMechanism(
  id: string,
  { kind, of, file, reads, patterns = [], exceptions = [], settings: ids, keys = [], syntax }: Mechanism,
  settings: Assistant['settings'],
  shared: AssistantsSource,
  where: string,
): void {
  const place = `mechanisms.${id}`;
  if ((kind === 'ignore-file') !== (file !== undefined)) {
    fail(where, place, 'is an ignore file without file, or the reverse', 'give file to ignore files, and only to them');
  }
  if ((kind === 'gitignore') !== (id === 'gitignore') || (kind === 'gitignore') !== (reads !== undefined)) {
    fail(where, place, 'is not how .gitignore is told of', 'give it the id and the kind gitignore, and reads');
  }
  if ((kind === 'switch') !== (of !== undefined)) {
    fail(where, place, 'is a switch of nothing, or no switch', 'give of to switches, and only to them');
  }
  if ((kind === 'builtin' || kind === 'off-file') && patterns.length === 0) {
    fail(where, place, 'has no patterns', 'list them');
  }
  if (file !== undefined) known(where, `${place}.file`, file, shared.ignoreFiles, 'ignore file');
  if (syntax !== undefined) known(where, `${place}.syntax`, syntax, shared.syntaxes, 'syntax');
  for (const one of ids ?? []) known(where, `${place}.settings`, one, settings, 'settings file');
  for (const key of keys) checkKey(where, `${place}.keys`, key);
  for (const pattern of [...patterns, ...exceptions]) checkGlob(where, `${place}.patterns`, pattern);
}

function checkFile(place: string, paths: readonly string[], keys: readonly string[], where: string): void {
  for (const key of keys) checkKey(where, `${place}.keys`, key);
  for (const path of paths) {
    checkGlob(where, `${place}.paths`, path);
    if (/^\$(?!(?:VSCODE|CURSOR|KIRO|TMP)\/)|^%(?!APPDATA%\/)/.test(path)) {
      fail(where, `${place}.paths`, `${path} begins with no folder that is known`, 'see paths in the schema');
    }
  }
}

function checkKey(where: string, place: string, key: string): void {
  if (!KEY_PATH.test(key)) fail(where, place, `${key} is no key path`, 'write names with dots between, * and []');
}

/** Brackets and braces that close, and something in it that is not a wildcard. */
function checkGlob(where: string, place: string, glob: string): void {
  const plain = glob
    .replaceAll(/\\./g, '_')
    .replaceAll(/\[[^\]/]+\]/g, '_')
    .replaceAll(/\{[^{}]+\}/g, '_');
  if (/[[\]{}]/.test(plain)) fail(where, place, `${glob} does not compile`, 'close what is open');
  if (/^[*/]*$/.test(glob)) fail(where, place, `${glob} fits every file`, 'name the files');
}

function checkDate(where: string, place: string, date: string): void {
  const day = date.length === 7 ? `${date}-01` : date;
  const parsed = new Date(day);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== day) {
    fail(where, place, `${date} is no day`, 'write YYYY-MM-DD or YYYY-MM');
  }
}

function known(where: string, place: string, id: string, all: Readonly<Record<string, unknown>>, what: string): void {
  if (Object.hasOwn(all, id)) return;
  const near = nearest(id, Object.keys(all));
  fail(
    where,
    place,
    `names the ${what} ${id}, which is not there`,
    near === undefined ? 'add it' : `did you mean ${near}?`,
  );
}

function fail(where: string, place: string, trouble: string, fix: string): never {
  throw new RuleError(`${where}: ${place} ${trouble}`, { fix });
}
