/**
 * Each file here is one place that text comes from, and turns it into chunks. A source may ask git
 * (through `src/git/`) and read files; it yields what it cannot examine as skipped. It knows no rule,
 * prints nothing, follows no link, and writes nothing.
 */
export { commitMessageSource, type CommitMessageOptions } from './commit-message.ts';
export { historySource, type HistoryOptions } from './history.ts';
export { patchSource } from './patch.ts';
export { pushSource, type PushOptions } from './push.ts';
export { rangeSource, type RangeOptions } from './range.ts';
export { stagedSource, type StagedOptions } from './staged.ts';
export { stdinSource } from './stdin.ts';
export { worktreeSource, type WorktreeOptions } from './worktree.ts';
