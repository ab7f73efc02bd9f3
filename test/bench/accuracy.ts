/**
 * How much of what is labelled is found, and how much of what is found is right:
 * `npm run bench:accuracy -- [--labelled FILE] [--clean FOLDER] [--show N] [--fit]`.
 *
 * Every labelled group, and every package of clean code, is scored by weights that were fitted without
 * it. `--fit` fits them to everything and writes `patterns/weights.json`; no labelled line is kept.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PRIORS } from '../../src/core/weights.ts';
import { neverBlocks, PATTERN_THRESHOLDS } from '../../src/engine/verdict.ts';
import { TemplateExpander } from '../../src/rules/template.ts';
import { expandExample, RULES } from '../support/rules.ts';
import {
  candidatesOf,
  cleanCandidates,
  labelledLines,
  type Candidate,
  type CleanCandidate,
  type JudgedLine,
} from './candidates.ts';
import { fit, type Row } from './logistic.ts';

const ROOT = new URL('../../', import.meta.url);
const { values } = parseArgs({
  options: {
    labelled: { type: 'string', default: fileURLToPath(new URL('../shared/labelled/lines.jsonl', ROOT)) },
    clean: { type: 'string' },
    show: { type: 'string', default: '0' },
    fit: { type: 'boolean', default: false },
  },
});

const FOLDS = 10;
/** What labelled lines cannot teach: they call no placeholder a credential or none, and are from no lock file. */
const PINNED =
  /^token-toy$|^value-(?:decoded|leet|fixture|encoded|short-lived|prose|weak|weak-code|no-basic|default|names-itself|uuid|among-many|placeholder|template|lookup|published|ciphertext|password-hash|public|public-key|vector)$|^place-(?:ci|test|docs|lockfile|generated|vendored|template|translation)$/;
/** Inverse variance of the prior around a weight. */
const strengthOf = (name: string): number => (PINNED.test(name) ? 1000 : 0.5);
const priors = new Map<string, number>(Object.entries(PRIORS));

type Weights = ReadonlyMap<string, number>;

/** What counts for a listed finding, and for one that blocks: a weak word in a test never does. */
interface Score {
  readonly listed: number;
  readonly blocking: number;
}

interface Scored {
  readonly score: Score;
  readonly isTrue: boolean;
  readonly line: JudgedLine;
}

const isKept = (features: Candidate['features']): boolean => neverBlocks(features.map(([evidence]) => ({ evidence })));

function scoreOf({ features, generic }: Candidate, weights: Weights): Score {
  const table = generic ? weights : priors;
  const sum = features.reduce((total, [name, amount]) => total + (table.get(name) ?? 0) * amount, 0);
  if (generic) return { listed: sum, blocking: isKept(features) ? -Infinity : sum };
  // Rules with a pattern have thresholds of their own, whatever those of the fitted weights are.
  return {
    listed: sum >= PATTERN_THRESHOLDS.possible ? Infinity : -Infinity,
    blocking: sum >= PATTERN_THRESHOLDS.likely && !isKept(features) ? Infinity : -Infinity,
  };
}

function highest(scores: readonly Score[]): Score {
  return {
    listed: Math.max(-Infinity, ...scores.map(({ listed }) => listed)),
    blocking: Math.max(-Infinity, ...scores.map(({ blocking }) => blocking)),
  };
}

function rowsOf(lines: readonly JudgedLine[], clean: readonly CleanCandidate[]): Row[] {
  const rows: Row[] = [];
  for (const { label, candidates, hits } of lines) {
    if (label === 'X') continue;
    candidates.forEach(({ features, generic }, at) => {
      // Beside a labelled value in a line of truth, nobody said what it is.
      if (generic && (label === 'F' || hits[at] === true)) rows.push({ features, isTrue: label === 'T', weight: 1 });
    });
  }
  for (const { features, generic } of clean) if (generic) rows.push({ features, isTrue: false, weight: 1 });
  return [...rows, ...EXAMPLES];
}

/** The examples of our own rules are facts, too. */
async function exampleRows(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const rule of RULES) {
    for (let round = 0; round < 4; round++) {
      const expander = new TemplateExpander(`accuracy/${rule.id}/${round}`);
      const kinds = [[rule.examples, true] as const, [rule.counterExamples ?? [], false] as const];
      for (const [examples, isTrue] of kinds) {
        for (const example of examples) {
          const { text, path } = expandExample(rule, example, expander);
          for (const { features, generic, rule: id } of await candidatesOf(Buffer.from(text), path)) {
            if (generic && (!isTrue || id === rule.id)) rows.push({ features, isTrue, weight: 1 });
          }
        }
      }
    }
  }
  return rows;
}

function foldsOf(groups: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...new Set(groups)].toSorted().map((group, at) => [group, at % FOLDS]));
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : (part / whole).toFixed(3);
}

if (!existsSync(values.labelled)) {
  console.log(`accuracy: skipped, ${values.labelled.split('/').at(-1) ?? ''} is not there`);
  process.exit(0);
}
const EXAMPLES = await exampleRows();
const lines = await labelledLines(values.labelled);
const clean = values.clean === undefined ? undefined : await cleanCandidates(values.clean);
const labelledFold = foldsOf(lines.map(({ group }) => group));
const cleanFold = foldsOf((clean?.candidates ?? []).map(({ group }) => group));

const shipped = (await import('#weights', { with: { type: 'json' } })).default;
let { likely, possible } = shipped;
const scored: Scored[] = [];
const cleanScores = new Map<string, { readonly score: Score; readonly candidate: CleanCandidate }>();
for (let fold = 0; fold < FOLDS; fold++) {
  const weights = fit(
    rowsOf(
      lines.filter(({ group }) => labelledFold.get(group) !== fold),
      (clean?.candidates ?? []).filter(({ group }) => cleanFold.get(group) !== fold),
    ),
    priors,
    strengthOf,
  );
  for (const line of lines) {
    if (line.label === 'X' || labelledFold.get(line.group) !== fold) continue;
    const scores = line.candidates
      .filter((_, at) => line.label === 'F' || line.hits[at] === true)
      .map((candidate) => scoreOf(candidate, weights));
    scored.push({ score: highest(scores), isTrue: line.label === 'T', line });
  }
  for (const candidate of clean?.candidates ?? []) {
    if (cleanFold.get(candidate.group) !== fold) continue;
    const score = scoreOf(candidate, weights);
    const place = `${candidate.group}/${candidate.path}:${candidate.line}`;
    cleanScores.set(place, { score: highest([score, cleanScores.get(place)?.score ?? score]), candidate });
  }
}

const truths = scored.filter(({ isTrue }) => isTrue).length;
const millions = (clean?.lines ?? 0) / 1e6;
const perMillion = (least: number, what: keyof Score): number =>
  [...cleanScores.values()].filter(({ score }) => score[what] >= least).length / millions;

function measure(least: number, what: keyof Score): { readonly precision: number; readonly recall: number } {
  const found = scored.filter(({ score }) => score[what] >= least);
  const right = found.filter(({ isTrue }) => isTrue).length;
  return { precision: right / found.length, recall: right / truths };
}

if (values.fit) {
  const steps = Array.from({ length: 151 }, (_, at) => 4 - at / 15);
  // The surest thresholds that still find these shares: what clean code brings falls with each step.
  const finding = (part: number, what: keyof Score): number | undefined =>
    steps.find((least) => measure(least, what).recall >= part);
  likely = finding(0.55, 'blocking') ?? likely;
  possible = finding(0.8, 'listed') ?? possible;
  const rows = rowsOf(lines, clean?.candidates ?? []);
  const weights = fit(rows, priors, strengthOf);
  const used = new Set(rows.flatMap(({ features }) => features.map(([name]) => name)));
  const rounded = [...weights]
    .filter(([name]) => used.has(name) && priors.has(name))
    .map(([name, weight]) => [name, Math.round(weight * 100) / 100 || 0.001] as const);
  const round = (value: number): number => Math.round(value * 100) / 100;
  writeFileSync(
    new URL('patterns/weights.json', ROOT),
    `${JSON.stringify({ likely: round(likely), possible: round(possible), weights: Object.fromEntries(rounded) }, undefined, 2)}\n`,
  );
}

if (clean !== undefined)
  console.log(`clean code: ${clean.lines.toLocaleString('en')} lines, ${cleanFold.size} packages with candidates`);
console.log(
  `${lines.length} labelled lines, ${truths} of them credentials; ${FOLDS} folds by group, each scored by weights fitted to the others`,
);
console.log('                  of what may block             of all that is listed');
console.log('least score  precision  recall   per million  precision  recall   per million  (of clean lines)');
for (const least of [...new Set([4, 3, 2, 1, 0, -1, -2, -3, likely, possible])].toSorted((a, b) => b - a)) {
  const columns = (['blocking', 'listed'] as const).map((what) => {
    const { precision, recall } = measure(least, what);
    const noise = clean === undefined ? '' : perMillion(least, what).toFixed(1);
    return `${precision.toFixed(3).padStart(9)}  ${recall.toFixed(3).padStart(6)}  ${noise.padStart(12)}`;
  });
  const name = least === likely ? '  likely' : least === possible ? '  possible' : '';
  console.log(`${least.toFixed(2).padStart(11)}  ${columns.join('  ')}${name}`);
}
console.log('\nconfidence      findings  right  precision');
const confidenceOf = ({ score }: Scored): string | undefined =>
  score.blocking >= likely ? 'likely' : score.listed >= possible ? 'possible' : undefined;
for (const confidence of ['likely', 'possible']) {
  const found = scored.filter((one) => confidenceOf(one) === confidence);
  const right = found.filter(({ isTrue }) => isTrue).length;
  console.log(
    `${confidence.padEnd(14)}  ${String(found.length).padStart(8)}  ${String(right).padStart(5)}  ${share(right, found.length).padStart(9)}`,
  );
}

for (const [title, keyOf] of [
  ['kind of file', ({ kind }: JudgedLine) => kind],
  ['category', ({ categories }: JudgedLine) => categories.join(', ')],
] as const) {
  console.log(`\n${''.padEnd(56)} likely                        with possible`);
  const columns = 'precision  recall    F1'.padEnd(28);
  console.log(`${title.padEnd(44)} credentials ${columns}  ${columns.trim()}`);
  const groups = new Map<string, Scored[]>();
  for (const one of scored) groups.set(keyOf(one.line), [...(groups.get(keyOf(one.line)) ?? []), one]);
  const counted = [...groups].map(([name, all]) => ({ name, all, truths: all.filter(({ isTrue }) => isTrue).length }));
  for (const group of counted
    .filter((one) => one.truths > 0)
    .toSorted((a, b) => b.truths - a.truths)
    .slice(0, 30)) {
    const figures = (['blocking', 'listed'] as const).map((what) => {
      const found = group.all.filter(({ score }) => score[what] >= (what === 'blocking' ? likely : possible));
      const right = found.filter(({ isTrue }) => isTrue).length;
      const f1 = share(2 * right, found.length + group.truths);
      return `${share(right, found.length).padStart(9)}  ${share(right, group.truths).padStart(6)}  ${f1}`.padEnd(28);
    });
    console.log(`${group.name.slice(0, 44).padEnd(44)} ${String(group.truths).padStart(11)} ${figures.join('  ')}`);
  }
}
const shown = Number(values.show);
if (shown > 0) {
  console.log('\nclean code, the surest first');
  const places = [...cleanScores]
    .filter(([, { score }]) => score.listed >= possible)
    .toSorted((a, b) => b[1].score.blocking - a[1].score.blocking || b[1].score.listed - a[1].score.listed)
    .slice(0, shown);
  for (const [place, { score, candidate }] of places) {
    console.log(
      `${score.blocking >= likely ? 'likely  ' : 'possible'}  ${score.listed.toFixed(1).padStart(8)}  ${candidate.rule.padEnd(34)} ${place}`,
    );
  }
}
