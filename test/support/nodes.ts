import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const CACHE = new URL('../../node_modules/.cache/', import.meta.url).pathname;

/** The Node that tests start the built command line with: `KEEPMUM_TEST_NODE`, or the one that runs the tests. */
export const TEST_NODE: string = process.env['KEEPMUM_TEST_NODE'] ?? process.execPath;

/** A Node to test with, or why this machine cannot have it. */
export interface NodeUnderTest {
  /** For the names of tests. */
  readonly name: string;
  readonly path: string;
  readonly missing?: string;
}

/** {@link TEST_NODE}, and Node 24 next to it (Node 20 where that is 24). */
export function nodesUnderTest(): readonly NodeUnderTest[] {
  const version = versionOf(TEST_NODE);
  const first: NodeUnderTest = { name: `Node ${version}`, path: TEST_NODE };
  return [first, fetchNode(version.startsWith('24.') ? 20 : 24)];
}

function versionOf(node: string): string {
  return spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout?.trim() ?? '';
}

/** A program of that major version from its npm package, fetched on first use. */
function fetchNode(major: number): NodeUnderTest {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const source = `node-${platform}-${process.arch}@${major}`;
  const folder = join(CACHE, `node-${major}`);
  const path = join(folder, 'node_modules', 'other-node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  // Workers inherit the variable from the setup: one that could not be had is not asked for again.
  if (!existsSync(path) && process.env['KEEPMUM_TEST_NODE_MISSING'] !== source) {
    mkdirSync(folder, { recursive: true });
    const quick = ['--ignore-scripts', '--no-save', '--fetch-retries=1', '--fetch-timeout=60000'];
    spawnSync('npm', ['install', ...quick, '--prefix', folder, `other-node@npm:${source}`], { cwd: folder });
  }
  const version = versionOf(path);
  if (version !== '') return { name: `Node ${version}`, path };
  process.env['KEEPMUM_TEST_NODE_MISSING'] = source;
  const missing = `npm could not bring ${source}`;
  return { name: `Node ${major} (skipped: ${missing})`, path, missing };
}
