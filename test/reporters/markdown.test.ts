import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markdown } from '../../src/reporters/markdown.ts';
import { plantedRun, write } from '../support/planted.ts';

const run = await plantedRun();

/** Cells of the table, with the tags of ours taken out and entities read. */
function cells(row: string): string[] {
  return row
    .slice(2, -2)
    .split(' | ')
    .map((cell) =>
      cell
        .replace(/<\/?code>/g, '')
        .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
        .replaceAll('\u2060', ''),
    );
}

test('a table of what was found, then what was not examined', () => {
  const lines = write(markdown, run).split('\n');
  expect(lines[2]).toBe(
    '12 findings (11 blocking) and 2 suppressed in 14 files (22 lines, 41 kB), 1.2 s. **Not everything that was asked for could be examined.**',
  );
  const rows = lines.filter((line) => line.startsWith('| ')).slice(2);
  expect(rows).toHaveLength(run.summary.findings);
  expect(cells(rows[0] ?? '')).toEqual([
    'critical, proven, blocks',
    'Acme live key acme-live-key',
    'src/pay.ts:3',
    'acme********',
    'Roll the key in the dashboard; the old one works until you end it. [Rotate](https://acme.example/keys)',
  ]);
  expect(lines.filter((line) => line.startsWith('- ')).map((line) => line.slice(0, 30))).toEqual([
    '- examined in part: 1 × binary',
    '- not examined: 4 × ignored by',
    '- not examined: 1 × could not ',
    '- note: an exception has run o',
  ]);
});

test('no text makes a tag, a link, a picture, a mention, code, or another cell', () => {
  const [first] = run.findings;
  if (first === undefined) throw new Error('nothing planted');
  const text = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '<img>',
          '[a](b)',
          '![a](b)',
          '@team',
          '#1',
          '`',
          '``',
          '|',
          '\\',
          '\\|',
          '**',
          '__',
          '~~',
          '&amp;',
          '&#64;',
          '<!--',
          '\n',
          'a',
        ),
        fc.string(),
      ),
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, text, (title, path, advice) => {
      const lines = write(markdown, {
        ...run,
        findings: [{ ...first, title, path, advice: { text: advice, rotate: advice } }],
      }).split('\n');
      const row = lines.filter((line) => line.startsWith('| ')).at(-1) ?? '';
      expect(row.match(/\|/g)).toHaveLength(6);
      expect(row.replace(/<\/?code>/g, '')).not.toMatch(/[<>`\\[\]*_~]|&(?!#\d+;)/);
      expect(row.replace(/<code>.*?<\/code>/g, '').replace(/&#\d+;/g, ' ')).not.toMatch(/[@#]\w/);
    }),
  );
});
