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
  '2c31d647d56670580effa322c4e0d2612e333bedb4331f09352828e4e3cef66d', // RFC 6749, password
  '3e6099e82cea8b701718e015aae2c66d53346a0f67358dcb5b1998c46ea126de', // RFC 6750, access token
  'a71b359a87afde133e6d9731de69f8823d62b012072d43749f5dc976505403f5', // draft of MAC tokens, access token
  '8d567eb88afff34f31ab97fbb2731e582703bdeaf3c92b989cf568e0b23cef31', // RFC 5849 and Twitter, consumer key
  '2ff8b0fb93aca981c78f1e94355c298c23435461f1072ef4674848e620371787', // RFC 5849, access token
  '80f8b7c904d4a43f3b7036db73247daafe15b3f647b337d19031ff67b7c1a177', // RFC 5849, consumer key
  'b87dad10a32a2d81aa2e36e31e258b36ac0c3b07d1c1d5837185e206e17e3a06', // RFC 5849, token secret
  'cb87c87e4a138d9a72259d2a01bab15623c9846e568c1509b287721645a6ea53', // RFC 5849 and OAuth Core 1.0, consumer secret
  '649e1f5c769e718ba10d1a702a36499a731441d960b06da91c4c97786bf84595', // OAuth Core 1.0, token secret
  'bb9b1163338b2a51495834ad5c65420443d6327381cf0f94ebf92b117f209d72', // OAuth Core 1.0, access token
  'df452eef23e8cf2c74af54c0c7419c05a5ec70ef4d5c2eb04082b02af8c55598', // MinIO, the public server play.min.io
  '570dad43de1af4c925f92c16a68a50936da42b7dd6fdeb24850507a1199aac89', // FastAPI, tutorial on tokens
  '2598f7d6adc142d88161630f3db12ab2bd3403521c281811e5e1ce60d4ac5d76', // Flask, tutorial on deployment
  'ca32f86ce10b8435c108ffd1ae1acd9823f729f51946b3aad3277ac94dead529', // Flask, quickstart
]);

/** Sample credentials that documentation uses again and again. */
const SAMPLES = [
  /EXAMPLE(?:KEY)?$/, // AWS documentation
  /^(?:DEMO_KEY|POSTMARK_API_TEST|ANONYMOUS|myadminsecretkey)$/,
  /^pencil$/, // RFC 5802, section 5
  /^open ?sesame$/i, // RFC 7617, section 2, Aladdin's password
  /^JBSWY3DPEHPK3PXP$/, // one-time password samples
  /^[0-3]x0{20}/, // Turnstile and hCaptcha test keys
];

export const published: Observe = ({ value, nature, before }) => {
  if (nature === 'block') return undefined;
  // https://docs.oracle.com/cd/E11882_01/server.112/e10831/installation.htm
  if (/^tiger/i.test(value) && /\bscott[:/]$/i.test(before))
    return seen('value-published', 'the sample account of Oracle');
  if (value.length < 6) return undefined;
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
