import type { Evidence, Finding, FindingHistory, Identity, Suppression } from '../core/finding.ts';

/** A finding as JSON: the keys, their order and their meaning are a contract, see `docs/output.md`. */
export interface FindingRecord {
  readonly rule: string;
  readonly provider: string;
  readonly severity: Finding['severity'];
  readonly confidence: Finding['confidence'];
  readonly reasons: readonly Evidence[];
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** `null` where the text is not committed yet. */
  readonly commit: string | null;
  readonly preview: string;
  readonly fingerprint: string;
  readonly identity: Identity;
  readonly advice: Finding['advice'];
  /** Where several were scanned. */
  readonly repository?: string;
  /** Of a scan of the history. */
  readonly history?: FindingHistory;
  readonly suppressedBy?: Suppression;
  readonly secret?: string;
}

export function toRecord(finding: Finding): FindingRecord {
  return {
    rule: finding.rule,
    provider: finding.provider,
    severity: finding.severity,
    confidence: finding.confidence,
    reasons: finding.reasons.map(({ evidence, weight, text }) => ({ evidence, weight, text })),
    path: finding.path,
    line: finding.line,
    column: finding.column,
    endLine: finding.endLine,
    endColumn: finding.endColumn,
    commit: finding.commit ?? null,
    preview: finding.preview,
    fingerprint: finding.fingerprint,
    identity: finding.identity,
    advice: finding.advice,
    ...(finding.repository !== undefined && { repository: finding.repository }),
    ...(finding.history !== undefined && { history: finding.history }),
    ...(finding.suppressedBy !== undefined && { suppressedBy: finding.suppressedBy }),
    ...(finding.secret !== undefined && { secret: finding.secret }),
  };
}

/** What JSON leaves as it is although a terminal or a reader may not: see `safe` in `core/terminal-text.ts`. */
const UNSAFE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]|#(?=#[a-z]*\[)/giu;

/** JSON that is safe to look at: controls, format characters and commands to log viewers are written as `\uXXXX`; the value is the same. */
export function stringify(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(UNSAFE, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
