import { relativeEntropy } from '../core/entropy.ts';
import type { Evidence, Match } from '../core/finding.ts';
import { isBeside } from '../core/near.ts';
import type { View } from '../core/view.ts';
import { evidence } from '../core/weights.ts';
import { listOption, type Detector, type DetectorRule } from './detector.ts';

/** Priority of a key block among overlapping matches. */
const PRIORITY = 60;
/** Longest block that is read, in bytes, and the part of it that is read first. */
const LIMIT = 65_536;
const FIRST_WINDOW = 8192;
/** Characters of Base64 below which a block holds no key: the shortest, Ed25519 as PKCS #8, has 64. */
const LEAST_BODY = 60;

/**
 * Whole private keys: PEM and OpenSSH, PGP, PuTTY; with real or escaped line ends, indented, put
 * together from string literals, or in Base64 once more. The match spans the block from its first
 * line; its secret is the block in plain form, so that one key has one fingerprint however it is written.
 *
 * Options of a rule: `blocks`, labels such as `RSA PRIVATE KEY`, `PGP PRIVATE KEY BLOCK`, `PuTTY`;
 * `written`, `plain`, `escaped` or `base64`: how it stands in the text. The rule that asks for most
 * wins: `near` words before the way of writing, that before labels; one that asks for nothing takes the rest.
 * `account`, names such as `client_email` of the field beside the key that says whose it is.
 */
export const keyBlock: Detector = {
  name: 'key-block',
  reach: LIMIT,
  anchors: () => ['-----begin ', '---- begin ssh2 ', 'putty-user-key-file-', 'ls0tls1crudjti'],
  prepare(rules) {
    let chooser: Choose | undefined;
    const choose: Choose = (...asked) => (chooser ??= ruleChooser(rules()))(...asked);
    return (view, hit, anchor) => {
      if (anchor === 'ls0tls1crudjti') return wrappedMatch(view, hit, choose);
      if (anchor === 'putty-user-key-file-') return puttyMatch(view, hit, choose);
      return armorMatch(view, hit, choose);
    };
  },
};

type Written = 'plain' | 'escaped' | 'base64';
type Choose = (label: string, written: Written, fits: Fits) => DetectorRule | undefined;
/** Whether what the rule wants near the match is there. */
type Fits = (rule: DetectorRule) => boolean;

function ruleChooser(rules: readonly DetectorRule[]): Choose {
  const wanted = rules.map((rule) => ({
    rule,
    blocks: listOption(rule, 'blocks'),
    written: listOption(rule, 'written'),
  }));
  return (label, way, fits) => {
    const name = label.toLowerCase();
    let best: DetectorRule | undefined;
    let bestScore = -1;
    for (const { rule, blocks, written } of wanted) {
      if (blocks.length > 0 && !blocks.includes(name)) continue;
      if (written.length > 0 && !written.includes(way)) continue;
      if (rule.near !== undefined && !fits(rule)) continue;
      const score = (rule.near ? 4 : 0) + (written.length > 0 ? 2 : 0) + (blocks.length > 0 ? 1 : 0);
      if (score > bestScore) {
        best = rule;
        bestScore = score;
      }
    }
    return best;
  };
}

/** A block as read from text. */
interface Block {
  readonly label: string;
  /** Length of the block as written, in UTF-16 units. */
  readonly length: number;
  readonly headers: readonly string[];
  /** Base64 (or hexadecimal) without white space. */
  readonly body: string;
  /** The END line was met. */
  readonly complete: boolean;
  /** The text went on to its end, so that more of it may tell more. */
  readonly open: boolean;
}

const BEGIN = /-{4,5} ?BEGIN ([A-Za-z0-9 ]{1,60}?) ?-{4,5}/y;
const END = /-{4,5} ?END [A-Za-z0-9 ]{1,60}?-{4,5}/y;
const HEADER = /(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|Key-ID|Subject|X-[\w-]{1,30}):[^\\\r\n"]{0,200}/y;
const BODY = /[A-Za-z0-9+/=]+/y;
/**
 * What may stand between the lines of a block: line ends, real or escaped, and around them
 * indentation, comment signs, quotes and signs of concatenation.
 */
const BETWEEN =
  /(?:\\{1,4}[rn]|["'`]?[ \t]{0,8}(?:[+.,\\;][ \t]{0,8})?\\?\r?\n[ \t]{0,80}(?:(?:\/\/|[#*>|]|--)[ \t]+)?(?:[+.][ \t]+)?(?:[A-Za-z]?["'`])?|["'`][ \t]{0,8}[+.][ \t]{0,8}["'`]|&#1[03];|&#x[aA];|%0[aA]|<br ?\/?>|[ \t])/y;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Reads the block that starts where `text` starts. */
function readBlock(text: string): Block | undefined {
  const begin = matchAt(BEGIN, text, 0);
  const label = begin?.[1];
  if (begin === null || label === undefined) return undefined;
  const headers: string[] = [];
  const parts: string[] = [];
  let at = begin[0].length;
  let end = at;
  let complete = false;
  while (at < text.length) {
    const last = matchAt(END, text, at);
    if (last !== null) {
      end = at + last[0].length;
      complete = true;
      break;
    }
    // `+` begins a body line rarely and joins strings often: try the joint first where one fits.
    const between = matchAt(BETWEEN, text, at);
    if (between !== null) {
      at += between[0].length;
      continue;
    }
    const header = parts.length === 0 ? matchAt(HEADER, text, at) : null;
    if (header !== null) {
      headers.push(header[0]);
      at += header[0].length;
      continue;
    }
    const body = matchAt(BODY, text, at);
    if (body === null) break;
    parts.push(body[0]);
    at += body[0].length;
    end = at;
  }
  return { label, length: end, headers, body: parts.join(''), complete, open: at >= text.length };
}

function isPrivate(label: string): boolean {
  return /^(?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?$/.test(label) || label === 'OpenVPN Static key V1';
}

function armorMatch(view: View, hit: number, choose: Choose): Match | undefined {
  // The label comes first: certificates and public keys are far more frequent.
  const label = matchAt(BEGIN, view.latin1(hit, hit + 80), 0)?.[1];
  if (label === undefined || !isPrivate(label)) return undefined;
  let block = readBlock(view.latin1(hit, hit + FIRST_WINDOW));
  if (block?.open === true) block = readBlock(view.latin1(hit, hit + LIMIT));
  if (block === undefined) return undefined;
  const end = hit + block.length;
  const text = view.latin1(hit, end);
  return blockMatch(block, view, hit, end, text.includes('\\n') && !text.includes('\n') ? 'escaped' : 'plain', choose);
}

function blockMatch(
  block: Block,
  view: View,
  start: number,
  end: number,
  written: Written,
  choose: Choose,
): Match | undefined {
  const { label, body, headers, complete } = block;
  if (!isPrivate(label) || body.replace(/=/g, '').length < LEAST_BODY) return undefined;
  // A body of words or of one letter is a placeholder; real ones look random to their last character.
  if (relativeEntropy(body.slice(0, 512)) < 0.7 || /(.)\1{15}/.test(body.replace(/A{8,40}/g, ''))) {
    return undefined;
  }
  const rule = choose(label, written, (candidate) => isBeside(candidate, view, start, end));
  if (rule === undefined) return undefined;
  const lines = body.match(/.{1,64}/g) ?? [];
  // PGP armor ends in a checksum line of its own.
  const checksum = label.startsWith('PGP') ? /=[A-Za-z0-9+/]{4}$/.exec(body)?.[0] : undefined;
  const secret = [
    `-----BEGIN ${label}-----`,
    ...headers,
    ...(headers.length > 0 || label.startsWith('PGP') ? [''] : []),
    ...(checksum === undefined ? lines : (body.slice(0, -checksum.length).match(/.{1,64}/g) ?? [])),
    ...(checksum === undefined ? [] : [checksum]),
    `-----END ${label}-----`,
    '',
  ].join('\n');
  const found: Evidence[] = [evidence('key-block', `a whole ${label.toLowerCase()}`)];
  if (!complete) found.push(evidence('key-cut', 'its end is not in sight'));
  if (!block.open && isPart(body)) found.push(evidence('key-part', 'shorter than it says that it is'));
  const encrypted =
    label.includes('ENCRYPTED') ||
    headers.some((header) => header.includes('ENCRYPTED')) ||
    isEncryptedOpenSsh(label, body);
  if (encrypted) found.push(evidence('key-encrypted', 'a passphrase protects it'));
  const account = accountBeside(rule, view, start, end);
  return {
    ruleId: rule.id,
    start,
    end,
    secret,
    evidence: found,
    ...(complete && { proof: { name: proofFor(label), onFail: 'nothing', proves: !encrypted } }),
    guessable: false,
    ...(account !== undefined && { account }),
    priority: PRIORITY,
  };
}

/** Bytes behind and before a block in which its owner's name is looked for. */
const BESIDE = 512;
const ADDRESS = /^["'\\]{0,3}\s{0,4}[:=]\s{0,4}["'\\]{0,3}([\w.+-]{1,64}@[\w.-]{1,190})/;

function accountBeside(rule: DetectorRule, view: View, start: number, end: number): string | undefined {
  for (const name of listOption(rule, 'account')) {
    for (const text of [view.latin1(end, end + BESIDE), view.latin1(start - BESIDE, start)]) {
      const at = text.toLowerCase().indexOf(name);
      const found = at < 0 ? undefined : ADDRESS.exec(text.slice(at + name.length))?.[1];
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function proofFor(label: string): string {
  if (label.startsWith('OPENSSH')) return 'openssh-key';
  return label.startsWith('PGP') ? 'pgp-armor' : 'pem';
}

/** Whether there is less than the length that DER starts with: `30 82`, and two bytes of it. */
function isPart(body: string): boolean {
  const head = Buffer.from(body.slice(0, 8), 'base64');
  return head.readUInt16BE(0) === 0x3082 && head.readUInt16BE(2) + 4 > (body.replace(/=+$/, '').length * 3) >> 2;
}

/** The cipher's name stands behind the magic and four bytes of length. */
function isEncryptedOpenSsh(label: string, body: string): boolean {
  if (!label.startsWith('OPENSSH')) return false;
  const head = Buffer.from(body.slice(0, 64), 'base64').toString('latin1');
  return head.startsWith('openssh-key-v1\0') && !head.startsWith('none', 19);
}

/** A PEM file that was put into Base64 as a whole. */
function wrappedMatch(view: View, hit: number, choose: Choose): Match | undefined {
  if (view.latin1(hit, hit + 14) !== 'LS0tLS1CRUdJTi') return undefined;
  const previous = view.latin1(hit - 1, hit);
  if (previous !== '' && /[A-Za-z0-9+/]/.test(previous)) return undefined;
  // Certificates need no further look.
  const head = Buffer.from(view.latin1(hit, hit + 80), 'base64').toString('latin1');
  const label = matchAt(BEGIN, head, 0)?.[1];
  if (label === undefined || !isPrivate(label)) return undefined;
  const text = view.latin1(hit, hit + LIMIT);
  const run = /^[A-Za-z0-9+/]+(?:(?:\\n|\r?\n[ \t]{0,40})[A-Za-z0-9+/]{8,})*={0,2}/.exec(text)?.[0] ?? '';
  const block = readBlock(Buffer.from(run.replace(/\\n/g, ''), 'base64').toString('latin1'));
  return block && blockMatch(block, view, hit, hit + run.length, 'base64', choose);
}

/** `PuTTY-User-Key-File-3: …` to `Private-MAC: …`. */
function puttyMatch(view: View, hit: number, choose: Choose): Match | undefined {
  const text = view.latin1(hit, hit + FIRST_WINDOW);
  const parts =
    /^PuTTY-User-Key-File-[23]: [\w-]+(?:\\r)?(?:\\n|\r?\n)[ \t]*Encryption: ([\w-]+)[^]*?Private-Lines: [0-9]+((?:\\r|\\n|[\s"'+A-Za-z0-9/=])+?)Private-(?:MAC|Hash): ([0-9a-f]{40,64})/.exec(
      text,
    );
  if (parts?.[2] === undefined) return undefined;
  const end = hit + parts[0].length;
  const rule = choose('putty', 'plain', (candidate) => isBeside(candidate, view, hit, end));
  if (rule === undefined) return undefined;
  if (parts[2].replace(/\\[rn]|[^A-Za-z0-9+/]/g, '').length < 32) return undefined;
  const secret = parts[0].replace(/\\r/g, '').replace(/\\n|\r?\n/g, '\n');
  const found: Evidence[] = [evidence('key-block', 'a whole PuTTY private key')];
  const encrypted = parts[1] !== 'none';
  if (encrypted) found.push(evidence('key-encrypted', 'a passphrase protects it'));
  return {
    ruleId: rule.id,
    start: hit,
    end,
    secret,
    evidence: found,
    proof: { name: 'putty-key', onFail: 'nothing', proves: !encrypted },
    guessable: false,
    priority: PRIORITY,
  };
}
