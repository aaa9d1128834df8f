/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carries out scenarios, see script.h. */
#include "script.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "crash.h"

#define COMPANIES_MAX 8
#define WORDS_MAX 24
#define PATIENCE_MS (INT64_C(30) * 86400000)

struct script {
	const char *path;
	const struct plan *plan;
	struct world *world;
	struct sync *sync;              /* of the ways that stay in this process */
	struct simulator_company companies[COMPANIES_MAX];
	char names[COMPANIES_MAX][80], realms[COMPANIES_MAX][32], kinds[COMPANIES_MAX][16];
	size_t company_count;
	char settings[8][120];
	const char *setting_list[9];
	size_t setting_count;
	struct account accounts[COMPANIES_MAX];
	char connected[COMPANIES_MAX][32];
	size_t connected_count;
	struct outcome last;
	int line;
};

static void quit(const struct script *script, const char *what, const char *detail)
{
	const char *name = strrchr(script->path, '/');

	fail_msg("%s:%d (way %d, at %lld, how %d): %s %s", name ? name + 1 : script->path, script->line, script->plan->way,
		 (long long)script->plan->at, script->plan->how, what, detail);
}

static const struct account *account_of(const struct script *script, const char *realm)
{
	for (size_t i = 0; i < script->connected_count; i++)
		if (strcmp(script->connected[i], realm) == 0)
			return &script->accounts[i];
	quit(script, "not connected:", realm);
	return NULL;
}

static const struct type *type_of(const struct script *script, const char *name)
{
	const struct type *type = catalogue_find(script->world->catalogue, "quickbooks", name);

	if (!type || strcmp(type->name, name) != 0)
		quit(script, "no such type:", name);
	return type;
}

/* ---- sync, in each of the ways */

static void open_store(struct script *script)
{
	struct error err = { 0 };

	if (!store_open(script->world->store_path, STORE_WRITE, 0, &script->world->store, &err))
		quit(script, "the store:", err.text);
	script->world->connect.store = script->world->store;
}

/* What a process does that may be killed at any durable step. */
static void child_life(struct script *script, int socket, const struct sync_wish *wish)
{
	struct sync_options options;
	struct sync *sync = NULL;
	struct error err = { 0 };
	int64_t run, jobs, next_ms;
	bool worked = true;

	script->world->socket = socket;
	options = world_options(script->world);
	if (!sync_new(&options, &sync, &err) || !sync_ask(sync, wish, &run, &jobs, &err))
		_exit(3);
	while (worked)
		if (!sync_step(sync, &worked, &next_ms, &err))
			_exit(4);
	if (!sync_wait(sync, run, 0, NULL))
		_exit(5);
	sync_free(sync);
	_exit(0);
}

static int run_child(struct script *script, const struct sync_wish *wish)
{
	int sockets[2], status = 0;
	pid_t pid;

	/* No connection to the store may live on in another process. */
	store_close(script->world->store);
	script->world->store = NULL;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0)
		quit(script, "no sockets", "");
	pid = fork();
	if (pid < 0)
		quit(script, "no process", "");
	if (pid == 0) {
		close(sockets[0]);
		child_life(script, sockets[1], wish);
	}
	close(sockets[1]);
	world_serve(script->world, sockets[0]);
	close(sockets[0]);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		quit(script, "a process died by itself", "");
	open_store(script);
	return WEXITSTATUS(status);
}

static void sync_killed(struct script *script, const struct sync_wish *wish)
{
	int64_t later = 1;
	int ended = WORLD_KILLED;

	while (ended == WORLD_KILLED) {
		if (script->plan->at == 0) {
			crash_at(crash_count() + later);
			later += env_variable("LEDGERDECK_SOAK") ? 1 : 1 + later / 4;
		}
		ended = run_child(script, wish);
	}
	if (ended != 0) {
		char text[32];

		snprintf(text, sizeof(text), "%d", ended);
		quit(script, "a process ended with", text);
	}
}

static void sync_shuffled(struct script *script, const struct sync_wish *wish)
{
	struct sync *sync = world_engine(script->world);
	struct error err = { 0 };
	int64_t run = 0, jobs = 0;

	script->world->shuffled = true;
	if (!sync_start(sync, 4, false, &err) || !sync_ask(sync, wish, &run, &jobs, &err))
		quit(script, "sync:", err.text);
	if (!sync_wait(sync, run, PATIENCE_MS, NULL))
		quit(script, "sync:", "it does not end");
	sync_free(sync);
	script->world->shuffled = false;
}

static void sync_once(struct script *script, const struct sync_wish *wish)
{
	switch (script->plan->way) {
	case WAY_KILLED:
		sync_killed(script, wish);
		return;
	case WAY_SHUFFLED:
		sync_shuffled(script, wish);
		return;
	case WAY_STRAIGHT:
	case WAY_FAILING:
		if (!script->sync)
			script->sync = world_engine(script->world);
		world_sync(script->world, script->sync, wish, &script->last);
		return;
	}
}

static void do_sync(struct script *script, char **words, size_t count)
{
	const char *types[WORDS_MAX] = { NULL };
	struct sync_wish wish = { .cause = "operator" };
	size_t type_count = 0;

	for (size_t i = 1; i < count; i++) {
		if (strcmp(words[i], "full") == 0)
			wish.mode = SYNC_FULL;
		else if (strcmp(words[i], "sweep") == 0)
			wish.mode = SYNC_SWEEP;
		else if (strcmp(words[i], "approve") == 0)
			wish.approve_guard = true;
		else
			types[type_count++] = type_of(script, words[i])->name;
	}
	wish.types = type_count ? types : NULL;
	sync_once(script, &wish);
}

/* ---- somebody else at the ledger */

static void send_other(struct script *script, const char *realm, const char *type, const char *operation, const char *body)
{
	AUTO(str_clear) struct str path = STR_INIT(400);
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	str_addf(&path, "as-other-user/v3/company/%s/", realm);
	for (const char *at = type; *at; at++)
		str_add_char(&path, *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at);
	str_addf(&path, "?minorversion=75%s%s", *operation ? "&operation=" : "", operation);
	if (world_other(script->world, "POST", path.text, body, &out) != 200)
		quit(script, body, out.text);
}

static void change_one(struct script *script, const char *operation, const char *realm, const struct type *type,
		       const char *record, const char *members)
{
	AUTO(str_clear) struct str body = STR_INIT(65536);
	struct json_slice id = json_find(record, strlen(record), "Id"), token = json_find(record, strlen(record), "SyncToken");
	struct json_slice customer = json_find(record, strlen(record), "CustomerRef");

	str_addf(&body, "{\"Id\":%.*s,\"SyncToken\":%.*s", (int)id.len, id.text, (int)token.len, token.text);
	if (!*operation)
		str_addf(&body, ",\"sparse\":true,%s", members);
	if (!*operation && customer.kind == JSON_OBJECT)
		str_addf(&body, ",\"CustomerRef\":%.*s", (int)customer.len, customer.text);
	str_add_char(&body, '}');
	send_other(script, realm, type->name, operation, body.text);
}

static int compare_ids(const void *a, const void *b)
{
	const char *texts[2] = { *(char *const *)a, *(char *const *)b };
	long ids[2];

	for (int i = 0; i < 2; i++) {
		struct json_slice id = json_find(texts[i], strlen(texts[i]), "Id");

		ids[i] = id.kind == JSON_STRING ? strtol(id.text + 1, NULL, 10) : 0;
	}
	return ids[0] < ids[1] ? -1 : ids[0] > ids[1];
}

static void do_change(struct script *script, const char *operation, char **words, const char *rest)
{
	AUTO(texts_clear) struct texts truth = { 0 };
	const struct type *type = type_of(script, words[2]);
	size_t number = strcmp(words[3], "all") == 0 ? 0 : strtoul(words[3], NULL, 10);

	world_truth(script->world, words[1], type, &truth);
	if (number > truth.count)
		quit(script, "there are not so many", words[2]);
	if (truth.count > 1)
		qsort(truth.items, truth.count, sizeof(char *), compare_ids);
	for (size_t i = 0; i < truth.count; i++)
		if (number == 0 || number == i + 1)
			change_one(script, operation, words[1], type, truth.items[i], rest);
}

/* ---- what is to be seen */

static void expect_number(struct script *script, const char *what, int64_t seen, const char *wanted)
{
	char text[80];

	if (seen == strtoll(wanted, NULL, 10))
		return;
	snprintf(text, sizeof(text), "%s: seen %lld, wanted %s", what, (long long)seen, wanted);
	quit(script, "expected", text);
}

static void expect_text(struct script *script, const char *what, const char *seen, const char *wanted)
{
	char text[400];

	if (strcmp(wanted, "none") == 0 ? !*seen : strstr(seen, wanted) != NULL)
		return;
	snprintf(text, sizeof(text), "%s: seen '%.200s', wanted '%.100s'", what, seen, wanted);
	quit(script, "expected", text);
}

static void expect_object(struct script *script, char **words, const char *rest)
{
	struct object object = world_object(script->world, account_of(script, words[1]), type_of(script, words[2])->name);
	const struct { const char *word; int64_t number; } numbers[] = {
		{ "live", object.live }, { "inactive", object.inactive }, { "voided", object.voided },
		{ "deleted", object.deleted }, { "parked", object.parked },
	};

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (strcmp(words[3], numbers[i].word) == 0) {
			expect_number(script, words[3], numbers[i].number, rest);
			return;
		}
	if (strcmp(words[3], "status") == 0)
		expect_text(script, words[3], object_status_word(object.status), rest);
	else if (strcmp(words[3], "guard") == 0)
		expect_text(script, words[3], object.guard, rest);
	else if (strcmp(words[3], "drift") == 0)
		expect_text(script, words[3], object.drift, rest);
	else
		quit(script, "not understood:", words[3]);
}

static void do_expect(struct script *script, char **words, size_t count, const char *rest)
{
	struct account account;
	struct error err = { 0 };
	bool found;

	/* Where something goes wrong beside only the end is certain. */
	if (script->plan->way != WAY_STRAIGHT)
		return;
	if (count < 3)
		quit(script, "not understood:", words[0]);
	if (strcmp(words[1], "failed") == 0) {
		expect_number(script, "failed", script->last.failed, words[2]);
	} else if (strcmp(words[1], "error") == 0) {
		expect_text(script, "error", script->last.error.text, strstr(rest, words[2]));
	} else if (strcmp(words[2], "state") == 0 && count > 3) {
		if (!accounts_get(script->world->store, account_of(script, words[1])->id, &account, &found, &err) || !found)
			quit(script, "no account", err.text);
		expect_text(script, "state", account_state_word(account.state), words[3]);
	} else {
		expect_object(script, words, rest);
	}
}

/* ---- the world, and a line of it */

static void do_company(struct script *script, char **words, size_t count)
{
	size_t i = script->company_count++;

	if (i == COMPANIES_MAX || count < 3)
		quit(script, "too many companies, or no kind", "");
	snprintf(script->realms[i], sizeof(script->realms[i]), "%s", words[1]);
	snprintf(script->kinds[i], sizeof(script->kinds[i]), "%s", words[2]);
	snprintf(script->names[i], sizeof(script->names[i]), "Company %.40s", words[1]);
	script->companies[i] = (struct simulator_company){
		.kind = script->kinds[i], .realm = script->realms[i], .name = script->names[i],
		.customers = count > 3 ? strtoll(words[3], NULL, 10) : -1, .invoices = count > 4 ? strtoll(words[4], NULL, 10) : -1,
	};
}

static void do_setting(struct script *script, const char *text)
{
	snprintf(script->settings[script->setting_count], sizeof(script->settings[0]), "%s", text);
	script->setting_list[script->setting_count] = script->settings[script->setting_count];
	script->setting_count++;
}

static void ensure_world(struct script *script)
{
	if (script->world)
		return;
	script->world = world_new(script->companies, script->company_count, script->setting_list);
	if (script->plan->way == WAY_FAILING) {
		atomic_store(&script->world->shared->break_how, script->plan->how);
		atomic_store(&script->world->shared->break_at, script->plan->at);
	}
}

static void do_connect(struct script *script, const char *realm)
{
	int64_t broken = atomic_exchange(&script->world->shared->break_at, 0);
	size_t i = 0;

	while (i < script->connected_count && strcmp(script->connected[i], realm) != 0)
		i++;
	world_connect(script->world, realm, &script->accounts[i]);
	/* A person who connects tries again; here it is reading that fails. */
	atomic_store(&script->world->shared->break_at, broken);
	if (realm != script->connected[i])
		snprintf(script->connected[i], sizeof(script->connected[i]), "%s", realm);
	if (i == script->connected_count)
		script->connected_count++;
}

/* What stands behind the first `skip` words. */
static const char *rest_of(const char *line, size_t skip)
{
	for (; skip > 0; skip--) {
		line += strspn(line, " \t");
		line += strcspn(line, " \t");
	}
	return line + strspn(line, " \t");
}

static void do_line(struct script *script, const char *line)
{
	AUTO(memory_freep) char *copy = memory_copy_text(line);
	char *words[WORDS_MAX + 1] = { NULL }, *save = NULL;
	size_t count = 0;

	for (char *word = strtok_r(copy, " \t", &save); word && count < WORDS_MAX; word = strtok_r(NULL, " \t", &save))
		words[count++] = word;
	if (strcmp(words[0], "company") == 0) {
		do_company(script, words, count);
		return;
	}
	if (strcmp(words[0], "setting") == 0) {
		do_setting(script, rest_of(line, 1));
		return;
	}
	ensure_world(script);
	if (strcmp(words[0], "connect") == 0)
		do_connect(script, words[1]);
	else if (strcmp(words[0], "sync") == 0)
		do_sync(script, words, count);
	else if (strcmp(words[0], "add") == 0)
		send_other(script, words[1], type_of(script, words[2])->name, "", rest_of(line, 3));
	else if (strcmp(words[0], "change") == 0)
		do_change(script, "", words, rest_of(line, 4));
	else if (strcmp(words[0], "delete") == 0 || strcmp(words[0], "void") == 0)
		do_change(script, words[0], words, "");
	else if (strcmp(words[0], "control") == 0)
		world_control(script->world, "POST", words[1], rest_of(line, 2));
	else if (strcmp(words[0], "step") == 0)
		world_step(script->world, strtoll(words[1], NULL, 10));
	else if (strcmp(words[0], "expect") == 0)
		do_expect(script, words, count, rest_of(line, count > 3 && strcmp(words[1], "error") != 0 ? 4 : 2));
	else
		quit(script, "not understood:", line);
}

static void do_lines(struct script *script, char *text)
{
	for (char *line = text, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		script->line++;
		line += strspn(line, " \t");
		if (*line && *line != '#')
			do_line(script, line);
	}
}

/* ---- the end */

static bool all_same(struct script *script, char *ret_difference)
{
	for (size_t i = 0; i < script->connected_count; i++) {
		AUTO(object_list_clear) struct object_list objects = { 0 };
		struct error err = { 0 };

		if (!objects_all(script->world->store, script->accounts[i].id, &objects, &err))
			quit(script, "objects:", err.text);
		/* Types that the scenario never asked for are not there. */
		for (size_t j = 0; j < objects.count; j++)
			if (objects.items[j].attempt_ms != 0 &&
			    !world_same(script->world, &script->accounts[i], script->connected[i], type_of(script, objects.items[j].type),
					ret_difference))
				return false;
	}
	return true;
}

/* The types that were ever asked for, in whichever account. */
static size_t asked_types(struct script *script, const char **types)
{
	AUTO(object_list_clear) struct object_list objects = { 0 };
	struct error err = { 0 };
	size_t count = 0;

	if (!objects_all(script->world->store, NULL, &objects, &err))
		quit(script, "objects:", err.text);
	for (size_t i = 0; i < objects.count; i++) {
		const char *name = type_of(script, objects.items[i].type)->name;
		size_t j = 0;

		while (j < count && types[j] != name)
			j++;
		if (objects.items[i].attempt_ms != 0 && j == count)
			types[count++] = name;
	}
	types[count] = NULL;
	return count;
}

/* A connection whose renewed tokens never arrived is lost: a person connects again. */
static void connect_lost(struct script *script)
{
	for (size_t i = 0; i < script->connected_count; i++) {
		struct account account = { 0 };
		struct error err = { 0 };
		bool found;

		if (!accounts_get(script->world->store, script->accounts[i].id, &account, &found, &err) || !found)
			quit(script, "no account", err.text);
		if (account.state == ACCOUNT_RECONNECT) {
			if (script->plan->way == WAY_STRAIGHT || script->plan->way == WAY_SHUFFLED)
				quit(script, "lost:", account.reason);
			do_connect(script, script->connected[i]);
		}
	}
}

static void do_end(struct script *script)
{
	static const struct plan straight = { .way = WAY_STRAIGHT };
	const char *types[128];
	/* A person looks at what waits for approval, if anything does. */
	struct sync_wish wish = { .types = types, .cause = "operator", .approve_guard = true };
	char difference[400] = "";
	bool same = false;

	/* In the end nothing goes wrong any more; what waits for its time gets it. */
	crash_at(0);
	atomic_store(&script->world->shared->break_at, 0);
	world_control(script->world, "DELETE", "troubles", NULL);
	asked_types(script, types);
	for (int tries = 0; tries < 4 && (tries == 0 || !same); tries++) {
		world_step(script->world, 180);
		connect_lost(script);
		sync_once(script, &wish);
		same = all_same(script, difference);
	}
	if (!same)
		quit(script, "at the end", difference);
	/* Once more: nothing happens. */
	script->plan = &straight;
	sync_once(script, &wish);
	if (script->last.failed || script->last.counts.added || script->last.counts.changed || script->last.counts.deleted)
		quit(script, "once more is not nothing:", script->last.error.text);
	if (!all_same(script, difference))
		quit(script, "once more", difference);
}

void script_run(const char *path, const struct plan *plan, int64_t *ret_calls, int64_t *ret_commits)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct script script = { .path = path, .plan = plan };
	struct error err = { 0 };
	int64_t calls;

	if (!file_read(path, 1 << 20, &text, &err))
		fail_msg("%s", err.text);
	crash_reset();
	if (plan->way == WAY_KILLED && plan->at > 0)
		crash_at(plan->at);
	do_lines(&script, text.text);
	calls = atomic_load(&script.world->shared->calls);
	if (ret_calls)
		*ret_calls = calls;
	if (ret_commits)
		*ret_commits = crash_count();
	do_end(&script);
	sync_free(script.sync);
	world_free(script.world);
}
