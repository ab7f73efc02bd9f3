import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { proofNamed } from '../../src/detectors/proofs/index.ts';
import { compileFiles, type FilesSource } from '../../src/rules/compile-files.ts';
import type { CompiledFileClass } from '../../src/rules/compiled.ts';
import type { Example, RuleFile, RuleSource } from '../../src/rules/format.ts';
import { TemplateExpander } from '../../src/rules/template.ts';

export const PATTERNS: URL = new URL('../../patterns/', import.meta.url);

/** Every file of `patterns/secrets`, parsed. */
export const RULE_FILES: readonly { readonly name: string; readonly file: RuleFile }[] = readdirSync(
  new URL('secrets/', PATTERNS),
)
  .filter((name) => name.endsWith('.yaml'))
  .toSorted()
  .map((name) => ({
    name,
    file: parse(readFileSync(new URL(`secrets/${name}`, PATTERNS), 'utf8')) as RuleFile,
  }));

export const RULES: readonly RuleSource[] = RULE_FILES.flatMap(({ file }) => file.rules);

/** `patterns/files.yaml`, compiled. */
export const FILE_CLASSES: readonly CompiledFileClass[] = compileFiles(
  parse(readFileSync(new URL('files.yaml', PATTERNS), 'utf8')) as FilesSource,
);

/** A fresh seed for each run; set `KEEPMUM_SEED` to repeat one. */
export const SEED: string = process.env['KEEPMUM_SEED'] ?? String(Date.now());

/** A made-up secret of a rule. */
export function tokenOf(rule: RuleSource, expander: TemplateExpander): string {
  if (rule.token === undefined) throw new Error(`${rule.id} has no token template`);
  const proof = rule.proof && proofNamed(rule.proof.name);
  return expander.expand(rule.token, {}, proof?.complete?.bind(proof));
}

/** An example with its templates expanded. */
export function expandExample(
  rule: RuleSource,
  example: string | Example,
  expander: TemplateExpander,
): { readonly text: string; readonly path: string; readonly token: string | undefined } {
  const { text, path = 'example.txt' } = typeof example === 'string' ? { text: example } : example;
  const token = rule.token === undefined ? undefined : tokenOf(rule, expander);
  const proof = rule.proof && proofNamed(rule.proof.name);
  return {
    text: expander.expand(text, token === undefined ? {} : { token }, proof?.complete?.bind(proof)),
    path,
    token,
  };
}
