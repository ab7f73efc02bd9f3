import { fromBase64 } from './bytes.ts';
import type { Proof } from './proof.ts';
import { FAIL, NONE, result } from './verdicts.ts';

/** `id:key`, both of characters that need no escape. */
const PAIR = /^([\w-]{20}):[\w-]{22,86}$/;

export const elasticApiKey: Proof = {
  name: 'elastic-api-key',
  title: 'base64 of id and key, Elasticsearch API key',
  source: 'https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-create-api-key',
  check(secret) {
    if (secret.length > 1024) return FAIL;
    // The bare pair carries nothing to check.
    if (PAIR.test(secret)) return NONE;
    const once = fromBase64(secret.replace(/^ess[up]_/, ''))?.toString('latin1');
    const pair =
      once !== undefined && secret.startsWith('essu_') && !PAIR.test(once)
        ? fromBase64(once)?.toString('latin1')
        : once;
    const id = PAIR.exec(pair ?? '')?.[1];
    return id === undefined ? FAIL : result('pass', { account: id });
  },
};
