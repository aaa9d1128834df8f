/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stop rules, read and applied. */
#include "ledgerdeck/model/stop.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/decimal.h"

#define ERRORS_MAX 1000000

/* "5" or "25%"; a second one of a kind is a mistake. */
static bool take_number(const char *word, size_t len, struct stop_rule *rule)
{
	bool share = word[len - 1] == '%';
	struct decimal number;

	if (!decimal_parse(word, len - share, &number) || number.scale != 0 || number.digits < 1 ||
	    number.digits > (share ? 100 : ERRORS_MAX))
		return false;
	if (share ? rule->percent : rule->errors)
		return false;
	if (share)
		rule->percent = (int)number.digits;
	else
		rule->errors = number.digits;
	return true;
}

static bool is_word(const char *word, size_t len, const char *of)
{
	return len == strlen(of) && strncmp(word, of, len) == 0;
}

bool stop_parse(const char *text, struct stop_rule *ret_rule)
{
	struct stop_rule rule = { 0 };
	size_t words = 0;
	bool never = false;

	for (const char *word = text + strspn(text, " "); *word; word += strspn(word, " ")) {
		size_t len = strcspn(word, " ");

		if (is_word(word, len, "never"))
			never = true;
		else if (is_word(word, len, "untold"))
			rule.untold = true;
		else if (is_word(word, len, "uncertain"))
			rule.uncertain = true;
		else if (!take_number(word, len, &rule))
			return false;
		words++;
		word += len;
	}
	if (words == 0 || (never && words > 1))
		return false;
	*ret_rule = rule;
	return true;
}

bool stop_is_met(const struct stop_rule *rule, const struct stop_seen *seen, char *ret_why)
{
	const char *are = seen->errors == 1 ? "write has" : "writes have";

	if (rule->untold && seen->untold > 0)
		snprintf(ret_why, STOP_WHY_MAX, "the outcome of a write could not be told (policy stop: untold)");
	else if (rule->uncertain && seen->uncertain > 0)
		snprintf(ret_why, STOP_WHY_MAX, "the outcome of a write is not known (policy stop: uncertain)");
	else if (rule->errors > 0 && seen->errors >= rule->errors)
		snprintf(ret_why, STOP_WHY_MAX, "%lld %s gone wrong (policy stop: %lld)", (long long)seen->errors, are, (long long)rule->errors);
	else if (rule->percent > 0 && seen->errors >= STOP_SHARE_FROM && seen->errors * 100 >= seen->answered * rule->percent)
		snprintf(ret_why, STOP_WHY_MAX, "%lld of %lld writes have gone wrong (policy stop: %d%%)", (long long)seen->errors,
			 (long long)seen->answered, rule->percent);
	else
		return false;
	return true;
}
