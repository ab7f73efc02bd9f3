export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Weakest first. `proven`: a checksum or structure confirms it; `likely`: blocks; `possible`: shown. */
export const CONFIDENCES = ['possible', 'likely', 'proven'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** From where on a finding stops the commit or fails the build: both count. */
export interface FailOn {
  readonly confidence: Confidence;
  readonly severity: Severity;
}

/** One piece of evidence: a named observation, what it weighed, and the sentence that says it. */
export interface Evidence {
  /** Stable kebab-case name, such as `prefix`, `checksum`, `placeholder`, `test-file`. */
  readonly evidence: string;
  /** Added to the score: positive speaks for a credential, negative against. */
  readonly weight: number;
  /** For people; never holds the secret or a part of it. */
  readonly text: string;
}

/** What the credential is and what holding it means. */
export interface Identity {
  readonly class: string;
  /** Who acts with it: `human`, `service`, `workload`, … */
  readonly type: string;
  readonly grants: string;
  readonly lifetime: string;
  /** Account, project or user that the credential itself names, where it can be decoded offline, or what stands beside it. */
  readonly account?: string;
  /** What belongs to the credential and stands near it: a key id, a client id, a host, a second key. */
  readonly pair?: readonly Half[];
  /** ISO 8601 date or time, where it can be decoded offline. */
  readonly expires?: string;
}

/** The other half of a credential, found with it. */
export interface Half {
  /** What it is: `access key id`. */
  readonly what: string;
  /** Masked, unless its provider says that it is no secret. */
  readonly value: string;
  /** From 1, in the file of the finding. */
  readonly line: number;
  /** The rule that it would be a finding of, if it stood alone. */
  readonly rule?: string;
}

export interface Advice {
  readonly text: string;
  /** The provider's page for revoking or rotating it. */
  readonly rotate?: string;
}

/**
 * What a detector hands on: a place and what speaks for and against it. The raw value lives here
 * and no further.
 *
 * `start` and `end` are byte offsets into `Chunk.bytes`, from 0, half-open, around the secret value.
 */
export interface Match {
  readonly ruleId: string;
  readonly start: number;
  readonly end: number;
  /** The value, decoded where the text encodes it. */
  readonly secret: string;
  /** What stands in the text where that is an encoded form of the value: as much to be hidden. */
  readonly written?: string;
  readonly evidence: readonly Evidence[];
  /** The check that the value carries in itself, where it does. */
  readonly proof?: MatchProof;
  /**
   * A person chose it, or may have: the value could stand in a dictionary. Decides how the
   * fingerprint is made. `false` only for values that a machine made at random.
   */
  readonly guessable: boolean;
  /** The name that the value is assigned to, as written, where there is one. */
  readonly name?: string;
  readonly account?: string;
  readonly expires?: string;
  /** The finding is the file as such; the value is only where to look. */
  readonly about?: 'file';
  /** Higher wins where matches overlap; see `detectors/index.ts`. */
  readonly priority: number;
}

/** A checksum or a structure that cannot be chance; `name` is a file of `src/detectors/proofs/`. */
export interface MatchProof {
  readonly name: string;
  /** What a failing check says: it is no credential, it speaks against one, nothing. */
  readonly onFail: 'reject' | 'tell' | 'nothing';
  /** A passing check proves the credential; else it only tells what was decoded on the way. */
  readonly proves: boolean;
}

/** Why a finding does not count. */
export interface Suppression {
  readonly by: 'inline-comment' | 'allow-list' | 'exception' | 'baseline' | 'foreign';
  /** The rule, entry or comment, for people: `.keepmum.yaml allow.paths "test/**"`. */
  readonly where: string;
  readonly reason?: string;
  readonly owner?: string;
  /** ISO date, the last day on which it holds. */
  readonly expires?: string;
}

/**
 * What leaves the pipeline. It has no field for the raw secret except `secret`, which only
 * `--show-secrets` fills, so no reporter can print one by accident.
 */
export interface Finding {
  readonly rule: string;
  readonly title: string;
  readonly provider: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly reasons: readonly Evidence[];
  readonly path: string;
  /** Lines from 1; columns in UTF-16 units from 1. `endColumn` is one past the last unit. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly commit?: string;
  /** Where several were scanned: the repository, as it was named; `path` begins with it. */
  readonly repository?: string;
  /** The value with its middle masked. */
  readonly preview: string;
  /** The line it stands on, cut around the value, with every secret in it masked. */
  readonly excerpt: Excerpt;
  /** Survives moved lines and renamed files, and lets nobody test guesses; see `fingerprint.ts`. */
  readonly fingerprint: string;
  readonly identity: Identity;
  readonly advice: Advice;
  readonly references: readonly string[];
  readonly suppressedBy?: Suppression;
  readonly secret?: string;
  /** Of a scan of the history: what came of it since `commit`. */
  readonly history?: FindingHistory;
}

/** What a history tells of a secret under one path. */
export interface FindingHistory {
  /** Author of the commit that brought it, as git has it, and the time: ISO 8601 in the author's own zone. */
  readonly author?: { readonly name: string; readonly email: string };
  readonly date?: string;
  /** HEAD has it under this path. */
  readonly inHead: boolean;
  /** Different texts under this path that hold it. */
  readonly versions: number;
  /** Commits that brought one of them. */
  readonly commits: number;
  /** Every path under which one of those texts stood, `path` among them; sorted, the first hundred. */
  readonly paths: readonly string[];
}

/** A line for display: `text` is safe to show, `[start, end)` in UTF-16 units of `text` is the masked value. */
export interface Excerpt {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What a run looked at, and what it did not. */
export interface Summary {
  readonly source: string;
  readonly files: number;
  readonly bytes: number;
  readonly lines: number;
  /** Milliseconds, whole run. */
  readonly elapsed: number;
  readonly findings: number;
  readonly blocking: number;
  /** What blocked; absent where it differed. */
  readonly failOn?: FailOn;
  readonly suppressed: number;
  readonly skipped: readonly SkippedGroup[];
  /** Something that was asked for could not be examined; the exit code is 2 where nothing was found. */
  readonly incomplete: boolean;
  /** It was ended before its time: what had not been reached by then is missing. The exit code is 2. */
  readonly interrupted?: true;
  /** The part of the job that was done, such as `3/16`: the other parts are in other reports. */
  readonly shard?: string;
  /** Names what it is a part of: all shards of one job have the same, those of another state or place another. */
  readonly shardOf?: string;
  /** Plain sentences that a person should see: entries about to expire, options that had no effect. */
  readonly notices: readonly string[];
}

export interface SkippedGroup {
  readonly reason: string;
  readonly text: string;
  readonly count: number;
  readonly incomplete: boolean;
  /** Up to three paths, as examples. */
  readonly paths: readonly string[];
}

/** A finding at or above `failOn` that nothing suppresses. */
export function isBlocking(
  { suppressedBy, confidence, severity }: Pick<Finding, 'suppressedBy' | 'confidence' | 'severity'>,
  failOn: FailOn,
): boolean {
  return (
    suppressedBy === undefined &&
    CONFIDENCES.indexOf(confidence) >= CONFIDENCES.indexOf(failOn.confidence) &&
    SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(failOn.severity)
  );
}
