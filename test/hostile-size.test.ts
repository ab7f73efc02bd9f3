/** No text makes an engine hang. */
import { expect, test } from 'vitest';
import { engines, set } from './support/rule-set.ts';
import { viewOf } from './support/view.ts';

test.each(['re2', 're2js'] as const)(
  'hostile input of many kB an anchor does not hang: %s',
  async (name) => {
    for (const anchor of set.anchorIndex.anchors) {
      // Thousands of hits; how often they have the bytes looked at is counted in hostile-patterns.test.ts.
      const size = name === 're2' ? 30_000 : 5000;
      await engines[name].detect(viewOf(anchor.repeat(Math.ceil(size / anchor.length))));
    }
    expect(set.anchorIndex.anchors.length).toBeGreaterThan(100);
  },
  60_000,
);
