import { stringify, toRecord } from './record.ts';
import { collected, type Reporter } from './reporter.ts';

export const json: Reporter = {
  name: 'json',
  title: 'one JSON object: version, summary, findings',
  tellsSummary: true,
  start: (context) =>
    collected(
      context,
      (findings, summary) =>
        `${stringify({ version: context.version, summary: { ...summary, elapsed: Math.round(summary.elapsed) }, findings: findings.map(toRecord) }, 2)}\n`,
    ),
};
