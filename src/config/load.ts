import { lstat, readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { config as validate } from '#validators';
import { ConfigError } from '../core/errors.ts';
import { DEFAULTS, extend, type Config, type ConfigSource } from './config.ts';
import { configFailure, parseChecked } from './document.ts';

/** Names that are looked for in the root, the first that exists is taken. */
export const CONFIG_NAMES: readonly string[] = ['.keepmum.yaml', '.keepmum.yml'];

/** Bytes of a configuration file at most. */
const MAX_BYTES = 1_000_000;
const MAX_DEPTH = 8;

const KEYS: readonly string[] =
  'extends failOn confidence severity strict disable allow paths findings rules reason id title anchors pattern detector options near nearBytes proof minEntropy guessable identity advice references token examples counterExamples provider distinctiveness'.split(
    ' ',
  );

/**
 * The configuration of a repository: `.keepmum.yaml`, or `keepmum` in package.json, or the defaults.
 * @param root folder in which it is looked for
 * @param file a file to take instead; it must exist
 * @throws {ConfigError} naming file, line and fix
 */
export async function loadConfig(root: string, file?: string): Promise<Config> {
  if (file !== undefined) return readWithBase(file, file, dirname(file), 0);
  for (const name of CONFIG_NAMES) {
    const path = join(root, name);
    if (await exists(path)) return readWithBase(path, name, root, 0);
  }
  return fromPackage(root);
}

async function fromPackage(root: string): Promise<Config> {
  const path = join(root, 'package.json');
  if (!(await exists(path))) return DEFAULTS;
  const text = await read(path, 'package.json');
  if (!text.includes('"keepmum"')) return DEFAULTS;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A broken package.json is npm's to complain of; it holds no settings that could be meant.
    return DEFAULTS;
  }
  const own: unknown = typeof value === 'object' && value !== null && 'keepmum' in value ? value.keepmum : undefined;
  if (own === undefined || own === null || typeof own !== 'object') return DEFAULTS;
  const source = parseChecked(
    JSON.stringify(own, undefined, 1),
    'package.json "keepmum"',
    validate,
    KEYS,
    configFailure,
  );
  return withBase(source as ConfigSource, path, 'package.json', root, 0);
}

async function readWithBase(path: string, where: string, root: string, depth: number): Promise<Config> {
  const text = await read(path, where);
  const source = parseChecked(text, where, validate, KEYS, configFailure) as ConfigSource;
  return withBase(source, path, where, root, depth);
}

async function withBase(
  source: ConfigSource,
  path: string,
  where: string,
  root: string,
  depth: number,
): Promise<Config> {
  const bases = source.extends === undefined ? [] : [source.extends].flat();
  let base: Config = DEFAULTS;
  for (const name of bases) {
    if (depth >= MAX_DEPTH) {
      throw new ConfigError(`${where}: extends goes deeper than ${MAX_DEPTH} files`, { fix: 'look for a circle' });
    }
    const target = resolve(dirname(path), name);
    await assertInside(target, root, where, name);
    const next = await readWithBase(target, relative(root, target), root, depth + 1);
    base = merge(base, next);
  }
  return extend(base, source, where);
}

function merge(base: Config, over: Config): Config {
  const { files, ...settings } = over;
  return { ...extend(base, settings, ''), files: [...base.files, ...files] };
}

/** A repository may not make keepmum read (and quote lines of) files elsewhere. */
async function assertInside(target: string, root: string, where: string, name: string): Promise<void> {
  let real: string;
  try {
    real = await realpath(target);
  } catch {
    throw new ConfigError(`${where}: extends ${JSON.stringify(name)}, which does not exist`, {
      fix: 'correct the path; it is relative to this file',
    });
  }
  if (real !== target && !real.startsWith((await realpath(root)) + sep)) {
    throw new ConfigError(`${where}: extends ${JSON.stringify(name)}, which is outside the repository`, {
      fix: 'copy the file into the repository',
    });
  }
  if (relative(root, target).startsWith('..')) {
    throw new ConfigError(`${where}: extends ${JSON.stringify(name)}, which is outside the repository`, {
      fix: 'copy the file into the repository',
    });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}

async function read(path: string, where: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    const found = await lstat(path);
    if (found.size > MAX_BYTES)
      throw new ConfigError(`${where}: larger than ${MAX_BYTES} bytes`, { fix: 'shorten it' });
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError(`${where}: cannot be read`, { fix: 'check that it exists and may be read', cause });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigError(`${where}: not UTF-8 text`, { fix: 'save it as UTF-8' });
  }
}
