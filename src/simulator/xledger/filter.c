/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers are compared as numbers, times by the clock there, everything else as texts; null is less than nothing. */
#include "xledger/filter.h"

#include <stdlib.h>
#include <string.h>

#include "xledger/zone.h"

enum comparing { AS_TEXT, AS_NUMBER, AS_DECIMAL };

static enum comparing comparing_of(const struct xl_field *field)
{
	switch (field->kind) {
	case XL_INT:
	case XL_DBID:
	case XL_OWNER_DBID:
	case XL_CREATED:
	case XL_MODIFIED:
		return AS_NUMBER;
	case XL_DECIMAL:
	case XL_FLOAT:
		return AS_DECIMAL;
	default:
		return AS_TEXT;
	}
}

/* ---- making */

static struct xl_operand operand_of(const struct xl_field *field, const struct gql_value *value)
{
	struct xl_operand operand = { 0 };

	if (value->kind == GQL_NULL)
		return operand;
	operand.text = value->text;
	operand.len = value->len;
	if (field->kind == XL_CREATED || field->kind == XL_MODIFIED)
		central_parse(value->text, value->len, &operand.number);
	else if (comparing_of(field) == AS_NUMBER)
		gql_value_number(value, &operand.number);
	else if (comparing_of(field) == AS_DECIMAL)
		decimal_parse(value->text, value->len, &operand.decimal);
	return operand;
}

static void fill_operands(struct gql_run *run, struct xl_test *test, const struct gql_value *value)
{
	const struct gql_value *item = value;

	if (value->kind == GQL_LIST) {
		for (item = value->first; item; item = item->next)
			test->count++;
		item = value->first;
	} else {
		test->count = 1;
	}
	test->operands = arena_new(run->arena, (test->count + 1) * sizeof(*test->operands));
	for (size_t i = 0; i < test->count; i++, item = item->next)
		test->operands[i] = operand_of(test->field, item);
}

static void fill_groups(struct gql_run *run, const struct gql_type *type, struct xl_test *test,
			const struct gql_value *value)
{
	struct xl_filter **end = &test->groups;

	for (const struct gql_value *item = value->first; item; item = item->next) {
		*end = xl_filter_make(run, type, item);
		if (*end)
			end = &(*end)->next;
	}
}

struct xl_filter *xl_filter_make(struct gql_run *run, const struct gql_type *type, const struct gql_value *value)
{
	struct xl_filter *filter;
	struct xl_test **end;

	if (!value || value->kind != GQL_OBJECT)
		return NULL;
	filter = arena_new(run->arena, sizeof(*filter));
	end = &filter->tests;
	for (const struct gql_value *member = value->first; member; member = member->next) {
		const struct gql_slot *slot = gql_slot_named(type, member->name);
		struct xl_test *test = arena_new(run->arena, sizeof(*test));

		test->field = slot->field;
		test->role = slot->role;
		if (slot->field)
			fill_operands(run, test, member);
		else
			fill_groups(run, type, test, member);
		*end = test;
		end = &test->next;
	}
	return filter;
}

/* ---- holding against */

/* Texts of records have no NUL behind them. What is no number (a code of letters) is 0. */
static int64_t number_of(struct xl_value value)
{
	char text[24];

	if (value.len >= sizeof(text))
		return 0;
	memcpy(text, value.text, value.len);
	text[value.len] = '\0';
	return strtoll(text, NULL, 10);
}

static int compare(const struct xl_field *field, struct xl_value value, const struct xl_operand *operand)
{
	struct decimal decimal;
	int64_t number;
	size_t least;
	int order;

	switch (comparing_of(field)) {
	case AS_NUMBER:
		number = number_of(value);
		if (field->kind == XL_CREATED || field->kind == XL_MODIFIED)
			number = central_local(number);
		return number < operand->number ? -1 : number > operand->number;
	case AS_DECIMAL:
		return decimal_parse(value.text, value.len, &decimal) ? decimal_compare(decimal, operand->decimal)
								      : -1;
	default:
		least = value.len < operand->len ? value.len : operand->len;
		order = memcmp(value.text, operand->text, least);
		return order ? order : (value.len > operand->len) - (value.len < operand->len);
	}
}

static bool is_equal(const struct xl_field *field, struct xl_value value, const struct xl_operand *operand)
{
	if (!value.text || !operand->text)
		return !value.text && !operand->text;
	return compare(field, value, operand) == 0;
}

static bool field_passes(struct xl_entity *entity, const struct xl_test *test, const struct xl_record *record)
{
	struct xl_object object = xl_object_of(record);
	char scratch[32];
	struct xl_value value = xl_object_get(entity, &object, test->field, scratch);
	int order;

	if (test->role == GQL_ROLE_EQUAL || test->role == GQL_ROLE_IN) {
		for (size_t i = 0; i < test->count; i++)
			if (is_equal(test->field, value, &test->operands[i]))
				return true;
		return false;
	}
	if (!value.text || !test->operands[0].text)
		return false;
	order = compare(test->field, value, &test->operands[0]);
	switch (test->role) {
	case GQL_ROLE_GT:
		return order > 0;
	case GQL_ROLE_GTE:
		return order >= 0;
	case GQL_ROLE_LT:
		return order < 0;
	default:
		return order <= 0;
	}
}

static bool test_passes(struct xl_entity *entity, const struct xl_test *test, const struct xl_record *record)
{
	bool any = test->role == GQL_ROLE_OR;

	if (test->field)
		return field_passes(entity, test, record);
	for (const struct xl_filter *group = test->groups; group; group = group->next)
		if (xl_filter_passes(entity, group, record) == any)
			return any;
	return !any;
}

bool xl_filter_passes(struct xl_entity *entity, const struct xl_filter *filter, const struct xl_record *record)
{
	for (const struct xl_test *test = filter ? filter->tests : NULL; test; test = test->next)
		if (!test->settled && !test_passes(entity, test, record))
			return false;
	return true;
}

/* ---- what dbIds there can be */

static int compare_numbers(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

bool xl_filter_dbids(struct gql_run *run, struct xl_filter *filter, int64_t **ret_dbids, size_t *ret_count)
{
	for (struct xl_test *test = filter ? filter->tests : NULL; test; test = test->next) {
		size_t count = 0;
		int64_t *dbids;

		if (!test->field || test->field->kind != XL_DBID ||
		    (test->role != GQL_ROLE_EQUAL && test->role != GQL_ROLE_IN))
			continue;
		dbids = arena_new(run->arena, (test->count + 1) * sizeof(*dbids));
		for (size_t i = 0; i < test->count; i++)
			dbids[i] = test->operands[i].number;
		if (test->count > 0)
			qsort(dbids, test->count, sizeof(*dbids), compare_numbers);
		for (size_t i = 0; i < test->count; i++)
			if (count == 0 || dbids[i] != dbids[count - 1])
				dbids[count++] = dbids[i];
		test->settled = true;
		*ret_dbids = dbids;
		*ret_count = count;
		return true;
	}
	return false;
}

int64_t xl_filter_least(const struct xl_filter *filter)
{
	int64_t least = INT64_MIN;

	for (const struct xl_test *test = filter ? filter->tests : NULL; test; test = test->next)
		if (test->field && test->field->kind == XL_DBID &&
		    (test->role == GQL_ROLE_GT || test->role == GQL_ROLE_GTE) && test->operands[0].number > least)
			least = test->operands[0].number;
	return least;
}
