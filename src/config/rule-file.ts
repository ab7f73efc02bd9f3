import { ruleFile as validate, ruleKeys } from '#validators';
import type { RuleFile } from '../rules/format.ts';
import { parseChecked, ruleFailure } from './document.ts';

/**
 * A YAML file of rules, checked against its schema.
 * @throws {RuleError} naming file, line and fix
 */
export function parseRuleFile(text: string, where: string): RuleFile {
  return parseChecked(text, where, validate, ruleKeys, ruleFailure) as RuleFile;
}
