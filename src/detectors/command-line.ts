import { isMachineMade } from '../core/entropy.ts';
import type { Match } from '../core/finding.ts';
import type { View } from '../core/view.ts';
import { evidence } from '../core/weights.ts';
import { stringsOption, type Detector, type DetectorRule } from './detector.ts';
import { openQuote } from './literal.ts';
import { isNameByte } from './name-byte.ts';

/** Bytes of a command that are looked at, and of the line before it. */
const WINDOW = 600;
const BEFORE = 400;
const MOST_WORDS = 48;

const GIVEN = [
  evidence('syntax-flag', 'given on a command line'),
  evidence('name-known', 'where the program takes a password'),
];

/**
 * Passwords that programs are given by flags or places that do not say so: `curl -u`, `mysql -p`,
 * `echo x | docker login --password-stdin`.
 *
 * Options of a rule: `commands`, a usage line each. The first word is the program; `VALUE` is the password
 * and may have a text around it (`USER:VALUE`, `pass:VALUE`, `-pVALUE`); `*` is any one word that is no flag, `…` any
 * number of them, `-` right behind the program some flag; `<VALUE` comes by standard input; of other flags and words each must be there, `x*` with any end.
 */
export const commandLine: Detector = {
  name: 'command-line',
  reach: WINDOW,
  anchors: (rules) => [...new Set(rules.flatMap((rule) => usagesOf(rule).map(({ anchor }) => anchor)))],
  prepare(rules) {
    let usages: ReadonlyMap<string, readonly Ruled[]> | undefined;
    return (view, hit, anchor) => {
      usages ??= byAnchor(rules());
      return commandMatch(view, hit, usages.get(anchor) ?? []);
    };
  },
};

interface Usage {
  /** What leads to it, lower case. */
  readonly anchor: string;
  readonly program: string;
  /** Flags and subcommands that must be there, those before a value's place first; one may end with a `*`. */
  readonly needed: readonly string[];
  /** How many of them stand before the value. */
  readonly before: number;
  /** The flag whose argument the value is; absent where its place says so. */
  readonly flag?: string;
  /** The value follows its flag without a space. */
  readonly glued: boolean;
  /** Words between what is needed and the value. */
  readonly skipped: number;
  /** Around the value in its word. */
  readonly shape: RegExp;
  readonly fromInput: boolean;
}

interface Ruled {
  readonly rule: DetectorRule;
  readonly usage: Usage;
}

function usagesOf(rule: DetectorRule): readonly Usage[] {
  return stringsOption(rule, 'commands').map(usageOf);
}

function byAnchor(rules: readonly DetectorRule[]): ReadonlyMap<string, readonly Ruled[]> {
  const found = new Map<string, Ruled[]>();
  for (const rule of rules) {
    for (const usage of usagesOf(rule)) {
      const list = found.get(usage.anchor);
      if (list === undefined) found.set(usage.anchor, [{ rule, usage }]);
      else list.push({ rule, usage });
    }
  }
  return found;
}

function usageOf(line: string): Usage {
  const [program = '', ...words] = line.split(' ');
  const at = words.findIndex((word) => word.includes('VALUE'));
  const written = words[at] ?? '';
  const before = words.slice(0, at);
  const own = before.at(-1);
  const [, glued, shape = written.replace('<', '')] = /^(-[A-Za-z])(\S*VALUE\S*)$/.exec(written) ?? [];
  const flag = glued ?? (own?.startsWith('-') && !written.startsWith('<') ? own : undefined);
  const isNeeded = (word: string): boolean => !['*', '…', '-', flag].includes(word);
  const needed = before.filter(isNeeded);
  const second = needed[0] !== undefined && before[0] === needed[0] ? needed[0] : undefined;
  return {
    anchor: anchorOf(program, words, second).toLowerCase(),
    program,
    needed: [...needed, ...words.slice(at + 1).filter(isNeeded)],
    before: needed.length,
    ...(flag !== undefined && { flag }),
    glued: glued !== undefined,
    skipped: before.filter((word) => word === '*').length,
    shape: shapeOf(shape),
    fromInput: written.startsWith('<'),
  };
}

/** `docker login`, but `curl `: a word alone stands in others. */
function anchorOf(program: string, [first = '']: readonly string[], second = ''): string {
  if (first.startsWith('<')) return program;
  return first === '-' ? `${program} -` : `${program} ${second}`;
}

/** `USER:VALUE`: the value is the second group. */
function shapeOf(written: string): RegExp {
  const source = written
    .replace(/[.*+?^${}()|[\]\\]/g, (sign) => (sign === '*' ? '.*' : `\\${sign}`))
    .replace('USER', '([^\\s:,%/]{1,64})')
    .replace('VALUE', '(.+)');
  return new RegExp(`^${written.includes('USER') ? '' : '()'}${source}$`, 'd');
}

function commandMatch(view: View, hit: number, usages: readonly Ruled[]): Match | undefined {
  const previous = view.bytes[hit - 1];
  if (previous !== undefined && isNameByte(previous)) return undefined;
  const lead = view.latin1(view.lineStart(hit, BEFORE), hit);
  const words = wordsOf(view.latin1(hit, hit + WINDOW), openQuote(lead));
  for (const { rule, usage } of usages) {
    const found = valueIn(words, usage, lead);
    if (found === undefined) continue;
    const parts = usage.shape.exec(found.text);
    const value = parts?.indices?.[2];
    if (parts === null || value === undefined || !isLiteral(parts[2] ?? '', found.single)) continue;
    const start = hit + (found.offsets[value[0]] ?? 0);
    const end = hit + (found.offsets[value[1] - 1] ?? 0) + 1;
    const user = parts[1] ?? '';
    const secret = Buffer.from(parts[2] ?? '', 'latin1').toString();
    return {
      ruleId: rule.id,
      start,
      end,
      secret,
      evidence:
        user !== '' && user === parts[2]
          ? [...GIVEN, evidence('value-same-as-user', 'the same as the user name')]
          : GIVEN,
      guessable: !isMachineMade(secret),
      name: 'command line password',
      ...(/^[\w.@+-]{1,64}$/.test(user) && !isMachineMade(user) && { account: user }),
      priority: 25,
    };
  }
  return undefined;
}

/** A word of a command, quotes taken away. */
interface Word {
  readonly text: string;
  /** For each unit of `text`, where it stands, from the command's start. */
  readonly offsets: readonly number[];
  /** A shell leaves it as it is. */
  readonly single: boolean;
}

/** What a value may not be: a variable, another command's output, a form, a flag, a file. */
function isLiteral(value: string, single: boolean): boolean {
  if (value.length < 3 || value.length > 300 || /^[-<>{[(%@]|\s/.test(value)) return false;
  return single || !/\$[A-Za-z_({]|`|^\$/.test(value);
}

function valueIn(words: readonly Word[], usage: Usage, lead: string): Word | undefined {
  const { needed, before, flag, skipped, fromInput, program, shape } = usage;
  if (words[0]?.text.toLowerCase() !== program.toLowerCase()) return undefined;
  let at = 0;
  for (const [index, word] of needed.entries()) {
    const next = words.findIndex(({ text }, place) => place > 0 && stands(text, word));
    if (next < 0) return undefined;
    if (index < before) at = Math.max(at, next);
  }
  if (fromInput) return inputOf(words, lead);
  if (flag !== undefined) return argumentOf(words, flag, usage.glued);
  const rest = words.slice(at + 1);
  // `/pass:x` of Windows
  if (shape.source.startsWith('^()\\/')) return rest.find(({ text }) => shape.test(text));
  return rest.filter(({ text }) => !/^-|^\/[A-Za-z]+(?::|$)/.test(text))[skipped];
}

/** Whether a word is the one that is needed; `-bc` holds `-b`. */
function stands(text: string, word: string): boolean {
  if (word.endsWith('*')) return text.startsWith(word.slice(0, -1));
  return text === word || (/^-[a-z]$/i.test(word) && /^-[A-Za-z]{2,5}$/.test(text) && text.includes(word.charAt(1)));
}

function argumentOf(words: readonly Word[], flag: string, glued: boolean): Word | undefined {
  for (const [index, word] of words.entries()) {
    if (index === 0 || !word.text.startsWith(flag)) continue;
    if (word.text === flag) {
      if (!glued) return words[index + 1];
    } else if (word.text.charAt(flag.length) === '=') {
      return tail(word, flag.length + 1);
    } else if (glued) {
      return tail(word, flag.length);
    }
  }
  return undefined;
}

function tail({ text, offsets, single }: Word, from: number): Word {
  return { text: text.slice(from), offsets: offsets.slice(from), single };
}

const PRINTED =
  /^(?:echo|printf)(?:[ \t]+-[neE]{1,3})*[ \t]+(?:(["'])%s(?:\\n)?\1[ \t]+|%s[ \t]+)?(\\?["']?)([^"'|]{3,300}?)\2[ \t]*\|[ \t]*(?:sudo[ \t]+)?$/d;

/** `echo x | program`, `program <<< x`. */
function inputOf(words: readonly Word[], lead: string): Word | undefined {
  const here = words.findIndex(({ text }) => text.startsWith('<<<'));
  const string = words[here];
  if (string !== undefined) return string.text === '<<<' ? words[here + 1] : tail(string, 3);
  const prints = Math.max(lead.lastIndexOf('echo'), lead.lastIndexOf('printf'));
  const piped = prints < 0 ? null : PRINTED.exec(lead.slice(prints));
  const value = piped?.indices?.[3];
  if (piped === null || value === undefined) return undefined;
  const text = piped[3] ?? '';
  const shift = prints + value[0] - lead.length;
  return { text, offsets: Array.from({ length: text.length }, (_, unit) => shift + unit), single: piped[2] === "'" };
}

/**
 * The words of the command that `text` starts with, as a shell takes them apart.
 * @param outer the quote of the string that the whole command stands in
 */
function wordsOf(text: string, outer: string): readonly Word[] {
  const words: Word[] = [];
  let word = '';
  let offsets: number[] = [];
  let single = false;
  let open = '';
  const end = (): void => {
    if (offsets.length > 0) words.push({ text: word, offsets, single });
    word = '';
    offsets = [];
    single = false;
  };
  for (let at = 0; at < text.length && words.length < MOST_WORDS; at++) {
    const unit = text.charAt(at);
    if (open === '' && unit === outer && outer !== '') break;
    if (unit === '\\') {
      const next = text.charAt(at + 1);
      // The line goes on.
      if (next === '\n' || (next === '\r' && text.charAt(at + 2) === '\n')) {
        end();
        at += next === '\n' ? 1 : 2;
        continue;
      }
      if (outer !== '' && /[nrt]/.test(next)) break;
      // A quote in a string, or a unit that stands for itself; elsewhere (Windows) a backslash is one.
      if (/["'$`\\ ]/.test(next)) {
        if (outer !== '' && (next === '"' || next === "'")) {
          open = open === '' ? next : open === next ? '' : open;
          if (open === "'") single = true;
        } else if (next !== '\\') {
          word += next;
          offsets.push(at + 1);
        } else {
          word += unit;
          offsets.push(at);
        }
        at++;
        continue;
      }
    }
    if (open !== '') {
      if (unit === open) {
        open = '';
        continue;
      }
      if (unit === '\n') break;
    } else if (unit === '"' || unit === "'") {
      open = unit;
      if (unit === "'") single = true;
      continue;
    } else if (unit === ' ' || unit === '\t') {
      end();
      continue;
    } else if (unit === '\n' || unit === '\r' || unit === ';' || unit === '|' || unit === ')') {
      break;
    } else if (unit === '&' && /[&\s]/.test(text.charAt(at + 1))) {
      break;
    } else if (unit === '>' && word === '') {
      break;
    }
    word += unit;
    offsets.push(at);
  }
  end();
  return words;
}
