/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounds of a session: what the last one found is replaced whole or not at all, and what people said stays. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/compress.h"
#include "ledgerdeck/core/memory.h"

#include "session_world.h"

#define MANY 5000

static void begin(struct session_world *world, size_t account)
{
	session_world_begin(world);
	expect_ok(session_round_begin(world->books.store, &world->sessions[account], &world->err), &world->err);
}

static void end(struct session_world *world, size_t account, int64_t now_ms)
{
	expect_ok(session_round_end(world->books.store, &world->sessions[account], true, now_ms, &world->err), &world->err);
	session_world_commit(world);
}

static struct session_totals totals_of(struct session_world *world, size_t account)
{
	struct session_totals totals;

	expect_ok(session_totals(world->books.store, world->sessions[account].no, date_of(2026, 2, 20), &totals, &world->err), &world->err);
	return totals;
}

/* ---- items and matches ---- */

static void a_round_takes_the_place_of_the_last(void **state)
{
	AUTO(session_world_clear) struct session_world world;

	(void)state;
	session_world_init(&world);
	begin(&world, 0);
	for (size_t i = 0; i < BOOKS_ACCOUNTS; i++) {
		add_item(&world, i, SIDE_SOURCE, "c1", 10);
		add_item(&world, i, SIDE_SOURCE, "c2", 20);
		add_item(&world, i, SIDE_MIRROR, "41", 10);
		add_item(&world, i, SIDE_MIRROR, "42", 21);
		add_match(&world, i, MATCH_LINK, false, 1, 3);
		add_match(&world, i, MATCH_TOLERANCE, true, 2, 4);
	}
	end(&world, 0, NOW + 1);
	assert_int_equal(world.sessions[0].rounds, 1);
	assert_int_equal(world.sessions[0].read_ms, NOW + 1);
	expect_items(&world, 0, "1 source c1 10 1;2 source c2 20 2;3 mirror 41 10 1;4 mirror 42 21 2;");
	expect_matches(&world, 0, "1 1 sure ;2 7 suggested ;");
	begin(&world, 0);
	add_item(&world, 0, SIDE_SOURCE, "c2", 21);
	add_item(&world, 0, SIDE_MIRROR, "42", 21);
	add_match(&world, 0, MATCH_NUMBER, false, 1, 2);
	end(&world, 0, NOW + 2);
	expect_items(&world, 0, "1 source c2 21 1;2 mirror 42 21 1;");
	expect_matches(&world, 0, "1 4 sure ;");
	assert_int_equal(world.sessions[0].rounds, 2);
	/* The other account's, with the same numbers and names, is as it was. */
	expect_items(&world, 1, "1 source c1 10 1;2 source c2 20 2;3 mirror 41 10 1;4 mirror 42 21 2;");
	expect_matches(&world, 1, "1 1 sure ;2 7 suggested ;");
}

static bool tell_no(void *ctx, const struct session_item *item)
{
	str_addf(ctx, "%lld ", (long long)item->no);
	return true;
}

static void expect_of_match(struct session_world *world, int64_t match, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(1000);

	expect_ok(session_items_of_match(world->books.store, world->sessions[0].no, match, tell_no, &text, &world->err), &world->err);
	assert_string_equal(text.text, expected);
}

static void expect_unmatched(struct session_world *world, int64_t after, int64_t limit, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(1000);

	expect_ok(session_items(world->books.store, world->sessions[0].no, true, after, limit, tell_no, &text, &world->err), &world->err);
	assert_string_equal(text.text, expected);
}

static bool keep_item(void *ctx, const struct session_item *item)
{
	str_addf(ctx, "%lld %s %s %s %s %d %lld %s %s %s %s %s %lld", (long long)item->no, side_word(item->side), item->type, item->ref,
		 item->version, (int)item->date.day, (long long)item->amount, item->currency, item->number, item->party, item->party_name,
		 item->memo, (long long)item->match);
	return true;
}

static void items_come_back(void **state)
{
	struct session_item item = { .side = SIDE_MIRROR, .type = "Payment", .ref = "7", .version = "2", .date = { 20000 }, .amount = -1234560,
				     .currency = "EUR", .number = "P-7", .party = "42", .party_name = "Acme", .memo = "thanks", .match = 9 };
	struct session_item bare = { .side = SIDE_LEDGER };
	AUTO(session_world_clear) struct session_world world;
	AUTO(str_clear) struct str text = STR_INIT(1000);

	(void)state;
	session_world_init(&world);
	begin(&world, 0);
	expect_ok(session_add_item(world.books.store, &world.sessions[0], &item, &world.err), &world.err);
	expect_ok(session_add_item(world.books.store, &world.sessions[0], &bare, &world.err), &world.err);
	end(&world, 0, NOW);
	for (int64_t no = 1; no <= 3; no++)
		expect_ok(session_item(world.books.store, world.sessions[0].no, no, keep_item, &text, &world.err), &world.err);
	assert_string_equal(text.text, "1 mirror Payment 7 2 20000 -1234560 EUR P-7 42 Acme thanks 02 ledger    0 0      0");
	expect_unmatched(&world, 0, 0, "1 2 ");
	expect_unmatched(&world, 0, 1, "1 ");
	expect_unmatched(&world, 1, 1, "2 ");
}

static struct session_match answer(struct session_world *world, int64_t no, int state, const char *who)
{
	struct session_match match = { .no = no, .at_ms = NOW + 5 };

	match.state = state;
	snprintf(match.who, sizeof(match.who), "%s", who);
	session_world_begin(world);
	expect_ok(session_save_match(world->books.store, &world->sessions[0], &match, &world->err), &world->err);
	session_world_commit(world);
	return match;
}

static bool tell_answer(void *ctx, const struct session_answer *given)
{
	str_addf(ctx, "%lld %d %s %s %s %lld;", (long long)given->match->no, (int)given->match->state, side_word(given->side), given->type,
		 given->ref, (long long)(given->amount / 1000000));
	return true;
}

static void expect_answers(struct session_world *world, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(1000);

	expect_ok(session_answers(world->books.store, world->sessions[0].no, tell_answer, &text, &world->err), &world->err);
	assert_string_equal(text.text, expected);
}

/* Two suggestions of two items each. */
static void suggest(struct session_world *world)
{
	begin(world, 0);
	add_item(world, 0, SIDE_SOURCE, "c1", 10);
	add_item(world, 0, SIDE_SOURCE, "c2", 20);
	add_item(world, 0, SIDE_MIRROR, "41", 10);
	add_item(world, 0, SIDE_MIRROR, "42", 21);
	add_match(world, 0, MATCH_SCORE, true, 1, 3);
	add_match(world, 0, MATCH_SCORE, true, 2, 4);
	end(world, 0, NOW);
}

static void an_answer_can_be_taken_back(void **state)
{
	AUTO(session_world_clear) struct session_world world;
	struct session_match match;
	int64_t items[] = { 2, 3 };

	(void)state;
	session_world_init(&world);
	suggest(&world);
	answer(&world, 1, SESSION_MATCH_ACCEPTED, "anna");
	answer(&world, 2, SESSION_MATCH_REJECTED, "ben");
	expect_matches(&world, 0, "1 8 accepted anna;2 8 rejected ben;");
	expect_answers(&world, "1 2 source Invoice c1 10;1 2 mirror Invoice 41 10;2 3 source Invoice c2 20;2 3 mirror Invoice 42 21;");
	/* What was kept apart is free, and the match still tells what it was of. */
	expect_unmatched(&world, 0, 0, "2 4 ");
	expect_of_match(&world, 1, "1 3 ");
	expect_of_match(&world, 2, "2 4 ");
	answer(&world, 2, SESSION_MATCH_SUGGESTED, "");
	expect_unmatched(&world, 0, 0, "");
	expect_answers(&world, "1 2 source Invoice c1 10;1 2 mirror Invoice 41 10;");
	/* What was free may be another's by now. */
	answer(&world, 1, SESSION_MATCH_REJECTED, "anna");
	answer(&world, 2, SESSION_MATCH_REJECTED, "anna");
	session_world_begin(&world);
	match = (struct session_match){ .pass = MATCH_HAND, .state = SESSION_MATCH_ACCEPTED, .who = "anna" };
	expect_ok(session_add_match(world.books.store, &world.sessions[0], &match, items, 2, &world.err), &world.err);
	session_world_commit(&world);
	assert_int_equal(match.no, 3);
	session_world_begin(&world);
	match = (struct session_match){ .no = 2, .state = SESSION_MATCH_ACCEPTED };
	expect_error(session_save_match(world.books.store, &world.sessions[0], &match, &world.err), &world.err, ERROR_CONFLICT,
		     "matched with something else by now");
	match.no = 4;
	expect_error(session_save_match(world.books.store, &world.sessions[0], &match, &world.err), &world.err, ERROR_INPUT, "no match 4");
	match = (struct session_match){ .pass = MATCH_HAND };
	expect_error(session_add_match(world.books.store, &world.sessions[0], &match, items, 2, &world.err), &world.err, ERROR_CONFLICT,
		     "item 2 is of another match already");
	items[0] = 5;
	match.no = 0;
	expect_error(session_add_match(world.books.store, &world.sessions[0], &match, items, 1, &world.err), &world.err, ERROR_CONFLICT,
		     "item 5");
	session_world_commit(&world);
}

static void answers_stay_from_round_to_round(void **state)
{
	AUTO(session_world_clear) struct session_world world;
	struct session_match match;
	int64_t accepted[] = { 2, 1 }, rejected[] = { 3, 4 };

	(void)state;
	session_world_init(&world);
	suggest(&world);
	answer(&world, 1, SESSION_MATCH_ACCEPTED, "anna");
	answer(&world, 2, SESSION_MATCH_REJECTED, "ben");
	begin(&world, 0);
	expect_matches(&world, 0, "1 8 accepted anna;2 8 rejected ben;");
	expect_of_match(&world, 2, "");
	add_item(&world, 0, SIDE_MIRROR, "41", 10);
	add_item(&world, 0, SIDE_SOURCE, "c1", 10);
	add_item(&world, 0, SIDE_MIRROR, "42", 21);
	add_item(&world, 0, SIDE_SOURCE, "c2", 20);
	match = (struct session_match){ .no = 1, .score = 3 };
	expect_ok(session_add_match(world.books.store, &world.sessions[0], &match, accepted, 2, &world.err), &world.err);
	assert_int_equal(match.state, SESSION_MATCH_ACCEPTED);
	assert_string_equal(match.who, "anna");
	match = (struct session_match){ .no = 2 };
	expect_ok(session_add_match(world.books.store, &world.sessions[0], &match, rejected, 2, &world.err), &world.err);
	assert_int_equal(add_match(&world, 0, MATCH_NUMBER, false, 3, 4), 3);
	match = (struct session_match){ .no = 3 };
	expect_error(session_add_match(world.books.store, &world.sessions[0], &match, rejected, 2, &world.err), &world.err, ERROR_INPUT,
		     "was not answered");
	end(&world, 0, NOW);
	expect_of_match(&world, 1, "1 2 ");
	expect_of_match(&world, 2, "3 4 ");
	assert_int_equal(totals_of(&world, 0).matched, 2);
	/* In a round that does not find it, it counts nothing, and is there still. */
	begin(&world, 0);
	end(&world, 0, NOW);
	expect_matches(&world, 0, "1 8 accepted anna;2 8 rejected ben;");
	assert_int_equal(totals_of(&world, 0).matched, 0);
	assert_int_equal(totals_of(&world, 0).passes[MATCH_SCORE], 0);
}

/* ---- exceptions ---- */

static void decide(struct session_world *world, int64_t no, enum exception_state state, const char *assignee)
{
	struct session_exception exception;
	bool found;

	session_world_begin(world);
	expect_ok(session_exception(world->books.store, world->sessions[0].no, no, &exception, &found, &world->err), &world->err);
	assert_true(found);
	exception.state = state;
	exception.changed_ms = NOW + 7;
	snprintf(exception.assignee, sizeof(exception.assignee), "%s", assignee);
	snprintf(exception.who, sizeof(exception.who), "anna");
	expect_ok(session_save_exception(world->books.store, &world->sessions[0], &exception, &world->err), &world->err);
	expect_ok(session_add_note(world->books.store, &world->sessions[0],
				   &(struct session_note){ .exception = no, .at_ms = NOW, .who = "anna", .text = "because" }, &world->err), &world->err);
	session_world_commit(world);
}

static void exceptions_are_found_again(void **state)
{
	AUTO(session_world_clear) struct session_world world;

	(void)state;
	session_world_init(&world);
	begin(&world, 0);
	add_exception(&world, 0, EXCEPTION_AMOUNT, "c1", 1, NOW);
	add_exception(&world, 0, EXCEPTION_AMOUNT, "c2", 2, NOW);
	add_exception(&world, 0, EXCEPTION_NOT_IN_LEDGER, "c3", 3, NOW);
	add_exception(&world, 0, EXCEPTION_GONE, "c4", 4, NOW);
	add_exception(&world, 1, EXCEPTION_AMOUNT, "c1", 9, NOW);
	end(&world, 0, NOW);
	decide(&world, 1, EXCEPTION_ACCEPTED, "");
	decide(&world, 2, EXCEPTION_EXPLAINED, "ben");
	decide(&world, 3, EXCEPTION_ASSIGNED, "carla");
	begin(&world, 0);
	/* In another order, with one moved, one gone and one new. */
	assert_int_equal(add_exception(&world, 0, EXCEPTION_NOT_IN_LEDGER, "c3", 33, NOW + DAY), 3);
	assert_int_equal(add_exception(&world, 0, EXCEPTION_DATE, "c1", 0, NOW + DAY), 5);
	assert_int_equal(add_exception(&world, 0, EXCEPTION_AMOUNT, "c2", 22, NOW + DAY), 2);
	assert_int_equal(add_exception(&world, 0, EXCEPTION_AMOUNT, "c1", 1, NOW + DAY), 1);
	end(&world, 0, NOW + DAY);
	expect_exceptions(&world, 0, "1 amount c1 1 accepted ;2 amount c2 22 assigned ben;3 not-in-ledger c3 33 assigned carla;"
			  "4 gone c4 4 closed ;5 date c1 0 open ;");
	expect_notes(&world, 0, 1, "1 1 anna: because;");
	expect_notes(&world, 0, 2, "2 2 anna: because;4 2 engine: open again: it was explained while the difference was 2 EUR, and is 22 EUR now;");
	expect_notes(&world, 0, 3, "3 3 anna: because;");
	/* What agreed and does not any more is the same one. */
	begin(&world, 0);
	assert_int_equal(add_exception(&world, 0, EXCEPTION_GONE, "c4", 4, NOW + 2 * DAY), 4);
	assert_int_equal(add_exception(&world, 0, EXCEPTION_AMOUNT, "c1", -1, NOW + 2 * DAY), 1);
	end(&world, 0, NOW + 2 * DAY);
	expect_exceptions(&world, 0, "1 amount c1 -1 open ;2 amount c2 22 closed ben;3 not-in-ledger c3 33 closed carla;4 gone c4 4 open ;"
			  "5 date c1 0 closed ;");
	expect_notes(&world, 0, 4, "5 4 engine: open again: it had agreed, and does not any more;");
	expect_notes(&world, 0, 1, "1 1 anna: because;6 1 engine: open again: it was accepted while the difference was 1 EUR, and is -1 EUR now;");
	expect_exceptions(&world, 1, "1 amount c1 9 open ;");
	expect_notes(&world, 1, -1, "");
}

/* Of its sums only the ledger tells: what nobody asked it about stays as it was, with what was said of it. */
static void a_round_without_the_ledger_closes_no_sums(void **state)
{
	AUTO(session_world_clear) struct session_world world;

	(void)state;
	session_world_init(&world);
	begin(&world, 0);
	add_exception(&world, 0, EXCEPTION_TIE, "a1", 1, NOW);
	add_exception(&world, 0, EXCEPTION_UNKNOWN, "a2", 2, NOW);
	add_exception(&world, 0, EXCEPTION_AMOUNT, "c1", 3, NOW);
	end(&world, 0, NOW);
	decide(&world, 1, EXCEPTION_ACCEPTED, "");
	begin(&world, 0);
	expect_ok(session_round_end(world.books.store, &world.sessions[0], false, NOW + 1, &world.err), &world.err);
	session_world_commit(&world);
	expect_exceptions(&world, 0, "1 tie a1 1 accepted ;2 unknown a2 2 open ;3 amount c1 3 closed ;");
	begin(&world, 0);
	end(&world, 0, NOW + 2);
	expect_exceptions(&world, 0, "1 tie a1 1 closed ;2 unknown a2 2 closed ;3 amount c1 3 closed ;");
}

static void an_exception_comes_back_whole(void **state)
{
	struct session_exception exception = an_exception(EXCEPTION_CURRENCY, "c1", 5), found;
	AUTO(session_world_clear) struct session_world world;
	bool there;

	(void)state;
	session_world_init(&world);
	snprintf(exception.record, sizeof(exception.record), "42");
	exception.resource = 7;
	exception.match = 8;
	exception.source_item = 9;
	exception.mirror_item = 10;
	begin(&world, 0);
	expect_ok(session_add_exception(world.books.store, &world.sessions[0], &exception, NOW, &world.err), &world.err);
	expect_error(session_add_exception(world.books.store, &world.sessions[0], &exception, NOW, &world.err), &world.err, ERROR_INTERNAL,
		     "two exceptions of one round are 'currency Invoice c1'");
	end(&world, 0, NOW);
	expect_ok(session_exception(world.books.store, world.sessions[0].no, 1, &found, &there, &world.err), &world.err);
	assert_true(there);
	assert_string_equal(found.key, exception.key);
	assert_string_equal(found.cause, exception.cause);
	assert_string_equal(found.text, exception.text);
	assert_string_equal(found.type, "Invoice");
	assert_string_equal(found.record, "42");
	assert_true(found.reason == EXCEPTION_CURRENCY && found.resource == 7 && found.match == 8 && found.source_item == 9);
	assert_true(found.mirror_item == 10 && found.has_date && found.date.day == exception.date.day && found.round == 1);
	assert_true(found.since_ms == NOW && found.changed_ms == NOW && found.amount == 5000000);
	/* Whoever only has another date is the same, and its times stay. */
	exception.has_date = false;
	snprintf(exception.text, sizeof(exception.text), "in other words");
	begin(&world, 0);
	expect_ok(session_add_exception(world.books.store, &world.sessions[0], &exception, NOW + DAY, &world.err), &world.err);
	end(&world, 0, NOW + DAY);
	expect_ok(session_exception(world.books.store, world.sessions[0].no, 1, &found, &there, &world.err), &world.err);
	assert_true(!found.has_date && found.since_ms == NOW && found.changed_ms == NOW && found.round == 2);
	assert_string_equal(found.text, "in other words");
	expect_ok(session_exception(world.books.store, world.sessions[0].no, 2, &found, &there, &world.err), &world.err);
	assert_false(there);
	session_world_begin(&world);
	found.no = 2;
	expect_error(session_save_exception(world.books.store, &world.sessions[0], &found, &world.err), &world.err, ERROR_INPUT,
		     "has no exception 2");
	session_world_commit(&world);
}

static bool tell_exception_no(void *ctx, const struct session_exception *exception)
{
	str_addf(ctx, "%lld ", (long long)exception->no);
	return true;
}

static void exceptions_are_asked_for_by_what_they_are(void **state)
{
	AUTO(session_world_clear) struct session_world world;

	(void)state;
	session_world_init(&world);
	begin(&world, 0);
	add_exception(&world, 0, EXCEPTION_AMOUNT, "c1", 1, NOW);
	add_exception(&world, 0, EXCEPTION_GONE, "c2", 2, NOW);
	add_exception(&world, 0, EXCEPTION_AMOUNT, "c3", 3, NOW);
	add_exception(&world, 1, EXCEPTION_AMOUNT, "c4", 3, NOW);
	end(&world, 0, NOW);
	decide(&world, 1, EXCEPTION_ACCEPTED, "");
	decide(&world, 3, EXCEPTION_ASSIGNED, "ben");
	for (int i = 0; i < 7; i++) {
		static const char *const expected[] = { "1 2 3 ", "2 3 ", "1 3 ", "3 ", "2 ", "2 3 ", "1 " };
		struct session_exception_query query = { .session = world.sessions[0].no, .reason = -1 };
		AUTO(str_clear) struct str text = STR_INIT(1000);

		query.open_only = i == 1;
		query.cause = i == 2 ? exception_row(EXCEPTION_AMOUNT)->title : NULL;
		query.assignee = i == 3 ? "ben" : NULL;
		query.reason = i == 4 ? EXCEPTION_GONE : -1;
		query.after_no = i == 5 ? 1 : 0;
		query.limit = i == 6 ? 1 : 0;
		expect_ok(session_exceptions(world.books.store, &query, tell_exception_no, &text, &world.err), &world.err);
		assert_string_equal(text.text, expected[i]);
	}
}

/* ---- what it comes to ---- */

static bool tell_sum(void *ctx, const struct session_sum *sum)
{
	str_addf(ctx, "%s %lld %lld %lld;", sum->currency, (long long)sum->source, (long long)sum->mirror, (long long)sum->unexplained);
	return true;
}

static void expect_sums(struct session_world *world, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(1000);

	expect_ok(session_sums(world->books.store, world->sessions[0].no, tell_sum, &text, &world->err), &world->err);
	assert_string_equal(text.text, expected);
}

static void totals_are_of_what_is_there(void **state)
{
	AUTO(session_world_clear) struct session_world world;
	struct session_tie tie = { .tie = TIE_ACCOUNT, .equal = true };
	struct session_exception undated = an_exception(EXCEPTION_TIE, "tie", 4);
	struct session_totals totals;

	(void)state;
	session_world_init(&world);
	suggest(&world);
	begin(&world, 0);
	add_item(&world, 0, SIDE_SOURCE, "c1", 10);
	add_item(&world, 0, SIDE_SOURCE, "c2", 20);
	add_item(&world, 0, SIDE_SOURCE, "c3", 20);
	add_item(&world, 0, SIDE_MIRROR, "41", 10);
	add_item(&world, 0, SIDE_MIRROR, "42", 21);
	add_item(&world, 0, SIDE_LEDGER, "43", 5);
	add_match(&world, 0, MATCH_LINK, false, 1, 4);
	add_match(&world, 0, MATCH_TOLERANCE, true, 2, 5);
	add_exception(&world, 0, EXCEPTION_AMOUNT, "c1", 1, NOW);
	add_exception(&world, 0, EXCEPTION_AMOUNT, "c2", -8, NOW);
	add_exception(&world, 0, EXCEPTION_NOT_IN_LEDGER, "c3", 20, NOW);
	undated.has_date = false;
	expect_ok(session_add_exception(world.books.store, &world.sessions[0], &undated, date_of(2026, 2, 19).day * DAY_MS + 5, &world.err),
		  &world.err);
	for (int i = 0; i < 3; i++, tie.equal = false)
		expect_ok(session_add_tie(world.books.store, &world.sessions[0], &tie, &world.err), &world.err);
	end(&world, 0, NOW);
	decide(&world, 1, EXCEPTION_EXPLAINED, "");
	totals = totals_of(&world, 0);
	assert_true(totals.items[SIDE_SOURCE] == 3 && totals.items[SIDE_MIRROR] == 2 && totals.items[SIDE_LEDGER] == 1);
	assert_true(totals.matched == 1 && totals.suggested == 1);
	assert_true(totals.passes[MATCH_LINK] == 1 && totals.passes[MATCH_TOLERANCE] == 1 && totals.passes[MATCH_SCORE] == 0);
	assert_true(totals.exceptions[EXCEPTION_AMOUNT] == 1 && totals.exceptions[EXCEPTION_NOT_IN_LEDGER] == 1);
	assert_true(totals.states[EXCEPTION_OPEN] == 3 && totals.states[EXCEPTION_EXPLAINED] == 1);
	/* From 15 January to 20 February are 36 days. */
	assert_true(totals.ages[0] == 1 && totals.ages[1] == 0 && totals.ages[2] == 2 && totals.ages[3] == 0);
	assert_true(totals.ties == 3 && totals.ties_equal == 1);
	expect_sums(&world, "EUR 50000000 31000000 16000000;");
	totals = totals_of(&world, 1);
	assert_true(totals.items[SIDE_SOURCE] == 0 && totals.ties == 0 && totals.states[EXCEPTION_OPEN] == 0);
}

static void sums_are_kept_apart_by_currency(void **state)
{
	AUTO(session_world_clear) struct session_world world;
	AUTO(str_clear) struct str text = STR_INIT(100);
	struct session_item item = { .side = SIDE_MIRROR, .currency = "USD", .amount = INT64_MAX };
	struct session_exception exception = an_exception(EXCEPTION_AMOUNT, "c1", 3);

	(void)state;
	session_world_init(&world);
	snprintf(exception.currency, sizeof(exception.currency), "CHF");
	begin(&world, 0);
	expect_ok(session_add_item(world.books.store, &world.sessions[0], &item, &world.err), &world.err);
	add_item(&world, 0, SIDE_SOURCE, "c1", -10);
	expect_ok(session_add_exception(world.books.store, &world.sessions[0], &exception, NOW, &world.err), &world.err);
	end(&world, 0, NOW);
	expect_sums(&world, "CHF 0 0 3000000;EUR -10000000 0 0;USD 0 9223372036854775807 0;");
	/* What can't be counted is not told as something else. */
	begin(&world, 0);
	expect_ok(session_add_item(world.books.store, &world.sessions[0], &item, &world.err), &world.err);
	item.amount = 1;
	expect_ok(session_add_item(world.books.store, &world.sessions[0], &item, &world.err), &world.err);
	end(&world, 0, NOW);
	expect_error(session_sums(world.books.store, world.sessions[0].no, tell_sum, &text, &world.err), &world.err, ERROR_INPUT,
		     "larger than can be counted");
}

/* ---- ties, reports, notes, acts ---- */

static bool tell_tie(void *ctx, const struct session_tie *tie)
{
	str_addf(ctx, "%lld %s %s %s %s %lld %lld %d %s;", (long long)tie->no, tie_word(tie->tie), tie->key, tie->name, tie->currency,
		 (long long)tie->mirror, (long long)tie->ledger, (int)tie->equal, tie->detail);
	return true;
}

struct raw {
	const char *bytes;
	size_t len;
	int count;
};

static bool same_raw(void *ctx, const struct session_report *report, const char *raw, size_t len)
{
	struct raw *expected = ctx;

	expected->count++;
	assert_int_equal(report->no, expected->count);
	assert_string_equal(report->report, "GeneralLedger");
	assert_string_equal(report->args, "{\"from\":\"2026-01-01\"}");
	assert_string_equal(report->trace_id, "1-abc");
	assert_string_equal(report->digest, "d1");
	assert_true(report->reading == report->no && report->read_ms == NOW && report->ledger_ms == NOW + 1);
	assert_int_equal(len, expected->count == 1 ? expected->len : 0);
	assert_memory_equal(raw, expected->bytes, len);
	return true;
}

/* Also a report that is longer than what is packed in one piece. */
static void reports_and_ties_come_back(void **state)
{
	struct session_report report = { .report = "GeneralLedger", .args = "{\"from\":\"2026-01-01\"}", .reading = 1, .read_ms = NOW,
					 .ledger_ms = NOW + 1, .trace_id = "1-abc", .digest = "d1" };
	struct session_tie tie = { .tie = TIE_CONTROL, .key = "84", .name = "Accounts Receivable", .currency = "EUR", .mirror = 5, .ledger = 7,
				   .detail = "{\"days\":[]}" };
	size_t len = COMPRESS_RECORD_MAX + 12345;
	AUTO(session_world_clear) struct session_world world;
	AUTO(memory_freep) char *bytes = memory_new(len);
	AUTO(str_clear) struct str text = STR_INIT(1000);
	struct raw expected = { .bytes = bytes, .len = len };

	(void)state;
	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(i * i / 7);
	session_world_init(&world);
	begin(&world, 0);
	expect_ok(session_add_report(world.books.store, &world.sessions[0], &report, bytes, len, &world.err), &world.err);
	report.reading = 2;
	expect_ok(session_add_report(world.books.store, &world.sessions[0], &report, "", 0, &world.err), &world.err);
	expect_ok(session_add_tie(world.books.store, &world.sessions[0], &tie, &world.err), &world.err);
	end(&world, 0, NOW);
	expect_ok(session_reports(world.books.store, world.sessions[0].no, same_raw, &expected, &world.err), &world.err);
	assert_int_equal(expected.count, 2);
	assert_true(books_number(&world.books, "SELECT sum(length(bytes)) FROM session_report_part") < (int64_t)len / 10);
	expect_ok(session_ties(world.books.store, world.sessions[0].no, tell_tie, &text, &world.err), &world.err);
	assert_string_equal(text.text, "1 control 84 Accounts Receivable EUR 5 7 0 {\"days\":[]};");
	begin(&world, 0);
	end(&world, 0, NOW);
	assert_int_equal(books_number(&world.books, "SELECT (SELECT count(*) FROM session_report_part) + (SELECT count(*) FROM session_report) + "
				      "(SELECT count(*) FROM session_tie)"), 0);
}

static bool tell_act(void *ctx, const struct session_act *act)
{
	str_addf(ctx, "%lld %s %s %s%s;", (long long)act->no, act->who, act->what, act->before, act->undone ? " undone" : "");
	return true;
}

static void what_was_done_is_undone_backwards(void **state)
{
	static const char *const expected[] = { "3 anna accept {\"no\":3};", "2 anna accept {\"no\":2};", "1 anna accept {\"no\":1};", "" };
	AUTO(session_world_clear) struct session_world world;
	AUTO(str_clear) struct str all = STR_INIT(1000);
	struct session_act act = { .at_ms = NOW, .who = "anna", .what = "accept" };
	char before[24];

	(void)state;
	session_world_init(&world);
	session_world_begin(&world);
	for (int i = 1; i <= 3; i++) {
		snprintf(before, sizeof(before), "{\"no\":%d}", i);
		act.before = before;
		expect_ok(session_add_act(world.books.store, &world.sessions[0], &act, &world.err), &world.err);
	}
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		AUTO(str_clear) struct str text = STR_INIT(1000);

		expect_ok(session_last_act(world.books.store, world.sessions[0].no, tell_act, &text, &world.err), &world.err);
		assert_string_equal(text.text, expected[i]);
		expect_ok(session_act_undone(world.books.store, &world.sessions[0], 3 - (int64_t)i, &world.err), &world.err);
	}
	session_world_commit(&world);
	expect_ok(session_acts(world.books.store, world.sessions[0].no, tell_act, &all, &world.err), &world.err);
	assert_string_equal(all.text, "1 anna accept {\"no\":1} undone;2 anna accept {\"no\":2} undone;3 anna accept {\"no\":3} undone;");
	expect_ok(session_last_act(world.books.store, world.sessions[1].no, tell_act, &all, &world.err), &world.err);
}

/* ---- whole or not at all ---- */

static bool add_many(struct session_world *world)
{
	struct session *session = &world->sessions[0];
	struct store *store = world->books.store;

	if (!session_round_begin(store, session, &world->err))
		return false;
	for (int i = 0; i < MANY; i++) {
		struct session_exception exception;
		struct session_item item = { .side = SIDE_SOURCE, .type = "Invoice", .amount = i, .currency = "EUR" };
		char ref[24];

		snprintf(ref, sizeof(ref), "r%d", i);
		item.ref = ref;
		exception = an_exception(EXCEPTION_NOT_IN_LEDGER, ref, 1);
		if (!session_add_item(store, session, &item, &world->err) ||
		    !session_add_exception(store, session, &exception, NOW, &world->err))
			return false;
	}
	return session_round_end(store, session, true, NOW, &world->err);
}

static void a_round_that_is_not_committed_never_was(void **state)
{
	AUTO(session_world_clear) struct session_world world;

	(void)state;
	session_world_init(&world);
	suggest(&world);
	{
		AUTO(store_end) struct store *transaction = world.books.store;

		session_world_begin(&world);
		expect_ok(add_many(&world), &world.err);
		assert_int_equal(totals_of(&world, 0).items[SIDE_SOURCE], MANY);
		assert_int_equal(totals_of(&world, 0).states[EXCEPTION_OPEN], MANY);
		assert_non_null(transaction);
	}
	expect_items(&world, 0, "1 source c1 10 1;2 source c2 20 2;3 mirror 41 10 1;4 mirror 42 21 2;");
	expect_exceptions(&world, 0, "");
	assert_int_equal(books_number(&world.books, "SELECT rounds FROM session WHERE no = 1"), 1);
}

/* Says when a round is as good as done, and is killed then. */
static int never_commits(void *ctx, const struct ends *ends)
{
	struct session_world *world = ctx;

	if (!store_open(world->books.place.path, STORE_WRITE, 0, &world->books.store, NULL) || !store_begin(world->books.store, NULL) ||
	    !add_many(world))
		return 1;
	ends_say(ends);
	ends_hear(ends);
	return 2;
}

static void killed_in_a_round_it_has_the_one_before(void **state)
{
	AUTO(session_world_clear) struct session_world world;
	struct child child;

	(void)state;
	session_world_init(&world);
	suggest(&world);
	store_closep(&world.books.store);
	child = child_new(never_commits, &world);
	assert_true(ends_hear(&child.ends));
	assert_int_equal(kill(child.pid, SIGKILL), 0);
	assert_int_equal(child_wait(&child), -SIGKILL);
	world.books.store = place_open(&world.books.place, STORE_WRITE);
	expect_items(&world, 0, "1 source c1 10 1;2 source c2 20 2;3 mirror 41 10 1;4 mirror 42 21 2;");
	session_world_begin(&world);
	expect_ok(add_many(&world), &world.err);
	session_world_commit(&world);
	assert_int_equal(totals_of(&world, 0).items[SIDE_SOURCE], MANY);
	assert_int_equal(world.sessions[0].rounds, 2);
}

int test_session_round(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_round_takes_the_place_of_the_last),
		cmocka_unit_test(items_come_back),
		cmocka_unit_test(an_answer_can_be_taken_back),
		cmocka_unit_test(answers_stay_from_round_to_round),
		cmocka_unit_test(exceptions_are_found_again),
		cmocka_unit_test(a_round_without_the_ledger_closes_no_sums),
		cmocka_unit_test(an_exception_comes_back_whole),
		cmocka_unit_test(exceptions_are_asked_for_by_what_they_are),
		cmocka_unit_test(totals_are_of_what_is_there),
		cmocka_unit_test(sums_are_kept_apart_by_currency),
		cmocka_unit_test(reports_and_ties_come_back),
		cmocka_unit_test(what_was_done_is_undone_backwards),
		cmocka_unit_test(a_round_that_is_not_committed_never_was),
		cmocka_unit_test(killed_in_a_round_it_has_the_one_before),
	};

	return cmocka_run_group_tests_name("session_round", tests, NULL, NULL);
}
