# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for ledgerdeck. The words come from the tables that the program prints, so that they are those of
# the program that is installed; names of accounts come from the store.

# One member of what the program prints, a value a line: each element stands on a line of its own.
_ledgerdeck_member() { # member, command...
	local member=$1
	shift
	command ledgerdeck "${ledgerdeck_options[@]}" --quiet --json "$@" 2>/dev/null </dev/null |
		sed -n -e 's/^{.*\([{,]\)"'"$member"'":"\(\([^"\\]\|\\.\)*\)".*/\2/p' \
			-e 's/^{"'"$member"'":"\(\([^"\\]\|\\.\)*\)".*/\1/p' | sed 's/\\\(["\\/]\)/\1/g'
}

# What begins as the word does, in any letter case. Names may hold blanks and more: they are quoted for the shell.
_ledgerdeck_offer() { # values on standard input
	local value plain=${cur//\\/}
	plain=${plain#[\"\']}
	while IFS= read -r value; do
		if [[ -n $value && ${value,,} == "${plain,,}"* ]]; then
			COMPREPLY+=("$(printf '%q' "$value")")
		fi
	done
}

# The columns of a type, several with commas between them.
_ledgerdeck_columns() { # type
	local before='' word
	if [[ $cur == *,* ]]; then
		before=${cur%,*},
	fi
	while IFS= read -r word; do
		COMPREPLY+=("$before$word")
	done < <(compgen -W "id title state version changed_at seen_at $(_ledgerdeck_member column types "$1")" -- "${cur##*,}")
}

# Options of all commands change what the program knows: they are handed on.
_ledgerdeck_words() {
	local i word value
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		--profile | --env-file | --set | --store)
			((i++))
			if [[ ${COMP_WORDS[i]-} == '=' ]]; then
				((i++))
			fi
			if ((i < COMP_CWORD)); then
				value=${COMP_WORDS[i]//[\"\'\\]/}
				# shellcheck disable=SC2088
				if [[ $value == '~/'* ]]; then
					value=$HOME/${value#??}
				fi
				ledgerdeck_options+=("$word" "$value")
			fi
			;;
		-*) ;;
		*) ledgerdeck_words+=("$word") ;;
		esac
	done
}

_ledgerdeck_value() { # of the option before
	case $1 in
	--env-file | --store | --key-file | --check)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	--dir)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		;;
	--set)
		compopt -o nospace 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -S = -W "$(_ledgerdeck_member setting settings)" -- "$cur")
		;;
	--type) _ledgerdeck_offer < <(_ledgerdeck_member type types) ;;
	--account) _ledgerdeck_offer < <(_ledgerdeck_member name accounts) ;;
	--environment) mapfile -t COMPREPLY < <(compgen -W 'production sandbox demo local' -- "$cur") ;;
	--state)
		if [[ ${ledgerdeck_words[0]-} == log ]]; then
			mapfile -t COMPREPLY < <(compgen -W 'failed ok running decide stopped' -- "$cur")
		else
			mapfile -t COMPREPLY < <(compgen -W 'new ok running waiting failed dead' -- "$cur")
		fi
		;;
	--columns | --sort) _ledgerdeck_columns "${ledgerdeck_words[2]-}" ;;
	*) return 1 ;;
	esac
}

_ledgerdeck() {
	local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command
	local -a ledgerdeck_words=() ledgerdeck_options=()

	COMPREPLY=()
	if [[ $before == '=' ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	_ledgerdeck_words
	if _ledgerdeck_value "$before"; then
		return
	fi
	command=${ledgerdeck_words[0]-}
	if [[ $command == vault && ${#ledgerdeck_words[@]} -gt 1 ]]; then
		command="vault ${ledgerdeck_words[1]}"
	fi
	if [[ $cur == -* ]]; then
		# shellcheck disable=SC2086
		mapfile -t COMPREPLY < <(compgen -W "$(_ledgerdeck_member argument help ${command:-help} | grep '^--')" -- "$cur")
		return
	fi
	case $command in
	'') mapfile -t COMPREPLY < <(compgen -W "$(_ledgerdeck_member command help | cut -d' ' -f1 | sort -u)" -- "$cur") ;;
	vault) mapfile -t COMPREPLY < <(compgen -W "$(_ledgerdeck_member command help | sed -n 's/^vault //p')" -- "$cur") ;;
	help) mapfile -t COMPREPLY < <(compgen -W "$(_ledgerdeck_member command help)" -- "$cur") ;;
	connect) mapfile -t COMPREPLY < <(compgen -W "quickbooks xledger" -- "$cur") ;;
	settings) mapfile -t COMPREPLY < <(compgen -W "$(_ledgerdeck_member setting settings)" -- "$cur") ;;
	backup | restore)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	keys) mapfile -t COMPREPLY < <(compgen -W "$(_ledgerdeck_member action keys)" -- "$cur") ;;
	types) _ledgerdeck_offer < <(_ledgerdeck_member type types) ;;
	accounts | disconnect | interval | pause | refresh | resume | status | sync) _ledgerdeck_offer < <(_ledgerdeck_member name accounts) ;;
	policy)
		case ${#ledgerdeck_words[@]} in
		1) _ledgerdeck_offer < <(_ledgerdeck_member name accounts) ;;
		2) _ledgerdeck_offer < <(_ledgerdeck_member policy policy "${ledgerdeck_words[1]//\\/}") ;;
		3)
			mapfile -t COMPREPLY < <(compgen -W \
				"$(_ledgerdeck_member values policy "${ledgerdeck_words[1]//\\/}" "${ledgerdeck_words[2]}")" -- "$cur")
			if [[ ${COMPREPLY[0]-} == *= ]]; then
				compopt -o nospace 2>/dev/null
			fi
			;;
		esac
		;;
	objects | show)
		case ${#ledgerdeck_words[@]} in
		1) _ledgerdeck_offer < <(_ledgerdeck_member name accounts) ;;
		2) _ledgerdeck_offer < <(_ledgerdeck_member type types) ;;
		esac
		;;
	esac
}

complete -F _ledgerdeck ledgerdeck
