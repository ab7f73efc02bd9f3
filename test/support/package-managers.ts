import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CACHE = new URL('../../node_modules/.cache/', import.meta.url).pathname;

/** A program that installs packages, and how it installs one from a file without running its scripts. */
export interface PackageManager {
  readonly name: string;
  readonly command: readonly string[];
  readonly add: readonly string[];
  readonly missing?: string;
}

/** npm, and pnpm and yarn fetched on first use: the last majors that are JavaScript alone. */
export function packageManagers(): readonly PackageManager[] {
  return [
    { name: 'npm', command: ['npm'], add: ['install', '--ignore-scripts', '--no-audit', '--no-fund'] },
    fetched('pnpm', 10, ['add', '--ignore-scripts']),
    fetched('yarn', 1, ['add', '--ignore-scripts', '--non-interactive']),
  ];
}

function fetched(name: string, major: number, add: readonly string[]): PackageManager {
  const folder = join(CACHE, name);
  const home = join(folder, 'node_modules', name);
  if (!existsSync(home)) {
    mkdirSync(folder, { recursive: true });
    const args = ['install', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--prefix', folder];
    spawnSync('npm', [...args, `${name}@${major}`], { cwd: folder });
  }
  if (!existsSync(home)) {
    const missing = `npm could not bring ${name}`;
    return { name: `${name} (skipped: ${missing})`, command: [], add, missing };
  }
  const { version, bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    readonly version: string;
    readonly bin: string | Readonly<Record<string, string>>;
  };
  const script = typeof bin === 'string' ? bin : (bin[name] ?? readdirSync(home)[0] ?? '');
  return { name: `${name} ${version}`, command: [process.execPath, join(home, script)], add };
}
