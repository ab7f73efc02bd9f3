import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stripeKey } from './cli.ts';
import type { TemporaryRepository } from './repository.ts';

/** A line with a new secret, as most files have one. */
function assigned(): string {
  return `stripe_key = "${stripeKey()}"\n`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

const mcp = (key: string): string => json({ mcpServers: { pay: { command: 'npx', env: { STRIPE_KEY: key } } } });

/** Files of the working tree that are committed, each with one secret. */
const TRACKED: Readonly<Record<string, () => string>> = {
  'src/pay.ts': assigned,
  'src/deep/down/client.py': assigned,
  'config/production.yml': () => `stripe_key: ${stripeKey()}\n`,
  'README.md': () => `Use \`${stripeKey()}\` to try it.\n`,
  'terraform/main.tfvars': assigned,
  'docker-compose.yml': () => `services:\n  api:\n    environment:\n      STRIPE_KEY: ${stripeKey()}\n`,
  // Committed although .gitignore names it.
  'services/api/.env': () => `STRIPE_KEY=${stripeKey()}\n`,
  '.env.production': () => `STRIPE_KEY=${stripeKey()}\n`,
  '.mcp.json': () => mcp(stripeKey()),
  '.cursor/mcp.json': () => mcp(stripeKey()),
  '.vscode/mcp.json': () => json({ servers: { pay: { command: 'npx', env: { STRIPE_KEY: stripeKey() } } } }),
  '.specstory/history/talk.md': () => `> the key is ${stripeKey()}\n`,
  'docs/imported.md': () => `The key of the test account: ${stripeKey()}\n`,
  'AGENTS.md': () => `Pay with ${stripeKey()}.\n`,
  'CLAUDE.md': () => `Read @docs/imported.md.\nPay with ${stripeKey()}.\n`,
  'GEMINI.md': () => `Pay with ${stripeKey()}.\n`,
};

/** The same, ignored by git. */
const IGNORED: Readonly<Record<string, () => string>> = {
  '.env': () => `STRIPE_KEY=${stripeKey()}\n`,
  'apps/web/.env': () => `STRIPE_KEY=${stripeKey()}\n`,
  'apps/web/.env.local': () => `STRIPE_KEY=${stripeKey()}\n`,
  'logs/app.log': () => `GET /?key=${stripeKey()}\n`,
  'secrets/payments.json': () => json({ stripeKey: stripeKey() }),
  '.aider.chat.history.md': () => `#### use ${stripeKey()}\n`,
  '.claude/settings.local.json': () =>
    json({ permissions: { allow: [`Bash(curl -u ${stripeKey()}: https://api.example.org)`] } }),
  '.gemini/.env': () => `STRIPE_KEY=${stripeKey()}\n`,
};

/** The same, not yet known to git. */
const UNTRACKED: Readonly<Record<string, () => string>> = {
  'notes.txt': assigned,
  'scripts/deploy.sh': () => `export STRIPE_KEY=${stripeKey()}\n`,
};

/** Below the home folder. */
const HOME: Readonly<Record<string, () => string>> = {
  '.aws/credentials': assigned,
  '.netrc': () => `machine example.org login me password ${stripeKey()}\n`,
  '.bash_history': () => `curl -u ${stripeKey()}: https://api.example.org\n`,
  '.claude/projects/shop/talk.jsonl': () => json({ text: stripeKey() }),
  '.codex/history.jsonl': () => json({ text: stripeKey() }),
};

/** The name of a variable that is set while the map is made. */
export const VARIABLE = 'KEEPMUM_FIXTURE_API_TOKEN';

/** Where each of the forty secrets stands: `standing path`. */
export const FORTY: readonly string[] = [
  ...Object.keys(TRACKED).map((path) => `tracked ${path}`),
  ...Object.keys(IGNORED).map((path) => `ignored ${path}`),
  ...Object.keys(UNTRACKED).map((path) => `untracked ${path}`),
  ...Object.keys(HOME).map((path) => `home ~/${path}`),
  'history src/removed.ts',
  'history src/changed.ts',
  'history COMMIT_EDITMSG',
  'stash src/stashed.ts',
  'stash src/new.ts',
  'worktree ../other/.env',
  'git-folder .git/config',
  `environment ${VARIABLE}`,
  'untracked build.log',
].toSorted();

/** Plants the forty secrets. */
export function plantForty(repo: TemporaryRepository): void {
  repo.write(
    '.gitignore',
    ['.env', '.env.local', 'logs/', 'secrets/', '.aider*', '.claude/settings.local.json', 'node_modules/', ''].join(
      '\n',
    ),
  );
  repo.commit('start');
  repo.write('src/removed.ts', assigned());
  repo.write('src/changed.ts', assigned());
  repo.commit('first');
  repo.git('rm', '-q', 'src/removed.ts');
  repo.write('src/changed.ts', 'export {};\n');
  for (const [path, text] of Object.entries(TRACKED)) repo.write(path, text());
  repo.git('add', '--all');
  repo.git('add', '--force', 'services/api/.env');
  repo.git('commit', '-q', '-m', `second\n\nwith ${stripeKey()}`);
  repo.write('src/stashed.ts', 'export {};\n');
  repo.commit('third');
  repo.write('src/stashed.ts', assigned());
  repo.write('src/new.ts', assigned());
  repo.git('stash', '-q', '--include-untracked');
  repo.git('worktree', 'add', '-q', '--detach', '../other', 'HEAD~3');
  writeFileSync(join(repo.root, '..', 'other', '.env'), `STRIPE_KEY=${stripeKey()}\n`);
  repo.git('remote', 'add', 'origin', `https://me:${stripeKey()}@git.example.org/shop.git`);
  for (const files of [IGNORED, UNTRACKED]) {
    for (const [path, text] of Object.entries(files)) repo.write(path, text());
  }
  repo.write('build.log', `{"key":"${stripeKey()}"}\n`);
  repo.write('node_modules/x/index.js', assigned());
  for (const [path, text] of Object.entries(HOME)) {
    mkdirSync(dirname(join(repo.home, path)), { recursive: true });
    writeFileSync(join(repo.home, path), text());
  }
}
