import { el } from './dom.ts';
import { channelName, letterOf, tag, verdictName } from './marks.ts';
import { must, placeText, type Model } from './model.ts';

/** The matrix as a table of all its rows, for paper. */
export function paperTable(
  model: Model,
  rows: readonly number[],
  columns: readonly number[],
  channel: number,
): HTMLElement {
  const heads = columns.map((column) =>
    el('th', { scope: 'col', class: 'name' }, el('span', {}, model.assistant(column).name)),
  );
  const lines = rows.map((row) => {
    const { title, severity, preview, places } = model.secret(row);
    const more = places.length - 1;
    const [place] = places;
    const cells = columns.map((column) => {
      const cell = model.cell(row, column, channel);
      const { id } = must(model.data.verdicts[cell.verdict]);
      const by = model.isOpen(cell.verdict) ? model.data.channels[cell.channel]?.id : undefined;
      // One element and one text: there may be tens of thousands.
      return el('td', { class: id }, by === undefined ? letterOf(id) : `${letterOf(id)} ${channelName(by, true)}`);
    });
    return el(
      'tr',
      {},
      el(
        'th',
        { scope: 'row' },
        el('strong', {}, title),
        ' ',
        tag(severity, severity),
        ' ',
        el('code', {}, preview),
        el('small', {}, `${place === undefined ? '' : placeText(place)}${more > 0 ? ` and ${more} more` : ''}`),
      ),
      ...cells,
    );
  });
  const legend = model.data.verdicts.map(({ id }) => `${letterOf(id)} ${verdictName(id)}`).join(', ');
  return el(
    'table',
    {},
    el('caption', {}, 'Secrets by assistants ', el('small', {}, legend)),
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Secret'), ...heads)),
    el('tbody', {}, ...lines),
  );
}
