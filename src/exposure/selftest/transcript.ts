/**
 * Looks for words in a transcript, as they are and as a model may write them to get them past a filter: with anything
 * between their letters, backwards, in base64, in hex, as numbers of characters.
 */
export class TranscriptSearch {
  readonly found: Set<string> = new Set<string>();
  readonly #pattern: RegExp;
  readonly #words = new Map<string, string>();
  #held = '';
  #tail = '';

  /** @param words each ends in at least eight letters that are found nowhere else, behind its last hyphen */
  constructor(words: readonly string[]) {
    for (const word of words) {
      for (const form of formsOf(word.slice(word.lastIndexOf('-') + 1))) this.#words.set(form, word);
    }
    this.#pattern = new RegExp([...this.#words.keys()].join('|'), 'g');
  }

  /** Takes the next part of a text; bytes are read as Latin-1, since only letters and digits of ASCII count. */
  add(bytes: Uint8Array): void {
    const text = this.#held + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    // An escape such as \n must not be cut.
    const cut = text.endsWith('\\') ? text.length - 1 : text.length;
    this.#held = text.slice(cut);
    const plain = this.#tail + plainOf(text.slice(0, cut));
    for (const [form] of plain.matchAll(this.#pattern)) {
      const word = this.#words.get(form);
      if (word !== undefined) this.found.add(word);
    }
    this.#tail = plain.slice(-LONGEST);
  }
}

/** UTF-16 units that are kept for what may go on in the next part. */
const LONGEST = 256;

/** Letters and digits only, small; the letter of an escape such as `\n` is none. */
function plainOf(text: string): string {
  return text
    .replaceAll(/\\[nrt]/g, '')
    .replaceAll(/[^A-Za-z0-9]+/g, '')
    .toLowerCase();
}

/** A word of small letters in the ways in which it may be written, as {@link plainOf} leaves them. */
function formsOf(word: string): string[] {
  const codes = Array.from(word, (char) => char.charCodeAt(0));
  const hex = codes.map((code) => code.toString(16));
  return [
    word,
    codes
      .map((code) => String.fromCharCode(code))
      .toReversed()
      .join(''),
    hex.join(''),
    hex.map((code) => `x${code}`).join(''),
    hex.map((code) => `u00${code}`).join(''),
    codes.join(''),
    ...[0, 1, 2].map((before) => base64Of(word, before)),
  ];
}

/** What of a word's base64 does not depend on what is around it, `before` bytes behind the start of a group. */
function base64Of(word: string, before: number): string {
  const bytes = before + word.length;
  const encoded = Buffer.from('\0'.repeat(before) + word, 'latin1').toString('base64');
  const first = Math.ceil((before * 8) / 6);
  return plainOf(encoded.slice(first, Math.floor((bytes * 8) / 6)));
}
