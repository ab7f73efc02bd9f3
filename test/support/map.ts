import type { Verdict } from '../../src/exposure/exposure-map.ts';
import type { Place, ExposedSecret } from '../../src/exposure/exposure-map.ts';
import { runCli, type CliOptions, type CliResult } from './cli.ts';
import type { TemporaryRepository } from './repository.ts';

/** A secret of the JSON report of a map. */
export interface MappedSecret extends ExposedSecret {
  readonly exposure: Readonly<
    Record<
      string,
      {
        readonly verdict: Verdict;
        readonly channel: string | null;
        readonly closable?: boolean;
        readonly channels: Readonly<
          Record<string, { readonly verdict: Verdict; readonly reason: number; readonly place: number }>
        >;
      }
    >
  >;
}

/** What `keepmum map --format json` gives. */
export interface MapRecord {
  readonly summary: {
    readonly incomplete: boolean;
    readonly skipped: readonly { readonly reason: string; readonly count: number; readonly paths: readonly string[] }[];
    readonly notices: readonly string[];
  };
  readonly assistants: readonly { readonly id: string; readonly inUse: boolean; readonly marks: readonly string[] }[];
  readonly secrets: readonly MappedSecret[];
  readonly reasons: readonly {
    readonly text: string;
    readonly at?: { readonly file: string; readonly line?: number; readonly pattern?: string };
    readonly sources: readonly { readonly id: string; readonly url?: string; readonly date?: string }[];
  }[];
  readonly problems: readonly {
    readonly rule: string;
    readonly assistant?: string;
    readonly file: string;
    readonly line?: number;
    readonly text: string;
    readonly sources: readonly { readonly id: string; readonly url?: string }[];
  }[];
  readonly changes?: {
    readonly since: string;
    readonly all: readonly { readonly secret: number; readonly assistant: string; readonly verdict: Verdict }[];
  };
}

/** A map of a repository; names of variables are left out, since those of a test machine say nothing. */
export function mapOf(
  repo: TemporaryRepository,
  args: readonly string[] = [],
  options: CliOptions = {},
): CliResult & { readonly map: MapRecord } {
  const result = runCli(repo, ['map', '--no-env', '--format', 'json', ...args], options);
  if (!result.out.startsWith('{')) throw new Error(`no map: ${result.err}`);
  return { ...result, map: JSON.parse(result.out) as MapRecord };
}

/** Where secrets of a rule stand: `standing path`. */
export function placesOf({ secrets }: MapRecord): string[] {
  return secrets.flatMap(({ places }) => places.map(({ standing, path }: Place) => `${standing} ${path}`)).toSorted();
}
