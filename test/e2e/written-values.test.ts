/** What is written as a value, in each notation: found whole, in its place, by the rule that it is of; and what only looks like it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FindingRecord } from '../../src/reporters/record.ts';
import { runCli, scan } from '../support/cli.ts';
import { temporaryRepository, type TemporaryRepository } from '../support/repository.ts';
import { NO_VALUES, WRITTEN_VALUES, type WrittenValue } from '../support/written-values.ts';

interface Case extends WrittenValue {
  readonly title: string;
  /** In a folder of its own. */
  readonly file: string;
  readonly written: string;
  readonly place: Pick<FindingRecord, 'line' | 'column' | 'endLine' | 'endColumn'>;
}

/** Line and column, both from 1, of the end of a text. */
function endOf(text: string): readonly [line: number, column: number] {
  const lines = text.split('\n');
  return [lines.length, (lines.at(-1) ?? '').length + 1];
}

const CASES: readonly Case[] = Object.entries(WRITTEN_VALUES).flatMap(([section, values], group) =>
  values.map((value, index) => {
    const [before = ''] = value.text.split('‹');
    const [line, column] = endOf(before);
    const [endLine, endColumn] = endOf(value.text.slice(0, value.text.indexOf('›')).replace('‹', ''));
    return {
      ...value,
      title: `${section}: ${value.what}`,
      file: `${group}-${index}/${value.path}`,
      written: value.text.replace(/[‹›]/g, ''),
      place: { line, column, endLine, endColumn },
    };
  }),
);

let repo: TemporaryRepository;
let found: ReadonlyMap<string, readonly FindingRecord[]>;

beforeAll(() => {
  repo = temporaryRepository();
  for (const { file, written } of CASES) repo.write(file, written);
  for (const [index, [, path, text]] of NO_VALUES.entries()) repo.write(`none-${index}/${path}`, text);
  found = byPath(scan(repo, ['--show-secrets', '--fail-on', 'possible']).findings);
});

afterAll(() => {
  repo.remove();
});

/** Without the findings that a file's name makes. */
function byPath(findings: readonly FindingRecord[]): ReadonlyMap<string, readonly FindingRecord[]> {
  const groups = new Map<string, FindingRecord[]>();
  for (const finding of findings) {
    if (finding.rule.startsWith('committed-')) continue;
    const group = groups.get(finding.path);
    if (group === undefined) groups.set(finding.path, [finding]);
    else group.push(finding);
  }
  return groups;
}

test.each(CASES)('$title', ({ file, rule, secret, place }) => {
  expect(found.get(file)).toMatchObject([{ rule, secret, ...place }]);
});

test.each(NO_VALUES.map(([what], index) => ({ what, index })))('nothing: $what', ({ index }) => {
  expect([...found].filter(([path]) => path.startsWith(`none-${index}/`)).flatMap(([, findings]) => findings)).toEqual(
    [],
  );
});

describe('all of them', () => {
  test('are found the same in a commit', () => {
    repo.git('add', '-A');
    const staged = byPath(scan(repo, ['--staged', '--show-secrets', '--fail-on', 'possible']).findings);
    const told = (all: typeof found): readonly string[] =>
      [...all.values()]
        .flat()
        .map(({ path, line, column, rule, secret }) => `${path}:${line}:${column} ${rule} ${secret ?? ''}`)
        .toSorted();
    expect(told(staged)).toEqual(told(found));
  });

  test('no report shows a value or a part of one', () => {
    const formats = ['text', 'json', 'jsonl', 'sarif', 'markdown', 'csv', 'junit', 'gitlab', 'github'];
    const outputs = formats.flatMap((format) => ['--output', `${format}=${join(repo.home, `report.${format}`)}`]);
    const result = runCli(repo, ['scan', '--fail-on', 'possible', ...outputs]);
    expect(result.code).toBe(1);
    const shown = [
      result.out,
      result.err,
      ...formats.map((format) => readFileSync(join(repo.home, `report.${format}`), 'utf8')),
    ];
    const parts = new Set(
      CASES.flatMap(({ secret }) =>
        Array.from({ length: Math.max(0, secret.length - 11) }, (_, at) => secret.slice(at + 4, at + 12)),
      ),
    );
    const leaks = [...parts].filter((part) => part.length >= 8 && shown.some((text) => text.includes(part)));
    expect(leaks).toEqual([]);
  });
});
