import type { Cell, ExposedSecret, ExposureMap, MappedAssistant, Place, Reason } from '../../exposure/exposure-map.ts';

/** One secret and one assistant, with what decides. */
export interface Row {
  readonly secret: ExposedSecret;
  readonly assistant: MappedAssistant;
  readonly cell: Cell;
  /** Of the channel that opens it; of the first there is where none does. */
  readonly reason: Reason | undefined;
  readonly place: Place | undefined;
}

/** Secret by secret, assistants in their order; what does not apply to an assistant is left out. */
export function rowsOf(map: ExposureMap): Row[] {
  return map.secrets.flatMap((secret, index) =>
    map.assistants.flatMap((assistant): Row[] => {
      const cell = assistant.cells[index];
      if (cell === undefined || cell.verdict === 'not-applicable') return [];
      const told = cell.channels.find(
        ({ channel, verdict }) => verdict === cell.verdict && (cell.channel === undefined || channel === cell.channel),
      );
      const reason = told && map.reasons[told.reason];
      return [{ secret, assistant, cell, reason, place: secret.places[told?.place ?? 0] }];
    }),
  );
}
