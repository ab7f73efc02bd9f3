import { credentialName } from '../core/credential-name.ts';
import { isMachineMade, randomness } from '../core/entropy.ts';
import type { Match } from '../core/finding.ts';
import { isFingerprint } from '../core/fingerprint.ts';
import type { View } from '../core/view.ts';
import { evidence } from '../core/weights.ts';
import type { Detector } from './detector.ts';

/** Priority of a nameless token among overlapping matches. */
const PRIORITY = 10;
/** Shortest and longest token, in bytes. */
const LEAST = 24;
const MOST = 128;
/** Longest line on which tokens are looked for, in bytes; longer ones are generated. */
const LINE_LIMIT = 1000;
/** Most tokens that one chunk is asked for: a file with more is data. */
const TOKEN_LIMIT = 200;

const RULE = 'generic-high-entropy';

const LETTER = 1;
const DIGIT = 2;
const SIGN = 4;
/** Bytes that tokens are made of, by their kind. */
const TOKEN = new Uint8Array(256);
for (const [kind, characters] of [
  [LETTER, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'],
  [DIGIT, '0123456789'],
  [SIGN, '+/=_-'],
] as const)
  for (const character of characters) TOKEN[character.charCodeAt(0)] = kind;

/**
 * Long values that only a machine can have chosen, quoted or assigned, whatever their name. They are
 * many and mostly harmless, so this makes matches for one rule only, `generic-high-entropy`, and
 * the verdict lets few stand.
 */
export const entropy: Detector = {
  name: 'entropy',
  anchors: () => [],
  prepare: () => () => undefined,
  inspect: tokensIn,
  run: { kinds: TOKEN, wanted: DIGIT | LETTER, least: LEAST },
};

/** Every token of the new lines of a chunk, in order of place. Looks at each 24th byte first, so that prose and code cost little. */
export function tokensIn(view: View): Match[] {
  const ranges = view.newRanges();
  const found: Match[] = [];
  for (let i = 0; i < ranges.length; i += 2) collect(view, ranges[i] ?? 0, ranges[i + 1] ?? 0, found);
  if (found.length <= MANY) return found;
  return found.map((match) => ({ ...match, evidence: [...match.evidence, AMONG_MANY] }));
}

/** Tables of digests, test vectors, encoded data: a text with more nameless tokens than this holds no credentials in them. */
const MANY = 15;
const AMONG_MANY = evidence('value-among-many', 'one of many in the same text');

function collect(view: View, from: number, to: number, found: Match[]): void {
  const { bytes } = view;
  let at = from + LEAST - 1;
  while (at < to && found.length < TOKEN_LIMIT) {
    // In bounds: at < to <= bytes.length, and the loops below stop there.
    if (TOKEN[bytes[at] as number] === 0) {
      at += LEAST;
      continue;
    }
    let start = at;
    while (start > from && at - start < MOST && TOKEN[bytes[start - 1] as number] !== 0) start--;
    let end = at + 1;
    while (end < to && TOKEN[bytes[end] as number] !== 0) end++;
    if (end - start >= LEAST && end - start <= MOST) {
      const match = tokenMatch(view, start, end);
      if (match !== undefined) found.push(match);
    }
    at = end + LEAST;
  }
}

function tokenMatch(view: View, runStart: number, end: number): Match | undefined {
  // `NAME=value` and `name=value` hold a token character between name and value.
  const run = view.latin1(runStart, end);
  const sign = run.search(/=(?=[^=])/);
  const start = runStart + sign + 1;
  if (end - start < LEAST) return undefined;
  const before = view.latin1(start - 2, start);
  const after = view.latin1(end, end + 1);
  const quoted = /["'`]$/.test(before) && before.slice(-1) === after;
  const assigned = /(?:=|: |= )$/.test(before) && /^(?:[\s;,]|)$/.test(after);
  if (!quoted && !assigned) return undefined;
  const secret = run.slice(sign + 1);
  // Our own reports and exceptions name findings; a name is no secret.
  if (!isMachineMade(secret) || randomness(secret) < 2 || isFingerprint(secret)) return undefined;
  const lineStart = view.lineStart(start, LINE_LIMIT);
  if (start - lineStart >= LINE_LIMIT || view.lineEnd(end, LINE_LIMIT) - end >= LINE_LIMIT) return undefined;
  const lead = view.latin1(lineStart, start);
  const name = /([A-Za-z_][\w.-]{0,60})["'`]?\]?[ \t]{0,20}(?:=>|:=|=|:)[ \t]{0,20}["'`]?$/.exec(lead)?.[1];
  // What stands under a credential's name is the assignment detector's.
  if (name !== undefined && credentialName(name) !== undefined) return undefined;
  const spoken = /(?:secret|token|passw|credential|(?:api|access|private)[ _-]?key)/i.test(lead);
  return {
    ruleId: RULE,
    start,
    end,
    secret,
    evidence: [
      evidence(
        'syntax-nameless',
        name === undefined ? 'no name says what it is' : 'its name says nothing of a credential',
      ),
      ...(spoken ? [evidence('line-speaks', 'the line speaks of a credential')] : []),
    ],
    guessable: false,
    ...(name !== undefined && { name }),
    priority: PRIORITY,
  };
}
