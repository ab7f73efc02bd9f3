/**
 * Settings of a repository, from data files. It reads and checks files under the root it is given. It
 * may not run anything, read outside the repository, or know what the settings are used for.
 */
export { CONFIG_NAMES, loadConfig } from './load.ts';
