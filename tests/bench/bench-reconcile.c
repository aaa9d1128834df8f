/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a round of reconciling costs: a file of DOCUMENTS invoices against the first company of a store that bench-plan was given,
 * all of which is read for what it posts, beside the sqlite3 shell that does nothing but read the same records. Processor time of
 * both, and memory. One in fifty is off by a cent. The ledger is not asked. The store is changed: give it a copy.
 *
 *     bench-reconcile STORE DOCUMENTS
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
#include "ledgerdeck/sync/reconcile.h"

#define CHANGED 50
#define TEXT_MAX 32

struct bench {
	struct store *store;
	struct catalogue *catalogue;
	struct account account;
	struct reconcile_line *lines; /* owned */
	char (*texts)[2][TEXT_MAX];  /* owned: id and number of each */
	size_t count, most;
	struct date from, to;
};

static void must(bool good, const struct error *err)
{
	if (good)
		return;
	fprintf(stderr, "bench-reconcile: %s\n", err->text);
	exit(1);
}

static int64_t cpu_us(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

/* What the ledger has is what the file says, until it says so many; most of the time. */
static bool take_invoice(void *ctx, const struct record_row *row, const char *raw, size_t len)
{
	struct bench *bench = ctx;
	struct json_slice total = json_find(raw, len, "TotalAmt"), day = json_find(raw, len, "TxnDate");
	struct reconcile_line *line = &bench->lines[bench->count];
	AUTO(str_clear) struct str number = STR_INIT(STR_NO_LIMIT);
	struct decimal amount;

	if (row->state != RECORD_LIVE || day.len < 3 || !date_parse(day.text + 1, day.len - 2, &line->date) ||
	    !decimal_parse(total.text, total.len, &amount) || !decimal_to_millionths(amount, &line->amount))
		return true;
	line->type = "invoice";
	json_unquote(json_find(raw, len, "DocNumber"), &number);
	snprintf(bench->texts[bench->count][0], TEXT_MAX, "%s", row->id);
	snprintf(bench->texts[bench->count][1], TEXT_MAX, "%s", number.text);
	line->ref = bench->texts[bench->count][0];
	line->number = bench->texts[bench->count][1];
	line->party = line->memo = "";
	if (bench->count % CHANGED == 0)
		line->amount += 10000;
	if (bench->count == 0 || line->date.day < bench->from.day)
		bench->from = line->date;
	if (bench->count == 0 || line->date.day > bench->to.day)
		bench->to = line->date;
	return ++bench->count < bench->most;
}

/* The same records by the shell, to nowhere; -1: there is no such program. */
static int64_t read_bare(const char *path, const char *account_id)
{
	int64_t before = cpu_us(RUSAGE_CHILDREN);
	char sql[400], program[] = "sqlite3";
	int status = 0;
	pid_t process;

	snprintf(sql, sizeof(sql), "SELECT record.no, id, title, hex(bytes) FROM object CROSS JOIN record ON object.no = record.object JOIN raw ON "
		 "raw.no = record.no WHERE account_id = '%s';", account_id);
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

static void measure(struct bench *bench, const char *path)
{
	struct reconcile_wish wish = { .account_id = bench->account.id, .from = bench->from, .to = bench->to, .types = "invoice",
				       .source = "bench", .source_digest = "", .lines = bench->lines, .line_count = bench->count,
				       .offline = true, .who = "bench", .env = env_real() };
	int64_t before = cpu_us(RUSAGE_SELF), ours, bare;
	struct session_totals totals;
	struct session session;
	struct error err = { 0 };
	struct rusage usage;

	must(reconcile_round(NULL, bench->store, bench->catalogue, &wish, &session, &err), &err);
	ours = cpu_us(RUSAGE_SELF) - before;
	getrusage(RUSAGE_SELF, &usage);
	bare = read_bare(path, bench->account.id);
	must(session_totals(bench->store, session.no, bench->to, &totals, &err), &err);
	printf("round of %zu documents: %lld matched, %lld off; %lld ms of processor, %lld us each; peak memory %ld MB\n", bench->count,
	       (long long)totals.matched, (long long)totals.exceptions[EXCEPTION_AMOUNT], (long long)ours / 1000,
	       (long long)ours / (long long)bench->count, usage.ru_maxrss / 1024);
	if (bare > 0)
		printf("the company's records by sqlite3: %lld ms; ratio %lld.%02lld\n", (long long)bare / 1000, (long long)(ours / bare),
		       (long long)(ours * 100 / bare % 100));
}

int main(int argc, char **argv)
{
	struct bench bench = { .most = argc == 3 ? (size_t)strtoul(argv[2], NULL, 10) : 0 };
	struct error err = { 0 };
	struct object object;
	bool found;

	if (bench.most == 0 || bench.most > 10000000) {
		fprintf(stderr, "usage: bench-reconcile STORE DOCUMENTS\n");
		return 2;
	}
	bench.lines = memory_new((bench.most + 1) * sizeof(*bench.lines));
	bench.texts = memory_new((bench.most + 1) * sizeof(*bench.texts));
	must(store_open(argv[1], STORE_CREATE, 0, &bench.store, &err) && catalogue_load(NULL, &bench.catalogue, &err) &&
	     accounts_find(bench.store, "Blue Mountain Supply", &bench.account, &err) &&
	     objects_get(bench.store, bench.account.id, "Invoice", &object, &found, &err) &&
	     records_raw(bench.store, &object, "", take_invoice, &bench, &err), &err);
	must(bench.count > 0 || error_set(&err, ERROR_INPUT, "the store has no invoices"), &err);
	measure(&bench, argv[1]);
	free(bench.lines);
	free(bench.texts);
	catalogue_free(bench.catalogue);
	store_close(bench.store);
	return 0;
}
