import type { Suppressor } from './suppressor.ts';

/** Fingerprints of gitleaks that a repository ignores, in its root. */
export const GITLEAKS_IGNORE = '.gitleaksignore';

/**
 * `path:rule:line` or `commit:path:rule:line`, one a line, `#` for comments.
 * Format: https://github.com/gitleaks/gitleaks#gitleaksignore. Their rules are not ours, so that path and
 * line decide; an entry with a commit counts for a finding of that commit.
 */
export function gitleaksIgnore(text: string): Suppressor {
  const places = new Map<string, { readonly number: number; readonly commit: string | undefined }[]>();
  text.split('\n').forEach((raw, index) => {
    const line = raw.trim();
    const parts = /^(?:([0-9a-f]{40}|[0-9a-f]{64}):)?(.+):[^:]+:(\d+)$/.exec(line);
    if (line.startsWith('#') || parts === null) return;
    const key = `${parts[3]}:${parts[2]}`;
    const list = places.get(key) ?? [];
    list.push({ number: index + 1, commit: parts[1] });
    places.set(key, list);
  });
  return {
    name: 'gitleaks-ignore',
    suppress(_match, { path, line, commit }) {
      const entry = places
        .get(`${line}:${path}`)
        ?.find((candidate) => candidate.commit === undefined || candidate.commit === commit);
      return entry && { by: 'foreign', where: `${GITLEAKS_IGNORE}:${entry.number}` };
    },
  };
}
