// Whole-process wall time as ratios within one run:
// `npm run bench -- [--peers DIR] [--node PATH] [--runs N] [--tree REPOSITORY] [--repository REPOSITORY] [--check] [hook|tree|history|map|growth|hostile …]`.
// Without `--tree` the tree is made from our own node_modules; 300 MB of other packages say more.
// So with `--repository` and the history: `releases.mjs` makes one of versions of real packages, committed one after the other.
// Commands take turns, so that a noisy machine treats all alike; figures are medians. With `--check` it
// ends with 1 where a commit of 50 files takes too long; see docs/performance.md.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeHistory, makeHostile, makeStagedRepository, makeTree } from './corpus.mjs';
import { found, peer } from './peers.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peers: { type: 'string', default: '' },
    node: { type: 'string', default: process.execPath },
    runs: { type: 'string', default: '20' },
    tree: { type: 'string', default: '' },
    repository: { type: 'string', default: '' },
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const wanted =
  positionals.length > 0
    ? positionals
    : values.check
      ? ['hook']
      : ['hook', 'tree', 'history', 'map', 'growth', 'hostile'];
const entry = fileURLToPath(new URL('../../dist/keepmum.js', import.meta.url));
const peak = fileURLToPath(new URL('peak.cjs', import.meta.url));
/** Files of the commit that `--check` judges, and the most it may take, as a multiple of the floor. */
const CHECKED_FILES = 50;
const CHECKED_RATIO = 1.6;
const HOOK = 'keepmum, installed hook';
const COMMAND = 'keepmum scan --staged';
/** Larger things are not run so often. */
const FEW = Math.min(runs, 3);
const results = [];

/** The file of git's hook, as `keepmum install` writes it for this Node. */
function installHook(cwd) {
  const { status, stderr } = spawnSync(values.node, [entry, 'install', 'git'], { cwd });
  if (status !== 0) throw new Error(`keepmum install: ${stderr}`);
  return join(cwd, '.git', 'hooks', 'pre-commit');
}

/** Milliseconds of one whole process, and what it prints if that is to be kept; else it is thrown away. */
function time(command, cwd, keep = false) {
  const stdio = keep ? ['ignore', 'pipe', 'pipe'] : 'ignore';
  const started = performance.now();
  const { status, error, output } = spawnSync(command[0], command.slice(1), { cwd, stdio, maxBuffer: 2 ** 30 });
  if (error) throw error;
  return { ms: performance.now() - started, status, printed: output?.join('') ?? '' };
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Times commands in turn and prints each as a ratio to the floor, the sum of the commands marked so. */
function compare(title, cwd, commands, count = runs) {
  const times = new Map(commands.map(({ name }) => [name, []]));
  const told = new Map();
  for (let run = -1; run < count; run++) {
    for (const { name, command, scanner, expect = [0] } of commands) {
      const { ms, status, printed } = time(command, cwd, run < 0 && scanner !== undefined);
      if (!expect.includes(status)) throw new Error(`${name} ended with ${status}`);
      if (run >= 0) times.get(name).push(ms);
      else if (scanner !== undefined) told.set(name, found(scanner, printed));
    }
  }
  const medians = commands.map((command) => ({ ...command, ms: median(times.get(command.name)) }));
  const floor = medians.filter(({ floor: counts }) => counts).reduce((sum, { ms }) => sum + ms, 0);
  console.log(`\n${title} (median of ${count}, floor ${floor.toFixed(1)} ms)`);
  for (const { name, ms, floor: isFloor } of medians) {
    const ratio = ms / floor;
    console.log(
      `  ${name.padEnd(34)} ${ms.toFixed(1).padStart(9)} ms  ${(isFloor ? 'floor' : `${ratio.toFixed(2)} × floor`).padEnd(16)} ${told.get(name) ?? ''}`.trimEnd(),
    );
    results.push({ title, name, ms, ratio, found: told.get(name) });
  }
  return new Map(medians.map(({ name, ms }) => [name, { ms, ratio: ms / floor }]));
}

/** Wall milliseconds and peak memory of scans of several inputs, each beside the first, the smallest. */
function grow(title, inputs, flags = []) {
  console.log(`\n${title} (median of ${FEW})`);
  let base;
  for (const { name, cwd, times } of inputs) {
    const command = [values.node, '--require', peak, entry, 'scan', '--no-config', ...flags];
    const taken = [];
    const held = [];
    for (let run = 0; run < FEW; run++) {
      const started = performance.now();
      const { status, output, error } = spawnSync(command[0], command.slice(1), {
        cwd,
        stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      });
      if (error) throw error;
      if (status !== 0 && status !== 1) throw new Error(`${name} ended with ${status}`);
      taken.push(performance.now() - started);
      held.push(Number(output[3].toString()));
    }
    const ms = median(taken);
    const bytes = median(held);
    base ??= ms;
    const ratio = ms / base;
    console.log(
      `  ${name.padEnd(34)} ${ms.toFixed(1).padStart(9)} ms  ${(bytes / 2 ** 20).toFixed(0).padStart(5)} MiB  ${times} × input, ${ratio.toFixed(2)} × time`,
    );
    results.push({ title, name, ms, ratio, times, bytes });
  }
}

console.log(
  `Node ${spawnSync(values.node, ['--version']).stdout.toString().trim()}, ${spawnSync('git', ['--version']).stdout.toString().trim()}`,
);

if (wanted.includes('hook')) {
  for (const files of [1, 10, 50, 500]) {
    const cwd = makeStagedRepository(files);
    const gitleaks = peer('gitleaks', values.peers);
    const ripsecrets = peer('ripsecrets', values.peers);
    const times = compare(`staged commit of ${files} files`, cwd, [
      { name: 'node -e 0', command: [values.node, '-e', '0'], floor: true },
      { name: 'git diff --cached', command: ['git', 'diff', '--cached'], floor: true },
      { name: HOOK, command: ['sh', installHook(cwd)], expect: [0, 1] },
      { name: COMMAND, command: [values.node, entry, 'scan', '--staged'], expect: [0, 1] },
      // Peers find something in some of the real code.
      ...(gitleaks
        ? [{ name: 'gitleaks git --staged', command: [gitleaks, 'git', '--staged', '--no-banner'], expect: [0, 1] }]
        : []),
      ...(ripsecrets
        ? [{ name: 'ripsecrets --strict-ignore', command: [ripsecrets, '--strict-ignore', '.'], expect: [0, 1] }]
        : []),
    ]);
    if (values.check && files === CHECKED_FILES) check(times);
  }
}

if (wanted.includes('tree')) {
  const peers = {
    gitleaks: ['dir', '.', '--no-banner'],
    ripsecrets: ['.'],
    kingfisher: ['scan', '--no-validate', '--no-update-check', '--git-history', 'none', '.'],
    trufflehog: ['filesystem', '.', '--no-verification', '--no-update'],
    'detect-secrets': ['scan', '--all-files', '--no-verify', '.'],
  };
  const commands = [
    { name: 'cat', command: ['sh', '-c', 'git ls-files -z | xargs -0 cat'], floor: true },
    { name: 'keepmum scan', command: [values.node, entry, 'scan'], scanner: 'keepmum', expect: [0, 1] },
    { name: 'keepmum scan --threads 1', command: [values.node, entry, 'scan', '--threads', '1'], expect: [0, 1] },
  ];
  for (const [name, args] of Object.entries(peers)) {
    const file = peer(name, values.peers);
    // Kingfisher says with 200 and 205 that it found something.
    if (file) commands.push({ name, command: [file, ...args], scanner: name, expect: [0, 1, 200, 205] });
  }
  compare('working tree', values.tree || makeTree(), commands, FEW);
}

if (wanted.includes('map')) {
  // The map reads what both scans read, and its own overhead stands on top.
  const cwd = values.repository || makeHistory(200, 12);
  compare(
    'map',
    cwd,
    [
      { name: 'keepmum scan', command: [values.node, entry, 'scan'], floor: true, expect: [0, 1] },
      {
        name: 'keepmum scan --history',
        command: [values.node, entry, 'scan', '--history'],
        floor: true,
        expect: [0, 1],
      },
      { name: 'keepmum map', command: [values.node, entry, 'map'], expect: [0, 2] },
    ],
    Math.min(runs, 9),
  );
}

if (wanted.includes('history')) {
  const cwd = values.repository || makeHistory(5000, 12);
  const peers = {
    gitleaks: ['git', '.', '--no-banner'],
    betterleaks: ['git', '.', '--no-banner'],
    kingfisher: ['scan', '--no-validate', '--no-update-check', '.'],
    trufflehog: ['git', `file://${cwd}`, '--no-verification', '--no-update'],
  };
  // The blobs in the order of the pack, which is the fastest that git can give them in.
  const list = 'git cat-file --batch-check --batch-all-objects --unordered --buffer';
  const ids = join(cwd, '.git', 'keepmum-bench-blobs');
  spawnSync('sh', ['-c', `${list} | sed -n 's/ blob .*//p' > ${ids}`], { cwd });
  const commands = [
    { name: 'git cat-file --batch', command: ['sh', '-c', `git cat-file --batch --buffer < ${ids}`], floor: true },
    {
      name: 'keepmum scan --history',
      command: [values.node, entry, 'scan', '--history'],
      scanner: 'keepmum',
      expect: [0, 1],
    },
    {
      name: 'keepmum, --threads 1',
      command: [values.node, entry, 'scan', '--history', '--threads', '1'],
      expect: [0, 1],
    },
  ];
  for (const [name, args] of Object.entries(peers)) {
    const file = peer(name, values.peers);
    if (file) commands.push({ name, command: [file, ...args], scanner: name, expect: [0, 1, 200, 205] });
  }
  compare('history', cwd, commands, FEW);
}

if (wanted.includes('growth')) {
  grow(
    'growth of a tree',
    [1, 10].map((times) => ({ name: `${times * 300} files`, cwd: makeTree(300, times), times })),
  );
  grow(
    'growth of a history',
    [1, 10].map((times) => ({ name: `${times * 400} commits`, cwd: makeHistory(times * 400, 6), times })),
    ['--history'],
  );
}

if (wanted.includes('hostile')) {
  for (const kind of ['one line', 'short assignments', 'passwords']) {
    grow(
      `hostile: ${kind}`,
      [1, 2, 4].map((times) => ({ name: `${times} ×`, cwd: makeHostile(kind, times), times })),
    );
  }
}

if (values.json) console.log(JSON.stringify(results));

/** Sets the exit code where the hook takes more than it may; older Node has no compile cache, and no limit. */
function check(times) {
  const gitleaks = times.get('gitleaks git --staged');
  const major = Number(spawnSync(values.node, ['-p', 'process.versions.node.split(".")[0]']).stdout);
  const wrong = [];
  for (const name of [HOOK, COMMAND]) {
    const { ratio } = times.get(name);
    if (major >= 24 && ratio > CHECKED_RATIO) {
      wrong.push(`${ratio.toFixed(2)} × floor (${name}), and ${CHECKED_RATIO} is the limit`);
    }
  }
  const hook = times.get(HOOK);
  if (gitleaks !== undefined && hook.ms > gitleaks.ms) {
    wrong.push(`${(hook.ms / gitleaks.ms).toFixed(2)} × gitleaks, and 1 is the limit`);
  }
  for (const line of wrong) console.error(`too slow: a commit of ${CHECKED_FILES} files takes ${line}`);
  if (wrong.length > 0) process.exitCode = 1;
}
