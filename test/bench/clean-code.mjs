// Fetches the packages of clean-code.json, with the clients of their registries, for the noise bench:
// `node test/bench/clean-code.mjs FOLDER [--update]`. Nothing of a package is run. `--update` pins the
// newest versions first. What is in FOLDER already is kept.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';

const LIST = new URL('clean-code.json', import.meta.url);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { update: { type: 'boolean', default: false } },
});
if (positionals[0] === undefined) throw new Error('name the folder to fetch into');
const target = resolve(positionals[0]);
const work = mkdtempSync(join(tmpdir(), 'keepmum-clean-'));
process.on('exit', () => {
  // Go writes its modules without permission to change them.
  execFileSync('chmod', ['-R', 'u+w', work]);
  rmSync(work, { recursive: true, force: true });
});

async function run(command, args, options = {}) {
  const { stdout } = await promisify(execFile)(command, args, { cwd: work, maxBuffer: 1 << 28, ...options });
  return stdout;
}

async function unpack(archive, folder, strip = 1) {
  mkdirSync(folder, { recursive: true });
  if (/\.(jar|zip)$/.test(archive)) await run('unzip', ['-q', '-o', archive, '-d', folder]);
  else await run('tar', ['-xf', archive, '-C', folder, `--strip-components=${strip}`, '--no-same-owner']);
  rmSync(archive);
}

/** Of the index that pip is set to: the page of a project, as JSON (https://peps.python.org/pep-0691/). */
async function pypiProject(name) {
  const program = [
    'import subprocess, sys',
    'from pip._internal.models.index import PyPI',
    'got = subprocess.run([sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True)',
    'print(got.stdout.strip() or PyPI.simple_url)',
  ].join('\n');
  pypiProject.index ??= (await run('python3', ['-c', program])).trim().replace(/\/$/, '');
  const page = `${pypiProject.index}/${name}/`;
  const response = await fetch(page, { headers: { accept: 'application/vnd.pypi.simple.v1+json' } });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const { files } = await response.json();
  return files
    .filter(({ filename }) => /\.(tar\.gz|zip)$/.test(filename))
    .map((file) => ({ ...file, url: new URL(file.url, page).href }));
}

const versionOf = (filename) => /-(\d[^-]*?)\.(?:tar\.gz|zip)$/.exec(filename)?.[1] ?? '';
const isRelease = (version) => /^\d+(?:\.\d+)*(?:\.post\d+)?$/.test(version);
const byVersion = new Intl.Collator('en', { numeric: true });

/** For each registry: the newest version of a package, and how its source comes into a folder. */
const REGISTRIES = {
  npm: {
    newest: async (name) => JSON.parse(await run('npm', ['view', name, 'version', '--json'])),
    async fetch(name, version, folder) {
      const [{ filename }] = JSON.parse(await run('npm', ['pack', `${name}@${version}`, '--json', '--ignore-scripts']));
      await unpack(join(work, basename(filename)), folder);
    },
  },
  pypi: {
    async newest(name) {
      const versions = (await pypiProject(name)).map(({ filename }) => versionOf(filename)).filter(isRelease);
      return versions.toSorted(byVersion.compare).at(-1);
    },
    async fetch(name, version, folder) {
      const file = (await pypiProject(name)).find(({ filename }) => versionOf(filename) === version);
      const response = await fetch(file.url);
      const archive = join(work, file.filename);
      writeFileSync(archive, Buffer.from(await response.arrayBuffer()));
      await unpack(archive, folder);
    },
  },
  go: {
    newest: async (name) => JSON.parse(await run('go', ['list', '-m', '-json', `${name}@latest`])).Version,
    async fetch(name, version, folder) {
      const env = { ...process.env, GOMODCACHE: join(work, 'go'), GOFLAGS: '-mod=mod' };
      const { Dir } = JSON.parse(await run('go', ['mod', 'download', '-json', `${name}@${version}`], { env }));
      cpSync(Dir, folder, { recursive: true });
      await run('chmod', ['-R', 'u+w', folder]);
    },
  },
  cargo: {
    newest: async (name) =>
      /^version: (\S+)/m.exec(await run('cargo', ['info', '--registry', 'crates-io', '--color', 'never', name]))[1],
    async fetch(name, version, folder) {
      const crate = mkdtempSync(join(work, 'crate-'));
      mkdirSync(join(crate, 'src'));
      writeFileSync(join(crate, 'src', 'lib.rs'), '');
      const manifest = `[package]\nname = "clean"\nversion = "0.0.0"\nedition = "2021"\n\n[dependencies]\n${name} = "=${version}"\n`;
      writeFileSync(join(crate, 'Cargo.toml'), manifest);
      await run('cargo', ['vendor', '-q', '--versioned-dirs', 'all'], { cwd: crate });
      cpSync(join(crate, 'all', `${name}-${version}`), folder, { recursive: true });
    },
  },
  maven: {
    async newest(name) {
      const [group, artifact] = name.split(':');
      writeFileSync(join(work, 'pom.xml'), pom(group, artifact, '[0,)'));
      const told = await run('mvn', ['-B', '-q', 'dependency:list', '-DexcludeTransitive', '-DoutputFile=list.txt']);
      return new RegExp(`${artifact}:jar:([^:]+):`).exec(readFileSync(join(work, 'list.txt'), 'utf8') + told)[1];
    },
    async fetch(name, version, folder) {
      const out = mkdtempSync(join(work, 'jar-'));
      await run('mvn', [
        '-B',
        '-q',
        'dependency:copy',
        `-Dartifact=${name}:${version}:jar:sources`,
        `-DoutputDirectory=${out}`,
      ]);
      await unpack(join(out, readdirSync(out)[0]), folder);
    },
  },
};

function pom(group, artifact, version) {
  return `<project><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version>
<dependencies><dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency></dependencies></project>\n`;
}

const list = JSON.parse(readFileSync(LIST, 'utf8'));
let failed = 0;

async function fetchAll(registry) {
  for (const [name, pinned] of Object.entries(list[registry])) {
    const folder = join(target, registry, name.replaceAll(/[/:]/g, '_'));
    try {
      const version = values.update || pinned === '' ? await REGISTRIES[registry].newest(name) : pinned;
      if (version !== pinned) rmSync(folder, { recursive: true, force: true });
      if (!existsSync(folder)) await REGISTRIES[registry].fetch(name, version, folder);
      list[registry][name] = version;
    } catch (error) {
      failed++;
      console.error(
        `${registry} ${name} ${pinned}: ${String(error.stderr || error.message)
          .trim()
          .split('\n')
          .at(-1)}`,
      );
    }
  }
}

await Promise.all(Object.keys(list).map(fetchAll));
if (values.update) writeFileSync(LIST, `${JSON.stringify(list, undefined, 2)}\n`);
console.log(`${Object.values(list).flatMap(Object.keys).length} packages, ${failed} of them not to be had`);
process.exitCode = failed === 0 ? 0 : 1;
