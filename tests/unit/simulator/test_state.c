/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The state file: what comes back is what was there, only changes are written, files that are
 * not ours stay as they are, and a program that is killed loses nothing that was saved.
 */
#include "state.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"

#include "company.h"
#include "oauth.h"
#include "state_impl.h"
#include "state_world.h"

static void assert_same_record(const struct record *a, const struct record *b)
{
	assert_ptr_equal(a->entity, b->entity);
	assert_string_equal(a->id, b->id);
	assert_int_equal(a->len, b->len);
	assert_string_equal(a->text, b->text);
	assert_int_equal(a->sync_token, b->sync_token);
	assert_int_equal(a->created_ms, b->created_ms);
	assert_int_equal(a->updated_ms, b->updated_ms);
	assert_int_equal(a->date.day, b->date.day);
	assert_int_equal(a->active, b->active);
	assert_int_equal(a->balance, b->balance);
	assert_int_equal(a->below, b->below);
	assert_int_equal(a->above != NULL, b->above != NULL);
	if (a->above)
		assert_string_equal(a->above->id, b->above->id);
	assert_int_equal(a->posting_count, b->posting_count);
	assert_int_equal(a->link_count, b->link_count);
	assert_false(b->dirty);
	for (uint32_t i = 0; i < a->posting_count; i++) {
		assert_string_equal(a->postings[i].account->id, b->postings[i].account->id);
		assert_int_equal(a->postings[i].party != NULL, b->postings[i].party != NULL);
		if (a->postings[i].party)
			assert_string_equal(a->postings[i].party->id, b->postings[i].party->id);
		assert_int_equal(a->postings[i].cents, b->postings[i].cents);
		assert_int_equal(a->postings[i].foreign, b->postings[i].foreign);
	}
	for (uint32_t i = 0; i < a->link_count; i++) {
		assert_string_equal(a->links[i].from->id, b->links[i].from->id);
		assert_int_equal(a->links[i].cents, b->links[i].cents);
	}
}

static void assert_same_table(const struct table *a, const struct table *b)
{
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->inactive_count, b->inactive_count);
	assert_int_equal(a->tombstone_count, b->tombstone_count);
	for (size_t i = 0; i < a->count; i++) {
		assert_same_record(a->by_id[i], b->by_id[i]);
		assert_string_equal(a->by_time[i]->id, b->by_time[i]->id);
	}
	for (size_t i = 0; i < a->tombstone_count; i++) {
		assert_string_equal(a->tombstones[i].id, b->tombstones[i].id);
		assert_int_equal(a->tombstones[i].deleted_ms, b->tombstones[i].deleted_ms);
	}
}

static void assert_same_world(const struct simulator *a, const struct simulator *b)
{
	AUTO(state_texts_freep) char **a_texts = state_texts(a);
	AUTO(state_texts_freep) char **b_texts = state_texts(b);
	AUTO(str_clear) struct str a_oauth = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str b_oauth = STR_INIT(STR_NO_LIMIT);

	assert_true(a->seed == b->seed);
	assert_int_equal(a->clock_offset_ms, b->clock_offset_ms);
	assert_memory_equal(&a->random, &b->random, sizeof(a->random));
	assert_int_equal(a->company_count, b->company_count);
	for (size_t i = 0; i < a->company_count; i++) {
		assert_string_equal(a_texts[i], b_texts[i]);
		assert_null(b->companies[i]->dirty);
		for (size_t k = 0; k < ENTITY_MAX; k++)
			assert_same_table(&a->companies[i]->tables[k], &b->companies[i]->tables[k]);
	}
	oauth_save(a->oauth, &a_oauth);
	oauth_save(b->oauth, &b_oauth);
	assert_string_equal(a_oauth.text, b_oauth.text);
}

/* Saved, closed and loaded, a world is the same; `simulator` goes on from the file. */
static void assert_survives(const char *path, struct simulator **simulator)
{
	struct simulator *loaded;

	state_world_save(*simulator);
	state_close((*simulator)->state);
	(*simulator)->state = NULL;
	loaded = state_world_load(path);
	assert_same_world(*simulator, loaded);
	state_world_free(*simulator);
	*simulator = loaded;
}

/* ---- what comes back */

static void world_survives(void **state)
{
	const struct fixture *fixture = *state;
	struct simulator *simulator = state_world_start(fixture->path);
	struct company *company;
	struct stat status;

	state_world_fill(simulator);
	assert_int_equal(stat(fixture->path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_survives(fixture->path, &simulator);
	company = simulator->companies[0];
	assert_string_equal(company->name, "Quill \"&\" Søns\n");
	assert_string_equal(company->preferences.custom_field, "Ref");
	assert_string_equal(company->other_name, "Øyvind \\ \"Q\"");
	assert_int_equal(company->preferences.tax_mode, TAX_VAT);
	assert_int_equal(company->preferences.book_close.day, date_of(1999, 12, 31).day);
	assert_int_equal(company->next_list_id[entity_by_name("Class", false)->index], 77);
	assert_true(company->suspended);
	assert_true(simulator->seed == UINT64_MAX - 5);
	assert_int_equal(simulator->trace_count, 17);
	assert_int_equal(simulator->companies[1]->preferences.book_close.day, INT32_MIN);
	/* Nothing changed: it survives again, and again. */
	assert_survives(fixture->path, &simulator);
	assert_survives(fixture->path, &simulator);
	state_world_free(simulator);
}

static void connections_survive(void **state)
{
	static const char grants[] =
		"{\"next_company\":1,\"next_grant\":3,\"codes\":[],\"grants\":["
		"{\"scopes\":1,\"number\":1,\"realm\":\"4620816365\",\"client\":\"app\","
		"\"consent\":5,"
		"\"refresh\":\"first\",\"made\":5,\"expires\":9,\"replaced\":[]},"
		"{\"scopes\":1,\"number\":2,\"realm\":\"9130347\",\"client\":\"app\",\"consent\":5,"
		"\"refresh\":\"second\",\"made\":5,\"expires\":9,\"replaced\":[]}],\"accesses\":[]"
		"}";
	const struct fixture *fixture = *state;
	struct simulator *simulator = state_world_start(fixture->path);
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	state_world_fill(simulator);
	assert_survives(fixture->path, &simulator);
	assert_true(oauth_load(simulator->oauth, grants, NULL));
	oauth_disconnect(simulator, "4620816365");
	assert_survives(fixture->path, &simulator);
	oauth_save(simulator->oauth, &text);
	assert_null(strstr(text.text, "first"));
	assert_non_null(strstr(text.text, "second"));
	assert_false(oauth_take_dirty(simulator->oauth));
	state_world_free(simulator);
}

static void changes_survive(void **state)
{
	const struct fixture *fixture = *state;
	struct simulator *simulator = state_world_start(fixture->path);
	const struct entity *invoice = entity_by_name("Invoice", false);
	struct record *record;

	state_world_fill(simulator);
	assert_survives(fixture->path, &simulator);
	record = simulator->companies[0]->tables[invoice->index].by_id[0];
	record_set_text(record, memory_copy_text("{\"new\":1}"), 9);
	record->link_count = 0;
	record->sync_token++;
	company_touch(simulator->companies[0], record, NOW_MS + 60000);
	state_world_record(simulator->companies[1], "Customer", NULL, "{}");
	assert_survives(fixture->path, &simulator);
	/* Removed after a state_world_save, and before the first one. */
	record = simulator->companies[0]->tables[invoice->index].by_id[0];
	company_remove(simulator->companies[0], record, NOW_MS - 5);
	record = state_world_record(simulator->companies[1], "Bill", NULL, "{}");
	company_remove(simulator->companies[1], record, NOW_MS + 70000);
	assert_survives(fixture->path, &simulator);
	assert_int_equal(simulator->companies[0]->tables[invoice->index].tombstone_count, 2);
	state_world_free(simulator);
}

/* Among records of one second each stays where it first came. */
static void order_survives(void **state)
{
	const struct fixture *fixture = *state;
	struct simulator *simulator = state_world_start(fixture->path);
	const struct entity *customer = entity_by_name("Customer", false);
	struct random random;
	struct company *company = state_world_company(simulator, "1", "One");

	random_seed(&random, 11);
	for (int i = 0; i < 40; i++)
		state_world_record(company, "Customer", NULL, "{}");
	for (int round = 0; round < 6; round++) {
		assert_survives(fixture->path, &simulator);
		company = simulator->companies[0];
		for (int i = 0; i < 25; i++) {
			struct record *record =
				company->tables[customer->index].by_id[random_below(&random, 40)];

			record->sync_token++;
			company_touch(company, record, NOW_MS + 1000 * (2 * round + i / 9));
		}
	}
	assert_survives(fixture->path, &simulator);
	state_world_free(simulator);
}

static void only_changes_are_written(void **state)
{
	const struct fixture *fixture = *state;
	struct simulator *simulator = state_world_start(fixture->path);
	struct record *record;
	int before;

	state_world_fill(simulator);
	state_world_save(simulator);
	before = sqlite3_total_changes(simulator->state->db);
	state_world_save(simulator);
	simulator->trace_count++;
	random_next(&simulator->random);
	state_world_save(simulator);
	assert_int_equal(sqlite3_total_changes(simulator->state->db), before);

	record = company_get(simulator->companies[0], "Customer", "10");
	company_touch(simulator->companies[0], record, record->updated_ms);
	state_world_save(simulator);
	assert_int_equal(sqlite3_total_changes(simulator->state->db), before + 2);
	state_world_save(simulator);
	assert_int_equal(sqlite3_total_changes(simulator->state->db), before + 2);

	simulator->companies[1]->suspended = true;
	state_world_save(simulator);
	assert_int_equal(sqlite3_total_changes(simulator->state->db), before + 4);
	simulator->clock_offset_ms += 1;
	state_world_save(simulator);
	assert_int_equal(sqlite3_total_changes(simulator->state->db), before + 5);
	state_world_free(simulator);
}

/* Without a state file nothing is kept, and nothing goes wrong. */
static void memory_only(void **state)
{
	struct simulator *simulator = state_world_new();

	(void)state;
	entity_start();
	state_world_fill(simulator);
	assert_null(simulator->state);
	state_close(NULL);
	state_world_free(simulator);
}

/* ---- files that can't be used */

static void write_file(const char *path, const char *bytes, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static char *read_file(const char *path, size_t *ret_len)
{
	FILE *file = fopen(path, "rb");
	char *bytes;
	struct stat status;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	*ret_len = (size_t)status.st_size;
	bytes = memory_new(*ret_len + 1);
	assert_int_equal(fread(bytes, 1, *ret_len, file), *ret_len);
	fclose(file);
	return bytes;
}

/* Change the file behind the simulator's back. */
static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void assert_refused_untouched(const char *path, const char *part)
{
	size_t before_len, after_len;
	AUTO(memory_freep) char *before = read_file(path, &before_len);
	AUTO(memory_freep) char *after = NULL;

	state_world_refused(path, part);
	after = read_file(path, &after_len);
	assert_int_equal(after_len, before_len);
	assert_memory_equal(after, before, before_len);
}

static void foreign_files_stay(void **state)
{
	const struct fixture *fixture = *state;
	char zeros[5000] = { 0 };

	write_file(fixture->path, "hello\n", 6);
	assert_refused_untouched(fixture->path, "is not a state file");
	write_file(fixture->path, zeros, sizeof(zeros));
	assert_refused_untouched(fixture->path, "is not a state file");
	unlink(fixture->path);
	run_sql(fixture->path, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
	assert_refused_untouched(fixture->path, "is not a state file");
	run_sql(fixture->path, "PRAGMA application_id = 5");
	assert_refused_untouched(fixture->path, "is not a state file");
	run_sql(fixture->path, "PRAGMA journal_mode = WAL; INSERT INTO t VALUES (2)");
	assert_refused_untouched(fixture->path, "is not a state file");
}

static void newer_files_stay(void **state)
{
	const struct fixture *fixture = *state;
	struct simulator *simulator = state_world_start(fixture->path);

	state_world_fill(simulator);
	state_world_save(simulator);
	state_world_free(simulator);
	run_sql(fixture->path, "PRAGMA user_version = 2");
	assert_refused_untouched(fixture->path, "newer");
}

static void places_that_are_no_files(void **state)
{
	const struct fixture *fixture = *state;
	AUTO(str_clear) struct str path = STR_INIT(400);

	state_world_refused(fixture->folder, "is not a regular file");
	state_world_refused("/dev/null", "is not a regular file");
	str_addf(&path, "%s/none/state", fixture->folder);
	state_world_refused(path.text, "No such file or directory");
}

/* An empty file is as good as none: mktemp makes such. */
static void empty_file_is_new(void **state)
{
	const struct fixture *fixture = *state;
	struct simulator *simulator;

	write_file(fixture->path, "", 0);
	simulator = state_world_start(fixture->path);
	state_world_fill(simulator);
	assert_survives(fixture->path, &simulator);
	state_world_free(simulator);
}

static void one_at_a_time(void **state)
{
	const struct fixture *fixture = *state;
	struct simulator *simulator = state_world_start(fixture->path);
	pid_t child;
	int status;

	state_world_refused(fixture->path, "in use by another simulator");
	state_world_fill(simulator);
	state_world_save(simulator);
	state_world_refused(fixture->path, "in use by another simulator");
	child = fork();
	if (child == 0) {
		struct simulator *other = state_world_new();
		struct error err = { 0 };

		_exit(!state_open(other, fixture->path, &other->state, &err) &&
				      strstr(err.text, "in use by another simulator")
			      ? 0
			      : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	/* Still ours, and free when we have closed it. */
	simulator->clock_offset_ms = 5;
	assert_survives(fixture->path, &simulator);
	state_world_free(simulator);
}

static void damaged_rows(void **state)
{
	static const char *const rows[] = {
		"UPDATE record SET text = '{' WHERE entity = 'Payment'",
		"UPDATE record SET text = '[]' WHERE entity = 'Payment'",
		"UPDATE record SET text = x'7b7d' WHERE entity = 'Payment'",
		"UPDATE record SET text = '{}' || char(0) WHERE entity = 'Payment'",
		"UPDATE record SET text = '' WHERE entity = 'Payment'",
		"UPDATE record SET entity = 'Unicorn' WHERE entity = 'Payment'",
		"UPDATE record SET id = 'x' WHERE entity = 'Payment'",
		"UPDATE record SET id = 'a;b' WHERE entity = 'Payment'",
		"UPDATE record SET id = '' WHERE entity = 'Payment'",
		"UPDATE record SET id = '123456789012345678901234' WHERE entity = 'Payment'",
		"UPDATE record SET company = 2 WHERE entity = 'Payment'",
		"UPDATE record SET company = -1 WHERE entity = 'Payment'",
		"UPDATE record SET active = 2 WHERE entity = 'Payment'",
		"UPDATE record SET day = 99999999999 WHERE entity = 'Payment'",
		"UPDATE record SET balance = 'much' WHERE entity = 'Payment'",
		"UPDATE record SET sync_token = -1 WHERE entity = 'Payment'",
		"DELETE FROM record WHERE entity = 'Payment'",
		"DELETE FROM record WHERE entity = 'Account'",
		"DELETE FROM record WHERE entity = 'Customer' AND id = '10'",
		"UPDATE record SET postings = 'abc' WHERE entity = 'Payment'",
		"UPDATE record SET postings = ';' WHERE entity = 'Payment'",
		"UPDATE record SET postings = '1,5,5' WHERE entity = 'Payment'",
		"UPDATE record SET postings = '1,5;' WHERE entity = 'Payment'",
		"UPDATE record SET postings = '1,5,5,Customer;' WHERE entity = 'Payment'",
		"UPDATE record SET postings = '1,5,5,Customer,10,1;' WHERE entity = 'Payment'",
		"UPDATE record SET postings = '1,5,5;x' WHERE entity = 'Payment'",
		"UPDATE record SET postings = '1,five,5;' WHERE entity = 'Payment'",
		"UPDATE record SET links = 'Invoice,1,x;' WHERE entity = 'Payment'",
		"UPDATE record SET links = 'Invoice,999,5;' WHERE entity = 'Payment'",
		"UPDATE record SET links = 'Unicorn,1,5;' WHERE entity = 'Payment'",
		"UPDATE company SET text = '' WHERE number = 0",
		"UPDATE company SET text = '{\"realm\":\"1\",\"name\":\"x\"}' WHERE number = 0",
		"UPDATE company SET text = replace(text, '\"suspended\":1', '\"suspended\":2')",
		"UPDATE company SET text = replace(text, 'NOK', 'NOKK') WHERE number = 0",
		"DELETE FROM company WHERE number = 0",
		"UPDATE world SET random = x'00'",
		"UPDATE world SET clock_offset_ms = 'late'",
		"UPDATE tombstone SET id = 'a,b'",
		"UPDATE tombstone SET entity = ''",
		"INSERT OR REPLACE INTO oauth VALUES (1, '{')",
		"DROP TABLE record",
		"ALTER TABLE record RENAME COLUMN day TO night",
		"PRAGMA user_version = 0",
	};
	const struct fixture *fixture = *state;
	struct simulator *simulator = state_world_start(fixture->path);
	AUTO(memory_freep) char *good = NULL;
	size_t len;

	state_world_fill(simulator);
	state_world_save(simulator);
	state_world_free(simulator);
	good = read_file(fixture->path, &len);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		write_file(fixture->path, good, len);
		run_sql(fixture->path, rows[i]);
		state_world_refused(fixture->path, "damaged");
	}
	write_file(fixture->path, good, len);
	state_world_free(state_world_load(fixture->path));
}

/* Whatever happened to the bytes: the file is refused, or it makes a world. */
static void damaged_bytes(void **state)
{
	const struct fixture *fixture = *state;
	struct simulator *simulator = state_world_start(fixture->path);
	AUTO(memory_freep) char *good = NULL;
	struct random random;
	size_t len, refused = 0;

	state_world_fill(simulator);
	state_world_save(simulator);
	state_world_free(simulator);
	good = read_file(fixture->path, &len);
	random_seed(&random, 3);
	for (int i = 0; i < 300; i++) {
		AUTO(memory_freep) char *copy = memory_copy(good, len);
		struct error err = { 0 };
		bool any;

		for (int k = 0; k < 20; k++)
			copy[random_below(&random, len)] ^= (char)(1 + random_below(&random, 255));
		write_file(fixture->path, copy, i % 3 == 0 ? random_below(&random, len) : len);
		simulator = state_world_new();
		if (!state_open(simulator, fixture->path, &simulator->state, &err) ||
		    !state_load(simulator, &any, &err)) {
			assert_int_equal(err.code, ERROR_STORE);
			assert_true(err.text[0] != '\0');
			refused++;
		}
		state_world_free(simulator);
	}
	assert_true(refused > 100);
}

/* ---- the program dies */

/* Saves a customer and an invoice at a time, says so, and never ends by itself. */
static void save_for_ever(const char *path, int fd)
{
	struct simulator *simulator = state_world_start(path);
	struct company *company = state_world_company(simulator, "1", "One");

	for (;;) {
		state_world_record(company, "Customer", NULL, "{}");
		state_world_record(company, "Invoice", NULL, "{\"a\":\"some more text\"}");
		if (!state_save(simulator, NULL) || write(fd, "x", 1) != 1)
			_exit(1);
	}
}

static void killed_programs_lose_nothing(void **state)
{
	const struct fixture *fixture = *state;
	const struct company *company;
	struct simulator *simulator;
	size_t said = 0, customers, invoices;
	int ends[2], status;
	char byte;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0)
		save_for_ever(fixture->path, ends[1]);
	close(ends[1]);
	while (said < 50 && read(ends[0], &byte, 1) == 1)
		said++;
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	while (read(ends[0], &byte, 1) == 1)
		said++;
	close(ends[0]);

	simulator = state_world_load(fixture->path);
	company = simulator->companies[0];
	customers = company->tables[entity_by_name("Customer", false)->index].count;
	invoices = company->tables[entity_by_name("Invoice", false)->index].count;
	assert_true(customers == said || customers == said + 1);
	assert_int_equal(invoices, customers);
	assert_int_equal(company->next_name_id, customers + 1);
	assert_int_equal(company->next_txn_id, invoices + 1);
	state_world_free(simulator);
}

/* A save that fails says so, and the next one that works has all of it. */
static int save_on_a_full_disk(const char *path)
{
	struct simulator *simulator = state_world_new();
	struct company *company = state_world_company(simulator, "1", "One");
	AUTO(memory_freep) char *text = memory_new(2000000);
	struct rlimit small = { .rlim_cur = 1000000, .rlim_max = RLIM_INFINITY };
	struct rlimit large = { .rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY };
	struct error err = { 0 };
	bool any;

	memset(text, ' ', 1999999);
	memcpy(text, "{}", 2);
	if (!state_open(simulator, path, &simulator->state, &err) ||
	    !state_load(simulator, &any, &err) || !state_save(simulator, &err))
		return 2;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	state_world_record(company, "Customer", NULL, text);
	state_world_record(company, "Invoice", NULL, "{}");
	if (state_save(simulator, &err) || err.code != ERROR_STORE || err.text[0] == '\0')
		return 3;
	if (state_save(simulator, &err))
		return 4;
	setrlimit(RLIMIT_FSIZE, &large);
	if (!state_save(simulator, &err))
		return 5;
	state_world_free(simulator);
	return 0;
}

static void full_disks_are_survived(void **state)
{
	const struct fixture *fixture = *state;
	struct simulator *simulator;
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(save_on_a_full_disk(fixture->path));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	simulator = state_world_load(fixture->path);
	assert_int_equal(company_get(simulator->companies[0], "Customer", "1")->len, 1999999);
	assert_non_null(company_get(simulator->companies[0], "Invoice", "1"));
	state_world_free(simulator);
}

#define IN_FOLDER(test)                                                                            \
	cmocka_unit_test_setup_teardown(test, state_world_folder, state_world_folder_end)

int test_state(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(world_survives),
		IN_FOLDER(connections_survive),
		IN_FOLDER(changes_survive),
		IN_FOLDER(order_survives),
		IN_FOLDER(only_changes_are_written),
		cmocka_unit_test(memory_only),
		IN_FOLDER(foreign_files_stay),
		IN_FOLDER(newer_files_stay),
		IN_FOLDER(places_that_are_no_files),
		IN_FOLDER(empty_file_is_new),
		IN_FOLDER(one_at_a_time),
		IN_FOLDER(damaged_rows),
		IN_FOLDER(damaged_bytes),
		IN_FOLDER(killed_programs_lose_nothing),
		IN_FOLDER(full_disks_are_survived),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
