/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a condition means for one record. Ids, times, dates and Active are compared without
 * looking into the record's text; everything else is found in the text when it is asked for.
 * Text compares without regard to letter case, as the service's database does.
 */
#include "quickbooks/filter.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "quickbooks/zone.h"
#include "world.h"

#define TEXT_MAX ((size_t)1 << 16)

enum how { HOW_TEXT, HOW_NUMBER, HOW_INSTANT, HOW_BOOL, HOW_ID };

struct filter_condition {
	const struct query_condition *asked; /* borrowed */
	enum how how;
	bool folds;      /* letter case does not count */
	bool null_asked; /* a quoted blank is among the values of = or IN */
	char **texts;    /* owned, owned texts: the values, folded if so */
};

bool record_instant(const struct record *record, const char *path, int64_t *ret_ms)
{
	if (strcmp(path, "MetaData.LastUpdatedTime") == 0)
		*ret_ms = record->updated_ms;
	else if (strcmp(path, "MetaData.CreateTime") == 0)
		*ret_ms = record->created_ms;
	else if (strcmp(path, "TxnDate") == 0 && record->entity->kind == ENTITY_TXN)
		*ret_ms = record->date.day * DAY_MS;
	else
		return false;
	return true;
}

static enum how condition_how(const struct query_condition *asked)
{
	if (asked->op == QUERY_LIKE)
		return HOW_TEXT;
	if (strcmp(asked->path, "Id") == 0)
		return HOW_ID;
	switch (asked->member->kind) {
	case VALUE_NUMBER:
	case VALUE_MONEY:
	case VALUE_INTEGER:
		return HOW_NUMBER;
	case VALUE_DATE:
	case VALUE_TIME:
		return HOW_INSTANT;
	case VALUE_BOOL:
		return HOW_BOOL;
	default:
		return HOW_TEXT;
	}
}

static bool is_null_asked(const struct query_condition *asked, size_t index)
{
	return (asked->op == QUERY_EQUAL || asked->op == QUERY_IN) &&
	       strcmp(asked->values[index].text, " ") == 0;
}

static void condition_init(struct filter_condition *condition, const struct company *company,
			   const struct query_condition *asked)
{
	condition->asked = asked;
	condition->how = condition_how(asked);
	condition->folds = asked->op != QUERY_LIKE || switches_is(&company->simulator->switches,
								 SWITCH_LIKE_CASE, "insensitive");
	condition->texts = memory_new((asked->value_count + 1) * sizeof(*condition->texts));
	for (size_t i = 0; i < asked->value_count; i++) {
		const char *text = asked->values[i].text;
		AUTO(str_clear) struct str folded = STR_INIT(STR_NO_LIMIT);

		condition->null_asked |= is_null_asked(asked, i);
		if (condition->folds)
			str_add_folded(&folded, text, strlen(text));
		else
			str_add(&folded, text);
		condition->texts[i] = str_take(&folded);
	}
}

/* Bounds of the update time. False: the condition is of another kind. */
static bool take_time_bound(struct filter *filter, const struct query_condition *asked)
{
	int64_t ms = asked->values[0].ms, from_ms = INT64_MIN, to_ms = INT64_MAX;

	if (strcmp(asked->path, "MetaData.LastUpdatedTime") != 0 || asked->value_count != 1 ||
	    asked->op == QUERY_IN || asked->op == QUERY_LIKE ||
	    strcmp(asked->values[0].text, " ") == 0)
		return false;
	if (asked->op == QUERY_EQUAL || asked->op == QUERY_GREATER_EQUAL)
		from_ms = ms;
	else if (asked->op == QUERY_GREATER)
		from_ms = ms + 1;
	if (asked->op == QUERY_EQUAL || asked->op == QUERY_LESS_EQUAL)
		to_ms = ms + 1;
	else if (asked->op == QUERY_LESS)
		to_ms = ms;
	if (from_ms > filter->from_ms)
		filter->from_ms = from_ms;
	if (to_ms < filter->to_ms)
		filter->to_ms = to_ms;
	return true;
}

static bool take_active(struct filter *filter, const struct query_condition *asked)
{
	bool active = false, inactive = false;

	if (strcmp(asked->path, "Active") != 0 ||
	    (asked->op != QUERY_EQUAL && asked->op != QUERY_IN))
		return false;
	for (size_t i = 0; i < asked->value_count; i++) {
		active |= asked->values[i].text[0] == 't' || asked->values[i].text[0] == 'T';
		inactive |= asked->values[i].text[0] == 'f' || asked->values[i].text[0] == 'F';
	}
	filter->active &= active;
	filter->inactive &= inactive;
	return true;
}

void filter_init(struct filter *filter, const struct company *company, const struct query *query)
{
	*filter = (struct filter){
		.from_ms = INT64_MIN, .to_ms = INT64_MAX, .active = true,
		.inactive = query->names_active || query->entity->kind != ENTITY_LIST,
	};
	filter->conditions = memory_new((query->condition_count + 1) * sizeof(*filter->conditions));
	for (size_t i = 0; i < query->condition_count; i++) {
		const struct query_condition *asked = &query->conditions[i];

		if (take_time_bound(filter, asked) || take_active(filter, asked))
			continue;
		if (strcmp(asked->path, "Id") == 0 &&
		    (asked->op == QUERY_EQUAL || asked->op == QUERY_IN))
			filter->ids = asked;
		condition_init(&filter->conditions[filter->condition_count++], company, asked);
	}
	filter->is_empty =
		filter->from_ms >= filter->to_ms || (!filter->active && !filter->inactive);
}

void filter_clear(struct filter *filter)
{
	for (size_t i = 0; i < filter->condition_count; i++) {
		for (size_t k = 0; k < filter->conditions[i].asked->value_count; k++)
			free(filter->conditions[i].texts[k]);
		free(filter->conditions[i].texts);
	}
	free(filter->conditions);
	*filter = (struct filter){ 0 };
}

bool filter_is_timed(const struct filter *filter)
{
	return filter->from_ms != INT64_MIN || filter->to_ms != INT64_MAX;
}

bool filter_is_time_only(const struct filter *filter, const struct table *table)
{
	bool all_active = (filter->active || table->inactive_count == table->count) &&
			  (filter->inactive || table->inactive_count == 0);

	return filter->condition_count == 0 && all_active;
}

/* "%" stands for any characters; nothing else is special. */
static bool is_like(const char *text, const char *pattern)
{
	const char *again_text = NULL, *again_pattern = NULL;

	while (*text) {
		if (*pattern == '%') {
			again_pattern = ++pattern;
			again_text = text;
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (again_pattern) {
			pattern = again_pattern;
			text = ++again_text;
		} else {
			return false;
		}
	}
	while (*pattern == '%')
		pattern++;
	return *pattern == '\0';
}

/* Does `order`, the sign of (record's value - asked value), fulfil the operator? */
static bool is_ordered(enum query_operator op, int order)
{
	switch (op) {
	case QUERY_EQUAL:
	case QUERY_IN:
		return order == 0;
	case QUERY_LESS:
		return order < 0;
	case QUERY_GREATER:
		return order > 0;
	case QUERY_LESS_EQUAL:
		return order <= 0;
	case QUERY_GREATER_EQUAL:
		return order >= 0;
	default:
		return false;
	}
}

static int compare_ms(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

/* A property's value against one asked value after the other. */
static bool text_passes(const struct filter_condition *condition, const char *text, size_t len)
{
	AUTO(str_clear) struct str folded = STR_INIT(TEXT_MAX);

	if (condition->folds) {
		str_add_folded(&folded, text, len);
		text = folded.text;
	}
	for (size_t i = 0; i < condition->asked->value_count; i++) {
		if (is_null_asked(condition->asked, i))
			continue;
		if (condition->asked->op == QUERY_LIKE
			    ? is_like(text, condition->texts[i])
			    : is_ordered(condition->asked->op, strcmp(text, condition->texts[i])))
			return true;
	}
	return false;
}

static bool instant_passes(const struct filter_condition *condition, int64_t ms)
{
	for (size_t i = 0; i < condition->asked->value_count; i++)
		if (!is_null_asked(condition->asked, i) &&
		    is_ordered(condition->asked->op,
			       compare_ms(ms, condition->asked->values[i].ms)))
			return true;
	return false;
}

static bool number_passes(const struct filter_condition *condition, const char *text, size_t len)
{
	struct decimal number;

	if (!decimal_parse(text, len, &number))
		return false;
	for (size_t i = 0; i < condition->asked->value_count; i++)
		if (!is_null_asked(condition->asked, i) &&
		    is_ordered(condition->asked->op,
			       decimal_compare(number, condition->asked->values[i].number)))
			return true;
	return false;
}

static bool bool_passes(const struct filter_condition *condition, bool flag)
{
	for (size_t i = 0; i < condition->asked->value_count; i++) {
		bool asked = condition->texts[i][0] == 't';

		if (is_ordered(condition->asked->op, (int)flag - (int)asked))
			return true;
	}
	return false;
}

static bool id_passes(const struct filter_condition *condition, const char *id)
{
	for (size_t i = 0; i < condition->asked->value_count; i++)
		if (is_ordered(condition->asked->op,
			       id_compare(id, condition->asked->values[i].text)))
			return true;
	return false;
}

static bool slice_passes(const struct filter_condition *condition, struct json_slice slice)
{
	AUTO(str_clear) struct str plain = STR_INIT(TEXT_MAX);
	int64_t ms;

	if (slice.kind == JSON_STRING)
		json_unquote(slice, &plain);
	else if (slice.kind == JSON_NUMBER || slice.kind == JSON_BOOL)
		str_add_bytes(&plain, slice.text, slice.len);
	if (plain.len == 0)
		return condition->null_asked && slice.kind != JSON_OBJECT &&
		       slice.kind != JSON_ARRAY;
	switch (condition->how) {
	case HOW_NUMBER:
		return number_passes(condition, plain.text, plain.len);
	case HOW_INSTANT:
		return zone_parse_stamp(plain.text, plain.len, false, &ms) &&
		       instant_passes(condition, ms);
	case HOW_BOOL:
		return bool_passes(condition, plain.text[0] == 't');
	default:
		return text_passes(condition, plain.text, plain.len);
	}
}

/* A path that leads through lists: one of their items is enough. */
static bool list_passes(const struct filter_condition *condition, struct json_slice value,
			const char *path)
{
	struct json_slice item;
	char name[96];
	size_t len = strcspn(path, ".");

	if (value.kind == JSON_ARRAY) {
		for (size_t at = 0; json_each(value, &at, NULL, &item);)
			if (list_passes(condition, item, path))
				return true;
		return false;
	}
	if (*path == '\0')
		return slice_passes(condition, value);
	if (value.kind != JSON_OBJECT || len >= sizeof(name))
		return false;
	memcpy(name, path, len);
	name[len] = '\0';
	return list_passes(condition, json_find(value.text, value.len, name),
			   path + len + (path[len] == '.'));
}

static bool condition_passes(const struct filter_condition *condition, const struct record *record)
{
	const char *path = condition->asked->path;
	struct json_slice slice;
	int64_t ms;

	if (strcmp(path, "Id") == 0)
		return condition->how == HOW_ID
			       ? id_passes(condition, record->id)
			       : text_passes(condition, record->id, strlen(record->id));
	if (condition->how == HOW_INSTANT && record_instant(record, path, &ms))
		return instant_passes(condition, ms);
	slice = json_find(record->text, record->len, path);
	if (slice.kind == JSON_NONE && strchr(path, '.')) {
		struct json_slice whole = { .text = record->text,
					    .len = record->len,
					    .kind = JSON_OBJECT };

		if (list_passes(condition, whole, path))
			return true;
	}
	return slice_passes(condition, slice);
}

bool filter_passes(const struct filter *filter, const struct record *record, bool timed)
{
	if (timed && (record->updated_ms < filter->from_ms || record->updated_ms >= filter->to_ms))
		return false;
	if (!(record->active ? filter->active : filter->inactive))
		return false;
	for (size_t i = 0; i < filter->condition_count; i++)
		if (!condition_passes(&filter->conditions[i], record))
			return false;
	return true;
}
