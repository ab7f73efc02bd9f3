// Other scanners, where they are installed.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How many findings a scanner tells of in what it prints, and how many of them block a commit where it tells that. */
const TOLD = {
  keepmum: /(\d[\d,]*) findings?(?: \((\d[\d,]*) blocking\))?|no findings/,
  gitleaks: /leaks found: (\d+)|no leaks found/,
  betterleaks: /leaks found: (\d+)|no leaks found/,
  kingfisher: /Findings\.*: ([\d,]+)/,
  trufflehog: /"unverified_secrets": (\d+)/,
};
const LISTED = {
  ripsecrets: /^.+:\d+:/gm,
  'detect-secrets': /"hashed_secret"/g,
};

/** The same in words; empty for a program that finds nothing by trade. A count of 0 may mean that it left all out. */
export function found(name, printed) {
  const listed = LISTED[name];
  if (listed !== undefined) return `${printed.match(listed)?.length ?? 0} findings`;
  const told = TOLD[name];
  if (told === undefined) return '';
  const [, findings = '0', blocking] = told.exec(printed) ?? [undefined, '?'];
  return `${findings} findings${blocking === undefined ? '' : `, ${blocking} blocking`}`;
}

/** The program of a peer: in `folder` or its `bin`, or else on PATH; `undefined` where it is not there. */
export function peer(name, folder) {
  const folders = [...(folder ? [folder, join(folder, 'bin')] : []), ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((place) => join(place, name)).find((file) => existsSync(file));
}
