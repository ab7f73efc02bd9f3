import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { PACKAGE } from '../support/cli.ts';

const text = { type: 'string', minLength: 1 };
const count = { type: 'integer', minimum: 1 };
const strict = (
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = Object.keys(properties),
): unknown => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const list = (items: unknown): unknown => ({ type: 'array', minItems: 1, items });
const map = (values: unknown): unknown => ({ type: 'object', minProperties: 1, additionalProperties: values });

/** Of the parts that we write, what each engine takes and asks for. */
const SCHEMAS: Readonly<Record<string, unknown>> = {
  // https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/
  'kubernetes-job.yaml': strict({
    apiVersion: { const: 'batch/v1' },
    kind: { const: 'Job' },
    metadata: strict({ name: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' } }),
    spec: strict({
      completionMode: { const: 'Indexed' },
      completions: count,
      parallelism: count,
      backoffLimit: count,
      template: strict({
        spec: strict({
          restartPolicy: { enum: ['Never', 'OnFailure'] },
          containers: list(
            strict({
              name: text,
              image: text,
              workingDir: text,
              command: list(text),
              args: list(text),
              resources: strict({ requests: strict({ cpu: text, memory: { type: 'string', pattern: '^\\d+Mi$' } }) }),
              volumeMounts: list(
                strict({ name: text, mountPath: text, readOnly: { type: 'boolean' } }, ['name', 'mountPath']),
              ),
            }),
          ),
          volumes: list(
            strict({
              name: text,
              persistentVolumeClaim: strict({ claimName: text, readOnly: { type: 'boolean' } }, ['claimName']),
            }),
          ),
        }),
      }),
    }),
  }),
  // https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
  'github-actions.yaml': strict({
    name: text,
    on: strict({ schedule: list(strict({ cron: { type: 'string', pattern: '^(\\S+ ){4}\\S+$' } })) }),
    permissions: map({ enum: ['read', 'write', 'none'] }),
    jobs: map(
      strict(
        {
          'runs-on': text,
          needs: text,
          if: text,
          strategy: strict({ 'fail-fast': { type: 'boolean' }, matrix: map(list({})) }),
          steps: list({
            oneOf: [
              strict({ uses: { type: 'string', pattern: '^[^@]+/[^@]+@v\\d+$' }, with: map({}) }),
              strict({ run: text }),
            ],
          }),
        },
        ['runs-on', 'steps'],
      ),
    ),
  }),
  // https://docs.gitlab.com/ci/yaml/
  'gitlab-ci.yaml': map(
    strict(
      {
        stage: { enum: ['build', 'test', 'deploy'] },
        parallel: { type: 'integer', minimum: 1, maximum: 200 },
        variables: map(text),
        when: { enum: ['on_success', 'on_failure', 'always', 'manual', 'delayed', 'never'] },
        needs: list(text),
        script: list(text),
        artifacts: strict(
          {
            when: { enum: ['on_success', 'on_failure', 'always'] },
            paths: list(text),
            reports: strict({ secret_detection: text }),
          },
          ['when'],
        ),
      },
      ['stage', 'script'],
    ),
  ),
};

test.each(Object.keys(SCHEMAS))('%s is as its engine takes it, and has every shard', (name) => {
  const source = readFileSync(join(PACKAGE, 'hooks', 'ci', name), 'utf8');
  const validate = new Ajv({ strict: false }).compile(SCHEMAS[name] as object);
  validate(parse(source));
  expect(validate.errors).toBeNull();
  expect(source).toMatch(/--shard/);
  const shards: Readonly<Record<string, RegExp>> = {
    'kubernetes-job.yaml': /completions: 8\n[^]*JOB_COMPLETION_INDEX \+ 1[^]*\$shard\/8/,
    'github-actions.yaml': /shard: \[1, 2, 3, 4, 5, 6, 7, 8\][^]*matrix\.shard \}\}\/8/,
    'gitlab-ci.yaml': /parallel: 8\n[^]*\$CI_NODE_INDEX\/\$CI_NODE_TOTAL/,
  };
  expect(source).toMatch(shards[name] ?? /^$/);
});
