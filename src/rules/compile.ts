import { RuleError } from '../core/errors.ts';
import type { CompiledRule, RuleDetails } from './compiled.ts';
import type { HalfSource, RuleFile, RuleSource } from './format.ts';
import { requiredRun } from './structure.ts';

/** A rule ready for the engine, and what is shown of it once something is found. */
export interface RulePair {
  readonly rule: CompiledRule;
  readonly details: RuleDetails;
  /** Literals that bring the engine to a place for this rule. */
  readonly anchors: readonly string[];
  /** What belongs to its secrets. */
  readonly pair?: readonly HalfSource[];
}

/** Classes whose values people choose, so that they may stand in a dictionary. */
const GUESSABLE_CLASSES: ReadonlySet<string> = new Set(['password', 'connection-string', 'signing-key']);

/**
 * Turns rules as written into what the engine takes. Shape has been checked by the schema; this
 * checks what a schema cannot.
 * @param where names the file in errors
 * @throws {RuleError} on a rule that cannot work
 */
export function compileRuleFile(file: RuleFile, where: string): RulePair[] {
  return file.rules.map((source) => compileRule(source, source.provider ?? file.provider, where));
}

/** @see compileRuleFile */
export function compileRule(source: RuleSource, provider: string, where: string): RulePair {
  const fail = (what: string, fix: string): never => {
    throw new RuleError(`${where}: rule ${source.id}: ${what}`, { fix });
  };
  if ((source.pattern === undefined) === (source.detector === undefined)) {
    fail('needs exactly one of pattern and detector', 'keep the one that makes the matches');
  }
  if (source.pattern !== undefined && (source.anchors ?? []).length === 0) {
    fail('has a pattern and no anchors', 'add a literal that stands in every match');
  }
  for (const anchor of source.anchors ?? []) {
    if (!/^[\x20-\x7e]{2,}$/.test(anchor)) {
      fail(`anchor ${JSON.stringify(anchor)} is not 2 or more printable ASCII characters`, 'choose another literal');
    }
  }
  for (const { what, rule, pattern, names, value } of source.pair ?? []) {
    const ways = [rule, pattern, names].filter((way) => way !== undefined).length;
    if (ways !== 1 || (names === undefined) !== (value === undefined)) {
      fail(
        `pair ${JSON.stringify(what)} is not known by exactly one way`,
        'give it rule, or pattern, or names with value',
      );
    }
  }
  const { id, severity, distinctiveness, pattern, detector, options, near, nearBytes, proof, minEntropy } = source;
  const anchors = detector === undefined ? (source.anchors ?? []).map(normalAnchor) : [];
  const run = pattern === undefined ? undefined : requiredRun(pattern, anchors);
  return {
    rule: {
      id,
      severity,
      distinctiveness,
      ...(pattern !== undefined && { pattern }),
      ...(run !== undefined && { run }),
      ...(detector !== undefined && { detector }),
      ...(options !== undefined && { options }),
      ...(near !== undefined && { near: near.map((word) => word.toLowerCase()) }),
      ...(nearBytes !== undefined && { nearBytes }),
      ...(proof !== undefined && { proof }),
      ...(minEntropy !== undefined && { minEntropy }),
      guessable: source.guessable ?? GUESSABLE_CLASSES.has(source.identity.class),
      class: source.identity.class,
    },
    details: {
      title: source.title,
      provider,
      identity: source.identity,
      advice: source.advice,
      references: source.references,
    },
    anchors,
    ...(source.pair !== undefined && { pair: source.pair }),
  };
}

/**
 * Capitals in an anchor count only where they cannot be a matter of style: an all-letter word such
 * as `Password` is compared without case, a token prefix such as `AKIA` or `SG.` as written.
 */
function normalAnchor(anchor: string): string {
  return /[A-Z]/.test(anchor) && !/^[A-Z]?[a-z]+$/.test(anchor) ? anchor : anchor.toLowerCase();
}
