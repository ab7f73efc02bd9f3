import type { NameKind } from '../../core/credential-name.ts';
import type { Match } from '../../core/finding.ts';
import type { View } from '../../core/view.ts';
import type { WeightName } from '../../core/weights.ts';
import type { CompiledRule } from '../../rules/compiled.ts';

/** A match with what most evidence asks of it, worked out once. */
export interface Candidate {
  readonly match: Match;
  readonly view: View;
  readonly rule: CompiledRule;
  /** The secret; `lower` in lower case. */
  readonly value: string;
  readonly lower: string;
  /** What the name it is given says; absent where it has none or that says nothing. */
  readonly kind?: NameKind;
  /**
   * How the value came about, as far as rule and name say: a person chose it (`password`), a
   * machine wrote it (`token`), or it is a whole file or key (`block`), whose text says nothing of the kind.
   */
  readonly nature: 'password' | 'token' | 'block';
  /** Given to a name, a flag or an argument: of these labelled text has many, and few of others. */
  readonly assigned: boolean;
  /** The line that the value starts on: up to 256 bytes before and 160 behind the value, Latin-1. */
  readonly before: string;
  readonly after: string;
}

/** Something that was seen of a candidate, and how much of it: what it weighs is not the observer's business. */
export interface Seen {
  readonly evidence: WeightName;
  readonly amount: number;
  readonly text: string;
}

export function seen(name: WeightName, text: string, amount = 1): Seen {
  return { evidence: name, amount, text };
}

/** One observation, or none. Pure; looks at the candidate and nothing else. */
export type Observe = (candidate: Candidate) => Seen | readonly Seen[] | undefined;
