import type { Assistant, Mechanism } from '../assistants.ts';
import { editorFolder } from '../own-files.ts';
import type { Rule, RuleSource } from '../matching/rule.ts';
import { parseSettings, type SettingsDocument, type Value } from './document.ts';
import type { Problem, SettingPlace } from './configuration.ts';
import type { Project } from './project.ts';

/** A value and the file that it stands in. */
export interface PlacedValue extends Value {
  readonly file: string;
}

/** The settings files of one assistant, highest precedence first. */
export class Settings {
  readonly problems: Problem[] = [];
  readonly files: SettingPlace[] = [];
  readonly #documents: {
    readonly id: string;
    readonly file: string;
    readonly document: SettingsDocument | undefined;
  }[] = [];

  constructor({ id: assistant, settings }: Assistant, project: Project) {
    const seen = new Set<string>();
    for (const [id, { path, format }] of Object.entries(settings)) {
      for (const file of namesOf(path, project)) {
        if (seen.has(file)) continue;
        seen.add(file);
        const read = project.read(file);
        if (read === undefined) continue;
        this.files.push({ file });
        const problem = (text: string, line?: number): void => {
          this.problems.push({
            rule: 'assistant-settings',
            assistant,
            file,
            ...(line !== undefined && { line }),
            text: `${text}; what it sets is not known, and counts as nothing in the way.`,
            fix: 'correct it',
            sources: ['inference'],
          });
        };
        if ('trouble' in read) {
          problem(`The settings file ${read.trouble}`);
          this.#documents.push({ id, file, document: undefined });
          continue;
        }
        const parsed = parseSettings(read.text, format);
        if ('broken' in parsed) {
          problem(`The settings file is no valid ${format.toUpperCase()}`, parsed.broken);
          this.#documents.push({ id, file, document: undefined });
        } else this.#documents.push({ id, file, document: parsed });
      }
    }
  }

  /** One of the files of a mechanism could not be read: what it sets is not known. */
  isUnknown({ settings: ids }: Pick<Mechanism, 'settings'>): PlacedFile | undefined {
    return this.#documents.find(
      ({ id, document }) => document === undefined && (ids === undefined || ids.includes(id)),
    );
  }

  /** All values of a key path, highest precedence first. */
  values(keyPath: string, ids?: readonly string[]): PlacedValue[] {
    return this.#documents.flatMap(({ id, file, document }) =>
      document === undefined || (ids !== undefined && !ids.includes(id))
        ? []
        : document.values(keyPath).map((value) => ({ ...value, file })),
    );
  }

  /** The value that counts where several files have one. */
  value(keyPath: string, ids?: readonly string[]): PlacedValue | undefined {
    return this.values(keyPath, ids)[0];
  }
}

interface PlacedFile {
  readonly file: string;
}

/** Where a value stands, for what is told of it. */
export function atOf({ file, line }: PlacedValue): { readonly at: SettingPlace } {
  return { at: { file, ...(line !== undefined && { line }) } };
}

/** What a path of the data stands for: several files where it has a star, or another usual ending. */
function namesOf(path: string, project: Project): string[] {
  const plain = path.startsWith('./') ? path.slice(2) : path;
  const [start = ''] = plain.split('/');
  const placed = start.startsWith('$') ? (editorFolder(plain, project.platform) ?? '') : plain;
  if (placed === '') return [];
  if (placed.includes('*')) {
    const [before = '', after = ''] = placed.split('*');
    return project.paths.filter(
      (one) => one.startsWith(before) && one.endsWith(after) && !one.slice(before.length).includes('/'),
    );
  }
  if (!placed.endsWith('.json')) return [placed];
  const folder = FOLDERS[placed];
  return [placed, `${placed}c`, ...(folder === undefined ? [] : [`${folder}${placed}`, `${folder}${placed}c`])];
}

/** Where the same settings may lie instead. */
const FOLDERS: Readonly<Record<string, string>> = { 'opencode.json': '.opencode/', 'kilo.json': '.kilo/' };

/** Rules of one value each, by the file that they stand in. */
export function sourcesOf(
  rules: readonly { readonly file: string; readonly rule: Rule }[],
  folderOf: (file: string) => string | undefined = () => undefined,
): RuleSource[] {
  const byFile = new Map<string, Rule[]>();
  for (const { file, rule } of rules) {
    const held = byFile.get(file);
    if (held === undefined) byFile.set(file, [rule]);
    else held.push(rule);
  }
  return [...byFile].map(([file, own]) => {
    const folder = folderOf(file);
    return { file, rules: own, ...(folder !== undefined && { folder }) };
  });
}
