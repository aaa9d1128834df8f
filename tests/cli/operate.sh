# SPDX-License-Identifier: GPL-3.0-or-later
# What an operator sets and sees, on real companies of the simulator: pause, resume, interval, the vault's key.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
export XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data XDG_STATE_HOME=$work/state

complain() {
	echo "$*: expected otherwise"
	echo "status $status, stdout:"
	head -n 20 "$work/out"
	echo "stderr:"
	head -n 20 "$work/err"
	failed=1
}

run() {
	status=0
	"$LEDGERDECK_PROGRAM" --store "$work/demo/demo.db" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
}

says() { # status, a pattern of stdout or stderr, the arguments
	expected=$1 pattern=$2
	shift 2
	run "$@"
	test "$status" = "$expected" && cat "$work/out" "$work/err" | grep -q -e "$pattern" || complain "$*"
}

status=0
"$LEDGERDECK_PROGRAM" demo --dir "$work/demo" >"$work/out" 2>"$work/err" </dev/null || status=$?
test "$status" = 0 || complain demo
grep -q '^Killed in the middle.*the first [1-9][0-9]* writes' "$work/err" && grep -q '^Applied again.*Nothing is there twice' "$work/err" || complain 'demo: an apply that is killed'

# Paused: told, kept in the audit, and left out; not for whoever may only read.
says 2 'readonly forbids' --readonly pause Otter
says 0 '^Otter Creek.*paused' pause otter
says 0 '"state": *"paused"' --json accounts Otter
says 0 '"reason": *"paused by ' --json accounts Otter
says 3 "ledgerdeck resume ldgr_" --set vault.key_file="$work/demo/demo.key" sync Otter
says 0 '^Otter Creek.*ok' resume Otter
says 0 '^Tidewater.*Invoice.*paused' pause Tide --type invoice
says 0 '^Tidewater.*Invoice  *paused' status Tide --type Invoice
says 2 "no type 'Invoces'" pause Tide --type Invoces
says 0 'Invoice.*ok' resume Tide --type Invoice

# Altogether: every account that is connected, and back.
says 2 'name them, or say --all' pause
says 2 'name them, or say --all' pause --all Otter
says 2 'readonly forbids' --readonly pause --all
says 0 '^Tidewater.*paused' pause --all
says 0 '"state": *"paused"' --json accounts Otter
says 0 '"state": *"paused"' --json accounts Tide
says 0 '^Otter Creek.*ok' resume --all
says 0 '"state": *"ok"' --json accounts Otter
says 0 '"state": *"ok"' --json accounts Tide

# How often: of an account, of a type, shown with who says so.
says 0 ' Customer  *300  *settings' interval Tide --type Customer
says 0 ' Customer  *3600  *account' interval Tide --every 1h
says 0 ' Customer  *120  *type' interval Tide --type Customer --every 2m
says 0 ' Customer  *0  *type' interval Tide --type Customer --every asked
says 0 ' Customer  *3600  *account' interval Tide --type Customer --every default
says 2 'takes a time from 1s to 30d' interval Tide --every 31d
says 2 'readonly forbids' --readonly interval Tide --every 1h
says 0 '"sound": *true' --json audit --verify
for act in pause resume 'type left out' 'type taken in' interval; do
	says 0 "\"what\": *\"$act\"" --json audit
done

# A row of the catalogue that was changed: no column is shown under another's heading, and the record itself can be seen.
id=$("$LEDGERDECK_PROGRAM" --store "$work/demo/demo.db" objects Otter Customer --limit 1 --csv --columns id </dev/null | tail -n 1 | tr -d "\r")
mkdir -p "$XDG_CONFIG_HOME/ledgerdeck/types"
cat >"$XDG_CONFIG_HOME/ledgerdeck/types/customer.catalogue" <<'END'
provider = quickbooks
[Customer]
query   = Customer
key     = Id
version = SyncToken
time    = MetaData.LastUpdatedTime
title   = DisplayName
active  = Active
deleted = changes
field   = Balance money listed
field   = Notes text listed
END
says 1 "catalogue's row of Customer was changed" objects Otter Customer
says 0 '"Balance": *[0-9]' --json show Otter Customer "$id"
rm "$XDG_CONFIG_HOME/ledgerdeck/types/customer.catalogue"
says 0 DisplayName --csv objects Otter Customer

# The key as systemd hands it over; not when everybody can read it.
mkdir "$work/credentials"
cp "$work/demo/demo.key" "$work/credentials/ledgerdeck-key"
export CREDENTIALS_DIRECTORY=$work/credentials
chmod 0440 "$work/credentials/ledgerdeck-key"
says 1 'onnect' sync Otter --type Customer --set sync.tries=1
chmod 0444 "$work/credentials/ledgerdeck-key"
says 2 'everybody can use' sync Otter --type Customer
exit $failed
