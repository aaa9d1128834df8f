# SPDX-License-Identifier: GPL-3.0-or-later
# The program's face: help and version on stdout, usage on stderr with 2, a full disk is seen.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

complain() {
	echo "$*: expected otherwise"
	echo "status $status, stdout:"
	cat "$work/out"
	echo "stderr:"
	cat "$work/err"
	failed=1
}

run() {
	status=0
	"$LEDGERDECK_PROGRAM" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
}

for option in --help -h; do
	run "$option"
	test "$status" = 0 && grep -q '^Usage: ledgerdeck' "$work/out" && ! test -s "$work/err" ||
		complain "$option"
done
for option in --version -V; do
	run "$option"
	test "$status" = 0 && head -n 1 "$work/out" | grep -q '^ledgerdeck [0-9][0-9.]*$' &&
		! test -s "$work/err" || complain "$option"
done

run
test "$status" = 2 && ! test -s "$work/out" && test "$(wc -l <"$work/err")" = 1 &&
	grep -q 'ledgerdeck help' "$work/err" || complain 'no argument'
for argument in --bogus -x ''; do
	run "$argument"
	test "$status" = 2 && ! test -s "$work/out" && test "$(wc -l <"$work/err")" = 1 ||
		complain "argument '$argument'"
done
run --jsn status
test "$status" = 2 && grep -q "'--jsn', did you mean '--json'" "$work/err" || complain 'the nearest option is named'
run syn
test "$status" = 2 && grep -q "'syn'; did you mean 'sync'" "$work/err" || complain 'the nearest command is named'

if test -e /dev/full; then
	status=0
	"$LEDGERDECK_PROGRAM" --help >/dev/full 2>"$work/err" || status=$?
	test "$status" = 1 && test -s "$work/err" || complain 'a full disk'
fi
exit $failed
