import type { Evidence } from '../core/finding.ts';
import { firstEndingAfter, mask, withoutSecrets } from '../core/redact.ts';
import { LineCounter, View } from '../core/view.ts';
import { priorOf } from '../core/weights.ts';
import type { CompiledRule, Pairs } from '../rules/compiled.ts';
import type { HalfSource } from '../rules/format.ts';
import { halfPattern } from '../rules/half-pattern.ts';
import { belonging, NEAR_BYTES, NEAR_LINES, type Place } from './belonging.ts';
import type { JudgedMatch } from './engine.ts';
import type { LinearRegex } from './re2.ts';
import { withEvidence } from './verdict.ts';

/** What belongs to a secret and is told with it. Byte offsets, half-open. */
export interface PairedHalf {
  readonly what: string;
  readonly start: number;
  readonly end: number;
  /** Ends of lines from the secret's start to its own; below 0 where it stands above. */
  readonly lines: number;
  /** As much of it as may be shown. */
  readonly shown: string;
  /** The provider says that it is no secret. */
  readonly isPublic: boolean;
  /** It may serve other secrets, too. */
  readonly isShared: boolean;
  /** The rule that it would be a finding of by itself. */
  readonly rule?: string;
}

/** What is asked of the engine. */
export interface PairingNeeds {
  readonly pairs: Pairs;
  readonly ruleNamed: (id: string) => CompiledRule | undefined;
  readonly compile: (pattern: string, ruleId: string) => LinearRegex;
}

/** UTF-16 units of a half that is shown whole. */
const LONGEST_SHOWN = 100;
/** Different characters that a half has at least; `xxxx` is none. */
const LEAST_KINDS = 4;

interface Half extends Place {
  readonly isSecret: false;
  /** The finding that it is by itself. */
  readonly match?: JudgedMatch;
}

interface Secret extends Place {
  readonly isSecret: true;
  readonly match: JudgedMatch;
}

/**
 * Joins secrets with what belongs to them: a secret then has `halves` and is surer, a half that was found
 * by itself has `toldWith`. Nothing is taken away, and places and values stay.
 * @param found what stands in a chunk, in order of place
 */
export function joinPairs(found: readonly JudgedMatch[], view: View, needs: PairingNeeds): readonly JudgedMatch[] {
  const halvesOf = new Map<JudgedMatch, PairedHalf[]>();
  const accountOf = new Map<JudgedMatch, string>();
  const toldWith = new Map<JudgedMatch, JudgedMatch>();
  const values = found.filter(({ about }) => about !== 'file');
  const byRule = new Map<string, JudgedMatch[]>();
  for (const match of values) {
    const list = byRule.get(match.ruleId);
    if (list === undefined) byRule.set(match.ruleId, [match]);
    else list.push(match);
  }
  for (const [ruleId, matches] of byRule) {
    for (const source of needs.pairs[ruleId] ?? []) {
      const secrets = matches
        .filter((match) => !toldWith.has(match))
        .map((match): Secret => ({ ...placeOf(match), isSecret: true, match }));
      const halves =
        source.rule === undefined
          ? halvesNear(secrets, values, view, source, needs.compile)
          : (byRule.get(source.rule) ?? []).map((match): Half => ({ ...placeOf(match), isSecret: false, match }));
      if (halves.length === 0) continue;
      const places = [...secrets, ...halves].toSorted((a, b) => a.start - b.start);
      // They were put in as what they are.
      const joined = belonging(places, view, source.shared === true) as ReadonlyMap<Secret, Half>;
      for (const [{ match }, half] of joined) {
        const told = toldOf(half, match, view, source, values);
        const list = halvesOf.get(match);
        if (list === undefined) halvesOf.set(match, [told]);
        else list.push(told);
        const account = half.match?.account ?? (source.public === true ? told.shown : undefined);
        if (account !== undefined && !accountOf.has(match)) accountOf.set(match, account);
        if (half.match !== undefined && !halvesOf.has(half.match) && !toldWith.has(half.match)) {
          toldWith.set(half.match, match);
        }
      }
    }
  }
  if (halvesOf.size === 0) return found;
  return found.map((match): JudgedMatch => {
    const secret = toldWith.get(match);
    if (secret !== undefined) return { ...match, toldWith: secret.start };
    const halves = halvesOf.get(match);
    const rule = needs.ruleNamed(match.ruleId);
    if (halves === undefined || rule === undefined) return match;
    const account = match.account ?? accountOf.get(match);
    const verdict = withEvidence(match, view, rule, pairEvidence(halves));
    return { ...match, ...verdict, halves, ...(account !== undefined && { account }) };
  });
}

function placeOf({ start, end, secret }: JudgedMatch): Omit<Place, 'isSecret'> {
  return { start, end, text: secret };
}

/** What a pattern finds near the secrets, in order. */
function halvesNear(
  secrets: readonly Secret[],
  found: readonly JudgedMatch[],
  view: View,
  source: HalfSource,
  compile: PairingNeeds['compile'],
): readonly Half[] {
  const pattern = halfPattern(source);
  const [first] = secrets;
  if (pattern === undefined || first === undefined) return [];
  const regex = compile(pattern, first.match.ruleId);
  const own = new Set(secrets.map(({ text }) => text));
  const halves: Half[] = [];
  for (const [from, to] of windowsAround(secrets)) {
    const text = view.latin1(from, to);
    for (let at = 0; ;) {
      const match = regex.exec(text, at);
      if (match === undefined) break;
      at = Math.max(match.secretEnd, match.start + 1);
      const start = from + match.secretStart;
      const end = from + match.secretEnd;
      const value = view.utf8(start, end);
      if (own.has(value) || !isHalf(value, source)) continue;
      const same = matchAt(found, start, end);
      // What a provider's rule found is something else; that a name alone made a finding of is this half.
      if (same !== undefined && !same.ruleId.startsWith('generic-')) continue;
      halves.push({ start, end, text: value, isSecret: false, ...(same && { match: same }) });
    }
  }
  return halves;
}

/** Whether a value may be one, and no placeholder and no piece of code. */
function isHalf(value: string, { names }: HalfSource): boolean {
  const isWord = names !== undefined && value.length >= 12 && /^[A-Z]?[a-z]+(?:[A-Z][a-z]+)*$/.test(value);
  return !isWord && new Set(value).size >= LEAST_KINDS && !/example|placeholder|your[-_.]|x{4}/i.test(value);
}

/** Bytes around the secrets in which halves are looked for; half-open, in order, apart. */
function windowsAround(secrets: readonly Secret[]): readonly (readonly [number, number])[] {
  const windows: [number, number][] = [];
  for (const { start, end } of secrets) {
    const last = windows.at(-1);
    const from = Math.max(0, start - WINDOW);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], end + WINDOW);
    else windows.push([from, end + WINDOW]);
  }
  return windows;
}
/** The half itself, and the name before it, may begin further away. */
const WINDOW = NEAR_BYTES + 300;

/** The match that overlaps bytes `[start, end)`. */
function matchAt(found: readonly JudgedMatch[], start: number, end: number): JudgedMatch | undefined {
  const match = found[firstEndingAfter(found, start)];
  return match !== undefined && match.start < end ? match : undefined;
}

function toldOf(
  half: Half,
  secret: JudgedMatch,
  view: View,
  source: HalfSource,
  found: readonly JudgedMatch[],
): PairedHalf {
  const { start, end, text, match } = half;
  const others: JudgedMatch[] = [secret];
  for (let index = firstEndingAfter(found, start - WINDOW); index < found.length; index++) {
    const other = found[index];
    if (other === undefined || other.start > end + WINDOW) break;
    if (other !== match) others.push(other);
  }
  const whole = withoutSecrets(text, others).slice(0, LONGEST_SHOWN);
  const isAbove = start < secret.start;
  const between = isAbove ? view.latin1(start, secret.start) : view.latin1(secret.start, start);
  return {
    what: source.what,
    start,
    end,
    lines: (between.split('\n').length - 1) * (isAbove ? -1 : 1),
    isPublic: source.public === true,
    isShared: source.shared === true,
    shown: source.public === true ? whole : mask(text, { guessable: false }),
    ...(match !== undefined && { rule: match.ruleId }),
  };
}

function pairEvidence(halves: readonly PairedHalf[]): Evidence {
  const parts = halves.map(({ what, shown, lines }) => `${what} ${shown} ${where(lines)}`);
  // A host serves many, and says less of the one value.
  const weight = priorOf('paired') * (halves.every(({ isShared }) => isShared) ? 0.5 : 1);
  return { evidence: 'paired', weight, text: `with its ${parts.join(' and ')}` };
}

function where(lines: number): string {
  if (lines === 0) return 'on the same line';
  const count = Math.abs(lines);
  return `${count} line${count === 1 ? '' : 's'} ${lines < 0 ? 'above' : 'below'}`;
}

/** The chunk with the lines near what was found as new ones, too. */
export function withOldLines(found: readonly JudgedMatch[], view: View): View {
  const lines = new LineCounter(view);
  const near = found.map(({ start }) => lines.at(start).line);
  const added: { first: number; last: number }[] = [];
  const wider = near.map((line) => ({ first: Math.max(1, line - NEAR_LINES), last: line + NEAR_LINES }));
  for (const range of [...(view.chunk.added ?? []), ...wider].toSorted((a, b) => a.first - b.first)) {
    const last = added.at(-1);
    if (last !== undefined && range.first <= last.last + 1) last.last = Math.max(last.last, range.last);
    else added.push({ ...range });
  }
  return new View({ ...view.chunk, added });
}
