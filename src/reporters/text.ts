import type { Finding } from '../core/finding.ts';
import { narrow } from '../core/redact.ts';
import { displayWidth, safe } from '../core/terminal-text.ts';
import type { ReportContext, Reporter } from './reporter.ts';
import { duration, examined, found, skipped, suppression, weightiest } from './wording.ts';

const COLOURS = { critical: '1;31', high: '31', medium: '33', low: '36', dim: '2', bold: '1', good: '32' } as const;

/** For people: the line with the secret masked and underlined, why, and what to do next. */
export const text: Reporter = {
  name: 'text',
  title: 'for people',
  start: (context) => ({
    finding: (finding) => (finding.suppressedBy !== undefined && !context.showSuppressed ? '' : block(finding, context)),
    end(summary) {
      const lines = summary.skipped.map((group) => {
        const paths = group.paths.map(safe).join(', ');
        return `  not ${group.incomplete ? 'examined' : 'fully examined'}: ${skipped(group)}${paths === '' ? '' : ` (${paths})`}`;
      });
      lines.push(...summary.notices.map((notice) => `  note: ${safe(notice)}`));
      const colour = summary.blocking > 0 ? 'high' : summary.incomplete ? 'medium' : 'good';
      const head = `keepmum: ${found(summary)} in ${examined(summary)}, ${duration(summary.elapsed)}`;
      if (summary.blocking > 0) {
        lines.push(
          '  Take the secret out of the code and rotate it if it was ever shared.',
          '  Not a secret? Put the comment `keepmum:allow` with a reason on its line.',
        );
      }
      return `${[paint(head, colour, context), ...lines].join('\n')}\n`;
    },
  }),
};

function block(finding: Finding, context: ReportContext): string {
  const { text: line, start, end } = narrow(finding.excerpt, Math.max(20, context.width - 4));
  const marks = ' '.repeat(displayWidth(line.slice(0, start))) + '^'.repeat(Math.max(1, displayWidth(line.slice(start, end))));
  const state =
    finding.suppressedBy === undefined ? (context.blocks(finding) ? '' : ', does not block') : `, suppressed: ${suppression(finding)}`;
  const reasons = weightiest(finding.reasons, 3).map((reason) => safe(reason.text));
  const { advice } = finding;
  return [
    `${paint(finding.severity, finding.severity, context)}  ${paint(safe(finding.title), 'bold', context)} (${finding.confidence}${safe(state)})`,
    `  ${safe(finding.path)}:${finding.line}:${finding.column}${finding.commit === undefined ? '' : ` in ${finding.commit.slice(0, 12)}`}`,
    `    ${line}`,
    `    ${paint(marks, finding.severity, context)}`,
    ...(reasons.length === 0 ? [] : [`  why: ${reasons.join('; ')}`]),
    `  do:  ${safe(advice.text)}${advice.rotate === undefined ? '' : ` ${safe(advice.rotate)}`}`,
    paint(`  ${finding.rule}  ${finding.fingerprint}`, 'dim', context),
    '',
    '',
  ].join('\n');
}

function paint(words: string, colour: keyof typeof COLOURS, { colour: on }: ReportContext): string {
  return on ? `\u001b[${COLOURS[colour]}m${words}\u001b[0m` : words;
}
