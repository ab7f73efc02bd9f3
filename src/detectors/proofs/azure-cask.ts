import { digitsOf, littleEndian } from './crc.ts';
import { marvin32 } from './marvin.ts';
import type { Proof } from './proof.ts';
import { fact, FAIL, result } from './verdicts.ts';

const SERVICES: Readonly<Record<string, string>> = {
  AZDO: 'Azure DevOps',
  ACOG: 'Azure AI services',
  AZMP: 'Azure Maps',
  AZCS: 'Azure Communication Services',
  AZAC: 'Azure App Configuration',
  AZEG: 'Azure Event Grid',
  AZMR: 'Azure Mixed Reality',
  AZFR: 'Azure Fluid Relay',
  msql: 'Azure SQL',
};
const KINDS: Readonly<Record<string, string>> = { '9': 'key', D: 'derived key', H: 'hash' };

const SHAPE = /^[0-9A-Za-z+/_-]{52}JQQJ9[9DH][A-Za-z][A-L][0-9A-Za-z+/_-]{24}(?:[0-9A-Za-z]{2}==)?$/;

/** Six characters, of which short keys carry four. */
function checksum(head: string): string {
  const hash = littleEndian(marvin32(Buffer.from(head.slice(0, 80), 'base64'), 'Default0'));
  return digitsOf(hash.readUInt32BE()).padEnd(6, '0');
}

/** The month of issue, as in 2026-03. */
function issued(secret: string): string {
  const letter = secret.charAt(58);
  const year = 2024 + (letter >= 'a' ? letter.charCodeAt(0) - 97 + 26 : letter.charCodeAt(0) - 65);
  return `${year}-${String(secret.charCodeAt(59) - 64).padStart(2, '0')}`;
}

export const azureCask: Proof = {
  name: 'azure-cask',
  title: 'keyed checksum near the end, second-generation Azure key',
  source: 'https://github.com/microsoft/security-utilities',
  check(secret) {
    if (secret.length > 88 || !SHAPE.test(secret)) return FAIL;
    const size = secret.length === 88 ? 6 : 4;
    const passed = secret.slice(80, 80 + size) === checksum(secret).slice(0, size);
    const service = SERVICES[secret.slice(76, 80)] ?? 'Azure';
    const kind = KINDS[secret.charAt(57)] ?? 'key';
    return result(passed ? 'pass' : 'fail', { evidence: [fact(`${service} ${kind}, issued ${issued(secret)}`)] });
  },
  complete: (head) => checksum(head).slice(0, 4),
};
