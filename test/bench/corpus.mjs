// Repositories for the benchmarks, made from our own node_modules so that their text is real.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
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

/** A working tree: real packages, or `copies` of the first `count` files of text of them. */
export function makeTree(count = 0, copies = 1) {
  const { cwd, git } = emptyRepository();
  if (count === 0) {
    cpSync(MODULES, join(cwd, 'packages'), {
      recursive: true,
      dereference: false,
      filter: (source) => !/\.(node|wasm|exe|dylib|so)$|\/\.cache/.test(source) && !source.endsWith('/lib/tsc'),
    });
  } else {
    const texts = [];
    for (const source of sourceFiles()) {
      texts.push(readFileSync(source));
      if (texts.length === count) break;
    }
    for (let copy = 0; copy < copies; copy++) {
      mkdirSync(join(cwd, `copy${copy}`));
      for (const [index, text] of texts.entries()) writeFileSync(join(cwd, `copy${copy}`, `file${index}.js`), text);
    }
  }
  git('add', '-A', '-f');
  git('commit', '-qm', 'tree');
  return cwd;
}

/**
 * A history, packed as a clone is: files of text of our own packages, of which each commit changes some, by
 * lines that others have. With 5,000 commits of 12 files that are 1 GB of blobs.
 */
export function makeHistory(commits, filesOfEach) {
  const { cwd } = emptyRepository();
  const files = [];
  for (const source of sourceFiles()) {
    const text = readFileSync(source, 'latin1');
    // Lines go from file to file: long ones would make all of them large, and the history of many gigabytes.
    if (text.length > 8_000 && !/[^\n]{200}/.test(text)) files.push(text.split('\n'));
    if (files.length === 1500) break;
  }
  let seed = 1;
  // https://en.wikipedia.org/wiki/Lehmer_random_number_generator
  const random = (below) => (seed = (seed * 48_271) % 0x7f_ff_ff_ff) % below;
  const list = join(cwd, '.git', 'stream');
  const parts = [];
  const say = (text) => parts.push(Buffer.from(text, 'latin1'));
  const flush = () => {
    appendFileSync(list, Buffer.concat(parts.splice(0)));
  };
  for (let commit = 0; commit < commits; commit++) {
    say(
      `commit refs/heads/main\ncommitter B <bench@example.org> ${1_600_000_000 + commit * 60} +0000\ndata 7\nchange\n`,
    );
    for (let change = 0; change < filesOfEach; change++) {
      // Some files change again and again, most hardly ever.
      const file = random(random(files.length) + 1);
      const lines = files[file];
      const other = files[random(files.length)];
      for (let edit = random(4); edit >= 0; edit--) {
        lines.splice(random(lines.length), random(3), ...other.slice(0, random(12)));
        if (lines.length > 1200) lines.length = 1000;
      }
      const text = lines.join('\n');
      say(`M 100644 inline src/${file % 40}/file${file}.js\ndata ${text.length}\n${text}\n`);
    }
    if (commit % 100 === 0) flush();
  }
  flush();
  execFileSync('sh', ['-c', `git fast-import --quiet < ${list} && rm ${list} && git repack -adfq`], { cwd });
  execFileSync('git', ['symbolic-ref', 'HEAD', 'refs/heads/main'], { cwd });
  return cwd;
}

/** A tree of one file, made to be slow: `times` as large as its smallest form. */
export function makeHostile(kind, times) {
  const { cwd } = emptyRepository();
  const lines = (count, line) => Array.from({ length: count * times }, (_, index) => line(index)).join('\n');
  const texts = {
    'one line': () => 'var x=1;key="abc";token:foo(bar),'.repeat(380_000 * times),
    'short assignments': () => lines(250_000, (index) => `a${index % 97}=b${index}`),
    // Not written out: this file is scanned too.
    passwords: () => lines(25_000, (index) => ['password', `p${index}`].join('=')),
  };
  writeFileSync(join(cwd, kind === 'passwords' ? 'settings.env' : 'input.js'), texts[kind]());
  return cwd;
}
