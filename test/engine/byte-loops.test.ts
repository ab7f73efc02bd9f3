import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunOf } from '../../src/detectors/detector.ts';
import { ScriptLoops, WasmLoops, type ByteLoops, type EachPairs, type Sifting } from '../../src/engine/byte-loops.ts';
import { mayHide } from '../../src/engine/decoding/signs.ts';
import { buildAutomaton, type Automaton } from '../../src/engine/prefilter.ts';
import type { Runs } from '../../src/engine/run-search.ts';

type Told = readonly (readonly [offset: number, state: number])[];

/** What a loop tells, with offsets from the first byte, and the hunks that it gives. */
function toldBy(run: (each: EachPairs) => Uint32Array | void): readonly [told: Told, hunks: readonly number[]] {
  const told: (readonly [number, number])[] = [];
  const hunks = run((pairs, base) => {
    for (let p = 0; p < pairs.length; p += 2) told.push([(base + (pairs[p] ?? 0)) >>> 0, pairs[p + 1] ?? 0]);
  });
  return [told, [...(hunks ?? [])]];
}

const unit = fc.oneof(
  fc.constantFrom('a', 'b', 'A', '1', '_', ' ', '+', '-', '\n', '\n+', '\n-', '\n ', '@@ ', '\0', 'é'),
  fc.constantFrom(
    '\n@@ -1 +2 @@',
    '\n@@ -5,2 +5,3 @@ f()\n',
    '@@ -9,0 +10 @@\n+',
    '\n\\ No newline',
    '\n@@ -1 +1 @@\n',
  ),
);
const literals = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', '1', '_'), minLength: 2, maxLength: 4 }), {
  minLength: 1,
  maxLength: 8,
});
/** Larger than the piece that the module takes at once, so that states, lines and runs go from one to the next. */
const text = fc
  .tuple(fc.array(unit, { maxLength: 60 }), fc.constantFrom(1, 1, 1, 3000))
  .map(([parts, times]) => Buffer.from(parts.join('').repeat(times)));

/** Runs that are made of bytes of some kinds, found byte by byte. */
function everyRun(bytes: Uint8Array, { kinds, made, least, most, hints }: RunOf): Runs {
  const counting: number[] = [];
  const hiding: number[] = [];
  for (let start = 0; start < bytes.length; start++) {
    let end = start;
    let seen = 0;
    for (let kind = 0; end < bytes.length; end++, seen |= kind) {
      kind = kinds[bytes[end] ?? 0] ?? 0;
      if (kind === 0) break;
    }
    const what = end - start >= least ? made[seen] : 0;
    if (what === 1 && end - start <= most) counting.push(start, end);
    if (what !== 0 && mayHide(bytes, start, end, hints)) hiding.push(start, end);
    start = end;
  }
  return { counting: Uint32Array.from(counting), hiding: Uint32Array.from(hiding) };
}

const noRun: RunOf = {
  kinds: new Uint8Array(256),
  made: new Uint8Array(16),
  least: 1,
  most: 1,
  hints: new Uint8Array(256),
};
/** What kinds of bytes, together, make of a run. */
const madeOfKinds = fc
  .uint8Array({ minLength: 15, maxLength: 15, max: 2 })
  .map((made) => Uint8Array.from([0, ...made]));
const hintsOfBytes = fc.uint8Array({ minLength: 256, maxLength: 256, max: 15 });

function loopsOf(automaton: Automaton): readonly [ByteLoops, ByteLoops] {
  return [new WasmLoops(automaton), new ScriptLoops(automaton)];
}

describe('the loops in WebAssembly tell what those in JavaScript tell', () => {
  test('find', () => {
    fc.assert(
      fc.property(literals, fc.array(text, { minLength: 1, maxLength: 3 }), (words, texts) => {
        const [wasm, script] = loopsOf(buildAutomaton(words));
        // One after the other: nothing of the first is left in the second.
        for (const bytes of texts) {
          const told = toldBy((each) => script.find(bytes, each));
          expect(toldBy((each) => wasm.find(bytes, each))).toEqual(told);
        }
      }),
    );
  });

  test('in the room, too, where texts are not copied', () => {
    fc.assert(
      fc.property(literals, fc.array(text, { minLength: 1, maxLength: 3 }), (words, texts) => {
        const [wasm, script] = loopsOf(buildAutomaton(words));
        for (const bytes of texts) {
          const told = toldBy((each) => {
            script.find(bytes, each);
          });
          for (const loops of [wasm, script]) {
            const room = loops.room(bytes.length + 1);
            bytes.copy(room, 1);
            const there = room.subarray(1, bytes.length + 1);
            const toldThere = toldBy((each) => {
              loops.find(there, each);
            });
            expect(toldThere).toEqual(told);
            expect(loops.countLineFeeds(there)).toBe(bytes.filter((byte) => byte === 10).length);
          }
        }
      }),
    );
  });

  test('line feeds of more bytes than vectors count at once', () => {
    const [wasm] = loopsOf(buildAutomaton(['ab']));
    for (const length of [4079, 4080, 4081, 12_345]) {
      const room = wasm.room(length).subarray(0, length).fill(10);
      expect(wasm.countLineFeeds(room)).toBe(length);
      expect(wasm.countLineFeeds(room.fill(11, 100, 1000))).toBe(length - 900);
    }
  });

  test('runs', () => {
    const run = fc.record({
      kinds: fc.uint8Array({ minLength: 256, maxLength: 256, max: 3 }),
      made: madeOfKinds,
      hints: hintsOfBytes,
      least: fc.integer({ min: 1, max: 6 }),
      most: fc.integer({ min: 1, max: 9 }),
    });
    // Few kinds of halves of bytes, and runs as long as vectors need.
    const long = fc.record({
      kinds: fc.uint8Array({ minLength: 128, maxLength: 128, max: 3 }).chain((some) =>
        fc.array(fc.constantFrom(0, 16, 32, 96), { minLength: 16, maxLength: 16 }).map((starts) => {
          const kinds = new Uint8Array(256);
          for (const [high, start] of starts.entries()) kinds.set(some.subarray(start, start + 16), high * 16);
          return kinds;
        }),
      ),
      made: madeOfKinds,
      hints: hintsOfBytes,
      least: fc.integer({ min: 23, max: 30 }),
      most: fc.integer({ min: 23, max: 60 }),
    });
    const longText = fc
      .array(fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 40 })), { maxLength: 60 })
      .map((parts) => Buffer.concat(parts.map(([byte, times]) => Buffer.alloc(times, byte))));
    fc.assert(
      fc.property(long, fc.array(longText, { minLength: 1, maxLength: 3 }), (asked, texts) => {
        const wasm = new WasmLoops(buildAutomaton(['ab']));
        for (const bytes of texts) {
          for (const shift of [0, 1, 7]) {
            const room = wasm.room(bytes.length + shift);
            bytes.copy(room, shift);
            const there = room.subarray(shift, shift + bytes.length);
            expect(wasm.runs(there, asked)).toEqual(everyRun(bytes, asked));
          }
        }
      }),
    );
    fc.assert(
      fc.property(run, fc.array(text, { minLength: 1, maxLength: 3 }), (asked, texts) => {
        const [wasm, script] = loopsOf(buildAutomaton(['ab']));
        for (const bytes of texts) {
          const room = wasm.room(bytes.length);
          bytes.copy(room);
          const expected = everyRun(bytes, asked);
          expect(wasm.runs(room.subarray(0, bytes.length), asked)).toEqual(expected);
          expect(wasm.runs(bytes, asked)).toEqual(expected);
          expect(script.runs(bytes, asked)).toEqual(expected);
        }
      }),
    );
  });

  test('sift', () => {
    const kindsOfBytes = fc.uint8Array({ minLength: 256, maxLength: 256, max: 3 });
    fc.assert(
      fc.property(
        literals,
        fc.array(text, { minLength: 1, maxLength: 3 }),
        fc.record({
          kinds: kindsOfBytes,
          made: madeOfKinds,
          hints: hintsOfBytes,
          least: fc.integer({ min: 1, max: 6 }),
          most: fc.integer({ min: 1, max: 9 }),
        }),
        kindsOfBytes,
        fc.infiniteStream(fc.nat()),
        (words, texts, run, trail, flags) => {
          const automaton = buildAutomaton(words);
          const states = (most: number): Uint8Array =>
            Uint8Array.from({ length: automaton.outputStart.length - 1 }, () => (flags.next().value ?? 0) % (most + 1));
          // A line's end ends a run.
          run.kinds[10] = 0;
          const sifting: Sifting = { leadsOn: states(2), mayLose: states(1), run, trail };
          const [wasm, script] = loopsOf(automaton);
          for (const bytes of texts) {
            const told = toldBy((each) => script.sift(bytes, sifting, each));
            expect(toldBy((each) => wasm.sift(bytes, sifting, each))).toEqual(told);
          }
        },
      ),
    );
  });

  test('the hunks of a patch, wherever a piece ends', () => {
    const line = fc.tuple(fc.constantFrom(' ', '+', '-'), fc.string({ unit: fc.constantFrom('a', '@', '\\', 'é') }));
    const hunk = fc.record({
      lines: fc.array(line, { minLength: 1, maxLength: 5 }),
      start: fc.integer({ min: 2, max: 99_999 }),
      noEnd: fc.boolean(),
    });
    const automaton = buildAutomaton(['key']);
    const sifting: Sifting = {
      leadsOn: new Uint8Array(1),
      mayLose: new Uint8Array(1),
      run: noRun,
      trail: new Uint8Array(256),
    };
    const loops = loopsOf(automaton);
    fc.assert(
      fc.property(fc.array(hunk, { maxLength: 6 }), fc.integer({ min: 65_400, max: 65_540 }), (hunks, before) => {
        const expected: number[] = [];
        let patch = `${'x'.repeat(before)}\n`;
        for (const { lines, start, noEnd } of hunks) {
          const count = (mark: string): number => lines.filter(([kind]) => kind !== mark).length;
          // Where there is one line, git leaves its number out.
          const size = (lineCount: number): string => (lineCount === 1 ? '' : `,${lineCount}`);
          const from = Buffer.byteLength(patch);
          patch += `@@ -${start}${size(count('+'))} +${start}${size(count('-'))} @@ f(\n`;
          const first = Buffer.byteLength(patch);
          for (const [mark, words] of lines) patch += `${mark}${words}\n`;
          const end = Buffer.byteLength(patch);
          const bytes = lines.reduce(
            (sum, [mark, words]) => sum + (mark === '-' ? 0 : Buffer.byteLength(words) + 1),
            0,
          );
          if (noEnd) patch += '\\ No newline at end of file\n';
          else expected.push(from, first, end, bytes, lines.filter(([mark]) => mark === '+').length);
        }
        for (const loop of loops) {
          expect(toldBy((each) => loop.sift(Buffer.from(`${patch}diff --git`), sifting, each))).toEqual([[], expected]);
        }
      }),
    );
  });

  test('at the ends of a piece', () => {
    const automaton = buildAutomaton(['key']);
    const [wasm, script] = loopsOf(automaton);
    for (const before of [65_533, 65_534, 65_535, 65_536, 131_071]) {
      const bytes = Buffer.concat([Buffer.alloc(before, 'x'), Buffer.from('key')]);
      const told = toldBy((each) => script.find(bytes, each));
      expect(told).toEqual([[[before + 3, automaton.firstAccepting]], []]);
      expect(toldBy((each) => wasm.find(bytes, each))).toEqual(told);
    }
  });
});
