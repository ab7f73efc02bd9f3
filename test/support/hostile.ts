import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TemporaryRepository } from './repository.ts';

/** Programs that a repository or its surroundings would have git run. Each writes down that it ran. */
export interface PlantedPrograms {
  /** Variables that name them too; for the environment of the command under test. */
  readonly env: NodeJS.ProcessEnv;
  /** What ran so far. */
  ran(): string[];
}

const SETTINGS: readonly string[] = [
  'core.alternateRefsCommand',
  'core.askPass',
  'core.editor',
  'core.fsmonitor',
  'core.gitProxy',
  'core.pager',
  'core.sshCommand',
  'credential.helper',
  'diff.evil.command',
  'diff.evil.textconv',
  'diff.external',
  'filter.evil.clean',
  'filter.evil.process',
  'filter.evil.smudge',
  'gpg.program',
  'gpg.ssh.program',
  'interactive.diffFilter',
  'merge.evil.driver',
  'pager.diff',
  'pager.log',
  'pager.ls-files',
  'remote.origin.receivepack',
  'remote.origin.uploadpack',
  'sequence.editor',
  'uploadpack.packObjectsHook',
];
const ALIASES = ['cat-file', 'config', 'diff', 'diff-tree', 'log', 'ls-files', 'merge-base', 'rev-list', 'rev-parse'];
const HOOKS = [
  'fsmonitor-watchman',
  'fsmonitor-watchmanv2',
  'post-checkout',
  'post-index-change',
  'pre-auto-gc',
  'pre-commit',
  'query-watchman',
  'reference-transaction',
];

/** The attributes that make git ask for the planted drivers. */
export const EVIL_ATTRIBUTES = '* diff=evil filter=evil merge=evil\n';

/** Call it when all else has been staged: from here on git itself would run the programs. */
export function plantPrograms(repo: TemporaryRepository): PlantedPrograms {
  const marker = join(repo.home, 'marker');
  const program = join(repo.home, 'program.sh');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >>'${marker}'\ncat\n`);
  chmodSync(program, 0o755);
  const folders = [join(repo.root, '.git', 'hooks'), join(repo.home, 'hooks')];
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    for (const name of HOOKS) {
      writeFileSync(join(folder, name), `#!/bin/sh\necho "hook ${name}" >>'${marker}'\n`);
      chmodSync(join(folder, name), 0o755);
    }
  }
  const settings = [
    ...SETTINGS.map((name) => [name, program]),
    ...ALIASES.map((name) => [`alias.${name}`, `!${program} ${name}`]),
    ['core.hooksPath', join(repo.home, 'hooks')],
    ['log.showSignature', 'true'],
    ['commit.gpgSign', 'true'],
    ['remote.origin.url', `ext::${program}`],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.partialCloneFilter', 'blob:none'],
    ['protocol.allow', 'always'],
    ['protocol.ext.allow', 'always'],
    ['extensions.partialClone', 'origin'],
    ['core.repositoryFormatVersion', '1'],
  ] as const;
  const config = join(repo.root, '.git', 'config');
  const lines = settings.map(([name = '', value = '']) => {
    const [section = '', ...rest] = name.split('.');
    const key = rest.pop() ?? '';
    const head = rest.length === 0 ? `[${section}]` : `[${section} "${rest.join('.')}"]`;
    return `${head}\n\t${key} = ${JSON.stringify(value)}\n`;
  });
  writeFileSync(config, readFileSync(config, 'utf8') + lines.join(''));
  return {
    env: {
      GIT_ASKPASS: program,
      GIT_DIFF_OPTS: '-u0',
      GIT_EDITOR: program,
      GIT_EXTERNAL_DIFF: program,
      GIT_GLOB_PATHSPECS: '1',
      GIT_PAGER: program,
      GIT_SSH: program,
      GIT_SSH_COMMAND: program,
      GIT_TRACE: marker,
      GIT_TRACE2_EVENT: marker,
      PAGER: program,
      EDITOR: program,
      SSH_ASKPASS: program,
    },
    ran: () => (existsSync(marker) ? readFileSync(marker, 'utf8').trim().split('\n') : []),
  };
}
