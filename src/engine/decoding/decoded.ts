/**
 * What encoded text holds: each layer is looked at as a text of its own, with the same rules and the same file
 * around it, and what is found stands where the outer text encodes it. Loaded when a text is met that may hide
 * another; most commits have none.
 */
import type { SkipReason } from '../../core/chunk.ts';
import type { Match } from '../../core/finding.ts';
import { View } from '../../core/view.ts';
import { evidence } from '../../core/weights.ts';
import type { CompiledRule } from '../../rules/compiled.ts';
import type { Encodings } from './signs.ts';
import type { JudgedMatch } from '../engine.ts';
import { explainAll, judgeAll, withDecoded, type Explanation } from '../judging.ts';
import { textsOfEscapes } from './escapes.ts';
import type { Layer } from './layer.ts';
import { textsInRuns } from './runs.ts';

/** Layers in one another that are decoded. */
const DEPTH = 3;
/** Bytes that one chunk may decode to, all layers together. */
const BUDGET = 16 << 20;

/** What there is in a text before anything is judged. */
export interface Looked {
  readonly matches: readonly Match[];
  readonly encodings?: Encodings;
}

/** What decoding needs of the engine. */
export interface Tools {
  readonly look: (view: View) => Looked | Promise<Looked>;
  readonly ruleNamed: (id: string) => CompiledRule | undefined;
}

/**
 * Judges the matches of a chunk and of what it encodes.
 * @param skip told once where the limits leave something out
 */
export async function judgeDecoded(
  view: View,
  looked: Looked,
  tools: Tools,
  skip?: (reason: SkipReason) => void,
): Promise<readonly JudgedMatch[]> {
  let found: readonly JudgedMatch[] = judgeAll(looked.matches, view, tools.ruleNamed);
  for await (const inner of insideOf(view, looked, tools, skip)) {
    const judged = judgeAll(inner.matches, inner.view, tools.ruleNamed);
    const decoded = judged.map((match) => ({ ...match, ...inner.placed(match) }));
    found = withDecoded(
      found,
      decoded.filter(({ start, end }) => view.touchesNew(start, end)),
    );
  }
  return found;
}

/** What was made of each match in encoded text, in its place in the outer one. */
export async function explainDecoded(view: View, looked: Looked, tools: Tools): Promise<readonly Explanation[]> {
  const explained: Explanation[] = [];
  for await (const inner of insideOf(view, looked, tools)) {
    for (const one of explainAll(inner.matches, inner.view, tools.ruleNamed)) {
      explained.push({ ...one, match: { ...one.match, ...inner.placed(one.match) } });
    }
  }
  return explained;
}

/** A decoded text with what was found in it. */
interface Inside {
  readonly view: View;
  readonly matches: readonly Match[];
  /** Where a match stands in the chunk, and what stands there. */
  readonly placed: (match: Match) => Pick<Match, 'start' | 'end' | 'written'>;
}

interface Outer {
  readonly view: View;
  readonly encodings: Encodings;
  readonly depth: number;
  /** From the outermost on. */
  readonly encoding: readonly string[];
  readonly written: Layer['written'];
}

/** Every layer in which something was found, the outer ones first. */
async function* insideOf(
  view: View,
  { matches, encodings }: Looked,
  tools: Tools,
  skip?: (reason: SkipReason) => void,
): AsyncGenerator<Inside> {
  if (encodings === undefined) return;
  const queue: Outer[] = [{ view, encodings, depth: 0, encoding: [], written: (start, end) => [start, end] }];
  const known = new Set(matches.map(keyOf));
  let left = BUDGET;
  let isCut = false;
  for (const outer of queue) {
    for (const layer of layersOf(outer)) {
      left -= layer.bytes.length;
      if (left < 0 || outer.depth === DEPTH) {
        isCut = true;
        break;
      }
      const nested = new View(
        { kind: 'chunk', origin: view.chunk.origin, bytes: layer.bytes, firstLine: 1, whole: false, newFile: false },
        layer.fileName,
      );
      const looked = await tools.look(nested);
      const encoding = [...outer.encoding, layer.encoding];
      const written: Layer['written'] = (start, end) => outer.written(...layer.written(start, end));
      const placed = (match: Match): ReturnType<Inside['placed']> => {
        const [start, end] = written(match.start, match.end);
        return { start, end, written: view.utf8(start, end) };
      };
      const decoded = evidence('value-decoded', `decoded from ${encoding.toReversed().join(' in ')}`);
      const fresh = looked.matches.filter((match) => {
        // What stands there plainly, too, is judged as it stands there.
        const key = keyOf({ ...match, ...placed(match) });
        if (known.has(key)) return false;
        known.add(key);
        return counts(match, layer, tools.ruleNamed(match.ruleId));
      });
      if (fresh.length > 0) {
        yield {
          view: nested,
          matches: fresh.map((match) => ({ ...match, evidence: [...match.evidence, decoded] })),
          placed,
        };
      }
      if (looked.encodings !== undefined) {
        queue.push({ view: nested, encodings: looked.encodings, depth: outer.depth + 1, encoding, written });
      }
    }
  }
  if (isCut) skip?.('encoded');
}

function* layersOf({ view, encodings }: Outer): Generator<Layer> {
  yield* textsInRuns(view, encodings.runs);
  yield* textsOfEscapes(view, encodings.escapes);
}

function keyOf({ ruleId, start, end }: Pick<Match, 'ruleId' | 'start' | 'end'>): string {
  return `${ruleId} ${start} ${end}`;
}

function counts({ start }: Match, layer: Layer, rule: CompiledRule | undefined): boolean {
  if (layer.strict === true && !hasShape(rule)) return false;
  // A URL that is written plainly is read as it stands; only in its parts escapes are undone, by the detector.
  return rule?.detector !== 'connection-string' || layer.plain?.(start - 1) !== true;
}

/** Whether a rule's matches show by their own shape what they are. */
function hasShape(rule: CompiledRule | undefined): boolean {
  return rule?.detector === 'key-block' || (rule?.pattern !== undefined && rule.distinctiveness === 'high');
}
