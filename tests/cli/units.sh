# SPDX-License-Identifier: GPL-3.0-or-later
# The units: systemd finds nothing wrong with them, what they run is a command of the program, and their comments
# make a vault that the credential opens.
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

# The way of the comments: a key file that becomes a credential and goes away.
unset XDG_CONFIG_HOME XDG_DATA_HOME CREDENTIALS_DIRECTORY
HOME=$work/home
export HOME
mkdir -p "$HOME" "$work/credentials"
cd "$HOME" || exit 1
must() { # status, command...
	status=0
	wanted=$1
	shift
	"$LEDGERDECK_PROGRAM" --store "$work/ledgerdeck.db" "$@" >"$work/out" 2>&1 </dev/null || status=$?
	test "$status" = "$wanted" || { echo "$*: ended with $status, not $wanted:"; cat "$work/out"; failed=1; }
}
must 0 vault init --key-file "$work/key"
name=$(sed -n 's/^LoadCredentialEncrypted=\([^:]*\):.*/\1/p' "$SOURCE_DIR/data/systemd/system/ledgerdeck.service.in")
mv "$work/key" "$work/credentials/$name"
must 7 vault rotate
CREDENTIALS_DIRECTORY=$work/credentials
export CREDENTIALS_DIRECTORY
must 0 vault rotate
grep -q 'credential' "$work/out" || { echo 'the credential did not open the vault'; failed=1; }
exit $failed
