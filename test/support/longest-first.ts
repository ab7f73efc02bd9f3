import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, longest first; found out by hand, and wrong at no harm. */
const LONGEST: readonly string[] = [
  'e2e/staged',
  'e2e/package',
  'e2e/hook',
  'e2e/installers',
  'e2e/tree',
  'e2e/shards',
  'e2e/map-fix',
  'exposure/page',
  'e2e/output',
  'e2e/history',
  'e2e/exceptions',
  'e2e/sources',
  'e2e/foreign-exceptions',
  'e2e/worktree',
  'e2e/map',
  'e2e/map-forty',
  'e2e/map-selftest',
  'e2e/every-rule',
  'hostile-patterns',
  'hostile-size',
  'e2e/errors',
  'e2e/pairs',
  'hooks/managers',
  'check',
];

/**
 * Starts the longest files first, so that no worker ends alone. A clean checkout knows no durations of an earlier run,
 * and goes by the size of the files.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
