import type { PageData } from '../page-data.ts';
import { controls } from './controls.ts';
import { button, el } from './dom.ts';
import { Grid } from './grid.ts';
import { Model } from './model.ts';
import { panelOf } from './panel.ts';
import { paperTable } from './paper.ts';
import { hatching, privilegeRows } from './privileges.ts';
import { coverage, headline, problemList } from './sections.ts';
import { EMPTY, fromHash, toHash, type State } from './state.ts';

/** The page of an exposure map: one state, shown anew where it changes. */
const model = new Model(JSON.parse(document.querySelector('#data')?.textContent ?? '') as PageData);
let state = fromHash(location.hash);
let rows: readonly number[] = [];

const grid = new Grid(model, (secret, assistant) => open(secret, assistant));
const bar = controls(model, change);
const none = el(
  'p',
  { class: 'empty' },
  'No secret is like that. ',
  button({ class: 'plain' }, clear, 'Clear filters'),
);
const pictures = el('div', { class: 'pictures' });
const panel = el('aside', { class: 'panel', 'aria-label': 'Details', hidden: '' });
const paper = el('div', { class: 'paper' });
const theme = button({ class: 'plain theme' }, nextTheme);

const matrix = el(
  'section',
  { id: 'matrix', 'aria-labelledby': 'matrix-title' },
  el('h2', { id: 'matrix-title' }, 'Secrets by assistants'),
  bar.element,
  grid.element,
  none,
  el(
    'p',
    { class: 'keys quiet' },
    el('kbd', {}, '↑'),
    el('kbd', {}, '↓'),
    el('kbd', {}, '←'),
    el('kbd', {}, '→'),
    ' move, ',
    el('kbd', {}, 'Enter'),
    ' opens, ',
    el('kbd', {}, 'Esc'),
    ' closes, ',
    el('kbd', {}, '/'),
    ' searches',
  ),
);
const sets = el(
  'section',
  { id: 'privileges', 'aria-labelledby': 'privileges-title' },
  el('h2', { id: 'privileges-title' }, 'What each assistant could do'),
  el(
    'p',
    { class: 'key quiet' },
    'As wide as there are secrets, one scale for all: ',
    ...model.data.severities.map((id) => el('span', { class: `swatch ${id}` }, id)),
    el('span', { class: 'swatch hatched' }, 'test'),
  ),
  hatching(),
  pictures,
);

const hasSecrets = model.data.secrets.length > 0;
document.body.append(
  el('a', { class: 'skip', href: '#matrix', 'data-jump': 'matrix' }, 'Skip to the matrix'),
  el(
    'main',
    {},
    theme,
    headline(model),
    ...(hasSecrets ? [matrix] : []),
    ...(hasSecrets && model.all.length > 0 ? [sets] : []),
    problemList(model),
    coverage(model),
  ),
  panel,
  paper,
);

function change(to: Partial<State>): void {
  const before = state;
  state = { ...state, ...to };
  show(before);
  keepAddress();
}

function clear(): void {
  const { theme: kept, sort, all } = state;
  change({ ...EMPTY, theme: kept, sort, all });
  bar.search.focus();
}

let waiting: ReturnType<typeof setTimeout> | undefined;

/** Browsers count how often an address is set. */
function keepAddress(): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => history.replaceState(null, '', toHash(state)), 100);
}

/** Ids of what the panel tells of; -1 for neither. */
function open(secret: number, assistant: number): void {
  const to = {
    secret: secret === -1 ? '' : model.secret(secret).id,
    by: assistant === -1 ? '' : model.assistant(assistant).id,
  };
  inPlace(() => change(to));
  panel.querySelector('h2')?.focus();
}

function close(): void {
  if (panel.hidden) return;
  inPlace(() => change({ secret: '', by: '' }));
  grid.focus();
}

/** The panel takes room, and what stands above the matrix grows: what was looked at stays where it is. */
function inPlace(act: () => void): void {
  const before = grid.element.getBoundingClientRect().top;
  act();
  window.scrollBy({ top: grid.element.getBoundingClientRect().top - before, behavior: 'instant' });
}

function show(before: State | undefined): void {
  document.documentElement.dataset['theme'] = state.theme;
  theme.textContent = `Theme: ${state.theme === '' ? 'system' : state.theme}`;
  if (hasSecrets) showMatrix();
  if (before === undefined || before.secret !== state.secret || before.by !== state.by) showPanel();
}

function showMatrix(): void {
  rows = model.rows(state);
  const [secret, by] = [model.secretOf(state.secret), model.assistantOf(state.by)];
  const columns = model.columns(state);
  bar.show(state, rows);
  // It measures the room that it has, and has none while it is hidden.
  grid.element.hidden = rows.length === 0;
  none.hidden = rows.length > 0;
  grid.show({ rows, columns, channel: model.channelOf(state.channel), verdicts: model.verdicts(state), secret, by });
  askForPictures();
}

let drawn = '';
let isAsked = false;

/** After the matrix has been painted: they stand below it. */
function askForPictures(): void {
  if (isAsked) return;
  isAsked = true;
  setTimeout(() => {
    isAsked = false;
    showPictures();
  });
}

function showPictures(): void {
  const columns = model.columns(state);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  // As `page.css` has it: the names stand beside the strips, or above them.
  const isBeside = matchMedia('(min-width: 761px)').matches;
  const width = Math.floor(pictures.clientWidth - (isBeside ? 17.75 * rem : 2));
  if (width <= 0) return;
  const now = JSON.stringify([rows, columns, width, rem]);
  if (now === drawn) return;
  drawn = now;
  pictures.replaceChildren(...privilegeRows(model, columns, new Set(rows), { width, rem }, open));
}

function showPanel(): void {
  const told = panelOf(model, model.secretOf(state.secret), model.assistantOf(state.by), open);
  panel.hidden = told === undefined;
  document.body.classList.toggle('has-panel', told !== undefined);
  if (told === undefined) return panel.replaceChildren();
  panel.replaceChildren(
    el(
      'div',
      { class: 'panel-head' },
      el('div', {}, el('p', { class: 'kind' }, told.kind), el('h2', { tabindex: -1 }, told.title)),
      button({ class: 'close', 'aria-label': 'Close' }, close, '×'),
    ),
    ...told.content.filter((child) => child !== undefined && child !== false),
  );
  panel.scrollTop = 0;
}

function nextTheme(): void {
  const order = ['', 'light', 'dark'];
  change({ theme: order[(order.indexOf(state.theme) + 1) % order.length] ?? '' });
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') {
    close();
  } else if (
    event.key === '/' &&
    !(event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement)
  ) {
    event.preventDefault();
    bar.search.focus();
    bar.search.select();
  }
});

// The address keeps the state, so a jump inside the page may not set it.
document.addEventListener('click', (event) => {
  const jump = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-jump]') : null;
  if (jump === null) return;
  event.preventDefault();
  const target = document.getElementById(jump.dataset['jump'] ?? '');
  target?.scrollIntoView();
  target?.querySelector<HTMLElement>('[tabindex="0"], [tabindex="-1"], input')?.focus({ preventScroll: true });
});

window.addEventListener('hashchange', () => {
  const before = state;
  state = fromHash(location.hash);
  show(before);
});

// What is printed is a table of all rows, made when it is needed.
const print = matchMedia('print');
function forPaper(): void {
  if (print.matches)
    paper.replaceChildren(
      ...(hasSecrets ? [paperTable(model, rows, model.columns(state), model.channelOf(state.channel))] : []),
    );
  else paper.replaceChildren();
}
print.addEventListener('change', forPaper);
window.addEventListener('beforeprint', () =>
  paper.replaceChildren(
    ...(hasSecrets ? [paperTable(model, rows, model.columns(state), model.channelOf(state.channel))] : []),
  ),
);
window.addEventListener('afterprint', () => paper.replaceChildren());

show(undefined);
new ResizeObserver(() => hasSecrets && showPictures()).observe(pictures);
