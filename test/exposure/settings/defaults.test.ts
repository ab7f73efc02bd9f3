import { expect, test } from 'vitest';
import { CHANNELS, loadAssistants, type Channel, type ChannelId } from '../../../src/exposure/assistants.ts';
import type { Place, Verdict } from '../../../src/exposure/exposure-map.ts';
import { Configurations } from '../../../src/exposure/settings/index.ts';
import { judge } from '../../../src/exposure/verdict.ts';
import { projectOf } from '../../support/project.ts';

const known = await loadAssistants();
const PROJECT = projectOf({ '.gitignore': '.env\n', '.env': 'X=1\n' }, { ignored: ['.env'] });
const ENV: Place = { standing: 'ignored', path: '.env', line: 1, column: 1, isInHistory: false };
const OLD: Place = { standing: 'history', path: 'a.ts', line: 1, column: 1, commit: 'c', isInHistory: true };

const VERDICT: Readonly<Record<Channel['dotenv'], Verdict>> = {
  visible: 'visible',
  filtered: 'reachable',
  prompt: 'reachable',
  blocked: 'blocked',
  unknown: 'unknown',
  na: 'not-applicable',
};

/** How firmly it is kept back is not known, or it depends on the sandbox, which is on. */
const TOLD_OTHERWISE: Readonly<Record<string, Verdict>> = {
  'gemini-code-assist read': 'unknown',
  'gemini-code-assist search': 'unknown',
  'codex shell': 'reachable',
};

/** What the data say of an ignored .env at the root under default settings is what comes out where nothing is set. */
test.each(known.assistants.map((one) => ({ id: one.id, one })))('$id without settings', ({ one }) => {
  const configuration = new Configurations(known, PROJECT).of(one);
  const told: Record<string, Verdict> = {};
  const expected: Record<string, Verdict> = {};
  for (const id of Object.keys(CHANNELS) as ChannelId[]) {
    const { dotenv } = one.channels[id];
    // These are of variables, of imported files, and of a sandbox that may be off.
    if (id === 'env' || id === 'import' || id === 'shell-sandboxed') continue;
    told[id] = judge(id === 'git-history' ? OLD : ENV, id, one, configuration).verdict;
    const isThere = one.worksOn !== 'clone' || id === 'git-history';
    expected[id] = isThere ? (TOLD_OTHERWISE[`${one.id} ${id}`] ?? VERDICT[dotenv]) : 'not-applicable';
  }
  expect(told).toEqual(expected);
});
