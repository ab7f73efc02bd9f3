import type { SkipReason } from '../core/chunk.ts';
import type { Evidence, Finding, SkippedGroup, Summary } from '../core/finding.ts';
import { safe } from '../core/terminal-text.ts';

/** `12,345`; the runtime's own formatter takes longer to load than a commit takes to scan. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 finding`, `1,204 lines`. */
export function count(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** Bytes in decimal units: `512 B`, `4.8 kB`, `48 kB`. */
function size(bytes: number): string {
  let value = bytes;
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (value < 999.5 || unit === 'GB') {
      return `${unit !== 'B' && value < 9.95 ? value.toFixed(1) : grouped(Math.round(value))} ${unit}`;
    }
    value /= 1000;
  }
  return '';
}

/** `35 ms`, `2.4 s`. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** `50 files (1,204 lines, 48 kB)`. */
export function examined({ source, files, lines, bytes, shard }: Summary): string {
  const part = shard === undefined ? '' : `, shard ${shard}`;
  if (source === 'history') return `${count(files, 'version')} of files and messages (${size(bytes)})${part}`;
  const noun = source === 'staged' ? 'staged file' : source === 'commit-message' ? 'message' : 'file';
  return `${count(files, noun)} (${count(lines, 'line')}, ${size(bytes)})${part}`;
}

/** `2 findings (1 blocking) and 3 suppressed`; what is suppressed is no finding. */
export function found({ findings, blocking, suppressed }: Summary): string {
  const block = blocking === 0 ? 'none blocking' : `${grouped(blocking)} blocking`;
  return [
    findings === 0 ? 'no findings' : `${count(findings, 'finding')} (${block})`,
    ...(suppressed === 0 ? [] : [`${grouped(suppressed)} suppressed`]),
  ].join(' and ');
}

/** Where the words of the reason say what was examined all the same. */
const IN_PART: ReadonlySet<string> = new Set<SkipReason>([
  'binary',
  'encoded',
  'long-line',
  'symlink',
  'archive-limit',
]);

/** `not examined: 12 × ignored by git (build, dist, node_modules, …)`: one kind, with up to three paths; safe to show. */
export function notExamined({ reason, count: number, text, paths }: SkippedGroup): string {
  const examples =
    paths.length === 0 ? '' : ` (${[...paths.map(safe), ...(number > paths.length ? ['…'] : [])].join(', ')})`;
  return `${IN_PART.has(reason) ? 'examined in part' : 'not examined'}: ${grouped(number)} × ${text}${examples}`;
}

/** `what speaks for it; more of that; but: what speaks against it`: the weightiest of all the reasons. */
export function because(reasons: readonly Evidence[], limit = 3): string {
  // How frequent credentials are in such places says nothing of this one.
  const telling = reasons.filter(({ evidence }) => !evidence.startsWith('base-'));
  const weightiest = telling.toSorted((a, b) => tellingOf(b) - tellingOf(a)).slice(0, limit);
  const against = weightiest.filter(({ weight }) => weight < 0).map(({ text }) => text);
  return [
    ...weightiest.filter(({ weight }) => weight >= 0).map(({ text }) => text),
    ...(against.length === 0 ? [] : [`but: ${against.join('; ')}`]),
  ].join('; ');
}

/** How much a reason says to people: what a secret was found with, the most. */
function tellingOf({ evidence, weight }: Evidence): number {
  return Math.abs(weight) + (evidence === 'paired' ? 100 : 0);
}

/** `access key id AKIA******** (line 3)`: what was found with the secret and is told with it. */
export function paired({ identity: { pair = [] } }: Finding): string[] {
  return pair.map(({ what, value, line }) => `${what} ${value} (line ${line})`);
}

/** `brought 2026-01-31 by A. Uthor <a@example.org>; still in HEAD; 3 versions in 4 commits; also as old/path`; nothing outside of a history. */
export function provenance({ history, path }: Finding): string {
  if (history === undefined) return '';
  const { author, date, inHead, versions, commits, paths } = history;
  // Of what stands in an archive, that is no other place.
  const others = paths.filter((other) => other !== path && !path.startsWith(`${other}!/`));
  const shown = [...others.slice(0, MOST_OTHERS), ...(others.length > MOST_OTHERS ? ['…'] : [])];
  return [
    ...(date === undefined && author === undefined
      ? ['no commit brought it']
      : [`brought ${date?.slice(0, 10) ?? ''}${author === undefined ? '' : ` by ${author.name} <${author.email}>`}`]),
    inHead ? 'still in HEAD' : 'not in HEAD any more',
    ...(versions > 1 ? [`${count(versions, 'version')} in ${count(commits, 'commit')}`] : []),
    ...(shown.length === 0 ? [] : [`also as ${shown.join(', ')}`]),
  ].join('; ');
}

/** Paths that are named beside the first. */
const MOST_OTHERS = 3;

/** What a format that makes links may link to: http or https, and only characters that an address may have. */
export function isWebAddress(url: string | undefined): url is string {
  return url !== undefined && /^https?:\/\/[\w.~:/?#@!$&'*+,;=%-]+$/.test(url);
}

/** `exception keepmum.yaml #3: test data (a@example.invalid, until 2027-01-31)`; nothing where nothing suppresses. */
export function suppression({ suppressedBy }: Finding): string {
  if (suppressedBy === undefined) return '';
  const { by, where, reason, owner, expires } = suppressedBy;
  const details = [owner, expires === undefined ? undefined : `until ${expires}`].filter((part) => part !== undefined);
  return [
    `${by.replace('-', ' ')} ${where}`,
    reason === undefined ? '' : `: ${reason}`,
    details.length === 0 ? '' : ` (${details.join(', ')})`,
  ].join('');
}
