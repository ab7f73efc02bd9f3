import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TemplateError, TemplateExpander } from '../../src/rules/template.ts';

const expand = (template: string, seed = 'seed'): string => new TemplateExpander(seed).expand(template);

/** Text in which no part begins. */
const plain = fc.string().filter((text) => !text.includes('$') && !text.includes('{'));

describe('templates', () => {
  test.each([
    ['${digits:6}', /^\d{6}$/],
    ['${hex:8-12}', /^[0-9a-f]{8,12}$/],
    ['a${base62:20}b', /^a[0-9A-Za-z]{20}b$/],
    ['${base32:16}', /^[A-Z2-7]{16}$/],
    ['${uuid}', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/],
    ['${base64url-of:{"a":"${lower:3}"}}', /^eyJhIjoi[\w-]+$/],
    ['${HOME}/x ${unknown:3} $1', /^\$\{HOME\}\/x \$\{unknown:3\} \$1$/],
    ['${pem:RSA PRIVATE KEY}', /^-----BEGIN RSA PRIVATE KEY-----\n(?:[\w+/=]{1,64}\n)+-----END RSA PRIVATE KEY-----$/],
    ['${pem-escaped:PRIVATE KEY}', /^-----BEGIN PRIVATE KEY-----\\n[^\n]+-----END PRIVATE KEY-----$/],
  ])('%s', (template, shape) => {
    expect(expand(template)).toMatch(shape);
  });

  const alphabets = {
    digits: /^[0-9]*$/,
    hex: /^[0-9a-f]*$/,
    HEX: /^[0-9A-F]*$/,
    lower: /^[a-z]*$/,
    upper: /^[A-Z]*$/,
    alpha: /^[A-Za-z]*$/,
    base36: /^[0-9a-z]*$/,
    BASE36: /^[0-9A-Z]*$/,
    base62: /^[0-9A-Za-z]*$/,
    base32: /^[A-Z2-7]*$/,
    base32lower: /^[a-z2-7]*$/,
    BECH32: /^[AC-HJ-NP-Z02-9]*$/,
    base64: /^[0-9A-Za-z+/]*$/,
    base64url: /^[0-9A-Za-z_-]*$/,
    password: /^[0-9A-Za-z_.-]*$/,
  } as const;
  const name = fc.constantFrom(...(Object.keys(alphabets) as (keyof typeof alphabets)[]));

  test('a part becomes as many characters of its alphabet as it asks for, and what stands around it stays', () => {
    fc.assert(
      fc.property(
        fc.string(),
        name,
        fc.nat(200),
        fc.nat(40),
        plain,
        plain,
        (seed, alphabet, least, more, before, behind) => {
          const text = expand(`${before}\${${alphabet}:${least}-${least + more}}${behind}`, seed);
          const drawn = text.slice(before.length, text.length - behind.length);
          expect([text.startsWith(before), text.endsWith(behind)]).toEqual([true, true]);
          expect(drawn).toMatch(alphabets[alphabet]);
          expect(drawn.length).toBeGreaterThanOrEqual(least);
          expect(drawn.length).toBeLessThanOrEqual(least + more);
        },
      ),
    );
  });

  test('text without a part is left alone', () => {
    fc.assert(fc.property(plain, (text) => expand(text) === text));
  });

  test('an encoding can be undone, and holds what stands in it', () => {
    fc.assert(
      fc.property(fc.string(), name, fc.nat(60), (seed, alphabet, size) => {
        const inner = `{"a":"\${${alphabet}:${size}}"}`;
        const shape = new RegExp(`^\\{"a":"(${alphabets[alphabet].source.slice(1, -2)}{${size}})"\\}$`);
        expect(Buffer.from(expand(`\${base64-of:${inner}}`, seed), 'base64').toString()).toMatch(shape);
        expect(Buffer.from(expand(`\${base64url-of:${inner}}`, seed), 'base64url').toString()).toMatch(shape);
        expect(Buffer.from(expand(`\${hex-of:${inner}}`, seed), 'hex').toString()).toMatch(shape);
        expect(decodeURIComponent(expand(`\${url-of:${inner}}`, seed))).toMatch(shape);
      }),
    );
  });

  test('a value stands for its name wherever it is used', () => {
    fc.assert(
      fc.property(plain, plain, (value, between) => {
        const expander = new TemplateExpander('seed');
        expect(expander.expand(`\${token}${between}\${token}`, { token: value })).toBe(`${value}${between}${value}`);
      }),
    );
  });

  test('the same seed gives the same text, another seed another', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(expand('${base62:24}', one)).toBe(expand('${base62:24}', one));
        if (one !== other) expect(expand('${base62:24}', one)).not.toBe(expand('${base62:24}', other));
      }),
    );
  });

  test('every character of an alphabet comes up about as often', () => {
    const counts = new Map<string, number>();
    for (const character of expand('${base62:62000}')) counts.set(character, (counts.get(character) ?? 0) + 1);
    expect(counts.size).toBe(62);
    expect(Math.min(...counts.values())).toBeGreaterThan(800);
    expect(Math.max(...counts.values())).toBeLessThan(1_200);
  });

  test('a checksum is asked for with what stands before it', () => {
    const expander = new TemplateExpander('x');
    expect(expander.expand('abc${checksum}', {}, (head) => `[${head.length}]`)).toBe('abc[3]');
    expect(() => expander.expand('abc${checksum}')).toThrow(TemplateError);
    expect(() => expander.expand('${open')).toThrow(TemplateError);
  });
});
