import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadAssistants } from '../../src/exposure/assistants.ts';
import { runCli } from '../support/cli.ts';
import { FORTY_EXPECTED } from '../support/forty-expected.ts';
import { FORTY, plantForty, VARIABLE } from '../support/forty-secrets.ts';
import { SETTINGS_IN_TURN } from '../support/forty-settings.ts';
import { placesOf, type MapRecord } from '../support/map.ts';
import { temporaryRepository } from '../support/repository.ts';

const { assistants } = await loadAssistants();
const repo = temporaryRepository();
afterAll(() => {
  repo.remove();
});
plantForty(repo);

/** Variables of the machine that runs the test are no part of the fixture. */
function isOurs(place: string): boolean {
  return !place.startsWith('environment ') || place.endsWith(VARIABLE);
}

function mapped(assistant: string): MapRecord {
  const args = ['map', '--home', '--assistant', assistant, '--format', 'json'];
  return JSON.parse(runCli(repo, args, { env: { [VARIABLE]: 'x' } }).out) as MapRecord;
}

test('the forty secrets are found, each where it lies', () => {
  expect(placesOf(mapped('claude-code')).filter(isOurs)).toEqual(FORTY);
  expect(FORTY).toHaveLength(40);
});

test('a dozen assistants and more are set in turn', () => {
  expect(new Set(SETTINGS_IN_TURN.map(({ assistant }) => assistant)).size).toBeGreaterThanOrEqual(12);
  expect(Object.keys(FORTY_EXPECTED)).toEqual(SETTINGS_IN_TURN.map(({ name }) => name));
});

describe.each(SETTINGS_IN_TURN.map((one) => [one.name, one] as const))('%s', (name, { assistant, files }) => {
  for (const [path, text] of Object.entries(files)) repo.write(path, text);
  const map = mapped(assistant);
  for (const path of Object.keys(files)) rmSync(join(repo.root, path));
  const data = assistants.find(({ id }) => id === assistant);

  test('every cell is as expected, by a source that says so', () => {
    const expected = (FORTY_EXPECTED[name] ?? []).flatMap(([verdict, channel, source, pattern, places]) =>
      places.map((place) => ({ place, verdict, channel, source, pattern })),
    );
    const cells = map.secrets.flatMap(({ places, exposure }) => {
      const place = `${places[0]?.standing} ${places[0]?.path}`;
      const cell = exposure[assistant];
      const wanted = expected.find((one) => one.place === place);
      if (cell === undefined || cell.channel === null || !isOurs(place)) return [];
      const reason = map.reasons[cell.channels[cell.channel]?.reason ?? -1];
      const sources = reason?.sources.map(({ id }) => id) ?? [];
      const source = sources.find((id) => id === wanted?.source) ?? `none of ${sources.join(', ')}`;
      return [{ place, verdict: cell.verdict, channel: cell.channel, source, pattern: reason?.at?.pattern ?? '' }];
    });
    const byPlace = (a: { readonly place: string }, b: { readonly place: string }): number =>
      a.place < b.place ? -1 : 1;
    expect(cells.toSorted(byPlace)).toEqual(expected.toSorted(byPlace));
    expect(cells).toHaveLength(40);
  });

  test('the sources lead to a page of a date', () => {
    for (const [, , source] of FORTY_EXPECTED[name] ?? []) {
      if (source === 'inference') continue;
      expect(data?.sources[source]).toMatchObject({
        url: expect.stringMatching(/^https:/),
        date: expect.stringMatching(/^20/),
      });
    }
  });
});
