/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all providers' books are made of. */
#include "ledgerdeck/provider/books.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

static const struct { const char *word, *title; } reports[REPORT_COUNT] = {
	[REPORT_TRIAL_BALANCE] = { "trial-balance", "trial balance" },
	[REPORT_GENERAL_LEDGER] = { "general-ledger", "general ledger" },
	[REPORT_TRANSACTIONS] = { "transactions", "list of transactions" },
	[REPORT_RECEIVABLES] = { "receivables", "receivables by age" },
	[REPORT_RECEIVABLES_DETAIL] = { "receivables-detail", "open documents by age" },
	[REPORT_CUSTOMER_BALANCE] = { "customer-balance", "customers' balances" },
	[REPORT_TAX] = { "tax", "tax report" },
};

const char *report_word(enum report report)
{
	return reports[report].word;
}

const char *report_title(enum report report)
{
	return reports[report].title;
}

void books_entry_reset(struct books_entry *entry)
{
	struct books_entry empty = {
		.postings = entry->postings,
		.posting_room = entry->posting_room,
		.applications = entry->applications,
		.application_room = entry->application_room,
	};

	*entry = empty;
}

void books_entry_clear(struct books_entry *entry)
{
	free(entry->postings);
	free(entry->applications);
	*entry = (struct books_entry){ 0 };
}

static bool same_place(const struct books_posting *a, const struct books_posting *b)
{
	return strcmp(a->account, b->account) == 0 && strcmp(a->party, b->party) == 0 && (*a->account || a->class == b->class);
}

void books_entry_post(struct books_entry *entry, const struct books_posting *posting)
{
	struct books_posting *old;
	struct decimal amount, foreign;

	for (size_t i = 0; i < entry->posting_count; i++) {
		old = &entry->postings[i];
		if (!same_place(old, posting) || !decimal_add(old->amount, posting->amount, &amount) ||
		    !decimal_add(old->foreign, posting->foreign, &foreign))
			continue;
		old->amount = amount;
		old->foreign = foreign;
		old->untold |= posting->untold;
		return;
	}
	memory_grow(&entry->postings, &entry->posting_room, entry->posting_count + 1, sizeof(*entry->postings));
	entry->postings[entry->posting_count++] = *posting;
}

void books_entry_apply(struct books_entry *entry, const struct books_application *application)
{
	memory_grow(&entry->applications, &entry->application_room, entry->application_count + 1, sizeof(*entry->applications));
	entry->applications[entry->application_count++] = *application;
}
