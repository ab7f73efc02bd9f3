import type { Severity } from '../core/finding.ts';

/**
 * A rule as written in `patterns/secrets/<provider>.yaml` or under `rules:` of `.keepmum.yaml`.
 * `patterns/rule.schema.json` is the same for editors, and what validation uses.
 */
export interface RuleSource {
  readonly id: string;
  readonly title: string;
  /** Overrides the file's provider. */
  readonly provider?: string;
  readonly severity: Severity;
  /** `high`: the shape alone is enough; `medium`: nearly; `low`: needs name and context. */
  readonly distinctiveness: 'high' | 'medium' | 'low';
  /**
   * Literals of which one stands in every match; the rule is looked at only where one occurs.
   * Compared case-insensitively, at least 2 bytes, ASCII.
   */
  readonly anchors?: readonly string[];
  /** RE2 syntax; the secret is the group named `secret`. Runs on a window of Latin-1 text. */
  readonly pattern?: string;
  /** Instead of `pattern`: the detector that makes matches for this rule. */
  readonly detector?: string;
  /** What that detector wants to know, such as `schemes` for connection strings. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Words of which one must stand within `nearBytes` of the match (or in the path), case-insensitively. */
  readonly near?: readonly string[];
  /** Default 256, before and after. */
  readonly nearBytes?: number;
  readonly proof?: ProofUse;
  /** Least entropy of the secret in bits per character, of the characters as they are distributed in it. */
  readonly minEntropy?: number;
  /** What belongs to the secret: where it stands near, both are one finding; see `engine/pairing.ts`. */
  readonly pair?: readonly HalfSource[];
  /** A person may have chosen the value. Default: true where `class` is password or connection-string. */
  readonly guessable?: boolean;
  readonly identity: {
    readonly class: string;
    readonly type: string;
    readonly grants: string;
    readonly lifetime: string;
  };
  readonly advice: { readonly text: string; readonly rotate?: string };
  readonly references: readonly string[];
  /** Template of a whole secret, as `${token}` in the examples; see `template.ts`. */
  readonly token?: string;
  readonly examples: readonly (string | Example)[];
  readonly counterExamples: readonly (string | Example)[];
}

/** The other half of a secret: `rule`, `pattern`, or `names` with `value` say how it is known. */
export interface HalfSource {
  /** As reasons call it: `access key id`. */
  readonly what: string;
  /** The rule whose findings it is; they are told with the secret's. */
  readonly rule?: string;
  /** RE2 syntax, looked for near the secret only; the group `secret`, or all of it. No finding by itself. */
  readonly pattern?: string;
  /** Ends of names that it is given to, in snake case: `client_id` is `spotifyClientId`, too. */
  readonly names?: readonly string[];
  /** Its characters, in RE2 syntax, case told apart. */
  readonly value?: string;
  /** The provider says that it is no secret: it is shown whole. */
  readonly public?: boolean;
  /** One of it serves several secrets, as a host or an account does. */
  readonly shared?: boolean;
}

/** A text to try a rule on. A plain string is short for `{ text }`. */
export interface Example {
  readonly text: string;
  /** Path that the text pretends to have; default `example.txt`. */
  readonly path?: string;
  /** Why, for readers. */
  readonly note?: string;
  /** What the secret is joined with, by `what` of the rule's halves. */
  readonly pair?: readonly string[];
}

/** How a secret proves itself; `name` is a file of `src/detectors/proofs/`. */
export interface ProofUse {
  readonly name: string;
  /** `reject`: a failing secret is not one. `confirm`: passing proves, failing proves nothing. */
  readonly onMismatch: 'reject' | 'confirm';
}

/** A file of `patterns/secrets/`. */
export interface RuleFile {
  readonly provider: string;
  readonly rules: readonly RuleSource[];
}
