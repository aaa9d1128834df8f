/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the command line. Each option is a row: name, what it takes, help, and the function
 * that takes it. What a number or a text means to the simulated ledger is checked there.
 */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"

#define PORT_DEFAULT 8620
#define IDLE_TIMEOUT_S 30
#define MEMORY_MIB 1024
#define OBJECTS_MAX 2000000
#define REALM_MAX 20 /* digits */
#define SECRET_MAX 1024
#define SECRET_VARIABLE "LEDGERDECK_SIMULATOR_CLIENT_SECRET"
#define HELP_COLUMN 28
#define WRAP_COLUMN 78

/* ---- values */

static bool number_take(const char *option, const char *text, int64_t least, int64_t most,
			int64_t *ret_number, struct error *err)
{
	size_t len = strlen(text);
	int64_t number = 0;

	if (len > 0 && len <= 18 && strspn(text, "0123456789") == len) {
		for (size_t i = 0; i < len; i++)
			number = number * 10 + (text[i] - '0');
		if (number >= least && number <= most) {
			*ret_number = number;
			return true;
		}
	}
	return error_set(err, ERROR_INPUT, "%s takes a number from %lld to %lld, not '%.40s'", option,
			 (long long)least, (long long)most, text);
}

static bool text_take(const char *option, const char *text, const char **ret_text, struct error *err)
{
	if (!*text)
		return error_set(err, ERROR_INPUT, "%s takes a text, not nothing", option);
	*ret_text = text;
	return true;
}

static char *options_keep(struct options *options, const char *text)
{
	char *copy = memory_copy_text(text);

	memory_grow(&options->texts, &options->text_room, options->text_count + 1,
		    sizeof(*options->texts));
	options->texts[options->text_count++] = copy;
	return copy;
}

/* ---- --company KIND[,realm=ID][,name=TEXT][,customers=N][,invoices=N] */

static bool company_take_realm(struct simulator_company *company, const char *text, struct error *err)
{
	size_t len = strlen(text);

	if (len == 0 || len > REALM_MAX || strspn(text, "0123456789") != len)
		return error_set(err, ERROR_INPUT, "the realm of --company is a number of up to %d digits, "
				 "not '%.40s'", REALM_MAX, text);
	company->realm = text;
	return true;
}

static bool company_take_part(struct simulator_company *company, const char *key, const char *text,
			      struct error *err)
{
	if (strcmp(key, "realm=") == 0)
		return company_take_realm(company, text, err);
	if (strcmp(key, "name=") == 0)
		return text_take("the name of --company", text, &company->name, err);
	if (strcmp(key, "customers=") == 0)
		return number_take("customers= of --company", text, 0, OBJECTS_MAX, &company->customers, err);
	return number_take("invoices= of --company", text, 0, OBJECTS_MAX, &company->invoices, err);
}

static const char *company_key(const char *text)
{
	static const char *const keys[] = { "realm=", "name=", "customers=", "invoices=" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (strncmp(text, keys[i], strlen(keys[i])) == 0)
			return keys[i];
	return NULL;
}

/* The next comma that a key stands behind: a name may have commas of its own. */
static char *company_part_end(char *text)
{
	char *comma = strchr(text, ',');

	while (comma && !company_key(comma + 1))
		comma = strchr(comma + 1, ',');
	return comma;
}

static bool take_company(struct options *options, const char *value, struct error *err)
{
	struct simulator_company company = { .customers = -1, .invoices = -1 };
	char *text = options_keep(options, value), *next = company_part_end(text);

	company.kind = text;
	while (next) {
		const char *key = company_key(next + 1);
		char *part = next + 1 + strlen(key);

		*next = '\0';
		next = company_part_end(part);
		if (next)
			*next = '\0';
		if (!company_take_part(&company, key, part, err))
			return false;
	}
	if (!*company.kind || strpbrk(company.kind, ",="))
		return error_set(err, ERROR_INPUT, "--company takes KIND[,realm=ID][,name=TEXT][,customers=N]"
				 "[,invoices=N], not '%.60s'", value);
	memory_grow(&options->companies, &options->company_room, options->company_count + 1,
		    sizeof(*options->companies));
	options->companies[options->company_count++] = company;
	return true;
}

/* ---- the other options, in the order of the table */

static bool take_customers(struct options *options, const char *value, struct error *err)
{
	return number_take("--customers", value, 0, OBJECTS_MAX, &options->customers, err);
}

static bool take_invoices(struct options *options, const char *value, struct error *err)
{
	return number_take("--invoices", value, 0, OBJECTS_MAX, &options->invoices, err);
}

static bool take_seed(struct options *options, const char *value, struct error *err)
{
	int64_t seed;

	if (!number_take("--seed", value, 0, INT64_C(999999999999999999), &seed, err))
		return false;
	options->simulator.seed = (uint64_t)seed;
	return true;
}

static bool take_clock(struct options *options, const char *value, struct error *err)
{
	const int64_t least_ms = date_of(2000, 1, 1).day * DAY_MS;
	const int64_t most_ms = date_of(2999, 12, 31).day * DAY_MS;
	bool has_offset;
	int64_t ms;

	if (!stamp_parse(value, strlen(value), &ms, &has_offset) || ms < least_ms || ms > most_ms)
		return error_set(err, ERROR_INPUT, "--clock takes a time of the years 2000 to 2999 as "
				 "2026-01-31T12:00:00Z, not '%.40s'", value);
	options->simulator.start_ms = ms;
	return true;
}

static bool take_state(struct options *options, const char *value, struct error *err)
{
	return text_take("--state", value, &options->simulator.state_path, err);
}

static bool take_client_id(struct options *options, const char *value, struct error *err)
{
	return text_take("--client-id", value, &options->simulator.client_id, err);
}

static bool take_secret_file(struct options *options, const char *value, struct error *err)
{
	return text_take("--client-secret-file", value, &options->secret_file, err);
}

static bool take_redirect_uri(struct options *options, const char *value, struct error *err)
{
	if (!strstr(value, "://"))
		return error_set(err, ERROR_INPUT, "--redirect-uri takes an address as "
				 "http://127.0.0.1:8080/callback, not '%.60s'", value);
	memory_grow(&options->redirect_uris, &options->redirect_room, options->redirect_count + 2,
		    sizeof(*options->redirect_uris));
	options->redirect_uris[options->redirect_count++] = value;
	options->redirect_uris[options->redirect_count] = NULL;
	options->simulator.redirect_uris = options->redirect_uris;
	return true;
}

static bool take_auto_consent(struct options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->simulator.auto_consent = true;
	return true;
}

/* Checked here, so that a wrong one is told before a million invoices are made. */
static bool take_set(struct options *options, const char *value, struct error *err)
{
	struct options_setting setting = { .name = memory_copy_text(value) };
	char *equals = strchr(setting.name, '=');
	struct switches scratch;

	memory_grow(&options->settings, &options->setting_room, options->setting_count + 1,
		    sizeof(*options->settings));
	options->settings[options->setting_count++] = setting;
	if (!equals)
		return error_set(err, ERROR_INPUT, "--set takes NAME=VALUE, not '%.60s'", value);
	*equals = '\0';
	options->settings[options->setting_count - 1].value = equals + 1;
	switches_init(&scratch);
	return switches_set(&scratch, setting.name, equals + 1, err);
}

static bool take_list_switches(struct options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->action = OPTIONS_SWITCHES;
	return true;
}

static bool take_listen(struct options *options, const char *value, struct error *err)
{
	return text_take("--listen", value, &options->server.address, err);
}

static bool take_port(struct options *options, const char *value, struct error *err)
{
	int64_t port;

	if (!number_take("--port", value, 0, 65535, &port, err))
		return false;
	options->server.port = (int)port;
	return true;
}

static bool take_port_file(struct options *options, const char *value, struct error *err)
{
	return text_take("--port-file", value, &options->port_file, err);
}

static bool take_idle_timeout(struct options *options, const char *value, struct error *err)
{
	int64_t seconds;

	if (!number_take("--idle-timeout", value, 1, 86400, &seconds, err))
		return false;
	options->server.idle_timeout_s = (int)seconds;
	return true;
}

static bool take_memory_limit(struct options *options, const char *value, struct error *err)
{
	int64_t mib;

	if (!number_take("--memory-limit", value, 16, 65536, &mib, err))
		return false;
	options->server.memory_limit = mib << 20;
	return true;
}

static bool take_exit_with_parent(struct options *options, const char *value, struct error *err)
{
	options->exit_with_parent = true;
	return !value || number_take("--exit-with-parent", value, 1, INT32_MAX, &options->parent, err);
}

static bool take_quiet(struct options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->quiet = true;
	return true;
}

static bool take_verbose(struct options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->server.verbose = true;
	return true;
}

static bool take_help(struct options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->action = OPTIONS_HELP;
	return true;
}

static bool take_version(struct options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->action = OPTIONS_VERSION;
	return true;
}

/* ---- the table */

static const struct option_row {
	const char *name;
	char letter;       /* 0: none */
	const char *value; /* what --help calls it; NULL: takes none; "[=X]": may be left out */
	const char *help;
	bool (*take)(struct options *options, const char *value, struct error *err);
} rows[] = {
	{ "company", 0, "KIND[,..]", "a sample company: us, eu, small, closed or\n"
	  "xledger, then realm=ID, name=TEXT, customers=N,\ninvoices=N; repeatable", take_company },
	{ "customers", 0, "N", "at least so many customers in each company", take_customers },
	{ "invoices", 0, "N", "at least so many invoices in each company", take_invoices },
	{ "seed", 0, "N", "all sample data, ids and tokens come from it (1)", take_seed },
	{ "clock", 0, "TIME", "start there, say 2026-01-31T12:00:00Z", take_clock },
	{ "state", 0, "FILE", "keep everything in this file", take_state },
	{ "client-id", 0, "ID", "the app that may connect (simulator-client)", take_client_id },
	{ "client-secret-file", 0, "FILE", "its secret (simulator-secret), also from\n"
	  SECRET_VARIABLE, take_secret_file },
	{ "redirect-uri", 0, "URI", "where the app is sent back to (any on loopback);\n"
	  "repeatable", take_redirect_uri },
	{ "auto-consent", 0, NULL, "the consent page redirects at once", take_auto_consent },
	{ "set", 0, "NAME=VALUE", "set a switch; repeatable", take_set },
	{ "list-switches", 0, NULL, "print all switches, explained, and end", take_list_switches },
	{ "listen", 0, "ADDRESS", "a loopback address (127.0.0.1)", take_listen },
	{ "port", 0, "N", "0: any free one (8620)", take_port },
	{ "port-file", 0, "FILE", "write the port there once it listens", take_port_file },
	{ "idle-timeout", 0, "S", "close connections idle for so many seconds (30)", take_idle_timeout },
	{ "memory-limit", 0, "MIB", "answer 503 while calls take more memory (1024)",
	  take_memory_limit },
	{ "exit-with-parent", 0, "[=PID]", "end with the parent process, whose id is PID",
	  take_exit_with_parent },
	{ "quiet", 'q', NULL, "don't print the address", take_quiet },
	{ "verbose", 'v', NULL, "a line on stderr for each request", take_verbose },
	{ "help", 'h', NULL, "print this help and end", take_help },
	{ "version", 'V', NULL, "print the version and end", take_version },
};

/* Help of several lines stands in one column. */
static void row_add_help(const struct option_row *row, struct str *out)
{
	size_t start = out->len;
	const char *help = row->help, *end;

	if (row->letter)
		str_addf(out, "  -%c, --%s", row->letter, row->name);
	else
		str_addf(out, "      --%s", row->name);
	if (row->value)
		str_addf(out, "%s%s", row->value[0] == '[' ? "" : " ", row->value);
	if (out->len - start > HELP_COLUMN - 2) {
		str_add_char(out, '\n');
		start = out->len;
	}
	while ((end = strchr(help, '\n')) != NULL) {
		str_addf(out, "%*s%.*s\n", HELP_COLUMN - (int)(out->len - start), "", (int)(end - help), help);
		start = out->len;
		help = end + 1;
	}
	str_addf(out, "%*s%s\n", HELP_COLUMN - (int)(out->len - start), "", help);
}

void options_add_help(struct str *out)
{
	size_t column = WRAP_COLUMN;

	str_add(out, "Usage: ledgerdeck-simulator [OPTION]...\n"
		"A local server that behaves as QuickBooks Online and Xledger do.\n\n");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_add_help(&rows[i], out);
	str_add(out, "\nSwitches for --set, which --list-switches explains:");
	for (int i = 0; i < SWITCH_COUNT; i++) {
		const char *name, *allowed, *fallback, *help;

		switches_row((enum switch_name)i, &name, &allowed, &fallback, &help);
		if (column + 1 + strlen(name) > WRAP_COLUMN) {
			str_add(out, "\n ");
			column = 1;
		}
		str_addf(out, " %s", name);
		column += 1 + strlen(name);
	}
	str_add(out, "\n\nExit status: 0 ended by a signal as asked, 1 something broke, 2 wrong usage or\n"
		"settings, a busy port, an unusable state file.\n");
}

void options_add_switches(struct str *out)
{
	for (int i = 0; i < SWITCH_COUNT; i++) {
		const char *name, *allowed, *fallback, *help;

		switches_row((enum switch_name)i, &name, &allowed, &fallback, &help);
		str_addf(out, "%s=%s\n    %s (%s)\n", name, allowed, help, fallback);
	}
}

/* ---- the whole line */

/* The first line of the file, without its end. */
static bool options_read_secret(struct options *options, struct error *err)
{
	char line[SECRET_MAX + 2] = "";
	FILE *file = fopen(options->secret_file, "re");
	bool good = file && fgets(line, sizeof(line), file);
	int reason = file && !ferror(file) ? 0 : errno;

	if (file)
		fclose(file);
	if (reason)
		return error_set(err, ERROR_INPUT, "cannot read the client secret from '%.80s': %s",
				 options->secret_file, strerror(reason));
	line[strcspn(line, "\r\n")] = '\0';
	if (!good || !line[0] || strlen(line) > SECRET_MAX)
		return error_set(err, ERROR_INPUT, "the first line of '%.80s' is no client secret of up to %d "
				 "bytes", options->secret_file, SECRET_MAX);
	options->simulator.client_secret = options_keep(options, line);
	return true;
}

static bool options_find_secret(struct options *options, struct error *err)
{
	const char *variable = env_variable(SECRET_VARIABLE);

	if (options->secret_file)
		return options_read_secret(options, err);
	if (variable && *variable)
		options->simulator.client_secret = variable;
	return true;
}

/* --customers and --invoices count for each company that has no number of its own. */
static void options_spread_numbers(struct options *options)
{
	static const char *const kinds[] = { "us", "eu", "small", "closed" };

	if (options->company_count == 0 && (options->customers >= 0 || options->invoices >= 0)) {
		memory_grow(&options->companies, &options->company_room, ARRAY_LEN(kinds),
			    sizeof(*options->companies));
		for (; options->company_count < ARRAY_LEN(kinds); options->company_count++)
			options->companies[options->company_count] = (struct simulator_company){
				.kind = kinds[options->company_count], .customers = -1, .invoices = -1 };
	}
	for (size_t i = 0; i < options->company_count; i++) {
		struct simulator_company *company = &options->companies[i];

		if (company->customers < 0)
			company->customers = options->customers;
		if (company->invoices < 0)
			company->invoices = options->invoices;
	}
	options->simulator.companies = options->companies;
	options->simulator.company_count = options->company_count;
}

/* What getopt_long() wants to know of the table; `letters` begins with ':' for our own messages. */
static void make_getopt_tables(struct option *longs, char *letters)
{
	*letters++ = ':';
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		longs[i] = (struct option){ rows[i].name, no_argument, NULL, (int)i + 256 };
		if (rows[i].value)
			longs[i].has_arg = rows[i].value[0] == '[' ? optional_argument : required_argument;
		if (rows[i].letter)
			*letters++ = rows[i].letter;
	}
	longs[ARRAY_LEN(rows)] = (struct option){ 0 };
	*letters = '\0';
}

static const struct option_row *row_find(int found)
{
	if (found >= 256)
		return &rows[found - 256];
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].letter == found)
			return &rows[i];
	return NULL;
}

/* getopt_long() says ':' or '?'; `word` is the one it stopped at. */
static bool refuse_option(int found, const char *word, struct error *err)
{
	size_t count = 0;

	if (found == ':')
		return error_set(err, ERROR_INPUT, "option '%.60s' needs a value", word);
	if (optopt >= 256)
		return error_set(err, ERROR_INPUT, "option '--%s' takes no value", rows[optopt - 256].name);
	if (optopt)
		return error_set(err, ERROR_INPUT, "there is no option '-%c', see --help", optopt);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		count += strncmp(rows[i].name, word + 2, strcspn(word + 2, "=")) == 0;
	return error_set(err, ERROR_INPUT, count > 1 ? "option '%.60s' can mean several, see --help"
						     : "there is no option '%.60s', see --help", word);
}

bool options_parse(struct options *options, int argc, char **argv, struct error *err)
{
	struct option longs[ARRAY_LEN(rows) + 1];
	char letters[ARRAY_LEN(rows) + 2];
	int found;

	*options = (struct options){
		.server = { .address = "127.0.0.1", .port = PORT_DEFAULT,
			    .idle_timeout_s = IDLE_TIMEOUT_S, .memory_limit = (int64_t)MEMORY_MIB << 20 },
		.simulator = { .seed = 1, .start_ms = -1 },
		.customers = -1, .invoices = -1,
	};
	make_getopt_tables(longs, letters);
	opterr = 0;
	optind = 0; /* glibc and musl: forget where an earlier line was left */
	while ((found = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct option_row *row = found == ':' || found == '?' ? NULL : row_find(found);

		if (!row)
			return refuse_option(found, argv[optind - 1], err);
		if (!row->take(options, optarg, err))
			return false;
		if (options->action != OPTIONS_RUN)
			return true;
	}
	if (optind < argc)
		return error_set(err, ERROR_INPUT, "unexpected argument '%.60s'", argv[optind]);
	options_spread_numbers(options);
	return options_find_secret(options, err);
}

void options_clear(struct options *options)
{
	for (size_t i = 0; i < options->setting_count; i++)
		free(options->settings[i].name);
	for (size_t i = 0; i < options->text_count; i++)
		free(options->texts[i]);
	free(options->settings);
	free(options->texts);
	free(options->companies);
	free(options->redirect_uris);
	*options = (struct options){ 0 };
}
