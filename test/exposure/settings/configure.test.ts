import { describe, expect, test } from 'vitest';
import { loadAssistants, type ChannelId } from '../../../src/exposure/assistants.ts';
import type { Place, Standing, Verdict } from '../../../src/exposure/exposure-map.ts';
import type { Configuration } from '../../../src/exposure/settings/configuration.ts';
import { Configurations } from '../../../src/exposure/settings/index.ts';
import type { Project } from '../../../src/exposure/settings/project.ts';
import { judge } from '../../../src/exposure/verdict.ts';
import { projectOf } from '../../support/project.ts';

const known = await loadAssistants();

function configured(id: string, project: Project): Configuration {
  const assistant = known.assistants.find((one) => one.id === id);
  if (assistant === undefined) throw new Error(`no assistant ${id}`);
  return new Configurations(known, project).of(assistant);
}

interface Case {
  readonly files: Readonly<Record<string, string>>;
  /** `channel path`, with `!` in front of a path that git ignores: the verdict. */
  readonly told: Readonly<Record<string, Verdict>>;
  readonly home?: boolean;
  readonly variables?: Readonly<Record<string, string>>;
}

const json = (value: unknown): string => JSON.stringify(value);
const claude = (permissions: object, more: object = {}): string => json({ permissions, ...more });

/** One assistant, the source that says so (an id of the assistant's), and what is told. */
const CASES: readonly (readonly [assistant: string, source: string, what: string, one: Case])[] = [
  [
    'claude-code',
    'permissions',
    'a bare pattern is denied at any depth',
    {
      files: { '.claude/settings.json': claude({ deny: ['Read(.env)'] }) },
      told: {
        'read !.env': 'blocked',
        'read !a/b/.env': 'blocked',
        'read !.env.local': 'visible',
        'shell !.env': 'reachable',
        'search !.env': 'reachable',
        'mention !.env': 'blocked',
      },
    },
  ],
  [
    'claude-code',
    'permissions',
    'a slash is the folder of the settings',
    {
      files: { '.claude/settings.json': claude({ deny: ['Read(/config/*.yml)'] }) },
      told: { 'read config/a.yml': 'blocked', 'read x/config/a.yml': 'visible' },
    },
  ],
  [
    'claude-code',
    'permissions',
    'a single slash in the settings of the user is ~/.claude',
    {
      home: true,
      files: { '~/.claude/settings.json': claude({ deny: ['Read(/.env)'] }) },
      told: { 'read !.env': 'visible' },
    },
  ],
  [
    'claude-code',
    'permissions',
    'two slashes count everywhere, whoever set them',
    {
      home: true,
      files: { '~/.claude/settings.json': claude({ deny: ['Read(//**/.env)'] }) },
      told: { 'read !.env': 'blocked', 'read !a/.env': 'blocked' },
    },
  ],
  [
    'claude-code',
    'permissions',
    'without --home the settings of the user are not looked at',
    { files: { '~/.claude/settings.json': claude({ deny: ['Read(//**/.env)'] }) }, told: { 'read !.env': 'visible' } },
  ],
  [
    'claude-code',
    'permissions',
    'what is asked for takes effort, and deny comes before ask',
    {
      files: {
        '.claude/settings.json': claude({ ask: ['Read(a.ts)', 'Read(b.ts)'] }),
        '.claude/settings.local.json': claude({ deny: ['Read(b.ts)'] }),
      },
      told: { 'read a.ts': 'reachable', 'read b.ts': 'blocked', 'read c.ts': 'visible' },
    },
  ],
  [
    'claude-code',
    'permissions',
    'an allow rule takes no deny back',
    {
      files: { '.claude/settings.json': claude({ deny: ['Read(.env)'], allow: ['Read(.env)'] }) },
      told: { 'read !.env': 'blocked' },
    },
  ],
  [
    'claude-code',
    'permissions',
    'rules of other tools close nothing',
    {
      files: { '.claude/settings.json': claude({ deny: ['Write(.env)', 'Glob(.env)', 'Bash(cat .env)'] }) },
      told: { 'read !.env': 'visible' },
    },
  ],
  [
    'claude-code',
    'issue-24846',
    'permissions.read.deny is no key',
    {
      files: { '.claude/settings.json': json({ permissions: { read: { deny: ['.env'] } } }) },
      told: { 'read !.env': 'visible' },
    },
  ],
  [
    'claude-code',
    'settings',
    'broken settings are not known to hold',
    {
      files: { '.claude/settings.json': '{"permissions": {"deny": ["Read(.env)"' },
      told: { 'read !.env': 'unknown', 'shell !.env': 'unknown' },
    },
  ],
  [
    'claude-code',
    'settings',
    'comments do not break them',
    {
      files: { '.claude/settings.json': '{\n// mine\n"permissions": {"deny": ["Read(.env)",],},\n}' },
      told: { 'read !.env': 'blocked' },
    },
  ],
  [
    'claude-code',
    'settings',
    'a project further down sets nothing here',
    {
      files: { 'sub/.claude/settings.json': claude({ deny: ['Read(.env)'] }) },
      told: { 'read !.env': 'visible', 'read !sub/.env': 'visible' },
    },
  ],
  [
    'claude-code',
    'sandboxing',
    'a sandbox that nothing leaves closes the shell for what it denies',
    {
      files: {
        '.claude/settings.json': claude(
          { deny: ['Read(.env)'] },
          { sandbox: { enabled: true, failIfUnavailable: true, allowUnsandboxedCommands: false } },
        ),
      },
      told: {
        'shell !.env': 'not-applicable',
        'shell-sandboxed !.env': 'blocked',
        'shell-sandboxed a.ts': 'visible',
        'git-history a.ts': 'visible',
      },
    },
  ],
  [
    'claude-code',
    'sandboxing',
    'a sandbox that may fall away takes effort',
    {
      files: { '.claude/settings.json': claude({}, { sandbox: { enabled: true } }) },
      told: { 'shell a.ts': 'reachable', 'shell-sandboxed a.ts': 'visible' },
    },
  ],
  [
    'claude-code',
    'sandboxing',
    'denyRead and credentials close, allowRead opens again',
    {
      files: {
        '.claude/settings.json': claude(
          {},
          {
            sandbox: {
              enabled: true,
              filesystem: { denyRead: ['./secrets'], allowRead: ['./secrets/public'] },
              credentials: { files: [{ path: './token', mode: 'mask' }] },
            },
          },
        ),
      },
      told: {
        'shell-sandboxed secrets/a': 'blocked',
        'shell-sandboxed secrets/public/a': 'visible',
        'shell-sandboxed token': 'blocked',
      },
    },
  ],
  [
    'claude-code',
    'tools',
    'search leaves ignored files out, until one is named',
    { files: { '.gitignore': '.env\n' }, told: { 'search !.env': 'reachable', 'read !.env': 'visible' } },
  ],
  [
    'claude-code',
    'tools',
    'a negation in .ignore brings them back',
    { files: { '.gitignore': '.env\n', '.ignore': '!.env\n' }, told: { 'search !.env': 'visible' } },
  ],
  [
    'claude-code',
    'claude-folder',
    'a placebo closes nothing',
    { files: { '.claudeignore': '.env\n' }, told: { 'read !.env': 'visible' } },
  ],
  [
    'cursor',
    'ignore-docs',
    '.cursorignore counts for everything but the shell',
    {
      files: { '.cursorignore': '.env\n!public/.env\n' },
      told: {
        'index !.env': 'blocked',
        'read !.env': 'blocked',
        'read !public/.env': 'unknown',
        'editor !.env': 'blocked',
        'mention !.env': 'blocked',
        'shell !.env': 'visible',
        'shell-sandboxed !.env': 'blocked',
      },
    },
  ],
  [
    'cursor',
    'ignore-docs',
    '.cursorindexingignore counts for the index only',
    { files: { '.cursorindexingignore': 'a.ts\n' }, told: { 'index a.ts': 'blocked', 'read a.ts': 'visible' } },
  ],
  [
    'cursor',
    'ignore-docs',
    'one in a folder needs a mode that nothing here shows',
    { files: { 'sub/.cursorignore': '.env.prod\n' }, told: { 'mention sub/.env.prod': 'visible' } },
  ],
  [
    'cursor',
    'sandbox-reference',
    'readBoundary keeps commands in the workspace',
    {
      files: { '.cursor/sandbox.json': json({ readBoundary: 'workspace' }) },
      told: { 'shell-sandboxed ~/.netrc': 'blocked', 'shell-sandboxed a.ts': 'visible' },
    },
  ],
  [
    'cursor-cli',
    'cli-permissions',
    'a deny wins',
    {
      files: { '.cursor/cli.json': json({ permissions: { deny: ['Read(.env*)'], allow: ['Read(**)'] } }) },
      told: { 'read !.env': 'blocked', 'read a.ts': 'visible' },
    },
  ],
  [
    'codex',
    'permissions',
    'a profile denies',
    {
      files: {
        '.codex/config.toml':
          'default_permissions = "shop"\n[permissions.shop.filesystem.":workspace_roots"]\n"**/*.env" = "deny"\n',
      },
      told: { 'read !a/x.env': 'blocked', 'shell-sandboxed !a/x.env': 'blocked', 'read !.env.local': 'visible' },
    },
  ],
  [
    'codex',
    'permissions',
    'one that is not chosen does not',
    {
      files: { '.codex/config.toml': '[permissions.shop.filesystem.":workspace_roots"]\n"**/*.env" = "deny"\n' },
      told: { 'read !x.env': 'visible' },
    },
  ],
  [
    'codex',
    'permissions',
    'sandbox_mode switches it off',
    {
      files: {
        '.codex/config.toml':
          'sandbox_mode = "read-only"\ndefault_permissions = "shop"\n[permissions.shop.filesystem.":workspace_roots"]\n"**/*.env" = "deny"\n',
      },
      told: { 'read !x.env': 'visible' },
    },
  ],
  [
    'codex',
    'permissions',
    'what lies deeper than the scan is not covered',
    {
      files: {
        '.codex/config.toml':
          'default_permissions = "shop"\n[permissions.shop]\nglob_scan_max_depth = 2\n[permissions.shop.filesystem.":workspace_roots"]\n"**/*.env" = "deny"\n',
      },
      told: { 'read !a/b/x.env': 'blocked', 'read !a/b/c/x.env': 'visible' },
    },
  ],
  [
    'codex',
    'config-reference',
    'commands may be let out of the sandbox',
    { files: {}, told: { 'shell a.ts': 'reachable', 'shell-sandboxed a.ts': 'visible' } },
  ],
  [
    'gemini-cli',
    'discovery',
    'a negation behind .gitignore opens what that closed',
    { files: { '.gitignore': '.env\n', '.geminiignore': '!.env\n' }, told: { 'read !.env': 'visible' } },
  ],
  [
    'gemini-cli',
    'discovery',
    'its own file closes what git has',
    {
      files: { '.geminiignore': 'config/\n' },
      told: { 'read config/a.yml': 'blocked', 'search config/a.yml': 'reachable', 'shell config/a.yml': 'visible' },
    },
  ],
  [
    'gemini-cli',
    'configuration',
    'ignore files can be switched off',
    {
      files: {
        '.gitignore': '.env\n',
        '.geminiignore': 'a.ts\n',
        '.gemini/settings.json': json({ context: { fileFiltering: { respectGitIgnore: false } } }),
      },
      told: { 'read !.env': 'visible', 'read a.ts': 'blocked' },
    },
  ],
  [
    'gemini-cli',
    'configuration',
    'more ignore files come last',
    {
      files: {
        '.gitignore': '.env\n',
        'extra.ignore': '!.env\nb.ts\n',
        '.gemini/settings.json': json({ context: { fileFiltering: { customIgnoreFilePaths: ['extra.ignore'] } } }),
      },
      told: { 'read !.env': 'visible', 'read b.ts': 'blocked' },
    },
  ],
  [
    'gemini-cli',
    'sandbox',
    'the sandbox hides .env files',
    {
      files: { '.gemini/settings.json': json({ security: { toolSandboxing: true } }) },
      told: {
        'shell !.env': 'not-applicable',
        'shell-sandboxed !.env': 'blocked',
        'shell-sandboxed !a/b/.env': 'blocked',
        'shell-sandboxed !a/b/c/.env': 'visible',
        'shell-sandboxed a.ts': 'visible',
      },
    },
  ],
  [
    'gemini-cli',
    'environment',
    'the .env at the root is loaded',
    { files: { '.env': 'X=1\n' }, told: { 'env !.env': 'visible', 'env !sub/.env': 'not-applicable' } },
  ],
  [
    'gemini-code-assist',
    'aiexclude-docs',
    'nested .gitignore files do not count',
    {
      files: { '.gitignore': '.env\n', 'sub/.gitignore': 'local.yml\n' },
      told: { 'editor !.env': 'blocked', 'editor !sub/local.yml': 'visible' },
    },
  ],
  [
    'kiro',
    'ignore-docs',
    'each file stands for itself: no negation opens what another closed',
    {
      files: { '.gitignore': '.env\n', '.kiroignore': '!.env\nsecrets/\n' },
      told: { 'read !.env': 'blocked', 'read secrets/a': 'blocked' },
    },
  ],
  [
    'windsurf',
    'issue-133',
    'no negation elsewhere lifts what .gitignore closed',
    { files: { '.gitignore': '.env\n', '.codeiumignore': '!.env\n' }, told: { 'index !.env': 'blocked' } },
  ],
  [
    'augment',
    'indexing',
    'its negation uploads what .gitignore keeps back',
    { files: { '.gitignore': '.env\n', '.augmentignore': '!.env\n' }, told: { 'index !.env': 'visible' } },
  ],
  [
    'continue',
    'ignore-source',
    'the list that is built in, and what is not on it',
    {
      files: {},
      told: {
        'read !.env': 'blocked',
        'read certs/a.txt': 'blocked',
        'read main.tfvars': 'visible',
        'read .npmrc': 'visible',
      },
    },
  ],
  [
    'continue',
    'ignore-source',
    '.continueignore closes the index and no read',
    { files: { '.continueignore': 'a.ts\n' }, told: { 'index a.ts': 'blocked', 'read a.ts': 'visible' } },
  ],
  [
    'roo-code',
    'source',
    '.rooignore closes reading; commands only in part',
    {
      files: { '.rooignore': 'a.ts\n' },
      told: { 'read a.ts': 'blocked', 'shell a.ts': 'reachable', 'mention a.ts': 'blocked' },
    },
  ],
  [
    'zed',
    'read-source',
    'the list that is built in',
    { files: {}, told: { 'read !.env.local': 'blocked', 'read server.key': 'blocked', 'read id_rsa': 'visible' } },
  ],
  [
    'zed',
    'defaults',
    'a list of the user stands in its place',
    {
      files: { '.zed/settings.json': '{ // mine\n "private_files": ["**/secret.txt"] }' },
      told: { 'read a/secret.txt': 'blocked', 'read !.env': 'unknown' },
    },
  ],
  [
    'opencode',
    'permissions',
    'it asks for .env files, unless a rule says otherwise',
    { files: {}, told: { 'read !.env': 'reachable', 'read .env.example': 'visible' } },
  ],
  [
    'opencode',
    'permissions',
    'the last rule that matches decides',
    {
      files: { 'opencode.json': json({ permission: { read: { '*': 'deny', 'src/*': 'allow', '*.env': 'allow' } } }) },
      told: { 'read a.ts': 'reachable', 'read src/a.ts': 'visible', 'read !.env': 'visible' },
    },
  ],
  [
    'amp',
    'manual',
    'a rejected path',
    {
      files: {
        '.amp/settings.json': json({
          'amp.permissions': [{ tool: 'Read', matches: { path: '*/.env' }, action: 'reject' }],
        }),
      },
      told: { 'read !.env': 'reachable', 'read a.ts': 'visible' },
    },
  ],
  [
    'aider',
    'source',
    'the map holds tracked files only',
    { files: { '.env': 'X=1\n', 'a.ts': '' }, told: { 'index a.ts': 'visible', 'index !.env': 'blocked' } },
  ],
  [
    'aider',
    'options',
    'the ignore file may have another name, and may answer for the user',
    {
      files: {
        '.aider.conf.yml': 'aiderignore: extra.ignore\nyes-always: true\n',
        'extra.ignore': 'a.ts\n',
        'a.ts': '',
      },
      told: { 'index a.ts': 'blocked', 'shell a.ts': 'visible' },
    },
  ],
  [
    'codex',
    'config-reference',
    'variables with telling names are removed where that is set',
    {
      files: { '.codex/config.toml': '[shell_environment_policy]\nignore_default_excludes = false\n' },
      told: { 'env $API_TOKEN': 'reachable', 'env $SESSION_COOKIE': 'visible' },
    },
  ],
  [
    'codex',
    'config-reference',
    'include_only removes all but what it names, whatever the case',
    {
      files: { '.codex/config.toml': '[shell_environment_policy]\ninclude_only = ["PATH", "app_*"]\n' },
      told: { 'env $APP_TOKEN': 'visible', 'env $SESSION_COOKIE': 'reachable' },
    },
  ],
  [
    'codex',
    'config-reference',
    'exclude removes by pattern',
    {
      files: { '.codex/config.toml': '[shell_environment_policy]\nexclude = ["AWS_*"]\n' },
      told: { 'env $AWS_SECRET_ACCESS_KEY': 'reachable', 'env $SESSION_COOKIE': 'visible' },
    },
  ],
  [
    'claude-code',
    'sandboxing',
    'variables are removed in the sandbox only, and so not while it is off',
    {
      files: {
        '.claude/settings.json': claude({}, { sandbox: { credentials: { envVars: [{ name: 'T', mode: 'deny' }] } } }),
      },
      told: { 'env $T': 'visible' },
    },
  ],
  [
    'claude-code',
    'sandboxing',
    'and they are where it is on',
    {
      files: {
        '.claude/settings.json': claude(
          {},
          { sandbox: { enabled: true, credentials: { envVars: [{ name: 'T', mode: 'deny' }] } } },
        ),
      },
      told: { 'env $T': 'reachable', 'env $U': 'visible' },
    },
  ],
  [
    'claude-code',
    'sandboxing',
    'a path of the sandbox is of the root, and of no folder below',
    {
      files: {
        '.claude/settings.json': claude({}, { sandbox: { enabled: true, filesystem: { denyRead: ['token'] } } }),
      },
      told: { 'shell-sandboxed token': 'blocked', 'shell-sandboxed a/token': 'visible' },
    },
  ],
  [
    'claude-code',
    'sandboxing',
    'one in the settings of the user is of ~/.claude',
    {
      home: true,
      files: {
        '~/.claude/settings.json': claude({}, { sandbox: { enabled: true, filesystem: { denyRead: ['./token'] } } }),
      },
      told: { 'shell-sandboxed token': 'visible' },
    },
  ],
  [
    'gemini-cli',
    'discovery',
    'a rule that is too long may be one that opens: nothing is closed for certain',
    {
      files: { '.geminiignore': `.env\n!${'?'.repeat(5000)}\n` },
      told: { 'read !.env': 'unknown' },
    },
  ],
  [
    'claude-code',
    'environment',
    'variables of clouds are scrubbed where that is set',
    {
      files: {},
      variables: { CLAUDE_CODE_SUBPROCESS_ENV_SCRUB: '1' },
      told: { 'env $AWS_SECRET_ACCESS_KEY': 'reachable', 'env $GITHUB_TOKEN': 'visible' },
    },
  ],
  [
    'claude-code',
    'memory',
    'instruction files and what they import are sent',
    {
      files: {
        'CLAUDE.md': 'See @docs/a.md and `@docs/code.md`.\n```\n@docs/fenced.md\n```\n',
        'docs/a.md': 'and @b.md\n',
        'docs/b.md': 'x',
        'docs/code.md': '',
        'docs/fenced.md': '',
      },
      told: {
        'import CLAUDE.md': 'visible',
        'import docs/a.md': 'visible',
        'import docs/b.md': 'visible',
        'import docs/code.md': 'not-applicable',
        'import docs/fenced.md': 'not-applicable',
      },
    },
  ],
];

function placeOf(word: string): Place {
  const isIgnored = word.startsWith('!');
  const path = word.replace(/^[!$]/, '');
  const standing: Standing = word.startsWith('$')
    ? 'environment'
    : path.startsWith('~/')
      ? 'home'
      : isIgnored
        ? 'ignored'
        : 'tracked';
  return { standing, path, line: 1, column: 1, isInHistory: standing === 'tracked' };
}

describe('what settings make of an assistant', () => {
  test.each(CASES)('%s (%s): %s', (id, source, _what, { files, told, home, variables }) => {
    const assistant = known.assistants.find((one) => one.id === id);
    expect(Object.keys(assistant?.sources ?? {})).toContain(source);
    const all = { 'a.ts': '', ...files };
    const ignored = Object.keys(told).flatMap((key) => (key.includes('!') ? [key.slice(key.indexOf('!') + 1)] : []));
    const project = projectOf(all, { ignored, ...(home !== undefined && { home }), ...(variables && { variables }) });
    const configuration = configured(id, project);
    const found = Object.fromEntries(
      Object.keys(told).map((key) => {
        const [channel = '', word = ''] = key.split(' ');
        // oxlint-disable-next-line typescript/no-non-null-assertion -- asserted above
        return [key, judge(placeOf(word), channel as ChannelId, assistant!, configuration).verdict];
      }),
    );
    expect(found).toEqual(told);
  });

  test('the file and the line that decided are told', () => {
    const project = projectOf({
      '.claude/settings.json':
        '{\n  "permissions": {\n    "deny": [\n      "Read(a)",\n      "Read(.env)"\n    ]\n  }\n}\n',
    });
    const assistant = known.assistants.find((one) => one.id === 'claude-code');
    if (assistant === undefined) throw new Error('no such assistant');
    const { at } = judge(placeOf('!.env'), 'read', assistant, configured('claude-code', project));
    expect(at).toEqual({ file: '.claude/settings.json', line: 5, pattern: 'Read(.env)' });
  });

  test('an empty file switches JetBrains AI off', () => {
    expect(configured('jetbrains-ai', projectOf({ '.noai': '' })).off?.state).toBe('on');
    expect(configured('junie', projectOf({ '.noai': '' })).off).toBeUndefined();
  });

  test('marks show what is in use, those of the home folder on demand', () => {
    const files = { 'GEMINI.md': '', '.cursor/rules/a.mdc': '', '~/.codex/config.toml': '' };
    const inUse = (home: boolean): string[] =>
      known.assistants.map(({ id }) => id).filter((id) => configured(id, projectOf(files, { home })).marks.length > 0);
    expect(inUse(false)).toEqual(['cursor', 'gemini-cli']);
    expect(inUse(true)).toContain('codex');
  });
});

describe('problems', () => {
  const rules = (id: string, files: Readonly<Record<string, string>>, home = false): string[] =>
    configured(id, projectOf(files, { home })).problems.map(({ rule, file, line }) => `${rule} ${file}:${line ?? ''}`);

  test.each([
    ['claude-code', { 'CLAUDE.md': '', '.claudeignore': '.env\n' }, ['assistant-placebo .claudeignore:']],
    ['claude-code', { '.claudeignore': '.env\n' }, []],
    ['cursor', { '.contextignore': '' }, ['assistant-placebo .contextignore:']],
    [
      'claude-code',
      { '.claude/settings.json': '{"permissions":\n{"deny":["Write(.env)"]}}' },
      ['assistant-pitfall .claude/settings.json:2'],
    ],
    [
      'claude-code',
      { '.claude/settings.json': '{"permissions":{"read":{"deny":[]}}}' },
      ['assistant-pitfall .claude/settings.json:1'],
    ],
    ['claude-code', { '.claude/settings.json': '{"permissions":{"deny":["Read(/a)"]}}' }, []],
    ['claude-code', { '.claude/settings.json': '{\n"permissions":' }, ['assistant-settings .claude/settings.json:2']],
    ['codex', { '.codex/config.toml': 'sandbox_mode = "read-only"\n' }, ['assistant-pitfall .codex/config.toml:1']],
    ['codex', { '.codex/config.toml': 'a = \n' }, ['assistant-settings .codex/config.toml:1']],
    [
      'gemini-cli',
      { '.geminiignore': 'a\n!.env\n' },
      ['assistant-pitfall .geminiignore:2', 'assistant-pitfall .geminiignore:2'],
    ],
    ['gemini-cli', { '.geminiignore': 'a\n' }, []],
    ['claude-code', { 'CLAUDE.md': 'x\n@a.md\n', 'a.md': '' }, ['assistant-instructions CLAUDE.md:2']],
  ] as const)('%s with %j', (id, files, told) => {
    expect(rules(id, files)).toEqual(told);
  });

  test('a single slash is a pitfall in the settings of the user', () => {
    expect(rules('claude-code', { '~/.claude/settings.json': '{"permissions":{"deny":["Read(/a)"]}}' }, true)).toEqual([
      'assistant-pitfall ~/.claude/settings.json:1',
    ]);
  });
});

describe('hostile settings', () => {
  test('imports without end are cut, and that is told', () => {
    const names = Array.from({ length: 600 }, (_, index) => `f${index}.md`);
    const files = {
      'CLAUDE.md': names.map((name) => `@${name}`).join('\n'),
      ...Object.fromEntries(names.map((name) => [name, ''])),
    };
    const { problems } = configured('claude-code', projectOf(files));
    expect(problems.some(({ text }) => text.includes('more imports than are followed'))).toBe(true);
  });

  test.each([
    ['[', 200_000],
    ['{"a":', 100_000],
  ])('nesting of %s', (open, times) => {
    const text = open.repeat(times);
    const { problems } = configured('claude-code', projectOf({ '.claude/settings.json': text }));
    expect(problems.map(({ rule }) => rule)).toEqual(['assistant-settings']);
  });

  test.each([
    ['gemini-cli', '.geminiignore', 'conf.yml'],
    ['kiro', '.gitignore', '.env'],
  ])('an ignore file of %s that cannot be read is told, and closes nothing for certain', (id, file, path) => {
    const assistant = known.assistants.find((one) => one.id === id);
    if (assistant === undefined) throw new Error('no such assistant');
    const project = projectOf({ [file]: '' });
    const configuration = configured(id, {
      ...project,
      read: (name) => (name === file ? { trouble: 'is not a regular file' } : project.read(name)),
    });
    expect(configuration.problems.filter((one) => one.file === file).map(({ rule }) => rule)).toEqual([
      'assistant-settings',
    ]);
    expect(judge(placeOf(`!${path}`), 'read', assistant, configuration).verdict).toBe('unknown');
  });

  // Quadratic, each would take minutes; the limit of a test holds them.
  const many = Array.from({ length: 20_000 }, (_, index) => `Read(a${index}.env)`);
  test.each([
    ['claude-code', '.claude/settings.json', JSON.stringify({ permissions: { deny: many } }, undefined, 1)],
    [
      'codex',
      '.codex/config.toml',
      `default_permissions = "b"\n[permissions.b.filesystem.":workspace_roots"]\n${many.map((one) => `"${one}" = "deny"\n`).join('')}`,
    ],
    ['claude-code', 'CLAUDE.md', `@${'.'.repeat(1_000_000)}x`],
  ])('%s: a large %s', (id, file, text) => {
    expect(configured(id, projectOf({ [file]: text })).barriers('read').length).toBeGreaterThan(0);
  });

  test('names of prototypes are names', () => {
    const text = '{"__proto__":{"permissions":{"deny":["Read(.env)"]}},"constructor":{"prototype":{"x":1}}}';
    expect(configured('claude-code', projectOf({ '.claude/settings.json': text })).problems).toEqual([]);
    expect(({} as { permissions?: unknown }).permissions).toBeUndefined();
  });

  test('no text of a problem holds a value', () => {
    const marker = 'a-value-of-the-settings';
    for (const [id, file] of [
      ['claude-code', '.claude/settings.json'],
      ['codex', '.codex/config.toml'],
      ['kiro', '.kiro/settings/permissions.yaml'],
    ] as const) {
      const { problems } = configured(id, projectOf({ [file]: `{"a": "${marker}", ${marker}: [` }));
      expect(problems.length).toBeGreaterThan(0);
      expect(JSON.stringify(problems)).not.toContain(marker);
    }
  });
});
