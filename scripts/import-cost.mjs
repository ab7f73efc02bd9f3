// What it costs to load each package in a fresh Node: processor time of its import, median of several
// processes; for docs/dependencies.md.
//   node scripts/import-cost.mjs [PACKAGE …]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const TURNS = 15;
const SHIPPED = [
  'diff',
  'entropy-string',
  'get-east-asian-width',
  'jsonc-parser',
  'modern-tar',
  'picomatch',
  're2',
  're2js',
  'simple-git',
  'smol-toml',
  'yaml',
  'yargs',
  'yauzl',
];
const names = process.argv.length > 2 ? process.argv.slice(2) : SHIPPED;
const cwd = fileURLToPath(new URL('..', import.meta.url));

/** @returns milliseconds, or `NaN` where the package cannot be loaded */
function cost(name) {
  const code = `const before = process.cpuUsage();
    await import(${JSON.stringify(name)});
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1000);`;
  const args = ['--input-type=module', '-e', code];
  return Number.parseFloat(spawnSync(process.execPath, args, { cwd, encoding: 'utf8' }).stdout);
}

console.log(`Node ${process.versions.node}`);
for (const name of names) {
  const times = Array.from({ length: TURNS }, () => cost(name)).toSorted((a, b) => a - b);
  const median = times[TURNS >> 1];
  console.log(`${name.padEnd(24)}${Number.isNaN(median) ? 'cannot be loaded' : `${median.toFixed(1)} ms`}`);
}
