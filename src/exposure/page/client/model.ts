import { PER_CHANNEL, PROFILE_HEAD, type PageAssistant, type PageData } from '../page-data.ts';
import type { State } from './state.ts';

export type Secret = PageData['secrets'][number];
export type PlaceOf = Secret['places'][number];

export type Change = NonNullable<PageData['changes']>['all'][number];

/** One cell, or one channel of it; verdicts and channels as indexes into those of the map. */
export interface CellView {
  readonly verdict: number;
  /** -1: none. */
  readonly channel: number;
  readonly isClosable: boolean;
}

export interface ChannelView {
  readonly channel: number;
  readonly verdict: number;
  /** Indexes into the reasons of the map and the places of the secret; -1: none. */
  readonly reason: number;
  readonly place: number;
}

/** The map, and what the page asks of it. Secrets and assistants are their indexes. */
export class Model {
  readonly data: PageData;
  readonly inUse: readonly number[];
  readonly all: readonly number[];
  readonly #texts: readonly string[];
  /** The verdict of each profile. */
  readonly #widest: Uint8Array;
  readonly #changes: ReadonlyMap<string, Change>;
  readonly #secrets: ReadonlyMap<string, number>;
  readonly #verdicts: ReadonlyMap<string, number>;

  constructor(data: PageData) {
    this.data = data;
    this.all = data.assistants.map((_, index) => index);
    this.inUse = this.all.filter((index) => data.assistants[index]?.inUse);
    this.#texts = data.secrets.map(searchText);
    this.#widest = Uint8Array.from(data.profiles, ([verdict]) => must(verdict));
    this.#changes = new Map(data.changes?.all.map((change) => [`${change.secret} ${change.assistant}`, change]));
    this.#secrets = new Map(data.secrets.map(({ id }, index) => [id, index]));
    this.#verdicts = new Map(data.verdicts.map(({ id }, index) => [id, index]));
  }

  secret(index: number): Secret {
    return must(this.data.secrets[index]);
  }

  assistant(index: number): PageAssistant {
    return must(this.data.assistants[index]);
  }

  /** -1 where there is none of this id. */
  secretOf(id: string): number {
    return this.#secrets.get(id) ?? -1;
  }

  assistantOf(id: string): number {
    return this.data.assistants.findIndex((one) => one.id === id);
  }

  channelOf(id: string): number {
    return this.data.channels.findIndex((one) => one.id === id);
  }

  verdictOf(id: string): number {
    return this.#verdicts.get(id) ?? -1;
  }

  /** What was not open before, or not as wide; nothing where it was, or where nothing was compared. */
  change(secret: number, assistant: number): Change | undefined {
    return this.#changes.get(`${secret} ${this.assistant(assistant).id}`);
  }

  /** The verdict alone: asked for each cell of the map. */
  verdict(secret: number, assistant: number, channel: number = -1): number {
    const profile = must(this.data.assistants[assistant]?.cells[secret]);
    if (channel === -1) return must(this.#widest[profile]);
    return must(this.data.profiles[profile]?.[PROFILE_HEAD + channel * PER_CHANNEL]);
  }

  /** `channel`: what this one alone would give; -1: the widest of all. */
  cell(secret: number, assistant: number, channel: number = -1): CellView {
    const profile = this.#profile(secret, assistant);
    const isClosable = profile[2] === 1;
    if (channel === -1) return { verdict: must(profile[0]), channel: must(profile[1]), isClosable };
    return { verdict: must(profile[PROFILE_HEAD + channel * PER_CHANNEL]), channel, isClosable };
  }

  channels(secret: number, assistant: number): ChannelView[] {
    const profile = this.#profile(secret, assistant);
    return this.data.channels.map((_, channel) => {
      const at = PROFILE_HEAD + channel * PER_CHANNEL;
      return { channel, verdict: must(profile[at]), reason: must(profile[at + 1]), place: must(profile[at + 2]) };
    });
  }

  #profile(secret: number, assistant: number): readonly number[] {
    return must(this.data.profiles[must(this.assistant(assistant).cells[secret])]);
  }

  /** Whether an assistant can have it, be it with effort. */
  isOpen(verdict: number): boolean {
    const id = this.data.verdicts[verdict]?.id;
    return id === 'visible' || id === 'unknown' || id === 'reachable';
  }

  /** Assistants that are columns of the matrix. */
  columns(state: State): readonly number[] {
    const asked = this.assistantOf(state.assistant);
    if (asked !== -1) return [asked];
    return state.all === '' && this.inUse.length > 0 ? this.inUse : this.all;
  }

  /** Secrets that are rows of the matrix, in their order. */
  rows(state: State): number[] {
    const columns = this.columns(state);
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = this.verdicts(state);
    const channel = this.channelOf(state.channel);
    const rows: number[] = [];
    for (const [index, secret] of this.data.secrets.entries()) {
      if (state.severity !== '' && secret.severity !== state.severity) continue;
      if (state.provider !== '' && secret.power.provider !== state.provider) continue;
      if (state.stage !== '' && secret.power.stage !== state.stage) continue;
      if (state.standing !== '' && !secret.places.some(({ standing }) => standing === state.standing)) continue;
      if (words.some((word) => !must(this.#texts[index]).includes(word))) continue;
      if (state.changed !== '' && !columns.some((assistant) => this.change(index, assistant))) continue;
      if (verdicts.size > 0 || channel !== -1) {
        // A channel alone asks for what it opens.
        const has = (verdict: number): boolean => (verdicts.size > 0 ? verdicts.has(verdict) : this.isOpen(verdict));
        if (!columns.some((assistant) => has(this.verdict(index, assistant, channel)))) continue;
      }
      rows.push(index);
    }
    return this.#sorted(rows, columns, state.sort, channel);
  }

  verdicts(state: State): ReadonlySet<number> {
    return new Set(
      state.verdict
        .split(',')
        .map((id) => this.verdictOf(id))
        .filter((index) => index !== -1),
    );
  }

  #sorted(rows: number[], columns: readonly number[], sort: string, channel: number): number[] {
    const by = (key: (secret: number) => number | string): number[] => {
      const keys = new Map(rows.map((row) => [row, key(row)]));
      return rows.sort((a, b) => {
        const [left, right] = [must(keys.get(a)), must(keys.get(b))];
        return left < right ? -1 : left > right ? 1 : a - b;
      });
    };
    switch (sort) {
      case 'open':
        return by((row) => {
          const open = columns.map((assistant) => this.verdict(row, assistant, channel));
          return -open.reduce(
            (sum, verdict) => sum + (this.isOpen(verdict) ? this.data.verdicts.length - verdict : 0),
            0,
          );
        });
      case 'places':
        return by((row) => -this.secret(row).places.length);
      case 'provider':
        return by((row) => this.secret(row).power.provider.toLowerCase());
      case 'title':
        return by((row) => this.secret(row).title.toLowerCase());
      case 'path':
        return by((row) => this.secret(row).places[0]?.path ?? '');
      default:
        return rows;
    }
  }

  /** The widest verdict of a secret among assistants; that of nothing where there is none. */
  widest(secret: number, assistants: readonly number[]): number {
    return Math.min(this.data.verdicts.length - 1, ...assistants.map((assistant) => this.verdict(secret, assistant)));
  }
}

/** Ids of what cannot be missing in a map that was made whole. */
export function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the data of this page is not whole');
  return value;
}

function searchText({ id, title, rule, preview, power, places, severity }: Secret): string {
  const { provider, holder = '', grants } = power;
  const paths = places.map(({ path, commit = '' }) => `${path} ${commit}`).join(' ');
  return [id, title, rule, preview, severity, provider, holder, grants, paths].join(' ').toLowerCase();
}

export function placeText({ path, line, column }: PlaceOf): string {
  return [path, line, column].filter((part) => part !== undefined).join(':');
}

/** The last two names of a path, and the line: what fits a cell. */
export function shortPlace({ path, line }: PlaceOf): string {
  const names = path.split('/');
  const short = names.length > 2 ? `…/${names.slice(-2).join('/')}` : path;
  return line === undefined ? short : `${short}:${line}`;
}
