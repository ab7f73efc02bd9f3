import { SEVERITIES } from '../../core/finding.ts';
import { CHANNELS, isOld, type ChannelId } from '../assistants.ts';
import { STANDINGS, VERDICTS, type Cell, type Citation, type ExposureMap } from '../exposure-map.ts';
import type { PageData, PageSource, Profile, Term } from './page-data.ts';

/** Packs a map; pure. */
export function pageData(map: ExposureMap): PageData {
  const sources = new Interner<PageSource>(JSON.stringify);
  const profiles = new Interner<Profile>(String);
  const made = new Date(map.made);
  const numberOf = ({ id, url, date }: Citation): number =>
    sources.numberOf({
      id,
      ...(url !== undefined && { url }),
      ...(date !== undefined && { date, ...(isOld(date, made) && { isOld: true as const }) }),
    });
  const reasons = map.reasons.map((reason) => ({ ...reason, sources: reason.sources.map(numberOf) }));
  const problems = map.problems.map((problem) => ({ ...problem, sources: problem.sources.map(numberOf) }));
  return {
    ...map,
    assistants: map.assistants.map((assistant) => ({
      ...assistant,
      cells: assistant.cells.map((cell) => profiles.numberOf(profileOf(cell))),
    })),
    profiles: profiles.values,
    reasons,
    sources: sources.values,
    problems,
    channels: terms(CHANNELS),
    verdicts: terms(VERDICTS),
    standings: terms(STANDINGS),
    severities: SEVERITIES.toReversed(),
  };
}

const CHANNEL_IDS = Object.keys(CHANNELS) as readonly ChannelId[];
const VERDICT_IDS = Object.keys(VERDICTS);

function profileOf({ verdict, channel, closable, channels }: Cell): Profile {
  const of = new Map(channels.map((one) => [one.channel, one]));
  return [
    VERDICT_IDS.indexOf(verdict),
    channel === undefined ? -1 : CHANNEL_IDS.indexOf(channel),
    Number(closable === true),
    ...CHANNEL_IDS.flatMap((id) => {
      const one = of.get(id);
      return one === undefined
        ? [VERDICT_IDS.indexOf('not-applicable'), -1, -1]
        : [VERDICT_IDS.indexOf(one.verdict), one.reason, one.place];
    }),
  ];
}

function terms(words: Readonly<Record<string, string>>): Term[] {
  return Object.entries(words).map(([id, text]) => ({ id, text }));
}

/** Keeps what is equal once. */
class Interner<Value> {
  readonly values: Value[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #keyOf: (value: Value) => string;

  constructor(keyOf: (value: Value) => string) {
    this.#keyOf = keyOf;
  }

  numberOf(value: Value): number {
    const key = this.#keyOf(value);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.values.length);
    return this.values.push(value) - 1;
  }
}
