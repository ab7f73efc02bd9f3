/**
 * What must stand around a literal that may lead to a match, as tables for `src/wasm/candidates.ts`: of ten places where
 * one is met in code, it rules nine out before JavaScript sees them. Who looks for the literal asks closer.
 */
import type { Detector, GateKind } from '../detectors/detector.ts';
import { BYTES_OF_VALUES } from '../detectors/value-gate.ts';
import type { RuleNeeds } from '../rules/compiled.ts';
import type { RuleSet } from './compile.ts';
import { MOST_FOLLOWED } from './prefilter.ts';

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

/** Bytes by what they are to the gates, a bit each. */
const MARKS: readonly (readonly [bit: number, bytes: string])[] = [
  [1, '0123456789abcdefABCDEF'],
  // What ends the user and the password of an address.
  [2, `${String.fromCharCode(...Array(33).keys())}"'\`<>\\`],
  // What ends a literal, and what may follow where another is joined to it.
  [4, '"\'`'],
  [8, '+.&<^|,\\"\'`#'],
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
    ...sets.map(bytesOfSet),
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
  const marks = new Uint8Array(256);
  for (const [bit, bytes] of MARKS) {
    for (const byte of Buffer.from(bytes, 'latin1')) marks[byte] = (marks[byte] ?? 0) | bit;
  }
  return marks;
}

/** @param set 256 bits, as hexadecimal digits; see `RequiredRun` */
function bytesOfSet(set: string): Uint8Array {
  const bits = Buffer.from(set, 'hex');
  return Uint8Array.from({ length: 256 }, (_, byte) => ((bits[byte >> 3] ?? 0) >> (byte & 7)) & 1);
}
