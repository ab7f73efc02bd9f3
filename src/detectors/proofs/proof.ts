import type { Evidence } from '../../core/finding.ts';

/** What a proof says of a secret. */
export interface ProofResult {
  /**
   * `pass`: checksum or structure holds; `fail`: it does not; `none`: this form carries nothing that
   * could be checked.
   */
  readonly verdict: 'pass' | 'fail' | 'none';
  /** What was decoded on the way: the account or project it names, its expiry as ISO 8601. */
  readonly account?: string;
  readonly expires?: string;
  /** More to say, such as "made with the published default secret" (negative weight). */
  readonly evidence?: readonly Evidence[];
}

/** An offline check that a secret carries in itself. Pure, total: hostile input gives `fail`, never an exception. */
export interface Proof {
  readonly name: string;
  /** For people: "CRC32 of the body, base 62". */
  readonly title: string;
  /** The page or standard that the check comes from. */
  readonly source: string;
  check(secret: string): ProofResult;
  /**
   * For templates: the checksum characters that make `head` pass once appended. Absent where the
   * proof is not a trailing checksum.
   */
  complete?(head: string): string;
}
