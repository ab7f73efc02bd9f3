import type { Finding, Suppression } from '../core/finding.ts';
import type { View } from '../core/view.ts';
import type { JudgedMatch } from '../engine/engine.ts';

/** One way in which a finding is declared not to count. Pure: what it needs has been read before. */
export interface Suppressor {
  readonly name: string;
  /** Why the finding does not count, or `undefined`. `match.start` and `end` are byte offsets in `view`. */
  suppress(match: JudgedMatch, finding: Finding, view: View): Suppression | undefined;
}
