import type { Assistant, ChannelId } from '../assistants.ts';
import type { Citation, Verdict } from '../exposure-map.ts';
import type { Configuration } from '../settings/configuration.ts';
import { judge, type Judgement } from '../verdict.ts';
import type { Canary } from './layout.ts';
import { ROUTES } from './routes.ts';

/** What the data say of a canary, with the settings of its folder. */
export interface Claim {
  readonly channel: ChannelId;
  readonly verdict: Verdict;
  readonly text: string;
  readonly sources: readonly Citation[];
}

/** Narrowest first. */
const WIDTH: Readonly<Record<Verdict, number>> = {
  'not-applicable': 0,
  blocked: 1,
  reachable: 2,
  unknown: 3,
  visible: 4,
};

/** What is claimed of a canary; nothing where it has no channel here. */
export function claimOf({ route, path, standing }: Canary, assistant: Assistant, settings: Configuration): Claim {
  const isInHistory = standing === 'tracked' || standing === 'history' || standing === 'stash';
  const place = { standing, path, isInHistory };
  const told: readonly (Judgement & { readonly channel: ChannelId })[] = ROUTES[route].channels.map((channel) => ({
    channel,
    ...judge(place, channel, assistant, settings),
  }));
  const { channel, verdict, text, sources } = told.reduce((a, b) => (WIDTH[b.verdict] > WIDTH[a.verdict] ? b : a));
  return {
    channel,
    verdict,
    text,
    sources: sources.map((id) => {
      const source = assistant.sources[id];
      return { id, ...(source && { url: source.url, date: source.date }) };
    }),
  };
}
