import { isMachineMade } from '../../core/entropy.ts';
import { formatOf } from '../../detectors/file-format.ts';
import { seen, type Observe } from './evidence.ts';
import { saysByChance, spelled } from './made-up.ts';
import { isPlace } from './place.ts';
import { WORDS } from './words.ts';

const PLACEHOLDERS = new Set(WORDS.placeholder);
const WEAK = new Set(WORDS.weak);
const TYPES = new Set(WORDS.types);

function squeezed(lower: string): string {
  return lower.replace(/[\s_.-]/g, '');
}

/** A form to be filled: `<your key>`, `${X}`, `{{ x }}`, `%s`, `$VAR`, `__VAR__`, `:param`, `@VAR@`. */
const TEMPLATE =
  /^(?:%%\w+%%|#{3}.*|'\$\w+'|<[^>]*>|\[.*\]|\{[^}]*\}|\(.*\)|%\{?[\w.]+\}?%?|@[\w.-]+@|__[\w: -]+__|:[a-z_]\w*|%[-\d.]*[sdvqx]|\$[A-Za-z_]\w*|#\{.*)$|\$\{|\$\(|\{\{|\}\}|<%|%>|\{%|#\{|\$\[\[|^\$\$?[A-Z_]{2,}/;

/** Where the value is fetched from, not the value. */
const LOOKUP =
  /^(?:process\.env|import\.meta|os\.(?:environ|getenv)|env[.(:]|ENV[.([]|getenv|System\.|Deno\.|config[.([]|settings\.|self\.|this\.|params?[.[]|request\.|req\.|args?\.|opts?\.|options\.|var\.|local\.|data\.|module\.|secrets?\.|vault:|ref\+|op:\/\/|ssm:|sm:\/\/|arn:aws:|projects\/|\/run\/secrets|file:|!vault|!Ref|!Sub|@Microsoft\.KeyVault|fn::|resolve:|awssm|keyring:|env:)/i;

/** Ciphertext that is no leak by itself. */
const CIPHERTEXT =
  /^(?:\$ANSIBLE_VAULT|ENC\[|ENC\(|\{cipher\}|encrypted:|AQICAH|secure:|age-encryption|vault:v\d:|\{[A-Za-z0-9+/=]{16,}\}$)/;

export const placeholder: Observe = ({ value, lower, nature }) => {
  if (nature === 'block') return undefined;
  if (CIPHERTEXT.test(value)) return seen('value-ciphertext', 'encrypted; harmless without its key');
  if (TEMPLATE.test(value)) return seen('value-template', 'a template to be filled in');
  if (LOOKUP.test(value)) return seen('value-lookup', 'looked up elsewhere, not written here');
  if (PLACEHOLDERS.has(squeezed(lower))) return seen('value-placeholder', 'a placeholder');
  if (
    /^(?:<?(?:your|my|some|the|a|an|enter|insert|put|add|replace|change|type|paste|tu|su|sua|votre|mon|dein|ihr)[\s_.-]+)(?:[\s_.-]*(?:base64|[a-z]+)){1,8}[\d>]*$/.test(
      lower,
    )
  ) {
    return seen('value-placeholder', 'a placeholder in words');
  }
  // A prefix may stand before it: `tvly-YOUR_API_KEY`.
  if (/(?:^|[_.\d-])your[_.-](?:[a-z]{2,12}[_.-]){0,4}(?:key|token|secret|password|id|value|here)\W*$/.test(lower)) {
    return seen('value-placeholder', 'a placeholder in words');
  }
  return undefined;
};

export const marked: Observe = ({ lower, value, nature }) => {
  if (nature === 'block') return undefined;
  // As AWS writes it into the tokens of its documentation.
  if (/[A-Za-z0-9+/]EXAMPLE|EXAMPLE[A-Za-z0-9+/=]/.test(value))
    return seen('value-placeholder', 'marked as an example');
  const mark = WORDS.marks.find((word) => lower.includes(word));
  // A made-up prefix before a real value.
  if (mark !== undefined && isMachineMade(value.slice(lower.indexOf(mark) + mark.length))) return undefined;
  if (mark !== undefined) return seen('value-marked', 'holds a word that marks placeholders');
  // Short words count only where they stand for themselves.
  if (
    value.length > 4 &&
    /(?:^|[^A-Za-z])(?:test|todo|here|demo|my|foo|bar|your|TEST)(?:[^A-Za-z]|$)/i.test(value) &&
    !saysByChance(value)
  ) {
    return seen('value-test-word', 'holds a word of tests and samples');
  }
  return undefined;
};

/**
 * One character so many times is filler. Formats that hold runs themselves (the reserved bits of a second-generation
 * Azure key are `AAAAA`) lengthen them by chance, and a checksum that fits tells a value from filler.
 */
const FILLER_RUN = /([A-Za-z0-9])\1{6}/;
const FILLER_RUN_OF_PROVEN = /([A-Za-z0-9])\1{11}/;

export const repeats: Observe = ({ value, lower, nature, match }) => {
  if (nature === 'block') return undefined;
  if (/(?:\.\.\.|\[\.{2,}\]|…|\*{3}|•{2})/.test(value)) return seen('value-placeholder', 'masked or cut short');
  const body = lower.replace(/[^a-z0-9]/g, '');
  if (body === '') return seen('value-repeats', 'no letters or digits');
  // `sk-xxxxxxxx`, `SG-000000-xxxxxxxx`
  const long = lower.split(/[^a-z0-9]+/).filter((part) => part.length >= 6);
  if (long.length > 0 && long.every((part) => new Set(part).size === 1))
    return seen('value-placeholder', 'one character in the place of others');
  const distinct = new Set(body).size;
  if (distinct <= 2 || (body.length >= 16 && distinct <= 4))
    return seen('value-repeats', 'the same characters again and again');
  const isProven = match.evidence.some(({ evidence }) => evidence === 'proof-passed');
  if ((isProven ? FILLER_RUN_OF_PROVEN : FILLER_RUN).test(value))
    return seen('value-repeats', 'one character many times');
  if (orderedShare(body) > 0.6) return seen('value-repeats', 'characters in order');
  // `a1b2c3d4`
  const [letters, digits] = [body.replace(/[0-9]/g, ''), body.replace(/[a-z]/g, '')];
  if (orderedShare(letters) > 0.7 && (digits.length < 5 || orderedShare(digits) > 0.7))
    return seen('value-repeats', 'characters in order');
  if (body.length >= 12 && /^(.{1,8}?)\1+$/.test(body.slice(0, 64))) return seen('value-repeats', 'one part repeated');
  if (/deadbeef|cafebabe|qwertyui|asdfgh/.test(body))
    return seen('value-repeats', 'a run of the keyboard or a known pattern');
  return undefined;
};

/** Share of neighbours that follow each other in the alphabet or among digits, or repeat. */
function orderedShare(text: string): number {
  if (text.length < 5) return 0;
  let ordered = 0;
  for (let i = 1; i < text.length; i++) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1);
    if (step === 1 || step === 0 || step === -1 || step === -9) ordered++;
  }
  return ordered / (text.length - 1);
}

/** Whether it is tried first by whoever guesses, with the usual signs for letters and behind them. */
export function isWeak(plain: string): boolean {
  return [plain, plain.replace(/[0-9!@#]{1,4}$/, ''), plain.replace(/[^a-z0-9]/g, '')].some(
    (word) => WEAK.has(word) || WEAK.has(spelled(word)),
  );
}

export const weak: Observe = ({ value, lower, match, nature, view }) => {
  if (nature === 'block') return undefined;
  const plain = squeezed(lower);
  const name = squeezed((match.name ?? '').toLowerCase()).replace(/[0-9]+$/, '');
  const repeatsName =
    plain.replace(/[0-9]+$/, '') === name ||
    (plain.length > 3 && name.endsWith(plain) && !WEAK.has(plain)) ||
    // `log4j2.storeKey` under the name `storeKey`
    (name.length > 7 && lower.includes('.') && plain.endsWith(name)) ||
    // `configPassword = "log4j2.configurationPassword"`: a path of settings whose last part names a credential
    /^[a-z][\w-]*(?:\.[\w-]+)*\.[a-zA-Z]*(?:[Pp]assword|[Ss]ecret|[Tt]oken|[Kk]ey)[A-Za-z]*$/.test(value) ||
    // A constant of a list: `ChallengeNamePassword = "Password"`
    (/^[A-Z][a-z]/.test(value) && (match.name ?? '').length > value.length && (match.name ?? '').endsWith(value)) ||
    // `scopedToken = "--Scoped--"`
    (nature === 'token' && plain.length > 4 && name.startsWith(plain)) ||
    // Parts of a build: `Win32_Security_Authentication = ["Win32_Security"]`
    (plain.length > 7 && name.startsWith(plain)) ||
    // `new-password`, `user_password`
    (name.length > 3 && plain.endsWith(name) && /^[a-z]+(?:[_.-][a-z]+)+$/.test(lower));
  if (name !== '' && repeatsName) {
    return seen('value-names-itself', 'repeats the name it is given');
  }
  if (nature === 'token' && /^(?:base64|hex|utf8)(?:encoded)?(?:string|bytes|text|value)$/.test(plain))
    return seen('value-type', 'says what it is written in');
  if (nature === 'token' && TYPES.has(plain)) return seen('value-type', 'a type, a switch or a field name');
  if (WEAK.has(plain) && isPlace(view.chunk.origin.path, 'place-template')) {
    return seen('value-placeholder', 'a default in a template');
  }
  const isCode = formatOf(view) === 'code';
  if (/^(?:please)?change(?:me|it|this)/.test(plain)) {
    return isCode
      ? seen('value-weak-code', 'asks to be changed, in a program')
      : seen('value-default', 'asks to be changed');
  }
  if (isWeak(plain)) {
    return isCode
      ? seen('value-weak-code', 'a default that everyone tries first, in a program')
      : seen('value-weak', 'a default that everyone tries first');
  }
  if (TYPES.has(plain)) return seen('value-type', 'a type, a switch or a field name');
  return undefined;
};
