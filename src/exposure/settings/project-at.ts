import { basename } from 'node:path/posix';
import { readBlobs } from '../../git/cat-file.ts';
import { decodePath } from '../../core/path.ts';
import { treeEntries } from '../../git/listing.ts';
import { MOST_FILE_BYTES, openProject, textOf, type Project, type ProjectOptions, type ReadFile } from './project.ts';

/** Names of files that may set something; only these are taken out of a commit. */
const SETTINGS_NAME = /ignore$|exclude$|\.(?:json|jsonc|toml|ya?ml|mdc|md)$|rules$|^\.noai$|^\.worktreeinclude$/;
/** Files that are taken out of a commit, at most, and their bytes. */
const MOST_FILES = 20_000;
const MOST_BYTES = 64 << 20;

/**
 * The project as it was at a commit: its files come from there. What no commit has, the home folder and files that git
 * ignores, is as it is now.
 */
export async function projectAt(commit: string, options: ProjectOptions): Promise<Project> {
  const now = await openProject(options);
  const ids = new Map<string, string>();
  const paths: string[] = [];
  const known = new Set<string>();
  let isCut = false;
  for await (const { type, id, path: bytes } of treeEntries(commit, { cwd: options.root })) {
    if (type !== 'blob') continue;
    const path = decodePath(bytes);
    paths.push(path);
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) known.add(path.slice(0, at));
    known.add(path);
    if (!SETTINGS_NAME.test(basename(path))) continue;
    if (ids.size < MOST_FILES) ids.set(path, id);
    else isCut = true;
  }
  const read = new Map<string, ReadFile>();
  const files = [...ids.keys()];
  let index = 0;
  let bytes = 0;
  for await (const { status, bytes: blob } of readBlobs([...ids.values()], {
    cwd: options.root,
    maxBytes: MOST_FILE_BYTES,
  })) {
    const file = files[index++];
    if (file === undefined || status !== 'blob') continue;
    if ((bytes += blob.length) > MOST_BYTES) isCut = true;
    else read.set(file, textOf(blob));
  }
  /** It is in no commit: ignored, or not added yet. */
  const isLocal = (path: string): boolean =>
    isElsewhere(path) || (!known.has(path) && !now.isTracked(path) && now.exists(path));
  return {
    ...now,
    paths,
    notices: isCut ? [`not all settings of ${commit.slice(0, 12)} were looked at: there are too many`] : [],
    isTracked: (path) => known.has(path),
    read: (path) => read.get(path) ?? (isLocal(path) ? now.read(path) : undefined),
    exists: (path) => known.has(path) || isLocal(path),
  };
}

function isElsewhere(path: string): boolean {
  return path.startsWith('~/') || path.startsWith('/') || path.startsWith('.git/');
}
