import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mask, MASK } from '../../src/core/redact.ts';
import { REPORTERS } from '../../src/reporters/index.ts';
import { plantedRun, write } from '../support/planted.ts';

const EXTENSION: Readonly<Record<string, string>> = {
  text: 'txt',
  json: 'json',
  jsonl: 'jsonl',
  sarif: 'sarif',
  junit: 'xml',
  csv: 'csv',
  gitlab: 'gitlab.json',
  github: 'github.txt',
  markdown: 'md',
};
const run = await plantedRun();
const revealed = await plantedRun({ showSecrets: true });

/** Pieces of a secret that no report may show: longer than what `mask` shows of it. */
function pieces({ secret, guessable }: { readonly secret: string; readonly guessable: boolean }): string[] {
  const preview = mask(secret, { guessable });
  const hidden = preview.startsWith('-----') ? secret.split('\n').slice(1, -1).join('\n') : secret;
  const length = preview.startsWith('-----') || preview === MASK ? 4 : preview.length - MASK.length + 1;
  return Array.from({ length: hidden.length - length + 1 }, (_, at) => hidden.slice(at, at + length));
}

/** The report and what a reader of its format makes of it. */
function readings(report: string): string[] {
  const percent = report.replace(/(?:%[0-9A-F]{2})+/g, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString(),
  );
  const unicode = report.replace(/\\u([0-9a-f]{4})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const entities = report.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  return [report, percent, unicode, entities, report.replaceAll('\\"', '"'), report.replaceAll('""', '"')];
}

describe.each(REPORTERS.map((reporter) => [reporter.name, reporter] as const))('%s', (name, reporter) => {
  /** A line that a runner obeys, and that is not ours. */
  const commandLine = name === 'github' ? /^(?!::(?:error|warning|notice)(?: file=[^:]*)?::)/m : /^\s*::/m;
  test.each([false, true])(
    'shows nothing of a secret beyond its preview, suppressed ones shown: %s',
    (showSuppressed) => {
      for (const width of [20, 40, 80, 120, 200, 100_000]) {
        const texts = readings(write(reporter, run, { showSuppressed, width }));
        const shown = run.secrets.flatMap(pieces).filter((piece) => texts.some((text) => text.includes(piece)));
        expect(shown).toEqual([]);
      }
    },
  );

  test('whole secrets only in json and jsonl, and only where they were asked for', () => {
    const report = write(reporter, revealed, { showSuppressed: true });
    const whole = revealed.secrets.filter(({ secret }) =>
      readings(report).some((text) => text.includes(JSON.stringify(secret).slice(1, -1))),
    );
    expect(whole.length).toBe(name === 'json' || name === 'jsonl' ? revealed.secrets.length : 0);
    expect(report === write(reporter, run, { showSuppressed: true })).toBe(whole.length === 0);
  });

  test('holds no character that steers a terminal or reorders text', () => {
    const report = write(reporter, run, { showSuppressed: true });
    const allowed = name === 'csv' ? /\r\n/g : /\n/g;
    expect(report.replace(allowed, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ud800-\udfff]/u);
  });

  test('gives a log viewer no command but its own', () => {
    const report = write(reporter, run, { showSuppressed: true });
    if (name !== 'json' && name !== 'jsonl' && name !== 'sarif' && name !== 'gitlab')
      expect(report).not.toMatch(/##[a-z]*\[/i);
    expect(report.trimEnd().match(commandLine)).toBeNull();
  });

  test('the same, whatever stands in a rule, a path, a reason or a notice', () => {
    const [first] = run.findings;
    if (first === undefined) throw new Error('nothing planted');
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('::error::x', ' ::x::', '\n::x', 'a ##[x]', '\r\n=1', ']]>'),
    );
    fc.assert(
      fc.property(text, text, text, text, text, (title, path, reason, advice, notice) => {
        const finding = {
          ...first,
          title,
          path,
          reasons: [{ evidence: 'x', weight: 1, text: reason }],
          advice: { text: advice, rotate: advice },
        };
        const report = write(
          reporter,
          { findings: [finding], summary: { ...run.summary, notices: [notice] } },
          { width: 40 },
        );
        expect(report.replace(name === 'csv' ? /\r\n/g : /\n/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(report.trimEnd().match(commandLine)).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  test('as it looks', async () => {
    await expect(write(reporter, run, { showSuppressed: name !== 'text' })).toMatchFileSnapshot(
      `snapshots/report.${EXTENSION[name] ?? ''}`,
    );
  });
});
