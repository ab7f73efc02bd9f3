import { seen, type Observe } from './evidence.ts';

/** SHA-256 of development keys that vendors publish and every installation shares. */
const KNOWN = new Set([
  '0011cc25eb4320717494d2703e8cba85743e71b500283c21c8b88147992f9059', // Azure storage emulator
  'aa6547439583c3a275d4542a0df6c1ad6a863971be9f2a2220f027cc02aef615', // Cosmos DB emulator
  'bc1a50966c9e6486bc4ebf880b51611a2a97fcb8e7a6976e9b81a9e3e8ca0e3c', // Hardhat and Anvil account 0
  '8335c55334821eefd4334369ff9c04a8594f161013cf9d87f58802d87297837e', // Hardhat and Anvil account 1
  'f79cd64f9cea237897b8133e4b905b361c6f166faa5a1c64c32280938f5b707e', // Hardhat and Anvil mnemonic
  'a064b502e61d27e94b8717290e5e1b32e36720e9fbdf952ec81a84c07128cb37', // Supabase local JWT secret
]);

/** Sample credentials that documentation uses again and again. */
const SAMPLES = [
  /EXAMPLE(?:KEY)?$/, // AWS documentation
  /^(?:DEMO_KEY|POSTMARK_API_TEST|ANONYMOUS|myadminsecretkey)$/,
  /^(?:QWxhZGRpbjpvcGVuIHNlc2FtZQ==|YWxhZGRpbjpvcGVuc2VzYW1l)$/, // RFC 7617, section 2: Aladdin:open sesame
  /^JBSWY3DPEHPK3PXP$/, // one-time password samples
  /^[0-3]x0{20}/, // Turnstile and hCaptcha test keys
];

export const published: Observe = ({ value, nature }) => {
  if (nature === 'block' || value.length < 8) return undefined;
  if (SAMPLES.some((sample) => sample.test(value))) return seen('value-published', 'a sample of the documentation');
  if (value.length < 32 || value.length > 128) return undefined;
  const hash = process
    .getBuiltinModule('node:crypto')
    .createHash('sha256')
    .update(value.replace(/^0x/, ''))
    .digest('hex');
  return KNOWN.has(hash) ? seen('value-published', 'a development key that its vendor publishes') : undefined;
};
