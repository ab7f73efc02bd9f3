import type { SkippedGroup, Summary } from './finding.ts';

/** Paths of a kind of what was not examined that are told, as examples. */
export const MOST_EXAMPLES = 3;

/** Keeps the first few paths by their order as text, which does not depend on who came first. */
export function keepExample(paths: string[], path: string): void {
  const last = paths.at(-1);
  if (paths.length >= MOST_EXAMPLES && last !== undefined && path >= last) return;
  if (paths.includes(path)) return;
  paths.push(path);
  paths.sort();
  if (paths.length > MOST_EXAMPLES) paths.pop();
}

/** What several runs looked at, as if it had been one; none is as good as nothing. The order does not matter but for `elapsed`. */
export function mergeSummaries(summaries: readonly Summary[]): Summary {
  const groups = new Map<string, { text: string; count: number; incomplete: boolean; paths: string[] }>();
  for (const { reason, text, count, incomplete, paths } of summaries.flatMap(({ skipped }) => skipped)) {
    let group = groups.get(reason);
    if (group === undefined) groups.set(reason, (group = { text, count: 0, incomplete: false, paths: [] }));
    group.count += count;
    group.incomplete ||= incomplete;
    for (const path of paths) keepExample(group.paths, path);
  }
  const skipped = [...groups].map(([reason, group]): SkippedGroup => ({ reason, ...group })).toSorted(byReason);
  const sum = (of: (summary: Summary) => number): number => summaries.reduce((all, one) => all + of(one), 0);
  const [first] = summaries;
  const isSame = summaries.every(({ failOn }) => JSON.stringify(failOn) === JSON.stringify(first?.failOn));
  const names = [...new Set(summaries.map(({ source }) => source))].toSorted();
  return {
    source: names.join(', '),
    files: sum(({ files }) => files),
    bytes: sum(({ bytes }) => bytes),
    lines: sum(({ lines }) => lines),
    elapsed: sum(({ elapsed }) => elapsed),
    findings: sum(({ findings }) => findings),
    blocking: sum(({ blocking }) => blocking),
    ...(isSame && first?.failOn && { failOn: first.failOn }),
    suppressed: sum(({ suppressed }) => suppressed),
    skipped,
    incomplete: summaries.some(({ incomplete }) => incomplete),
    ...(summaries.some(({ interrupted }) => interrupted === true) && { interrupted: true }),
    notices: [...new Set(summaries.flatMap(({ notices }) => notices))].toSorted(),
  };
}

/** In one order, whatever was met first. */
export function byReason(a: SkippedGroup, b: SkippedGroup): number {
  return a.reason < b.reason ? -1 : 1;
}
