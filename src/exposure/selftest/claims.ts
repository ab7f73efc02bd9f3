import type { Assistant, ChannelId } from '../assistants.ts';
import type { Citation, Verdict } from '../exposure-map.ts';
import type { Configuration } from '../settings/configuration.ts';
import { judge, type Judgement } from '../verdict.ts';
import { isWider } from '../width.ts';
import type { Canary } from './layout.ts';
import { ROUTES } from './routes.ts';

/** What the data say of a canary, with the settings of its folder. */
export interface Claim {
  readonly channel: ChannelId;
  readonly verdict: Verdict;
  readonly text: string;
  readonly sources: readonly Citation[];
}

/** What is claimed of a canary; nothing where it has no channel here. */
export function claimOf({ route, path, standing }: Canary, assistant: Assistant, settings: Configuration): Claim {
  const isInHistory = standing === 'tracked' || standing === 'history' || standing === 'stash';
  const place = { standing, path, isInHistory };
  const told: readonly (Judgement & { readonly channel: ChannelId })[] = ROUTES[route].channels.map((channel) => ({
    channel,
    ...judge(place, channel, assistant, settings),
  }));
  const { channel, verdict, text, sources } = told.reduce((a, b) => (isWider(b.verdict, a.verdict) ? b : a));
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
