import { randomInt } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainGit } from '../git/plain.ts';
import { installInto } from './git.ts';
import type { Program, Site } from './manager.ts';
import { render } from './template.ts';

export interface DryRun {
  /** `undefined`: git itself could not make the throw-away repository. */
  readonly blocked: boolean | undefined;
  readonly cleanPassed: boolean;
  /** The last line that git or the hook printed, where something is wrong; never the made-up secret. */
  readonly detail: string;
}

/** The shape of a Stripe live key, made new each time: it opens nothing. */
function madeUpSecret(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  let body = '';
  for (let at = 0; at < 48; at++) body += alphabet[randomInt(alphabet.length)] ?? '';
  return ['sk', 'live', `51${body}`].join('_');
}

/**
 * Commits a made-up secret and then a harmless file in a throw-away repository, through the hook that
 * is installed (`shared`: the committed script, as hook managers start it; otherwise a hook of git).
 */
export async function dryRun(
  program: Program,
  how: 'git' | 'shared',
  site: Site,
  env: NodeJS.ProcessEnv,
): Promise<DryRun> {
  const base = mkdtempSync(join(tmpdir(), 'keepmum-doctor-'));
  try {
    const root = join(base, 'repository');
    mkdirSync(root);
    const clean: NodeJS.ProcessEnv = {};
    for (const [name, value] of Object.entries(env)) {
      if (!/^(GIT_|KEEPMUM_)/.test(name)) clean[name] = value;
    }
    Object.assign(clean, { GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' });
    const run = (...args: string[]) =>
      plainGit(
        ['-c', 'user.name=keepmum', '-c', 'user.email=doctor@example.invalid', '-c', 'commit.gpgSign=false', ...args],
        root,
        clean,
      );

    const init = await run('init', '-q');
    if (init.code !== 0) return { blocked: undefined, cleanPassed: false, detail: lastLine(init.stderr) };
    const hooks = join(root, '.git', 'hooks');
    if (how === 'git') {
      installInto(hooks, ['pre-commit'], program, 'repository', false);
    } else {
      mkdirSync(hooks, { recursive: true });
      writeFileSync(join(hooks, 'keepmum-shared'), render(program.templates, 'shared.sh'), 'latin1');
      const script = join(hooks, 'pre-commit');
      writeFileSync(script, '#!/bin/sh\nexec sh .git/hooks/keepmum-shared pre-commit "$@"\n');
      chmodSync(script, 0o755);
      const modules = join(site.root, 'node_modules', 'keepmum');
      if (existsSync(modules)) {
        mkdirSync(join(root, 'node_modules'));
        symlinkSync(modules, join(root, 'node_modules', 'keepmum'), 'junction');
      }
    }
    const secret = madeUpSecret();
    writeFileSync(join(root, 'settings.py'), `stripe_api_key = "${secret}"\n`);
    await run('add', '--', 'settings.py');
    const dirty = await run('commit', '-q', '-m', 'a made-up secret');
    const blocked = dirty.code !== 0 && /secrets were found/.test(dirty.stderr);
    writeFileSync(join(root, 'settings.py'), 'stripe_api_key = os.environ["STRIPE_API_KEY"]\n');
    await run('add', '--', 'settings.py');
    const harmless = await run('commit', '-q', '-m', 'nothing secret');
    const cleanPassed = harmless.code === 0;
    const shown = blocked ? (cleanPassed ? '' : harmless.stderr) : dirty.stderr;
    return { blocked, cleanPassed, detail: lastLine(shown.replaceAll(secret, '(secret)')) };
  } finally {
    rmSync(base, { recursive: true, force: true, maxRetries: 3 });
  }
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => /^(keepmum|fatal|error)\b/.test(line));
  // oxlint-disable-next-line no-control-regex -- control characters are the point
  return (lines.at(-1) ?? '').replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '?').slice(0, 300);
}
