/**
 * What speaks for and against a candidate, one file per kind of observation. An observation looks at
 * one candidate and names what it saw, and how much of it where that is an amount. It may not read files,
 * know of other observations, weigh, or decide: `verdict.ts` does, with the table in `core/weights.ts`.
 */
import { characters, MOST_CHARACTERS } from './characters.ts';
import type { WeightName } from '../../core/weights.ts';
import type { Observe } from './evidence.ts';
import { commented, MOST_NAMED, named, shaped } from './name.ts';
import { fixture, madeUp } from './made-up.ts';
import { marked, placeholder, repeats, weak } from './placeholder.ts';
import { placed } from './place.ts';
import { published } from './published.ts';
import {
  address,
  alphabet,
  encoded,
  identifier,
  literalType,
  lookAlike,
  number,
  prose,
  shortLived,
  webToken,
} from './shape.ts';
import { MOST_RANDOM, passwordLike, random } from './value.ts';

/** An observation as the verdict asks it. */
export interface Asked {
  readonly observe: Observe;
  /** What it may see that speaks for a credential, and how much of it at most; all else speaks against one. */
  readonly raises: Readonly<Partial<Record<WeightName, number>>>;
}

function asked(observe: Observe, raises: Asked['raises'] = {}): Asked {
  return { observe, raises };
}

/** In the order in which they are told. */
export const OBSERVATIONS: readonly Asked[] = [
  asked(shaped, { 'base-assignment': 1, 'shape-high': 1, 'shape-medium': 1, 'shape-low': 1 }),
  asked(named, MOST_NAMED),
  asked(commented),
  asked(placeholder),
  asked(weak),
  asked(madeUp),
  asked(prose),
  asked(address),
  asked(number),
  asked(identifier),
  asked(literalType),
  asked(repeats),
  asked(marked),
  asked(lookAlike),
  asked(webToken),
  asked(shortLived),
  asked(encoded),
  asked(alphabet),
  asked(passwordLike, { 'value-password-like': 1 }),
  asked(characters, { 'value-characters': MOST_CHARACTERS }),
  asked(random, { 'value-random': MOST_RANDOM }),
];

/** Asked before the rest: what may raise a candidate, and what speaks against most of them. */
const FIRST: readonly Observe[] = [shaped, named, literalType, identifier, characters, passwordLike, random];

/** Indexes of {@link OBSERVATIONS}, in the order in which a verdict asks: it stops once nothing can save the candidate. */
export const ORDER: readonly number[] = [...OBSERVATIONS.keys()].toSorted((a, b) => rankOf(a) - rankOf(b));

function rankOf(index: number): number {
  const first = FIRST.findIndex((observe) => observe === OBSERVATIONS[index]?.observe);
  return first < 0 ? FIRST.length + index : first;
}

/** What the file's path says, the same for all that stands in it. */
export const PLACE: Observe = placed;

/** Asked last, and only of what would stand: it takes a hash. */
export const LAST_OBSERVATIONS: readonly Observe[] = [published];

/**
 * Make a finding less likely and no more, and take a search of the text. What they see stands elsewhere: could it unmake
 * a finding, a change there would make or unmake one here.
 */
export const SOFTENING: readonly Observe[] = [fixture];
