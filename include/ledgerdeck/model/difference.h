/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What changed between two versions of a record, field by field, as they came over the wire. Pure.
 *
 * Members are matched by their names, in any order; the items of a list by their Id where they have one, else by what is
 * the same before and behind them. Numbers are compared as decimals, strings without their escapes. A list in another
 * order is no change: where its order counts, its items say so (LineNum).
 */
#ifndef LEDGERDECK_MODEL_DIFFERENCE_H
#define LEDGERDECK_MODEL_DIFFERENCE_H

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/catalogue.h"
#include "ledgerdeck/model/personal.h"

#define DIFFERENCE_PATH_MAX 200  /* bytes of a path, "…" behind what is longer not counted */
#define DIFFERENCES_MAX 10000    /* kept; further ones are only counted */

struct difference {
	char *path;               /* owned: "Line[2].Amount", of the second line as it is now, or as it was when it went */
	struct json_slice before; /* borrowed: the records. JSON_NONE: it was not there */
	struct json_slice after;  /* JSON_NONE: it is not there any more */
	bool bookkeeping;         /* the version and its times, which change with every change */
	bool personal;            /* a value about a person: its path may be told, and that it changed */
};

struct differences {
	struct difference *items; /* owned; members in the order of the later record, what went behind them */
	size_t count, room;
	size_t more;              /* beyond DIFFERENCES_MAX */
};

/* Checked texts; `type` says which paths are bookkeeping and which personal, NULL: none is. Replaces what is in `differences`. */
void differences_find(const struct type *type, struct json_slice before, struct json_slice after,
		      struct differences *differences);
void differences_clear(struct differences *differences);

/* Of its two values one as people may see it: the mask instead of what is personal and there. */
struct json_slice difference_seen(const struct difference *difference, bool after, enum personal personal);
/* A value as people read it: a string without quotes and escapes, all else as it stands. Appended. */
void difference_add_text(struct json_slice value, struct str *out);
/* "path\tbefore -> after" and a line break; what breaks lines in it becomes blanks. Appended. */
void difference_add_line(const struct difference *difference, enum personal personal, struct str *out);

#endif
