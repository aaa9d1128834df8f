/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page begins behind its cursor and is read in order of dbIds, which never change: reading a
 * table page by page looks at each record once.
 */
#include "xledger/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"
#include "xledger/filter.h"
#include "xledger/zone.h"

/* ---- cursors */

void xl_cursor_format(struct gql_run *run, int64_t position, char *out)
{
	if (gql_switch_is(run, SWITCH_XLEDGER_CURSOR, "dotted"))
		snprintf(out, 80, "%lld.%lld.%lld", (long long)position * 31 + 1000000007, (long long)position,
			 (long long)run->entity->dbid);
	else
		snprintf(out, 80, "%lld", (long long)position);
}

/* The position that a cursor of either form means. */
static bool cursor_parse(const char *text, int64_t *ret_position)
{
	const char *dot = strchr(text, '.');
	char *end;

	if (dot)
		text = dot + 1;
	*ret_position = strtoll(text, &end, 10);
	return end != text && (*end == '\0' || (dot && *end == '.'));
}

/* ---- arguments */

struct range {
	int64_t after, before; /* outside of it; INT64_MIN and INT64_MAX: none */
	size_t most;
	bool backward;
	bool has_after;
	const char *after_text;
};

static bool take_cursor(struct gql_run *run, const struct gql_plan *field, const char *name, int64_t *position)
{
	const char *text = gql_argument_text(field, name);

	if (!text || !*text || cursor_parse(text, position))
		return true;
	gql_fail(run, field, "INVALID_VALUE", "The cursor is invalid.");
	return false;
}

/* -1: not given. */
static bool take_count(struct gql_run *run, const struct gql_plan *field, const char *name, int64_t *ret_count)
{
	const struct gql_value *value = gql_member(field->arguments, name);

	*ret_count = -1;
	if (!value || value->kind == GQL_NULL)
		return true;
	if (gql_value_number(value, ret_count) && *ret_count >= 0 && *ret_count <= XL_PAGE_MAX)
		return true;
	gql_fail(run, field, "INVALID_VALUE", "The arguments first and last take numbers from 0 to 10000.");
	return false;
}

static bool take_range(struct gql_run *run, const struct gql_plan *field, struct range *range)
{
	const struct switches *switches = &run->entity->simulator->switches;
	int64_t slow = switches_get(switches, SWITCH_XLEDGER_PAGE_TIMEOUT), first, last;

	if (!take_count(run, field, "first", &first) || !take_count(run, field, "last", &last))
		return false;
	if (first >= 0 && last >= 0) {
		gql_fail(run, field, "INVALID_VALUE", "Only one of first and last can be given.");
		return false;
	}
	*range = (struct range){ .after = INT64_MIN, .before = INT64_MAX, .backward = last >= 0 };
	range->most = (size_t)(first >= 0 ? first : last >= 0 ? last : XL_PAGE_USUAL);
	if (run->token && switches_is(switches, SWITCH_LIMITS, "on") && slow > 0 && range->most > (size_t)slow) {
		gql_fail(run, field, NULL, "Your query timed out.");
		return false;
	}
	range->after_text = gql_argument_text(field, "after");
	range->has_after = range->after_text && *range->after_text;
	return take_cursor(run, field, "after", &range->after) && take_cursor(run, field, "before", &range->before);
}

/* The owners that are wanted. Which set is which is unconfirmed but for their names. */
static bool owner_fits(struct gql_run *run, const char *set, int64_t owner)
{
	bool own = owner == run->entity->dbid;

	if (!set)
		set = gql_switch_is(run, SWITCH_XLEDGER_OWNER_SET, "current") ? "CURRENT" : "MINE";
	if (strcmp(set, "CURRENT") == 0 || strcmp(set, "UPPER") == 0)
		return own;
	return true;
}

static bool is_closed(struct gql_run *run, const struct xl_record *record, const char *today)
{
	const struct xl_field *field = record->type->ends ? xl_field_named(record->type, record->type->ends) : NULL;
	struct xl_object object = xl_object_of(record);
	char scratch[32];
	struct xl_value end;

	if (!field)
		return false;
	end = xl_object_get(run->entity, &object, field, scratch);
	return end.text && end.len == 10 && memcmp(end.text, today, 10) < 0;
}

/* ---- records */

struct search {
	struct gql_run *run;
	struct xl_filter *filter;
	const char *owner_set, *status; /* NULL: the usual ones */
	char today[DATE_TEXT_MAX];
	struct xl_page *page;
	size_t most;
	bool more; /* there are more than `most` */
};

bool xl_has_vanished(const struct gql_run *run, int64_t dbid)
{
	int64_t each = switches_get(&run->entity->simulator->switches, SWITCH_XLEDGER_VANISH);

	return run->token && each > 0 && dbid % each == 0;
}

static bool record_fits(const struct search *search, const struct xl_record *record)
{
	const char *status = search->status;

	if (!owner_fits(search->run, search->owner_set, record->owner))
		return false;
	if (!status)
		status = gql_switch_is(search->run, SWITCH_XLEDGER_OBJECT_STATUS, "all") ? "ALL" : "OPEN";
	if (strcmp(status, "ALL") != 0 &&
	    is_closed(search->run, record, search->today) != (strcmp(status, "CLOSED") == 0))
		return false;
	return xl_filter_passes(search->run->entity, search->filter, record);
}

/* False: there is no room for it, and so there is a next page. */
static bool search_take(struct search *search, struct xl_record *record)
{
	if (!record_fits(search, record))
		return true;
	if (search->page->count == search->most) {
		search->more = true;
		return false;
	}
	search->page->records[search->page->count++] = record;
	return true;
}

static void search_dbids(struct search *search, const struct xl_type *type, const struct range *range,
			 const int64_t *dbids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int64_t dbid = dbids[range->backward ? count - 1 - i : i];
		struct xl_record *record = xl_find(search->run->entity, type, dbid);

		if (dbid <= range->after || dbid >= range->before || !record || xl_has_vanished(search->run, dbid))
			continue;
		if (!search_take(search, record))
			return;
	}
}

static void search_table(struct search *search, const struct xl_table *table, const struct range *range)
{
	int64_t least = xl_filter_least(search->filter);
	size_t low, high = xl_table_bound(table, range->before);

	if (range->after != INT64_MIN && range->after + 1 > least)
		least = range->after + 1;
	low = xl_table_bound(table, least);
	if (range->backward) {
		for (size_t i = high; i > low; i--)
			if (!search_take(search, table->records[i - 1]))
				return;
	} else {
		for (size_t i = low; i < high; i++)
			if (!search_take(search, table->records[i]))
				return;
	}
}

static void turn_round(struct xl_record **records, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct xl_record *other = records[count - 1 - i];

		records[count - 1 - i] = records[i];
		records[i] = other;
	}
}

/* What switches do to the end of a page: a client must not go round for ever. */
static void spoil_page(struct gql_run *run, const struct range *range, struct xl_page *page)
{
	if (range->backward || page->has_next || !run->token)
		return;
	if (gql_switch_is(run, SWITCH_XLEDGER_PAGE_END, "more"))
		page->has_next = true;
	if (gql_switch_is(run, SWITCH_XLEDGER_PAGE_END, "repeat") && range->has_after) {
		page->has_next = true;
		page->stuck = range->after_text;
	}
}

bool xl_page_records(struct gql_run *run, const struct gql_plan *field, struct xl_page *ret_page)
{
	const struct xl_type *type = field->slot->of;
	const struct xl_table *table = xl_table_of(run->entity, type);
	struct search search = { .run = run, .page = ret_page };
	const struct gql_slot *filter = gql_argument_named(field->slot, "filter");
	struct range range;
	int64_t *dbids;
	size_t count;

	if (!take_range(run, field, &range))
		return false;
	search.filter = xl_filter_make(run, filter->type, gql_member(field->arguments, "filter"));
	search.owner_set = gql_argument_text(field, "ownerSet");
	search.status = gql_argument_text(field, "objectStatus");
	search.most = range.most;
	date_format(central_today(xl_now_ms(run->entity)), search.today);
	/* The last record of one page is the first of the next: progress needs a second place. */
	if (range.has_after && run->token && range.most > 1 && gql_switch_is(run, SWITCH_XLEDGER_REPEAT_RECORD, "on"))
		range.after--;
	ret_page->records = arena_new(run->arena, ((range.most < table->count ? range.most : table->count) + 1) *
							  sizeof(struct xl_record *));
	if (xl_filter_dbids(run, search.filter, &dbids, &count))
		search_dbids(&search, type, &range, dbids, count);
	else
		search_table(&search, table, &range);
	if (range.backward)
		turn_round(ret_page->records, ret_page->count);
	ret_page->has_next = range.backward ? range.before != INT64_MAX : search.more;
	ret_page->has_previous = range.backward ? search.more : range.has_after;
	spoil_page(run, &range, ret_page);
	return true;
}

/* ---- deltas */

/* First entry behind a position. */
static size_t delta_bound(const struct xl_table *table, size_t low, int64_t after)
{
	size_t high = table->delta_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->deltas[middle].position <= after)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool xl_page_deltas(struct gql_run *run, const struct gql_plan *field, struct xl_page *ret_page)
{
	const struct xl_table *table = xl_table_of(run->entity, field->slot->of);
	const char *set = gql_argument_text(field, "ownerSet");
	size_t first = xl_delta_first(run->entity, table), room, low;
	struct range range;
	bool more = false;

	if (!take_range(run, field, &range))
		return false;
	low = range.after == INT64_MIN ? first : delta_bound(table, first, range.after);
	room = table->delta_count - low < range.most ? table->delta_count - low : range.most;
	ret_page->deltas = arena_new(run->arena, (room + 1) * sizeof(*ret_page->deltas));
	for (size_t i = 0; i < table->delta_count - low; i++) {
		const struct xl_delta *delta =
			&table->deltas[range.backward ? table->delta_count - 1 - i : low + i];

		if (!owner_fits(run, set, delta->owner))
			continue;
		if (ret_page->count == range.most) {
			more = true;
			break;
		}
		ret_page->deltas[ret_page->count++] = delta;
	}
	for (size_t i = 0; range.backward && i < ret_page->count / 2; i++) {
		const struct xl_delta *other = ret_page->deltas[ret_page->count - 1 - i];

		ret_page->deltas[ret_page->count - 1 - i] = ret_page->deltas[i];
		ret_page->deltas[i] = other;
	}
	ret_page->has_next = !range.backward && more;
	ret_page->has_previous = range.backward ? more : low > first;
	spoil_page(run, &range, ret_page);
	return true;
}
