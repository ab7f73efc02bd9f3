import { weightOf, type WeightName } from '../../core/weights.ts';
import { seen, type Observe } from './evidence.ts';
import { spelled } from './made-up.ts';
import { isWeak } from './placeholder.ts';

/** What a value holds and how long it is, each with how much of it there is. */
const PARTS: Readonly<Record<string, RegExp>> = {
  'part-upper': /[A-Z]/,
  'part-lower': /[a-z]/,
  'part-digit': /[0-9]/,
  'part-symbol': /[^A-Za-z0-9_.:/$@()-]/,
  'part-underscore': /_/,
  'part-dash': /-/,
  'part-dot': /\./,
  'part-slash': /\//,
  'part-colon': /:/,
  'part-dollar': /\$/,
  'part-at': /@/,
  'part-bracket': /[()]/,
  'part-says-pass': /pass|pwd|pw$/i,
  'part-says-secret': /secret|key|token|auth|cred/i,
  'part-says-sample': /test|foo|bar|user|admin|dummy|fake|sample|demo/i,
  'part-says-change': /my|new|old|wrong|valid|some|other|change/i,
};

/** The parts of {@link characters}: names with their amounts. For those who fit the weights. */
export function partsOf(written: string): readonly (readonly [WeightName, number])[] {
  // Signs for letters, and behind them, make a word that everyone knows no better.
  const lower = written.toLowerCase();
  const value = isWeak(lower) ? spelled(lower).replace(/[^a-z]/g, '') : written;
  const parts: [WeightName, number][] = Object.entries(PARTS)
    .filter(([, pattern]) => pattern.test(value))
    // The names are those of the table.
    .map(([name]) => [name as WeightName, 1]);
  const length = Math.min(value.length, 64);
  parts.push(['part-length', length / 20], ['part-log-length', Math.log2(length + 1) / 4]);
  return parts;
}

/**
 * What the value is made of, where no pattern says what it must be made of: credentials hold digits,
 * paths hold slashes, names hold dots. Many small weights, told as one.
 */
export const characters: Observe = ({ value, assigned }) => {
  if (!assigned) return undefined;
  const weight = partsOf(value).reduce((sum, [name, amount]) => sum + weightOf(name) * amount, 0);
  const text = weight > 0 ? 'made of what credentials are made of' : 'made of what other texts are made of';
  return seen('value-characters', text, weight);
};
