import { afterAll, beforeAll, expect, test } from 'vitest';
import { REPORTERS } from '../../src/reporters/index.ts';
import { TemplateExpander } from '../../src/rules/template.ts';
import { runCli } from '../support/cli.ts';
import { temporaryRepository, type TemporaryRepository } from '../support/repository.ts';
import { expandExample, RULES, SEED } from '../support/rules.ts';

let repo: TemporaryRepository;
/** Ten characters in a row of a made-up secret, and the rule whose example that is. */
const planted = new Map<string, string>();

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

test.each(REPORTERS.map(({ name }) => name))('%s shows the secret of no rule (KEEPMUM_SEED repeats)', (format) => {
  const { code, out, err } = runCli(repo, ['scan', '--format', format, '--max', '0', '--show-suppressed']);
  expect(code).toBe(1);
  const report = out + err;
  const shown: string[] = [];
  for (let at = 0; at + 10 <= report.length; at++) {
    const piece = report.slice(at, at + 10);
    const rule = planted.get(piece);
    if (rule !== undefined) shown.push(`${rule}: ${piece}`);
  }
  expect(planted.size).toBeGreaterThan(10_000);
  expect(shown).toEqual([]);
});
