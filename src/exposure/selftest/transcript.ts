/**
 * Looks for words in a transcript, as they are and as a model may write them to get them past a filter: with anything
 * between their letters, backwards, in base64, in hex, as numbers of characters. Takes the same time for any text.
 */
export class TranscriptSearch {
  readonly found: Set<string> = new Set<string>();
  /** By the last four letters as one number. */
  readonly #forms = new Map<number, { readonly form: Buffer; readonly word: string }[]>();
  /** Whether a form may end in such four letters: 1 at their hash. */
  readonly #ends = new Uint8Array(1 << 16);
  /** The last letters and digits, in a ring. */
  readonly #recent = new Uint8Array(RING);
  #at = 0;
  #lastFour = 0;
  #isEscape = false;

  /** @param words each ends in at least eight letters that are found nowhere else, behind its last hyphen */
  constructor(words: readonly string[]) {
    for (const word of words) {
      for (const form of formsOf(word.slice(word.lastIndexOf('-') + 1))) {
        const end = form.readInt32BE(form.length - 4);
        this.#ends[hashOf(end)] = 1;
        const same = this.#forms.get(end);
        if (same === undefined) this.#forms.set(end, [{ form, word }]);
        else same.push({ form, word });
      }
    }
  }

  /** Takes the next bytes of a text. Only letters and digits of ASCII count, so that most encodings are read alike. */
  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      const letter = LETTERS[byte] ?? 0;
      const isEscape = this.#isEscape;
      this.#isEscape = byte === BACKSLASH;
      // The letter of `\n` is none.
      if (letter === 0 || (isEscape && ESCAPES.includes(letter))) continue;
      this.#recent[this.#at++ & (RING - 1)] = letter;
      this.#lastFour = (this.#lastFour << 8) | letter;
      if (this.#ends[hashOf(this.#lastFour)] === 1) this.#compare();
    }
  }

  #compare(): void {
    for (const { form, word } of this.#forms.get(this.#lastFour) ?? []) {
      const start = this.#at - form.length;
      if (start >= 0 && form.every((letter, index) => this.#recent[(start + index) & (RING - 1)] === letter)) {
        this.found.add(word);
      }
    }
  }
}

/** More letters than the longest form has; a power of two. */
const RING = 256;
const BACKSLASH = 0x5c;
const ESCAPES: readonly number[] = [...Buffer.from('nrt')];

/** By byte: the small letter or digit that it is, or 0. */
const LETTERS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  return /[A-Za-z0-9]/.test(char) ? char.toLowerCase().charCodeAt(0) : 0;
});

/** Of 32 bits, 16. */
function hashOf(four: number): number {
  return Math.imul(four, 0x9e3779b1) >>> 16;
}

/** A word of small letters in the ways in which it may be written, of which letters and digits are looked at. */
function formsOf(word: string): Buffer[] {
  const codes = Array.from(word, (char) => char.charCodeAt(0));
  const hex = codes.map((code) => code.toString(16));
  const forms = [
    word,
    String.fromCharCode(...codes.toReversed()),
    hex.join(''),
    hex.map((code) => `x${code}`).join(''),
    hex.map((code) => `u00${code}`).join(''),
    codes.join(''),
    ...[0, 1, 2].map((before) => base64Of(word, before)),
  ];
  return forms.map((form) => Buffer.from(form.slice(-RING), 'latin1'));
}

/** What of a word's base64 does not depend on what is around it, `before` bytes behind the start of a group. */
function base64Of(word: string, before: number): string {
  const bytes = before + word.length;
  const encoded = Buffer.from('\0'.repeat(before) + word, 'latin1').toString('base64');
  const first = Math.ceil((before * 8) / 6);
  return encoded
    .slice(first, Math.floor((bytes * 8) / 6))
    .replaceAll(/[+/]/g, '')
    .toLowerCase();
}
