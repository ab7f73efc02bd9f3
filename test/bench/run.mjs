// Whole-process wall time as ratios within one run: `npm run bench -- [--peers DIR] [--node PATH] [--runs N] [hook|tree …]`.
// Commands take turns, so that a noisy machine treats all alike; figures are medians.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeStagedRepository, makeTree } from './corpus.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peers: { type: 'string', default: '' },
    node: { type: 'string', default: process.execPath },
    runs: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const wanted = positionals.length > 0 ? positionals : ['hook', 'tree'];
const entry = fileURLToPath(new URL('../../dist/keepmum.js', import.meta.url));
const results = [];

function peer(name) {
  const folders = [
    ...(values.peers ? [values.peers, join(values.peers, 'bin')] : []),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** Milliseconds of one whole process; its output is thrown away. */
function time(command, cwd) {
  const started = performance.now();
  const { status, error } = spawnSync(command[0], command.slice(1), { cwd, stdio: 'ignore' });
  if (error) throw error;
  return { ms: performance.now() - started, status };
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Times commands in turn and prints each as a ratio to the floor, the sum of the commands marked so. */
function compare(title, cwd, commands) {
  const times = new Map(commands.map(({ name }) => [name, []]));
  for (let run = -1; run < runs; run++) {
    for (const { name, command, expect = [0] } of commands) {
      const { ms, status } = time(command, cwd);
      if (!expect.includes(status)) throw new Error(`${name} ended with ${status}`);
      if (run >= 0) times.get(name).push(ms);
    }
  }
  const medians = commands.map((command) => ({ ...command, ms: median(times.get(command.name)) }));
  const floor = medians.filter(({ floor: counts }) => counts).reduce((sum, { ms }) => sum + ms, 0);
  console.log(`\n${title} (median of ${runs}, floor ${floor.toFixed(1)} ms)`);
  for (const { name, ms, floor: isFloor } of medians) {
    const ratio = ms / floor;
    console.log(
      `  ${name.padEnd(34)} ${ms.toFixed(1).padStart(9)} ms  ${isFloor ? 'floor' : `${ratio.toFixed(2)} × floor`}`,
    );
    results.push({ title, name, ms, ratio });
  }
}

console.log(
  `Node ${spawnSync(values.node, ['--version']).stdout.toString().trim()}, ${spawnSync('git', ['--version']).stdout.toString().trim()}`,
);

if (wanted.includes('hook')) {
  for (const files of [1, 10, 50, 500]) {
    const cwd = makeStagedRepository(files);
    const gitleaks = peer('gitleaks');
    const ripsecrets = peer('ripsecrets');
    compare(`staged commit of ${files} files`, cwd, [
      { name: 'node -e 0', command: [values.node, '-e', '0'], floor: true },
      { name: 'git diff --cached', command: ['git', 'diff', '--cached'], floor: true },
      { name: 'keepmum scan --staged', command: [values.node, entry, 'scan', '--staged'] },
      ...(gitleaks ? [{ name: 'gitleaks git --staged', command: [gitleaks, 'git', '--staged', '--no-banner'] }] : []),
      ...(ripsecrets ? [{ name: 'ripsecrets --strict-ignore', command: [ripsecrets, '--strict-ignore', '.'] }] : []),
    ]);
  }
}

if (wanted.includes('tree')) {
  const cwd = makeTree();
  compare('working tree', cwd, [
    { name: 'cat', command: ['sh', '-c', 'git ls-files -z | xargs -0 cat'], floor: true },
    { name: 'keepmum scan', command: [values.node, entry, 'scan'], expect: [0, 1] },
    ...(peer('gitleaks')
      ? [
          {
            name: 'gitleaks dir',
            command: [peer('gitleaks'), 'dir', '.', '--no-banner'],
            expect: [0, 1],
          },
        ]
      : []),
    ...(peer('ripsecrets') ? [{ name: 'ripsecrets', command: [peer('ripsecrets'), '.'], expect: [0, 1] }] : []),
  ]);
}

if (values.json) console.log(JSON.stringify(results));
