import { evidence } from '../../core/weights.ts';
import { base64Json, isoTime, label } from './bytes.ts';
import type { Proof } from './proof.ts';
import { FAIL, result } from './verdicts.ts';

export const mapboxToken: Proof = {
  name: 'mapbox-token',
  title: 'its middle part is base64 of user and id, Mapbox token',
  source: 'https://docs.mapbox.com/help/glossary/access-token/',
  check(secret) {
    const [, kind, payload] = /^([spt]k)\.([\w-]{20,600})\.[\w-]{22}$/.exec(secret) ?? [];
    const claims = payload === undefined ? undefined : base64Json(payload);
    if (typeof claims?.['u'] !== 'string') return FAIL;
    const account = label(claims['u']);
    if (kind === 'pk') {
      return result('fail', { account, evidence: [evidence('value-public', 'a token that is made for browsers')] });
    }
    return typeof claims['a'] === 'string' || kind === 'tk'
      ? result('pass', { account, expires: isoTime(claims['exp']) })
      : FAIL;
  },
};
