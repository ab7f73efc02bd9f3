import type {
  Cell,
  ExposedSecret,
  ExposureMap,
  MappedAssistant,
  Place,
  Privilege,
  Reason,
} from '../../exposure/exposure-map.ts';
import { isOpen } from '../../exposure/width.ts';
import { count, grouped } from '../wording.ts';

/** `.env:3`, `old.env:3 in 0123456789ab`, `$AWS_SECRET_ACCESS_KEY`. */
export function placeName({ standing, path, line, commit }: Place): string {
  if (standing === 'environment') return `$${path}`;
  const at = line === undefined ? path : `${path}:${line}`;
  return commit === undefined ? at : `${at} in ${commit.slice(0, 12)}`;
}

/** How a place lies, in a word or two. */
export const STANDING_WORDS: Readonly<Record<Place['standing'], string>> = {
  tracked: 'tracked',
  untracked: 'untracked',
  ignored: 'ignored',
  'git-folder': 'git settings',
  history: 'old commits',
  stash: 'stash',
  worktree: 'other working tree',
  home: 'home',
  environment: 'environment',
};

/** `.env:3 (ignored) and 2 more places`. */
export function placesOf({ places }: ExposedSecret): string {
  const [first] = places;
  if (first === undefined) return '';
  const more = places.length > 1 ? ` and ${count(places.length - 1, 'more place')}` : '';
  return `${placeName(first)} (${STANDING_WORDS[first.standing]})${more}`;
}

/** How many secrets an assistant could have, and how many of those only with effort. */
export function openCount({ cells }: Pick<MappedAssistant, 'cells'>): {
  readonly open: number;
  readonly effort: number;
} {
  const open = cells.filter(({ verdict }) => isOpen(verdict));
  return { open: open.length, effort: open.filter(({ verdict }) => verdict === 'reachable').length };
}

/** `12 secrets; assistants in use here: Claude Code could read 9, Cursor 12`. */
export function headline(map: ExposureMap): string {
  const used = map.assistants.filter(({ inUse }) => inUse);
  const secrets = map.secrets.length === 0 ? 'no secrets' : count(map.secrets.length, 'secret');
  if (map.secrets.length === 0) return secrets;
  if (used.length === 0) return `${secrets}; no assistant has left marks here`;
  const told = used.map((one) => `${one.name} could read ${grouped(openCount(one).open)}`);
  return `${secrets}; ${told.join(', ')}`;
}

/** What a cell says in one short word: the channel that opens it, or that none does. */
export function cellWord({ verdict, channel }: Cell): string {
  const name = channel === undefined ? '' : CHANNEL_WORDS[channel];
  switch (verdict) {
    case 'visible':
      return name;
    case 'unknown':
      return `${name}?`;
    case 'reachable':
      return `~${name}`;
    case 'blocked':
      return 'blocked';
    case 'not-applicable':
      return '-';
  }
}

/** At most seven columns each. */
const CHANNEL_WORDS = {
  index: 'index',
  read: 'read',
  search: 'search',
  shell: 'shell',
  'shell-sandboxed': 'sandbox',
  'git-history': 'git',
  editor: 'editor',
  mention: 'mention',
  env: 'env',
  import: 'import',
} as const;

/** `everything that the user may do; read buckets`: what a privilege grants. */
export function grantsOf({ grants }: Privilege): string {
  const shown = grants.slice(0, MOST_GRANTS);
  return [...shown, ...(grants.length > shown.length ? [`${grants.length - shown.length} more`] : [])].join('; ');
}

const MOST_GRANTS = 3;

/** `(.cursorignore:3 "*.env"; https://… of 2026-08-22)`: what decided here, and the pages that say so. */
export function proofOf({ at, sources }: Reason): string {
  const setting =
    at === undefined
      ? []
      : [
          `${at.file}${at.line === undefined ? '' : `:${at.line}`}${at.pattern === undefined ? '' : ` ${JSON.stringify(at.pattern)}`}`,
        ];
  const pages = sources.map(({ id, url, date }) =>
    url === undefined ? (UNSOURCED[id] ?? id) : `${url} of ${date ?? '?'}`,
  );
  return [...setting, ...pages].join('; ');
}

const UNSOURCED: Readonly<Record<string, string>> = {
  inference: 'our own conclusion',
  unchecked: 'common knowledge, held against no page',
};
