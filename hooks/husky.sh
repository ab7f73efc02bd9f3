sh .keepmum/hook.sh @HOOK@ "$@" || exit $?
