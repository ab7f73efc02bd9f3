// What other scanners make of the same labelled lines and clean code:
// `node test/bench/accuracy-peers.mjs --peers DIR [--labelled FILE] [--clean FOLDER] [name…]`.
// Each labelled line stands in a file of its own, as it does for keepmum in accuracy.ts. Nothing goes on the network.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { peer } from './peers.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peers: { type: 'string', default: '' },
    labelled: {
      type: 'string',
      default: fileURLToPath(new URL('../../../shared/labelled/lines.jsonl', import.meta.url)),
    },
    clean: { type: 'string' },
  },
});
const work = mkdtempSync(join(tmpdir(), 'keepmum-peers-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const lines = (text) => text.split('\n').filter((line) => line.trim() !== '');
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** For each peer: its command for a folder, and the places in what it wrote, as `file:line`. */
const PEERS = {
  gitleaks: (folder, out) => ({
    args: ['dir', folder, '--report-format', 'json', '--report-path', out, '--no-banner', '--exit-code', '0'],
    places: () => json(out).map(({ File, StartLine }) => `${File}:${StartLine}`),
  }),
  kingfisher: (folder) => ({
    args: ['scan', '--no-validate', '--no-update-check', '--git-history', 'none', '--format', 'jsonl', folder],
    places: (stdout) =>
      lines(stdout)
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line))
        .filter(({ finding }) => finding !== undefined)
        .map(({ finding }) => `${finding.path}:${finding.line}`),
  }),
  trufflehog: (folder) => ({
    args: ['filesystem', folder, '--no-verification', '--no-update', '--json'],
    places: (stdout) =>
      lines(stdout)
        .map((line) => JSON.parse(line))
        .filter(({ SourceMetadata }) => SourceMetadata !== undefined)
        .map(({ SourceMetadata: { Data } }) => `${Data.Filesystem.file}:${Data.Filesystem.line ?? 1}`),
  }),
  ripsecrets: (folder) => ({
    args: [folder],
    places: (stdout) => lines(stdout).flatMap((line) => /^(.*?:\d+):/.exec(line)?.[1] ?? []),
  }),
  credsweeper: (folder, out) => ({
    args: ['--path', folder, '--jobs', '2', '--save-json', out],
    places: () =>
      json(out).flatMap(({ line_data_list: all }) => all.map(({ path, line_num: line }) => `${path}:${line}`)),
  }),
  'detect-secrets': (folder) => ({
    args: ['scan', '--all-files', '--no-verify', '.'],
    cwd: folder,
    places: (stdout) =>
      Object.entries(JSON.parse(stdout).results).flatMap(([file, all]) =>
        all.map(({ line_number: line }) => `${join(folder, file)}:${line}`),
      ),
  }),
};

/** Distinct places that a peer finds in a folder. */
function placesOf(name, command, folder) {
  const { args, cwd, places } = PEERS[name](folder, join(work, `${name}.json`));
  const options = { encoding: 'utf8', maxBuffer: 1 << 30, cwd: cwd ?? work, stdio: ['ignore', 'pipe', 'ignore'] };
  return new Set(places(spawnSync(command, args, options).stdout));
}

const labelled = readFileSync(values.labelled, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const folder = join(work, 'lines');
for (const [at, { kind, file, text }] of labelled.entries()) {
  const path = join(folder, String(at), kind, basename(file));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text}\n`);
}
const truths = labelled.filter(({ label }) => label === 'T').length;

function linesOf(clean) {
  const counted = spawnSync('sh', [
    '-c',
    'find "$1" -type f -size -4097k -exec grep -Ic "" {} + | awk -F: "{n += \\$NF} END {print n}"',
    'sh',
    clean,
  ]);
  return Number(counted.stdout.toString());
}
const cleanLines = values.clean === undefined ? 0 : linesOf(values.clean);
console.log(
  `${labelled.length} labelled lines, ${truths} credentials; ${cleanLines.toLocaleString('en')} lines of clean code`,
);
console.log('tool             precision  recall  per million clean lines');
for (const name of positionals.length > 0 ? positionals : Object.keys(PEERS)) {
  const command = peer(name, values.peers && resolve(values.peers));
  if (command === undefined) {
    console.log(`${name.padEnd(16)} not there`);
    continue;
  }
  const found = new Set(
    [...placesOf(name, command, folder)].map((place) => Number(place.slice(folder.length + 1).split('/')[0])),
  );
  const right = [...found].filter((at) => labelled[at]?.label === 'T').length;
  const wrong = [...found].filter((at) => labelled[at]?.label === 'F').length;
  const noise =
    values.clean === undefined
      ? ''
      : ((placesOf(name, command, resolve(values.clean)).size / cleanLines) * 1e6).toFixed(1);
  console.log(
    `${name.padEnd(16)} ${(right / (right + wrong)).toFixed(3).padStart(9)}  ${(right / truths).toFixed(3).padStart(6)}  ${noise}`,
  );
}
