import { UsageError } from '../core/errors.ts';
import type { ExposureMap } from '../exposure/exposure-map.ts';
import type { MapContext } from '../reporters/map/map-reporter.ts';
import type { Io } from './io.ts';
import { assertFormat, namedOutput, reportFile, wantsColour, type ReportFlags } from './report.ts';

/** What decides where the map goes and how it looks. */
export interface MapReportFlags extends Pick<ReportFlags, 'format' | 'output' | 'max' | 'color'> {
  readonly html?: string | undefined;
  readonly long?: boolean | undefined;
}

/** The names in `reporters/map/index.ts`. */
export const MAP_FORMATS: readonly string[] = ['text', 'json', 'jsonl', 'csv', 'sarif', 'markdown'];

/**
 * Checks the flags at once, so that a report that cannot be made is told before the work.
 * @returns writes all of them
 * @throws {UsageError}
 */
export function openMapReports(flags: MapReportFlags, io: Io): (map: ExposureMap) => Promise<void> {
  const { format = 'text', output = [], html, max = 50 } = flags;
  assertFormat(format, '--format', MAP_FORMATS);
  if (!Number.isInteger(max) || max < 0) {
    throw new UsageError('--max is not a whole number of secrets', { fix: 'use a number such as 50, or 0 for all' });
  }
  const outputs = output.map((option) => namedOutput(option, MAP_FORMATS));
  const files = outputs.map(({ file }) => reportFile(file, io.cwd));
  const page = html === undefined ? undefined : reportFile(html, io.cwd, '--html');
  const context: MapContext = { colour: wantsColour(flags, io), width: io.width, long: flags.long === true, max };
  return async (map) => {
    const { MAP_REPORTERS } = await import('../reporters/map/index.ts');
    const written = (name: string, how: MapContext): string => {
      const found = MAP_REPORTERS.find((one) => one.name === name);
      if (found === undefined) throw new Error(`no map reporter ${name}`);
      return found.write(map, how);
    };
    io.out(written(format, context));
    outputs.forEach(({ format: name }, index) => files[index]?.finish(written(name, { ...context, colour: false })));
    if (page !== undefined) {
      const { renderPage } = await import('../exposure/page/page.ts');
      page.finish(renderPage(map));
    }
  };
}
