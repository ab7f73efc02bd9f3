// Fills what is made by a program in README.md and docs/, from the built command line and the rules.
//   npm run docs             writes what changed in more than a duration
//   npm run docs -- --check  exits 1 where something would
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assertMasked, demoRepository, timeless } from './demo-repository.mjs';
import './terminal-picture.mjs';
import './output-examples.mjs';

const ROOT = new URL('../', import.meta.url);
const CLI = fileURLToPath(new URL('dist/keepmum.js', ROOT));
const { default: patterns } = await import(new URL('dist/patterns/index.js', ROOT).href);
// What the build makes of scripts/assistant-page.ts.
const { assistantBlocks } = await import(new URL('node_modules/.cache/keepmum-build/assistant-page.js', ROOT).href);
const { default: assistants } = await import(new URL('dist/patterns/assistants.js', ROOT).href);
const { default: details } = await import(new URL('dist/patterns/details.js', ROOT).href);

/** What stands between `<!-- generated: NAME -->` and `<!-- end -->`. */
const BLOCKS = {
  commit() {
    const repository = demoRepository({ change: true });
    try {
      const { stderr } = repository.git(['commit', '-m', 'Take payments']);
      return `\`\`\`console\n$ git commit -m 'Take payments'\n${stderr.trim()}\n\`\`\``;
    } finally {
      repository.remove();
    }
  },
  map() {
    const repository = demoRepository({ assistants: true });
    try {
      const { stdout } = repository.keepmum(['map', '--no-env']);
      return `\`\`\`console\n$ keepmum map\n${stdout.trim()}\n\`\`\``;
    } finally {
      repository.remove();
    }
  },
  counts() {
    const providers = new Set(patterns.rules.map(({ id }) => details[id].provider));
    return `${patterns.rules.length} rules for ${providers.size} providers and kinds, and what ${assistants.assistants.length} assistants read.`;
  },
  rules() {
    const rows = patterns.rules.map(({ id, severity, proof }) => {
      const { title, provider, identity, advice } = details[id];
      const rotate = advice.rotate === undefined ? '' : `[rotate](${advice.rotate})`;
      const pair = (patterns.pairs[id] ?? []).map(({ what }) => what).join(', ');
      return [provider, `\`${id}\``, title, severity, proof === undefined ? '' : 'yes', pair, identity.grants, rotate];
    });
    rows.sort((a, b) => compare(a[0].toLowerCase(), b[0].toLowerCase()) || compare(a[1], b[1]));
    return table(
      ['provider', 'rule', 'finds', 'severity', 'offline proof', 'joined with', 'it grants', 'where to rotate'],
      rows,
    );
  },
  commands() {
    const list = help([]);
    const names = [...list.matchAll(/^ {2}keepmum (\w+)/gm)].map((match) => match[1]);
    return [section('keepmum', list), ...names.map((name) => section(`keepmum ${name}`, help([name])))].join('\n\n');
  },
  ...assistantBlocks(assistants, new Date(), table),
};

function section(title, text) {
  return `## ${title}\n\n\`\`\`text\n${text}\n\`\`\``;
}

function help(args) {
  // A folder without anything, and a width that no terminal decides.
  const { stdout } = spawnSync(process.execPath, [CLI, ...args, '--help'], { cwd: '/', encoding: 'utf8', env: {} });
  if (stdout === '') throw new Error(`keepmum ${args.join(' ')} --help prints nothing`);
  return stdout.trim();
}

function compare(a, b) {
  return a < b ? -1 : Number(a > b);
}

function row(cells) {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map(row).join('\n');
}

for (const name of ['README.md', 'docs/assistants.md', 'docs/cli.md', 'docs/map.md', 'docs/rules.md']) {
  const file = new URL(name, ROOT);
  const page = readFileSync(file, 'utf8');
  const filled = page.replaceAll(
    /(<!-- generated: (\w+) -->\n)[^]*?(\n<!-- end -->)/g,
    (_, before, block, after) => before + BLOCKS[block]() + after,
  );
  assertMasked(filled, name);
  if (timeless(filled) === timeless(page)) continue;
  if (process.argv.includes('--check')) {
    console.error(`${name} is not what keepmum prints now: npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, filled);
    console.log(`${name} written`);
  }
}
