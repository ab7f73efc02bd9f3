import { describe, expect, test } from 'vitest';
import patterns from '#patterns/index';
import { createEngine } from '../../src/engine/create.ts';
import { scanAll } from '../../src/scan.ts';
import { stdinSource } from '../../src/sources/stdin.ts';
import { inlineComment } from '../../src/suppress/inline-comment.ts';
import { randomText } from '../support/cli.ts';

/** How many findings of a text count, and how many are suppressed. */
async function counted(text: string): Promise<{ counts: number; suppressed: number }> {
  const input = (async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  })();
  const { summary } = await scanAll(stdinSource(input, 'src/pay.js'), {
    engine: createEngine(patterns),
    details: async () => ({
      title: 'A key',
      provider: 'Test',
      identity: { class: 'api-key', type: 'workload', grants: 'nothing', lifetime: 'long-lived' },
      advice: { text: 'None.' },
      references: [],
    }),
    severityOf: () => 'high',
    suppressors: async () => [inlineComment],
    skipPath: () => false,
    failOn: { confidence: 'likely', severity: 'low' },
    showSecrets: false,
  });
  return { counts: summary.findings, suppressed: summary.suppressed };
}

const key = (): string => ['sk', 'live', `51${randomText(97)}`].join('_');

describe('a comment of its own speaks for the next line', () => {
  test.each([
    '// keepmum:allow',
    '# keepmum:allow because',
    '/* keepmum:allow */',
    '<!-- keepmum:allow -->',
    '  * keepmum:allow',
  ])('%s', async (comment) => {
    expect(await counted(`${comment}\nkey = "${key()}"\n`)).toEqual({ counts: 0, suppressed: 1 });
  });
});

describe('a comment beside code speaks for its own line only', () => {
  test.each(['/* keepmum:allow */ start();', '<!-- keepmum:allow --> <p>', 'start(); // keepmum:allow'])(
    '%s',
    async (line) => {
      expect(await counted(`${line}\nkey = "${key()}"\n`)).toEqual({ counts: 1, suppressed: 0 });
      expect(await counted(`${line} key = "${key()}"\n`)).toEqual({ counts: 0, suppressed: 1 });
    },
  );
});
