/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `connect` for a ledger without sign-in pages: an administrator makes a token there, a person brings it here. When it
 * ends no answer tells, so it is asked for; the deck and `attention` warn ahead of it, and the same command replaces it.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "connect_end.h"
#include "ledgerdeck/core/memory.h"

#define END_DAY INT64_C(86399000) /* a token is good on its last day */

/* One word, without the blanks and quotes that came with it from a page or a mail. */
static bool clean(const struct secret *line, struct secret **ret_token, struct error *err)
{
	static const char prefix[] = "token ";
	const char *text = secret_reveal(line), *end = text + secret_len(line);

	while (text < end && (isspace((unsigned char)*text) || *text == '"' || *text == '\''))
		text++;
	while (end > text && (isspace((unsigned char)end[-1]) || end[-1] == '"' || end[-1] == '\''))
		end--;
	/* As it stands in the header. */
	if ((size_t)(end - text) > strlen(prefix) && strncmp(text, prefix, strlen(prefix)) == 0)
		text += strlen(prefix);
	for (const char *at = text; at < end; at++)
		if (!isalnum((unsigned char)*at) && *at != '-' && *at != '_' && *at != '=' && *at != '+' && *at != '/')
			return error_set(err, ERROR_INPUT, "that is no token: it has letters, digits, '-' and '_' only; copy it once more from the "
					 "page API tokens");
	if (end - text < 8)
		return error_set(err, ERROR_INPUT, end == text ? "no token was given" : "that is too short for a token");
	*ret_token = secret_copy(text, (size_t)(end - text));
	return true;
}

static bool ask_token(struct app *app, const struct printer *printer, const char *setting, struct secret **ret_token, struct error *err)
{
	const struct secret *set = settings_secret(app->settings, setting);
	AUTO(secret_freep) struct secret *line = NULL;

	if (set) {
		verb_note(printer, "Taking the token of %s.", settings_origin(app->settings, setting));
		return clean(set, ret_token, err);
	}
	verb_note(printer, "In Xledger an administrator makes it under Administration, Access Control, GraphQL, API tokens; it is shown once "
		  "there, and never here.");
	if (!app->ask(app->ask_ctx, "API token (not shown): ", ASK_HIDDEN, NULL, &line, err))
		return error_prefix(err, "no token was given");
	return clean(line, ret_token, err);
}

/* Midnight at the end of the day that was said; 0: nobody knows. */
static bool take_end(struct app *app, const char *text, int64_t *ret_ms, struct error *err)
{
	struct date date;

	*ret_ms = 0;
	while (isspace((unsigned char)*text))
		text++;
	if (*text == '\0' || strcmp(text, "unknown") == 0)
		return true;
	if (!date_parse(text, strlen(text), &date))
		return error_set(err, ERROR_INPUT, "'%.40s' is no date, expected one like 2026-12-31, or 'unknown'", text);
	*ret_ms = (int64_t)date.day * DAY_MS + END_DAY;
	return *ret_ms > verb_now(app) || error_set(err, ERROR_INPUT, "%.10s is over: a token that has ended can't be used", text);
}

static bool ask_end(struct app *app, const struct arguments *arguments, int64_t *ret_ms, struct error *err)
{
	const char *given = argument(arguments, "--expires");
	AUTO(secret_freep) struct secret *line = NULL;
	struct error nobody;

	if (given)
		return take_end(app, given, ret_ms, err);
	*ret_ms = 0;
	/* Without a person it is not known; that is told by whoever shows the account. */
	if (argument_given(arguments, "--yes") || !app->ask(app->ask_ctx, "It ends on (YYYY-MM-DD, empty if unknown): ", ASK_LINE, NULL, &line, &nobody))
		return true;
	return take_end(app, secret_reveal(line), ret_ms, err);
}

enum command_exit connect_by_token(struct app *app, const struct arguments *arguments, const struct printer *printer,
				   const struct attempt_options *options, struct error *err)
{
	static const char *const others[] = { "--client-id", "--redirect", "--listen", "--qr", "--resume", NULL };
	AUTO(secret_freep) struct secret *token = NULL;
	struct connect_attempt *attempt = NULL;
	struct connect_result result = { 0 };
	struct connect_world world;
	struct account account;
	char setting[40];
	int64_t expires_ms;
	size_t count;
	bool good;
	const char *other = verb_given(arguments, others, &count);

	if (other) {
		error_set(err, ERROR_INPUT, "%s belongs to a sign-in by browser; %s takes a token", other, options->provider);
		return verb_failed(err);
	}
	snprintf(setting, sizeof(setting), "%.20s.api_key", options->provider);
	app_world(app, &world);
	if (!ask_token(app, printer, setting, &token, err) || !ask_end(app, arguments, &expires_ms, err))
		return verb_failed(err);
	good = connect_token(&world, options, token, expires_ms, &attempt, &result, err) &&
	       connect_end_agree(app, arguments, printer, &result, err) && connect_confirm(&world, attempt, &account, err);
	connect_attempt_free(attempt);
	if (!good)
		return verb_failed(err);
	connect_end_print(printer, &account, result.known);
	if (expires_ms == 0)
		verb_note(printer, "Nobody has said when the token ends, so nobody can warn before; 'ledgerdeck connect %s --account %s --expires DATE' "
			  "tells it.", options->provider, account.id);
	if (settings_secret(app->settings, setting))
		verb_note(printer, "'%s' (%s) is sealed in the vault now: remove it there.", setting, settings_origin(app->settings, setting));
	return EXIT_DONE;
}
