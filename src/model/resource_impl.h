/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a resource is looked through: resource.c walks through its members, resource_value.c reads each value, and
 * resource_rules.c knows what the values of a line, and of all of it, have to do with each other.
 */
#ifndef MODEL_RESOURCE_IMPL_H
#define MODEL_RESOURCE_IMPL_H

#include "ledgerdeck/model/resource.h"

#define RESOURCE_FIELDS_MAX 32 /* of a type, or of its lines */
#define MONEY_SCALE 2

/* What was given for one field. */
struct given {
	const struct resource_field *field; /* borrowed: the type; NULL: nothing */
	struct json_slice value;            /* borrowed: the data */
	bool is_minor;                      /* money in hundredths */
	bool is_broken;                     /* a problem was told already */
	struct decimal number;              /* VALUE_MONEY and VALUE_NUMBER */
};

/* The fields of one object: of the resource, or of one of its lines. */
struct object {
	size_t line;                        /* from 1; 0: the resource itself */
	size_t at;                          /* where it begins in the data */
	const struct resource_field *fields; /* borrowed: the type */
	size_t count;
	struct given given[RESOURCE_FIELDS_MAX]; /* in the fields' order */
};

struct check {
	const struct resource_type *type;
	const char *text;                   /* borrowed: the data, where places count from */
	struct resource_problems *problems; /* borrowed */
	struct str scratch;                 /* owned */
	size_t lines;
	struct decimal sum;                 /* of the lines' amounts; of a journal, of its debits */
	struct decimal credits;
	bool is_huge;                       /* a sum did not fit: told already */
};

/* resource.c; `field` NULL: the object itself. */
void check_refuse(struct check *check, const struct object *object, const char *field, size_t at, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
struct given *object_find(struct object *object, const char *field); /* NULL: not given, or broken */
bool object_has(const struct object *object, const char *field); /* given, be it broken */

/* resource_value.c: false: nothing stands there but blanks. A value that is wrong is told, and marked as broken. */
bool value_is_given(struct check *check, struct json_slice value);
void value_read_number(struct check *check, const struct object *object, struct given *given);
/* Append a value that is no number and no lines. */
void value_write(struct check *check, const struct object *object, struct given *given, struct str *out);

/* resource_rules.c */
void rules_check_line(struct check *check, struct object *line);
void rules_check_whole(struct check *check, struct object *whole);

#endif
