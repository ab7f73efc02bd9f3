import type { ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { SimpleGit } from 'simple-git';
import { GitError } from '../core/errors.ts';
import { release } from '../core/free-memory.ts';
import { PIPE_END } from './piped.ts';

/** How one git process is to be run. */
export interface GitOptions {
  /** Folder that git starts in. */
  readonly cwd: string;
  readonly signal?: AbortSignal;
  /** Written to stdin, which is closed after it. An iterable is consumed as git reads. */
  readonly input?: Uint8Array | string | AsyncIterable<Uint8Array | string>;
  /**
   * The folder belongs to another repository than the one whose hook may be running: the variables
   * with which git names that one (`GIT_DIR`, `GIT_INDEX_FILE`, …) are not handed on.
   */
  readonly otherRepository?: boolean;
  /** Exit codes that are not an error, next to 0. */
  readonly accept?: readonly number[];
}

/** A git process that runs. */
export interface GitStream extends AsyncIterable<Buffer> {
  /** Ends the process; does nothing where it has ended. */
  stop(): void;
}

/**
 * Settings that a repository could use to run a program or to change what is read, each set to what
 * leaves git plain. What has a command line option is switched off there (`diffArguments` of diff.ts).
 */
const HARDENED_SETTINGS: readonly string[] = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.quotePath=true',
  // Git may read an unchanged file instead of its blob; "unchanged" must then not be a matter of taste.
  'core.trustctime=true',
  'core.checkStat=default',
  'core.alternateRefsCommand=',
  'diff.suppressBlankEmpty=false',
  'log.showSignature=false',
];

const HARDENED_ARGUMENTS: readonly string[] = [
  '--no-pager',
  '--literal-pathspecs',
  ...HARDENED_SETTINGS.flatMap((setting) => ['-c', setting]),
];

/** Set for every git process. */
const HARDENED_ENVIRONMENT: Readonly<Record<string, string>> = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: '/dev/null',
  // No network: the first is git 2.44 and newer, the second names a transport that does not exist.
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

/** Never handed on: they run programs, write files, or change what a diff or a path means. */
const DROPPED_VARIABLES: ReadonlySet<string> = new Set([
  'GIT_EXTERNAL_DIFF',
  'GIT_DIFF_OPTS',
  'GIT_PAGER',
  'GIT_PAGER_IN_USE',
  'GIT_EDITOR',
  'GIT_SEQUENCE_EDITOR',
  'GIT_ASKPASS',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_PROXY_COMMAND',
  'GIT_ATTR_SOURCE',
  'GIT_LITERAL_PATHSPECS',
  'GIT_GLOB_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
  'GIT_FLUSH',
  'LANGUAGE',
  'PAGER',
  'EDITOR',
  'VISUAL',
  'SSH_ASKPASS',
]);

/** What `git rev-parse --local-env-vars` lists: they tie a process to one repository. */
const REPOSITORY_VARIABLES: readonly string[] = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS',
  'GIT_CONFIG_COUNT',
  'GIT_OBJECT_DIRECTORY',
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_GRAFT_FILE',
  'GIT_INDEX_FILE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_REPLACE_REF_BASE',
  'GIT_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_COMMON_DIR',
  'GIT_INTERNAL_SUPER_PREFIX',
];

/** Most that is kept of stderr, in UTF-16 units. */
const STDERR_CAP = 16_384;
const MESSAGE_CAP = 300;

/** The environment of a git process, made from this process's own. */
export function gitEnvironment(otherRepository = false): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value === undefined || DROPPED_VARIABLES.has(name)) continue;
    if (name.startsWith('GIT_TRACE') || name.startsWith('GIT_REDIRECT_')) continue;
    if (otherRepository && REPOSITORY_VARIABLES.includes(name)) continue;
    env[name] = value;
  }
  return Object.assign(env, HARDENED_ENVIRONMENT);
}

/** Names of {@link gitEnvironment}'s families of variables, for a shell, which cannot ask for a beginning. */
const DROPPED_FAMILIES: readonly string[] = [
  '',
  '_CURL _PACK_ACCESS _PACKET _PACKFILE _PERFORMANCE _REFS _SETUP _SHALLOW _FSMONITOR',
  '2 2_EVENT 2_PERF 2_DST_DEBUG 2_CONFIG_PARAMS 2_ENV_VARS 2_PARENT_SID 2_PARENT_NAME',
]
  .flatMap((ends) => ends.split(' '))
  .map((end) => `GIT_TRACE${end}`);

/**
 * The same hardened git as a command of a POSIX shell, followed by what `PipedOutput` wants behind its
 * output. It changes the environment of the shell that runs it.
 */
export function gitForShell(args: readonly string[]): string {
  const variables = Object.entries(HARDENED_ENVIRONMENT).map(([name, value]) => `${name}=${value}`);
  const words = ['git', ...HARDENED_ARGUMENTS, ...args].map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
  );
  return [
    `unset ${[...DROPPED_VARIABLES, ...DROPPED_FAMILIES].join(' ')}`,
    `${[...variables, ...words].join(' ')} 2>/dev/null`,
    `printf '${PIPE_END.replace('\0', '\\000')}%d\\n' "$?"`,
  ].join('\n');
}

/** Loaded when first needed: a hook that is handed git's output starts no process. */
function processes(): typeof import('node:child_process') {
  return process.getBuiltinModule('node:child_process');
}

/** Bytes that {@link streamGit} gives at once, where git writes them without a pause. */
const BLOCK_BYTES = 65_536;
/** Milliseconds after which a shorter block is given. */
const PAUSE = 10;
/** Bytes that wait for their reader before git has to wait. */
const WAITING_BYTES = 1 << 20;

interface Ending {
  readonly code: number | null;
  readonly error?: Error;
}

/** A git process that nobody listens to yet; {@link streamOf} must be called before anything is awaited. */
export type GitProcess = ChildProcessByStdio<Writable | null, Readable, Readable>;

/** Only starts git: it runs while the program loads the rest of itself. */
export function spawnGit(args: readonly string[], options: GitOptions): GitProcess {
  return processes().spawn('git', [...HARDENED_ARGUMENTS, ...args], {
    cwd: options.cwd,
    env: gitEnvironment(options.otherRepository),
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
    ...(options.signal && { signal: options.signal }),
  }) as GitProcess;
}

/**
 * Starts git at once and gives its stdout as it comes. Iterate it once. The process is ended where
 * the consumer stops early, and the iteration throws where git fails.
 */
export function streamGit(args: readonly string[], options: GitOptions): GitStream {
  return streamOf(spawnGit(args, options), args, options);
}

/** The stream of {@link streamGit} for a process that was started with the same arguments. */
export function streamOf(child: GitProcess, args: readonly string[], options: GitOptions): GitStream {
  const output = new Blocks(child.stdout);
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => {
    if (stderr.length < STDERR_CAP) stderr += data.toString().slice(0, STDERR_CAP - stderr.length);
  });
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', (error) => {
      output.end();
      resolve({ code: null, error });
    });
    child.once('close', (code) => {
      output.end();
      resolve({ code });
    });
  });
  if (child.stdin !== null && options.input !== undefined) void feed(child.stdin, options.input);

  const stop = (): void => {
    if (child.exitCode === null && child.signalCode === null) child.kill();
    child.stdout.destroy();
  };
  return {
    stop,
    async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
      try {
        for (let block = await output.next(); block !== undefined; block = await output.next()) yield block;
        const { code, error } = await ended;
        options.signal?.throwIfAborted();
        if (error !== undefined) throw spawnError(error, options.cwd);
        if (code !== 0 && !(code !== null && options.accept?.includes(code))) {
          throw exitError(args[0] ?? '', code, stderr);
        }
      } finally {
        stop();
      }
    },
  };
}

/**
 * What comes through a pipe, in blocks. Git writes 4 KiB at a time, and Node's own iteration of a stream
 * would hand on each.
 */
class Blocks {
  readonly #stream: Readable;
  #parts: Buffer[] = [];
  #size = 0;
  #ended = false;
  /** Bytes that the reader waits for. */
  #wanted = 0;
  #wake: (() => void) | undefined;

  constructor(stream: Readable) {
    this.#stream = stream;
    stream.on('data', (part: Buffer) => {
      this.#parts.push(part);
      this.#size += part.length;
      if (this.#size >= WAITING_BYTES) stream.pause();
      if (this.#size >= this.#wanted) this.#wake?.();
    });
    stream.once('end', () => {
      this.end();
    });
    // Whoever waits is told by the end of the process.
    stream.on('error', () => {});
  }

  /** No more will come. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** `undefined` behind the last. */
  async next(): Promise<Buffer | undefined> {
    await this.#waitFor(1);
    await this.#waitFor(BLOCK_BYTES, PAUSE);
    if (this.#size === 0) return undefined;
    const block = Buffer.concat(this.#parts, this.#size);
    for (const part of this.#parts) release(part);
    this.#parts = [];
    this.#size = 0;
    this.#stream.resume();
    return block;
  }

  async #waitFor(size: number, most?: number): Promise<void> {
    if (this.#size >= size || this.#ended) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wanted = size;
      this.#wake = resolve;
      if (most !== undefined) timer = setTimeout(resolve, most);
    });
    clearTimeout(timer);
  }
}

/**
 * Runs git and gives its whole stdout.
 * @throws {GitError} where git fails or prints more than `maxBytes` (default 64 MiB)
 */
export async function collectGit(
  args: readonly string[],
  options: GitOptions & { readonly maxBytes?: number },
): Promise<Buffer> {
  const { maxBytes = 1 << 26 } = options;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of streamGit(args, options)) {
    size += part.length;
    if (size > maxBytes) throw new GitError(`git ${args[0] ?? ''} printed more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

/**
 * A simple-git instance with the same hardening, for work that is neither hot nor large. Loads the
 * library on first use.
 */
export async function openGit(
  dir: string,
  options: { readonly otherRepository?: boolean; readonly signal?: AbortSignal } = {},
): Promise<SimpleGit> {
  const { simpleGit } = await import('simple-git');
  const env = gitEnvironment(options.otherRepository);
  // simple-git refuses settings and variables that could run programs unless told; ours switch them off.
  return simpleGit({
    baseDir: dir,
    config: [...HARDENED_SETTINGS],
    allowEnvironment: Object.keys(env),
    trimmed: true,
    ...(options.signal && { abort: options.signal }),
    unsafe: {
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafePager: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeCommandBinaries: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeExec: true,
      allowUnsafeTemplateDir: true,
    },
  }).env(env);
}

async function feed(stdin: Writable, input: NonNullable<GitOptions['input']>): Promise<void> {
  // Git may end before it has read everything; that shows in its exit code, not here.
  stdin.on('error', () => {});
  if (typeof input === 'string' || input instanceof Uint8Array) {
    stdin.end(input);
    return;
  }
  try {
    for await (const part of input) {
      if (stdin.destroyed) break;
      if (!stdin.write(part)) {
        await new Promise<void>((resolve) => {
          stdin.once('drain', resolve);
          stdin.once('close', resolve);
        });
      }
    }
  } finally {
    stdin.end();
  }
}

function spawnError(error: Error, cwd: string): Error {
  if (error.name === 'AbortError') return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' && existsSync(cwd)) {
    return new GitError('git was not found on PATH', { fix: 'install git, or add its folder to PATH', cause: error });
  }
  if (code === 'ENOENT') {
    return new GitError(`${printable(cwd)}: no such folder`, { fix: 'give a folder that exists', cause: error });
  }
  return new GitError(`git could not be started: ${code ?? error.name}`, { cause: error });
}

function exitError(command: string, code: number | null, stderr: string): GitError {
  if (/detected dubious ownership/.test(stderr)) {
    return new GitError('git refuses this repository: its folder belongs to another user', {
      fix: 'run `git config --global --add safe.directory FOLDER` if you trust it',
    });
  }
  if (/not a git repository/.test(stderr)) return notARepository();
  const lines = stderr.split('\n');
  const line = lines.find((text) => /^(fatal|error): /.test(text)) ?? lines.find((text) => text !== '') ?? '';
  if (/index file open failed/.test(stderr)) {
    return new GitError(`git cannot read its index: ${printable(line)}`, { fix: 'check that you may read that file' });
  }
  if (/index file|bad index version|bad signature 0x/.test(stderr)) {
    return new GitError(`git cannot read its index: ${printable(line)}`, {
      fix: 'remove the file `index` of the .git folder and run `git reset`, which makes a new one from HEAD',
    });
  }
  if (/bad config/.test(stderr)) {
    return new GitError(`git cannot read its settings: ${printable(line)}`, { fix: 'correct that line' });
  }
  const ending = code === null ? 'was ended by a signal' : `ended with code ${code}`;
  return new GitError(`git ${command} ${ending}${line === '' ? '' : `: ${printable(line)}`}`);
}

/** The folder (or what git calls one) is in no repository. */
export function notARepository(dir?: string): GitError {
  return new GitError(`${dir === undefined ? 'here is' : `${printable(dir)} is`} not a git repository`, {
    fix: 'run keepmum inside a git repository, or scan a folder with `keepmum scan PATH`',
  });
}

/** One line without anything that a terminal would act on. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are the point
  const safe = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '?');
  return safe.length > MESSAGE_CAP ? `${safe.slice(0, MESSAGE_CAP)}…` : safe;
}
