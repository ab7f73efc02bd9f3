import type { View } from '../core/view.ts';

/** A secret, or something that may belong to one. Byte offsets, half-open. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly isSecret: boolean;
  readonly text: string;
}

/** A half stands near its secret: at most so many bytes between them, … */
export const NEAR_BYTES = 1500;
/** … and so many ends of lines. */
export const NEAR_LINES = 10;

// Costs, in no unit: only their order counts. What is cheapest for all of a text together is taken.
const PER_LINE = 0.3;
const PER_BYTE = 0.0005;
/** Identifiers mostly stand before their secret. */
const HALF_BEHIND = 0.15;
/** Lines without anything stand between the two; and for each further such place. */
const PARAGRAPH = 4.5;
const FURTHER_PARAGRAPH = 0.5;
const MOST_PARAGRAPHS = 6;
/** Each one that stays alone: a pair that costs twice as much is none. */
const ALONE = 4;
/** Another partner that costs no more than this much more makes a pair doubtful. */
const DOUBT = 0.5;

/**
 * Which half belongs to which secret. Names come first: what `DEV_…` and `PROD_…` tell apart is never
 * joined, nor what stands in different objects, sections or blocks. Of the rest only neighbours are, in the
 * way that leaves fewest alone and the least between them; a pair that another half or secret would fit
 * nearly as well is left apart.
 *
 * Takes time linear in the places and the text between them.
 * @param places in order, none overlapping
 * @param shared one half may serve several secrets
 * @returns the half of each secret that has one
 */
export function belonging(places: readonly Place[], view: View, shared: boolean): ReadonlyMap<Place, Place> {
  const told = namesOf(places, view);
  // What is shared may be called anything, as long as names tell nothing apart.
  const names = shared && isOfOneStem(told) ? withoutStems(told) : told;
  const partner = new Map<Place, Place>();
  const doubtful = new Set<Place>();
  const link = (sequence: readonly Place[]): void => {
    for (const [left, right, isSure] of neighbours(sequence, view, names)) {
      if (isSure) partner.set(left, right).set(right, left);
      else doubtful.add(left).add(right);
    }
  };
  const byStem = new Map<string, Place[]>();
  for (const place of places) {
    const stem = names.get(place)?.stem ?? '';
    const list = byStem.get(stem);
    if (list === undefined) byStem.set(stem, [place]);
    else list.push(place);
  }
  for (const list of byStem.values()) link(list);
  // What is left stands between what has been joined, and nothing reaches over that.
  let left: Place[] = [];
  for (const place of places) {
    if (!partner.has(place) && !doubtful.has(place)) left.push(place);
    else if (left.length > 0) {
      link(left);
      left = [];
    }
  }
  link(left);
  const halves = new Map([...partner].filter(([place]) => place.isSecret));
  if (!shared) return halves;
  places.forEach((place, index) => {
    if (!place.isSecret || halves.has(place)) return;
    const half = nearestHalf(places, index, view, names);
    if (half !== undefined) halves.set(place, half);
  });
  return halves;
}

/** Pairs of neighbours in a sequence, at the least cost for all of it together, and whether each is beyond doubt. */
function neighbours(
  sequence: readonly Place[],
  view: View,
  names: ReadonlyMap<Place, Name>,
): readonly (readonly [Place, Place, boolean])[] {
  const costs = sequence.map((place, index) => cost(sequence[index - 1], place, view, names));
  /** Of the first so many. */
  const least = [0];
  for (let count = 1; count <= sequence.length; count++) {
    const alone = (least[count - 1] ?? 0) + ALONE;
    const paired = (least[count - 2] ?? Infinity) + (costs[count - 1] ?? Infinity);
    least.push(Math.min(alone, paired));
  }
  const starts: number[] = [];
  for (let count = sequence.length; count > 1;) {
    const isPaired = (least[count - 2] ?? 0) + (costs[count - 1] ?? Infinity) === least[count];
    if (isPaired) starts.push(count - 2);
    count -= isPaired ? 2 : 1;
  }
  const taken = new Set(starts.flatMap((start) => [start, start + 1]));
  return starts.flatMap((start) => {
    const left = sequence[start];
    const right = sequence[start + 1];
    if (left === undefined || right === undefined) return [];
    const limit = (costs[start + 1] ?? 0) + DOUBT;
    const rivals = [start - 1, start + 2].filter((index) => !taken.has(index)).map((index) => sequence[index]);
    const isSure = !rivals.some((rival) => {
      if (rival === undefined) return false;
      const [fellow, other] = rival.isSecret === left.isSecret ? [left, right] : [right, left];
      const [first, second] = rival.start < other.start ? [rival, other] : [other, rival];
      return rival.text !== fellow.text && cost(first, second, view, names) <= limit;
    });
    return [[left, right, isSure] as const];
  });
}

/** The half that is nearest to the secret at `index`, where none is nearly as near. */
function nearestHalf(
  places: readonly Place[],
  index: number,
  view: View,
  names: ReadonlyMap<Place, Name>,
): Place | undefined {
  const secret = places[index];
  if (secret === undefined) return undefined;
  const found: { readonly half: Place; readonly price: number }[] = [];
  for (const step of [-1, 1]) {
    for (let at = index + step, looked = 0; looked < MOST_LOOKED_AT; at += step, looked++) {
      const half = places[at];
      if (half === undefined) break;
      if (half.isSecret) continue;
      const price = step < 0 ? cost(half, secret, view, names) : cost(secret, half, view, names);
      if (price < 2 * ALONE) found.push({ half, price });
      break;
    }
  }
  const [best, next] = found.toSorted((a, b) => a.price - b.price);
  if (best === undefined) return undefined;
  return next !== undefined && next.price - best.price <= DOUBT && next.half.text !== best.half.text
    ? undefined
    : best.half;
}
const MOST_LOOKED_AT = 8;

/** What it costs to join two places, of which `a` stands first; infinite where they cannot belong together. */
function cost(a: Place | undefined, b: Place, view: View, names: ReadonlyMap<Place, Name>): number {
  if (a === undefined || a.isSecret === b.isSecret || b.start - a.end > NEAR_BYTES) return Infinity;
  const [one, other] = [names.get(a), names.get(b)];
  if (!agree(one?.stem ?? '', other?.stem ?? '')) return Infinity;
  const between = view.latin1(a.end, b.start).split('\n');
  const lines = between.length - 1;
  if (lines > NEAR_LINES) return Infinity;
  const own = view.latin1(view.lineStart(a.start, 256), a.start);
  if (isApart(own, between, one?.isEntry === true && other?.isEntry === true)) return Infinity;
  const gaps = between.filter((line, at) => at > 0 && at < lines && isBlank(line) && !isBlank(between[at - 1] ?? ''));
  const paragraphs = Math.min(MOST_PARAGRAPHS, gaps.length);
  return (
    lines * PER_LINE +
    (b.start - a.end) * PER_BYTE +
    (a.isSecret ? HALF_BEHIND : 0) +
    (paragraphs === 0 ? 0 : PARAGRAPH + (paragraphs - 1) * FURTHER_PARAGRAPH)
  );
}

/**
 * Whether one leaves an object, section or block and enters another on the way.
 * @param own the line up to the first of the two
 * @param between the lines behind it, up to the second
 * @param entries each of the two is an object, an element or a call of its own, with its name
 */
function isApart(own: string, between: readonly string[], entries: boolean): boolean {
  const text = between.join('\n');
  if (crossings(text, /[(){}[\]]/g, (sign) => (')}]'.includes(sign) ? -1 : 1)) > (entries ? 1 : 0)) return true;
  // From one element into its sibling is the least way in XML.
  const tags = crossings(text, /<[/A-Za-z]|\/>/g, (sign) => (sign === '</' || sign === '/>' ? -1 : 1));
  if (tags > (entries ? 2 : 1)) return true;
  const lines = between.slice(1);
  if (lines.some((line) => SECTION.test(line))) return true;
  if (entries) return false;
  const depth = indentation(own);
  const least = Math.min(...lines.filter((line) => !isBlank(line) && !COMMENT.test(line)).map(indentation));
  if (least < depth && least < indentation(lines.at(-1) ?? '')) return true;
  return lines.some((line) => ITEM.test(line) && line.length - line.trimStart().length < depth);
}

/** `[section]` or `---`. */
const SECTION = /^[ \t]*(?:\[[^\]]*\][ \t]*\r?$|-{3,}|={3,})/;
/** The first line of an item of a list. */
const ITEM = /^[ \t]*-[ \t]/;
const COMMENT = /^[ \t]*(?:#|\/\/|;)/;

function isBlank(line: string): boolean {
  return line.trim() === '';
}

/** Columns before the first sign of a line, of what an item of a list holds. */
function indentation(line: string): number {
  return /^(?:[ \t]*-[ \t])*[ \t]*/.exec(line)?.[0].length ?? 0;
}

/** How far down and up again nesting goes within a text. */
function crossings(text: string, signs: RegExp, step: (sign: string) => number): number {
  let depth = 0;
  let lowest = 0;
  for (const [sign] of text.matchAll(signs)) {
    depth += step(sign);
    lowest = Math.min(lowest, depth);
  }
  return Math.min(-lowest, depth - lowest);
}

interface Name {
  /** What it says besides being a credential: `aws dev` of `DEV_AWS_SECRET_ACCESS_KEY`. */
  readonly stem: string;
  /** It stands with the value in an object, element or call of its own: `{ name: …, value: … }`, `set("…", …)`. */
  readonly isEntry: boolean;
}

/** Whether all halves are called alike, and all secrets. */
function isOfOneStem(names: ReadonlyMap<Place, Name>): boolean {
  return new Set([...names].map(([{ isSecret }, { stem: words }]) => `${String(isSecret)} ${words}`)).size <= 2;
}

function withoutStems(names: ReadonlyMap<Place, Name>): ReadonlyMap<Place, Name> {
  return new Map([...names].map(([place, { isEntry }]) => [place, { stem: '', isEntry }]));
}

function namesOf(places: readonly Place[], view: View): ReadonlyMap<Place, Name> {
  let last = 0;
  return new Map(
    places.map((place) => {
      const from = Math.max(last, view.lineStart(place.start, 256));
      last = place.end;
      const line = view.latin1(from, place.start);
      const name = lastName(line);
      if (!/^(?:value|default)$/i.test(name)) {
        // Behind a name: `(` of a setter, `,` of an argument, or the sign of a list of `NAME=value`.
        const behind = line.slice(line.lastIndexOf(name) + name.length);
        const isEntry = name !== '' && (/[(,]/.test(behind) || (ITEM.test(line) && behind.includes('=')));
        return [place, { stem: stemOf(name), isEntry }];
      }
      // `name: CLIENT_ID` above `value: …`.
      const before = view.latin1(Math.max(from - 160, 0), from) + line.slice(0, line.lastIndexOf(name));
      return [place, { stem: stemOf(lastName(before.trimEnd())), isEntry: true }];
    }),
  );
}

const ROLES: ReadonlySet<string> = new Set(
  `access account acct admin address ak akey api app application auth base basic client code connection consumer credential
  credentials database default domain email endpoint env export host hostname id ident identifier ikey instance key
  keyid login mail master name oauth oauth2 org organization password private project property public publish
  publishable region secret server service session sid site sk skey subscribe subscription team tenant token uri url user
  username value var workspace`.split(/\s+/),
);

function stemOf(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+|(?<=[a-z])(?=\d)/)
    .filter((word) => word !== '' && !ROLES.has(word))
    .toSorted()
    .join(' ');
}

/** The last word of a text, behind which only signs of assignment, quotes and a type may stand. */
function lastName(text: string): string {
  const end = back(text, back(text, text.length, /[\s"'`([\\/]/, 40), /[\s"'`)\]\\:=,>({<-]/, 8);
  const start = back(text, end, /[\w.-]/, 80);
  const name = text.slice(start, end);
  // `name: string = …`, `name = https://…`
  const isFiller = /^(?:string|str|any)$/i.test(name) || text.startsWith('://', end);
  return isFiller && start > 0 ? lastName(text.slice(0, start)) : name;
}

/** Where, going back from `from` over at most `most` characters of a kind, one comes to. */
function back(text: string, from: number, kind: RegExp, most: number): number {
  let at = from;
  while (at > Math.max(0, from - most) && kind.test(text.charAt(at - 1))) at--;
  return at;
}

/** Whether two stems may be of one pair: the one says nothing that the other does not. */
function agree(a: string, b: string): boolean {
  if (a === b || a === '' || b === '') return true;
  const [fewer, more] = a.length < b.length ? [a, b] : [b, a];
  const words = new Set(more.split(' '));
  return fewer.split(' ').every((word) => words.has(word));
}
