# SPDX-License-Identifier: GPL-3.0-or-later
# fish completion for ledgerdeck. The words come from the tables that the program prints; names of accounts come from
# the store.

# One member of what the program prints, a value a line: each element stands on a line of its own.
function __ledgerdeck_member --argument-names member
    command ledgerdeck (__ledgerdeck_options) --quiet --json $argv[2..-1] 2>/dev/null </dev/null |
        sed -n -e 's/^{.*\([{,]\)"'$member'":"\(\([^"\\\\]\|\\\\.\)*\)".*/\2/p' -e 's/^{"'$member'":"\(\([^"\\\\]\|\\\\.\)*\)".*/\1/p' |
        sed 's/\\\\\(["\\\\/]\)/\1/g'
end

# Options of all commands change what the program knows: they are handed on.
function __ledgerdeck_options
    set -l words (commandline -opc)
    for i in (seq 2 (count $words))
        if contains -- $words[$i] --profile --env-file --set --store; and test $i -lt (count $words)
            echo -- $words[$i]
            echo -- $words[(math $i + 1)]
        end
    end
end

# The words that are neither options nor their values.
function __ledgerdeck_words
    set -l words (commandline -opc)
    set -l skip no
    for word in $words[2..-1]
        if test $skip = yes
            set skip no
        else if contains -- $word --profile --env-file --set --store
            set skip yes
        else if not string match -q -- '-*' $word
            echo -- $word
        end
    end
end

function __ledgerdeck_complete
    set -l words (__ledgerdeck_words)
    set -l command $words[1]
    if test "$command" = vault; and test (count $words) -gt 1
        set command $words[1..2]
    end
    if string match -q -- '-*' (commandline -ct)
        set -q command[1]; or set command help
        __ledgerdeck_member argument help $command | string match -- '--*'
        return
    end
    switch "$words[1]"
        case ''
            __ledgerdeck_member command help | string replace -r ' .*' '' | sort -u
        case vault
            test (count $words) -eq 1; and __ledgerdeck_member command help | string replace -f -r '^vault ' ''
        case help
            __ledgerdeck_member command help | string split ' ' | sort -u
        case connect
            printf "%s\n" quickbooks xledger
        case backup restore
            __fish_complete_path (commandline -ct)
        case settings
            __ledgerdeck_member setting settings
        case keys
            __ledgerdeck_member action keys
        case types
            __ledgerdeck_member type types
        case accounts disconnect interval pause refresh resume status sync
            __ledgerdeck_member name accounts
        case policy
            switch (count $words)
                case 1
                    __ledgerdeck_member name accounts
                case 2
                    __ledgerdeck_member policy policy $words[2]
                case 3
                    __ledgerdeck_member values policy $words[2..3] | string split ' '
            end
        case objects show
            switch (count $words)
                case 1
                    __ledgerdeck_member name accounts
                case 2
                    __ledgerdeck_member type types
            end
    end
end

complete -c ledgerdeck -f -a '(__ledgerdeck_complete)'
complete -c ledgerdeck -l store -r -F
complete -c ledgerdeck -l env-file -r -F
complete -c ledgerdeck -l key-file -r -F
complete -c ledgerdeck -l check -r -F
complete -c ledgerdeck -l dir -x -a '(__fish_complete_directories)'
complete -c ledgerdeck -l profile -x
complete -c ledgerdeck -l set -x -a '(__ledgerdeck_member setting settings | string replace -r \$ =)'
complete -c ledgerdeck -l type -x -a '(__ledgerdeck_member type types)'
complete -c ledgerdeck -l account -x -a '(__ledgerdeck_member name accounts)'
complete -c ledgerdeck -l environment -x -a 'production sandbox demo local'
complete -c ledgerdeck -l state -x -a 'new ok running waiting failed dead decide stopped'
complete -c ledgerdeck -l columns -x -a '(__ledgerdeck_member column types (__ledgerdeck_words)[3])'
complete -c ledgerdeck -l sort -x -a '(__ledgerdeck_member column types (__ledgerdeck_words)[3])'
