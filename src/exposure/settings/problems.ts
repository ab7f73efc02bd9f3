import type { Assistant, Assistants } from '../assistants.ts';
import { wildcardTokens } from '../matching/path-globs.ts';
import { compileGlob } from '../matching/program.ts';
import { byteString } from '../matching/rule.ts';
import type { Problem } from './configuration.ts';
import { MOST_IMPORTS, type Imported } from './imports.ts';
import type { Project } from './project.ts';
import type { Settings } from './reading.ts';

/** What is wrong with the settings of an assistant, and with files that seem to be for it. */
export function problemsOf(
  assistant: Assistant,
  known: Assistants,
  project: Project,
  settings: Settings,
  imports: ReadonlyMap<string, Imported>,
  inUse: boolean,
): Problem[] {
  return [
    ...placebos(assistant, known, project, inUse),
    ...pitfalls(assistant, project, settings),
    ...importing(assistant, imports),
  ];
}

function placebos(
  { id, name, placebos: own }: Assistant,
  known: Assistants,
  project: Project,
  inUse: boolean,
): Problem[] {
  const told = [
    ...own.filter(({ does }) => inUse && does === 'nothing').map((one) => ({ ...one, assistant: id })),
    ...known.placebos,
  ];
  return told.flatMap((placebo): Problem[] => {
    const { file, text, sources } = placebo;
    if (!project.exists(file)) return [];
    const whose = 'assistant' in placebo ? { assistant: id } : {};
    const fix =
      'assistant' in whose
        ? `remove it; what ${name} obeys is in docs/assistants.md`
        : 'remove it, or install the tool that reads it';
    return [{ rule: 'assistant-placebo', ...whose, file, text, fix, sources }];
  });
}

/** Negations in an ignore file: what seems to open something, or does so against what one expects. */
const NEGATION = /^!/;

function pitfalls({ id, pitfalls: all }: Assistant, project: Project, settings: Settings): Problem[] {
  return all.flatMap(({ file, key, value, text, sources }): Problem[] => {
    const problem = (where: string, line?: number): Problem => ({
      rule: 'assistant-pitfall',
      assistant: id,
      file: where,
      ...(line !== undefined && { line }),
      text,
      fix: 'change it as the text says',
      sources,
    });
    if (key !== undefined) {
      const fits = value === undefined ? undefined : wildcard(value);
      return settings.values(key).flatMap((one) => {
        const items: unknown[] = Array.isArray(one.value) ? one.value : [one.value, one.path.at(-1)];
        // `Read(/x)` means something else in the user's settings only.
        if (value === 'Read(/*)' && !one.file.startsWith('~/')) return [];
        if (fits === undefined) return [problem(one.file, one.line)];
        const at = items.findIndex((item) => typeof item === 'string' && fits(item) && !item.startsWith('Read(//'));
        if (at < 0) return [];
        const line = Array.isArray(one.value)
          ? settings.values(`${key}[]`).find((item) => item.value === items[at])?.line
          : one.line;
        return [problem(one.file, line)];
      });
    }
    if (file === undefined || !/negation/i.test(text)) return [];
    const read = project.read(file);
    if (read === undefined || 'trouble' in read) return [];
    const line = read.text.split('\n').findIndex((one) => NEGATION.test(one)) + 1;
    return line === 0 ? [] : [problem(file, line)];
  });
}

function wildcard(pattern: string): (text: string) => boolean {
  const fits = compileGlob(wildcardTokens(byteString(pattern)));
  return (text) => fits(byteString(text));
}

function importing({ id, instructions }: Assistant, imports: ReadonlyMap<string, Imported>): Problem[] {
  const all = [...imports.values()];
  const last = imports.size >= MOST_IMPORTS ? all.at(-1) : undefined;
  const cut: Problem[] = last
    ? [
        {
          rule: 'assistant-instructions',
          assistant: id,
          file: last.by.file,
          text: `There are more imports than are followed (${MOST_IMPORTS}); what comes behind is not known.`,
          fix: 'import less',
          sources: ['inference'],
        },
      ]
    : [];
  const told = all.flatMap(({ path, by, isImport }): Problem[] =>
    isImport
      ? [
          {
            rule: 'assistant-instructions',
            assistant: id,
            file: by.file,
            ...(by.line !== undefined && { line: by.line }),
            text: `It imports ${path}, which is then sent to the model in every session, past all deny rules.`,
            fix: 'see that no secret stands in what is imported',
            sources: instructions?.sources ?? ['inference'],
          },
        ]
      : [],
  );
  return [...told, ...cut];
}
