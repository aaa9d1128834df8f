/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An apply that is killed while it sends, and goes on: what nobody has the answer of is found in the ledger, and nothing is there
 * twice. It is not left to chance when: the ledger carries out the first batch and keeps its answer back, so that whoever has sent
 * it still waits when it is killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "demo_push.h"
#include "ledgerdeck/store/outbox.h"
#include "simulator.h"
#include "verbs.h"

#define LOOK_MS 20
#define START_MS 60000

/* ---- what the ledger has */

static const char *const types[] = { "Customer", "Vendor", "Item", "Invoice", "CreditMemo", "Payment", "Bill", "JournalEntry" };

bool demo_standing(struct app *app, const char *account_id, int64_t *ret_count, struct error *err)
{
	*ret_count = 0;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		const struct type *type = catalogue_find(app->catalogue, "quickbooks", types[i]);
		int64_t count;

		if (!sync_count(app->sync, account_id, type, app->cancel, &count, err))
			return false;
		*ret_count += count;
	}
	return true;
}

/* ---- a process like the one that a user starts */

static bool start_apply(const struct app *app, const char *plan, pid_t *ret_pid, struct error *err)
{
	static const char *const settings[] = { "quickbooks.environment", "quickbooks.local_address", "quickbooks.redirect_local",
						"vault.key_file", "store.path", "sync.per_second", "sync.per_minute" };
	AUTO(memory_freep) char **environment = child_environment();
	char *words[2 * ARRAY_LEN(settings) + 4];
	posix_spawn_file_actions_t actions;
	size_t count = 0;
	int result;

	words[count++] = memory_copy_text("ledgerdeck");
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

		str_addf(&text, "%s=%s", settings[i], settings_text(app->settings, settings[i]));
		words[count++] = memory_copy_text("--set");
		words[count++] = str_take(&text);
	}
	words[count++] = memory_copy_text("apply");
	words[count++] = memory_copy_text(plan);
	words[count] = NULL;
	posix_spawn_file_actions_init(&actions);
	for (int fd = 0; fd < 3; fd++)
		posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", fd == 0 ? O_RDONLY : O_WRONLY, 0);
	result = posix_spawn(ret_pid, "/proc/self/exe", &actions, NULL, words, environment);
	posix_spawn_file_actions_destroy(&actions);
	while (count > 0)
		free(words[--count]);
	return result == 0 || error_set(err, ERROR_INTERNAL, "'ledgerdeck apply' cannot be started: %s", strerror(result));
}

/* Until the ledger has carried out what it has sent. */
static bool await_batch(struct app *app, struct connect_world *world, const char *realm, int64_t before, pid_t pid, struct error *err)
{
	int64_t batches = before;

	for (int waited_ms = 0; batches == before; waited_ms += LOOK_MS) {
		if (waitpid(pid, NULL, WNOHANG) != 0 || waited_ms > START_MS)
			return error_set(err, ERROR_INTERNAL, "'ledgerdeck apply' did not send anything");
		if (!cancel_sleep(app->cancel, LOOK_MS))
			return error_set(err, ERROR_CANCELLED, "interrupted");
		if (!connect_local_batches(world, realm, &batches, err))
			return false;
	}
	return true;
}

static bool count_sending(void *ctx, const struct intent *intent)
{
	*(int64_t *)ctx += intent->state == INTENT_SENDING;
	return true;
}

static bool kill_sending(struct app *app, struct connect_world *world, const char *realm, const char *plan, int64_t *ret_sending,
			 struct error *err)
{
	struct intent_query query = { .plan = plan };
	int64_t before;
	pid_t pid;
	bool good;

	if (!connect_local_batches(world, realm, &before, err) || !connect_local_withhold(world, realm, err) ||
	    !start_apply(app, plan, &pid, err))
		return false;
	good = await_batch(app, world, realm, before, pid, err);
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	*ret_sending = 0;
	return good && intents_list(app->store, &query, count_sending, ret_sending, err);
}

bool demo_kill_apply(struct app *app, const char *company, const char *plan, const struct printer *printer, struct error *err)
{
	AUTO(memory_freep) struct connect_company *companies = NULL;
	struct connect_world world;
	const char *realm = NULL;
	int64_t sending;
	size_t count;

	app_world(app, &world);
	if (!connect_local_companies(&world, &companies, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (strcmp(companies[i].name, company) == 0)
			realm = companies[i].realm;
	if (!realm)
		return error_set(err, ERROR_REMOTE, "the simulator has no company '%s'", company);
	verb_note(printer, "$ ledgerdeck apply %s", plan);
	if (!kill_sending(app, &world, realm, plan, &sending, err))
		return false;
	verb_note(printer, "Killed in the middle, as an experiment: the ledger has carried out the first %lld writes, and their answer never came.",
		  (long long)sending);
	return sending > 0 || error_set(err, ERROR_INTERNAL, "nothing was being sent when it was killed");
}
