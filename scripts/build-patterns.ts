import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DETECTORS } from '../src/detectors/index.ts';
import { compileRuleSet } from '../src/engine/compile.ts';
import { engineOf } from '../src/engine/create.ts';
import { buildAutomaton, packAutomaton } from '../src/engine/prefilter.ts';
import { compileFiles, type FilesSource } from '../src/rules/compile-files.ts';
import { compileRuleFile } from '../src/rules/compile.ts';
import type { CompiledPatterns, RuleDetails } from '../src/rules/compiled.ts';
import type { RuleFile } from '../src/rules/format.ts';

/** Compiles `patterns/` into the modules of `dist/patterns`. */
export async function buildPatterns(
  folder: string,
): Promise<{ index: CompiledPatterns; details: Record<string, RuleDetails>; words: Record<string, string[]> }> {
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
    index: {
      ...set,
      automaton: packAutomaton(buildAutomaton(set.anchorIndex.anchors), engineOf(set).siftTables()),
    },
    words,
    details: Object.fromEntries(pairs.map((pair) => [pair.rule.id, pair.details])),
  };
}
