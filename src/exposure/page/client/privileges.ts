import { button, counted, el, svg, table, type Child } from './dom.ts';
import { tag, verdictTag } from './marks.ts';
import type { Model } from './model.ts';

type Privilege = Model['data']['assistants'][number]['privileges'][number];

/** A privilege, and how many of the secrets that are shown it holds. */
interface Share {
  readonly privilege: Privilege;
  readonly count: number;
}

/** Height of a strip, and the narrowest part of one that is written on, in pixels. */
const HEIGHT = 34;
const WRITTEN_FROM = 44;
/** About as wide as a character of the writing on it. */
const CHARACTER = 7;

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
  room: number,
  open: (secret: number, assistant: number) => void,
): HTMLElement[] {
  const all = assistants.map((assistant) => ({ assistant, shares: sharesOf(model, assistant, shown) }));
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
          el('span', { class: 'who' }, el('strong', {}, name), inUse && tag('in use', 'good'), el('small', {}, told)),
          strip(name, shares, most, room),
        ),
      );
      // Many tables that nobody asks for would cost.
      details.addEventListener('toggle', () => {
        if (!details.open || details.childElementCount > 1) return;
        details.append(
          total === 0 ? el('p', { class: 'quiet' }, told) : privilegeTable(model, assistant, shown, open),
        );
      });
      return details;
    });
}

function sum(shares: readonly Share[]): number {
  return shares.reduce((total, { count }) => total + count, 0);
}

function strip(name: string, shares: readonly Share[], most: number, room: number): SVGElement {
  const unit = room / most;
  let x = 0;
  const parts = shares.map(({ privilege, count }) => {
    const { provider, severity, stage } = privilege;
    const width = count * unit;
    const gap = width > 4 ? 1.5 : 0;
    const written = Math.floor((width - 12) / CHARACTER);
    const fits = provider.length <= written ? provider : `${provider.slice(0, Math.max(0, written - 1))}…`;
    const part = svg(
      'g',
      { class: `part ${severity} ${stage}`, transform: `translate(${x.toFixed(2)} 0)` },
      svg('title', {}, `${provider}: ${counted(count, 'secret')}, ${severity}, ${stageText(stage)}; ${privilege.grants.join(', ')}`),
      svg('rect', { class: 'fill', width: Math.max(0.5, width - gap).toFixed(2), height: HEIGHT, rx: 3 }),
      stage === 'test' && svg('rect', { width: Math.max(0.5, width - gap).toFixed(2), height: HEIGHT, rx: 3, fill: 'url(#hatch)' }),
      width >= WRITTEN_FROM && svg('text', { x: 6, y: HEIGHT / 2 + 4.5 }, fits),
    );
    x += width;
    return part;
  });
  const label = `${name}: ${shares.map(({ privilege, count }) => `${privilege.provider} ${count}`).join(', ') || 'nothing'}`;
  return svg(
    'svg',
    { class: 'strip', viewBox: `0 0 ${room} ${HEIGHT}`, width: room, height: HEIGHT, role: 'img', 'aria-label': label },
    ...parts,
  );
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

export function privilegeTable(
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
