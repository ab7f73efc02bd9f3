import { sha256 } from './bytes.ts';
import type { Proof } from './proof.ts';
import { trailingChecksum } from './trailing-checksum.ts';

/** Only self-hosted projects: the context string of hosted ones is not published. */
export const supabaseSha256: Proof = trailingChecksum({
  name: 'supabase-sha256',
  title: 'SHA-256 of prefix and random part, self-hosted Supabase key',
  source: 'https://supabase.com/docs/guides/self-hosting/self-hosted-auth-keys',
  shape: /^sb_(?:secret|publishable)_[0-9A-Za-z_-]{22}_[0-9A-Za-z_-]{8}$/,
  size: 8,
  checksum: (head) =>
    sha256(`supabase-self-hosted|${head.replace(/_$/, '')}`)
      .toString('base64url')
      .slice(0, 8),
});
