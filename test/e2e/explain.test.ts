import { describe, expect, it } from 'vitest';
import { randomText, runCli, scan, stripeKey } from '../support/cli.ts';
import { repository } from '../support/repositories.ts';

describe('keepmum explain', () => {
  it('tells what was seen of findings and of what is none, with weights that add up, and no value', () => {
    const repo = repository();
    const key = stripeKey();
    const password = `${randomText(9)}-${randomText(8)}`;
    repo.write(
      'app.py',
      `pay = "${key}"\nuser_password = "${password}"\nother_password = os.environ["X"]\napi_key = "\${KEY}"\n`,
    );
    const { code, out, err } = runCli(repo, ['explain', 'app.py']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).not.toContain(key);
    expect(out).not.toContain(password);
    expect(out).toMatch(/^app\.py:1:8 {2}sk_l\*{8}\n {2}stripe-live-secret-key: likely \+/m);
    expect(out).toMatch(/^app\.py:2:18 {2}\*{8}\n {2}generic-password-assignment: likely \+/m);
    expect(out).toMatch(/generic-api-key-assignment: silent −/);
    expect(out).toMatch(/−15\.00 {2}value-template +a template to be filled in/);
    expect(out).toMatch(/It would be silent /);
    for (const block of out.split(/^(?=app\.py:)/m).filter((part) => part.startsWith('app.py:'))) {
      const number = (text: string | undefined): number => Number((text ?? '').replace('−', '-'));
      const weights = [...block.matchAll(/^ +([+−][\d.]+) {2}/gm)].map(([, weight]) => number(weight));
      const sum = number(/: (?:silent|possible|likely|proven) ([+−][\d.]+);/.exec(block)?.[1]);
      expect(weights.length).toBeGreaterThan(0);
      expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(sum, 1);
    }
  });

  it('of one line, as the scan has it', () => {
    const repo = repository();
    repo.write('conf/a.env', `A=1\nDB_PASSWORD=${randomText(14)}\n`);
    repo.git('add', '-A');
    const { out } = runCli(repo, ['explain', 'conf/a.env:2']);
    const [finding] = scan(repo, []).findings.filter(({ line }) => line === 2);
    expect(out).toContain(`${finding?.rule}: ${finding?.confidence} `);
    for (const { evidence } of finding?.reasons ?? []) expect(out).toContain(` ${evidence} `);
    expect(runCli(repo, ['explain', 'conf/a.env:1'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^keepmum: 0 values looked at/) as string,
    });
  });

  it('a file that is not there', () => {
    const repo = repository();
    expect(runCli(repo, ['explain', 'nosuch.py:3'])).toEqual({
      code: 2,
      out: '',
      err: 'keepmum: "nosuch.py" cannot be read\n  fix: name a file, or FILE:LINE\n',
    });
  });
});

describe('a word that serves as a password', () => {
  const WORD = 'marigold';

  it.each([
    ['test/users_test.py', 'possible'],
    ['docs/start.md', 'possible'],
    ['deploy/app.py', 'likely'],
  ])('in %s it is %s', (path, confidence) => {
    const repo = repository();
    repo.write(path, `login(user="ann", password="${WORD}")\n`);
    const { findings, code } = scan(repo, []);
    expect(findings.map((finding) => finding.confidence)).toEqual([confidence]);
    expect(code).toBe(confidence === 'likely' ? 1 : 0);
  });
});
