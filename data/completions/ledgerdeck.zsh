#compdef ledgerdeck
# SPDX-License-Identifier: GPL-3.0-or-later
# zsh completion for ledgerdeck. The words come from the tables that the program prints; names of accounts come from
# the store.

# One member of what the program prints, a value a line: each element stands on a line of its own.
_ledgerdeck_member() { # member, command...
	local member=$1
	shift
	command ledgerdeck $ledgerdeck_options --quiet --json "$@" 2>/dev/null </dev/null |
		sed -n -e 's/^{.*\([{,]\)"'"$member"'":"\(\([^"\\]\|\\.\)*\)".*/\2/p' \
			-e 's/^{"'"$member"'":"\(\([^"\\]\|\\.\)*\)".*/\1/p' | sed 's/\\\(["\\/]\)/\1/g'
}

_ledgerdeck() {
	local command word i
	local -a ledgerdeck_options ledgerdeck_words values

	# Options of all commands change what the program knows: they are handed on.
	for ((i = 2; i < CURRENT; i++)); do
		word=$words[i]
		case $word in
		--profile | --env-file | --set | --store)
			((i++))
			((i < CURRENT)) && ledgerdeck_options+=($word ${(Q)~words[i]})
			;;
		-*) ;;
		*) ledgerdeck_words+=(${(Q)word}) ;;
		esac
	done
	case $words[CURRENT-1] in
	--env-file | --store | --key-file | --check) _files; return ;;
	--dir) _files -/; return ;;
	--set) values=(${(f)"$(_ledgerdeck_member setting settings)"}); compadd -S = -a values; return ;;
	--type) values=(${(f)"$(_ledgerdeck_member type types)"}); compadd -a values; return ;;
	--account) values=(${(f)"$(_ledgerdeck_member name accounts)"}); compadd -M 'm:{a-z}={A-Z}' -a values; return ;;
	--environment) compadd production sandbox demo local; return ;;
	--state)
		if [[ $ledgerdeck_words[1] == log ]]; then
			compadd failed ok running decide stopped
		else
			compadd new ok running waiting failed dead
		fi
		return
		;;
	--columns | --sort)
		values=(id title state version changed_at seen_at ${(f)"$(_ledgerdeck_member column types $ledgerdeck_words[3])"})
		_values -s , column $values
		return
		;;
	esac
	command=$ledgerdeck_words[1]
	if [[ $command == vault && $#ledgerdeck_words -gt 1 ]]; then
		command="vault $ledgerdeck_words[2]"
	fi
	if [[ $PREFIX == -* ]]; then
		values=(${(M)${(f)"$(_ledgerdeck_member argument help ${=command:-help})"}:#--*})
		compadd -a values
		return
	fi
	case $command in
	'') values=(${(uf)"$(_ledgerdeck_member command help | cut -d' ' -f1)"}) ;;
	vault) values=(${(f)"$(_ledgerdeck_member command help | sed -n 's/^vault //p')"}) ;;
	help) values=(${=${(f)"$(_ledgerdeck_member command help)"}}) ;;
	connect) values=(quickbooks xledger) ;;
	settings) values=(${(f)"$(_ledgerdeck_member setting settings)"}) ;;
	backup | restore) _files; return ;;
	keys) values=(${(f)"$(_ledgerdeck_member action keys)"}) ;;
	types) values=(${(f)"$(_ledgerdeck_member type types)"}) ;;
	accounts | disconnect | interval | pause | refresh | resume | status | sync) values=(${(f)"$(_ledgerdeck_member name accounts)"}) ;;
	policy)
		case $#ledgerdeck_words in
		1) values=(${(f)"$(_ledgerdeck_member name accounts)"}) ;;
		2) values=(${(f)"$(_ledgerdeck_member policy policy $ledgerdeck_words[2])"}) ;;
		3) values=(${=${(f)"$(_ledgerdeck_member values policy $ledgerdeck_words[2] $ledgerdeck_words[3])"}}) ;;
		esac
		;;
	objects | show)
		case $#ledgerdeck_words in
		1) values=(${(f)"$(_ledgerdeck_member name accounts)"}) ;;
		2) values=(${(f)"$(_ledgerdeck_member type types)"}) ;;
		esac
		;;
	esac
	compadd -M 'm:{a-z}={A-Z}' -a values
}

_ledgerdeck "$@"
