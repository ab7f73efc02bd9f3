/** No text makes the patterns look at its bytes again and again. */
import { expect, test } from 'vitest';
import { DETECTORS } from '../src/detectors/index.ts';
import { Engine } from '../src/engine/engine.ts';
import { buildAutomaton, Prefilter } from '../src/engine/prefilter.ts';
import { loadRegexEngine, type RegexEngine } from '../src/engine/re2.ts';
import { set } from './support/rule-set.ts';
import { viewOf } from './support/view.ts';

/** The native engine (or what loads), counting the characters that it is made to look at. */
async function countingEngine(): Promise<{ readonly engine: Engine; readonly count: () => number }> {
  const inner = await loadRegexEngine(process.env['KEEPMUM_REGEX']);
  let characters = 0;
  const counting: RegexEngine = {
    name: inner.name,
    compile(pattern, ruleId) {
      const regex = inner.compile(pattern, ruleId);
      return {
        exec(text, from) {
          const match = regex.exec(text, from);
          characters += (match?.end ?? text.length) - from;
          return match;
        },
      };
    },
  };
  const { anchors } = set.anchorIndex;
  const prefilter = new Prefilter(buildAutomaton(anchors), anchors);
  return {
    engine: new Engine(set, prefilter, DETECTORS, () => Promise.resolve(counting)),
    count: () => characters,
  };
}

/** Texts that make a rule look as often as it can: its literal again and again, bare, or with what it wants behind it. */
const HOSTILE: readonly (readonly [string, (anchor: string) => string])[] = [
  ['the literal alone', (anchor) => anchor],
  ['the literal and a short run', (anchor) => `${anchor}0a1B2c3D4e5F6a7b8C9d`],
  ['the literal and a long run', (anchor) => `${anchor}${'0a1B2c3D4e5F6a7b'.repeat(60)}`],
  ['the literal and a short run as parts of one', (anchor) => `"${anchor}0a1B" + "2c3D4e5F6a" + `],
  ['the literal on lines of its own', (anchor) => `${anchor} = "\n`],
];

/** Bytes of such a text: some windows of the largest. How often a byte is looked at does not depend on it beyond that. */
const SIZE = 10_000;

/** How often a byte may be looked at by patterns, over all rules, with and without joints; a window tried for every hit would be hundreds. */
const MOST_LOOKS = 8;

test.each(HOSTILE)(
  `hostile input, %s: no pattern looks at the bytes again and again`,
  async (_, unit) => {
    const { engine, count } = await countingEngine();
    for (const anchor of set.anchorIndex.anchors) {
      const text = unit(anchor).repeat(Math.ceil(SIZE / unit(anchor).length));
      const before = count();
      await engine.detect(viewOf(text));
      expect([count() - before, anchor]).toEqual([Math.min(count() - before, text.length * MOST_LOOKS), anchor]);
    }
    expect(count()).toBeGreaterThan(0);
  },
  120_000,
);
