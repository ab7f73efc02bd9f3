import { fromBase64 } from './bytes.ts';
import type { Proof } from './proof.ts';
import { fact, FAIL, NONE, result } from './verdicts.ts';

/** Milliseconds from 1970 to the epoch of Discord's ids, 2015. */
const EPOCH = 1_420_070_400_000;

export const discordToken: Proof = {
  name: 'discord-token',
  title: 'its first part is base64 of an id, Discord token',
  source: 'https://discord.com/developers/docs/reference#authentication',
  check(secret) {
    if (/^mfa\.[\w-]{20,120}$/.test(secret)) return NONE;
    const first = /^([\w-]{22,28})\.[\w-]{6,7}\.[\w-]{27,80}$/.exec(secret)?.[1];
    const id = first === undefined ? undefined : fromBase64(first)?.toString('latin1');
    if (id === undefined || !/^[1-9]\d{16,19}$/.test(id)) return FAIL;
    const made = new Date(Number(BigInt(id) >> 22n) + EPOCH).toISOString().slice(0, 10);
    return result('pass', { account: id, evidence: [fact(`id ${id}, made on ${made}`)] });
  },
};
