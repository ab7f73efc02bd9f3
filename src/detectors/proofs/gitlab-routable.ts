import { crc32, digitsOf } from './crc.ts';
import type { Proof } from './proof.ts';
import { trailingChecksum } from './trailing-checksum.ts';

const BASE36 = '0123456789abcdefghijklmnopqrstuvwxyz';

export const gitlabRoutable: Proof = trailingChecksum({
  name: 'gitlab-routable',
  title: 'CRC32 of everything before it in base 36, routable GitLab token',
  source: 'https://handbook.gitlab.com/handbook/engineering/architecture/design-documents/cells/routable_tokens/',
  shape: /^[0-9A-Za-z_-]{20,400}(?:\.[0-9a-z]{2})?\.[0-9a-z]{9}$/,
  // The plain form: no dot.
  unchecked: /^[^.]*$/,
  size: 7,
  checksum: (head) => digitsOf(crc32(head), BASE36).padStart(7, '0'),
});
