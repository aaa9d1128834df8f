/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs the tests of src/simulator: all of them, or the one group that is named as the argument.
 * Ends with 0 if all passed, 1 if some failed, 2 if there is no such group.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "test_simulator.h"

struct group {
	const char *name;
	int (*run)(void);
};

static const struct group groups[] = {
	{ "alarms", test_alarms },
	{ "answer", test_answer },
	{ "api", test_api },
	{ "batch", test_batch },
	{ "cdc", test_cdc },
	{ "control", test_control },
	{ "fault", test_fault },
	{ "graphql", test_graphql },
	{ "jwt", test_jwt },
	{ "limiter", test_limiter },
	{ "oauth", test_oauth },
	{ "options", test_options },
	{ "query", test_query },
	{ "report", test_report },
	{ "report_books", test_report_books },
	{ "report_shapes", test_report_shapes },
	{ "request", test_request },
	{ "sample", test_sample },
	{ "select", test_select },
	{ "simulator", test_simulator },
	{ "state", test_state },
	{ "switches", test_switches },
	{ "trouble", test_trouble },
	{ "write", test_write },
	{ "xledger", test_xledger },
	{ "xledger_write", test_xledger_write },
	{ "xml", test_xml },
	{ "zone", test_zone },
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
