import { base64Json, isoTime, label, MAX_UNITS, type JsonObject } from './bytes.ts';
import type { Proof } from './proof.ts';
import { fact, FAIL, NONE, result } from './verdicts.ts';

function isText(value: unknown, least = 1): value is string {
  return typeof value === 'string' && value.length >= least;
}

export const sentryToken: Proof = {
  name: 'sentry-token',
  title: 'base64 of the organisation and its address, Sentry token',
  source: 'https://docs.sentry.io/account/auth-tokens/',
  check(secret) {
    if (/^sntryu_[0-9a-f]{64}$/.test(secret)) return NONE;
    const payload =
      secret.length > MAX_UNITS ? undefined : /^sntrys_([\w+/-]{20,}={0,2})_[\w+/-]{43}$/.exec(secret)?.[1];
    const claims = payload === undefined ? undefined : base64Json(payload);
    if (claims === undefined || !isText(claims['org']) || !isText(claims['url'] ?? claims['region_url'])) return FAIL;
    const issued = isoTime(claims['iat']);
    return result('pass', {
      account: label(claims['org']),
      evidence: [issued === undefined ? undefined : fact(`issued ${issued}`)],
    });
  },
};

/** Key, name and organisation under one-letter names. */
function grafana(claims: JsonObject | undefined, organisation: 'id' | 'o') {
  const found = claims?.[organisation];
  if (claims === undefined || !isText(claims['k'], 16) || !isText(claims['n'])) return FAIL;
  if (typeof found !== 'number' && !isText(found)) return FAIL;
  return result('pass', {
    account: label(claims['n']),
    evidence: [fact(`organisation: ${label(found) ?? 'unknown'}`)],
  });
}

export const grafanaLegacy: Proof = {
  name: 'grafana-legacy',
  title: 'base64 of key, name and organisation, Grafana API key',
  source: 'https://grafana.com/docs/grafana/latest/administration/service-accounts/migrate-api-keys/',
  check: (secret) => grafana(base64Json(secret), 'id'),
};

export const grafanaCloud: Proof = {
  name: 'grafana-cloud',
  title: 'base64 of key, name and organisation, Grafana Cloud token',
  source: 'https://grafana.com/docs/grafana-cloud/account-management/authentication-and-permissions/access-policies/',
  check: (secret) => (secret.startsWith('glc_') ? grafana(base64Json(secret.slice(4)), 'o') : FAIL),
};
