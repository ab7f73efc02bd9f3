import { CHANNELS, type ChannelId } from '../../src/exposure/assistants.ts';
import {
  STANDINGS,
  VERDICTS,
  type Cell,
  type ExposedSecret,
  type ExposureMap,
  type MappedAssistant,
  type Place,
  type Power,
  type Privilege,
  type Reason,
  type Standing,
  type Verdict,
} from '../../src/exposure/exposure-map.ts';
import type { Change } from '../../src/exposure/changes.ts';
import { SEVERITIES } from '../../src/core/finding.ts';

export interface ExposureMapOptions {
  readonly secrets: number;
  readonly assistants: number;
  /** The first of them; a third if left out. */
  readonly inUse?: number;
  readonly seed?: number;
  readonly incomplete?: boolean;
  /** Compared with something: one of four open cells is new. */
  readonly isCompared?: boolean;
  /** A text that stands in every place that a repository decides. */
  readonly hostile?: string;
}

const CHANNEL_IDS = Object.keys(CHANNELS) as readonly ChannelId[];
const VERDICT_IDS = Object.keys(VERDICTS) as readonly Verdict[];
const STANDING_IDS = Object.keys(STANDINGS) as readonly Standing[];

const NAMES = [
  ['claude-code', 'Claude Code', 'Anthropic'],
  ['cursor', 'Cursor', 'Anysphere'],
  ['copilot-vscode', 'GitHub Copilot (VS Code)', 'GitHub'],
  ['codex', 'Codex CLI', 'OpenAI'],
  ['gemini-cli', 'Gemini CLI', 'Google'],
  ['windsurf', 'Windsurf', 'Cognition'],
  ['aider', 'Aider', 'Aider AI'],
  ['amp', 'Amp', 'Sourcegraph'],
  ['cline', 'Cline', 'Cline Bot'],
  ['continue', 'Continue', 'Continue Dev'],
  ['copilot-jetbrains', 'GitHub Copilot (JetBrains)', 'GitHub'],
  ['copilot-visualstudio', 'GitHub Copilot (Visual Studio)', 'GitHub'],
  ['gemini-code-assist', 'Gemini Code Assist', 'Google'],
  ['goose', 'Goose', 'Block'],
  ['jetbrains-ai', 'JetBrains AI Assistant', 'JetBrains'],
  ['junie', 'Junie', 'JetBrains'],
  ['kiro', 'Kiro', 'Amazon'],
  ['opencode', 'opencode', 'Anomaly'],
  ['roo-code', 'Roo Code', 'Roo Code'],
  ['zed', 'Zed', 'Zed Industries'],
] as const;

type Kind = readonly [
  provider: string,
  rule: string,
  title: string,
  severity: (typeof SEVERITIES)[number],
  stage: Power['stage'],
  lifetime: Power['lifetime'],
  preview: string,
  grants: string,
];

const KINDS: readonly Kind[] = [
  [
    'aws',
    'aws-access-key',
    'AWS access key with its secret',
    'critical',
    'production',
    'long',
    'AKIA••••••••••••',
    'whatever the role of its user may do',
  ],
  [
    'stripe',
    'stripe-live-key',
    'Stripe live secret key',
    'critical',
    'production',
    'long',
    'sk_l••••••••••••',
    'move money, read customers and payments',
  ],
  [
    'github',
    'github-token',
    'GitHub personal access token',
    'high',
    'unknown',
    'long',
    'ghp_••••••••••••',
    'read and write repositories of its owner',
  ],
  [
    'postgresql',
    'connection-string',
    'PostgreSQL connection string with a password',
    'high',
    'production',
    'long',
    'postgres://app:••••@db.example',
    'read and change the database',
  ],
  [
    'openai',
    'openai-key',
    'OpenAI project key',
    'high',
    'unknown',
    'long',
    'sk-p••••••••••••',
    'call models at the cost of the project',
  ],
  [
    'slack',
    'slack-bot-token',
    'Slack bot token',
    'high',
    'unknown',
    'long',
    'xoxb••••••••••••',
    'read channels and post as the app',
  ],
  [
    'private key',
    'private-key',
    'Private key in PEM form',
    'critical',
    'unknown',
    'long',
    '-----BEGIN••••••',
    'be whoever it belongs to',
  ],
  [
    'google cloud',
    'gcp-service-account',
    'Google Cloud service account key',
    'critical',
    'production',
    'long',
    '{"type":••••••••',
    'what the roles of the service account allow',
  ],
  [
    'stripe',
    'stripe-test-key',
    'Stripe test secret key',
    'medium',
    'test',
    'long',
    'sk_t••••••••••••',
    'the test mode of the account, no real money',
  ],
  [
    'npm',
    'npm-token',
    'npm access token',
    'high',
    'unknown',
    'long',
    'npm_••••••••••••',
    'publish packages of its owner',
  ],
  ['sentry', 'sentry-dsn', 'Sentry client key', 'low', 'production', 'long', 'https://••••@o1.example', 'send events'],
  [
    'jwt',
    'json-web-token',
    'JSON web token',
    'medium',
    'unknown',
    'short',
    'eyJh••••••••••••',
    'act as its subject until it expires',
  ],
  [
    'generic',
    'generic-password',
    'Password in an assignment',
    'medium',
    'test',
    'long',
    'hun•••••',
    'whatever it opens',
  ],
];

const PATHS: Readonly<Record<Standing, readonly string[]>> = {
  tracked: [
    'config/production.yaml',
    'deploy/terraform/modules/network/environments/live/terraform.tfvars',
    'src/payments/client.ts',
    'CLAUDE.md',
  ],
  untracked: ['notes.txt', 'scripts/try.sh'],
  ignored: ['.env', '.env.local', 'services/api/.env', '.mcp.json'],
  'git-folder': ['.git/config'],
  history: ['config/old-settings.json', 'src/legacy/mail.py'],
  stash: ['src/payments/debug.ts'],
  worktree: ['../shop-hotfix/.env'],
  home: ['~/.aws/credentials', '~/.claude/projects/shop/session.jsonl'],
  environment: ['DATABASE_PASSWORD'],
};

/** A made-up map: seeded, with every verdict, channel and standing in it as soon as it is large enough. */
export function exposureMap(options: ExposureMapOptions): ExposureMap {
  const { secrets: count, assistants: columns, inUse = Math.ceil(columns / 3), hostile } = options;
  const random = randomOf(options.seed ?? 1);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item; // none is empty
  const named = (text: string): string => (hostile === undefined ? text : `${text} ${hostile}`);
  const reasons: Reason[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (reason: Reason): number => {
    const key = JSON.stringify(reason);
    const known = numbers.get(key) ?? reasons.push(reason) - 1;
    numbers.set(key, known);
    return known;
  };

  const secrets = Array.from({ length: count }, (_, index): ExposedSecret => {
    const [provider, rule, title, severity, stage, lifetime, preview, grants] = KINDS[
      index < KINDS.length ? index : Math.floor(random() * KINDS.length)
    ] as Kind;
    const places = Array.from({ length: random() < 0.6 ? 1 : 1 + Math.floor(random() * 4) }, (__, at): Place => {
      const standing = at === 0 ? (STANDING_IDS[index % STANDING_IDS.length] as Standing) : pick(STANDING_IDS);
      const isObject = standing === 'history' || standing === 'stash';
      const path = named(
        count > 40 && at === 0
          ? pick(PATHS[standing]).replace(/([^/.]+)(\.|$)/, `$1-${index}$2`)
          : pick(PATHS[standing]),
      );
      return {
        standing,
        path,
        ...(standing !== 'environment' && {
          line: 1 + Math.floor(random() * 200),
          column: 1 + Math.floor(random() * 40),
        }),
        ...(isObject && { commit: hex(random, 40) }),
        isInHistory: isObject || standing === 'tracked',
        ...(path.includes('.claude/') && { own: { assistant: 'claude-code', holds: 'transcript' } }),
      };
    });
    const holder = random() < 0.5 ? named(`account-${Math.floor(random() * 5)}`) : undefined;
    const isVariable = places[0]?.standing === 'environment';
    return {
      id: isVariable ? `env:DATABASE_PASSWORD_${index}` : `${rule}:${hex(random, 16)}`,
      rule,
      title: isVariable ? 'Variable of the environment' : named(title),
      severity,
      confidence: random() < 0.4 ? 'proven' : 'likely',
      preview: isVariable ? `DATABASE_PASSWORD_${index}` : named(preview),
      identity: { class: 'api-key', type: 'workload', grants, lifetime: 'long-lived' },
      power: {
        provider,
        ...(holder !== undefined && { holder }),
        grants,
        stage,
        lifetime,
        ...(lifetime === 'short' && { expires: '2026-12-24T08:00:00Z' }),
      },
      advice: 'Revoke it at its provider, then make a new one and keep it in a secret manager.',
      ...(provider === 'stripe' && { rotate: 'https://docs.stripe.com/keys#rolling-keys' }),
      places,
      ...(random() < 0.05 && {
        suppressedBy: { by: 'baseline' as const, where: '.keepmum-baseline.json', reason: named('known since 2024') },
      }),
    };
  });

  const assistants = Array.from({ length: columns }, (_, column): MappedAssistant => {
    const [id, name, vendor] = NAMES[column] ?? [`assistant-${column}`, `Assistant ${column}`, 'Somebody'];
    // How careful it is, and its settings.
    const care = random();
    const cells = secrets.map(({ places }, secret): Cell => {
      const channels = CHANNEL_IDS.map((channel, at) => {
        const place = Math.floor(random() * places.length);
        const verdict = verdictOf(places[place] as Place, channel, care, random());
        return { channel, verdict, reason: numberOf(reasonOf(name, verdict, column * 7 + at, secret)), place };
      });
      const verdict = VERDICT_IDS.find((one) => channels.some((channel) => channel.verdict === one)) as Verdict;
      const opens = verdict !== 'blocked' && verdict !== 'not-applicable';
      const channel = channels.find((one) => one.verdict === verdict)?.channel;
      return {
        verdict,
        ...(opens && channel !== undefined && { channel }),
        channels,
        ...(opens && random() < 0.4 && { closable: true }),
      };
    });
    return {
      id,
      name,
      vendor,
      inUse: column < inUse,
      marks: column < inUse ? [named(`.${id}/`)] : [],
      verifiedAt: column % 4 === 3 ? '2026-05-02' : '2026-11-20',
      isOld: column % 4 === 3,
      settings: column % 2 === 0 ? [{ file: named(`.${id}ignore`), line: 3 }, { file: '.gitignore' }] : [],
      cells,
      privileges: privilegesOf(secrets, cells),
    };
  });

  function reasonOf(name: string, verdict: Verdict, source: number, secret: number): Reason {
    const isSet = verdict === 'blocked' || verdict === 'reachable';
    const texts: Readonly<Record<Verdict, string>> = {
      visible: `${name} reads every file of the workspace here, without a prompt and without obeying .gitignore.`,
      unknown: `Nothing was found that says whether ${name} keeps this back.`,
      reachable: `The user is asked first, or another command gives the same text.`,
      blocked: `A rule denies it, and no parameter of the tool goes round it.`,
      'not-applicable': `There is no such file for this channel.`,
    };
    return {
      text: texts[verdict],
      ...(isSet && {
        at: {
          file: named('.cursorignore'),
          line: 1 + (secret % 30),
          pattern: named(secret % 3 === 0 ? '**/.env*' : `config/${secret % 30}.*`),
        },
      }),
      sources:
        source % 5 === 0
          ? [{ id: 'inference' }]
          : [
              {
                id: `docs-${source}`,
                url: `https://docs.example.com/assistant/${source}/ignore-files`,
                date: source % 3 === 0 ? '2026-03' : '2026-10-12',
              },
              { id: 'unchecked' },
            ],
    };
  }

  return {
    version: '0.1.0',
    made: '2026-11-28T12:00:00.000Z',
    repository: named('shop'),
    assistants,
    secrets,
    reasons,
    problems:
      columns === 0
        ? []
        : [
            {
              rule: 'assistant-placebo',
              file: named('.aiignore'),
              text: 'No assistant in use here reads this file.',
              fix: 'Use the ignore file of each assistant.',
              sources: [{ id: 'inference' }],
            },
            {
              rule: 'assistant-pitfall',
              assistant: assistants[0]?.id ?? '',
              file: '.claude/settings.json',
              line: 12,
              text: named('The rule Read(.env) denies the tool that reads, and not the shell.'),
              fix: 'Add a sandbox, or deny the commands as well.',
              sources: [{ id: 'docs-1', url: 'https://docs.example.org/1', date: '2026-08' }],
            },
          ],
    ...(options.isCompared && { changes: { since: named('origin/main'), all: changesOf(secrets, assistants) } }),
    skipped: [
      ...(count === 0
        ? []
        : [{ reason: 'binary', text: 'binary files', count: 14, incomplete: false, paths: ['logo.png'] }]),
      ...(count === 0
        ? []
        : [
            {
              reason: 'dependencies',
              text: 'folders of dependencies and build output',
              count: 3,
              incomplete: false,
              paths: [named('node_modules'), 'dist'],
            },
          ]),
      ...(options.incomplete
        ? [
            {
              reason: 'unreadable',
              text: 'files that could not be read',
              count: 2,
              incomplete: true,
              paths: [named('secrets/locked')],
            },
          ]
        : []),
    ],
    files: 812,
    bytes: 14_203_411,
    elapsed: 1834.2,
    incomplete: options.incomplete ?? false,
    notices: count === 0 ? [] : ['The home folder was not asked for: --home looks there, too.'],
  };
}

function verdictOf({ standing }: Place, channel: ChannelId, care: number, chance: number): Verdict {
  const isObject = standing === 'history' || standing === 'stash';
  if ((channel === 'git-history') !== isObject && !(channel === 'git-history' && standing === 'tracked')) {
    return 'not-applicable';
  }
  if ((standing === 'environment' || channel === 'env') && chance < 0.8) return 'not-applicable';
  if (channel === 'import' && chance < 0.97) return 'not-applicable';
  if (chance < care * 0.75) return 'blocked';
  if (chance < 0.82)
    return channel === 'mention' || channel === 'editor' ? 'blocked' : chance < 0.55 ? 'reachable' : 'not-applicable';
  return chance < 0.86 ? 'unknown' : 'visible';
}

function changesOf(secrets: readonly ExposedSecret[], assistants: readonly MappedAssistant[]): Change[] {
  return secrets.flatMap((_, secret) =>
    assistants.flatMap(({ id, cells }, column): Change[] => {
      const verdict = cells[secret]?.verdict ?? 'not-applicable';
      if ((secret + column) % 4 !== 0 || verdict === 'blocked' || verdict === 'not-applicable') return [];
      return [{ secret, assistant: id, verdict, ...(column % 2 === 0 && { was: 'blocked' }) }];
    }),
  );
}

/** By provider, holder and stage, worst first. */
function privilegesOf(secrets: readonly ExposedSecret[], cells: readonly Cell[]): Privilege[] {
  const groups = new Map<string, Privilege>();
  for (const [index, { power, severity, places }] of secrets.entries()) {
    const verdict = cells[index]?.verdict ?? 'not-applicable';
    if (verdict === 'blocked' || verdict === 'not-applicable') continue;
    const key = JSON.stringify([power.provider, power.holder, power.stage]);
    const known = groups.get(key);
    groups.set(key, {
      provider: power.provider,
      ...(power.holder !== undefined && { holder: power.holder }),
      grants: [...new Set([...(known?.grants ?? []), power.grants])],
      stage: power.stage,
      lifetime: power.lifetime,
      severity:
        known === undefined || SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(known.severity)
          ? severity
          : known.severity,
      verdict:
        known === undefined || VERDICT_IDS.indexOf(verdict) < VERDICT_IDS.indexOf(known.verdict)
          ? verdict
          : known.verdict,
      secrets: [...(known?.secrets ?? []), index],
      places: (known?.places ?? 0) + places.length,
    });
  }
  return [...groups.values()].toSorted(
    (a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || b.secrets.length - a.secrets.length,
  );
}

function hex(random: () => number, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
}

/** Mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
