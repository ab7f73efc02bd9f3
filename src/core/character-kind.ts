/** Kinds of UTF-16 units, as names and tokens have them. */
export const OTHER = 0;
export const LOWER = 1;
export const UPPER = 2;
export const DIGIT = 3;

/** Of ASCII: a small letter, a capital, a digit; all else, and `NaN` as behind the end of a text, is {@link OTHER}. */
export function kindOfUnit(unit: number): number {
  if (unit >= 97 && unit <= 122) return LOWER;
  if (unit >= 65 && unit <= 90) return UPPER;
  return unit >= 48 && unit <= 57 ? DIGIT : OTHER;
}
