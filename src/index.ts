/** The library: sources of text, the pipeline, and what comes out of it. */
export * from './sources/index.ts';
export { isBlocking, scan, scanAll, type FailOn, type ScanOptions } from './scan.ts';
export type { Chunk, Origin, Skipped, Source } from './core/chunk.ts';
export type { Evidence, Finding, Summary, Suppression } from './core/finding.ts';
export { KeepmumError } from './core/errors.ts';
