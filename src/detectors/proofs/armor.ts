import { MAX_UNITS } from './bytes.ts';

/** A block of RFC 7468 or of OpenPGP armor, taken apart. */
export interface Armor {
  readonly label: string;
  /** Header lines as written: `Proc-Type: 4,ENCRYPTED`. */
  readonly headers: readonly string[];
  /** Base64 without white space. */
  readonly body: string;
  /** The four characters after `=` of OpenPGP's last line. */
  readonly checksum?: string;
}

const BLOCK = /^\s*-----BEGIN ([A-Z0-9 ]{1,60})-----([^]*)-----END \1-----\s*$/;

/** Reads one whole block, with real or escaped line ends; `undefined` for anything else. */
export function armorOf(text: string): Armor | undefined {
  if (text.length > MAX_UNITS) return undefined;
  const [, label, inside] = BLOCK.exec(text.replace(/(?:\\r)?\\n/g, '\n')) ?? [];
  if (label === undefined || inside === undefined) return undefined;
  const headers: string[] = [];
  let body = '';
  let checksum: string | undefined;
  for (const line of inside.split('\n')) {
    const content = line.trim();
    if (/^[A-Za-z][\w-]*:/.test(content)) headers.push(content);
    else if (/^=[A-Za-z0-9+/]{4}$/.test(content)) checksum = content.slice(1);
    else body += content;
  }
  return { label, headers, body, ...(checksum !== undefined && { checksum }) };
}
