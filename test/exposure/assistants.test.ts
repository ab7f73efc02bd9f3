import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import picomatch from 'picomatch';
import { parse, stringify } from 'yaml';
import { describe, expect, test } from 'vitest';
import { parseChecked, ruleFailure } from '../../src/config/document.ts';
import { KeepmumError } from '../../src/core/errors.ts';
import {
  ageInDays,
  CHANNELS,
  isOld,
  loadAssistants,
  OLD_AFTER_DAYS,
  type Channel,
} from '../../src/exposure/assistants.ts';
import { compileAssistants, UNSOURCED, type AssistantSource } from '../../src/exposure/compile-assistants.ts';
import { countsByDefault } from '../../src/exposure/default-state.ts';
import { ASSISTANT_FILES, assistantSchema, SHARED } from '../support/assistants.ts';
import { PATTERNS } from '../support/rules.ts';

const data = await loadAssistants();
const TODAY = new Date();

/** Objects with sources anywhere below, each with its place. */
function statements(value: unknown, place: string): { place: string; sources: readonly string[]; known: boolean }[] {
  if (typeof value !== 'object' || value === null) return [];
  const own =
    'sources' in value && Array.isArray(value.sources)
      ? [{ place, sources: value.sources as string[], known: !('barriers' in value) || value.barriers !== 'unknown' }]
      : [];
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, part]) => (key === 'sources' ? [] : statements(part, `${place}.${key}`))),
  ];
}

test('what is built is what stands in patterns/', () => {
  expect(data).toEqual(compileAssistants(ASSISTANT_FILES, SHARED));
  expect(data.assistants.length).toBeGreaterThanOrEqual(45);
  expect(new Set(data.assistants.map(({ id }) => id)).size).toBe(data.assistants.length);
  expect(new Set(data.assistants.map(({ name }) => name)).size).toBe(data.assistants.length);
});

test('the files follow their schemas', () => {
  const validate = assistantSchema('assistant');
  for (const { name, source } of ASSISTANT_FILES) {
    validate(source);
    expect([name, validate.errors ?? []]).toEqual([name, []]);
  }
  const shared = assistantSchema('assistants');
  shared(SHARED);
  expect(shared.errors ?? []).toEqual([]);
});

describe.each(data.assistants.map((one) => ({ id: one.id, one })))('$id', ({ one }) => {
  test('every channel is told of', () => {
    expect(Object.keys(one.channels)).toEqual(Object.keys(CHANNELS));
    for (const { text } of Object.values(one.channels)) expect(text).toMatch(/^[A-Z/.].*\.$/s);
  });

  test('every statement has a source, each source is a public page with a day that has been', () => {
    const all = statements(one, one.id).filter(
      ({ place }) => one.marks.sources.length > 0 || !place.endsWith('.marks'),
    );
    expect(all.length).toBeGreaterThanOrEqual(Object.keys(CHANNELS).length);
    expect(all.filter(({ sources, known }) => known && sources.length === 0)).toEqual([]);
    const named = new Set(all.flatMap(({ sources }) => sources).filter((id) => !UNSOURCED.some((word) => word === id)));
    expect(new Set(Object.keys(one.sources))).toEqual(named);
    for (const { url, date } of Object.values(one.sources)) {
      expect(new URL(url).protocol).toBe('https:');
      expect(ageInDays(date, TODAY)).toBeGreaterThanOrEqual(0);
    }
    expect(ageInDays(one.verifiedAt, TODAY)).toBeGreaterThanOrEqual(0);
  });

  test('it was verified no later than its newest source', () => {
    const newest = Math.min(...Object.values(one.sources).map(({ date }) => ageInDays(date, TODAY)));
    if (newest !== Infinity) expect(ageInDays(one.verifiedAt, TODAY)).toBeGreaterThanOrEqual(newest);
  });

  test('its patterns fit something, and not everything', () => {
    const patterns = [
      ...Object.values(one.mechanisms).flatMap(({ patterns: own = [], exceptions = [] }) => [...own, ...exceptions]),
      ...one.files.flatMap(({ paths }) => paths),
    ];
    for (const pattern of patterns) {
      const fits = picomatch(pattern.replace(/\/$/, ''), { dot: true });
      expect([pattern, fits('src/nothing-of-the-kind.txt')]).toEqual([pattern, false]);
      const like = pattern.replace(/\/$/, '').replaceAll('**', 'a').replaceAll('*', 'a');
      expect([pattern, fits(like)]).toEqual([pattern, true]);
    }
  });

  test('what happens to .env follows from what stands in the way', () => {
    for (const [id, channel] of Object.entries(one.channels)) {
      expect([id, contradiction(id, channel)]).toEqual([id, undefined]);
    }
  });

  test('with a shell comes the history', () => {
    const rank = ['na', 'blocked', 'filtered', 'prompt', 'visible', 'unknown'];
    const { shell, 'git-history': history } = one.channels;
    expect(rank.indexOf(history.dotenv)).toBeGreaterThanOrEqual(rank.indexOf(shell.dotenv));
  });

  function contradiction(id: string, { gitignore, barriers, dotenv }: Channel): string | undefined {
    if (barriers === 'na') return gitignore === 'na' && dotenv === 'na' ? undefined : 'absent, and told of';
    const own = typeof barriers === 'string' ? {} : barriers;
    const working = Object.entries(own).filter(([name]) => {
      const mechanism = one.mechanisms[name];
      return id === 'shell-sandboxed' || (mechanism !== undefined && countsByDefault(mechanism));
    });
    const hard = working.filter(([, hardness]) => hardness === 'hard');
    if (dotenv === 'blocked' && hard.length === 0) return 'blocked by nothing';
    if (dotenv === 'visible' && hard.some(([name]) => coversDotenv(name))) return 'visible behind a hard barrier';
    if (dotenv === 'filtered' && !working.some(([, hardness]) => hardness !== 'hard')) return 'filtered by nothing';
    return undefined;
  }

  function coversDotenv(name: string): boolean {
    const { kind, patterns = [] } = one.mechanisms[name] ?? { kind: 'switch' };
    return (
      kind === 'gitignore' || (kind === 'builtin' && patterns.some((glob) => picomatch(glob, { dot: true })('.env')))
    );
  }
});

test('every ignore file and syntax is used, every placebo is a file name', () => {
  const mechanisms = data.assistants.flatMap((one) => Object.values(one.mechanisms));
  const files = new Set(mechanisms.flatMap(({ file }) => file ?? []));
  const ripgrep = mechanisms.some(({ reads }) => reads === 'ripgrep');
  const idle = Object.entries(data.ignoreFiles).filter(
    ([name, { syntax }]) => !files.has(name) && !(ripgrep && syntax === 'ripgrep'),
  );
  expect(idle).toEqual([]);
  const named = [
    ...mechanisms.map(({ syntax }) => syntax),
    ...Object.values(data.ignoreFiles).map((file) => file.syntax),
  ];
  expect(Object.keys(data.syntaxes).filter((id) => !named.includes(id))).toEqual([]);
  const placebos = [...data.placebos, ...data.assistants.flatMap((one) => one.placebos)];
  for (const { file } of placebos) expect(file).toMatch(/^[\w.~/-]+$/);
});

test('a placebo does less than it seems to where the assistant reads it, else nothing', () => {
  for (const { id, placebos, mechanisms } of data.assistants) {
    for (const { file, does } of placebos) {
      const reads = Object.values(mechanisms).some((mechanism) => mechanism.file === file);
      expect([id, file, does]).toEqual([id, file, reads ? 'less' : 'nothing']);
    }
  }
});

test('the hook knows nothing of assistants', () => {
  const hook = readFileSync(new URL('../../dist/cli/hook.cjs', import.meta.url), 'utf8');
  expect(hook).not.toContain('assistants.json');
});

describe('age', () => {
  const day = (text: string): Date => new Date(`${text}T12:00:00Z`);

  test.each([
    ['2026-03-01', '2026-03-01', 0],
    ['2026-03-01', '2026-03-02', 1],
    ['2024-02-28', '2024-03-01', 2],
    // A month counts from its first day.
    ['2026-03', '2026-03-31', 30],
    ['2026-03-02', '2026-03-01', -1],
  ])('of %s on %s is %d days', (date, today, days) => {
    expect(ageInDays(date, day(today))).toBe(days);
  });

  test('after 120 days a date is old', () => {
    expect(OLD_AFTER_DAYS).toBe(120);
    expect(isOld('2026-01-01', day('2026-05-01'))).toBe(false);
    expect(isOld('2026-01-01', day('2026-05-02'))).toBe(true);
    expect(isOld('2026-01', day('2026-05-02'))).toBe(true);
  });

  test('grows by one each day', () => {
    const from = { min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(from), fc.date(from), (date, today) => {
        const text = date.toISOString().slice(0, 10);
        const next = new Date(today.getTime() + 86_400_000);
        expect(ageInDays(text, next) - ageInDays(text, today)).toBe(1);
        expect(isOld(text, today)).toBe(ageInDays(text, today) > OLD_AFTER_DAYS);
      }),
    );
  });
});

/** Files as a person may write them wrong: each fault is found, and told with file, place and fix. */
describe('faults', () => {
  /** The error of files in which one place, names with slashes between, has another value; `undefined`: none. */
  function faultOf(id: string, place: string, value: unknown): string {
    const files = structuredClone(ASSISTANT_FILES);
    const shared = structuredClone(SHARED);
    const root: unknown = place.startsWith('shared/')
      ? { shared }
      : files.find((file) => file.source.id === id)?.source;
    const names = place.split('/');
    const last = names.pop() ?? '';
    const parent = names.reduce((at, name) => (at as Record<string, unknown>)[name], root) as Record<string, unknown>;
    if (value === undefined) delete parent[last];
    else parent[last] = value;
    return told(() => compileAssistants(files, shared));
  }

  function told(act: () => unknown): string {
    try {
      act();
    } catch (error) {
      if (!(error instanceof KeepmumError) || error.fix === undefined) throw error;
      return `${error.message}: ${error.fix}`;
    }
    return 'no error';
  }

  test.each<[string, string, unknown, string]>([
    [
      'another id than the file',
      'id',
      'codexx',
      'patterns/assistants/codex.yaml: id is codexx, the file codex.yaml: give both the same name',
    ],
    [
      'a source that is not there',
      'channels/read/sources',
      ['permission'],
      'patterns/assistants/codex.yaml: channels.read.sources names the source permission, which is not there: did you mean permissions?',
    ],
    [
      'no source',
      'channels/read/sources',
      [],
      'patterns/assistants/codex.yaml: channels.read has no source: name one, or one of inference, unchecked',
    ],
    [
      'a source of nothing',
      'sources/more',
      { url: 'https://example.com/', date: '2026-01-01' },
      'patterns/assistants/codex.yaml: sources.more is the source of nothing: name it or remove it',
    ],
    [
      'a source of another file',
      'sources/permissions/url',
      'https://opencode.ai/docs/permissions',
      'patterns/assistants/opencode.yaml: sources.permissions stands in patterns/assistants/codex.yaml, too: move it to patterns/assistants.yaml',
    ],
    [
      'a shared source written again',
      'sources/permissions/url',
      SHARED.sources['rulesync-paths']?.url,
      'patterns/assistants/codex.yaml: sources.permissions stands in patterns/assistants.yaml, too: leave it there and name its id',
    ],
    [
      'a shared id taken again',
      'sources/rulesync-paths',
      { url: 'https://example.com/', date: '2026-01-01' },
      'patterns/assistants/codex.yaml: sources.rulesync-paths is an id of patterns/assistants.yaml: give it another',
    ],
    [
      'a day that never was',
      'verifiedAt',
      '2026-02-30',
      'patterns/assistants/codex.yaml: verifiedAt 2026-02-30 is no day: write YYYY-MM-DD or YYYY-MM',
    ],
    [
      'a barrier that is no mechanism',
      'channels/read/barriers',
      { profil: 'hard' },
      'patterns/assistants/codex.yaml: channels.read.barriers names the mechanism profil, which is not there: did you mean profile?',
    ],
    [
      'a mechanism that stands nowhere in the way',
      'channels/env/barriers',
      'none',
      'patterns/assistants/codex.yaml: mechanisms.environment-policy is a barrier in no channel: name it under barriers, or remove it',
    ],
    [
      'a switch of what is not there',
      'mechanisms/profile',
      { kind: 'switch', of: ['profle'], text: 'Changes it.', sources: ['permissions'] },
      'patterns/assistants/codex.yaml: channels.read.barriers names the switch profile: name what it changes',
    ],
    [
      '.gitignore obeyed and no barrier',
      'channels/search/barriers',
      { profile: 'soft' },
      'patterns/assistants/codex.yaml: channels.search obeys .gitignore, and its barriers say the opposite: add gitignore to its barriers',
    ],
    [
      'blocked by what nobody has set',
      'channels/read/dotenv',
      'blocked',
      'patterns/assistants/codex.yaml: channels.read.dotenv is blocked, and nothing hard stands in the way: correct it or barriers',
    ],
    [
      'filtered by nothing',
      'channels/read',
      {
        gitignore: 'no',
        barriers: 'none',
        dotenv: 'filtered',
        confidence: 'low',
        text: 'None.',
        sources: ['permissions'],
      },
      'patterns/assistants/codex.yaml: channels.read.dotenv is filtered, and nothing stands in the way: correct it or barriers',
    ],
    [
      'a channel cut short',
      'channels/read/gitignore',
      undefined,
      'patterns/assistants/codex.yaml: channels.read is not whole: give gitignore, barriers and dotenv, or is, or absent',
    ],
    [
      'a statement that is not there',
      'channels/index',
      { is: 'no-indx' },
      'patterns/assistants/codex.yaml: channels.index.is names the statement no-indx, which is not there: did you mean no-index?',
    ],
    [
      'a syntax that is not there',
      'mechanisms/profile/syntax',
      'codx',
      'patterns/assistants/codex.yaml: mechanisms.profile.syntax names the syntax codx, which is not there: did you mean codex?',
    ],
    [
      'a key path that is none',
      'files/0/keys',
      ['mcp servers.x'],
      'patterns/assistants/codex.yaml: files.0.keys mcp servers.x is no key path: write names with dots between, * and []',
    ],
    [
      'a glob that does not close',
      'files/0/paths',
      ['{a,b.json'],
      'patterns/assistants/codex.yaml: files.0.paths {a,b.json does not compile: close what is open',
    ],
    [
      'a glob that fits everything',
      'files/0/paths',
      ['**/*'],
      'patterns/assistants/codex.yaml: files.0.paths **/* fits every file: name the files',
    ],
    [
      'a folder that nobody knows',
      'files/0/paths',
      ['$EDITOR/x.json'],
      'patterns/assistants/codex.yaml: files.0.paths $EDITOR/x.json begins with no folder that is known: see paths in the schema',
    ],
    [
      'a shared statement that nobody takes',
      'shared/statements/more',
      { absent: 'Nothing.', confidence: 'low', sources: ['inference'] },
      'patterns/assistants.yaml: statements.more is named by no file: remove it',
    ],
    [
      'a shared source of one file',
      'shared/sources/permissions-docs',
      { url: 'https://example.com/', date: '2026-01-01' },
      'patterns/assistants.yaml: sources.permissions-docs is named by no file: remove it',
    ],
    [
      'an ignore file that nobody reads',
      'shared/ignoreFiles/.moreignore',
      SHARED.ignoreFiles['.aiignore'],
      'patterns/assistants.yaml: ignoreFiles..moreignore is named by no file: remove it',
    ],
  ])('%s', (_, place, value, message) => {
    expect(faultOf('codex', place, value)).toBe(message);
  });

  test.each([
    [
      'a misspelt key',
      'gitignore: no',
      'gitignor: no',
      /codex\.yaml:\d+: unknown key "gitignor" under channels\.read: did you mean gitignore\?/,
    ],
    [
      'a word that is none',
      'dotenv: visible',
      'dotenv: seen',
      /codex\.yaml:\d+: channels\.read\.dotenv must be equal to one of the allowed values: use one of visible, filtered/,
    ],
    [
      'a channel that is missing',
      'editor: unknown',
      '',
      /codex\.yaml:\d+: channels must have required property 'editor': correct it/,
    ],
    [
      'a page without https',
      "'https://developers",
      "'http://developers",
      /codex\.yaml:\d+: sources\.permissions\.url must match pattern/,
    ],
    ['broken YAML', 'name: Codex', 'name: [Codex', /codex\.yaml:\d+: not valid YAML/],
  ])('%s, with its line', (_, from, to, message) => {
    const text = readFileSync(new URL('assistants/codex.yaml', PATTERNS), 'utf8');
    expect(text).toContain(from);
    const wrong = text.replace(from, to);
    const validate = assistantSchema('assistant');
    expect(told(() => parseChecked(wrong, 'codex.yaml', validate, ['gitignore', 'dotenv'], ruleFailure))).toMatch(
      message,
    );
  });

  test('a source dropped anywhere is missed', () => {
    const places = ASSISTANT_FILES.flatMap(({ name, source }) => {
      const ids = Object.keys(source.sources ?? {});
      return ids.map((id) => ({ name, id }));
    });
    fc.assert(
      fc.property(fc.constantFrom(...places), ({ name, id }) => {
        const message = faultOf(name.replace('.yaml', ''), `sources/${id}`, undefined);
        expect(message).toMatch(
          new RegExp(`^patterns/assistants/${name}: .*names the source ${id}, which is not there`),
        );
      }),
      { numRuns: 30 },
    );
  });

  test('what is written out and read again is the same', () => {
    const files = ASSISTANT_FILES.map(({ name, source }) => ({
      name,
      source: parse(stringify(source)) as AssistantSource,
    }));
    expect(compileAssistants(files, SHARED)).toEqual(data);
  });
});
