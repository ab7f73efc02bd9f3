// A small repository with made-up secrets, the same in every run: pictures and examples in docs/ show
// what the built command line says about it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../dist/keepmum.js', import.meta.url));
const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Characters that look random and are decided by `seed`. */
function random(seed, length) {
  let out = '';
  for (let block = 0; out.length < length; block++) {
    // Bytes beyond a multiple of 62 are dropped, so that every character is as likely.
    const bytes = createHash('sha256').update(`${seed} ${block}`).digest();
    for (const byte of bytes) if (byte < 248 && out.length < length) out += BASE62[byte % 62];
  }
  return out;
}

export const SECRETS = {
  stripe: ['sk', 'live', `51${random('stripe', 97)}`].join('_'),
  postgres: random('postgres', 18),
  local: ['sk', 'test', `51${random('local', 97)}`].join('_'),
  slack: ['xoxb', '2401987654321', '2519876543210', random('slack', 24)].join('-'),
  fixture: ['sk', 'live', `51${random('fixture', 97)}`].join('_'),
};

const BEFORE = {
  'README.md': '# Web shop\n',
  '.gitignore': 'node_modules/\n.env\n',
  '.env.example': 'DATABASE_URL=postgres://app:CHANGE_ME@localhost:5432/shop\n',
  'test/fixtures.ts': `export const KEY = '${SECRETS.fixture}'; // keepmum:allow made up, no account has it\n`,
  'scripts/seed.py': ['password', '= "correct-horse"\n'].join(' '),
  'node_modules/stripe/index.js': 'module.exports = 1;\n',
  'assets/logo.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]),
};
const CHANGE = {
  'src/pay.ts': `import Stripe from 'stripe';\n\nexport const stripe = new Stripe('${SECRETS.stripe}');\n`,
  'config/database.yaml': `production:\n  url: postgres://app:${SECRETS.postgres}@db.shop.corp:5432/shop\n`,
};

/** What assistants and developers leave behind. */
const LOCAL = {
  '.env': `STRIPE_KEY=${SECRETS.stripe}\nDATABASE_URL=postgres://app:${SECRETS.postgres}@db.shop.corp:5432/shop\n`,
  '.env.test': `STRIPE_KEY=${SECRETS.local}\n`,
  '.mcp.json': `${JSON.stringify({ mcpServers: { slack: { command: 'npx', args: ['slack-mcp'], env: { SLACK_BOT_TOKEN: SECRETS.slack } } } }, null, 2)}\n`,
  'CLAUDE.md': '# Web shop\n\nNever read .env.\n',
  '.claudeignore': '.env\n',
  '.claude/settings.json': `${JSON.stringify({ permissions: { deny: ['Read(.env)'] } }, null, 2)}\n`,
  '.cursor/rules/shop.mdc': 'Prices are in cents.\n',
  '.cursorignore': '.env\n',
  'GEMINI.md': '# Web shop\n',
};

/**
 * The repository with keepmum's hooks, and a change staged where `change` says so, or what
 * assistants leave behind where `assistants` does. Call `remove` in the end.
 */
export function demoRepository({ change = false, assistants = false }) {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'keepmum-demo-')));
  const root = join(base, 'shop');
  mkdirSync(join(base, 'home'));
  mkdirSync(root);
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    HOME: join(base, 'home'),
    GIT_CONFIG_NOSYSTEM: '1',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((who) => [
        [`GIT_${who}_NAME`, 'A'],
        [`GIT_${who}_EMAIL`, 'a@shop.example'],
      ]),
    ),
  };
  const run = (command, args, more = {}) =>
    spawnSync(command, args, { cwd: root, env: { ...env, ...more }, encoding: 'utf8' });
  const write = (files) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  };
  run('git', ['init', '-q', '-b', 'main']);
  write(BEFORE);
  run('git', ['add', '-A']);
  run('git', ['commit', '-q', '-m', 'Start']);
  run(process.execPath, [CLI, 'install', 'git']);
  if (change) {
    write(CHANGE);
    run('git', ['add', '-A']);
  }
  if (assistants) {
    write({ 'src/mail.ts': `export const token = '${SECRETS.slack}';\n` });
    run('git', ['add', '-A']);
    run('git', ['commit', '-q', '--no-verify', '-m', 'Mail']);
    run('git', ['rm', '-q', 'src/mail.ts']);
    write(LOCAL);
    run('git', ['add', '-A']);
    run('git', ['commit', '-q', '--no-verify', '-m', 'Assistants']);
  }
  return {
    root,
    git: (args, more) => run('git', args, more),
    keepmum: (args, more) => run(process.execPath, [CLI, ...args], more),
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** Fails where the text shows more of a secret than its first four characters. */
export function assertMasked(text, where) {
  for (const [name, secret] of Object.entries(SECRETS)) {
    for (let at = 4; at + 5 <= secret.length; at++) {
      if (text.includes(secret.slice(at, at + 5))) throw new Error(`${where} shows a part of the ${name} secret`);
    }
  }
}

/** The text without what differs from run to run: durations, times, the version. */
export function timeless(text) {
  return text
    .replaceAll(/\b\d+(?:\.\d)? m?s\b/g, '0 ms')
    .replaceAll(/age \d+ days(?:, old)?/g, 'age 0 days')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+Z)?/g, 'TIME')
    .replaceAll(/"elapsed": \d+/g, '"elapsed": 0')
    .replaceAll(/time="[\d.]+"/g, 'time="0"')
    .replaceAll(/"((?:semanticV|v)ersion)": "[\d.]+(?:-[\w.]+)?"/g, '"$1": ""');
}
