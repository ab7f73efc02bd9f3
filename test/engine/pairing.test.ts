import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { belonging, type Place } from '../../src/engine/belonging.ts';
import { TemplateExpander } from '../../src/rules/template.ts';
import { detect } from '../support/engine.ts';
import { SEED } from '../support/rules.ts';
import { viewOf } from '../support/view.ts';

const random = new TemplateExpander(`pairing/${SEED}`);

interface Profile {
  readonly id: string;
  readonly secret: string;
}

function profiles(count: number): readonly Profile[] {
  return Array.from({ length: count }, () => ({
    id: random.expand('ID${BASE36:16}'),
    secret: random.expand('${base64:39}${base62:1}'),
  }));
}

/** The pairs that are joined where every id and secret of `all` that stands in the text is known. */
function joined(text: string, all: readonly Profile[], shared = false): Profile[] {
  const places = all
    .flatMap(({ id, secret }) => [placeIn(text, id, false), placeIn(text, secret, true)])
    .filter((place) => place.start >= 0)
    .toSorted((a, b) => a.start - b.start);
  return [...belonging(places, viewOf(text), shared)]
    .toSorted(([a], [b]) => a.start - b.start)
    .map(([secret, half]) => ({ id: half.text, secret: secret.text }));
}

function placeIn(text: string, value: string, isSecret: boolean): Place {
  const start = text.indexOf(value);
  return { start, end: start + value.length, isSecret, text: value };
}

/** How one profile may be written: what stands around its lines, and between two profiles. */
interface Layout {
  readonly name: string;
  readonly head: (index: number) => string;
  readonly id: (value: string, index: number) => string;
  readonly secret: (value: string, index: number) => string;
  readonly other: (index: number) => string;
  readonly join: string;
  readonly tail: string;
}

const LAYOUTS: readonly Layout[] = [
  {
    name: 'INI',
    head: (index) => `[profile${index}]\n`,
    id: (value) => `aws_access_key_id = ${value}`,
    secret: (value) => `aws_secret_access_key = ${value}`,
    other: () => 'region = eu-west-1',
    join: '\n',
    tail: '\n',
  },
  {
    name: 'YAML map',
    head: (index) => `profile${index}:\n`,
    id: (value) => `  access_key_id: ${value}`,
    secret: (value) => `  aws_secret_access_key: "${value}"`,
    other: () => '  region: eu-west-1',
    join: '\n',
    tail: '\n',
  },
  {
    name: 'environment with names',
    head: () => '',
    id: (value, index) => `STAGE${index}_AWS_ACCESS_KEY_ID=${value}`,
    secret: (value, index) => `STAGE${index}_AWS_SECRET_ACCESS_KEY=${value}`,
    other: (index) => `STAGE${index}_AWS_REGION=eu-west-1`,
    join: '\n',
    tail: '\n',
  },
  {
    name: 'JSON on one line',
    head: () => '{',
    id: (value) => `"AccessKeyId":"${value}"`,
    secret: (value) => `"SecretAccessKey":"${value}"`,
    other: () => '"region":"aws"',
    join: ',',
    tail: '},',
  },
  {
    name: 'JSON',
    head: () => '  {\n',
    id: (value) => `    "AccessKeyId": "${value}"`,
    secret: (value) => `    "SecretAccessKey": "${value}"`,
    other: () => '    "region": "aws"',
    join: ',\n',
    tail: '\n  },\n',
  },
  {
    name: 'HCL',
    head: (index) => `provider "aws" {\n  alias = "p${index}"\n`,
    id: (value) => `  access_key = "${value}"`,
    secret: (value) => `  secret_key = "${value}"`,
    other: () => '  region = "eu-west-1"',
    join: '\n',
    tail: '\n}\n',
  },
  {
    name: 'XML',
    head: () => '<aws>\n',
    id: (value) => `  <accessKeyId>${value}</accessKeyId>`,
    secret: (value) => `  <secretAccessKey>${value}</secretAccessKey>`,
    other: () => '  <region>eu-west-1</region>',
    join: '\n',
    tail: '\n</aws>\n',
  },
  {
    name: 'call',
    head: () => 'boto3.client("s3", ',
    id: (value) => `aws_access_key_id="${value}"`,
    secret: (value) => `aws_secret_access_key="${value}"`,
    other: () => 'region_name="eu-west-1"',
    join: ', ',
    tail: ')\n',
  },
];

/** The lines of one profile in an order, with others among them. */
interface Shape {
  readonly idFirst: boolean;
  readonly before: number;
  readonly between: number;
  readonly behind: number;
  readonly has: 'both' | 'id' | 'secret';
}
const shapeOf = (has: fc.Arbitrary<Shape['has']>): fc.Arbitrary<Shape> =>
  fc.record({ idFirst: fc.boolean(), before: fc.nat(2), between: fc.nat(2), behind: fc.nat(2), has });
const WHOLE = shapeOf(fc.constant('both'));
const ANY = shapeOf(fc.constantFrom('both', 'id', 'secret'));

function written(layout: Layout, profile: Profile, index: number, shape: Shape): string {
  const others = (count: number): string[] => Array.from({ length: count }, () => layout.other(index));
  const id = shape.has === 'secret' ? [] : [layout.id(profile.id, index)];
  const secret = shape.has === 'id' ? [] : [layout.secret(profile.secret, index)];
  const [first, second] = shape.idFirst ? [id, secret] : [secret, id];
  const parts = [...others(shape.before), ...first, ...others(shape.between), ...second, ...others(shape.behind)];
  return `${layout.head(index)}${parts.join(layout.join)}${layout.tail}`;
}

describe.each(LAYOUTS)('$name', (layout) => {
  test.each([
    ['whole', WHOLE],
    ['whole and half', ANY],
  ])('of %s profiles each secret is joined with its own id, and with no other', (_, shape) => {
    fc.assert(
      fc.property(fc.array(shape, { minLength: 1, maxLength: 6 }), (shapes) => {
        const all = profiles(shapes.length);
        const text = shapes
          .map((one, index) => written(layout, all[index] ?? { id: '', secret: '' }, index, one))
          .join('');
        expect(joined(text, all)).toEqual(all.filter((_profile, index) => shapes[index]?.has === 'both'));
      }),
      { numRuns: 200 },
    );
  });
});

const entry = (name: string, value: string): string => `    - name: ${name}\n      value: ${value}\n`;

test.each<[string, (all: readonly Profile[]) => string]>([
  ['no names, no gaps', (all) => all.map(({ id, secret }) => `key=${id}\nsecret=${secret}\n`).join('')],
  ['secrets before their ids', (all) => all.map(({ id, secret }) => `secret=${secret}\nkey=${id}\n`).join('')],
  ['paragraphs', (all) => all.map(({ id, secret }) => `key=${id}\n\nsecret=${secret}\n\n\n`).join('')],
  [
    'ids first, then secrets, told apart by their names',
    (all) =>
      [
        ...all.map(({ id }, at) => `AWS_KEY_ID_${at}=${id}\n`),
        ...all.map(({ secret }, at) => `AWS_SECRET_${at}=${secret}\n`),
      ].join(''),
  ],
  [
    'entries of Kubernetes',
    (all) =>
      all
        .map(
          ({ id, secret }, at) =>
            entry(`A${at}_KEY_ID`, id) + entry(`A${at}_REGION`, 'x') + entry(`A${at}_SECRET`, secret),
        )
        .join(''),
  ],
  [
    'entries of an ECS task',
    (all) =>
      `[${all.map(({ id, secret }) => `{"name":"KEY_ID","value":"${id}"},{"name":"SECRET","value":"${secret}"}`).join(',')}]`,
  ],
  [
    'a list of Compose',
    (all) => all.map(({ id, secret }) => `    environment:\n      - KEY_ID=${id}\n      - SECRET=${secret}\n`).join(''),
  ],
  [
    'variables of Terraform',
    (all) =>
      all
        .map(
          ({ id, secret }, at) =>
            `variable "key_id_${at}" {\n  default = "${id}"\n}\n\nvariable "secret_${at}" {\n  default = "${secret}"\n}\n`,
        )
        .join('\n'),
  ],
  ['calls', (all) => all.map(({ id, secret }) => `set("key_id", "${id}");\nset("secret", "${secret}");\n`).join('')],
  [
    'a list of YAML',
    (all) => all.map(({ id, secret }) => `- id: ${id}\n  scopes:\n  - read\n  secret: ${secret}\n`).join(''),
  ],
  ['rows', (all) => all.map(({ id, secret }) => `${id},${secret}\n`).join('')],
  [
    'settings in XML',
    (all) =>
      all
        .map(
          ({ id, secret }, at) => `<add key="Id${at}" value="${id}" />\n<add key="Secret${at}" value="${secret}" />\n`,
        )
        .join(''),
  ],
])('%s', (_, write) => {
  for (const count of [1, 2, 3, 7]) {
    const all = profiles(count);
    expect([write(all), joined(write(all), all)]).toEqual([write(all), all]);
  }
});

describe('nothing is joined', () => {
  const [a, b] = profiles(2);
  test.each([
    ['where two ids fit alike', `id=${a?.id}\nid=${b?.id}\nsecret=${a?.secret}\n`],
    ['where two secrets fit alike', `id=${a?.id}\nsecret=${a?.secret}\nsecret=${b?.secret}\n`],
    ['where only order could tell', `id=${a?.id}\nid=${b?.id}\nsecret=${a?.secret}\nsecret=${b?.secret}\n`],
    ['that names tell apart', `PROD_ID=${a?.id}\nDEV_SECRET=${a?.secret}\n`],
    ['more than ten lines apart', `id=${a?.id}${'\nx'.repeat(10)}\nsecret=${a?.secret}\n`],
    ['more than 1,500 bytes apart', `id=${a?.id} ${'x'.repeat(1500)} secret=${a?.secret}\n`],
  ])('%s', (_, text) => {
    expect(joined(text, a && b ? [a, b] : [])).toEqual([]);
  });
});

test('a half that may be shared belongs to each secret near it', () => {
  const all = profiles(3);
  const id = all[0]?.id ?? '';
  const text = `host=${id}\n${all.map(({ secret }) => `secret=${secret}\n`).join('')}`;
  expect(joined(text, all)).toEqual([]);
  expect(joined(text, all, true)).toEqual(all.map(({ secret }) => ({ id, secret })));
});

test('what reads like code or a placeholder is no half, and takes no time to tell', async () => {
  const secret = `oidc_client_secret=${random.expand('${base62:39}7')}\n`;
  const partOf = async (id: string): Promise<unknown> =>
    (await detect(`oidc_client_id=${id}\n${secret}`, 'a.ini')).find(
      ({ ruleId }) => ruleId === 'generic-oauth-client-secret',
    )?.halves?.length ?? 0;
  expect(await partOf(random.expand('${base62:30}7'))).toBe(1);
  expect(await partOf('getClientIdFromSettings')).toBe(0);
  expect(await partOf('exampleclientid12345')).toBe(0);
  // Every way of cutting it into words would be tried.
  expect(await partOf(`${'abcdefghij'.repeat(6)}9`)).toBe(1);
});
