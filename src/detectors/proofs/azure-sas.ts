import { fromBase64, isoTime, label } from './bytes.ts';
import type { Proof } from './proof.ts';
import { fact, FAIL, result } from './verdicts.ts';

/** UTF-16 units of the whole query. */
const MAX_UNITS = 4096;

/** Fields of a query, also as HTML and JSON write it, percent signs undone; `undefined` where that fails. */
function fieldsOf(query: string): ReadonlyMap<string, string> | undefined {
  try {
    return new Map(
      query.split(/&(?:amp;)?|\\u0026/).map((pair) => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at).toLowerCase(), decodeURIComponent(pair.slice(at + 1))];
      }),
    );
  } catch {
    return undefined;
  }
}

/** `se`: ISO 8601 for storage, seconds since 1970 for messaging. */
function expiryOf(se: string | undefined): string | undefined {
  if (se === undefined) return undefined;
  if (/^\d{9,11}$/.test(se)) return isoTime(Number(se));
  return /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?Z)?$/.test(se) ? se : undefined;
}

/** Proves itself by its form only: whether the signature holds, the key that signed it alone tells. */
export const azureSas: Proof = {
  name: 'azure-sas',
  title: 'version or key name, permissions, and a signature of 32 bytes, Azure shared access signature',
  source: 'https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas',
  check(secret) {
    const fields = secret.length > MAX_UNITS ? undefined : fieldsOf(secret.replace(/^\?/, ''));
    if (fields === undefined || fromBase64(fields.get('sig') ?? '')?.length !== 32) return FAIL;
    const expires = expiryOf(fields.get('se'));
    // Messaging: what may be done stands with the named key.
    if (fields.has('skn') && fields.has('sr') && expires !== undefined) {
      return result('pass', { account: label(fields.get('sr')), expires });
    }
    const permissions = fields.get('sp') ?? '';
    // Where they are missing a stored access policy names them.
    const isGranted = /^[a-z]{1,20}$/.test(permissions) || (permissions === '' && fields.has('si'));
    if (!isGranted || !/^20\d\d-\d\d-\d\d$/.test(fields.get('sv') ?? '')) return FAIL;
    return result('pass', {
      expires,
      evidence: [permissions === '' ? undefined : fact(`permissions: ${permissions}`)],
    });
  },
};
