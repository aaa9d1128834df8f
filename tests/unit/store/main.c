/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs the tests of src/store: all of them, or the one group that is named as the argument.
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
	{ "statements", test_statements },
	{ "query", test_query },
	{ "rates", test_rates },
	{ "schema", test_schema },
	{ "open", test_open },
	{ "store", test_store },
	{ "inspect", test_inspect },
	{ "accounts", test_accounts },
	{ "objects", test_objects },
	{ "records", test_records },
	{ "feeds", test_feeds }, { "history", test_history },
	{ "sweep", test_sweep },
	{ "list", test_list },
	{ "log", test_log },
	{ "audit", test_audit },
	{ "requests", test_requests },
	{ "sessions", test_sessions },
	{ "session_round", test_session_round },
	{ "push", test_push },
	{ "backup", test_backup },
	{ "restore", test_restore },
	{ "crash", test_crash },
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
