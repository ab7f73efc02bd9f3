import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** V8 of Node 22 and later, the first with a mode of efficiency. */
const FIRST_EFFICIENT_V8 = 12;
/** Bytes of bytecode that a function runs before V8 looks whether it is worth compiling; by itself 67,584. */
const INTERRUPT_BUDGET = 1_000_000;
/** Bytes of bytecode that a function takes into itself from those that it calls, for files; V8 before 12 takes 920 and compiles so much the longer. */
const MOST_INLINED = 200;
/** Megabytes to which the memory of a thread grows before it is searched for garbage; that of a scan takes about half of it. */
const FIRST_HEAP = 64;
/** Megabytes of the same for what lives longer, for a history on V8 before 12: texts outside of the heap count, and it searches for one twentieth of the time. */
const FIRST_OLD = 48;
/** By how much of what lives the memory of a thread grows until it is searched, in percent; V8 from 12 on lets a history's double and more. */
const GROWTH = 60;

/**
 * Makes V8 fit for `threads` of ours that read `what`; before all but the first are started.
 *
 * It compiles functions for speed on threads of its own, once for each of ours. Where all processors scan, that takes a
 * fifth of their time, so it compiles later and less; where one is free, it costs nothing. For a history it compiles on
 * the threads that there are: the mode of efficiency collects garbage later, of which a history makes 75 MB more.
 * https://github.com/v8/v8/blob/main/src/flags/flag-definitions.h
 */
export function tuneV8(threads: number, what: 'files' | 'slice'): void {
  if (threads < availableParallelism()) return;
  const hasMode = Number.parseInt(process.versions.v8, 10) >= FIRST_EFFICIENT_V8;
  if (!hasMode) setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`);
  if (what === 'slice') {
    setFlagsFromString('--no-concurrent-recompilation');
    setFlagsFromString(hasMode ? `--heap-growing-percent=${GROWTH}` : `--initial-old-space-size=${FIRST_OLD}`);
  } else if (hasMode) {
    setFlagsFromString('--efficiency-mode');
    // Of threads that are still to be started.
    setFlagsFromString(`--initial-heap-size=${FIRST_HEAP}`);
  } else {
    setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${MOST_INLINED}`);
  }
}
