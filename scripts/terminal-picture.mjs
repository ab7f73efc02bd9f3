// Draws docs/images/*.svg from what the built command line prints in a terminal.
//   node scripts/terminal-picture.mjs          writes those that changed in more than a duration
//   node scripts/terminal-picture.mjs --check  exits 1 where one would
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { assertMasked, demoRepository, timeless } from './demo-repository.mjs';

const FOLDER = new URL('../docs/images/', import.meta.url);

const PICTURES = [
  {
    file: 'commit-blocked.svg',
    title: 'A commit that keepmum stops',
    description: 'git commit is stopped: two findings, each with its line, the secret masked, and what to do.',
    command: "git commit -m 'Take payments'",
    output() {
      const repository = demoRepository({ change: true });
      try {
        return repository.git(['commit', '-m', 'Take payments'], { FORCE_COLOR: '1' }).stderr;
      } finally {
        repository.remove();
      }
    },
  },
  {
    file: 'scan-summary.svg',
    title: 'A scan of a working tree',
    description: 'keepmum scan: one finding that does not block, and a summary of what was examined and what was not.',
    command: 'keepmum scan',
    output() {
      const repository = demoRepository({ change: false });
      try {
        return repository.keepmum(['scan'], { FORCE_COLOR: '1' }).stdout;
      } finally {
        repository.remove();
      }
    },
  },
];

const SIZE = 14;
const LINE = 20;
/** Monospaced fonts are 0.55 to 0.61 of their size wide; a little room is left. */
const COLUMN = SIZE * 0.615;
const MARGIN = 18;
const BAR = 34;

const STYLE = `
  .window { fill: #ffffff; stroke: #d0d7de; } .bar { fill: #f1f3f5; }
  text { font: ${SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace; fill: #24292f; white-space: pre; }
  .name { fill: #57606a; font-size: 12px; text-anchor: middle; }
  .s1 { font-weight: 700; } .s2 { fill: #6e7781; } .s31 { fill: #c62828; } .s32 { fill: #1a7f37; } .s33 { fill: #8a5a00; } .s36 { fill: #0b6e83; }
  @media (prefers-color-scheme: dark) {
    .window { fill: #14181f; stroke: #30363d; } .bar { fill: #20262e; }
    text { fill: #dfe5ec; } .name { fill: #9aa4af; }
    .s2 { fill: #8b949e; } .s31 { fill: #ff7b72; } .s32 { fill: #56d364; } .s33 { fill: #e3b341; } .s36 { fill: #56c7dc; }
  }`;

/** @returns lines of pieces, each with the SGR codes that are on: https://www.ecma-international.org/publications-and-standards/standards/ecma-48/ */
function pieces(ansi) {
  let on = [];
  return ansi.split('\n').map((line) => {
    const out = [];
    let at = 0;
    // oxlint-disable-next-line no-control-regex -- colours are what is read here
    for (const { index, 0: sequence, 1: codes } of line.matchAll(/\u001b\[([\d;]*)m/g)) {
      if (index > at) out.push({ text: line.slice(at, index), on });
      on = codes === '0' || codes === '' ? [] : [...on, ...codes.split(';')];
      at = index + sequence.length;
    }
    if (at < line.length) out.push({ text: line.slice(at), on });
    return out;
  });
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function draw({ title, description, command, output }) {
  const lines = pieces(output().trimEnd());
  lines.unshift(
    [
      { text: '$ ', on: ['2'] },
      { text: command, on: ['1'] },
    ],
    [],
  );
  // Two columns of room for the longest duration, so that the width is the same in every run.
  const columns = Math.max(60, ...lines.map((line) => timeless(line.map(({ text }) => text).join('')).length + 2));
  const width = Math.ceil(columns * COLUMN) + 2 * MARGIN;
  const height = BAR + MARGIN + lines.length * LINE + MARGIN / 2;
  const rows = lines.map((line, index) => {
    const spans = line.map(({ text, on }) =>
      on.length === 0
        ? escape(text)
        : `<tspan class="${on.map((code) => `s${code}`).join(' ')}">${escape(text)}</tspan>`,
    );
    return `  <text x="${MARGIN}" y="${BAR + MARGIN + index * LINE + SIZE / 2}" xml:space="preserve">${spans.join('')}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `  <title id="title">${escape(title)}</title>`,
    `  <desc id="description">${escape(description)}</desc>`,
    `  <style>${STYLE}\n  </style>`,
    `  <rect class="window" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    `  <path class="bar" d="M1 ${BAR} V8.5 A7.5 7.5 0 0 1 8.5 1 H${width - 8.5} A7.5 7.5 0 0 1 ${width - 1} 8.5 V${BAR} Z"/>`,
    `  <circle cx="20" cy="17" r="5.5" fill="#ec6a5e"/><circle cx="40" cy="17" r="5.5" fill="#f4bf4f"/><circle cx="60" cy="17" r="5.5" fill="#61c554"/>`,
    `  <text class="name" x="${width / 2}" y="21">shop</text>`,
    ...rows.filter((row) => !row.includes('preserve"></text>')),
    '</svg>',
    '',
  ].join('\n');
}

const check = process.argv.includes('--check');
mkdirSync(FOLDER, { recursive: true });
for (const picture of PICTURES) {
  const target = new URL(picture.file, FOLDER);
  const svg = draw(picture);
  assertMasked(svg, picture.file);
  if (existsSync(target) && timeless(readFileSync(target, 'utf8')) === timeless(svg)) continue;
  if (check) {
    console.error(`docs/images/${picture.file} is not what keepmum prints now: npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(target, svg);
    console.log(`docs/images/${picture.file} written`);
  }
}
