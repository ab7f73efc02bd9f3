/**
 * Why a finding does not count: one file per way. A suppressor looks at one finding and its text, and
 * says why. It may not drop a finding, read files while a scan runs, or decide what is a credential.
 */
import type { Config } from '../config/config.ts';
import { readDataFile } from '../config/data-file.ts';
import { readGitleaksConfig } from '../config/gitleaks.ts';
import { SourceError } from '../core/errors.ts';
import { loadRegexEngine } from '../engine/re2.ts';
import { allowList } from './allow-list.ts';
import { DETECT_SECRETS_BASELINE, detectSecretsBaseline } from './detect-secrets-baseline.ts';
import { exceptions, expiredNotice, readExceptions } from './exceptions.ts';
import { gitleaksAllowLists } from './gitleaks-config.ts';
import { GITLEAKS_IGNORE, gitleaksIgnore } from './gitleaks-ignore.ts';
import { inlineComment } from './inline-comment.ts';
import type { Suppressor } from './suppressor.ts';

export interface LoadedSuppressors {
  readonly suppressors: readonly Suppressor[];
  /** Plain sentences for people: entries that have run out, files of others that cannot be used. */
  readonly notices: readonly string[];
}

/** Bytes of another scanner's file at most. */
const MAX_BYTES = 16_000_000;

/**
 * All that is declared in a repository.
 * @param regex `re2` or `re2js`; by default what loads
 * @param today an ISO date
 * @throws {ExceptionError} where our own exceptions file is not valid
 */
export async function loadSuppressors({
  root,
  config,
  today,
  regex,
}: {
  readonly root: string;
  readonly config: Config;
  readonly today: string;
  readonly regex?: string | undefined;
}): Promise<LoadedSuppressors> {
  const entries = await readExceptions(root);
  const foreign = await loadForeign(root, regex);
  return {
    suppressors: [inlineComment, allowList(config.allow.findings), exceptions(entries, today), ...foreign.suppressors],
    notices: [...expiredNotice(entries, today), ...foreign.notices],
  };
}

/** What other scanners left: never an error, since their file may be fine for them. */
async function loadForeign(root: string, regex: string | undefined): Promise<LoadedSuppressors> {
  const suppressors: Suppressor[] = [];
  const notices: string[] = [];
  const read = async (name: string, make: (text: string) => Suppressor | undefined): Promise<void> => {
    try {
      const text = await readDataFile(
        { root, name, where: name, maxBytes: MAX_BYTES },
        (message, fix) => new SourceError(message, { fix }),
      );
      const made = text === undefined ? undefined : make(text);
      if (made !== undefined) suppressors.push(made);
      else if (text !== undefined) notices.push(`${name}: is not in its format; it is not used`);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      notices.push(`${error.message}; it is not used`);
    }
  };
  await read(GITLEAKS_IGNORE, gitleaksIgnore);
  await read(DETECT_SECRETS_BASELINE, detectSecretsBaseline);
  const { allowLists, notices: misunderstood } = await readGitleaksConfig(root);
  notices.push(...misunderstood);
  if (allowLists.length > 0) {
    const made = gitleaksAllowLists(allowLists, await loadRegexEngine(regex));
    suppressors.push(made.suppressor);
    notices.push(...made.notices);
  }
  return { suppressors, notices };
}
