/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs the tests of the deck: all of them, or the one group that is named as the argument. Ends with 0 if all passed, 1 if
 * some failed, 2 if there is no such group.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/secret.h"
#include "tests.h"

static const struct {
	const char *name;
	int (*run)(void);
} groups[] = {
	{ "golden", test_golden }, { "act", test_act },     { "attention", test_attention }, { "audit", test_audit }, { "dialog", test_dialog },
	{ "history", test_history }, { "hostile", test_hostile }, { "mapping", test_mapping }, { "jobs", test_jobs }, { "log", test_log },             { "mouse", test_mouse },
	{ "objects", test_objects }, { "outbox", test_outbox }, { "personal", test_personal }, { "plain", test_plain }, { "plan", test_plan }, { "policies", test_policies },
	{ "settings", test_settings }, { "trail", test_trail }, { "records", test_records }, { "random", test_random }, { "reader", test_reader },
	{ "session", test_session },
};

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : NULL, *warning;
	struct error err = { 0 };
	int ran = 0, failed = 0;

	/* As in the program itself: who does not read on shows as a failed write. */
	signal(SIGPIPE, SIG_IGN);
	setenv("TZ", "UTC", 1);
	/* Nobody's own keys and themes; and what is told of the place is the same everywhere. */
	setenv("XDG_CONFIG_HOME", "/home/ann/.config", 1);
	tzset();
	if (!secret_start(&warning, &err))
		return 1;
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
