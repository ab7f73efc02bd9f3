#!/bin/sh
# keepmum hook. Made by `keepmum install`, removed by `keepmum uninstall`; edits are lost.
# folder: @FOLDER@
keepmum_hook=@HOOK@
keepmum_node=@NODE@
keepmum_entry=@ENTRY@
keepmum_scope=@SCOPE@

# @SCAN@

keepmum_next=
if [ "$keepmum_scope" = global ]; then
  # With a global hooks folder git no longer looks into the repository's own: this does.
  keepmum_local=no
  if [ -z "${GIT_DIR:-}" ] && [ -d .git ]; then
    keepmum_next=.git/hooks/$keepmum_hook
  else
    keepmum_next=$(git rev-parse --git-common-dir) && keepmum_next=$keepmum_next/hooks/$keepmum_hook
  fi
  if [ -x "$keepmum_next" ]; then
    keepmum_mark=
    { read -r keepmum_mark && read -r keepmum_mark; } <"$keepmum_next"
    # The repository has keepmum's own hook: it does the work.
    case $keepmum_mark in '# keepmum hook.'*) exec "$keepmum_next" "$@" ;; esac
  fi
else
  keepmum_local=untracked
  keepmum_next=${0%/*}/$keepmum_hook.keepmum-chained
fi
[ -x "$keepmum_next" ] || keepmum_next=

case $keepmum_hook in
pre-push)
  # First, because a push hook such as that of Git LFS already sends content away.
  if [ -z "$keepmum_next" ]; then
    keepmum_scan "$@"
    exit
  fi
  keepmum_refs=$(cat)
  keepmum_refs=${keepmum_refs:+"$keepmum_refs
"}
  printf '%s' "$keepmum_refs" | keepmum_scan "$@" || exit
  printf '%s' "$keepmum_refs" | "$keepmum_next" "$@"
  ;;
pre-commit | pre-merge-commit | commit-msg)
  # Last, because the other hook may still change what is committed.
  if [ -n "$keepmum_next" ]; then "$keepmum_next" "$@" || exit; fi
  keepmum_scan "$@"
  ;;
*)
  if [ -n "$keepmum_next" ]; then exec "$keepmum_next" "$@"; fi
  ;;
esac
