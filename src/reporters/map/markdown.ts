import { code, plain } from '../markdown.ts';
import { count, notExamined } from '../wording.ts';
import type { MapReporter } from './map-reporter.ts';
import { cellWord, grantsOf, headline, openCount, placesOf } from './wording.ts';

/** Assistants that get a column, so that the table can be read. */
const MOST_COLUMNS = 8;

/** For a pull request's comment or a job's summary page. */
export const markdown: MapReporter = {
  name: 'markdown',
  title: 'Markdown tables, for comments and job summaries',
  write(map) {
    const used = map.assistants.filter(({ inUse }) => inUse);
    const assistants = (used.length > 0 ? used : map.assistants).slice(0, MOST_COLUMNS);
    const remarks = [...map.skipped.map(notExamined), ...map.notices.map((notice) => `note: ${notice}`)];
    const lines = [
      `## keepmum: what AI assistants could read in ${plain(map.repository)}`,
      '',
      `${plain(headline(map))}.${map.incomplete ? ' **Not everything that was asked for could be examined.**' : ''}`,
      '',
    ];
    if (map.secrets.length > 0) {
      lines.push(
        `| | Secret | Where | ${assistants.map(({ name }) => plain(name)).join(' | ')} |`,
        `| --- | --- | --- |${' --- |'.repeat(assistants.length)}`,
        ...map.secrets.map((secret, index) => {
          const cells = assistants.map(({ cells: all }) => {
            const cell = all[index];
            return cell === undefined ? '' : plain(cellWord(cell));
          });
          return `| ${secret.severity} | ${plain(secret.title)} ${code(secret.preview)} | ${code(placesOf(secret))} | ${cells.join(' | ')} |`;
        }),
        '',
        'A word names the channel that opens a secret; `?`: not known, counts as visible; `~`: takes effort; `-`: not there.',
        '',
        '| Assistant | could read | could use |',
        '| --- | --- | --- |',
        ...assistants.map((one) => {
          const powers = one.privileges.map((privilege) =>
            plain(
              `${privilege.severity}: ${privilege.provider}${privilege.holder === undefined ? '' : ` ${privilege.holder}`}: ${grantsOf(privilege)}`,
            ),
          );
          return `| ${plain(one.name)} | ${count(openCount(one).open, 'secret')} | ${powers.join('<br>')} |`;
        }),
        '',
      );
    }
    for (const { file, line, text, fix } of map.problems) {
      lines.push(`- ${code(line === undefined ? file : `${file}:${line}`)}: ${plain(text)} Fix: ${plain(fix)}`);
    }
    for (const remark of remarks) lines.push(`- ${plain(remark)}`);
    return `${lines.join('\n').trimEnd()}\n`;
  },
};
