import type { HalfSource } from './format.ts';

/**
 * What a half of a pair is looked for by, in RE2 syntax: its own pattern, or one for a value by the name
 * that it is given in the syntaxes of configuration and code: `name=value`, `"name": "value"`,
 * `name => 'value'`, `<name>value</name>`, `name: string = "value"`, and `name: NAME` with `value: VALUE`
 * on the next line. `undefined` where a rule finds it.
 */
export function halfPattern({ pattern, names, value }: HalfSource): string | undefined {
  if (names === undefined || value === undefined) return pattern;
  const name = names.map((one) => one.split('_').map(escape).join('[_. -]?')).join('|');
  return `(?i:${name})${ASSIGNED}(?P<secret>${value})(?:[^0-9A-Za-z_-]|$)`;
}

const ASSIGNED =
  '(?:[^0-9A-Za-z\\n]{1,8}(?:[Ss]tr(?:ing)?[^0-9A-Za-z\\n]{1,4})?|["\']?,?(?:\\s{1,4}\\{)?\\s{1,40}["\']?(?i:value|default)["\']?\\s{0,2}[:=]\\s{0,3}["\']?)';

function escape(text: string): string {
  return text.replace(/[^0-9A-Za-z]/g, (sign) => `\\${sign}`);
}
