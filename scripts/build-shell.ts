import { gitForShell } from '../src/git/run.ts';
import { stagedArguments } from '../src/sources/staged.ts';

/** `dist/staged.sh`, which hooks read in; see `hooks/scan.sh`. */
export function buildShell(): string {
  return `# keepmum_staged NODE ENTRY: keepmum scan --staged, git and Node started side by side.
keepmum_staged() {
  (
${gitForShell(stagedArguments()).replaceAll(/^/gm, '    ')}
  ) | "$1" "\${2%/*}/cli/keepmum.cjs" scan --staged --piped
}
`;
}
