/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON texts for the tests of json.c: one written by hand, any number made from a seed, mutants
 * of them, and what json-c reads in them.
 */
#ifndef LEDGERDECK_TESTS_UNIT_CORE_TEXTS_H
#define LEDGERDECK_TESTS_UNIT_CORE_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/str.h"

struct json_object;

#define TEXTS_MAX ((size_t)1 << 20)
#define TEXTS_INIT { .text = STR_INIT(TEXTS_MAX) }

struct texts {
	struct random random;
	struct str text; /* the latest */
	unsigned int names;
};

/* A record with all kinds of values, blanks, and brackets and quotes inside of strings. */
extern const char texts_invoice[];

void texts_clear(struct texts *texts);
/* A well-formed text, at most five levels deep; its names are unique, as json-c needs them. */
void texts_make(struct texts *texts, uint64_t seed);
/* Change, take away, repeat or insert a byte or a few of the latest. */
void texts_mutate(struct texts *texts);
/* Strings that stay well-formed between quotes; a borrowed one. */
const char *texts_piece(struct texts *texts);
void texts_add_repeated(struct str *str, const char *piece, size_t count);

/* json-c's tree, the caller puts it; `ret_ok` tells a refused text from null. */
struct json_object *texts_tree(const char *text, size_t len, bool *ret_ok);

#endif
