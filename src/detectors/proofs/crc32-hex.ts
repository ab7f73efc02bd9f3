import { crc32, hex32, littleEndian } from './crc.ts';
import type { Proof } from './proof.ts';
import { trailingChecksum } from './trailing-checksum.ts';

export const cloudflareCrc32: Proof = trailingChecksum({
  name: 'cloudflare-crc32',
  title: 'CRC32 of the random part in hex, Cloudflare token',
  source: 'https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/',
  shape: /^cf(?:k|ut|at)_[0-9A-Za-z]{40}[0-9a-f]{8}$/,
  unchecked: /^cfast_/,
  size: 8,
  checksum: (head) => hex32(crc32(head.slice(head.indexOf('_') + 1))),
});

export const grafanaCrc32: Proof = trailingChecksum({
  name: 'grafana-crc32',
  title: 'CRC32 of prefix and random part in hex, lowest byte first, Grafana service account token',
  source: 'https://github.com/grafana/grafana/blob/main/pkg/components/satokengen/satokengen.go',
  shape: /^glsa_[0-9A-Za-z]{32}_[0-9a-f]{8}$/,
  size: 8,
  checksum: (head) => littleEndian(crc32(head.replace(/_$/, ''))).toString('hex'),
});

export const atlassianCrc32: Proof = trailingChecksum({
  name: 'atlassian-crc32',
  title: 'CRC32 of everything up to the equals sign in hex, Atlassian API token',
  source: 'https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/',
  shape: /^AT[AC]TT3[0-9A-Za-z_=-]{20,400}=[0-9A-F]{8}$/,
  unchecked: /^(?:ATSTT3|ATBB|ATTA)/,
  size: 8,
  checksum: (head) => hex32(crc32(head)).toUpperCase(),
});

export const zuploCrc32: Proof = trailingChecksum({
  name: 'zuplo-crc32',
  title: 'CRC32 of the random part in hex, Zuplo key',
  source: 'https://zuplo.com/docs/articles/api-key-management',
  shape: /^zpka_[0-9A-Za-z]{32}_[0-9a-f]{8}$/,
  size: 8,
  checksum: (head) => hex32(crc32(head.replace(/_$/, '').slice(5))),
});
