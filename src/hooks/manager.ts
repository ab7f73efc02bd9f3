/** The git hooks that keepmum can serve; `install` writes all unless told otherwise. */
export const HOOK_NAMES = ['pre-commit', 'pre-merge-commit', 'commit-msg', 'pre-push'] as const;
export type HookName = (typeof HOOK_NAMES)[number];

export const MANAGER_NAMES = ['git', 'husky', 'lefthook', 'pre-commit'] as const;
export type ManagerName = (typeof MANAGER_NAMES)[number];

/** What a hook starts. Absolute paths, with `/` on every platform. */
export interface Program {
  readonly node: string;
  readonly entry: string;
  /** The package's `hooks/` folder. */
  readonly templates: string;
}

/** A repository as its hooks see it. Absolute paths. */
export interface Site {
  /** Top level of the working tree; of a bare repository, the repository. */
  readonly root: string;
  readonly commonDir: string;
  /** Where git looks for hooks now. */
  readonly hooksDir: string;
  /** `core.hooksPath` as set, weakest first. */
  readonly hooksPaths: readonly HooksPathSetting[];
}

export interface HooksPathSetting {
  /** `system`, `global`, `local`, `worktree` or `command`. */
  readonly scope: string;
  readonly value: string;
}

export interface InstallOptions {
  readonly hooks: readonly HookName[];
  readonly program: Program;
}

export interface Change {
  readonly path: string;
  readonly action: 'created' | 'updated' | 'unchanged' | 'removed' | 'restored' | 'chained';
}

/** What was done, and what the user has to do next, as imperative sentences. */
export interface Outcome {
  readonly changes: readonly Change[];
  readonly next: readonly string[];
}

/** One hook: what runs there. */
export interface HookStatus {
  readonly hook: HookName;
  /** `broken`: ours, and it cannot work; `stale`: ours, of another version. */
  readonly state: 'ours' | 'stale' | 'broken' | 'foreign' | 'none';
  readonly detail: string;
  readonly fix?: string;
}

/** A way to run hooks: git's own folder, or a tool that manages them. */
export interface Manager {
  readonly name: ManagerName;
  /** Why the repository is taken to use it, for people; `undefined` where it does not. */
  detect(site: Site): string | undefined;
  /** @throws {HookError} where something stands in the way; then nothing of that file was changed */
  install(site: Site, options: InstallOptions): Promise<Outcome>;
  /** Takes out what `install` put in, and nothing else. */
  uninstall(site: Site, options: InstallOptions): Promise<Outcome>;
  status(site: Site, options: InstallOptions): readonly HookStatus[];
}
