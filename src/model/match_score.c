/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How alike two things are. The weights are about those of GnuCash's importer. */
#include "match_impl.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#define MILLION 1000000

static bool is_there(const char *text)
{
	return text && text[0];
}

bool match_alike(const char *a, const char *b)
{
	AUTO(str_clear) struct str one = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str other = STR_INIT(STR_NO_LIMIT);

	if (strcmp(a, b) == 0)
		return true;
	str_add_alike(&one, a, strlen(a));
	str_add_alike(&other, b, strlen(b));
	return strcmp(one.text, other.text) == 0;
}

int match_score_text(const char *a, const char *b)
{
	AUTO(str_clear) struct str one = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str other = STR_INIT(STR_NO_LIMIT);

	if (!is_there(a) || !is_there(b))
		return 0;
	str_add_alike(&one, a, strlen(a));
	str_add_alike(&other, b, strlen(b));
	if (one.len == 0 || other.len == 0)
		return 0;
	if (strcmp(one.text, other.text) == 0)
		return 2;
	return strstr(one.text, other.text) || strstr(other.text, one.text) ? 1 : 0;
}

int64_t match_allowed(int64_t amount, int64_t most, int32_t share)
{
	__int128 size = amount < 0 ? -(__int128)amount : amount, shared = share > 0 ? size * share / MILLION : 0;

	return shared < most ? (int64_t)shared : most;
}

bool match_within(int64_t first, int64_t second, const struct match_tolerance *tolerance)
{
	__int128 difference = (__int128)second - first;

	if (difference > 0)
		return difference <= match_allowed(first, tolerance->above, tolerance->above_share);
	return difference == 0 || -difference <= match_allowed(first, tolerance->below, tolerance->below_share);
}

static int score_date(const struct match_item *first, const struct match_item *second, const struct match_rules *rules)
{
	int64_t days = llabs((int64_t)second->date.day - first->date.day);

	if (days == 0)
		return 3;
	return days <= rules->party_days ? 2 : -5;
}

int match_score_known(const struct match_item *first, const struct match_item *second, const struct match_rules *rules,
		      const struct match_tolerance *tolerance, int number, int party)
{
	int score = score_date(first, second, rules);

	if (first->amount == second->amount)
		score += 3;
	else
		score += match_within(first->amount, second->amount, tolerance) ? 2 : -5;
	if (number != 0)
		score += number > 0 ? 4 : -2;
	if (party != 0)
		score += party > 0 ? 2 : -2;
	return score;
}

static int compare_texts(const char *a, const char *b)
{
	if (!is_there(a) || !is_there(b))
		return 0;
	return match_alike(a, b) ? 1 : -1;
}

int match_score(const struct match_item *first, const struct match_item *second, const struct match_rules *rules)
{
	struct match_tolerance tolerance = { 0 };

	if (rules->tolerance)
		tolerance = rules->tolerance(rules->ctx, first->kind, first->currency);
	return match_score_text(first->text, second->text) +
	       match_score_known(first, second, rules, &tolerance, compare_texts(first->number, second->number),
				 compare_texts(first->party, second->party));
}
