import { el } from './dom.ts';
import { channelName, mark, tag, verdictName } from './marks.ts';
import { must, placeText, shortPlace, type Model } from './model.ts';

/** What the grid shows. Secrets and assistants are their indexes. */
export interface GridView {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** -1: the widest of all. */
  readonly channel: number;
  /** Verdicts that were asked for; the others step back. Empty: all. */
  readonly verdicts: ReadonlySet<number>;
  /** What the panel tells of, -1: nothing. */
  readonly secret: number;
  readonly by: number;
}

/** In rem; with little room, titles take two lines. */
const ROW = 3.25;
const SMALL_ROW = 4.4;
const LITTLE_ROOM = 40;
const WIDE_HEAD = 4;
const TALL_HEAD = 9;
const NARROWEST = 2.9;
const WIDEST = 10;
/** From this width on, names of assistants and channels are written in full. */
const IN_FULL = 5.8;
const FIRST_AT_LEAST = 9.5;

/** Rows beyond those in sight that are there already. */
const AHEAD = 5;

/** Row -1 is the head, column -1 the secrets. */
interface Position {
  readonly row: number;
  readonly column: number;
}

/**
 * The matrix, a grid as https://www.w3.org/WAI/ARIA/apg/patterns/grid/ has it: one stop for Tab, arrows inside.
 * Only rows in sight are elements.
 */
export class Grid {
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #open: (secret: number, assistant: number) => void;
  readonly #head: HTMLElement = el('div', { class: 'head', role: 'row', 'aria-rowindex': 1 });
  readonly #body: HTMLElement = el('div', { class: 'rows', role: 'rowgroup' });
  readonly #made = new Map<number, HTMLElement>();
  #view: GridView = { rows: [], columns: [], channel: -1, verdicts: new Set(), secret: -1, by: -1 };
  #active: Position = { row: -1, column: -1 };
  #isNarrow = false;
  #isSmall = false;
  #row = 1;
  #top = 0;
  #isAsked = false;

  /** @param open is called with -1 for what was not meant: the cell's row or its column. */
  constructor(model: Model, open: (secret: number, assistant: number) => void) {
    this.#model = model;
    this.#open = open;
    this.element = el(
      'div',
      { class: 'grid', role: 'grid', 'aria-label': 'Secrets by assistants' },
      el('div', { class: 'heads', role: 'rowgroup' }, this.#head),
      this.#body,
    );
    this.element.addEventListener('scroll', () => this.#askForRows(), { passive: true });
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('click', (event) => {
      const at = positionOf(event.target);
      if (at === undefined) return;
      this.#activate(at);
      this.#choose();
    });
    // A reader of the screen sets the focus by itself.
    this.element.addEventListener('focusin', (event) => {
      const at = positionOf(event.target);
      if (at !== undefined) this.#setActive(at);
    });
    new ResizeObserver(() => this.#measure()).observe(this.element);
  }

  show(view: GridView): void {
    const isSame = view.rows.join() === this.#view.rows.join() && view.columns.join() === this.#view.columns.join();
    this.#view = view;
    this.#active = {
      row: Math.min(this.#active.row, view.rows.length - 1),
      column: Math.min(this.#active.column, view.columns.length - 1),
    };
    this.element.setAttribute('aria-rowcount', String(view.rows.length + 1));
    this.element.setAttribute('aria-colcount', String(view.columns.length + 1));
    if (!isSame) this.element.scrollTop = 0;
    this.#measure();
    this.#redraw();
  }

  /** Gives the focus back to a cell that may have been scrolled away. */
  focus(): void {
    this.#reveal();
    this.#drawRows();
    this.#elementAt(this.#active)?.focus({ preventScroll: true });
  }

  /** Widths and heights, from the room there is. */
  #measure(): void {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const room = this.element.clientWidth / rem;
    const count = this.#view.columns.length;
    const least = Math.max(FIRST_AT_LEAST, Math.min(room * 0.3, 26));
    const column = Math.max(NARROWEST, Math.min(WIDEST, (room - least) / Math.max(1, count)));
    const first = Math.max(least, room - column * count);
    const isNarrow = column < IN_FULL;
    const isSmall = room < LITTLE_ROOM;
    this.element.classList.toggle('small', isSmall);
    this.#row = Math.round((isSmall ? SMALL_ROW : ROW) * rem);
    this.#top = Math.round((isNarrow ? TALL_HEAD : WIDE_HEAD) * rem);
    const { style } = this.element;
    style.setProperty('--first', `${first}rem`);
    style.setProperty('--column', `${column}rem`);
    style.setProperty('--count', String(count));
    style.setProperty('--row', `${this.#row}px`);
    style.setProperty('--head', `${this.#top}px`);
    this.#body.style.setProperty('height', `${this.#row * this.#view.rows.length}px`);
    if (isNarrow !== this.#isNarrow || isSmall !== this.#isSmall) {
      this.#isNarrow = isNarrow;
      this.#isSmall = isSmall;
      this.element.classList.toggle('narrow', isNarrow);
      this.#redraw();
    } else {
      this.#drawRows();
    }
  }

  #redraw(): void {
    const hadFocus = this.element.contains(document.activeElement) && document.activeElement !== this.element;
    this.#drawHead();
    for (const row of this.#made.values()) row.remove();
    this.#made.clear();
    this.#drawRows();
    if (hadFocus) this.#elementAt(this.#active)?.focus({ preventScroll: true });
  }

  #drawHead(): void {
    const { columns, by, secret } = this.#view;
    const heads = columns.map((assistant, column) => {
      const { name, inUse } = this.#model.assistant(assistant);
      return el(
        'div',
        {
          class: `name${inUse ? ' in-use' : ''}${assistant === by ? ' chosen' : ''}`,
          role: 'columnheader',
          'aria-colindex': column + 2,
          'aria-selected': by === assistant && secret === -1 ? 'true' : undefined,
          title: inUse ? `${name}, in use here` : name,
          ...this.#place({ row: -1, column }),
        },
        el('span', {}, name),
      );
    });
    const corner = el(
      'div',
      { class: 'corner', role: 'columnheader', 'aria-colindex': 1, ...this.#place({ row: -1, column: -1 }) },
      'Secret',
    );
    this.#head.replaceChildren(corner, ...heads);
  }

  #askForRows(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      this.#drawRows();
    });
  }

  /** Makes rows that have come into sight and drops those that left it; the one with the focus stays. */
  #drawRows(): void {
    const { scrollTop, clientHeight } = this.element;
    const from = Math.max(0, Math.floor(scrollTop / this.#row) - AHEAD);
    const to = Math.min(this.#view.rows.length, Math.ceil((scrollTop + clientHeight) / this.#row) + AHEAD);
    for (const [row, element] of this.#made) {
      if ((row < from || row >= to) && row !== this.#active.row) {
        element.remove();
        this.#made.delete(row);
      }
    }
    const wanted = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
    if (this.#active.row >= 0 && (this.#active.row < from || this.#active.row >= to)) wanted.push(this.#active.row);
    const fresh = wanted.filter((row) => !this.#made.has(row));
    if (fresh.length === 0) return;
    for (const row of fresh) this.#made.set(row, this.#drawRow(row));
    // In the order in which they are read.
    const inOrder = [...this.#made].toSorted(([a], [b]) => a - b).map(([, element]) => element);
    let next: Element | null = this.#body.firstElementChild;
    for (const element of inOrder) {
      if (element === next) next = next.nextElementSibling;
      else this.#body.insertBefore(element, next);
    }
  }

  #drawRow(row: number): HTMLElement {
    const { columns, secret: chosen, by } = this.#view;
    const index = must(this.#view.rows[row]);
    const secret = this.#model.secret(index);
    const [place] = secret.places;
    const more = secret.places.length - 1;
    const header = el(
      'div',
      {
        class: `secret ${secret.severity}${index === chosen ? ' chosen' : ''}`,
        role: 'rowheader',
        'aria-colindex': 1,
        'aria-selected': index === chosen && by === -1 ? 'true' : undefined,
        title: `${secret.title}\n${secret.preview}\n${place === undefined ? '' : placeText(place)}`,
        ...this.#place({ row, column: -1 }),
      },
      el(
        'span',
        { class: 'title' },
        el('span', { class: 'cut' }, secret.title),
        el('span', { class: 'for-readers' }, `, ${secret.severity}`),
        secret.suppressedBy !== undefined && tag('does not count'),
      ),
      el(
        'span',
        { class: 'where' },
        el('span', { class: 'cut' }, place === undefined ? secret.preview : shortPlace(place)),
        more > 0 && el('span', { class: 'more' }, `+${more}`, el('span', { class: 'for-readers' }, ' more places')),
      ),
    );
    const cells = columns.map((assistant, column) => this.#drawCell(row, column, index, assistant));
    const element = el('div', { class: 'row', role: 'row', 'aria-rowindex': row + 2 }, header, ...cells);
    element.style.setProperty('--at', String(row));
    return element;
  }

  #drawCell(row: number, column: number, secret: number, assistant: number): HTMLElement {
    const { channel: asked, verdicts, secret: chosen, by } = this.#view;
    const { verdict, channel, isClosable } = this.#model.cell(secret, assistant, asked);
    const { id } = must(this.#model.data.verdicts[verdict]);
    const opens = this.#model.isOpen(verdict) ? this.#model.data.channels[channel]?.id : undefined;
    const name = this.#model.assistant(assistant).name;
    const isNew = this.#model.change(secret, assistant) !== undefined;
    const told = `${verdictName(id)}${opens === undefined ? '' : ` by ${channelName(opens, false)}`}`;
    return el(
      'div',
      {
        class: `cell ${id}${isNew ? ' new' : ''}${verdicts.size > 0 && !verdicts.has(verdict) ? ' back' : ''}`,
        role: 'gridcell',
        'aria-colindex': column + 2,
        'aria-selected': secret === chosen && assistant === by ? 'true' : 'false',
        title: `${name}: ${told}${isNew ? ', new' : ''}`,
        ...this.#place({ row, column }),
      },
      mark(id),
      opens !== undefined && el('span', { class: 'by', 'aria-hidden': 'true' }, channelName(opens, this.#isNarrow)),
      el(
        'span',
        { class: 'for-readers' },
        [told, isNew && 'new', isClosable && 'a setting would close it'].filter(Boolean).join('; '),
      ),
    );
  }

  #place({ row, column }: Position): Readonly<Record<string, number>> {
    const isActive = row === this.#active.row && column === this.#active.column;
    return { 'data-row': row, 'data-column': column, tabindex: isActive ? 0 : -1 };
  }

  #elementAt({ row, column }: Position): HTMLElement | null {
    const line = row === -1 ? this.#head : this.#made.get(row);
    return line?.querySelector<HTMLElement>(`[data-column="${column}"]`) ?? null;
  }

  #activate(to: Position): void {
    this.#setActive(to);
    this.#reveal();
    this.#drawRows();
    this.#elementAt(to)?.focus({ preventScroll: true });
  }

  /** The one stop for Tab. A row that is made later has it from the start. */
  #setActive(to: Position): void {
    this.#elementAt(this.#active)?.setAttribute('tabindex', '-1');
    this.#active = to;
    this.#elementAt(to)?.setAttribute('tabindex', '0');
  }

  /** Scrolls to the active cell, past what sticks to the edges. */
  #reveal(): void {
    const { row, column } = this.#active;
    const grid = this.element;
    if (row >= 0) {
      const [top, height] = [row * this.#row, grid.clientHeight - this.#top];
      if (top < grid.scrollTop) grid.scrollTop = top;
      else if (top + this.#row > grid.scrollTop + height) grid.scrollTop = top + this.#row - height;
    }
    if (column >= 0) {
      const [corner, head] = [this.#head.firstElementChild, this.#head.children[column + 1]];
      if (!(corner instanceof HTMLElement) || !(head instanceof HTMLElement)) return;
      const left = head.offsetLeft - corner.offsetWidth;
      const room = grid.clientWidth - corner.offsetWidth;
      if (left < grid.scrollLeft) grid.scrollLeft = left;
      else if (left + head.offsetWidth > grid.scrollLeft + room) grid.scrollLeft = left + head.offsetWidth - room;
    } else {
      grid.scrollLeft = 0;
    }
  }

  #choose(): void {
    const { row, column } = this.#active;
    if (row === -1 && column === -1) return;
    this.#open(this.#view.rows[row] ?? -1, this.#view.columns[column] ?? -1);
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey) return;
    const { row, column } = this.#active;
    const [lastRow, lastColumn] = [this.#view.rows.length - 1, this.#view.columns.length - 1];
    const page = Math.max(1, Math.floor((this.element.clientHeight - this.#top) / this.#row) - 1);
    const moves: Readonly<Record<string, Position | undefined>> = {
      ArrowUp: { row: row - 1, column },
      ArrowDown: { row: row + 1, column },
      ArrowLeft: { row, column: column - 1 },
      ArrowRight: { row, column: column + 1 },
      PageUp: { row: Math.max(Math.min(row, 0), row - page), column },
      PageDown: { row: row + page, column },
      Home: { row: event.ctrlKey ? -1 : row, column: -1 },
      End: { row: event.ctrlKey ? lastRow : row, column: lastColumn },
    };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.#activate({ row: clamp(to.row, lastRow), column: clamp(to.column, lastColumn) });
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#choose();
    }
  }
}

function clamp(value: number, last: number): number {
  return Math.max(-1, Math.min(value, last));
}

function positionOf(target: EventTarget | null): Position | undefined {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-column]') : null;
  if (element === null) return undefined;
  return { row: Number(element.dataset['row']), column: Number(element.dataset['column']) };
}
