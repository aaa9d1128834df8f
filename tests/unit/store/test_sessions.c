/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reconciliation sessions: found again, signed and then as they are, opened again by what changes, kept through all that happens. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/backup.h"
#include "store/query.h"

#include "session_world.h"

/* ---- finding ---- */

static void expect_same(const struct session *found, const struct session *expected)
{
	assert_int_equal(found->no, expected->no);
	assert_string_equal(found->id, expected->id);
	assert_string_equal(found->account_id, expected->account_id);
	assert_int_equal(found->from.day, expected->from.day);
	assert_int_equal(found->to.day, expected->to.day);
	assert_string_equal(found->types, expected->types);
	assert_string_equal(found->source, expected->source);
	assert_string_equal(found->source_digest, expected->source_digest);
	assert_string_equal(found->statement, expected->statement);
	assert_string_equal(found->currency, expected->currency);
	assert_int_equal(found->state, expected->state);
	assert_string_equal(found->who, expected->who);
	assert_int_equal(found->made_ms, expected->made_ms);
	assert_int_equal(found->changed_ms, expected->changed_ms);
	assert_int_equal(found->rounds, expected->rounds);
	assert_int_equal(found->read_ms, expected->read_ms);
	assert_string_equal(found->preparer, expected->preparer);
	assert_string_equal(found->reviewer, expected->reviewer);
	assert_int_equal(found->prepared_ms, expected->prepared_ms);
	assert_int_equal(found->signed_ms, expected->signed_ms);
	assert_string_equal(found->reopened, expected->reopened);
	assert_int_equal(found->reopened_ms, expected->reopened_ms);
	assert_string_equal(found->evidence, expected->evidence);
	assert_string_equal(found->path, expected->path);
	assert_string_equal(found->profile, expected->profile);
}

static struct session find(struct session_world *world, const char *account_id, const char *word)
{
	struct session found;

	expect_ok(sessions_find(world->books.store, account_id, word, &found, &world->err), &world->err);
	return found;
}

static void sessions_come_back(void **state)
{
	AUTO(session_world_clear) struct session_world world;
	struct session *session, found;

	(void)state;
	session_world_init(&world);
	session = &world.sessions[0];
	assert_int_equal(strncmp(session->id, "rcn_", 4), 0);
	*session = (struct session){ .no = session->no, .from = date_of(2025, 12, 1), .to = date_of(2025, 12, 31), .types = "Invoice Payment",
				     .source = "bank.csv", .source_digest = "abc", .statement = "35", .currency = "USD",
				     .who = "carla", .made_ms = 1, .changed_ms = 2, .preparer = "dora", .reviewer = "emil", .prepared_ms = 3,
				     .signed_ms = 4, .reopened = "Invoice 7 was changed", .reopened_ms = 5, .evidence = "def", .path = "/home/bank.csv", .profile = "/home/columns" };
	memcpy(session->account_id, world.books.accounts[0].id, sizeof(session->account_id));
	memcpy(session->id, find(&world, session->account_id, "").id, sizeof(session->id));
	session_world_begin(&world);
	expect_ok(sessions_save(world.books.store, session, &world.err), &world.err);
	session_world_commit(&world);
	found = find(&world, NULL, session->id);
	expect_same(&found, session);
	found = find(&world, session->account_id, session->id + strlen(session->id) - 8);
	expect_same(&found, session);
}

static bool tell_session(void *ctx, const struct session *session)
{
	str_addf(ctx, "%lld ", (long long)session->no);
	return true;
}

static void expect_listed(struct session_world *world, const char *account_id, int64_t limit, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(1000);

	expect_ok(sessions_all(world->books.store, account_id, limit, tell_session, &text, &world->err), &world->err);
	assert_string_equal(text.text, expected);
}

static void each_account_has_its_own(void **state)
{
	AUTO(session_world_clear) struct session_world world;
	struct session found, third;
	struct error *err = &world.err;

	(void)state;
	session_world_init(&world);
	third = world.sessions[0];
	session_world_begin(&world);
	expect_ok(sessions_add(world.books.store, &third, err), err);
	session_world_commit(&world);
	expect_listed(&world, NULL, 0, "3 2 1 ");
	expect_listed(&world, NULL, 2, "3 2 ");
	expect_listed(&world, world.books.accounts[0].id, 0, "3 1 ");
	assert_int_equal(find(&world, NULL, "").no, third.no);
	assert_int_equal(find(&world, world.books.accounts[1].id, "").no, world.sessions[1].no);
	expect_error(sessions_find(world.books.store, world.books.accounts[1].id, third.id, &found, err), err, ERROR_INPUT, "no session");
	expect_error(sessions_find(world.books.store, NULL, "rcn_", &found, err), err, ERROR_INPUT, "fits several");
	expect_error(sessions_find(world.books.store, NULL, "%", &found, err), err, ERROR_INPUT, "no session '%'");
	expect_error(sessions_find(world.books.store, NULL, "____", &found, err), err, ERROR_INPUT, "no session '____'");
	/* What is given up is only found by its id. */
	world.sessions[1].state = SESSION_DROPPED;
	session_world_begin(&world);
	expect_ok(sessions_save(world.books.store, &world.sessions[1], err), err);
	session_world_commit(&world);
	expect_error(sessions_find(world.books.store, world.books.accounts[1].id, "", &found, err), err, ERROR_INPUT, "begins one");
	assert_int_equal(find(&world, world.books.accounts[1].id, world.sessions[1].id).state, SESSION_DROPPED);
	/* Another account's session is no session of this one. */
	memcpy(third.account_id, world.books.accounts[1].id, sizeof(third.account_id));
	session_world_begin(&world);
	expect_error(sessions_save(world.books.store, &third, err), err, ERROR_INPUT, "there is no session 3 of account");
	expect_error(session_round_begin(world.books.store, &third, err), err, ERROR_INPUT, "there is no session 3 of account");
	expect_error(session_reopen(world.books.store, &third, "", NOW, err), err, ERROR_INPUT, "there is no session 3 of account");
	session_world_commit(&world);
}

static void it_is_gone_on_with(void **state)
{
	AUTO(session_world_clear) struct session_world world;
	struct session like, found;
	bool there;

	(void)state;
	session_world_init(&world);
	for (int other = 0; other < 7; other++) {
		like = world.sessions[0];
		if (other == 1)
			like.from.day++;
		else if (other == 2)
			like.to.day++;
		else if (other == 3)
			memcpy(like.types, "Invoice", 8);
		else if (other == 4)
			memcpy(like.source, "bank.csv", 9);
		else if (other == 5)
			memcpy(like.statement, "35", 3);
		else if (other == 6)
			set_state(&world, 0, SESSION_DROPPED);
		expect_ok(sessions_same(world.books.store, &like, &found, &there, &world.err), &world.err);
		assert_int_equal(there, other == 0);
		if (there)
			expect_same(&found, &world.sessions[0]);
	}
}

/* ---- signed ---- */

static struct session_item an_item(void)
{
	return (struct session_item){ .type = "Invoice", .ref = "late" };
}

static bool begin(struct session_world *world, struct session *session)
{
	return session_round_begin(world->books.store, session, &world->err);
}

static bool end(struct session_world *world, struct session *session)
{
	return session_round_end(world->books.store, session, true, NOW, &world->err);
}

static bool put_item(struct session_world *world, struct session *session)
{
	struct session_item item = an_item();

	return session_add_item(world->books.store, session, &item, &world->err);
}

static bool put_match(struct session_world *world, struct session *session)
{
	struct session_match match = { .pass = MATCH_HAND };
	int64_t items[] = { 3 };

	return session_add_match(world->books.store, session, &match, items, 1, &world->err);
}

static bool put_exception(struct session_world *world, struct session *session)
{
	struct session_exception exception = an_exception(EXCEPTION_GONE, "late", 1);

	return session_add_exception(world->books.store, session, &exception, NOW, &world->err);
}

static bool put_tie(struct session_world *world, struct session *session)
{
	struct session_tie tie = { .tie = TIE_ZERO };

	return session_add_tie(world->books.store, session, &tie, &world->err);
}

static bool put_report(struct session_world *world, struct session *session)
{
	struct session_report report = { .report = "TrialBalance" };

	return session_add_report(world->books.store, session, &report, "{}", 2, &world->err);
}

static bool change_exception(struct session_world *world, struct session *session)
{
	struct session_exception exception = { .no = 1, .state = EXCEPTION_ACCEPTED };

	return session_save_exception(world->books.store, session, &exception, &world->err);
}

static bool change_match(struct session_world *world, struct session *session)
{
	struct session_match match = { .no = 1, .state = SESSION_MATCH_REJECTED };

	return session_save_match(world->books.store, session, &match, &world->err);
}

static bool put_note(struct session_world *world, struct session *session)
{
	struct session_note note = { .who = "anna", .text = "said too late" };

	return session_add_note(world->books.store, session, &note, &world->err);
}

static bool put_act(struct session_world *world, struct session *session)
{
	struct session_act act = { .who = "anna", .what = "done too late" };

	return session_add_act(world->books.store, session, &act, &world->err);
}

static bool undo_act(struct session_world *world, struct session *session)
{
	return session_act_undone(world->books.store, session, 1, &world->err);
}

static bool (*const changes[])(struct session_world *world, struct session *session) = {
	begin, put_item, put_match, put_exception, put_tie, put_report, change_exception, change_match, put_note, put_act, undo_act, end,
};

/* One of everything, in the first account's session. */
static void fill(struct session_world *world)
{
	struct session *session = &world->sessions[0];
	struct session_tie tie = { .tie = TIE_ACCOUNT, .key = "35", .name = "Bank", .currency = "EUR" };

	session_world_begin(world);
	assert_true(begin(world, session));
	add_item(world, 0, SIDE_SOURCE, "c1", 10);
	add_item(world, 0, SIDE_MIRROR, "42", 10);
	add_item(world, 0, SIDE_MIRROR, "43", 11);
	add_match(world, 0, MATCH_TAG, false, 1, 2);
	add_exception(world, 0, EXCEPTION_NOT_IN_SOURCE, "43", 11, NOW);
	expect_ok(session_add_tie(world->books.store, session, &tie, &world->err), &world->err);
	assert_true(put_report(world, session) && put_note(world, session) && put_act(world, session));
	assert_true(end(world, session));
	session_world_commit(world);
}

static bool dump_row(void *ctx, size_t count, const char *const *values)
{
	for (size_t i = 0; i < count; i++)
		str_addf(ctx, "%s|", values[i] ? values[i] : "");
	str_add_char(ctx, '\n');
	return true;
}

static bool no_head(void *ctx, size_t count, const char *const *names)
{
	(void)ctx, (void)count, (void)names;
	return true;
}

static const char *const tables[] = { "session_item", "session_sum", "session_match", "session_answer", "session_exception", "session_tie",
				      "session_report", "session_report_part", "session_note", "session_act" };

static void dump(struct session_world *world, struct str *out)
{
	str_reset(out);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		AUTO(str_clear) struct str sql = STR_INIT(200);

		str_addf(&sql, "SELECT '%s', * FROM %s", tables[i], tables[i]);
		expect_ok(store_inspect(world->books.store, sql.text, no_head, dump_row, out, &world->err), &world->err);
	}
}

static void what_is_not_open_does_not_change(void **state)
{
	static const enum session_state states[] = { SESSION_PREPARED, SESSION_SIGNED, SESSION_DROPPED };
	static const char *const why[] = { "waits for its reviewer", "is signed", "was given up" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		AUTO(session_world_clear) struct session_world world;
		AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT), after = STR_INIT(STR_NO_LIMIT);
		struct session stale;

		session_world_init(&world);
		fill(&world);
		stale = world.sessions[0];
		set_state(&world, 0, states[i]);
		dump(&world, &before);
		for (size_t k = 0; k < ARRAY_LEN(changes); k++) {
			session_world_begin(&world);
			/* Whoever holds it as it was before is refused as well. */
			expect_error(changes[k](&world, &stale), &world.err, ERROR_CONFLICT, why[i]);
			session_world_commit(&world);
		}
		dump(&world, &after);
		assert_string_equal(after.text, before.text);
		/* The other account's is open still, and everything of it changes. */
		session_world_begin(&world);
		for (size_t k = 0; k < ARRAY_LEN(changes); k++) {
			if (changes[k] == put_match || changes[k] == change_match || changes[k] == change_exception)
				continue; /* it has none of these numbers */
			expect_ok(changes[k](&world, &world.sessions[1]), &world.err);
		}
		session_world_commit(&world);
	}
}

/* Also where somebody writes by hand. */
static void the_file_refuses_it_too(void **state)
{
	static const char *const notes[] = { "UPDATE session_note SET text = 'other'", "DELETE FROM session_note",
					     "INSERT OR REPLACE INTO session_note (session, no, exception, at_ms, who, text) VALUES (1, 1, 0, 0, '', '')" };
	AUTO(session_world_clear) struct session_world world;
	AUTO(str_clear) struct str sql = STR_INIT(400);

	(void)state;
	session_world_init(&world);
	fill(&world);
	for (size_t i = 0; i < ARRAY_LEN(notes); i++)
		expect_error(query_execute(world.books.store, notes[i], &world.err), &world.err, ERROR_STORE, "notes are only added");
	expect_error(query_execute(world.books.store, "DELETE FROM session", &world.err), &world.err, ERROR_STORE, "sessions stay");
	set_state(&world, 0, SESSION_PREPARED);
	set_state(&world, 0, SESSION_SIGNED);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		str_reset(&sql);
		str_addf(&sql, "UPDATE %s SET session = session; SELECT count(*) FROM %s", tables[i], tables[i]);
		if (strcmp(tables[i], "session_answer") == 0)
			continue; /* nobody has answered anything */
		expect_error(query_execute(world.books.store, sql.text, &world.err), &world.err, ERROR_STORE,
			     strcmp(tables[i], "session_note") == 0 ? "notes are only added" : "the session is not open");
		str_reset(&sql);
		str_addf(&sql, "DELETE FROM %s", tables[i]);
		expect_error(query_execute(world.books.store, sql.text, &world.err), &world.err, ERROR_STORE, "");
	}
	expect_error(query_execute(world.books.store, "INSERT INTO session_tie SELECT session, 9, tie, key, name, currency, 1, 1, 1, '' FROM session_tie",
				   &world.err), &world.err, ERROR_STORE, "the session is not open");
	expect_error(query_execute(world.books.store, "UPDATE session SET to_day = to_day + 1 WHERE state = 2", &world.err), &world.err,
		     ERROR_STORE, "the session is signed");
	expect_error(query_execute(world.books.store, "UPDATE session SET state = 3 WHERE state = 2", &world.err), &world.err, ERROR_STORE,
		     "the session is signed");
	expect_error(query_execute(world.books.store, "UPDATE session SET reviewer = 'anna' WHERE state = 2", &world.err), &world.err,
		     ERROR_STORE, "the session is signed");
}

static void expect_save(struct session_world *world, const struct session *session, const char *refused)
{
	session_world_begin(world);
	if (refused)
		expect_error(sessions_save(world->books.store, session, &world->err), &world->err, ERROR_CONFLICT, refused);
	else
		expect_ok(sessions_save(world->books.store, session, &world->err), &world->err);
	session_world_commit(world);
}

static void a_signature_is_of_what_stands_there(void **state)
{
	AUTO(session_world_clear) struct session_world world;
	struct session changed;

	(void)state;
	session_world_init(&world);
	set_state(&world, 0, SESSION_PREPARED);
	changed = world.sessions[0];
	changed.to.day++;
	expect_save(&world, &changed, "waits for its reviewer");
	/* The reviewer can send it back. */
	set_state(&world, 0, SESSION_OPEN);
	expect_save(&world, &changed, NULL);
	world.sessions[0] = changed;
	set_state(&world, 0, SESSION_PREPARED);
	set_state(&world, 0, SESSION_SIGNED);
	for (int other = 0; other < 5; other++) {
		changed = world.sessions[0];
		if (other == 0)
			changed.state = SESSION_OPEN;
		else if (other == 1)
			changed.state = SESSION_DROPPED;
		else if (other == 2)
			changed.reviewer[0] = '\0';
		else if (other == 3)
			changed.to.day++;
		else
			memcpy(changed.reopened, "by me", 6);
		expect_save(&world, &changed, "is signed and doesn't change");
	}
	/* Its evidence is written once it is signed. */
	changed = world.sessions[0];
	memcpy(changed.evidence, "abc", 4);
	expect_save(&world, &changed, NULL);
	assert_string_equal(find(&world, NULL, changed.id).evidence, "abc");
}

static void what_changes_opens_it_again(void **state)
{
	AUTO(session_world_clear) struct session_world world;
	struct session found;

	(void)state;
	session_world_init(&world);
	session_world_begin(&world);
	expect_error(session_reopen(world.books.store, &world.sessions[0], "for nothing", NOW, &world.err), &world.err, ERROR_CONFLICT,
		     "is open, not signed");
	session_world_commit(&world);
	set_state(&world, 0, SESSION_PREPARED);
	set_state(&world, 0, SESSION_SIGNED);
	session_world_begin(&world);
	expect_ok(session_reopen(world.books.store, &world.sessions[0], "Invoice 42 was changed", NOW + DAY, &world.err), &world.err);
	session_world_commit(&world);
	found = find(&world, NULL, world.sessions[0].id);
	expect_same(&found, &world.sessions[0]);
	assert_int_equal(found.state, SESSION_OPEN);
	assert_string_equal(found.reopened, "Invoice 42 was changed");
	assert_int_equal(found.reopened_ms, NOW + DAY);
	assert_string_equal(found.preparer, "");
	expect_notes(&world, 0, 0, "1 0 engine: opened again: Invoice 42 was changed; it had been prepared by anna at 2026-09-21T14:13:21+00:00, and "
		     "signed by ben at 2026-09-21T14:13:22+00:00;");
	/* Then one that nobody has reviewed yet. */
	set_state(&world, 0, SESSION_PREPARED);
	session_world_begin(&world);
	expect_ok(session_reopen(world.books.store, &world.sessions[0], "Invoice 43 was deleted", NOW + DAY, &world.err), &world.err);
	session_world_commit(&world);
	assert_string_equal(find(&world, NULL, world.sessions[0].id).reopened, "Invoice 43 was deleted");
}

/* ---- what was touched since ---- */

static void expect_touched(struct session_world *world, size_t account, const char *expected)
{
	struct touched touched[10];
	AUTO(str_clear) struct str text = STR_INIT(1000);
	size_t count;

	expect_ok(touched_next(world->books.store, world->books.accounts[account].id, 10, touched, &count, &world->err), &world->err);
	for (size_t i = 0; i < count; i++)
		str_addf(&text, "%s %s;", touched[i].type, touched[i].id);
	assert_string_equal(text.text, expected);
}

static void remove_record(struct session_world *world, size_t account, const char *id)
{
	struct put_counts counts = { 0 };
	char ids[1][RECORD_ID_MAX];

	snprintf(ids[0], sizeof(ids[0]), "%s", id);
	session_world_begin(world);
	expect_ok(records_gone(world->books.store, &world->books.invoices[account], (const char (*)[RECORD_ID_MAX])ids, 1, NOW, &counts,
			       &world->err), &world->err);
	session_world_commit(world);
}

static void records_are_noted_once_somebody_relies_on_them(void **state)
{
	AUTO(session_world_clear) struct session_world world;
	struct touched touched[2];
	size_t count;

	(void)state;
	session_world_init(&world);
	books_put_text(&world.books, 0, "1", "0", "before");
	expect_touched(&world, 0, "");
	set_state(&world, 0, SESSION_PREPARED);
	books_put_text(&world.books, 0, "2", "0", "added");
	set_state(&world, 0, SESSION_SIGNED);
	books_put_text(&world.books, 0, "1", "1", "changed");
	books_put_text(&world.books, 0, "1", "1", "changed"); /* the same again is no change */
	books_put_text(&world.books, 1, "1", "0", "another company's");
	remove_record(&world, 0, "2");
	remove_record(&world, 0, "3"); /* it was never there */
	expect_touched(&world, 0, "Invoice 2;Invoice 1;Invoice 2;");
	expect_touched(&world, 1, "");
	/* Taken away up to where somebody has looked, and of that account. */
	expect_ok(touched_next(world.books.store, world.books.accounts[0].id, 2, touched, &count, &world.err), &world.err);
	assert_int_equal(count, 2);
	session_world_begin(&world);
	expect_ok(touched_drop(world.books.store, world.books.accounts[1].id, touched[1].no, &world.err), &world.err);
	session_world_commit(&world);
	expect_touched(&world, 0, "Invoice 2;Invoice 1;Invoice 2;");
	session_world_begin(&world);
	expect_ok(touched_drop(world.books.store, world.books.accounts[0].id, touched[1].no, &world.err), &world.err);
	session_world_commit(&world);
	expect_touched(&world, 0, "Invoice 2;");
	/* Open again, it notes nothing more. */
	session_world_begin(&world);
	expect_ok(session_reopen(world.books.store, &world.sessions[0], "Invoice 1 was changed", NOW, &world.err), &world.err);
	session_world_commit(&world);
	books_put_text(&world.books, 0, "1", "2", "changed again");
	expect_touched(&world, 0, "Invoice 2;");
}

static void what_is_undone_was_not_touched(void **state)
{
	AUTO(session_world_clear) struct session_world world;
	AUTO(sample_clear) struct sample sample;
	struct put_counts counts = { 0 };

	(void)state;
	session_world_init(&world);
	set_state(&world, 0, SESSION_PREPARED);
	sample_init(&sample, "1", "0", "added");
	{
		AUTO(store_end) struct store *transaction = world.books.store;

		session_world_begin(&world);
		expect_ok(records_put(transaction, &world.books.invoices[0], &sample.packed, 1, NOW, &counts, &world.err), &world.err);
		expect_touched(&world, 0, "Invoice 1;");
	}
	expect_touched(&world, 0, "");
	assert_int_equal(books_number(&world.books, "SELECT count(*) FROM record"), 0);
}

/* ---- backups ---- */

static void a_backup_has_them(void **state)
{
	AUTO(session_world_clear) struct session_world world;
	AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT), after = STR_INIT(STR_NO_LIMIT);
	struct backup_how how = { .now_ms = NOW };
	struct backup_facts facts;
	struct restored restored;
	char path[96];

	(void)state;
	session_world_init(&world);
	fill(&world);
	set_state(&world, 0, SESSION_PREPARED);
	set_state(&world, 0, SESSION_SIGNED);
	dump(&world, &before);
	snprintf(path, sizeof(path), "%s/backup", world.books.place.directory);
	expect_ok(store_backup(world.books.store, path, &how, &facts, &world.err), &world.err);
	session_world_begin(&world);
	expect_ok(session_reopen(world.books.store, &world.sessions[0], "Invoice 42 was changed", NOW, &world.err), &world.err);
	assert_true(begin(&world, &world.sessions[0]));
	session_world_commit(&world);
	store_closep(&world.books.store);
	expect_ok(store_restore(world.books.place.path, path, &how, "anna", &restored, &world.err), &world.err);
	world.books.store = place_open(&world.books.place, STORE_WRITE);
	assert_int_equal(find(&world, NULL, world.sessions[0].id).state, SESSION_SIGNED);
	dump(&world, &after);
	assert_string_equal(after.text, before.text);
	/* What is read again since is noted. */
	books_put_text(&world.books, 0, "42", "1", "changed");
	expect_touched(&world, 0, "Invoice 42;");
}

int test_sessions(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sessions_come_back),
		cmocka_unit_test(each_account_has_its_own),
		cmocka_unit_test(it_is_gone_on_with),
		cmocka_unit_test(what_is_not_open_does_not_change),
		cmocka_unit_test(the_file_refuses_it_too),
		cmocka_unit_test(a_signature_is_of_what_stands_there),
		cmocka_unit_test(what_changes_opens_it_again),
		cmocka_unit_test(records_are_noted_once_somebody_relies_on_them),
		cmocka_unit_test(what_is_undone_was_not_touched),
		cmocka_unit_test(a_backup_has_them),
	};

	return cmocka_run_group_tests_name("sessions", tests, NULL, NULL);
}
