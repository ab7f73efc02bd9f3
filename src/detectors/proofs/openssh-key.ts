import { armorOf } from './armor.ts';
import { fromBase64, label } from './bytes.ts';
import type { Proof } from './proof.ts';
import { fact, FAIL, NONE, result } from './verdicts.ts';

const MAGIC = 'openssh-key-v1\0';

/** Fields between a key's type and its comment: `s` a string, `b` one byte. */
const FIELDS: Readonly<Record<string, string>> = {
  'ssh-ed25519': 'ss',
  'ssh-rsa': 'ssssss',
  'ssh-dss': 'sssss',
  'ecdsa-sha2-nistp256': 'sss',
  'ecdsa-sha2-nistp384': 'sss',
  'ecdsa-sha2-nistp521': 'sss',
  'sk-ssh-ed25519@openssh.com': 'ssbss',
  'sk-ecdsa-sha2-nistp256@openssh.com': 'sssbss',
};

/** Reads what RFC 4251, section 5, writes; once something does not fit, everything after is `undefined`. */
class SshReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(size: number | undefined): Buffer | undefined {
    if (size === undefined || size > this.#bytes.length - this.#at) {
      this.#at = this.#bytes.length + 1;
      return undefined;
    }
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  number(): number | undefined {
    return this.take(4)?.readUInt32BE();
  }

  string(): Buffer | undefined {
    return this.take(this.number());
  }

  text(): string | undefined {
    return this.string()?.toString('utf8');
  }

  rest(): Buffer | undefined {
    return this.take(this.#bytes.length - this.#at);
  }
}

/** The comment of an unencrypted private part; `undefined` where it is none. */
function commentOf(bytes: Buffer, type: string): string | undefined {
  const reader = new SshReader(bytes);
  // The same number twice: how OpenSSH sees that a passphrase was right.
  const check = reader.number();
  if (check === undefined || check !== reader.number() || reader.text() !== type) return undefined;
  const fields = FIELDS[type];
  if (fields === undefined) return '';
  for (const field of fields) {
    if ((field === 'b' ? reader.take(1) : reader.string()) === undefined) return undefined;
  }
  const comment = reader.text();
  const padding = reader.rest();
  return padding?.every((byte, index) => byte === ((index + 1) & 0xff)) === true ? comment : undefined;
}

export const opensshKey: Proof = {
  name: 'openssh-key',
  title: 'the block decodes to an OpenSSH key, its check numbers agree',
  source: 'https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key?rev=HEAD',
  check(secret) {
    const armor = armorOf(secret);
    const bytes = armor?.label === 'OPENSSH PRIVATE KEY' ? fromBase64(armor.body) : undefined;
    if (bytes === undefined || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return FAIL;
    const reader = new SshReader(bytes.subarray(MAGIC.length));
    const cipher = reader.text();
    const derivation = reader.text();
    reader.string();
    if (reader.number() !== 1) return FAIL;
    const publicKey = reader.string();
    const secretPart = reader.string();
    if (publicKey === undefined || secretPart === undefined || reader.rest()?.length !== 0) return FAIL;
    if (cipher !== 'none' || derivation !== 'none') return NONE;
    const type = new SshReader(publicKey).text();
    const comment = type === undefined ? undefined : commentOf(secretPart, type);
    if (type === undefined || comment === undefined) return FAIL;
    return result('pass', { account: label(comment), evidence: [fact(label(type) ?? 'unknown type')] });
  },
};
