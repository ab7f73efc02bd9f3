import { armorOf } from './armor.ts';
import { fromBase64 } from './bytes.ts';
import { DER, derElements, derSequence, integerBits, objectIdentifier, smallInteger, type DerElement } from './der.ts';
import type { Proof } from './proof.ts';
import { fact, FAIL, NONE, result } from './verdicts.ts';

const CURVES: Readonly<Record<string, string>> = {
  '1.2.840.10045.3.1.1': 'P-192',
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.10': 'secp256k1',
  '1.3.132.0.33': 'P-224',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
};
/** Keys that are a string of this many bytes (RFC 8410). */
const RAW: Readonly<Record<string, readonly [string, number]>> = {
  '1.3.101.110': ['X25519', 32],
  '1.3.101.111': ['X448', 56],
  '1.3.101.112': ['Ed25519', 32],
  '1.3.101.113': ['Ed448', 57],
};

/** RFC 8017, A.1.2: version, then eight numbers of which the first is the modulus. */
function rsaKey(fields: readonly DerElement[]): string | undefined {
  const version = smallInteger(fields[0]);
  const more = version === 1 && fields[9]?.tag === DER.sequence ? 1 : 0;
  if ((version !== 0 && version !== 1) || fields.length !== 9 + more) return undefined;
  const sizes = fields.slice(1, 9).map(integerBits);
  const modulus = sizes[0];
  if (modulus === undefined || modulus < 384 || sizes.includes(undefined)) return undefined;
  return `RSA, ${modulus} bits`;
}

/** Version, then p, q, g, the public and the private number. */
function dsaKey(fields: readonly DerElement[]): string | undefined {
  if (fields.length !== 6 || smallInteger(fields[0]) !== 0) return undefined;
  const sizes = fields.slice(1).map(integerBits);
  return sizes.includes(undefined) ? undefined : `DSA, ${sizes[0] ?? 0} bits`;
}

/** RFC 5915: version 1, the private number, and perhaps [0] curve and [1] public key. */
function ecKey(fields: readonly DerElement[], curve?: string): string | undefined {
  const [version, key, ...rest] = fields;
  if (smallInteger(version) !== 1 || key?.tag !== DER.octetString) return undefined;
  if (key.content.length < 20 || key.content.length > 72 || rest.length > 2) return undefined;
  if (rest.some(({ tag }) => tag !== 0xa0 && tag !== 0xa1)) return undefined;
  const parameters = rest.find(({ tag }) => tag === 0xa0);
  const named = curve ?? objectIdentifier(parameters && derElements(parameters.content)?.[0]);
  return `EC, ${CURVES[named ?? ''] ?? `${key.content.length * 8} bits`}`;
}

/** RFC 5958: version, algorithm, the key in an OCTET STRING, and perhaps [0] attributes and [1] public key. */
function pkcs8Key(fields: readonly DerElement[]): string | undefined {
  const [version, algorithm, key, ...rest] = fields;
  if ((smallInteger(version) ?? 2) > 1 || algorithm?.tag !== DER.sequence || key?.tag !== DER.octetString)
    return undefined;
  if (rest.some(({ tag }) => tag !== 0xa0 && tag !== 0xa1 && tag !== 0x81)) return undefined;
  const [kind, parameters] = derElements(algorithm.content) ?? [];
  const oid = objectIdentifier(kind);
  if (oid === undefined) return undefined;
  const raw = RAW[oid];
  if (raw !== undefined) {
    const [inner, ...more] = derElements(key.content) ?? [];
    const whole = inner?.tag === DER.octetString && inner.content.length === raw[1] && more.length === 0;
    return whole ? raw[0] : undefined;
  }
  switch (oid) {
    case '1.2.840.113549.1.1.1':
    case '1.2.840.113549.1.1.10':
      return rsaKey(derSequence(key.content) ?? []);
    case '1.2.840.10045.2.1':
      return ecKey(derSequence(key.content) ?? [], objectIdentifier(parameters));
    default: {
      // DSA and Diffie-Hellman hold one number; of others the frame is all that is known.
      const inner = derElements(key.content);
      return inner === undefined || inner.length === 0 ? undefined : 'a private key';
    }
  }
}

/**
 * What an unencrypted PEM block holds, such as `RSA, 2048 bits`; `encrypted` where only a passphrase
 * tells; `undefined` where its bytes are no private key.
 */
export function pemKey(text: string): string | undefined {
  const armor = armorOf(text);
  if (armor === undefined) return undefined;
  const { label, headers, body } = armor;
  const bytes = fromBase64(body);
  if (bytes === undefined) return undefined;
  if (label.includes('ENCRYPTED') || headers.some((header) => header.includes('ENCRYPTED'))) return 'encrypted';
  const fields = derSequence(bytes);
  if (fields === undefined) return undefined;
  switch (label) {
    case 'RSA PRIVATE KEY':
      return rsaKey(fields);
    case 'DSA PRIVATE KEY':
      return dsaKey(fields);
    case 'EC PRIVATE KEY':
      return ecKey(fields);
    case 'PRIVATE KEY':
      return pkcs8Key(fields);
    default:
      return undefined;
  }
}

export const pem: Proof = {
  name: 'pem',
  title: 'the block decodes to the structure of a private key',
  source: 'https://www.rfc-editor.org/rfc/rfc7468',
  check(secret) {
    const key = pemKey(secret);
    if (key === undefined) return FAIL;
    return key === 'encrypted' ? NONE : result('pass', { evidence: [fact(key)] });
  },
};
