import type { Confidence, Severity } from '../core/finding.ts';
import type { RuleSource } from '../rules/format.ts';

/** `.keepmum.yaml` as written; `docs/config.schema.json` is the same for editors, and what validation uses. */
export interface ConfigSource {
  readonly extends?: string | readonly string[];
  readonly failOn?: { readonly confidence?: Confidence; readonly severity?: Severity };
  readonly strict?: boolean;
  readonly severity?: Readonly<Record<string, Severity>>;
  readonly disable?: readonly string[];
  readonly allow?: {
    readonly paths?: readonly string[];
    readonly findings?: readonly AllowedFindings[];
  };
  readonly rules?: readonly OwnRuleSource[];
}

/** A rule as a user may write it: what is only told may be left out. */
export type OwnRuleSource = Partial<RuleSource> & Pick<RuleSource, 'id' | 'title' | 'severity'>;

/** Findings that are listed as suppressed: by rule, by path, or by both. */
export interface AllowedFindings {
  readonly rules?: readonly string[];
  readonly paths?: readonly string[];
  readonly reason: string;
}

/** Everything resolved: defaults, what is extended, and the file itself. */
export interface Config {
  /** The files it was read from, the weakest first; empty where there is none. */
  readonly files: readonly string[];
  readonly failOn: { readonly confidence: Confidence; readonly severity: Severity };
  readonly severity: Readonly<Record<string, Severity>>;
  readonly disable: readonly string[];
  readonly allow: { readonly paths: readonly string[]; readonly findings: readonly AllowedFindings[] };
  readonly rules: readonly OwnRule[];
}

/** A rule of the user's, and the file that it stands in. */
export interface OwnRule {
  readonly rule: RuleSource;
  readonly file: string;
}

export const DEFAULTS: Config = {
  files: [],
  failOn: { confidence: 'likely', severity: 'low' },
  severity: {},
  disable: [],
  allow: { paths: [], findings: [] },
  rules: [],
};

/** The settings of `file` over those of `base`: values replace, lists are joined. */
export function extend(base: Config, source: ConfigSource, file: string): Config {
  return {
    files: [...base.files, file],
    failOn: {
      ...base.failOn,
      ...(source.strict === true && { confidence: 'possible' as const }),
      ...source.failOn,
    },
    severity: { ...base.severity, ...source.severity },
    disable: [...base.disable, ...(source.disable ?? [])],
    allow: {
      paths: [...base.allow.paths, ...(source.allow?.paths ?? [])],
      findings: [...base.allow.findings, ...(source.allow?.findings ?? [])],
    },
    rules: [...base.rules, ...(source.rules ?? []).map((rule) => ({ rule: completed(rule), file }))],
  };
}

/** What is said of a rule that says nothing of itself. */
const UNTOLD = {
  distinctiveness: 'high',
  identity: { class: 'api-key', type: 'service', grants: 'what it was issued for', lifetime: 'unknown' },
  advice: { text: 'Take it out and renew it where it was issued.' },
  references: [],
  examples: [],
  counterExamples: [],
} as const;

/** A user's rule with all that a rule has. Where it does not say what its values are, people may have made them. */
export function completed(rule: OwnRuleSource): RuleSource {
  return { ...UNTOLD, ...(rule.identity === undefined && { guessable: true }), ...rule };
}
