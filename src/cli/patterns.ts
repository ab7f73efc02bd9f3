import type { CompiledPatterns, RuleDetails } from '../rules/compiled.ts';

/** The compiled rules, loaded when first asked for. */
export async function loadPatterns(): Promise<CompiledPatterns> {
  return (await import('#patterns/index')).default;
}

/** What is shown of the rules, by id; a run that finds nothing never loads it. */
export async function loadDetails(): Promise<Readonly<Record<string, RuleDetails | undefined>>> {
  return (await import('#patterns/details')).default;
}
