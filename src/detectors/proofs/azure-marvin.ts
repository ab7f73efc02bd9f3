import { fromBase64 } from './bytes.ts';
import { littleEndian } from './crc.ts';
import { marvin32 } from './marvin.ts';
import type { Proof } from './proof.ts';
import { fact, FAIL, NONE, result } from './verdicts.ts';

interface Layout {
  /** Characters of the whole key and before the signature. */
  readonly length: number;
  readonly offset: number;
  readonly service: string;
  /** Seed of the checksum → role of the key. */
  readonly seeds: Readonly<Record<string, string>>;
}

const MESSAGING: Readonly<Record<string, string>> = {
  System00: 'system',
  Unknown0: 'unknown',
  Send0000: 'send',
  Listen00: 'listen',
  Manage00: 'manage',
};

const LAYOUTS: ReadonlyMap<string, Layout> = new Map<string, Layout>([
  ['+ASt', { length: 88, offset: 76, service: 'Storage', seeds: { Default0: 'account' } }],
  [
    'ACDb',
    {
      length: 88,
      offset: 76,
      service: 'Cosmos DB',
      seeds: {
        MastRW00: 'read-write',
        MastRO00: 'read-only',
        SystRW00: 'system read-write',
        SystRO00: 'system read-only',
        SysAll00: 'system',
        Resour00: 'resource',
        Encryp00: 'encryption',
      },
    },
  ],
  [
    'APIM',
    {
      length: 88,
      offset: 76,
      service: 'API Management',
      seeds: { Tenant00: 'tenant', IoTHub00: 'IoT Hub', Gatewy00: 'gateway', GitKey00: 'git' },
    },
  ],
  ['+ABa', { length: 88, offset: 76, service: 'Batch', seeds: { AbAcct00: 'account' } }],
  ['+AMC', { length: 88, offset: 76, service: 'Machine Learning (classic)', seeds: { Classic0: 'service' } }],
  ['+ASb', { length: 44, offset: 33, service: 'Service Bus', seeds: MESSAGING }],
  ['+AEh', { length: 44, offset: 33, service: 'Event Hubs', seeds: MESSAGING }],
  ['+ARm', { length: 44, offset: 33, service: 'Relay', seeds: MESSAGING }],
  ['AZEG', { length: 44, offset: 33, service: 'Event Grid', seeds: { SendRecv: 'send and receive' } }],
  [
    'AIoT',
    {
      length: 44,
      offset: 33,
      service: 'IoT',
      seeds: { IoTHub00: 'hub', DpsKey00: 'device provisioning', Device00: 'device' },
    },
  ],
  ['AzCa', { length: 44, offset: 33, service: 'Cache for Redis', seeds: { Access00: 'access' } }],
  ['+ACR', { length: 52, offset: 42, service: 'Container Registry', seeds: { ACRDflt0: 'access' } }],
  ['AzSe', { length: 52, offset: 42, service: 'AI Search', seeds: { PAdmin00: 'admin', Query000: 'query' } }],
  [
    'AzFu',
    {
      length: 56,
      offset: 44,
      service: 'Functions',
      seeds: { Master00: 'master', System00: 'system', Functi00: 'function' },
    },
  ],
]);

/** The layout whose signature stands where it must. */
function layoutOf(text: string, length?: number): Layout | undefined {
  for (const offset of [76, 33, 42, 44]) {
    const layout = LAYOUTS.get(text.slice(offset, offset + 4));
    if (layout?.offset === offset && (length === undefined || layout.length === length)) return layout;
  }
  return undefined;
}

export const azureMarvin: Proof = {
  name: 'azure-marvin',
  title: 'keyed checksum at the end, identifiable Azure key',
  source: 'https://github.com/microsoft/security-utilities',
  check(secret) {
    if (secret.length > 92) return FAIL;
    // Keys stand in URLs too.
    const key = secret.replace(/%3D/gi, '=');
    const layout = layoutOf(key, key.length);
    // Keys from before the signatures have the same length.
    if (layout === undefined) return /^(?:[\w+/-]{86}==|[\w+/-]{43}=)$/.test(key) ? NONE : FAIL;
    const bytes = fromBase64(key);
    if (bytes === undefined) return FAIL;
    const stored = bytes.readUInt32LE(bytes.length - 4);
    const data = bytes.subarray(0, -4);
    for (const [seed, role] of Object.entries(layout.seeds)) {
      if (marvin32(data, seed) === stored) {
        return result('pass', { evidence: [fact(`Azure ${layout.service} key, role: ${role}`)] });
      }
    }
    return FAIL;
  },
  complete(head) {
    const layout = layoutOf(head);
    if (layout === undefined) return '';
    // The last character before the checksum may hold bits of both: they start as zeros.
    const filled = Buffer.from(head.padEnd(layout.length, 'A'), 'base64');
    const padding = layout.length === 88 || layout.length === 56 ? 2 : layout.length === 44 ? 1 : 0;
    const data = filled.subarray(0, (layout.length / 4) * 3 - padding - 4);
    const seed = Object.keys(layout.seeds)[0] ?? '';
    const key = Buffer.concat([data, littleEndian(marvin32(data, seed))]).toString('base64');
    return key.slice(head.length);
  },
};
