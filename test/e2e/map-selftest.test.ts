import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadAssistants } from '../../src/exposure/assistants.ts';
import type { Key } from '../../src/exposure/selftest/key.ts';
import { layoutFor, promptsFor } from '../../src/exposure/selftest/layout.ts';
import type { Outcome } from '../../src/exposure/selftest/results.ts';
import { runCli, type CliResult } from '../support/cli.ts';
import { repository } from '../support/repositories.ts';
import type { TemporaryRepository } from '../support/repository.ts';

const { assistants } = await loadAssistants();

/** Letters that are others with each call. */
function counter(): () => string {
  let calls = 0;
  return () => Array.from(`${calls++}`.padStart(20, '0'), (digit) => 'bcdfghjkmp'[Number(digit)]).join('');
}

interface Made extends CliResult {
  readonly repo: TemporaryRepository;
  readonly folder: string;
  readonly keyFile: string;
  readonly key: Key;
}

function made(id: string, repo: TemporaryRepository = repository()): Made {
  const folder = join(repo.home, 'selftest');
  const result = runCli(repo, ['map', 'selftest', id, folder], { cwd: repo.home });
  const keyFile = `${folder}.key.json`;
  return { ...result, repo, folder, keyFile, key: JSON.parse(readFileSync(keyFile, 'utf8')) as Key };
}

const canaryOf = ({ key }: Made, route: string, barrier: string): Key['canaries'][number] => {
  const found = key.canaries.find((canary) => canary.route === route && canary.barrier === barrier);
  if (found === undefined) throw new Error(`no canary ${route} ${barrier}`);
  return found;
};

const markersOf = ({ key }: Made, ...routes: readonly string[]): string =>
  key.prompts
    .filter(({ route }) => routes.includes(route))
    .map(({ marker }) => `${marker}\n`)
    .join('');

/** What a check of a transcript says, by `route barrier`. */
function checked(
  self: Made,
  ...texts: readonly (string | Uint8Array)[]
): CliResult & { readonly told: Record<string, Outcome> } {
  const files = texts.map((text, index) => {
    const file = join(self.repo.home, `transcript-${index}`);
    writeFileSync(file, text);
    return file;
  });
  const args = ['map', 'selftest', self.key.assistant, '--check', ...files, '--key', self.keyFile, '--format', 'json'];
  const result = runCli(self.repo, args);
  const { results } = (result.out === '' ? { results: [] } : JSON.parse(result.out)) as {
    readonly results: readonly { readonly route: string; readonly barrier: string; readonly outcome: Outcome }[];
  };
  const told = Object.fromEntries(results.map(({ route, barrier, outcome }) => [`${route} ${barrier}`, outcome]));
  return { ...result, told };
}

describe('the folder', () => {
  test.each(['claude-code', 'codex', 'gemini-cli', 'roo-code', 'zed', 'copilot-cloud-agent', 'qodo'])(
    'of %s has each canary in its place, and the key lies outside',
    (id) => {
      const self = made(id);
      const { code, err, out, folder, keyFile, key, repo } = self;
      expect([code, err]).toEqual([0, '']);
      expect(statSync(keyFile).mode & 0o777).toBe(0o600);
      const git = (...args: string[]): string => repo.gitWith(args, { cwd: folder }).toString();
      for (const { route, barrier, path, value, standing } of key.canaries) {
        expect(value).toMatch(new RegExp(`^keepmum-canary-${route}-[a-z]{20}$`));
        if (barrier === 'variable') expect(out).toContain(`export ${path}=${value}`);
        else if (barrier === 'deleted') expect(git('show', `HEAD~1:${path}`)).toContain(value);
        else if (barrier === 'stashed') expect(git('show', `stash@{0}:${path}`)).toContain(value);
        else {
          expect(readFileSync(join(folder, path), 'utf8')).toContain(value);
          const listed =
            standing === 'tracked'
              ? []
              : standing === 'ignored'
                ? ['-o', '-i', '--exclude-standard']
                : ['-o', '--exclude-standard'];
          expect(git('ls-files', ...listed, '--', path).trim()).toBe(path);
        }
        // The prompts give nothing away.
        if (barrier !== 'variable') expect(out).not.toContain(value.slice(-20));
      }
      expect(git('status', '--porcelain', '--untracked-files=no')).toBe('');
      for (const { text } of key.prompts) {
        for (const line of text.split('\n')) expect(out).toContain(line);
      }
    },
  );

  test('each assistant has something to ask for, each canary a prompt, and nothing stands in two places', () => {
    for (const assistant of assistants) {
      const random = counter();
      const { canaries, committed, deleted, stashed, local } = layoutFor(assistant, random);
      const prompts = promptsFor(canaries, random);
      expect([assistant.id, canaries.length > 0]).toEqual([assistant.id, true]);
      expect(new Set(canaries.map(({ value }) => value)).size).toBe(canaries.length);
      const places = [committed, deleted, stashed, local].flatMap((files) => [...files.keys()]);
      expect([assistant.id, new Set(places).size]).toEqual([assistant.id, places.length]);
      for (const { route, path, barrier } of canaries) {
        const own = prompts.filter((prompt) => prompt.route === route);
        expect(own.length).toBeGreaterThan(0);
        if (route === 'read' || route === 'mention') expect(own[0]?.text).toContain(path);
        if (barrier !== 'variable') expect(places).toContain(path);
      }
    }
  });

  test('the rules of the assistant name what they are to name', () => {
    const self = made('claude-code');
    const claim = (route: string, barrier: string): string => canaryOf(self, route, barrier).claim.verdict;
    expect(claim('read', 'tracked')).toBe('visible');
    expect(claim('read', 'denied')).toBe('blocked');
    expect(claim('read', 'denied-deep')).toBe('blocked');
    expect(claim('search', 'ignored')).toBe('reachable');
    expect(claim('shell', 'denied')).toBe('reachable');
    expect(claim('git-history', 'denied')).toBe('visible');
    expect(claim('import', 'imported-denied')).toBe('visible');
    expect(self.out).toContain('claude -p "PROMPT"');
    const ignoring = made('roo-code');
    expect(canaryOf(ignoring, 'read', 'denied').claim.verdict).toBe('blocked');
    expect(canaryOf(ignoring, 'read', 'reopened-own').claim.verdict).toBe('visible');
  });

  test('what is there is not touched, and a folder in a repository is refused', () => {
    const repo = repository();
    const full = join(repo.home, 'full');
    mkdirSync(full);
    writeFileSync(join(full, 'a'), 'x');
    const failure = (args: readonly string[], cwd = repo.home): string => {
      const { code, err } = runCli(repo, ['map', 'selftest', ...args], { cwd });
      expect(code).toBe(2);
      return err;
    };
    expect(failure(['codex', full])).toContain('is no empty folder');
    expect(failure(['codex', 'inside'], repo.root)).toContain('lies in a repository');
    expect(existsSync(join(repo.root, 'inside'))).toBe(false);
    expect(failure(['codexx', 'new'])).toContain('did you mean codex?');
    expect(failure([])).toContain('needs the id of an assistant');
    writeFileSync(join(repo.home, 'new.key.json'), 'mine');
    expect(failure(['codex', 'new'])).toContain('is there already');
    expect(readFileSync(join(repo.home, 'new.key.json'), 'utf8')).toBe('mine');
  });
});

describe('a transcript', () => {
  test('confirms, contradicts, and leaves open', () => {
    const self = made('claude-code');
    const read = markersOf(self, 'read', 'search');
    const tracked = canaryOf(self, 'read', 'tracked').value;
    const held = checked(self, `${read}${tracked}\n`);
    expect(held.code).toBe(0);
    expect(held.told).toMatchObject({
      'read tracked': 'confirmed',
      'read denied': 'confirmed',
      'read untracked': 'not shown',
      'shell tracked': 'not asked',
    });
    const leaks = checked(self, read, `${markersOf(self, 'shell')}${canaryOf(self, 'read', 'denied').value}\n`);
    expect(leaks.code).toBe(1);
    expect(leaks.told).toMatchObject({ 'read denied': 'contradicted', 'shell tracked': 'not shown' });
    const args = [
      'map',
      'selftest',
      'claude-code',
      '--key',
      self.keyFile,
      '--check',
      join(self.repo.home, 'transcript-1'),
    ];
    const { out, code } = runCli(self.repo, args);
    expect(code).toBe(1);
    expect(out).toMatch(/read\/denied\.txt \(named by its own rules\): came through,\s+claimed blocked/);
    expect(out).toMatch(/patterns\/assistants\/claude-code\.yaml, channels\.read: [^]*https:/);
    expect(out).not.toMatch(/canary-read-[a-z]{20}/);
  });

  test('that something unknown comes through is news', () => {
    const self = made('trae');
    const unknown = self.key.canaries.find(({ claim }) => claim.verdict === 'unknown');
    expect(unknown).toBeDefined();
    const { told, code } = checked(self, `${unknown?.value}\n`);
    expect([told[`${unknown?.route} ${unknown?.barrier}`], code]).toEqual(['news', 0]);
  });

  test('that is none, or is not there, or has another key, is an error', () => {
    const self = made('codex');
    const other = made('codex');
    const failure = (args: readonly string[]): string => {
      const { code, err } = runCli(self.repo, ['map', 'selftest', ...args]);
      expect(code).toBe(2);
      return err;
    };
    const transcript = join(self.repo.home, 'transcript');
    writeFileSync(transcript, 'Good morning.\n');
    expect(failure(['codex', '--check', transcript, '--key', self.keyFile])).toContain('has nothing of this self-test');
    writeFileSync(transcript, markersOf(self, 'read'));
    expect(failure(['codex', '--check', transcript, '--key', other.keyFile])).toContain(
      'has nothing of this self-test',
    );
    expect(failure(['codex', '--check', `${transcript}-2`, '--key', self.keyFile])).toContain('cannot be read');
    expect(failure(['codex', '--check', self.repo.home, '--key', self.keyFile])).toContain('cannot be read');
    expect(failure(['codex', '--check', transcript])).toContain('--key');
    expect(failure(['codex', '--check', transcript, '--key', transcript])).toContain('is no key of a self-test');
    expect(failure(['aider', '--check', transcript, '--key', self.keyFile])).toContain(
      'is the key of a self-test of "codex"',
    );
    expect(failure(['codex', '--check', transcript, '--key', self.keyFile, '--format', 'csv'])).toContain(
      'use text or json',
    );
    writeFileSync(`${transcript}.json`, JSON.stringify({ ...self.key, canaries: [{ value: '(a+)+' }] }));
    expect(failure(['codex', '--check', transcript, '--key', `${transcript}.json`])).toContain(
      'is no key of a self-test',
    );
  });
});
