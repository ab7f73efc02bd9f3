import { base64Json, jsonObject, label } from './bytes.ts';
import { pemKey } from './pem.ts';
import type { Proof } from './proof.ts';
import { fact, FAIL, result } from './verdicts.ts';

export const gcpServiceAccount: Proof = {
  name: 'gcp-service-account',
  title: 'all fields of a key file and a private key that decodes, Google service account',
  source: 'https://cloud.google.com/iam/docs/keys-create-delete',
  check(secret) {
    const file = jsonObject(secret) ?? base64Json(secret);
    if (file?.['type'] !== 'service_account') return FAIL;
    const { private_key_id: id, client_email: email, private_key: key, project_id: project } = file;
    if (typeof id !== 'string' || !/^[0-9a-f]{40}$/.test(id) || typeof key !== 'string') return FAIL;
    if (typeof email !== 'string' || !/@(?:[\w-]{1,63}\.iam|developer)\.gserviceaccount\.com$/.test(email)) return FAIL;
    if (pemKey(key) === undefined) return FAIL;
    const named = label(project);
    return result('pass', {
      account: label(email),
      evidence: [named === undefined ? undefined : fact(`project: ${named}`)],
    });
  },
};
