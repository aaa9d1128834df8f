/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the sample share: sample.c, sample_list.c, sample_party.c, sample_ledger.c. */
#ifndef XLEDGER_SAMPLE_IMPL_H
#define XLEDGER_SAMPLE_IMPL_H

#include "ledgerdeck/core/random.h"

#include "xledger/ledger.h"

#define XL_SAMPLE_DAYS 730

struct xl_sample {
	struct xl_entity *entity;
	struct random random;
	int64_t start_ms, end_ms; /* of what the books tell of */
	int64_t customers, suppliers, employees, projects, timesheets, invoices, bills;
	const struct xl_record *norway, *krone;
};

/* The tables in order of their dbIds; all are there once their maker is done. */
size_t xl_sample_count(const struct xl_sample *sample, const char *type);
struct xl_record *xl_sample_pick(struct xl_sample *sample, const char *type, uint64_t seed);
uint64_t xl_sample_chance(struct xl_sample *sample, uint64_t limit);
/* The time of the i-th of n things, evenly from start to end, in whole seconds. */
int64_t xl_sample_ms(const struct xl_sample *sample, int64_t i, int64_t n);
/* Mostly the entity itself, now and then one below it. */
int64_t xl_sample_owner(const struct xl_sample *sample, int64_t i);

const char *xl_sample_first_name(struct xl_sample *sample, bool woman);
const char *xl_sample_last_name(struct xl_sample *sample);
/* Fills `out`, 120 bytes, with a company's name; `i` makes it differ from others. */
const char *xl_sample_company_name(struct xl_sample *sample, int64_t i, char *out);
struct xl_maker xl_sample_address(struct xl_sample *sample);
/* Nine digits with a check digit, as Norwegian companies have. */
const char *xl_sample_company_number(struct xl_sample *sample, char *out);

void xl_sample_lists(struct xl_sample *sample);   /* owners, currencies, definitions, accounts, tax rules */
void xl_sample_parties(struct xl_sample *sample); /* companies, customers, suppliers, employees */
void xl_sample_work(struct xl_sample *sample);    /* products, projects, timesheets */
void xl_sample_vouchers(struct xl_sample *sample);

#endif
