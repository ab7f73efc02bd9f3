import { safe } from '../../core/terminal-text.ts';
import type { ExposedSecret, ExposureMap } from '../../exposure/exposure-map.ts';
import { isOpen } from '../../exposure/width.ts';
import { stringify } from '../record.ts';
import { LEVEL, SECURITY_SEVERITY, uri } from '../sarif.ts';
import { notExamined } from '../wording.ts';
import type { MapReporter } from './map-reporter.ts';
import { headline } from './wording.ts';

/** What a result of a secret is called; those of problems have rules of their own. */
const EXPOSED = 'exposed-to-assistant';

/**
 * SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html): a result for each secret that an
 * assistant in use could read, where it stands in a file of the repository, and one for each problem.
 */
export const sarif: MapReporter = {
  name: 'sarif',
  title: 'SARIF 2.1.0, for code scanning',
  write: (map) => `${stringify(log(map), 2)}\n`,
};

function log(map: ExposureMap): unknown {
  const exposed = map.secrets.flatMap((secret, index) => result(map, secret, index));
  const ids = [...new Set([...(exposed.length > 0 ? [EXPOSED] : []), ...map.problems.map(({ rule }) => rule)])];
  const started = new Date(map.made);
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'keepmum',
            semanticVersion: map.version,
            rules: ids.map((id) => ({
              id,
              shortDescription: { text: RULES[id] ?? 'Setting of an assistant that does not do what it seems to' },
              defaultConfiguration: { level: id === EXPOSED ? 'error' : 'warning' },
              properties: { tags: ['security', 'ai-assistant'] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: !map.incomplete,
            startTimeUtc: started.toISOString(),
            endTimeUtc: new Date(started.getTime() + map.elapsed).toISOString(),
            toolExecutionNotifications: [
              ...map.skipped.map((group) => ({
                level: group.incomplete ? 'warning' : 'note',
                descriptor: { id: `not-examined/${group.reason}` },
                message: { text: notExamined(group) },
              })),
              ...map.notices.map((notice) => ({ level: 'note', message: { text: safe(notice) } })),
            ],
          },
        ],
        properties: { summary: safe(headline(map)) },
        results: [
          ...exposed,
          ...map.problems.map(({ rule, file, line, text, fix }) => ({
            ruleId: rule,
            level: 'warning',
            message: { text: safe(`${text} Fix: ${fix}`) },
            locations: file.startsWith('~/') ? [] : [location(file, line)],
          })),
        ],
      },
    ],
  };
}

const RULES: Readonly<Record<string, string>> = {
  [EXPOSED]: 'Secret that an AI coding assistant in use here could read',
  'assistant-placebo': 'File that looks as if it kept an assistant out and does not',
  'assistant-pitfall': 'Setting of an assistant that does not do what it seems to',
  'assistant-settings': 'Settings of an assistant that cannot be read',
  'assistant-instructions': 'Instruction file of an assistant that imports a file or holds a secret',
  'assistant-inline-secret': 'Settings of an assistant that hold a secret as it is',
  'assistant-allowed-command': 'Allowed command of an assistant that holds a secret',
  'assistant-worktree-copy': 'File with a secret that is copied into every new working tree',
  'assistant-transcript': 'Transcript of an assistant with a secret, in the repository',
};

function result(map: ExposureMap, secret: ExposedSecret, index: number): object[] {
  const readers = map.assistants.filter(({ inUse, cells }) => inUse && isOpen(cells[index]?.verdict ?? 'blocked'));
  if (readers.length === 0) return [];
  const told = readers.map(({ name, cells }) => `${name} (${cells[index]?.channel ?? ''})`).join(', ');
  const files = secret.places.filter(
    ({ standing }) => standing === 'tracked' || standing === 'untracked' || standing === 'ignored',
  );
  return [
    {
      ruleId: EXPOSED,
      level: LEVEL[secret.severity],
      message: {
        text: safe(`${secret.title} ${secret.preview} could be read by ${told}. It grants: ${secret.power.grants}.`),
      },
      locations: files.slice(0, 1).map(({ path, line }) => location(path, line)),
      relatedLocations: files.slice(1).map(({ path, line }, id) => ({ id, ...location(path, line) })),
      partialFingerprints: { 'keepmum/v1': secret.id },
      properties: {
        'security-severity': SECURITY_SEVERITY[secret.severity],
        confidence: secret.confidence,
        rule: secret.rule,
        power: secret.power,
        readers: Object.fromEntries(readers.map(({ id, cells }) => [id, cells[index]?.channel ?? null])),
      },
    },
  ];
}

function location(path: string, line?: number): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: uri(path), uriBaseId: '%SRCROOT%' },
      ...(line !== undefined && { region: { startLine: line } }),
    },
  };
}
