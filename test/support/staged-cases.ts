import { mkdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TemporaryRepository } from './repository.ts';

/** A state of the index, and whether a scan of what is staged must see the planted text. */
export interface StagedCase {
  /** `E1` … `E18` of the table of cases, or a row of the required behaviour. */
  readonly id: string;
  readonly title: string;
  /** Leaves the repository with something staged; `planted` is one line without an end. */
  readonly setup: (repo: TemporaryRepository, planted: string) => void;
  readonly expects: 'found' | 'quiet';
  /** Path that the text must be found at, as a finding shows it; where it matters. */
  readonly path?: string;
  /** Folder, below the top level, that the scan starts in. */
  readonly cwd?: string;
  /** Run by hand only: a commit cannot be made in this state. */
  readonly noCommit?: boolean;
}

const FILLER = Array.from({ length: 40 }, (_, index) => `line ${index + 1} of a file`).join('\n');

/** A first commit with a file of 40 lines. */
function base(repo: TemporaryRepository): void {
  repo.write('notes.txt', `${FILLER}\n`);
  repo.commit('base');
}

function stageInNotes(repo: TemporaryRepository, planted: string): void {
  repo.write('notes.txt', `${FILLER}\n${planted}\n`);
  repo.git('add', '-A');
}

/** The same text hidden by a setting; each must be found nevertheless. */
function withSettings(...settings: readonly (readonly [string, string])[]): StagedCase['setup'] {
  return (repo, planted) => {
    base(repo);
    for (const [name, value] of settings) repo.git('config', name, value);
    stageInNotes(repo, planted);
  };
}

function withAttributes(attributes: string, ...settings: readonly (readonly [string, string])[]): StagedCase['setup'] {
  return (repo, planted) => {
    base(repo);
    for (const [name, value] of settings) repo.git('config', name, value);
    repo.write('.gitattributes', `${attributes}\n`);
    repo.write('prod.env', `${planted}\n`);
    repo.git('add', '-A');
  };
}

/** A new file of these bytes. */
function newFile(path: string | Buffer, content: (planted: string) => string | Uint8Array): StagedCase['setup'] {
  return (repo, planted) => {
    base(repo);
    repo.write(path, content(planted));
    repo.git('add', '-A');
  };
}

function swapped(text: string, size: 2 | 4): Buffer {
  if (size === 2) return Buffer.from(text, 'utf16le').swap16();
  return utf32(text).swap32();
}

function utf32(text: string): Buffer {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(codes.length * 4);
  for (const [index, code] of codes.entries()) bytes.writeUInt32LE(code, index * 4);
  return bytes;
}

/** Two branches that change the same line, `theirs` and `ours`, merged up to the conflict. */
function conflict(repo: TemporaryRepository, ours: string, theirs: string, extra = ''): void {
  base(repo);
  repo.git('checkout', '-q', '-b', 'theirs');
  repo.write('notes.txt', `${FILLER}\n${theirs}\n`);
  if (extra !== '') repo.write('extra.txt', `${extra}\n`);
  repo.commit('theirs');
  repo.git('checkout', '-q', 'main');
  repo.write('notes.txt', `${FILLER}\n${ours}\n`);
  repo.commit('ours');
  try {
    repo.git('merge', 'theirs');
  } catch {
    // The conflict is the point.
  }
}

export const STAGED_CASES: readonly StagedCase[] = [
  {
    id: 'E1',
    title: 'plain modify',
    expects: 'found',
    path: 'notes.txt',
    setup: (repo, planted) => {
      base(repo);
      stageInNotes(repo, planted);
    },
  },
  {
    id: 'E2',
    title: 'rename and edit',
    expects: 'found',
    path: 'renamed.txt',
    setup: (repo, planted) => {
      base(repo);
      repo.git('mv', 'notes.txt', 'renamed.txt');
      repo.write('renamed.txt', `${FILLER}\n${planted}\n`);
      repo.git('add', '-A');
    },
  },
  {
    id: 'E3',
    title: 'symbolic link becomes a file',
    expects: 'found',
    path: 'link',
    setup: (repo, planted) => {
      symlinkSync('notes.txt', join(repo.root, 'link'));
      base(repo);
      unlinkSync(join(repo.root, 'link'));
      repo.write('link', `${planted}\n`);
      repo.git('add', '-A');
    },
  },
  {
    id: 'E3',
    title: 'file becomes a symbolic link',
    expects: 'found',
    path: 'link',
    setup: (repo, planted) => {
      repo.write('link', 'was a file\n');
      base(repo);
      unlinkSync(join(repo.root, 'link'));
      symlinkSync(planted, join(repo.root, 'link'));
      repo.git('add', '-A');
    },
  },
  {
    id: 'E3',
    title: 'submodule becomes a file',
    expects: 'found',
    path: 'module',
    setup: (repo, planted) => {
      repo.git('update-index', '--add', '--cacheinfo', `160000,${'1234567890'.repeat(4)},module`);
      repo.git('commit', '-q', '--no-verify', '-m', 'module');
      repo.git('rm', '-q', '--cached', 'module');
      repo.write('module', `${planted}\n`);
      repo.git('add', '-A');
    },
  },
  { id: 'E4', title: 'attribute -diff', expects: 'found', path: 'prod.env', setup: withAttributes('*.env -diff') },
  { id: 'E4', title: 'attribute binary', expects: 'found', path: 'prod.env', setup: withAttributes('*.env binary') },
  {
    id: 'E4',
    title: 'attribute -text -diff -merge',
    expects: 'found',
    path: 'prod.env',
    setup: withAttributes('* -text -diff -merge'),
  },
  {
    id: 'E4',
    title: 'attribute in .git/info/attributes and core.attributesFile',
    expects: 'found',
    path: 'prod.env',
    setup: (repo, planted) => {
      base(repo);
      mkdirSync(join(repo.root, '.git', 'info'), { recursive: true });
      writeFileSync(join(repo.root, '.git', 'info', 'attributes'), '*.env binary\n');
      writeFileSync(join(repo.home, 'attributes'), '* -diff\n');
      repo.git('config', 'core.attributesFile', join(repo.home, 'attributes'));
      repo.write('prod.env', `${planted}\n`);
      repo.git('add', '-A');
    },
  },
  {
    id: 'E4',
    title: 'driver that says binary',
    expects: 'found',
    path: 'prod.env',
    setup: withAttributes('*.env diff=hide', ['diff.hide.binary', 'true']),
  },
  {
    id: 'E5',
    title: 'attribute and textconv',
    expects: 'found',
    path: 'prod.env',
    setup: withAttributes('*.env diff=hide', ['diff.hide.textconv', 'echo nothing;:']),
  },
  {
    id: 'E6',
    title: 'attribute and external diff of the driver',
    expects: 'found',
    path: 'prod.env',
    setup: withAttributes('*.env diff=hide', ['diff.hide.command', 'true']),
  },
  { id: 'E6', title: 'diff.external', expects: 'found', setup: withSettings(['diff.external', 'true']) },
  {
    id: 'E6',
    title: 'diff.external, colour and prefixes in the user’s settings',
    expects: 'found',
    setup: (repo, planted) => {
      base(repo);
      for (const [name, value] of [
        ['diff.external', 'true'],
        ['color.ui', 'always'],
        ['diff.noprefix', 'true'],
        ['core.attributesFile', join(repo.home, 'attributes')],
      ] as const) {
        repo.git('config', '--global', name, value);
      }
      writeFileSync(join(repo.home, 'attributes'), '* -diff\n');
      stageInNotes(repo, planted);
    },
  },
  {
    id: 'E7',
    title: 'color.ui=always',
    expects: 'found',
    setup: withSettings(['color.ui', 'always'], ['color.diff', 'always'], ['diff.colorMoved', 'zebra']),
  },
  { id: 'E8', title: 'diff.noprefix', expects: 'found', setup: withSettings(['diff.noprefix', 'true']) },
  { id: 'E8', title: 'diff.mnemonicPrefix', expects: 'found', setup: withSettings(['diff.mnemonicPrefix', 'true']) },
  {
    id: 'E8',
    title: 'diff.srcPrefix and diff.dstPrefix',
    expects: 'found',
    setup: withSettings(['diff.srcPrefix', 'x/'], ['diff.dstPrefix', '']),
  },
  {
    id: 'E9',
    title: 'UTF-16LE with mark',
    expects: 'found',
    path: 'a.txt',
    setup: newFile('a.txt', (planted) => Buffer.from(`\ufeffa\r\n${planted}\r\n`, 'utf16le')),
  },
  {
    id: 'E9',
    title: 'UTF-16LE without mark',
    expects: 'found',
    setup: newFile('a.txt', (planted) => Buffer.from(`first\n${planted}\n`, 'utf16le')),
  },
  {
    id: 'E9',
    title: 'UTF-16BE with mark',
    expects: 'found',
    setup: newFile('a.txt', (planted) => swapped(`\ufefffirst\n${planted}\n`, 2)),
  },
  {
    id: 'E9',
    title: 'UTF-16BE without mark',
    expects: 'found',
    setup: newFile('a.txt', (planted) => swapped(`first\n${planted}\n`, 2)),
  },
  {
    id: 'E9',
    title: 'UTF-32LE with mark',
    expects: 'found',
    setup: newFile('a.txt', (planted) => utf32(`\ufefffirst\n${planted}\n`)),
  },
  {
    id: 'E9',
    title: 'UTF-32BE without mark',
    expects: 'found',
    setup: newFile('a.txt', (planted) => swapped(`first\n${planted}\n`, 4)),
  },
  {
    id: 'E9',
    title: 'a NUL byte in a text',
    expects: 'found',
    setup: newFile('a.txt', (planted) => `first\0\n${planted}\n`),
  },
  {
    id: 'E9',
    title: 'UTF-16 file with an old secret and an unrelated edit',
    expects: 'quiet',
    setup: (repo, planted) => {
      repo.write('a.txt', Buffer.from(`\ufefffirst\n${planted}\n`, 'utf16le'));
      repo.commit('base');
      repo.write('a.txt', Buffer.from(`\ufefffirst\n${planted}\nlast\n`, 'utf16le'));
      repo.git('add', '-A');
    },
  },
  {
    id: 'binary',
    title: 'printable run in binary bytes',
    expects: 'found',
    setup: newFile('a.bin', (planted) =>
      Buffer.concat([
        Buffer.from(Array.from({ length: 600 }, (_, i) => (i * 7) % 32)),
        Buffer.from(planted),
        Buffer.alloc(300),
      ]),
    ),
  },
  {
    id: 'E10',
    title: 'larger than core.bigFileThreshold',
    expects: 'found',
    setup: withSettings(['core.bigFileThreshold', '100']),
  },
  {
    id: 'E11',
    title: 'from a sub-directory',
    expects: 'found',
    path: 'notes.txt',
    cwd: 'sub',
    setup: (repo, planted) => {
      base(repo);
      repo.write('sub/x', 'x\n');
      stageInNotes(repo, planted);
    },
  },
  {
    id: 'E10',
    title: 'new file larger than core.bigFileThreshold',
    expects: 'found',
    path: 'large.txt',
    setup: (repo, planted) => {
      base(repo);
      repo.git('config', 'core.bigFileThreshold', '1k');
      repo.write('large.txt', `${FILLER}\n`.repeat(20) + `${planted}\n`);
      repo.git('add', '-A');
    },
  },
  {
    id: 'E11',
    title: 'from a sub-directory with diff.relative',
    expects: 'found',
    path: 'notes.txt',
    cwd: 'sub',
    setup: (repo, planted) => {
      base(repo);
      repo.git('config', 'diff.relative', 'true');
      repo.write('sub/x', 'x\n');
      stageInNotes(repo, planted);
    },
  },
  {
    id: 'E13',
    title: 'staged, then removed from the working tree',
    expects: 'found',
    setup: (repo, planted) => {
      base(repo);
      stageInNotes(repo, planted);
      repo.write('notes.txt', `${FILLER}\n`);
    },
  },
  {
    id: 'E13',
    title: 'in the working tree, not staged',
    expects: 'quiet',
    setup: (repo, planted) => {
      base(repo);
      repo.write('other.txt', 'other\n');
      repo.git('add', 'other.txt');
      repo.write('notes.txt', `${FILLER}\n${planted}\n`);
    },
  },
  ...[
    'é.txt',
    'a"b.txt',
    'a b.txt',
    'a\nb.txt',
    'a\tb.txt',
    'a\\b.txt',
    '[id].txt',
    '(group)/x.txt',
    '-n.txt',
    ':(top)x.txt',
    `${'long/'.repeat(60)}name.txt`,
  ].map((path): StagedCase => ({
    id: 'E14',
    title: `path ${JSON.stringify(path.slice(0, 20))}`,
    expects: 'found',
    path,
    setup: newFile(path, (planted) => `${planted}\n`),
  })),
  ...(process.platform === 'linux'
    ? [
        {
          id: 'E14',
          title: 'path that is not UTF-8',
          expects: 'found',
          path: 'caf\\xE9.txt',
          setup: newFile(Buffer.from('caf\u00e9.txt', 'latin1'), (planted) => `${planted}\n`),
        } satisfies StagedCase,
      ]
    : []),
  {
    id: 'E15',
    title: 'old secret, unrelated edit beside it',
    expects: 'quiet',
    setup: (repo, planted) => {
      repo.write('notes.txt', `${planted}\n${FILLER}\n`);
      repo.commit('base');
      repo.write('notes.txt', `${planted}\nnew\n${FILLER}\n`);
      repo.git('add', '-A');
    },
  },
  {
    id: 'E16',
    title: 'content that looks like a header',
    expects: 'found',
    path: 'notes.txt',
    setup: (repo, planted) => {
      base(repo);
      repo.write('notes.txt', `${FILLER}\n++ b/x ${planted}\n@@ -1 +1 @@\ndiff --git a/y b/y\n`);
      repo.git('add', '-A');
    },
  },
  {
    id: 'E17',
    title: 'intent to add',
    expects: 'quiet',
    setup: (repo, planted) => {
      base(repo);
      repo.write('other.txt', 'other\n');
      repo.git('add', 'other.txt');
      repo.write('new.txt', `${planted}\n`);
      repo.git('add', '-N', 'new.txt');
    },
  },
  {
    id: 'E18',
    title: 'no HEAD',
    expects: 'found',
    setup: (repo, planted) => {
      repo.write('a.txt', `${planted}\n`);
      repo.git('add', '-A');
    },
  },
  {
    id: 'E19',
    title: 'submodule bump',
    expects: 'quiet',
    setup: (repo) => {
      base(repo);
      repo.git('update-index', '--add', '--cacheinfo', `160000,${'1234567890'.repeat(4)},module`);
    },
  },
  {
    id: 'rename',
    title: 'pure rename of a file with an old secret',
    expects: 'quiet',
    setup: (repo, planted) => {
      repo.write('notes.txt', `${planted}\n${FILLER}\n`);
      repo.commit('base');
      repo.git('mv', 'notes.txt', 'renamed.txt');
    },
  },
  {
    id: 'rename',
    title: 'rename and edit of a file with an old secret',
    expects: 'quiet',
    setup: (repo, planted) => {
      repo.write('notes.txt', `${FILLER}\n${planted}\n`);
      repo.commit('base');
      repo.git('mv', 'notes.txt', 'renamed.txt');
      repo.write('renamed.txt', `${FILLER}\n${planted}\nmore\n`);
      repo.git('add', '-A');
    },
  },
  {
    id: 'copy',
    title: 'copy of a file with an old secret, with diff.renames=copies',
    expects: 'found',
    path: 'copy.txt',
    setup: (repo, planted) => {
      repo.write('notes.txt', `${FILLER}\n${planted}\n`);
      repo.commit('base');
      repo.git('config', 'diff.renames', 'copies');
      repo.write('copy.txt', `${FILLER}\n${planted}\n`);
      repo.write('notes.txt', `${FILLER}\n${planted}\nmore\n`);
      repo.git('add', '-A');
    },
  },
  {
    id: 'deletion',
    title: 'deleted file with a secret',
    expects: 'quiet',
    setup: (repo, planted) => {
      base(repo);
      repo.write('gone.txt', `${planted}\n`);
      repo.commit('more');
      repo.git('rm', '-q', 'gone.txt');
    },
  },
  {
    id: 'deletion',
    title: 'removed line with a secret',
    expects: 'quiet',
    setup: (repo, planted) => {
      repo.write('notes.txt', `${FILLER}\n${planted}\n`);
      repo.commit('base');
      repo.write('notes.txt', `${FILLER}\n`);
      repo.git('add', '-A');
    },
  },
  {
    id: 'mode',
    title: 'mode change only',
    expects: 'quiet',
    setup: (repo, planted) => {
      repo.write('run.sh', `${planted}\n`);
      repo.commit('base');
      repo.git('update-index', '--chmod=+x', 'run.sh');
    },
  },
  {
    id: 'symlink',
    title: 'target of a new link, which is not followed',
    expects: 'quiet',
    setup: (repo, planted) => {
      base(repo);
      writeFileSync(join(repo.home, 'outside.txt'), `${planted}\n`);
      symlinkSync(join(repo.home, 'outside.txt'), join(repo.root, 'link'));
      repo.git('add', '-A');
    },
  },
  {
    id: 'symlink',
    title: 'text of a new link',
    expects: 'found',
    path: 'link',
    setup: (repo, planted) => {
      base(repo);
      symlinkSync(planted, join(repo.root, 'link'));
      repo.git('add', '-A');
    },
  },
  {
    id: 'attributes',
    title: 'a clean filter that would hide it, and one that fails',
    expects: 'found',
    path: 'prod.env',
    setup: (repo, planted) => {
      base(repo);
      repo.write('prod.env', `${planted}\n`);
      repo.git('add', '-A');
      repo.write('.gitattributes', '*.env filter=hide\n');
      repo.git('add', '.gitattributes');
      repo.git('config', 'filter.hide.clean', 'false');
      repo.git('config', 'filter.hide.required', 'true');
    },
  },
  {
    id: 'config',
    title: 'every other setting of diff',
    expects: 'found',
    setup: (repo, planted) => {
      base(repo);
      repo.write('order', 'z*\n');
      for (const [name, value] of [
        ['diff.orderFile', 'order'],
        ['diff.suppressBlankEmpty', 'true'],
        ['diff.submodule', 'log'],
        ['diff.wsErrorHighlight', 'all'],
        ['diff.context', '0'],
        ['diff.interHunkContext', '50'],
        ['diff.renames', 'copies'],
        ['diff.algorithm', 'patience'],
        ['diff.ignoreSubmodules', 'all'],
        ['diff.statGraphWidth', '3'],
        ['core.quotePath', 'false'],
        ['core.pager', 'true'],
        ['pager.diff', 'true'],
        ['alias.diff', '!true'],
        ['core.ignoreCase', 'true'],
      ] as const) {
        repo.git('config', name, value);
      }
      repo.write('é.txt', 'x\n');
      stageInNotes(repo, `\n${planted}`);
    },
  },
  {
    id: 'index',
    title: 'split index of version 4, with entries that are skip-worktree and assume-unchanged',
    expects: 'found',
    setup: (repo, planted) => {
      base(repo);
      stageInNotes(repo, planted);
      repo.git('update-index', '--index-version', '4');
      repo.git('update-index', '--split-index');
      repo.git('update-index', '--skip-worktree', 'notes.txt');
      repo.git('update-index', '--assume-unchanged', 'notes.txt');
    },
  },
  {
    id: 'index',
    title: 'sparse checkout with a sparse index, staged outside of it',
    expects: 'found',
    path: 'far/away/x.txt',
    setup: (repo, planted) => {
      repo.write('near/x.txt', 'near\n');
      repo.write('far/away/x.txt', 'far\n');
      base(repo);
      repo.git('sparse-checkout', 'init', '--cone', '--sparse-index');
      repo.git('sparse-checkout', 'set', 'near');
      const id = repo
        .gitWith(['hash-object', '-w', '--stdin'], { input: `far\n${planted}\n` })
        .toString()
        .trim();
      repo.git('update-index', '--cacheinfo', `100644,${id},far/away/x.txt`);
    },
  },
  {
    id: 'index',
    title: 'attribute working-tree-encoding',
    expects: 'found',
    path: 'wide.txt',
    setup: (repo, planted) => {
      repo.write('.gitattributes', 'wide.txt working-tree-encoding=UTF-16LE\n');
      base(repo);
      repo.write('wide.txt', Buffer.from(`first\n${planted}\n`, 'utf16le'));
      repo.git('add', '-A');
    },
  },
  {
    id: 'line ends',
    title: 'byte order mark of UTF-8 before it',
    expects: 'found',
    setup: newFile('a.txt', (planted) => `\ufeff${planted}\r\n`),
  },
  {
    id: 'line ends',
    title: 'core.autocrlf and an edit that only changes line ends',
    expects: 'found',
    setup: (repo, planted) => {
      base(repo);
      repo.git('config', 'core.autocrlf', 'true');
      repo.write('notes.txt', `${FILLER}\n${planted}\n`.replaceAll('\n', '\r\n'));
      repo.git('add', '-A');
    },
  },
  {
    id: 'huge',
    title: 'line of 5 MB with it at the end',
    expects: 'found',
    setup: newFile('line.js', (planted) => `${'var a=1;'.repeat(640_000)}${planted}`),
  },
  {
    id: 'huge',
    title: 'file of 12 MB with it in the middle',
    expects: 'found',
    setup: newFile('dump.sql', (planted) => {
      const half = 'insert into t values (1, 2, 3);\n'.repeat(190_000);
      return `${half}${planted}\n${half}`;
    }),
  },
  {
    id: 'line ends',
    title: 'CRLF, lone CR, no final line end',
    expects: 'found',
    setup: newFile('a.txt', (planted) => `one\r\ntwo\rthree\r\n\r\n${planted}`),
  },
  {
    id: 'line ends',
    title: 'final line end added after an old secret is no new secret elsewhere',
    expects: 'quiet',
    setup: (repo, planted) => {
      repo.write('a.txt', `${planted}\n${FILLER}`);
      repo.commit('base');
      repo.write('a.txt', `${planted}\n${FILLER}\n`);
      repo.git('add', '-A');
    },
  },
  {
    id: 'merge',
    title: 'conflict resolved with content of theirs',
    expects: 'quiet',
    setup: (repo, planted) => {
      conflict(repo, 'ours', planted, planted);
      repo.write('notes.txt', `${FILLER}\nours\n${planted}\n`);
      repo.git('add', '-A');
    },
  },
  {
    id: 'merge',
    title: 'conflict resolved with content of ours',
    expects: 'quiet',
    setup: (repo, planted) => {
      conflict(repo, planted, 'theirs');
      repo.write('notes.txt', `${FILLER}\n${planted}\ntheirs\n`);
      repo.git('add', '-A');
    },
  },
  {
    id: 'merge',
    title: 'merge without conflicts that brings it in, not committed yet',
    expects: 'found',
    path: 'theirs.txt',
    setup: (repo, planted) => {
      base(repo);
      repo.git('checkout', '-q', '-b', 'theirs');
      repo.write('theirs.txt', `${planted}\n`);
      repo.commit('theirs');
      repo.git('checkout', '-q', 'main');
      repo.write('ours.txt', 'ours\n');
      repo.commit('ours');
      repo.git('merge', '-q', '--no-commit', 'theirs');
    },
  },
  {
    id: 'merge',
    title: 'squash of a branch that brings it in',
    expects: 'found',
    path: 'theirs.txt',
    setup: (repo, planted) => {
      base(repo);
      repo.git('checkout', '-q', '-b', 'theirs');
      repo.write('theirs.txt', `${planted}\n`);
      repo.commit('theirs');
      repo.git('checkout', '-q', 'main');
      repo.git('merge', '-q', '--squash', 'theirs');
    },
  },
  {
    id: 'merge',
    title: 'conflict resolved with content of neither',
    expects: 'found',
    setup: (repo, planted) => {
      conflict(repo, 'ours', 'theirs');
      repo.write('notes.txt', `${FILLER}\n${planted}\n`);
      repo.git('add', '-A');
    },
  },
  {
    id: 'merge',
    title: 'unmerged path, and a new file beside it',
    expects: 'found',
    path: 'new.txt',
    noCommit: true,
    setup: (repo, planted) => {
      conflict(repo, 'ours', 'theirs');
      repo.write('new.txt', `${planted}\n`);
      repo.git('add', 'new.txt');
    },
  },
  {
    id: 'replace refs',
    title: 'a replaced blob',
    expects: 'found',
    setup: (repo, planted) => {
      base(repo);
      stageInNotes(repo, planted);
      const id = repo.git('rev-parse', ':notes.txt').trim();
      const other = repo
        .gitWith(['hash-object', '-w', '--stdin'], { input: `${FILLER}\n` })
        .toString()
        .trim();
      repo.git('replace', id, other);
    },
  },
  {
    id: 'many',
    title: 'one of 3,000 files',
    expects: 'found',
    path: 'd/f1770.txt',
    setup: (repo, planted) => {
      base(repo);
      for (let index = 0; index < 3000; index++) {
        repo.write(`d/f${index}.txt`, index === 1770 ? `${planted}\n` : index % 3 === 0 ? '' : `file ${index}`);
      }
      rmSync(join(repo.root, 'notes.txt'));
      repo.git('add', '-A');
    },
  },
];

/** With a name for each test: `E2: rename and edit: found`. */
export const NAMED_STAGED_CASES: readonly (readonly [name: string, item: StagedCase])[] = STAGED_CASES.map((item) => [
  `${item.id}: ${item.title}: ${item.expects}`,
  item,
]);
