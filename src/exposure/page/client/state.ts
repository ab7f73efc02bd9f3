/** What is shown: all of it stands in the address behind `#`, so that a link leads to the same view. */
export interface State {
  /** Words to search for. */
  readonly q: string;
  /** Ids; empty: any. `verdict` is a list with commas between. */
  readonly assistant: string;
  readonly channel: string;
  readonly verdict: string;
  readonly provider: string;
  readonly severity: string;
  readonly standing: string;
  readonly stage: string;
  /** `yes`: only what was not open before. */
  readonly changed: string;
  readonly sort: string;
  /** `yes`: assistants that are not in use, too. */
  readonly all: string;
  /** `light` or `dark`; empty: as the system has it. */
  readonly theme: string;
  /** What the panel tells of: a secret, an assistant, or both. */
  readonly secret: string;
  readonly by: string;
}

export const EMPTY: State = {
  q: '',
  assistant: '',
  channel: '',
  verdict: '',
  provider: '',
  severity: '',
  standing: '',
  stage: '',
  changed: '',
  sort: '',
  all: '',
  theme: '',
  secret: '',
  by: '',
};

const KEYS = Object.keys(EMPTY) as readonly (keyof State)[];

/** Those that decide which secrets are shown. */
const FILTERS = [
  'q',
  'assistant',
  'channel',
  'verdict',
  'provider',
  'severity',
  'standing',
  'stage',
  'changed',
] as const;

export function isFiltered(state: State): boolean {
  return FILTERS.some((key) => state[key] !== '');
}

/** The same without any filter. */
export function unfiltered(): Partial<State> {
  return Object.fromEntries(FILTERS.map((key) => [key, '']));
}

/** What an address says; what is not known is passed over. */
export function fromHash(hash: string): State {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  return { ...EMPTY, ...Object.fromEntries(KEYS.map((key) => [key, said.get(key) ?? ''])) };
}

/** Begins with `#`. */
export function toHash(state: State): string {
  return `#${new URLSearchParams(KEYS.filter((key) => state[key] !== '').map((key) => [key, state[key]])).toString()}`;
}
