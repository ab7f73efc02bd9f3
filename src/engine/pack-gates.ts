/**
 * What must stand around a literal that may lead to a match, as tables for `src/wasm/candidates.ts`: of three places where
 * one is met in code, it rules two out before JavaScript sees them. Who looks for the literal asks closer.
 */
import { ENDS } from '../detectors/connection-string.ts';
import type { Detector, GateKind } from '../detectors/detector.ts';
import { BYTES_OF_VALUES } from '../detectors/value-gate.ts';
import type { RuleNeeds } from '../rules/compiled.ts';
import type { RuleSet } from './compile.ts';
import { MOST_FOLLOWED } from './prefilter.ts';
import { flagsOf, JOINS, QUOTES } from './run-search.ts';

/** Numbers of gates there. */
const NUMBERS: Readonly<Record<GateKind | 'any' | 'escape' | 'token' | 'token-in-word' | 'run-near', number>> = {
  any: 0,
  named: 1,
  escape: 2,
  address: 3,
  token: 4,
  'token-in-word': 5,
  'run-near': 6,
};

/** Of the bytes, what is asked of their surroundings: a bit and who says it of a byte. */
const MARKS: readonly (readonly [bit: number, has: (byte: number) => boolean])[] = [
  [1, (byte) => /[0-9a-f]/i.test(String.fromCharCode(byte))],
  [2, (byte) => ENDS[byte] === 1],
  [4, (byte) => QUOTES[byte] === 1],
  [8, (byte) => JOINS[byte] === 1],
];

const LITERAL_SIZE = 12;
const GATE_SIZE = 8;

/** The gates of a rule set, packed as `unpackGates` reads them. */
export function packGates(
  set: RuleSet & { readonly anchorIndex: { readonly anchors: readonly string[] } },
  detectors: readonly Detector[],
): Uint8Array {
  const { anchors, owners } = set.anchorIndex;
  const sets: string[] = [];
  const gates: number[][] = [];
  const literals = Buffer.alloc(anchors.length * LITERAL_SIZE);
  let textAt = 0;
  for (const [index, anchor] of anchors.entries()) {
    const at = index * LITERAL_SIZE;
    literals.writeUInt32LE(textAt, at);
    literals.writeUInt16LE(anchor.length, at + 4);
    literals[at + 6] = Math.min(anchor.length, MOST_FOLLOWED);
    literals[at + 7] = anchor === anchor.toLowerCase() ? 1 : 0;
    literals.writeUInt16LE(gates.length, at + 8);
    for (const owner of [owners[index] ?? []].flat()) gates.push(gateOf(set, detectors, anchor, owner, sets));
    literals.writeUInt16LE(gates.length, at + 10);
    textAt += anchor.length;
  }
  const gateTable = Buffer.alloc(gates.length * GATE_SIZE);
  for (const [index, [kind = 0, run = 0, length = 0]] of gates.entries()) {
    gateTable[index * GATE_SIZE] = kind;
    gateTable.writeUInt16LE(run, index * GATE_SIZE + 2);
    gateTable.writeUInt32LE(length, index * GATE_SIZE + 4);
  }
  const header = Uint32Array.of(literals.length, gateTable.length, sets.length * 256, textAt);
  return Buffer.concat([
    Buffer.from(header.buffer),
    BYTES_OF_VALUES,
    marksOfBytes(),
    literals,
    gateTable,
    ...sets.map(flagsOf),
    Buffer.from(anchors.join(''), 'latin1'),
  ]);
}

/** Its number, the index of its set and its length. */
function gateOf(set: RuleSet, detectors: readonly Detector[], anchor: string, owner: number, sets: string[]): number[] {
  if (owner < 0) {
    const name = set.detectors[-1 - owner]?.name;
    // What owns the literals of escapes comes behind the last detector.
    if (name === undefined) return [NUMBERS.escape];
    return [NUMBERS[detectors.find((detector) => detector.name === name)?.gate?.(anchor) ?? 'any']];
  }
  const run = set.runs[owner];
  if (run === null || run === undefined) return [NUMBERS.any];
  if (!sets.includes(run.set)) sets.push(run.set);
  return [NUMBERS[kindOf(run)], sets.indexOf(run.set), run.length];
}

function kindOf({ holdsAnchor, inWord }: RuleNeeds): 'token' | 'token-in-word' | 'run-near' {
  if (!holdsAnchor) return 'run-near';
  return inWord === true ? 'token-in-word' : 'token';
}

function marksOfBytes(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) =>
    MARKS.reduce((bits, [bit, has]) => bits | (has(byte) ? bit : 0), 0),
  );
}
