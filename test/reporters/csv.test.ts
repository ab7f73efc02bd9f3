import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csv } from '../../src/reporters/csv.ts';
import { plantedRun, write } from '../support/planted.ts';

const run = await plantedRun();

/** https://www.rfc-editor.org/rfc/rfc4180, nothing more. */
function rows(text: string): string[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  const table: string[][] = [[]];
  let at = 0;
  while (at < text.length) {
    cell.lastIndex = at;
    const found = cell.exec(text);
    if (found === null) throw new Error(`no cell: ${text.slice(at, at + 40)}`);
    at = cell.lastIndex;
    table.at(-1)?.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === '\r\n' && at < text.length) table.push([]);
  }
  return table;
}

test('one header, one row per finding, all of one length', () => {
  const [header, ...body] = rows(write(csv, run, { showSuppressed: true }));
  expect(header?.slice(0, 6)).toEqual(['rule', 'provider', 'severity', 'confidence', 'reasons', 'path']);
  expect(body).toHaveLength(run.findings.length);
  for (const row of body) expect(row).toHaveLength(header?.length ?? 0);
  expect(body.map((row) => row[6])).toEqual(run.findings.map(({ line }) => String(line)));
});

test('nothing that a spreadsheet would run, in whatever cell', () => {
  const [first] = run.findings;
  if (first === undefined) throw new Error('nothing planted');
  const formula = fc.tuple(
    fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '＝', ' ', ''),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(formula, ([sign, rest]) => {
      const text = `${sign}${rest}`;
      const finding = {
        ...first,
        path: text,
        provider: text,
        preview: text,
        advice: { text, rotate: text },
        identity: { ...first.identity, class: text },
      };
      const table = rows(write(csv, { ...run, findings: [finding] }));
      expect(table).toHaveLength(2);
      for (const cell of table[1] ?? []) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
    }),
  );
});
