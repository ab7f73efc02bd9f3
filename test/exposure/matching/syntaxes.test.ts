import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadAssistants } from '../../../src/exposure/assistants.ts';
import {
  compileOf,
  eachAlone,
  inOrder,
  ripgrep,
  RIPGREP_RANKS,
  rootOnly,
  separately,
  SYNTAXES,
  type Effect,
  type MatchOptions,
  type Rule,
} from '../../../src/exposure/matching/index.ts';
import { compileGitignore } from '../../../src/exposure/matching/gitignore.ts';
import { HIDDEN } from '../../../src/exposure/matching/ripgrep.ts';
import { SHARED } from '../../support/assistants.ts';

const data = await loadAssistants();

test('every syntax that the data names is here, and none besides', () => {
  expect(SYNTAXES.map(({ id }) => id).toSorted()).toEqual(Object.keys(SHARED.syntaxes).toSorted());
  for (const { mechanisms } of data.assistants) {
    for (const { syntax } of Object.values(mechanisms)) {
      if (syntax !== undefined) expect(compileOf(syntax)).toBeDefined();
    }
  }
  expect(compileOf('toString')).toBeUndefined();
});

/** The effect of rules, given as patterns or as pairs of pattern and effect. */
function effect(
  syntax: string,
  rules: readonly (string | [string, Effect])[],
  path: string,
  options: MatchOptions & { folder?: string } = {},
): Effect | undefined {
  const { folder, ...rest } = options;
  const list = rules.map((rule): Rule =>
    typeof rule === 'string' ? { pattern: rule } : { pattern: rule[0], effect: rule[1] },
  );
  const compile = compileOf(syntax);
  if (compile === undefined) throw new Error(`no syntax ${syntax}`);
  return compile([{ file: 'f', rules: list, ...(folder === undefined ? {} : { folder }) }], rest).decide({ path })
    ?.effect;
}

describe.each(SYNTAXES)('$id', ({ compile }) => {
  test('never throws, and takes no longer for hostile rules', () => {
    const pattern = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        'Read(',
        'Read()',
        'Read(**)',
        'Read(//)',
        'Read(~/)',
        '~',
        '/',
        '//',
        '{',
        '{a,b',
        '}',
        '{{a,b},c}',
        '[',
        '!',
        '',
      ),
    );
    fc.assert(
      fc.property(fc.array(pattern), fc.string({ unit: 'binary' }), (rules, path) => {
        const matcher = compile([{ file: 'f', rules: rules.map((one) => ({ pattern: one })) }], {
          root: '/w',
          home: '/h',
        });
        matcher.decide({ path });
      }),
      { numRuns: 300 },
    );
    const hostile = [`${'*a'.repeat(1900)}b`, `${'**/'.repeat(1300)}b`, '{a,b}'.repeat(800), '{'.repeat(4000)];
    const rules = hostile.flatMap((one) => [{ pattern: one }, { pattern: `Read(${one})` }]);
    const matcher = compile([{ file: 'f', rules }], { root: '/w' });
    expect(matcher.decide({ path: 'a'.repeat(8000) })).toBeUndefined();
  });
});

describe('tracked but ignored: two questions', () => {
  // git asks no rule of a tracked file; a parser of an assistant does, so both must be askable.
  test('a nested file counts for git, and not for what reads the root only', () => {
    const sources = [
      { file: '.gitignore', rules: '*.log' },
      { file: 'app/.gitignore', folder: 'app', rules: '.env' },
    ];
    expect(compileGitignore(sources).decide({ path: 'app/.env' })?.effect).toBe('deny');
    expect(rootOnly(compileGitignore)(sources).decide({ path: 'app/.env' })).toBeUndefined();
    expect(rootOnly(compileGitignore)(sources).decide({ path: 'app/a.log' })?.effect).toBe('deny');
  });
});

describe('several files', () => {
  const gitignore = { file: '.gitignore', rules: '.env\nbuild/' };

  test('read in order, a negation opens what .gitignore closed: Gemini CLI, Augment', () => {
    const matcher = inOrder(compileGitignore)([gitignore, { file: '.geminiignore', rules: '!.env\n!build/x' }]);
    expect(matcher.decide({ path: '.env' })).toMatchObject({ effect: 'allow', file: '.geminiignore', line: 1 });
    expect(matcher.decide({ path: 'build/x' })).toMatchObject({ effect: 'deny', file: '.gitignore', line: 2 });
  });

  test('in order, even what stands in a deeper .gitignore', () => {
    const nested = { file: 'a/.gitignore', folder: 'a', rules: '.env' };
    const matcher = inOrder(compileGitignore)([nested, { file: '.augmentignore', rules: '!.env' }]);
    expect(matcher.decide({ path: 'a/.env' })?.effect).toBe('allow');
  });

  test('each alone, it opens nothing of another file: Kiro', () => {
    const matcher = eachAlone(compileGitignore)([gitignore, { file: '.kiroignore', rules: '!.env\n*.pem\n!a.pem' }]);
    expect(matcher.decide({ path: '.env' })).toMatchObject({ effect: 'deny', file: '.gitignore' });
    expect(matcher.decide({ path: 'a.pem' })?.effect).toBe('allow');
    expect(matcher.decide({ path: 'b.pem' })).toMatchObject({ effect: 'deny', file: '.kiroignore', line: 2 });
  });

  test('what .gitignore excludes stays so, its own files are joined: Windsurf', () => {
    const own = compileGitignore([
      { file: '.codeiumignore', rank: 0, rules: '*.key' },
      { file: '.devinignore', rank: 1, rules: '!a.key\n!.env' },
    ]);
    const matcher = separately([compileGitignore([gitignore]), own]);
    expect(matcher.decide({ path: '.env' })?.effect).toBe('deny');
    expect(matcher.decide({ path: 'a.key' })?.effect).toBe('allow');
    expect(matcher.decide({ path: 'x' })).toBeUndefined();
  });
});

describe('ripgrep', () => {
  const compile = compileOf('ripgrep') ?? compileGitignore;

  test('.rgignore outranks .ignore, which outranks .gitignore in whatever folder', () => {
    const git = { file: 'a/.gitignore', folder: 'a', rank: RIPGREP_RANKS['.gitignore'], rules: 'key' };
    const ignore = { file: '.ignore', rank: RIPGREP_RANKS['.ignore'], rules: '!key' };
    const rgignore = { file: '.rgignore', rank: RIPGREP_RANKS['.rgignore'], rules: 'key' };
    expect(compile([git]).decide({ path: 'a/key' })?.effect).toBe('deny');
    expect(compile([git, ignore]).decide({ path: 'a/key' })).toMatchObject({ effect: 'allow', file: '.ignore' });
    expect(compile([rgignore, git, ignore]).decide({ path: 'a/key' })).toMatchObject({
      effect: 'deny',
      file: '.rgignore',
    });
  });

  test('hidden files and folders are skipped, unless allowed by name or asked for', () => {
    expect(compile([]).decide({ path: 'a/.env' })).toMatchObject({ effect: 'deny', file: HIDDEN });
    expect(compile([]).decide({ path: '.aws/credentials' })).toMatchObject({ effect: 'deny', matched: '.aws' });
    expect(compile([]).decide({ path: 'a/env' })).toBeUndefined();
    const opened = [{ file: '.ignore', rank: 3, rules: '!.env' }];
    expect(compile(opened).decide({ path: 'a/.env' })?.effect).toBe('allow');
    expect(ripgrep(true)([]).decide({ path: 'a/.env' })).toBeUndefined();
  });
});

test('Aider reads one file, as git would', () => {
  expect(effect('gitwildmatch', ['*.pem', '!a.pem'], 'x/b.pem')).toBe('deny');
  expect(effect('gitwildmatch', ['*.pem', '!a.pem'], 'x/a.pem')).toBe('allow');
});

// Patterns as the page on content exclusion explains them.
test.each([
  ['/src/some-dir/kernel.rs', 'src/some-dir/kernel.rs', true],
  ['/src/some-dir/kernel.rs', 'x/src/some-dir/kernel.rs', false],
  ['secrets.json', 'a/b/Secrets.JSON', true],
  ['SECRET*', 'a/secret-plan', true],
  ['secret*', 'a/mysecret', false],
  ['*.cfg', 'a/b.cfg', true],
  ['/scripts/**', 'scripts/a/b', true],
  ['/scripts/*', 'scripts/a/b', false],
  ['{server,session}*', 'x/session.go', true],
  ['*.m[dk]', 'a/b.mk', true],
  ['**/package?/*', 'a/packages/x', true],
  ['**/package?/*', 'a/packages/x/y', false],
  ['**/security/**', 'security/x/y', true],
  ['**/.env', '.env', true],
  ['/scripts', 'scripts/a', false],
])('content exclusion: %s and %s', (pattern, path, excluded) => {
  expect(effect('fnmatch-nocase', [pattern], path)).toBe(excluded ? 'deny' : undefined);
});

describe('globs', () => {
  test.each([
    ['**/.env*', '.env', true],
    ['**/.env*', 'a/.env.local', true],
    ['**/.env*', 'a/.env.d/x', true],
    ['**/*.pem', 'a/b.pem.txt', false],
    ['secrets.yml', 'a/secrets.yml', false],
    ['**/*.{crt,key}', 'a/b.key', true],
    ['a*b', 'a/b', false],
  ])('%s and %s', (pattern, path, matches) => {
    expect(effect('glob', [pattern], path)).toBe(matches ? 'deny' : undefined);
  });
});

describe('Claude Code', () => {
  const places = { root: '/home/u/p', home: '/home/u' };
  test.each([
    // Bare: at any depth below the folder it was started in.
    ['Read(.env)', '.env', 'deny'],
    ['Read(.env)', 'a/b/.env', 'deny'],
    ['Read(.env)', '/home/u/.env', undefined],
    ['Read(.env)', '.env.local', undefined],
    ['Read(./.env)', '.env', 'deny'],
    ['Read(secrets/**)', 'a/secrets/x/y', 'deny'],
    ['Read(secrets)', 'a/secrets/x/y', 'deny'],
    // `/`: the folder of the settings, not that of the file system.
    ['Read(/etc/passwd)', '/etc/passwd', undefined],
    ['Read(/etc/passwd)', 'etc/passwd', 'deny'],
    ['Read(/src/*)', 'a/src/x', undefined],
    ['Read(//etc/passwd)', '/etc/passwd', 'deny'],
    ['Read(//**/.env)', '.env', 'deny'],
    ['Read(//**/.env)', '/srv/.env', 'deny'],
    ['Read(~/.ssh/**)', '/home/u/.ssh/id_rsa', 'deny'],
    ['Read(~/.ssh/**)', '.ssh/id_rsa', undefined],
    ['Read', '/anywhere', 'deny'],
    // Never consulted for reading, or at all.
    ['Write(.env)', '.env', undefined],
    ['Glob(.env)', '.env', undefined],
    ['Edit(.env)', '.env', undefined],
    ['read(.env)', '.env', undefined],
    ['Read(!.env)', '.env', undefined],
  ] as const)('%s and %s', (rule, path, expected) => {
    expect(effect('claude-code', [rule], path, places)).toBe(expected);
  });

  test('deny, then ask, then allow, whatever their order', () => {
    const rules: [string, Effect][] = [
      ['Read(a)', 'allow'],
      ['Read(a)', 'ask'],
      ['Read(*)', 'allow'],
      ['Read(b)', 'deny'],
    ];
    expect(effect('claude-code', rules, 'a')).toBe('ask');
    expect(effect('claude-code', rules, 'b')).toBe('deny');
    expect(effect('claude-code', rules, 'c')).toBe('allow');
  });

  test('an allow rule with a slash counts from where it was started only', () => {
    expect(effect('claude-code', [['Read(src/**)', 'allow']], 'src/x')).toBe('allow');
    expect(effect('claude-code', [['Read(src/**)', 'allow']], 'a/src/x')).toBeUndefined();
  });

  test('started in a folder, a rule without an anchor does not reach its neighbours', () => {
    const inside = { ...places, cwd: '/home/u/p/app' };
    expect(effect('claude-code', ['Read(.env)'], 'app/.env', inside)).toBe('deny');
    expect(effect('claude-code', ['Read(.env)'], '.env', inside)).toBeUndefined();
  });

  test('settings of the user: `/` is the folder of theirs', () => {
    const user = { ...places, folder: '/home/u/.claude' };
    expect(effect('claude-code', ['Read(/secrets/**)'], 'secrets/x', user)).toBeUndefined();
    expect(effect('claude-code', ['Read(/secrets/**)'], '/home/u/.claude/secrets/x', user)).toBe('deny');
  });

  test('without a home folder, a rule that needs one is told of', () => {
    const matcher = compileOf('claude-code')?.([{ file: 's.json', rules: [{ pattern: 'Read(~/.ssh/**)', line: 4 }] }]);
    expect(matcher?.omitted).toEqual([{ file: 's.json', line: 4, reason: 'the home folder is not known' }]);
  });
});

describe('Cursor CLI', () => {
  test.each([
    ['Read(.env*)', '.env.local', 'deny'],
    ['Read(.env*)', 'a/.env', undefined],
    ['Read(**/.env*)', 'a/.env', 'deny'],
    ['Read(/etc/**)', '/etc/passwd', 'deny'],
    ['Read(/etc/**)', 'etc/passwd', undefined],
    ['Read(~/.ssh/*)', '/h/.ssh/id_rsa', 'deny'],
    ['Write(**)', '.env', undefined],
  ] as const)('%s and %s', (rule, path, expected) => {
    expect(effect('cursor-cli', [rule], path, { root: '/w', home: '/h' })).toBe(expected);
  });

  test('deny wins over allow', () => {
    expect(effect('cursor-cli', ['Read(.env)', ['Read(**)', 'allow']], '.env')).toBe('deny');
    expect(effect('cursor-cli', ['Read(.env)', ['Read(**)', 'allow']], 'a')).toBe('allow');
  });
});

test.each([
  ['**/*.env', 'a/prod.env', 'deny'],
  ['**/*.env', '.env', 'deny'],
  // The trap of the documentation's own example.
  ['**/*.env', '.env.local', undefined],
  ['.env', 'a/.env', undefined],
  ['secrets', 'secrets/a/b', 'deny'],
  ['/etc', '/etc/passwd', 'deny'],
] as const)('Codex: %s and %s', (pattern, path, expected) => {
  expect(effect('codex', [pattern], path, { root: '/w' })).toBe(expected);
});

test.each([
  [
    [
      ['*', 'allow'],
      ['*.env', 'ask'],
      ['*.env.*', 'ask'],
      ['*.env.example', 'allow'],
    ],
    'a/.env',
    'ask',
  ],
  [
    [
      ['*', 'allow'],
      ['*.env', 'ask'],
      ['*.env.*', 'ask'],
      ['*.env.example', 'allow'],
    ],
    '.env.example',
    'allow',
  ],
  [
    [
      ['*.env', 'deny'],
      ['*', 'allow'],
    ],
    '.env',
    'allow',
  ],
  [[['secrets/*', 'deny']], 'secrets/a/b', 'deny'],
  [[['[a].txt', 'deny']], 'a.txt', undefined],
  [[['~/k/*', 'deny']], '/h/k/x', 'deny'],
  [[['$HOME/k/*', 'deny']], '/h/k/x', 'deny'],
] as [[string, Effect][], string, Effect | undefined][])('opencode: %j and %s', (rules, path, expected) => {
  expect(effect('opencode', rules, path, { root: '/w', home: '/h' })).toBe(expected);
});

test('Amp: the first rule that matches; regular expressions are told of', () => {
  const rules: [string, Effect][] = [
    ['/etc/hosts', 'allow'],
    ['/etc/*', 'deny'],
    ['*.env', 'ask'],
  ];
  expect(effect('amp', rules, '/etc/hosts')).toBe('allow');
  expect(effect('amp', rules, '/etc/ssl/key')).toBe('deny');
  expect(effect('amp', rules, 'a/.env', { root: '/w' })).toBe('ask');
  const regex = compileOf('amp')?.([{ file: 'f', rules: [{ pattern: '/secret.*/' }] }]);
  expect(regex?.omitted).toHaveLength(1);
});

test('Kiro: a deny wins, wherever it stands', () => {
  const rules: [string, Effect][] = [
    ['**', 'allow'],
    ['**/.env', 'deny'],
    ['**/.env', 'allow'],
  ];
  expect(effect('kiro', rules, 'a/.env')).toBe('deny');
  expect(effect('kiro', rules, 'a/x')).toBe('allow');
});
