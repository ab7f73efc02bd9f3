import { DIGIT, kindOfUnit, LOWER, OTHER, UPPER } from './character-kind.ts';

/** What a name says of the value it is given. */
export type NameKind = 'password' | 'secret' | 'api-key' | 'token' | 'key' | 'auth' | 'bare-key';

/** Words as they stand in names, one part each. */
const PASSWORD = /(?:passw(?:or)?d|passphrase|passwort|pwd|pswd|passwrd|contrasena|motdepasse)s?$/;
const PASSWORD_PART =
  /^(?:pass|pw|psw|passcode|senha|(?:db|user|my|root|admin|smtp|mail|ssh|ftp|email|login|mysql|pg|redis|sql|auth|store|key|require)pass|masterauth|rootpw)$/;
const SECRET = /secrets?$/;
const TOKEN = /tokens?$/;
const API_KEY = /(?:api|secret|private|encryption|signing|encrypt|master|crypt)keys?$/;
const KEY = /keys?$/;
const AUTH = /^(?:auth|oauth|authorization|authentication|credentials?|creds?)$/;

/** Before `key`, these make it a credential as such. */
const KEY_OF_SECRETS = new Set(
  'api secret private encryption encrypt signing sign master crypt crypto cipher aes hmac jwt session cookie shared apikey'.split(
    ' ',
  ),
);
/** Before `key`, these make it likely enough to look. */
const KEY_OF_ACCESS = new Set(
  'access account storage subscription app application client service consumer auth deploy admin root server license user integration webhook write project rest customer developer dev account hawk'.split(
    ' ',
  ),
);
/** Before `key`, these make it none. */
const KEY_OF_NOTHING = new Set(
  'result limit more input output public pub primary foreign cache sort partition index search object translation row unique map group routing registry publishable site json event hot short locale label message lookup route hash host known authorized ssh pk fk i18n query param property prop field column store bucket dict item entry data config setting react sub child parent s3 file type name tag metric redis topic answer arrow enter escape tab space shift ctrl control alt meta modifier keyboard up down press'.split(
    ' ',
  ),
);
/** Before `token`, these make it no credential: of pages, of grammars, of requests that are not to be done twice. */
const TOKEN_OF_NOTHING = new Set(
  'limit more result truncation truncated idempotency idempotent clientrequest request lifecycle input output update csrf xsrf next page continuation pagination cancel cancellation sync resume start end syntax lexer parser comment keyword string design stop eof eos pad bos unk mask separator sep delimiter antiforgery requestverification forgery authenticity punctuator punctuation operator identifier template block inline word first last previous prev current max min num total peek expected unexpected color theme state'.split(
    ' ',
  ),
);
/** In front, these make the value an answer or a text about a credential. */
const ABOUT = new Set(
  'is has no not show hide forgot forget forgotten reset lost change enable enabled disable allow require required invalid wrong need needs missing encrypted hashed crypted bcrypt hash public pub error err label title hint placeholder expired verify validate check match mismatch confirmlabel bad incorrect without empty type kind status property enum'.split(
    ' ',
  ),
);
/** At the end, these say nothing of what the value is. */
const NEUTRAL = new Set(
  'value val string str text plain plaintext raw b64 base64 base default env var prod production dev development staging live new old current confirm confirmation confirmed repeat again verify primary secondary temp tmp override here literal'.split(
    ' ',
  ),
);
/** Behind these stands what a thing is for, or where it comes from. */
const PREPOSITIONS = new Set(['from', 'of', 'for']);
/** Before `pass`, these count or tell how often something is gone through. */
const PASSES = new Set('any all one two first second third single multi double low high band render by'.split(' '));
/** Words that hold a credential word by accident. */
const ACCIDENT =
  /^[cx]srf|^(?:monkey|turkey|hotkey|keyboard|hockey|whiskey|donkey|jockey|passkey)s?$|^(?:secretar|tokeni)/;

/** What has been told of names; the same few are met again and again. */
const told = new Map<string, NameKind | undefined>();
/** Names after which all of it is forgotten: a text may be made of names, and of such as have the same hash. */
const MOST_TOLD = 4096;

/**
 * What `name`, as written in code or configuration, says of its value; `undefined` where it names no
 * credential (`password_hash`, `token_type`, `keyboard`, `primaryKey`).
 */
export function credentialName(name: string): NameKind | undefined {
  const known = told.get(name);
  if (known !== undefined || told.has(name)) return known;
  const kind = kindOf(name);
  if (told.size >= MOST_TOLD) told.clear();
  told.set(name, kind);
  return kind;
}

function kindOf(name: string): NameKind | undefined {
  // By far the most frequent, and all of the rest would say the same.
  if (name === 'key') return 'bare-key';
  // The working folder of shells.
  if (/^\$?(?:OLD)?PWD$/.test(name)) return undefined;
  const parts = nameParts(name);
  while (parts.length > 1 && (NEUTRAL.has(parts.at(-1) ?? '') || /^[0-9]+$/.test(parts.at(-1) ?? ''))) parts.pop();
  const head = (parts.at(-1) ?? '').replace(/[0-9]+$/, '');
  if (head === '' || ACCIDENT.test(head)) return undefined;
  const before = parts.slice(0, -1);
  // What it is stands before, as in `subjectFromWebIdentityToken`.
  const preposition = before.findIndex((part) => PREPOSITIONS.has(part));
  if (preposition > 0) return kindOf(before.slice(0, preposition).join('_'));
  if (before.some((part) => ABOUT.has(part))) return undefined;
  const qualifier = before.at(-1) ?? '';
  if (head === 'pass' && PASSES.has(qualifier)) return undefined;
  if (PASSWORD.test(head) || PASSWORD_PART.test(head)) return 'password';
  if (head === 'word' && qualifier === 'pass') return 'password';
  if (head === 'phrase' && qualifier === 'pass') return 'password';
  if (SECRET.test(head)) return 'secret';
  if (TOKEN.test(head)) return before.some((part) => TOKEN_OF_NOTHING.has(part)) ? undefined : 'token';
  if (API_KEY.test(head)) return 'api-key';
  if (/^(?:access|account|client|consumer|storage|service|app|auth)keys?$/.test(head)) return 'key';
  if (head === 'key' || head === 'keys') {
    if (before.length === 0) return head === 'key' ? 'bare-key' : undefined;
    if (before.some((part) => KEY_OF_SECRETS.has(part)) && !KEY_OF_NOTHING.has(qualifier)) return 'api-key';
    if (KEY_OF_NOTHING.has(qualifier)) return undefined;
    return KEY_OF_ACCESS.has(qualifier) ? 'key' : 'bare-key';
  }
  if (KEY.test(head)) return undefined;
  if (AUTH.test(head)) return 'auth';
  return undefined;
}

/** A name that build tools put into pages for every visitor. */
export function isClientExposed(name: string): boolean {
  return /^(?:NEXT_PUBLIC_|VITE_|REACT_APP_|EXPO_PUBLIC_|PUBLIC_|NUXT_PUBLIC_|GATSBY_|VUE_APP_)/.test(name);
}

const SAMPLE_WORDS = new Set(
  'test tests testing mock mocked fake dummy example sample demo expected bad wrong masked my some other'.split(' '),
);

/** A name that says of its value that it is made up: `testAccessKey`, `EXPECTED_TOKEN`. */
export function isSampleName(name: string): boolean {
  return nameParts(name).some((part) => SAMPLE_WORDS.has(part));
}

/** `dbPassword2` → db, password, 2; only what stands after the last dot where that names anything. */
function nameParts(name: string): string[] {
  // Of `shop.api.key`, the word before says what kind of key it is.
  const dot = name.lastIndexOf('.');
  const isKey = dot > 0 && name.charAt(dot - 1) !== '.' && /^keys?$/i.test(name.slice(dot + 1));
  const from = isKey ? name.lastIndexOf('.', dot - 1) + 1 : dot + 1;
  let local = name.slice(from) || name;
  if (local.endsWith('64')) local = local.replace(/(?<=[A-Za-z0-9_-])(?:_b|B)64$/i, '');
  let number = local.length;
  while (number > 0 && kindOfUnit(local.charCodeAt(number - 1)) === DIGIT) number--;
  const parts: string[] = [];
  let start = -1;
  let before = OTHER;
  let here = kindOfUnit(local.charCodeAt(0));
  for (let at = 0; at < local.length; at++) {
    const behind = kindOfUnit(local.charCodeAt(at + 1));
    const begins =
      here === UPPER
        ? before === LOWER || before === DIGIT || (before === UPPER && behind === LOWER)
        : here === DIGIT && at === number;
    if (start >= 0 && (begins || here === OTHER)) {
      parts.push(local.slice(start, at).toLowerCase());
      start = -1;
    }
    if (start < 0 && here !== OTHER) start = at;
    before = here;
    here = behind;
  }
  if (start >= 0) parts.push(local.slice(start).toLowerCase());
  return parts;
}
