/** Whether a path lies outside of the workspace: in the home folder, in another working tree, elsewhere on the machine. */
export function isOutside(path: string): boolean {
  return path.startsWith('~/') || path.startsWith('../') || path.startsWith('/');
}
