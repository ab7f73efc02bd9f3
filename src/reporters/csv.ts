import type { Finding } from '../core/finding.ts';
import { safe } from '../core/terminal-text.ts';
import { collected, type Reporter } from './reporter.ts';
import { because, paired, suppression } from './wording.ts';

/** A column of a sheet: its name, and what it holds of a thing. */
export type Column<Thing> = readonly [name: string, value: (thing: Thing) => string | number];

const COLUMNS: readonly Column<Finding>[] = [
  ['rule', (finding) => finding.rule],
  ['provider', (finding) => finding.provider],
  ['severity', (finding) => finding.severity],
  ['confidence', (finding) => finding.confidence],
  ['reasons', (finding) => because(finding.reasons, Number.POSITIVE_INFINITY)],
  ['path', (finding) => finding.path],
  ['line', (finding) => finding.line],
  ['column', (finding) => finding.column],
  ['endLine', (finding) => finding.endLine],
  ['endColumn', (finding) => finding.endColumn],
  ['commit', (finding) => finding.commit ?? ''],
  ['preview', (finding) => finding.preview],
  ['fingerprint', (finding) => finding.fingerprint],
  [
    'identity',
    (finding) => {
      const { identity } = finding;
      return [identity.class, identity.type, identity.grants, identity.lifetime, ...paired(finding)].join('; ');
    },
  ],
  ['advice', (finding) => finding.advice.text],
  ['rotate', (finding) => finding.advice.rotate ?? ''],
  ['suppressedBy', suppression],
  ['date', ({ history }) => history?.date ?? ''],
  [
    'author',
    ({ history }) => (history?.author === undefined ? '' : `${history.author.name} <${history.author.email}>`),
  ],
  ['inHead', ({ history }) => (history === undefined ? '' : history.inHead ? 'yes' : 'no')],
  ['versions', ({ history }) => history?.versions ?? ''],
  ['commits', ({ history }) => history?.commits ?? ''],
  ['paths', ({ history }) => history?.paths.join('; ') ?? ''],
];

/** RFC 4180, UTF-8: https://www.rfc-editor.org/rfc/rfc4180. No whole secrets: spreadsheets get mailed around. */
export const csv: Reporter = {
  name: 'csv',
  title: 'one row per finding, for spreadsheets',
  tellsSummary: false,
  start: (context) => collected(context, (findings) => sheet(COLUMNS, findings)),
};

/** Names of columns, then a row for each thing. */
export function sheet<Thing>(columns: readonly Column<Thing>[], things: readonly Thing[]): string {
  const rows = [
    columns.map(([name]) => name),
    ...things.map((thing) => columns.map(([, value]) => cell(value(thing)))),
  ];
  return rows.map((row) => `${row.join(',')}\r\n`).join('');
}

/**
 * Controls are made visible. What a spreadsheet would run as a formula gets a leading apostrophe
 * (https://owasp.org/www-community/attacks/CSV_Injection), and what one with another separator
 * would cut in two is quoted.
 */
function cell(value: string | number): string {
  const shown = safe(String(value));
  const inert = /^[=+\-@\uff0b\uff0d\uff1d\uff20]|^\\[trn]/.test(shown) ? `'${shown}` : shown;
  return /[",;']|^\s|\s$/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
