/**
 * What AI coding assistants read, by channel: the built form of `patterns/assistants/*.yaml` and
 * `patterns/assistants.yaml`, whose schemas say what each key means. Statements are about a program without
 * any settings; what the repository and the user set comes on top.
 */

/** The ways in which a secret gets to an assistant; what the words mean stands with each. */
export const CHANNELS = {
  index: 'the index of the workspace, often kept by the vendor',
  read: 'the tool that reads a file',
  search: 'the tools that list and search files',
  shell: 'commands, outside of any sandbox',
  'shell-sandboxed': 'commands, while the sandbox of the product is on',
  'git-history': 'old commits and stashes, by way of git',
  editor: 'completions, selections and open files',
  mention: 'files that the user mentions or adds',
  env: 'variables of the environment, and .env files that are loaded at the start',
  import: 'files that instruction files import',
} as const;

export type ChannelId = keyof typeof CHANNELS;

/** `unknown` counts as in the way of nothing. */
export type Hardness = 'hard' | 'soft' | 'unknown';

/** Ids of sources: those of the assistant, `inference` (our own conclusion) or `unchecked` (common knowledge). */
type SourceIds = readonly string[];

/** `YYYY-MM-DD`, or `YYYY-MM` where no day is known. */
export type PartialDate = string;

export interface Source {
  readonly url: string;
  /** Of the version that was read. */
  readonly date: PartialDate;
  /** Program version or commit that it told of. */
  readonly version?: string;
}

/** One channel of one assistant. Where it is not there at all, `gitignore`, `barriers` and `dotenv` are `na`. */
export interface Channel {
  /** Whether it obeys .gitignore without being configured. */
  readonly gitignore: 'yes' | 'no' | 'partial' | 'unknown' | 'na';
  /** By id of a mechanism, `gitignore` included; `none`: nothing but the rights of the user. */
  readonly barriers: Readonly<Record<string, Hardness>> | 'none' | 'unknown' | 'na';
  /** What happens to an untracked, ignored `.env` at the root without any settings. */
  readonly dotenv: 'visible' | 'filtered' | 'prompt' | 'blocked' | 'unknown' | 'na';
  readonly confidence: 'high' | 'medium' | 'low';
  readonly text: string;
  /** Empty only where nothing is known. */
  readonly sources: SourceIds;
  /** Of `env`: files that it loads into its own environment: a name is looked for at the root. */
  readonly loads?: readonly string[];
  /** Of `env`: the key of the settings that stops that. */
  readonly loadsUnless?: string;
  /** Of `read`: what happens to files outside of the workspace. */
  readonly outside?: 'visible' | 'prompt' | 'blocked' | 'unknown';
}

export interface Mechanism {
  readonly kind:
    | 'ignore-file'
    | 'gitignore'
    | 'permission-rules'
    | 'sandbox'
    | 'environment-filter'
    | 'builtin'
    | 'prompt'
    | 'redaction'
    | 'policy'
    | 'switch'
    | 'off-file';
  /** Of `switch`: the mechanisms that it changes; it is no barrier itself. */
  readonly of?: readonly string[];
  readonly text: string;
  readonly sources: SourceIds;
  /** First and last version that it holds for. */
  readonly since?: string;
  readonly until?: string;
  /** Whether it counts without any setting, where that is not what its kind has it. */
  readonly default?: 'on' | 'off';
  /** Of `ignore-file`: a key of `ignoreFiles`. */
  readonly file?: string;
  /** Of `gitignore`: how it is read. */
  readonly reads?: 'root-only' | 'nested' | 'ripgrep' | 'git' | 'git-tracked' | 'unknown';
  readonly patterns?: readonly string[];
  readonly exceptions?: readonly string[];
  /** Of `builtin`: names of a path, that of the file included, behind which nothing is covered. */
  readonly depth?: number;
  /** The tools of a channel that it counts in; absent: all. */
  readonly only?: readonly string[];
  /** Ids of settings files; absent: all. */
  readonly settings?: readonly string[];
  readonly keys?: readonly string[];
  readonly variables?: readonly string[];
  readonly flags?: readonly string[];
  /** Mechanisms that it is read behind, as if all were one file: a negation in it opens what they closed. */
  readonly behind?: readonly string[];
  /** A key of `syntaxes`. */
  readonly syntax?: string;
  readonly decides?: 'deny-wins' | 'last-match';
}

export interface IgnoreFile {
  readonly syntax: string;
  /** Where it counts, in words. */
  readonly at: string;
  readonly nested: 'yes' | 'no' | 'optional' | 'unknown';
  readonly negation: 'yes' | 'no' | 'partial' | 'unknown';
  readonly case?: 'sensitive' | 'insensitive';
  readonly text?: string;
  /** Absent where the mechanisms that name it have them. */
  readonly sources?: SourceIds;
}

interface SettingsFile {
  /** From the repository, or behind `~/`, `/`, or the user folder of an editor such as `$VSCODE/`. */
  readonly path: string;
  readonly format: 'json' | 'jsonc' | 'toml' | 'yaml';
  readonly text?: string;
}

/** A file that looks as if it protected something and does not. */
export interface Placebo {
  readonly file: string;
  /** `less`: it counts somewhere, and not where its name makes one expect it. */
  readonly does: 'nothing' | 'less';
  readonly since?: string;
  readonly until?: string;
  readonly text: string;
  readonly sources: SourceIds;
}

/** A setting that does not do what it seems to. */
interface Pitfall {
  readonly file?: string;
  readonly key?: string;
  readonly value?: string;
  readonly since?: string;
  readonly until?: string;
  readonly text: string;
  readonly sources: SourceIds;
}

/** Files that may hold secrets. */
export interface SecretFile {
  /** Globs, with the same beginnings as `SettingsFile.path`, `%APPDATA%/` and `$TMP/`. */
  readonly paths: readonly string[];
  readonly of?: string;
  readonly holds: 'settings' | 'credentials' | 'transcript' | 'history' | 'cache' | 'list';
  readonly format?: 'json' | 'jsonc' | 'toml' | 'yaml' | 'dotenv';
  /** Names with dots between; `*` any name, `[]` each item, `**` every value below. */
  readonly keys?: readonly string[];
  /** Forms that stand for a value and hold none. */
  readonly placeholders?: readonly string[];
  /** Keys that hold the name of a variable or a file only. */
  readonly harmless?: readonly string[];
  readonly text?: string;
  readonly sources: SourceIds;
}

/** Files that are sent to the model in every session. */
interface Instructions {
  readonly files: readonly string[];
  readonly imports?: string;
  /** How far imports are followed. */
  readonly depth?: number;
  readonly text: string;
  readonly sources: SourceIds;
}

export interface Assistant {
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  /** The versions that the statements hold for; `until` is the last, `checked` the newest that was looked at. */
  readonly versions: { readonly from?: string; readonly until?: string; readonly checked?: string };
  readonly verifiedAt: PartialDate;
  /** It works on a clone somewhere else: what was not committed is not there. */
  readonly worksOn?: 'clone';
  /** How it is started to answer one prompt, which comes behind it in quotes, and end. */
  readonly headless?: { readonly command: string; readonly sources: SourceIds };
  /** Files and, ending in a slash, folders that show that it is in use. */
  readonly marks: {
    readonly repository: readonly string[];
    readonly home: readonly string[];
    readonly sources: SourceIds;
  };
  /** Highest precedence first. */
  readonly settings: Readonly<Record<string, SettingsFile>>;
  readonly mechanisms: Readonly<Record<string, Mechanism>>;
  readonly channels: Readonly<Record<ChannelId, Channel>>;
  readonly instructions?: Instructions;
  readonly placebos: readonly Placebo[];
  readonly pitfalls: readonly Pitfall[];
  readonly files: readonly SecretFile[];
  /** Every source that one of its statements names. */
  readonly sources: Readonly<Record<string, Source>>;
}

/** `dist/patterns/assistants.json`. */
export interface Assistants {
  /** By id, in its order. */
  readonly assistants: readonly Assistant[];
  readonly syntaxes: Readonly<Record<string, string>>;
  readonly ignoreFiles: Readonly<Record<string, IgnoreFile>>;
  /** Those that several assistants read. */
  readonly instructions: Instructions;
  /** Of no assistant in particular. */
  readonly placebos: readonly Placebo[];
  /** Of programs that are none of `assistants`. */
  readonly files: readonly SecretFile[];
  /** Sources of what stands here, and in no assistant. */
  readonly sources: Readonly<Record<string, Source>>;
}

/** Everything that is known of assistants; read when first asked for. */
export async function loadAssistants(): Promise<Assistants> {
  return (await import('#patterns/assistants')).default;
}

/** Statements older than this many days are flagged. */
export const OLD_AFTER_DAYS = 120;

/** Whole days from `date` to `today`; a month counts from its first day, so that nothing seems newer than it is. */
export function ageInDays(date: PartialDate, today: Date): number {
  const day = Date.parse(date.length === 7 ? `${date}-01` : date);
  return Math.floor((today.getTime() - day) / 86_400_000);
}

/** Whether a statement of this date is to be flagged. */
export function isOld(date: PartialDate, today: Date): boolean {
  return ageInDays(date, today) > OLD_AFTER_DAYS;
}
