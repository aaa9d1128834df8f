/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a plan costs: DOCUMENTS invoices of one's own against the first company of a store that make-store has filled, beside the
 * sqlite3 shell that does nothing but read the same rows, the documents and the names and numbers of the mirror. Processor time of
 * both, side by side. The store is changed: give it a copy.
 *
 *     bench-plan STORE DOCUMENTS
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/records.h"
#include "ledgerdeck/sync/push.h"

#define CUSTOMERS 1000
#define ITEMS 40
#define PORTION 1000

struct bench {
	struct store *store;
	struct catalogue *catalogue;
	struct account account;
	char organization[RESOURCE_ID_MAX];
	int64_t now_ms;
};

static void must(bool good, const struct error *err)
{
	if (good)
		return;
	fprintf(stderr, "bench-plan: %s\n", err->text);
	exit(1);
}

static int64_t cpu_us(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

/* A record that make-store leaves out. */
static void put_record(struct bench *bench, const char *type_name, const char *raw)
{
	const struct type *type = catalogue_find(bench->catalogue, "quickbooks", type_name);
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT), bytes = STR_INIT(STR_NO_LIMIT);
	struct compress *compress = compress_new();
	struct put_counts counts = { 0 };
	struct error err = { 0 };
	struct object object;
	struct record record;
	struct packed packed = { .record = &record, .raw_len = (int64_t)strlen(raw) };

	str_reserve(&scratch, strlen(raw) + 64);
	must(store_begin(bench->store, &err) && objects_ensure(bench->store, bench->account.id, type_name, &object, &err), &err);
	memcpy(object.digest, type->digest, sizeof(object.digest));
	object.success_ms = bench->now_ms;
	object.next_ms = bench->now_ms + DAY_MS;
	must(objects_save(bench->store, &object, 0, &err) &&
	     record_extract(type, (struct json_slice){ .text = raw, .len = strlen(raw), .kind = JSON_OBJECT }, &scratch, &record, &err), &err);
	compress_pack(compress, NULL, raw, strlen(raw), &bytes);
	packed.bytes = bytes.text;
	packed.len = bytes.len;
	must(records_put(bench->store, &object, &packed, 1, bench->now_ms, &counts, &err) && store_commit(bench->store, &err), &err);
	compress_free(compress);
}

static void put_lists(struct bench *bench)
{
	char text[400];

	put_record(bench, "CompanyInfo", "{\"Id\":\"1\",\"SyncToken\":\"0\",\"CompanyName\":\"Blue Mountain Supply\",\"Country\":\"US\","
		   "\"MetaData\":{\"LastUpdatedTime\":\"2026-01-01T00:00:00Z\"}}");
	put_record(bench, "Preferences", "{\"Id\":\"1\",\"SyncToken\":\"0\",\"CurrencyPrefs\":{\"HomeCurrency\":{\"value\":\"USD\"}},"
		   "\"MetaData\":{\"LastUpdatedTime\":\"2026-01-01T00:00:00Z\"}}");
	for (int i = 1; i <= ITEMS; i++) {
		snprintf(text, sizeof(text), "{\"Id\":\"%d\",\"SyncToken\":\"0\",\"Name\":\"Item %d\",\"FullyQualifiedName\":\"Item %d\",\"Active\":true,"
			 "\"Type\":\"Service\",\"IncomeAccountRef\":{\"value\":\"%d\"},\"MetaData\":{\"LastUpdatedTime\":\"2026-01-01T00:00:00Z\"}}",
			 i, i, i, 100 + i % 7);
		put_record(bench, "Item", text);
	}
}

struct ids {
	char ids[CUSTOMERS][RECORD_ID_MAX];
	size_t count;
};

static bool note_customer(void *ctx, const struct record_row *row)
{
	struct ids *ids = ctx;

	if (row->state == RECORD_LIVE)
		snprintf(ids->ids[ids->count++], RECORD_ID_MAX, "%s", row->id);
	return ids->count < CUSTOMERS;
}

static void put_rules(struct bench *bench)
{
	const struct type *type = catalogue_find(bench->catalogue, "quickbooks", "Customer");
	struct record_query query = { .type = type, .order = RECORD_BY_ID };
	struct mapping *rules = memory_new((CUSTOMERS + ITEMS) * sizeof(*rules));
	struct ids *ids = memory_new(sizeof(*ids));
	struct error err = { 0 };
	struct object object;
	int64_t changed;
	size_t count = 0;
	bool found;

	must(objects_get(bench->store, bench->account.id, "Customer", &object, &found, &err) &&
	     records_list(bench->store, object.no, &query, note_customer, ids, &err), &err);
	for (size_t i = 0; i < ids->count; i++, count++) {
		rules[count] = (struct mapping){ .target = TARGET_CUSTOMER };
		snprintf(rules[count].code, sizeof(rules[count].code), "C%zu", i);
		snprintf(rules[count].record_id, sizeof(rules[count].record_id), "%s", ids->ids[i]);
	}
	for (int i = 1; i <= ITEMS; i++, count++) {
		rules[count] = (struct mapping){ .target = TARGET_ITEM };
		snprintf(rules[count].code, sizeof(rules[count].code), "I%d", i);
		snprintf(rules[count].record_id, sizeof(rules[count].record_id), "%d", i);
	}
	must(store_begin(bench->store, &err) &&
	     mappings_change(bench->store, bench->account.id, rules, count, "bench", "bench", 0, bench->now_ms, &changed, &err) &&
	     store_commit(bench->store, &err), &err);
	free(rules);
	free(ids);
}

/* Three lines each; every hundredth has a number that the ledger has. */
static void put_documents(struct bench *bench, long documents)
{
	const struct resource_type *type = resource_type_find("invoice", 7);
	struct resource_problems *problems = memory_new(sizeof(*problems));
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT), data = STR_INIT(STR_NO_LIMIT);
	struct resource_counts counts = { 0 };
	struct error err = { 0 };

	for (long at = 0; at < documents; at++) {
		struct resource resource = { .type = type };

		if (at % PORTION == 0)
			must(store_begin(bench->store, &err), &err);
		str_reset(&text);
		str_reset(&data);
		str_addf(&text, "{\"number\":\"%s%ld\",\"customer\":\"C%ld\",\"date\":\"2026-10-%02ld\",\"lines\":[", at % 100 ? "N-" : "", 1000 + at,
			 at % CUSTOMERS, 1 + at % 28);
		for (long line = 0; line < 3; line++)
			str_addf(&text, "%s{\"item\":\"I%ld\",\"description\":\"Monthly support\",\"quantity\":\"%ld\",\"unit_price\":\"19.99\"}",
				 line ? "," : "", 1 + (at + line) % ITEMS, 1 + line);
		str_add(&text, "]}");
		must(resource_check(type, (struct json_slice){ .text = text.text, .len = text.len, .kind = JSON_OBJECT }, &data, problems) ||
		     error_set(&err, ERROR_INTERNAL, "%s: %s", problems->items[0].path, problems->items[0].text), &err);
		snprintf(resource.organization, sizeof(resource.organization), "%s", bench->organization);
		snprintf(resource.external_id, sizeof(resource.external_id), "D%ld", at);
		must(resources_put(bench->store, &resource, data.text, data.len, "bench", bench->now_ms, &counts, &err), &err);
		if ((at + 1) % PORTION == 0 || at + 1 == documents)
			must(store_commit(bench->store, &err), &err);
	}
	free(problems);
}

/* The same rows by the shell, to nowhere; -1: there is no such program. */
static int64_t read_bare(const char *path, const char *account_id)
{
	int64_t before = cpu_us(RUSAGE_CHILDREN);
	char sql[600], program[] = "sqlite3";
	int status = 0;
	pid_t process;

	snprintf(sql, sizeof(sql), "SELECT no, id, organization, type, external_id, revision, hash, changed_ms, number, party, currency, day, total, "
		 "lines, len, data FROM resource; SELECT record.no, title FROM record JOIN object ON object.no = record.object WHERE "
		 "account_id = '%s' AND type = 'Invoice';", account_id);
	process = fork();
	if (process == 0) {
		int nowhere = open("/dev/null", O_WRONLY);

		dup2(nowhere, STDOUT_FILENO);
		execlp(program, program, path, sql, (char *)NULL);
		_exit(127);
	}
	if (process < 0 || waitpid(process, &status, 0) != process || status != 0)
		return -1;
	return cpu_us(RUSAGE_CHILDREN) - before;
}

static void measure(struct bench *bench, const char *path, long documents)
{
	struct push_wish wish = { .account_id = bench->account.id, .who = "bench", .env = env_real() };
	AUTO(str_clear) struct str head = STR_INIT(STR_NO_LIMIT);
	struct push_totals totals;
	struct error err = { 0 };
	struct plan plan;
	int64_t before = cpu_us(RUSAGE_SELF), ours, bare;
	struct rusage usage;

	must(push_plan(bench->store, bench->catalogue, &wish, &plan, &err), &err);
	ours = cpu_us(RUSAGE_SELF) - before;
	bare = read_bare(path, bench->account.id);
	must(plans_find(bench->store, NULL, plan.id, &plan, NULL, &head, &err), &err);
	must(push_totals(head.text, &totals), &err);
	getrusage(RUSAGE_SELF, &usage);
	printf("plan of %ld documents: %lld created, %lld to decide; %lld ms of processor, %lld us each\n", documents,
	       (long long)totals.acts[PLAN_CREATE], (long long)totals.acts[PLAN_DECIDE], (long long)ours / 1000,
	       (long long)ours / documents);
	if (bare > 0)
		printf("the same rows by sqlite3: %lld ms; ratio %lld.%02lld; peak memory %ld MB\n", (long long)bare / 1000,
		       (long long)(ours / bare), (long long)(ours * 100 / bare % 100), usage.ru_maxrss / 1024);
}

/* What the deck does twice where another policy is looked at: no line is kept. */
static void measure_foresight(struct bench *bench, long documents)
{
	const struct push_wish wish = { .account_id = bench->account.id, .who = "bench", .env = env_real() };
	int64_t before = cpu_us(RUSAGE_SELF);
	struct push_totals totals;
	struct error err = { 0 };

	must(store_read_begin(bench->store, &err) && push_foresee(bench->store, bench->catalogue, &wish, &totals, &err), &err);
	store_read_end(bench->store);
	printf("foreseen alone: %lld lines, %lld ms of processor, %lld us each\n", (long long)totals.lines,
	       (long long)(cpu_us(RUSAGE_SELF) - before) / 1000, (long long)(cpu_us(RUSAGE_SELF) - before) / documents);
}

int main(int argc, char **argv)
{
	struct env env = env_real();
	struct bench bench = { .now_ms = env.wall_ms(env.ctx) };
	struct error err = { 0 };

	if (argc != 3) {
		fprintf(stderr, "usage: bench-plan STORE DOCUMENTS\n");
		return 2;
	}
	must(store_open(argv[1], STORE_CREATE, 0, &bench.store, &err) && catalogue_load(NULL, &bench.catalogue, &err) &&
	     accounts_find(bench.store, "Blue Mountain Supply", &bench.account, &err) &&
	     organization_of_account(bench.store, bench.account.id, bench.organization, &err), &err);
	put_lists(&bench);
	put_rules(&bench);
	put_documents(&bench, strtol(argv[2], NULL, 10));
	measure(&bench, argv[1], strtol(argv[2], NULL, 10));
	measure_foresight(&bench, strtol(argv[2], NULL, 10));
	catalogue_free(bench.catalogue);
	store_close(bench.store);
	return 0;
}
