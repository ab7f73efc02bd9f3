import type { Severity } from '../core/finding.ts';

const STYLES = {
  critical: '1;31',
  high: '31',
  medium: '33',
  low: '36',
  dim: '2',
  bold: '1',
  place: '36',
  good: '32',
  warn: '33',
} as const;

export type Style = Severity | keyof typeof STYLES;

/** Words in a style, where colours may be used. */
export type Paint = (style: Style, words: string) => string;

export function painter({ colour }: { readonly colour: boolean }): Paint {
  return colour ? (style, words) => `\u001b[${STYLES[style]}m${words}\u001b[0m` : (_style, words) => words;
}
