# SPDX-License-Identifier: GPL-3.0-or-later
# The man page of the simulator names every option, every switch with what it takes and its
# default, every request of the control endpoint and every kind of trouble.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
no_proxy="*" # for curl
export no_proxy
page=$SOURCE_DIR/man/ledgerdeck-simulator.1

complain() {
	echo "$*"
	failed=1
}

"$SIMULATOR_PROGRAM" --help >"$work/help" || complain '--help fails'
"$SIMULATOR_PROGRAM" --list-switches >"$work/switches" || complain '--list-switches fails'

# The page without its escapes, and once more as one line per row of a table.
sed -e '/^\.\\"/d' -e 's/\\-/-/g' -e 's/\\f[BIRP]//g' -e 's/\\ / /g' -e 's/\\://g' "$page" >"$work/page"
awk '/^T}/ { inside = 0 } { printf "%s", $0 } /T{$/ { inside = 1 } !inside { print "" }' "$work/page" >"$work/rows"

grep -o -e '--[a-z][a-z-]*' "$work/help" | sort -u >"$work/options"
test "$(wc -l <"$work/options")" -ge 20 || complain '--help names too few options'
while read -r option; do
	grep -q -E -e "^\.(B|BI|BR) (-. \", \" )?$option( |\$|\[)" "$work/page" ||
		grep -q -E -e "^\.BR? .*\" $option\$" "$work/page" || complain "no paragraph for $option"
done <"$work/options"
grep -o -E '^\.(B|BI|BR) .*--[a-z][a-z-]*' "$work/page" | grep -o -e '--[a-z][a-z-]*' | sort -u |
	comm -13 "$work/options" - >"$work/surplus"
test ! -s "$work/surplus" || complain "options that are no more:" "$(cat "$work/surplus")"

# "name=allowed", then "    help (default)"
sed -n 's/=/ /p' "$work/switches" | sed -n '/^[a-z]/p' >"$work/allowed"
sed -n 's/^    .*(\([^()]*\))$/\1/p' "$work/switches" >"$work/defaults"
paste -d ' ' "$work/allowed" "$work/defaults" >"$work/table"
test "$(wc -l <"$work/table")" -ge 40 || complain '--list-switches names too few'
while read -r name allowed default; do
	grep -q -F "$name	T{${allowed}T}	$default	T{" "$work/rows" ||
		complain "no row for the switch $name, which takes $allowed and is $default by default"
	grep -q -w -e "$name" "$work/help" || complain "--help does not name the switch $name"
done <"$work/table"

# What the control endpoint's own page says there is.
mkfifo "$work/line"
"$SIMULATOR_PROGRAM" --port 0 --company small >"$work/line" &
pid=$!
read -r line <"$work/line"
curl -s "${line##* }/simulator" >"$work/control" || complain "no page at $line"
kill "$pid"
wait "$pid" || complain 'the simulator did not end well'
grep -o -E '<code>(GET|POST|DELETE) /simulator[a-z/-]*' "$work/control" | sed 's/<code>//' >"$work/requests"
test "$(wc -l <"$work/requests")" -ge 10 || complain 'the page at /simulator names too few requests'
while read -r request; do
	grep -q -e "^$request	" "$work/rows" || complain "no row for $request"
done <"$work/requests"
sed -n 's/.*Kinds of trouble:\(.*\)They can be kept.*/\1/p' "$work/control" |
	grep -o '<code>[a-z-]*</code>' | sed 's/<[^>]*>//g' >"$work/kinds"
test "$(wc -l <"$work/kinds")" -ge 10 || complain 'the page at /simulator names too few kinds of trouble'
while read -r kind; do
	case $kind in
	code | bytes | ms) ;; # what kinds need
	*) grep -q -e "^$kind	" "$work/rows" || complain "no row for the trouble $kind" ;;
	esac
done <"$work/kinds"
exit $failed
