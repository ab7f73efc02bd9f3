import fc from 'fast-check';
import { expect, test } from 'vitest';
import { literalAt, unescapeLiteral } from '../../src/detectors/literal.ts';

function read(text: string): string | undefined {
  const literal = literalAt(text, 0);
  return literal && text.slice(literal.start, literal.end);
}

test.each([
  ['"abc"', 'abc'],
  ["'abc'", 'abc'],
  ['`abc`', 'abc'],
  ['"""abc"""', 'abc'],
  ["b'abc'", 'abc'],
  ['@"abc"', 'abc'],
  ["N'abc'", 'abc'],
  ['\\"abc\\"', 'abc'],
  ['\\\\\\"abc\\\\\\"', 'abc'],
  ['&quot;abc&quot;', 'abc'],
  ['"a\\"b"', 'a\\"b'],
  ['"it\'s"', "it's"],
  ['"abc".to_string()', 'abc'],
  ['"abc" + "def"', 'abc" + "def'],
  ['f"abc"', 'abc'],
])('%s holds %s', (text, value) => {
  expect(read(text)).toBe(value);
});

test.each([
  ['no quote', 'abc'],
  ['no end', '"abc'],
  ['an end on the next line', '"abc\n"'],
  ['a joined variable', '"abc" + name'],
  ['a joined variable of PHP', "'abc' . $name"],
  ['a format', '"abc %s" % name'],
  ['a call on it', '"abc".format(name)'],
  ['a field', 'f"abc{name}"'],
  ['a field of C#', '$"abc{name}"'],
])('not read: %s', (_, text) => {
  expect(read(text)).toBeUndefined();
});

test.each([
  ['a\\"b', 'a"b'],
  ["a\\'b", "a'b"],
  ['a\\\\b', 'a\\b'],
  ['a\\/b', 'a/b'],
  ['a\\u002bb', 'a+b'],
  ['a&amp;b', 'a&b'],
  ['a&quot;b', 'a"b'],
  ['a\\nb', 'a\\nb'],
  ['a&b', 'a&b'],
])('%s stands for %s', (written, value) => {
  expect(unescapeLiteral(written)).toBe(value);
});

test('a literal ends within the text, and what JSON writes is read and undone', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 40 }), (value) => {
      const literal = literalAt(value, 0);
      if (literal !== undefined) expect(literal.end + literal.quote.length).toBeLessThanOrEqual(value.length);
    }),
  );
  const plain = fc.stringMatching(/^[A-Za-z0-9"/+=_-]{1,40}$/);
  fc.assert(
    fc.property(plain, (value) => {
      expect(unescapeLiteral(read(`${JSON.stringify(value)},`) ?? '')).toBe(value);
    }),
  );
});
