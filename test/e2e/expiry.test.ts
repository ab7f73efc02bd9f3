import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { scan } from '../support/cli.ts';
import { temporaryRepository } from '../support/repository.ts';

const DAY = 86_400_000;

/** A link that is signed with random bytes and ends on a day. */
function link(end: Date): string {
  const signature = encodeURIComponent(randomBytes(32).toString('base64'));
  return `https://bills.blob.core.windows.net/in?sv=2023-11-03&sr=b&sp=r&se=${end.toISOString().slice(0, 10)}&sig=${signature}`;
}

test('what has expired is still a finding, of low severity', async () => {
  await using repo = temporaryRepository();
  const [past, future] = [new Date(Date.now() - 30 * DAY), new Date(Date.now() + 30 * DAY)];
  repo.write('links.md', `${link(past)}\n\n${link(future)}\n`);
  const { findings, code } = scan(repo, []);
  expect(code).toBe(1);
  expect(findings.map(({ rule, line, severity, confidence }) => [rule, line, severity, confidence])).toEqual([
    ['azure-sas-token', 1, 'low', 'proven'],
    ['azure-sas-token', 3, 'high', 'proven'],
  ]);
  expect(findings.map(({ identity }) => identity.expires)).toEqual(
    [past, future].map((day) => day.toISOString().slice(0, 10)),
  );
  expect(JSON.stringify(findings[0]?.reasons)).toContain(`expired on ${past.toISOString().slice(0, 10)}`);
  expect(JSON.stringify(findings[1]?.reasons)).not.toContain('expired');
  // A build that fails on serious findings only is not failed by an old link.
  repo.write('links.md', `${link(past)}\n`);
  expect(scan(repo, ['--fail-on', 'medium']).code).toBe(0);
});
