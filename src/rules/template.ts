import { charset64, Entropy } from 'entropy-string';

/**
 * Templates stand for secrets in rules, tests and benchmarks, so that no string that looks live is
 * ever committed. `${alnum:24}` becomes 24 random characters; the same seed gives the same text.
 */

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';

const ALPHABETS: Readonly<Record<string, string>> = {
  digits: DIGITS,
  hex: `${DIGITS}abcdef`,
  HEX: `${DIGITS}ABCDEF`,
  lower: LOWER,
  upper: UPPER,
  alpha: LOWER + UPPER,
  base36: DIGITS + LOWER,
  BASE36: DIGITS + UPPER,
  base62: DIGITS + LOWER + UPPER,
  base32: `${UPPER}234567`,
  base32lower: `${LOWER}234567`,
  /** Of BIP 173, without its order. */
  BECH32: (UPPER + DIGITS).replace(/[BIO1]/g, ''),
  base64: `${UPPER + LOWER + DIGITS}+/`,
  base64url: `${UPPER + LOWER + DIGITS}-_`,
  password: `${DIGITS + LOWER.replace('l', '') + UPPER.replace(/[IO]/g, '')}-_.`,
};

/** A template that cannot be expanded; the message names the part. */
export class TemplateError extends Error {}

/** A source of random bytes from a seed: xorshift128, enough for made-up secrets, never for real ones. */
class SeededBytes {
  readonly #state = new Uint32Array(4);

  constructor(seed: string) {
    let hash = 0x811c9dc5;
    for (let i = 0; i < 4; i++) {
      for (const unit of `${seed}#${i}`) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
      this.#state[i] = hash || 1;
    }
    this.take(64);
  }

  take(count: number): Uint8Array {
    const out = new Uint8Array(count);
    const s = this.#state;
    for (let i = 0; i < count; i++) {
      let t = s[3] ?? 0;
      const first = s[0] ?? 0;
      s[3] = s[2] ?? 0;
      s[2] = s[1] ?? 0;
      s[1] = first;
      t ^= t << 11;
      t ^= t >>> 8;
      s[0] = t ^ first ^ (first >>> 19);
      out[i] = (s[0] >>> 11) & 0xff;
    }
    return out;
  }
}

/** Expands templates from one seed; each expansion draws fresh characters. */
export class TemplateExpander {
  readonly #bytes: SeededBytes;
  readonly #entropy = new Entropy({ bits: 6, charset: charset64 });

  constructor(seed: string) {
    this.#bytes = new SeededBytes(seed);
  }

  /**
   * `count` characters drawn evenly from an alphabet of at most 64: entropy-string gives 6-bit
   * symbols and those outside the alphabet are drawn again.
   */
  random(alphabet: string, count: number): string {
    let out = '';
    while (out.length < count) {
      const symbols = this.#entropy.stringWithBytes(this.#bytes.take(48), 48 * 8, charset64);
      for (const symbol of symbols) {
        const drawn = alphabet[charset64.chars.indexOf(symbol)];
        if (drawn !== undefined && out.length < count) out += drawn;
      }
    }
    return out;
  }

  /**
   * @param template text with `${…}` parts
   * @param values what `${token}` and the like stand for
   * @param complete gives the checksum for `${checksum}` from the text before it
   * @throws {TemplateError}
   */
  expand(template: string, values: Readonly<Record<string, string>> = {}, complete?: (head: string) => string): string {
    let out = '';
    let at = 0;
    for (;;) {
      const open = template.indexOf('${', at);
      if (open < 0) return out + template.slice(at);
      out += template.slice(at, open);
      const close = closingBrace(template, open + 2);
      const part = template.slice(open + 2, close);
      const expanded = this.#part(part, out, values, complete);
      // What is no template of ours is text: shell and JavaScript use the same signs.
      out += expanded ?? template.slice(open, close + 1);
      at = close + 1;
    }
  }

  #part(
    part: string,
    head: string,
    values: Readonly<Record<string, string>>,
    complete: ((head: string) => string) | undefined,
  ): string | undefined {
    if (part === 'checksum') {
      if (complete === undefined) throw new TemplateError('${checksum} needs a proof that can make one');
      return complete(head);
    }
    if (part === 'uuid') return this.#uuid();
    const value = values[part];
    if (value !== undefined) return value;
    const colon = part.indexOf(':');
    if (colon < 0) return undefined;
    const name = part.slice(0, colon);
    const argument = part.slice(colon + 1);
    if (name === 'pem' || name === 'pem-escaped') return this.#pem(argument, name === 'pem' ? '\n' : '\\n');
    const alphabet = ALPHABETS[name];
    if (alphabet !== undefined) {
      const range = /^(\d+)(?:-(\d+))?$/.exec(argument);
      if (range === null) return undefined;
      const least = Number(range[1]);
      const most = Number(range[2] ?? range[1]);
      const spread = most - least + 1;
      const draw = this.#bytes.take(2);
      return this.random(alphabet, least + ((((draw[0] ?? 0) << 8) | (draw[1] ?? 0)) % spread));
    }
    const encode = ENCODERS[name];
    return encode?.(Buffer.from(this.expand(argument, values, complete), 'latin1'));
  }

  #uuid(): string {
    const hex = this.random(ALPHABETS['hex'] ?? '', 30);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-a${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
  }

  /** A block with a well-formed made-up body; no key that works anywhere. */
  #pem(label: string, newline: string): string {
    const body = Buffer.from(this.#keyBody(label)).toString('base64');
    const lines = body.match(/.{1,64}/g) ?? [];
    return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join(newline);
  }

  #keyBody(label: string): Uint8Array {
    if (label.startsWith('OPENSSH')) {
      const text = (value: string): Buffer => sshString(Buffer.from(value, 'latin1'));
      const publicKey = Buffer.concat([text('ssh-ed25519'), sshString(this.#bytes.take(32))]);
      const check = this.#bytes.take(4);
      const secret = Buffer.concat([
        check,
        check,
        publicKey,
        sshString(this.#bytes.take(64)),
        text('dev@example.org'),
        Buffer.from([1, 2, 3]),
      ]);
      return Buffer.concat([
        Buffer.from('openssh-key-v1\0', 'latin1'),
        text('none'),
        text('none'),
        text(''),
        Buffer.from([0, 0, 0, 1]),
        sshString(publicKey),
        sshString(secret),
      ]);
    }
    const integer = (size: number): Buffer => {
      const bytes = Buffer.from(this.#bytes.take(size));
      bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
      return der(0x02, bytes);
    };
    const rsa = (): Buffer =>
      der(
        0x30,
        Buffer.concat([
          der(0x02, Buffer.from([0])),
          integer(256),
          der(0x02, Buffer.from([1, 0, 1])),
          integer(256),
          integer(128),
          integer(128),
          integer(128),
          integer(128),
          integer(128),
        ]),
      );
    if (label.startsWith('EC ')) {
      return der(
        0x30,
        Buffer.concat([
          der(0x02, Buffer.from([1])),
          der(0x04, this.#bytes.take(32)),
          der(0xa0, Buffer.from([6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7])),
        ]),
      );
    }
    if (label === 'PRIVATE KEY') {
      return der(
        0x30,
        Buffer.concat([
          der(0x02, Buffer.from([0])),
          der(0x30, Buffer.from([6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0])),
          der(0x04, rsa()),
        ]),
      );
    }
    return rsa();
  }
}

const ENCODERS: Readonly<Record<string, (bytes: Buffer) => string>> = {
  'base64-of': (bytes) => bytes.toString('base64'),
  'base64url-of': (bytes) => bytes.toString('base64url'),
  'hex-of': (bytes) => bytes.toString('hex'),
  'url-of': (bytes) => encodeURIComponent(bytes.toString('latin1')),
};

function closingBrace(template: string, from: number): number {
  let depth = 1;
  for (let i = from; i < template.length; i++) {
    if (template[i] === '{') depth++;
    else if (template[i] === '}' && --depth === 0) return i;
  }
  throw new TemplateError(`unclosed \${ at character ${from - 1}`);
}

function der(tag: number, content: Uint8Array): Buffer {
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function sshString(content: Uint8Array): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(content.length);
  return Buffer.concat([size, content]);
}
