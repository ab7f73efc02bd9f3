import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePath } from '../../src/core/path.ts';
import { PartCutter, type Part } from '../../src/sources/parts.ts';
import {
  decode,
  intersect,
  isLfsPointer,
  newLines,
  printableRuns,
  textKind,
  toReadable,
} from '../../src/sources/text.ts';

/** No half of a surrogate pair. */
function wellFormed(text: string): boolean {
  return !/\p{Cs}/u.test(text);
}

const asciiText = fc
  .array(fc.string({ unit: 'grapheme-ascii', minLength: 3, maxLength: 30 }), { minLength: 2, maxLength: 20 })
  .map((lines) => lines.join('\n'));

function encode(text: string, kind: string): Buffer {
  if (kind.startsWith('utf-16')) {
    const bytes = Buffer.from(text, 'utf16le');
    return kind.endsWith('le') ? bytes : bytes.swap16();
  }
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(codes.length * 4);
  for (const [index, code] of codes.entries()) {
    if (kind.endsWith('le')) bytes.writeUInt32LE(code, index * 4);
    else bytes.writeUInt32BE(code, index * 4);
  }
  return bytes;
}

const KINDS = ['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'] as const;

describe('textKind and decode', () => {
  it.each(KINDS)('%s: ASCII text is recognised without a mark and comes back', (kind) => {
    fc.assert(
      fc.property(asciiText, (text) => {
        expect(toReadable(encode(text, kind))).toEqual({ bytes: Buffer.from(text), binary: false });
      }),
    );
  });

  it.each(KINDS)('%s: any text with a mark comes back', (kind) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 2 }), (text) => {
        fc.pre(!text.includes('\0') && wellFormed(text));
        expect(decode(encode(`\ufeff${text}`, kind), kind).toString()).toBe(text);
        expect(textKind(encode(`\ufeff${text}`, kind))).toBe(kind);
      }),
    );
  });

  it('bytes without NUL and mark are left alone', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (array) => {
        const bytes = Buffer.from(array.map((byte) => byte % 253 || 1));
        expect(toReadable(bytes)).toEqual({ bytes, binary: false });
      }),
    );
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (array) => {
        expect(toReadable(Buffer.from(array)).bytes.length).toBeLessThanOrEqual(array.length * 3 + 3);
      }),
    );
  });
});

describe('printableRuns', () => {
  it('keeps a run of 8, narrow or wide, wherever it stands, on its line', () => {
    const noise = fc.array(fc.constantFrom(0x80, 0xff, 1, 10, 0), { maxLength: 40 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(noise, noise, fc.boolean(), (before, after, wide) => {
        const run = 'Secret-42';
        const bytes = Buffer.concat([
          before,
          Buffer.from([0x80]),
          Buffer.from(run, wide ? 'utf16le' : 'latin1'),
          after,
        ]);
        const text = printableRuns(bytes).toString('latin1');
        expect(text.trim()).toBe(run);
        expect(text.slice(0, text.indexOf(run)).split('\n').length).toBe(before.toString('latin1').split('\n').length);
      }),
    );
  });
});

describe('isLfsPointer', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0a'.repeat(32)}\nsize 7\n`;
  it('a pointer and nothing else', () => {
    expect(isLfsPointer(Buffer.from(pointer))).toBe(true);
    for (const other of [`${pointer}x\n`, `x\n${pointer}`, pointer.replace('size 7', 'size 7 x'), '', 'version 1\n']) {
      expect(isLfsPointer(Buffer.from(other))).toBe(false);
    }
  });
});

describe('newLines and intersect', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
  const expand = (ranges: readonly { first: number; last: number }[]): number[] =>
    ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, index) => first + index));

  it('counts lines as a multiset', () => {
    fc.assert(
      fc.property(text, text, (fresh, old) => {
        const added = expand(newLines(Buffer.from(fresh.join('\n')), [Buffer.from(old.join('\r\n'))]));
        const left = [...old];
        const expected = fresh.flatMap((line, index) => {
          const at = left.indexOf(line);
          if (at < 0) return [index + 1];
          left.splice(at, 1);
          return [];
        });
        // A text without lines is the empty text; one empty line cannot be told from it.
        expect(fresh.length === 0 ? [] : added).toEqual(expected);
      }),
    );
  });

  it('intersects', () => {
    const set = fc.uniqueArray(fc.integer({ min: 1, max: 30 }));
    const ranges = (lines: number[]): { first: number; last: number }[] => {
      const result: { first: number; last: number }[] = [];
      for (const line of lines.toSorted((a, b) => a - b)) {
        const last = result.at(-1);
        if (last?.last === line - 1) last.last = line;
        else result.push({ first: line, last: line });
      }
      return result;
    };
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(expand(intersect(ranges(a), ranges(b)))).toEqual(
          a.filter((line) => b.includes(line)).toSorted((x, y) => x - y),
        );
      }),
    );
  });
});

describe('PartCutter', () => {
  it('parts are slices of the text with true places; every byte is shown, every whole line is new once', () => {
    const piece = fc.oneof(
      fc.constantFrom('\n', 'é', '😀', 'abc'),
      fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 1, max: 50 }), (pieces, step) => {
        const text = pieces.join('');
        const bytes = Buffer.from(text);
        const cutter = new PartCutter(64, 16);
        const parts: Part[] = [];
        for (let at = 0; at < bytes.length; at += step) parts.push(...cutter.push(bytes.subarray(at, at + step)));
        const last = cutter.finish();
        if (last !== undefined) parts.push(last);
        const starts = [0];
        for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
        let covered = 0;
        for (const part of parts) {
          const start = (starts[part.firstLine - 1] ?? Number.NaN) + part.firstColumn;
          const shown = part.bytes.toString();
          expect(start).toBeLessThanOrEqual(covered);
          expect(text.slice(start, start + shown.length)).toBe(shown);
          // What is not marked as new must have been shown before.
          const firstNew = part.added?.[0]?.first ?? part.firstLine;
          expect(starts[firstNew - 1] ?? Number.NaN).toBeLessThanOrEqual(covered);
          covered = start + shown.length;
        }
        expect(covered).toBe(text.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('decodePath', () => {
  it('keeps UTF-8, shows other bytes, and never makes two paths equal', () => {
    expect(decodePath(Buffer.from('a/é\\x'))).toBe('a/é\\x');
    expect(decodePath(Buffer.from([0x61, 0xe9, 0x2f]))).toBe('a\\xE9/');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), (bytes) => {
        expect(wellFormed(decodePath(bytes))).toBe(true);
      }),
    );
  });
});
