/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `destinations`: the keys of clouds that records are exported to; taken once, sealed, and never shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/lake/destination.h"
#include "ledgerdeck/store/feeds.h"
#include "verbs.h"

#define OWNER_MAX 300

static const struct printer_column columns[] = { { "destination", false }, { "key", false }, { "exports", false }, { NULL, false } };

/* ---- what a person types */

/* Keys, tokens and addresses have none of these, and JSON needs no escapes without them. */
static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' || (unsigned char)*text > '~' || *text == '"' || *text == '\\')
			return false;
	return true;
}

static bool ask(struct app *app, const char *prompt, enum ask_kind kind, struct secret **ret_text, struct error *err)
{
	if (!app->ask(app->ask_ctx, prompt, kind, NULL, ret_text, err))
		return false;
	return (secret_len(*ret_text) > 0 && is_plain(secret_reveal(*ret_text))) || error_set(err, ERROR_INPUT, "that is no key: it has blanks or quotes, or nothing");
}

/* "{\"name\":\"value\",...}", in locked memory all the way; members without a value are left out. */
static struct secret *join(const char *const *names, const char *const *values, size_t count)
{
	size_t len = 2, at = 1;
	struct secret *joined;
	char *text;

	for (size_t i = 0; i < count; i++)
		len += values[i] ? strlen(names[i]) + strlen(values[i]) + 6 : 0;
	joined = secret_new(len + 1);
	text = secret_edit(joined);
	text[0] = '{';
	for (size_t i = 0; i < count; i++)
		if (values[i])
			at += (size_t)snprintf(text + at, len + 1 - at, "%s\"%s\":\"%s\"", at > 1 ? "," : "", names[i], values[i]);
	text[at] = '}';
	return joined;
}

/* Behind the object there may be room that is not needed: blanks. */
static void fill_up(struct secret *secret)
{
	char *text = secret_edit(secret);

	for (size_t i = 0; i < secret_len(secret); i++)
		if (text[i] == '\0')
			text[i] = ' ';
}

static bool ask_azure(struct app *app, const char *endpoint, struct secret **ret_secret, struct error *err)
{
	static const char *const names[] = { "key", "sas", "endpoint" };
	AUTO(secret_freep) struct secret *text = NULL;
	bool is_sas;

	if (!ask(app, "Account key, or SAS token (it is not shown): ", ASK_HIDDEN, &text, err))
		return false;
	is_sas = strstr(secret_reveal(text), "sig=") != NULL;
	*ret_secret = join(names, (const char *const[]){ is_sas ? NULL : secret_reveal(text), is_sas ? secret_reveal(text) : NULL, endpoint }, 3);
	return true;
}

static bool ask_s3(struct app *app, const char *endpoint, const char *region, struct secret **ret_secret, struct error *err)
{
	static const char *const names[] = { "id", "key", "region", "endpoint" };
	AUTO(secret_freep) struct secret *id = NULL, *key = NULL;

	if (!ask(app, "Access key id: ", ASK_LINE, &id, err) || !ask(app, "Secret access key (it is not shown): ", ASK_HIDDEN, &key, err))
		return false;
	*ret_secret = join(names, (const char *const[]){ secret_reveal(id), secret_reveal(key), region, endpoint }, 4);
	return true;
}

static bool find_owner(const char *address, char *ret_owner, struct error *err)
{
	AUTO(str_clear) struct str owner = STR_INIT(OWNER_MAX - 1);

	if (!destination_owner(address, &owner) || str_is_cut(&owner))
		return error_set(err, ERROR_INPUT, "'%.60s' needs no key: az://ACCOUNT and s3://BUCKET do", address);
	snprintf(ret_owner, OWNER_MAX, "%s", owner.text);
	return true;
}

static bool set(struct app *app, const struct arguments *arguments, const char *owner, struct error *err)
{
	const char *endpoint = argument(arguments, "--endpoint"), *region = argument(arguments, "--region");
	AUTO(secret_freep) struct secret *secret = NULL;
	struct connect_world world;

	if ((endpoint && (!is_plain(endpoint) || !strstr(endpoint, "://"))) || (region && !is_plain(region)))
		return error_set(err, ERROR_INPUT, "--endpoint is an address such as https://s3.example.com, --region a word such as eu-north-1");
	if (!app_vault(app, err) || !(strncmp(owner, "az:", 3) == 0 ? ask_azure(app, endpoint, &secret, err) : ask_s3(app, endpoint, region, &secret, err)))
		return false;
	fill_up(secret);
	app_world(app, &world);
	return destination_check_secret(owner, secret, err) && connect_secret_set(&world, owner, secret, err);
}

/* ---- the list */

struct owners {
	char (*items)[OWNER_MAX]; /* owned */
	int64_t *feeds;           /* owned: of each */
	size_t count, room, feeds_room;
};

static void owners_clear(struct owners *owners)
{
	free(owners->items);
	free(owners->feeds);
}

static void add_owner(struct owners *owners, const char *owner, int64_t feeds)
{
	size_t i = 0;

	while (i < owners->count && strcmp(owners->items[i], owner) != 0)
		i++;
	if (i == owners->count) {
		memory_grow(&owners->items, &owners->room, owners->count + 1, sizeof(*owners->items));
		memory_grow(&owners->feeds, &owners->feeds_room, owners->count + 1, sizeof(*owners->feeds));
		snprintf(owners->items[i], sizeof(owners->items[i]), "%s", owner);
		owners->feeds[i] = 0;
		owners->count++;
	}
	owners->feeds[i] += feeds;
}

static bool look_at(void *ctx, const struct feed *feed)
{
	struct error ignored;
	char owner[OWNER_MAX];

	if (find_owner(feed->destination, owner, &ignored))
		add_owner(ctx, owner, 1);
	return true;
}

static bool print_owners(struct app *app, const struct owners *owners, const struct printer *printer, struct error *err)
{
	printer->begin(printer->ctx, "destinations", columns);
	for (size_t i = 0; i < owners->count; i++) {
		bool known;

		if (!connect_secret_known(app->store, owners->items[i], &known, err))
			return false;
		printer->row(printer->ctx);
		printer->text(printer->ctx, "destination", owners->items[i]);
		printer->flag(printer->ctx, "key", known);
		printer->number(printer->ctx, "exports", owners->feeds[i]);
	}
	printer->end(printer->ctx);
	return true;
}

static bool change(struct app *app, const struct arguments *arguments, struct owners *owners, struct error *err)
{
	const char *to = argument(arguments, "--key"), *forget = argument(arguments, "--forget");
	struct connect_world world;
	char owner[OWNER_MAX];

	if (!to && !forget)
		return true;
	if (app->readonly)
		return error_set(err, ERROR_INPUT, "--readonly lets nothing be changed");
	if (!find_owner(to ? to : forget, owner, err) || !app_store(app, true, err))
		return false;
	add_owner(owners, owner, 0);
	if (to)
		return set(app, arguments, owner, err);
	if (!app_vault(app, err))
		return false;
	app_world(app, &world);
	return connect_secret_forget(&world, owner, err);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	AUTO(owners_clear) struct owners owners = { 0 };

	if (!change(app, arguments, &owners, err) || !feeds_all(app->store, NULL, look_at, &owners, err) || !print_owners(app, &owners, printer, err))
		return verb_failed(err);
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "--key", "ADDRESS", false, false, "take the key of az://ACCOUNT or s3://BUCKET: it is asked for, or read from the standard input" },
	{ "--endpoint", "URL", false, false, "with --key: the server, where it is not the usual one" },
	{ "--region", "REGION", false, false, "with --key s3://: the bucket's region; without it us-east-1" },
	{ "--forget", "ADDRESS", false, false, "forget the key; what stands there stays" },
};
static const char *const examples[] = { "ledgerdeck destinations --key az://acmelake",
					"ledgerdeck destinations --key s3://acme-lake --region eu-north-1", NULL };

const struct command command_destinations = {
	.name = "destinations", .summary = "keys of the clouds that records are exported to", .needs = NEEDS_STORE, .arguments = rows,
	.argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
