import { UsageError } from '../core/errors.ts';
import { SEVERITIES, type Severity } from '../core/finding.ts';
import { nearest } from '../core/nearest.ts';
import { safe } from '../core/terminal-text.ts';
import type { ExposureMap, Verdict } from '../exposure/exposure-map.ts';
import { count } from '../reporters/wording.ts';

/** What makes a map fail. */
export interface Gate {
  /** Verdicts that count; none: secrets do not. */
  readonly verdicts: ReadonlySet<Verdict>;
  readonly severity: Severity;
  /** Settings that do not do what they seem to count too. */
  readonly problems: boolean;
}

/** `unknown` counts as visible. */
const VERDICTS_OF: Readonly<Record<string, readonly Verdict[]>> = {
  visible: ['visible', 'unknown'],
  reachable: ['visible', 'unknown', 'reachable'],
};

/** @throws {UsageError} on a word that is none */
export function gateOf(failOn: string | undefined): Gate | undefined {
  if (failOn === undefined) return undefined;
  let verdicts: readonly Verdict[] | undefined;
  let severity: Severity | undefined;
  let problems = false;
  for (const word of failOn.split(',')) {
    if (Object.hasOwn(VERDICTS_OF, word)) verdicts = VERDICTS_OF[word];
    else if ((SEVERITIES as readonly string[]).includes(word)) severity = word as Severity;
    else if (word === 'problem') problems = true;
    else {
      const words = [...Object.keys(VERDICTS_OF), ...SEVERITIES, 'problem'];
      const near = nearest(word, words);
      throw new UsageError(`--fail-on: ${JSON.stringify(word)} is no verdict and no severity`, {
        fix: near === undefined ? `use ${words.join(', ')}, or several with commas between` : `did you mean ${near}?`,
      });
    }
  }
  const asked = verdicts ?? (severity === undefined ? [] : VERDICTS_OF['visible']);
  return { verdicts: new Set(asked), severity: severity ?? 'low', problems };
}

/** A sentence for each assistant in use that fails the gate, and for the problems. Where a map was compared, only what is new counts. */
export function failingIn(map: ExposureMap, { verdicts, severity, problems }: Gate): string[] {
  const fresh = map.changes && new Set(map.changes.all.map(({ secret, assistant }) => `${secret} ${assistant}`));
  const said = map.assistants.flatMap(({ id, name, inUse, cells }) => {
    if (!inUse) return [];
    const failing = cells.filter(({ verdict }, index) => {
      const secret = map.secrets[index];
      return (
        secret !== undefined &&
        verdicts.has(verdict) &&
        SEVERITIES.indexOf(secret.severity) >= SEVERITIES.indexOf(severity) &&
        (fresh === undefined || fresh.has(`${index} ${id}`))
      );
    });
    if (failing.length === 0) return [];
    const since = map.changes === undefined ? '' : `, and could not in ${safe(map.changes.since)}`;
    return [`${safe(name)} could read ${count(failing.length, 'secret')} that --fail-on names${since}`];
  });
  if (problems && map.problems.length > 0)
    said.push(`${count(map.problems.length, 'problem')} with settings of assistants`);
  return said;
}
