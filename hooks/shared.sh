#!/bin/sh
# keepmum hook. Made by `keepmum install`, removed by `keepmum uninstall`; edits are lost.
# For hook managers whose configuration is committed: holds no path of any machine, so commit it too.
# Usage: sh .keepmum/hook.sh [--framework] HOOK [ARGUMENTS OF THE HOOK...]
keepmum_framework=no
if [ "${1:-}" = --framework ]; then
  keepmum_framework=yes
  shift
fi
keepmum_hook=${1:-pre-commit}
[ $# -gt 0 ] && shift
keepmum_node=
keepmum_entry=
keepmum_local=yes

# @SCAN@

keepmum_scan "$@"
