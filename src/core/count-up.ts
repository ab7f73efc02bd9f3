/** Adds one to a number of `counts`, and gives what it is then. */
export function countUp(counts: Uint32Array, at: number): number {
  const count = (counts[at] ?? 0) + 1;
  counts[at] = count;
  return count;
}
