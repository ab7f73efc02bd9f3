import { evidence } from '../../core/weights.ts';
import { armorOf } from './armor.ts';
import { fromBase64, label } from './bytes.ts';
import { crc24 } from './crc.ts';
import type { Proof } from './proof.ts';
import { fact, FAIL, result } from './verdicts.ts';

/** Packets that are looked at; more are signatures of a much-signed key. */
const MAX_PACKETS = 64;

const TAG = { secretKey: 5, secretSubkey: 7, userId: 13 } as const;

interface Packet {
  readonly tag: number;
  readonly content: Buffer;
}

/** RFC 9580, section 4.2; `undefined` where a packet does not fit. */
function packetsOf(bytes: Buffer): readonly Packet[] | undefined {
  const packets: Packet[] = [];
  let at = 0;
  while (at < bytes.length && packets.length < MAX_PACKETS) {
    const head = bytes[at++] ?? 0;
    if (head < 0x80) return undefined;
    const isNew = (head & 0x40) !== 0;
    const first = bytes[at] ?? 0;
    let size: number;
    if (isNew) {
      // Partial lengths are for data, not for keys.
      if (first >= 224 && first < 255) return undefined;
      size = first < 192 ? 1 : first < 255 ? 2 : 5;
    } else {
      size = [1, 2, 4, 0][head & 3] ?? 0;
      if (size === 0) return undefined;
    }
    if (at + size > bytes.length) return undefined;
    let length: number;
    if (!isNew) length = bytes.readUIntBE(at, size);
    else if (size === 1) length = first;
    else length = size === 2 ? ((first - 192) << 8) + (bytes[at + 1] ?? 0) + 192 : bytes.readUInt32BE(at + 1);
    at += size;
    if (at + length > bytes.length) return undefined;
    packets.push({ tag: isNew ? head & 0x3f : (head >> 2) & 0x0f, content: bytes.subarray(at, at + length) });
    at += length;
  }
  return packets;
}

/** Public fields for each algorithm: `m` a number with its bits in front, `c` one with its bytes in front, digits that many bytes. */
const PUBLIC_FIELDS: Readonly<Record<number, readonly ('m' | 'c' | number)[]>> = {
  1: ['m', 'm'],
  2: ['m', 'm'],
  3: ['m', 'm'],
  16: ['m', 'm', 'm'],
  17: ['m', 'm', 'm', 'm'],
  18: ['c', 'm', 'c'],
  19: ['c', 'm'],
  22: ['c', 'm'],
  25: [32],
  26: [56],
  27: [32],
  28: [57],
};

/** Whether a secret key packet (section 5.5.3) lies open; `undefined` where it is none. */
function isOpen({ content }: Packet): boolean | undefined {
  const version = content[0] ?? 0;
  if (version < 3 || version > 6) return undefined;
  let at = version === 3 ? 7 : 5;
  const fields = PUBLIC_FIELDS[content[at++] ?? 0];
  if (fields === undefined) return undefined;
  if (version >= 5) at += 4;
  for (const field of fields) {
    if (at + 2 > content.length) return undefined;
    if (field === 'm') at += 2 + Math.ceil(content.readUInt16BE(at) / 8);
    else if (field === 'c') at += 1 + (content[at] ?? 0);
    else at += field;
  }
  // Of an open key at least one number and its checksum follow.
  return at + 3 < content.length ? content[at] === 0 : undefined;
}

/** "Name <mail>" of the first user. */
function userOf(packets: readonly Packet[]): string | undefined {
  return label(packets.find(({ tag }) => tag === TAG.userId)?.content.toString('utf8', 0, 400));
}

export const pgpArmor: Proof = {
  name: 'pgp-armor',
  title: 'the block decodes to an OpenPGP secret key, its checksum holds',
  source: 'https://www.rfc-editor.org/rfc/rfc9580',
  check(secret) {
    const armor = armorOf(secret);
    const bytes = armor?.label === 'PGP PRIVATE KEY BLOCK' ? fromBase64(armor.body) : undefined;
    if (armor === undefined || bytes === undefined) return FAIL;
    if (armor.checksum !== undefined) {
      const stored = Buffer.from(armor.checksum, 'base64');
      if (stored.length !== 3 || stored.readUIntBE(0, 3) !== crc24(bytes)) return FAIL;
    }
    const packets = packetsOf(bytes);
    if (packets?.[0]?.tag !== TAG.secretKey) return FAIL;
    const open = packets.filter(({ tag }) => tag === TAG.secretKey || tag === TAG.secretSubkey).map(isOpen);
    if (open.includes(undefined)) return FAIL;
    const account = userOf(packets);
    if (open.includes(true)) return result('pass', { account, evidence: [fact('no passphrase protects it')] });
    return result('none', { account, evidence: [evidence('key-encrypted', 'a passphrase protects it')] });
  },
};
