import type { ExposureMap } from '../../exposure/exposure-map.ts';

/** What a report of a map needs to know beyond it. */
export interface MapContext {
  /** ANSI colours may be used. */
  readonly colour: boolean;
  /** Terminal columns. */
  readonly width: number;
  /** Text only: every channel of every secret, with its reason and source. */
  readonly long: boolean;
  /** Text only: so many secrets are shown; 0: all. */
  readonly max: number;
}

/** An output format of the map. Pure: no file, no terminal, no clock; the caller writes what it is given, as UTF-8. */
export interface MapReporter {
  /** What `--format` calls it. */
  readonly name: string;
  /** For the help text: a few words. */
  readonly title: string;
  write(map: ExposureMap, context: MapContext): string;
}
