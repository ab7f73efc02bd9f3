import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import patterns from '#patterns/index';
import type { Finding, Summary } from '../../src/core/finding.ts';
import { builtInEngine } from '../../src/engine/built-in.ts';
import { TemplateExpander } from '../../src/rules/template.ts';
import { scanAll } from '../../src/scan.ts';
import { stagedSource } from '../../src/sources/staged.ts';
import { readSource } from '../support/read-source.ts';
import { temporaryRepository } from '../support/repository.ts';
import { expandExample, RULES, SEED } from '../support/rules.ts';

const engine = builtInEngine(patterns);

/** Lines that lead to one another: names and values apart, blocks over lines, runs, literals of all kinds. */
const LINES: readonly string[] = `
plain words of a sentence
x = 1
}
++ b
-- a
@@ -1 +1 @@
\\ No newline
password:
password =
"password":
set("password",
api_key: >-
secret: |
  token:
const apiKey =
Bearer
postgres://app:
jdbc:postgresql://db/app?user=a
Server=db;User Id=app;
Password=
AccountKey=
export TOKEN=\\
-p \\
"""
# keepmum:allow
// gitleaks:allow
keepmum:allow-next-line
`.split('\n');
const examples = new TemplateExpander(`${SEED}/sieve`);
const EXAMPLES: readonly string[] = RULES.flatMap((rule) =>
  rule.examples.map((example) => expandExample(rule, example, examples).text),
);

/** Examples of one line, each encoded in one of the ways that hide them from the rules. */
const ENCODED: readonly string[] = EXAMPLES.flatMap((example) =>
  example.split('\n').flatMap((text) => {
    const bytes = Buffer.from(text);
    return [
      bytes.toString('base64'),
      bytes.toString('base64url'),
      Buffer.from(text, 'utf16le').toString('base64'),
      bytes.toString('hex'),
      [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
      [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
      [...bytes].map((byte) => `&#${byte};`).join(''),
    ];
  }),
);

const line = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...ENCODED) },
  { weight: 6, arbitrary: fc.constantFrom(...LINES) },
  { weight: 3, arbitrary: fc.constantFrom(...EXAMPLES.flatMap((example) => example.split('\n'))) },
  { weight: 1, arbitrary: fc.base64String({ minLength: 16, maxLength: 90 }) },
);
const block = fc.array(line, { minLength: 1, maxLength: 3 });
type Block = readonly [kind: 'kept' | 'old' | 'new', lines: readonly string[]];
const anyBlock: fc.Arbitrary<readonly Block[]> = fc
  .tuple(fc.constantFrom('kept' as const, 'old' as const, 'new' as const), block)
  .map((made) => [made]);
/** An example of which one part was there before and the other is new: the new one alone may tell nothing. */
const completed: fc.Arbitrary<readonly Block[]> = fc
  .tuple(fc.constantFrom(...EXAMPLES), fc.nat(1000), fc.boolean())
  .map(([example, where, newFirst]) => {
    const places = [...example.matchAll(/[\s=:,;]+/g)];
    const { index, 0: gap } = places[where % places.length] ?? { index: example.length, 0: '' };
    const first = example.slice(0, index + gap.trimEnd().length).split('\n');
    const second = example.slice(index + gap.length).split('\n');
    return [
      [newFirst ? 'new' : 'kept', first],
      [newFirst ? 'kept' : 'new', second],
    ];
  });
/** Keeps what stands before and after in hunks of their own. */
const gap: Block = ['kept', Array.from({ length: 8 }, (_, at) => `line ${at}`)];
const file = fc
  .array(fc.oneof({ weight: 2, arbitrary: anyBlock }, { weight: 3, arbitrary: completed }, fc.constant([gap])), {
    minLength: 1,
    maxLength: 12,
  })
  .map((blocks) => blocks.flatMap((made, index) => (index % 3 === 0 ? made : [gap, ...made])));
const paths = fc.constantFrom('a.ts', 'conf/app.yaml', '.env', 'Dockerfile', 'x y.json', '.gitattributes', 'id_rsa');

function side(blocks: readonly Block[], other: 'old' | 'new'): string {
  return blocks.flatMap(([kind, lines]) => (kind === other ? [] : lines.map((text) => `${text}\n`))).join('');
}

type Outcome = readonly [findings: readonly Finding[], summary: Omit<Summary, 'elapsed'>];

/** Whether the sieve takes one hunk for quiet. */
function isQuiet(...hunk: readonly string[]): boolean {
  const bytes = Buffer.from(hunk.map((text) => `${text}\n`).join(''));
  return !engine.sieve(bytes).mayFind(0, bytes.length);
}

describe('what the sieve leaves out holds no finding', () => {
  test('a new line after an old one that may lead on to it', () => {
    expect(isQuiet(' set("password",', '+  hunter')).toBe(false);
    expect(isQuiet(` ${'-'.repeat(5)}BEGIN PRIVATE KEY${'-'.repeat(5)}`, '+MII')).toBe(false);
    expect(isQuiet(' password: hunter', '+  plain')).toBe(true);
    expect(isQuiet('-set("password",', '+  hunter')).toBe(true);
    expect(isQuiet('+password:')).toBe(false);
  });

  test('a scan with it tells the same as one without, on random changes', { timeout: 120_000 }, async () => {
    await using repo = temporaryRepository();
    const scan = async (sieved: boolean): Promise<Outcome> => {
      const { findings, summary } = await scanAll(stagedSource({ cwd: repo.root }), {
        engine: sieved
          ? engine
          : {
              detect: (view) => engine.detect(view),
              sieve: (bytes) => ({ ...engine.sieve(bytes), mayFind: () => true }),
            },
        details: () => Promise.resolve({ title: '', advice: { summary: '' } } as never),
        severityOf: () => 'high',
        suppressors: () => Promise.resolve([]),
        skipPath: () => false,
        failOn: { confidence: 'likely', severity: 'low' },
        showSecrets: false,
      });
      const { elapsed: _, ...rest } = summary;
      return [findings, rest];
    };
    let quiet = 0;
    let found = 0;
    await fc.assert(
      fc.asyncProperty(fc.dictionary(paths, file, { minKeys: 1, maxKeys: 4 }), async (files) => {
        repo.git('read-tree', '--empty');
        for (const [path, blocks] of Object.entries(files)) repo.write(path, side(blocks, 'new'));
        repo.git('add', '-f', '--', ...Object.keys(files));
        repo.git('commit', '-q', '--no-verify', '--allow-empty', '-m', 'before');
        for (const [path, blocks] of Object.entries(files)) repo.write(path, side(blocks, 'old'));
        repo.git('add', '-f', '--', ...Object.keys(files));
        const sieved = await scan(true);
        expect(sieved).toEqual(await scan(false));
        quiet += (await readSource(stagedSource({ cwd: repo.root }), { sieve: engine.sieve })).quiet.length;
        found += sieved[0].length;
      }),
      { numRuns: 120 },
    );
    // Both kinds came up, or nothing has been shown.
    expect(quiet).toBeGreaterThan(0);
    expect(found).toBeGreaterThan(0);
  });
});
