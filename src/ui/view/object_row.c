/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One type of an account, told in cells and in two lines. */
#include "object_row.h"

#include <inttypes.h>
#include <stdio.h>

#include "ledgerdeck/core/memory.h"

#define STALE_INTERVALS 3 /* that may go by before what was read is called stale */

void cell_mark(struct table_cell *cell, struct mark mark)
{
	table_format(cell, mark.role, "%s %s", mark.glyph, mark.word);
}

void cell_count(struct table_cell *cell, int64_t count, enum role role)
{
	char text[FORMAT_MAX];

	table_format(cell, count ? role : ROLE_DIM, "%s", count ? format_count(count, text) : "-");
}

void cell_clock(const struct deck *deck, struct table_cell *cell, int64_t ms)
{
	char text[FORMAT_MAX];

	table_format(cell, ROLE_TEXT, "%s", format_clock(ms, deck_now(deck), text));
}

/* When it runs: how far it is; else when it is read next. */
static void put_next(const struct deck *deck, struct table_cell *cell, const struct object *object)
{
	char read[FORMAT_MAX], all[FORMAT_MAX];
	int64_t records, of;

	if (!deck_progress(deck, object->account_id, object->type, &records, &of))
		cell_clock(deck, cell, object->status == OBJECT_DEAD || !object->wanted ? 0 : object->next_ms);
	else if (of > 0)
		table_format(cell, ROLE_RUNNING, "%s/%s", format_count(records, read), format_count(of, all));
	else
		table_format(cell, ROLE_RUNNING, "%s", format_count(records, read));
}

void object_put(const struct deck *deck, const struct object *object, enum object_cell which, struct table_cell *cell)
{
	int64_t records, of;

	switch (which) {
	case CELL_STATE:
		cell_mark(cell, mark_of_object(object, deck_progress(deck, object->account_id, object->type, &records, &of)));
		break;
	case CELL_TYPE:
		table_text(cell, ROLE_TEXT, object->type);
		break;
	case CELL_LIVE:
		cell_count(cell, object->live, ROLE_TEXT);
		break;
	case CELL_OFF:
		cell_count(cell, object->inactive + object->voided, ROLE_TEXT);
		break;
	case CELL_GONE:
		cell_count(cell, object->deleted, ROLE_TEXT);
		break;
	case CELL_PARKED:
		cell_count(cell, object->parked, ROLE_WARN);
		break;
	case CELL_UP_TO:
		cell_clock(deck, cell, object->cursor_ms > 0 ? object->cursor_ms : 0);
		break;
	case CELL_LAST_RUN:
		cell_clock(deck, cell, object->attempt_ms);
		break;
	case CELL_LAST_OK:
		cell_clock(deck, cell, object->success_ms);
		break;
	case CELL_NEXT:
		put_next(deck, cell, object);
		break;
	case CELL_FAILED:
		cell_count(cell, object->failures, ROLE_FAILED);
		break;
	}
}

/* ---- how fresh it is */

int64_t object_interval_ms(const struct settings *settings, const struct account *account, const struct object *object)
{
	return sync_account_interval_s(settings, account, object) * 1000;
}

bool object_is_stale(const struct object *object, int64_t interval_ms, int64_t now_ms)
{
	return interval_ms > 0 && object->success_ms > 0 && now_ms - object->success_ms > STALE_INTERVALS * interval_ms;
}

bool object_needs(const struct object *object)
{
	return object->status == OBJECT_FAILED || object->status == OBJECT_DEAD || *object->guard;
}

/* ---- in words */

/* How far behind the ledger's clock it is when it has just been read. */
static void add_lag(const struct object *object, struct str *out)
{
	char text[FORMAT_MAX];

	if (object->cursor_ms > 0 && object->success_ms > object->cursor_ms + 1000)
		str_addf(out, ", %s behind its last read", format_left(object->success_ms - object->cursor_ms, text));
}

static void add_well(const struct object *object, struct str *first, struct str *second, enum role *role)
{
	char text[FORMAT_MAX];

	str_addf(first, "Read completely up to %s", object->cursor_ms > 0 ? format_stamp(object->cursor_ms, text) : "nothing yet");
	add_lag(object, first);
	str_add(first, ".");
	if (object->parked) {
		*role = ROLE_WARN;
		str_addf(first, "  %s records could not be kept and are parked.", format_count(object->parked, text));
	}
	if (object->ledger_count >= 0)
		str_addf(first, "  The ledger counts %s.", format_count(object->ledger_count, text));
	if (object->sweep_ms)
		str_addf(second, "Existence proven by a sweep at %s.", format_stamp(object->sweep_ms, text));
	if (object->sweep_due)
		str_add(second, "  A sweep is due.");
}

void object_add_words(const struct deck *deck, const struct account *account, const struct object *object, struct str *first,
		      struct str *second, enum role *role)
{
	struct sync_advice advice;
	char text[80];

	if (*object->guard) {
		*role = ROLE_WARN;
		str_add(first, object->guard);
		str_add(second, deck_keyed(deck, "Look at the records; {approve} lets it delete them.", text, sizeof(text)));
	} else if (object->last_error.code != ERROR_NONE && account) {
		advice = sync_advice(account->provider, &object->last_error);
		*role = object->status == OBJECT_OK ? ROLE_WARN : ROLE_FAILED;
		str_addf(first, "%s  %s", advice.what, object->last_error.text);
		str_addf(second, "%s  Why: %s", advice.act, advice.why);
	} else {
		add_well(object, first, second, role);
	}
	if (*object->drift)
		str_addf(second, "  New members: %s", object->drift);
}

/* ---- what cannot be done */

const char *account_refuses(const struct account *account, const struct object *object, enum action action)
{
	if (action == ACTION_APPROVE && object && !*object->guard)
		return "no sweep waits for approval here";
	if (action == ACTION_RETRY || action == ACTION_RENEW) {
		if (account->state == ACCOUNT_RECONNECT)
			return "it must be connected again first: {connect}";
		if (account->state == ACCOUNT_DISCONNECTED)
			return "it is disconnected; {connect} connects it again";
	}
	if (action == ACTION_PAUSE && !object && account->state != ACCOUNT_OK && account->state != ACCOUNT_PAUSED)
		return "only what is connected can be paused";
	if (action == ACTION_DISCONNECT && account->state == ACCOUNT_DISCONNECTED)
		return "it is disconnected already";
	return NULL;
}
