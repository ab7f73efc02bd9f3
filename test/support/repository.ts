import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CODE_CACHE } from './code-cache.ts';

export interface RepositoryOptions {
  /** `sha1` (default) or `sha256`. */
  readonly objectFormat?: 'sha1' | 'sha256';
  /** A bare repository has no working tree; `write` then throws. */
  readonly bare?: boolean;
}

/** A repository in a temporary folder, cut off from the user's and the system's git settings. */
export interface TemporaryRepository extends AsyncDisposable {
  /** The top level, symbolic links resolved. */
  readonly root: string;
  /** The home folder that git sees; its `.gitconfig` is the global configuration. */
  readonly home: string;
  /** What a child process needs in order to see the same git: give it to a CLI under test. */
  readonly env: NodeJS.ProcessEnv;
  /** Writes a file (and its folders) of the working tree. A path may hold bytes that are not UTF-8. */
  write(path: string | Buffer, content: string | Uint8Array): void;
  /** Runs git in the top level and gives its stdout. @throws where it fails */
  git(...args: string[]): string;
  /** The same with input, raw output and more variables. */
  gitWith(
    args: readonly string[],
    options: {
      readonly input?: string | Uint8Array;
      readonly env?: NodeJS.ProcessEnv;
      readonly cwd?: string;
    },
  ): Buffer;
  /** Stages everything and commits it; gives the commit's id. */
  commit(message: string): string;
  remove(): void;
}

/** Variables of this process that must not reach a repository under test. */
function cleanEnvironment(home: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    // Node 20 reads the certificates at every start, for as long as all else that a start takes; nothing here asks a server.
    if (!name.startsWith('GIT_') && name !== 'NODE_EXTRA_CA_CERTS' && value !== undefined) env[name] = value;
  }
  return {
    ...env,
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    // Absent where a run without the setup is looked at; then it is in the home folder.
    NODE_COMPILE_CACHE: process.env[CODE_CACHE],
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'A. Uthor',
    GIT_AUTHOR_EMAIL: 'author@example.invalid',
    GIT_COMMITTER_NAME: 'C. Ommitter',
    GIT_COMMITTER_EMAIL: 'committer@example.invalid',
    GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
    GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
    LC_ALL: 'C',
  };
}

/** Use as `await using repo = temporaryRepository()`, or call `remove()` afterwards. */
export function temporaryRepository(options: RepositoryOptions = {}): TemporaryRepository {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'keepmum-test-')));
  const root = join(base, 'repo');
  const home = join(base, 'home');
  mkdirSync(root);
  mkdirSync(home);
  const env = cleanEnvironment(home);

  const gitWith: TemporaryRepository['gitWith'] = (args, { input, env: more, cwd }) => {
    const result = spawnSync('git', args, {
      cwd: cwd ?? root,
      env: { ...env, ...more },
      input: input ?? '',
      maxBuffer: 1 << 28,
    });
    if (result.error) throw result.error;
    if (result.status !== 0) {
      throw new Error(`git ${args.join(' ')} ended with ${result.status}: ${result.stderr.toString()}`);
    }
    return result.stdout;
  };
  const git = (...args: string[]): string => gitWith(args, {}).toString();
  const remove = (): void => {
    rmSync(base, { recursive: true, force: true, maxRetries: 3 });
  };

  git(
    'init',
    '-q',
    '-b',
    'main',
    ...(options.bare ? ['--bare'] : []),
    ...(options.objectFormat ? [`--object-format=${options.objectFormat}`] : []),
  );
  git('config', 'gc.auto', '0');
  git('config', 'maintenance.auto', 'false');

  return {
    root,
    home,
    env,
    git,
    gitWith,
    remove,
    write(path, content) {
      if (options.bare) throw new Error('a bare repository has no working tree');
      const full = Buffer.isBuffer(path) ? Buffer.concat([Buffer.from(`${root}/`), path]) : join(root, path);
      if (!Buffer.isBuffer(full)) mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, content);
    },
    commit(message) {
      git('add', '-A');
      git('commit', '-q', '--no-verify', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD').trim();
    },
    [Symbol.asyncDispose]() {
      remove();
      return Promise.resolve();
    },
  };
}
