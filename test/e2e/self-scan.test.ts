/** keepmum on its own repository: full of patterns, examples and tests of secrets, and none of them real. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Finding, Summary } from '../../src/core/finding.ts';
import { CLI } from '../support/cli.ts';

const PACKAGE = new URL('../..', import.meta.url).pathname;

test('keepmum scan is clean here, without settings and without exceptions', () => {
  const settings = ['.keepmum.yaml', '.keepmum.yml', '.keepmum-exceptions.jsonl', '.gitleaksignore', '.gitleaks.toml'];
  expect(settings.filter((name) => existsSync(join(PACKAGE, name)))).toEqual([]);
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'scan', '--format', 'json'], {
    cwd: PACKAGE,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const report = JSON.parse(stdout) as { readonly findings: readonly Finding[]; readonly summary: Summary };
  // A test may show what does not block; what ships and what documents it shows nothing.
  const shown = report.findings
    .filter(({ path, confidence }) => !path.startsWith('test/') || confidence !== 'possible')
    .map(({ rule, path, line, confidence }) => `${path}:${line} ${rule} ${confidence}`);
  expect({ status, stderr, shown }).toEqual({ status: 0, stderr: '', shown: [] });
  expect(report.summary.files).toBeGreaterThan(300);
  expect(report.summary.incomplete).toBe(false);
});
