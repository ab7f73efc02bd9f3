/**
 * Why a finding does not count: one file per way. A suppressor looks at one finding and its text, and
 * says why. It may not drop a finding, read files while a scan runs, or decide what is a credential.
 */
import type { Config } from '../config/config.ts';
import { allowList } from './allow-list.ts';
import { inlineComment } from './inline-comment.ts';
import type { Suppressor } from './suppressor.ts';

export interface LoadedSuppressors {
  readonly suppressors: readonly Suppressor[];
  /** Plain sentences for people: entries that have run out. */
  readonly notices: readonly string[];
}

/** All that is declared in a repository. `today` is an ISO date. */
export async function loadSuppressors({
  config,
}: {
  readonly root: string;
  readonly config: Config;
  readonly today: string;
}): Promise<LoadedSuppressors> {
  return { suppressors: [inlineComment, allowList(config.allow.findings)], notices: [] };
}
