/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of settings: every name, its kind, its built-in value and what it is for. */
#include "rows.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"

static const struct setting_row rows[] = {
	{ "store.path", SETTING_PATH, "", NULL, 0, 0, SETTING_NOT_LOCAL,
	  "the file that holds everything; empty: ledgerdeck.db in the data directory" },
	{ "store.busy", SETTING_DURATION, "10s", NULL, 1, 600, 0, "how long to wait for another process that writes" },
	{ "store.reserve", SETTING_SIZE, "64M", NULL, 0, INT64_C(1) << 50, 0,
	  "room that must be left on the disk: reading stops before, so that renewed tokens can still be kept; 0: none" },
	{ "backup.directory", SETTING_PATH, "", NULL, 0, 0, SETTING_NOT_LOCAL,
	  "where `run` and the deck keep backups of the store; empty: they make none" },
	{ "backup.interval", SETTING_DURATION, "1d", NULL, 60, 2592000, 0, "time between two backups" },
	{ "backup.keep", SETTING_NUMBER, "7", NULL, 1, 10000, 0, "how many backups stay there; older ones are removed" },
	{ "vault.key_file", SETTING_PATH, "", NULL, 0, 0, SETTING_NOT_LOCAL,
	  "file with the vault's key, for work without a person; empty: a passphrase is asked for" },
	{ "vault.credential", SETTING_TEXT, "ledgerdeck-key", NULL, 0, 0, SETTING_NOT_LOCAL,
	  "name of the systemd credential that holds the vault's key" },
	{ "vault.cost", SETTING_WORD, "moderate", "interactive|moderate|sensitive", 0, 0, 0,
	  "how much work a passphrase is worth: 64 MiB, 256 MiB or 1 GiB of memory" },
	{ "connect.refresh_lead", SETTING_DURATION, "5m", NULL, 60, 3000, 0,
	  "renew an access token when less than this is left" },
	{ "connect.keep_alive", SETTING_DURATION, "30d", NULL, 86400, 8640000, 0,
	  "renew the tokens of an account that nobody uses after this" },
	{ "connect.listen_port", SETTING_NUMBER, "0", NULL, 0, 65535, 0,
	  "port of the loopback listener for a redirect; 0: any free one" },
	{ "sync.interval", SETTING_DURATION, "5m", NULL, 0, 2592000, 0, "time between two reads of a type; 0: only when asked" },
	{ "sync.workers", SETTING_NUMBER, "4", NULL, 1, 64, 0, "threads that read, over all accounts" },
	{ "sync.in_flight", SETTING_NUMBER, "8", NULL, 1, 40, 0, "calls to one account at the same time; a large type is read in as many slices" },
	{ "sync.overlap", SETTING_DURATION, "10m", NULL, 1, 86400, 0, "how far each read reaches back behind the last" },
	{ "sync.sweep_interval", SETTING_DURATION, "7d", NULL, 0, 31536000, 0,
	  "time between two sweeps that prove what exists; 0: only when a gap demands one" },
	{ "sync.tries", SETTING_NUMBER, "8", NULL, 1, 100, 0, "tries of a read before the run gives up" },
	{ "sync.retry_delay", SETTING_DURATION, "60s", NULL, 1, 86400, 0, "first wait of a type that failed; doubles up to an hour" },
	{ "sync.per_minute", SETTING_NUMBER, "400", NULL, 1, 100000, 0, "requests a minute to one account" },
	{ "sync.per_second", SETTING_NUMBER, "8", NULL, 1, 10000, 0, "requests a second to one account" },
	{ "sync.batches_per_minute", SETTING_NUMBER, "36", NULL, 1, 10000, 0, "batches a minute to one account" },
	{ "sync.month_limit", SETTING_NUMBER, "500000", NULL, 0, 1000000000, 0, "metered calls a month over all accounts of QuickBooks; 0: no limit" },
	{ "sync.guard_percent", SETTING_NUMBER, "5", NULL, 0, 100, 0, "a sweep that would delete more than this share waits for a person" },
	{ "sync.guard_records", SETTING_NUMBER, "100", NULL, 0, 1000000000, 0, "the same as a number of records" },
	{ "sync.max_results", SETTING_NUMBER, "1000", NULL, 1, 10000, 0, "records of one page; QuickBooks gives 10 to 1000" },
	{ "push.replay_window", SETTING_DURATION, "10m", NULL, 0, 86400, 0,
	  "how long after sending the ledger is trusted to answer a repeated request with its first answer" },
	{ "push.look_delay", SETTING_DURATION, "2m", NULL, 1, 86400, 0,
	  "between two looks for a write whose outcome is unknown; longer than the ledger takes for any request" },
	{ "push.give_up", SETTING_DURATION, "3d", NULL, 0, 31536000, 0,
	  "how long a write that the ledger does not take for the time being is tried, ten times at least; 0: for ever" },
	{ "reconcile.hour", SETTING_WORD, "never", "never|0|1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23", 0, 0, 0,
	  "at which hour of the day `run` and the deck reconcile the month of each account by themselves" },
	{ "log.level", SETTING_WORD, "info", "error|warn|info|debug", 0, 0, 0, "what the program's own log tells" },
	{ "log.file", SETTING_PATH, "", NULL, 0, 0, SETTING_NOT_LOCAL,
	  "where it goes while the deck is open; empty: ledgerdeck.log in the state directory" },
	{ "log.keep", SETTING_DURATION, "90d", NULL, 86400, 315360000, 0, "how long attempts that went well stay in the sync log" },
	{ "net.proxy", SETTING_ADDRESS, "", "http|https|socks4|socks4a|socks5|socks5h", 0, 0, SETTING_NOT_LOCAL, "proxy for all calls; empty: as the environment says" },
	{ "net.ca_file", SETTING_PATH, "", NULL, 0, 0, SETTING_NOT_LOCAL, "certificates to trust; empty: the system's" },
	{ "net.timeout", SETTING_DURATION, "130s", NULL, 1, 3600, 0, "longest wait for one answer" },
	{ "net.answer_max", SETTING_SIZE, "64M", NULL, 1048576, 1073741824, 0, "largest answer" },
	{ "quickbooks.client_id", SETTING_TEXT, "", NULL, 0, 0, SETTING_NOT_LOCAL, "the app's id at Intuit" },
	{ "quickbooks.client_secret", SETTING_TEXT, "", NULL, 0, 0, SETTING_SENSITIVE | SETTING_NOT_LOCAL,
	  "the app's secret: taken once and sealed" },
	{ "quickbooks.environment", SETTING_WORD, "production", "production|sandbox|local", 0, 0, 0,
	  "where `connect quickbooks` goes unless told otherwise" },
	{ "quickbooks.redirect_production", SETTING_ADDRESS, "", NULL, 0, 0, SETTING_NOT_LOCAL,
	  "registered https address that shows the code" },
	{ "quickbooks.redirect_sandbox", SETTING_ADDRESS, "https://developer.intuit.com/v2/OAuth2Playground/RedirectUrl", NULL, 0, 0,
	  SETTING_NOT_LOCAL, "registered address for development keys" },
	{ "quickbooks.redirect_local", SETTING_ADDRESS, "http://127.0.0.1:8620/oauth2/code", NULL, 0, 0, SETTING_NOT_LOCAL,
	  "the simulator's page that shows the code" },
	{ "quickbooks.redirect_allowed", SETTING_TEXT, "", NULL, 0, 0, SETTING_NOT_LOCAL,
	  "further redirect addresses that may be used, blank-separated" },
	{ "quickbooks.web_production", SETTING_ADDRESS, "https://app.qbo.intuit.com/app", NULL, 0, 0, SETTING_NOT_LOCAL,
	  "where the ledger's own pages begin; empty: no links to records" },
	{ "quickbooks.web_sandbox", SETTING_ADDRESS, "https://app.sandbox.qbo.intuit.com/app", NULL, 0, 0, SETTING_NOT_LOCAL,
	  "the same for Intuit's test companies" },
	{ "quickbooks.web_local", SETTING_ADDRESS, "", NULL, 0, 0, SETTING_NOT_LOCAL, "the same for the simulator, which has none" },
	{ "quickbooks.local_address", SETTING_ADDRESS, "http://127.0.0.1:8620", NULL, 0, 0, SETTING_NOT_LOCAL,
	  "where the simulator listens" },
	{ "quickbooks.authorization_code", SETTING_TEXT, "", NULL, 0, 0, SETTING_SENSITIVE | SETTING_NOT_LOCAL,
	  "a code for `connect quickbooks` without a person" },
	{ "quickbooks.realm_id", SETTING_TEXT, "", NULL, 0, 0, SETTING_NOT_LOCAL, "the company id that goes with that code" },
	{ "ui.theme", SETTING_TEXT, "dark", NULL, 0, 0, 0,
	  "colours of the deck: dark, light, mono, clear, or a theme of one's own" },
	{ "ui.keys", SETTING_PATH, "", NULL, 0, 0, SETTING_NOT_LOCAL,
	  "file of keys for the deck; empty: keys in the configuration directory, if it is there" },
	{ "ui.mouse", SETTING_FLAG, "no", NULL, 0, 0, 0, "whether the deck takes the mouse, which else selects text" },
	{ "ui.links", SETTING_FLAG, "no", NULL, 0, 0, 0, "whether an address to open is a hyperlink for the terminal, too (OSC 8)" },
	{ "ui.restore", SETTING_FLAG, "yes", NULL, 0, 0, 0, "open the deck where it was left" },
	{ "ui.ascii", SETTING_FLAG, "no", NULL, 0, 0, 0, "nothing but ASCII on the screen" },
	{ "ui.width", SETTING_WORD, "safe", "safe|full", 0, 0, 0, "whether characters that terminals draw differently are replaced" },
	{ "ui.personal", SETTING_WORD, "masked", "masked|shown", 0, 0, SETTING_NOT_LOCAL,
	  "whether values about persons, such as an employee's birthday, are shown" },
	{ "xledger.api_endpoint", SETTING_ADDRESS, "", NULL, 0, 0, SETTING_NOT_LOCAL, "GraphQL address; empty: the environment's own" },
	{ "xledger.api_key", SETTING_TEXT, "", NULL, 0, 0, SETTING_SENSITIVE | SETTING_NOT_LOCAL, "an API token: taken once and sealed" },
	{ "xledger.environment", SETTING_WORD, "production", "production|demo|local", 0, 0, 0,
	  "where `connect xledger` goes unless told otherwise" },
	{ "xledger.interval", SETTING_DURATION, "15m", NULL, 0, 2592000, 0,
	  "time between two reads of a type, in place of sync.interval; 0: only when asked" },
	{ "xledger.month_limit", SETTING_NUMBER, "5000", NULL, 0, 1000000000, 0,
	  "metered calls a month over all its accounts, as the subscription includes; 0: no limit" },
	{ "xledger.month_megabytes", SETTING_NUMBER, "1000", NULL, 0, 1000000000, 0,
	  "megabytes (of 1,000,000 bytes) a month over all its accounts, each way, as the subscription includes; 0: no limit" },
	{ "xledger.web_production", SETTING_ADDRESS, "", NULL, 0, 0, SETTING_NOT_LOCAL,
	  "where the ledger's own pages begin; empty: no links to records" },
	{ "xledger.web_demo", SETTING_ADDRESS, "", NULL, 0, 0, SETTING_NOT_LOCAL, "the same for Xledger's demo" },
	{ "xledger.web_local", SETTING_ADDRESS, "", NULL, 0, 0, SETTING_NOT_LOCAL, "the same for the simulator, which has none" },
};

const struct setting_row *settings_rows(size_t *ret_count)
{
	*ret_count = ARRAY_LEN(rows);
	return rows;
}

const struct settings_alias settings_aliases[] = {
	{ "QB_CLIENT_ID", "quickbooks.client_id", false, ALIAS_PLAIN },
	{ "QBO_CLIENT_ID", "quickbooks.client_id", false, ALIAS_PLAIN },
	{ "QUICKBOOKS_CLIENT_ID", "quickbooks.client_id", false, ALIAS_PLAIN },
	{ "SETTINGS__ADAPTORS__QUICKBOOKS_ONLINE__OAUTH_CLIENT_ID", "quickbooks.client_id", false, ALIAS_PLAIN },
	{ "QB_CLIENT_SECRET", "quickbooks.client_secret", false, ALIAS_PLAIN },
	{ "QBO_CLIENT_SECRET", "quickbooks.client_secret", false, ALIAS_PLAIN },
	{ "QUICKBOOKS_CLIENT_SECRET", "quickbooks.client_secret", false, ALIAS_PLAIN },
	{ "SETTINGS__ADAPTORS__QUICKBOOKS_ONLINE__OAUTH_CLIENT_SECRET", "quickbooks.client_secret", false, ALIAS_PLAIN },
	{ "QB_ENVIRONMENT", "quickbooks.environment", false, ALIAS_WORD },
	{ "QBO_ENVIRONMENT", "quickbooks.environment", false, ALIAS_WORD },
	{ "QUICKBOOKS_ENVIRONMENT", "quickbooks.environment", false, ALIAS_WORD },
	{ "QB_AUTHORIZATION_CODE", "quickbooks.authorization_code", false, ALIAS_PLAIN },
	{ "QB_REALM_ID", "quickbooks.realm_id", false, ALIAS_PLAIN },
	{ "QB_REDIRECT_URI", "quickbooks.redirect_", false, ALIAS_REDIRECT },
	{ "SETTINGS__ADAPTORS__QUICKBOOKS_ONLINE__OAUTH_REDIRECT_URI", "quickbooks.redirect_", false, ALIAS_REDIRECT },
	{ "QB_MAX_RESULTS", "sync.max_results", false, ALIAS_PLAIN },
	{ "DATABASE_PATH", "store.path", true, ALIAS_PLAIN },
	{ "SYNC_INTERVAL_MINUTES", "sync.interval", true, ALIAS_MINUTES },
	{ "SYNC_MAX_RETRIES", "sync.tries", true, ALIAS_PLAIN },
	{ "SYNC_RETRY_DELAY", "sync.retry_delay", true, ALIAS_PLAIN },
	{ "TOKEN_REFRESH_BUFFER", "connect.refresh_lead", true, ALIAS_PLAIN },
	{ "LOG_LEVEL", "log.level", true, ALIAS_WORD },
	{ "API_ENDPOINT", "xledger.api_endpoint", true, ALIAS_PLAIN },
	{ "API_KEY", "xledger.api_key", true, ALIAS_PLAIN },
};
const size_t settings_alias_count = ARRAY_LEN(settings_aliases);

/* A redirect address of another service is that of any environment: "quickbooks.redirect_" and its word. */
static bool means(const struct settings_alias *alias, const char *setting)
{
	static const char *const environments[] = { "production", "sandbox", "local" };
	size_t len = strlen(alias->name);

	if (alias->form != ALIAS_REDIRECT)
		return strcmp(alias->name, setting) == 0;
	for (size_t i = 0; i < ARRAY_LEN(environments); i++)
		if (strncmp(alias->name, setting, len) == 0 && strcmp(setting + len, environments[i]) == 0)
			return true;
	return false;
}

const char *settings_variable(const char *setting, size_t *at, bool *ret_file_only)
{
	while (*at < settings_alias_count) {
		const struct settings_alias *alias = &settings_aliases[(*at)++];

		if (means(alias, setting)) {
			*ret_file_only = alias->file_only;
			return alias->variable;
		}
	}
	return NULL;
}
