/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all providers' translations are made of. */
#include "ledgerdeck/provider/push.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

static const char *const tax_words[] = { [COMPANY_TAX_NONE] = "none", [COMPANY_TAX_AUTOMATED] = "automated",
					 [COMPANY_TAX_DOCUMENT] = "per document", [COMPANY_TAX_LINE] = "per line" };

const char *company_tax_word(enum company_tax tax)
{
	return tax_words[tax];
}

static const char *const standing_words[STANDING_COUNT] = { [STANDING_NONE] = "", [STANDING_OPEN] = "open",
							     [STANDING_PARTLY] = "partly paid", [STANDING_PAID] = "paid" };

const char *standing_word(enum standing_word word)
{
	return standing_words[word];
}

static const char *const posting_words[POSTING_KIND_COUNT] = {
	[POSTING_ACCOUNT] = "account", [POSTING_RECEIVABLE] = "A/R", [POSTING_PAYABLE] = "A/P", [POSTING_TAX] = "tax",
	[POSTING_UNDEPOSITED] = "undeposited funds", [POSTING_UNKNOWN] = "other accounts",
};

const char *posting_word(enum posting_kind kind)
{
	return posting_words[kind];
}

void translation_init(struct translation *translation)
{
	*translation = (struct translation){ .body = STR_INIT(STR_NO_LIMIT), .notes = STR_INIT(STR_NO_LIMIT) };
}

void translation_clear(struct translation *translation)
{
	str_clear(&translation->body);
	str_clear(&translation->notes);
	translation_init(translation);
}

void translation_reset(struct translation *translation)
{
	struct str body = translation->body, notes = translation->notes;

	str_reset(&body);
	str_reset(&notes);
	*translation = (struct translation){ .body = body, .notes = notes };
}

void translation_obstacle(struct translation *translation, enum plan_reason reason, const char *format, ...)
{
	struct obstacle obstacle = { .reason = reason };
	va_list args;

	va_start(args, format);
	vsnprintf(obstacle.text, sizeof(obstacle.text), format, args);
	va_end(args);
	for (size_t i = 0; i < translation->obstacle_count; i++)
		if (strcmp(translation->obstacles[i].text, obstacle.text) == 0)
			return;
	if (translation->obstacle_count < OBSTACLES_MAX)
		translation->obstacles[translation->obstacle_count++] = obstacle;
}

void translation_post(struct translation *translation, enum posting_kind kind, const char *account, struct decimal amount)
{
	struct posting *posting = translation->postings;
	struct decimal sum;
	size_t i;

	if (decimal_is_zero(amount))
		return;
	for (i = 0; i < translation->posting_count; i++)
		if (posting[i].kind == kind && strcmp(posting[i].account, account) == 0)
			break;
	if (i == POSTINGS_MAX) {
		posting[--i].kind = POSTING_UNKNOWN;
		posting[i].account[0] = '\0';
	} else if (i == translation->posting_count) {
		translation->posting_count++;
		posting[i] = (struct posting){ .kind = kind };
		snprintf(posting[i].account, sizeof(posting[i].account), "%s", account);
	}
	if (decimal_add(posting[i].amount, amount, &sum))
		posting[i].amount = sum;
}

void push_changes_clear(struct push_changes *changes)
{
	free(changes->items);
	*changes = (struct push_changes){ 0 };
}
