import { fromBase32 } from './bytes.ts';
import type { Proof } from './proof.ts';
import { FAIL, NONE, result } from './verdicts.ts';

/** Account numbers have 12 digits. */
const ACCOUNTS = 10 ** 12;

/**
 * The account number inside the identifier. It confirms little (nine of ten random texts hold a
 * possible one), so that what can be read gives `none` with the account, and only an impossible number fails.
 */
export const awsAccessKeyId: Proof = {
  name: 'aws-access-key-id',
  title: 'an account number can be read from it, AWS access key id',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html',
  check(secret) {
    // Older keys use more characters and hold no account.
    if (/^A[A-Z0-9]{3}[IJ][A-Z0-9]{15}$/.test(secret)) return NONE;
    if (!/^A[A-Z0-9]{3}[A-Z2-7]{16}$/.test(secret)) return FAIL;
    const head = fromBase32(secret.slice(4))?.readUIntBE(0, 6) ?? 0;
    // 40 bits between a leading bit and 7 that follow: too wide for bit operators.
    const account = Math.floor((head % 2 ** 47) / 2 ** 7);
    return account < ACCOUNTS ? result('none', { account: String(account).padStart(12, '0') }) : FAIL;
  },
};
