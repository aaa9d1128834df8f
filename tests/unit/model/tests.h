/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups of tests of this folder, and cmocka with all that its header wants before it. */
#ifndef LEDGERDECK_TESTS_UNIT_MODEL_TESTS_H
#define LEDGERDECK_TESTS_UNIT_MODEL_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledgerdeck/model/catalogue.h"

/* Each runs its group and returns how many tests failed. */
int test_account(void);
int test_catalogue(void);
int test_columns(void);
int test_difference(void);
int test_export(void);
int test_filter(void);
int test_import_csv(void);
int test_import_json(void);
int test_import_profile(void);
int test_log_filter(void);
int test_mapping_file(void);
int test_match(void);
int test_match_planted(void);
int test_match_sums(void);
int test_nearest(void);
int test_personal(void);
int test_plan(void);
int test_policy(void);
int test_rates(void);
int test_record(void);
int test_resource(void);
int test_session(void);
int test_statement(void);
int test_stop(void);
int test_tolerance(void);
int test_window(void);

/* The path of a file of the sources; until the next call. */
const char *source_file(const char *name);
/* The catalogue of one text that must be good; the caller frees it. */
struct catalogue *catalogue_of(const char *text);
void catalogue_freep(struct catalogue **catalogue);

#endif
