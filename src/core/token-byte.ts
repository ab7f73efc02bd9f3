/** Shortest run that is looked at, in bytes. */
export const LEAST_RUN = 24;

const LOWER = 1;
const UPPER = 2;
const DIGIT = 4;
const SIGN = 8;
/** Bytes that tokens and encoded texts are made of, by their kind; 0 for all others. */
export const TOKEN: Uint8Array = new Uint8Array(256);
for (const [kind, characters] of [
  [LOWER, 'abcdefghijklmnopqrstuvwxyz'],
  [UPPER, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  [DIGIT, '0123456789'],
  [SIGN, '+/=_-'],
] as const)
  for (const character of characters) TOKEN[character.charCodeAt(0)] = kind;

/** What the kinds of a run's bytes, together, make of it. */
export const RUN_OF_KINDS: Uint8Array = new Uint8Array(16);
/** Letters and digits: it may be a token. */
export const MAY_BE_TOKEN = 1;
/** Digits alone, or small letters and capitals: it may only be a text in Base64 or hexadecimal. */
export const MAY_BE_ENCODED = 2;
for (let kinds = 0; kinds < 16; kinds++) {
  const hasLetter = (kinds & (LOWER | UPPER)) !== 0;
  if ((kinds & DIGIT) !== 0) RUN_OF_KINDS[kinds] = hasLetter ? MAY_BE_TOKEN : MAY_BE_ENCODED;
  else if ((kinds & LOWER) !== 0 && (kinds & UPPER) !== 0) RUN_OF_KINDS[kinds] = MAY_BE_ENCODED;
}
