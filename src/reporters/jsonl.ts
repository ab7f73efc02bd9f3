import { stringify, toRecord } from './record.ts';
import type { Reporter } from './reporter.ts';

export const jsonl: Reporter = {
  name: 'jsonl',
  title: 'one JSON object per finding and line, written as they come',
  tellsSummary: false,
  start: (context) => ({
    finding: (finding) =>
      finding.suppressedBy === undefined || context.showSuppressed ? `${stringify(toRecord(finding))}\n` : '',
    end: () => '',
  }),
};
