import patterns from '#patterns/index';
import { createEngine } from '../../src/engine/create.ts';
import type { JudgedMatch } from '../../src/engine/engine.ts';
import { viewOf } from './view.ts';

const engine = createEngine(patterns);

/** What all built-in rules together find in a whole new file. */
export async function detect(text: string, path?: string): Promise<readonly JudgedMatch[]> {
  return engine.detect(viewOf(text, path));
}

/** The same as pairs of rule and secret, in order of place. */
export async function secretsIn(text: string, path?: string): Promise<(readonly [string, string])[]> {
  return (await detect(text, path)).map(({ ruleId, secret }) => [ruleId, secret] as const);
}
