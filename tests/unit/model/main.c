/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs the tests of src/model: all of them, or the one group that is named as the argument. Ends
 * with 0 if all passed, 1 if some failed, 2 if there is no such group.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "tests.h"

struct group {
	const char *name;
	int (*run)(void);
};

static const struct group groups[] = {
	{ "account", test_account }, { "catalogue", test_catalogue }, { "record", test_record },
	{ "columns", test_columns }, { "difference", test_difference },
	{ "filter", test_filter },   { "nearest", test_nearest }, { "personal", test_personal }, { "plan", test_plan }, { "policy", test_policy }, { "rates", test_rates },
	{ "log_filter", test_log_filter }, { "resource", test_resource },
	{ "mapping_file", test_mapping_file },
	{ "import_json", test_import_json }, { "import_csv", test_import_csv },
	{ "import_profile", test_import_profile }, { "export", test_export },
	{ "match", test_match }, { "match_planted", test_match_planted },
	{ "match_sums", test_match_sums },
	{ "session", test_session },
	{ "statement", test_statement },
	{ "stop", test_stop },
	{ "tolerance", test_tolerance },
	{ "window", test_window },
};

struct catalogue *catalogue_of(const char *text)
{
	struct catalogue *catalogue = NULL;
	struct error err = { 0 };

	if (!catalogue_parse(text, "rows", &catalogue, &err))
		fail_msg("%s", err.text);
	return catalogue;
}

void catalogue_freep(struct catalogue **catalogue)
{
	catalogue_free(*catalogue);
}

const char *source_file(const char *name)
{
	static char path[4096];
	const char *top = getenv("SOURCE_DIR");

	snprintf(path, sizeof(path), "%s/%s", top ? top : "..", name);
	return path;
}

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
