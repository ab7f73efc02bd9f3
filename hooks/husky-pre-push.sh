keepmum_refs=$(cat)
sh .keepmum/hook.sh pre-push "$@" <<KEEPMUM || exit $?
$keepmum_refs
KEEPMUM
exec <<KEEPMUM
$keepmum_refs
KEEPMUM
