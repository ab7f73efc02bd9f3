import type { ExposureMap } from '../../exposure/exposure-map.ts';
import { stringify } from '../record.ts';
import type { MapReporter } from './map-reporter.ts';

/** The whole map; the keys and their meaning are a contract, see `docs/map.md`. */
export const json: MapReporter = {
  name: 'json',
  title: 'the whole map, for programs',
  write: (map) => `${stringify(record(map), 2)}\n`,
};

function record(map: ExposureMap): unknown {
  const { assistants, secrets, reasons, problems, skipped, notices } = map;
  return {
    tool: { name: 'keepmum', version: map.version },
    made: map.made,
    repository: map.repository,
    summary: {
      files: map.files,
      bytes: map.bytes,
      elapsed: Math.round(map.elapsed),
      incomplete: map.incomplete,
      interrupted: map.interrupted === true,
      skipped,
      notices,
    },
    assistants: assistants.map((one) => ({
      id: one.id,
      name: one.name,
      vendor: one.vendor,
      inUse: one.inUse,
      marks: one.marks,
      verifiedAt: one.verifiedAt,
      isOld: one.isOld,
      settings: one.settings,
      privileges: one.privileges.map((privilege) => ({
        ...privilege,
        secrets: privilege.secrets.map((index) => secrets[index]?.id),
      })),
    })),
    secrets: secrets.map((secret, index) => ({
      ...secret,
      exposure: Object.fromEntries(
        assistants.flatMap(({ id, cells }) => {
          const cell = cells[index];
          if (cell === undefined) return [];
          const channels = cell.channels.map(({ channel, ...told }) => [channel, told] as const);
          return [[id, { ...cell, channel: cell.channel ?? null, channels: Object.fromEntries(channels) }] as const];
        }),
      ),
    })),
    reasons,
    problems,
    ...(map.changes && { changes: map.changes }),
  };
}
