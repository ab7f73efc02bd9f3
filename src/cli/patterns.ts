import type { RuleDetails } from '../rules/compiled.ts';

/** The compiled rules; each part is read when first asked for. */
export { default as patterns } from '#patterns/index';

/** What is shown of the rules, by id; a run that finds nothing never loads it. */
export async function loadDetails(): Promise<Readonly<Record<string, RuleDetails | undefined>>> {
  return (await import('#patterns/details')).default;
}
