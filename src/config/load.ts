import { dirname, join, relative, resolve, sep } from 'node:path';
import { config as validate, configKeys } from '#validators';
import { ConfigError } from '../core/errors.ts';
import { DEFAULTS, extend, type Config, type ConfigSource } from './config.ts';
import { readDataFile } from './data-file.ts';
import { configFailure, parseChecked } from './document.ts';

/** Names that are looked for in the root, the first that exists is taken. */
export const CONFIG_NAMES: readonly string[] = ['.keepmum.yaml', '.keepmum.yml'];

/** Bytes of a configuration file at most. */
const MAX_BYTES = 1_000_000;
/** Bytes of a package.json at most; a larger one is taken to hold no settings. */
const MAX_PACKAGE_BYTES = 8_000_000;
const MAX_DEPTH = 8;
const MAX_FILES = 64;

/** One file of settings, as written. */
interface Layer {
  readonly source: ConfigSource;
  readonly file: string;
}

/** A file of settings, and where it may lead. */
interface Place {
  /** Absolute. */
  readonly path: string;
  /** How errors call it. */
  readonly where: string;
  /** What it extends must be in here. */
  readonly root: string;
  /** Files that lead here, this one included: a circle is one of them again. */
  readonly trail: readonly string[];
}

/**
 * The configuration of a repository: `.keepmum.yaml`, or `keepmum` in package.json, or the defaults.
 * @param root folder in which it is looked for
 * @param file a file to take instead; it must exist
 * @throws {ConfigError} naming file, line and fix
 */
export async function loadConfig(root: string, file?: string): Promise<Config> {
  if (file !== undefined) {
    const text = await readDataFile({ name: file, where: file, maxBytes: MAX_BYTES }, configFailure);
    if (text === undefined) throw new ConfigError(`${file}: does not exist`, { fix: 'name a file that exists' });
    return resolved(await parse(text, { path: file, where: file, root: dirname(file), trail: [file] }));
  }
  for (const name of CONFIG_NAMES) {
    const text = await readDataFile({ root, name, where: name, maxBytes: MAX_BYTES }, configFailure);
    const path = join(root, name);
    if (text !== undefined) return resolved(await parse(text, { path, where: name, root, trail: [path] }));
  }
  return fromPackage(root);
}

async function fromPackage(root: string): Promise<Config> {
  const name = 'package.json';
  let text: string | undefined;
  try {
    text = await readDataFile({ root, name, where: name, maxBytes: MAX_PACKAGE_BYTES }, configFailure);
  } catch {
    // Not ours to complain of: a link elsewhere, a folder, not text.
    return DEFAULTS;
  }
  if (text?.includes('"keepmum"') !== true) return DEFAULTS;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigError('package.json: is not valid JSON, so that settings of keepmum in it cannot be read', {
      fix: 'correct it; --no-config does without settings',
    });
  }
  if (typeof value !== 'object' || value === null || !('keepmum' in value)) return DEFAULTS;
  const where = 'package.json "keepmum"';
  const own = JSON.stringify(value.keepmum, undefined, 1);
  const source = parseChecked(own, where, validate, configKeys, configFailure, { lines: false }) as ConfigSource;
  const path = join(root, name);
  return resolved(await withBase(source, { path, where, root, trail: [path] }));
}

function parse(text: string, place: Place): Promise<Layer[]> {
  return withBase(parseChecked(text, place.where, validate, configKeys, configFailure) as ConfigSource, place);
}

/** The weakest first. */
async function withBase(source: ConfigSource, place: Place): Promise<Layer[]> {
  const layers: Layer[] = [];
  for (const name of [source.extends ?? []].flat()) layers.push(...(await extended(name, place)));
  if (layers.length >= MAX_FILES) {
    throw new ConfigError(`${place.where}: extends more than ${MAX_FILES} files`, { fix: 'join some of them' });
  }
  return [...layers, { source, file: place.where }];
}

function resolved(layers: readonly Layer[]): Config {
  return layers.reduce((base, { source, file }) => extend(base, source, file), DEFAULTS);
}

/** A repository may not make keepmum read (and quote lines of) files elsewhere. */
async function extended(written: string, { path, where, root, trail }: Place): Promise<Layer[]> {
  const target = resolve(dirname(path), written);
  const name = relative(root, target);
  const fail = (what: string, fix: string): ConfigError =>
    new ConfigError(`${where}: extends ${JSON.stringify(written)}, ${what}`, { fix });
  if (name === '..' || name.startsWith(`..${sep}`) || resolve(name) === name) {
    throw fail('which is outside the repository', 'copy the file into the repository');
  }
  if (trail.includes(target)) throw fail('which leads back to itself', 'take one extends out of the circle');
  if (trail.length > MAX_DEPTH) throw fail(`which is the ${MAX_DEPTH + 1}th file in a row`, 'join some of them');
  const text = await readDataFile({ root, name, where: name, maxBytes: MAX_BYTES }, configFailure);
  if (text === undefined) throw fail('which does not exist', 'correct the path; it is relative to this file');
  return parse(text, { path: target, where: name, root, trail: [...trail, target] });
}
