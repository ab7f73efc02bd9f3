import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TemplateError, TemplateExpander } from '../../src/rules/template.ts';

const expand = (template: string, seed = 'seed'): string => new TemplateExpander(seed).expand(template);

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
