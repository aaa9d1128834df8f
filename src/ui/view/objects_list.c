/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which objects fit the filter, and what comes before what. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "objects.h"

void objects_id(const void *ctx, size_t row, char *out)
{
	const struct objects_view *view = ctx;
	const struct object *object = &view->found->objects.items[row];

	snprintf(out, LISTING_ID_MAX, "%s %s", object->account_id, object->type);
}

static bool fits(const void *ctx, size_t row)
{
	const struct objects_view *view = ctx;
	const struct object *object = &view->found->objects.items[row];
	const struct account *account = objects_account(view, row);
	const char *const places[] = { object->type, account ? account->name : object->account_id, mark_of_object(object, false).word,
				       account ? environment_word(account->environment) : "", objects_why(object) };

	if (view->failed_only && !object_needs(object) && object->parked == 0)
		return false;
	return listing_words_fit(view->filter, places, sizeof(places) / sizeof(places[0]));
}

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* What needs somebody first, what is left out last. */
static int64_t urgency(const struct object *object)
{
	if (!object->wanted)
		return 4;
	if (object_needs(object))
		return *object->guard ? 1 : 0;
	return object->parked ? 2 : 3;
}

/* What is not planned comes last. */
static int64_t next_of(const struct object *object)
{
	return object->wanted && object->status != OBJECT_DEAD ? object->next_ms : INT64_MAX;
}

static int compare_names(const struct objects_view *view, size_t a, size_t b)
{
	const struct account *one = objects_account(view, a), *other = objects_account(view, b);

	return strcasecmp(one ? one->name : "", other ? other->name : "");
}

static int compare_by(const struct objects_view *view, size_t a, size_t b)
{
	const struct object *one = &view->found->objects.items[a], *other = &view->found->objects.items[b];

	switch (view->sort) {
	case BY_STATE:
		return compare_numbers(urgency(one), urgency(other));
	case BY_TYPE:
		return strcasecmp(one->type, other->type);
	case BY_LIVE:
		return compare_numbers(one->live, other->live);
	case BY_OFF:
		return compare_numbers(one->inactive + one->voided, other->inactive + other->voided);
	case BY_GONE:
		return compare_numbers(one->deleted, other->deleted);
	case BY_LAG:
		return compare_numbers(other->cursor_ms, one->cursor_ms);
	case BY_RAN:
		return compare_numbers(one->attempt_ms, other->attempt_ms);
	case BY_NEXT:
		return compare_numbers(next_of(one), next_of(other));
	case BY_FAILED:
		return compare_numbers(one->failures, other->failures);
	case BY_WHY:
		return strcasecmp(objects_why(one), objects_why(other));
	default:
		return 0;
	}
}

/* Equals stand by company, and as they were made. */
static int compare(const void *ctx, size_t a, size_t b)
{
	const struct objects_view *view = ctx;
	int order = view->sort == BY_COMPANY ? compare_names(view, a, b) : compare_by(view, a, b);

	if (order != 0)
		return view->descending ? -order : order;
	return view->sort == BY_COMPANY ? 0 : compare_names(view, a, b);
}

struct listing_source objects_source(const struct objects_view *view)
{
	return (struct listing_source){ .count = view->found ? view->found->objects.count : 0, .id = objects_id, .fits = fits,
					.compare = compare, .ctx = view };
}
