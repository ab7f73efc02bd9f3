import { fromBase32 } from './bytes.ts';
import { crc32 } from './crc.ts';
import type { Proof } from './proof.ts';
import { fact, FAIL, result } from './verdicts.ts';

/** Bytes of the 32 that hold the checksum, highest first. */
const CHECKSUM_BYTES = [2, 7, 8, 22];

export const azureDevopsPatLegacy: Proof = {
  name: 'azure-devops-pat-legacy',
  title: 'CRC32 spread over the token, Azure DevOps token of the old form',
  source: 'https://github.com/microsoft/security-utilities',
  check(secret) {
    if (!/^[A-Za-z2-7]{52}$/.test(secret)) return FAIL;
    const bytes = fromBase32(secret.toUpperCase());
    if (bytes?.length !== 32) return FAIL;
    const stored = CHECKSUM_BYTES.reduce((sum, at) => sum * 256 + (bytes[at] ?? 0), 0);
    const crc = crc32(bytes.filter((_, at) => !CHECKSUM_BYTES.includes(at)));
    if ((crc ^ 0xe0b9692d) >>> 0 === stored) return result('pass', { evidence: [fact("a user's token")] });
    if ((crc ^ 0x1019f92e) >>> 0 === stored) return result('pass', { evidence: [fact("an application's token")] });
    return FAIL;
  },
};
