/** What `npm run check` asks of the source, so that continuous integration asks it too. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const PACKAGE = new URL('..', import.meta.url).pathname;

test.each([
  ['types', 'tsc', '--noEmit'],
  ['types of the page', 'tsc', '-p', 'src/exposure/page/client'],
  ['lint', 'oxlint', '--type-aware', 'src', 'test', 'scripts'],
  ['format', 'oxfmt', '--check', 'src', 'test', 'scripts'],
  ['unused code', 'knip'],
])('%s', (_, program, ...args) => {
  const { status, stdout, stderr } = spawnSync(join(PACKAGE, 'node_modules', '.bin', program), args, {
    cwd: PACKAGE,
    encoding: 'utf8',
  });
  expect({ status, told: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, told: '' });
});
