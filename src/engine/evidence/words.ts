import words from '#patterns/words';

/** Words of placeholders and dummies, from `patterns/words/placeholders.yaml`. */
export interface Words {
  /** Whole values that are placeholders, compared without case, and with `-`, `_` and spaces left out. */
  readonly placeholder: readonly string[];
  /** Marks inside a value: it stands for another. */
  readonly marks: readonly string[];
  /** Passwords that are no secret: every attacker tries them first. */
  readonly weak: readonly string[];
  /** Values that are types, switches or fields. */
  readonly types: readonly string[];
}

export const WORDS: Words = words;
