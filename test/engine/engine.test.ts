import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DETECTORS } from '../../src/detectors/index.ts';
import { proofNamed } from '../../src/detectors/proofs/index.ts';
import { compileRuleSet } from '../../src/engine/compile.ts';
import { engineOf } from '../../src/engine/create.ts';
import type { Engine, JudgedMatch } from '../../src/engine/engine.ts';
import { compileRule } from '../../src/rules/compile.ts';
import type { RuleSource } from '../../src/rules/format.ts';
import { TemplateExpander } from '../../src/rules/template.ts';
import { viewOf } from '../support/view.ts';

const RULE: RuleSource = {
  id: 'acme-token',
  title: 'Acme token',
  severity: 'high',
  distinctiveness: 'high',
  anchors: ['acme_'],
  pattern: '\\b(?P<secret>acme_[0-9a-z]{20})(?:[^0-9A-Za-z_]|$)',
  identity: { class: 'api-key', type: 'workload', grants: 'orders', lifetime: 'long-lived' },
  advice: { text: 'Ask the platform team for a new one.' },
  references: [],
  examples: [],
  counterExamples: [],
};

/** Only patterns: no detector joins in. */
function engines(...rules: readonly Partial<RuleSource>[]): readonly (readonly ['re2' | 're2js', Engine])[] {
  const pairs = rules.map((rule) => compileRule({ ...RULE, ...rule }, 'Acme', 'test'));
  const set = compileRuleSet(pairs, DETECTORS);
  return [
    ['re2', engineOf(set, process.env['KEEPMUM_REGEX'])],
    ['re2js', engineOf(set, 're2js')],
  ];
}

const random = new TemplateExpander('engine');
const token = (): string => random.expand('acme_${base36:20}');
const checksumOfNpm = (head: string): string => proofNamed('npm-crc32')?.complete?.(head) ?? '';
/** A checksum with its last character changed. */
const wrongOf = (checksum: string): string => `${checksum.slice(0, -1)}${checksum.endsWith('0') ? '1' : '0'}`;
const FILLER = ' the quick brown fox.';
/** Text of exactly `size` characters with a space at either end, that holds nothing of interest. */
const filler = (size: number): string =>
  size === 0 ? '' : `${FILLER.repeat(Math.ceil(size / FILLER.length)).slice(0, size - 1)} `;

const places = (matches: readonly JudgedMatch[]): unknown[] =>
  matches.map(({ ruleId, start, end, secret }) => ({ ruleId, start, end, secret }));

/** Sizes of the engine's windows, and their neighbours. */
const EDGES = [256, 768, 1024, 8192, 16_384].flatMap((size) => [size - 26, size - 25, size - 1, size, size + 1]);

describe.each(engines({}))('one rule, %s', (_, engine) => {
  const found = async (text: string): Promise<unknown[]> => places(await engine.detect(viewOf(text)));

  test('at the start and the end of a chunk, and where it is the whole', async () => {
    const secret = token();
    const whole = { ruleId: 'acme-token', start: 0, end: 25, secret };
    expect(await found(secret)).toEqual([whole]);
    expect(await found(`${secret}\n`)).toEqual([whole]);
    expect(await found(`\n${secret}`)).toEqual([{ ...whole, start: 1, end: 26 }]);
    expect(await found(`x${secret}`)).toEqual([]);
    expect(await found(`${secret}x`)).toEqual([]);
    expect(await found(secret.slice(0, -1))).toEqual([]);
    expect(await found('')).toEqual([]);
  });

  test('wherever others stand: every token of a text is found, at its place', async () => {
    const gap = fc.oneof(fc.constantFrom(1, 2, ...EDGES), fc.integer({ min: 1, max: 20_000 }));
    await fc.assert(
      fc.asyncProperty(fc.array(gap, { minLength: 1, maxLength: 6 }), fc.nat(300), async (gaps, tail) => {
        let text = '';
        const expected: unknown[] = [];
        for (const size of gaps) {
          text += filler(size);
          const secret = token();
          expected.push({ ruleId: 'acme-token', start: text.length, end: text.length + 25, secret });
          text += secret;
        }
        expect(await found(`${text} ${filler(tail)}`)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test('literals that lead nowhere hide nothing, however dense they stand', async () => {
    for (const noise of ['acme_', 'acme_ ', 'acme_x acme_', `acme_${'0'.repeat(30)} `]) {
      for (const count of [1, 40, 160, 1700, 4000]) {
        const secret = token();
        const head = `${noise.repeat(count)}\n`;
        const at = head.length;
        const text = `${head}${secret}\n${noise.repeat(count)}`;
        expect([noise, count, ...(await found(text))]).toEqual([
          noise,
          count,
          { ruleId: 'acme-token', start: at, end: at + 25, secret },
        ]);
      }
    }
  });

  test('a token that a window of dense literals cuts is found by the next one', async () => {
    // Long enough to be looked at, too long to be a token.
    const noise = `acme_${'0'.repeat(30)} `;
    for (const edge of [768, 768 + noise.length, 8192 + noise.length, 16_384]) {
      for (let start = edge - 50; start < edge + 50; start++) {
        const secret = token();
        const text = `${noise.repeat(500).slice(0, start - 1)}\n${secret}\n${filler(900)}`;
        expect(await found(text)).toEqual([{ ruleId: 'acme-token', start, end: start + 25, secret }]);
      }
    }
  });

  test('tokens side by side are all found', async () => {
    const secrets = Array.from({ length: 1500 }, token);
    for (const between of [' ', '\n', ',', '","']) {
      const matches = await engine.detect(viewOf(secrets.join(between)));
      expect(matches.map(({ secret }) => secret)).toEqual(secrets);
    }
  });

  test('places are byte offsets, also behind other scripts', async () => {
    const secret = token();
    const text = `schlüssel = "${secret}" # 鍵 🔑\n鍵 = "${secret}"`;
    const at = Buffer.byteLength(text.slice(0, text.lastIndexOf(secret)));
    expect(await found(text)).toEqual([
      { ruleId: 'acme-token', start: 14, end: 39, secret },
      { ruleId: 'acme-token', start: at, end: at + 25, secret },
    ]);
  });
});

describe.each(engines({ pattern: '\\b(?P<secret>acme_[0-9a-z]{20,})(?:[^0-9A-Za-z_]|$)' }))(
  'a rule without an upper length, %s',
  (_, engine) => {
    test('is given whole up to the widest window', async () => {
      for (const size of [20, ...EDGES.filter((edge) => edge < 16_384 - 5)]) {
        for (const before of [0, 1, 300]) {
          const secret = `acme_${random.random('0123456789abcdefghijklmnopqrstuvwxyz', size)}`;
          const text = `${filler(before)}${secret}`;
          expect(places(await engine.detect(viewOf(text)))).toEqual([
            { ruleId: 'acme-token', start: before, end: before + size + 5, secret },
          ]);
          expect(places(await engine.detect(viewOf(`${text} ${filler(40)}`)))).toEqual([
            { ruleId: 'acme-token', start: before, end: before + size + 5, secret },
          ]);
        }
      }
    });

    test('beyond it, is one finding all the same', async () => {
      const secret = `acme_${random.random('0123456789abcdefghijklmnopqrstuvwxyz', 40_000)}`;
      const matches = await engine.detect(viewOf(`key = ${secret}\n`));
      expect(matches.map(({ start }) => start)).toEqual([6]);
      expect(secret.startsWith(matches[0]?.secret ?? '-')).toBe(true);
    });
  },
);

describe.each(
  engines({ near: ['acme', 'order'], nearBytes: 100, anchors: ['_key'], pattern: '_key=(?P<secret>[0-9a-f]{32})' }),
)('words near a match, %s', (_, engine) => {
  const secret = random.expand('${hex:32}');
  const found = async (text: string, path?: string): Promise<number> =>
    (await engine.detect(viewOf(text, path))).length;

  test('before, behind, in any case, in the path; not farther than told', async () => {
    expect(await found(`ACME _key=${secret}`)).toBe(1);
    expect(await found(`_key=${secret} orders`)).toBe(1);
    expect(await found(`_key=${secret}`, 'src/order.ts')).toBe(1);
    expect(await found(`_key=${secret}`)).toBe(0);
    expect(await found(`acme${' '.repeat(91)}_key=${secret}`)).toBe(1);
    expect(await found(`acme${' '.repeat(92)}_key=${secret}`)).toBe(0);
    expect(await found(`_key=${secret}${' '.repeat(96)}acme`)).toBe(1);
    expect(await found(`_key=${secret}${' '.repeat(97)}acme`)).toBe(0);
  });

  test('wherever the words are, and however close together or far apart the matches', async () => {
    const piece = fc.oneof(
      { weight: 6, arbitrary: fc.constant(`_key=${secret}\n`) },
      { weight: 3, arbitrary: fc.constantFrom('Acme ', 'order\n', 'acm', 'acme_key=\n') },
      { weight: 3, arbitrary: fc.constantFrom(1, 60, 95, 300, 3000, 17_000, 40_000).map((count) => ' '.repeat(count)) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        const text = pieces.join('');
        const near = [...text.matchAll(/(?<=_key=)[0-9a-f]{32}/g)].filter(({ index }) =>
          /acme|order/i.test(text.slice(Math.max(0, index - 100), index + secret.length + 100)),
        );
        const matches = await engine.detect(viewOf(text));
        expect(matches.map(({ start }) => start)).toEqual(near.map(({ index }) => index));
      }),
      // The second match has words looked for ahead, up to the third.
      { examples: [[[`_key=${secret}\n`, `_key=${secret}\n`, ' '.repeat(17_000), 'Acme ', `_key=${secret}\n`]]] },
    );
  });
});

describe('matches that overlap', () => {
  const wide = { id: 'wide-token', pattern: '(?P<secret>acme_[0-9a-z]{20}(?:\\.[0-9a-z]{10})?)' };
  const narrow = { id: 'narrow-token', pattern: '(?P<secret>acme_[0-9a-z]{20})' };
  const dotted = (): string => `${token()}.${random.expand('${base36:10}')}`;

  test.each([
    ['the more specific', [{ ...wide, distinctiveness: 'medium' }, narrow], 'narrow-token'],
    ['else the longer', [narrow, wide], 'wide-token'],
    ['else the longer, in whatever order', [wide, narrow], 'wide-token'],
  ] as const)('%s stands', async (_, rules, winner) => {
    for (const [, engine] of engines(...rules)) {
      const matches = await engine.detect(viewOf(`key = ${dotted()}\n`));
      expect(matches.map(({ ruleId }) => ruleId)).toEqual([winner]);
    }
  });

  test('what a checksum proves stands before all else', async () => {
    const secret = random.expand('npm_${base62:30}');
    const proven = {
      id: 'proven-token',
      distinctiveness: 'low',
      anchors: ['npm_'],
      pattern: '(?P<secret>npm_[0-9A-Za-z]{36})',
      proof: { name: 'npm-crc32', onMismatch: 'confirm' },
    } as const;
    const longer = { id: 'longer-token', anchors: ['npm_'], pattern: '(?P<secret>npm_[0-9A-Za-z]{36}-[a-z]+)' };
    const complete = `${secret}${checksumOfNpm(secret)}`;
    for (const [, engine] of engines(longer, proven)) {
      expect((await engine.detect(viewOf(`${complete}-abc`))).map(({ ruleId }) => ruleId)).toEqual(['proven-token']);
      expect((await engine.detect(viewOf(`${wrongOf(complete)}-abc`))).map(({ ruleId }) => ruleId)).toEqual([
        'longer-token',
      ]);
    }
  });

  test('the result is sorted, free of overlaps, and the same with either engine', async () => {
    const both = engines(
      wide,
      narrow,
      { id: 'hex-token', distinctiveness: 'low', anchors: ['acme_', 'key'], pattern: '(?P<secret>[0-9a-f]{24,})' },
      { id: 'line-token', distinctiveness: 'medium', anchors: ['key'], pattern: 'key ?= ?(?P<secret>[^\\s]{16,60})' },
    );
    const piece = fc.oneof(
      fc.constantFrom('key=', 'key = ', ' ', '\n', 'acme_', '.', '-', 'ü'),
      fc.nat(1_000_000).map((seed) => new TemplateExpander(String(seed)).expand('acme_${base36:20}.${base36:10}')),
      fc.nat(1_000_000).map((seed) => new TemplateExpander(String(seed)).expand('${hex:20-40}')),
      fc.constantFrom(...EDGES).map(filler),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 14 }), async (pieces) => {
        const [first, second] = await Promise.all(
          both.map(async ([, engine]) => engine.detect(viewOf(pieces.join('')))),
        );
        expect(places(second ?? [])).toEqual(places(first ?? []));
        let end = 0;
        for (const match of first ?? []) {
          expect(match.start).toBeGreaterThanOrEqual(end);
          end = match.end;
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('what a rule asks of a match besides its pattern', () => {
  test('least entropy', async () => {
    for (const [, engine] of engines({ minEntropy: 3 })) {
      expect(await engine.detect(viewOf('acme_aaaaaaaaabbbbbbbbbcc'))).toEqual([]);
      expect(await engine.detect(viewOf(token()))).toHaveLength(1);
    }
  });

  test('a proof that rejects', async () => {
    const secret = random.expand('npm_${base62:30}');
    for (const onMismatch of ['reject', 'confirm'] as const) {
      const rule = {
        anchors: ['npm_'],
        pattern: '(?P<secret>npm_[0-9A-Za-z]{36})',
        proof: { name: 'npm-crc32', onMismatch },
      };
      for (const [, engine] of engines(rule)) {
        const [wrong] = await engine.detect(viewOf(`${secret}${wrongOf(checksumOfNpm(secret))}`));
        expect(wrong?.confidence).toBe(onMismatch === 'reject' ? undefined : 'likely');
        const [right] = await engine.detect(viewOf(`${secret}${checksumOfNpm(secret)}`));
        expect(right?.confidence).toBe('proven');
      }
    }
  });
});
