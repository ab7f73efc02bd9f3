import { ExceptionError } from '../core/errors.ts';
import { VERDICTS, type ExposureMap, type Verdict } from './exposure-map.ts';
import { countsWider, isOpen } from './width.ts';

/** How wide each secret is open to each assistant: what was accepted, or was so before. */
export type Known = ReadonlyMap<string, Verdict>;

/** A secret that is open to an assistant, and was not, or not as wide. */
export interface Change {
  /** Index into `ExposureMap.secrets`. */
  readonly secret: number;
  /** Id of the assistant. */
  readonly assistant: string;
  readonly verdict: Verdict;
  /** Before; absent where the secret was not there. */
  readonly was?: Verdict;
}

/** What a map tells, to be held against a later one. */
export function knownOf({ assistants, secrets }: Pick<ExposureMap, 'assistants' | 'secrets'>): Known {
  const known = new Map<string, Verdict>();
  for (const { id, cells } of assistants) {
    for (const [index, { verdict }] of cells.entries()) known.set(keyOf(secrets[index]?.id ?? '', id), verdict);
  }
  return known;
}

/**
 * What is open here and was not, or not as wide, in any of what is known. `unknown` counts as visible.
 * @param known of several, the first tells what was before
 */
export function changesOf(
  { assistants, secrets }: Pick<ExposureMap, 'assistants' | 'secrets'>,
  ...known: readonly Known[]
): Change[] {
  return secrets.flatMap(({ id }, secret) =>
    assistants.flatMap(({ id: assistant, cells }): Change[] => {
      const verdict = cells[secret]?.verdict ?? 'not-applicable';
      const before = known.map((one) => one.get(keyOf(id, assistant)));
      if (!isOpen(verdict) || before.some((was) => was !== undefined && !countsWider(verdict, was))) return [];
      const [was] = before;
      return [{ secret, assistant, verdict, ...(was !== undefined && { was }) }];
    }),
  );
}

function keyOf(secret: string, assistant: string): string {
  return `${secret} ${assistant}`;
}

/** In the root of the repository: what is accepted of a map. One JSON object a line, sorted, so that branches merge. */
export const MAP_BASELINE_FILE = '.keepmum-map.jsonl';

/** The file's text for what is open to the assistants in use. It holds names of secrets by fingerprint, and no secret. */
export function formatBaseline(map: Pick<ExposureMap, 'assistants' | 'secrets'>): string {
  const lines = map.assistants
    .filter(({ inUse }) => inUse)
    .flatMap(({ id, cells }) =>
      cells.flatMap(({ verdict }, index) => {
        const secret = map.secrets[index];
        if (secret === undefined || !isOpen(verdict)) return [];
        return [
          JSON.stringify({
            fingerprint: secret.id,
            assistant: id,
            verdict,
            rule: secret.rule,
            path: secret.places[0]?.path,
          }),
        ];
      }),
    );
  return lines
    .toSorted()
    .map((line) => `${line}\n`)
    .join('');
}

/** @throws {ExceptionError} naming the line */
export function parseBaseline(text: string): Known {
  const known = new Map<string, Verdict>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const entry = objectOf(line);
    const { fingerprint, assistant, verdict } = entry ?? {};
    if (typeof fingerprint !== 'string' || typeof assistant !== 'string' || !isVerdict(verdict)) {
      throw new ExceptionError(`${MAP_BASELINE_FILE}:${index + 1}: is no line of a baseline of the map`, {
        fix: 'correct or delete the line; `keepmum map --write-baseline` writes them',
      });
    }
    const key = keyOf(fingerprint, assistant);
    const before = known.get(key);
    // After a merge there may be two.
    if (before === undefined || countsWider(verdict, before)) known.set(key, verdict);
  }
  return known;
}

function objectOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function isVerdict(value: unknown): value is Verdict {
  return typeof value === 'string' && Object.hasOwn(VERDICTS, value);
}
