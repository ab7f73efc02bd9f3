import { firstAt } from '../../core/first-at.ts';
import type { View } from '../../core/view.ts';

const known = new WeakMap<View, readonly number[]>();

/**
 * Whether a place lies in the `data` of a Secret of Kubernetes, in YAML or JSON, also in a List: there all
 * values are Base64. https://kubernetes.io/docs/concepts/configuration/secret/
 * @param offset in bytes
 */
export function isSecretData(view: View, offset: number): boolean {
  let ranges = known.get(view);
  if (ranges === undefined) {
    ranges = view.bytes.includes('Secret') && view.bytes.includes('data') ? secretData(view) : [];
    known.set(view, ranges);
  }
  // The first end or start behind the place: an end where it lies inside.
  return firstAt(ranges, (edge) => edge > offset) % 2 === 1;
}

/** Starts and ends, in bytes, in order and none in another. */
function secretData(view: View): readonly number[] {
  const text = view.latin1(0, view.bytes.length);
  const ranges = /^\s*[{[]/.test(text) ? inJson(text) : inYaml(text);
  return ranges.toSorted((a, b) => a.start - b.start).flatMap(({ start, end }) => [start, end]);
}

interface Range {
  readonly start: number;
  end: number;
}

/** An object that is being read. */
interface Frame {
  /** Columns before its keys. */
  readonly indent: number;
  isSecret: boolean;
  data: Range | undefined;
}

const LINE = /([ \t]*(?:-[ \t]+)*)(?:["']?([\w.-]+)["']?:)?([^\n]*)(?:\n|$)/y;

/** One pass over the lines: how far a key is indented tells what it belongs to. */
function inYaml(text: string): readonly Range[] {
  const found: Range[] = [];
  const open: Frame[] = [];
  const close = (until: number, at: number): void => {
    for (let frame = open.at(-1); frame !== undefined && frame.indent >= until; frame = open.at(-1)) {
      open.pop();
      endData(frame, at);
      if (frame.isSecret && frame.data !== undefined) found.push(frame.data);
    }
  };
  LINE.lastIndex = 0;
  while (LINE.lastIndex < text.length) {
    const start = LINE.lastIndex;
    const [, lead = '', key, value = ''] = LINE.exec(text) ?? [];
    if (key === undefined && /^(?:#|\s*$)/.test(value)) continue;
    if (value.startsWith('---') && lead === '') close(0, start);
    if (key === undefined) continue;
    // The sign of a list's item starts a new object.
    const item = lead.lastIndexOf('-');
    close(item < 0 ? lead.length + 1 : (/^[ \t]*/.exec(lead)?.[0].length ?? 0) + 1, start);
    let frame = open.at(-1);
    if (frame === undefined || frame.indent < lead.length) {
      frame = { indent: lead.length, isSecret: false, data: undefined };
      open.push(frame);
    }
    endData(frame, start);
    if (key === 'kind' && /^[ \t]*["']?Secret\b/.test(value)) frame.isSecret = true;
    else if (key === 'data') frame.data = { start: LINE.lastIndex, end: -1 };
  }
  close(0, text.length);
  return found;
}

function endData({ data }: Frame, at: number): void {
  if (data?.end === -1) data.end = at;
}

const JSON_TOKEN = /"((?:[^"\\\n]|\\.)*)"(\s*:(?:\s*"(Secret)")?)?|[{}]/g;

/** One pass over the braces and the keys. */
function inJson(text: string): readonly Range[] {
  const found: Range[] = [];
  const open: Frame[] = [];
  let key = '';
  for (const token of text.matchAll(JSON_TOKEN)) {
    const frame = open.at(-1);
    if (token[0] === '{') {
      if (frame !== undefined && key === 'data') frame.data = { start: token.index, end: -1 };
      open.push({ indent: 0, isSecret: false, data: undefined });
    } else if (token[0] === '}') {
      open.pop();
      const outer = open.at(-1);
      if (outer !== undefined) endData(outer, token.index);
      if (frame?.isSecret === true && frame.data !== undefined) found.push(frame.data);
    } else if (frame !== undefined && token[1] === 'kind' && token[3] !== undefined) {
      frame.isSecret = true;
    }
    key = token[2] === undefined ? '' : (token[1] ?? '');
  }
  return found;
}
