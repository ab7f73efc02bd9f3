import { UsageError } from '../core/errors.ts';
import type { Finding, Summary } from '../core/finding.ts';
import { nearest } from '../core/nearest.ts';
import type { Report, ReportContext, Reporter } from '../reporters/reporter.ts';
import { text as textReporter } from '../reporters/text.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

/** What decides where the report goes and how it looks. */
export interface ReportFlags {
  readonly format?: string | undefined;
  readonly output?: readonly string[] | undefined;
  readonly max?: number | undefined;
  readonly showSuppressed?: boolean | undefined;
  readonly showSecrets?: boolean | undefined;
  readonly color?: boolean | undefined;
}

/** The names in `reporters/index.ts`, which a hook does not load. */
export const FORMATS: readonly string[] = [
  'text',
  'json',
  'jsonl',
  'sarif',
  'junit',
  'csv',
  'gitlab',
  'github',
  'markdown',
];
const WITH_SECRETS: readonly string[] = ['json', 'jsonl'];
/** Findings that text shows in full: some screens, not hundreds. */
export const MAX = 50;

/** All reports of one run. */
export interface Reports {
  finding(finding: Finding): void;
  /** Writes what is left. @throws {UsageError} where a file cannot be written */
  end(summary: Summary): void;
}

/**
 * Checks the flags at once, so that a report that cannot be made is told before the work; loads the
 * reporters when the first finding, or the end, needs them.
 * @throws {UsageError}
 */
export function openReports(flags: ReportFlags, blocks: (finding: Finding) => boolean, io: Io): () => Promise<Reports> {
  const { format = 'text', output = [], max = MAX } = flags;
  assertFormat(format, '--format');
  if (!Number.isInteger(max) || max < 0) {
    throw new UsageError('--max is not a whole number of findings', { fix: 'use a number such as 50, or 0 for all' });
  }
  const outputs = output.map((option) => namedOutput(option));
  if (
    flags.showSecrets === true &&
    ![format, ...outputs.map((one) => one.format)].some((name) => WITH_SECRETS.includes(name))
  ) {
    throw new UsageError('--show-secrets has an effect on json and jsonl only', {
      fix: 'add --format jsonl, or --output json=FILE',
    });
  }
  const files = outputs.map((one) => reportFile(one.file, io.cwd));
  const context: ReportContext = {
    version,
    colour: wantsColour(flags, io),
    width: io.width,
    max,
    showSuppressed: flags.showSuppressed === true,
    started: new Date(),
    blocks,
  };
  const plain = { ...context, colour: false };
  const load = async (): Promise<Reports> => {
    const main = await reporter(format);
    const report = main.start(context);
    // A reader of findings alone still gets to see what was not examined.
    const beside = main.tellsSummary ? undefined : (await reporter('text')).start(plain);
    const others: Report[] = [];
    for (const { format: name } of outputs) others.push((await reporter(name)).start(plain));
    return {
      finding(finding) {
        io.out(report.finding(finding));
        others.forEach((other, index) => files[index]?.add(other.finding(finding)));
      },
      end(summary) {
        io.out(report.end(summary));
        if (beside !== undefined) io.err(beside.end(summary));
        others.forEach((other, index) => files[index]?.finish(other.end(summary)));
      },
    };
  };
  let loaded: Promise<Reports> | undefined;
  return () => (loaded ??= load());
}

/** @throws {UsageError} */
export function assertFormat(name: string, flag: string, formats: readonly string[] = FORMATS): void {
  if (formats.includes(name)) return;
  const near = nearest(name, formats);
  throw new UsageError(`${flag}: there is no format ${JSON.stringify(name)}`, {
    fix: near === undefined ? `use one of ${formats.join(', ')}` : `did you mean ${near}?`,
  });
}

/** @throws {UsageError} */
export function namedOutput(
  option: string,
  formats: readonly string[] = FORMATS,
): { readonly format: string; readonly file: string } {
  const cut = option.indexOf('=');
  if (cut < 1 || cut === option.length - 1) {
    throw new UsageError(`--output: ${JSON.stringify(option)} is not FORMAT=FILE`, {
      fix: 'write it as in sarif=keepmum.sarif',
    });
  }
  const format = option.slice(0, cut);
  assertFormat(format, '--output', formats);
  return { format, file: option.slice(cut + 1) };
}

/** https://no-color.org: set and not empty means no. `FORCE_COLOR` is for logs that show colours; a flag beats both. */
export function wantsColour({ color }: Pick<ReportFlags, 'color'>, io: Io): boolean {
  const { env } = io;
  if (color !== undefined) return color;
  if (env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return env['TERM'] !== 'dumb' && io.isTty;
}

/**
 * A report that appears whole or not at all, readable by its owner only; a pipe or a device is
 * written as it is. Kept in memory until then, so that a scan of the same folder does not meet it.
 */
export function reportFile(
  name: string,
  cwd: string,
  flag = '--output',
): { add(text: string): void; finish(text: string): void } {
  const fs = process.getBuiltinModule('node:fs');
  const path = process.getBuiltinModule('node:path');
  const parts: string[] = [];
  const fail = (cause: unknown): UsageError =>
    new UsageError(`${flag}: ${JSON.stringify(name)} cannot be written`, {
      fix: 'name a file in a folder that exists and is yours',
      cause,
    });
  let target = path.resolve(cwd, name);
  let special = false;
  try {
    const stat = fs.statSync(target, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) throw new Error('a folder');
    special = stat !== undefined && !stat.isFile();
    // Through a link to the file that it means.
    if (stat?.isFile() === true) target = fs.realpathSync(target);
    fs.accessSync(special ? target : path.dirname(target), fs.constants.W_OK);
  } catch (cause) {
    throw fail(cause);
  }
  return {
    add(text) {
      if (text !== '') parts.push(text);
    },
    finish(text) {
      const whole = parts.join('') + text;
      const temporary = `${target}.${process.pid}.tmp`;
      try {
        if (special) {
          fs.writeFileSync(target, whole);
          return;
        }
        fs.writeFileSync(temporary, whole, { mode: 0o600, flag: 'wx' });
        fs.renameSync(temporary, target);
      } catch (cause) {
        fs.rmSync(temporary, { force: true });
        throw fail(cause);
      }
    },
  };
}

/** The text is what a hook prints, and stands in its one file; the others are read when asked for. */
async function reporter(name: string): Promise<Reporter> {
  if (name === 'text') return textReporter;
  const { REPORTERS } = await import('../reporters/index.ts');
  const found = REPORTERS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no reporter ${name}`);
  return found;
}
