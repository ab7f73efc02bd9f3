import type { Command } from './command.ts';

/** What is known of a command without its file. */
interface ListedCommand {
  /** Its name, and the places of what follows it, as yargs writes them. */
  readonly command: string;
  /** `false` leaves it out of the help. */
  readonly describe: string | false;
  /** Reads its file: to load those of all would take longer than to scan a small repository. */
  readonly load: () => Promise<Command>;
}

/** What people type after `keepmum`, one file each, in the order of the help. */
export const COMMANDS: readonly ListedCommand[] = [
  {
    command: 'scan [paths..]',
    describe: 'look for secrets in the working tree, or in what a flag names',
    load: async () => (await import('./scan.ts')).scan,
  },
  {
    command: 'map [action] [target] [folder]',
    describe: 'which secrets each AI coding assistant could read, by which channel, and what they grant',
    load: async () => (await import('./map.ts')).map,
  },
  {
    command: 'explain <place>',
    describe: 'say what was seen of each value in a file or line, and what it weighed',
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    command: 'install [manager]',
    describe: 'install the git hooks; what is there is kept and still runs',
    load: async () => (await import('./install.ts')).install,
  },
  {
    command: 'uninstall [manager]',
    describe: 'take the hooks out again and put back what was there',
    load: async () => (await import('./uninstall.ts')).uninstall,
  },
  {
    command: 'doctor',
    describe: 'check that the hooks are in place and work, with a dry run',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    command: 'allow <fingerprint>',
    describe: 'write an exception for one finding into .keepmum-exceptions.jsonl',
    load: async () => (await import('./allow.ts')).allow,
  },
  {
    command: 'baseline',
    describe: 'write what the working tree holds now into .keepmum-exceptions.jsonl, to be worked off',
    load: async () => (await import('./baseline.ts')).baseline,
  },
  {
    command: 'audit',
    describe: 'list exceptions that have run out, soon will, or match nothing any more',
    load: async () => (await import('./audit.ts')).audit,
  },
  {
    command: 'rules [action] [target]',
    describe: 'list the rules, show one, or test a file of rules',
    load: async () => (await import('./rules.ts')).rules,
  },
  {
    command: 'report <action> [files..]',
    describe: 'join reports of several scans, or of the shards of one',
    load: async () => (await import('./report.ts')).report,
  },
  {
    command: 'hook <hook> [files..]',
    describe: false,
    load: async () => (await import('./hook.ts')).hook,
  },
];
