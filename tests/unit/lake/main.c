/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs the tests of src/lake: all of them, or the one group that is named as the argument.
 * Ends with 0 if all passed, 1 if some failed, 2 if there is no such group.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "tests.h"

struct group {
	const char *name;
	int (*run)(void);
};

static const struct group groups[] = {
	{ "bounds", test_bounds },
	{ "hybrid", test_hybrid },
	{ "layout", test_layout },
	{ "sign", test_sign },
	{ "table", test_table },
	{ "thrift", test_thrift },
};

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : NULL;
	int ran = 0, failed = 0;

	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		if (only && strcmp(only, groups[i].name) != 0)
			continue;
		ran++;
		failed += groups[i].run() != 0;
	}
	if (ran == 0) {
		fprintf(stderr, "no tests named '%s'\n", only);
		return 2;
	}
	return failed ? 1 : 0;
}
