// Turns the JSON schemas into code at build time: no schema library is loaded at run time.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';

/** ESM code that exports `config` and `ruleFile`, ajv's validating functions. */
export async function buildValidators(root) {
  const read = async (...path) => JSON.parse(await readFile(join(root, ...path), 'utf8'));
  const rule = await read('patterns', 'rule.schema.json');
  const config = await read('docs', 'config.schema.json');
  const ajv = new Ajv2020({ allErrors: false, strict: false, code: { source: true, esm: true, lines: false } });
  ajv.addSchema(rule, 'rule.schema.json');
  ajv.addSchema(config, 'config.schema.json');
  const code = standalone.default(ajv, { config: 'config.schema.json', ruleFile: 'rule.schema.json' });
  // The one helper that ajv imports, as ESM.
  return code
    .replace(
      /const (\w+) = require\("ajv\/dist\/runtime\/ucs2length"\)\.default;?/g,
      'const $1 = (text) => [...text].length;',
    )
    .replace(/const (\w+) = require\("ajv\/dist\/runtime\/equal"\)\.default;?/g, 'import $1 from "node:util";');
}
