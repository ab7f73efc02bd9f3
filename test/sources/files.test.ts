import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Chunk, FileBatch, Looker } from '../../src/core/chunk.ts';
import { countLineFeeds, countNewLines } from '../../src/core/line-count.ts';
import { FileReader } from '../../src/sources/files.ts';
import { PART_BYTES } from '../../src/sources/parts.ts';

const root = mkdtempSync(join(tmpdir(), 'keepmum-test-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const batch = (name: string): FileBatch => ({ root, listed: true, names: Buffer.from(`${name}\0`) });

/** Keeps what it is given, and finds something in texts that hold `SECRET`. */
class Witness implements Looker {
  readonly seen: Chunk[] = [];
  readonly #memory = Buffer.alloc(PART_BYTES + 64);

  room(): Buffer {
    return this.#memory;
  }

  countLineFeeds(bytes: Uint8Array): number {
    return countLineFeeds(bytes);
  }

  hasFindings(chunk: Chunk): boolean {
    const bytes = Buffer.from(chunk.bytes);
    this.seen.push({ ...chunk, bytes });
    return bytes.includes('SECRET');
  }
}

const LINE = 'a line of some text, ünd mehr\n';
const lines = (size: number): string => LINE.repeat(Math.ceil(size / Buffer.byteLength(LINE)));

const TEXTS: Readonly<Record<string, string>> = {
  'three parts': lines(PART_BYTES * 2.5),
  'without a last line end': `${lines(PART_BYTES * 1.5)}end`,
  'one line': 'ü'.repeat(PART_BYTES * 1.1),
  'a long line between short ones': `${lines(1000)}${'x'.repeat(PART_BYTES * 2)}\n${lines(1000)}`,
  'one byte more than a part': lines(PART_BYTES * 1.2).slice(0, PART_BYTES + 1),
};

test.each(Object.keys(TEXTS))('a long text is looked at in the parts in which it is read again: %s', async (name) => {
  writeFileSync(join(root, 'long.txt'), TEXTS[name] ?? '');
  const witness = new Witness();
  const report = await new FileReader(witness).examine(batch('long.txt'));
  const parts: Chunk[] = [];
  for await (const item of new FileReader().items(batch('long.txt'), Buffer.from('long.txt'))) {
    if (item.kind === 'chunk') parts.push(item);
  }
  expect(parts.length).toBeGreaterThan(1);
  expect(witness.seen.length).toBe(parts.length);
  for (const [index, { bytes, ...part }] of parts.entries()) {
    const { bytes: seen = Buffer.alloc(0), ...rest } = witness.seen[index] ?? {};
    expect(rest).toEqual(part);
    expect(Buffer.compare(seen, bytes)).toBe(0);
  }
  expect(report.marks).toEqual([]);
  expect(report.quiet).toEqual({
    files: 1,
    bytes: parts.reduce((sum, { bytes }) => sum + bytes.length, 0),
    lines: parts.reduce((sum, part) => sum + countNewLines(part), 0),
  });
});

test.each([0, PART_BYTES - 3, PART_BYTES * 2 + 5])('what stands at %s is met, and the file marked', async (at) => {
  const text = lines(PART_BYTES * 2.5);
  const bytes = Buffer.from(text);
  bytes.write('SECRET', at);
  writeFileSync(join(root, 'marked.txt'), bytes);
  const report = await new FileReader(new Witness()).examine(batch('marked.txt'));
  expect(report.marks.map(({ name }) => Buffer.from(name).toString())).toEqual(['marked.txt']);
  expect(report.quiet.files).toBe(0);
});
