import { el } from './dom.ts';

/** How verdicts look and what they are called: a shape, a letter and a colour (of `page.css`), so that no one of them has to be told apart alone. */
const LOOKS: Readonly<Record<string, { readonly letter: string; readonly name: string }>> = {
  visible: { letter: 'V', name: 'visible' },
  unknown: { letter: '?', name: 'unknown' },
  reachable: { letter: 'R', name: 'with effort' },
  blocked: { letter: 'B', name: 'blocked' },
  'not-applicable': { letter: '–', name: 'does not apply' },
};

/** The sign of a verdict; for eyes only. */
export function mark(id: string): HTMLElement {
  return el('span', { class: `mark ${id}`, 'aria-hidden': 'true' }, letterOf(id));
}

export function letterOf(id: string): string {
  return LOOKS[id]?.letter ?? '';
}

export function verdictName(id: string): string {
  return LOOKS[id]?.name ?? id;
}

/** What stands in narrow cells. */
const CHANNEL_NAMES: Readonly<Record<string, readonly [short: string, long: string]>> = {
  index: ['idx', 'index'],
  read: ['read', 'read'],
  search: ['srch', 'search'],
  shell: ['sh', 'shell'],
  'shell-sandboxed': ['box', 'sandbox'],
  'git-history': ['git', 'git'],
  editor: ['edit', 'editor'],
  mention: ['@', 'mention'],
  env: ['env', 'env'],
  import: ['imp', 'import'],
};

export function channelName(id: string, isNarrow: boolean): string {
  return CHANNEL_NAMES[id]?.[isNarrow ? 0 : 1] ?? id;
}

/** A word in a frame, coloured by its class. */
export function tag(text: string, kind: string = ''): HTMLElement {
  return el('span', { class: `tag ${kind}` }, text);
}

/** `[verdict] name`. */
export function verdictTag(id: string): HTMLElement {
  return el('span', { class: 'verdict' }, mark(id), el('span', {}, verdictName(id)));
}
