/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Books with a session for each account. */
#include "session_world.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

void session_world_init(struct session_world *world)
{
	*world = (struct session_world){ 0 };
	books_init(&world->books);
	session_world_begin(world);
	for (size_t i = 0; i < BOOKS_ACCOUNTS; i++) {
		struct session *session = &world->sessions[i];

		*session = (struct session){ .from = date_of(2026, 1, 1), .to = date_of(2026, 1, 31), .source = "resources", .currency = "EUR",
					     .who = "anna", .made_ms = NOW, .changed_ms = NOW };
		memcpy(session->account_id, world->books.accounts[i].id, sizeof(session->account_id));
		expect_ok(sessions_add(world->books.store, session, &world->err), &world->err);
	}
	session_world_commit(world);
}

void session_world_clear(struct session_world *world)
{
	books_clear(&world->books);
}

void session_world_begin(struct session_world *world)
{
	error_clear(&world->err);
	expect_ok(store_begin(world->books.store, &world->err), &world->err);
}

void session_world_commit(struct session_world *world)
{
	expect_ok(store_commit(world->books.store, &world->err), &world->err);
}

int64_t add_item(struct session_world *world, size_t account, enum side side, const char *ref, int64_t amount)
{
	struct session_item item = { .side = side, .type = "Invoice", .ref = ref, .date = date_of(2026, 1, 15), .amount = amount * 1000000,
				     .currency = "EUR", .number = ref };

	expect_ok(session_add_item(world->books.store, &world->sessions[account], &item, &world->err), &world->err);
	return item.no;
}

int64_t add_match(struct session_world *world, size_t account, enum match_pass pass, bool suggested, int64_t first, int64_t second)
{
	struct session_match match = { .pass = pass, .score = 7, .currency = "EUR",
				       .state = suggested ? SESSION_MATCH_SUGGESTED : SESSION_MATCH_SURE };
	int64_t items[] = { first, second };

	expect_ok(session_add_match(world->books.store, &world->sessions[account], &match, items, 2, &world->err), &world->err);
	return match.no;
}

struct session_exception an_exception(enum exception_reason reason, const char *ref, int64_t amount)
{
	struct session_exception exception = { .reason = reason, .type = "Invoice", .currency = "EUR", .amount = amount * 1000000,
					       .has_date = true, .date = date_of(2026, 1, 15) };

	snprintf(exception.key, sizeof(exception.key), "%s Invoice %s", exception_row(reason)->word, ref);
	snprintf(exception.cause, sizeof(exception.cause), "%s", exception_row(reason)->title);
	snprintf(exception.text, sizeof(exception.text), "Invoice %s %s", ref, exception_row(reason)->title);
	snprintf(exception.ref, sizeof(exception.ref), "%s", ref);
	return exception;
}

int64_t add_exception(struct session_world *world, size_t account, enum exception_reason reason, const char *ref, int64_t amount,
		      int64_t now_ms)
{
	struct session_exception exception = an_exception(reason, ref, amount);

	expect_ok(session_add_exception(world->books.store, &world->sessions[account], &exception, now_ms, &world->err), &world->err);
	return exception.no;
}

void set_state(struct session_world *world, size_t account, enum session_state state)
{
	struct session *session = &world->sessions[account];

	session->state = state;
	if (state == SESSION_PREPARED) {
		snprintf(session->preparer, sizeof(session->preparer), "anna");
		session->prepared_ms = NOW + 1000;
	} else if (state == SESSION_SIGNED) {
		snprintf(session->reviewer, sizeof(session->reviewer), "ben");
		session->signed_ms = NOW + 2000;
	}
	session_world_begin(world);
	expect_ok(sessions_save(world->books.store, session, &world->err), &world->err);
	session_world_commit(world);
}

static bool tell_item(void *ctx, const struct session_item *item)
{
	str_addf(ctx, "%lld %s %s %lld %lld;", (long long)item->no, side_word(item->side), item->ref, (long long)(item->amount / 1000000),
		 (long long)item->match);
	return true;
}

void expect_items(struct session_world *world, size_t account, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(10000);

	expect_ok(session_items(world->books.store, world->sessions[account].no, false, 0, 0, tell_item, &text, &world->err), &world->err);
	assert_string_equal(text.text, expected);
}

static bool tell_match(void *ctx, const struct session_match *match)
{
	static const char *const states[] = { "sure", "suggested", "accepted", "rejected" };

	str_addf(ctx, "%lld %d %s %s;", (long long)match->no, (int)match->pass, states[match->state], match->who);
	return true;
}

void expect_matches(struct session_world *world, size_t account, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(10000);

	expect_ok(session_matches(world->books.store, world->sessions[account].no, 0, 0, tell_match, &text, &world->err), &world->err);
	assert_string_equal(text.text, expected);
}

static bool tell_exception(void *ctx, const struct session_exception *exception)
{
	str_addf(ctx, "%lld %s %s %lld %s %s;", (long long)exception->no, exception_row(exception->reason)->word, exception->ref,
		 (long long)(exception->amount / 1000000), exception_state_word(exception->state), exception->assignee);
	return true;
}

void expect_exceptions(struct session_world *world, size_t account, const char *expected)
{
	struct session_exception_query query = { .session = world->sessions[account].no, .reason = -1 };
	AUTO(str_clear) struct str text = STR_INIT(10000);

	expect_ok(session_exceptions(world->books.store, &query, tell_exception, &text, &world->err), &world->err);
	assert_string_equal(text.text, expected);
}

static bool tell_note(void *ctx, const struct session_note *note)
{
	str_addf(ctx, "%lld %lld %s: %s;", (long long)note->no, (long long)note->exception, note->who, note->text);
	return true;
}

void expect_notes(struct session_world *world, size_t account, int64_t exception, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(10000);

	expect_ok(session_notes(world->books.store, world->sessions[account].no, exception, tell_note, &text, &world->err), &world->err);
	assert_string_equal(text.text, expected);
}
