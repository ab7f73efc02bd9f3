import { evidence } from '../../core/weights.ts';
import { fromBase64, label } from './bytes.ts';
import type { Proof } from './proof.ts';
import { fact, FAIL, result } from './verdicts.ts';

/** UTF-16 units: an ECR password has 2,500. */
const MAX_UNITS = 16_384;

/** Names under which registries hand out tokens instead of passwords. */
const TOKEN_USERS: Readonly<Record<string, string>> = {
  '00000000-0000-0000-0000-000000000000': 'an Azure token',
  AWS: 'an ECR token, valid for 12 hours',
  oauth2accesstoken: 'a Google access token, valid for an hour',
  _json_key: 'a Google service account key',
  _json_key_base64: 'a Google service account key',
};

/** Passwords of examples. */
const SAMPLE =
  /^(?:<.*>|\[.*\]|\{.*\}|\$\{?\w+\}?|[x*.]+|(?:your|my|the|some)?[-_ ]?(?:pass(?:w(?:or)?d)?|passw0rd|secret|token|key))$/i;

export const dockerAuth: Proof = {
  name: 'docker-auth',
  title: 'base64 of user and password',
  source: 'https://docs.docker.com/reference/cli/docker/login/',
  check(secret) {
    const text = secret.length > MAX_UNITS ? undefined : fromBase64(secret)?.toString('utf8');
    // Bytes that are no UTF-8 come out as U+FFFD, which is a symbol.
    const [, user, password] =
      /^([^\s:\p{C}\uFFFD]{1,200}):([^\p{C}\uFFFD]+)$/u.exec(text?.replace(/\s+$/, '') ?? '') ?? [];
    if (user === undefined || password === undefined) return FAIL;
    if (SAMPLE.test(password))
      return result('fail', { evidence: [evidence('value-placeholder', 'the password is a placeholder')] });
    const kind = TOKEN_USERS[user];
    return result('pass', { account: label(user), evidence: [kind === undefined ? undefined : fact(kind)] });
  },
};
