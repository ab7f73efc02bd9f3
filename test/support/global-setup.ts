import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CODE_CACHE } from './code-cache.ts';
import { lefthookProgram, preCommitFramework } from './hook-managers.ts';
import { nodesUnderTest } from './nodes.ts';

/** Once before all tests, so that two workers never install the same program at a time. */
export default function setup(): () => void {
  preCommitFramework();
  lefthookProgram();
  nodesUnderTest();
  const folder = mkdtempSync(join(tmpdir(), 'keepmum-code-'));
  process.env[CODE_CACHE] = folder;
  return () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
}
