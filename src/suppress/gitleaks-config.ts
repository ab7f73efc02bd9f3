import type { GitleaksAllowList } from '../config/gitleaks.ts';
import { RuleError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import type { View } from '../core/view.ts';
import type { JudgedMatch } from '../engine/engine.ts';
import type { LinearRegex, RegexEngine } from '../engine/re2.ts';
import type { Suppressor } from './suppressor.ts';

const REACH = 4096;

/** An allow list with its patterns compiled. */
interface Ready extends Omit<GitleaksAllowList, 'paths' | 'regexes'> {
  readonly paths: readonly LinearRegex[];
  readonly regexes: readonly LinearRegex[];
}

/**
 * The allow lists of `.gitleaks.toml`. Those for all rules count for ours; those of one of its rules for
 * that rule only. Patterns run in RE2.
 */
export function gitleaksAllowLists(
  lists: readonly GitleaksAllowList[],
  regex: RegexEngine,
): { readonly suppressor: Suppressor; readonly notices: readonly string[] } {
  const notices: string[] = [];
  const ready = lists.flatMap((list) => {
    try {
      const compile = (pattern: string): LinearRegex => regex.compile(pattern, list.where);
      return [{ ...list, paths: list.paths.map(compile), regexes: list.regexes.map(compile) }];
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      notices.push(`${list.where} is not used: a pattern of it does not compile`);
      return [];
    }
  });
  return {
    notices,
    suppressor: {
      name: 'gitleaks-config',
      suppress(match, finding, view) {
        const found = ready.find((list) => fits(list, match, finding, view));
        return found && { by: 'foreign', where: found.where };
      },
    },
  };
}

function fits(list: Ready, match: JudgedMatch, finding: Finding, view: View): boolean {
  if (list.rules !== undefined && !list.rules.includes(finding.rule)) return false;
  const checks: boolean[] = [];
  if (list.commits.length > 0) checks.push(finding.commit !== undefined && list.commits.includes(finding.commit));
  if (list.paths.length > 0) checks.push(list.paths.some((path) => path.exec(finding.path, 0) !== undefined));
  if (list.regexes.length > 0) {
    const text = textOf(list.target, match, view);
    checks.push(list.regexes.some((regex) => regex.exec(text, 0) !== undefined));
  }
  if (list.stopWords.length > 0) {
    const secret = match.secret.toLowerCase();
    checks.push(list.stopWords.some((word) => word !== '' && secret.includes(word)));
  }
  return checks.length > 0 && (list.all ? checks.every(Boolean) : checks.some(Boolean));
}

/** What gitleaks calls the match is its rule's; the nearest of ours is the line up to the end of the value. */
function textOf(target: GitleaksAllowList['target'], match: JudgedMatch, view: View): string {
  if (target === 'secret') return match.secret;
  const end = target === 'match' ? match.end : view.lineEnd(match.end, REACH);
  return view.utf8(view.lineStart(match.start, REACH), end);
}
