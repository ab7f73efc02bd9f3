import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REPORTERS } from '../../src/reporters/index.ts';
import { TemplateExpander } from '../../src/rules/template.ts';
import { runCli, type CliResult } from '../support/cli.ts';
import { temporaryRepository, type TemporaryRepository } from '../support/repository.ts';
import { expandExample, RULES, SEED } from '../support/rules.ts';

const FORMATS: readonly string[] = REPORTERS.map(({ name }) => name);

let repo: TemporaryRepository;
/** Ten characters in a row of a made-up secret, and the rule whose example that is. */
const planted = new Map<string, string>();
/** One scan, which writes all formats. */
let result: CliResult;

beforeAll(() => {
  repo = temporaryRepository();
  const expander = new TemplateExpander(SEED);
  const other = new TemplateExpander(`${SEED}/other`);
  for (const rule of RULES) {
    for (const [index, example] of (rule.examples ?? []).entries()) {
      const { text, path, token } = expandExample(rule, example, expander);
      if (token === undefined) continue;
      repo.write(`${rule.id}/${index}/${path}`, text);
      // What every token of the kind has is public.
      const second = expandExample(rule, example, other).token ?? '';
      let own = 0;
      while (own < token.length && token[own] === second[own]) own++;
      for (const piece of pieces(token.slice(Math.max(0, own - 12)))) planted.set(piece, rule.id);
    }
  }
  const outputs = FORMATS.flatMap((format) => ['--output', `${format}=${join(repo.home, format)}`]);
  result = runCli(repo, ['scan', '--format', 'text', '--max', '0', '--show-suppressed', ...outputs]);
});
afterAll(() => {
  repo.remove();
});

/** Every ten characters in a row, after what may be a provider's public prefix; a date may be the expiry that is shown. */
function pieces(token: string): string[] {
  return Array.from({ length: Math.max(0, token.length - 21) }, (_, at) => token.slice(at + 12, at + 22)).filter(
    (piece) => !/^[\dT:-]+$/.test(piece),
  );
}

test.each(['stdout and stderr', ...FORMATS])('%s shows the secret of no rule (KEEPMUM_SEED repeats)', (format) => {
  expect(result.code).toBe(1);
  const isFile = FORMATS.includes(format);
  const report = isFile ? readFileSync(join(repo.home, format), 'utf8') : result.out + result.err;
  const shown: string[] = [];
  for (let at = 0; at + 10 <= report.length; at++) {
    const piece = report.slice(at, at + 10);
    const rule = planted.get(piece);
    if (rule !== undefined) shown.push(`${rule}: ${piece}`);
  }
  // Each finding is in each report.
  expect(report.length).toBeGreaterThan(100_000);
  expect(planted.size).toBeGreaterThan(10_000);
  expect(shown).toEqual([]);
});
