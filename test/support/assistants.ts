import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import type { AssistantSource, AssistantsSource } from '../../src/exposure/compile-assistants.ts';
import { PATTERNS } from './rules.ts';

/** Every file of `patterns/assistants`, parsed. */
export const ASSISTANT_FILES: readonly { readonly name: string; readonly source: AssistantSource }[] = readdirSync(
  new URL('assistants/', PATTERNS),
)
  .filter((name) => name.endsWith('.yaml'))
  .toSorted()
  .map((name) => ({
    name,
    source: parse(readFileSync(new URL(`assistants/${name}`, PATTERNS), 'utf8')) as AssistantSource,
  }));

/** `patterns/assistants.yaml`, parsed. */
export const SHARED: AssistantsSource = parse(
  readFileSync(new URL('assistants.yaml', PATTERNS), 'utf8'),
) as AssistantsSource;

const ajv: Ajv2020 = new Ajv2020({ allErrors: false, strict: false });
for (const name of ['assistant', 'assistants']) {
  const file = new URL(`${name}.schema.json`, PATTERNS);
  ajv.addSchema({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), $id: `file:///${name}.schema.json` });
}

/** What checks a file against `patterns/<name>.schema.json`. */
export function assistantSchema(name: 'assistant' | 'assistants'): ValidateFunction {
  const schema = ajv.getSchema(`file:///${name}.schema.json`);
  if (schema === undefined) throw new Error(`no schema ${name}`);
  return schema;
}
