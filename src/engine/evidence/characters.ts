import { weightOf, type WeightName } from '../../core/weights.ts';
import { seen, type Observe } from './evidence.ts';
import { saysByChance, spelled } from './made-up.ts';
import { isWeak } from './placeholder.ts';

/** What a value holds: of one character, by the character, … */
const HOLDS: Readonly<Record<string, string>> = {
  'part-upper': 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  'part-lower': 'abcdefghijklmnopqrstuvwxyz',
  'part-digit': '0123456789',
  'part-underscore': '_',
  'part-dash': '-',
  'part-dot': '.',
  'part-slash': '/',
  'part-colon': ':',
  'part-dollar': '$',
  'part-at': '@',
  'part-bracket': '()',
};
/** … and in words. */
const SAYS: readonly (readonly [WeightName, RegExp])[] = [
  ['part-says-pass', /pass|pwd|pw$/i],
  ['part-says-secret', /secret|key|token|auth|cred/i],
  ['part-says-sample', /test|foo|bar|user|admin|dummy|fake|sample|demo/i],
  ['part-says-change', /my|new|old|wrong|valid|some|other|change/i],
];

/** All characters that are none of those. */
const SYMBOL: WeightName = 'part-symbol';
// The names are those of the table.
const PARTS: readonly WeightName[] = [...(Object.keys(HOLDS) as WeightName[]), SYMBOL];
/** For each UTF-16 unit below 128 the bit of what it is, by index into `PARTS`. */
const BIT_OF = new Uint16Array(128).fill(1 << (PARTS.length - 1));
for (const [index, characters] of Object.values(HOLDS).entries()) {
  for (const character of characters) BIT_OF[character.charCodeAt(0)] = 1 << index;
}

/** Longest value that counts, in UTF-16 units: a longer one says no more. */
const LONGEST = 64;

/** The parts of {@link characters}: names with their amounts. For those who fit the weights. */
export function partsOf(written: string): readonly (readonly [WeightName, number])[] {
  // Signs for letters, and behind them, make a word that everyone knows no better.
  const lower = written.toLowerCase();
  const value = isWeak(lower) ? spelled(lower).replace(/[^a-z]/g, '') : written;
  let bits = 0;
  for (let at = 0; at < value.length; at++) bits |= BIT_OF[value.charCodeAt(at)] ?? 1 << (PARTS.length - 1);
  const parts: [WeightName, number][] = PARTS.filter((_, index) => (bits >> index) & 1).map((name) => [name, 1]);
  const said = SAYS.filter(([, pattern]) => pattern.test(value));
  if (said.length > 0 && !saysByChance(value)) for (const [name] of said) parts.push([name, 1]);
  parts.push(...lengthParts(value.length));
  return parts;
}

function lengthParts(length: number): readonly [WeightName, number][] {
  const counted = Math.min(length, LONGEST);
  return [
    ['part-length', counted / 20],
    ['part-log-length', Math.log2(counted + 1) / 4],
  ];
}

function weightOfAll(parts: readonly (readonly [WeightName, number])[]): number {
  return parts.reduce((sum, [name, amount]) => sum + weightOf(name) * amount, 0);
}

/** The most that {@link characters} may say: all parts that raise, and the best length. */
export const MOST_CHARACTERS: number =
  [...PARTS, ...SAYS.map(([name]) => name)].reduce((sum, name) => sum + Math.max(0, weightOf(name)), 0) +
  Math.max(...Array.from({ length: LONGEST + 1 }, (_, length) => weightOfAll(lengthParts(length))));

/**
 * What the value is made of, where no pattern says what it must be made of: credentials hold digits,
 * paths hold slashes, names hold dots. Many small weights, told as one.
 */
export const characters: Observe = ({ value, assigned }) => {
  if (!assigned) return undefined;
  const weight = weightOfAll(partsOf(value));
  const text = weight > 0 ? 'made of what credentials are made of' : 'made of what other texts are made of';
  return seen('value-characters', text, weight);
};
