import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadAssistants } from '../../src/exposure/assistants.ts';
import { runCli, stripeKey } from '../support/cli.ts';
import { plantForty } from '../support/forty-secrets.ts';
import { mapOf, type MapRecord } from '../support/map.ts';
import { repository } from '../support/repositories.ts';
import { temporaryRepository, type TemporaryRepository } from '../support/repository.ts';
import { snapshot } from '../support/tree.ts';

const { assistants } = await loadAssistants();
const forty = temporaryRepository();
afterAll(() => {
  forty.remove();
});
plantForty(forty);

/** A copy of the repository with the forty secrets. */
function fresh(repo: TemporaryRepository = repository()): TemporaryRepository {
  rmSync(repo.root, { recursive: true });
  cpSync(forty.root, repo.root, { recursive: true });
  return repo;
}

const files = (repo: TemporaryRepository): Record<string, string> =>
  snapshot(repo.root, (path) => path.startsWith('.git/') || path === '.git');

/** Where the secrets stand that an assistant has by one of these channels, without effort. */
function openTo(map: MapRecord, id: string, channels?: readonly string[]): string[] {
  return map.secrets
    .filter(({ exposure }) => {
      const told = Object.entries(exposure[id]?.channels ?? {});
      return told.some(
        ([channel, { verdict }]) =>
          (channels === undefined || channels.includes(channel)) && (verdict === 'visible' || verdict === 'unknown'),
      );
    })
    .map(({ places }) => `${places[0]?.standing} ${places[0]?.path}`);
}

const closable = (map: MapRecord, id: string): string[] =>
  map.secrets.filter(({ exposure }) => exposure[id]?.closable === true).map(({ places }) => places[0]?.path ?? '');

/** Those that have a setting in the repository that closes files. */
const WITH_SETTINGS = assistants
  .filter(({ mechanisms }) =>
    Object.entries(mechanisms).some(
      ([, { kind, file, default: state, until, keys }]) =>
        (kind === 'ignore-file' && file?.startsWith('~/') === false && state !== 'off' && until === undefined) ||
        ((kind === 'permission-rules' || kind === 'sandbox') && keys !== undefined),
    ),
  )
  .map(({ id }) => id);

/** These have settings, and none of a repository that keeps reading back. */
const WITHOUT_FIX = ['amazon-q-cli', 'copilot-vscode', 'grok-build', 'cline-legacy', 'kiro-cli'];

describe('after the fix', () => {
  const ids = WITH_SETTINGS.filter((id) => !WITHOUT_FIX.includes(id));
  const repo = fresh(temporaryRepository());
  afterAll(() => {
    repo.remove();
  });
  const args = ['--no-history', ...ids.flatMap((id) => ['--assistant', id])];
  const before = mapOf(repo, args).map;
  const fixed = runCli(repo, ['map', '--no-env', '--fix', '--yes', ...args]);
  const first = files(repo);
  const after = mapOf(repo, args).map;

  test('it was written without a word of trouble', () => {
    expect([fixed.code, fixed.err]).toEqual([0, '']);
    expect(ids.length).toBeGreaterThan(20);
  });

  test.each(ids)('nothing is left for %s that a setting could close', (id) => {
    expect(openTo(before, id).length).toBeGreaterThan(0);
    expect(closable(before, id).length).toBeGreaterThanOrEqual(0);
    expect(closable(after, id)).toEqual([]);
  });

  const LOCAL = [
    'ignored .env',
    'ignored apps/web/.env',
    'ignored logs/app.log',
    'ignored secrets/payments.json',
    'untracked notes.txt',
  ];

  test.each([
    ['claude-code', undefined],
    ['codex', ['read', 'search', 'shell', 'shell-sandboxed']],
    ['cursor', ['index', 'read', 'search', 'editor', 'mention', 'shell-sandboxed']],
    ['gemini-cli', ['read', 'search', 'mention', 'env']],
    ['roo-code', ['index', 'read', 'search', 'editor', 'mention', 'shell']],
    ['windsurf', ['index', 'read', 'search']],
    ['zed', ['read', 'search']],
    ['opencode', ['read']],
    ['kiro', ['read', 'search']],
    ['aider', ['index', 'read']],
    ['qwen-code', ['read', 'search']],
    ['continue', ['index', 'search']],
  ] as const)('what is closed for %s', (id, channels) => {
    const open = openTo(after, id, channels);
    expect(LOCAL.filter((place) => open.includes(place))).toEqual([]);
    // Code that is committed is to be read, and its secret to be rotated.
    expect(readFileSync(join(repo.root, 'src/pay.ts'), 'utf8')).toBe(
      readFileSync(join(forty.root, 'src/pay.ts'), 'utf8'),
    );
  });

  test('a second run changes nothing', () => {
    const again = runCli(repo, ['map', '--no-env', '--fix', '--yes', ...args]);
    expect(again.out).toContain('Nothing is left that settings could close.');
    expect(files(repo)).toEqual(first);
  });

  test('what was there still stands where it stood', () => {
    for (const [path, text] of Object.entries(files(forty))) {
      if (path.endsWith('ignore')) expect(first[path]?.startsWith(text)).toBe(true);
      else if (!/settings|opencode|kilo/.test(path)) expect(first[path]).toBe(text);
    }
  });
});

describe('what is there stays', () => {
  const planted = (): string => `KEY=${stripeKey()}\n`;

  test('comments, order, indentation and line ends of settings', () => {
    const repo = repository();
    const before =
      '{\r\n\t// ours\r\n\t"model": "x",\r\n\t"permissions": {\r\n\t\t"allow": ["Bash(ls)"],\r\n\t\t"deny": ["Read(a)"] // why\r\n\t}\r\n}\r\n';
    repo.write('.claude/settings.json', before);
    repo.write('.gitignore', '.env\n');
    repo.commit('first');
    repo.write('.env', planted());
    expect(runCli(repo, ['map', '--no-env', '--fix', '--yes']).code).toBe(0);
    const after = readFileSync(join(repo.root, '.claude/settings.json'), 'utf8');
    expect(after).toContain('// ours\r\n\t"model": "x",\r\n');
    expect(after).toContain('// why');
    expect(after).toContain('"Read(/.env)"');
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
    expect(after.indexOf('"Read(a)"')).toBeLessThan(after.indexOf('"Read(/.env)"'));
  });

  test('a setting that somebody made is not turned round', () => {
    const repo = repository();
    repo.write('.claude/settings.json', '{ "sandbox": { "enabled": false } }\n');
    repo.write('.env', planted());
    runCli(repo, ['map', '--no-env', '--fix', '--yes']);
    expect(readFileSync(join(repo.root, '.claude/settings.json'), 'utf8')).toContain('"enabled": false');
  });

  test('broken settings are left alone', () => {
    const repo = repository();
    repo.write('.claude/settings.json', '{ "permissions": ');
    repo.write('.codex/config.toml', 'a = = 1\n');
    repo.write('.env', planted());
    const { out } = runCli(repo, ['map', '--no-env', '--fix', '--yes']);
    expect(out).toContain('no valid JSON');
    expect(readFileSync(join(repo.root, '.claude/settings.json'), 'utf8')).toBe('{ "permissions": ');
    expect(readFileSync(join(repo.root, '.codex/config.toml'), 'utf8')).toBe('a = = 1\n');
  });

  test('a chosen profile of Codex gets the rules, and one that does not count is left', () => {
    const repo = repository();
    repo.write('.env', planted());
    const chosen =
      'model = "x" # ours\ndefault_permissions = "shop"\n\n[permissions.shop.filesystem.":workspace_roots"]\n"**/*.pem" = "deny"\n\n[mcp_servers.a]\ncommand = "npx"\n';
    repo.write('.codex/config.toml', chosen);
    runCli(repo, ['map', '--no-env', '--fix', '--yes']);
    const after = readFileSync(join(repo.root, '.codex/config.toml'), 'utf8');
    expect(after).toBe(chosen.replace('"**/*.pem"', '".env" = "deny"\n"**/*.pem"'));
    repo.write('.codex/config.toml', 'sandbox_mode = "read-only"\n');
    runCli(repo, ['map', '--no-env', '--fix', '--yes']);
    expect(readFileSync(join(repo.root, '.codex/config.toml'), 'utf8')).toBe('sandbox_mode = "read-only"\n');
  });

  test('the rights of a file stay, and a link that leads out is not followed', () => {
    const repo = repository();
    repo.write('.env', planted());
    repo.write('.cursorignore', 'a\n');
    chmodSync(join(repo.root, '.cursorignore'), 0o600);
    runCli(repo, ['map', '--no-env', '--fix', '--yes']);
    expect(statSync(join(repo.root, '.cursorignore')).mode & 0o777).toBe(0o600);
    rmSync(join(repo.root, '.cursorignore'));
    writeFileSync(join(repo.home, 'theirs'), 'a\n');
    symlinkSync(join(repo.home, 'theirs'), join(repo.root, '.cursorignore'));
    runCli(repo, ['map', '--no-env', '--fix', '--yes']);
    expect(readFileSync(join(repo.home, 'theirs'), 'utf8')).toBe('a\n');
  });

  test('bytes that are no text stay as they are', () => {
    const repo = repository();
    const there = Buffer.from('caf\xe9 \xff\n', 'latin1');
    repo.write('.cursorignore', there);
    repo.write('.env', planted());
    repo.write('clé.env', planted());
    const { code, err } = runCli(repo, ['map', '--no-env', '--fix', '--yes']);
    expect([code, err]).toEqual([0, '']);
    const after = readFileSync(join(repo.root, '.cursorignore'));
    expect(after.subarray(0, there.length)).toEqual(there);
    expect(after.subarray(there.length).toString()).toMatch(/^\/\.env\n\/clé\.env\n/m);
  });

  test('where one file cannot be written, none is', () => {
    const repo = repository();
    repo.write('.env', planted());
    repo.write('.cursorignore', 'a\n');
    repo.write('CLAUDE.md', 'Be kind.\n');
    mkdirSync(join(repo.home, 'theirs'));
    symlinkSync(join(repo.home, 'theirs'), join(repo.root, '.claude'));
    const { code, err } = runCli(repo, ['map', '--no-env', '--fix', '--yes']);
    expect(code).toBe(2);
    expect(err).toContain('lies in a folder that is a link out of the repository; nothing was written');
    expect(readdirSync(join(repo.home, 'theirs'))).toEqual([]);
    expect(readFileSync(join(repo.root, '.cursorignore'), 'utf8')).toBe('a\n');
  });

  test('without a terminal and without --yes nothing is written', () => {
    const repo = repository();
    repo.write('.cursor/rules/a.mdc', 'x\n');
    repo.write('.env', planted());
    const { code, out } = runCli(repo, ['map', '--no-env', '--fix']);
    expect(code).toBe(0);
    expect(out).toContain('+ /.env');
    expect(out).toContain('Nothing was written');
    expect(existsSync(join(repo.root, '.cursorignore'))).toBe(false);
  });

  test('names that patterns take for more are escaped, and what cannot be named is left', () => {
    const repo = repository();
    repo.write('.cursor/rules/a.mdc', 'x\n');
    const names = ['a[1].env', 'b*.env', '#c.env', '!d.env', 'e .env', 'f\\.env', 'end.env '];
    for (const name of names) repo.write(name, planted());
    repo.write('new\nline.env', planted());
    runCli(repo, ['map', '--no-env', '--fix', '--yes']);
    const { map } = mapOf(repo);
    expect(openTo(map, 'cursor', ['index']).map((place) => place.replace('untracked ', ''))).toEqual(['new\nline.env']);
    expect(runCli(repo, ['map', '--no-env', '--fix', '--yes']).out).toContain('Nothing is left');
  });

  test('what is shown holds no secret of the settings', () => {
    const repo = repository();
    const key = stripeKey();
    repo.write(
      '.claude/settings.json',
      `{\n  "permissions": {\n    "deny": ["Read(a)"],\n    "allow": ["Bash(curl -u ${key}: x)"]\n  }\n}\n`,
    );
    repo.write('.claude/settings.local.json', '{}\n');
    repo.write('.cursor/cli.json', `{ "permissions": { "deny": [], "x": "${key}" } }\n`);
    repo.write('.env', planted());
    const { out, err } = runCli(repo, ['map', '--no-env', '--fix', '--yes']);
    expect(out).toContain('.claude/settings.json');
    expect(out + err).not.toContain(key);
    expect(readFileSync(join(repo.root, '.claude/settings.json'), 'utf8')).toContain(key);
  });
});
