import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';

/** What is wrong with a document by the official schema of SARIF 2.1.0; nothing where it is valid. */
export function sarifErrors(document: unknown): readonly ErrorObject[] {
  const lib = createRequire(import.meta.url).resolve('@microsoft/jest-sarif');
  const schema = JSON.parse(readFileSync(new URL('schemas/sarif-2.1.0-rtm.5.json', `file://${lib}`), 'utf8')) as {
    $schema?: string;
    id?: string;
  };
  // Draft 4; what it uses means the same in draft 7.
  delete schema.$schema;
  delete schema.id;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  validate(document);
  return validate.errors ?? [];
}
