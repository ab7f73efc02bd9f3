import type { Finding } from '../core/finding.ts';
import type { Power } from './exposure-map.ts';

/** Rules of keys that work in a test mode or sandbox alone, and of keys that do not. */
const TEST_RULE = /(?:^|-)(?:test|sandbox|testnet)(?:-|$)/;
const LIVE_RULE = /(?:^|-)live(?:-|$)/;

/** Words in a path that tell the stage; a path that tells both tells none. */
const TEST_PATH =
  /(?:^|[./_-])(?:tests?|testing|e2e|ci|dev|develop|development|local|staging|sandbox|fixtures?)(?=[./_-]|$)/i;
const LIVE_PATH = /(?:^|[./_-])(?:prod|production|live)(?=[./_-]|$)/i;

/** What holding the secret of a finding means, as far as its rule, its value and its place tell. */
export function powerOf({
  rule,
  provider,
  identity,
  path,
}: Pick<Finding, 'rule' | 'provider' | 'identity' | 'path'>): Power {
  const holder = identity.account ?? identity.pair?.[0]?.value;
  return {
    provider,
    ...(holder !== undefined && { holder }),
    grants: identity.grants,
    stage: stageOf(rule, path),
    lifetime: lifetimeOf(identity.lifetime),
    ...(identity.expires !== undefined && { expires: identity.expires }),
  };
}

function stageOf(rule: string, path: string): Power['stage'] {
  if (TEST_RULE.test(rule)) return 'test';
  if (LIVE_RULE.test(rule)) return 'production';
  const [isTest, isLive] = [TEST_PATH.test(path), LIVE_PATH.test(path)];
  if (isTest === isLive) return 'unknown';
  return isTest ? 'test' : 'production';
}

function lifetimeOf(lifetime: string): Power['lifetime'] {
  if (lifetime.startsWith('long-lived')) return 'long';
  return /^(?:short-lived|self-describing expiry)/.test(lifetime) ? 'short' : 'unknown';
}
