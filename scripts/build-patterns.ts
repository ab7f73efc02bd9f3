import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseChecked, ruleFailure } from '../src/config/document.ts';
import { DETECTORS } from '../src/detectors/index.ts';
import { compileRuleSet } from '../src/engine/compile.ts';
import { engineOf } from '../src/engine/create.ts';
import { packGates } from '../src/engine/pack-gates.ts';
import { buildAutomaton, packAutomaton } from '../src/engine/prefilter.ts';
import type { Assistants } from '../src/exposure/assistants.ts';
import { compileAssistants, type AssistantSource, type AssistantsSource } from '../src/exposure/compile-assistants.ts';
import { compileFiles, type FilesSource } from '../src/rules/compile-files.ts';
import { compileRuleFile } from '../src/rules/compile.ts';
import type { CompiledPatterns, RuleDetails } from '../src/rules/compiled.ts';
import type { RuleFile } from '../src/rules/format.ts';

/** What checks a file against its schema, and the keys that the schema knows. */
interface Schema {
  readonly validate: Parameters<typeof parseChecked>[2];
  readonly keys: readonly string[];
}

/**
 * Compiles `patterns/` into the modules of `dist/patterns`.
 * @throws {RuleError} naming file, place and fix
 */
export async function buildPatterns(
  folder: string,
  schemas: { readonly assistant: Schema; readonly assistants: Schema },
): Promise<{
  index: CompiledPatterns;
  details: Record<string, RuleDetails>;
  words: Record<string, string[]>;
  assistants: Assistants;
}> {
  const secrets = join(folder, 'secrets');
  const names = (await readdir(secrets)).filter((name) => name.endsWith('.yaml')).toSorted();
  const pairs = [];
  for (const name of names) {
    const file = parse(await readFile(join(secrets, name), 'utf8')) as RuleFile;
    pairs.push(...compileRuleFile(file, `patterns/secrets/${name}`));
  }
  const files = parse(await readFile(join(folder, 'files.yaml'), 'utf8')) as FilesSource;
  const set = compileRuleSet(pairs, DETECTORS, compileFiles(files));
  const words = parse(await readFile(join(folder, 'words', 'placeholders.yaml'), 'utf8')) as Record<string, string[]>;
  return {
    assistants: await buildAssistants(folder, schemas),
    index: {
      ...set,
      automaton: packAutomaton(
        buildAutomaton(set.anchorIndex.anchors),
        engineOf(set).siftTables(),
        packGates(set, DETECTORS),
      ),
    },
    words,
    details: Object.fromEntries(pairs.map((pair) => [pair.rule.id, pair.details])),
  };
}

async function buildAssistants(
  folder: string,
  schemas: { readonly assistant: Schema; readonly assistants: Schema },
): Promise<Assistants> {
  const checked = async (name: string, { validate, keys }: Schema): Promise<unknown> =>
    parseChecked(await readFile(join(folder, name), 'utf8'), `patterns/${name}`, validate, keys, ruleFailure);
  const names = (await readdir(join(folder, 'assistants'))).filter((name) => name.endsWith('.yaml')).toSorted();
  const files = [];
  for (const name of names) {
    files.push({ name, source: (await checked(`assistants/${name}`, schemas.assistant)) as AssistantSource });
  }
  return compileAssistants(files, (await checked('assistants.yaml', schemas.assistants)) as AssistantsSource);
}
