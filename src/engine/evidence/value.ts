import { randomness, textureOf } from '../../core/entropy.ts';
import { isWeak } from './placeholder.ts';
import { seen, type Observe, type Seen } from './evidence.ts';

/** Most and least that {@link random} says of a value, in units of randomness. */
export const MOST_RANDOM = 3.8;

/** How random the value looks, where a machine must have written it. */
export const random: Observe = ({ value, nature, rule, match }) => {
  if (nature !== 'token') return undefined;
  const score = randomness(value);
  if (rule.pattern !== undefined && rule.distinctiveness === 'high') {
    // The shape has spoken; only a body in words speaks against it.
    return score < -1 ? graded(-1.9, 'reads like words, not like random characters') : undefined;
  }
  if (match.evidence.some((item) => item.evidence === 'connection-password')) return undefined;
  const limit = rule.pattern !== undefined && rule.distinctiveness === 'medium' ? MOST_RANDOM / 2 : MOST_RANDOM;
  const amount = Math.max(-MOST_RANDOM, Math.min(limit, score));
  return graded(
    amount,
    amount > 0 ? 'as mixed as random characters of its alphabet are' : 'less mixed than random characters are',
  );
};

function graded(amount: number, text: string): Seen {
  return seen('value-random', text, amount);
}

/** What a person's password looks like. */
export const passwordLike: Observe = ({ value, nature, assigned }) => {
  if (nature === 'token' && assigned && value.length < 6) return seen('value-short', 'a few characters only');
  if (nature !== 'password' || /\s/.test(value)) return undefined;
  // An escape is one character.
  if (value.length < 4 || value.replace(/\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g, '.').length < 4)
    return seen('value-short', 'a few characters only');
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((pattern) => pattern.test(value)).length;
  if (isWeak(value.toLowerCase())) return seen('value-plain-word', 'a word that everyone knows');
  if (kinds >= 2 && (/[0-9]/.test(value) || /[^\w.-]/.test(value))) {
    return seen('value-password-like', 'mixes characters as passwords do');
  }
  const { wordlike, pairs } = textureOf(value);
  return pairs >= 6 && wordlike < -0.5
    ? seen('value-password-like', 'letters in no order that words have')
    : seen('value-plain-word', 'a plain word');
};
