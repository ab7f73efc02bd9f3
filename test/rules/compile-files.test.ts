import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, test } from 'vitest';
import { compileFiles } from '../../src/rules/compile-files.ts';

const GLOBS = [
  '*.pub',
  'known_hosts',
  '*-cert.pem',
  'id_*_sk',
  '.env.*',
  '{a,b}.env',
  'config/*.key',
  '*.tar.gz',
  'x?y',
];

describe('what the last parts of globs are compiled to', () => {
  test('fits each name that one of the globs fits, in any case', () => {
    const part = fc.constantFrom(...'a b . - _ pub PEM cert known_hosts env id_ sk key tar gz x y'.split(' '));
    const name = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const globs = fc.subarray(GLOBS, { minLength: 1 });
    fc.assert(
      fc.property(globs, name, (names, given) => {
        const [compiled] = compileFiles({ classes: [{ id: 'x', kind: 'env', title: 'x', names }] });
        const lasts = names.map((glob) => glob.slice(glob.lastIndexOf('/') + 1));
        const expected = picomatch(lasts, { dot: true, nocase: true })(given);
        expect(new RegExp(compiled?.lastPart ?? '', 'i').test(given)).toBe(expected);
      }),
    );
  });

  test.each([
    ['*.pub', 'key.pub', true],
    ['*.pub', '.pub', true],
    ['*.pub', 'key.public', false],
    ['*.pub', 'keyXpub', false],
    ['known_hosts', 'KNOWN_HOSTS', true],
    ['known_hosts', 'known_hosts.old', false],
    ['known_hosts', 'my_known_hosts', false],
    ['ca.pem', 'caXpem', false],
  ])('%s, %s: %s', (glob, name, fits) => {
    const [compiled] = compileFiles({ classes: [{ id: 'x', kind: 'env', title: 'x', names: [glob] }] });
    expect(new RegExp(compiled?.lastPart ?? '', 'i').test(name)).toBe(fits);
  });

  test('is refused where a glob fits everything', () => {
    expect(() => compileFiles({ classes: [{ id: 'x', kind: 'env', title: 'x', names: ['*'] }] })).toThrow(
      /fits every file/,
    );
  });
});
