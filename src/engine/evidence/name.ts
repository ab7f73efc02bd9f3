import { isClientExposed, type NameKind } from '../../core/credential-name.ts';
import { evidence, type WeightName } from '../../core/weights.ts';
import type { Observe } from './evidence.ts';

const OF_KIND: Readonly<Record<NameKind, readonly [WeightName, string]>> = {
  password: ['name-password', 'given to a name that means a password'],
  secret: ['name-secret', 'given to a name that means a secret'],
  'api-key': ['name-api-key', 'given to a name that means a secret key'],
  token: ['name-token', 'given to a name that means a token'],
  key: ['name-key', 'given to a name that means some access key'],
  auth: ['name-auth', 'given to a name that has to do with signing in'],
  'bare-key': ['name-bare-key', 'given to a name that means some key'],
};

/** What the name says that the value is given. */
export const named: Observe = ({ kind, match }) => {
  if (kind === undefined || match.name === undefined) return undefined;
  const [weight, text] = OF_KIND[kind];
  return isClientExposed(match.name)
    ? [evidence(weight, text), evidence('name-public', 'the name ships it to every visitor of the page')]
    : evidence(weight, text);
};

const BASES: Readonly<Record<string, WeightName>> = {
  assignment: 'base-assignment',
  entropy: 'base-entropy',
  'connection-string': 'base-connection',
};

/** What the rule's own pattern says; without one, what the way in which the value was met says. */
export const shaped: Observe = ({ rule, nature }) => {
  if (rule.pattern === undefined) {
    const base = nature === 'block' ? undefined : BASES[rule.detector ?? ''];
    return base && evidence(base, 'how often a value that is met like this is a credential');
  }
  if (rule.distinctiveness === 'high') return evidence('shape-high', 'a prefix or structure that nothing else has');
  return rule.distinctiveness === 'medium'
    ? evidence('shape-medium', 'prefix and length fit')
    : evidence('shape-low', 'length, characters and words around it fit');
};
