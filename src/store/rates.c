/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exchange rates: whole tables, one behind the other. */
#include "ledgerdeck/store/rates.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/store/log.h"
#include "query.h"

bool rates_version(struct store *store, const char *account_id, int64_t *ret_version, struct error *err)
{
	struct query query = query_start(store, RATES_VERSION);

	query_text(&query, account_id);
	*ret_version = query_next(&query) ? row_integer(&query, 0) : 0;
	return query_end(&query, err);
}

bool rates_get(struct store *store, const char *account_id, int64_t version, struct rates *rates, struct error *err)
{
	struct query query = query_start(store, RATES_GET);
	struct rate rate = { 0 };
	bool good = true;

	query_text(&query, account_id);
	query_integer(&query, version);
	while (good && query_next(&query)) {
		const char *text = row_text(&query, 2);

		row_copy(&query, 0, rate.currency, sizeof(rate.currency));
		rate.from.day = (int32_t)row_integer(&query, 1);
		good = decimal_parse(text, strlen(text), &rate.rate);
		if (good)
			rates_add(rates, &rate);
	}
	return query_end(&query, err) && (good || error_set(err, ERROR_STORE, "a rate of %s is damaged", rate.currency));
}

static bool put_one(struct store *store, const char *account_id, int64_t version, const struct rate *rate, struct error *err)
{
	struct query query = query_start(store, RATE_ADD);
	char digits[DECIMAL_TEXT_MAX];

	query_text(&query, account_id);
	query_integer(&query, version);
	query_text(&query, rate->currency);
	query_integer(&query, rate->from.day);
	query_text(&query, decimal_format(rate->rate, digits));
	return query_run(&query, err);
}

bool rates_put(struct store *store, const char *account_id, const struct rates *rates, const char *who, const char *what, int64_t now_ms,
	       int64_t *ret_version, struct error *err)
{
	struct query query;
	int64_t version;
	char after[80];

	assert(store->in_transaction);
	if (!rates_version(store, account_id, &version, err))
		return false;
	version++;
	query = query_start(store, RATES_ADD);
	query_text(&query, account_id);
	query_integer(&query, version);
	query_integer(&query, now_ms);
	query_text(&query, who);
	query_text(&query, what);
	if (!query_run(&query, err))
		return false;
	for (size_t i = 0; i < rates->count; i++)
		if (!put_one(store, account_id, version, &rates->items[i], err))
			return false;
	*ret_version = version;
	snprintf(after, sizeof(after), "{\"version\":%lld,\"rates\":%zu}", (long long)version, rates->count);
	return audit_add(store, who, "rates", account_id, "", after, now_ms, err);
}

bool rates_history(struct store *store, const char *account_id, bool (*each)(void *ctx, const struct rates_change *change), void *ctx,
		   struct error *err)
{
	struct query query = query_start(store, RATES_HISTORY);
	struct rates_change change;

	query_text(&query, account_id);
	while (query_next(&query)) {
		change = (struct rates_change){ .version = row_integer(&query, 0), .at_ms = row_integer(&query, 1), .count = row_integer(&query, 4) };
		row_copy(&query, 2, change.who, sizeof(change.who));
		row_copy(&query, 3, change.what, sizeof(change.what));
		if (!each(ctx, &change))
			break;
	}
	return query_end(&query, err);
}
