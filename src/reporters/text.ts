import type { Finding, Summary } from '../core/finding.ts';
import { narrow } from '../core/redact.ts';
import { displayWidth, safe, wrap } from '../core/terminal-text.ts';
import { painter, type Style } from './painting.ts';
import type { ReportContext, Reporter } from './reporter.ts';
import {
  count,
  duration,
  examined,
  found,
  grouped,
  notExamined,
  because,
  paired,
  provenance,
  suppression,
} from './wording.ts';

/** Narrower terminals wrap by themselves; wider ones get lines that an eye can follow. */
const NARROWEST = 36;
const WIDEST_PROSE = 120;
/** Of one rule in one file, so many are shown in full: a generated file must not push the rest off the screen. */
const ALIKE = 5;
/** Kinds of findings that are named at the end where they are not shown in full. */
const MOST_GROUPS = 20;

/** For people: the line with the secret masked and underlined, why, and what to do next. */
export const text: Reporter = {
  name: 'text',
  title: 'for people',
  tellsSummary: true,
  start(context) {
    const shown = new Shown(context);
    let only: Finding | undefined;
    return {
      finding(finding) {
        if (finding.suppressedBy !== undefined && !context.showSuppressed) return '';
        if (context.blocks(finding)) only = finding;
        return shown.takes(finding) ? inert(block(finding, context)) : '';
      },
      end: (summary) => inert([...shown.rest(), ...ending(summary, only, context)].map((line) => `${line}\n`).join('')),
    };
  },
};

function block(finding: Finding, context: ReportContext): string {
  const paint = painter(context);
  const width = Math.max(NARROWEST, context.width);
  const number = String(finding.line);
  const { text: line, start, end } = narrow(finding.excerpt, width - number.length - 5);
  const marks = '^'.repeat(Math.max(1, displayWidth(line.slice(start, end))));
  const masked = line.slice(0, start) + paint(finding.severity, line.slice(start, end)) + line.slice(end);
  const lead = `${' '.repeat(number.length)} |`;
  const more = [
    finding.endLine === finding.line ? '' : ` to line ${finding.endLine}`,
    finding.commit === undefined ? '' : ` in ${finding.commit.slice(0, 12)}`,
  ].join('');
  const { advice, identity } = finding;
  // A public half is the account as well.
  const isTold = identity.pair?.some(({ value }) => value === identity.account) === true;
  const about = [
    isTold ? undefined : identity.account,
    ...paired(finding),
    identity.expires === undefined ? undefined : `expires ${identity.expires}`,
  ];
  const facts = about.filter((part) => part !== undefined).map(safe);
  return [
    `${paint(finding.severity, finding.severity)}  ${paint('bold', safe(finding.title))} (${state(finding, context)})`,
    `  at ${paint('place', `${safe(finding.path)}:${finding.line}:${finding.column}`)}${more}`,
    `  ${paint('dim', `${number} |`)} ${masked}`,
    `  ${paint('dim', lead)} ${' '.repeat(displayWidth(line.slice(0, start)))}${paint(finding.severity, marks)}`,
    ...labelled('why  ', safe(because(finding.reasons)), width),
    ...labelled('whose', facts.join(', '), width),
    ...labelled('when ', safe(provenance(finding)), width),
    ...labelled('do   ', safe(advice.text), width),
    ...(advice.rotate === undefined ? [] : [`        ${safe(advice.rotate)}`]),
    paint('dim', `  ${finding.rule}  ${finding.fingerprint}`),
    '',
    '',
  ].join('\n');
}

function state(finding: Finding, context: ReportContext): string {
  if (finding.suppressedBy !== undefined) return safe(`${finding.confidence}, suppressed: ${suppression(finding)}`);
  return context.blocks(finding) ? finding.confidence : `${finding.confidence}, does not block`;
}

function labelled(label: string, prose: string, width: number): string[] {
  if (prose === '') return [];
  const lines = wrap(prose, Math.min(width, WIDEST_PROSE) - 8);
  return lines.map((line, index) => `  ${index === 0 ? label : '     '} ${line}`);
}

/** What was found, what was looked at and what was not, and what to do; one line where all is well, none for a message. */
function ending(summary: Summary, only: Finding | undefined, context: ReportContext): string[] {
  const paint = painter(context);
  const width = Math.min(Math.max(NARROWEST, context.width), WIDEST_PROSE);
  const sentence = (words: string, style?: Style): string[] =>
    wrap(words, width - 4).map((line, index) => {
      const whole = `${index === 0 ? '  ' : '    '}${line}`;
      return style === undefined ? whole : paint(style, whole);
    });
  // A commit has had its line from the pre-commit hook.
  if (
    summary.source === 'commit-message' &&
    summary.findings + summary.suppressed + summary.skipped.length + summary.notices.length === 0
  ) {
    return [];
  }
  const nothing = summary.files + summary.findings + summary.suppressed + summary.skipped.length === 0;
  const notices = summary.notices.map(safe);
  const why = nothing && notices.length > 0 ? notices.splice(0, 1).join('') : 'nothing to examine';
  const where = nothing ? ` (${why})` : ` in ${examined(summary)}`;
  const head = `keepmum: ${found(summary)}${where}, ${duration(summary.elapsed)}`;
  const lines = [paint(summary.blocking > 0 ? 'high' : summary.incomplete ? 'warn' : 'good', head)];
  for (const group of summary.skipped)
    lines.push(...sentence(notExamined(group), group.incomplete ? 'warn' : undefined));
  for (const notice of notices) lines.push(...sentence(`note: ${notice}`));
  if (summary.blocking === 0 && summary.incomplete && summary.interrupted !== true) {
    lines.push(
      ...sentence(
        'Incomplete: this is not a clean result. Make that readable, or leave its path out with allow.paths of .keepmum.yaml.',
        'warn',
      ),
    );
  }
  if (summary.blocking > 0) {
    const one = summary.blocking === 1 && only !== undefined ? only : undefined;
    lines.push(
      ...sentence('Take the value out. Where others may have seen it, it is no secret any more: rotate it first.'),
      ...sentence('Not a secret? Say why, in a comment on its line:'),
      `    keepmum:allow ${one?.rule ?? 'RULE'} REASON`,
      '  or as an exception:',
      `    keepmum allow ${one?.fingerprint ?? 'FINGERPRINT'} --reason REASON --expires DATE`,
    );
  }
  return lines;
}

/** Chooses what is shown in full, and names the rest at the end. */
class Shown {
  readonly #context: ReportContext;
  readonly #alike = new Map<string, number>();
  readonly #hidden = new Map<string, { first: Finding; last: Finding; count: number }>();
  readonly #full = { blocking: 0, other: 0 };

  constructor(context: ReportContext) {
    this.#context = context;
  }

  takes(finding: Finding): boolean {
    const { max = 0, blocks } = this.#context;
    if (max === 0) return true;
    const kind = blocks(finding) ? 'blocking' : 'other';
    const key = [kind, finding.rule, finding.confidence, finding.path].join('\0');
    const alike = this.#alike.get(key) ?? 0;
    if (alike < ALIKE && this.#full[kind] < max) {
      this.#alike.set(key, alike + 1);
      this.#full[kind]++;
      return true;
    }
    const group = this.#hidden.get(key);
    if (group === undefined) this.#hidden.set(key, { first: finding, last: finding, count: 1 });
    else {
      group.last = finding;
      group.count++;
    }
    return false;
  }

  rest(): string[] {
    if (this.#hidden.size === 0) return [];
    const { blocks } = this.#context;
    const groups = [...this.#hidden.values()].toSorted((a, b) => Number(blocks(b.first)) - Number(blocks(a.first)));
    const total = groups.reduce((sum, group) => sum + group.count, 0);
    const named = groups.slice(0, MOST_GROUPS).map(({ first, last, count: number }) => {
      const lines = first.line === last.line ? `line ${first.line}` : `lines ${first.line} to ${last.line}`;
      return `  ${grouped(number)} × ${safe(first.title)} (${state(first, this.#context)}) in ${safe(first.path)}, ${lines}`;
    });
    const left = groups.slice(MOST_GROUPS).reduce((sum, group) => sum + group.count, 0);
    return [
      `${count(total, 'more finding')}, not shown in full; --max 0 shows every one, --format json lists them:`,
      ...named,
      ...(left === 0 ? [] : [`  and ${grouped(left)} more in other places`]),
      '',
    ];
  }
}

/** Log viewers of CI systems take a line that begins with `::` as a command of theirs, wherever it came from. */
function inert(lines: string): string {
  // oxlint-disable-next-line no-control-regex -- our own colours stand before the text
  return lines.replace(/^((?:[ \t]|\u001b\[[\d;]*m)*):(?=:)/gm, String.raw`$1\x3a`);
}
