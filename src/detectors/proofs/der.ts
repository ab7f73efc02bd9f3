/** One element of DER (ITU-T X.690): an identifier octet and its content. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
}

export const DER = { integer: 0x02, bitString: 0x03, octetString: 0x04, oid: 0x06, sequence: 0x30 } as const;

/** Elements of one structure; no private key has more. */
const MAX_ELEMENTS = 16;

/**
 * The elements that fill `bytes` to the last byte, without going into them; `undefined` where a length
 * is not in its shortest form, the tag is a long one, or something is left over.
 */
export function derElements(bytes: Buffer): readonly DerElement[] | undefined {
  const found: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (found.length === MAX_ELEMENTS) return undefined;
    const tag = bytes[at] ?? 0;
    let length = bytes[at + 1];
    if ((tag & 0x1f) === 0x1f || length === undefined) return undefined;
    at += 2;
    if (length >= 0x80) {
      const size = length - 0x80;
      if (size < 1 || size > 3 || at + size > bytes.length) return undefined;
      length = bytes.readUIntBE(at, size);
      if (length < 0x80 || length < 2 ** (8 * (size - 1))) return undefined;
      at += size;
    }
    if (at + length > bytes.length) return undefined;
    found.push({ tag, content: bytes.subarray(at, at + length) });
    at += length;
  }
  return found;
}

/** The elements of the only sequence that `bytes` is. */
export function derSequence(bytes: Buffer | undefined): readonly DerElement[] | undefined {
  const [outer, ...more] = (bytes && derElements(bytes)) ?? [];
  return outer?.tag === DER.sequence && more.length === 0 ? derElements(outer.content) : undefined;
}

/** The value of an INTEGER from 0 to 127; `undefined` for any other element. */
export function smallInteger(element: DerElement | undefined): number | undefined {
  if (element?.tag !== DER.integer || element.content.length !== 1) return undefined;
  const value = element.content[0] ?? 0x80;
  return value < 0x80 ? value : undefined;
}

/** Bits of a positive INTEGER in its shortest form; `undefined` for any other element. */
export function integerBits(element: DerElement | undefined): number | undefined {
  if (element?.tag !== DER.integer) return undefined;
  const [first, second] = element.content;
  if (first === undefined || first >= 0x80) return undefined;
  if (first > 0) return element.content.length * 8 - Math.clz32(first) + 24;
  return second !== undefined && second >= 0x80 ? (element.content.length - 1) * 8 : undefined;
}

/** An OBJECT IDENTIFIER in dotted form; `undefined` for any other element. */
export function objectIdentifier(element: DerElement | undefined): string | undefined {
  if (element?.tag !== DER.oid || element.content.length === 0 || element.content.length > 32) return undefined;
  const arcs: number[] = [];
  let value = 0;
  for (const byte of element.content) {
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    if (arcs.length === 0)
      arcs.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
    else arcs.push(value);
    value = 0;
  }
  return arcs.join('.');
}
