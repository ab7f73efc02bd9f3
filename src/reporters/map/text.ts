import { displayWidth, fit, safe, wrap } from '../../core/terminal-text.ts';
import type { Cell, ExposedSecret, ExposureMap, MappedAssistant, Verdict } from '../../exposure/exposure-map.ts';
import { count, duration, notExamined } from '../wording.ts';
import { painter, type Paint } from '../painting.ts';
import type { MapContext, MapReporter } from './map-reporter.ts';
import { cellWord, grantsOf, headline, openCount, placeName, placesOf, proofOf, STANDING_WORDS } from './wording.ts';

const NARROWEST = 60;
const WIDEST = 160;
/** Columns of a cell, the space behind it included. */
const CELL = 9;
/** Columns in which a secret is told, at least. */
const LABEL = 34;
/** Assistants that are shown where none has left marks. */
const SOME = 5;
/** Kinds of privileges of one assistant that are told. */
const MOST_PRIVILEGES = 8;

const VERDICT_STYLE = {
  visible: 'high',
  unknown: 'medium',
  reachable: 'medium',
  blocked: 'good',
  'not-applicable': 'dim',
} as const satisfies Readonly<Record<Verdict, Parameters<Paint>[0]>>;

/** For people: the matrix, what each assistant could do, what is wrong with settings, what to do. */
export const text: MapReporter = {
  name: 'text',
  title: 'for people',
  write(map, context) {
    const paint = painter(context);
    const width = Math.min(WIDEST, Math.max(NARROWEST, context.width));
    const shown = map.assistants.filter(({ inUse }) => inUse);
    const assistants = shown.length > 0 ? shown : map.assistants.slice(0, SOME);
    const lines = [
      ...sentences(`keepmum: ${safe(map.repository)}: ${headline(map)}`, width, ''),
      '',
      ...changes(map, paint, width),
      ...(map.secrets.length === 0 ? [] : matrix(map, assistants, context, paint, width)),
      ...(context.long
        ? details(map, assistants, paint, width)
        : alike(assistants).flatMap((group) => privileges(group, paint, width))),
      ...problems(map, paint, width),
      ...ending(map, paint, width),
    ];
    return lines.map((line) => `${line.trimEnd()}\n`).join('');
  },
};

function matrix(
  map: ExposureMap,
  assistants: readonly MappedAssistant[],
  { max }: MapContext,
  paint: Paint,
  width: number,
): string[] {
  const secrets = max === 0 ? map.secrets : map.secrets.slice(0, max);
  const perBlock = Math.max(1, Math.floor((width - LABEL) / CELL));
  const lines: string[] = [];
  for (let from = 0; from < assistants.length; from += perBlock) {
    const block = assistants.slice(from, from + perBlock);
    const label = width - block.length * CELL;
    lines.push(...heads(block, label, paint));
    for (const [index, secret] of secrets.entries()) lines.push(...row(secret, index, block, label, paint));
    const open = block.map((one) => String(openCount(one).open).padEnd(CELL));
    lines.push(paint('bold', `${'could be read'.padEnd(label)}${open.join('')}`.trimEnd()), '');
  }
  if (secrets.length < map.secrets.length) {
    lines.push(`  and ${count(map.secrets.length - secrets.length, 'more secret')}; --max 0 shows every one`, '');
  }
  lines.push(
    ...sentences(
      'A word names the channel that opens a secret; ? is not known and counts as visible; ~ takes effort: a parameter, a path, a prompt; - is not there.',
      width,
      '  ',
      paint,
    ),
    '',
  );
  return lines;
}

/** Names of assistants in as many lines as the longest needs. */
function heads(block: readonly MappedAssistant[], label: number, paint: Paint): string[] {
  const names = block.map(({ name }) =>
    wrap(safe(name.replace(/^GitHub /, '')), CELL - 1).map((line) => fit(line, CELL - 1)),
  );
  const tall = Math.max(...names.map(({ length }) => length));
  return Array.from({ length: tall }, (_, line) => {
    const cells = names.map((name) => padded(name[line - tall + name.length] ?? '', CELL));
    return paint(
      'bold',
      `${line === tall - 1 ? 'secret'.padEnd(label) : ' '.repeat(label)}${cells.join('')}`.trimEnd(),
    );
  });
}

function row(
  secret: ExposedSecret,
  index: number,
  block: readonly MappedAssistant[],
  label: number,
  paint: Paint,
): string[] {
  const title = fit(safe(secret.title), label - 10);
  const cells = block.map(({ cells: all }) => cellOf(all[index], paint));
  return [
    `${paint(secret.severity, secret.severity.padEnd(8))} ${padded(title, label - 9)}${cells.join('')}`,
    paint('dim', `         ${fit(safe(placesOf(secret)), label + block.length * CELL - 10, 'start')}`),
  ];
}

function cellOf(cell: Cell | undefined, paint: Paint): string {
  if (cell === undefined) return ' '.repeat(CELL);
  const word = cellWord(cell);
  return paint(VERDICT_STYLE[cell.verdict], word) + ' '.repeat(CELL - word.length);
}

/** Assistants that could use the same, in their order. */
function alike(assistants: readonly MappedAssistant[]): (readonly [MappedAssistant, ...MappedAssistant[]])[] {
  const groups = new Map<string, [MappedAssistant, ...MappedAssistant[]]>();
  for (const one of assistants) {
    const key = JSON.stringify([one.privileges, openCount(one)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function privileges(group: readonly [MappedAssistant, ...MappedAssistant[]], paint: Paint, width: number): string[] {
  const [first] = group;
  const { privileges: all } = first;
  if (all.length === 0) return [];
  const { open, effort } = openCount(first);
  const names = group.map(({ name }) => name);
  const who = names.length === 1 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
  const lines = sentences(
    safe(
      `With what ${who} could read, it could use (${count(open, 'secret')}${effort === 0 ? '' : `, ${effort} of them with effort`}):`,
    ),
    width,
    '',
  );
  for (const { name, isOld, verifiedAt } of group) {
    if (isOld)
      lines.push(
        ...sentences(safe(`What is known of ${name} is of ${verifiedAt}, and may have changed.`), width, '  '),
      );
  }
  for (const privilege of all.slice(0, MOST_PRIVILEGES)) {
    const { provider, holder, stage, lifetime, severity, places } = privilege;
    const about = [
      stage === 'unknown' ? undefined : stage,
      lifetime === 'unknown' ? undefined : `${lifetime}-lived`,
      count(places, 'place'),
    ].filter((part) => part !== undefined);
    const whose = safe(holder === undefined ? provider : `${provider} ${holder}`);
    const told = wrap(`${whose}: ${safe(grantsOf(privilege))} (${about.join(', ')})`, width - 12);
    lines.push(
      ...told.map((line, at) => `  ${at === 0 ? paint(severity, severity.padEnd(8)) : ' '.repeat(8)}  ${line}`),
    );
  }
  if (all.length > MOST_PRIVILEGES) lines.push(`  and ${count(all.length - MOST_PRIVILEGES, 'more kind')} of them`);
  return [...lines, ''];
}

/** Every channel of every secret. */
function details(map: ExposureMap, assistants: readonly MappedAssistant[], paint: Paint, width: number): string[] {
  return map.secrets.flatMap((secret, index) => [
    `${paint(secret.severity, secret.severity)}  ${paint('bold', safe(secret.title))} ${safe(secret.preview)}  ${paint('dim', secret.id)}`,
    ...secret.places.map(
      (place) => `  at ${paint('place', safe(placeName(place)))} (${STANDING_WORDS[place.standing]})`,
    ),
    ...sentences(`grants ${secret.power.grants}`, width, '  '),
    ...assistants.flatMap(({ name, cells }) => {
      const cell = cells[index];
      if (cell === undefined) return [];
      return [
        `  ${paint('bold', safe(name))}: ${paint(VERDICT_STYLE[cell.verdict], cell.verdict)}`,
        ...cell.channels
          .filter(({ verdict }) => verdict !== 'not-applicable')
          .flatMap(({ channel, verdict, reason }) => {
            const why = map.reasons[reason];
            if (why === undefined) return [];
            const [first = '', ...rest] = wrap(safe(`${why.text} (${proofOf(why)})`), width - 30);
            const head = `    ${channel.padEnd(15)} ${paint(VERDICT_STYLE[verdict], verdict.padEnd(9))} `;
            return [head + first, ...rest.map((line) => ' '.repeat(30) + line)];
          }),
      ];
    }),
    '',
  ]);
}

/** What is newly open to assistants in use. */
function changes({ changes: told, secrets, assistants }: ExposureMap, paint: Paint, width: number): string[] {
  if (told === undefined) return [];
  const used = new Map(assistants.filter(({ inUse }) => inUse).map((one) => [one.id, one]));
  const fresh = told.all.filter(({ assistant }) => used.has(assistant));
  if (fresh.length === 0)
    return [...sentences(`Nothing is open that was not so in ${safe(told.since)}.`, width, ''), ''];
  const lines = [paint('bold', `Open, and not so in ${safe(told.since)}:`)];
  for (const index of new Set(fresh.map(({ secret }) => secret))) {
    const secret = secrets[index];
    if (secret === undefined) continue;
    const readers = fresh.flatMap(({ secret: of, assistant, was }) => {
      const reader = used.get(assistant);
      if (of !== index || reader === undefined) return [];
      return [`${reader.name} (${cellWord(reader.cells[index] ?? MISSING)}${was === undefined ? '' : `, was ${was}`})`];
    });
    lines.push(
      `  ${paint(secret.severity, secret.severity.padEnd(8))}  ${safe(secret.title)} at ${safe(placesOf(secret))}`,
    );
    lines.push(...sentences(safe(readers.join(', ')), width, '            '));
  }
  return [...lines, ''];
}

const MISSING: Cell = { verdict: 'not-applicable', channels: [] };

function problems({ problems: all }: ExposureMap, paint: Paint, width: number): string[] {
  if (all.length === 0) return [];
  const lines = [paint('bold', 'Problems with settings and files of assistants:')];
  for (const { file, line, text: words, fix } of all) {
    lines.push(`  ${paint('place', fit(safe(line === undefined ? file : `${file}:${line}`), width - 2, 'start'))}`);
    lines.push(...sentences(safe(`${words} Fix: ${fix}.`.replace(/\.\.$/, '.')), width, '    '));
  }
  return [...lines, ''];
}

function ending(map: ExposureMap, paint: Paint, width: number): string[] {
  const lines = [
    ...map.skipped.flatMap((group) =>
      sentences(notExamined(group), width, '  ', group.incomplete ? (_, words) => paint('medium', words) : undefined),
    ),
    ...map.notices.flatMap((notice) => sentences(`note: ${safe(notice)}`, width, '  ')),
    `  looked at ${count(map.files, 'file')} and versions of files, ${duration(map.elapsed)}`,
  ];
  if (map.incomplete) {
    lines.push(
      ...sentences('Incomplete: what could not be read may hold more.', width, '  ', (_, words) =>
        paint('medium', words),
      ),
    );
  }
  if (map.secrets.length > 0) {
    lines.push(
      '',
      ...NEXT.flatMap(([command, words]) => {
        const [first = '', ...rest] = wrap(words, width - NEXT_INDENT);
        return [`  ${command.padEnd(NEXT_INDENT - 2)}${first}`, ...rest.map((line) => ' '.repeat(NEXT_INDENT) + line)];
      }),
    );
  }
  return lines;
}

/** What to do next, and the columns in front of what it does. */
const NEXT: readonly (readonly [command: string, words: string])[] = [
  ['keepmum map --fix', 'what settings could close, as a diff; --yes writes it'],
  ['keepmum map --long', 'every channel, with its reason and its source'],
  ['keepmum map --html FILE', 'a page to look at'],
];
const NEXT_INDENT = 28;

function sentences(words: string, width: number, indent: string, paint: Paint = (_, plain) => plain): string[] {
  return wrap(words, width - indent.length).map((line) => indent + paint('dim', line));
}

function padded(words: string, width: number): string {
  return words + ' '.repeat(Math.max(0, width - displayWidth(words)));
}
