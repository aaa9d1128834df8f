# SPDX-License-Identifier: GPL-3.0-or-later
# The advice that is built in: what is wrong in a file is told with its line, and nothing is built of it.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
cd "$work" || exit 1

start() {
	printf '%s\n' 'provider = books' '# a comment' '' '[1 2]' 'what = It is "so".' 'why = A \ b.' 'do = Nothing.' >a.advice
}

refuses() { # words
	if output=$(sh "$SOURCE_DIR/scripts/embed-advice" a.advice 2>&1 >out.c); then
		echo "it does not see: $1"
		failed=1
	elif ! echo "$output" | grep -q -F -e "$1"; then
		echo "it says something else than: $1"
		echo "$output"
		failed=1
	fi
	test ! -s out.c || {
		echo "it wrote something beside: $1"
		failed=1
	}
	start
}

start
sh "$SOURCE_DIR/scripts/embed-advice" a.advice >out.c || failed=1
cat >main.c <<'END'
#include <stdio.h>
#include "out.c"
int main(void)
{
	for (int i = 0; advice_builtin[i][0]; i++)
		printf("%s %s|%s|%s|%s\n", advice_builtin[i][0], advice_builtin[i][1], advice_builtin[i][2], advice_builtin[i][3], advice_builtin[i][4]);
	return 0;
}
END
${CC-cc} -o main main.c && ./main >got
printf '%s\n' 'books 1|It is "so".|A \ b.|Nothing.' 'books 2|It is "so".|A \ b.|Nothing.' >expected
cmp got expected || failed=1

echo 'how = So.' >>a.advice
refuses 'a.advice:8: there is no "how": it is what, why or do'
echo 'so' >>a.advice
refuses 'a.advice:8: expected "[CODE...]" or "what = …"'
echo 'do =' >>a.advice
refuses 'a.advice:8: expected "[CODE...]"'
echo 'do = Again.' >>a.advice
refuses 'a.advice:8: "do" stands here twice'
printf '%s\n' '[3]' 'what = So.' 'why = So.' >>a.advice
refuses 'a.advice:8: these codes lack "do"'
printf '%s\n' '[2]' 'what = So.' 'why = So.' 'do = So.' >>a.advice
refuses 'a.advice:8: code 2 has its words on line 4 already'
echo '[]' >>a.advice
refuses 'a.advice:8: between the brackets stand codes'
echo '[123456789012345678901234]' >>a.advice
refuses 'a.advice:8: code 123456789012345678901234 is longer than a code'
printf '%s\n' '[3]' 'what = So' 'why = So.' 'do = So.' >>a.advice
refuses 'a.advice:9: a sentence ends with a dot'
printf '%s\n' '[3]' "what = $(printf '%0200d' 0)." 'why = So.' 'do = So.' >>a.advice
refuses 'a.advice:9: this has 201 bytes, more than the 200 that fit where it is shown'
echo 'provider = other' >>a.advice
refuses 'a.advice:8: the provider stands once, before the first code'
echo '[1]' >a.advice
refuses 'a.advice:1: say "provider = NAME" before the first code'
printf '%s\n' 'provider = books' 'what = So.' >a.advice
refuses 'a.advice:2: "what" belongs to no code'
exit $failed
