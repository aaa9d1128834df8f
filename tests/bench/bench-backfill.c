/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A first read of one large type from a ledger that takes its time: by the engine as it is shipped, over HTTP, from the
 * simulator. Page by page; in slices; and in slices under the ledger's own limits, by the settings that everybody has. What
 * it says are ratios: how many times faster slices are, and what share of the calls that the budget allows was made.
 *
 * A ledger answers a page within half a second, and `--latency 500 --invoices 200000` is that case; what is measured
 * without is scaled down to a few minutes: the shorter each call, the more weigh the few that come one after the other.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/sync.h"

#define REALM "1001"

struct options {
	const char *program;
	long invoices, page, latency;
};

/* One way to read. */
struct run {
	const char *name;
	const char *limits;      /* the simulator's switch */
	const char *settings[4];
	struct attempt attempt;  /* what the log says of it */
	char detail[200];
	int64_t live;
};

struct bench {
	const struct options *options;
	char directory[64], store_path[96];
	pid_t simulator;
	int port;
	struct settings *settings;
	struct catalogue *catalogue;
	struct vault *vault;
	struct store *store;
	struct transport transport;
	struct cancel *cancel;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "bench-backfill: %s\n", what);
	exit(1);
}

static void must(bool good, const struct error *err)
{
	if (!good)
		die(err->text);
}

/* ---- the ledger */

static void start_simulator(struct bench *bench, const struct run *run)
{
	AUTO(str_clear) struct str company = STR_INIT(100), latency = STR_INIT(40), limits = STR_INIT(40);
	char line[200] = "";
	int ends[2];
	FILE *out;

	str_addf(&company, "small,realm=" REALM ",invoices=%ld", bench->options->invoices);
	str_addf(&latency, "latency-ms=%ld", bench->options->latency);
	str_addf(&limits, "limits=%s", run->limits);
	if (pipe(ends) != 0)
		die("cannot make a pipe");
	bench->simulator = fork();
	if (bench->simulator == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl(bench->options->program, bench->options->program, "--port", "0", "--company", company.text, "--auto-consent",
		      "--exit-with-parent", "--set", latency.text, "--set", limits.text, (char *)NULL);
		die("cannot run the simulator");
	}
	close(ends[1]);
	out = fdopen(ends[0], "r");
	if (bench->simulator < 0 || !out || !fgets(line, sizeof(line), out) || !strrchr(line, ':'))
		die("the simulator did not start");
	fclose(out);
	bench->port = (int)strtol(strrchr(line, ':') + 1, NULL, 10);
}

/* ---- our side */

static void load_settings(struct bench *bench, const struct run *run)
{
	char address[80], redirect[100], page[40];
	const char *flags[ARRAY_LEN(run->settings) + 5] = { address, redirect, page, "quickbooks.environment=local" };
	struct settings_sources sources = { .flags = flags };
	struct error err = { 0 };
	size_t count = 4;

	snprintf(address, sizeof(address), "quickbooks.local_address=http://127.0.0.1:%d", bench->port);
	snprintf(redirect, sizeof(redirect), "quickbooks.redirect_local=http://127.0.0.1:%d/oauth2/code", bench->port);
	snprintf(page, sizeof(page), "sync.max_results=%ld", bench->options->page);
	for (size_t i = 0; i < ARRAY_LEN(run->settings) && run->settings[i]; i++)
		flags[count++] = run->settings[i];
	must(settings_load(&sources, &bench->settings, &err) && catalogue_load(NULL, &bench->catalogue, &err), &err);
}

static void open_store(struct bench *bench)
{
	AUTO(secret_freep) struct secret *key = secret_random(VAULT_KEY_BYTES);
	AUTO(str_clear) struct str header = STR_INIT(65536);
	struct vault_opener opener = { .key = key };
	struct error err = { 0 };

	snprintf(bench->directory, sizeof(bench->directory), "/tmp/bench-backfill-XXXXXX");
	if (!mkdtemp(bench->directory))
		die("cannot make a directory");
	snprintf(bench->store_path, sizeof(bench->store_path), "%s/books.db", bench->directory);
	must(store_open(bench->store_path, STORE_CREATE, 0, &bench->store, &err), &err);
	must(vault_new(store_uuid(bench->store), &opener, VAULT_INTERACTIVE, &header, &bench->vault, &err), &err);
}

static void connect_it(struct bench *bench)
{
	struct connect_world world = { .store = bench->store, .vault = bench->vault, .settings = bench->settings, .env = env_real(),
				       .transport = bench->transport, .cancel = bench->cancel, .who = "bench", .holder = "bench" };
	struct attempt_options options = { .provider = "quickbooks", .environment = ENVIRONMENT_LOCAL };
	AUTO(secret_freep) struct secret *app = secret_copy("simulator-secret", 16);
	AUTO(secret_freep) struct secret *text = NULL;
	struct connect_attempt *attempt = NULL;
	struct paste paste = { 0 };
	struct connect_result result;
	struct account account;
	struct error err = { 0 };

	must(connect_app_set(&world, "quickbooks", ENVIRONMENT_LOCAL, "simulator-client", app, &err) &&
	     connect_begin(&world, &options, &attempt, &err) && connect_local_consent(&world, attempt, REALM, &text, &err) &&
	     paste_parse(secret_reveal(text), secret_len(text), connect_redirect(attempt), &paste, &err) &&
	     connect_answer(&world, attempt, &paste, &result, &err) && connect_confirm(&world, attempt, &account, &err), &err);
	paste_clear(&paste);
	connect_attempt_free(attempt);
}

static struct transport transport_new(void *ctx)
{
	return connect_transport_new(((struct bench *)ctx)->settings);
}

static void transport_free(void *ctx, struct transport transport)
{
	(void)ctx;
	connect_transport_free(transport);
}

static bool take_attempt(void *ctx, const struct attempt *attempt, const char *detail)
{
	struct run *run = ctx;

	run->attempt = *attempt;
	snprintf(run->detail, sizeof(run->detail), "%s", detail);
	return false;
}

static void read_it(struct bench *bench, struct run *run)
{
	static const char *const types[] = { "Invoice", NULL };
	struct sync_options options = { .store_path = bench->store_path, .vault = bench->vault, .settings = bench->settings,
					.catalogue = bench->catalogue, .env = env_real(), .who = "bench",
					.transport_new = transport_new, .transport_free = transport_free, .ctx = bench };
	struct sync_wish wish = { .types = types, .mode = SYNC_FULL, .cause = "operator" };
	struct attempt_query newest = { .type = "Invoice", .limit = 1, .newest_first = true };
	struct object object;
	struct sync *sync = NULL;
	struct error err = { 0 };
	int64_t number = 0, jobs;
	bool found;

	must(sync_new(&options, &sync, &err) && sync_ask(sync, &wish, &number, &jobs, &err) && sync_start(sync, 4, false, &err), &err);
	if (!sync_wait(sync, number, -1, NULL))
		die("a run has no end");
	sync_free(sync);
	must(attempts_list(bench->store, &newest, take_attempt, run, NULL, &err) &&
	     objects_get(bench->store, run->attempt.account_id, "Invoice", &object, &found, &err), &err);
	if (run->attempt.error.code)
		die(run->attempt.error.text);
	run->live = object.live + object.voided;
	if (object.ledger_count != run->live)
		die("the mirror and the ledger differ");
}

static void clear(struct bench *bench)
{
	static const char *const endings[] = { "", "-wal", "-shm", "-budget", "-bell" };

	kill(bench->simulator, SIGTERM);
	waitpid(bench->simulator, NULL, 0);
	store_close(bench->store);
	vault_free(bench->vault);
	connect_transport_free(bench->transport);
	settings_free(bench->settings);
	catalogue_free(bench->catalogue);
	cancel_free(bench->cancel);
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		AUTO(str_clear) struct str path = STR_INIT(200);

		str_addf(&path, "%s%s", bench->store_path, endings[i]);
		unlink(path.text);
	}
	rmdir(bench->directory);
}

static void do_run(const struct options *options, struct run *run)
{
	struct bench bench = { .options = options, .cancel = cancel_new() };

	start_simulator(&bench, run);
	load_settings(&bench, run);
	bench.transport = connect_transport_new(bench.settings);
	open_store(&bench);
	connect_it(&bench);
	read_it(&bench, run);
	clear(&bench);
	printf("%-34s %8.8s %9lld %7lld %7lld %6lld.%03lld %5lld  %s\n", run->name, run->limits, (long long)run->live,
	       (long long)run->attempt.pages, (long long)run->attempt.calls, (long long)run->attempt.took_ms / 1000,
	       (long long)run->attempt.took_ms % 1000, (long long)run->attempt.throttled, run->detail);
	fflush(stdout);
}

static void print_ratio(const char *what, int64_t a, int64_t b, const char *unit, const char *goal)
{
	int64_t hundredths = b > 0 ? a * 100 / b : 0;

	printf("%-52s %lld.%02lld%s (goal: %s)\n", what, (long long)hundredths / 100, (long long)hundredths % 100, unit, goal);
}

static long number_of(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (*end || number < 1)
		die("an option takes a number above 0");
	return number;
}

static struct options parse(int argc, char **argv)
{
	static const struct option names[] = { { "invoices", required_argument, NULL, 'i' }, { "page", required_argument, NULL, 'p' },
					       { "latency", required_argument, NULL, 'l' }, { "program", required_argument, NULL, 'r' },
					       { NULL, 0, NULL, 0 } };
	struct options options = { .program = "./ledgerdeck-simulator", .invoices = 120000, .page = 200, .latency = 150 };
	int each;

	while ((each = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (each == 'r')
			options.program = optarg;
		else if (each == '?')
			exit(2);
		else
			*(each == 'i' ? &options.invoices : each == 'p' ? &options.page : &options.latency) = number_of(optarg);
	}
	return options;
}

int main(int argc, char **argv)
{
	struct options options = parse(argc, argv);
	struct run runs[] = {
		{ "page by page", "off", { "sync.in_flight=1", "sync.per_second=10000", "sync.per_minute=100000" }, .live = 0 },
		{ "in slices, 8 in flight", "off", { "sync.in_flight=8", "sync.per_second=10000", "sync.per_minute=100000" }, .live = 0 },
		{ "in slices, as it is shipped", "on", { NULL }, .live = 0 },
	};
	const struct attempt *slow = &runs[0].attempt, *fast = &runs[1].attempt, *limited = &runs[2].attempt;
	struct error err = { 0 };
	const char *warning = NULL;
	const struct provider *provider = provider_find("quickbooks");

	must(secret_start(&warning, &err), &err);
	printf("%ld ms a call, pages of %ld\n", options.latency, options.page);
	printf("%-34s %8s %9s %7s %7s %10s %5s\n", "", "limits", "records", "pages", "calls", "seconds", "429");
	for (size_t i = 0; i < ARRAY_LEN(runs); i++)
		do_run(&options, &runs[i]);
	print_ratio("slices, against page by page", slow->took_ms, fast->took_ms, " times", "7 at least");
	print_ratio("calls under limits, of those that the budget allows", limited->calls * 60000 * 100,
		    limited->took_ms * provider->limits.per_minute, " %", "95 at least, no 429");
	return 0;
}
