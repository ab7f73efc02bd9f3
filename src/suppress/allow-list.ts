import picomatch from 'picomatch';
import type { AllowedFindings } from '../config/config.ts';
import type { Suppressor } from './suppressor.ts';

/** `allow.findings` of the settings. */
export function allowList(entries: readonly AllowedFindings[]): Suppressor {
  const ready = entries.map(({ rules, paths, reason }, index) => ({
    rules: rules === undefined ? undefined : new Set(rules),
    fits: paths === undefined ? undefined : picomatch([...paths], { dot: true }),
    suppression: { by: 'allow-list' as const, where: `allow.findings[${index}]`, reason },
  }));
  return {
    name: 'allow-list',
    suppress: (_match, { rule, path }) =>
      ready.find((entry) => (entry.rules?.has(rule) ?? true) && (entry.fits?.(path) ?? true))?.suppression,
  };
}
