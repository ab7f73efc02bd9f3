import { seen, type Observe } from './evidence.ts';

/** SHA-256 of development keys that vendors publish and every installation shares, and of the samples of standards. */
const KNOWN = new Set([
  '0011cc25eb4320717494d2703e8cba85743e71b500283c21c8b88147992f9059', // Azure storage emulator
  'aa6547439583c3a275d4542a0df6c1ad6a863971be9f2a2220f027cc02aef615', // Cosmos DB emulator
  'bc1a50966c9e6486bc4ebf880b51611a2a97fcb8e7a6976e9b81a9e3e8ca0e3c', // Hardhat and Anvil account 0
  '8335c55334821eefd4334369ff9c04a8594f161013cf9d87f58802d87297837e', // Hardhat and Anvil account 1
  'f79cd64f9cea237897b8133e4b905b361c6f166faa5a1c64c32280938f5b707e', // Hardhat and Anvil mnemonic
  'a064b502e61d27e94b8717290e5e1b32e36720e9fbdf952ec81a84c07128cb37', // Supabase local JWT secret
  '9ec0be036c22f06fc32c70cf32aac22a57d0970de0b7072381f49af5b81d11c2', // Docker, API reference, unlock key
  '441c66009c2ab92078dcfbac9126e9989de3b84152847f47db47c536cd186dc5', // Docker, API reference, join token
  'e9897976005540a696eae0c401c7156d64cd167940870270f82c1873cbe2e740', // Docker, API reference, join token
  '33a6d3750d9a769b1c15ed2c4c2aa19f88fd673de6f98ca5327fb78639770e8d', // Docker, API reference, join token
  'b5b17ca1d65733bbbdf82a5ca9164a549f0b077846125f397658b468c4292e16', // Docker, API reference, join token
  '53f5da0aaa93d64cd5772c554cbf940f0539e689dddbeb8f923eec3f72c02ea9', // RFC 6749, client secret
  '6c96130f130ab0d6d158397e24d2bcc1c9a5e73ae081f6e983f1c7b545d24a4c', // RFC 6749, access token
  '00cf4c781dc37003f7c7dd7d4c9a6ef1e0f4c62d9a291aa8bc398774e3fefd32', // RFC 6749, refresh token
  'e9974c507d2a802143f614c878fcbb622a3800e05e6e0d329fee2c5b6b243329', // RFC 7662, access token
  'b8e148545b13c78bc74da2f1a7275dd71e56ddece129d7d2f7b3ecc06f7994da', // RFC 6750, access token
  'ad71fb4165536675d80a8bbfe957697e4b9e17b35d5500406abc219705337107', // OpenID Connect Core, access token
  '9e309cccd311ea64d04133daf7760f71f38a566db7aa98b71e043ede9325680f', // OpenID Connect Core, refresh token
]);

/** Sample credentials that documentation uses again and again. */
const SAMPLES = [
  /EXAMPLE(?:KEY)?$/, // AWS documentation
  /^(?:DEMO_KEY|POSTMARK_API_TEST|ANONYMOUS|myadminsecretkey)$/,
  /^open ?sesame$/i, // RFC 7617, section 2, Aladdin's password
  /^JBSWY3DPEHPK3PXP$/, // one-time password samples
  /^[0-3]x0{20}/, // Turnstile and hCaptcha test keys
];

export const published: Observe = ({ value, nature }) => {
  if (nature === 'block' || value.length < 8) return undefined;
  if (SAMPLES.some((sample) => sample.test(value))) return seen('value-published', 'a sample of the documentation');
  if (isSampleJwt(value)) return seen('value-published', 'a token that says of itself that it is a sample');
  if (value.length > 128) return undefined;
  const hash = process
    .getBuiltinModule('node:crypto')
    .createHash('sha256')
    .update(value.replace(/^0x/, ''))
    .digest('hex');
  return KNOWN.has(hash) ? seen('value-published', 'a development key that its vendor publishes') : undefined;
};

/** The claims that tutorials and tests make: those of the page that everybody tries tokens on, or a lone `foo`. */
function isSampleJwt(value: string): boolean {
  const payload = /^eyJ[\w-]+\.(eyJ[\w-]+)\./.exec(value)?.[1];
  if (payload === undefined) return false;
  const claims = Buffer.from(payload, 'base64url').toString('latin1');
  return /"sub" ?: ?"1234567890"|"name" ?: ?"(?:John|Jane) Doe"|^\{ ?"foo" ?: ?"bar" ?\}|"\w+@example\.(?:com|org)"/.test(
    claims,
  );
}
