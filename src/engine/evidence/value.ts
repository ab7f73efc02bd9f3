import { randomness, textureOf } from '../../core/entropy.ts';
import type { Evidence } from '../../core/finding.ts';
import { evidence, weightOf } from '../../core/weights.ts';
import type { Observe } from './evidence.ts';

/** How random the value looks, where a machine must have written it. */
export const random: Observe = ({ value, nature, rule, match }) => {
  if (nature !== 'token') return undefined;
  const score = randomness(value);
  if (rule.pattern !== undefined && rule.distinctiveness === 'high') {
    // The shape has spoken; only a body in words speaks against it.
    return score < -1 ? graded(-1.5, 'reads like words, not like random characters') : undefined;
  }
  if (match.evidence.some((item) => item.evidence === 'connection-password')) return undefined;
  const limit = rule.pattern !== undefined && rule.distinctiveness === 'medium' ? 1.9 : 3.8;
  const weight = Math.max(-3.8, Math.min(limit, score)) * weightOf('value-random');
  return graded(
    weight,
    weight > 0 ? 'as mixed as random characters of its alphabet are' : 'less mixed than random characters are',
  );
};

function graded(weight: number, text: string): Evidence {
  return { evidence: 'value-random', weight: Math.round(weight * 100) / 100, text };
}

/** What a person's password looks like. */
export const passwordLike: Observe = ({ value, nature }) => {
  if (nature !== 'password' || /\s/.test(value)) return undefined;
  if (value.length < 4) return evidence('value-short', 'a few characters only');
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((pattern) => pattern.test(value)).length;
  if (kinds >= 2 && (/[0-9]/.test(value) || /[^\w.-]/.test(value))) {
    return evidence('value-password-like', 'mixes characters as passwords do');
  }
  const { wordlike, pairs } = textureOf(value);
  return pairs >= 6 && wordlike < -0.5
    ? evidence('value-password-like', 'letters in no order that words have')
    : evidence('value-plain-word', 'a plain word');
};
