import type { Match } from '../core/finding.ts';
import type { NearWords } from '../core/near.ts';
import type { View } from '../core/view.ts';
import type { CompiledFileClass } from '../rules/compiled.ts';

/** What a detector is told of a rule that it makes matches for. */
export interface DetectorRule extends NearWords {
  readonly id: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly guessable: boolean;
}

/**
 * Makes matches that no pattern can describe. Pure and synchronous, in time linear in the window
 * it looks at; it decides what is written as a value, never whether that value is a credential.
 */
export interface Detector {
  readonly name: string;
  /**
   * Bytes after the literal's first byte within which a match has a new line, or it is none of this change;
   * 1 where it lies on the line of the literal; default 1,500.
   */
  readonly reach?: number;
  /**
   * What may follow a literal in its line if a match reaches beyond that: bytes which this gives bit 1, then
   * bytes with bit 2; absent: anything. One detector has it.
   */
  readonly trail?: Uint8Array;
  /** Lower-case ASCII literals; the prefilter calls the prepared function wherever one occurs, in any case. */
  anchors(rules: readonly DetectorRule[]): readonly string[];
  /** What must stand around one of these, or it leads to nothing; absent: anything. */
  gate?(anchor: string): GateKind | undefined;
  /** The form of the rules that `prepare` takes; done once, by the build, for ours. */
  compact?<Rule extends DetectorRule>(rules: readonly Rule[]): readonly Rule[];
  /** The function for a set of rules, which are read from disk when they are asked for. `hit` is the byte offset in the chunk of the literal's first byte, `open` what its gate leaves open. */
  prepare(
    rules: () => readonly DetectorRule[],
  ): (view: View, hit: number, anchor: string, open: number) => Match | readonly Match[] | undefined;
  /** A run of bytes, within one line, without which `inspect` gives nothing, a file's name apart; one detector has it. */
  readonly run?: RunOf;
  /** For detectors that no literal leads to: called once for each chunk. */
  inspect?(view: View, seen: Seen): readonly Match[];
}

/** A name that may be given a value; see `value-gate.ts`. An address with a user in it. */
export type GateKind = 'named' | 'address';

/** What is told to {@link Detector.inspect} where it asks. */
export interface Seen {
  /** The classes of file names. */
  files(): readonly CompiledFileClass[];
  /** Starts and ends, in bytes of the chunk, of the runs that one detector looks for, in order; {@link Detector.run}. */
  runs(): Uint32Array;
}

/** Which bytes make up a run that is looked for. */
export interface RunOf {
  /** For each byte value a set of bits, below 16, not 0 where the byte belongs to the run. */
  readonly kinds: Uint8Array;
  /** For all bits of a run together (no bit: 0): 0 for nothing, 1 for what counts, 2 for what may hide a text and else does not. */
  readonly made: Uint8Array;
  /** Bytes; a longer run than `most` does not count, but may hide a text. */
  readonly least: number;
  readonly most: number;
  /** For each byte value, what it may be where a run hides one; see `engine/decoding/signs.ts`. */
  readonly hints: Uint8Array;
}

/** A list of strings among a rule's options, as written; empty where there is none. */
export function stringsOption(rule: DetectorRule, option: string): readonly string[] {
  const value = rule.options?.[option];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The same in lower case. */
export function listOption(rule: DetectorRule, option: string): readonly string[] {
  return stringsOption(rule, option).map((item) => item.toLowerCase());
}
