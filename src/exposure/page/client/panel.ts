import type { PageData, PageReason } from '../page-data.ts';
import { button, counted, el, link, type Child } from './dom.ts';
import { channelName, mark, tag, verdictName, verdictTag } from './marks.ts';
import { must, placeText, type ChannelView, type Model, type Secret } from './model.ts';
import { privilegeList } from './privileges.ts';

/** What the panel shows: its heading, and what stands below it. */
export interface Panel {
  readonly title: string;
  readonly kind: string;
  readonly content: readonly Child[];
}

/** Opens another; -1: the secret, or the assistant, as such. */
type Open = (secret: number, assistant: number) => void;

/** What is to be told of a secret, an assistant or both; -1 for what is not meant. */
export function panelOf(model: Model, secret: number, assistant: number, open: Open): Panel | undefined {
  if (secret === -1) return assistant === -1 ? undefined : ofAssistant(model, assistant, open);
  return assistant === -1 ? ofSecret(model, secret, open) : ofCell(model, secret, assistant, open);
}

function ofCell(model: Model, index: number, assistant: number, open: Open): Panel {
  const secret = model.secret(index);
  const { name, verifiedAt, isOld } = model.assistant(assistant);
  const { verdict, channel, isClosable } = model.cell(index, assistant);
  const { id, text } = must(model.data.verdicts[verdict]);
  const change = model.change(index, assistant);
  const views = model.channels(index, assistant);
  const none = model.data.verdicts.length - 1;
  const applying = views.filter((view) => view.verdict !== none);
  const others = views.filter((view) => view.verdict === none);
  // The one that opens it, then the wider before the narrower.
  applying.sort((a, b) => Number(b.channel === channel) - Number(a.channel === channel) || a.verdict - b.verdict);
  const by = model.isOpen(verdict) ? model.data.channels[channel] : undefined;
  return {
    title: secret.title,
    kind: `Secret and assistant`,
    content: [
      masked(secret),
      el(
        'p',
        { class: `answer ${id}` },
        mark(id),
        el(
          'span',
          {},
          el('strong', {}, `${name}: ${verdictName(id)}`),
          by === undefined ? '' : ` by ${channelName(by.id, false)}`,
          el('small', {}, text),
        ),
      ),
      change !== undefined &&
        el(
          'p',
          { class: 'note new' },
          'New since ',
          el('code', {}, model.data.changes?.since ?? ''),
          change.was === undefined ? '.' : `; it was ${verdictName(change.was)}.`,
        ),
      isClosable &&
        el('p', { class: 'note' }, `A setting that ${name} has would close it: `, el('code', {}, 'keepmum map --fix')),
      el('h3', {}, 'By channel'),
      el('ul', { class: 'channels' }, ...applying.map((view) => channelItem(model, secret, view))),
      others.length > 0 &&
        el(
          'details',
          {},
          el(
            'summary',
            {},
            `${counted(others.length, 'channel')} that ${others.length === 1 ? 'does' : 'do'} not apply`,
          ),
          el('ul', { class: 'channels' }, ...others.map((view) => channelItem(model, secret, view))),
        ),
      el('p', { class: 'quiet' }, `What is known of ${name} was verified ${verifiedAt}. `, isOld && tag('old', 'warn')),
      ...about(secret, model),
      el(
        'p',
        { class: 'actions' },
        button({ class: 'plain' }, () => open(index, -1), 'This secret, all assistants'),
        button({ class: 'plain' }, () => open(-1, assistant), `All about ${name}`),
      ),
    ],
  };
}

function channelItem(model: Model, secret: Secret, { channel, verdict, reason, place }: ChannelView): HTMLElement {
  const { id, text } = must(model.data.channels[channel]);
  const why = model.data.reasons[reason];
  const at = secret.places.length > 1 ? secret.places[place] : undefined;
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'channel' },
      el('strong', {}, id),
      verdictTag(must(model.data.verdicts[verdict]).id),
      el('small', {}, text),
    ),
    ...(why === undefined ? [] : [el('p', {}, why.text), decided(why)]),
    at !== undefined && el('p', { class: 'quiet' }, 'For ', el('code', {}, placeText(at))),
    why !== undefined && sourceList(model.data, why.sources),
  );
}

/** The setting that decided. */
function decided({ at }: PageReason): Child {
  if (at === undefined) return undefined;
  const where = at.line === undefined ? at.file : `${at.file}:${at.line}`;
  return el(
    'p',
    { class: 'decided' },
    'Decided by ',
    el('code', {}, where),
    ...(at.pattern === undefined ? [] : [' ', el('code', { class: 'pattern' }, at.pattern)]),
  );
}

const OWN_WORD: Readonly<Record<string, string>> = {
  inference: 'our own conclusion',
  unchecked: 'common knowledge, not checked',
};

export function sourceList(data: PageData, sources: readonly number[]): Child {
  if (sources.length === 0) return undefined;
  return el(
    'ul',
    { class: 'sources', 'aria-label': 'Sources' },
    ...sources.map((index) => {
      const { id, url, date, isOld } = must(data.sources[index]);
      return el(
        'li',
        {},
        url === undefined ? el('span', {}, OWN_WORD[id] ?? id) : link(url, shortUrl(url)),
        date === undefined ? '' : ` ${date}`,
        isOld === true && tag('old', 'warn'),
      );
    }),
  );
}

function shortUrl(url: string): string {
  return url.replace(/^https?:\/\/(?:www\.)?/, '').replace(/\/$/, '');
}

function ofSecret(model: Model, index: number, open: Open): Panel {
  const secret = model.secret(index);
  const byVerdict = model.data.verdicts.map(({ id }, verdict) => ({
    id,
    assistants: model.all.filter((assistant) => model.verdict(index, assistant) === verdict),
  }));
  return {
    title: secret.title,
    kind: 'Secret',
    content: [
      masked(secret),
      ...about(secret, model),
      el('h3', {}, 'By assistant'),
      ...byVerdict
        .filter(({ assistants }) => assistants.length > 0)
        .map(({ id, assistants }) =>
          el(
            'div',
            { class: 'by-verdict' },
            verdictTag(id),
            el(
              'ul',
              { class: 'chips' },
              ...assistants.map((assistant) => {
                const { name, inUse } = model.assistant(assistant);
                const act = (): void => open(index, assistant);
                return el('li', {}, button({ class: inUse ? 'chip in-use' : 'chip' }, act, name));
              }),
            ),
          ),
        ),
    ],
  };
}

function ofAssistant(model: Model, index: number, open: Open): Panel {
  const assistant = model.assistant(index);
  const { vendor, inUse, marks, verifiedAt, isOld, settings, privileges } = assistant;
  const problems = model.data.problems.filter((problem) => problem.assistant === assistant.id);
  const counts = model.data.verdicts.map(({ id }, verdict) => ({
    id,
    count: model.data.secrets.filter((_, secret) => model.verdict(secret, index) === verdict).length,
  }));
  return {
    title: assistant.name,
    kind: `Assistant by ${vendor}`,
    content: [
      el(
        'p',
        {},
        inUse ? tag('in use', 'good') : tag('no marks here'),
        ' ',
        inUse && marks.length > 0 ? 'It left marks: ' : '',
        ...list(marks),
      ),
      el(
        'ul',
        { class: 'counts' },
        ...counts.map(({ id, count }) => el('li', {}, verdictTag(id), el('strong', {}, count.toLocaleString('en')))),
      ),
      el('h3', {}, 'Settings that were read'),
      settings.length === 0
        ? el('p', { class: 'quiet' }, 'None: what holds without any settings counts.')
        : el(
            'ul',
            { class: 'plain-list' },
            ...settings.map(({ file, line }) =>
              el('li', {}, el('code', {}, line === undefined ? file : `${file}:${line}`)),
            ),
          ),
      problems.length > 0 && el('h3', {}, 'Problems'),
      problems.length > 0 &&
        el(
          'ul',
          { class: 'plain-list' },
          ...problems.map(({ file, text }) => el('li', {}, el('code', {}, file), ` ${text}`)),
        ),
      el('h3', {}, 'Privileges'),
      privileges.length === 0
        ? el('p', { class: 'quiet' }, 'None of the secrets is open to it.')
        : privilegeList(model, index, open),
      el('p', { class: 'quiet' }, `What is known of it was verified ${verifiedAt}. `, isOld && tag('old', 'warn')),
    ],
  };
}

function masked({ preview, severity, confidence, rule }: Secret): HTMLElement {
  return el(
    'p',
    { class: 'masked' },
    el('code', {}, preview),
    ' ',
    tag(severity, severity),
    ' ',
    tag(confidence),
    el('small', {}, rule),
  );
}

/** What a secret is, where it stands and what to do. */
function about(secret: Secret, model: Model): Child[] {
  const { power, identity, places, advice, rotate, suppressedBy, id } = secret;
  const facts: [string, string | undefined][] = [
    ['Provider', power.provider],
    ['Whose', power.holder],
    ['Grants', power.grants],
    ['Kind', `${identity.class}, ${identity.type}`],
    ['Stage', power.stage],
    ['Lifetime', power.lifetime === 'unknown' ? 'unknown' : `${power.lifetime}-lived`],
    ['Expires', power.expires],
    ['Fingerprint', id],
    ['Does not count', suppressedBy && [suppressedBy.where, suppressedBy.reason].filter(Boolean).join(': ')],
  ];
  return [
    el('h3', {}, places.length === 1 ? 'Place' : `${places.length} places`),
    el(
      'ul',
      { class: 'places' },
      ...places.map((place) =>
        el(
          'li',
          {},
          el('code', {}, placeText(place)),
          ' ',
          el(
            'span',
            { title: model.data.standings.find((one) => one.id === place.standing)?.text },
            tag(place.standing),
          ),
          place.commit !== undefined && el('small', {}, ` commit ${place.commit.slice(0, 10)}`),
          place.isInHistory && place.commit === undefined && el('small', {}, ' also in the history'),
          place.own && el('small', {}, ` of ${place.own.assistant}: ${place.own.holds}`),
        ),
      ),
    ),
    el('h3', {}, 'What it grants'),
    el(
      'dl',
      {},
      ...facts.flatMap(([name, text]) => (text === undefined ? [] : [el('dt', {}, name), el('dd', {}, text)])),
    ),
    el('h3', {}, 'What to do'),
    el('p', {}, advice),
    rotate !== undefined && el('p', {}, link(rotate, 'Where to rotate it')),
  ];
}

function list(items: readonly string[]): Child[] {
  return items.flatMap((item, index) => [index > 0 && ', ', el('code', {}, item)]);
}
