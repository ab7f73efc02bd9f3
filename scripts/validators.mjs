// Turns the JSON schemas into code at build time: no schema library is loaded at run time.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';

/** Stands for the root of the package, so that `../patterns/rule.schema.json` leads from one schema to the other. */
const BASE = 'file:///';

/**
 * ESM code that exports `config` and `ruleFile`, ajv's validating functions, and the keys that each knows,
 * for "did you mean".
 */
export async function buildValidators(root) {
  const read = async (...path) => JSON.parse(await readFile(join(root, ...path), 'utf8'));
  const rule = await read('patterns', 'rule.schema.json');
  const config = await read('docs', 'config.schema.json');
  const ajv = new Ajv2020({ allErrors: false, strict: false, code: { source: true, esm: true, lines: false } });
  const ids = { config: `${BASE}docs/config.schema.json`, ruleFile: `${BASE}patterns/rule.schema.json` };
  ajv.addSchema({ ...rule, $id: ids.ruleFile });
  ajv.addSchema({ ...config, $id: ids.config });
  const code = standalone.default(ajv, ids);
  const ruleKeys = keysOf(rule);
  const keys = { configKeys: [...keysOf(config), ...ruleKeys], ruleKeys };
  // The one helper that ajv imports, as ESM.
  const functions = code
    .replace(
      /const (\w+) = require\("ajv\/dist\/runtime\/ucs2length"\)\.default;?/g,
      'const $1 = (text) => [...text].length;',
    )
    .replace(/const (\w+) = require\("ajv\/dist\/runtime\/equal"\)\.default;?/g, 'import $1 from "node:util";');
  return `${functions}\n${Object.entries(keys)
    .map(([name, list]) => `export const ${name} = ${JSON.stringify([...new Set(list)])};`)
    .join('\n')}\n`;
}

/** What checks the files of assistants at build time, by the name of the schema, each with the keys it knows. */
export async function assistantSchemas(root) {
  const ajv = new Ajv2020({ allErrors: false, strict: false });
  const schemas = [];
  for (const name of ['assistant', 'assistants']) {
    const file = `${name}.schema.json`;
    const schema = JSON.parse(await readFile(join(root, 'patterns', file), 'utf8'));
    ajv.addSchema({ ...schema, $id: `${BASE}patterns/${file}` });
    schemas.push([name, schema]);
  }
  return Object.fromEntries(
    schemas.map(([name, schema]) => [
      name,
      { validate: ajv.getSchema(`${BASE}patterns/${name}.schema.json`), keys: [...new Set(keysOf(schema))] },
    ]),
  );
}

/** Every property name in a schema. */
function keysOf(schema) {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, value]) => [
    ...(name === 'properties' ? Object.keys(value) : []),
    ...keysOf(value),
  ]);
}
