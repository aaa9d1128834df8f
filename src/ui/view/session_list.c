/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which exceptions and sums of a session are shown, and what comes before what. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"
#include "session_view.h"

const char *session_column_name(enum session_column column)
{
	static const char *const names[SESSION_COLUMNS] = {
		[BY_STATE] = "state", [BY_REASON] = "cause", [BY_REF] = "reference", [BY_DATE] = "date", [BY_AMOUNT] = "amount",
		[BY_CURRENCY] = "currency", [BY_AGE] = "age", [BY_WHO] = "assignee", [BY_TEXT] = "text",
	};

	return names[column];
}

/* ---- exceptions */

static void finding_id(const void *ctx, size_t row, char *out)
{
	const struct session_view *view = ctx;

	snprintf(out, LISTING_ID_MAX, "%lld", (long long)view->found->findings[row].no);
}

static bool finding_fits(const void *ctx, size_t row)
{
	const struct session_view *view = ctx;
	const struct finding *finding = &view->found->findings[row];
	const char *const places[] = { exception_state_word(finding->state), exception_row(finding->reason)->word, session_text(view, finding->cause),
				       session_text(view, finding->text), session_text(view, finding->type), session_text(view, finding->ref),
				       session_text(view, finding->record), session_text(view, finding->assignee) };

	if (view->open_only && !exception_is_open(finding->state))
		return false;
	return listing_words_fit(view->filters[PANE_EXCEPTIONS], places, ARRAY_LEN(places));
}

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int compare_by(const struct session_view *view, const struct finding *one, const struct finding *other)
{
	int64_t now_ms = deck_now(view->view.deck);

	switch (view->sort) {
	case BY_STATE:
		return compare_numbers(one->state, other->state);
	case BY_REF:
		return strcasecmp(session_text(view, one->ref), session_text(view, other->ref));
	case BY_DATE:
		return compare_numbers(one->has_date ? one->date.day : INT64_MIN, other->has_date ? other->date.day : INT64_MIN);
	case BY_AMOUNT:
		return compare_numbers(llabs(one->amount), llabs(other->amount));
	case BY_CURRENCY:
		return strcmp(session_text(view, one->currency), session_text(view, other->currency));
	case BY_AGE:
		return compare_numbers(session_age(one->has_date, one->date, one->since_ms, now_ms),
				       session_age(other->has_date, other->date, other->since_ms, now_ms));
	case BY_WHO:
		return strcasecmp(session_text(view, one->assignee), session_text(view, other->assignee));
	case BY_TEXT:
		return strcasecmp(session_text(view, one->text), session_text(view, other->text));
	default:
		return 0;
	}
}

/* What stands for one cause stands together. */
static int compare_causes(const struct session_view *view, const struct finding *one, const struct finding *other)
{
	int order = compare_numbers(one->reason, other->reason);

	return order ? order : strcmp(session_text(view, one->cause), session_text(view, other->cause));
}

static int compare_findings(const void *ctx, size_t a, size_t b)
{
	const struct session_view *view = ctx;
	const struct finding *one = &view->found->findings[a], *other = &view->found->findings[b];
	int order = view->sort == BY_REASON ? compare_causes(view, one, other) : compare_by(view, one, other);

	if (order != 0)
		return view->descending ? -order : order;
	return compare_causes(view, one, other);
}

/* ---- sums: those that differ come first */

static void tied_id(const void *ctx, size_t row, char *out)
{
	const struct session_view *view = ctx;
	const struct tied *tied = &view->found->ties[row];

	/* Their numbers are another round's others. */
	snprintf(out, LISTING_ID_MAX, "%s %.40s %s", tie_word(tied->tie), session_text(view, tied->key), session_text(view, tied->currency));
}

static bool tied_fits(const void *ctx, size_t row)
{
	const struct session_view *view = ctx;
	const struct tied *tied = &view->found->ties[row];
	const char *const places[] = { tie_word(tied->tie), tie_title(tied->tie), session_text(view, tied->name), session_text(view, tied->currency),
				       tied->equal ? "equal" : "differs" };

	if (view->open_only && tied->equal)
		return false;
	return listing_words_fit(view->filters[PANE_TIES], places, ARRAY_LEN(places));
}

static int compare_ties(const void *ctx, size_t a, size_t b)
{
	const struct session_view *view = ctx;

	return (int)view->found->ties[a].equal - (int)view->found->ties[b].equal;
}

/* ---- both */

struct listing_source session_source(const struct session_view *view, enum session_pane pane)
{
	bool has = session_of(view);

	if (pane == PANE_EXCEPTIONS)
		return (struct listing_source){ .count = has ? view->found->finding_count : 0, .id = finding_id, .fits = finding_fits,
						.compare = compare_findings, .ctx = view };
	return (struct listing_source){ .count = has ? view->found->tie_count : 0, .id = tied_id, .fits = tied_fits, .compare = compare_ties,
					.ctx = view };
}

void session_arrange(struct session_view *view, enum session_pane pane)
{
	struct listing_source source = session_source(view, pane);

	listing_arrange(&view->lists[pane], &source);
}
