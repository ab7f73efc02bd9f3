import type { Evidence } from '../../core/finding.ts';
import { evidence } from '../../core/weights.ts';
import { base64Json, hmacSha256, isoTime, label, MAX_UNITS, type JsonObject } from './bytes.ts';
import type { Proof } from './proof.ts';
import { fact, FAIL, result } from './verdicts.ts';

/** Bytes of a signature; of RSA at least 1024 bits (RFC 7518, section 3.1, and RFC 8037). */
const SIGNATURE_BYTES: ReadonlyMap<string, number> = new Map([
  ['HS256', 32],
  ['HS384', 48],
  ['HS512', 64],
  ['ES256', 64],
  ['ES256K', 64],
  ['ES384', 96],
  ['ES512', 132],
]);

/** Secrets of samples: jwt.io's three, of which libraries' documentation uses the first too, and Supabase's local stack. */
const PUBLISHED_SECRETS = [
  'secret',
  'your-256-bit-secret',
  'a-string-secret-at-least-256-bits-long',
  'super-secret-jwt-token-with-at-least-32-characters-long',
];

/** A token whose header and payload parse and whose signature has the length that its algorithm gives. */
interface Jwt {
  readonly algorithm: string;
  readonly claims: JsonObject;
  readonly isSigned: boolean;
  /** Signed with a secret that is published. */
  readonly isDemo: boolean;
}

function segmentsOf(secret: string): readonly string[] {
  return secret.length <= MAX_UNITS && /^[\w-]+\.[\w-]*\.[\w-]*(?:\.[\w-]+\.[\w-]+)?$/.test(secret)
    ? secret.split('.')
    : [];
}

function jwtOf(secret: string): Jwt | undefined {
  const [head, payload, signature, ...more] = segmentsOf(secret);
  if (head === undefined || payload === undefined || signature === undefined || more.length > 0) return undefined;
  const algorithm = base64Json(head)?.['alg'];
  const claims = base64Json(payload);
  if (typeof algorithm !== 'string' || claims === undefined) return undefined;
  if (algorithm.toLowerCase() === 'none') {
    return signature === '' ? { algorithm, claims, isSigned: false, isDemo: false } : undefined;
  }
  // Decoders pass over bits of the last character that no byte takes; so does this.
  const size = signature.length % 4 === 1 ? 0 : Math.floor((signature.length * 3) / 4);
  const expected = SIGNATURE_BYTES.get(algorithm);
  if (expected === undefined ? size < (/^[RP]S/.test(algorithm) ? 128 : 32) : size !== expected) return undefined;
  const isDemo =
    algorithm === 'HS256' &&
    PUBLISHED_SECRETS.some((key) => hmacSha256(key, `${head}.${payload}`).toString('base64url') === signature);
  return { algorithm, claims, isSigned: true, isDemo };
}

/** Encrypted: five parts, of which the first names a content cipher (RFC 7516). */
function isEncrypted(secret: string): boolean {
  const segments = segmentsOf(secret);
  return segments.length === 5 && typeof base64Json(segments[0] ?? '')?.['enc'] === 'string';
}

/** Of NATS, whose servers ask for a signature with the seed besides. https://docs.nats.io/running-a-nats-service/nats_admin/security/jwt */
function isOfNats({ algorithm }: Jwt): boolean {
  return algorithm === 'ed25519' || algorithm === 'ed25519-nkey';
}

/** Whom the token speaks for. */
function accountOf({ sub, client_id: client, iss }: JsonObject): string | undefined {
  return label(sub) ?? label(client) ?? label(iss);
}

function factsOf({ iss, role, iat }: JsonObject): Evidence[] {
  const issuer = label(iss);
  const named = label(role);
  const issued = isoTime(iat);
  return [
    ...(issuer === undefined ? [] : [fact(`issuer: ${issuer}`)]),
    ...(named === undefined ? [] : [fact(`role: ${named}`)]),
    ...(issued === undefined ? [] : [fact(`issued ${issued}`)]),
  ];
}

const DEMO: Evidence = evidence('value-published', 'signed with a secret that documentation publishes');

/** Claims of which a token that opens something has at least one. */
const OFFICIAL = /^(?:exp|iss|aud|jti|azp|client_?id|sco?pe?s?|roles?|permissions|tid|oid|ref|uid|user_?id|email)$/i;

/** A few claims, and none that a service would ask for; or those of tests, and of the samples of RFC 7515. */
function isToy(claims: JsonObject): boolean {
  const names = Object.keys(claims);
  if (names.length <= 4 && !names.some((name) => OFFICIAL.test(name))) return true;
  const issuer = claims['iss'];
  return issuer === 'test' || issuer === 'joe' || (issuer === undefined && claims['foo'] === 'bar');
}

/** Supabase hands the `anon` token to every visitor. */
function isSupabaseAnon({ iss, role }: JsonObject): boolean {
  return (iss === 'supabase' || iss === 'supabase-demo') && role === 'anon';
}

/**
 * The parts of a JSON Web Token. An expired one passes too: what has a clock says what `expires` means.
 */
export const jwt: Proof = {
  name: 'jwt',
  title: 'header and claims parse, signature of the right length, JSON Web Token',
  source: 'https://www.rfc-editor.org/rfc/rfc7519',
  check(secret) {
    if (isEncrypted(secret)) {
      return result('fail', { evidence: [evidence('value-ciphertext', 'an encrypted token (JWE)')] });
    }
    const token = jwtOf(secret);
    if (token === undefined) return FAIL;
    const { claims } = token;
    if (token.isDemo) return result('fail', { evidence: [DEMO] });
    if (isSupabaseAnon(claims)) {
      return result('fail', { evidence: [evidence('value-public', 'the anon token of a Supabase project')] });
    }
    if (isOfNats(token)) {
      return result('fail', {
        evidence: [evidence('value-public', 'claims of NATS: what counts is the seed of their key')],
      });
    }
    return result(token.isSigned ? 'pass' : 'none', {
      account: accountOf(claims),
      expires: isoTime(claims['exp']),
      evidence: [
        ...factsOf(claims),
        token.isSigned ? undefined : evidence('token-unsigned', 'not signed (alg none)'),
        isToy(claims) ? evidence('token-toy', 'names no issuer, no audience and no end, as samples do') : undefined,
      ],
    });
  },
};

export const supabaseJwt: Proof = {
  name: 'supabase-jwt',
  title: 'claims of a service role, Supabase token',
  source: 'https://supabase.com/docs/guides/api/api-keys',
  check(secret) {
    const token = jwtOf(secret);
    if (token === undefined) return FAIL;
    const { iss, role, ref, exp } = token.claims;
    if (token.isDemo || iss === 'supabase-demo') return result('fail', { evidence: [DEMO] });
    if (isSupabaseAnon(token.claims)) {
      return result('fail', { evidence: [evidence('value-public', 'the anon token of a Supabase project')] });
    }
    if (!token.isSigned || iss !== 'supabase' || role !== 'service_role') return FAIL;
    return result('pass', { account: label(ref), expires: isoTime(exp), evidence: [fact('role: service_role')] });
  },
};
