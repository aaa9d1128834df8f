/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows that entity.c reads: see schema.c for how they are written. */
#ifndef QUICKBOOKS_SCHEMA_H
#define QUICKBOOKS_SCHEMA_H

#include <stddef.h>

struct shape_row {
	const char *name;
	const char *members;
};

struct entity_row {
	const char *name;
	const char *key;      /* NULL: the name */
	const char *kind;     /* "list", "txn", "special" */
	const char *can;      /* letters: Q query, C create, U update, D delete, V void, c CDC, ? CDC unsure, P pays */
	const char *label;    /* the member that names it; NULL: none */
	const char *internal; /* its name in fault 2500; NULL: the name */
	const char *members;
};

extern const struct shape_row schema_shapes[];
extern const size_t schema_shape_count;
extern const struct entity_row schema_entities[];
extern const size_t schema_entity_count;

#endif
