// Fills the examples of docs/output.md with what the built command line prints. Each stands below a comment
//   <!-- keepmum ARGUMENTS -->  or, for a part of a JSON document,  <!-- keepmum ARGUMENTS | a.0.b -->
//   node scripts/output-examples.mjs          writes the page where more than a duration changed
//   node scripts/output-examples.mjs --check  exits 1 where it would
import { readFileSync, writeFileSync } from 'node:fs';
import { assertMasked, demoRepository, timeless } from './demo-repository.mjs';

const PAGE = new URL('../docs/output.md', import.meta.url);
const EXAMPLE = /(<!-- keepmum (.+?)(?: \| ([\w.]+))? -->\n```\w*\n)[^]*?(\n```)/g;

function select(document, path) {
  return path.split('.').reduce((value, key) => value[key], JSON.parse(document));
}

const page = readFileSync(PAGE, 'utf8');
const repository = demoRepository({ change: true });
let filled;
try {
  filled = page.replaceAll(EXAMPLE, (_, before, args, path, after) => {
    const { stdout } = repository.keepmum(args.split(' '));
    if (stdout === '') throw new Error(`keepmum ${args} prints nothing`);
    return before + (path === undefined ? stdout.trimEnd() : JSON.stringify(select(stdout, path), null, 2)) + after;
  });
} finally {
  repository.remove();
}
assertMasked(filled, 'docs/output.md');
if (timeless(filled) !== timeless(page)) {
  if (process.argv.includes('--check')) {
    console.error('docs/output.md is not what keepmum prints now: npm run docs');
    process.exitCode = 1;
  } else {
    writeFileSync(PAGE, filled);
    console.log('docs/output.md written');
  }
}
