import { textureOf } from '../../core/entropy.ts';
import type { WeightName } from '../../core/weights.ts';
import { proofNamed } from '../../detectors/proofs/index.ts';
import { seen, type Observe } from './evidence.ts';
import { isPlace } from './place.ts';

/** Values that are no credential by what they look like: addresses, sentences, identifiers, hashes. */
export const address: Observe = ({ value, nature }) => {
  if (nature === 'block') return undefined;
  if (/^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(value) || /^(?:mailto|data|urn|tel):/i.test(value)) {
    return seen('value-place', 'an address');
  }
  if (/^[a-z][a-z0-9]*:$|^dep:[a-z]/.test(value)) return seen('value-place', 'a prefix');
  if (nature === 'token' && /^(?:[a-z:]+ )*#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(value)) {
    return seen('value-type', 'a colour');
  }
  if (/^\d+(?:\.\d+){4,}(?:\\x00|\0)?$/.test(value)) return seen('value-type', 'an object identifier');
  if (/^\d+(?:\.\d+)+-(?:\d+(?:\.\d+)+)?$/.test(value)) return seen('value-place', 'versions');
  if (/^(?:HKEY_\w+|HKLM|HKCU|Software|System)(?:\\{1,2}[\w .-]+)+\\{0,2}$/i.test(value))
    return seen('value-place', 'a key of the registry');
  if (/^[v^~]?\d+\.\d+\.\d+(?:[-+][\w.]+)?$/.test(value)) return seen('value-place', 'a version');
  if (/^[A-Za-z][\w.-]*:v?\d+(?:\.\d+)+(?:[.:-]\w+)*$/.test(value)) return seen('value-place', 'a version');
  if (/^[^\s@]{1,64}@[\w-]+(?:\.[\w-]+)+$/.test(value)) return seen('value-place', 'an e-mail address');
  if (
    /^(?:~|\.{1,2}|[A-Za-z]:)?[/\\](?:[\w. @-]+[/\\])+[\w. @-]*$/.test(value) ||
    /^(?:\.{1,2}\/|~\/|\/(?:etc|var|usr|home|opt|run|tmp)\/)/.test(value)
  ) {
    return seen('value-place', 'a path');
  }
  if (
    /^[\w.@-]+(?:\/[\w.@-]+)*\.(?:pem|key|crt|cer|json|ya?ml|txt|js|ts|py|rb|go|java|php|html?|css|md|xml|conf|cfg|ini|env|jks|p12|pfx|pub|sh|vue|tsx|jsx|svg|png|com|org|net|io)$/i.test(
      value,
    )
  ) {
    return seen('value-place', 'a file or host name');
  }
  if (/^(?:[a-z][\w-]*\/)+[a-z][\w-]*$/i.test(value) && textureOf(value).wordlike > 0.4)
    return seen('value-place', 'a path');
  return undefined;
};

/** Letters of scripts that put no blanks between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
/** So many of them in a value are a sentence, numbers in it or not. */
const LEAST_SENTENCE = 8;

export const prose: Observe = ({ value, nature, match, after }) => {
  if (nature === 'block') return undefined;
  // `Using --password via the CLI is insecure`
  if (
    match.evidence.some((item) => item.evidence === 'syntax-flag') &&
    /^[a-z]+$/.test(value) &&
    /^ (?:[a-z]+|--[a-z-]+|[A-Z]+) [a-z-]+/.test(after)
  ) {
    return seen('value-prose', 'a word of a sentence');
  }
  const words = value.trim().split(/\s+/);
  if (words.length === 1) {
    const isForeign =
      (/[^\x20-\x7e]/.test(value) && /[^\d\p{P}\p{S}]{2}/u.test(value) && !/[0-9]/.test(value)) ||
      (value.match(UNSPACED)?.length ?? 0) >= LEAST_SENTENCE;
    return isForeign ? seen('value-prose', 'text in another script') : undefined;
  }
  if (nature === 'token') return seen('value-prose', 'several words');
  const letters = words.filter((word) => /^[\p{L}'’.,:;!?()-]+$/u.test(word)).length;
  return letters >= Math.max(2, words.length - 1) || words.length > 4
    ? seen('value-prose', 'reads like a sentence')
    : undefined;
};

/** `access_token`, `accessToken`, `auth.login.title`, `X-Api-Key`, `<a-z>::<A-Z>`. */
export const identifier: Observe = ({ value, nature, rule, after }) => {
  if (nature === 'block' || (rule.pattern !== undefined && rule.distinctiveness === 'high')) return undefined;
  if (
    /[({]|\)$|=>|::|->|;$|===|&&|[<>|]|^[@$&*]\w|\w\[(?:-?\d+)?\]/.test(value) &&
    /[A-Za-z_]{3}/.test(value) &&
    textureOf(value).wordlike > 0
  ) {
    return seen('value-code', 'reads like code');
  }
  if (value.length > 80 && (value.match(/[;{}()=,]/g)?.length ?? 0) * 12 > value.length) {
    return seen('value-code', 'a stretch of code');
  }
  if (/^[\w.]+[ \t]{0,2}(?:===|!==|&&|\|\|)/.test(value)) return seen('value-code', 'a comparison');
  if (/^\\(?:033|x1[bB]|u001[bB]|e)\[/.test(value) || value.startsWith('\x1b['))
    return seen('value-code', 'a colour of a terminal');
  if (/^[A-Z]\w*\[[\w, ]+\]$/.test(value)) return seen('value-type', 'the name of a type');
  if (/^\[[A-Z][a-z]+$/.test(value)) return seen('value-code', 'a description in brackets');
  if (/^[A-Z]\w*\/\d{8}\/[\w-]+\/[\w-]+\/aws4_request$|^AWS4-HMAC-SHA256\b/.test(value))
    return seen('value-type', 'the scope or the scheme of a signature');
  if (after.startsWith('(') && /^[A-Za-z_][\w.]*$/.test(value)) return seen('value-code', 'a call');
  // As Ansible writes it in the place of what it was given.
  if (/^[A-Z]{2,}(?:_[A-Z]{2,}){3,}$/.test(value)) return seen('value-placeholder', 'a constant in words');
  const name = nature === 'token' ? NAMES.find(([pattern]) => pattern.test(value)) : undefined;
  if (name !== undefined) return seen('value-identifier', name[1]);
  if (/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:SECRET|PASSWORD|PASSWD|PASS|PWD|TOKEN|KEY|CREDENTIALS?)$/.test(value)) {
    return seen('value-identifier', 'the name of a variable');
  }
  if (
    rule.detector === 'entropy' &&
    /^(?:[a-z0-9]{1,12}|[A-Z0-9]{1,12})(?:[_-](?:[a-z0-9]{1,12}|[A-Z0-9]{1,12})){3,}$/.test(value)
  )
    return seen('value-identifier', 'short parts, as of a name');
  const { wordlike, pairs, longestWord } = textureOf(value);
  const spoken = pairs >= 3 && wordlike > 0.25;
  const joined =
    /^[A-Za-z][A-Za-z]*(?:[_.:/-]+[A-Za-z]+[0-9]?)+$/.test(value) ||
    /^[a-z]+(?:[A-Z][a-z]+)+$/.test(value) ||
    /^(?:[A-Z][a-z0-9]+){2,}$/.test(value) ||
    (nature === 'token' && rule.pattern === undefined && isNamePath(value));
  if (joined && (spoken || (nature === 'token' && /^[a-z]{3,12}(?:[A-Z][a-z]{2,12})+$/.test(value)))) {
    if (nature === 'token' || /pass|pwd|secret|token|key|auth|cred|user|login|field|name|type/i.test(value)) {
      return seen('value-identifier', 'reads like an identifier');
    }
    return seen('value-plain-word', 'words only');
  }
  if (
    nature === 'token' &&
    /^[A-Za-z]+[0-9]{0,3}$/.test(value) &&
    value.length < 24 &&
    (spoken || longestWord * 2 > value.length)
  ) {
    return seen('value-identifier', 'a word');
  }
  return undefined;
};

/** Names of things, where a token is looked for. */
const NAMES: readonly (readonly [pattern: RegExp, text: string])[] = [
  [/^[A-Za-z]{3,}(?:[-_.][A-Za-z]{2,})*[-_.][0-9]{1,4}$/, 'a word and a number'],
  [/^[a-z]{2,16}(?:\.[a-z]{2,16})+$/, 'the name of a setting'],
  // Of Kubernetes: what holds the secret.
  [
    /^[a-z][a-z0-9.]*(?:-[a-z0-9.]+)*-(?:tls|secrets?|creds?|credentials|certs?|tokens?|keys?|auth)$/,
    'the name of an object',
  ],
  [/^[A-Z]{2,}(?:_[A-Z0-9]+){2,}$/, 'the name of a constant'],
];

/** Words and numbers put together with signs or capitals: `0007_alter_email`, `aws.auth#sigv4`, `heightAboveWGS84`. */
function isNamePath(value: string): boolean {
  const parts = value.replace(/([a-z])([A-Z])/g, '$1_$2').split(/[_.:/#-]+/);
  if (parts.length < 2 || !parts.every((part) => /^(?:[a-z]{0,14}|[A-Z][a-z]{0,14}|[A-Z]{1,14})[0-9]{0,4}$/.test(part)))
    return false;
  const letters = parts.filter((part) => /^[A-Za-z]{3}/.test(part)).join('').length;
  return letters * 3 >= value.length * 2;
}

const HASH_WORDS =
  /(?:sha-?(?:1|224|256|384|512)?|md5|integrity|checksum|digest|commit|revision|\brev\b|etag|fingerprint|\bhash(?:es|ed)?\b|sri|resolved|blob|nonce|\bsum\b|\bsalt|\buuid|\bguid|thumbprint|publickey|public_key|pubkey|(?:next|starting|continuation|page|pagination|authenticity|csrf|xsrf)[_-]?token|site-verification)/i;

/** Secrets of a protocol's run, not of an account. */
const DERIVED =
  /(?:shared|exporter|derived|expected|early|handshake|master|traffic|resumption|ephemeral)[_-]?secret|(?:derived|expected|handshake|traffic|ephemeral)[_-]?key/i;

/** A key in hex, in a test: of an algorithm, not of an account. */
const KEY_NAME = /(?:private|secret|public)[_-]?key|^(?:sk|priv|seed|key|k|ikm|psk)$/i;

export const lookAlike: Observe = ({ value, nature, before, after, match, kind, rule, view }) => {
  if (nature === 'block') return undefined;
  if (rule.pattern !== undefined && rule.distinctiveness === 'high') return undefined;
  if (/^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i.test(value))
    return seen('value-uuid', 'a UUID');
  if (nature === 'token' && /^(?=.*[0-9])[0-9a-f]{4,8}(?:-[0-9a-f]{4}){1,3}$|^[0-9a-f]{4}-[0-9a-f]{12}$/.test(value))
    return seen('value-uuid', 'a piece of a UUID');
  // https://github.com/ulid/spec
  if (/^0[0-7][0-9A-HJKMNP-TV-Z]{24}$/.test(value)) return seen('value-uuid', 'a ULID');
  if (
    rule.detector === 'entropy' &&
    /(?:\b|_|[a-z](?=I)|\bk|\bs)[iI][dD]["']?[ \t]{0,4}[:=][ \t]{0,4}["'`]?$/.test(before)
  )
    return seen('value-uuid', 'stands where an id stands');
  if (rule.detector === 'entropy') {
    if (CONVERTED.test(before)) return seen('value-vector', 'bytes or a number, not a text');
    if (PAGED.test(before)) return seen('value-hash', 'says where a list goes on, or which version it is');
    if (isPiece(before, after, value)) return seen('value-among-many', 'a piece of a longer text');
    // https://git-scm.com/docs/gitprotocol-pack
    if (/^00[0-9a-f]{42}$/.test(value)) return seen('value-hash', "a line of git's protocol");
  }
  // https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth
  if (/^[ACNOU][A-Z2-7]{55}$/.test(value)) return seen('value-public', 'a public key of NATS');
  if (/^(?:sha(?:1|256|384|512)[-:]|md5[-:]|h1:)/.test(value)) return seen('value-hash', 'a checksum');
  if (/^km1-[sw][a-z2-7]{20,26}(?:-[a-z2-7]{2})?$/.test(value)) return seen('value-hash', 'a fingerprint of keepmum');
  if (
    /^(?:[\w.-]{1,40}:)?\$(?:2[abxy]|argon2\w*|[1567]|y|gy|apr1|md5|pbkdf2[\w-]*|scrypt)\$|^0x[0-9a-f]{32,}$|^(?:pbkdf2[_:]|scrypt:|(?:sha1|md5)\$\w*\$[0-9a-f]{32,40}$|\{(?:SSHA|SHA|MD5|CRYPT)\w*\})/.test(
      value,
    )
  ) {
    return seen('value-password-hash', 'a password hash');
  }
  if (
    /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2|-----BEGIN (?:CERT|PUBLIC|RSA PUBLIC)|MIIBIjANBgkq|MIGfMA0GCSq|AAAA[BC]3NzaC)/.test(
      value,
    )
  ) {
    return seen('value-public-key', 'a public key or certificate');
  }
  if (/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i.test(value)) {
    const name = kind === undefined ? (match.name ?? '') : '';
    if (
      HASH_WORDS.test(name) ||
      (kind === undefined && (rule.detector === 'entropy' || HASH_WORDS.test(before.slice(-120))))
    ) {
      return seen('value-hash', 'stands where checksums stand');
    }
  }
  if (rule.detector === 'entropy' && isDigest(value) && (HASH_WORDS.test(before.slice(-40)) || OF_A_FILE.test(before)))
    return seen('value-hash', 'stands where checksums stand');
  if (
    (DERIVED.test(match.name ?? '') && /^[0-9a-f]{32,}$/i.test(value)) ||
    (KEY_NAME.test(match.name ?? '') && /^[0-9a-f]{48,}$/i.test(value) && isPlace(view.chunk.origin.path, 'place-test'))
  ) {
    return seen('value-vector', 'what a key exchange derives, as in a test vector');
  }
  // https://docs.aws.amazon.com/general/latest/gr/sigv4-create-canonical-request.html
  if (/^[\w.@-]{3,120}\/20\d{6}(?:\/|$)/.test(value)) {
    return seen('value-public', 'the scope of a signature, with the id of its key');
  }
  if (/arn:aws[\w-]*:secretsmanager:[\w-]*:\d*:secret:$/.test(before))
    return seen('value-place', 'the name of a secret');
  if (/\bimg\.shields\.io\/[^\s"'<>]*[?&;]token=$|data-cf-beacon=.{0,4}\{.{0,4}token.{0,4}:.{0,8}$/.test(before)) {
    return seen('value-public', 'a token that pages show to every visitor');
  }
  if (rule.detector === 'entropy' && /youtu(?:be\.com|\.be)\/[^\s"'<>]*[?&](?:list|v)=$/.test(before))
    return seen('value-public', 'the id of a film or a list of them');
  if (before.endsWith('badge.svg?token=')) return seen('value-public', 'a token of a badge');
  if (/^public[_-]?key$/i.test(match.name ?? '')) return seen('value-public-key', 'a public key, by its name');
  if (/^data:|^iVBORw0KGgo|^R0lGOD|^\/9j\//.test(value)) return seen('value-public-key', 'an image');
  return undefined;
};

/** `hex::decode("…")`, `BigInteger("…", 16)`, `Uuid::parse_str("…")`. */
const CONVERTED =
  /(?:\bhex(?:::|\.)decode\w*|from_?hex\w*|DecodeString|unhexlify|parse_?str|\bBig(?:Integer|Num|Int)\w*)!?\([ \t]*[bu]?["'`]$/i;
const PAGED =
  /(?:next|continuation|starting|pagination|page|marker|version[_-]?id)[_-]?(?:token|marker)?["']?[ \t]*(?:[:=]>?|\()[ \t]*(?:[\w.:]+\()*["'`]$/i;

/** A literal alone on its line, as long as lines are, that another one is joined to. */
function isPiece(before: string, after: string, value: string): boolean {
  return value.length >= 48 && /^[ \t]*[bu]?["'`]$/i.test(before) && /^["'`][ \t]*(?:[+\\.&]?[ \t]*)\r?$/.test(after);
}

/** `"app.min.js": "…"`: a list of checksums. */
const OF_A_FILE = /[\w-]\.[a-z]{1,5}["'`]?[ \t]*[:=][ \t]*["'`]$/;

/** Base64 of 20, 32, 48 or 64 bytes, or 32 bytes in the base 32 of Nix. */
function isDigest(value: string): boolean {
  return [27, 43, 52, 64, 86].includes(value.replace(/=+$/, '').length) && /^[A-Za-z0-9+/_-]+={0,2}$/.test(value);
}

/** Chance makes 18 random bytes printable once in 40 million times. */
export const encoded: Observe = ({ value, rule, nature, assigned }) => {
  const isNamed = assigned && nature === 'token';
  if (!(isNamed || rule.detector === 'entropy') || !/^[A-Za-z0-9+/_-]{11,}={0,2}$/.test(value)) return undefined;
  const text = Buffer.from(value, 'base64').toString('latin1');
  if (/^\{"(?:alg|typ)"/.test(text)) return seen('value-type', 'the header of a token');
  // Under a name: only what reads like words, since a key may be written in base64 once more.
  if (!/^[\t\n\r\x20-\x7e]+$/.test(text) || (isNamed ? !isSpoken(text) : value.length < 24)) return undefined;
  return seen('value-text', 'readable text in base64');
};

function isSpoken(text: string): boolean {
  const { wordlike, pairs } = textureOf(text);
  return pairs >= 4 && wordlike > 0.4;
}

/** The digits of an encoding. Of 24 random base62 characters all differ once in 170 times, of 32 once in 19,000. */
export const alphabet: Observe = ({ value, rule }) =>
  rule.detector === 'entropy' && new Set(value).size === value.length
    ? seen('value-alphabet', 'each character once, as in an alphabet')
    : undefined;

export const number: Observe = ({ value, nature }) => {
  if (nature === 'block' || !/^[\d.,:+-]+$/.test(value)) return undefined;
  return seen(nature === 'token' ? 'value-type' : 'value-number', 'digits only');
};

/** Files in which a literal after a colon is a type, or may be. */
const DECLARATIONS = /\.(?:d\.[cm]?ts|pyi)$/;
const TYPED = /\.(?:[cm]?tsx?|vue|svelte|pyi?)$/;

/** `mode: 'NX'` of a declaration, `key: 'a' | 'b'`, `type Key = 'a'`, `def get(key: 'Name', …)`. */
export const literalType: Observe = ({ rule, before, after, view }) => {
  if (rule.pattern !== undefined || !TYPED.test(view.fileName)) return undefined;
  const isComment = /^[ \t]*(?:\/\/|\/?\*|#)/.test(before);
  const isType =
    (!isComment && DECLARATIONS.test(view.fileName) && /[:|<,][ \t]*["'`]$/.test(before)) ||
    /^["'`][ \t]*\|(?!\|)/.test(after) ||
    /(?<!\|)\|[ \t]*["'`]$/.test(before) ||
    /\btype[ \t]+\w+[ \t]*=[ \t]*["'`]$/.test(before) ||
    /\bdef[ \t]+\w+\([^)=]*:[ \t]*["']$/.test(before);
  return isType ? seen('value-type', 'a type') : undefined;
};

/** A token of the web that stands under a name: its rule may know more of it, but the name would outweigh that. */
export const webToken: Observe = ({ value, rule }) => {
  if (rule.pattern !== undefined || !/^eyJ[\w-]+\.[\w-]+\./.test(value)) return undefined;
  if (/^eyJ[\w-]+\.[\w-]+\.[\w-]{0,19}$/.test(value))
    return seen('token-unsigned', 'a web token without a whole signature');
  const told = proofNamed('jwt')?.check(value).evidence ?? [];
  return told.flatMap(({ evidence, text }) => (TOLD.has(evidence) ? [seen(evidence as WeightName, text)] : []));
};
const TOLD: ReadonlySet<string> = new Set(['token-toy', 'token-unsigned', 'value-published', 'value-public']);

/** A cookie of a session, a signed address: over by the time that someone reads it, mostly. */
export const shortLived: Observe = ({ rule }) =>
  rule.class === 'session' ? seen('value-short-lived', 'ends by itself within hours or days') : undefined;
