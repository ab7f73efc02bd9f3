import type { Mechanism } from './assistants.ts';

/** Kinds that count without any setting, unless their `default` says otherwise. */
const ON_BY_THEMSELVES: ReadonlySet<Mechanism['kind']> = new Set(['gitignore', 'builtin', 'prompt', 'redaction']);

/** Whether a mechanism keeps something back where nothing is set. */
export function countsByDefault({ kind, default: state }: Mechanism): boolean {
  return state === undefined ? ON_BY_THEMSELVES.has(kind) : state === 'on';
}
