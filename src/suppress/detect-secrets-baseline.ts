import { createHash } from 'node:crypto';
import type { Suppressor } from './suppressor.ts';

/** The baseline of detect-secrets, in the root of a repository. */
export const DETECT_SECRETS_BASELINE = '.secrets.baseline';

/**
 * `results`: by file name, entries with the SHA-1 of the value. An entry that was audited as a real secret
 * suppresses nothing. Format: https://github.com/Yelp/detect-secrets
 * @returns `undefined` where the text is no such file
 */
export function detectSecretsBaseline(text: string): Suppressor | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  const results = field(document, 'results');
  if (typeof results !== 'object' || results === null) return undefined;
  const known = new Set<string>();
  for (const [path, entries] of Object.entries(results as Readonly<Record<string, unknown>>)) {
    if (!Array.isArray(entries)) continue;
    for (const entry of entries as unknown[]) {
      const hash = field(entry, 'hashed_secret');
      if (typeof hash === 'string' && field(entry, 'is_secret') !== true) known.add(keyOf(path, hash));
    }
  }
  return {
    name: 'detect-secrets-baseline',
    suppress: ({ secret }, { path }) =>
      known.has(keyOf(path, createHash('sha1').update(secret).digest('hex')))
        ? { by: 'foreign', where: DETECT_SECRETS_BASELINE }
        : undefined,
  };
}

function keyOf(path: string, hash: string): string {
  return `${hash.toLowerCase()}:${path.replaceAll('\\', '/').replace(/^\.\//, '')}`;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
