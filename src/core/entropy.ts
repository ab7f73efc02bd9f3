import { kindOfUnit, LOWER, UPPER } from './character-kind.ts';

/** A set of characters that machines write keys in, and what one character of it is worth. */
export interface Alphabet {
  readonly name: 'decimal' | 'hex' | 'base32' | 'base62' | 'base64' | 'printable';
  readonly size: number;
  /** Bits that one character drawn at random carries. */
  readonly bits: number;
}

/** Smallest first, so that the first which fits is the one a machine would have used. */
const ALPHABETS: readonly (readonly [RegExp, Alphabet])[] = [
  [/^[0-9]+$/, { name: 'decimal', size: 10, bits: Math.log2(10) }],
  [/^(?:[0-9a-f]+|[0-9A-F]+)$/, { name: 'hex', size: 16, bits: 4 }],
  [/^(?:[A-Z2-7]+=*|[a-z2-7]+)$/, { name: 'base32', size: 32, bits: 5 }],
  [/^[0-9A-Za-z]+$/, { name: 'base62', size: 62, bits: Math.log2(62) }],
  [/^(?:[0-9A-Za-z+/]+|[0-9A-Za-z_-]+)={0,2}$/, { name: 'base64', size: 64, bits: 6 }],
];
const PRINTABLE: Alphabet = { name: 'printable', size: 94, bits: Math.log2(94) };

/** The smallest alphabet that holds every character of `text`. */
export function alphabetOf(text: string): Alphabet {
  return ALPHABETS.find(([pattern]) => pattern.test(text))?.[1] ?? PRINTABLE;
}

/** Bits per character of `text`, of the characters as they are distributed in it (Shannon, 1948). */
export function shannonEntropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const expectations = new Map<number, number>();

/**
 * The Shannon entropy that a random text shows on average. A short text cannot show all that its
 * alphabet could carry: 20 random hexadecimal digits show 3.5 bits each, not 4. A character occurs
 * c times with binomial probability, and then contributes −(c/n)·log2(c/n); summed over c and over
 * the alphabet.
 * @param size of the alphabet, in characters
 * @param length of the text, in characters
 */
export function expectedEntropy(size: number, length: number): number {
  // Longer texts show nearly everything; one value serves them all.
  const n = Math.min(length, 512);
  const key = size * 1024 + n;
  const known = expectations.get(key);
  if (known !== undefined) return known;
  const p = 1 / size;
  let probability = (1 - p) ** n;
  let bits = 0;
  for (let c = 1; c <= n; c++) {
    probability *= ((n - c + 1) / c) * (p / (1 - p));
    bits -= probability * (c / n) * Math.log2(c / n);
  }
  bits *= size;
  expectations.set(key, bits);
  return bits;
}

/** Entropy of `text` as a share of what a random text of its alphabet and length shows; about 1 for a random one. */
export function relativeEntropy(text: string): number {
  return text.length < 2 ? 0 : shannonEntropy(text) / expectedEntropy(alphabetOf(text).size, text.length);
}

/**
 * How much more often a letter follows another in words of prose and code than it would by chance:
 * row = first letter, column = second, digit = 6 + log2(ratio), rounded, from 0 to 9. Counted over the
 * distinct words of half a megabyte of documentation and source each.
 */
const PAIRS: string =
  '66764462634867164878544352' +
  '77758544764844746664733353' +
  '85538237636732824648613241' +
  '75469442832533735563632251' +
  '64775653421668455887254740' +
  '86447732922633823756722252' +
  '65449357822657623776733232' +
  '84349223833443823647512141' +
  '65766561213769753677151404' +
  '77459444644434745495644234' +
  '75559454814537543484534141' +
  '74469421822721743366743170' +
  '86339131732563781253621220' +
  '73777582614434741288651041' +
  '45673541524679560866756211' +
  '83348224601742861857621040' +
  '76647653553554337665954455' +
  '73559452704556732677643050' +
  '63638336704543763379733350' +
  '71538318800433640776603270' +
  '66657552602878461877321210' +
  '95439342821333642343423232' +
  '84357248811417732764226322' +
  '64737423741444493449431442' +
  '65636353612677792576326534' +
  '76559454743543645355435655';

/** What kind of text a value is made of. */
export interface Texture {
  /** Mean log2 likelihood ratio of its letter pairs, word against chance: words above 0.5, random letters below −0.5. */
  readonly wordlike: number;
  /** Letter pairs that `wordlike` rests on. */
  readonly pairs: number;
  /** Share of neighbours that change between lower case, capitals, digits and the rest; a capital at a word's start is no change. */
  readonly changes: number;
  /** Letters in the longest stretch that reads like a word. */
  readonly longestWord: number;
}

/** @see Texture */
export function textureOf(text: string): Texture {
  let sum = 0;
  let pairs = 0;
  let changes = 0;
  let longestWord = 0;
  let runScore = 0;
  let runLength = 1;
  let before = 0;
  let kindBefore = -1;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const kind = kindOfUnit(unit);
    const letter = kind === LOWER || kind === UPPER ? unit & 31 : 0;
    const capitalStart = kind === LOWER && kindBefore === UPPER;
    if (kindBefore >= 0 && kind !== kindBefore && !capitalStart) changes++;
    if (letter > 0 && before > 0 && (kind === kindBefore || capitalStart)) {
      const ratio = PAIRS.charCodeAt((before - 1) * 26 + letter - 1) - 54;
      sum += ratio;
      pairs++;
      // A stretch ends where it stops to read like a word (largest running sum).
      if (runScore + ratio < 0) {
        runScore = 0;
        runLength = 1;
      } else {
        runScore += ratio;
        runLength++;
        if (runScore >= runLength * 0.8 && runLength > longestWord) longestWord = runLength;
      }
    } else {
      runScore = 0;
      runLength = 1;
    }
    before = letter;
    kindBefore = kind;
  }
  return {
    wordlike: pairs === 0 ? 0 : sum / pairs,
    pairs,
    changes: text.length < 2 ? 0 : changes / (text.length - 1),
    longestWord,
  };
}

/**
 * How random a value looks, as log-odds (0: could be either). Length counts: many characters that
 * fit chance say more than few.
 */
export function randomness(text: string): number {
  if (text.length < 6) return -3;
  const { wordlike, pairs, changes } = textureOf(text);
  const alphabet = alphabetOf(text);
  const spread = relativeEntropy(text);
  // What a random text of this alphabet would show: hex and base32 mix two kinds, base62 three.
  const typical =
    alphabet.name === 'decimal' ? 0 : alphabet.name === 'hex' ? 0.45 : alphabet.name === 'base32' ? 0.3 : 0.55;
  const scale = Math.min(1, Math.sqrt(text.length / 24));
  const fromSpread = Math.max(-3, (spread - 0.88) * 12);
  const fromChanges = typical === 0 ? -1 : (Math.min(1, changes / typical) - 0.55) * 4;
  const fromWords = -wordlike * Math.min(1, pairs / 6) * 1.5;
  return (fromSpread + fromChanges + fromWords) * scale + Math.min(1.5, (text.length - 16) / 12);
}

/**
 * Whether only a machine can have chosen `text`: long, mixed, near the greatest entropy, and nothing
 * in it reads like a word. Errs towards `false`, since what a person chose can be guessed.
 */
export function isMachineMade(text: string): boolean {
  if (text.length < 20 || !/[0-9]/.test(text) || !/[A-Za-z]/.test(text)) return false;
  const { changes, longestWord } = textureOf(text);
  return changes >= 0.3 && longestWord <= 5 && relativeEntropy(text) >= 0.88;
}
