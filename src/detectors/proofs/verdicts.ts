import type { Evidence } from '../../core/finding.ts';
import type { ProofResult } from './proof.ts';

export const FAIL: ProofResult = { verdict: 'fail' };
export const NONE: ProofResult = { verdict: 'none' };
export const PASS: ProofResult = { verdict: 'pass' };

/** A result without the fields that turned out `undefined`. */
export function result(
  verdict: ProofResult['verdict'],
  found: {
    readonly account?: string | undefined;
    readonly expires?: string | undefined;
    readonly evidence?: readonly (Evidence | undefined)[];
  },
): ProofResult {
  const evidence = found.evidence?.filter((one) => one !== undefined) ?? [];
  return {
    verdict,
    ...(found.account !== undefined && { account: found.account }),
    ...(found.expires !== undefined && { expires: found.expires }),
    ...(evidence.length > 0 && { evidence }),
  };
}

/** Something that was read out of the secret and speaks neither for nor against it. */
export function fact(text: string): Evidence {
  return { evidence: 'decoded', weight: 0, text };
}
