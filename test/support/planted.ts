import type { Chunk, Skipped, Source } from '../../src/core/chunk.ts';
import type { Confidence, Finding, Severity, Summary, Suppression } from '../../src/core/finding.ts';
import type { ReportContext, Reporter } from '../../src/reporters/reporter.ts';
import type { RuleDetails } from '../../src/rules/compiled.ts';
import { TemplateExpander } from '../../src/rules/template.ts';
import { isBlocking } from '../../src/core/finding.ts';
import { scanAll } from '../../src/scan.ts';

/** A secret and the text it is planted in, as a repository that means harm would hold it. */
interface Planting {
  readonly path: string;
  /** Holds `SECRET` once or more; the first one is the finding. */
  readonly text: string;
  readonly rule: string;
  readonly confidence: Confidence;
  /** A template of `rules/template.ts`. */
  readonly secret?: string;
  readonly guessable?: boolean;
  readonly commit?: string;
  readonly suppressedBy?: Suppression;
  readonly account?: string;
  readonly expires?: string;
}

/** All that formats and log viewers give a meaning to. */
const HOSTILE = 'a\u001b[31m\n::error::b,c%0Ad]]>=cmd()|`e`<img src=x>\u202e&amp;@team #1 ##[error]f\u0000\ufffe';

const DETAILS: Readonly<Record<string, RuleDetails & { readonly severity: Severity }>> = {
  'acme-live-key': {
    severity: 'critical',
    title: 'Acme live key',
    provider: 'Acme',
    identity: { class: 'api-key', type: 'workload', grants: 'move money', lifetime: 'long-lived' },
    advice: {
      text: 'Roll the key in the dashboard; the old one works until you end it.',
      rotate: 'https://acme.example/keys',
    },
    references: ['https://acme.example/docs/keys'],
  },
  'plain-password': {
    severity: 'medium',
    title: 'Hard-coded password',
    provider: 'Generic',
    identity: { class: 'password', type: 'human', grants: 'whatever the account opens', lifetime: 'long-lived' },
    advice: { text: 'Change the password and read it from the environment.' },
    references: [],
  },
  'own-hostile-rule': {
    severity: 'high',
    title: `=Own ${HOSTILE}`,
    provider: `+Own ${HOSTILE}`,
    identity: { class: 'api-key', type: 'service', grants: `-all ${HOSTILE}`, lifetime: 'unknown' },
    advice: { text: `@Do ${HOSTILE}`, rotate: `javascript:alert(1)//${HOSTILE}` },
    references: [`https://x.example/${HOSTILE}`],
  },
};

const KEY = 'acme_${base62:40}';
const PLANTINGS: readonly Planting[] = [
  {
    path: 'src/pay.ts',
    text: 'import a;\n\nconst key = "SECRET";\n',
    rule: 'acme-live-key',
    confidence: 'proven',
    account: 'shop-1',
    expires: '2027-01-31',
  },
  { path: 'at-start.txt', text: 'SECRET is the key', rule: 'acme-live-key', confidence: 'likely' },
  { path: 'at-end.txt', text: '\tthe key is SECRET', rule: 'acme-live-key', confidence: 'likely' },
  {
    path: 'twice.txt',
    text: 'SECRET and again SECRET and https://x.example/?k=SECRET',
    rule: 'acme-live-key',
    confidence: 'likely',
  },
  {
    path: 'db/seed.sql',
    text: 'password = "SECRET"',
    rule: 'plain-password',
    confidence: 'possible',
    secret: 'Tulpe-${password:6}&<"%',
    guessable: true,
  },
  {
    path: 'wide/漢字.yaml',
    text: 'パスワード: "SECRET" # 漢字漢字漢字漢字漢字漢字漢字',
    rule: 'plain-password',
    confidence: 'likely',
    secret: '${password:16}',
    guessable: true,
  },
  {
    path: 'min.js',
    text: `${'x=1;'.repeat(5000)}k="SECRET"${';y=2'.repeat(5000)}`,
    rule: 'acme-live-key',
    confidence: 'likely',
  },
  {
    path: 'id.pem',
    rule: 'acme-live-key',
    confidence: 'proven',
    text: '# a key\nSECRET\n',
    secret: [
      '-----BEGIN',
      ' EXAMPLE KEY-----\n${base64:64}\n${base64:64}\n${base64:20}\n-----END',
      ' EXAMPLE KEY-----',
    ].join(''),
  },
  {
    path: 'old.txt',
    text: 'SECRET',
    rule: 'acme-live-key',
    confidence: 'likely',
    commit: '0123456789abcdef0123456789abcdef01234567',
  },
  {
    path: 'test/fixture.txt',
    text: 'SECRET # keepmum:allow',
    rule: 'acme-live-key',
    confidence: 'likely',
    suppressedBy: { by: 'inline-comment', where: 'keepmum:allow', reason: `made up, ${HOSTILE}` },
  },
  {
    path: 'legacy.txt',
    text: 'SECRET',
    rule: 'acme-live-key',
    confidence: 'likely',
    suppressedBy: {
      by: 'exception',
      where: '.keepmum-exceptions',
      reason: 'rotated',
      owner: '@team',
      expires: '2027-01-31',
    },
  },
  {
    path: `evil/${HOSTILE}.txt`,
    text: `::stop-commands::x ${HOSTILE.replace('\n', '')} "SECRET" ${HOSTILE.replace('\n', '')}`,
    rule: 'own-hostile-rule',
    confidence: 'likely',
  },
  { path: '=cmd()', text: '::set-env name=x::SECRET', rule: 'acme-live-key', confidence: 'likely' },
  { path: '::error::owned', text: 'x\r\n::error::SECRET\r\n', rule: 'acme-live-key', confidence: 'likely' },
];

const SKIPPED: readonly Skipped[] = [
  { kind: 'skipped', origin: { source: 'worktree', path: 'img.png' }, reason: 'binary', incomplete: false },
  ...['build', 'dist', 'node_modules', 'out'].map((path): Skipped => ({
    kind: 'skipped',
    origin: { source: 'worktree', path },
    reason: 'ignored',
    incomplete: false,
  })),
  {
    kind: 'skipped',
    origin: { source: 'worktree', path: `::error::${HOSTILE}` },
    reason: 'unreadable',
    incomplete: true,
  },
];

export interface PlantedRun {
  readonly findings: readonly Finding[];
  readonly summary: Summary;
  readonly secrets: readonly { readonly secret: string; readonly guessable: boolean }[];
}

/** The plantings through the real pipeline, with an engine that knows where they are. The same in every run. */
export async function plantedRun(options: { readonly showSecrets?: boolean } = {}): Promise<PlantedRun> {
  const expander = new TemplateExpander('reporters');
  const planted = PLANTINGS.map((one) => {
    const secret = expander.expand(one.secret ?? KEY);
    return {
      ...one,
      secret,
      guessable: one.guessable ?? false,
      bytes: Buffer.from(one.text.replaceAll('SECRET', () => secret)),
    };
  });
  const find = (path: string): (typeof planted)[number] => {
    const found = planted.find((one) => one.path === path);
    if (found === undefined) throw new Error(`nothing is planted in ${path}`);
    return found;
  };
  const source: Source = {
    name: 'worktree',
    notices: [`an exception has run out: ${HOSTILE}`],
    async *read(): AsyncGenerator<Chunk | Skipped> {
      for (const { path, bytes, commit } of planted) {
        yield {
          kind: 'chunk',
          bytes,
          firstLine: 1,
          whole: true,
          newFile: true,
          origin: { source: 'worktree', path, ...(commit !== undefined && { commit }) },
        };
      }
      yield* SKIPPED;
    },
  };
  const { findings, summary } = await scanAll(source, {
    engine: {
      sieve: () => ({ mayFind: () => true, lost: [], hunks: new Uint32Array() }),
      detect: async (view) => {
        const { rule, secret, guessable, confidence, account, expires } = find(view.chunk.origin.path);
        const start = Buffer.from(view.bytes).indexOf(secret);
        const reasons = [
          { evidence: 'shape-high', weight: 4, text: 'a prefix that nothing else has' },
          { evidence: 'place-test', weight: -1, text: 'a file of tests' },
        ];
        return [
          {
            ruleId: rule,
            start,
            end: start + Buffer.byteLength(secret),
            secret,
            evidence: reasons,
            reasons,
            guessable,
            confidence,
            proven: confidence === 'proven',
            priority: 0,
            ...(account !== undefined && { account }),
            ...(expires !== undefined && { expires }),
          },
        ];
      },
    },
    details: async (id) => {
      const details = DETAILS[id];
      if (details === undefined) throw new Error(id);
      return details;
    },
    severityOf: (id) => DETAILS[id]?.severity ?? 'high',
    suppressors: async () => [{ name: 'planted', suppress: (_match, { path }) => find(path).suppressedBy }],
    skipPath: () => false,
    failOn: FAIL_ON,
    showSecrets: options.showSecrets === true,
  });
  return { findings, summary: { ...summary, elapsed: 1234.5 }, secrets: planted };
}

const FAIL_ON = { confidence: 'likely', severity: 'low' } as const;

/** A context in which only what a test is about differs. */
function contextOf(options: Partial<ReportContext> = {}): ReportContext {
  return {
    version: '1.2.3',
    colour: false,
    width: 80,
    showSuppressed: false,
    started: new Date('2026-01-02T03:04:05.678Z'),
    blocks: (finding) => isBlocking(finding, FAIL_ON),
    ...options,
  };
}

/** The whole report. */
export function write(
  reporter: Reporter,
  run: Pick<PlantedRun, 'findings' | 'summary'>,
  options: Partial<ReportContext> = {},
): string {
  const report = reporter.start(contextOf(options));
  return run.findings.map((finding) => report.finding(finding)).join('') + report.end(run.summary);
}
