import { fromBase64, isoTime, label } from './bytes.ts';
import type { Proof } from './proof.ts';
import { fact, FAIL, result } from './verdicts.ts';

/** UTF-16 units; longer tokens name more projects than anyone has. */
const MAX_UNITS = 16_384;
/** Caveats that are read. */
const MAX_CAVEATS = 64;

const FIELD = { end: 0, location: 1, identifier: 2, signature: 6 } as const;

interface Macaroon {
  readonly location: string;
  readonly caveats: readonly string[];
}

/** The binary form, version 2: fields of type, length and content, in sections that end in 0. */
function macaroonOf(bytes: Buffer): Macaroon | undefined {
  let at = 1;
  const field = (type: number): Buffer | undefined => {
    if (bytes[at] !== type) return undefined;
    // Lengths above 127 take two bytes, seven bits each, lowest first.
    const low = bytes[at + 1] ?? 0;
    const high = low < 0x80 ? 0 : (bytes[at + 2] ?? 0x80);
    if (high >= 0x80) return undefined;
    const start = at + (low < 0x80 ? 2 : 3);
    const end = start + (low & 0x7f) + high * 128;
    if (end > bytes.length) return undefined;
    at = end;
    return bytes.subarray(start, end);
  };
  const ends = (): boolean => bytes[at] === FIELD.end && ++at > 0;
  if (bytes[0] !== 2) return undefined;
  const location = field(FIELD.location)?.toString('latin1');
  if (location === undefined || field(FIELD.identifier) === undefined || !ends()) return undefined;
  const caveats: string[] = [];
  while (!ends()) {
    const caveat = field(FIELD.identifier);
    if (caveat === undefined || !ends() || caveats.length === MAX_CAVEATS) return undefined;
    caveats.push(caveat.toString('utf8'));
  }
  const signature = field(FIELD.signature);
  return signature?.length === 32 && at === bytes.length ? { location, caveats } : undefined;
}

interface Scope {
  readonly projects?: string | undefined;
  readonly user?: string | undefined;
  readonly expires?: string | undefined;
}

function names(list: unknown): string | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  return label(
    list
      .slice(0, 8)
      .map((name) => label(name) ?? '')
      .join(', '),
  );
}

/** One caveat: `[0, expiry, not before]`, `[1, [project names]]`, `[3, user]`, or the older object. */
function scopeOf(caveat: string): Scope {
  let value: unknown;
  try {
    value = JSON.parse(caveat);
  } catch {
    return {};
  }
  if (Array.isArray(value)) {
    const [kind, first]: readonly unknown[] = value;
    if (kind === 0) return { expires: isoTime(first) };
    if (kind === 1) return { projects: names(first) };
    return kind === 3 ? { user: label(first) } : {};
  }
  const permissions =
    typeof value === 'object' && value !== null && 'permissions' in value ? value.permissions : undefined;
  if (typeof permissions === 'object' && permissions !== null && 'projects' in permissions) {
    return { projects: names(permissions.projects) };
  }
  return {};
}

export const pypiMacaroon: Proof = {
  name: 'pypi-macaroon',
  title: 'decodes to a whole macaroon of the Python package index',
  source: 'https://warehouse.pypa.io/development/token-scanning.html',
  check(secret) {
    if (secret.length > MAX_UNITS || !secret.startsWith('pypi-')) return FAIL;
    const bytes = fromBase64(secret.slice(5));
    const macaroon = bytes && macaroonOf(bytes);
    // The index or its test instance.
    if (macaroon === undefined || !/^(?:test\.)?pypi\.[a-z]{3}$/.test(macaroon.location)) return FAIL;
    const scopes = macaroon.caveats.map(scopeOf);
    const projects = scopes.find((scope) => scope.projects !== undefined)?.projects;
    return result('pass', {
      account: projects ?? scopes.find((scope) => scope.user !== undefined)?.user,
      expires: scopes
        .map((scope) => scope.expires)
        .filter((time) => time !== undefined)
        .toSorted()[0],
      evidence: [fact(projects === undefined ? 'for all projects of its user' : `for the project ${projects}`)],
    });
  },
};
