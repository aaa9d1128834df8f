/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where files stand at a destination: a template of a path below it, such as "{account}/{type}/{kind}-{time}-{type}.{format}". Words
 * in braces are filled in; everything else stands as it is.
 */
#ifndef LEDGERDECK_LAKE_LAYOUT_H
#define LEDGERDECK_LAKE_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"

#define LAYOUT_DEFAULT "{account}/{type}/{kind}-{time}-{type}.{format}"
#define LAYOUT_FULL "full_sync"       /* {kind} of a file with all records */
#define LAYOUT_CHANGES "sync_changes" /* and of one with what has changed */

struct layout_values {
	const char *account;     /* its id */
	const char *name;        /* of the company; what is no letter, digit, '-' or '_' becomes '-' */
	const char *provider, *environment;
	const char *type, *kind;
	int64_t time_ms;         /* in whole seconds: "20260131_23_59_59", UTC */
	const char *format;
};

/*
 * Error INPUT: a word that there is not, no {type} or no {time} (one file would stand in another's place), or a path that leads out of
 * the destination or that not every destination can have.
 */
bool layout_check(const char *layout, struct error *err);
bool layout_has(const char *layout, const char *word); /* "account": is {account} in it? */
/* Appended. The layout has been checked. */
void layout_add(const char *layout, const struct layout_values *values, struct str *out);
/* The directory that all files of a run have in common, with its slash; "" : the destination itself. Appended. */
void layout_add_root(const char *layout, const struct layout_values *values, struct str *out);
void layout_add_time(int64_t time_ms, struct str *out);

#endif
