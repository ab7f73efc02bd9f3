import { credentialName } from '../core/credential-name.ts';
import { isMachineMade, randomness } from '../core/entropy.ts';
import type { Match } from '../core/finding.ts';
import { isFingerprint } from '../core/fingerprint.ts';
import { LEAST_RUN, RUN_OF_KINDS, TOKEN } from '../core/token-byte.ts';
import type { View } from '../core/view.ts';
import { evidence } from '../core/weights.ts';
import { HINTS } from '../engine/decoding/signs.ts';
import { runsIn } from '../engine/run-search.ts';
import type { Detector, RunOf } from './detector.ts';

/** Priority of a nameless token among overlapping matches. */
const PRIORITY = 10;
/** Longest token, in bytes. */
const MOST = 128;
/** Longest line on which tokens are looked for, in bytes; longer ones are generated. */
const LINE_LIMIT = 1000;
/** Most tokens that one chunk is asked for: a file with more is data. */
const TOKEN_LIMIT = 200;

const RULE = 'generic-high-entropy';

const RUN: RunOf = { kinds: TOKEN, made: RUN_OF_KINDS, least: LEAST_RUN, most: MOST, hints: HINTS };

/**
 * Long values that only a machine can have chosen, quoted or assigned, whatever their name. They are
 * many and mostly harmless, so this makes matches for one rule only, `generic-high-entropy`, and
 * the verdict lets few stand.
 */
export const entropy: Detector = {
  name: 'entropy',
  anchors: () => [],
  prepare: () => () => undefined,
  inspect: (view, { runs }) => tokensIn(view, runs()),
  run: RUN,
};

/** Every token of the new lines of a chunk, in order of place. */
export function tokensIn(view: View, runs: Uint32Array = runsIn(view.bytes, RUN).counting): Match[] {
  const found: Match[] = [];
  for (let i = 0; i < runs.length && found.length < TOKEN_LIMIT; i += 2) {
    const [start = 0, end = 0] = [runs[i], runs[i + 1]];
    if (!view.touchesNew(start, end)) continue;
    const match = tokenMatch(view, start, end);
    if (match !== undefined) found.push(match);
  }
  view.tokens = found.length;
  if (found.length <= MANY) return found;
  return found.map((match) => ({ ...match, evidence: [...match.evidence, AMONG_MANY] }));
}

/** Tables of digests, test vectors, encoded data: a text with more nameless tokens than this holds no credentials in them. */
export const MANY = 15;
const AMONG_MANY = evidence('value-among-many', 'one of many in the same text');

/** What may follow a token: the quote that it stands in, or what ends a value without quotes. */
const QUOTE = 1;
const END = 2;
const AFTER = new Uint8Array(256);
for (const character of '"\'`') AFTER[character.charCodeAt(0)] = QUOTE;
for (const character of ' \t\n\v\f\r\u00a0;,') AFTER[character.charCodeAt(0)] = END;
const EQUALS = 61;
const COLON = 58;
const SPACE = 32;

/** Most runs are paths and long names: bytes tell, before there is a string. */
function tokenMatch(view: View, runStart: number, end: number): Match | undefined {
  const { bytes } = view;
  const after = end < bytes.length ? (AFTER[bytes[end] as number] ?? 0) : END; // in bounds
  if (after === 0) return undefined;
  // `NAME=value` and `name=value` hold a token character between name and value.
  let start = runStart;
  for (let at = runStart; at < end - 1; at++) {
    if (bytes[at] !== EQUALS || bytes[at + 1] === EQUALS) continue;
    start = at + 1;
    break;
  }
  if (end - start < LEAST_RUN) return undefined;
  const before = bytes[start - 1];
  if (after === QUOTE) {
    if (before !== bytes[end]) return undefined;
  } else if (before !== EQUALS) {
    const sign = bytes[start - 2];
    if (before !== SPACE || (sign !== EQUALS && sign !== COLON)) return undefined;
  }
  const secret = view.latin1(start, end);
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
