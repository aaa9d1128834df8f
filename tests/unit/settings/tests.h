/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The groups of tests of this folder, cmocka with all that its header wants before it, and files
 * and environments to load settings from.
 */
#ifndef LEDGERDECK_TESTS_UNIT_SETTINGS_TESTS_H
#define LEDGERDECK_TESTS_UNIT_SETTINGS_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledgerdeck/settings/settings.h"

/* Each runs its group and returns how many tests failed. */
int test_rows(void);
int test_settings(void);
int test_value(void);
int test_variables(void);

/* Files by the layer they are; their texts may be NULL: absent. */
enum layer_file { FILE_SYSTEM, FILE_USER, FILE_LOCAL, FILE_ENV, LAYER_FILES };
struct layers {
	char directory[64];
	char paths[LAYER_FILES][96];
	struct settings_sources sources; /* env_file and profile are the tests' to set */
	struct settings *settings;       /* owned: of the last load */
	struct error err;
};
void layers_init(struct layers *layers);
void layers_clear(struct layers *layers);
void layers_write(struct layers *layers, enum layer_file file, const char *text);
void layers_write_bytes(struct layers *layers, enum layer_file file, const char *bytes, size_t len);
/* Load; a failure fails the test. */
void layers_load(struct layers *layers);
/* Load what must be refused with INPUT and a text in which all of `parts` stand, NULL at the end. */
void layers_refuse(struct layers *layers, const char *const *parts);

/* "FILE:LINE" as origins have it. */
const char *layers_place(struct layers *layers, enum layer_file file, int line);

void layers_expect(const struct layers *layers, const char *name, const char *text, const char *origin);
void layers_expect_secret(const struct layers *layers, const char *name, const char *text); /* NULL: there is none */

#endif
