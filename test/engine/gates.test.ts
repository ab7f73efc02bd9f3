import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import patterns from '#patterns/index';
import { formatNumber } from '../../src/detectors/value-gate.ts';
import { WasmLoops } from '../../src/engine/byte-loops.ts';
import { isEscape } from '../../src/engine/decoding/signs.ts';
import { Prefilter, unpackAutomaton, type Hits } from '../../src/engine/prefilter.ts';
import { findRun, isAlphanumeric, isInRun, splitAt } from '../../src/engine/run-search.ts';
import { viewOf } from '../support/view.ts';

const { automaton, gates } = unpackAutomaton(patterns.automaton);
const { anchors, owners } = patterns.anchorIndex;
const gated = new Prefilter(automaton, anchors, { gates });
const ALL = Array.from(owners, (_, index) => anchors.at(index) ?? '');

function listOf({ count, offsets, anchors: found }: Hits): string[] {
  return Array.from({ length: count }, (_, h) => `${offsets[h]} ${ALL[found[h] ?? 0]}`);
}

type Told = 'yes' | 'no' | 'open';

/** What JavaScript says of a literal at a place; `open` where the gate may rule it out and JavaScript needs strings to. */
function toldOf(bytes: Buffer, at: number, anchor: number): Told {
  const told = [owners[anchor] ?? []].flat().map((owner): Told => {
    if (owner < 0) {
      const detector = patterns.detectors[-1 - owner];
      if (detector === undefined) return isEscape(bytes, at) ? 'yes' : 'no';
      return ['assignment', 'connection-string'].includes(detector.name) ? 'open' : 'yes';
    }
    const run = patterns.runs[owner];
    if (run === null || run === undefined) return 'yes';
    if (isAmidst(bytes, at, ALL[anchor]?.length ?? 0)) return 'no';
    if (!run.holdsAnchor) return findRun(bytes, at - 256, at + 768 + run.length, run) >= 0 ? 'yes' : 'no';
    if (run.inWord !== true && isAlphanumeric(bytes[at - 1] ?? 0)) return 'no';
    return isInRun(bytes, at, run) || splitAt(bytes, at, run) >= 0 ? 'yes' : 'no';
  });
  return told.includes('yes') ? 'yes' : told.includes('open') ? 'open' : 'no';
}

/** The same letter, once more on either side. */
function isAmidst(bytes: Buffer, at: number, length: number): boolean {
  return (
    new Set(bytes.subarray(Math.max(0, at - 1), at + length + 1)).size === 1 && at > 0 && at + length < bytes.length
  );
}

const run = fc.integer({ min: 4, max: 60 }).map((length) => 'a7Bq9Zk3Xw'.repeat(6).slice(0, length));
const piece = fc.oneof(
  fc.constantFrom(...ALL),
  run,
  fc.integer({ min: 1, max: 90 }).map((length) => 'A'.repeat(length)),
  fc.constantFrom(' ', '\n', '"', '" + "', "'", '\\', '=', ':', '-', '41', '7f', '7e', 'x', '#65;', '/', '@', '.'),
);
const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));

describe('gates', () => {
  test('a candidate is a literal that JavaScript would not rule out, wherever the text lies', () => {
    let kept = 0;
    let ruledOut = 0;
    fc.assert(
      fc.property(text, fc.boolean(), (written, inRoom) => {
        let bytes: Buffer = Buffer.from(written, 'latin1');
        if (inRoom) {
          const room = gated.room(4096);
          bytes.copy(room);
          bytes = room.subarray(0, bytes.length);
        }
        const view = viewOf(bytes, 'a.ts');
        const plain = gated.find(bytes);
        const hits = Array.from(
          { length: plain.count },
          (_, h) => [plain.offsets[h] ?? 0, plain.anchors[h] ?? 0] as const,
        );
        const told = hits.map(([at, anchor]) => [`${at} ${ALL[anchor]}`, toldOf(bytes, at, anchor)] as const);
        const candidates = listOf(gated.candidates(bytes, formatNumber(view)));
        const sure = candidates.filter((candidate) => !told.some(([of, what]) => of === candidate && what === 'open'));
        expect(sure).toEqual(told.flatMap(([of, what]) => (what === 'yes' ? [of] : [])));
        kept += sure.length;
        ruledOut += told.filter(([, what]) => what === 'no').length;
      }),
      { numRuns: 5000 },
    );
    expect(kept).toBeGreaterThan(1000);
    expect(ruledOut).toBeGreaterThan(1000);
  });

  test('more candidates than are told at once come in order, of each piece of a long text', () => {
    const room = gated.room(1 << 20);
    const size = room.write(`${'password = "x" '.repeat(9000)}AKIA `, 'latin1');
    const bytes = room.subarray(0, size);
    const told = listOf(gated.candidates(bytes, 0));
    expect(told.filter((of) => of.endsWith(' pass'))).toEqual(Array.from({ length: 9000 }, (_, n) => `${n * 15} pass`));
  });

  test('only what lies in the ranges is told, with what stands around them', () => {
    const room = gated.room(4096);
    const bytes = room.subarray(0, room.write('password = "x"; password = "y"; password = "z"', 'latin1'));
    expect(listOf(gated.candidates(bytes, 0, [16, 24]))).toEqual(['16 pass']);
  });

  test('without gates, and of a long text that lies elsewhere, all literals are told', () => {
    const bytes = Buffer.from('the password; is told. '.repeat(4000));
    expect(gated.candidates(bytes, 0).count).toBeGreaterThanOrEqual(4000);
    expect(gated.candidates(bytes.subarray(0, 2300), 0).count).toBe(0);
    const plain = new Prefilter(automaton, anchors, { loops: (of) => new WasmLoops(of) });
    expect(plain.candidates(bytes.subarray(0, 2300), 0).count).toBeGreaterThanOrEqual(100);
  });

  test('an address is told where it has a user, or is of a driver of Java', () => {
    const told = (written: string): string[] => listOf(gated.candidates(Buffer.from(written), 0));
    expect(told('see https://example.com/a?b=c d@e')).toEqual([]);
    expect(told('postgres://u:p@db/x')).toEqual(['8 ://']);
    expect(told('jdbc:mysql://db/x?password=y')).toContain('10 ://');
  });
});
