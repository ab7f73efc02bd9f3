import fc from 'fast-check';
import { expect, test } from 'vitest';
import patterns from '#patterns/index';
import { createEngine } from '../../src/engine/create.ts';
import { viewOf } from '../support/view.ts';

const engine = createEngine(patterns);

const character = fc.constantFrom(
  ...'abcdefghijklmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789-_()./:$@!'.split(''),
);
const word = fc.constantFrom('key', 'my', 'new', 'change', 'Token', 'user', 'x', 'blue', '-', '7', '(', 'horse');
const value = fc.oneof(
  fc.string({ unit: character, minLength: 3, maxLength: 70 }),
  fc.array(word, { minLength: 2, maxLength: 9 }).map((words) => words.join('')),
);
const name = fc.constantFrom(
  'password',
  'client_secret',
  'apiKey',
  'key',
  'auth',
  'NEXT_PUBLIC_TOKEN',
  'x',
  'accessKey',
);
const lead = fc.constantFrom('', '// ', '  ', 'const ', '--');
const path = fc.constantFrom(
  'src/a.ts',
  'a.d.ts',
  'test/a.py',
  'README.md',
  '.env',
  'dist/a.min.js',
  'en.json',
  'yarn.lock',
);

test('a verdict that stops early is the one of all the evidence', async () => {
  let standing = 0;
  let fallen = 0;
  await fc.assert(
    fc.asyncProperty(lead, name, value, path, async (before, given, literal, file) => {
      for (const told of await engine.explain(viewOf(`${before}${given} = "${literal}"\n`, file))) {
        if ('rejectedBy' in told) continue;
        const stands = told.confidence !== undefined;
        if (stands) standing++;
        else fallen++;
        expect({ stands }).toEqual({ stands: told.score >= told.possible });
      }
    }),
    { numRuns: 3000 },
  );
  expect(standing).toBeGreaterThan(200);
  expect(fallen).toBeGreaterThan(200);
});
