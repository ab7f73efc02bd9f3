/** The tables that `src/wasm/candidates.ts` reads, in the form in which they are kept; `pack-gates.ts` makes them. */

/** Where the tables lie in a packed form, in bytes from its start; all but the last lie at offsets that can be divided by four. */
export interface GateTables {
  /** Two tables of 256 bytes, of values and of marks. */
  readonly kinds: number;
  /** For each literal: where its bytes are, how many, how many of these the automaton follows, whether case is no matter, its first gate and the one behind its last. */
  readonly literals: number;
  /** A number, two bytes for a set, four for a length. */
  readonly gates: number;
  /** Tables of 256 bytes, 1 for those that belong to a run. */
  readonly sets: number;
  readonly text: number;
}

/** Four sizes, of 32 bits each. */
const HEADER = 16;

/** Where what lies in a packed form. */
export function unpackGates(bytes: Uint8Array): GateTables {
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER);
  const kinds = HEADER;
  const literals = kinds + 512;
  const gates = literals + header.getUint32(0, true);
  const sets = gates + header.getUint32(4, true);
  return { kinds, literals, gates, sets, text: sets + header.getUint32(8, true) };
}
