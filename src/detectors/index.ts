/**
 * What finds credentials that no pattern can describe, one file per detector. A detector reads
 * windows of one chunk and makes matches, with evidence of how the value is written. It may not read
 * files, keep state between chunks, or decide whether a value is a credential: that is the verdict's.
 */
import { assignment } from './assignment.ts';
import { call } from './call.ts';
import { commandLine } from './command-line.ts';
import { connectionString } from './connection-string.ts';
import type { Detector } from './detector.ts';
import { entropy } from './entropy.ts';
import { fileName } from './file-name.ts';
import { keyBlock } from './key-block.ts';

/**
 * Where matches overlap and none is proven, the higher priority wins: a key block (60), a rule's own
 * pattern (50 to 44, by its distinctiveness), a connection string (40), an assignment to a name that a rule asks for (30), what a
 * command or call takes by its place (25), any assignment (20), a nameless token (10). The file as such (5) stands beside all of them.
 */
export const DETECTORS: readonly Detector[] = [
  keyBlock,
  connectionString,
  assignment,
  commandLine,
  call,
  entropy,
  fileName,
];
