import { readdirSync, readFileSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { IdTable } from '../../src/core/id-table.ts';
import { objectFolders, packSlices, readSlice } from '../../src/git/packs.ts';
import { repository } from '../support/repositories.ts';
import type { TemporaryRepository } from '../support/repository.ts';

/** Versions of some files, of which each differs little from the one before; by id. */
function populate(repo: TemporaryRepository, versions: number, lines = 80): Map<string, string> {
  const texts = new Map<string, string>();
  for (let version = 0; version < versions; version++) {
    for (const file of ['a.txt', 'b.txt']) {
      const text = Array.from(
        { length: lines },
        (_, line) => `${file} line ${line} ${line % versions === version ? version : ''}\n`,
      );
      repo.write(file, text.join(''));
      texts.set(
        repo
          .gitWith(['hash-object', '--stdin'], { input: text.join('') })
          .toString()
          .trim(),
        text.join(''),
      );
    }
    repo.commit(`version ${version}`);
  }
  return texts;
}

/** What is read of the packs of a repository, by id; a damaged object gives `undefined`. */
async function readAll(
  repo: TemporaryRepository,
  ids: Iterable<string>,
  maxBytes = 1 << 20,
  keptBytes?: number,
): Promise<{ texts: Map<string, string | undefined>; deltas: number }> {
  const list = [...ids];
  const table = new IdTable((list[0]?.length ?? 40) / 2);
  for (const id of list) table.add(Buffer.from(id, 'hex'));
  const texts = new Map<string, string | undefined>();
  let deltas = 0;
  const held = new Map<number, Buffer>();
  for (const slice of packSlices(table, await objectFolders(repo.root))) {
    for (const { target, bytes, delta } of readSlice(slice, maxBytes, keptBytes)) {
      if (target < 0) continue;
      texts.set(table.hexOf(target), bytes?.toString());
      if (bytes !== undefined) held.set(target, Buffer.from(bytes));
      const base = delta && held.get(delta.base);
      if (delta?.copies === undefined || base === undefined || bytes === undefined) continue;
      deltas++;
      // What is said to be copied is.
      for (let c = 0; c < delta.copies.length; c += 3) {
        const [from = 0, to = 0, length = 0] = delta.copies.subarray(c, c + 3);
        expect(bytes.subarray(to, to + length).equals(base.subarray(from, from + length))).toBe(true);
      }
    }
  }
  return { texts, deltas };
}

test.each(['sha1', 'sha256'] as const)('reads what git packed, as deltas, with %s', async (objectFormat) => {
  const repo = repository({ objectFormat });
  const texts = populate(repo, 20);
  repo.git('repack', '-adfq', '--depth=50');
  const read = await readAll(repo, texts.keys());
  expect(read.texts).toEqual(texts);
  expect(read.deltas).toBeGreaterThan(30);
});

test.each([0, 3000, 9000])(
  'texts that are made again, as no more than %d bytes are kept, are the same',
  async (kept) => {
    const repo = repository();
    const texts = populate(repo, 40);
    repo.git('repack', '-adfq', '--depth=50', '--window=4');
    const read = await readAll(repo, texts.keys(), 1 << 20, kept);
    expect(read.texts).toEqual(texts);
    expect(read.deltas).toBeGreaterThan(60);
  },
);

test('deltas that name their base by its id, and several packs', async () => {
  const repo = repository();
  const texts = populate(repo, 10);
  repo.git('-c', 'repack.useDeltaBaseOffset=false', 'repack', '-adfq');
  for (const [id, text] of populate(repo, 6, 90)) texts.set(id, text);
  repo.git('repack', '-dq');
  expect((await readAll(repo, texts.keys())).texts).toEqual(texts);
});

test('packs that a repository borrows', async () => {
  const repo = repository();
  const texts = populate(repo, 5);
  repo.git('repack', '-adfq');
  const borrower = join(repo.home, 'borrower');
  repo.git('clone', '-q', '--shared', repo.root, borrower);
  expect((await readAll({ ...repo, root: borrower }, texts.keys())).texts).toEqual(texts);
});

test('what is loose is not there, what is too large is not unpacked, nor what is made of it', async () => {
  const repo = repository();
  const texts = populate(repo, 5);
  expect((await readAll(repo, texts.keys())).texts.size).toBe(0);
  repo.git('repack', '-adfq');
  const { texts: read } = await readAll(repo, texts.keys(), 100);
  expect(new Set(read.values())).toEqual(new Set([undefined]));
});

test('whatever bytes of a pack or its index are damaged, nothing wrong is read and nothing thrown', async () => {
  const repo = repository();
  const texts = populate(repo, 8);
  repo.git('repack', '-adfq');
  const folder = join(repo.root, '.git', 'objects', 'pack');
  for (const name of readdirSync(folder).filter((file) => /\.(?:pack|idx)$/.test(file))) {
    const file = join(folder, name);
    chmodSync(file, 0o600);
    const whole = readFileSync(file);
    for (let round = 0; round < 300; round++) {
      const damaged = Buffer.from(whole);
      const at = Math.floor((whole.length * round) / 300);
      if (round % 3 === 0) damaged[at] = damaged[at] === 0xff ? 0 : 0xff;
      else if (round % 3 === 1) damaged.writeUInt8((damaged[at] ?? 0) ^ (1 << (round % 8)), at);
      writeFileSync(file, round % 3 === 2 ? damaged.subarray(0, at) : damaged);
      const { texts: read } = await readAll(repo, texts.keys());
      // A damaged index may lead to another object; a pack has checksums.
      if (name.endsWith('.idx')) continue;
      for (const [id, text] of read) if (text !== undefined) expect(text).toBe(texts.get(id));
    }
    writeFileSync(file, whole);
  }
});
