import { digitsOf } from './crc.ts';
import { marvin32 } from './marvin.ts';
import type { Proof } from './proof.ts';
import { trailingChecksum } from './trailing-checksum.ts';

const DIGITS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~';

export const entraSecret: Proof = trailingChecksum({
  name: 'entra-secret',
  title: 'keyed checksum at the end, Microsoft Entra client secret',
  source: 'https://learn.microsoft.com/en-us/purview/sit-defn-client-secret-api-key',
  shape: /^[\w.~-]{3}\dQ~[\w.~-]{34}$/,
  unchecked: /^[\w.~-]{3}7Q~[\w.~-]{31}$/,
  size: 3,
  checksum: (head) =>
    digitsOf(marvin32(Buffer.from(head, 'latin1'), 'AadPwd00'), DIGITS)
      .padStart(6, 'a')
      .slice(0, 3),
});
