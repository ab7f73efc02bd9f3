import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli, stripeKey } from '../support/cli.ts';
import { mapOf, placesOf } from '../support/map.ts';
import { repository } from '../support/repositories.ts';

/** A line with a new secret. */
function planted(): string {
  return `stripe_key = "${stripeKey()}"\n`;
}

describe('what is looked at', () => {
  test('every way in which a secret may lie to the repository', () => {
    const repo = repository();
    const home = join(repo.home, '.aws');
    repo.write('.gitignore', '.env\nlogs/\n');
    repo.write('gone.py', planted());
    repo.write('src/tracked.py', planted());
    repo.commit('first');
    repo.git('rm', '-q', 'gone.py');
    repo.commit('second');
    repo.write('src/stashed.py', planted());
    repo.git('stash', '-q', '--include-untracked');
    repo.write('untracked.py', planted());
    repo.write('.env', planted());
    repo.write('logs/deep/a.log', planted());
    repo.git('worktree', 'add', '-q', '-b', 'other', '../other');
    writeFileSync(join(repo.root, '..', 'other', 'local.py'), planted());
    repo.git('remote', 'add', 'origin', `https://user:${stripeKey()}@git.example.org/a.git`);
    mkdirSync(home);
    writeFileSync(join(home, 'credentials'), planted());

    const all = [
      'git-folder .git/config',
      'history gone.py',
      'ignored .env',
      'ignored logs/deep/a.log',
      'stash src/stashed.py',
      'tracked src/tracked.py',
      'untracked untracked.py',
      'worktree ../other/local.py',
      'worktree ../other/src/tracked.py',
    ];
    expect(placesOf(mapOf(repo).map)).toEqual(all);
    expect(placesOf(mapOf(repo, ['--home']).map)).toEqual([...all, 'home ~/.aws/credentials'].toSorted());
    expect(placesOf(mapOf(repo, ['--no-history']).map)).toEqual(
      all.filter((place) => !/^(?:history|stash)/.test(place)),
    );
  });

  test('a secret in several places is one, and what git still has of it is told', () => {
    const repo = repository();
    const line = planted();
    repo.write('a.py', line);
    repo.write('b.py', line);
    repo.commit('first');
    repo.git('mv', 'b.py', 'c.py');
    repo.commit('second');
    const [secret, ...others] = mapOf(repo).map.secrets;
    expect(others).toEqual([]);
    expect(secret?.places.map(({ standing, path, isInHistory }) => [standing, path, isInHistory])).toEqual([
      ['tracked', 'a.py', true],
      ['tracked', 'c.py', true],
      ['history', 'b.py', true],
    ]);
  });

  test('folders of dependencies and of build output are counted and left out, unless asked', () => {
    const repo = repository();
    repo.write('.gitignore', 'node_modules/\ndist/\nlocal/\n');
    repo.commit('first');
    repo.write('node_modules/x/a.js', planted());
    repo.write('dist/a.js', planted());
    repo.write('local/a.js', planted());
    repo.write('local/node_modules/b.js', planted());
    const { map } = mapOf(repo);
    expect(placesOf(map)).toEqual(['ignored local/a.js']);
    expect(map.summary.skipped).toContainEqual(
      expect.objectContaining({
        reason: 'dependencies',
        count: 3,
        paths: ['dist', 'local/node_modules', 'node_modules'],
      }),
    );
    expect(placesOf(mapOf(repo, ['--dependencies']).map)).toHaveLength(4);
  });

  test('a repository in an ignored folder is one by itself', () => {
    const repo = repository();
    repo.write('.gitignore', 'tools/\n');
    repo.commit('first');
    repo.write('tools/a.py', planted());
    repo.write('tools/own/b.py', planted());
    repo.gitWith(['init', '-q'], { cwd: join(repo.root, 'tools/own') });
    const { map } = mapOf(repo);
    expect(placesOf(map)).toEqual(['ignored tools/a.py']);
    expect(map.summary.skipped).toContainEqual(expect.objectContaining({ reason: 'submodule', paths: ['tools/own'] }));
  });

  test('what a baseline accepts is there all the same, what an exception suppresses on demand', () => {
    const repo = repository();
    repo.write('a.py', planted());
    repo.write('b.py', planted().replace('\n', ' # keepmum:allow stripe-live-secret-key sample\n'));
    repo.commit('first');
    expect(runCli(repo, ['baseline']).code).toBe(0);
    expect(placesOf(mapOf(repo).map)).toEqual(['tracked a.py']);
    expect(mapOf(repo).map.summary.notices.join()).toContain('--show-suppressed');
    expect(placesOf(mapOf(repo, ['--show-suppressed']).map)).toEqual(['tracked a.py', 'tracked b.py']);
  });

  test('variables by their names', () => {
    const repo = repository();
    repo.write('a.txt', 'x\n');
    repo.commit('first');
    const value = stripeKey();
    const result = runCli(repo, ['map', '--format', 'json'], { env: { KEEPMUM_PROBE_API_TOKEN: value } });
    expect(result.out).toContain('env:KEEPMUM_PROBE_API_TOKEN');
    expect(result.out).not.toContain(value);
    expect(result.out).not.toContain(value.slice(0, 20));
  });

  test('a folder outside of git', () => {
    const repo = repository();
    const cwd = join(repo.home, 'plain');
    mkdirSync(cwd);
    writeFileSync(join(cwd, '.env'), planted());
    const { map, code } = mapOf(repo, [], { cwd, env: { GIT_CEILING_DIRECTORIES: repo.home } });
    expect(code).toBe(0);
    expect(placesOf(map)).toEqual(['untracked .env']);
  });

  test('no report holds a secret', () => {
    const repo = repository();
    const key = stripeKey();
    repo.write('.env', `KEY=${key}\nURL=postgres://u:${key.slice(-20)}@h.example.org/db\n`);
    repo.write(`${key.slice(-30)}.txt`, `KEY=${key}\n`);
    for (const format of ['text', 'json', 'jsonl', 'csv', 'sarif', 'markdown']) {
      const { out, err } = runCli(repo, ['map', '--no-env', '--long', '--format', format]);
      expect(out).not.toBe('');
      expect(out + err).not.toContain(key);
      expect(out + err).not.toContain(`:${key.slice(-20)}@`);
    }
  });
});

describe('findings of its own', () => {
  test('secrets in settings, allowed commands, instruction files and transcripts', () => {
    const repo = repository();
    const key = stripeKey();
    repo.write(
      '.mcp.json',
      JSON.stringify({ mcpServers: { pay: { command: 'npx', env: { STRIPE_KEY: stripeKey() } } } }, null, 1),
    );
    repo.write(
      '.claude/settings.local.json',
      JSON.stringify({ permissions: { allow: [`Bash(curl -u ${key}: https://api.example.org)`] } }, null, 1),
    );
    repo.write('CLAUDE.md', `Never read .env.\nPay with ${stripeKey()}, see @docs/a.md.\n`);
    repo.write('docs/a.md', `or with ${stripeKey()}\n`);
    repo.write('.claudeignore', '.env\n');
    repo.write('.aider.chat.history.md', `> use ${stripeKey()}\n`);
    const { map, out } = mapOf(repo);
    const told = map.problems.map(({ rule, assistant, file, line }) => `${rule} ${assistant} ${file}:${line ?? ''}`);
    expect(told.toSorted()).toEqual([
      'assistant-allowed-command claude-code .claude/settings.local.json:4',
      'assistant-inline-secret claude-code .mcp.json:6',
      'assistant-instructions claude-code CLAUDE.md:2',
      'assistant-instructions claude-code CLAUDE.md:2',
      'assistant-instructions claude-code docs/a.md:1',
      'assistant-placebo claude-code .claudeignore:',
      'assistant-transcript aider .aider.chat.history.md:1',
    ]);
    for (const { sources } of map.problems) expect(sources.length).toBeGreaterThan(0);
    expect(map.problems.find(({ rule }) => rule === 'assistant-placebo')?.sources[0]?.url).toMatch(/^https:/);
    expect(out).not.toContain(key);
    expect(mapOf(repo, ['--fail-on', 'problem']).code).toBe(1);
    const sarif = JSON.parse(runCli(repo, ['map', '--no-env', '--format', 'sarif']).out) as {
      readonly runs: readonly [{ readonly results: readonly { readonly ruleId: string }[] }];
    };
    expect(sarif.runs[0].results.map(({ ruleId }) => ruleId)).toEqual(
      expect.arrayContaining(['exposed-to-assistant', 'assistant-transcript']),
    );
  });
});

describe('what is copied into new working trees', () => {
  test('is told', () => {
    const repo = repository();
    repo.write('.gitignore', '.env\nlocal/\n');
    repo.write('.worktreeinclude', '# ours\n.env\n');
    repo.write('.env', planted());
    repo.write('local/a.py', planted());
    const told = mapOf(repo).map.problems.map(({ rule, file, line }) => [rule, file, line]);
    expect(told).toEqual([['assistant-worktree-copy', '.worktreeinclude', 2]]);
  });
});

describe('what a branch newly exposes', () => {
  test('a new secret, a rule that is gone, and nothing that was there', () => {
    const repo = repository();
    repo.write('.gitignore', '.env\n');
    repo.write('GEMINI.md', 'Be kind.\n');
    repo.write('.geminiignore', 'config/\n');
    repo.write('a.py', planted());
    repo.write('config/b.yml', `stripe_key: ${stripeKey()}\n`);
    repo.commit('base');
    repo.git('branch', 'base');
    repo.write('.env', planted());
    const args = ['--diff', 'base', '--fail-on', 'visible'];
    const newly = (): { readonly code: number | null; readonly told: readonly string[] } => {
      const { code, map } = mapOf(repo, args);
      const told = (map.changes?.all ?? [])
        .filter(({ assistant }) => assistant === 'gemini-cli')
        .map(({ secret }) => map.secrets[secret]?.places[0]?.path ?? '');
      return { code, told: told.toSorted() };
    };
    expect(newly()).toEqual({ code: 0, told: [] });
    repo.write('c.py', planted());
    repo.commit('a secret');
    expect(newly()).toEqual({ code: 1, told: ['c.py'] });
    repo.write('c.py', 'x = 1\n');
    repo.commit('taken out: it is in the history');
    expect(newly()).toEqual({ code: 1, told: ['c.py'] });
    const text = runCli(repo, ['map', '--no-env', ...args]);
    expect(text.out).toContain('Open, and not so in base:');
    expect(text.err).toContain('Gemini CLI could read 1 secret that --fail-on names, and could not in base');
  });

  test('an ignore file that is gone opens what it closed', () => {
    const repo = repository();
    repo.write('.gitignore', '.env\n');
    repo.write('GEMINI.md', 'Be kind.\n');
    repo.write(
      '.gemini/settings.json',
      '{ "security": { "toolSandboxing": true }, "advanced": { "ignoreLocalEnv": true } }\n',
    );
    repo.commit('base');
    repo.write('.env', planted());
    repo.write('.gemini/settings.json', '{}\n');
    repo.commit('without');
    const { map } = mapOf(repo, ['--diff', 'HEAD~1', '--assistant', 'gemini-cli']);
    const [cell] = map.secrets.map(({ exposure }) => exposure['gemini-cli']);
    expect(cell).toMatchObject({ verdict: 'visible', channel: 'env' });
    // The editor's channel is not known, and that counts as visible in both.
    expect(map.changes).toEqual({ since: 'HEAD~1', all: [] });
  });

  test('a name that is no commit is told', () => {
    const repo = repository();
    repo.write('a', 'x');
    repo.commit('first');
    const { code, err } = runCli(repo, ['map', '--diff', 'nowhere']);
    expect(code).toBe(2);
    expect(err).toContain('--diff: "nowhere" names no commit here');
  });
});

describe('the gate', () => {
  test('fails for what assistants in use could read, from a severity on', () => {
    const repo = repository();
    repo.write('CLAUDE.md', 'Be kind.\n');
    repo.write('a.py', planted());
    repo.commit('first');
    const code = (...args: string[]): number | null => mapOf(repo, args).code;
    expect(code()).toBe(0);
    expect(code('--fail-on', 'visible')).toBe(1);
    expect(code('--fail-on', 'visible,critical')).toBe(1);
    repo.write('a.py', 'x\n');
    repo.commit('second');
    expect(code('--fail-on', 'visible', '--no-history')).toBe(0);
    expect(code('--fail-on', 'visible')).toBe(1);
  });

  test('a word that is none is told', () => {
    const repo = repository();
    const { code, err } = runCli(repo, ['map', '--fail-on', 'visable']);
    expect([code, err]).toEqual([
      2,
      'keepmum: --fail-on: "visable" is no verdict and no severity\n  fix: did you mean visible?\n',
    ]);
  });

  test('a baseline accepts what is open, and no more', () => {
    const repo = repository();
    repo.write('CLAUDE.md', 'Be kind.\n');
    repo.write('a.py', planted());
    repo.commit('first');
    expect(mapOf(repo, ['--write-baseline']).code).toBe(0);
    const accepted = mapOf(repo, ['--fail-on', 'visible']);
    expect([accepted.code, accepted.map.changes?.all.filter(({ assistant }) => assistant === 'claude-code')]).toEqual([
      0,
      [],
    ]);
    repo.write('b.py', planted());
    const { code, map, err } = mapOf(repo, ['--fail-on', 'visible']);
    expect(code).toBe(1);
    expect(err).toContain('Claude Code could read 1 secret that --fail-on names');
    expect(map.changes?.all.filter(({ assistant }) => assistant === 'claude-code')).toHaveLength(1);
    expect(mapOf(repo, ['--fail-on', 'visible', '--no-baseline']).err).toContain('2 secrets');
  });
});
