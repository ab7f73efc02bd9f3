import { createHash } from 'node:crypto';
import { safe } from '../../core/terminal-text.ts';
import type { ExposureMap, MappedAssistant, Verdict } from '../exposure-map.ts';
import page from '#page';
import { pageData } from './pack.ts';

/**
 * The map as one HTML page that needs nothing else: no network, and no script but its own. All of it is text of
 * repositories that may be hostile; it is made safe here, once, and the page shows it as text only. Pure.
 */
export function renderPage(map: ExposureMap): string {
  const data = JSON.stringify(safeTexts(pageData(map)));
  const { style, script } = page;
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<meta name="generator" content="keepmum ${html(map.version)}">`,
    '<link rel="icon" href="data:,">',
    `<title>${html(map.repository)}: exposure map</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    `<noscript>${summary(map)}</noscript>`,
    // In a script element nothing ends the text but `</script`, and `<!--` changes what does.
    `<script type="application/json" id="data">${data.replaceAll('<', String.raw`\u003c`)}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** As a policy names it: https://www.w3.org/TR/CSP3/#grammardef-hash-source */
function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The same value with every text in it made safe to show. */
function safeTexts<Value>(value: Value): Value {
  const visit = (one: unknown): unknown => {
    if (typeof one === 'string') return safe(one);
    if (Array.isArray(one)) return one.map(visit);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, visit(inner)]));
  };
  return visit(value) as Value; // of the same shape
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of the map as HTML, in an element or in an attribute with quotes. */
function html(text: string | number): string {
  return safe(String(text)).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Secrets of which the page without scripts tells. */
const TOP = 25;

/** What is told where no script runs. */
function summary(map: ExposureMap): string {
  const { secrets, assistants } = map;
  const notExamined = map.skipped.map((group) => `${html(group.text)} (${group.count})`);
  return [
    '<main class="plain">',
    `<h1>${html(map.repository)}: exposure map</h1>`,
    `<p>Made ${html(map.made)} by keepmum ${html(map.version)}. ${secrets.length} secrets, ${assistants.length} assistants, ${map.files} files. Without JavaScript this page shows a summary only.</p>`,
    ...(map.incomplete || map.interrupted
      ? ['<p><strong>Incomplete: not all that was asked for was examined.</strong></p>']
      : []),
    ...(notExamined.length > 0 ? [`<p>Not examined: ${notExamined.join('; ')}</p>`] : []),
    '<h2>What each assistant could do</h2>',
    table(
      ['assistant', 'in use', 'visible', 'not known', 'with effort', 'blocked', 'privileges'],
      assistants.map((assistant) => [
        assistant.name,
        assistant.inUse ? 'yes' : 'no',
        ...(['visible', 'unknown', 'reachable', 'blocked'] as const).map((verdict) => count(assistant, verdict)),
        assistant.privileges
          .map(({ provider, grants, secrets: own }) => `${provider} (${own.length}): ${grants.join(', ')}`)
          .join('; '),
      ]),
    ),
    `<h2>${secrets.length > TOP ? `The first ${TOP} secrets` : 'Secrets'}, worst first</h2>`,
    table(
      ['severity', 'secret', 'masked', 'place', 'open to'],
      secrets.slice(0, TOP).map(({ severity, title, preview, places }, index) => [
        severity,
        title,
        preview,
        placeOf(places[0]) + (places.length > 1 ? ` and ${places.length - 1} more` : ''),
        assistants
          .filter(({ cells }) => isOpen(cells[index]?.verdict))
          .map(({ name }) => name)
          .join(', ') || 'none',
      ]),
    ),
    '</main>',
  ].join('\n');
}

function count({ cells }: MappedAssistant, verdict: Verdict): number {
  return cells.filter((cell) => cell.verdict === verdict).length;
}

function isOpen(verdict: Verdict | undefined): boolean {
  return verdict === 'visible' || verdict === 'unknown' || verdict === 'reachable';
}

function placeOf(place: ExposureMap['secrets'][number]['places'][number] | undefined): string {
  if (place === undefined) return '';
  return place.line === undefined ? place.path : `${place.path}:${place.line}`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [
    '<table>',
    `<thead>${tableRow(head, 'th')}</thead>`,
    '<tbody>',
    ...rows.map((cells) => tableRow(cells, 'td')),
    '</tbody>',
    '</table>',
  ].join('\n');
}

function tableRow(cells: readonly (string | number)[], tag: 'th' | 'td'): string {
  return `<tr>${cells.map((cell) => `<${tag}>${html(cell)}</${tag}>`).join('')}</tr>`;
}
