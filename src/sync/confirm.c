/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person types to show that it has been read what would be written: the largest sum of money, or how many writes. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/push.h"

void push_sums_add(struct push_sums *sums, enum plan_act act, const char *currency, bool has_total, int64_t total)
{
	struct decimal sum;
	size_t i = 0;

	if (!plan_act_writes(act))
		return;
	sums->writes++;
	if (!has_total)
		return;
	while (i < sums->count && strcmp(sums->items[i].currency, currency) != 0)
		i++;
	if (i == ARRAY_LEN(sums->items))
		return;
	if (i == sums->count)
		snprintf(sums->items[sums->count++].currency, sizeof(sums->items[i].currency), "%s", currency);
	if (decimal_add(sums->items[i].total, decimal_of(total, 6), &sum))
		sums->items[i].total = sum;
}

static const struct push_sum *largest(const struct push_sums *sums)
{
	const struct push_sum *best = NULL;

	for (size_t i = 0; i < sums->count; i++)
		if (sums->items[i].total.digits > 0 && (!best || decimal_compare(sums->items[i].total, best->total) > 0))
			best = &sums->items[i];
	return best;
}

const char *push_sum_text(struct decimal total, char *out /* DECIMAL_TEXT_MAX */)
{
	total = decimal_money(total);
	return decimal_format(total, out);
}

void push_sums_word(const struct push_sums *sums, char *out /* DECIMAL_TEXT_MAX */)
{
	const struct push_sum *best = largest(sums);

	if (best)
		push_sum_text(best->total, out);
	else
		snprintf(out, DECIMAL_TEXT_MAX, "%lld", (long long)sums->writes);
}

bool push_sums_confirm(const struct push_sums *sums, const char *word)
{
	const struct push_sum *best = largest(sums);
	struct decimal said, wanted = best ? best->total : decimal_of(sums->writes, 0);

	return decimal_parse(word, strlen(word), &said) && decimal_compare(said, wanted) == 0;
}

bool push_asks(struct store *store, const char *account_id, bool *ret_asks, struct error *err)
{
	struct policies policies;
	struct account account;
	bool found;

	if (!accounts_get(store, account_id, &account, &found, err) || !policies_get(store, account_id, &policies, err))
		return false;
	*ret_asks = policy_is(&policies, POLICY_CONFIRM, "always") ||
		    (policy_is(&policies, POLICY_CONFIRM, "production") && found && account.environment == ENVIRONMENT_PRODUCTION);
	return true;
}
