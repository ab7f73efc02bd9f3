import { crc32, digitsOf } from './crc.ts';
import type { Proof } from './proof.ts';
import { trailingChecksum } from './trailing-checksum.ts';

const LOWER_FIRST = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** CRC32 in base 62, six digits. */
function base62(text: string, alphabet?: string): string {
  return digitsOf(crc32(text), alphabet).padStart(6, '0');
}

/** Everything after the last `_`, the checksum being cut off already. */
function body(head: string): string {
  return head.slice(head.lastIndexOf('_') + 1);
}

export const githubCrc32: Proof = trailingChecksum({
  name: 'github-crc32',
  title: 'CRC32 of the random part in base 62, GitHub token',
  source: 'https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/',
  shape: /^(?:gh[pous]_[0-9A-Za-z]{36}|ghr_[0-9A-Za-z]{76})$/,
  unchecked: /^gh[pous]_\d{1,20}_eyJ|^github_pat_/,
  size: 6,
  checksum: (head) => base62(body(head)),
});

export const npmCrc32: Proof = trailingChecksum({
  name: 'npm-crc32',
  title: 'CRC32 of the random part in base 62, npm token',
  source: 'https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/',
  shape: /^npm_[0-9A-Za-z]{36}$/,
  size: 6,
  checksum: (head) => base62(body(head)),
});

export const vercelCrc32: Proof = trailingChecksum({
  name: 'vercel-crc32',
  title: 'CRC32 of the random part in base 62, Vercel token',
  source: 'https://vercel.com/changelog/new-token-formats-and-secret-scanning',
  shape: /^vc[a-z]_[0-9A-Za-z]{56}$/,
  size: 6,
  checksum: (head) => base62(body(head)),
});

export const denoCrc32: Proof = trailingChecksum({
  name: 'deno-crc32',
  title: 'CRC32 of prefix and random part in base 62, Deno Deploy token',
  source: 'https://docs.deno.com/deploy/',
  shape: /^dd[op]_[0-9A-Za-z]{36}$/,
  size: 6,
  checksum: (head) => base62(head),
});

export const apifyCrc32: Proof = trailingChecksum({
  name: 'apify-crc32',
  title: 'CRC32 of prefix and random part in base 62 (lower case first), Apify token',
  source: 'https://docs.apify.com/platform/integrations/api',
  shape: /^apify_api_[0-9A-Za-z]{36}$/,
  size: 6,
  checksum: (head) => base62(head, LOWER_FIRST),
});

export const polarCrc32: Proof = trailingChecksum({
  name: 'polar-crc32',
  title: 'CRC32 of the random part in base 62, Polar token',
  source: 'https://github.com/polarsource/polar',
  shape: /^polar_(?:[a-z]{2,4}_){1,2}[0-9A-Za-z]{43}$/,
  size: 6,
  checksum: (head) => base62(body(head)),
});

export const saladCrc32: Proof = trailingChecksum({
  name: 'salad-crc32',
  title: 'CRC32 of the random part in base 62, SaladCloud key',
  source: 'https://docs.salad.com/reference/api-usage',
  shape: /^salad_cloud_[0-9A-Za-z]{1,40}_[0-9A-Za-z]{49}$/,
  size: 6,
  checksum: (head) => base62(body(head)),
});
