import { fromBase64, label } from './bytes.ts';
import type { Proof } from './proof.ts';
import { fact, FAIL, result } from './verdicts.ts';

/** UTF-16 units of the whole query. */
const MAX_UNITS = 2048;

/** The value of a query field, percent signs undone; `undefined` where it is missing or malformed. */
function fieldsOf(query: string): ReadonlyMap<string, string> | undefined {
  try {
    return new Map(
      query.split('&').map((pair) => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at).toLowerCase().replace(/^amp;/, ''), decodeURIComponent(pair.slice(at + 1))];
      }),
    );
  } catch {
    return undefined;
  }
}

/** Proves itself by its form only: whether the signature holds, the account's key alone tells. */
export const azureSas: Proof = {
  name: 'azure-sas',
  title: 'version, permissions and a signature of 32 bytes, Azure shared access signature',
  source: 'https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas',
  check(secret) {
    const fields = secret.length > MAX_UNITS ? undefined : fieldsOf(secret.replace(/^\?/, ''));
    if (fields === undefined || !/^20\d\d-\d\d-\d\d$/.test(fields.get('sv') ?? '')) return FAIL;
    if (fromBase64(fields.get('sig') ?? '')?.length !== 32) return FAIL;
    const permissions = fields.get('sp') ?? '';
    const expires = fields.get('se');
    // Without these a stored access policy names them.
    if (!/^[a-z]*$/.test(permissions) || (permissions === '' && !fields.has('si'))) return FAIL;
    const time =
      expires !== undefined && /^\d{4}-\d\d-\d\d(?:T[\d:.]{5,16}Z?)?$/.test(expires) ? label(expires) : undefined;
    return result('pass', {
      expires: time,
      evidence: [permissions === '' ? undefined : fact(`permissions: ${permissions.slice(0, 20)}`)],
    });
  },
};
