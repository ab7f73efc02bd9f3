import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Finding, Summary } from '../../src/core/finding.ts';
import { displayWidth } from '../../src/core/terminal-text.ts';
import { text } from '../../src/reporters/text.ts';
import { plantedRun, write } from '../support/planted.ts';

const run = await plantedRun();
const [first] = run.findings;
if (first === undefined) throw new Error('nothing planted');

const CLEAN: Summary = {
  source: 'staged',
  files: 3,
  bytes: 4_800,
  lines: 1_204,
  elapsed: 35,
  findings: 0,
  blocking: 0,
  suppressed: 0,
  skipped: [],
  incomplete: false,
  notices: [],
};

/** The report of some findings, with a summary that counts them. */
function reportOf(
  findings: readonly Finding[],
  options: Parameters<typeof write>[2] = {},
  summary: Partial<Summary> = {},
): string {
  const blocking = findings.filter(({ confidence }) => confidence !== 'possible').length;
  return write(text, { findings, summary: { ...CLEAN, findings: findings.length, blocking, ...summary } }, options);
}

function many(count: number, change: (index: number) => Partial<Finding>): Finding[] {
  return Array.from({ length: count }, (_, index) => ({ ...(first as Finding), line: index + 1, ...change(index) }));
}

describe('a run without findings', () => {
  test('is one line', () => {
    expect(reportOf([])).toBe('keepmum: no findings in 3 staged files (1,204 lines, 4.8 kB), 35 ms\n');
  });

  test('says so where there was nothing to examine', () => {
    const nothing = { files: 0, lines: 0, bytes: 0 };
    expect(reportOf([], {}, nothing)).toBe('keepmum: no findings (nothing to examine), 35 ms\n');
    const skipped = [{ reason: 'unreadable', text: 'could not be read', count: 1, incomplete: true, paths: ['a'] }];
    expect(reportOf([], {}, { ...nothing, skipped, incomplete: true })).toContain(
      'no findings in 0 staged files (0 lines, 0 B)',
    );
    expect(reportOf([], {}, { ...nothing, notices: ['nothing is staged', 'and more'] })).toBe(
      'keepmum: no findings (nothing is staged), 35 ms\n  note: and more\n',
    );
  });

  test('of a commit message is silent: the hook before it has said its line', () => {
    expect(reportOf([], {}, { source: 'commit-message', files: 1 })).toBe('');
    expect(reportOf([], {}, { source: 'commit-message', files: 1, suppressed: 1 })).toContain(
      '1 suppressed in 1 message',
    );
  });

  test('names what was not examined', () => {
    const skipped = [
      { reason: 'binary', text: 'binary content', count: 1, incomplete: false, paths: ['a.png'] },
      { reason: 'too-large', text: 'larger than the limit', count: 1_234, incomplete: false, paths: ['a', 'b', 'c'] },
    ];
    expect(reportOf([], {}, { skipped }).split('\n')).toEqual([
      'keepmum: no findings in 3 staged files (1,204 lines, 4.8 kB), 35 ms',
      '  examined in part: 1 × binary content (a.png)',
      '  not examined: 1,234 × larger than the limit (a, b, c, …)',
      '',
    ]);
  });

  test('is not called clean where something that was asked for could not be examined', () => {
    const skipped = [{ reason: 'unreadable', text: 'could not be read', count: 1, incomplete: true, paths: ['a'] }];
    expect(reportOf([], {}, { skipped, incomplete: true })).toContain('this is not a clean result');
  });
});

describe('a terminal', () => {
  test.each([40, 80, 120, 200])('of %d columns: prose and code fit, the carets stand below the value', (width) => {
    const lines = write(text, run, { width }).split('\n');
    // What people copy stays whole: paths, addresses, commands, fingerprints; words without a space in them too.
    const wide = lines.filter(
      (line) => displayWidth(line) > width && !/^ {2}at |https?:|javascript:|keepmum|km1-|^\w+ {2}|error::/.test(line),
    );
    expect(wide).toEqual([]);
    const carets = lines.filter((line) => /^ *\| +\^+$|^ *\| \^+$/.test(line));
    expect(carets).toHaveLength(12);
    for (const line of carets) {
      const above = lines[lines.indexOf(line) - 1] ?? '';
      const value = [...above.matchAll(/[\w-]*(?: EXAMPLE KEY-----)?\*+…?/g)].map(({ index, 0: found }) => [
        displayWidth(above.slice(0, index)),
        found.length,
      ]);
      expect(value).toContainEqual([line.indexOf('^'), line.length - line.indexOf('^')]);
      lines[lines.indexOf(line)] = '';
    }
  });

  test('with colours shows the same text', () => {
    const coloured = write(text, run, { colour: true });
    expect(stripVTControlCharacters(coloured)).toBe(write(text, run));
    expect(coloured).toContain('\u001b[1;31mcritical\u001b[0m');
    expect(coloured).toMatchSnapshot();
  });

  test('too narrow for anything still gets the report', () => {
    for (const width of [0, 1, 10]) expect(write(text, run, { width })).toContain('src/pay.ts:3:14');
  });
});

describe('what to do', () => {
  test('of one finding can be copied as it is', () => {
    const report = reportOf([first]);
    expect(report).toContain('\n        https://acme.example/keys\n');
    expect(report).toContain('\n    keepmum:allow acme-live-key REASON\n');
    expect(report).toContain(`\n    keepmum allow ${first.fingerprint} --reason REASON --expires DATE\n`);
  });

  test('of several names what to fill in', () => {
    expect(reportOf(many(2, () => ({})))).toContain('keepmum allow FINGERPRINT --reason REASON --expires DATE');
  });

  test('is not said where nothing blocks', () => {
    const report = reportOf([{ ...first, confidence: 'possible' }]);
    expect(report).toContain('(possible, does not block)');
    expect(report).not.toContain('keepmum allow');
  });
});

describe('many findings', () => {
  const alike = many(500, () => ({ path: 'db/seed.sql' }));
  const other = { ...first, path: 'src/other.ts' };

  test('of one kind in one file: five in full, the rest counted, and the next file is still seen', () => {
    const report = reportOf([...alike, other], { max: 50 });
    expect(report.match(/^ {2}at db\/seed\.sql/gm)).toHaveLength(5);
    expect(report).toContain('  at src/other.ts:3:14\n');
    expect(report).toContain(
      '495 more findings, not shown in full; --max 0 shows every one, --format json lists them:\n' +
        '  495 × Acme live key (proven) in db/seed.sql, lines 6 to 500\n',
    );
    expect(report).toContain('501 findings (501 blocking)');
  });

  test('in many files: up to --max in full, the rest by place, then by number', () => {
    const report = reportOf(
      many(100, (index) => ({ path: `f${index}.ts` })),
      { max: 50 },
    );
    expect(report.match(/^ {2}at f\d+\.ts/gm)).toHaveLength(50);
    expect(report.match(/^ {2}1 × .* in f\d+\.ts, line \d+$/gm)).toHaveLength(20);
    expect(report).toContain('\n  and 30 more in other places\n');
  });

  test('that do not block take no room from those that do', () => {
    const harmless = many(200, (index) => ({ path: `f${index}.ts`, confidence: 'possible' }));
    const report = reportOf([...harmless, other], { max: 50 });
    expect(report).toContain('  at src/other.ts:3:14\n');
  });

  test('--max 0 shows all', () => {
    expect(reportOf(alike, { max: 0 }).match(/^ {2}at db\/seed\.sql/gm)).toHaveLength(500);
  });
});
