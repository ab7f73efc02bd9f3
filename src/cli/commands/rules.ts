import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Argv } from 'yargs';
import { RuleError, UsageError } from '../../core/errors.ts';
import type { Chunk } from '../../core/chunk.ts';
import { nearest } from '../../core/nearest.ts';
import { View } from '../../core/view.ts';
import { DETECTORS } from '../../detectors/index.ts';
import { proofNamed } from '../../detectors/proofs/index.ts';
import { compileRuleSet } from '../../engine/compile.ts';
import { engineOf } from '../../engine/create.ts';
import { compileRuleFile } from '../../rules/compile.ts';
import type { Example, RuleFile, RuleSource } from '../../rules/format.ts';
import { TemplateExpander } from '../../rules/template.ts';
import { CONFIG_NAMES, loadConfig } from '../../config/index.ts';
import { parseRuleFile } from '../../config/rule-file.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { packageRoot } from '../package-root.ts';
import { loadDetails, patterns } from '../patterns.ts';
import type { Command } from './command.ts';

interface RulesArgs {
  readonly action: 'list' | 'show' | 'test';
  readonly target?: string | undefined;
  readonly json?: boolean;
}

/** The rules as a user sees them. */
export const rules: Command = {
  builder: (parser: Argv): Argv =>
    parser
      .positional('action', { choices: ['list', 'show', 'test'] as const, default: 'list', describe: 'what to do' })
      .positional('target', { type: 'string', describe: 'a rule id for show, a YAML file of rules for test' })
      .option('json', { type: 'boolean', default: false, describe: 'print JSON' }),
  run: (args: object, io: Io): Promise<number> => runRules(args as RulesArgs, io),
};

async function runRules({ action, target, json = false }: RulesArgs, io: Io): Promise<number> {
  switch (action) {
    case 'list':
      return list(json, io);
    case 'show':
      return show(target, json, io);
    case 'test':
      return test(target, io);
  }
}

async function list(json: boolean, io: Io): Promise<number> {
  const details = await loadDetails();
  const rows = patterns.rules.map((rule) => ({
    id: rule.id,
    severity: rule.severity,
    provider: details[rule.id]?.provider ?? '',
    title: details[rule.id]?.title ?? '',
  }));
  if (json) {
    io.out(`${JSON.stringify(rows, undefined, 2)}\n`);
    return EXIT.clean;
  }
  const width = Math.max(...rows.map((row) => row.id.length));
  for (const row of rows) io.out(`${row.id.padEnd(width)}  ${row.severity.padEnd(8)}  ${row.title}\n`);
  io.out(`${rows.length} rules\n`);
  return EXIT.clean;
}

async function show(id: string | undefined, json: boolean, io: Io): Promise<number> {
  if (id === undefined) throw new UsageError('rules show needs a rule id', { fix: 'see `keepmum rules list`' });
  const details = await loadDetails();
  const rule = patterns.rules.find((candidate) => candidate.id === id);
  const detail = details[id];
  if (rule === undefined || detail === undefined) {
    const near = nearest(
      id,
      patterns.rules.map((candidate) => candidate.id),
    );
    throw new UsageError(`there is no rule ${JSON.stringify(id)}`, {
      fix: near === undefined ? 'see `keepmum rules list`' : `did you mean ${near}?`,
    });
  }
  if (json) {
    io.out(`${JSON.stringify({ ...rule, ...detail, pair: patterns.pairs[id] }, undefined, 2)}\n`);
    return EXIT.clean;
  }
  const rows: [string, string][] = [
    ['rule', id],
    ['title', detail.title],
    ['provider', detail.provider],
    ['severity', rule.severity],
    ['what it is', `${detail.identity.class} of a ${detail.identity.type}, ${detail.identity.lifetime}`],
    ['it grants', detail.identity.grants],
    ['found by', rule.pattern ?? `the ${rule.detector} detector`],
    ...(rule.near ? [['near', rule.near.join(', ')] as [string, string]] : []),
    ...(rule.proof
      ? [
          [
            'proof',
            `${rule.proof.name}; a mismatch ${rule.proof.onMismatch === 'reject' ? 'rejects' : 'does not confirm'}`,
          ] as [string, string],
        ]
      : []),
    ...(patterns.pairs[id] ?? []).map(({ what, rule: half, names = [], pattern }): [string, string] => [
      'joined with',
      `${what}: ${half === undefined ? (pattern ?? names.join(', ')) : `what ${half} finds`}`,
    ]),
    ['what to do', detail.advice.text],
    ...(detail.advice.rotate ? [['rotate at', detail.advice.rotate] as [string, string]] : []),
    ...detail.references.map((reference): [string, string] => ['see', reference]),
  ];
  for (const [name, value] of rows) io.out(`${name.padEnd(11)} ${value}\n`);
  return EXIT.clean;
}

/** Runs the examples and counter-examples of a file of rules, or of all the built-in ones. */
async function test(target: string | undefined, io: Io): Promise<number> {
  const folder = join(packageRoot(), 'patterns', 'secrets');
  const files =
    target === undefined
      ? (await readdir(folder)).filter((name) => name.endsWith('.yaml')).map((name) => join(folder, name))
      : [resolve(io.cwd, target)];
  let failures = 0;
  let examples = 0;
  for (const path of files.toSorted()) {
    const file = await readRules(path);
    const engine = engineOf(
      compileRuleSet(compileRuleFile(file, path), DETECTORS, patterns.files),
      io.env['KEEPMUM_REGEX'],
    );
    for (const rule of file.rules) {
      for (const [kind, texts] of [
        ['example', rule.examples],
        ['counter-example', rule.counterExamples],
      ] as const) {
        for (const [index, example] of texts.entries()) {
          examples++;
          const found = await engine.detect(exampleView(rule, example));
          const own = found.find((match) => match.ruleId === rule.id);
          const pair = typeof example === 'string' ? undefined : example.pair;
          const told = own?.halves?.map(({ what }) => what) ?? [];
          const isAlone = own !== undefined && pair?.some((what) => !told.includes(what)) === true;
          if ((own !== undefined) === (kind === 'example') && !isAlone) continue;
          failures++;
          const trouble = isAlone ? 'not joined with its pair' : own === undefined ? 'not found' : 'found';
          io.out(`${path}: ${rule.id}: ${kind} ${index + 1} is ${trouble}\n`);
        }
      }
    }
  }
  io.out(`${examples} examples, ${failures} wrong\n`);
  return failures === 0 ? EXIT.clean : EXIT.findings;
}

async function readRules(path: string): Promise<RuleFile> {
  if (CONFIG_NAMES.includes(basename(path))) {
    const { rules: own } = await loadConfig(dirname(path), path);
    return { provider: 'custom', rules: own.map(({ rule }) => rule) };
  }
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new RuleError(`${path} cannot be read`, { fix: 'name a YAML file of rules', cause });
  }
  return parseRuleFile(text, path);
}

function exampleView(rule: RuleSource, example: string | Example): View {
  const { text, path = 'example.txt' } = typeof example === 'string' ? { text: example } : example;
  const expander = new TemplateExpander(`${rule.id}/${text}`);
  const proof = rule.proof && proofNamed(rule.proof.name);
  const complete = proof?.complete?.bind(proof);
  const values = rule.token === undefined ? {} : { token: expander.expand(rule.token, {}, complete) };
  const chunk: Chunk = {
    kind: 'chunk',
    origin: { source: 'stdin', path },
    bytes: Buffer.from(expander.expand(text, values, complete)),
    firstLine: 1,
    whole: true,
    newFile: true,
  };
  return new View(chunk);
}
