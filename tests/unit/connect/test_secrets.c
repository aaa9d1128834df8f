/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nothing secret leaves: marked secrets go through everything, then every byte that was produced is searched for each
 * eight bytes in a row of each of them, as they are, in base64, in hexadecimal and percent-encoded.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "tests.h"

#define REALM "9130357849016636"
#define SECRETS_MAX 16
#define WINDOW 8

static const struct simulator_company one[] = {
	{ .kind = "small", .realm = REALM, .name = "Nine Pins", .customers = -1, .invoices = -1 },
};

struct hunt {
	struct str produced;             /* all that was written anywhere */
	char *secrets[SECRETS_MAX];      /* owned */
	size_t count;
};

static void hunt_clear(struct hunt *hunt)
{
	str_clear(&hunt->produced);
	for (size_t i = 0; i < hunt->count; i++)
		free(hunt->secrets[i]);
}

static void plant(struct hunt *hunt, const char *text, size_t len)
{
	assert_true(hunt->count < SECRETS_MAX);
	hunt->secrets[hunt->count++] = memory_copy(text, len);
}

static void take_line(void *ctx, enum log_level level, const char *text)
{
	(void)level;
	str_add(&((struct hunt *)ctx)->produced, text);
	str_add_char(&((struct hunt *)ctx)->produced, '\n');
}

static void take_file(struct hunt *hunt, const char *path)
{
	char bytes[65536];
	ssize_t got;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return;
	while ((got = read(fd, bytes, sizeof(bytes))) > 0)
		str_add_bytes(&hunt->produced, bytes, (size_t)got);
	close(fd);
}

static bool take_audit(void *ctx, const struct audit_row *row)
{
	str_addf(ctx, "%s %s %s %s %s\n", row->who, row->what, row->account_id, row->before, row->after);
	return true;
}

static bool take_attempt(void *ctx, const struct attempt *attempt, const char *detail)
{
	str_addf(ctx, "%s %s %s\n", attempt->error.text, detail, attempt->error.trace_id);
	return true;
}

static bool produced(const struct hunt *hunt, const struct str *form)
{
	return form->len > 0 && memmem(hunt->produced.text, hunt->produced.len, form->text, form->len) != NULL;
}

/* Base64 of the middle of a window is the same wherever it stands in a text: three ways to begin. */
static void search_base64(const struct hunt *hunt, const char *window, size_t which)
{
	for (size_t shift = 0; shift < 3; shift++) {
		AUTO(str_clear) struct str form = STR_INIT(64);
		size_t len = (WINDOW - shift) / 3 * 3;

		digest_add_base64url(&form, window + shift, len);
		if (form.len >= 8 && produced(hunt, &form))
			fail_msg("secret %zu was written in base64", which);
		for (char *at = form.text; *at; at++)
			*at = *at == '-' ? '+' : *at == '_' ? '/' : *at;
		if (form.len >= 8 && produced(hunt, &form))
			fail_msg("secret %zu was written in base64", which);
	}
}

static void search_window(const struct hunt *hunt, const char *window, size_t which)
{
	AUTO(str_clear) struct str raw = STR_INIT(64), hex = STR_INIT(64), percent = STR_INIT(64), upper = STR_INIT(64);

	for (size_t i = 0; i < WINDOW; i++) {
		str_addf(&hex, "%02x", (unsigned)(unsigned char)window[i]);
		str_addf(&upper, "%02X", (unsigned)(unsigned char)window[i]);
		str_addf(&percent, "%%%02X", (unsigned)(unsigned char)window[i]);
	}
	str_add_bytes(&raw, window, WINDOW);
	if (produced(hunt, &raw) || produced(hunt, &hex) || produced(hunt, &upper) || produced(hunt, &percent))
		fail_msg("secret %zu was written: it begins with %.2s, window '%.8s'", which, hunt->secrets[which], window);
	search_base64(hunt, window, which);
}

static void search(const struct hunt *hunt)
{
	for (size_t i = 0; i < hunt->count; i++)
		for (size_t at = 0; at + WINDOW <= strlen(hunt->secrets[i]); at++)
			search_window(hunt, hunt->secrets[i] + at, i);
}

static void spy(void *ctx, char *bytes, size_t len)
{
	struct hunt *hunt = ctx;
	static const char *const names[] = { "access_token", "refresh_token" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct json_slice token = json_check(bytes, len, NULL) ? json_find(bytes, len, names[i]) : (struct json_slice){ 0 };

		if (token.kind == JSON_STRING && hunt->count < SECRETS_MAX)
			plant(hunt, token.text + 1, token.len - 2);
	}
}

static void live(struct world *world, struct hunt *hunt)
{
	struct sync_wish wish = { .cause = "operator" };
	struct connect_attempt *attempt = NULL;
	AUTO(memory_freep) char *address = NULL;
	struct attempt_options options = { .provider = "quickbooks", .environment = ENVIRONMENT_LOCAL };
	struct connect_result result;
	struct account account;
	struct paste paste;
	struct sync *sync;
	struct error err = { 0 };
	char note[240];

	assert_true(connect_begin(&world->connect, &options, &attempt, &err));
	address = world_consent(world, connect_url(attempt), REALM);
	assert_true(paste_parse(address, strlen(address), connect_redirect(attempt), &paste, &err));
	plant(hunt, secret_reveal(paste.code), secret_len(paste.code));
	plant(hunt, secret_reveal(paste.state), secret_len(paste.state));
	str_add(&hunt->produced, paste.summary);
	assert_true(connect_answer(&world->connect, attempt, &paste, &result, &err));
	/* Once more: an error that knows the code. */
	assert_false(connect_answer(&world->connect, attempt, &paste, &result, &err));
	str_add(&hunt->produced, err.text);
	assert_true(connect_confirm(&world->connect, attempt, &account, &err));
	sync = world_engine(world);
	world_sync(world, sync, &wish, NULL);
	world_control(world, "POST", "expire", "{\"realm\":\"" REALM "\"}");
	world_step(world, 700);
	world_sync(world, sync, &wish, NULL);
	world_control(world, "POST", "troubles", "{\"kind\":\"status\",\"status\":500,\"times\":9}");
	world_sync(world, sync, &wish, NULL);
	world_control(world, "POST", "disconnect", "{\"realm\":\"" REALM "\"}");
	world_step(world, 7200);
	world_sync(world, sync, &wish, NULL);
	assert_true(connect_disconnect(&world->connect, account.id, note, &err));
	str_add(&hunt->produced, note);
	sync_free(sync);
	paste_clear(&paste);
	connect_attempt_free(attempt);
}

static void test_nothing_leaves(void **state)
{
	AUTO(world_freep) struct world *world = NULL;
	AUTO(hunt_clear) struct hunt hunt = { .produced = STR_INIT(STR_NO_LIMIT) };
	static const char *const endings[] = { "", "-wal", "-shm", "-budget" };
	struct attempt_query all = { 0 };
	struct error err = { 0 };

	(void)state;
	log_open(-1, LOG_LEVEL_DEBUG, take_line, &hunt);
	world = world_new(one, ARRAY_LEN(one), NULL);
	world->spy = spy;
	world->spy_ctx = &hunt;
	plant(&hunt, "simulator-secret", 16);
	plant(&hunt, REALM, strlen(REALM));
	live(world, &hunt);
	log_open(-1, LOG_LEVEL_ERROR, NULL, NULL);
	assert_true(hunt.count >= 7); /* two pairs of tokens at least */
	assert_true(audit_list(world->store, &(struct audit_query){ 0 }, take_audit, &hunt.produced, NULL, &err));
	assert_true(attempts_list(world->store, &all, take_attempt, &hunt.produced, NULL, &err));
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		AUTO(str_clear) struct str path = STR_INIT(200);

		str_addf(&path, "%s%s", world->store_path, endings[i]);
		take_file(&hunt, path.text);
	}
	assert_true(hunt.produced.len > 100000);
	search(&hunt);
}

int test_secrets(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_nothing_leaves) };

	return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
