import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** V8 of Node 22 and later, the first with such a mode. */
const FIRST_EFFICIENT_V8 = 12;
/** Bytes of bytecode that a function runs before V8 looks whether it is worth compiling; by itself 135,168. */
const INTERRUPT_BUDGET = 1_000_000;
/** Megabytes to which the memory of a thread grows before it is searched for garbage; the least of a scan's is half of it. */
const FIRST_HEAP = 64;

/**
 * Makes V8 compile functions for speed later and fewer of them, where `threads` of ours read `what`. It does so on threads
 * of its own, once for each of ours, and where all processors scan, that takes a fifth of their time; where one is
 * free, it costs nothing. https://github.com/v8/v8/blob/main/src/flags/flag-definitions.h
 */
export function optimizeLater(threads: number, what: 'files' | 'slice'): void {
  if (threads < availableParallelism()) return;
  const isEfficient = Number.parseInt(process.versions.v8, 10) >= FIRST_EFFICIENT_V8;
  if (!isEfficient) setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`);
  // In that mode it also collects garbage later: a history, which makes more of it, would take 70 MB more for a twentieth of its time.
  else if (what === 'files') {
    setFlagsFromString('--efficiency-mode');
    // Of threads that are still to be started.
    setFlagsFromString(`--initial-heap-size=${FIRST_HEAP}`);
  }
}
