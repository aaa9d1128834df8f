# SPDX-License-Identifier: GPL-3.0-or-later
# Every option that a program's --help names stands in its man page.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# The long options of a text, one per line.
options_of() {
	grep -o -e '--[a-z][a-z0-9-]*' "$1" | sort -u
}

check() { # program, relative to the build directory
	name=$(basename "$1")
	page=$SOURCE_DIR/man/$name.1
	if ! test -e "$page"; then
		echo "$name: no man page"
		failed=1
		return
	fi
	"./$1" --help >"$work/help" </dev/null || { echo "$name: --help failed"; failed=1; }
	sed -e '/^\.\\"/d' -e 's/\\-/-/g' -e 's/\\f[BIRP]//g' "$page" >"$work/page"
	options_of "$work/help" >"$work/in-help"
	options_of "$work/page" >"$work/in-page"
	test -s "$work/in-help" || { echo "$name: --help names no option"; failed=1; }
	missing=$(comm -23 "$work/in-help" "$work/in-page")
	if test -n "$missing"; then
		echo "$name: options of --help that its man page doesn't name:" "$missing"
		failed=1
	fi
}

for program in $MANUAL_PROGRAMS; do
	check "$program"
done
exit $failed
