/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The texts of bulk records, as write.c would write them: what they are made of is looked up
 * once, and each is a function of its record and a seed.
 */
#ifndef SAMPLE_BULK_TEXT_H
#define SAMPLE_BULK_TEXT_H

#include "sample/sample_impl.h"

#define BULK_LINES_MAX 7
#define BULK_RATES_MAX 8 /* of a company's tax codes together */

struct bulk_rate {
	char id[ID_MAX];
	struct decimal percent;
	struct record *payable; /* borrowed: the agency's ledger account */
};

struct bulk_item {
	struct str ref, description; /* JSON text */
	struct record *income;	     /* borrowed */
	int64_t price;		     /* hundredths */
	bool taxable;
	char code[ID_MAX];	       /* VAT: its tax code */
	size_t first_rate, rate_count; /* in bulk_words.rates, when it is taxed */
};

/* What all texts of one company are made of. */
struct bulk_words {
	struct sample *sample;
	struct record *receivable, *bank;
	struct bulk_item *items; /* owned */
	size_t item_count;
	struct bulk_rate rates[BULK_RATES_MAX];
	size_t rate_count;
	struct str currency;   /* "\"CurrencyRef\":{..}" and, with several, the exchange rate */
	int64_t first_address; /* id of the first customer's billing address */
};

struct bulk_line {
	const struct bulk_item *item;
	int64_t quantity; /* hundredths */
	int64_t amount;
	bool taxed;
};

struct bulk_row {
	const struct bulk_rate *rate;
	int64_t base, tax;
};

/* An invoice's amounts. */
struct bulk_sheet {
	struct bulk_line lines[BULK_LINES_MAX];
	struct bulk_row rows[BULK_RATES_MAX];
	int line_count, row_count;
	int64_t subtotal, total;
};

struct bulk_settled {
	const struct record *invoice;
	int64_t open, cents; /* open before the payment, and paid by it */
	int64_t number;
};

void bulk_words_init(struct bulk_words *words, struct sample *sample);
void bulk_words_clear(struct bulk_words *words);

void bulk_sheet_make(const struct bulk_words *words, uint64_t seed, const struct record *customer,
		     struct bulk_sheet *ret_sheet);
void bulk_invoice_text(const struct bulk_words *words, const struct record *invoice,
		       const struct record *customer, uint64_t seed, int64_t number,
		       struct str *out);
void bulk_payment_text(const struct bulk_words *words, const struct record *payment,
		       const struct record *customer, const struct bulk_settled *settled,
		       size_t count, int64_t left, struct str *out);
void bulk_customer_text(const struct bulk_words *words, const struct record *customer, uint64_t i,
			struct str *out);

#endif
