import { counted, el, table, type Child } from './dom.ts';
import { tag } from './marks.ts';
import type { Model } from './model.ts';
import { sourceList } from './panel.ts';

/** The parts of the page that do not change: what is told first, problems, and what was looked at. */

/** What somebody with three minutes has to know. */
export function headline(model: Model): HTMLElement {
  const { secrets, assistants, repository, made, version } = model.data;
  const asked = model.inUse.length > 0 ? model.inUse : model.all;
  const of = model.inUse.length > 0 ? 'in use here' : 'known; none has left marks here';
  const widest = secrets.map((_, secret) => model.data.verdicts[model.widest(secret, asked)]?.id);
  const freely = widest.filter((id) => id === 'visible' || id === 'unknown').length;
  const effort = widest.filter((id) => id === 'reachable').length;
  const isOpen = (secret: number): boolean => model.isOpen(model.widest(secret, asked));
  const open = [...secrets.keys()].filter(isOpen);
  const seeing = asked.filter((assistant) =>
    open.some((secret) => model.isOpen(model.verdict(secret, assistant))),
  ).length;
  const closable = open.filter((secret) => asked.some((assistant) => model.cell(secret, assistant).isClosable)).length;
  const critical = open.filter((secret) => model.secret(secret).severity === 'critical').length;
  const production = open.filter((secret) => model.secret(secret).power.stage === 'production').length;
  const figures: [string, number, string][] = [
    [freely > 0 ? 'bad' : '', freely, 'visible, or not known'],
    [effort > 0 ? 'warn' : '', effort, 'reachable with effort'],
    ['', critical, 'critical, within reach'],
    ['', production, 'production, within reach'],
    // None: that no setting could is not said by that.
    ...(closable > 0 ? [['', closable, 'that a setting would close'] as [string, number, string]] : []),
  ];
  return el(
    'header',
    { class: 'headline' },
    el('p', { class: 'brand' }, 'keepmum', el('span', {}, ' exposure map')),
    el('h1', {}, repository),
    secrets.length === 0
      ? el('p', { class: 'lead' }, 'No secret was found. What was looked at stands below.')
      : assistants.length === 0
        ? el('p', { class: 'lead' }, `${counted(secrets.length, 'secret')}, and no assistant was looked at.`)
        : el(
            'p',
            { class: 'lead' },
            el('strong', {}, `${open.length.toLocaleString('en')} of ${counted(secrets.length, 'secret')}`),
            ` ${open.length === 1 ? 'is' : 'are'} within reach of `,
            el('strong', {}, `${seeing.toLocaleString('en')} of ${counted(asked.length, 'assistant')}`),
            ` ${of}.`,
          ),
    secrets.length > 0 &&
      assistants.length > 0 &&
      el(
        'ul',
        { class: 'figures' },
        ...figures.map(([kind, figure, text]) =>
          el('li', { class: kind }, el('strong', {}, figure.toLocaleString('en')), el('span', {}, text)),
        ),
      ),
    changed(model),
    completeness(model),
    el(
      'p',
      { class: 'quiet' },
      `Made ${dateText(made)} by keepmum ${version}. ${counted(assistants.length, 'assistant')} looked at. This page holds no secret: values are masked.`,
    ),
  );
}

/** What was compared, and what came of it. */
function changed({ data: { changes } }: Model): HTMLElement | undefined {
  if (changes === undefined) return undefined;
  const { since, all } = changes;
  const count = new Set(all.map(({ secret }) => secret)).size;
  const text = count === 0 ? 'nothing is newly open' : `${counted(count, 'secret')} newly open, or wider than before`;
  return el('p', { class: 'changed' }, 'Compared with ', el('code', {}, since), `: ${text}.`);
}

/** Never clean of what was not examined. */
function completeness(model: Model): HTMLElement {
  const { incomplete, interrupted, skipped, files } = model.data;
  const missing = skipped.filter((group) => group.incomplete).reduce((sum, { count }) => sum + count, 0);
  const others = skipped.filter((group) => !group.incomplete).reduce((sum, { count }) => sum + count, 0);
  const left = others > 0 ? ` ${counted(others, 'item')} left out or examined in part, by design.` : '';
  const isWhole = !incomplete && interrupted !== true;
  const text = isWhole
    ? `${counted(files, 'file')} examined; all that was asked for.`
    : interrupted === true
      ? 'Incomplete: it was ended before its time. What had not been reached by then is missing.'
      : `Incomplete: ${missing > 0 ? `${counted(missing, 'item')} could not be examined.` : 'not all that was asked for could be examined.'}`;
  return el(
    'p',
    { class: isWhole ? 'completeness' : 'completeness incomplete', role: isWhole ? undefined : 'note' },
    el('span', { class: 'sign', 'aria-hidden': 'true' }, isWhole ? '✓' : '!'),
    el('span', {}, text, left, ' ', el('a', { href: '#coverage', 'data-jump': 'coverage' }, 'What was looked at')),
  );
}

export function problemList(model: Model): HTMLElement {
  const { problems, assistants } = model.data;
  const nameOf = new Map(assistants.map(({ id, name }) => [id, name]));
  return el(
    'section',
    { id: 'problems', 'aria-labelledby': 'problems-title' },
    el('h2', { id: 'problems-title' }, 'Problems of the settings', el('small', {}, String(problems.length))),
    problems.length === 0
      ? el('p', { class: 'quiet' }, 'None: no file and no setting was met that does less than it seems to.')
      : el(
          'ul',
          { class: 'problems' },
          ...problems.map(({ rule, assistant, file, line, text, fix, sources }) =>
            el(
              'li',
              {},
              el(
                'p',
                { class: 'what' },
                el('code', {}, line === undefined ? file : `${file}:${line}`),
                tag(rule.replace(/^assistant-/, '')),
                assistant !== undefined && el('span', { class: 'quiet' }, nameOf.get(assistant) ?? assistant),
              ),
              el('p', {}, text),
              el('p', { class: 'fix' }, fix),
              sourceList(model.data, sources),
            ),
          ),
        ),
  );
}

export function coverage(model: Model): HTMLElement {
  const { files, bytes, elapsed, skipped, notices, assistants } = model.data;
  const settings = new Map<string, string[]>();
  for (const { name, settings: read } of assistants) {
    for (const { file } of read) settings.set(file, [...new Set([...(settings.get(file) ?? []), name])]);
  }
  const groups = skipped.map(({ text, count, incomplete, paths }): Child[] => [
    text,
    count.toLocaleString('en'),
    incomplete ? tag('not examined', 'warn') : 'by design',
    paths.join(', '),
  ]);
  const old = assistants.filter(({ isOld }) => isOld);
  const others = old.filter(({ inUse }) => !inUse).length;
  const oldOnes = [
    ...old.filter(({ inUse }) => inUse).map(({ name, verifiedAt }) => `${name} (${verifiedAt})`),
    ...(others > 0 ? [`${counted(others, 'assistant')} not in use`] : []),
  ];
  const told = [
    ...notices,
    ...(old.length > 0 ? [`What is known is older than 120 days of: ${oldOnes.join(', ')}.`] : []),
  ];
  return el(
    'section',
    { id: 'coverage', 'aria-labelledby': 'coverage-title' },
    el('h2', { id: 'coverage-title', tabindex: -1 }, 'What was looked at'),
    el('p', {}, `${counted(files, 'file')}, ${sizeText(bytes)}, in ${(elapsed / 1000).toFixed(1)} s.`),
    told.length > 0 && el('ul', { class: 'notices' }, ...told.map((text) => el('li', {}, text))),
    groups.length === 0
      ? el('p', { class: 'quiet' }, 'Nothing was left out.')
      : table('What was not examined', ['what', 'how many', 'why', 'such as'], groups),
    settings.size > 0 && el('h3', {}, 'Settings and ignore files that were read'),
    settings.size > 0 &&
      table(
        'Settings and ignore files that were read',
        ['file', 'by'],
        [...settings].map(([file, names]) => [el('code', {}, file), names.join(', ')]),
      ),
  );
}

function dateText(made: string): string {
  const date = new Date(made);
  return Number.isNaN(date.getTime()) ? made : date.toISOString().slice(0, 16).replace('T', ' ') + ' UTC';
}

function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${(bytes / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step] ?? 'B'}`;
}
