import { textureOf } from '../../core/entropy.ts';
import { seen, type Observe } from './evidence.ts';
import { isPlace } from './place.ts';

/** Digits and signs that stand for letters: `s3cr3t`. */
const LETTERS: Readonly<Record<string, string>> = {
  '@': 'a',
  4: 'a',
  3: 'e',
  1: 'i',
  '!': 'i',
  0: 'o',
  $: 's',
  5: 's',
  7: 't',
};

/** `p@55w0rd` in letters. */
export function spelled(word: string): string {
  return word.replace(/[@43!10$57]/g, (sign) => LETTERS[sign] ?? sign);
}

/**
 * Whether digits or signs stand in a word for letters, `g0ph3r`, `s00pers3cret1`: so people write passwords of
 * samples. What is left of a random value has digits that stand for none, or does not read like a word.
 */
export function isLeet(value: string): boolean {
  const core = value.replace(/^[^A-Za-z]+|[^A-Za-z]+$/g, '');
  const word = spelled(core.toLowerCase()).replace(/[ _-]/g, '');
  if (!/[A-Za-z][@43!10$57]+[A-Za-z]/.test(core) || !/^[a-z]{4,}$/.test(word)) return false;
  const { longestWord, wordlike } = textureOf(word);
  return (longestWord >= 4 && longestWord * 2 >= word.length && wordlike > 0.3) || (word.length >= 5 && wordlike > 0.5);
}

/** From so many UTF-16 units on, chance spells a word of three letters in one of some hundred random values. */
const LEAST_BY_CHANCE = 20;

/** Whether short words that a value holds are chance: its letters follow each other as no words do. */
export function saysByChance(value: string): boolean {
  return value.length >= LEAST_BY_CHANCE && textureOf(value).wordlike < 0;
}

const HOME_ROW = /[asdfghjkl]/;
const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** Whether two keys lie beside each other on a row. */
function areNeighbours(one: string, other: string): boolean {
  return ROWS.some((row) => {
    const [a, b] = [row.indexOf(one), row.indexOf(other)];
    return a >= 0 && b >= 0 && Math.abs(a - b) === 1;
  });
}

/** Bits that a letter of the home row, a letter of another, a pair of neighbours and another pair speak for mashing. */
const BITS = { home: 1.2, other: -1.7, neighbours: 1.2, apart: -0.4 };

/**
 * Whether someone beat the keys: `lsdajfh923874`, most letters from the home row and many beside each
 * other. By log-likelihood against letters at random, of which nine in 26 are of the home row. Of the six of hexadecimal
 * numbers three are, and who beats keys meets others.
 */
export function isMashed(value: string): boolean {
  if (!/^[a-z0-9]{8,}$/.test(value) || (/^[a-f0-9]+$/.test(value) && /[0-9]/.test(value))) return false;
  const letters = value.replace(/[0-9]/g, '');
  if (letters.length < 6) return false;
  let bits = 0;
  for (let at = 0; at < letters.length; at++) {
    bits += HOME_ROW.test(letters.charAt(at)) ? BITS.home : BITS.other;
    if (at > 0) bits += areNeighbours(letters.charAt(at - 1), letters.charAt(at)) ? BITS.neighbours : BITS.apart;
  }
  return bits > 3;
}

/**
 * Whether a part comes again, `89h3f98hb…7h3f98w`: fingers repeat themselves. Five characters do so by chance once
 * in 30,000 times among 64 of base36 and once in 500 among 64 of hex.
 */
function isPartRepeated(value: string): boolean {
  if (value.length < 14 || value.length > 64 || !/^[a-z0-9]+$/.test(value)) return false;
  for (let at = 0; at + 10 <= value.length; at++) if (value.indexOf(value.slice(at, at + 5), at + 5) >= 0) return true;
  return false;
}

/** What people make up for a sample or a test, where a machine or a careful person would not. */
export const madeUp: Observe = ({ value, nature, rule }) => {
  if (nature === 'block') return undefined;
  if (nature === 'password' && /%[0-9A-F]{2}/i.test(value)) return seen('value-encoded', 'written as in an address');
  if (nature === 'token' && rule.pattern !== undefined && rule.distinctiveness === 'high') return undefined;
  if (isMashed(value) || (nature === 'token' && isPartRepeated(value)))
    return seen('value-mashed', 'keys beaten at random');
  return isLeet(value) ? seen('value-leet', 'a word, with digits or signs for letters') : undefined;
};

/** Times that a value stands in a text before it is taken for a fixture. */
const FIXTURE_TIMES = 3;
/** Shorter values come again by accident. */
const FIXTURE_LEAST = 6;
/** How far before and behind a value it is looked for, in bytes: a text may be made of values. */
const FIXTURE_REACH = 16 << 10;

/** In tests and samples, a value that stands in one file again and again is there to be compared with. */
export const fixture: Observe = ({ match, view, nature, rule }) => {
  if (nature === 'block' || rule.pattern !== undefined || match.end - match.start < FIXTURE_LEAST) return undefined;
  const { path } = view.chunk.origin;
  if (!isPlace(path, 'place-test') && !isPlace(path, 'place-docs')) return undefined;
  const value = view.bytes.subarray(match.start, match.end);
  const near = view.bytes.subarray(Math.max(0, match.start - FIXTURE_REACH), match.end + FIXTURE_REACH);
  let times = 0;
  for (let at = near.indexOf(value); at >= 0 && times < FIXTURE_TIMES; at = near.indexOf(value, at + 1)) times++;
  return times < FIXTURE_TIMES ? undefined : seen('value-fixture', 'again and again near by');
};
