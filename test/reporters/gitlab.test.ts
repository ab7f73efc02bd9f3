import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { gitlab } from '../../src/reporters/gitlab.ts';
import { plantedRun, write } from '../support/planted.ts';

const run = await plantedRun();

const text = { type: 'string', minLength: 1 };
const time = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' };
const tool = {
  type: 'object',
  required: ['id', 'name', 'version', 'vendor'],
  properties: {
    id: text,
    name: text,
    version: text,
    vendor: { type: 'object', required: ['name'], properties: { name: text } },
  },
};
const object = (properties: Readonly<Record<string, unknown>>): unknown => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});

/**
 * What version 15.0.7 of the secret detection format asks for and limits, of the fields that we write:
 * https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/blob/v15.0.7/dist/secret-detection-report-format.json
 */
const SCHEMA = object({
  version: { type: 'string', pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$' },
  scan: object({
    analyzer: tool,
    scanner: tool,
    start_time: time,
    end_time: time,
    status: { enum: ['success', 'failure'] },
    type: { enum: ['secret_detection'] },
    messages: { type: 'array', items: object({ level: { enum: ['info', 'warn', 'fatal'] }, value: text }) },
  }),
  vulnerabilities: {
    type: 'array',
    items: object({
      id: text,
      name: { type: 'string', maxLength: 255 },
      description: { type: 'string', maxLength: 1_048_576 },
      severity: { enum: ['Info', 'Unknown', 'Low', 'Medium', 'High', 'Critical'] },
      solution: { type: 'string', maxLength: 7000 },
      identifiers: { type: 'array', minItems: 1, items: object({ type: text, name: text, value: text }) },
      links: { type: 'array', items: object({ url: { type: 'string', pattern: '^(https?|ftp)://.+' } }) },
      location: object({
        file: { type: 'string' },
        commit: object({ sha: text }),
        start_line: { type: 'number' },
        end_line: { type: 'number' },
      }),
      raw_source_code_extract: { type: 'string' },
      tracking: object({
        type: { const: 'source' },
        items: {
          type: 'array',
          items: object({
            signatures: { type: 'array', minItems: 1, items: object({ algorithm: text, value: text }) },
          }),
        },
      }),
    }),
  },
});

interface Report {
  readonly scan: { readonly status: string; readonly messages: readonly { level: string; value: string }[] };
  readonly vulnerabilities: readonly {
    readonly id: string;
    readonly location: { readonly commit: { readonly sha: string } };
  }[];
}

function idsOf(report: string): string[] {
  return (JSON.parse(report) as Report).vulnerabilities.map(({ id }) => id);
}

test('has what the format asks for, within its limits', () => {
  const [first] = run.findings;
  if (first === undefined) throw new Error('nothing planted');
  const long = { ...first, title: '*'.repeat(400), advice: { text: '*'.repeat(9000) } };
  const validate = new Ajv({ allErrors: true, strict: false }).compile(SCHEMA as object);
  validate(JSON.parse(write(gitlab, { ...run, findings: [...run.findings, long] })));
  expect(validate.errors ?? []).toEqual([]);
});

test('ids are UUIDs, differ, and are the same in the next run', async () => {
  const [first] = run.findings;
  if (first === undefined) throw new Error('nothing planted');
  const ids = idsOf(write(gitlab, { ...run, findings: [...run.findings, first, first] }));
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(idsOf(write(gitlab, await plantedRun()))).toEqual(idsOf(write(gitlab, run)));
});

test('suppressed findings are left out, the commit is named where there is one', () => {
  const { vulnerabilities } = JSON.parse(write(gitlab, run, { showSuppressed: true })) as Report;
  expect(vulnerabilities).toHaveLength(run.summary.findings);
  expect(new Set(vulnerabilities.map(({ location }) => location.commit.sha))).toEqual(
    new Set(['0000000', '0123456789abcdef0123456789abcdef01234567']),
  );
});

test('a scan that could not examine everything has failed, and says what', () => {
  const { scan } = JSON.parse(write(gitlab, run)) as Report;
  expect(scan.status).toBe('failure');
  expect(scan.messages.map(({ level, value }) => `${level} ${value.slice(0, 20)}`)).toEqual([
    'info examined in part: 1 ',
    'info not examined: 4 × ig',
    'warn not examined: 1 × co',
    'info an exception has run',
  ]);
});
