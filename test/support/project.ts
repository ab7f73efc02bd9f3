import type { Project } from '../../src/exposure/settings/project.ts';

/** A project of files that nobody writes to disk; those of the home folder begin with `~/`. */
export function projectOf(
  files: Readonly<Record<string, string>>,
  more: {
    readonly ignored?: readonly string[];
    readonly untracked?: readonly string[];
    readonly home?: boolean;
    readonly variables?: Readonly<Record<string, string>>;
    readonly ignoreCase?: boolean;
  } = {},
): Project {
  const { ignored = [], untracked = [], home = false, variables = {}, ignoreCase = false } = more;
  const isHere = (path: string): boolean => !path.startsWith('~/') && !path.startsWith('/');
  const isSeen = (path: string): boolean => isHere(path) || home;
  return {
    root: '/work/shop',
    ...(home && { home: '/home/me' }),
    platform: 'linux',
    notices: [],
    ignoreCase,
    paths: Object.keys(files).filter((path) => isHere(path) && !ignored.includes(path) && !path.startsWith('.git/')),
    isTracked: (path) => path in files && !ignored.includes(path) && !untracked.includes(path),
    read: (path) => (path in files && isSeen(path) ? { text: files[path] ?? '' } : undefined),
    exists: (path) => isSeen(path) && Object.keys(files).some((file) => file === path || file.startsWith(`${path}/`)),
    variable: (name) => variables[name],
  };
}
