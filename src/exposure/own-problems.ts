import type { Assistant, SecretFile } from './assistants.ts';
import type { ExposedSecret, Place } from './exposure-map.ts';
import { compileOf } from './matching/index.ts';
import type { Matcher } from './matching/rule.ts';
import type { Configuration, Problem } from './settings/configuration.ts';
import { parseSettings } from './settings/document.ts';
import type { Project } from './settings/project.ts';

/**
 * Secrets where an assistant keeps things: in its settings, in a list of commands that were allowed, in an instruction
 * file, in a transcript that lies in the repository.
 */
export function ownProblems(
  secrets: readonly ExposedSecret[],
  assistant: Assistant,
  configuration: Configuration,
  project: Project,
): Problem[] {
  const copies = copied(assistant, project);
  return secrets.flatMap((secret) =>
    secret.places.flatMap((place): Problem[] => {
      if (!isFile(place)) return [];
      const copy = place.standing === 'ignored' ? copies?.decide({ path: place.path }) : undefined;
      if (copy?.effect === 'deny') {
        return [
          {
            rule: 'assistant-worktree-copy',
            assistant: assistant.id,
            file: copy.file,
            ...(copy.line !== undefined && { line: copy.line }),
            text: `It has ${place.path}, which holds a secret (${secret.title}), copied into every new working tree.`,
            fix: 'take the file out of the list, or the secret out of the file',
            sources: assistant.files.find(({ holds }) => holds === 'list')?.sources ?? ['inference'],
          },
        ];
      }
      const { path, line } = place;
      const at = { assistant: assistant.id, file: path, ...(line !== undefined && { line }) };
      const sent = configuration.imports(path);
      if (sent !== undefined) {
        const by = sent.file === path ? 'It is an instruction file' : `${sent.file} imports it`;
        return [
          {
            rule: 'assistant-instructions',
            ...at,
            text: `${by}, so that the secret in it (${secret.title}) is sent to the model in every session.`,
            fix: 'take it out and rotate it',
            sources: assistant.instructions?.sources ?? ['inference'],
          },
        ];
      }
      const { own } = place;
      if (own?.assistant !== assistant.id) return [];
      if (own.holds === 'transcript' || own.holds === 'history' || own.holds === 'cache') {
        if (place.standing === 'home') return [];
        return [
          {
            rule: 'assistant-transcript',
            ...at,
            text: `A ${own.holds} of ${assistant.name} in the repository holds a secret (${secret.title}).`,
            fix: 'delete it, ignore it in .gitignore, and rotate the secret',
            sources: ['inference'],
          },
        ];
      }
      if (own.holds !== 'settings') return [];
      const file = assistant.files.find(({ paths }) => paths.includes(path));
      const isAllowed = keyAt(file, place, project).includes('permissions');
      return [
        isAllowed
          ? {
              rule: 'assistant-allowed-command',
              ...at,
              text: `A command that was allowed for good holds a secret (${secret.title}), as it was typed.`,
              fix: 'take the command out, allow one without the secret, and rotate it',
              sources: file?.sources ?? ['inference'],
            }
          : {
              rule: 'assistant-inline-secret',
              ...at,
              text: `Settings of ${assistant.name} hold a secret as it is (${secret.title}).`,
              fix: `name a variable in its place${placeholder(file)}, and rotate the secret`,
              sources: file?.sources ?? ['inference'],
            },
      ];
    }),
  );
}

/** The list of ignored files that are copied into new working trees; its patterns are those of gitignore(5). */
function copied({ files }: Assistant, project: Project): Matcher | undefined {
  const [file] = files.find(({ holds }) => holds === 'list')?.paths ?? [];
  const read = file === undefined ? undefined : project.read(file);
  if (file === undefined || read === undefined || 'trouble' in read) return undefined;
  return compileOf('gitignore')?.([{ file, rules: read.text }]);
}

function isFile({ standing }: Place): boolean {
  return standing !== 'history' && standing !== 'stash' && standing !== 'environment';
}

function placeholder(file: SecretFile | undefined): string {
  const [form] = file?.placeholders ?? [];
  return form === undefined ? '' : `, as ${form}`;
}

/** The keys that lead to the value on the line of a place. */
function keyAt(file: SecretFile | undefined, { path, line }: Place, project: Project): readonly (string | number)[] {
  const read = project.read(path);
  const { format, keys = [] } = file ?? {};
  if (format === undefined || format === 'dotenv' || read === undefined || 'trouble' in read) return [];
  const parsed = parseSettings(read.text, format);
  if ('broken' in parsed) return [];
  return keys.flatMap((key) => parsed.values(key)).find((value) => value.line === line)?.path ?? [];
}
