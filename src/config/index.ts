/**
 * Settings of a repository, from data files. It reads and checks files under the root it is given. It
 * may not run anything, read outside the repository, or know what the settings are used for.
 */
export { loadConfig, CONFIG_NAMES } from './load.ts';
export { DEFAULTS, type AllowedFindings, type Config, type OwnRule, type ConfigSource } from './config.ts';
export { readDataFile, type DataFile } from './data-file.ts';
export type { Fail } from './document.ts';
