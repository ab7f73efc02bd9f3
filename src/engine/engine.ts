import type { Detector, RunOf, Seen } from '../detectors/detector.ts';
import { dialectOf } from '../detectors/dialect.ts';
import { unjoined, writtenAs } from '../detectors/literal.ts';
import { formatNumber } from '../detectors/value-gate.ts';
import { shannonEntropy } from '../core/entropy.ts';
import type { Confidence, Evidence, Match } from '../core/finding.ts';
import { firstWordEnd, isNear, LONGEST_WORD, NEAR_BYTES } from '../core/near.ts';
import type { Looker, Sieve, SkipReason } from '../core/chunk.ts';
import { View } from '../core/view.ts';
import { evidence } from '../core/weights.ts';
import type { CompiledRule, RuleNeeds } from '../rules/compiled.ts';
import type { RequiredRun } from '../rules/structure.ts';
import type { RuleSet } from './compile.ts';
import type { Looked } from './decoding/decoded.ts';
import { isEncoded, isEncodedBefore, isEscape } from './decoding/signs.ts';
import { furthest, type Hits, type Prefilter, type SiftAsks, type SiftTables } from './prefilter.ts';
import type { LinearRegex, RegexEngine } from './re2.ts';
import type { Explanation, judgeAll } from './judging.ts';
import type { PairedHalf } from './pairing.ts';
import { findRun, isAlphanumeric, isInRun, splitAt } from './run-search.ts';

/** A match that the verdict let stand. */
export interface JudgedMatch extends Match {
  readonly confidence: Confidence;
  readonly reasons: readonly Evidence[];
  /** What belongs to it and stands near. */
  readonly halves?: readonly PairedHalf[];
  /** It belongs to the secret that starts at this byte, and is told with it. */
  readonly toldWith?: number;
}

/** Bytes before and after a literal that a rule first sees. */
const WINDOW_BEFORE = 256;
const WINDOW_AFTER = 768;
/** The same after, where literals of one rule stand close together. */
const WINDOW_DENSE = 8192;
/** A match that reaches its window's end is tried again in a wider one of this size. */
const WINDOW_LIMIT = 16_384;
/** Where literals stand close together, words are looked for this much farther, so that it is done once for many. */
const FAR_AHEAD = 16_384;
/** Bytes after a literal that a detector may see a match in, unless it says otherwise. */
const DETECTOR_REACH = 1500;
/** Bytes before what is new in a version of a text in which a literal is looked for that leads to it. */
const LOOK_BACK = 512;
/** Priority of matches made by a rule's own pattern: the shape that fewer texts have wins; see `Match.priority`. */
const RULE_PRIORITY: Readonly<Record<CompiledRule['distinctiveness'], number>> = { high: 50, medium: 47, low: 44 };

const NOTHING: readonly JudgedMatch[] = [];

/** Told why something was not looked at. */
type Skip = (reason: SkipReason) => void;

/** What `#matches` meets that may hide a text; see `Encodings`. */
interface Met {
  readonly runs: number[];
  readonly escapes: number[];
}

type DetectAt = (view: View, hit: number, anchor: string, open: number) => Match | readonly Match[] | undefined;

/** Bytes in, judged matches out. Pure but for what it compiles on first use. */
export class Engine {
  readonly #set: RuleSet;
  readonly #prefilter: Prefilter;
  readonly #detectors: readonly Detector[];
  readonly #run: RunOf;
  readonly #loadRegex: () => Promise<RegexEngine>;
  readonly #compiled: (LinearRegex | undefined)[] = [];
  /** Of literals that have been met: who asked for them, and their text. */
  readonly #owners: (readonly number[] | undefined)[] = [];
  readonly #literals: (string | undefined)[] = [];
  readonly #prepared: (DetectAt | undefined)[] = [];
  #ruleById: ReadonlyMap<string, CompiledRule> | undefined;
  /** For each rule in the present chunk: hits before this offset have been looked at, … */
  readonly #searchedTo: Float64Array;
  /** … matches before this have been made, … */
  readonly #foundTo: Float64Array;
  /** … the last window ended here, … */
  readonly #windowEnd: Float64Array;
  /** … and before this there is no run of the characters that its match needs. */
  readonly #clearTo: Float64Array;
  /** In these ranges none of the words stands that must be near. */
  readonly #farFrom: Float64Array;
  readonly #farTo: Float64Array;
  /** Those words, of rules that asked for them. */
  readonly #nearWords: (readonly string[] | undefined)[] = [];
  /** Rules for which one of these has been set since the last chunk. */
  readonly #used: number[] = [];
  /** What owns the literals of escapes. */
  readonly #escape: number;
  #regex: RegexEngine | undefined;
  #judgeAll: typeof judgeAll | undefined;
  /** Rules whose findings belong to those of others. */
  #halfRules: ReadonlySet<string> | undefined;
  readonly #halfPatterns = new Map<string, LinearRegex>();

  constructor(
    set: RuleSet,
    prefilter: Prefilter,
    detectors: readonly Detector[],
    loadRegex: () => Promise<RegexEngine>,
  ) {
    this.#set = set;
    this.#prefilter = prefilter;
    this.#detectors = detectors;
    this.#loadRegex = loadRegex;
    this.#run = detectors.find((detector) => detector.run !== undefined)?.run ?? NO_RUN;
    this.#escape = -1 - set.detectors.length;
    const { length } = set.runs;
    this.#searchedTo = new Float64Array(length);
    this.#foundTo = new Float64Array(length);
    this.#windowEnd = new Float64Array(length);
    this.#clearTo = new Float64Array(length);
    this.#farFrom = new Float64Array(length);
    this.#farTo = new Float64Array(length);
  }

  /**
   * All matches of a chunk that the verdict lets stand, in order of place; none overlap but those of a
   * whole file with what stands in it. Those that belong together are joined; see `pairing.ts`. A promise
   * where a regular expression engine is needed and not there yet, something is encoded, or something was
   * found: most chunks need none and hold nothing.
   * @param skip told where encoded text goes beyond the limits and is not looked at
   * @throws {RuleError} when the pattern of a rule that is needed does not compile
   */
  detect(view: View, skip?: Skip): readonly JudgedMatch[] | Promise<readonly JudgedMatch[]> {
    const found = this.#found(view, skip);
    if ('then' in found) return found.then((now) => this.#paired(now, view));
    return this.#paired(found, view);
  }

  #found(view: View, skip?: Skip): readonly JudgedMatch[] | Promise<readonly JudgedMatch[]> {
    const looked = this.#look(view);
    if ('then' in looked) return looked.then((now) => this.#judged(now, view, skip));
    return this.#judged(looked, view, skip);
  }

  /** Why each thing that was looked at in a chunk is a finding, or is none. */
  async explain(view: View): Promise<readonly Explanation[]> {
    const [{ explainAll }, looked] = await Promise.all([import('./judging.ts'), this.#look(view)]);
    const explained = [...explainAll(looked.matches, view, this.#ruleNamed)];
    if (looked.encodings !== undefined) {
      const { explainDecoded } = await import('./decoding/decoded.ts');
      explained.push(...(await explainDecoded(view, looked, this.#tools)));
    }
    const stand = await this.#paired(await this.#judged(looked, view), view);
    const standing = new Map(stand.map((match) => [`${match.ruleId} ${match.start}`, match]));
    return explained.map((explanation) => {
      const { ruleId, start } = explanation.match;
      const stands = standing.get(`${ruleId} ${start}`);
      return stands === undefined ? explanation : { ...explanation, stands };
    });
  }

  /** @param inside the text is a decoded one: what a file's name says, and nameless tokens, count only where they stand plainly */
  #look(view: View, inside = false): Looked | Promise<Looked> {
    const hits = this.#begin(view);
    if (this.#regex === undefined && this.#wantsRegex(view, hits)) {
      return this.#loadRegex().then((regex) => {
        this.#regex = regex;
        // Another scan may have used the hits meanwhile.
        return this.#look(view, inside);
      });
    }
    const encodings = { runs: [], escapes: [] };
    const matches = this.#matches(view, hits, inside, encodings);
    return encodings.runs.length + encodings.escapes.length === 0 ? { matches } : { matches, encodings };
  }

  /** Forgets the last chunk. */
  #begin(view: View): Hits {
    for (const index of this.#used) {
      this.#searchedTo[index] = 0;
      this.#foundTo[index] = 0;
      this.#windowEnd[index] = 0;
      this.#clearTo[index] = 0;
      this.#farTo[index] = 0;
    }
    this.#used.length = 0;
    return this.#prefilter.candidates(view.bytes, formatNumber(view), view.chunk.changed && around(view.chunk.changed));
  }

  #judged(looked: Looked, view: View, skip?: Skip): readonly JudgedMatch[] | Promise<readonly JudgedMatch[]> {
    const { matches, encodings } = looked;
    if (encodings !== undefined) {
      return import('./decoding/decoded.ts').then(({ judgeDecoded }) => judgeDecoded(view, looked, this.#tools, skip));
    }
    if (matches.length === 0) return NOTHING;
    if (this.#judgeAll !== undefined) return this.#judgeAll(matches, view, this.#ruleNamed);
    return import('./judging.ts').then(({ judgeAll }) => {
      this.#judgeAll = judgeAll;
      return judgeAll(matches, view, this.#ruleNamed);
    });
  }

  /** Joins what belongs together; what may is read once something stands. */
  #paired(found: readonly JudgedMatch[], view: View): readonly JudgedMatch[] | Promise<readonly JudgedMatch[]> {
    if (found.length === 0) return found;
    const { pairs } = this.#set;
    this.#halfRules ??= new Set(
      Object.values(pairs).flatMap((halves = []) => halves.flatMap(({ rule }) => (rule === undefined ? [] : [rule]))),
    );
    const halfRules = this.#halfRules;
    const isSecret = ({ ruleId }: JudgedMatch): boolean => pairs[ruleId] !== undefined;
    const hasOld =
      view.chunk.added !== undefined &&
      found.some(
        ({ ruleId }) => halfRules.has(ruleId) || pairs[ruleId]?.some(({ rule }) => rule !== undefined) === true,
      );
    return hasOld || found.some(isSecret) ? this.#join(found, view, hasOld) : found;
  }

  async #join(found: readonly JudgedMatch[], view: View, hasOld: boolean): Promise<readonly JudgedMatch[]> {
    const regex = (this.#regex ??= await this.#loadRegex());
    const { joinPairs, withOldLines } = await import('./pairing.ts');
    const needs = {
      pairs: this.#set.pairs,
      ruleNamed: this.#ruleNamed,
      compile: (pattern: string, ruleId: string): LinearRegex => {
        let compiled = this.#halfPatterns.get(pattern);
        if (compiled === undefined) this.#halfPatterns.set(pattern, (compiled = regex.compile(pattern, ruleId)));
        return compiled;
      },
    };
    if (!hasOld) return joinPairs(found, view, needs);
    // One half may stand in a line that is not new.
    const wider = withOldLines(found, view);
    const joined = joinPairs(await this.#found(wider), wider, needs);
    const isNew = ({ start, end }: Pick<Match, 'start' | 'end'>): boolean => view.touchesNew(start, end);
    const kept = joined.filter((match) => isNew(match) || match.halves?.some(isNew) === true);
    const starts = new Set(kept.map(({ start }) => start));
    return joined.filter(
      ({ start, toldWith }) => starts.has(start) || (toldWith !== undefined && starts.has(toldWith)),
    );
  }

  /**
   * What may make a finding of something that stands far from it: words that rules look for farther than
   * others, and the end of a key. Lower case.
   */
  farWords(): readonly string[] {
    const words = this.#set.rules.flatMap(({ near = [], nearBytes = NEAR_BYTES }) =>
      nearBytes > NEAR_BYTES ? near : [],
    );
    return [...new Set([...words, '-----end'])];
  }

  /** @see Sieve */
  readonly sieve: Sieve = (bytes) => {
    const trail = this.#detectors.find((detector) => detector.trail !== undefined)?.trail ?? NO_TRAIL;
    const { places, lost, hunks } = this.#prefilter.sift(bytes, { run: this.#run, trail }, this.#asksOf(bytes));
    let next = 0;
    return {
      lost,
      hunks,
      mayFind(start, end) {
        // In bounds where it is read.
        while (next < places.length && (places[next] as number) < start) next++;
        return next < places.length && (places[next] as number) < end;
      },
    };
  };

  /** @see Looker */
  readonly looker: Looker = {
    room: (size) => this.#prefilter.room(size),
    countLineFeeds: (bytes) => this.#prefilter.countLineFeeds(bytes),
    hasFindings: (chunk, skip) => {
      const { bytes } = chunk;
      const room = this.#prefilter.room(bytes.length);
      const isThere = bytes.buffer === room.buffer;
      if (!isThere) room.set(bytes);
      let isCut = false;
      // What could not be looked at is told by who looks again.
      const matches = this.detect(
        new View(isThere ? chunk : { ...chunk, bytes: room.subarray(0, bytes.length) }),
        skip ??
          (() => {
            isCut = true;
          }),
      );
      return 'then' in matches ? matches.then(({ length }) => length > 0 || isCut) : matches.length > 0;
    },
  };

  /** What the prefilter needs for `sieve` of the rules, to be made once and kept. */
  siftTables(): SiftTables {
    return this.#prefilter.tablesFor(this.#asksOf(Buffer.alloc(0)));
  }

  #asksOf(bytes: Uint8Array): SiftAsks {
    return {
      leadsOn: (anchor) => this.#leadsOn(anchor),
      mayLose: (anchor, end) => this.#mayLose(anchor, bytes, end),
      hides: (end) => isEncodedBefore(bytes, end),
    };
  }

  /** Whether the literal that ends at `end` stands in a run as long as the token that starts with it. */
  #mayLose(anchor: number, bytes: Uint8Array, end: number | undefined): boolean {
    return this.#ownersOf(anchor).some((owner) => {
      const run = owner < 0 ? undefined : this.#set.runs[owner];
      return run?.holdsAnchor === true && (end === undefined || isInRun(bytes, end - 1, run));
    });
  }

  /** @see SiftAsks.leadsOn */
  #leadsOn(anchor: number): 0 | 1 | 2 {
    const told = this.#ownersOf(anchor).map((owner) => {
      if (owner >= 0) return this.#set.runs[owner]?.holdsAnchor === true ? 0 : 1;
      if (owner === this.#escape) return 0;
      const detector = this.#detectorOf(-1 - owner);
      if (detector?.reach === 1) return 0;
      return detector?.trail === undefined ? 1 : 2;
    });
    return furthest(told);
  }

  /** Puts what may hide a text into `encodings`. */
  #matches(view: View, hits: Hits, inside: boolean, encodings: Met): readonly Match[] {
    const found: Match[] = [];
    const keep = (match: Match): void => {
      // What stands in old lines alone is no finding of this change.
      if (view.touchesNew(match.start, match.end)) found.push(match);
    };
    const { counting, hiding } = this.#prefilter.runs(view.bytes, this.#run, view.chunk.changed);
    // Before anything is read: they stand where the next text's will.
    for (let i = 0; i < hiding.length; i += 2) {
      const [start = 0, end = 0] = [hiding[i], hiding[i + 1]];
      if (view.touchesNew(start, end) && isEncoded(view.bytes, start, end)) encodings.runs.push(start, end);
    }
    const seen: Seen = { files: () => this.#set.files, runs: () => counting };
    if (!inside) for (const detector of this.#detectors) detector.inspect?.(view, seen)?.forEach(keep);
    const { anchors } = this.#set.anchorIndex;
    const newFrom = view.newFrom();
    for (let h = 0; h < hits.count; h++) {
      const offset = hits.offsets[h] ?? 0;
      const anchor = hits.anchors[h] ?? 0;
      const owners = this.#ownersOf(anchor);
      for (let o = 0; o < owners.length; o++) {
        const owner = owners[o] as number; // o < owners.length
        if (owner >= 0) {
          this.#applyRule(owner, view, offset, keep);
        } else if (owner === this.#escape) {
          if (view.touchesNew(offset, offset + 1) && isEscape(view.bytes, offset)) encodings.escapes.push(offset);
        } else {
          const literal = (this.#literals[anchor] ??= anchors.at(anchor) ?? '');
          if (offset < newFrom) {
            const reach = reachOf(this.#detectorOf(-1 - owner), view.bytes, offset + literal.length);
            if (!view.touchesNew(offset, offset + reach)) continue;
          }
          const made = this.#detectAt(-1 - owner)(view, offset, literal, hits.open[h] ?? 0);
          if (made === undefined) continue;
          if ('ruleId' in made) keep(made);
          else made.forEach(keep);
        }
      }
    }
    return found;
  }

  #ownersOf(anchor: number): readonly number[] {
    let owners = this.#owners[anchor];
    if (owners === undefined) {
      const given = this.#set.anchorIndex.owners[anchor] ?? [];
      owners = typeof given === 'number' ? [given] : given;
      this.#owners[anchor] = owners;
    }
    return owners;
  }

  readonly #ruleNamed = (id: string): CompiledRule | undefined =>
    (this.#ruleById ??= new Map(this.#set.rules.map((rule) => [rule.id, rule]))).get(id);

  /** What is asked of it to look into encoded text. */
  readonly #tools = { look: (view: View) => this.#look(view, true), ruleNamed: this.#ruleNamed };

  #wantsRegex(view: View, hits: Hits): boolean {
    for (let h = 0; h < hits.count; h++) {
      for (const owner of this.#ownersOf(hits.anchors[h] ?? 0)) {
        if (owner >= 0 && this.#mayMatch(owner, view, hits.offsets[h] ?? 0)) return true;
      }
    }
    return false;
  }

  /** Whether the run of characters that the rule needs is there; cheap, and before any regular expression. */
  #mayMatch(index: number, view: View, offset: number): boolean {
    const run = this.#set.runs[index];
    if (!run) return view.touchesNew(offset - WINDOW_BEFORE, offset + WINDOW_LIMIT);
    // A run has no line ends in it, so that it lies in a new line or does not count.
    if (run.holdsAnchor) {
      if (run.inWord !== true && isAlphanumeric(view.bytes[offset - 1] ?? 0)) return false;
      return (
        view.touchesNew(offset, offset + 1) &&
        (isInRun(view.bytes, offset, run) || splitAt(view.bytes, offset, run) >= 0) &&
        this.#mayBeNear(index, run, view, offset)
      );
    }
    if (!view.touchesNew(offset - WINDOW_BEFORE, offset + WINDOW_AFTER + run.length)) return false;
    const clear = this.#clearTo[index] ?? 0;
    const to = offset + WINDOW_AFTER + run.length;
    if (findRun(view.bytes, Math.max(offset - WINDOW_BEFORE, clear - run.length), to, run) >= 0) {
      return this.#mayBeNear(index, run, view, offset);
    }
    this.#used.push(index);
    this.#clearTo[index] = to;
    return false;
  }

  /** Whether a word stands where it would be near a match that a literal at `offset` leads to. */
  #mayBeNear(index: number, { near, nearBytes = NEAR_BYTES }: RuleNeeds, view: View, offset: number): boolean {
    if (near === undefined) return true;
    const start = Math.max(0, offset - WINDOW_BEFORE - nearBytes);
    const end = Math.min(view.bytes.length, offset + WINDOW_LIMIT + nearBytes);
    const farTo = this.#farTo[index] ?? 0;
    const isKnown = farTo > 0 && start >= (this.#farFrom[index] ?? 0);
    if (isKnown && end <= farTo) return false;
    // Each byte is looked at about once, however close together the literals stand.
    const from = isKnown ? Math.max(start, farTo - LONGEST_WORD) : start;
    const to = isKnown ? Math.min(view.bytes.length, end + FAR_AHEAD) : end;
    const wordEnd = firstWordEnd((this.#nearWords[index] ??= near.split('\n')), view, from, to);
    if (wordEnd !== undefined && wordEnd <= end) return true;
    this.#used.push(index);
    if (!isKnown) this.#farFrom[index] = start;
    this.#farTo[index] = wordEnd === undefined ? to : wordEnd - 1;
    return false;
  }

  #detectorOf(index: number): Detector | undefined {
    const name = this.#set.detectors[index]?.name;
    return this.#detectors.find((detector) => detector.name === name);
  }

  #detectAt(index: number): DetectAt {
    const ready = this.#prepared[index];
    if (ready !== undefined) return ready;
    const prepared: DetectAt =
      this.#detectorOf(index)?.prepare(() => this.#set.detectors[index]?.rules ?? []) ?? (() => undefined);
    this.#prepared[index] = prepared;
    return prepared;
  }

  /** Of a rule that has a pattern; made on first use. */
  #regexOf(index: number, { id, pattern = '' }: CompiledRule): LinearRegex {
    const regex = this.#regex as RegexEngine; // no rule is applied before it is loaded
    return (this.#compiled[index] ??= regex.compile(pattern, id));
  }

  #applyRule(index: number, view: View, offset: number, keep: (match: Match) => void): void {
    if (this.#regex === undefined) return;
    if (offset < (this.#searchedTo[index] ?? 0) || !this.#mayMatch(index, view, offset)) return;
    const rule = this.#set.rules[index];
    if (rule?.pattern === undefined) return;
    const run = this.#set.runs[index];
    if (run?.holdsAnchor === true && !isInRun(view.bytes, offset, run)) {
      this.#used.push(index);
      this.#searchedTo[index] = Math.max(offset + 1, this.#applyToParts(index, rule, run, view, offset, keep));
      return;
    }
    const regex = this.#regexOf(index, rule);
    // Hits that stand close together share one long window, so that the work stays linear in the
    // bytes whatever a hostile text does.
    const dense = offset < (this.#windowEnd[index] ?? 0);
    let after = dense ? WINDOW_DENSE : WINDOW_AFTER;
    const start = Math.max(this.#foundTo[index] ?? 0, offset - WINDOW_BEFORE, 0);
    let text = view.latin1(start, offset + after);
    let from = 0;
    for (;;) {
      const match = regex.exec(text, from);
      if (match === undefined) break;
      const windowEnd = start + text.length;
      if (match.end === text.length && windowEnd < view.bytes.length && after < WINDOW_LIMIT) {
        after = WINDOW_LIMIT;
        text = view.latin1(start, offset + after);
        continue;
      }
      const made = ruleMatch(rule, view, start + match.secretStart, start + match.secretEnd);
      if (made !== undefined) keep(made);
      from = Math.max(match.secretEnd, match.start + 1);
    }
    const searched = run?.holdsAnchor === true ? this.#applyToParts(index, rule, run, view, offset, keep) : 0;
    this.#used.push(index);
    this.#foundTo[index] = start + from;
    this.#windowEnd[index] = start + text.length;
    this.#searchedTo[index] = Math.max(start + from, offset + 1, dense ? offset + after - WINDOW_AFTER : 0, searched);
  }

  /**
   * The same for a value that is put together from several literals, the first of which ends behind `offset`.
   * @returns where the last of them starts
   */
  #applyToParts(
    index: number,
    rule: CompiledRule,
    run: RequiredRun,
    view: View,
    offset: number,
    keep: (match: Match) => void,
  ): number {
    const split = splitAt(view.bytes, offset, run);
    if (split < 0) return 0;
    const start = Math.max(0, offset - WINDOW_BEFORE);
    const joined = unjoined(view.latin1(start, split + WINDOW_AFTER), split - start, dialectOf(view));
    if (joined === undefined) return 0;
    const searched = start + (joined.parts.at(-1)?.start ?? 0);
    const text = Buffer.from(joined.text, 'latin1');
    // Many a literal is one of a list of short ones.
    if (findRun(text, offset - start - run.length, text.length, run) < 0) return searched;
    const regex = this.#regexOf(index, rule);
    for (let from = 0; ;) {
      const match = regex.exec(joined.text, from);
      if (match === undefined) break;
      const parts = writtenAs(joined, match.secretStart, match.secretEnd);
      const first = parts[0];
      const last = parts.at(-1);
      if (first !== undefined && last !== undefined && parts.length > 1) {
        const secret = joined.text.slice(match.secretStart, match.secretEnd);
        const made = ruleMatch(rule, view, start + first.start, start + last.end, secret);
        if (made !== undefined) keep({ ...made, evidence: [JOINED] });
      }
      from = Math.max(match.secretEnd, match.start + 1);
    }
    return searched;
  }
}

/** Where a literal may stand that leads to a match in one of the ranges. */
function around(ranges: Uint32Array): readonly number[] {
  const wide: number[] = [];
  for (let r = 0; r < ranges.length; r += 2) {
    const from = Math.max(0, (ranges[r] ?? 0) - LOOK_BACK);
    const last = wide.length - 1;
    if (last > 0 && from <= (wide[last] ?? 0)) wide[last] = ranges[r + 1] ?? 0;
    else wide.push(from, ranges[r + 1] ?? 0);
  }
  return wide;
}

/** No text holds it. */
const NO_RUN: RunOf = {
  kinds: new Uint8Array(256),
  made: new Uint8Array(16),
  least: 1,
  most: 1,
  hints: new Uint8Array(256),
};

/** Any line ends it. */
const NO_TRAIL = new Uint8Array(256);

/** Bytes from the first of a literal, which ends at `end`, on to where a match may have a new line. */
function reachOf(detector: Detector | undefined, bytes: Uint8Array, end: number): number {
  const reach = detector?.reach ?? DETECTOR_REACH;
  return detector?.trail === undefined || trailsOff(bytes, end, detector.trail, reach) ? reach : 1;
}

/** Whether no more than a {@link Detector.trail} stands between `from` and the line's end, as far as `most` bytes tell. */
function trailsOff(bytes: Uint8Array, from: number, trail: Uint8Array, most: number): boolean {
  const last = Math.min(bytes.length, from + most);
  let at = from;
  // In bounds: at < last <= bytes.length, and a byte is an index of `trail`.
  while (at < last && ((trail[bytes[at] as number] as number) & 1) !== 0) at++;
  while (at < last && ((trail[bytes[at] as number] as number) & 2) !== 0) at++;
  return at === last || bytes[at] === LF;
}

const LF = 10;

const JOINED = evidence('syntax-joined', 'put together from several literals');

function ruleMatch(
  rule: CompiledRule,
  view: View,
  start: number,
  end: number,
  secret: string = view.utf8(start, end),
): Match | undefined {
  if (rule.minEntropy !== undefined && shannonEntropy(secret) < rule.minEntropy) return undefined;
  if (!isNear(rule, view, start, end)) return undefined;
  const { proof } = rule;
  return {
    ruleId: rule.id,
    start,
    end,
    secret,
    evidence: [],
    ...(proof && {
      proof: { name: proof.name, onFail: proof.onMismatch === 'reject' ? 'reject' : 'tell', proves: true },
    }),
    guessable: rule.guessable,
    priority: RULE_PRIORITY[rule.distinctiveness],
  };
}
