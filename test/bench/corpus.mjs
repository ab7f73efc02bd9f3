// Repositories for the benchmarks, made from our own node_modules so that their text is real.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const made = [];
process.on('exit', () => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function emptyRepository() {
  const cwd = mkdtempSync(join(tmpdir(), 'keepmum-bench-'));
  made.push(cwd);
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org', ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  git('init', '-q');
  return { cwd, git };
}

/** Text files of 1 to 60 kB from node_modules, in a stable order. */
function* sourceFiles() {
  const names = readdirSync(MODULES, { recursive: true, encoding: 'utf8' }).toSorted();
  for (const name of names) {
    if (!/\.(js|mjs|ts|json|md)$/.test(name)) continue;
    const file = join(MODULES, name);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat?.isFile() && stat.size > 1_000 && stat.size < 60_000) yield file;
  }
}

/** A repository with a first commit and `count` changed files staged. */
export function makeStagedRepository(count) {
  const { cwd, git } = emptyRepository();
  const every = 5;
  let seen = 0;
  let files = 0;
  const edits = [];
  for (const source of sourceFiles()) {
    if (seen++ % every !== 0) continue;
    const name = join(cwd, 'src', `dir${files % 20}`, `file${files}.js`);
    mkdirSync(join(name, '..'), { recursive: true });
    const lines = readFileSync(source, 'utf8').split('\n');
    writeFileSync(name, lines.filter((_, index) => index % 12 !== 5).join('\n'));
    edits.push([name, lines.join('\n')]);
    if (++files === count) break;
  }
  git('add', '-A');
  git('commit', '-qm', 'before');
  for (const [name, text] of edits) writeFileSync(name, text);
  git('add', '-A');
  return cwd;
}

/** A working tree of real packages. */
export function makeTree() {
  const { cwd, git } = emptyRepository();
  cpSync(MODULES, join(cwd, 'packages'), {
    recursive: true,
    dereference: false,
    filter: (source) => !/\.(node|wasm|exe|dylib|so)$|\/\.cache/.test(source) && !source.endsWith('/lib/tsc'),
  });
  git('add', '-A', '-f');
  git('commit', '-qm', 'tree');
  return cwd;
}
