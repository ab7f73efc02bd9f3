import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULTS } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { hasConfig } from '../../src/config/present.ts';
import { ConfigError } from '../../src/core/errors.ts';

let base = '';
let root = '';

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'keepmum-config-')));
  root = join(base, 'repo');
  mkdirSync(root);
});

afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});

function write(name: string, text: string | Uint8Array): void {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function failure(): Promise<{ readonly message: string; readonly fix: string | undefined }> {
  try {
    await loadConfig(root);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const { message, fix } = error as ConfigError;
    expect(message).not.toContain('\n');
    expect(fix).toMatch(/./);
    // Nobody asks for settings where there seem to be none.
    expect(hasConfig(root)).toBe(true);
    return { message, fix };
  }
  throw new Error('no error');
}

describe('settings', () => {
  test('are the defaults where there is no file', async () => {
    expect(await loadConfig(root)).toEqual(DEFAULTS);
    expect(hasConfig(root)).toBe(false);
  });

  test.each(['.keepmum.yaml', '.keepmum.yml'])('come from %s', async (name) => {
    write(name, 'failOn: { severity: high }\n');
    expect(await loadConfig(root)).toMatchObject({ files: [name], failOn: { confidence: 'likely', severity: 'high' } });
    expect(hasConfig(root)).toBe(true);
  });

  test.each([
    ['an empty file', ''],
    ['comments', '# nothing\n'],
    ['null', 'null\n'],
  ])('are the defaults from %s', async (_name, text) => {
    write('.keepmum.yaml', text);
    expect(await loadConfig(root)).toEqual({ ...DEFAULTS, files: ['.keepmum.yaml'] });
  });

  test.each([
    ['a byte order mark', '\uFEFFstrict: true\ndisable: [a-b]\n'],
    ['CRLF', 'strict: true\r\ndisable:\r\n  - a-b\r\n'],
    ['JSON', '{ "strict": true, "disable": ["a-b"] }'],
    ['a document mark', '---\nstrict: true\ndisable: [a-b]\n'],
  ])('may have %s', async (_name, text) => {
    write('.keepmum.yaml', text);
    expect(await loadConfig(root)).toMatchObject({ failOn: { confidence: 'possible' }, disable: ['a-b'] });
  });

  test('come from package.json where there is no file of ours', async () => {
    write('package.json', JSON.stringify({ name: 'x', keepmum: { disable: ['a-b'] } }));
    expect(hasConfig(root)).toBe(true);
    expect(await loadConfig(root)).toMatchObject({ files: ['package.json "keepmum"'], disable: ['a-b'] });
    write('.keepmum.yaml', 'disable: [c-d]\n');
    expect(await loadConfig(root)).toMatchObject({ disable: ['c-d'] });
  });

  test.each([
    ['a dependency is no settings', { devDependencies: { keepmum: '1.0.0' } }],
    ['nor is another package', { name: 'x' }],
  ])('in package.json, %s', async (_name, content) => {
    write('package.json', JSON.stringify(content));
    expect(hasConfig(root)).toBe(false);
    expect(await loadConfig(root)).toEqual(DEFAULTS);
  });

  test('a package.json that nobody could mean is left alone', async () => {
    symlinkSync('/dev/zero', join(root, 'package.json'));
    expect(await loadConfig(root)).toEqual(DEFAULTS);
    rmSync(join(root, 'package.json'));
    mkdirSync(join(root, 'package.json'));
    expect(await loadConfig(root)).toEqual(DEFAULTS);
  });
});

describe('extends', () => {
  test('later files win over earlier ones and the file itself over all; lists are put together', async () => {
    write(
      'a.yaml',
      'failOn: { confidence: proven, severity: high }\nseverity: { r-a: low, r-b: low }\ndisable: [a-a]\n',
    );
    write('conf/b.yaml', 'failOn: { confidence: likely }\nseverity: { r-b: high }\nextends: deep/c.yaml\n');
    write('conf/deep/c.yaml', 'disable: [c-c]\nallow: { paths: [x] }\n');
    write('.keepmum.yaml', 'extends: [a.yaml, conf/b.yaml]\nseverity: { r-a: critical }\ndisable: [d-d]\n');
    expect(await loadConfig(root)).toMatchObject({
      files: ['a.yaml', 'conf/deep/c.yaml', 'conf/b.yaml', '.keepmum.yaml'],
      failOn: { confidence: 'likely', severity: 'high' },
      severity: { 'r-a': 'critical', 'r-b': 'high' },
      disable: ['a-a', 'c-c', 'd-d'],
      allow: { paths: ['x'] },
    });
  });

  test('works from package.json', async () => {
    write('package.json', JSON.stringify({ keepmum: { extends: 'a.yaml' } }));
    write('a.yaml', 'disable: [a-a]\n');
    expect(await loadConfig(root)).toMatchObject({ disable: ['a-a'] });
  });

  test.each([
    ['a file that is not there', 'no.yaml', 'extends "no.yaml", which does not exist'],
    ['a file elsewhere', '../x.yaml', 'which is outside the repository'],
    ['an absolute path', '/etc/hostname', 'which is outside the repository'],
    ['itself', '.keepmum.yaml', 'which leads back to itself'],
    ['itself by another way', './a/../.keepmum.yaml', 'which leads back to itself'],
    ['a folder', 'folder', 'folder: is a folder, not a file'],
    ['a link out of the repository', 'link.yaml', 'link.yaml: is a link that leads out of the repository'],
    ['through a folder that is such a link', 'away/x.yaml', 'away/x.yaml: is a link that leads out of the repository'],
  ])('of %s is an error', async (_name, target, message) => {
    writeFileSync(join(base, 'x.yaml'), 'strict: true\n');
    mkdirSync(join(root, 'folder'));
    symlinkSync(join(base, 'x.yaml'), join(root, 'link.yaml'));
    symlinkSync(base, join(root, 'away'));
    write('.keepmum.yaml', `extends: ${target}\n`);
    expect((await failure()).message).toContain(message);
  });

  test('in a circle of two is an error', async () => {
    write('.keepmum.yaml', 'extends: a.yaml\n');
    write('a.yaml', 'extends: .keepmum.yaml\n');
    expect((await failure()).message).toBe('a.yaml: extends ".keepmum.yaml", which leads back to itself');
  });

  test('of more and more files is an error, however it is done', async () => {
    for (let level = 0; level < 20; level++) write(`${level}.yaml`, `extends: ${level + 1}.yaml\n`);
    write('.keepmum.yaml', 'extends: 0.yaml\n');
    expect((await failure()).message).toContain('file in a row');
    // Each names the next twice: 2 to the power of the levels.
    for (let level = 0; level < 7; level++) write(`${level}.yaml`, `extends: [${level + 1}.yaml, ${level + 1}.yaml]\n`);
    write('7.yaml', '');
    expect((await failure()).message).toContain('extends more than');
  });

  test('may be a link that stays in the repository', async () => {
    write('real.yaml', 'disable: [a-a]\n');
    symlinkSync('real.yaml', join(root, 'link.yaml'));
    write('.keepmum.yaml', 'extends: link.yaml\n');
    expect(await loadConfig(root)).toMatchObject({ disable: ['a-a'] });
  });
});

describe('a mistake', () => {
  test.each([
    ['no YAML', 'a: [\n', /^\.keepmum\.yaml:\d: not valid YAML/, /correct this line/],
    [
      'an unknown key',
      'strict: true\nfailon: {}\n',
      /^\.keepmum\.yaml:2: unknown key "failon"$/,
      /did you mean failOn\?/,
    ],
    ['an unknown key below', 'allow:\n  path: [x]\n', /:2: unknown key "path" under allow$/, /did you mean paths\?/],
    ['a key like nothing', 'abcdefghijk: 1\n', /:1: unknown key "abcdefghijk"$/, /remove it/],
    ['a key twice', 'strict: true\nstrict: false\n', /:2: not valid YAML \(duplicate key\)$/, /correct/],
    ['another word', 'failOn:\n  severity: hihg\n', /:2: failOn\.severity must be equal/, /did you mean high\?/],
    ['another type', 'disable: a-b\n', /:1: disable must be array$/, /correct it/],
    ['a list', '- a\n', /:1: the file must be object$/, /correct it/],
    ['a text', 'just words\n', /:1: the file must be object$/, /correct it/],
    [
      'an allowance without reason',
      'allow:\n  findings:\n    - rules: [a-b]\n      paths: [x]\n',
      /:3: allow\.findings\.0 must have required property 'reason'$/,
      /./,
    ],
    [
      'an allowance of everything',
      'allow:\n  findings:\n    - reason: x\n',
      /:3: allow\.findings\.0 must NOT have fewer/,
      /./,
    ],
    ['a rule without id', 'rules:\n  - title: x\n', /:2: rules\.0 must have required property 'id'$/, /./],
    ['a tag that makes something', 'strict: !!js/function "x"\n', /:1: (?:not valid YAML|strict must be boolean)/, /./],
  ])('%s', async (_name, text, message, fix) => {
    write('.keepmum.yaml', text);
    const found = await failure();
    expect(found.message).toMatch(message);
    expect(found.fix).toMatch(fix);
  });

  test('in package.json names no line, which it could not know', async () => {
    write('package.json', '{\n\n "keepmum": { "strikt": true } }');
    expect(await failure()).toEqual({
      message: 'package.json "keepmum": unknown key "strikt"',
      fix: 'did you mean strict?',
    });
    write('package.json', '{ "keepmum": true }');
    expect((await failure()).message).toBe('package.json "keepmum": the file must be object');
    write('package.json', '{ "keepmum": {}');
    expect((await failure()).message).toContain('package.json: is not valid JSON');
  });
});

describe('a file that means harm', () => {
  test.each([
    [
      'aliases of aliases',
      `a: &a [x]\nb: &b [${'*a,'.repeat(9)}*a]\nc: &c [${'*b,'.repeat(9)}*b]\nd: &d [${'*c,'.repeat(9)}*c]\n`,
      /too many aliases|unknown key/,
    ],
    ['levels without end', `disable: ${'['.repeat(200_000)}`, /nested too deeply|not valid YAML/],
    [
      'levels that end',
      `disable: ${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      /nested too deeply|not valid YAML|must be/,
    ],
    ['a megabyte', `# ${'x'.repeat(1_000_001)}\n`, /is larger than 1000000 bytes/],
    ['bytes that are no text', Buffer.from([0x73, 0xff, 0xfe, 0x00]), /is not UTF-8 text/],
  ])('%s', async (_name, text, message) => {
    write('.keepmum.yaml', text);
    expect((await failure()).message).toMatch(message);
  });

  test('a link out of the repository, to nothing, and to a device', async () => {
    const path = join(root, '.keepmum.yaml');
    for (const [target, message] of [
      ['/etc/passwd', 'is a link that leads out of the repository'],
      ['/dev/zero', 'is a link that leads out of the repository'],
      ['nowhere', 'is a link to nothing'],
    ] as const) {
      symlinkSync(target, path);
      expect((await failure()).message).toBe(`.keepmum.yaml: ${message}`);
      rmSync(path);
    }
  });

  test('a folder', async () => {
    mkdirSync(join(root, '.keepmum.yaml'));
    expect((await failure()).message).toBe('.keepmum.yaml: is a folder, not a file');
  });

  test('a pipe that nobody writes to', { skip: process.platform === 'win32' }, async () => {
    const path = join(root, '.keepmum.yaml');
    expect(spawnSync('mkfifo', [path]).status).toBe(0);
    expect(existsSync(path)).toBe(true);
    expect((await failure()).message).toBe('.keepmum.yaml: is not a regular file');
  });

  test('a key of every object is a key like others', async () => {
    write('.keepmum.yaml', 'severity: { __proto__: low }\n');
    const { severity } = await loadConfig(root);
    expect(Object.getPrototypeOf({})).not.toHaveProperty('low');
    expect(Object.keys(severity).every((key) => key === '__proto__')).toBe(true);
    write('.keepmum.yaml', '__proto__: { strict: true }\n');
    expect((await failure()).message).toContain('unknown key "__proto__"');
  });
});

test('the page for users names every key of the schema', () => {
  const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const page = read('docs/configuration.md');
  const schema = JSON.parse(read('docs/config.schema.json')) as { properties: Record<string, { properties?: object }> };
  const rule = JSON.parse(read('patterns/rule.schema.json')) as { $defs: { ownRule: { properties: object } } };
  const keys = [
    ...Object.entries(schema.properties).flatMap(([key, { properties }]) =>
      properties === undefined ? [key] : Object.keys(properties).map((below) => `${key}.${below}`),
    ),
    ...Object.keys(rule.$defs.ownRule.properties),
  ];
  expect(keys.length).toBeGreaterThan(20);
  expect(keys.filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
});
