/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Migrations: whole or not at all, once, and by many processes at the same time. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"
#include "store/query.h"

#include "disk.h"
#include "tests.h"

#define RACERS 8
#define ROUNDS 6

static void a_new_file_has_all_it_needs(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	assert_int_equal(books_number(&books, "PRAGMA application_id"), 0x4c44434b);
	assert_true(books_number(&books, "PRAGMA user_version") >= 1);
	assert_int_equal(books_number(&books, "PRAGMA page_size"), 16384);
	assert_int_equal(books_number(&books, "PRAGMA auto_vacuum"), 2);
	assert_int_equal(books_number(&books, "PRAGMA foreign_keys"), 1);
	assert_int_equal(books_number(&books, "PRAGMA synchronous"), 2);
	assert_int_equal(books_number(&books, "PRAGMA secure_delete"), 1);
	assert_int_equal(books_number(&books, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	assert_int_equal(store_epoch(books.store), 1);
	assert_int_equal(strlen(store_uuid(books.store)), 32);
	assert_int_equal(strspn(store_uuid(books.store), "0123456789abcdef"), 32);
}

static void the_identity_stays(void **state)
{
	static const enum store_mode modes[] = { STORE_CREATE, STORE_WRITE, STORE_READ };
	AUTO(books_clear) struct books books, other;
	char uuid[40];

	(void)state;
	books_init(&books);
	books_init(&other);
	assert_string_not_equal(store_uuid(books.store), store_uuid(other.store));
	snprintf(uuid, sizeof(uuid), "%s", store_uuid(books.store));
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		store_close(books.store);
		books.store = place_open(&books.place, modes[i]);
		assert_string_equal(store_uuid(books.store), uuid);
		assert_int_equal(store_epoch(books.store), 1);
	}
}

/* Every table that holds something of an account names the account or the object first in a key. */
static void keys_begin_with_the_account(void **state)
{
	static const char *const tables[] = { "sealed", "object", "record", "parked", "sweep", "slice", "meter", "lease", "breaker",
					      "session", "touched" };
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		AUTO(str_clear) struct str sql = STR_INIT(400);

		str_addf(&sql, "SELECT count(*) FROM pragma_index_list('%s') AS list JOIN pragma_index_info(list.name) AS info "
			 "WHERE list.\"unique\" = 1 AND info.seqno = 0 AND info.name IN ('account_id', 'object')", tables[i]);
		if (books_number(&books, sql.text) < 1)
			fail_msg("no unique key of '%s' begins with the account", tables[i]);
	}
}

/* ---- many at once ---- */

static int race(void *ctx, const struct ends *ends)
{
	const struct place *place = ctx;
	struct error err = { 0 };
	struct store *store;
	bool good;

	ends_say(ends);
	ends_hear(ends);
	if (!store_open(place->path, STORE_CREATE, 0, &store, &err)) {
		fprintf(stderr, "race: %s\n", err.text);
		return 1;
	}
	good = write(ends->out, store_uuid(store), 32) == 32 && store_begin(store, &err) &&
	       meter_add(store, "all", "2026-11", &(struct meter){ .calls = 1 }, &err) && store_commit(store, &err);
	store_close(store);
	if (!good)
		fprintf(stderr, "race: %s\n", err.text);
	return good ? 0 : 2;
}

static void read_uuid(const struct child *child, char *uuid)
{
	size_t len = 0;
	ssize_t got;

	while (len < 32 && (got = read(child->ends.in, uuid + len, 32 - len)) > 0)
		len += (size_t)got;
	uuid[len] = '\0';
}

static void processes_make_one_file(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		AUTO(place_clear) struct place place;
		struct child children[RACERS];
		char uuids[RACERS][33];
		struct store *store;

		place_init(&place);
		for (int i = 0; i < RACERS; i++)
			children[i] = child_new(race, &place);
		for (int i = 0; i < RACERS; i++)
			assert_true(ends_hear(&children[i].ends));
		for (int i = 0; i < RACERS; i++)
			assert_true(ends_say(&children[i].ends));
		for (int i = 0; i < RACERS; i++)
			read_uuid(&children[i], uuids[i]);
		for (int i = 0; i < RACERS; i++)
			assert_int_equal(child_wait(&children[i]), 0);
		store = place_open(&place, STORE_READ);
		for (int i = 0; i < RACERS; i++)
			assert_string_equal(uuids[i], store_uuid(store));
		store_close(store);
		assert_int_equal(place_number(&place, "SELECT calls FROM meter"), RACERS);
	}
}

/* ---- whole or not at all ---- */

struct making {
	struct place place;
	int64_t nth;
	enum disk_trouble trouble;
};

static int make_in_trouble(void *ctx, const struct ends *ends)
{
	const struct making *making = ctx;
	struct error err = { 0 };
	struct store *store;

	(void)ends;
	disk_set(making->trouble, making->nth);
	if (store_open(making->place.path, STORE_CREATE, 0, &store, &err)) {
		bool spared = disk_changes() < making->nth;

		store_close(store);
		return spared ? 0 : 3;
	}
	return err.code == ERROR_STORE && *err.text ? 1 : 2;
}

/* Whatever change of the disk is the last one, the next start carries on. */
static void making_it_is_safe_to_kill(void **state)
{
	static const enum disk_trouble troubles[] = { DISK_KILL, DISK_FULL, DISK_BAD };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
		int64_t nth = 0;
		int result;

		do {
			struct making making = { .nth = ++nth, .trouble = troubles[i] };
			struct child child;

			place_init(&making.place);
			child = child_new(make_in_trouble, &making);
			result = child_wait(&child);
			if (result != 0 && result != 1 && result != 3 && result != -9)
				fail_msg("trouble %d at change %d: %d", (int)troubles[i], (int)nth, result);
			store_close(place_open(&making.place, STORE_CREATE));
			assert_int_equal(place_number(&making.place, "SELECT count(*) FROM meta WHERE name IN "
						      "('uuid', 'epoch', 'audit.head')"), 3);
			place_clear(&making.place);
		} while (result != 0);
		assert_true(nth > 5);
	}
}

/* ---- from one format to the next ---- */

/* A file as the first format was, with a parked row in it. */
static void make_first(const struct place *place)
{
	store_close(place_open(place, STORE_CREATE));
	place_sql(place, "INSERT INTO account (id, provider, environment, realm_mark, name, country, currency, realm_tail, created, scopes, "
		  "connected_by, connected_ms, state, reason, access_expires_ms, refresh_expires_ms, hard_expires_ms, refreshed_ms, "
		  "generation, wrapped_key) VALUES ('ldgr_1', 'quickbooks', 0, 'm', 'Acme', '', '', '', '', '', '', 0, 0, '', 0, 0, 0, 0, "
		  "1, x'00'); INSERT INTO object (no, account_id, type, full_ms) VALUES (1, 'ldgr_1', 'Customer', 7); "
		  "INSERT INTO parked (object, digest, first_ms, last_ms, times, why, len, bytes) VALUES (1, 'd', 0, 0, 1, '', 0, x'')");
	place_sql(place, "DROP TABLE feed_file; DROP TABLE feed_mark; DROP TABLE feed; DROP TABLE touched; DROP TABLE session_act; DROP TABLE session_note; DROP TABLE session_report_part; "
		  "DROP TABLE plan_hurry; DROP TABLE plan_pause; DROP TABLE session_report; DROP TABLE session_tie; DROP TABLE session_exception; DROP TABLE session_answer; "
		  "DROP TABLE session_match; DROP TABLE session_sum; DROP TABLE session_item; DROP TABLE session");
	place_sql(place, "ALTER TABLE meter DROP COLUMN sent; ALTER TABLE meter RENAME COLUMN received TO bytes; "
		  "INSERT INTO meter (account_id, month, calls, bytes) VALUES ('ldgr_1', '2026-11', 3, 4000)");
	place_sql(place, "DROP TABLE credit_note; DROP TABLE rate; DROP TABLE rates");
	place_sql(place, "DROP TRIGGER account_organization_new; DROP INDEX account_organization; DROP TABLE request_member; DROP TABLE request; "
		  "DROP TABLE envelope; DROP TABLE intent_step; DROP TABLE intent_parent; DROP TABLE intent; DROP TABLE plan_line; "
		  "DROP TABLE plan; DROP TABLE decision; DROP TABLE policy; DROP TABLE mapping_change; DROP TABLE mapping; DROP TABLE link; "
		  "DROP TABLE revision; DROP TABLE resource; DROP TABLE organization; ALTER TABLE account DROP COLUMN organization");
	place_sql(place, "DROP TRIGGER attempt_item_end; DROP TABLE attempt_item; DROP TRIGGER slice_end; DROP TABLE slice; DROP INDEX parked_id; ALTER TABLE parked DROP COLUMN id; "
		  "ALTER TABLE account DROP COLUMN interval_s; "
		  "DROP TABLE history; ALTER TABLE object DROP COLUMN whole_ms; ALTER TABLE object DROP COLUMN filling; "
		  "ALTER TABLE object DROP COLUMN filled_id; DROP INDEX attempt_type; "
		  "DROP INDEX attempt_account_failed; ALTER TABLE attempt DROP COLUMN waited_ms; DROP INDEX parked_why; PRAGMA user_version = 1");
}

/* Whoever changes one leaves the files behind that have taken it already: what is new is a step of its own. */
static void steps_stay_as_they_are(void **state)
{
	static const uint64_t steps[] = {
		UINT64_C(0xc1562d4ef2d12466), UINT64_C(0xea74edd780e4ef1b), UINT64_C(0xc694de3f69b65dd5), UINT64_C(0xa863f5fead1c71c2),
		UINT64_C(0x1195e125c00215b8), UINT64_C(0x9bb18144165f8d65), UINT64_C(0xe014639623b21f74), UINT64_C(0x3f1838921213beb7),
		UINT64_C(0xa13b4b5a01ddc1e2), UINT64_C(0x2850991867dce1d3), UINT64_C(0x3d330c3f89b62c79), UINT64_C(0x8d17b5e28d3955ae),
		UINT64_C(0x0babd6a1fbfa644b),
		UINT64_C(0x945c8f7718cef3d6), UINT64_C(0x12d5cf57ab6b9bef),
		UINT64_C(0xe86a791b840d8772), UINT64_C(0xd1c1328ae4f4ae47), UINT64_C(0xfdb346e08810d72a),
		UINT64_C(0xa807b6d5f53b71c7), UINT64_C(0x72477813481ef29f), UINT64_C(0x1c78214bda927e03),
		UINT64_C(0x7c4131649898fbdf), UINT64_C(0x1473dd743c2feefc),
	};
	size_t count = 0;

	(void)state;
	for (; schema_step(count); count++) {
		const char *step = schema_step(count);
		uint64_t hash = hash_bytes(step, strlen(step));

		if (count >= ARRAY_LEN(steps) || hash != steps[count])
			fail_msg("step %zu is UINT64_C(0x%016llx) now", count + 1, (unsigned long long)hash);
	}
	assert_int_equal(count, ARRAY_LEN(steps));
}

static void an_older_file_is_brought_up_to_date(void **state)
{
	AUTO(place_clear) struct place place;
	AUTO(str_clear) struct str older = STR_INIT(4200);
	struct account account;
	struct error err = { 0 };
	struct store *store;
	int64_t newest;
	bool found = false;

	(void)state;
	place_init(&place);
	store_close(place_open(&place, STORE_CREATE));
	newest = place_number(&place, "PRAGMA user_version");
	make_first(&place);
	/* Whoever may not write says what to do. */
	assert_false(store_open(place.path, STORE_READ, 0, &store, &err));
	assert_non_null(strstr(err.text, "brings it up to date"));
	store = place_open(&place, STORE_CREATE);
	assert_true(accounts_get(store, "ldgr_1", &account, &found, &err) && found);
	assert_string_equal(account.name, "Acme");
	assert_int_equal(account.interval_s, 0);
	store_close(store);
	assert_int_equal(place_number(&place, "PRAGMA user_version"), newest);
	assert_int_equal(place_number(&place, "SELECT count(*) FROM parked WHERE id = ''"), 1);
	/* What is known of it is known since its last whole read at the latest. */
	assert_int_equal(place_number(&place, "SELECT whole_ms FROM object"), 7);
	/* Its bytes of a month were not told apart. */
	assert_int_equal(place_number(&place, "SELECT count(*) FROM meter WHERE calls = 3 AND received = 4000 AND sent = 0"), 1);
	/* Each account has an organization of its own. */
	assert_int_equal(place_number(&place, "SELECT count(*) FROM account JOIN organization ON organization.id = account.organization "
				      "AND organization.external_id = account.id AND organization.name = account.name"), 1);
	/* What it was before stays beside it. */
	str_addf(&older, "%s-format-1", place.path);
	assert_int_equal(access(older.text, R_OK), 0);
}

static int update_in_trouble(void *ctx, const struct ends *ends)
{
	const struct making *making = ctx;
	struct error err = { 0 };
	struct store *store;

	(void)ends;
	disk_set(making->trouble, making->nth);
	if (store_open(making->place.path, STORE_CREATE, 0, &store, &err)) {
		bool spared = disk_changes() < making->nth;

		store_close(store);
		return spared ? 0 : 3;
	}
	return err.code == ERROR_STORE && *err.text ? 1 : 2;
}

static void an_update_is_safe_to_kill(void **state)
{
	static const enum disk_trouble troubles[] = { DISK_KILL, DISK_FULL };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
		int64_t nth = -2;
		int result;

		do {
			struct making making = { .nth = nth += 3, .trouble = troubles[i] };
			struct child child;

			place_init(&making.place);
			make_first(&making.place);
			child = child_new(update_in_trouble, &making);
			result = child_wait(&child);
			if (result != 0 && result != 1 && result != 3 && result != -9)
				fail_msg("trouble %d at change %d: %d", (int)troubles[i], (int)nth, result);
			store_close(place_open(&making.place, STORE_CREATE));
			assert_int_equal(place_number(&making.place, "SELECT count(*) FROM account JOIN object ON account_id = account.id "
						      "JOIN parked ON parked.object = object.no WHERE account.interval_s = 0"), 1);
			place_clear(&making.place);
		} while (result != 0);
		assert_true(nth > 5);
	}
}

int test_schema(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_file_has_all_it_needs),
		cmocka_unit_test(the_identity_stays),
		cmocka_unit_test(keys_begin_with_the_account),
		cmocka_unit_test(processes_make_one_file),
		cmocka_unit_test(making_it_is_safe_to_kill),
		cmocka_unit_test(steps_stay_as_they_are),
		cmocka_unit_test(an_older_file_is_brought_up_to_date),
		cmocka_unit_test(an_update_is_safe_to_kill),
	};

	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
