import { evidence } from '../../core/weights.ts';
import { fromBase64, label } from './bytes.ts';
import type { Proof } from './proof.ts';
import { FAIL, NONE, result } from './verdicts.ts';

/** Tells Clerk's publishable keys from those of others; its secret keys hold nothing to check. */
export const clerkKey: Proof = {
  name: 'clerk-key',
  title: 'base64 of a host name that ends in a dollar sign, Clerk key',
  source: 'https://clerk.com/docs/guides/development/clerk-environment-variables',
  check(secret) {
    if (/^sk_(?:live|test)_[0-9A-Za-z]{20,100}$/.test(secret)) return NONE;
    const body = /^pk_(?:live|test)_([\w+/-]{12,300}={0,2})$/.exec(secret)?.[1];
    const host = body === undefined ? undefined : fromBase64(body)?.toString('latin1');
    if (host === undefined || !/^[0-9a-z.-]{4,253}\$$/.test(host)) return FAIL;
    return result('fail', {
      account: label(host.slice(0, -1)),
      evidence: [evidence('value-public', 'a publishable key')],
    });
  },
};
