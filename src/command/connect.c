/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `connect`: the guided way from the app's credentials to a saved connection, in plain lines. What a paste
 * means, and what is checked, is connect/'s; here stands what a person reads and is asked.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connect_end.h"
#include "ledgerdeck/core/thread.h"

#define LISTEN_MS (10 * 60 * 1000) /* as long as an attempt is good */

/* The simulator's own app: known to everybody, protects nothing. */
#define LOCAL_CLIENT "simulator-client"
#define LOCAL_SECRET "simulator-secret"

struct flow {
	struct app *app;
	const struct arguments *arguments;
	const struct printer *printer;
	struct connect_world world;
	const char *provider;
	enum environment environment;
	bool by_token;
	struct account account;                /* of a reconnect; else its id is "" */
	struct connect_listener *listener;     /* owned; NULL: none */
	struct connect_attempt *attempt;       /* owned */
};

static void flow_clear(struct flow *flow)
{
	connect_listener_close(flow->listener);
	connect_attempt_free(flow->attempt);
}

/* ---- what is connected where */

static bool take_environment(struct flow *flow, const char *word, const struct connect_way *way, struct error *err)
{
	AUTO(str_clear) struct str names = STR_INIT(120);

	for (size_t i = 0; i < way->environment_count; i++) {
		flow->environment = way->environments[i];
		if (strcmp(word, environment_word(flow->environment)) == 0)
			return true;
		str_addf(&names, "%s%s", i == 0 ? "" : i + 1 < way->environment_count ? ", " : " and ", environment_word(flow->environment));
	}
	return error_set(err, ERROR_INPUT, "there is no environment '%.40s'; there are %s", word, names.text);
}

static bool find_target(struct flow *flow, struct error *err)
{
	const char *word = argument(flow->arguments, "--environment"), *name = argument(flow->arguments, "--account");
	AUTO(str_clear) struct str setting = STR_INIT(80), names = STR_INIT(120);
	struct connect_way way;

	flow->provider = argument(flow->arguments, "PROVIDER");
	if (!connect_way(flow->provider, &way)) {
		connect_add_names(&names);
		return error_set(err, ERROR_INPUT, "there is no provider '%.40s'; this version has %s", flow->provider, names.text);
	}
	flow->by_token = way.by_token;
	if (name) {
		if (!accounts_find(flow->app->store, name, &flow->account, err))
			return false;
		flow->environment = flow->account.environment;
		if (strcmp(flow->account.provider, flow->provider) != 0)
			return error_set(err, ERROR_INPUT, "'%.80s' is a company of %s", flow->account.name, flow->account.provider);
		if (word && strcmp(word, environment_word(flow->environment)) != 0)
			return error_set(err, ERROR_INPUT, "'%.80s' is a company of %s; leave --environment out", flow->account.name,
					 environment_word(flow->environment));
		return true;
	}
	str_addf(&setting, "%s.environment", flow->provider);
	if (!word)
		word = settings_text(flow->app->settings, setting.text);
	return take_environment(flow, word, &way, err);
}

/* ---- the app's credentials */

static bool ask_secret(struct flow *flow, struct secret **ret_secret, struct error *err)
{
	const struct secret *set = settings_secret(flow->app->settings, "quickbooks.client_secret");

	if (set) {
		*ret_secret = secret_copy(secret_reveal(set), secret_len(set));
		return true;
	}
	if (flow->environment == ENVIRONMENT_LOCAL && !argument_given(flow->arguments, "--client-id") &&
	    !*settings_text(flow->app->settings, "quickbooks.client_id")) {
		*ret_secret = secret_copy(LOCAL_SECRET, strlen(LOCAL_SECRET));
		return true;
	}
	return flow->app->ask(flow->app->ask_ctx, "Client secret of the app (not shown): ", ASK_HIDDEN, NULL, ret_secret, err) ||
	       error_prefix(err, "the app's client secret is not known yet");
}

static bool ask_id(struct flow *flow, struct str *ret_id, struct error *err)
{
	const char *id = argument(flow->arguments, "--client-id");
	AUTO(secret_freep) struct secret *line = NULL;

	if (!id)
		id = settings_text(flow->app->settings, "quickbooks.client_id");
	if (!*id && flow->environment == ENVIRONMENT_LOCAL)
		id = LOCAL_CLIENT;
	if (!*id) {
		verb_note(flow->printer, "The app is the one that you registered at developer.intuit.com; its keys for %s are under "
			  "'Keys & credentials'.", environment_word(flow->environment));
		if (!flow->app->ask(flow->app->ask_ctx, "Client id of the app: ", ASK_LINE, NULL, &line, err))
			return error_prefix(err, "the app's client id is not known yet: give it with --client-id ID");
		id = secret_reveal(line);
	}
	str_add(ret_id, id);
	if (ret_id->len == 0 || str_is_cut(ret_id) || strpbrk(ret_id->text, " \t\"'"))
		return error_set(err, ERROR_INPUT, "that is no client id; copy it from the app's page 'Keys & credentials'");
	return true;
}

/* A secret is taken once; after that it should not lie in a file any more. */
static void advise_removal(struct flow *flow, const char *name, const char *what_became_of_it)
{
	if (settings_secret(flow->app->settings, name))
		verb_note(flow->printer, "'%s' (%s) %s: remove it there.", name, settings_origin(flow->app->settings, name),
			  what_became_of_it);
}

/* What the settings have counts only once: say so when it has become another since. */
static bool compare_app(struct flow *flow, struct error *err)
{
	const char *id = settings_text(flow->app->settings, "quickbooks.client_id");
	const struct secret *secret = settings_secret(flow->app->settings, "quickbooks.client_secret");
	bool same;

	if (!connect_app_is(&flow->world, flow->provider, flow->environment, *id ? id : NULL, secret, &same, err))
		return false;
	if (same)
		advise_removal(flow, "quickbooks.client_secret", "is sealed in the vault now");
	else
		verb_note(flow->printer, "The app's keys in the vault are used, not the other ones of the settings; to replace them: "
			  "ledgerdeck connect %s --client-id ID", flow->provider);
	return true;
}

static bool ensure_app(struct flow *flow, struct error *err)
{
	AUTO(secret_freep) struct secret *secret = NULL;
	AUTO(str_clear) struct str id = STR_INIT(200);
	bool known;

	if (!connect_app_known(&flow->world, flow->provider, flow->environment, &known, err))
		return false;
	if (known && !argument_given(flow->arguments, "--client-id"))
		return compare_app(flow, err);
	if (!ask_id(flow, &id, err) || !ask_secret(flow, &secret, err) ||
	    !connect_app_set(&flow->world, flow->provider, flow->environment, id.text, secret, err))
		return false;
	advise_removal(flow, "quickbooks.client_secret", "is sealed in the vault now");
	return true;
}

/* ---- the attempt */

/* Without an address of one's own a listener takes any free port; the simulator's page is none to listen on. */
static bool open_listener(struct flow *flow, struct error *err)
{
	const char *uri = argument(flow->arguments, "--redirect");
	int port = (int)settings_number(flow->app->settings, "connect.listen_port");

	if (flow->environment == ENVIRONMENT_PRODUCTION)
		return error_set(err, ERROR_INPUT, "--listen can't be used for production: its redirect address is https on another machine; "
				 "paste the address of its page instead");
	if (!uri && flow->environment == ENVIRONMENT_SANDBOX) {
		uri = settings_text(flow->app->settings, "quickbooks.redirect_sandbox");
		if (!connect_is_local(uri))
			return error_set(err, ERROR_INPUT, "--listen needs a redirect address on this machine that is registered for the app: "
					 "give it with --redirect http://localhost:PORT/PATH, or set 'quickbooks.redirect_sandbox'");
	}
	return connect_listen(uri, port, &flow->listener, err);
}

static bool begin(struct flow *flow, struct error *err)
{
	struct attempt_options options = { .provider = flow->provider, .environment = flow->environment,
					   .redirect_uri = argument(flow->arguments, "--redirect"),
					   .account_id = *flow->account.id ? flow->account.id : NULL };

	if (argument_given(flow->arguments, "--resume")) {
		if (argument_given(flow->arguments, "--listen"))
			return error_set(err, ERROR_INPUT, "--listen belongs to a new attempt; with --resume paste the address");
		return connect_resume(&flow->world, argument(flow->arguments, "--resume"), &flow->attempt, err);
	}
	if (argument_given(flow->arguments, "--listen")) {
		if (!open_listener(flow, err))
			return false;
		options.redirect_uri = connect_listener_uri(flow->listener);
	}
	return connect_begin(&flow->world, &options, &flow->attempt, err);
}

/* The line that makes the listener reachable from the desk that the operator sits at. */
static void show_tunnel(struct flow *flow)
{
	const char *from = env_variable("SSH_CONNECTION"), *user = env_variable("USER");
	int port = connect_listener_port(flow->listener);
	char server[64] = "";

	if (!from || sscanf(from, "%*s %*s %63s", server) != 1)
		return;
	verb_note(flow->printer, "You are here over SSH. So that your browser reaches this machine, run on your own:");
	verb_must(flow->printer, "  ssh -L %d:127.0.0.1:%d %s%s%s", port, port, user ? user : "", user ? "@" : "", server);
}

static void show_steps(struct flow *flow)
{
	const struct printer *printer = flow->printer;
	const char *expected = connect_expected(flow->attempt);

	verb_note(printer, "Connect a company of %s (%s). Attempt %s.", flow->provider, environment_word(flow->environment),
		  connect_name(flow->attempt));
	verb_note(printer, "1. Open this address in a browser:");
	verb_must(printer, "%s", connect_url(flow->attempt));
	if (argument_given(flow->arguments, "--qr"))
		printer->code(printer->ctx, connect_url(flow->attempt));
	if (*expected)
		verb_note(printer, "2. Sign in and choose the company '%s', no other.", expected);
	else
		verb_note(printer, "2. Sign in, choose the company and agree.");
	if (flow->listener) {
		verb_note(printer, "3. Wait: the browser comes back to %s.", connect_redirect(flow->attempt));
		show_tunnel(flow);
		verb_note(printer, "   If it can't, paste the address of the page that it ends on.");
	} else {
		verb_note(printer, "3. Paste the address of the page that comes then, even if it does not load. It is not shown.");
	}
	verb_note(printer, "   If this session is lost: ledgerdeck connect %s --resume=%s", flow->provider, connect_name(flow->attempt));
}

/* ---- the answer: pasted, or brought by the browser */

struct catch { /* the listener's thread */
	struct connect_listener *listener;
	struct cancel *stop;           /* the paste was faster */
	struct cancel *arrived;        /* ends the question */
	struct secret *text;           /* owned */
};

static void catch_redirect(void *ctx)
{
	struct catch *catch = ctx;
	struct error ignored;

	/* What went wrong was shown in the browser; here the question stays open. */
	if (connect_listener_wait(catch->listener, LISTEN_MS, catch->stop, &catch->text, &ignored))
		cancel_ask(catch->arrived);
}

static bool receive(struct flow *flow, const char *prompt, struct secret **ret_text, struct error *err)
{
	struct catch catch = { .listener = flow->listener };
	struct thread *thread;
	bool good;

	if (!flow->listener)
		return flow->app->ask(flow->app->ask_ctx, prompt, ASK_PASTE, NULL, ret_text, err);
	catch.stop = cancel_new();
	catch.arrived = cancel_new();
	thread = thread_new(catch_redirect, &catch);
	good = flow->app->ask(flow->app->ask_ctx, prompt, ASK_PASTE, catch.arrived, ret_text, err);
	/* Nobody can paste: then the browser alone is waited for. */
	if (!good && err->code == ERROR_INPUT)
		while (!cancel_asked(catch.arrived) && cancel_sleep(flow->app->cancel, 100) &&
		       connect_can_answer(&flow->world, flow->attempt))
			;
	cancel_ask(catch.stop);
	thread_join(thread);
	if (!good && catch.text) {
		*ret_text = memory_steal(&catch.text);
		good = true;
	}
	secret_free(catch.text);
	cancel_free(catch.stop);
	cancel_free(catch.arrived);
	return good;
}

/* A code alone does not say whose it is. */
static bool ask_company(struct flow *flow, struct paste *paste, struct error *err)
{
	const char *set = settings_text(flow->app->settings, "quickbooks.realm_id");
	AUTO(secret_freep) struct secret *line = NULL;
	const char *at;
	size_t len = 0;

	if (*set) {
		snprintf(paste->realm, sizeof(paste->realm), "%.63s", set);
	} else {
		verb_note(flow->printer, "That is a code alone. Which company does it belong to?");
		if (!flow->app->ask(flow->app->ask_ctx, "Company id (realmId): ", ASK_LINE, NULL, &line, err))
			return error_prefix(err, "a code alone needs the company id");
		for (at = secret_reveal(line); *at && len + 1 < sizeof(paste->realm); at++)
			if (!isspace((unsigned char)*at))
				paste->realm[len++] = *at;
		paste->realm[len] = '\0';
	}
	if (!*paste->realm || strspn(paste->realm, "0123456789") != strlen(paste->realm))
		return error_set(err, ERROR_INPUT, "a company id is a number; it stands as realmId in the address");
	paste->kind = PASTE_ANSWER;
	return true;
}

static bool take_text(struct flow *flow, const struct secret *text, struct connect_result *ret_result, struct error *err)
{
	AUTO(paste_clear) struct paste paste = { 0 };

	if (!paste_parse(secret_reveal(text), secret_len(text), connect_redirect(flow->attempt), &paste, err))
		return false;
	if (paste.kind == PASTE_INCOMPLETE)
		return error_set(err, ERROR_INPUT, secret_len(text) ? "that is not all of it; paste the whole address in one go"
								   : "nothing was pasted");
	verb_note(flow->printer, "%s", paste.summary);
	if (paste.kind == PASTE_BARE_CODE && !ask_company(flow, &paste, err))
		return false;
	return connect_answer(&flow->world, flow->attempt, &paste, ret_result, err);
}

/* Until an answer is good, or can't become good any more. */
static bool collect(struct flow *flow, struct connect_result *ret_result, struct error *err)
{
	struct error mistake = { 0 };

	for (;;) {
		AUTO(secret_freep) struct secret *text = NULL;

		if (!receive(flow, "Paste here: ", &text, err)) {
			/* Without a person the mistake in what was given is what counts. */
			if (err->code == ERROR_INPUT && mistake.code != ERROR_NONE)
				*err = mistake;
			else if (err->code == ERROR_INPUT)
				error_prefix(err, "no answer was pasted");
			return false;
		}
		if (take_text(flow, text, ret_result, err))
			return true;
		if (err->code != ERROR_INPUT || !connect_can_answer(&flow->world, flow->attempt))
			return false;
		mistake = *err;
		verb_must(flow->printer, "Not yet: %s.", mistake.text);
	}
}

/* A code that stands in the settings: no person, no browser. */
static bool take_settings(struct flow *flow, struct connect_result *ret_result, struct error *err)
{
	const struct secret *code = settings_secret(flow->app->settings, "quickbooks.authorization_code");
	const char *realm = settings_text(flow->app->settings, "quickbooks.realm_id");
	AUTO(paste_clear) struct paste paste = { .kind = PASTE_ANSWER };

	if (!*realm)
		return error_set(err, ERROR_INPUT, "'quickbooks.authorization_code' is set, but 'quickbooks.realm_id' is not: a code belongs "
				 "to a company");
	paste.code = secret_copy(secret_reveal(code), secret_len(code));
	snprintf(paste.realm, sizeof(paste.realm), "%.63s", realm);
	verb_note(flow->printer, "Taking the code of %s.", settings_origin(flow->app->settings, "quickbooks.authorization_code"));
	if (connect_answer(&flow->world, flow->attempt, &paste, ret_result, err))
		return true;
	return error_prefix(err, "the code of the settings was not accepted");
}

/* ---- the end */

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	AUTO(flow_clear) struct flow flow = { .app = app, .arguments = arguments, .printer = printer };
	bool from_settings = settings_secret(app->settings, "quickbooks.authorization_code") &&
			     !argument_given(arguments, "--resume") && !argument_given(arguments, "--listen");
	struct connect_result result = { 0 };
	struct account account;

	app_world(app, &flow.world);
	if (!find_target(&flow, err))
		return verb_failed(err);
	if (flow.by_token)
		return connect_by_token(app, arguments, printer,
					&(struct attempt_options){ .provider = flow.provider, .environment = flow.environment,
								   .account_id = *flow.account.id ? flow.account.id : NULL }, err);
	if (argument_given(arguments, "--expires")) {
		error_set(err, ERROR_INPUT, "--expires is for a token that a person brings; this one tells by itself");
		return verb_failed(err);
	}
	if (!ensure_app(&flow, err) || !begin(&flow, err))
		return verb_failed(err);
	if (!from_settings)
		show_steps(&flow);
	if (from_settings ? !take_settings(&flow, &result, err)
			  : !collect(&flow, &result, err) || !connect_end_agree(app, arguments, printer, &result, err))
		return verb_failed(err);
	if (!connect_confirm(&flow.world, flow.attempt, &account, err))
		return verb_failed(err);
	connect_end_print(printer, &account, result.known);
	advise_removal(&flow, "quickbooks.authorization_code", "is used up");
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "PROVIDER", NULL, false, true, "the accounting system: quickbooks or xledger" },
	{ "--environment", "NAME", false, false, "production, sandbox (QuickBooks), demo (Xledger) or local (the simulator)" },
	{ "--account", "ACCOUNT", false, false, "connect this account again: it must be the same company" },
	{ "--client-id", "ID", false, false, "the app's client id; its secret is asked for" },
	{ "--redirect", "ADDRESS", false, false, "another redirect address that is registered for the app" },
	{ "--listen", NULL, false, false, "catch the browser on this machine; not for production" },
	{ "--qr", NULL, false, false, "show the address as a QR code, too" },
	{ "--resume", "[NAME]", false, false, "go on with an attempt that was interrupted: the newest, or =NAME" },
	{ "--expires", "DATE", false, false, "the last day of Xledger's token, like 2026-12-31" },
	{ "--yes", NULL, false, false, "save without asking whether it is the right company" },
};

static const char *const examples[] = { "ledgerdeck connect quickbooks",
					"ledgerdeck connect quickbooks --environment sandbox --client-id ABc123",
					"ledgerdeck connect quickbooks --account Acme",
					"ledgerdeck connect xledger --expires 2026-12-31", NULL };

const struct command command_connect = {
	.name = "connect", .summary = "connect a company, step by step", .needs = NEEDS_STORE | NEEDS_WRITE | NEEDS_VAULT | CHANGES_THINGS,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
