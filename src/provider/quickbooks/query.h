/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of the query language, and sending them. */
#ifndef QUICKBOOKS_QUERY_H
#define QUICKBOOKS_QUERY_H

#include "ledgerdeck/provider/provider.h"

struct query {
	const struct type *type;
	bool count;          /* how many there are, instead of the records */
	bool ids_only;       /* a list of columns: id, version and time */
	const char *key;     /* only the record of this id; NULL: all */
	bool without_active; /* don't say that inactive ones are wanted too */
	bool by_time;        /* in order of the time of change, and only from ... */
	int64_t from_s;      /* ... this second since 1970 on (INT64_MIN: from the start) ... */
	int64_t to_s;        /* ... to before this one (INT64_MAX: to the end) */
	int64_t start;       /* first record's place, from 1; 0: not said */
	int size;            /* records of the page; 0: not said */
};

/*
 * Bounds in whole seconds, as the ledger keeps its times: outwards, so that nothing at the
 * border is lost. What lies before 1970 or beyond all calendars is no bound.
 */
int64_t query_from_s(int64_t from_ms);
int64_t query_to_s(int64_t to_ms);

/* Appended. query_can() holds. */
void query_add_text(const struct query *query, struct str *out);
/*
 * The ledger's own form of an instant, whole seconds, in quotes: '2026-01-31T04:00:00-08:00'.
 * Appended.
 */
void query_add_time(struct str *out, int64_t seconds);
/* Can it be asked? Error INPUT otherwise: the type's row says what this ledger's queries can't. */
bool query_can(const struct query *query, struct error *err);
/* Can its records be had with few columns? */
bool query_can_project(const struct type *type);

/*
 * GET while the address is short, POST otherwise and when a GET was too long for somebody on
 * the way. Errors: call_send()'s.
 */
bool query_send(struct connection *connection, const struct query *query,
		struct http_answer *ret_answer, struct error *err);

/* For struct provider. */
bool quickbooks_count(struct connection *connection, const struct type *type, int64_t from_ms,
		      int64_t to_ms, int64_t *ret_count, struct error *err);

#endif
