import { sheet, type Column } from '../csv.ts';
import type { MapReporter } from './map-reporter.ts';
import { rowsOf, type Row } from './rows.ts';
import { proofOf } from './wording.ts';

const COLUMNS: readonly Column<Row>[] = [
  ['assistant', ({ assistant }) => assistant.id],
  ['inUse', ({ assistant }) => (assistant.inUse ? 'yes' : 'no')],
  ['verdict', ({ cell }) => cell.verdict],
  ['channel', ({ cell }) => cell.channel ?? ''],
  ['severity', ({ secret }) => secret.severity],
  ['confidence', ({ secret }) => secret.confidence],
  ['rule', ({ secret }) => secret.rule],
  ['title', ({ secret }) => secret.title],
  ['provider', ({ secret }) => secret.power.provider],
  ['holder', ({ secret }) => secret.power.holder ?? ''],
  ['grants', ({ secret }) => secret.power.grants],
  ['stage', ({ secret }) => secret.power.stage],
  ['lifetime', ({ secret }) => secret.power.lifetime],
  ['expires', ({ secret }) => secret.power.expires ?? ''],
  ['standing', ({ place }) => place?.standing ?? ''],
  ['path', ({ place }) => place?.path ?? ''],
  ['line', ({ place }) => place?.line ?? ''],
  ['commit', ({ place }) => place?.commit ?? ''],
  ['places', ({ secret }) => secret.places.length],
  ['preview', ({ secret }) => secret.preview],
  ['reason', ({ reason }) => reason?.text ?? ''],
  ['proof', ({ reason }) => (reason === undefined ? '' : proofOf(reason))],
  ['fingerprint', ({ secret }) => secret.id],
];

/** A row for each secret and assistant. */
export const csv: MapReporter = {
  name: 'csv',
  title: 'one row per secret and assistant, for spreadsheets',
  write: (map) => sheet(COLUMNS, rowsOf(map)),
};
