# SPDX-License-Identifier: GPL-3.0-or-later
# The completions against a demo store: what each shell would offer. Shells that are not there are left out.
set -u
command -v bash >/dev/null || {
	echo 'no bash'
	exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
HOME=$work/home
LC_ALL=C.UTF-8
no_proxy='*'
PATH=$(dirname "$LEDGERDECK_PROGRAM"):$PATH
export HOME PATH LC_ALL no_proxy
mkdir -p "$HOME" "$work/empty"
cd "$work/empty" || exit 1
ledgerdeck --quiet demo --dir "$work/demo" >"$work/out" 2>&1 </dev/null || {
	cat "$work/out"
	exit 1
}
store=$work/demo/demo.db

cat >"$work/bash" <<'END'
. "$SOURCE_DIR/data/completions/ledgerdeck.bash"
eval "COMP_WORDS=($1)"
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_ledgerdeck
printf '%s\n' "${COMPREPLY[@]}"
END

check() { # words as an array's, what must be offered (a pattern of lines), what must not
	SOURCE_DIR=$SOURCE_DIR bash "$work/bash" "$1" >"$work/offered" 2>"$work/err"
	for pattern in $2; do
		grep -qx -e "$pattern" "$work/offered" && continue
		echo "bash: $1: expected to be offered: $pattern; got:"
		head -n 8 "$work/offered"
		failed=1
	done
	if test -n "${3-}" && grep -q -e "$3" "$work/offered"; then
		echo "bash: $1: offered, but should not be: $3"
		failed=1
	fi
	if test -s "$work/err"; then
		echo "bash: $1: standard error:"
		cat "$work/err"
		failed=1
	fi
}

# Every command that the program has, and every option of each.
for command in $(ledgerdeck help --json | sed -n 's/^{"command":"\([a-z]*\).*/\1/p' | sort -u); do
	check 'ledgerdeck ""' "$command"
done
ledgerdeck help --json | sed -n 's/^{"command":"\([^"]*\)".*/\1/p' >"$work/commands"
while read -r command; do
	# shellcheck disable=SC2086
	options=$(ledgerdeck help $command --json | sed -n 's/^{"argument":"\(--[^"]*\)".*/\1/p')
	test -n "$options" || { echo "no options of $command"; failed=1; }
	check "ledgerdeck $command --" "$options"
done <"$work/commands"
check 'ledgerdeck sy' 'sync' 'status'
check 'ledgerdeck vault ""' 'init status passwd rotate lock' 'audit'
check 'ledgerdeck vault r' 'rotate' 'init'
check 'ledgerdeck connect ""' 'quickbooks xledger'
check 'ledgerdeck types Inv' 'Invoice' 'Customer'
check 'ledgerdeck settings sync.w' 'sync.workers' 'sync.tries'
check 'ledgerdeck keys sort-' 'sort-left' 'retry'
check 'ledgerdeck log --state ""' 'failed running' 'dead'
check 'ledgerdeck status --state ""' 'failed dead'
check 'ledgerdeck connect quickbooks --environment sa' 'sandbox' 'local'
check 'ledgerdeck --set log.l' 'log.level='
# Names of accounts as the shell must be given them, from the store that the line names.
check "ledgerdeck --store $store status T" 'Tidewater..Bicycle..Works' 'Otter'
check "ledgerdeck --store $store pause tide" 'Tidewater..Bicycle..Works'
check "ledgerdeck --store $store sync hall" 'Halloran..Event..Rentals.*Inc\.'
check "ledgerdeck --store $store log --account K" 'Kornblum.*'
check "ledgerdeck --store $store objects Tide Cust" 'Customer CustomerType' 'Invoice'
check "ledgerdeck --store $store objects Tide Customer --columns id,Disp" 'id,DisplayName'
check "ledgerdeck --store $store policy Tide dup" 'duplicate' 'direction'
check "ledgerdeck --store $store policy Tidewater\\ Bicycle duplicate li" 'link-if-exact' 'block'
check "ledgerdeck --store $store policy Tide field-owner due" 'due_date=' 'memo'
# Without a store there is nothing to offer, and nothing to complain about.
check 'ledgerdeck status T' '' .

# The other shells, where they are: that their files are in order, and the names of accounts.
if command -v fish >/dev/null; then
	fish -c "source '$SOURCE_DIR/data/completions/ledgerdeck.fish'; complete -C'ledgerdeck --store $store status T'" >"$work/offered" 2>&1
	grep -q 'Tidewater.*Bicycle.*Works' "$work/offered" || { echo 'fish: no names of accounts:'; cat "$work/offered"; failed=1; }
	fish -c "source '$SOURCE_DIR/data/completions/ledgerdeck.fish'; complete -C'ledgerdeck vault '" >"$work/offered" 2>&1
	grep -qx 'rotate' "$work/offered" || { echo 'fish: no commands of vault:'; cat "$work/offered"; failed=1; }
	fish -c "source '$SOURCE_DIR/data/completions/ledgerdeck.fish'; complete -C'ledgerdeck sync --'" >"$work/offered" 2>&1
	grep -q -e '--full' "$work/offered" || { echo 'fish: no options of sync:'; cat "$work/offered"; failed=1; }
fi
if command -v zsh >/dev/null; then
	cat >"$work/zsh" <<'END'
compadd() { # what is offered: the words behind the options, or an array
	local -a options
	zparseopts -D -E -a options M: S: a
	if [[ -n ${(M)options:#-a} ]]; then print -l -- ${(P)1}; else print -l -- $@; fi
}
_files() { print files }
words=(${(z)1}) CURRENT=$#words PREFIX=$words[-1]
words[-1]=${(Q)words[-1]} PREFIX=${(Q)PREFIX}
source $SOURCE_DIR/data/completions/ledgerdeck.zsh
END
	check_zsh() { # words, what must be offered
		SOURCE_DIR=$SOURCE_DIR zsh -f "$work/zsh" "$1" >"$work/offered" 2>&1
		grep -qx -e "$2" "$work/offered" || { echo "zsh: $1: expected $2; got:"; head -n 8 "$work/offered"; failed=1; }
	}
	check_zsh 'ledgerdeck ""' 'sync'
	check_zsh "ledgerdeck --store $store status \"\"" 'Tidewater Bicycle Works'
	check_zsh 'ledgerdeck vault ""' 'rotate'
	check_zsh 'ledgerdeck sync --' '--full'
	check_zsh 'ledgerdeck --store ""' 'files'
fi
exit $failed
