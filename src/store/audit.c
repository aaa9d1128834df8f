/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The audit: append-only, and each row's hash covers the hash of the row before it, so that no row
 * can be changed, taken out or put in unseen. A head mark beside the rows names the last one, so
 * that rows cut off at the end are missed too.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "query.h"

#define HEAD "audit.head"               /* in meta: number and hash of the last row */
#define HEAD_MAX (DIGEST_HEX + 24)

static void make_head(int64_t no, const char *hash, char *out)
{
	snprintf(out, HEAD_MAX, "%lld:%s", (long long)no, hash);
}

/* Fields one behind the other, each with its length, so that moving a border changes the hash. */
static void add_field(struct str *out, const char *text)
{
	str_addf(out, "%zu:", strlen(text));
	str_add(out, text);
}

static void hash_row(const char *before_hash, const struct audit_row *row, char *ret_hex)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct digest digest;

	add_field(&text, before_hash);
	str_addf(&text, "%lld:%lld:", (long long)row->no, (long long)row->at_ms);
	add_field(&text, row->who);
	add_field(&text, row->what);
	add_field(&text, row->account_id);
	add_field(&text, row->before);
	add_field(&text, row->after);
	digest = digest_sha256(text.text, text.len);
	digest_hex(&digest, ret_hex);
}

static bool add_row(struct store *store, const struct audit_row *row, const char *hash, struct error *err)
{
	struct query query = query_start(store, AUDIT_ADD);

	query_integer(&query, row->no);
	query_integer(&query, row->at_ms);
	query_text(&query, row->who);
	query_text(&query, row->what);
	query_text(&query, row->account_id);
	query_text(&query, row->before);
	query_text(&query, row->after);
	query_text(&query, hash);
	return query_run(&query, err);
}

static bool read_last(struct store *store, int64_t *ret_no, char *ret_hash, struct error *err)
{
	struct query query = query_start(store, AUDIT_LAST);

	*ret_no = 0;
	*ret_hash = '\0';
	if (query_next(&query)) {
		*ret_no = row_integer(&query, 0);
		row_copy(&query, 1, ret_hash, DIGEST_HEX);
	}
	return query_end(&query, err);
}

bool audit_add(struct store *store, const char *who, const char *what, const char *account_id, const char *before,
	       const char *after, int64_t at_ms, struct error *err)
{
	struct audit_row row = { .at_ms = at_ms, .before = before ? before : "", .after = after ? after : "" };
	AUTO(str_clear) struct str head = STR_INIT(HEAD_MAX);
	char last[DIGEST_HEX], hash[DIGEST_HEX], expected[HEAD_MAX];
	struct error why = { 0 };
	int64_t no, headed;
	bool sound;

	assert(store->in_transaction); /* two rows behind the same one would break the chain */
	if (!read_last(store, &no, last, err))
		return false;
	if (!store_get(store, HEAD, &head, &why) && why.code) {
		if (err)
			*err = why;
		return false;
	}
	make_head(no, last, expected);
	sound = strcmp(head.text, expected) == 0;
	/* Where rows are missing their numbers stay missing, and the head stays as it is: adding heals nothing. */
	headed = strtoll(head.text, NULL, 10);
	row.no = sound || no > headed ? no : headed;
	row.no += row.no < INT64_MAX;
	snprintf(row.who, sizeof(row.who), "%s", who);
	snprintf(row.what, sizeof(row.what), "%s", what);
	snprintf(row.account_id, sizeof(row.account_id), "%s", account_id ? account_id : "");
	hash_row(last, &row, hash);
	if (!add_row(store, &row, hash, err))
		return false;
	make_head(row.no, hash, expected);
	return !sound || store_set(store, HEAD, expected, strlen(expected), err);
}

static void read_audit(const struct query *query, struct audit_row *row)
{
	*row = (struct audit_row){ .no = row_integer(query, 0), .at_ms = row_integer(query, 1) };
	row_copy(query, 2, row->who, sizeof(row->who));
	row_copy(query, 3, row->what, sizeof(row->what));
	row_copy(query, 4, row->account_id, sizeof(row->account_id));
	row->before = row_text(query, 5);
	row->after = row_text(query, 6);
	row_copy(query, 7, row->hash, sizeof(row->hash));
}

/* ---- looking through it */

struct audit_look {
	const struct log_filter *filter;   /* NULL: everything fits */
	struct account_list accounts;      /* for their names */
};

static void audit_look_clear(struct audit_look *look)
{
	account_list_clear(&look->accounts);
}

static const char *name_of(const struct audit_look *look, const char *account_id)
{
	for (size_t i = 0; i < look->accounts.count; i++)
		if (strcmp(look->accounts.items[i].id, account_id) == 0)
			return look->accounts.items[i].name;
	return "";
}

static bool text_fits(const struct audit_row *row, const char *name, const char *text)
{
	const char *const places[] = { row->who, row->what, name, row->account_id, row->before, row->after };

	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if (strcasestr(places[i], text))
			return true;
	return false;
}

static bool fits(const struct audit_look *look, const struct audit_row *row)
{
	const struct log_filter *filter = look->filter;
	const char *name;

	if (!filter)
		return true;
	name = name_of(look, row->account_id);
	if (!log_match_fits(&filter->who, row->who) || !log_match_fits(&filter->what, row->what) || row->at_ms < filter->since_ms ||
	    row->at_ms >= filter->until_ms ||
	    (!log_match_fits(&filter->account, row->account_id) && !log_match_fits(&filter->account, name)))
		return false;
	for (size_t i = 0; i < filter->text_count; i++)
		if (!text_fits(row, name, filter->texts[i]))
			return false;
	return true;
}

bool audit_list(struct store *store, const struct audit_query *what, bool (*each)(void *ctx, const struct audit_row *row),
		void *ctx, struct log_look *ret_look, struct error *err)
{
	AUTO(audit_look_clear) struct audit_look look = { .filter = what->filter && !log_filter_is_empty(what->filter) ? what->filter : NULL };
	struct log_look at = { .done = true };
	int64_t found = 0, looked = 0;
	struct query query;

	if (look.filter && !accounts_all(store, &look.accounts, err))
		return false;
	query = query_start(store, what->newest_first ? AUDIT_OLDER : AUDIT_NEWER);
	query_integer(&query, what->after_no ? what->after_no : INT64_MIN);
	query_integer(&query, what->before_no ? what->before_no - 1 : INT64_MAX);
	while (query_next(&query)) {
		struct audit_row row;

		/* The row before ended it: this one only shows that there is more. */
		if ((what->limit && found == what->limit) || (what->looked_max && looked == what->looked_max)) {
			at.done = false;
			break;
		}
		read_audit(&query, &row);
		looked++;
		at.no = row.no;
		at.at_ms = row.at_ms;
		if (!fits(&look, &row))
			continue;
		found++;
		if (!each(ctx, &row)) {
			at.done = false;
			break;
		}
	}
	if (ret_look)
		*ret_look = at;
	return query_end(&query, err);
}

/* ---- the chain */

/* Does it stand where it should, with the hash that it should have? Then `last` becomes its hash. */
static bool is_next(const struct audit_row *row, int64_t no, char *last)
{
	char hash[DIGEST_HEX];

	hash_row(last, row, hash);
	if (row->no != no || strcmp(hash, row->hash) != 0)
		return false;
	memcpy(last, hash, sizeof(hash));
	return true;
}

bool audit_check(struct store *store, struct audit_check *check, int64_t most, struct error *err)
{
	/* One statement reads rows and head, so that nothing can be added in between. */
	struct query query = query_start(store, AUDIT_VERIFY);
	char head[HEAD_MAX] = "", expected[HEAD_MAX];
	struct audit_check now = *check;
	int64_t looked = 0;

	static_assert(sizeof(now.last) == DIGEST_HEX, "room for a hash");
	query_integer(&query, now.rows ? now.rows : INT64_MIN);
	query_integer(&query, most > 0 ? most : -1);
	while (now.broken == 0 && query_next(&query)) {
		struct audit_row row;

		row_copy(&query, 8, head, sizeof(head));
		if (row_is_null(&query, 0))
			break; /* there are no more rows, only the head */
		read_audit(&query, &row);
		looked++;
		now.rows++;
		if (!is_next(&row, now.rows, now.last))
			now.broken = row.no;
	}
	if (!query_end(&query, err))
		return false;
	now.done = now.broken != 0 || most <= 0 || looked < most;
	make_head(now.rows, now.last, expected);
	if (now.done && now.broken == 0 && strcmp(head, expected) != 0) {
		now.broken = now.rows + 1;
		now.missing = true;
	}
	*check = now;
	return true;
}

bool audit_verify(struct store *store, int64_t *ret_rows, int64_t *ret_broken, struct error *err)
{
	struct audit_check check = { 0 };

	if (!audit_check(store, &check, 0, err))
		return false;
	*ret_rows = check.rows;
	*ret_broken = check.broken;
	return true;
}
