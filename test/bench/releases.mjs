// A history nearer to what clones are made of: `node test/bench/releases.mjs FOLDER` commits releases of well-known
// packages one after the other, in the order in which they came out, for `npm run bench -- history --repository FOLDER`.
// It asks the registry that npm is set to, once: nothing else of the benchmarks needs a network.
import { createHash } from 'node:crypto';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';

const PACKAGES =
  'acorn ajv async axios bluebird body-parser chai chalk commander core-js-pure cors d3-array dayjs debug dotenv ejs engine.io eslint express fastify glob graphql handlebars helmet highlight.js immer immutable inquirer jasmine-core jquery js-yaml knex koa leaflet less lodash marked minimatch mocha moment mysql2 next-auth nodemailer passport pg pino postcss preact qs ramda react-router redux request rxjs semver sequelize socket.io superagent underscore undici uuid webpack winston ws yargs zod'.split(
    ' ',
  );
/** Of each package, spread over its time. */
const MOST_RELEASES = 90;
const AT_A_TIME = 12;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node test/bench/releases.mjs FOLDER');
const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim().replace(/\/$/, '');

/** What comes from an address; asked again where it fails. */
async function fetched(url) {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${response.status}`);
      return Buffer.from(await response.arrayBuffer());
    } catch (error) {
      if (attempt === 4) throw new Error(`${url} cannot be had`, { cause: error });
    }
  }
}

/** The releases of a package that are no previews, at most so many. */
async function releasesOf(name) {
  const { versions, time } = JSON.parse((await fetched(`${registry}/${name}`)).toString());
  const all = Object.entries(versions)
    .filter(([version]) => !version.includes('-') && time[version] !== undefined)
    .map(([version, { dist }]) => ({ name, version, tarball: dist.tarball, at: Date.parse(time[version]) }))
    .toSorted((a, b) => a.at - b.at);
  const step = Math.max(1, all.length / MOST_RELEASES);
  return Array.from({ length: Math.min(all.length, MOST_RELEASES) }, (_, index) => all[Math.floor(index * step)]);
}

/** The files of a release, as paths below its package's folder and contents. */
async function filesOf({ name, tarball }) {
  const entries = await unpackTar(gunzipSync(await fetched(tarball)));
  return entries.flatMap(({ header, data }) => {
    const path = header.name.split('/').slice(1).join('/');
    // The stream is no place for a name that needs quotes.
    const isFile =
      header.type === 'file' &&
      data !== undefined &&
      /^[\w@. /-]+$/.test(path) &&
      !/(?:^|\/)\.{0,2}(?:\/|$)/.test(path);
    return isFile && !/(?:^|\/)\.git(?:\/|$)/i.test(path) ? [{ path: `${name}/${path}`, data: Buffer.from(data) }] : [];
  });
}

const lists = [];
for (let at = 0; at < PACKAGES.length; at += AT_A_TIME) {
  lists.push(...(await Promise.all(PACKAGES.slice(at, at + AT_A_TIME).map(releasesOf))));
}
const releases = lists.flat().toSorted((a, b) => a.at - b.at);
process.stdout.write(`${releases.length} releases of ${PACKAGES.length} packages\n`);

mkdirSync(folder, { recursive: true });
execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: folder });
const git = spawn('git', ['fast-import', '--quiet'], { cwd: folder, stdio: ['pipe', 'inherit', 'inherit'] });
const ended = once(git, 'close');
const say = async (bytes) => {
  if (!git.stdin.write(bytes)) await once(git.stdin, 'drain');
};
/** Marks of contents, by their digest. */
const marks = new Map();
let bytes = 0;
const coming = new Map();
for (const [index, release] of releases.entries()) {
  for (let next = index; next < Math.min(releases.length, index + AT_A_TIME); next++) {
    if (!coming.has(next)) coming.set(next, filesOf(releases[next]));
  }
  const files = await coming.get(index);
  coming.delete(index);
  const lines = [];
  for (const { path, data } of files) {
    const digest = createHash('sha1').update(data).digest('base64');
    let mark = marks.get(digest);
    if (mark === undefined) {
      marks.set(digest, (mark = marks.size + 1));
      bytes += data.length;
      await say(`blob\nmark :${mark}\ndata ${data.length}\n`);
      await say(data);
      await say('\n');
    }
    lines.push(`M 100644 :${mark} ${path}\n`);
  }
  const { name, version, at } = release;
  const message = `${name} ${version}`;
  await say(
    `commit refs/heads/main\ncommitter bench <bench@example.org> ${Math.floor(at / 1000)} +0000\ndata ${message.length}\n${message}\nD ${name}\n${lines.join('')}\n`,
  );
}
git.stdin.end();
const [code] = await ended;
if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
execFileSync('git', ['repack', '-adfq'], { cwd: folder });
process.stdout.write(`${releases.length} commits, ${marks.size} contents, ${Math.round(bytes / 1e6)} MB\n`);
