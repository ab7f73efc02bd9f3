import { credentialName } from '../core/credential-name.ts';
import type { ExposedSecret } from './exposure-map.ts';

/** Variables of these names, in lower case, hold what opens nothing by itself. */
const NO_SECRET = new Set([
  'ssh_auth_sock',
  'gpg_agent_info',
  'xauthority',
  'session_manager',
  'git_askpass',
  'ssh_askpass',
]);

/**
 * The variables of the environment whose names tell of a credential. Only names are looked at: what they hold is
 * not known, so they are no more than possible.
 * @param providers their names, to tell whose a variable is by how it begins
 */
export function variablesOf(names: readonly string[], providers: readonly string[]): ExposedSecret[] {
  return names
    .filter((name) => !NO_SECRET.has(name.toLowerCase()) && isCredential(name))
    .toSorted()
    .map((name) => {
      const provider = providerOf(name, providers) ?? 'Generic';
      const identity = {
        class: 'variable',
        type: 'unknown',
        grants: 'what its value opens; only the name was looked at',
        lifetime: 'unknown',
      };
      return {
        id: `env:${name}`,
        rule: 'environment-variable',
        title: 'Variable of the environment',
        severity: 'medium',
        confidence: 'possible',
        preview: name,
        identity,
        power: { provider, grants: identity.grants, stage: 'unknown', lifetime: 'unknown' },
        advice: 'Start the assistant without it, or hand it to the one command that needs it.',
        places: [{ standing: 'environment', path: name, isInHistory: false }],
      };
    });
}

function isCredential(name: string): boolean {
  const kind = credentialName(name);
  return kind !== undefined && kind !== 'bare-key';
}

/** The provider with the longest name that a variable begins with: `GITHUB_TOKEN`, `HUGGING_FACE_HUB_TOKEN`. */
function providerOf(name: string, providers: readonly string[]): string | undefined {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  let found: string | undefined;
  for (const provider of providers) {
    const start = provider.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
    if (start.length < 3 || !plain.startsWith(start)) continue;
    if (found === undefined || provider.length > found.length) found = provider;
  }
  return found;
}
