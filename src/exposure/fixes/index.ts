import type { Assistant, Assistants } from '../assistants.ts';
import { CHANNELS, type ChannelId } from '../assistants.ts';
import type { ExposureMap, MappedAssistant, Place } from '../exposure-map.ts';
import { isOutside } from '../places.ts';
import { countsWider, isOpen } from '../width.ts';
import type { Configuration } from '../settings/configuration.ts';
import { Configurations } from '../settings/index.ts';
import type { Project } from '../settings/project.ts';
import { claudeCode } from './claude-code.ts';
import { codex } from './codex.ts';
import { ignoreFile } from './ignore-file.ts';
import { amp, cursorCli, geminiSandbox, opencode, zed } from './json-settings.ts';
import type { Edit, FileChange, Fixer, FixPlan, Left } from './plan.ts';

export type { FileChange, FixPlan } from './plan.ts';

/** What closes files for an assistant beside its own ignore file, by its id. */
const FIXERS: Readonly<Record<string, readonly Fixer[]>> = {
  'claude-code': [claudeCode],
  codex: [codex],
  'cursor-cli': [cursorCli],
  'gemini-cli': [geminiSandbox],
  opencode: [opencode],
  'kilo-code': [opencode],
  zed: [zed],
  amp: [amp],
};

export interface FixOptions {
  readonly map: ExposureMap;
  readonly known: Assistants;
  readonly project: Project;
  /** The same map by other settings. */
  readonly remade: (configure: (assistant: Assistant) => Configuration) => Pick<ExposureMap, 'assistants' | 'reasons'>;
  /** The name says that the file holds credentials, so that nobody needs to read it to write code. */
  readonly isCredentialFile: (path: string) => boolean;
}

/**
 * What would close what can be closed, for the assistants in use: files of the working tree that are in no commit, and
 * those that are named as credentials. Nothing outside of the repository is changed, and nothing is written here.
 */
export function planFixes({ map, known, project, remade, isCredentialFile }: FixOptions): FixPlan {
  const texts = new Map<
    string,
    { readonly before: string | undefined; text: string; readonly assistants: Set<string> }
  >();
  const changed = overlaid(project, texts);
  for (const { id, name, inUse, cells } of map.assistants) {
    const assistant = known.assistants.find((one) => one.id === id);
    if (!inUse || assistant === undefined) continue;
    const paths = new Set<string>();
    for (const [index, { verdict }] of cells.entries()) {
      if (!isOpen(verdict)) continue;
      for (const place of map.secrets[index]?.places ?? []) {
        if (isClosable(place, isCredentialFile)) paths.add(place.path);
      }
    }
    if (paths.size === 0) continue;
    for (const { file, after } of editsOf({ assistant, known, paths: [...paths], project: changed })) {
      const held = texts.get(file);
      if (held === undefined) {
        const read = project.read(file);
        const before = read !== undefined && 'text' in read ? read.text : undefined;
        texts.set(file, { before, text: after, assistants: new Set([name]) });
      } else {
        held.text = after;
        held.assistants.add(name);
      }
    }
  }
  const changes = [...texts].map(([file, { before, text, assistants }]): FileChange => ({
    file,
    ...(before !== undefined && { before }),
    after: text,
    assistants: [...assistants],
  }));
  const all = new Configurations(known, changed);
  const after = { ...map, ...remade((assistant) => all.of(assistant)) };
  return { changes: changes.toSorted((a, b) => (a.file < b.file ? -1 : 1)), left: leftOf(after), after };
}

/** What files are to become so that the settings of one assistant close these, as far as they can; one text per file. */
export function editsOf({ assistant, known, paths, project, rulesOnly = false }: Edits): readonly Edit[] {
  const texts = new Map<string, { readonly text: string }>();
  const changed = overlaid(project, texts);
  const sorted = paths.toSorted();
  for (const fixer of [ignoreFile, ...(FIXERS[assistant.id] ?? [])]) {
    // What a fixer before it has written counts.
    const configuration = new Configurations(known, changed).of(assistant);
    const denies = (mechanism: string, path: string): boolean => isDenied(configuration, mechanism, path);
    for (const { file, after } of fixer({ assistant, known, paths: sorted, project: changed, denies, rulesOnly })) {
      texts.set(file, { text: after });
    }
  }
  return [...texts].map(([file, { text }]) => ({ file, after: text }));
}

interface Edits {
  readonly assistant: Assistant;
  readonly known: Assistants;
  /** From the root. */
  readonly paths: readonly string[];
  readonly project: Project;
  /** Without switching on a sandbox. */
  readonly rulesOnly?: boolean;
}

/** The cells of a map with what the changes would close. */
export function withClosable(map: ExposureMap, { after }: FixPlan): ExposureMap {
  return {
    ...map,
    assistants: map.assistants.map((assistant) => {
      const later = after.assistants.find(({ id }) => id === assistant.id);
      return {
        ...assistant,
        cells: assistant.cells.map((cell, index) => {
          const then = later?.cells[index]?.verdict;
          const isClosed = then !== undefined && countsWider(cell.verdict, then);
          return isOpen(cell.verdict) && isClosed ? { ...cell, closable: true } : cell;
        }),
      };
    }),
  };
}

function isClosable({ standing, path, isInHistory }: Place, isCredentialFile: (path: string) => boolean): boolean {
  if (standing !== 'tracked' && standing !== 'untracked' && standing !== 'ignored') return false;
  return !isOutside(path) && (!isInHistory || isCredentialFile(path));
}

/** In each channel in which the mechanism acts, by itself or with others. */
function isDenied(configuration: Configuration, mechanism: string, path: string): boolean {
  const acting = (Object.keys(CHANNELS) as ChannelId[]).flatMap((channel) =>
    configuration.barriers(channel).filter(({ mechanisms }) => mechanisms.includes(mechanism)),
  );
  return (
    acting.length > 0 && acting.every(({ state, decide }) => state === 'on' && decide({ path })?.effect === 'deny')
  );
}

/** A project in which some files have other texts. */
function overlaid(project: Project, texts: ReadonlyMap<string, { readonly text: string }>): Project {
  return {
    ...project,
    get paths() {
      const own = new Set(project.paths);
      return [...project.paths, ...[...texts.keys()].filter((path) => !own.has(path))];
    },
    read(path) {
      const own = texts.get(path);
      return own === undefined ? project.read(path) : { text: own.text };
    },
    exists: (path) => texts.has(path) || project.exists(path),
  };
}

/** What to do where a channel stays open, in the order in which it is told. */
const INSTEAD: Readonly<Record<ChannelId, string>> = {
  'git-history':
    'it stands in the objects of git, which no setting closes: rotate it; rewriting the history helps only where nobody has a copy',
  shell:
    'no setting of this assistant keeps its commands from files: run it in a container or as another user, or keep the secret in a manager and out of files',
  'shell-sandboxed': 'the sandbox has no setting that closes this file: keep the secret in a manager and out of files',
  env: 'start the assistant without this variable, or hand it to the one command that needs it',
  import: 'take it out of the instruction file, or the import',
  index: 'take it out of the file and rotate it: code that an assistant is to write needs to be read',
  read: 'take it out of the file and rotate it: code that an assistant is to write needs to be read',
  search: 'take it out of the file and rotate it: code that an assistant is to write needs to be read',
  editor: 'keep the file closed while the assistant runs, or the secret out of it',
  mention: 'do not mention the file',
};

/** What is open after all changes, for those in use, by what to do. */
function leftOf(map: Pick<ExposureMap, 'assistants' | 'secrets'>): Left[] {
  return map.assistants
    .filter(({ inUse }) => inUse)
    .flatMap(({ name, cells }: MappedAssistant) => {
      const groups = new Map<string, number[]>();
      for (const [index, { verdict, channel }] of cells.entries()) {
        if ((verdict !== 'visible' && verdict !== 'unknown') || channel === undefined) continue;
        const isHome =
          map.secrets[index]?.places.every(({ path, standing }) => standing === 'home' || isOutside(path)) === true;
        const text = isHome
          ? 'it lies outside of the repository, where its settings are yours: deny it there, or run the assistant as another user'
          : INSTEAD[channel];
        const group = groups.get(text);
        if (group === undefined) groups.set(text, [index]);
        else group.push(index);
      }
      return [...groups].map(([text, secrets]) => ({ assistant: name, text, secrets }));
    });
}
