# SPDX-License-Identifier: GPL-3.0-or-later
# The checks of the source text find what they are for: each is shown a small tree that is in
# order, then the same tree with one thing wrong.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
spdx='/* SPDX-License-Identifier: GPL-3.0-or-later */'

exceptions='# SPDX-License-Identifier: GPL-3.0-or-later'

# A tree with two folders, in order.
make_tree() {
	rm -rf "$work/tree"
	mkdir -p "$work/tree/src/core" "$work/tree/src/store" "$work/tree/include/ledgerdeck/core" \
		"$work/tree/tests/cli" "$work/tree/scripts" "$work/tree/docs" "$work/tree/man" \
		"$work/tree/.ci"
	cd "$work/tree" || exit 1
	printf '%s\n' 'core :' 'store : core' '<sqlite3 : store' >src/layers
	printf '%s\n' "$spdx" '#include <stddef.h>' 'size_t str_len(const char *text);' \
		>include/ledgerdeck/core/str.h
	printf '%s\n' "$spdx" '#include "ledgerdeck/core/str.h"' '#include <string.h>' \
		'#include "own.h"' >src/core/str.c
	printf '%s\n' "$spdx" 'int own(void); /* "it'\''s" // strcpy( is fine here */' >src/core/own.h
	printf '%s\n' "$spdx" '#include <sqlite3.h>' '#include "ledgerdeck/core/str.h"' \
		"static const char *const url = \"http://goto\"; static const char c = '\"';" \
		'long f(struct x *x)' '{' '	return x->time(1) + mtime(2);' '}' >src/store/store.c
	printf '%s\n' 'a = src/core/own.h \' 'src/core/str.c src/store/store.c \' \
		'include/ledgerdeck/core/str.h' >src/sources.mk
	printf '%s\n' 'b = tests/cli/a.sh tests/fuzz/fuzz_a' >tests/tests.mk
	mkdir -p tests/fuzz
	printf '%s\n' "$spdx" >tests/fuzz/fuzz_a.c
	echo '# SPDX-License-Identifier: GPL-3.0-or-later' >tests/cli/a.sh
}

passes() { # check
	output=$(CC=${CC-cc} sh "$SOURCE_DIR/scripts/$1" "$work/tree" 2>&1) || {
		echo "$1 fails on a tree that is in order:"
		echo "$output"
		failed=1
	}
}

# After a change the check must fail, and say the words.
refuses() { # check, words
	if output=$(CC=${CC-cc} sh "$SOURCE_DIR/scripts/$1" "$work/tree" 2>&1); then
		echo "$1 does not see: $2"
		failed=1
	elif ! echo "$output" | grep -q -F -e "$2"; then
		echo "$1 says something else than: $2"
		echo "$output"
		failed=1
	fi
	make_tree
}

make_tree
for check in check-layers check-sources check-style check-headers; do
	passes "$check"
done

echo '#include "ledgerdeck/store.h"' >>src/core/str.c
echo "$spdx" >include/ledgerdeck/store.h
refuses check-layers 'src/core/str.c:5: core may not include store'
echo '#include <sqlite3.h>' >>src/core/str.c
refuses check-layers '<sqlite3.h> has no home in core'
echo '#include <zip.h>' >>src/core/str.c
refuses check-layers '<zip.h> has no home: add'
echo '#include "own.h"' >>src/store/store.c
refuses check-layers 'not a header of store'
echo '#include "../core/own.h"' >>src/store/store.c
refuses check-layers 'no ".." in an include'
echo '#include "own.h"' >>include/ledgerdeck/core/str.h
refuses check-layers 'a contract may not include a private header'
echo '#include "ledgerdeck/core/none.h"' >>src/core/str.c
refuses check-layers 'no such contract'
echo '# include <ledgerdeck/core/str.h>' >>src/core/str.c
refuses check-layers 'go between quotes'
mkdir src/other && echo "$spdx" >src/other/other.c
refuses check-layers 'folder other is not in src/layers'
printf '%s\n' 'core : store' 'store : core' '<sqlite3 : store' >src/layers
refuses check-layers 'store is not above core'

echo "$spdx" >src/core/forgotten.c
refuses check-sources 'src/core/forgotten.c: not in src/sources.mk'
echo "$spdx" >tests/fuzz/fuzz_b.c
refuses check-sources 'tests/fuzz/fuzz_b.c: not in tests/tests.mk'
rm src/core/own.h
refuses check-sources 'src/core/own.h: in src/sources.mk, but not there'

echo 'size_t other(unknown_type x);' >>include/ledgerdeck/core/str.h
refuses check-headers 'str.h: does not compile alone'
echo 'struct twice { int x; };' >>src/core/own.h
refuses check-headers 'own.h: does not compile alone'
sed -i '/str.h/d' src/store/store.c
refuses check-headers 'no other folder and no test includes it'

echo 'int x;' >src/core/own.h
refuses check-style 'own.h:1: spdx'
echo ':' >tests/cli/a.sh
refuses check-style 'tests/cli/a.sh:1: spdx'
echo 'int x; // no' >>src/core/own.h
refuses check-style 'own.h:3: comment'
echo 'int x; ' >>src/core/own.h
refuses check-style 'own.h:3: blanks'
echo '/* TODO: later */' >>src/core/own.h
refuses check-style 'own.h:3: todo'
for word in 'x = strcpy(a, b);' 'goto end;' 'double money;' 'typedef struct x y;'; do
	echo "/* a */ $word" | sed 's|^/\* a \*/ typedef|typedef|' >>src/core/own.h
	refuses check-style 'own.h:3: banned'
done
for word in 'x = time(NULL);' '	x = getenv ("A");' 'sleep(1);'; do
	echo "$word" >>src/core/own.h
	refuses check-style 'own.h:3: home'
done
{ echo 'static int long_one(int a,'; echo '	int b)'; echo '{'; yes '	a++;' | head -n 77; echo '}'; } \
	>>src/core/str.c
refuses check-style 'long_one() has 81 lines'
{ echo 'static int fits(int a,'; echo '	int b)'; echo '{'; yes '	a++;' | head -n 76; echo '}'; } \
	>>src/core/str.c
passes check-style
make_tree
yes '/**/' | head -n 699 >>src/core/str.c
refuses check-style '703 lines, more than 700'
yes '/**/' | head -n 699 >>src/core/str.c
printf '%s\n' "$exceptions" 'file src/core/str.c a table' >scripts/style-exceptions
passes check-style
make_tree
printf '%s\n' "$exceptions" 'file src/core/str.c a table' >scripts/style-exceptions
refuses check-style 'file src/core/str.c is no longer needed'
exit $failed
