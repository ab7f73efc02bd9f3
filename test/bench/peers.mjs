// Other scanners, where they are installed.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The program of a peer: in `folder` or its `bin`, or else on PATH; `undefined` where it is not there. */
export function peer(name, folder) {
  const folders = [...(folder ? [folder, join(folder, 'bin')] : []), ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((place) => join(place, name)).find((file) => existsSync(file));
}
