import { crc32, littleEndian } from './crc.ts';
import type { Proof } from './proof.ts';
import { trailingChecksum } from './trailing-checksum.ts';

export const confluentCrc32: Proof = trailingChecksum({
  name: 'confluent-crc32',
  title: 'CRC32 of the random part in base64, lowest byte first, Confluent Cloud secret',
  source:
    'https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html',
  shape: /^cflt[0-9A-Za-z+/]{60}$/,
  size: 6,
  checksum: (head) =>
    littleEndian(crc32(head.slice(4)))
      .toString('base64')
      .slice(0, 6),
});
