/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layers in their order, origins, profiles, names of other services, secrets, and what is refused where. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#include "tests.h"

#define REFUSE(layers, ...) layers_refuse(layers, (const char *const[]){ __VA_ARGS__, NULL })

static void nothing_but_the_table(void **state)
{
	AUTO(layers_clear) struct layers layers;
	const struct settings_sources none = { 0 };
	size_t count;
	const struct setting_row *rows = settings_rows(&count);

	(void)state;
	layers_init(&layers);
	for (int i = 0; i < 2; i++) {
		layers_load(&layers);
		for (size_t k = 0; k < count; k++) {
			layers_expect(&layers, rows[k].name, rows[k].value, "built in");
			assert_null(settings_secret(layers.settings, rows[k].name));
		}
		/* Absent files, then none at all. */
		layers.sources = none;
	}
	assert_int_equal(settings_number(layers.settings, "sync.interval"), 300);
	/* Eight types that don't change, over a month of 31 days, and room for what does. */
	assert_string_equal(settings_of_provider("xledger", "interval"), "xledger.interval");
	assert_int_equal(settings_number(layers.settings, "xledger.interval"), 900);
	assert_string_equal(settings_of_provider("quickbooks", "interval"), "sync.interval");
	assert_string_equal(settings_of_provider("", "interval"), "sync.interval");
	assert_null(settings_of_provider("quickbooks", "month_megabytes"));
	assert_int_equal(settings_number(layers.settings, "net.answer_max"), 64 << 20);
	assert_false(settings_flag(layers.settings, "ui.ascii"));
	settings_free(NULL);
}

/* Each layer in turn is laid over all before it. */
static void the_later_wins(void **state)
{
	static const char *const profile_text = "[profile.test.sync]\nworkers = 4\n";
	const char *environment[] = { "QB_MAX_RESULTS=5", NULL, NULL, NULL };
	const char *flags[] = { NULL, NULL };
	AUTO(layers_clear) struct layers layers;
	AUTO(str_clear) struct str text = STR_INIT(1000);

	(void)state;
	layers_init(&layers);
	layers.sources.environment = environment;
	layers.sources.flags = flags;
	environment[0] = NULL;
	layers_write(&layers, FILE_SYSTEM, "[sync]\nmax_results = 2\nworkers = 2\n");
	layers_load(&layers);
	layers_expect(&layers, "sync.max_results", "2", layers_place(&layers, FILE_SYSTEM, 2));
	layers_write(&layers, FILE_USER, "\n[sync]\nmax_results = 3\nworkers = 3\n");
	layers_load(&layers);
	layers_expect(&layers, "sync.max_results", "3", layers_place(&layers, FILE_USER, 3));
	/* A profile of the system's file wins over the user's plain sections. */
	str_addf(&text, "[sync]\nmax_results = 2\nworkers = 2\n%s", profile_text);
	layers_write(&layers, FILE_SYSTEM, text.text);
	layers.sources.profile = "test";
	layers_load(&layers);
	layers_expect(&layers, "sync.workers", "4", layers_place(&layers, FILE_SYSTEM, 5));
	layers_expect(&layers, "sync.max_results", "3", NULL);
	layers_write(&layers, FILE_USER, "[sync]\nmax_results = 3\n[profile.test.sync]\nmax_results = 31\nworkers = 41\n");
	layers_load(&layers);
	layers_expect(&layers, "sync.workers", "41", layers_place(&layers, FILE_USER, 5));
	layers_expect(&layers, "sync.max_results", "31", layers_place(&layers, FILE_USER, 4));
	layers_write(&layers, FILE_LOCAL, "[sync]\nmax_results = 4\n");
	layers_load(&layers);
	layers_expect(&layers, "sync.max_results", "4", layers_place(&layers, FILE_LOCAL, 2));
	/* Names of other services: from the environment, then from the file that was named. */
	environment[0] = "QB_MAX_RESULTS=5";
	layers_load(&layers);
	layers_expect(&layers, "sync.max_results", "5", "environment QB_MAX_RESULTS");
	layers.sources.env_file = layers.paths[FILE_ENV];
	layers_write(&layers, FILE_ENV, "QB_MAX_RESULTS=6\n");
	layers_load(&layers);
	layers_expect(&layers, "sync.max_results", "6", layers_place(&layers, FILE_ENV, 1));
	/* Our own names win over theirs, wherever they stand. */
	environment[1] = "LEDGERDECK__SYNC__MAX_RESULTS=7";
	layers_load(&layers);
	layers_expect(&layers, "sync.max_results", "7", "environment LEDGERDECK__SYNC__MAX_RESULTS");
	layers_write(&layers, FILE_ENV, "LEDGERDECK__SYNC__MAX_RESULTS=8\nQB_MAX_RESULTS=6\n");
	layers_load(&layers);
	layers_expect(&layers, "sync.max_results", "8", layers_place(&layers, FILE_ENV, 1));
	flags[0] = "sync.max_results=9";
	layers_load(&layers);
	layers_expect(&layers, "sync.max_results", "9", "flag");
	assert_int_equal(settings_number(layers.settings, "sync.max_results"), 9);
	layers_expect(&layers, "sync.workers", "41", layers_place(&layers, FILE_USER, 5));
}

static void forms_of_files(void **state)
{
	static const struct {
		const char *text, *name, *value;
		int line;
	} cases[] = {
		{ "[sync]\ninterval=7m", "sync.interval", "7m", 2 },
		{ "[sync]\r\ninterval = 7m\r\n", "sync.interval", "7m", 2 },
		{ "\xef\xbb\xbf[sync]\ninterval = 7m\n", "sync.interval", "7m", 2 },
		{ "[sync]\ninterval: 7m\n", "sync.interval", "7m", 2 },
		{ "sync.interval = 7m\n", "sync.interval", "7m", 1 },
		{ "# a\n; b\n\n[sync]\n  # c\ninterval = 7m ; d\n", "sync.interval", "7m", 6 },
		/* Indented lines stand for themselves. */
		{ "[sync]\n  workers = 3\n  interval = 7m\n\tworkers = 4\n", "sync.interval", "7m", 3 },
		{ "[sync]\n  workers = 3\n  interval = 7m\n\tworkers = 4\n", "sync.workers", "4", 4 },
		/* The last of two wins. */
		{ "[sync]\ninterval = 6m\ninterval = 7m\n", "sync.interval", "7m", 3 },
		{ "[sync]\ninterval = 6m\n[log]\nlevel = warn\n[sync]\ninterval = 7m\n", "sync.interval", "7m", 6 },
		{ "[vault]\nkey_file = /a b/c=d:e\n", "vault.key_file", "/a b/c=d:e", 2 },
		{ "[vault]\nkey_file =\n", "vault.key_file", "", 2 },
		{ "[vault]\nkey_file = \"quoted\"\n", "vault.key_file", "\"quoted\"", 2 },
		{ "[vault]\nkey_file = /a;b\n", "vault.key_file", "/a;b", 2 },
		{ "[vault]\nkey_file = /a#b #c\n", "vault.key_file", "/a#b #c", 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(layers_clear) struct layers layers;

		layers_init(&layers);
		layers_write(&layers, FILE_USER, cases[i].text);
		layers_load(&layers);
		layers_expect(&layers, cases[i].name, cases[i].value, layers_place(&layers, FILE_USER, cases[i].line));
	}
}

/* Lines of any length, around the one that the parser can hold by itself. */
static void long_lines(void **state)
{
	(void)state;
	for (size_t len = 150; len < 700; len += len < 230 ? 1 : 67) {
		AUTO(layers_clear) struct layers layers;
		AUTO(str_clear) struct str text = STR_INIT(5000), value = STR_INIT(1000);

		for (size_t i = 0; i < len; i++)
			str_add_char(&value, "abcdefghij"[i % 10]);
		layers_init(&layers);
		str_addf(&text, "# %s\n[vault]\n  key_file =   %s  ; %s\n;%s\n[quickbooks]\nredirect_allowed=%s=x:y;z\r\n", value.text,
			 value.text, value.text, value.text, value.text);
		layers_write(&layers, FILE_USER, text.text);
		layers_load(&layers);
		layers_expect(&layers, "vault.key_file", value.text, layers_place(&layers, FILE_USER, 3));
		str_add(&value, "=x:y;z");
		layers_expect(&layers, "quickbooks.redirect_allowed", value.text, layers_place(&layers, FILE_USER, 6));
	}
}

static void profiles(void **state)
{
	AUTO(layers_clear) struct layers layers;

	(void)state;
	layers_init(&layers);
	layers_write(&layers, FILE_USER, "[profile.dev.sync]\nworkers = 2\n[profile.dev2.sync]\nworkers = 3\n[profile.dev.log]\n"
		     "level = debug\n[sync]\ntries = 5\n[profile.production_of_24_letters.quickbooks]\nclient_id = long\n");
	layers_load(&layers);
	layers_expect(&layers, "sync.workers", "4", "built in");
	layers.sources.profile = "dev";
	layers_load(&layers);
	layers_expect(&layers, "sync.workers", "2", layers_place(&layers, FILE_USER, 2));
	layers_expect(&layers, "log.level", "debug", layers_place(&layers, FILE_USER, 6));
	layers_expect(&layers, "sync.tries", "5", layers_place(&layers, FILE_USER, 8));
	layers.sources.profile = "dev2";
	layers_load(&layers);
	layers_expect(&layers, "sync.workers", "3", layers_place(&layers, FILE_USER, 4));
	layers_expect(&layers, "log.level", "info", "built in");
	layers.sources.profile = "production_of_24_letters";
	layers_load(&layers);
	layers_expect(&layers, "quickbooks.client_id", "long", layers_place(&layers, FILE_USER, 10));
	layers.sources.profile = "unheard-of";
	layers_load(&layers);
	layers_expect(&layers, "sync.workers", "4", "built in");
	/* A mistake in a profile is one when it is used. */
	layers_write(&layers, FILE_USER, "[profile.dev.sync]\nworker = 2\n");
	layers_load(&layers);
	layers.sources.profile = "dev";
	REFUSE(&layers, layers_place(&layers, FILE_USER, 2), "there is no setting 'sync.worker'; did you mean 'sync.workers'?");
	layers.sources.profile = "";
	REFUSE(&layers, "--profile needs a name");
	layers.sources.profile = "a.b";
	REFUSE(&layers, "--profile needs a name", "'a.b'");
	layers.sources.profile = "a_name_of_twenty_five_123";
	REFUSE(&layers, "at most 24");
}

/* ---- what comes from elsewhere ---- */

static void names_of_other_services(void **state)
{
	static const struct {
		const char *variable, *name, *value; /* value NULL: it is a secret */
		bool file_only;
	} cases[] = {
		{ "QB_CLIENT_ID=abc", "quickbooks.client_id", "abc", false },
		{ "QBO_CLIENT_ID=abc", "quickbooks.client_id", "abc", false },
		{ "QUICKBOOKS_CLIENT_ID=abc", "quickbooks.client_id", "abc", false },
		{ "SETTINGS__ADAPTORS__QUICKBOOKS_ONLINE__OAUTH_CLIENT_ID=abc", "quickbooks.client_id", "abc", false },
		{ "QB_CLIENT_SECRET=abc", "quickbooks.client_secret", NULL, false },
		{ "QBO_CLIENT_SECRET=abc", "quickbooks.client_secret", NULL, false },
		{ "QUICKBOOKS_CLIENT_SECRET=abc", "quickbooks.client_secret", NULL, false },
		{ "SETTINGS__ADAPTORS__QUICKBOOKS_ONLINE__OAUTH_CLIENT_SECRET=abc", "quickbooks.client_secret", NULL, false },
		{ "QB_ENVIRONMENT=sandbox", "quickbooks.environment", "sandbox", false },
		{ "QBO_ENVIRONMENT=Production", "quickbooks.environment", "production", false },
		{ "QUICKBOOKS_ENVIRONMENT=SANDBOX", "quickbooks.environment", "sandbox", false },
		{ "QB_AUTHORIZATION_CODE=abc", "quickbooks.authorization_code", NULL, false },
		{ "QB_REALM_ID=4620816365", "quickbooks.realm_id", "4620816365", false },
		{ "QB_REDIRECT_URI=https://a.example/x", "quickbooks.redirect_production", "https://a.example/x", false },
		{ "SETTINGS__ADAPTORS__QUICKBOOKS_ONLINE__OAUTH_REDIRECT_URI=https://a.example/x", "quickbooks.redirect_production",
		  "https://a.example/x", false },
		{ "QB_MAX_RESULTS=500", "sync.max_results", "500", false },
		{ "DATABASE_PATH=/srv/x.db", "store.path", "/srv/x.db", true },
		{ "SYNC_INTERVAL_MINUTES=15", "sync.interval", "15m", true },
		{ "SYNC_INTERVAL_MINUTES=90s", "sync.interval", "90s", true },
		{ "SYNC_MAX_RETRIES=3", "sync.tries", "3", true },
		{ "SYNC_RETRY_DELAY=30", "sync.retry_delay", "30", true },
		{ "TOKEN_REFRESH_BUFFER=300", "connect.refresh_lead", "300", true },
		{ "LOG_LEVEL=DEBUG", "log.level", "debug", true },
		{ "LOG_LEVEL=Warning", "log.level", "warn", true },
		{ "LOG_LEVEL=CRITICAL", "log.level", "error", true },
		{ "API_ENDPOINT=https://a.example/graphql", "xledger.api_endpoint", "https://a.example/graphql", true },
		{ "API_KEY=abc", "xledger.api_key", NULL, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *environment[] = { cases[i].variable, NULL };
		AUTO(layers_clear) struct layers layers;

		layers_init(&layers);
		layers.sources.environment = environment;
		layers_load(&layers);
		/* From the environment, unless any program may use the name for something else. */
		if (cases[i].file_only) {
			assert_string_equal(settings_origin(layers.settings, cases[i].name), "built in");
		} else {
			AUTO(str_clear) struct str origin = STR_INIT(200);

			str_addf(&origin, "environment %.*s", (int)strcspn(cases[i].variable, "="), cases[i].variable);
			assert_string_equal(settings_origin(layers.settings, cases[i].name), origin.text);
		}
		layers.sources.environment = NULL;
		layers.sources.env_file = layers.paths[FILE_ENV];
		layers_write(&layers, FILE_ENV, cases[i].variable);
		layers_load(&layers);
		assert_string_equal(settings_origin(layers.settings, cases[i].name), layers_place(&layers, FILE_ENV, 1));
		if (cases[i].value)
			layers_expect(&layers, cases[i].name, cases[i].value, NULL);
		else
			layers_expect_secret(&layers, cases[i].name, "abc");
	}
}

/* Several of their names for one setting: the order of the environment is nobody's choice. */
static void the_first_of_their_names_counts(void **state)
{
	static const char *const one[] = { "QB_CLIENT_ID=a", "QUICKBOOKS_CLIENT_ID=c", "QBO_CLIENT_ID=b", NULL };
	static const char *const other[] = { "QUICKBOOKS_CLIENT_ID=c", "QBO_CLIENT_ID=b", "QB_CLIENT_ID=a", NULL };
	AUTO(layers_clear) struct layers layers;

	(void)state;
	layers_init(&layers);
	layers.sources.environment = one;
	layers_load(&layers);
	layers_expect(&layers, "quickbooks.client_id", "a", "environment QB_CLIENT_ID");
	layers.sources.environment = other;
	layers_load(&layers);
	layers_expect(&layers, "quickbooks.client_id", "a", "environment QB_CLIENT_ID");
	/* A file that was named comes after the environment, whatever the names. */
	layers.sources.env_file = layers.paths[FILE_ENV];
	layers_write(&layers, FILE_ENV, "QBO_CLIENT_ID=d\n");
	layers_load(&layers);
	layers_expect(&layers, "quickbooks.client_id", "d", NULL);
}

/* Other services have one redirect address; it is that of the environment, however that was chosen. */
static void their_redirect_address_is_the_environments(void **state)
{
	const char *environment[] = { "QB_REDIRECT_URI=http://localhost:8000/callback", NULL, NULL };
	const char *flags[] = { "quickbooks.environment=local", NULL };
	AUTO(layers_clear) struct layers layers;

	(void)state;
	layers_init(&layers);
	layers.sources.environment = environment;
	layers_load(&layers);
	layers_expect(&layers, "quickbooks.redirect_production", "http://localhost:8000/callback", "environment QB_REDIRECT_URI");
	layers_expect(&layers, "quickbooks.redirect_sandbox", "https://developer.intuit.com/v2/OAuth2Playground/RedirectUrl",
		      "built in");
	environment[1] = "QB_ENVIRONMENT=sandbox";
	layers_load(&layers);
	layers_expect(&layers, "quickbooks.redirect_sandbox", "http://localhost:8000/callback", "environment QB_REDIRECT_URI");
	layers_expect(&layers, "quickbooks.redirect_production", "", "built in");
	environment[1] = "LEDGERDECK__QUICKBOOKS__REDIRECT_SANDBOX=https://own.example/";
	layers.sources.flags = flags;
	layers_load(&layers);
	layers_expect(&layers, "quickbooks.redirect_sandbox", "https://own.example/", NULL);
	layers_expect(&layers, "quickbooks.redirect_local", "http://localhost:8000/callback", NULL);
	/* Our own name wins over theirs. */
	flags[0] = "quickbooks.environment=sandbox";
	layers_load(&layers);
	layers_expect(&layers, "quickbooks.redirect_sandbox", "https://own.example/", NULL);
}

static void empty_ones_and_strangers_say_nothing(void **state)
{
	static const char *const environment[] = { "QB_CLIENT_ID=",     "QB_ENVIRONMENT=", "QB_CLIENT_IDS=x",
						   "XQB_CLIENT_ID=x",   "LEDGERDECK=x",    "LEDGERDECK_PROGRAM=x",
						   "ledgerdeck__a__b=x", "no equals sign",  "=",
						   "LEDGERDECK__SYNC__INTERVAL", NULL };
	AUTO(layers_clear) struct layers layers;

	(void)state;
	layers_init(&layers);
	layers.sources.environment = environment;
	layers.sources.env_file = layers.paths[FILE_ENV];
	layers_write(&layers, FILE_ENV, "PATH=/bin\nQB_CLIENT_ID=\nDATABASE_PATH=\nPOSTGRES_PASSWORD=x\n");
	layers_load(&layers);
	layers_expect(&layers, "quickbooks.client_id", "", "built in");
	layers_expect(&layers, "quickbooks.environment", "production", "built in");
	layers_expect(&layers, "store.path", "", "built in");
	/* An own name that is empty means empty. */
	layers_write(&layers, FILE_USER, "[quickbooks]\nclient_id = x\n");
	layers_write(&layers, FILE_ENV, "LEDGERDECK__QUICKBOOKS__CLIENT_ID=\n");
	layers_load(&layers);
	layers_expect(&layers, "quickbooks.client_id", "", layers_place(&layers, FILE_ENV, 1));
}

static void quotes_and_export(void **state)
{
	AUTO(layers_clear) struct layers layers;

	(void)state;
	layers_init(&layers);
	layers.sources.env_file = layers.paths[FILE_ENV];
	layers_write(&layers, FILE_ENV, "# a service's file\nexport QB_CLIENT_ID=\"the id\" # of the app\nQB_CLIENT_SECRET='se cret'\n"
		     "\nexport LEDGERDECK__VAULT__KEY_FILE=\"/a \\\"b\\\"\"\n");
	layers_load(&layers);
	layers_expect(&layers, "quickbooks.client_id", "the id", layers_place(&layers, FILE_ENV, 2));
	layers_expect_secret(&layers, "quickbooks.client_secret", "se cret");
	layers_expect(&layers, "vault.key_file", "/a \"b\"", layers_place(&layers, FILE_ENV, 5));
	layers_write(&layers, FILE_ENV, "A=1\nQB_CLIENT_ID=\"open\n");
	REFUSE(&layers, layers_place(&layers, FILE_ENV, 2), "quotes do not close");
	layers.sources.env_file = "/no/such/file";
	REFUSE(&layers, "cannot read --env-file", "/no/such/file");
}

/* ---- secrets ---- */

#define MARK "MaRkEd-secret-4711"

static bool is_shown(const struct layers *layers)
{
	size_t count;
	const struct setting_row *rows = settings_rows(&count);

	for (size_t i = 0; i < count; i++)
		if (strstr(settings_text(layers->settings, rows[i].name), MARK) ||
		    strstr(settings_origin(layers->settings, rows[i].name), MARK))
			return true;
	return false;
}

static void secrets_have_no_text(void **state)
{
	static const char *const environment[] = { "QB_CLIENT_SECRET=" MARK "-env", "LEDGERDECK__XLEDGER__API_KEY=" MARK "-own", NULL };
	AUTO(layers_clear) struct layers layers;

	(void)state;
	layers_init(&layers);
	layers_write(&layers, FILE_USER, "[quickbooks]\nclient_secret = " MARK "-user\nauthorization_code = " MARK "-code\n");
	layers_load(&layers);
	layers_expect_secret(&layers, "quickbooks.client_secret", MARK "-user");
	assert_string_equal(settings_origin(layers.settings, "quickbooks.client_secret"), layers_place(&layers, FILE_USER, 2));
	assert_int_equal(settings_number(layers.settings, "quickbooks.client_secret"), 0);
	layers.sources.environment = environment;
	layers_load(&layers);
	layers_expect_secret(&layers, "quickbooks.client_secret", MARK "-env");
	layers_expect_secret(&layers, "quickbooks.authorization_code", MARK "-code");
	layers_expect_secret(&layers, "xledger.api_key", MARK "-own");
	assert_false(is_shown(&layers));
	/* What is said once more, and empty, is none. */
	layers.sources.env_file = layers.paths[FILE_ENV];
	layers_write(&layers, FILE_ENV, "LEDGERDECK__XLEDGER__API_KEY=\n");
	layers_load(&layers);
	layers_expect_secret(&layers, "xledger.api_key", NULL);
}

/* Whatever is wrong, and wherever: no error repeats what may be a secret. */
static void no_error_shows_a_secret(void **state)
{
	static const char *const user[] = {
		"[quickbooks]\nclient_secret = " MARK "\x01\n",
		"[quickbooks]\nclient_secrets = " MARK "\n",
		"[quickbooks]\nclient_secret " MARK "\n",
		"[quickbook]\nclient_secret = " MARK "\n",
		"[net]\nproxy = http://me:" MARK "@proxy:3128\n",
		"[quickbooks]\nlocal_address = https://me:" MARK "@a.example\n",
	};
	static const char *const variables[] = {
		"LEDGERDECK__QUICKBOOKS__CLIENT_SECRET=" MARK "\n",
		"LEDGERDECK__QUICKBOOKS__CLIENT_SECRETS=" MARK,
		"LEDGERDECK__NET__PROXY=http://me:" MARK "@proxy:3128",
	};
	static const char *const flags[] = {
		"quickbooks.client_secret=" MARK, "xledger.api_key=" MARK, "quickbooks.client_secret:" MARK, MARK,
		"quickbooks.client_secrets=" MARK, "net.proxy=http://me:" MARK "@proxy",
	};
	AUTO(str_clear) struct str longest = STR_INIT(100000);
	AUTO(layers_clear) struct layers layers;

	(void)state;
	layers_init(&layers);
	for (size_t i = 0; i < ARRAY_LEN(user); i++) {
		layers_write(&layers, FILE_USER, user[i]);
		REFUSE(&layers, layers_place(&layers, FILE_USER, 2));
		assert_null(strstr(layers.err.text, MARK));
	}
	layers_write(&layers, FILE_USER, "");
	for (size_t i = 0; i < ARRAY_LEN(variables); i++) {
		const char *environment[] = { variables[i], NULL };

		layers.sources.environment = environment;
		REFUSE(&layers, "environment LEDGERDECK__");
		assert_null(strstr(layers.err.text, MARK));
	}
	layers.sources.environment = NULL;
	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		const char *list[] = { flags[i], NULL };

		layers.sources.flags = list;
		REFUSE(&layers, "");
		assert_null(strstr(layers.err.text, MARK));
		assert_null(strstr(layers.err.text, "4711"));
	}
	layers.sources.flags = NULL;
	/* One that is longer than any secret. */
	str_add(&longest, "QB_CLIENT_SECRET=");
	for (int i = 0; i < 5000; i++)
		str_add(&longest, MARK);
	layers.sources.environment = (const char *const[]){ longest.text, NULL };
	REFUSE(&layers, "environment QB_CLIENT_SECRET", "<hidden>", "at most 16384 bytes");
	assert_null(strstr(layers.err.text, MARK));
}

static void flags_take_no_secrets(void **state)
{
	static const char *const flags[] = { "quickbooks.client_secret=x", NULL };
	AUTO(layers_clear) struct layers layers;

	(void)state;
	layers_init(&layers);
	layers.sources.flags = flags;
	REFUSE(&layers, "'quickbooks.client_secret' is a secret: argument lists are public");
}

/* ---- the directory's own file ---- */

static void a_local_file_decides_no_destinations(void **state)
{
	size_t count, refused = 0;
	const struct setting_row *rows = settings_rows(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		AUTO(layers_clear) struct layers layers;
		AUTO(str_clear) struct str text = STR_INIT(1000);
		const char *value = rows[i].kind == SETTING_ADDRESS ? "https://evil.example" : *rows[i].value ? rows[i].value : "x";

		layers_init(&layers);
		str_addf(&text, "\n%s = %s\n", rows[i].name, value);
		layers_write(&layers, FILE_LOCAL, text.text);
		if (rows[i].flags & SETTING_NOT_LOCAL) {
			REFUSE(&layers, layers_place(&layers, FILE_LOCAL, 2), rows[i].name, "may not be set by a file of the directory");
			assert_null(strstr(layers.err.text, "evil"));
			refused++;
		} else {
			layers_load(&layers);
			layers_expect(&layers, rows[i].name, value, layers_place(&layers, FILE_LOCAL, 2));
		}
		/* What was refused there may stand in the user's own. */
		layers_write(&layers, FILE_LOCAL, "");
		layers_write(&layers, FILE_USER, text.text);
		layers_load(&layers);
	}
	assert_true(refused > 10);
}

static void a_local_file_has_no_profiles(void **state)
{
	AUTO(layers_clear) struct layers layers;

	(void)state;
	layers_init(&layers);
	layers.sources.profile = "dev";
	layers_write(&layers, FILE_LOCAL, "[profile.dev.net]\nproxy = http://evil.example\n[profile.dev.sync]\nworkers = 9\n");
	layers_load(&layers);
	layers_expect(&layers, "net.proxy", "", "built in");
	layers_expect(&layers, "sync.workers", "4", "built in");
}

/* ---- mistakes ---- */

static void mistakes_in_files(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *part;
	} cases[] = {
		{ "[sync]\nintervall = 5m\n", 2, "there is no setting 'sync.intervall'; did you mean 'sync.interval'?" },
		{ "[snyc]\ninterval = 5m\n", 2, "did you mean 'sync.interval'?" },
		{ "interval = 5m\n", 1, "there is no setting 'interval'" },
		{ "[vault]\npassphrase = x\n", 2, "a passphrase is taken from no setting and no variable" },
		{ "[colours]\nbackground = red\n", 2, "there is no setting 'colours.background'" },
		{ "[sync.interval]\nx = 5m\n", 2, "there is no setting 'sync.interval.x'" },
		{ "[SYNC]\ninterval = 5m\n", 2, "there is no setting 'SYNC.interval'" },
		{ "[sync]\ninterval\n", 2, "neither '[section]' nor 'name = value'" },
		{ "[sync\ninterval = 5m\n", 1, "neither '[section]' nor 'name = value'" },
		{ "[sync]\n\n\ninterval = 5 minutes\n", 4, "'sync.interval' is '5 minutes', but must be a time such as 90s, 5m, 2h or 1d" },
		{ "[sync]\nworkers = many\n", 2, "'sync.workers' is 'many', but must be a whole number" },
		{ "[sync]\nworkers = 0\n", 2, "'sync.workers' is '0', but must lie between 1 and 64" },
		{ "[sync]\nworkers = 65\n", 2, "must lie between 1 and 64" },
		{ "[net]\nanswer_max = 1K\n", 2, "must lie between 1048576 and 1073741824" },
		{ "[net]\nanswer_max = big\n", 2, "must be a size such as 512K, 64M or 1G" },
		{ "[ui]\nascii = maybe\n", 2, "must be yes or no" },
		{ "[ui]\nwidth = pink\n", 2, "'ui.width' is 'pink', but must be safe|full" },
		{ "[quickbooks]\nredirect_production = http://a.example\n", 2, "must be an https address or http to this machine" },
		{ "[net]\nproxy = a.example\n", 2, "must be an address of http, https or socks, without" },
		{ "[log]\nfile = \x1b[31m\n", 2, "must be one line of text" },
		{ "[sync]\nworkers = \n", 2, "'sync.workers' is ''" },
		/* The first of them is told. */
		{ "[sync]\nworkers = 0\ninterval = x\nnonsense\n", 2, "sync.workers" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (int file = FILE_SYSTEM; file <= FILE_USER; file++) {
			AUTO(layers_clear) struct layers layers;

			layers_init(&layers);
			layers_write(&layers, (enum layer_file)file, cases[i].text);
			REFUSE(&layers, layers_place(&layers, (enum layer_file)file, cases[i].line), cases[i].part);
			assert_null(strstr(layers.err.text, "\x1b"));
		}
}

static void mistakes_elsewhere(void **state)
{
	static const struct {
		const char *variable, *flag, *part;
	} cases[] = {
		{ "LEDGERDECK__SYNC__INTERVALL=5m", NULL,
		  "environment LEDGERDECK__SYNC__INTERVALL: there is no setting 'sync.intervall'; did you mean 'sync.interval'?" },
		{ "LEDGERDECK__SYNC__INTERVAL=5x", NULL, "environment LEDGERDECK__SYNC__INTERVAL: 'sync.interval' is '5x'" },
		{ "LEDGERDECK__SYNC=5", NULL, "there is no setting 'sync'" },
		{ "QB_ENVIRONMENT=staging", NULL, "environment QB_ENVIRONMENT: 'quickbooks.environment' is 'staging'" },
		{ "QB_MAX_RESULTS=0", NULL, "environment QB_MAX_RESULTS: 'sync.max_results' is '0'" },
		{ NULL, "sync.intervall=5m", "flag: there is no setting 'sync.intervall'; did you mean 'sync.interval'?" },
		{ NULL, "sync.interval=5x", "flag: 'sync.interval' is '5x'" },
		{ NULL, "sync.interval", "--set needs NAME=VALUE, not 'sync.interval'" },
		{ NULL, "=5m", "flag: there is no setting ''" },
		{ NULL, "", "--set needs NAME=VALUE" },
		{ NULL, "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz=1", "flag: there is no setting 'zzz" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *environment[] = { cases[i].variable, NULL }, *flags[] = { cases[i].flag, NULL };
		AUTO(layers_clear) struct layers layers;

		layers_init(&layers);
		layers.sources.environment = environment;
		layers.sources.flags = flags;
		REFUSE(&layers, cases[i].part);
	}
}

static void files_that_are_none(void **state)
{
	AUTO(layers_clear) struct layers layers;

	(void)state;
	layers_init(&layers);
	layers.sources.user_file = layers.directory;
	REFUSE(&layers, "cannot read the settings", "is not a file");
	layers.sources.user_file = layers.paths[FILE_USER];
	layers_write_bytes(&layers, FILE_USER, "[sync]\n\0interval = 9m\n", 22);
	REFUSE(&layers, "is no text: it holds a NUL byte");
	/* Below what is no directory there is nothing, and that is no error. */
	layers_write(&layers, FILE_LOCAL, "");
	layers.sources.user_file = "/dev/null/nothing";
	layers_load(&layers);
	layers.sources.user_file = "";
	layers_load(&layers);
}

int test_settings(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_but_the_table),
		cmocka_unit_test(the_later_wins),
		cmocka_unit_test(forms_of_files),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(profiles),
		cmocka_unit_test(names_of_other_services),
		cmocka_unit_test(the_first_of_their_names_counts),
		cmocka_unit_test(their_redirect_address_is_the_environments),
		cmocka_unit_test(empty_ones_and_strangers_say_nothing),
		cmocka_unit_test(quotes_and_export),
		cmocka_unit_test(secrets_have_no_text),
		cmocka_unit_test(no_error_shows_a_secret),
		cmocka_unit_test(flags_take_no_secrets),
		cmocka_unit_test(a_local_file_decides_no_destinations),
		cmocka_unit_test(a_local_file_has_no_profiles),
		cmocka_unit_test(mistakes_in_files),
		cmocka_unit_test(mistakes_elsewhere),
		cmocka_unit_test(files_that_are_none),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
