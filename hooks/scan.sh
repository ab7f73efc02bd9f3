# Shared by the templates: finds Node and keepmum, starts the scan, says why a git command is
# stopped. Expects keepmum_hook, keepmum_node, keepmum_entry (both may be empty) and keepmum_local
# (yes: the project's own node_modules may be used; untracked: only where git does not track it).

keepmum_say() { printf 'keepmum: %s\n' "$@" >&2; }

# keepmum_newest PREFIX SUFFIX: of the programs PREFIX<version>SUFFIX, the one with the highest major version.
keepmum_newest() {
  keepmum_best=0
  for keepmum_try in "$1"*"$2"; do
    [ -x "$keepmum_try" ] || continue
    keepmum_major=${keepmum_try#"$1"}
    keepmum_major=${keepmum_major#v}
    keepmum_major=${keepmum_major%%[!0-9]*}
    [ "${keepmum_major:-0}" -ge "$keepmum_best" ] || continue
    keepmum_best=$keepmum_major keepmum_node=$keepmum_try
  done
}

# Programs with a window start git without the PATH of a terminal, hence the usual places.
keepmum_find_node() {
  [ -n "$keepmum_node" ] && [ -x "$keepmum_node" ] && return
  keepmum_node=$(command -v node) && [ -x "$keepmum_node" ] && return
  keepmum_node=
  keepmum_alias=
  keepmum_nvm=${NVM_DIR:-$HOME/.nvm}
  # An alias that is no version ("lts/*", "node") matches no folder; the newest then counts.
  [ -r "$keepmum_nvm/alias/default" ] && read -r keepmum_alias <"$keepmum_nvm/alias/default"
  [ -n "$keepmum_alias" ] && keepmum_newest "$keepmum_nvm/versions/node/v${keepmum_alias#v}" /bin/node
  [ -n "$keepmum_node" ] || keepmum_newest "$keepmum_nvm/versions/node/" /bin/node
  [ -n "$keepmum_node" ] && return
  for keepmum_try in \
    "${VOLTA_HOME:-$HOME/.volta}/bin/node" \
    "${XDG_DATA_HOME:-$HOME/.local/share}/fnm/aliases/default/bin/node" \
    "$HOME/.fnm/aliases/default/bin/node" \
    "$HOME/Library/Application Support/fnm/aliases/default/bin/node" \
    /opt/homebrew/bin/node /usr/local/bin/node /usr/bin/node /snap/bin/node "$HOME/.local/bin/node" \
    "${NVM_SYMLINK:-/nonexistent}/node.exe" \
    "${ProgramFiles:-/c/Program Files}/nodejs/node.exe" \
    "${LOCALAPPDATA:-/nonexistent}/Volta/bin/node.exe" \
    "${LOCALAPPDATA:-/nonexistent}/Programs/nodejs/node.exe"; do
    [ -x "$keepmum_try" ] && keepmum_node=$keepmum_try && return
  done
  keepmum_newest "${ASDF_DATA_DIR:-$HOME/.asdf}/installs/nodejs/" /bin/node
  [ -n "$keepmum_node" ] || keepmum_newest "${XDG_DATA_HOME:-$HOME/.local/share}/mise/installs/node/" /bin/node
  [ -n "$keepmum_node" ]
}

keepmum_find_entry() {
  [ -n "$keepmum_entry" ] && [ -f "$keepmum_entry" ] && return
  keepmum_entry=
  keepmum_try=node_modules/keepmum/dist/keepmum.js
  # A repository that somebody else made must not bring its own idea of keepmum along.
  if [ "$keepmum_local" = untracked ] && [ -f "$keepmum_try" ] &&
    [ -n "$(git ls-files --cached -- node_modules)" ]; then
    keepmum_local=no
  fi
  if [ "$keepmum_local" != no ]; then
    [ -f "$keepmum_try" ] && keepmum_entry=$keepmum_try && return
    # A linked worktree has no node_modules of its own before an install.
    keepmum_main=$(git rev-parse --git-common-dir 2>/dev/null)
    case $keepmum_main in
    */.git)
      keepmum_main=${keepmum_main%/.git}
      if [ -f "$keepmum_main/$keepmum_try" ]; then
        if [ "$keepmum_local" = yes ] ||
          [ -z "$(GIT_DIR="$keepmum_main/.git" GIT_WORK_TREE="$keepmum_main" GIT_INDEX_FILE="$keepmum_main/.git/index" git ls-files --cached -- node_modules)" ]; then
          keepmum_entry=$keepmum_main/$keepmum_try && return
        fi
      fi
      ;;
    esac
  fi
  keepmum_command=$(command -v keepmum) && [ -x "$keepmum_command" ] && return
  keepmum_command=
  for keepmum_try in \
    "${keepmum_node%/bin/*}/lib/node_modules" \
    "${keepmum_node%/*}/node_modules" \
    /opt/homebrew/lib/node_modules /usr/local/lib/node_modules /usr/lib/node_modules \
    "$HOME/.npm-global/lib/node_modules" "$HOME/.local/lib/node_modules" \
    "${VOLTA_HOME:-$HOME/.volta}/tools/image/packages/keepmum/lib/node_modules" \
    "${APPDATA:-/nonexistent}/npm/node_modules"; do
    [ -f "$keepmum_try/keepmum/dist/keepmum.js" ] && keepmum_entry=$keepmum_try/keepmum/dist/keepmum.js && return
  done
  for keepmum_try in "${PNPM_HOME:-$HOME/.local/share/pnpm}" "$HOME/Library/pnpm" "$HOME/.local/bin"; do
    [ -x "$keepmum_try/keepmum" ] && keepmum_command=$keepmum_try/keepmum && return
  done
  false
}

# keepmum_start ARGUMENTS...: runs keepmum; 0 clean, 1 findings, anything else: it could not look.
keepmum_start() {
  keepmum_command=
  if ! keepmum_find_node; then
    keepmum_missing='Node.js was not found' keepmum_fix='install Node.js 20 or later, then run `keepmum install` again'
    return 2
  fi
  if ! keepmum_find_entry; then
    keepmum_missing='the keepmum program was not found'
    keepmum_fix='install keepmum (in this project or globally), then run `keepmum install` again'
    return 2
  fi
  if [ -n "$keepmum_command" ]; then
    PATH="${keepmum_node%/*}:$PATH" "$keepmum_command" "$@"
  elif [ "$*" = 'scan --staged' ] && [ -r "${keepmum_entry%/*}/staged.sh" ]; then
    # Of the same version as the entry: it starts git and Node side by side.
    . "${keepmum_entry%/*}/staged.sh"
    keepmum_staged "$keepmum_node" "$keepmum_entry"
  else
    "$keepmum_node" "$keepmum_entry" "$@"
  fi
}

# keepmum_scan [ARGUMENTS OF THE GIT HOOK...]
keepmum_scan() {
  case $keepmum_hook in pre-push) keepmum_act=push ;; pre-merge-commit) keepmum_act=merge ;; *) keepmum_act=commit ;; esac
  case ${KEEPMUM_SKIP:-0} in
  0) ;;
  *)
    keepmum_say "KEEPMUM_SKIP is set: the $keepmum_hook check was SKIPPED, nothing was examined"
    return 0
    ;;
  esac
  if [ "${keepmum_framework:-no}" = yes ]; then
    set -- hook "$keepmum_hook" -- "$@"
  else
    case $keepmum_hook in
    commit-msg) set -- scan "--commit-message=${1:-}" ;;
    pre-push) set -- scan "--push=${1:-}" ;;
    *) set -- scan --staged ;;
    esac
  fi
  keepmum_missing=
  keepmum_start "$@"
  keepmum_code=$?
  [ "$keepmum_code" = 0 ] && return 0
  # Only now, because it costs a start of Node: an old Node fails on our first line, with any code.
  if [ -n "$keepmum_node" ] && ! "$keepmum_node" -e 'process.exit(+process.versions.node.split(".")[0]<20?1:0)'; then
    keepmum_missing="$keepmum_node is too old or does not start" keepmum_fix='install Node.js 20 or later, then run `keepmum install` again'
  fi
  if [ -z "$keepmum_missing" ] && [ "$keepmum_code" = 1 ]; then
    keepmum_say "the $keepmum_act was stopped: secrets were found (see above)" \
      '  fix: take them out, or record an exception with `keepmum allow`' \
      "  bypass once: KEEPMUM_SKIP=1 git $keepmum_act ..."
    return 1
  fi
  keepmum_say "the $keepmum_act was stopped: the check could not be done${keepmum_missing:+: $keepmum_missing}" \
    "  fix: ${keepmum_fix:-see the message above, or run \`keepmum doctor\`}" \
    "  bypass once: KEEPMUM_SKIP=1 git $keepmum_act ..."
  return 2
}
