import { CHANNELS, type Assistant, type Channel, type ChannelId } from './assistants.ts';
import { type Cell, type ChannelVerdict, type ExposedSecret, type Place, type Verdict } from './exposure-map.ts';
import { isOutside } from './places.ts';
import { isOpen, isWider, WIDEST_FIRST } from './width.ts';
import type { Barrier, BarrierDecision, Configuration } from './settings/configuration.ts';

/** A verdict on one place in one channel, before its reason has a number. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly text: string;
  /** What decided here. */
  readonly at?: { readonly file: string; readonly line?: number; readonly pattern?: string };
  /** Ids of sources of the assistant. */
  readonly sources: readonly string[];
}

const CHANNEL_IDS = Object.keys(CHANNELS) as readonly ChannelId[];

/**
 * Of several channels with one verdict, the one that is told: what happens by itself before what the model has to
 * do, and that before what takes a command or a person.
 */
const TOLD_FIRST: readonly ChannelId[] = [
  'index',
  'import',
  'read',
  'search',
  'editor',
  'env',
  'shell',
  'shell-sandboxed',
  'git-history',
  'mention',
];

/** Gives the number of a reason. */
export type Number = (judgement: Judgement) => number;

/** What one assistant could see of one secret. */
export function cellOf(
  secret: Pick<ExposedSecret, 'places'>,
  assistant: Assistant,
  configuration: Configuration,
  numberOf: Number,
): Cell {
  const channels = CHANNEL_IDS.map((channel): ChannelVerdict => {
    let widest: Judgement | undefined;
    let at = 0;
    for (const [index, place] of secret.places.entries()) {
      const judgement = judge(place, channel, assistant, configuration);
      if (widest === undefined || isWider(judgement.verdict, widest.verdict)) [widest, at] = [judgement, index];
      if (judgement.verdict === 'visible') break;
    }
    const told = widest ?? none('It stands nowhere.');
    return { channel, verdict: told.verdict, reason: numberOf(told), place: at };
  });
  const verdict = WIDEST_FIRST.find((one) => channels.some((channel) => channel.verdict === one)) ?? 'not-applicable';
  const opens = isOpen(verdict);
  const channel = TOLD_FIRST.find((id) => channels.some((one) => one.channel === id && one.verdict === verdict));
  return { verdict, ...(opens && channel !== undefined && { channel }), channels };
}

/** What one channel of an assistant lets it see of one place. */
export function judge(place: Place, id: ChannelId, assistant: Assistant, configuration: Configuration): Judgement {
  const channel = assistant.channels[id];
  if (channel.barriers === 'na') return { verdict: 'not-applicable', text: channel.text, sources: channel.sources };
  const absent = absence(place, id, assistant, configuration);
  if (absent !== undefined) return absent;
  const { off, sandbox } = configuration;
  if (off?.state === 'on') {
    return { verdict: 'blocked', text: off.text, ...(off.at && { at: off.at }), sources: ['inference'] };
  }
  const judgement = narrowed(place, id, channel, configuration, assistant);
  // The model may ask to leave the sandbox, and the user is asked.
  if (id === 'shell' && sandbox.state === 'escapable' && isWider(judgement.verdict, 'reachable')) {
    return {
      verdict: 'reachable',
      text: sandbox.text,
      ...(sandbox.at && { at: sandbox.at }),
      sources: assistant.channels['shell-sandboxed'].sources,
    };
  }
  return judgement;
}

/** Why a place has nothing to do with a channel. */
function absence(
  { standing, path, isInHistory }: Place,
  id: ChannelId,
  assistant: Assistant,
  configuration: Configuration,
): Judgement | undefined {
  const isObject = standing === 'history' || standing === 'stash';
  if (standing === 'environment') {
    if (assistant.worksOn === 'clone') return none('It works somewhere else, without the variables that are set here.');
    return id === 'env' ? undefined : none('A variable of the environment is no file.');
  }
  if (assistant.worksOn === 'clone' && (standing === 'stash' || !isInHistory)) {
    return none('It works on a clone, and this was never committed.');
  }
  const { dotenv, text } = assistant.channels[id];
  // The channel has what was committed, and no other files.
  if (dotenv === 'na' && !isInHistory) return none(text);
  switch (id) {
    case 'git-history':
      return isObject || isInHistory ? undefined : none('No commit holds it.');
    case 'env':
      return !isObject && configuration.loads(path) ? undefined : none('It is no file that is loaded at the start.');
    case 'import':
      return !isObject && configuration.imports(path) !== undefined
        ? undefined
        : none('It is no instruction file, and none imports it.');
    case 'shell':
      if (configuration.sandbox.state === 'on') return none('Commands run in the sandbox.');
      break;
    case 'shell-sandboxed':
      if (configuration.sandbox.state === 'off') return none(configuration.sandbox.text);
      // In one it could see no more than outside of it.
      if (assistant.channels[id].barriers === 'unknown')
        return none('Whether it has a sandbox is not known; commands outside of one count.');
      break;
    case 'index':
    case 'search':
    case 'editor':
      if (standing === 'git-folder') return none('The .git folder is neither indexed nor searched.');
      if (id !== 'search' && isOutside(path)) return none('It lies outside of the workspace.');
      break;
    case 'read':
    case 'mention':
      break;
  }
  return isObject ? none('It is in the objects of git and in no file.') : undefined;
}

function none(text: string): Judgement {
  return { verdict: 'not-applicable', text, sources: ['inference'] };
}

/** What barriers leave of it: the narrowest counts. */
function narrowed(
  place: Place,
  id: ChannelId,
  channel: Channel,
  configuration: Configuration,
  assistant: Assistant,
): Judgement {
  let narrowest: Judgement = open(place, id, channel, assistant);
  if (typeof channel.barriers === 'string') return narrowest;
  for (const barrier of configuration.barriers(id)) {
    if (barrier.state === 'off') continue;
    const judgement = behind(barrier, place, channel, assistant);
    if (judgement !== undefined && isWider(narrowest.verdict, judgement.verdict)) narrowest = judgement;
  }
  return narrowest;
}

/** Without any barrier. */
function open(place: Place, id: ChannelId, channel: Channel, assistant: Assistant): Judgement {
  const { text, sources } = channel;
  if (channel.barriers === 'unknown') return { verdict: 'unknown', text, sources: sourcesOr(sources) };
  if (isOutside(place.path) && (id === 'read' || id === 'search' || id === 'mention')) {
    const outside = assistant.channels.read.outside ?? 'unknown';
    const verdict = outside === 'prompt' ? 'reachable' : outside;
    return {
      verdict,
      text: `It lies outside of the workspace: ${OUTSIDE[outside]}.`,
      sources: outside === 'unknown' ? ['inference'] : sourcesOr(assistant.channels.read.sources),
    };
  }
  // What happens to an ignored .env may be told where nothing is told of .gitignore, and the other way round.
  const isUnknown =
    place.standing === 'ignored' &&
    (channel.gitignore === 'unknown'
      ? channel.dotenv !== 'visible'
      : channel.gitignore === 'no' && channel.dotenv === 'unknown' && ENV_FILE.test(place.path));
  // Where the asking is no mechanism of its own.
  const isAsked =
    id === 'shell' &&
    channel.dotenv === 'prompt' &&
    !Object.keys(channel.barriers).some((one) => assistant.mechanisms[one]?.kind === 'prompt');
  return { verdict: isUnknown ? 'unknown' : isAsked ? 'reachable' : 'visible', text, sources: sourcesOr(sources) };
}

const ENV_FILE = /(?:^|\/)\.env[^/]*$/;

const OUTSIDE = {
  visible: 'it reads there as well',
  prompt: 'the user is asked',
  blocked: 'it does not read there',
  unknown: 'whether it reads there is not known',
} as const;

/** What one barrier leaves of a place; nothing where it says nothing. */
function behind(barrier: Barrier, place: Place, channel: Channel, assistant: Assistant): Judgement | undefined {
  const decision = barrier.decide({ path: place.path });
  if (decision === undefined || decision.effect === 'allow') return undefined;
  const told = tellOf(barrier, decision);
  const sources = sourcesOr([
    ...new Set([...barrier.mechanisms.flatMap((one) => assistant.mechanisms[one]?.sources ?? []), ...channel.sources]),
  ]);
  if (barrier.state === 'unknown' || barrier.hardness === 'unknown') {
    return { verdict: 'unknown', ...told, text: `Not known whether it holds here: ${told.text}`, sources };
  }
  const isHard = decision.effect === 'deny' && barrier.hardness === 'hard';
  if (isHard) return { verdict: 'blocked', ...told, sources };
  return {
    verdict: 'reachable',
    ...told,
    text: told.text === channel.text ? told.text : `${told.text} ${channel.text}`,
    sources,
  };
}

function tellOf(barrier: Barrier, { file, line, pattern }: BarrierDecision): Pick<Judgement, 'text' | 'at'> {
  return {
    text: barrier.text,
    at: { file, ...(line !== undefined && { line }), pattern },
  };
}

function sourcesOr(sources: readonly string[]): readonly string[] {
  return sources.length === 0 ? ['inference'] : sources;
}
