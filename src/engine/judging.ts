import { proofNamed } from '../detectors/proofs/index.ts';
import { firstAt } from '../core/first-at.ts';
import type { Evidence, Match } from '../core/finding.ts';
import type { View } from '../core/view.ts';
import { evidence } from '../core/weights.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import { withValueDecoded } from './decoding/named.ts';
import type { JudgedMatch } from './engine.ts';
import { explain, judge, type Explained } from './verdict.ts';

/**
 * What is made of the matches of a chunk: each is put to its proof and to the verdict; of those that
 * overlap one stays. Loaded with all the evidence once there is a match: most commits have none.
 */
export function judgeAll(
  matches: readonly Match[],
  view: View,
  ruleNamed: (id: string) => CompiledRule | undefined,
): readonly JudgedMatch[] {
  const found: JudgedMatch[] = [];
  /** A file that is a credential by its name is a finding of its own, beside what stands in it. */
  const files: JudgedMatch[] = [];
  for (const match of matches) {
    const rule = ruleNamed(match.ruleId);
    const proved = rule && prove(valueDecoded(match, view, rule));
    const verdict = proved && judge(proved.match, view, rule, proved.proven);
    if (verdict) (match.about === 'file' ? files : found).push({ ...proved.match, ...verdict });
  }
  if (found.length === 0) return files;
  const apart = withoutOverlaps(found);
  return files.length === 0 ? apart : [...files, ...apart].toSorted((a, b) => a.start - b.start);
}

/** What was made of a match, finding or not. */
export type Explanation = {
  readonly match: Match;
  /** The finding that it is, with what it was joined with. */
  readonly stands?: JudgedMatch;
} & (Explained | { readonly rejectedBy: Evidence });

/** Why each match is a finding or not; they may overlap. */
export function explainAll(
  matches: readonly Match[],
  view: View,
  ruleNamed: (id: string) => CompiledRule | undefined,
): readonly Explanation[] {
  return matches.flatMap((match): readonly Explanation[] => {
    const rule = ruleNamed(match.ruleId);
    if (rule === undefined) return [];
    const proved = prove(valueDecoded(match, view, rule));
    return proved === undefined
      ? [{ match, rejectedBy: evidence('proof-failed', 'its checksum or structure shows that it is none') }]
      : [{ match: proved.match, ...explain(proved.match, view, rule, proved.proven) }];
  });
}

/** What is given to a credential's name may be encoded. */
function valueDecoded(match: Match, view: View, { detector }: CompiledRule): Match {
  return detector === 'assignment' ? withValueDecoded(match, view) : match;
}

/** Applies the proof of a match; `undefined` where it shows that there is no credential. */
function prove(match: Match): { readonly match: Match; readonly proven: boolean } | undefined {
  const { proof: use } = match;
  const proof = proofNamed(use?.name);
  if (use === undefined || proof === undefined) return { match, proven: false };
  const { verdict, evidence: more = [], account = match.account, expires } = proof.check(match.secret);
  if (verdict === 'fail' && use.onFail === 'reject') return undefined;
  const proven = verdict === 'pass' && use.proves;
  return {
    proven,
    match: {
      ...match,
      evidence: [
        ...match.evidence,
        ...more,
        ...(verdict === 'fail' && use.onFail === 'tell'
          ? [evidence('proof-failed', `not confirmed: ${proof.title}`)]
          : []),
        ...(proven ? [evidence('proof-passed', `confirmed: ${proof.title}`)] : []),
      ],
      ...(account !== undefined && { account }),
      ...(expires !== undefined && { expires }),
    },
  };
}

/**
 * Puts what was found in encoded text, in place of the outer one, into what stands plainly. What stands there
 * plainly stays, unless what it hides is surer, or as sure and says more.
 */
export function withDecoded(plain: readonly JudgedMatch[], decoded: readonly JudgedMatch[]): readonly JudgedMatch[] {
  if (decoded.length === 0) return plain;
  const files = plain.filter(({ about }) => about === 'file');
  /** In order of place, none overlapping. */
  const kept = plain.filter(({ about }) => about !== 'file');
  for (const match of decoded) {
    const first = firstAt(kept, ({ end }) => end > match.start);
    let end = first;
    while ((kept[end]?.start ?? Infinity) < match.end) end++;
    if (kept.slice(first, end).every((rival) => saysMore(match, rival))) kept.splice(first, end - first, match);
  }
  return files.length === 0 ? kept : [...files, ...kept].toSorted((a, b) => a.start - b.start);
}

function saysMore(match: JudgedMatch, than: JudgedMatch): boolean {
  const surer = CONFIDENCE_RANK[match.confidence] - CONFIDENCE_RANK[than.confidence];
  return surer > 0 || (surer === 0 && than.confidence !== 'proven' && match.priority > than.priority);
}

const CONFIDENCE_RANK = { possible: 0, likely: 1, proven: 2 } as const;

/**
 * Of matches that overlap, the one that says most stands: a proven one, then the more specific, then
 * the surer, then the longer. Where a less specific one was surer, what it knew is kept.
 */
function withoutOverlaps(matches: readonly JudgedMatch[]): JudgedMatch[] {
  const best = matches.toSorted(
    (a, b) =>
      Number(b.confidence === 'proven') - Number(a.confidence === 'proven') ||
      b.priority - a.priority ||
      CONFIDENCE_RANK[b.confidence] - CONFIDENCE_RANK[a.confidence] ||
      b.end - b.start - (a.end - a.start) ||
      a.start - b.start,
  );
  /** Sorted by place, none overlapping. */
  const kept: JudgedMatch[] = [];
  for (const match of best) {
    const next = firstAt(kept, ({ start }) => start >= match.end);
    // The last that starts before this one ends.
    const neighbour = kept[next - 1];
    if (neighbour === undefined || neighbour.end <= match.start) kept.splice(next, 0, match);
    else if (CONFIDENCE_RANK[match.confidence] > CONFIDENCE_RANK[neighbour.confidence]) {
      kept[next - 1] = { ...neighbour, confidence: match.confidence, reasons: match.reasons };
    }
  }
  return kept;
}
