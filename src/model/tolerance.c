/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tolerances as people write them down. */
#include "ledgerdeck/model/tolerance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/account_class.h"

#define SHARE_ALL 1000000 /* of an amount, in millionths: how large it is makes no difference */
#define CLASS_MAX 16

enum measure { AMOUNT, SHARE, DAYS, MEASURE_COUNT };
struct limit {
	bool above_given, below_given;
	int64_t above, below;
};
struct rule {
	char class[CLASS_MAX], currency[4]; /* "" : any */
	struct limit limits[MEASURE_COUNT];
};

/* ---- reading */

static bool read_where(const char *text, size_t len, struct rule *rule)
{
	const char *slash = memchr(text, '/', len);
	size_t class_len = slash ? (size_t)(slash - text) : len, at = slash ? class_len + 1 : 0;
	enum account_class class;

	if (len - at == 3 && strspn(text + at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") >= 3) {
		snprintf(rule->currency, sizeof(rule->currency), "%.3s", text + at);
		if (!slash)
			return true;
	} else if (slash) {
		return false;
	}
	if (!account_class_parse(text, class_len, &class))
		return false;
	snprintf(rule->class, sizeof(rule->class), "%s", account_class_word(class));
	return true;
}

/* In millionths of an amount, millionths of the whole, days. */
static bool read_value(const char *text, size_t len, enum measure measure, int64_t *ret_value)
{
	struct decimal value;

	if (len == 0 || strspn(text, "0123456789.") < len || !decimal_parse(text, len, &value) || !decimal_to_millionths(value, ret_value))
		return false;
	if (measure == AMOUNT)
		return true;
	if (measure == SHARE) {
		*ret_value /= 100;
		return *ret_value <= SHARE_ALL;
	}
	if (*ret_value % SHARE_ALL != 0)
		return false;
	*ret_value /= SHARE_ALL;
	return *ret_value <= TOLERANCE_DAYS_MAX;
}

static bool read_limit(const char *text, size_t len, struct rule *rule)
{
	char sign = len > 0 && (*text == '+' || *text == '-') ? *text : '\0', unit = len > 0 ? text[len - 1] : '\0';
	enum measure measure = unit == '%' ? SHARE : unit == 'd' ? DAYS : AMOUNT;
	struct limit *limit = &rule->limits[measure];
	size_t from = sign ? 1 : 0, to = measure == AMOUNT ? len : len - 1;
	int64_t value;

	if (to < from || !read_value(text + from, to - from, measure, &value))
		return false;
	/* A lone "-1" is more likely a slip than a wish. */
	if (sign == '-' ? !limit->above_given || limit->below_given : limit->above_given)
		return false;
	limit->above_given = true;
	limit->below_given = sign != '+';
	if (sign != '-')
		limit->above = value;
	if (sign != '+')
		limit->below = value;
	return true;
}

static bool read_rule(const char *text, size_t len, struct rule *rule)
{
	const char *equals = memchr(text, '=', len), *at = equals ? equals + 1 : text, *end = text + len;

	*rule = (struct rule){ .class = "" };
	if (equals && !read_where(text, (size_t)(equals - text), rule))
		return false;
	for (;;) {
		const char *comma = memchr(at, ',', (size_t)(end - at));

		if (!read_limit(at, (size_t)((comma ? comma : end) - at), rule))
			return false;
		if (!comma)
			return true;
		at = comma + 1;
	}
}

static size_t next_word(const char **at)
{
	*at += strspn(*at, " ");
	return strcspn(*at, " ");
}

static bool is_for(const struct rule *rule, const char *class, const char *currency)
{
	return strcmp(rule->class, class) == 0 && strcmp(rule->currency, currency) == 0;
}

/* The last that is for just these. */
static bool find(const char *text, const char *class, const char *currency, struct rule *ret_rule)
{
	struct rule rule;
	bool found = false;

	for (size_t len; (len = next_word(&text)) > 0; text += len) {
		if (!read_rule(text, len, &rule) || !is_for(&rule, class, currency))
			continue;
		*ret_rule = rule;
		found = true;
	}
	return found;
}

bool tolerance_check(const char *text, struct error *err)
{
	struct rule rule, other;
	const char *at = text;

	for (size_t len; (len = next_word(&at)) > 0; at += len) {
		if (!read_rule(at, len, &rule))
			return error_set(err, ERROR_INPUT, "'%.*s' is no tolerance; one is '0.05', 'JPY=5', 'bank=0' or 'receivable/EUR=1,0.5%%,5d'",
					 len > 40 ? 40 : (int)len, at);
		if (find(at + len, rule.class, rule.currency, &other))
			return error_set(err, ERROR_INPUT, "there are two tolerances for %s%s%s", *rule.class || *rule.currency ? "" : "all amounts",
					 rule.class, *rule.class && *rule.currency ? " in " : "");
	}
	return true;
}

/* ---- asking */

static int64_t stricter(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static struct match_tolerance tolerance_from(const struct rule *rule, int32_t days)
{
	const struct limit *amount = &rule->limits[AMOUNT], *share = &rule->limits[SHARE], *around = &rule->limits[DAYS];
	bool by_amount = amount->above_given, by_share = share->above_given;
	struct match_tolerance tolerance = { .above_share = SHARE_ALL, .below_share = SHARE_ALL };

	if (by_amount || by_share) {
		tolerance.above = by_amount ? amount->above : INT64_MAX;
		tolerance.below = by_amount ? amount->below : INT64_MAX;
	}
	if (by_share) {
		tolerance.above_share = (int32_t)share->above;
		tolerance.below_share = (int32_t)share->below;
	}
	if (around->above_given) {
		tolerance.days_before = (int32_t)around->below;
		tolerance.days_after = (int32_t)around->above;
	} else if (stricter(tolerance.above, tolerance.above_share) > 0 || stricter(tolerance.below, tolerance.below_share) > 0) {
		tolerance.days_before = tolerance.days_after = days;
	}
	return tolerance;
}

struct match_tolerance tolerance_of(const char *text, const char *class, const char *currency, int32_t days)
{
	struct match_tolerance one, other;
	struct rule of_class, of_currency;
	bool by_class, by_currency;

	if (find(text, class, currency, &of_class))
		return tolerance_from(&of_class, days);
	by_class = *class && find(text, class, "", &of_class);
	by_currency = find(text, "", currency, &of_currency);
	if (!by_class && !by_currency)
		return find(text, "", "", &of_class) ? tolerance_from(&of_class, days) : (struct match_tolerance){ 0 };
	one = tolerance_from(by_class ? &of_class : &of_currency, days);
	other = tolerance_from(by_currency ? &of_currency : &of_class, days);
	return (struct match_tolerance){
		.above = stricter(one.above, other.above), .below = stricter(one.below, other.below),
		.above_share = (int32_t)stricter(one.above_share, other.above_share),
		.below_share = (int32_t)stricter(one.below_share, other.below_share),
		.days_before = (int32_t)stricter(one.days_before, other.days_before),
		.days_after = (int32_t)stricter(one.days_after, other.days_after),
	};
}
