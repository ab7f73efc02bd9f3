/**
 * Why a finding does not count: one file per way. A suppressor looks at one finding and its text, and
 * says why. It may not drop a finding, read files while a scan runs, or decide what is a credential.
 */
import type { Config } from '../config/config.ts';
import { allowList } from './allow-list.ts';
import { exceptions, expiredNotice, readExceptions } from './exceptions.ts';
import { inlineComment } from './inline-comment.ts';
import type { Suppressor } from './suppressor.ts';

export interface LoadedSuppressors {
  readonly suppressors: readonly Suppressor[];
  /** Plain sentences for people: entries that have run out. */
  readonly notices: readonly string[];
}

/**
 * All that is declared in a repository. `today` is an ISO date.
 * @throws {ExceptionError} where the exceptions file is not valid
 */
export async function loadSuppressors({
  root,
  config,
  today,
}: {
  readonly root: string;
  readonly config: Config;
  readonly today: string;
}): Promise<LoadedSuppressors> {
  const entries = await readExceptions(root);
  return {
    suppressors: [inlineComment, allowList(config.allow.findings), exceptions(entries, today)],
    notices: expiredNotice(entries, today),
  };
}
