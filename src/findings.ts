import type { Chunk } from './core/chunk.ts';
import { SEVERITIES, type Evidence, type Finding, type Severity, type Suppression } from './core/finding.ts';
import { fingerprint } from './core/fingerprint.ts';
import { excerpt, mask, Values } from './core/redact.ts';
import { LineCounter, type Place, type View } from './core/view.ts';
import { evidence } from './core/weights.ts';
import type { JudgedMatch } from './engine/engine.ts';
import type { ScanOptions } from './scan.ts';

/**
 * The findings of one chunk: matches that touch new lines, with their places, masked, named by their
 * fingerprints, and with what suppresses them. What belongs to a secret is told with it.
 */
export async function toFindings(
  matches: readonly JudgedMatch[],
  view: View,
  options: ScanOptions,
): Promise<readonly Finding[]> {
  const { chunk } = view;
  const places = new LineCounter(view);
  const shown = publicHalves(matches);
  const isHidden = ({ start, toldWith }: JudgedMatch): boolean => toldWith === undefined || !shown.has(start);
  let values: Values | undefined;
  const masked: Masked = (text) => (values ??= new Values(matches.filter(isHidden))).masked(text);
  const findings = new Map<JudgedMatch, Finding>();
  const halves: (readonly [JudgedMatch, Place, Place])[] = [];
  const excepted = new Set<number>();
  for (const match of matches) {
    const start = places.at(match.start);
    const end = places.at(match.end);
    if (match.toldWith !== undefined) halves.push([match, start, end]);
    else if (
      touchesAdded(chunk, start.line, end.line) ||
      match.halves?.some(({ lines }) => touchesAdded(chunk, start.line + lines, start.line + lines)) === true
    ) {
      const finding = await toFinding(match, matches, view, { start, end }, masked, options);
      findings.set(match, finding);
      if (finding.suppressedBy !== undefined) excepted.add(match.start);
    }
  }
  for (const [match, start, end] of halves) {
    // An exception for one secret is none for another.
    if (!excepted.has(match.toldWith ?? -1) || !touchesAdded(chunk, start.line, end.line)) continue;
    const { identity } = await options.details(match.ruleId);
    if (identity.class === 'identifier-pair' || !isHidden(match)) continue;
    findings.set(match, await toFinding(match, matches, view, { start, end }, masked, options));
  }
  return halves.length === 0
    ? [...findings.values()]
    : matches.flatMap((match) => {
        const finding = findings.get(match);
        return finding === undefined ? [] : [finding];
      });
}

/** Masks what is a secret of the chunk. */
type Masked = (text: string) => string;

/** A finding counts when one of its lines is new. */
function touchesAdded(chunk: Chunk, first: number, last: number): boolean {
  return chunk.added === undefined || chunk.added.some((range) => range.first <= last && first <= range.last);
}

async function toFinding(
  match: JudgedMatch,
  all: readonly JudgedMatch[],
  view: View,
  { start, end }: { readonly start: Place; readonly end: Place },
  masked: Masked,
  options: ScanOptions,
): Promise<Finding> {
  const details = await options.details(match.ruleId);
  const { origin } = view.chunk;
  const ended = endedBy(match, options.now);
  const finding: Finding = {
    rule: match.ruleId,
    title: details.title,
    provider: details.provider,
    severity: ended === undefined ? severityOf(match, options) : 'low',
    confidence: match.confidence,
    reasons: reasonsOf(match, masked, ended),
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
      ...(match.account !== undefined && { account: masked(match.account) }),
      ...(match.expires !== undefined && { expires: match.expires }),
      ...(match.halves !== undefined && {
        pair: match.halves.map(({ what, shown, lines, rule }) => ({
          what,
          value: masked(shown),
          line: start.line + lines,
          ...(rule !== undefined && { rule }),
        })),
      }),
    },
    advice: details.advice,
    references: details.references,
    ...(options.showSecrets && { secret: match.secret }),
  };
  const suppressedBy = await suppression(match, finding, view, options);
  if (suppressedBy === undefined) return finding;
  const { reason } = suppressedBy;
  // The reason of a comment is the rest of its line, whatever else stands there.
  const shown = reason === undefined ? suppressedBy : { ...suppressedBy, reason: masked(reason) };
  return { ...finding, suppressedBy: shown };
}

function reasonsOf({ reasons }: JudgedMatch, masked: Masked, ended: Evidence | undefined): readonly Evidence[] {
  const told = reasons.map((reason) =>
    reason.evidence === 'paired' ? { ...reason, text: masked(reason.text) } : reason,
  );
  return ended === undefined ? told : [...told, ended];
}

/** That of the worst of what belongs together. */
function severityOf({ ruleId, halves = [] }: JudgedMatch, options: ScanOptions): Severity {
  const ids = [ruleId, ...halves.flatMap(({ rule, isPublic }) => (rule === undefined || isPublic ? [] : [rule]))];
  const worst = Math.max(...ids.map((id) => SEVERITIES.indexOf(options.severityOf(id))));
  return SEVERITIES[worst] ?? 'high';
}

/** The halves that are no secret, by what their provider says, as bytes at which they start. */
function publicHalves(matches: readonly JudgedMatch[]): ReadonlySet<number> {
  return new Set(
    matches.flatMap(({ halves = [] }) => halves.flatMap(({ isPublic, start }) => (isPublic ? start : []))),
  );
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
