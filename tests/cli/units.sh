# SPDX-License-Identifier: GPL-3.0-or-later
# The units: systemd finds nothing wrong with them, and what they run is a command of the program.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

for kind in system user; do
	unit=$work/$kind/ledgerdeck.service
	mkdir -p "$work/$kind"
	sed -e "s|@bindir[@]|$(dirname "$LEDGERDECK_PROGRAM")|g" -e 's|@sysconfdir[@]|/etc|g' \
		"$SOURCE_DIR/data/systemd/$kind/ledgerdeck.service.in" >"$unit"
	if grep '@[a-z]*@' "$unit"; then
		echo "$kind: not everything is substituted"
		failed=1
	fi
	# Its command line, as far as it can be tried: with --help it must be in order.
	command=$(sed -n 's/^ExecStart=//p' "$unit")
	$command --help >"$work/out" 2>&1 || {
		echo "$kind: '$command' is no command line:"
		cat "$work/out"
		failed=1
	}
	grep -q 'ledgerdeck run' "$work/out" || { echo "$kind: it does not run the scheduler"; failed=1; }
	# What the program ends with when only a person can help is not tried again.
	grep -qx 'RestartPreventExitStatus=2 7' "$unit" || { echo "$kind: a locked vault would be tried for ever"; failed=1; }
	command -v systemd-analyze >/dev/null || continue
	scope=--$kind
	XDG_RUNTIME_DIR=$work systemd-analyze "$scope" --man=no verify "$unit" >"$work/out" 2>&1
	# Other units of the machine are none of ours.
	if grep -e "$unit" -e '^ledgerdeck' "$work/out"; then
		failed=1
	fi
done
exit $failed
