import { button, counted, el, svg, table, type Child } from './dom.ts';
import { tag, verdictTag } from './marks.ts';
import type { Model } from './model.ts';

type Privilege = Model['data']['assistants'][number]['privileges'][number];

/** A privilege, and how many of the secrets that are shown it holds. */
interface Share {
  readonly privilege: Privilege;
  readonly count: number;
}

/** Height of a strip, the narrowest part of one that is written on, and about the width of a character there; in rem. */
const HEIGHT = 2.1;
const WRITTEN_FROM = 2.75;
const CHARACTER = 0.46;

/** Pixels: how wide a strip may be, and how much a rem is. */
export interface Room {
  readonly width: number;
  readonly rem: number;
}

function sharesOf(model: Model, assistant: number, shown: ReadonlySet<number>): Share[] {
  return model
    .assistant(assistant)
    .privileges.map((privilege) => ({ privilege, count: privilege.secrets.filter((one) => shown.has(one)).length }))
    .filter(({ count }) => count > 0);
}

/**
 * For each assistant one strip, all on one scale: a part for each privilege, as wide as it has secrets, darker the
 * worse they are, hatched where they belong to a test. Beside it, on demand, the same as a table.
 */
export function privilegeRows(
  model: Model,
  assistants: readonly number[],
  shown: ReadonlySet<number>,
  room: Room,
  open: (secret: number, assistant: number) => void,
): HTMLElement[] {
  const all = assistants.map((assistant) => ({ assistant, shares: sharesOf(model, assistant, shown) }));
  const isMixed = assistants.some((assistant) => !model.assistant(assistant).inUse);
  const most = Math.max(1, ...all.map(({ shares }) => sum(shares)));
  return all
    .toSorted((a, b) => sum(b.shares) - sum(a.shares))
    .map(({ assistant, shares }) => {
      const { name, inUse } = model.assistant(assistant);
      const total = sum(shares);
      const told =
        total === 0
          ? 'nothing of what is shown is open to it'
          : `${counted(total, 'secret')}, ${counted(new Set(shares.map(({ privilege }) => privilege.provider)).size, 'provider')}`;
      const details = el('details', { class: 'privileges' });
      details.append(
        el(
          'summary',
          {},
          el(
            'span',
            { class: 'who' },
            el('strong', {}, name),
            isMixed && inUse && tag('in use', 'good'),
            el('small', {}, told),
          ),
          strip(name, shares, most, room),
        ),
      );
      // Many tables that nobody asks for would cost.
      details.addEventListener('toggle', () => {
        if (!details.open || details.childElementCount > 1) return;
        details.append(total === 0 ? el('p', { class: 'quiet' }, told) : privilegeTable(model, assistant, shown, open));
      });
      return details;
    });
}

function sum(shares: readonly Share[]): number {
  return shares.reduce((total, { count }) => total + count, 0);
}

function strip(name: string, shares: readonly Share[], most: number, { width: whole, rem }: Room): SVGElement {
  const unit = whole / most;
  const height = HEIGHT * rem;
  let x = 0;
  const same = sameTogether(shares);
  const parts = same.map(({ privilege, count, grants }) => {
    const { provider, severity, stage } = privilege;
    const width = count * unit;
    const gap = width > 4 ? 1.5 : 0;
    const written = Math.floor((width - 12) / (CHARACTER * rem));
    const fits = provider.length <= written ? provider : `${provider.slice(0, Math.max(0, written - 1))}…`;
    const part = svg(
      'g',
      { class: `part ${severity} ${stage}`, transform: `translate(${x.toFixed(2)} 0)` },
      svg(
        'title',
        {},
        `${provider}: ${counted(count, 'secret')}, ${severity}, ${stageText(stage)}; ${grants.join(', ')}`,
      ),
      svg('rect', { class: 'fill', width: Math.max(0.5, width - gap).toFixed(2), height, rx: 3 }),
      stage === 'test' &&
        svg('rect', { width: Math.max(0.5, width - gap).toFixed(2), height, rx: 3, fill: 'url(#hatch)' }),
      width >= WRITTEN_FROM * rem && svg('text', { x: 6, y: (height / 2 + 0.28 * rem).toFixed(1) }, fits),
    );
    x += width;
    return part;
  });
  const label = `${name}: ${same.map(({ privilege, count }) => `${privilege.provider} ${count}`).join(', ') || 'nothing'}`;
  return svg(
    'svg',
    { class: 'strip', viewBox: `0 0 ${whole} ${height}`, width: whole, height, role: 'img', 'aria-label': label },
    ...parts,
  );
}

/** Whoever they belong to: what looks the same in a strip is one part of it. */
function sameTogether(shares: readonly Share[]): (Share & { readonly grants: readonly string[] })[] {
  const groups = new Map<string, Share & { readonly grants: readonly string[] }>();
  for (const { privilege, count } of shares) {
    const key = JSON.stringify([privilege.severity, privilege.provider, privilege.stage]);
    const before = groups.get(key) ?? { privilege, count: 0, grants: [] };
    const grants = [...new Set([...before.grants, ...privilege.grants])];
    groups.set(key, { privilege, count: before.count + count, grants });
  }
  return [...groups.values()];
}

/** The pattern of what belongs to a test; once in the page. */
export function hatching(): SVGElement {
  return svg(
    'svg',
    { width: 0, height: 0, 'aria-hidden': 'true', class: 'hatching' },
    svg(
      'defs',
      {},
      svg(
        'pattern',
        { id: 'hatch', width: 7, height: 7, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
        svg('rect', { width: 2.2, height: 7 }),
      ),
    ),
  );
}

function stageText(stage: Privilege['stage']): string {
  return stage === 'unknown' ? 'stage unknown' : stage;
}

/** The same where there is little room. */
export function privilegeList(
  model: Model,
  assistant: number,
  open: (secret: number, assistant: number) => void,
): HTMLElement {
  const items = model
    .assistant(assistant)
    .privileges.map(({ provider, holder, grants, stage, severity, verdict, secrets, places }) =>
      el(
        'li',
        {},
        el(
          'p',
          {},
          button({ class: 'plain' }, () => open(secrets[0] ?? -1, assistant), provider),
          tag(severity, severity),
          verdictTag(verdict),
        ),
        el('p', {}, grants.join(', ')),
        el(
          'p',
          {},
          [holder, stageText(stage), counted(secrets.length, 'secret'), counted(places, 'place')]
            .filter((text) => text !== undefined)
            .join(' · '),
        ),
      ),
    );
  return el('ul', { class: 'powers' }, ...items);
}

function privilegeTable(
  model: Model,
  assistant: number,
  shown: ReadonlySet<number>,
  open: (secret: number, assistant: number) => void,
): HTMLElement {
  const rows = sharesOf(model, assistant, shown).map(({ privilege, count }): Child[] => {
    const { provider, holder, grants, stage, lifetime, severity, verdict, places, secrets } = privilege;
    const [first = -1] = secrets.filter((one) => shown.has(one));
    return [
      button({ class: 'plain' }, () => open(first, assistant), provider),
      holder ?? '',
      grants.join(', '),
      tag(severity, severity),
      stageText(stage),
      lifetime === 'unknown' ? 'unknown' : `${lifetime}-lived`,
      verdictTag(verdict),
      String(count),
      String(places),
    ];
  });
  const { name } = model.assistant(assistant);
  const head = ['provider', 'whose', 'what it grants', 'severity', 'stage', 'lifetime', 'verdict', 'secrets', 'places'];
  return table(`Privileges of ${name}`, head, rows);
}
