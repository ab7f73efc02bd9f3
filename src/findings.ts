import type { Chunk } from './core/chunk.ts';
import type { Evidence, Finding, Suppression } from './core/finding.ts';
import { fingerprint } from './core/fingerprint.ts';
import { excerpt, mask, withoutSecrets } from './core/redact.ts';
import { LineCounter, type View } from './core/view.ts';
import { evidence } from './core/weights.ts';
import type { JudgedMatch } from './engine/engine.ts';
import type { ScanOptions } from './scan.ts';

/**
 * The findings of one chunk: matches that touch new lines, with their places, masked, named by their
 * fingerprints, and with what suppresses them.
 */
export async function toFindings(
  matches: readonly JudgedMatch[],
  view: View,
  options: ScanOptions,
): Promise<readonly Finding[]> {
  const { chunk } = view;
  const places = new LineCounter(view);
  const findings: Finding[] = [];
  for (const match of matches) {
    const start = places.at(match.start);
    const end = places.at(match.end);
    if (!touchesAdded(chunk, start.line, end.line)) continue;
    findings.push(await toFinding(match, matches, view, start, end, options));
  }
  return findings;
}

/** A finding counts when one of its lines is new. */
function touchesAdded(chunk: Chunk, first: number, last: number): boolean {
  return chunk.added === undefined || chunk.added.some((range) => range.first <= last && first <= range.last);
}

async function toFinding(
  match: JudgedMatch,
  all: readonly JudgedMatch[],
  view: View,
  start: { readonly line: number; readonly column: number },
  end: { readonly line: number; readonly column: number },
  options: ScanOptions,
): Promise<Finding> {
  const details = await options.details(match.ruleId);
  const { origin } = view.chunk;
  const ended = endedBy(match, options.now);
  const finding: Finding = {
    rule: match.ruleId,
    title: details.title,
    provider: details.provider,
    severity: ended === undefined ? options.severityOf(match.ruleId) : 'low',
    confidence: match.confidence,
    reasons: ended === undefined ? match.reasons : [...match.reasons, ended],
    path: origin.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    ...(origin.commit !== undefined && { commit: origin.commit }),
    preview: mask(match.secret, { guessable: match.guessable }),
    excerpt: excerpt(view, match, all),
    fingerprint: fingerprint(match, all, view),
    identity: {
      ...details.identity,
      ...(match.account !== undefined && { account: withoutSecrets(match.account, all) }),
      ...(match.expires !== undefined && { expires: match.expires }),
    },
    advice: details.advice,
    references: details.references,
    ...(options.showSecrets && { secret: match.secret }),
  };
  const suppressedBy = await suppression(match, finding, view, options);
  if (suppressedBy === undefined) return finding;
  const { reason } = suppressedBy;
  // The reason of a comment is the rest of its line, whatever else stands there.
  const shown = reason === undefined ? suppressedBy : { ...suppressedBy, reason: withoutSecrets(reason, all) };
  return { ...finding, suppressedBy: shown };
}

/** Says that a credential's own expiry has passed: it is one, but opens nothing any more. */
function endedBy({ expires }: JudgedMatch, now: number | undefined): Evidence | undefined {
  if (expires === undefined || now === undefined || !(Date.parse(expires) <= now)) return undefined;
  return evidence('value-expired', `expired on ${expires.slice(0, 10)}: low severity`);
}

async function suppression(
  match: JudgedMatch,
  finding: Finding,
  view: View,
  options: ScanOptions,
): Promise<Suppression | undefined> {
  for (const suppressor of await options.suppressors()) {
    const found = suppressor.suppress(match, finding, view);
    if (found !== undefined) return found;
  }
  return undefined;
}
