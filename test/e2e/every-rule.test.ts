import { afterAll, beforeAll, expect, test } from 'vitest';
import { REPORTERS } from '../../src/reporters/index.ts';
import { TemplateExpander } from '../../src/rules/template.ts';
import { runCli } from '../support/cli.ts';
import { temporaryRepository, type TemporaryRepository } from '../support/repository.ts';
import { expandExample, RULES, SEED } from '../support/rules.ts';

let repo: TemporaryRepository;
/** The made-up secrets, and the rule whose example each is. */
const planted: { readonly rule: string; readonly token: string }[] = [];

beforeAll(() => {
  repo = temporaryRepository();
  const expander = new TemplateExpander(SEED);
  for (const rule of RULES) {
    for (const [index, example] of (rule.examples ?? []).entries()) {
      const { text, path, token } = expandExample(rule, example, expander);
      if (token === undefined) continue;
      repo.write(`${rule.id}/${index}/${path}`, text);
      planted.push({ rule: rule.id, token });
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
  const shown = planted.flatMap(({ rule, token }) =>
    pieces(token)
      .filter((piece) => report.includes(piece))
      .map((piece) => `${rule}: ${piece}`),
  );
  expect(planted.length).toBeGreaterThan(100);
  expect(shown).toEqual([]);
});
