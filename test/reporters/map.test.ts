import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../src/core/terminal-text.ts';
import { MAP_REPORTERS } from '../../src/reporters/map/index.ts';
import type { MapContext } from '../../src/reporters/map/map-reporter.ts';
import type { ExposureMap } from '../../src/exposure/exposure-map.ts';
import { exposureMap } from '../support/exposure-map.ts';
import { sarifErrors } from '../support/sarif.ts';

const PLAIN: MapContext = { colour: false, width: 80, long: false, max: 0 };

function written(name: string, map: ExposureMap, context: Partial<MapContext> = {}): string {
  const found = MAP_REPORTERS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no format ${name}`);
  return found.write(map, { ...PLAIN, ...context });
}

const SMALL = exposureMap({ secrets: 12, assistants: 6 });
const HOSTILE = exposureMap({
  secrets: 30,
  assistants: 8,
  hostile: '</script><img src=x onerror=alert(1)>\u001b[31m\u202e|`#1 @me\n::error::x',
});

describe('text', () => {
  test.each([60, 72, 80, 100, 160])('no line is wider than %i columns', (width) => {
    for (const map of [SMALL, HOSTILE, exposureMap({ secrets: 3, assistants: 20 })]) {
      // A word, such as an address, is not cut.
      const lines = written('text', map, { width })
        .split('\n')
        .filter((line) => displayWidth(line) > width && !/\S{40,}/.test(line));
      expect(lines).toEqual([]);
    }
  });

  test('every secret has its row, and every channel its reason on demand', () => {
    const text = written('text', SMALL);
    for (const { places } of SMALL.secrets) expect(text).toContain(places[0]?.path.slice(-12));
    const long = written('text', SMALL, { long: true });
    for (const { id } of SMALL.secrets) expect(long).toContain(id);
    expect(long.length).toBeGreaterThan(text.length);
  });

  test('so many are shown, and the rest is counted', () => {
    expect(written('text', SMALL, { max: 5 })).toContain('and 7 more secrets; --max 0 shows every one');
  });

  test('colours are only in the way where they are wanted', () => {
    const plain = written('text', SMALL);
    expect(plain).not.toContain('\u001b');
    // oxlint-disable-next-line no-control-regex -- our own colours
    expect(written('text', SMALL, { colour: true }).replaceAll(/\u001b\[[\d;]*m/g, '')).toBe(plain);
  });

  test('nothing found', () => {
    expect(written('text', exposureMap({ secrets: 0, assistants: 4 }))).toContain('no secrets');
  });
});

describe('every format', () => {
  test.each(MAP_REPORTERS.map(({ name }) => name))('%s lets no hostile text out', (name) => {
    for (const long of [false, true]) {
      const text = written(name, HOSTILE, { long });
      expect(text.replaceAll(/\r?\n/g, '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      if (name === 'markdown') expect(text).not.toMatch(/<(?:script|img|svg)/i);
    }
  });

  test('json tells every cell', () => {
    const { secrets, assistants } = JSON.parse(written('json', SMALL)) as {
      readonly secrets: readonly { readonly exposure: object }[];
      readonly assistants: readonly { readonly id: string }[];
    };
    expect(secrets).toHaveLength(12);
    for (const { exposure } of secrets) expect(Object.keys(exposure)).toEqual(assistants.map(({ id }) => id));
  });

  test('jsonl and csv have a row for each cell that applies', () => {
    const cells = SMALL.assistants.flatMap((one) => one.cells).filter(({ verdict }) => verdict !== 'not-applicable');
    const lines = written('jsonl', SMALL).trimEnd().split('\n');
    expect(lines).toHaveLength(cells.length);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('fingerprint');
    expect(written('csv', SMALL).trimEnd().split('\r\n')).toHaveLength(cells.length + 1);
  });

  test('sarif follows its schema', () => {
    for (const map of [SMALL, HOSTILE]) expect(sarifErrors(JSON.parse(written('sarif', map)))).toEqual([]);
  });
});
