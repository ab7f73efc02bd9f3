/**
 * The errors that a user can cause or meet. Each message is one line that says what failed, on
 * what (file and line where there is one), and what to do; it never holds file content.
 * Anything that is not a `KeepmumError` is a bug.
 */
export abstract class KeepmumError extends Error {
  /** Stable machine-readable name; `cli/exit-codes.ts` maps it. */
  abstract readonly code: 'usage' | 'config' | 'rule' | 'git' | 'source' | 'hook' | 'exception';
  /** What to do about it, as an imperative sentence. */
  readonly fix: string | undefined;

  constructor(message: string, options: { readonly fix?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.fix = options.fix;
  }
}

/** The command line asks for something that does not exist or does not fit together. */
export class UsageError extends KeepmumError {
  readonly code = 'usage';
}

/** `.keepmum.yaml` (or what it extends) is not readable or not valid. */
export class ConfigError extends KeepmumError {
  readonly code = 'config';
}

/** A rule, ours or a user's, is not valid or its pattern does not compile. */
export class RuleError extends KeepmumError {
  readonly code = 'rule';
}

/** Git is missing, too old, or refused. */
export class GitError extends KeepmumError {
  readonly code = 'git';
}

/** The text that was asked for cannot be read. */
export class SourceError extends KeepmumError {
  readonly code = 'source';
}

/** A hook cannot be installed, removed or checked. */
export class HookError extends KeepmumError {
  readonly code = 'hook';
}

/** The exceptions file is not valid or an entry cannot be written. */
export class ExceptionError extends KeepmumError {
  readonly code = 'exception';
}
