/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GraphQL documents, made of the rows of types. All texts from elsewhere are quoted. */
#ifndef XLEDGER_DOCUMENT_H
#define XLEDGER_DOCUMENT_H

#include "ledgerdeck/provider/provider.h"

#define DOCUMENT_FIRST_MAX 10000 /* most records of a page, says the vendor's help */

/* What a record is asked for: "{ dbId code owner { description } }". `ids_only`: its key alone. `also`: see below. Appended. */
void document_add_fields(struct str *out, const struct type *type, bool ids_only, const char *also);

struct document_list { /* of a connection's arguments */
	const char *alias;     /* of the root in the answer */
	const char *after;     /* cursor; NULL: from the start */
	const char *filter;    /* an input object, ready: "{modifiedAt_gte:\"..\"}"; NULL: none */
	int first;
	bool ids_only;
	const char *also;      /* paths that are asked for beside those of the row, with blanks between; NULL: none */
};
/* "a: customers(first: 1000, after: \"..\", ownerSet: CURRENT, objectStatus: ALL) { edges { cursor node { .. } } pageInfo { hasNextPage } }" */
void document_add_list(struct str *out, const struct type *type, const struct document_list *list);

/* "timesheet_deltas" of "timesheets": what the row says (deltas=NAME), else the singular. */
bool document_deltas(const struct type *type, char *ret_name, size_t size);
/* The next deltas behind a cursor; `after` NULL: the newest one alone. */
void document_add_deltas(struct str *out, const struct type *type, const char *alias, const char *after, bool from_start, int first);

/* The GraphQL type of ids in a filter: "Int", or what the row says (ids=Int64String); `other`: the other one of the two. */
void document_id_type(const struct type *type, bool other, char *ret_name, size_t size);
/* An id as the value of a variable of that type. Appended. */
void document_add_id(struct str *out, const struct type *type, bool other, const char *id);
/* Was a document refused since this variable ("i3") has the wrong type of ids? Says so in the log, with the row's word for it. */
bool document_is_id_type(const struct type *type, const char *variable, const struct error *error);

#endif
