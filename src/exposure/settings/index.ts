import { posix } from 'node:path';
import type { Assistant, Assistants, ChannelId, Hardness, Mechanism } from '../assistants.ts';
import { compileOf, inOrder } from '../matching/index.ts';
import type { Compile, Decision, Matcher, RuleSource, Subject } from '../matching/rule.ts';
import { isOutside } from '../places.ts';
import { codexProfile } from './codex.ts';
import type { Barrier, Configuration, State } from './configuration.ts';
import { IgnoreFiles, isNested } from './ignore-files.ts';
import { importsOf } from './imports.ts';
import { problemsOf } from './problems.ts';
import type { Project } from './project.ts';
import { atOf, Settings, sourcesOf } from './reading.ts';
import { plainLists, RULE_LISTS } from './rule-lists.ts';
import { sandboxOf } from './sandboxes.ts';
import { namedFilter, VARIABLE_FILTERS, type Filter } from './variable-filters.ts';

type FolderOf = (file: string) => string | undefined;

/** A mechanism as it is here. */
interface Acting extends State {
  readonly matcher: Matcher;
  /** What it is joined from, where others may be read behind it. */
  readonly sources?: readonly RuleSource[];
}

/** Reads, for each assistant in turn, what the settings of a project make of it; what they share is read once. */
export class Configurations {
  readonly #known: Assistants;
  readonly #project: Project;
  readonly #ignoreFiles: IgnoreFiles;

  constructor(known: Assistants, project: Project) {
    this.#known = known;
    this.#project = project;
    this.#ignoreFiles = new IgnoreFiles(project);
  }

  of(assistant: Assistant): Configuration {
    const [known, project, ignoreFiles] = [this.#known, this.#project, this.#ignoreFiles];
    const settings = new Settings(assistant, project);
    const acting = new Map<string, Acting>();
    const act = (id: string): Acting | undefined => {
      const mechanism = assistant.mechanisms[id];
      if (mechanism === undefined) return undefined;
      let found = acting.get(id);
      if (found === undefined) acting.set(id, (found = this.#acting(id, mechanism, assistant, settings)));
      return found;
    };
    const built = new Map<ChannelId, readonly Barrier[]>();
    const imports = importsOf(assistant, project);
    const { loads: files, loadsUnless } = assistant.channels.env;
    const isStopped = loadsUnless !== undefined && settings.value(loadsUnless)?.value === true;
    const loads = new Set(isStopped ? [] : files);
    const off = this.#off(assistant);
    const marks = this.#marks(assistant);
    return {
      assistant: assistant.id,
      marks,
      ...(off && { off }),
      sandbox: sandboxOf(assistant, settings),
      barriers: (channel) => {
        let barriers = built.get(channel);
        if (barriers === undefined) built.set(channel, (barriers = this.#barriers(assistant, channel, act)));
        return barriers;
      },
      loads: (path) => loads.has(path),
      imports: (path) => imports.get(path)?.by,
      files: settings.files,
      get problems() {
        return [
          ...settings.problems,
          ...problemsOf(assistant, known, project, settings, imports, marks.length > 0),
          ...ignoreFiles.problemsOf(Object.keys(assistant.mechanisms).flatMap((id) => act(id)?.at?.file ?? [])),
        ];
      },
    };
  }

  #marks({ marks }: Assistant): readonly string[] {
    const { repository, home } = marks;
    const inHome = home.map((mark) => `~/${mark}`);
    return [...repository, ...inHome].filter((mark) => this.#project.exists(mark.replace(/\/$/, '')));
  }

  #off({ mechanisms }: Assistant): State | undefined {
    for (const { kind, patterns = [] } of Object.values(mechanisms)) {
      const file = kind === 'off-file' ? patterns.find((one) => this.#project.exists(one)) : undefined;
      if (file !== undefined) return { state: 'on', text: `${file} switches it off here.`, at: { file } };
    }
    return undefined;
  }

  /** What stands in the way in one channel; mechanisms that are read as one file are one barrier. */
  #barriers(assistant: Assistant, channel: ChannelId, act: (id: string) => Acting | undefined): readonly Barrier[] {
    const { barriers } = assistant.channels[channel];
    if (typeof barriers === 'string') return [];
    const left = new Map(Object.entries(barriers));
    const found: Barrier[] = [];
    for (const [id, hardness] of Object.entries(barriers)) {
      // Another tool of the same channel is not held by it.
      if (!left.has(id) || assistant.mechanisms[id]?.only !== undefined) continue;
      const chain = chainOf(id, assistant, left);
      for (const one of chain) left.delete(one);
      const states = chain.flatMap((one) => act(one) ?? []);
      const [first, ...others] = states.filter(({ state }) => state !== 'off');
      const barrier =
        first === undefined || others.length === 0 ? (first ?? states[0]) : this.#joinedState([first, ...others]);
      if (barrier === undefined) continue;
      // Rules on commands go by the command, not by what it opens.
      if (channel === 'shell' && COMMAND_RULES.has(assistant.mechanisms[id]?.syntax ?? '')) continue;
      const isList = chain.some((one) => LISTS.has(assistant.mechanisms[one]?.kind ?? 'policy'));
      found.push(
        barrierOf(chain, hardness, isList ? withOmitted(barrier) : barrier, this.#elsewhere(assistant, chain)),
      );
    }
    return found;
  }

  /**
   * How a path outside of the workspace is asked for: by its absolute form where rules may name such paths; not at
   * all where they are those of an ignore file.
   */
  #elsewhere({ mechanisms }: Assistant, chain: readonly string[]): (path: string) => string | undefined {
    const { root, home } = this.#project;
    const names = chain.some((id) => {
      const { kind, syntax } = mechanisms[id] ?? {};
      return (
        kind === 'sandbox' ||
        kind === 'prompt' ||
        (kind === 'permission-rules' && syntax !== 'gitignore' && syntax !== 'glob')
      );
    });
    if (!names) return () => undefined;
    return (path) => {
      if (path.startsWith('../')) return posix.join(root, path);
      return path.startsWith('~/') && home !== undefined ? posix.join(home, path.slice(2)) : path;
    };
  }

  /** One that is not known makes the whole not known: it may open what the others close. */
  #joinedState(states: readonly [Acting, ...Acting[]]): Acting {
    return (
      states.find(({ state }) => state === 'unknown') ?? {
        ...states[0],
        text: 'An ignore file names it.',
        matcher: this.#joined(states),
      }
    );
  }

  #joined(states: readonly Acting[]): Matcher {
    const compile = inOrder(compileOf('gitignore') as Compile);
    return compile(
      states.flatMap(({ sources = [] }) => sources),
      this.#ignoreFiles.options,
    );
  }

  #acting(id: string, mechanism: Mechanism, assistant: Assistant, settings: Settings): Acting {
    const broken = settings.isUnknown(mechanism);
    const isSet = mechanism.keys !== undefined && mechanism.keys.length > 0;
    if (broken !== undefined && isSet && mechanism.kind !== 'ignore-file') {
      return {
        state: 'unknown',
        text: `${broken.file} cannot be read.`,
        at: broken,
        matcher: always('deny', broken.file),
      };
    }
    const switched = switchedOff(id, mechanism, assistant, settings);
    if (switched !== undefined) return { ...switched, matcher: NEVER };
    switch (mechanism.kind) {
      case 'ignore-file':
        return this.#ignoreFile(mechanism, settings);
      case 'gitignore': {
        const { reads = 'unknown' } = mechanism;
        const isTracked = reads === 'git-tracked';
        const trouble = isTracked ? undefined : this.#ignoreFiles.troubleOf('.gitignore', reads !== 'root-only');
        if (trouble !== undefined) {
          return { state: 'unknown', text: trouble.text, at: trouble, matcher: always('deny', trouble.file) };
        }
        return {
          state: 'on',
          text: isTracked ? 'Only files that git tracks count.' : '.gitignore names it.',
          matcher: this.#ignoreFiles.gitignore(reads),
          sources: this.#ignoreFiles.sources('.gitignore', reads !== 'root-only'),
        };
      }
      case 'permission-rules':
        return this.#rules(id, mechanism, settings);
      case 'sandbox':
        return this.#sandbox(assistant, mechanism, settings);
      case 'builtin':
        return this.#builtin(mechanism, assistant, settings);
      case 'prompt':
        return { state: 'on', text: mechanism.text, matcher: always('ask', 'the program') };
      case 'environment-filter':
        return this.#environment(mechanism, settings, assistant);
      case 'redaction':
        return { state: 'unknown', text: mechanism.text, matcher: NEVER };
      case 'policy':
        return {
          state: 'off',
          text: 'A policy of the organisation may keep it out; nothing here shows one.',
          matcher: NEVER,
        };
      case 'switch':
      case 'off-file':
        return { state: 'off', text: mechanism.text, matcher: NEVER };
    }
  }

  #ignoreFile(mechanism: Mechanism, settings: Settings): Acting {
    const { file = '', keys = [] } = mechanism;
    const other = keys.map((key) => settings.value(key)?.value).find((value) => typeof value === 'string');
    const name = typeof other === 'string' ? other : file;
    const { syntax = 'gitignore' } = this.#known.ignoreFiles[file] ?? {};
    const sources = this.#ignoreFiles.sources(name, isNested(this.#known, file));
    const compile = compileOf(syntax) as Compile;
    const trouble = this.#ignoreFiles.troubleOf(name);
    if (mechanism.default === 'off') return { state: 'off', text: mechanism.text, matcher: NEVER };
    if (trouble !== undefined) {
      return { state: 'unknown', text: trouble.text, at: trouble, matcher: always('deny', trouble.file) };
    }
    return {
      state: sources.length > 0 ? 'on' : 'off',
      text: sources.length > 0 ? `${name} names it.` : `There is no ${name}.`,
      matcher: compile(sources, this.#ignoreFiles.options),
      sources,
    };
  }

  #rules(id: string, mechanism: Mechanism, settings: Settings): Acting {
    const { syntax, text } = mechanism;
    if (syntax === undefined) return { state: 'off', text, matcher: NEVER };
    const { options } = this.#ignoreFiles;
    const compile = compileOf(syntax) as Compile;
    // Names of more ignore files.
    if (id === 'custom-ignore') {
      const names = settings
        .values(mechanism.keys?.[0] ?? '')
        .flatMap(({ value }) => (Array.isArray(value) ? value : []));
      const sources = names.flatMap((name) => (typeof name === 'string' ? this.#ignoreFiles.sources(name, false) : []));
      const state = sources.length > 0 ? 'on' : 'off';
      return { state, text: 'An ignore file that the settings name.', matcher: compile(sources, options), sources };
    }
    const rules = (RULE_LISTS[syntax] ?? plainLists)(settings, mechanism);
    const sources = sourcesOf(rules, this.#folderOf);
    return {
      state: rules.length > 0 ? 'on' : 'off',
      text: rules.length > 0 ? 'A rule of the settings.' : 'No rule stands in the settings.',
      matcher: compile(sources, options),
      sources,
    };
  }

  /** What a rule starts from that stands in the settings of the user. */
  readonly #folderOf: FolderOf = (file) => {
    const { home } = this.#project;
    return file.startsWith('~/') && home !== undefined ? `${home}/.claude` : undefined;
  };

  #sandbox(assistant: Assistant, mechanism: Mechanism, settings: Settings): Acting {
    const { options } = this.#ignoreFiles;
    if (assistant.id === 'codex') return codexProfile(settings, options);
    if (assistant.id === 'claude-code') return claudeSandbox(settings, options, this.#folderOf);
    const boundary = settings.value('readBoundary', mechanism.settings);
    if (boundary?.value === 'workspace') {
      return {
        state: 'on',
        text: 'readBoundary keeps commands in the workspace.',
        ...atOf(boundary),
        matcher: {
          decide: (subject) =>
            isOutside(String(subject.path)) ? always('deny', boundary.file).decide(subject) : undefined,
          omitted: [],
        },
      };
    }
    const [file] = settings.files;
    if (file !== undefined && mechanism.keys === undefined) {
      return {
        state: 'unknown',
        text: 'The settings of the sandbox are there, and their rules are not read.',
        at: file,
        matcher: always('deny', file.file),
      };
    }
    return { state: 'off', text: 'No rule of the sandbox closes a path.', matcher: NEVER };
  }

  #builtin(mechanism: Mechanism, assistant: Assistant, settings: Settings): Acting {
    const { patterns = [], exceptions = [], syntax = 'gitignore', keys = [], text } = mechanism;
    const set = keys.map((key) => settings.value(key)).find((value) => value !== undefined);
    if (mechanism.default === 'off' && set?.value !== true) return { state: 'off', text, matcher: NEVER };
    // A list of the user's stands in place of the one that is built in.
    if (mechanism.default === undefined && set !== undefined) {
      return { state: 'off', text: 'A list in the settings stands in its place.', ...atOf(set), matcher: NEVER };
    }
    const compile = compileOf(syntax) as Compile;
    const rules =
      syntax === 'gitignore'
        ? [...patterns, ...exceptions.map((one) => `!${one}`)].map((pattern) => ({ pattern }))
        : [
            ...patterns.map((pattern) => ({ pattern })),
            ...exceptions.map((pattern) => ({ pattern, effect: 'allow' as const })),
          ];
    const matcher = within(
      mechanism.depth,
      compile([{ file: `the list of ${assistant.name}`, rules }], this.#ignoreFiles.options),
    );
    if (syntax !== 'opencode') return { state: 'on', text: 'It is on the list that is built in.', matcher };
    // Rules of the user's come behind it, and the last match decides.
    const own = Object.entries(assistant.mechanisms).find(
      ([, one]) => one.syntax === 'opencode' && one.kind === 'permission-rules',
    );
    const rulesOfUser = own && this.#rules(own[0], own[1], settings).matcher;
    return {
      state: 'on',
      text: 'It is on the list that is built in.',
      matcher: {
        decide: (subject) => (rulesOfUser?.decide(subject) === undefined ? matcher.decide(subject) : undefined),
        omitted: [],
      },
    };
  }

  /** Which variables do not reach commands. */
  #environment({ keys = [], variables = [], text }: Mechanism, settings: Settings, assistant: Assistant): Acting {
    const scrubs = variables.find((name) => this.#project.variable(name) === '1');
    const inSandbox = keys.some((key) => key.startsWith('sandbox.'));
    const sandbox = sandboxOf(assistant, settings);
    if (inSandbox && sandbox.state === 'off') return { state: 'off', text: sandbox.text, matcher: NEVER };
    const filters: Filter[] = [
      ...keys.flatMap((key) => (VARIABLE_FILTERS[key] ?? namedFilter)(settings, key)),
      ...(scrubs === undefined ? [] : [{ file: `$${scrubs}`, hides: (name: string) => CLOUD_VARIABLE.test(name) }]),
    ];
    return {
      state: filters.length > 0 ? 'on' : 'off',
      text,
      matcher: {
        decide: (subject) => {
          const name = String(subject.path);
          const filter = filters.find(({ hides }) => hides(name));
          return filter && { effect: 'deny', file: filter.file, line: filter.line, pattern: name, matched: name };
        },
        omitted: [],
      },
    };
  }
}

/** Variables of Anthropic and of cloud providers. */
const CLOUD_VARIABLE = /^(?:ANTHROPIC|CLAUDE|AWS|GOOGLE|GCP|CLOUDSDK|AZURE|ARM)_/;

/**
 * Paths that the sandbox of Claude Code denies: `/abs`, `~/home` and relative ones, each with what is in it. What
 * `allowRead` names stays open.
 *
 * @see https://code.claude.com/docs/en/sandboxing
 */
function claudeSandbox(settings: Settings, options: IgnoreFiles['options'], folderOf: FolderOf): Acting {
  const compile = compileOf('claude-code') as Compile;
  const rules = (
    key: string,
  ): { readonly file: string; readonly rule: { readonly pattern: string; readonly line?: number } }[] =>
    settings.values(key).flatMap(({ value, file, line }) => {
      const path = typeof value === 'object' && value !== null && 'path' in value ? value.path : value;
      if (typeof path !== 'string') return [];
      // A path without a beginning is of the folder of the settings, and of no folder below.
      const own = path.replace(/^(?:\.\/+)+/, '');
      const pattern = path.startsWith('/') ? path.replace(/^\/+/, '//') : path.startsWith('~') ? path : `/${own}`;
      return [{ file, rule: { pattern: `Read(${pattern})`, ...(line !== undefined && { line }) } }];
    });
  const denied = [...rules('sandbox.filesystem.denyRead[]'), ...rules('sandbox.credentials.files[]')];
  const closed = compile(sourcesOf(denied, folderOf), options);
  const open = compile(sourcesOf(rules('sandbox.filesystem.allowRead[]'), folderOf), options);
  return {
    state: denied.length > 0 ? 'on' : 'off',
    text: denied.length > 0 ? 'The sandbox denies it.' : 'The sandbox denies no path.',
    matcher: {
      decide: (subject) => (open.decide(subject) === undefined ? closed.decide(subject) : undefined),
      omitted: closed.omitted,
    },
  };
}

/** Those that are read as one with a mechanism, first to last. */
function chainOf(id: string, { mechanisms }: Assistant, among: ReadonlyMap<string, Hardness>): readonly string[] {
  const chain = [id];
  for (;;) {
    const before = mechanisms[chain[0] ?? '']?.behind?.find((one) => among.has(one) && !chain.includes(one));
    if (before !== undefined) {
      chain.unshift(before);
      continue;
    }
    const last = chain.at(-1) ?? '';
    const next = Object.keys(mechanisms).find(
      (one) => among.has(one) && !chain.includes(one) && mechanisms[one]?.behind?.includes(last) === true,
    );
    if (next === undefined) return chain;
    chain.push(next);
  }
}

function barrierOf(
  mechanisms: readonly string[],
  hardness: Hardness,
  { matcher, state, text, at }: Acting,
  elsewhere: (path: string) => string | undefined,
): Barrier {
  return {
    mechanisms,
    hardness,
    state,
    text,
    ...(at && { at }),
    omitted: matcher.omitted,
    decide(subject: Subject): Decision | undefined {
      if (typeof subject.path !== 'string' || !isOutside(subject.path)) return matcher.decide(subject);
      const path = elsewhere(subject.path);
      return path === undefined ? undefined : matcher.decide({ ...subject, path });
    },
  };
}

/** Kinds of files in which a later rule opens what an earlier one closed. */
const LISTS: ReadonlySet<Mechanism['kind']> = new Set(['ignore-file', 'gitignore']);

/** A rule that was left out may be one that opens: nothing is closed for certain. */
function withOmitted(acting: Acting): Acting {
  const [omitted] = acting.matcher.omitted;
  if (omitted === undefined || acting.state !== 'on') return acting;
  const { file, line, reason } = omitted;
  return {
    ...acting,
    state: 'unknown',
    text: `A rule of ${file}${line === undefined ? '' : `:${line}`} is not read: ${reason}.`,
  };
}

/** Syntaxes whose rules on commands are others than those on reading. */
const COMMAND_RULES: ReadonlySet<string> = new Set(['cursor-cli', 'kiro', 'amp']);

/** What a switch of the assistant says of one of its mechanisms. */
function switchedOff(
  id: string,
  mechanism: Mechanism,
  { mechanisms }: Assistant,
  settings: Settings,
): State | undefined {
  for (const { kind, of = [], keys = [], settings: ids } of Object.values(mechanisms)) {
    if (kind !== 'switch' || !of.includes(id)) continue;
    const own = keys.length === of.length ? [keys[of.indexOf(id)] ?? ''] : keys;
    for (const key of own) {
      const value = settings.value(key, ids);
      const name = mechanism.file ?? '.gitignore';
      const isOff = value?.value === false || (Array.isArray(value?.value) && !value.value.includes(name));
      if (value !== undefined && isOff) return { state: 'off', text: `${key} switches it off.`, ...atOf(value) };
    }
  }
  const answers = mechanism.kind === 'prompt' ? (mechanism.flags ?? []) : [];
  for (const flag of answers) {
    const value = settings.value(flag.replace(/^--/, ''));
    if (value?.value === true) return { state: 'off', text: `${flag} answers for the user.`, ...atOf(value) };
  }
  return undefined;
}

/** Says nothing of what lies deeper than it is looked for. */
function within(depth: number | undefined, matcher: Matcher): Matcher {
  if (depth === undefined) return matcher;
  const isDeep = ({ path }: Subject): boolean => typeof path === 'string' && path.split('/').length > depth;
  return { omitted: matcher.omitted, decide: (subject) => (isDeep(subject) ? undefined : matcher.decide(subject)) };
}

const NEVER: Matcher = { decide: () => undefined, omitted: [] };

function always(effect: Decision['effect'], file: string): Matcher {
  return {
    decide: ({ path }) => ({ effect, file, line: undefined, pattern: '*', matched: String(path) }),
    omitted: [],
  };
}
