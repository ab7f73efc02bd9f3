/**
 * What speaks for and against a candidate, one file per kind of observation. An observation looks at
 * one candidate and names what it saw, and how much of it where that is an amount. It may not read files,
 * know of other observations, weigh, or decide: `verdict.ts` does, with the table in `core/weights.ts`.
 */
import { characters } from './characters.ts';
import type { Observe } from './evidence.ts';
import { commented, named, shaped } from './name.ts';
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
import { passwordLike, random } from './value.ts';

/** Cheap and decisive ones first: a verdict stops once nothing can save the candidate. */
export const OBSERVATIONS: readonly Observe[] = [
  shaped,
  named,
  commented,
  placeholder,
  weak,
  madeUp,
  prose,
  address,
  number,
  identifier,
  literalType,
  repeats,
  marked,
  lookAlike,
  webToken,
  shortLived,
  encoded,
  alphabet,
  passwordLike,
  characters,
  random,
];

/** What the file's path says, the same for all that stands in it. */
export const PLACE: Observe = placed;

/** Asked last, and only of what would stand: they take a search of the text, and a hash. */
export const LAST_OBSERVATIONS: readonly Observe[] = [fixture, published];
