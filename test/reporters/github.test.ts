import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safe } from '../../src/core/terminal-text.ts';
import { github } from '../../src/reporters/github.ts';
import { plantedRun, write } from '../support/planted.ts';

const run = await plantedRun();

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** As the runner reads it: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function commands(report: string): Command[] {
  return report
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== '')
    .map((line) => {
      const parts = /^::([a-z]+)(?: ([^:]*(?:=[^:]*)?))?::(.*)$/su.exec(line);
      if (parts === null) throw new Error(`not a command: ${line}`);
      const [, name = '', list = '', message = ''] = parts;
      const properties =
        list === ''
          ? []
          : list.split(',').map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]);
      return {
        name,
        properties: Object.fromEntries(properties.map(([key = '', value = '']) => [key, unescaped(value)])),
        message: unescaped(message),
      };
    });
}

function unescaped(text: string): string {
  return text
    .replaceAll('%2C', ',')
    .replaceAll('%3A', ':')
    .replaceAll('%0A', '\n')
    .replaceAll('%0D', '\r')
    .replaceAll('%25', '%');
}

test('one command per finding, at its place, and what was not examined', () => {
  const list = commands(write(github, run));
  expect(list[0]).toEqual({
    name: 'error',
    properties: {
      file: 'src/pay.ts',
      line: '3',
      endLine: '3',
      col: '14',
      endColumn: '59',
      title: 'Acme live key (critical, proven)',
    },
    message: expect.stringMatching(
      /^acme\*{8}: a prefix .*\nRoll the key .* https:\/\/acme\.example\/keys\nFingerprint: km1-s/,
    ),
  });
  expect(list.filter(({ properties }) => 'file' in properties).map(({ name }) => name)).toEqual(
    run.findings
      .filter(({ suppressedBy }) => suppressedBy === undefined)
      .map(({ confidence }) => (confidence === 'possible' ? 'warning' : 'error')),
  );
  expect(list.slice(-6).map(({ name, message }) => `${name} ${message.slice(0, 31)}`)).toEqual([
    'error keepmum: the scan is incomplete',
    'error not examined: 1 × could not be ',
    'notice examined in part: 1 × binary co',
    'notice not examined: 4 × ignored by gi',
    'notice an exception has run out: a\\x1b',
    'notice keepmum: 12 findings (11 blocki',
  ]);
});

test('columns only where both are on one line', () => {
  const pem = commands(write(github, run)).find(({ properties }) => properties['file'] === 'id.pem');
  expect(pem?.properties).not.toHaveProperty('col');
});

test('a path and a title come back as they were, and make no second command or property', () => {
  const [first] = run.findings;
  if (first === undefined) throw new Error('nothing planted');
  const tricky = fc
    .array(fc.constantFrom('::', ':', ',', '%', '%0A', '%3A', '\n', '\r', 'line=1', ' ', 'a'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(tricky, tricky, (path, title) => {
      const list = commands(write(github, { ...run, findings: [{ ...first, path, title }] }));
      expect(list).toHaveLength(7);
      expect(list[0]?.properties['file']).toBe(path);
      expect(list[0]?.properties['title']).toBe(`${title} (critical, proven)`.replaceAll(/[^\r\n]+/g, safe));
      expect(list[0]?.properties['line']).toBe('3');
    }),
  );
});
