import fc from 'fast-check';
import { expect, test } from 'vitest';
import patterns from '#patterns/index';
import { namedMatch, type Choose } from '../../src/detectors/assignment.ts';
import { nameEnd, nameStart } from '../../src/detectors/name-gate.ts';
import { formatNumber, mayHaveValue } from '../../src/detectors/value-gate.ts';
import { Prefilter, unpackAutomaton } from '../../src/engine/prefilter.ts';
import { viewOf } from '../support/view.ts';

const choose: Choose = () => ({ rule: { id: 'any', guessable: true }, specific: false });
const WORD = /pass|token|auth|key/gi;
const { automaton, gates } = unpackAutomaton(patterns.automaton);
const { anchors } = patterns.anchorIndex;
const prefilter = new Prefilter(automaton, anchors, { gates });

/** Of every name in the text: whether the gate lets it through, and whether it is given a value. */
function* namesIn(text: string, path: string): Generator<{ may: boolean; found: boolean; at: number }> {
  const view = viewOf(Buffer.from(text, 'latin1'), path);
  const { bytes } = view;
  const passed = new Set<number>();
  const told = prefilter.candidates(bytes, formatNumber(view));
  for (let c = 0; c < told.count; c++) {
    const at = told.offsets[c] ?? 0;
    const isName = ['pass', 'token', 'auth', 'key'].includes(anchors.at(told.anchors[c] ?? 0) ?? '');
    if (isName && mayHaveValue(view, nameStart(bytes, at), at, told.open[c] ?? 0)) passed.add(at);
  }
  for (const { index: at, 0: word } of bytes.latin1Slice().matchAll(WORD)) {
    const start = nameStart(bytes, at);
    const end = nameEnd(bytes, at + word.length);
    yield { may: passed.has(at), found: namedMatch(view, start, end, at, choose) !== undefined, at };
  }
}

const PATHS = ['a.ts', 'a.py', 'a.json', 'a.xml', 'a.yaml', '.env', 'a.ini', 'a.sh', 'README.md', 'a.csv', 'a.gradle'];
const NAMES = [
  'apiKey',
  'password',
  'pass',
  'auth_token',
  '--password',
  'x.token',
  'setToken',
  'PASSWORD',
  '$authKey',
  'key',
];
const SIGNS =
  ': = := => -> <- ~> ?= ??= ||= || ?? or ?: :- == === != !== :: , ; ( ) [ ] { } < > </ " \' ` \\ \\" & &quot; ! ? | ~ % # $ @ / . - + *'.split(
    ' ',
  );
const WORDS =
  'x hunter2x 4711 name value default key string as String []byte char type for set user login machine ENV ARG #define export config secret new Buffer.from( b R"( q{ atob( String( Token Bearer git add define( getenv( variable header buildConfigField with: <name> </name> <value> </value> :// "value" "v4lueOf9" \'v4lueOf9\' b"v4lueOf9" `v4lueOf9` """ [[ <<END END ]].join("") --body'.split(
    ' ',
  );
const piece = fc.oneof(
  fc.constantFrom(...SIGNS),
  fc.constantFrom(...WORDS),
  fc.constantFrom(...NAMES),
  fc.constantFrom(' ', ' ', '  ', '\t', '\n', '\r\n', '\n  '),
);
const around = fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join(''));

test('no name is ruled out that is given a value', () => {
  let given = 0;
  let ruledOut = 0;
  fc.assert(
    fc.property(around, fc.constantFrom(...NAMES), around, fc.constantFrom(...PATHS), (before, name, behind, path) => {
      for (const { may, found, at } of namesIn(`${before}${name}${behind}`, path)) {
        if (found) given++;
        if (!may) ruledOut++;
        expect({ at, ruledOut: found && !may }).toEqual({ at, ruledOut: false });
      }
    }),
    { numRuns: 30_000 },
  );
  expect(given).toBeGreaterThan(300);
  expect(ruledOut).toBeGreaterThan(1000);
});

test('a name that is indented far is ruled out in no file of settings', () => {
  const found = [0, 20, 21, 60, 199].flatMap((blanks) => [
    ...namesIn(`${' '.repeat(blanks)}password v4lueOf9isLong0\n`, 'a.ini'),
  ]);
  expect(found.map((name) => [name.may, name.found])).toEqual(Array.from({ length: 5 }, () => [true, true]));
});

/** Shapes in which values are written, so that both sides of the gate meet. */
const SHAPES: readonly string[] = [
  'NAME = VALUE',
  'NAME=VALUE',
  'NAME: VALUE,',
  '"NAME": VALUE',
  "'NAME' => VALUE;",
  '"NAME", VALUE)',
  'f("NAME", VALUE)',
  'NAME: string = VALUE',
  'NAME string = VALUE',
  'NAME := VALUE',
  'x || NAME || VALUE',
  'get(NAME) ?? VALUE',
  '${NAME:-v4lueOf9}',
  '<NAME>v4lueOf9</NAME>',
  '<name>NAME</name> <value>v4lueOf9</value>',
  '<p name="NAME" value=VALUE>',
  'name: NAME\n  value: VALUE',
  '{"value": VALUE, "name": "NAME"}',
  '"name": "NAME",\n "type": "text",\n "value": VALUE',
  'ENV NAME v4lueOf9',
  '#define NAME VALUE',
  'machine h login u NAME v4lueOf9',
  'run --NAME v4lueOf9',
  '["run", "--NAME", VALUE]',
  'x.NAME(VALUE)',
  'setNAME(VALUE)',
  'if (NAME === VALUE)',
  'NAME = atob(VALUE)',
  'NAME = new String(VALUE)',
  'NAME =\n  VALUE',
  'NAME = (\n VALUE)',
  '{NAME, VALUE}',
  'char NAME[] = VALUE;',
  'variable "NAME" {\n default = VALUE }',
  '"NAME": {"value": VALUE}',
  '"https://h/?a=b&NAME=v4lueOf9"',
  '"x;NAME=v4lueOf9;"',
  '"NAME: v4lueOf9isLong0"',
  'with user "u" NAME VALUE',
  'git config NAME v4lueOf9',
  'login u NAME v4lueOf9',
  'machine u NAME v4lueOf9',
  'ARG NAME v4lueOf9',
  '%define NAME v4lueOf9',
  'setx NAME v4lueOf9',
  '  SetEnv NAME v4lueOf9',
  'vault secret put NAME v4lueOf9',
  'x env add NAME v4lueOf9',
  'y vars create NAME v4lueOf9',
  'gh secret set NAME --body v4lueOf9',
  'heroku config set NAME v4lueOf9',
  'set NAME VALUE;',
  'NAME VALUE',
  ' \\"NAME\\": \\"v4lueOf9\\"',
  'NAME = <<END\nv4lueOf9\nEND\n',
  'buildConfigField "String", "NAME", "\\"v4lueOf9\\""',
  'auth=("u", VALUE)',
  'ALTER USER x NAME VALUE',
  'fill_in :NAME, with: VALUE',
  '["NAME"] = VALUE',
  '[NAME] = VALUE',
  'x[["NAME"]] <- VALUE',
  '["NAME"] -> VALUE',
  '[NAME] <- VALUE',
  'NAME <- VALUE',
  'NAME -> VALUE',
  'NAME ~> VALUE',
  '"NAME"] = VALUE',
  'argument("NAME", type=str, default=VALUE)',
  'Authorization: NAME Token v4lueOf9isLong0',
];
const VALUES = [
  '"v4lueOf9"',
  "'v4lueOf9'",
  '`v4lueOf9`',
  'b"v4lueOf9"',
  '["v4lueOf9", "x"].join("")',
  'v4lueOf9',
  'concat!("v4lue", "Of9")',
  '"""v4lueOf9"""',
];

test.each(SHAPES)('%s, whatever stands around it', (shape) => {
  const noise = fc.constantFrom(
    '',
    '',
    ' ',
    '// ',
    '"',
    "'",
    '{',
    '(',
    '<',
    ':',
    '\t',
    '- ',
    'x = ',
    'name: ',
    ';',
    '\\n',
  );
  fc.assert(
    fc.property(
      fc.tuple(noise, fc.constantFrom(...NAMES), fc.constantFrom(...VALUES), noise, fc.constantFrom(...PATHS)),
      ([before, name, value, behind, path]) => {
        const text = `${before}${shape.replaceAll('NAME', () => name).replaceAll('VALUE', () => value)}${behind}\nnext`;
        for (const { may, found, at } of namesIn(text, path)) {
          expect({ text, at, ruledOut: found && !may }).toEqual({ text, at, ruledOut: false });
        }
      },
    ),
    { numRuns: 400 },
  );
});

test.each([
  ['apiKey = "x"', true],
  ['apiKey: x', false],
  ['apiKey: string = "x"', true],
  ['apiKey\n  "x"', false],
  ['apiKey x', false],
  ['apiKey, "x"', false],
  ['{apiKey, "x"', true],
  ['<apiKey>x<', true],
  ['setApiKey("x")', true],
  ['setApiKey( b"x")', true],
  ['setApiKey(item)', false],
  ['setApiKey()', false],
  ['get(apiKey) || "x"', true],
  ['get(env.apiKey)) ?? "x"', true],
  ['${apiKey:-x}', true],
  ['get(apiKey);', false],
  ['{ value: "x", name: apiKey }', true],
  ['if (apiKey && other', false],
  ['if (!apiKey) {', false],
  ['// the apiKey is told', false],
  ['apiKey = other.key;', false],
  ['apiKey = call(other)', false],
])('in code, %s: %s', (text, may) => {
  expect([...namesIn(text, 'a.ts')][0]?.may).toBe(may);
});
