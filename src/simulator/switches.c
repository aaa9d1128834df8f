/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of switches, and reading and printing it. What a switch does stands where it is
 * asked for.
 */
#include "switches.h"

#include <assert.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#define NUMBER "number"
#define HOUR_MS 3600000
#define TEN_YEARS_S 315360000

struct row {
	const char *name;
	const char *allowed;  /* words with '|' between them, or NUMBER */
	const char *fallback; /* as a person would write it */
	int64_t least, most;  /* of number rows */
	const char *help;
};

static const struct row rows[] = {
	[SWITCH_LATENCY_MS] = { "latency-ms", NUMBER, "0", 0, HOUR_MS,
		"milliseconds added to each answer" },
	[SWITCH_JITTER_MS] = { "jitter-ms", NUMBER, "0", 0, HOUR_MS,
		"up to so many milliseconds more, at random" },
	[SWITCH_BANDWIDTH] = { "bandwidth", NUMBER, "0", 0, INT64_C(1000000000000),
		"bytes a second of each answer's body; 0: no limit" },
	[SWITCH_GZIP] = { "gzip", "on|off", "on", 0, 0,
		"compress bodies above 1 KiB when the client accepts it" },
	[SWITCH_LIMITS] = { "limits", "on|off", "on", 0, 0,
		"the five rate limits below, and those of Xledger" },
	[SWITCH_LIMIT_PER_MINUTE] = { "limit-per-minute", NUMBER, "500", 0, 100000,
		"calls a minute per company; 0: no limit" },
	[SWITCH_LIMIT_PER_SECOND] = { "limit-per-second", NUMBER, "10", 0, 100000,
		"calls a second per app and company; 0: no limit" },
	[SWITCH_LIMIT_BATCH_PER_MINUTE] = { "limit-batch-per-minute", NUMBER, "40", 0, 100000,
		"batches a minute per app and company; 0: no limit" },
	[SWITCH_LIMIT_CONCURRENT] = { "limit-concurrent", NUMBER, "0", 0, 100000,
		"calls at the same time per company; 0: no limit (earlier texts say 10)" },
	[SWITCH_LIMIT_REPORTS] = { "limit-reports", NUMBER, "0", 0, 100000,
		"reports at the same time per company; 0: no limit" },
	[SWITCH_RETRY_AFTER] = { "retry-after", "off|on", "off", 0, 0,
		"send Retry-After when a limit was reached" },
	[SWITCH_THROTTLE_FORM] = { "throttle-form", "xml|json", "xml", 0, 0,
		"form of the answer when a limit was reached" },
	[SWITCH_THROTTLE_STATUS] = { "throttle-status", "429|403", "429", 0, 0,
		"its status; 403 was recorded in 2016" },
	[SWITCH_ROTATION] = { "rotation", "daily|every|every-with-grace", "daily", 0, 0,
		"refresh tokens change once in 24 hours, at every refresh, or at every refresh "
		"with the old one good for 24 hours more" },
	[SWITCH_RACE_REVOKES] = { "race-revokes", "off|on", "off", 0, 0,
		"a replaced refresh token used again ends the connection" },
	[SWITCH_CODE_LIFETIME_S] = { "code-lifetime-s", NUMBER, "600", 1, TEN_YEARS_S,
		"seconds for which an authorization code is good" },
	[SWITCH_ACCESS_LIFETIME_S] = { "access-lifetime-s", NUMBER, "3600", 1, TEN_YEARS_S,
		"seconds for which an access token is good" },
	[SWITCH_REFRESH_LIFETIME_S] = { "refresh-lifetime-s", NUMBER, "8726400", 1, TEN_YEARS_S,
		"seconds for which a refresh token is good, counted from its last use" },
	[SWITCH_PKCE] = { "pkce", "ignored|refused|verified", "ignored", 0, 0,
		"what happens to a code_challenge" },
	[SWITCH_INVALID_CLIENT_STATUS] = { "invalid-client-status", "401|400", "401", 0, 0,
		"status of invalid_client" },
	[SWITCH_DENIED_DESCRIPTION] = { "denied-description", "off|on", "off", 0, 0,
		"send error_description with access_denied" },
	[SWITCH_RECONNECT_REPLACES] = { "reconnect-replaces", "on|off", "on", 0, 0,
		"connecting a company again ends its older connection" },
	[SWITCH_MAXRESULTS_OVER] = { "maxresults-over", "cut|refused", "cut", 0, 0,
		"MAXRESULTS above 1000 gives 1000, or a fault" },
	[SWITCH_PROJECTION] = { "projection", "sparse|refused", "sparse", 0, 0,
		"a query with a list of columns gives sparse objects, or a fault" },
	[SWITCH_ORDER_BY_WORDS] = { "order-by-words", "accepted|refused", "accepted", 0, 0,
		"ORDER BY written as two words" },
	[SWITCH_ORDER_BY_ID] = { "order-by-id", "accepted|refused", "accepted", 0, 0,
		"ORDERBY Id" },
	[SWITCH_LIKE_CASE] = { "like-case", "insensitive|sensitive", "insensitive", 0, 0,
		"letter case in LIKE" },
	[SWITCH_IN_MAX] = { "in-max", NUMBER, "0", 0, 1000000,
		"most values in an IN list; 0: no limit" },
	[SWITCH_URL_MAX] = { "url-max", NUMBER, "8192", 64, 49152,
		"most bytes of a request's address" },
	[SWITCH_DATE_ZONE] = { "date-zone", "pacific|utc", "pacific", 0, 0,
		"zone of times without an offset" },
	[SWITCH_ENTITY_CASE] = { "entity-case", "any|exact", "any", 0, 0,
		"letter case of entity names in queries" },
	[SWITCH_CDC_OLD] = { "cdc-old", "answered|refused", "answered", 0, 0,
		"changedSince more than 30 days back" },
	[SWITCH_CDC_CAP] = { "cdc-cap", "answer|entity", "answer", 0, 0,
		"what the 1000 objects of change data capture count for" },
	[SWITCH_CDC_EXTRA] = { "cdc-extra", "on|off", "on", 0, 0,
		"change data capture of the types whose support is unconfirmed" },
	[SWITCH_CDC_FALSE_DELETED] = { "cdc-false-deleted", "off|on", "off", 0, 0,
		"change data capture shows a live object as deleted now and then" },
	[SWITCH_REQUESTID_S] = { "requestid-s", NUMBER, "86400", 0, TEN_YEARS_S,
		"seconds for which a requestid is remembered" },
	[SWITCH_REQUESTID_CONFLICT] = { "requestid-conflict", "first|600", "first", 0, 0,
		"a requestid with another body gives the first answer, or fault 600" },
	[SWITCH_DUPLICATE_NUMBER] = { "duplicate-number", "refused|accepted", "refused", 0, 0,
		"a DocNumber that is taken: fault 6140, or accepted" },
	[SWITCH_SENT_NUMBER] = { "sent-number", "used|ignored", "used", 0, 0,
		"a DocNumber sent though custom transaction numbers are off" },
	[SWITCH_SENT_TAX] = { "sent-tax", "ignored|honoured", "ignored", 0, 0,
		"a TotalTax sent under automated sales tax" },
	[SWITCH_LINE_WITHOUT_ITEM] = { "line-without-item", "default|text", "default", 0, 0,
		"a sales line without ItemRef gets the default item, or becomes a text line" },
	[SWITCH_SPARSE_NULL] = { "sparse-null", "ignored|clears", "ignored", 0, 0,
		"null in a sparse update" },
	[SWITCH_NAME_CASE] = { "name-case", "insensitive|sensitive", "insensitive", 0, 0,
		"letter case when names must differ" },
	[SWITCH_VOID_MORE] = { "void-more", "off|on", "off", 0, 0,
		"void of CreditMemo, RefundReceipt, Purchase and Transfer" },
	[SWITCH_VOID_NOTE] = { "void-note", "before|instead", "before", 0, 0,
		"where the word Voided goes when there is a note" },
	[SWITCH_DELETE_PAID] = { "delete-paid", "unapplies|refused", "unapplies", 0, 0,
		"deleting an invoice with a payment frees the payment, or is refused" },
	[SWITCH_ACCOUNT_REF_NAME] = { "account-ref-name", "full|short", "full", 0, 0,
		"name in references to accounts: with its parents, or its own" },
	[SWITCH_PATH_CASE] = { "path-case", "any|exact", "any", 0, 0,
		"letter case of entity names in addresses" },
	[SWITCH_REPORT_CELLS] = { "report-cells", NUMBER, "400000", 1, 100000000,
		"most cells of a report; beyond it a text instead of rows" },
	[SWITCH_REPORT_MS] = { "report-ms", NUMBER, "0", 0, HOUR_MS,
		"milliseconds added to each report" },
	[SWITCH_SUB_ACCOUNT_ID] = { "sub-account-id", "none|given", "none", 0, 0,
		"ids of accounts below others in the sections of GeneralLedger" },
	[SWITCH_XLEDGER_LIMIT_BURST] = { "xledger-limit-burst", NUMBER, "20", 0, 100000,
		"Xledger: calls in five seconds per entity; 0: no limit" },
	[SWITCH_XLEDGER_LIMIT_CONCURRENT] = { "xledger-limit-concurrent", NUMBER, "2", 0, 100000,
		"Xledger: calls at the same time per entity; 0: no limit" },
	[SWITCH_XLEDGER_CREDITS] = { "xledger-credits", NUMBER, "0", 0, 1000000000,
		"Xledger: budget of credits, a call costs one and one more for each 100 nodes; 0: no limit" },
	[SWITCH_XLEDGER_CREDITS_S] = { "xledger-credits-s", NUMBER, "3600", 1, TEN_YEARS_S,
		"Xledger: seconds after which the budget is full again" },
	[SWITCH_XLEDGER_PAGE_TIMEOUT] = { "xledger-page-timeout", NUMBER, "0", 0, 10000,
		"Xledger: larger pages time out; 0: none do" },
	[SWITCH_XLEDGER_VALIDATION_STATUS] = { "xledger-validation-status", "200|400", "200", 0, 0,
		"Xledger: status of documents that are wrong" },
	[SWITCH_XLEDGER_TOKEN_STATUS] = { "xledger-token-status", "200|401", "200", 0, 0,
		"Xledger: status of calls without a good token" },
	[SWITCH_XLEDGER_PARTIAL] = { "xledger-partial", "on|off", "on", 0, 0,
		"Xledger: data of other roots beside the error of one" },
	[SWITCH_XLEDGER_DBID] = { "xledger-dbid", "usual|reversed", "usual", 0, 0,
		"Xledger: dbIds are text on timesheets and numbers elsewhere, or the other way round" },
	[SWITCH_XLEDGER_CURSOR] = { "xledger-cursor", "dbid|dotted", "dbid", 0, 0,
		"Xledger: a cursor is a number, or three joined by dots" },
	[SWITCH_XLEDGER_EMPTY_EDGES] = { "xledger-empty-edges", "null|list", "null", 0, 0,
		"Xledger: edges of an empty page" },
	[SWITCH_XLEDGER_EMPTY_ROOT] = { "xledger-empty-root", "object|null", "object", 0, 0,
		"Xledger: the root of an empty page" },
	[SWITCH_XLEDGER_REPEAT_RECORD] = { "xledger-repeat-record", "off|on", "off", 0, 0,
		"Xledger: a page begins with the last record of the one before" },
	[SWITCH_XLEDGER_PAGE_END] = { "xledger-page-end", "right|more|repeat", "right", 0, 0,
		"Xledger: the last page says that there is more, or repeats its cursor for ever" },
	[SWITCH_XLEDGER_OWNER_SET] = { "xledger-owner-set", "current|mine", "current", 0, 0,
		"Xledger: ownerSet when none is sent" },
	[SWITCH_XLEDGER_OBJECT_STATUS] = { "xledger-object-status", "all|open", "all", 0, 0,
		"Xledger: objectStatus when none is sent" },
	[SWITCH_XLEDGER_VANISH] = { "xledger-vanish", NUMBER, "0", 0, 1000000000,
		"Xledger: records whose dbId this number divides are not found by dbId; 0: all are" },
	[SWITCH_XLEDGER_DELETION] = { "xledger-deletion", "deleted|deletion", "deleted", 0, 0,
		"Xledger: the word for it in deltas" },
	[SWITCH_XLEDGER_CURRENT] = { "xledger-current", "on|off", "on", 0, 0,
		"Xledger: deltas have _current" },
	[SWITCH_XLEDGER_IMPORT_CHECK] = { "xledger-import-check", "told|refused|off", "told", 0, 0,
		"Xledger: wrong journal lines are told in glImportItemErrors, refused, or posted" },
	[SWITCH_XLEDGER_IMPORT_DELAY_S] = { "xledger-import-delay-s", NUMBER, "0", 0, TEN_YEARS_S,
		"Xledger: seconds until journal lines are posted, or what is wrong with them is told; 0: at once" },
	[SWITCH_XLEDGER_INVOICE_DELAY_S] = { "xledger-invoice-delay-s", NUMBER, "60", 0, TEN_YEARS_S,
		"Xledger: seconds until an order is invoiced; 0: only by hand" },
};
_Static_assert(ARRAY_LEN(rows) == SWITCH_COUNT, "a row for each switch");

static bool row_is_number(const struct row *row)
{
	return strcmp(row->allowed, NUMBER) == 0;
}

/* The word at `place`, by its start and length; NULL behind the last one. */
static const char *row_word(const struct row *row, int64_t place, size_t *ret_len)
{
	const char *word = row->allowed;

	for (; place > 0; place--) {
		word = strchr(word, '|');
		if (!word)
			return NULL;
		word++;
	}
	*ret_len = strcspn(word, "|");
	return word;
}

/* The place of a word in its row; -1 when it is none of them. */
static int64_t row_place(const struct row *row, const char *text)
{
	const char *word;
	size_t len;

	for (int64_t place = 0; (word = row_word(row, place, &len)) != NULL; place++)
		if (strlen(text) == len && memcmp(word, text, len) == 0)
			return place;
	return -1;
}

/* Digits only, within the row's bounds. */
static bool row_number(const struct row *row, const char *text, int64_t *ret_value)
{
	size_t len = strlen(text);
	int64_t value = 0;

	if (len == 0 || len > 15 || strspn(text, "0123456789") != len)
		return false;
	for (size_t i = 0; i < len; i++)
		value = value * 10 + (text[i] - '0');
	if (value < row->least || value > row->most)
		return false;
	*ret_value = value;
	return true;
}

static bool row_parse(const struct row *row, const char *text, int64_t *ret_value)
{
	int64_t place;

	if (row_is_number(row))
		return row_number(row, text, ret_value);
	place = row_place(row, text);
	if (place < 0)
		return false;
	*ret_value = place;
	return true;
}

void switches_init(struct switches *switches)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool good = row_parse(&rows[i], rows[i].fallback, &switches->values[i]);

		assert(good);
		(void)good;
	}
}

bool switches_set(struct switches *switches, const char *name, const char *value, struct error *err)
{
	const struct row *row = NULL;

	for (size_t i = 0; i < ARRAY_LEN(rows) && !row; i++)
		if (strcmp(rows[i].name, name) == 0)
			row = &rows[i];
	if (!row)
		return error_set(err, ERROR_INPUT, "there is no switch '%s'", name);
	if (row_parse(row, value, &switches->values[row - rows]))
		return true;
	if (row_is_number(row))
		return error_set(err, ERROR_INPUT,
				 "switch '%s' takes a number from %lld to %lld, not '%s'",
				 row->name, (long long)row->least, (long long)row->most, value);
	return error_set(err, ERROR_INPUT, "switch '%s' takes %s, not '%s'", row->name,
			 row->allowed, value);
}

int64_t switches_get(const struct switches *switches, enum switch_name name)
{
	return switches->values[name];
}

bool switches_is(const struct switches *switches, enum switch_name name, const char *word)
{
	int64_t place = row_place(&rows[name], word);

	assert(!row_is_number(&rows[name]) && place >= 0);
	return switches->values[name] == place;
}

static void row_add_value(const struct row *row, int64_t value, struct str *out)
{
	const char *word;
	size_t len;

	if (row_is_number(row)) {
		str_addf(out, "%lld", (long long)value);
		return;
	}
	word = row_word(row, value, &len);
	assert(word);
	str_add_bytes(out, word, len);
}

void switches_add_json(const struct switches *switches, struct str *out)
{
	str_add_char(out, '{');
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];

		str_addf(out, "%s\n  \"%s\": {\"value\": \"", i ? "," : "", row->name);
		row_add_value(row, switches->values[i], out);
		str_addf(out, "\", \"allowed\": \"%s\", ", row->allowed);
		if (row_is_number(row))
			str_addf(out, "\"least\": %lld, \"most\": %lld, ", (long long)row->least,
				 (long long)row->most);
		str_addf(out, "\"default\": \"%s\", \"help\": ", row->fallback);
		str_add_json(out, row->help, strlen(row->help));
		str_add_char(out, '}');
	}
	str_add(out, "\n}\n");
}

void switches_row(enum switch_name name, const char **ret_name, const char **ret_allowed,
		  const char **ret_default, const char **ret_help)
{
	*ret_name = rows[name].name;
	*ret_allowed = rows[name].allowed;
	*ret_default = rows[name].fallback;
	*ret_help = rows[name].help;
}
