/**
 * Options of Node for a process that lives as long as a hook. Code that runs for some milliseconds is not
 * worth optimizing, and threads that compile compete with git for the processor.
 *
 * A thread that compiles may also wait for a garbage collection of the main thread, which waits for that
 * thread in `process.exit`, for ever (https://github.com/nodejs/node/issues/54918). With these options no
 * thread compiles.
 *
 * To hash strings with a secret of its own, V8 looks for prime numbers when it starts, and hashes again what its
 * snapshot holds (https://github.com/nodejs/node/blob/v24.x/deps/v8/src/numbers/hash-seed-inl.h): 11 of 57 ms of an empty Node 24.
 * Without that whoever writes a text can choose strings that have one hash. So tables of names and lines that such a
 * run may meet do not grow with the text, or not beyond some thousands. Those of the paths in a merge and of the values
 * of one chunk still do.
 */
export const SHORT_RUN_OPTIONS: readonly string[] = [
  '--no-opt',
  '--no-maglev',
  '--no-concurrent-recompilation',
  '--liftoff-only',
  '--no-rehash-snapshot',
];

/** Node was started with them, so that it is safe to end at once. */
export const isShortRun: boolean = SHORT_RUN_OPTIONS.every((option) => process.execArgv.includes(option));

/** There is more to do than was thought: from here on, what is hot is optimized, on this thread. */
export function runLonger(): void {
  // The module takes two milliseconds to load.
  if (isShortRun) (require('node:v8') as typeof import('node:v8')).setFlagsFromString('--opt');
}
