import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import patterns from '#patterns/index';
import type { SkipReason } from '../../../src/core/chunk.ts';
import { createEngine } from '../../../src/engine/create.ts';
import type { JudgedMatch } from '../../../src/engine/engine.ts';
import { TemplateExpander } from '../../../src/rules/template.ts';
import { randomText, stripeKey } from '../../support/cli.ts';
import { detect } from '../../support/engine.ts';
import { RULES, SEED, tokenOf } from '../../support/rules.ts';
import { viewOf } from '../../support/view.ts';

const RULE = 'stripe-live-secret-key';

/** Writes every byte of a text in the same way. */
function each(text: string, written: (byte: number, hexadecimal: string) => string): string {
  return [...Buffer.from(text)].map((byte) => written(byte, byte.toString(16).padStart(2, '0'))).join('');
}

interface Encoding {
  /** As the reason tells it. */
  readonly name: string;
  readonly encode: (text: string) => string;
  /** Characters of a group, and bytes that it stands for. */
  readonly group: readonly [characters: number, bytes: number];
}

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  Base64: { name: 'Base64', encode: (text) => Buffer.from(text).toString('base64'), group: [4, 3] },
  'Base64 without padding': {
    name: 'Base64',
    encode: (text) => Buffer.from(text).toString('base64').replace(/=+$/, ''),
    group: [4, 3],
  },
  'Base64 for URLs': { name: 'Base64', encode: (text) => Buffer.from(text).toString('base64url'), group: [4, 3] },
  hexadecimal: { name: 'hexadecimal', encode: (text) => Buffer.from(text).toString('hex'), group: [2, 1] },
  'hexadecimal capitals': {
    name: 'hexadecimal',
    encode: (text) => Buffer.from(text).toString('hex').toUpperCase(),
    group: [2, 1],
  },
  'percent-encoding': {
    name: 'percent-encoding',
    encode: (text) => each(text, (_, digits) => `%${digits}`),
    group: [3, 1],
  },
  '\\x': { name: 'escapes', encode: (text) => each(text, (_, digits) => `\\x${digits}`), group: [4, 1] },
  '\\u': { name: 'escapes', encode: (text) => each(text, (_, digits) => `\\u00${digits}`), group: [6, 1] },
  '&#x': {
    name: 'character references',
    encode: (text) => each(text, (_, digits) => `&#x${digits};`),
    group: [6, 1],
  },
};
const encodings = fc.constantFrom(...Object.values(ENCODINGS));
/** Text around a secret, inside of its encoding. */
const words = fc.stringMatching(/^(?:[a-z]{1,8} ){0,8}$/);
/** What stands around an encoded text: no character of it belongs to one. */
const around = fc.constantFrom(['"', '"'], ["'", "';"], ['data: ', ''], ['(', ')'], ['<a>', '</a>'], ['', '']);

/** The finding of a planted key. */
async function planted(text: string, path?: string): Promise<JudgedMatch | undefined> {
  return (await detect(text, path)).find(({ ruleId }) => ruleId === RULE);
}

describe('a secret in encoded text', () => {
  test.each(Object.entries(ENCODINGS))('%s: value, reason and place', async (_, { name, encode, group }) => {
    const [characters, bytes] = group;
    await fc.assert(
      fc.asyncProperty(words, words, around, fc.nat(40), async (before, after, [open, close], indent) => {
        const key = stripeKey();
        const lead = `first line\n${' '.repeat(indent)}${open}`;
        const encoded = encode(`${before}${key} ${after}`);
        const text = `${lead}${encoded}${close}\nlast line\n`;
        const match = await planted(text);
        expect(match).toMatchObject({ secret: key });
        expect(match?.reasons.map(({ text: reason }) => reason)).toContain(`decoded from ${name}`);
        // Whole groups, of which the last may be short, and no more than those that hold a part of it.
        const start = lead.length + Math.floor(before.length / bytes) * characters;
        expect(match?.start).toBe(start);
        const last = Math.ceil((before.length + key.length) / bytes) * characters;
        const end = lead.length + Math.min(encoded.length, last);
        expect(match?.end).toBe(end);
        expect(match?.written).toBe(text.slice(start, end));
      }),
      { numRuns: 30 },
    );
  });

  test('in layers, three deep', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(encodings, { minLength: 1, maxLength: 3 }), words, async (layers, before) => {
        const key = stripeKey();
        const text = layers.reduce((inner, { encode }) => encode(`the next one: ${inner} `), `${before}${key}`);
        const match = await planted(`x = "${text}"\n`);
        expect(match?.secret).toBe(key);
      }),
      { numRuns: 60 },
    );
  });

  test('the fourth layer is told and not decoded', async () => {
    const engine = createEngine(patterns);
    const encode = (text: string, layers: number): string =>
      layers === 0 ? text : encode(Buffer.from(`the next one: ${text}`).toString('base64'), layers - 1);
    const skipped: SkipReason[] = [];
    const found = await engine.detect(viewOf(`${encode(stripeKey(), 5)}\n`), (reason) => skipped.push(reason));
    expect(found).toEqual([]);
    expect(skipped).toEqual(['encoded']);
  });

  test.each(Array.from({ length: 20 }, stripeKey))('wrapped over lines %#', async (key) => {
    const inner = `# settings of the shop\nkey: ${key}\n${'some more of it, '.repeat(12)}\n`;
    for (const width of [64, 76]) {
      const lines = Buffer.from(inner)
        .toString('base64')
        .match(new RegExp(`.{1,${width}}`, 'g'));
      for (const [open, between, close] of [
        ['', '\n', '\n'],
        ['data: |\n    ', '\n    ', '\n'],
        ['x = "', '\\n', '"\n'],
        ['x = ("', '"\n     "', '")\n'],
        ["x = '", "' +\n  '", "';\n"],
        ['', '\r\n', '\r\n'],
      ] as const) {
        const match = await planted(`${open}${lines?.join(between) ?? ''}${close}`);
        expect([between, match?.secret]).toEqual([between, key]);
      }
    }
  });

  test('in UTF-16, of either order', async () => {
    const key = stripeKey();
    const wide = Buffer.from(`$key = '${key}'`, 'utf16le');
    for (const bytes of [wide, Buffer.from(wide).swap16()]) {
      for (const encoding of ['base64', 'hex'] as const) {
        expect((await planted(`run -enc ${bytes.toString(encoding)}\n`))?.secret).toBe(key);
      }
    }
  });

  test('between bytes that are no text', async () => {
    const key = stripeKey();
    const bytes = Buffer.concat([Buffer.alloc(30, 0x91), Buffer.from(` key ${key} `), Buffer.alloc(30, 0x97)]);
    expect((await planted(`blob: ${bytes.toString('base64')}\n`))?.secret).toBe(key);
  });

  test.each(['\0asm', '\x7fELF', 'MZ\x90\0'])('in a program, wherever it stands: %j', async (magic) => {
    const key = stripeKey();
    for (let shift = 0; shift < 12; shift++) {
      for (const encoding of ['latin1', 'utf16le'] as const) {
        const before = Buffer.concat([Buffer.from(magic, 'latin1'), Buffer.alloc(300 + shift, 1)]);
        const bytes = Buffer.concat([before, Buffer.from(`key ${key} end`, encoding), Buffer.alloc(300, 2)]);
        const found = await planted(`blob = "${bytes.toString('base64')}"\n`);
        expect(found?.secret).toBe(key);
        const width = encoding === 'latin1' ? 1 : 2;
        const start = before.length + 4 * width;
        expect(found?.start).toBe(8 + Math.floor(start / 3) * 4);
        expect(found?.end).toBe(8 + Math.ceil((start + key.length * width) / 3) * 4);
      }
    }
  });

  test('behind the padding of a program', async () => {
    const key = stripeKey();
    const head = Buffer.from(`\0asm${'\x01'.repeat(301)}`, 'latin1').toString('base64');
    expect(head).toMatch(/=$/);
    expect((await planted(`blob = "${head}${Buffer.from(`the key is ${key} `).toString('base64')}"\n`))?.secret).toBe(
      key,
    );
  });

  test('of any rule with a shape of its own', async () => {
    const expander = new TemplateExpander(`${SEED}/decoding`);
    const shaped = RULES.filter(
      ({ token, distinctiveness, near }) => token !== undefined && distinctiveness === 'high' && near === undefined,
    );
    const missed: string[] = [];
    for (const rule of shaped) {
      const token = tokenOf(rule, expander);
      if (/\s/.test(token)) continue;
      const plain = (await detect(`the value is "${token}"\n`)).map(({ ruleId, secret }) => `${ruleId} ${secret}`);
      const text = `x = "${Buffer.from(`the value is "${token}"\n`).toString('base64')}"\n`;
      const decoded = new Set((await detect(text)).map(({ ruleId, secret }) => `${ruleId} ${secret}`));
      missed.push(...plain.filter((found) => found.startsWith(`${rule.id} `) && !decoded.has(found)));
    }
    expect(missed).toEqual([]);
  });
});

describe('Secrets of Kubernetes', () => {
  const value = `${randomText(9)}#${randomText(6)}`;
  const encoded = Buffer.from(value).toString('base64');
  test.each([
    ['YAML', 'a.yaml', `apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ndata:\n  password: ${encoded}\n`],
    ['data before the kind', 'a.yaml', `data:\n  password: "${encoded}"\nkind: Secret\n`],
    ['a List', 'a.yaml', `kind: List\nitems:\n- kind: Secret\n  data:\n    db-password: ${encoded}\n- kind: Pod\n`],
    ['JSON', 'a.json', JSON.stringify({ kind: 'Secret', data: { password: encoded } }, undefined, 2)],
    [
      'JSON on a line',
      'a.json',
      JSON.stringify({ kind: 'List', items: [{ kind: 'Secret', data: { password: encoded } }] }),
    ],
    ['stringData', 'a.yaml', `kind: Secret\nstringData:\n  password: "${value}"\n`],
  ])('%s', async (_, path, text) => {
    expect((await detect(text, path)).map(({ secret }) => secret)).toEqual([value]);
  });

  test('short values are Base64 there, whatever they look like', async () => {
    const text = (kind: string): string => `kind: ${kind}\ndata:\n  password: aFkybSVy\n`;
    expect((await detect(text('Secret'), 'a.yaml')).map(({ secret }) => secret)).toEqual(['hY2m%r']);
  });
});

describe('values of credential names', () => {
  const value = `${randomText(10)}!${randomText(5)}`;
  test.each([
    ['by name', 'a.sh', (text: string) => `export PASSWORD_B64=${text}\n`],
    ['by a call', 'a.py', (text: string) => `password = base64.b64decode("${text}")\n`],
    ['by what it decodes to', 'a.yaml', (text: string) => `db_password: ${text}\n`],
  ])('%s', async (_, path, line) => {
    const found = await detect(line(Buffer.from(value).toString('base64')), path);
    expect(found.map(({ secret }) => secret)).toEqual([value]);
  });
});

describe('what is not decoded into findings', () => {
  test.each([
    ['an image', (): string => `src="data:image/png;base64,iVBORw0KGgo${randomText(600)}"`],
    ['random tokens', (): string => `id: ${randomText(400)}`],
    ['an integrity hash', (): string => `"integrity": "sha512-${randomText(86)}=="`],
    [
      'the claims of a token',
      (): string => {
        const part = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url');
        return `url?t=${part({ alg: 'none' })}.${part({ password: randomText(12), sub: 'someone' })}.`;
      },
    ],
  ])('%s', async (_, text) => {
    const decoded = (await detect(`${text()}\n`)).filter(({ reasons }) =>
      reasons.some(({ evidence }) => evidence === 'value-decoded'),
    );
    expect(decoded).toEqual([]);
  });
});
