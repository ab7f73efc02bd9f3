import { stringify } from '../record.ts';
import type { MapReporter } from './map-reporter.ts';
import { rowsOf } from './rows.ts';

/** One line for each secret and assistant. */
export const jsonl: MapReporter = {
  name: 'jsonl',
  title: 'one line per secret and assistant',
  write: (map) =>
    rowsOf(map)
      .map(({ secret, assistant, cell, reason, place }) => ({
        fingerprint: secret.id,
        rule: secret.rule,
        title: secret.title,
        severity: secret.severity,
        confidence: secret.confidence,
        preview: secret.preview,
        power: secret.power,
        assistant: assistant.id,
        inUse: assistant.inUse,
        verdict: cell.verdict,
        channel: cell.channel ?? null,
        place,
        reason,
      }))
      .map((line) => `${stringify(line)}\n`)
      .join(''),
};
