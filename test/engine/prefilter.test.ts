import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildAutomaton, packAutomaton, Prefilter, unpackAutomaton } from '../../src/engine/prefilter.ts';

/** The plain way: every literal at every place. */
function naive(bytes: Uint8Array, literals: readonly string[]): string[] {
  const text = Buffer.from(bytes).toString('latin1');
  const lower = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const found: string[] = [];
  literals.forEach((literal, anchor) => {
    const exact = literal !== literal.toLowerCase();
    const haystack = exact ? text : lower;
    for (let at = haystack.indexOf(literal); at >= 0; at = haystack.indexOf(literal, at + 1))
      found.push(`${at}/${anchor}`);
  });
  return found.toSorted();
}

function hitsOf(prefilter: Prefilter, bytes: Uint8Array): string[] {
  const { count, offsets, anchors } = prefilter.find(bytes);
  return Array.from({ length: count }, (_, h) => `${offsets[h]}/${anchors[h]}`).toSorted();
}

const letters = fc.constantFrom('a', 'b', 'A', 'B', '_', '-', '1', ':', 'é');
const literal = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', '_', '-', '1', ':'),
  minLength: 2,
  maxLength: 5,
});

describe('prefilter', () => {
  test('finds what a plain search finds, at the same places', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(literal, { minLength: 1, maxLength: 12 }),
        fc.array(letters, { maxLength: 200 }),
        (literals, parts) => {
          const bytes = Buffer.from(parts.join(''));
          expect(hitsOf(new Prefilter(buildAutomaton(literals), literals), bytes)).toEqual(naive(bytes, literals));
        },
      ),
    );
  });

  test('packing and unpacking changes nothing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(literal, { minLength: 1, maxLength: 20 }), (literals) => {
        const automaton = buildAutomaton(literals);
        const states = automaton.outputStart.length - 1;
        const tables = {
          leadsOn: Uint8Array.from({ length: states }, (_, state) => state % 3),
          mayLose: Uint8Array.from({ length: states }, (_, state) => state % 2),
        };
        const gates = Uint8Array.of(literals.length, 1, 2);
        expect(unpackAutomaton(packAutomaton(automaton, tables, gates))).toEqual({ automaton, tables, gates });
      }),
    );
  });

  test('more hits than the first buffer holds are all there', () => {
    const bytes = Buffer.from('ab'.repeat(5_000));
    expect(new Prefilter(buildAutomaton(['ab']), ['ab']).find(bytes).count).toBe(5_000);
  });

  test('a capital in a literal counts', () => {
    const prefilter = new Prefilter(buildAutomaton(['AKIA', 'token']), ['AKIA', 'token']);
    expect(hitsOf(prefilter, Buffer.from('akia AKIA Token'))).toEqual(['10/1', '5/0']);
  });
});
