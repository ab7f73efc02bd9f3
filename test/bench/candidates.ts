import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import patterns from '#patterns/index';
import { LineCounter, View } from '../../src/core/view.ts';
import { builtInEngine } from '../../src/engine/built-in.ts';
import { partsOf } from '../../src/engine/evidence/characters.ts';
import type { MeasuredEvidence } from '../../src/engine/verdict.ts';

/** A value that was met, before any verdict, with the evidence on it as amounts that weights are multiplied with. */
export interface Candidate {
  readonly rule: string;
  /** Byte offsets in the text, half-open. */
  readonly start: number;
  readonly end: number;
  /** Line, from 1. */
  readonly line: number;
  readonly features: readonly (readonly [name: string, amount: number])[];
  /** Made by a detector and not by a rule's own pattern. */
  readonly generic: boolean;
}

const engine = builtInEngine(patterns);

/** All candidates of a text that stands in a file of this path. */
export async function candidatesOf(text: Uint8Array, path: string): Promise<readonly Candidate[]> {
  const origin = { source: 'worktree', path } as const;
  const view = new View({ kind: 'chunk', origin, bytes: text, firstLine: 1, whole: true, newFile: true });
  const places = new LineCounter(view);
  const explained = [...(await engine.explain(view))].sort((a, b) => a.match.start - b.match.start);
  return explained.flatMap((explanation): readonly Candidate[] => {
    if ('rejectedBy' in explanation) return [];
    const { match, reasons } = explanation;
    return [
      {
        rule: match.ruleId,
        start: match.start,
        end: match.end,
        line: places.at(match.start).line,
        features: featuresOf(reasons, match.secret),
        generic: reasons.some(({ evidence }) => evidence === 'value-characters'),
      },
    ];
  });
}

function featuresOf(reasons: readonly MeasuredEvidence[], secret: string): Candidate['features'] {
  const amounts = new Map<string, number>();
  const add = (name: string, amount: number): void => {
    amounts.set(name, (amounts.get(name) ?? 0) + amount);
  };
  for (const { evidence: name, amount } of reasons) {
    // It would make a sum that no threshold finds too high.
    if (!Number.isFinite(amount)) throw new Error(`${name} has no weight`);
    if (name === 'value-characters') for (const part of partsOf(secret)) add(...part);
    else add(name, amount);
  }
  return [...amounts];
}

/** A labelled line of `../shared/labelled/lines.jsonl`; its README tells what the keys mean. */
export interface LabelledLine {
  readonly file: string;
  readonly kind: string;
  readonly group: string;
  readonly label: 'T' | 'F' | 'X';
  readonly categories: readonly string[];
  readonly spans: readonly (readonly [start: number, end: number])[];
  readonly text: string;
}

/** A labelled line with its candidates; `hits` tells of each whether it touches a labelled value. */
export interface JudgedLine extends LabelledLine {
  readonly candidates: readonly Candidate[];
  readonly hits: readonly boolean[];
}

/**
 * What the structure of a value says cannot be asked of these lines: their values were replaced, so that a Basic
 * credential decodes to nothing, the claims of a token are made up, and checksums fail.
 */
const LOST_WITH_VALUES: ReadonlySet<string> = new Set(['value-no-basic', 'token-toy', 'proof-failed']);

export async function labelledLines(file: string): Promise<readonly JudgedLine[]> {
  const lines: JudgedLine[] = [];
  for (const json of readFileSync(file, 'utf8').trim().split('\n')) {
    const labelled = JSON.parse(json) as LabelledLine;
    const found = await candidatesOf(Buffer.from(labelled.text), `${labelled.kind}/${labelled.file}`);
    const candidates = found.map((candidate) => ({
      ...candidate,
      features: candidate.features.filter(([name]) => !LOST_WITH_VALUES.has(name)),
    }));
    const characters = Array.from(labelled.text);
    const offset = (at: number): number => Buffer.byteLength(characters.slice(0, at).join(''));
    const spans = labelled.spans.map(([start, end]) => [offset(start), offset(end)] as const);
    const hits = candidates.map(({ start, end }) => spans.some(([from, to]) => start < to && from < end));
    lines.push({ ...labelled, candidates, hits });
  }
  return lines;
}

/** A candidate of clean code, by the package that it came from. */
export interface CleanCandidate extends Candidate {
  readonly group: string;
  readonly path: string;
}

const LARGEST = 4 << 20;

/** Everything in the folders `<ecosystem>/<package>` of a folder of clean code. */
export async function cleanCandidates(
  folder: string,
): Promise<{ readonly candidates: readonly CleanCandidate[]; readonly lines: number }> {
  const candidates: CleanCandidate[] = [];
  let lines = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const file = join(folder, name);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat?.isFile() !== true || stat.size > LARGEST || name.includes('.git/')) continue;
    const text = readFileSync(file);
    if (text.subarray(0, 8192).includes(0)) continue;
    for (let at = text.indexOf(10); at >= 0; at = text.indexOf(10, at + 1)) lines++;
    const [ecosystem = '', pack = '', ...path] = relative(folder, file).split('/');
    for (const candidate of await candidatesOf(text, path.join('/'))) {
      candidates.push({ ...candidate, group: `${ecosystem}/${pack}`, path: path.join('/') });
    }
  }
  return { candidates, lines };
}
