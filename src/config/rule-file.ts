import { ruleFile as validate } from '#validators';
import type { RuleFile } from '../rules/format.ts';
import { parseChecked, ruleFailure } from './document.ts';

const KEYS: readonly string[] =
  'provider rules id title severity distinctiveness anchors pattern detector options near nearBytes proof name onMismatch minEntropy guessable identity class type grants lifetime advice text rotate references token examples counterExamples path note'.split(
    ' ',
  );

/**
 * A YAML file of rules, checked against its schema.
 * @throws {RuleError} naming file, line and fix
 */
export function parseRuleFile(text: string, where: string): RuleFile {
  return parseChecked(text, where, validate, KEYS, ruleFailure) as RuleFile;
}
