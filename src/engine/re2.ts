import { RuleError } from '../core/errors.ts';

/** Where a pattern matched, in UTF-16 units of the text, half-open. */
export interface RegexMatch {
  readonly start: number;
  readonly end: number;
  /** The group named `secret`, or the whole match where the pattern has none. */
  readonly secretStart: number;
  readonly secretEnd: number;
}

/** A compiled pattern. Linear in the text's length by construction. */
export interface LinearRegex {
  /** The first match at or after `from`. */
  exec(text: string, from: number): RegexMatch | undefined;
}

/** Either build of RE2; both take the same syntax and give the same results. */
export interface RegexEngine {
  readonly name: 're2' | 're2js';
  /**
   * @param file where the rule stands, for the error
   * @throws {RuleError} when the pattern is not valid RE2
   */
  compile(pattern: string, ruleId: string, file?: string): LinearRegex;
}

let loaded: RegexEngine | undefined;

/**
 * Loads the native RE2 where it is installed and fits this Node, else its JavaScript port.
 * `KEEPMUM_REGEX=re2js` (or `re2`) chooses.
 */
export async function loadRegexEngine(choice: string | undefined): Promise<RegexEngine> {
  if (loaded !== undefined && (choice === undefined || choice === loaded.name)) return loaded;
  const native = choice === 're2js' ? undefined : loadNative();
  if (native === undefined && choice === 're2') {
    throw new RuleError('the native re2 cannot be loaded', {
      fix: 'reinstall with install scripts allowed, or leave KEEPMUM_REGEX unset',
    });
  }
  loaded = native ?? (await loadPort());
  return loaded;
}

interface NativeMatch {
  readonly index: number;
  readonly 0: string;
  readonly indices: {
    readonly groups?: Readonly<Record<string, readonly [number, number] | undefined>>;
  };
}

type NativeConstructor = new (
  pattern: string,
  flags: string,
) => { lastIndex: number; exec(text: string): NativeMatch | null };

function loadNative(): RegexEngine | undefined {
  let RE2: NativeConstructor;
  try {
    RE2 = process.getBuiltinModule('node:module').createRequire(import.meta.url)('re2') as NativeConstructor;
  } catch {
    // Not installed, built for another Node, or its libraries are missing: the port takes over.
    return undefined;
  }
  return {
    name: 're2',
    compile(pattern, ruleId, file) {
      const regex = attempt(ruleId, file, () => new RE2(pattern, 'dg'));
      return {
        exec(text, from) {
          regex.lastIndex = from;
          const match = regex.exec(text);
          if (match === null) return undefined;
          const end = match.index + match[0].length;
          const secret = match.indices.groups?.['secret'];
          return {
            start: match.index,
            end,
            secretStart: secret?.[0] ?? match.index,
            secretEnd: secret?.[1] ?? end,
          };
        },
      };
    },
  };
}

/** Instructions of a program from which on an automaton made of it costs more than it saves. */
const MOST_INSTRUCTIONS = 2400;

async function loadPort(): Promise<RegexEngine> {
  const { RE2JS } = await import('re2js');
  return {
    name: 're2js',
    compile(pattern, ruleId, file) {
      const regex = attempt(ruleId, file, () => RE2JS.compile(pattern));
      const named = 'secret' in regex.namedGroups();
      // Most windows hold no match: that alone its automaton tells many times as fast, where it does not grow too large.
      const isSmall = regex.programSize() < MOST_INSTRUCTIONS;
      return {
        exec(text, from) {
          if (isSmall && !regex.test(text)) return undefined;
          const matcher = regex.matcher(text);
          if (!matcher.find(from)) return undefined;
          const start = matcher.start();
          const end = matcher.end();
          const secretStart = named ? matcher.start('secret') : start;
          if (secretStart < 0) return { start, end, secretStart: start, secretEnd: end };
          return { start, end, secretStart, secretEnd: named ? matcher.end('secret') : end };
        },
      };
    },
  };
}

function attempt<T>(ruleId: string, file: string | undefined, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    throw new RuleError(
      `${file === undefined ? '' : `${file}: `}the pattern of rule ${ruleId} does not compile: ${why}`,
      {
        fix: 'use RE2 syntax: no look-around and no back-references',
        cause,
      },
    );
  }
}
