import { describe, expect, test } from 'vitest';
import { CHANNELS, loadAssistants, type Assistant, type ChannelId } from '../../src/exposure/assistants.ts';
import type { Place, Verdict } from '../../src/exposure/exposure-map.ts';
import type { Barrier, Configuration, SandboxState } from '../../src/exposure/settings/configuration.ts';
import { cellOf, judge, type Judgement } from '../../src/exposure/verdict.ts';

const { assistants } = await loadAssistants();

function assistant(id: string): Assistant {
  const found = assistants.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no assistant ${id}`);
  return found;
}

interface Parts {
  readonly sandbox?: SandboxState['state'];
  readonly barriers?: Partial<Record<ChannelId, readonly Partial<Barrier>[]>>;
  readonly off?: Configuration['off'];
  readonly loads?: readonly string[];
  readonly imports?: readonly string[];
}

function configuration({ sandbox = 'off', barriers = {}, off, loads = [], imports = [] }: Parts = {}): Configuration {
  return {
    assistant: 'x',
    marks: [],
    ...(off && { off }),
    sandbox: { state: sandbox, text: `The sandbox is ${sandbox}.` },
    barriers: (channel) =>
      (barriers[channel] ?? []).map((one) => ({
        mechanisms: [],
        hardness: 'hard',
        state: 'on',
        text: 'A rule.',
        omitted: [],
        decide: () => ({ effect: 'deny', file: 'rules', line: 3, pattern: 'x' }),
        ...one,
      })),
    loads: (path) => loads.includes(path),
    imports: (path) => (imports.includes(path) ? { file: 'CLAUDE.md', line: 2 } : undefined),
    files: [],
    problems: [],
  };
}

const ENV: Place = { standing: 'ignored', path: '.env', line: 1, column: 1, isInHistory: false };
const TRACKED: Place = { standing: 'tracked', path: 'src/a.ts', line: 1, column: 1, isInHistory: true };
const OLD: Place = { standing: 'history', path: 'a.ts', line: 1, column: 1, commit: 'c', isInHistory: true };
const STASH: Place = { ...OLD, standing: 'stash' };
const VARIABLE: Place = { standing: 'environment', path: 'API_TOKEN', isInHistory: false };
const HOME: Place = { standing: 'home', path: '~/.aws/credentials', line: 2, column: 1, isInHistory: false };

function verdicts(place: Place, id: string, parts?: Parts): Record<ChannelId, Verdict> {
  const config = configuration(parts);
  const one = assistant(id);
  return Object.fromEntries(
    (Object.keys(CHANNELS) as ChannelId[]).map((channel) => [channel, judge(place, channel, one, config).verdict]),
  ) as Record<ChannelId, Verdict>;
}

const numberOf = (): number => 0;

describe('where a place lies decides which channels there are', () => {
  test('what is in commits only is opened by git alone', () => {
    for (const place of [OLD, STASH]) {
      expect(verdicts(place, 'claude-code')).toEqual({
        index: 'not-applicable',
        read: 'not-applicable',
        search: 'not-applicable',
        shell: 'not-applicable',
        'shell-sandboxed': 'not-applicable',
        'git-history': 'visible',
        editor: 'not-applicable',
        mention: 'not-applicable',
        env: 'not-applicable',
        import: 'not-applicable',
      });
    }
  });

  test('a variable is opened by the environment alone', () => {
    const { env, ...others } = verdicts(VARIABLE, 'claude-code');
    expect(env).toBe('visible');
    expect(new Set(Object.values(others))).toEqual(new Set(['not-applicable']));
  });

  test('a file that is loaded at the start comes by the environment too, another does not', () => {
    expect(verdicts(ENV, 'gemini-cli', { loads: ['.env'] }).env).toBe('visible');
    expect(verdicts(ENV, 'gemini-cli').env).toBe('not-applicable');
  });

  test('an imported file comes by imports, another does not', () => {
    expect(verdicts(TRACKED, 'claude-code', { imports: ['src/a.ts'] }).import).toBe('visible');
    expect(verdicts(TRACKED, 'claude-code').import).toBe('not-applicable');
  });

  test('git has what was committed, and no more', () => {
    expect(verdicts(TRACKED, 'cursor')['git-history']).toBe('visible');
    expect(verdicts(ENV, 'cursor')['git-history']).toBe('not-applicable');
  });

  test('outside of the workspace there is no index and no editor', () => {
    for (const path of ['~/.aws/credentials', '../other/.env', '/etc/app.env']) {
      const told = verdicts({ ...HOME, path }, 'cursor');
      expect([told.index, told.editor]).toEqual(['not-applicable', 'not-applicable']);
      expect(told.shell).toBe('visible');
    }
  });

  test('the settings of the repository are read and not searched', () => {
    const told = verdicts({ ...ENV, standing: 'git-folder', path: '.git/config' }, 'claude-code');
    expect(told).toMatchObject({
      index: 'not-applicable',
      search: 'not-applicable',
      read: 'visible',
      shell: 'visible',
    });
  });

  test.each([
    ['visible', 'visible'],
    ['prompt', 'reachable'],
    ['blocked', 'blocked'],
    ['unknown', 'unknown'],
    [undefined, 'unknown'],
  ] as const)('reading outside of the workspace: %s', (outside, verdict) => {
    const one = assistant('claude-code');
    const { outside: _, ...read } = one.channels.read;
    const changed = {
      ...one,
      channels: { ...one.channels, read: { ...read, ...(outside !== undefined && { outside }) } },
    };
    expect(judge(HOME, 'read', changed, configuration()).verdict).toBe(verdict);
  });

  test('on a clone there is only what was committed', () => {
    const clone: Assistant = { ...assistant('claude-code'), worksOn: 'clone' };
    const told = (place: Place): Verdict => cellOf({ places: [place] }, clone, configuration(), numberOf).verdict;
    expect([ENV, STASH, HOME].map(told)).toEqual(['not-applicable', 'not-applicable', 'not-applicable']);
    expect([TRACKED, OLD].map(told)).toEqual(['visible', 'visible']);
  });
});

describe('what stands in the way', () => {
  test('a hard barrier blocks, a soft one takes effort, asking takes effort', () => {
    const ask = { decide: () => ({ effect: 'ask', file: 'f', line: 1, pattern: 'p' }) as const };
    const of = (barrier: Partial<Barrier>): Verdict =>
      verdicts(ENV, 'claude-code', { barriers: { read: [barrier] } }).read;
    expect(of({ hardness: 'hard' })).toBe('blocked');
    expect(of({ hardness: 'soft' })).toBe('reachable');
    expect(of({ hardness: 'hard', ...ask })).toBe('reachable');
  });

  test('one that says nothing, allows or is off leaves it visible', () => {
    for (const barrier of [
      { decide: () => undefined },
      { decide: () => ({ effect: 'allow', file: 'f', line: 1, pattern: '!p' }) as const },
      { state: 'off' as const },
    ]) {
      expect(verdicts(ENV, 'claude-code', { barriers: { read: [barrier] } }).read).toBe('visible');
    }
  });

  test('what is not known to hold stays unknown, and does not weaken what is known', () => {
    for (const doubt of [{ state: 'unknown' as const }, { hardness: 'unknown' as const }]) {
      expect(verdicts(ENV, 'claude-code', { barriers: { read: [doubt] } }).read).toBe('unknown');
      expect(verdicts(ENV, 'claude-code', { barriers: { read: [doubt, {}] } }).read).toBe('blocked');
      expect(verdicts(ENV, 'claude-code', { barriers: { read: [{}, doubt] } }).read).toBe('blocked');
    }
  });

  test('whether .gitignore is obeyed may be unknown, and then what git ignores is', () => {
    expect(verdicts(ENV, 'cursor').read).toBe('unknown');
    expect(verdicts(TRACKED, 'cursor').read).toBe('visible');
    expect(verdicts(ENV, 'cursor', { barriers: { read: [{}] } }).read).toBe('blocked');
  });

  test('a channel of which nothing is known is unknown', () => {
    expect(verdicts(ENV, 'bito').read).toBe('unknown');
  });

  test('an assistant that is switched off reads nothing', () => {
    const off = { state: 'on', text: 'Switched off by .noai.', at: { file: '.noai' } } as const;
    const { channels, verdict } = cellOf(
      { places: [ENV] },
      assistant('jetbrains-ai'),
      configuration({ off }),
      numberOf,
    );
    expect(verdict).toBe('blocked');
    expect(new Set(channels.map((one) => one.verdict))).toEqual(new Set(['blocked', 'not-applicable']));
  });

  test('the reason names the rule and its sources', () => {
    const told = judge(
      ENV,
      'read',
      assistant('claude-code'),
      configuration({ barriers: { read: [{ mechanisms: ['deny-rules'] }] } }),
    );
    expect(told.at).toEqual({ file: 'rules', line: 3, pattern: 'x' });
    expect(told.sources).toContain('permissions');
  });

  test('every judgement has a source', () => {
    for (const one of assistants) {
      for (const place of [ENV, TRACKED, OLD, STASH, VARIABLE, HOME]) {
        for (const channel of Object.keys(CHANNELS) as ChannelId[]) {
          expect(judge(place, channel, one, configuration()).sources.length).toBeGreaterThan(0);
        }
      }
    }
  });
});

describe('the sandbox', () => {
  test.each([
    ['off', 'visible', 'not-applicable'],
    ['on', 'not-applicable', 'blocked'],
    ['escapable', 'reachable', 'blocked'],
    ['unknown', 'visible', 'blocked'],
  ] as const)('%s', (sandbox, shell, sandboxed) => {
    const told = verdicts(ENV, 'claude-code', { sandbox, barriers: { 'shell-sandboxed': [{}] } });
    expect([told.shell, told['shell-sandboxed']]).toEqual([shell, sandboxed]);
  });

  test('closes no objects of git', () => {
    expect(
      verdicts(TRACKED, 'claude-code', { sandbox: 'on', barriers: { 'shell-sandboxed': [{}] } })['git-history'],
    ).toBe('visible');
  });
});

describe('the cell', () => {
  test('the widest channel and the widest place decide, and what happens by itself is told first', () => {
    const cell = cellOf({ places: [ENV, TRACKED] }, assistant('cursor'), configuration(), numberOf);
    expect([cell.verdict, cell.channel]).toEqual(['visible', 'index']);
    const blockedIndex = configuration({ barriers: { index: [{}], read: [{}], search: [{}], editor: [{}] } });
    const other = cellOf({ places: [ENV] }, assistant('cursor'), blockedIndex, numberOf);
    expect([other.verdict, other.channel]).toEqual(['visible', 'shell']);
  });

  test('each channel names the place that it is of', () => {
    const { channels } = cellOf({ places: [ENV, OLD] }, assistant('claude-code'), configuration(), numberOf);
    expect(channels.find(({ channel }) => channel === 'git-history')).toMatchObject({ verdict: 'visible', place: 1 });
    expect(channels.find(({ channel }) => channel === 'read')).toMatchObject({ verdict: 'visible', place: 0 });
  });

  test('a reason is numbered once for each channel', () => {
    const seen: Judgement[] = [];
    const { channels } = cellOf({ places: [ENV] }, assistant('codex'), configuration(), (one) => seen.push(one) - 1);
    expect(channels.map(({ reason }) => reason)).toEqual(seen.map((_, index) => index));
  });

  test('where nothing opens it there is no channel', () => {
    const cell = cellOf(
      { places: [STASH] },
      { ...assistant('claude-code'), worksOn: 'clone' },
      configuration(),
      numberOf,
    );
    expect(cell).not.toHaveProperty('channel');
  });
});
