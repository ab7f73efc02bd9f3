import type { Argv } from 'yargs';
import type { Evidence } from '../../core/finding.ts';
import { mask } from '../../core/redact.ts';
import { safe } from '../../core/terminal-text.ts';
import { LineCounter, View } from '../../core/view.ts';
import type { Explanation } from '../../engine/judging.ts';
import { count } from '../../reporters/wording.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readNamed } from '../read-named.ts';
import { openScan, type ScanFlags } from '../setup.ts';
import type { Command } from './command.ts';
import { scanOptions } from './scan.ts';

interface ExplainArgs extends ScanFlags {
  readonly place?: string;
}

/** Says of everything that keepmum looked at, findings or not, what was seen and what it weighed. */
export const explain: Command = {
  builder: (parser: Argv): Argv =>
    scanOptions(parser).positional('place', { type: 'string', describe: 'a file, or FILE:LINE' }),
  run: (args: object, io: Io): Promise<number> => runExplain(args, io),
};

async function runExplain(flags: ExplainArgs, io: Io): Promise<number> {
  const { file, line } = placeOf(flags.place ?? '');
  const { root, engine } = await openScan(io, flags);
  const { relative, resolve } = await import('node:path');
  const bytes = readNamed(file, io.cwd, '', 'name a file, or FILE:LINE');
  const path = relative(root, resolve(io.cwd, file)).replaceAll('\\', '/');
  const origin = { source: 'worktree', path } as const;
  const view = new View({ kind: 'chunk', origin, bytes, firstLine: 1, whole: true, newFile: true });
  const lines = new LineCounter(view);
  const placed = [...(await engine.explain(view))]
    .sort((a, b) => a.match.start - b.match.start)
    .map((explanation) => ({ explanation, at: lines.at(explanation.match.start) }))
    .filter(({ at }) => line === undefined || at.line === line);
  for (const { explanation, at } of placed) io.out(`${told(explanation, `${safe(path)}:${at.line}:${at.column}`)}\n`);
  const where = line === undefined ? safe(path) : `${safe(path)}:${line}`;
  io.out(`keepmum: ${count(placed.length, 'value')} looked at in ${where}\n`);
  return EXIT.clean;
}

function placeOf(place: string): { readonly file: string; readonly line?: number } {
  const [, file = place, line] = /^(.+):([0-9]+)$/.exec(place) ?? [];
  return { file, ...(line !== undefined && { line: Number(line) }) };
}

function told(explanation: Explanation, place: string): string {
  const { match } = explanation;
  const head = `${place}  ${mask(match.secret, { guessable: match.guessable })}\n  ${match.ruleId}:`;
  if ('rejectedBy' in explanation) return [`${head} silent`, weighed(explanation.rejectedBy), ''].join('\n');
  const { likely, possible, stands } = explanation;
  const paired = stands?.reasons.find(({ evidence }) => evidence === 'paired');
  const confidence = stands?.confidence ?? explanation.confidence;
  const reasons = paired === undefined ? explanation.reasons : [...explanation.reasons, paired];
  const score = explanation.score + (paired?.weight ?? 0);
  const without = reasons.filter(({ weight }) => weight > 0 && score - weight < possible);
  return [
    `${head} ${confidence ?? 'silent'} ${signed(score)}; possible from ${signed(possible)}, likely from ${signed(likely)}`,
    ...reasons.map((reason) => weighed(reason)),
    ...(stands?.toldWith === undefined ? [] : ['  It belongs to another finding, and is told with that one.']),
    ...(confidence === undefined || stands?.toldWith !== undefined
      ? []
      : [
          `  It would be silent ${without.length === 0 ? 'with more against it' : `without any of: ${without.map(({ evidence }) => evidence).join(', ')}`};`,
          `  or with a comment on its line, keepmum:allow ${match.ruleId} REASON, or as an exception (keepmum allow).`,
        ]),
    '',
  ].join('\n');
}

function weighed({ evidence, weight, text }: Evidence): string {
  return `  ${signed(weight).padStart(6)}  ${evidence.padEnd(20)} ${safe(text)}`;
}

function signed(weight: number): string {
  return `${weight < 0 ? '−' : '+'}${Math.abs(weight).toFixed(2)}`;
}
