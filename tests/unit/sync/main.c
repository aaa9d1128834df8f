/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs the tests of src/sync: all of them, or the one group that is named as the argument. Ends
 * with 0 if all passed, 1 if some failed, 2 if there is no such group.
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
	{ "attention", test_attention },
	{ "credit", test_credit },
	{ "sync", test_sync },
	{ "schedule", test_schedule },
	{ "slices", test_slices },
	{ "extract", test_extract },
	{ "merged", test_merged },
	{ "threads", test_threads },
	{ "operate", test_operate },
	{ "parts", test_parts },
	{ "plan", test_plan },
	{ "plan_line", test_plan_line },
	{ "plan_head", test_plan_head },
	{ "plan_policy", test_plan_policy },
	{ "reconcile", test_reconcile },
	{ "outbox", test_outbox },
	{ "auto", test_auto },
	{ "stop", test_stopping },
	{ "scenario", test_scenario },
	{ "sagas", test_sagas },
	{ "xledger", test_xledger },
};

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : NULL;
	const char *warning = NULL;
	struct error err = { 0 };
	int ran = 0, failed = 0;

	if (!secret_start(&warning, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
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
