import { button, counted, el } from './dom.ts';
import { mark, verdictName } from './marks.ts';
import type { Model } from './model.ts';
import { isFiltered, unfiltered, type State } from './state.ts';

export interface Controls {
  readonly element: HTMLElement;
  readonly search: HTMLInputElement;
  /** Shows what a state says. */
  show(state: State, rows: readonly number[]): void;
}

type Change = (change: Partial<State>) => void;

const SORTS: readonly (readonly [id: string, text: string])[] = [
  ['', 'worst first'],
  ['open', 'most open first'],
  ['places', 'most places first'],
  ['provider', 'by provider'],
  ['title', 'by name'],
  ['path', 'by path'],
];

/** Search, filters, order and the legend, which filters by verdict. */
export function controls(model: Model, change: Change): Controls {
  const { data } = model;
  const search = el('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Search names, paths, providers…',
    'aria-label': 'Search secrets',
    'aria-keyshortcuts': '/',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  search.addEventListener('input', () => change({ q: search.value }));
  const selects = [
    select(
      'assistant',
      'Assistant',
      data.assistants.map(({ id, name }) => [id, name]),
      change,
    ),
    select(
      'channel',
      'Channel',
      data.channels.map(({ id }) => [id, id]),
      change,
    ),
    select('provider', 'Provider', named(data.secrets.map(({ power }) => power.provider).sort()), change),
    select('severity', 'Severity', named(data.severities), change),
    select(
      'standing',
      'Standing',
      data.standings.map(({ id }) => [id, id]),
      change,
    ),
    select('stage', 'Stage', named(['production', 'test', 'unknown']), change),
  ];
  const { changes } = data;
  if (changes !== undefined) selects.push(select('changed', `Since ${changes.since}`, [['yes', 'newly open']], change));
  const order = select('sort', 'Order', SORTS, change);
  const chips = data.verdicts.map(({ id, text }) => {
    const count = el('span', { class: 'count' });
    const chip = button(
      { class: `chip verdict-chip`, 'aria-pressed': 'false', title: text },
      () => {
        const now = new Set(chosen);
        if (!now.delete(id)) now.add(id);
        change({
          verdict: data.verdicts
            .map((one) => one.id)
            .filter((one) => now.has(one))
            .join(','),
        });
      },
      mark(id),
      el('span', {}, verdictName(id)),
      count,
    );
    return { id, chip, count };
  });
  let chosen = new Set<string>();
  const others = model.all.length - model.inUse.length;
  const all = button(
    { class: 'switch', role: 'switch', 'aria-checked': 'false' },
    () => change({ all: all.getAttribute('aria-checked') === 'true' ? '' : 'yes' }),
    el('span', { class: 'track', 'aria-hidden': 'true' }),
    `Show the ${others} not in use`,
  );
  const reset = button({ class: 'plain' }, () => change(unfiltered()), 'Clear filters');
  // Where there is little room they are put away at first.
  const filters = el('div', { class: 'filters' });
  const more = button(
    { class: 'plain more-filters', 'aria-expanded': 'false' },
    () => more.setAttribute('aria-expanded', String(filters.classList.toggle('all'))),
    'Filters',
  );
  filters.append(el('div', { class: 'search' }, search, el('kbd', { 'aria-hidden': 'true' }, '/')), more);
  filters.append(...selects.map((one) => one.element));
  const told = el('p', { class: 'told', role: 'status' });
  const element = el(
    'div',
    { class: 'controls', role: 'search', 'aria-label': 'Filters' },
    filters,
    el(
      'div',
      { class: 'legend', role: 'group', 'aria-label': 'Verdicts: what the signs mean, and filter' },
      ...chips.map(({ chip }) => chip),
      model.inUse.length > 0 && others > 0 && all,
    ),
    el('div', { class: 'result' }, told, reset, order.element),
  );
  return {
    element,
    search,
    show(state, rows) {
      if (search.value !== state.q) search.value = state.q;
      for (const one of [...selects, order]) one.show(state);
      chosen = new Set(state.verdict.split(',').filter(Boolean));
      const columns = model.columns(state);
      const channel = model.channelOf(state.channel);
      const counts = data.verdicts.map(() => 0);
      for (const row of rows) {
        for (const column of columns) {
          const verdict = model.verdict(row, column, channel);
          counts[verdict] = (counts[verdict] ?? 0) + 1;
        }
      }
      for (const [index, { id, chip, count }] of chips.entries()) {
        chip.setAttribute('aria-pressed', String(chosen.has(id)));
        count.textContent = (counts[index] ?? 0).toLocaleString('en');
      }
      all.setAttribute('aria-checked', String(state.all !== ''));
      all.hidden = state.assistant !== '';
      const [total, shown] = [data.secrets.length, rows.length];
      const part = shown === total ? '' : `${shown.toLocaleString('en')} of `;
      const how = channel === -1 ? 'the widest channel of each' : `the channel ${state.channel} alone`;
      told.textContent = `${part}${counted(total, 'secret')} × ${counted(columns.length, 'assistant')}, ${how}`;
      reset.hidden = !isFiltered(state);
    },
  };
}

function select(
  key: keyof State,
  name: string,
  options: readonly (readonly [id: string, text: string])[],
  change: Change,
): { readonly element: HTMLElement; show(state: State): void } {
  const list = el(
    'select',
    { id: `by-${key}` },
    key !== 'sort' && el('option', { value: '' }, 'any'),
    ...options.map(([value, text]) => el('option', { value }, text)),
  );
  list.addEventListener('change', () => change({ [key]: list.value }));
  const element = el('label', { class: 'select', for: `by-${key}` }, el('span', {}, name), list);
  return {
    element,
    show(state) {
      list.value = state[key];
      // What an address names and the map does not have.
      if (list.selectedIndex === -1) list.value = '';
      element.classList.toggle('set', key !== 'sort' && list.value !== '');
    },
  };
}

/** Options that are called what they are. */
function named(ids: Iterable<string>): [id: string, text: string][] {
  return [...new Set(ids)].map((id) => [id, id]);
}
