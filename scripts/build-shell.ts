import { SHORT_RUN_OPTIONS } from '../src/cli/short-run.ts';
import { gitForShell } from '../src/git/run.ts';
import { stagedArguments } from '../src/sources/staged.ts';

/** `dist/staged.sh`, which hooks read in; see `hooks/scan.sh`. */
export function buildShell(): string {
  // A pipe holds 64 kB, and git would stand still until Node has started: dd holds what git writes meanwhile.
  return `# keepmum_staged NODE ENTRY: keepmum scan --staged, git and Node started side by side.
keepmum_staged() {
  (
${gitForShell(stagedArguments()).replaceAll(/^/gm, '    ')}
  ) | dd ibs=65536 obs=1048576 2>/dev/null | "$1" ${SHORT_RUN_OPTIONS.join(' ')} "\${2%/*}/cli/keepmum.cjs" scan --staged --piped || {
    keepmum_status=$?
    # So ends a Node that does not know one of these options.
    [ "$keepmum_status" -eq 9 ] || return "$keepmum_status"
    "$1" "$2" scan --staged
  }
}
`;
}
