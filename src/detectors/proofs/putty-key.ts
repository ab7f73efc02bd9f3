import { fromBase64, label, MAX_UNITS } from './bytes.ts';
import type { Proof } from './proof.ts';
import { fact, FAIL, NONE, result } from './verdicts.ts';

const FORM =
  /^PuTTY-User-Key-File-([23]): ([\w@.-]{1,60})\nEncryption: ([\w-]{1,40})\nComment: ([^\n]{0,300})\nPublic-Lines: (\d{1,4})\n([^]*)\nPrivate-Lines: (\d{1,4})\n([^]*)\nPrivate-MAC: ([0-9a-f]{40,64})\n?$/;

/** Joins the given number of Base64 lines and decodes them. */
function blob(count: string | undefined, lines: string | undefined): Buffer | undefined {
  const parts = (lines ?? '').split('\n').filter((line) => line !== '');
  return parts.length === Number(count) ? fromBase64(parts.join('')) : undefined;
}

/** Text or bytes with their length in front, as RFC 4251 has them. */
function sshString(value: string | Buffer): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}

/**
 * The MAC over all fields: of an unencrypted file its key is fixed, so that the MAC is a checksum.
 * Version 2: HMAC-SHA-1, version 3: HMAC-SHA-256 with the empty key.
 */
function mac(version: string, fields: readonly (string | Buffer)[]): string {
  const { createHash, createHmac } = process.getBuiltinModule('node:crypto');
  const data = Buffer.concat(fields.map(sshString));
  if (version === '3') return createHmac('sha256', '').update(data).digest('hex');
  const key = createHash('sha1').update('putty-private-key-file-mac-key').digest();
  return createHmac('sha1', key).update(data).digest('hex');
}

export const puttyKey: Proof = {
  name: 'putty-key',
  title: 'the MAC over all of the file holds, PuTTY private key',
  source: 'https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html',
  check(secret) {
    if (secret.length > MAX_UNITS) return FAIL;
    const text = secret
      .split('\n')
      .map((line) => line.trim())
      .join('\n');
    const [, version, type, encryption, comment, publicCount, publicLines, privateCount, privateLines, stored] =
      FORM.exec(text) ?? [];
    if (version === undefined || type === undefined || encryption === undefined || comment === undefined) return FAIL;
    const publicKey = blob(publicCount, publicLines);
    const privateKey = blob(privateCount, privateLines);
    if (publicKey === undefined || privateKey === undefined) return FAIL;
    if (encryption !== 'none') return NONE;
    if (mac(version, [type, encryption, comment, publicKey, privateKey]) !== stored) return FAIL;
    return result('pass', { account: label(comment), evidence: [fact(type)] });
  },
};
