/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger's own reports: read as they come, kept as they are, and taken apart beside what the mirror posts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "reconcile/round.h"

/* What is read before and after the lists: where both are the same, nothing moved in between. */
static const enum report totals[] = { REPORT_TRIAL_BALANCE, REPORT_RECEIVABLES };

static void add_args(const struct report_wish *wish, char *out, size_t size)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	char from[DATE_TEXT_MAX], to[DATE_TEXT_MAX];

	str_addf(&text, "{\"from\":\"%s\",\"to\":\"%s\",\"basis\":\"accrual\"", date_format(wish->from, from), date_format(wish->to, to));
	if (wish->account) {
		str_add(&text, ",\"account\":");
		str_add_json(&text, wish->account, strlen(wish->account));
	}
	str_add_char(&text, '}');
	snprintf(out, size, "%s", text.text);
}

/* Ask for a report, keep it; NULL: round->error. Valid until the next one is asked for. */
static struct reading *ask(struct round *round, const struct report_wish *asked, int reading)
{
	struct report_wish whole = *asked, *wish = &whole;
	AUTO(page_clear) struct page page;
	struct reading *kept;
	struct digest digest;

	page_init(&page);
	wish->currencies = round->planner.company.currencies;
	round_tell(round, report_title(wish->report), 0, -1);
	if (!sync_report(round->sync, round->planner.account.id, wish, round->wish->cancel, &page, &round->error)) {
		error_prefix(&round->error, "cannot read the ledger's %s", report_title(wish->report));
		return NULL;
	}
	memory_grow(&round->readings, &round->reading_room, round->reading_count + 1, sizeof(*round->readings));
	kept = &round->readings[round->reading_count++];
	*kept = (struct reading){ .wish = *wish, .len = page.body.len };
	kept->row = (struct session_report){ .reading = reading, .read_ms = sync_now(round->sync), .ledger_ms = page.ledger_ms };
	if (wish->account)
		kept->wish.account = text_pool_keep(&round->texts, wish->account);
	snprintf(kept->row.report, sizeof(kept->row.report), "%s", report_word(wish->report));
	snprintf(kept->row.trace_id, sizeof(kept->row.trace_id), "%s", page.trace_id);
	add_args(wish, kept->row.args, sizeof(kept->row.args));
	digest = digest_sha256(page.body.text, page.body.len);
	digest_hex(&digest, kept->row.digest);
	kept->raw = str_take(&page.body);
	return kept;
}

static bool read_rows(struct round *round, const struct reading *reading, struct report_head *head,
		      bool (*each)(void *ctx, const struct report_row *row), void *ctx)
{
	return round->books_of->rows(&round->desk, &reading->wish, reading->raw, reading->len, head, each, ctx, &round->error);
}

/* ---- totals, twice */

static struct report_wish wish_of(const struct round *round, enum report report)
{
	return (struct report_wish){ .report = report, .from = round->wish->from, .to = round->wish->to };
}

bool reports_read(struct round *round, int reading)
{
	for (size_t i = 0; i < ARRAY_LEN(totals); i++) {
		struct report_wish wish = wish_of(round, totals[i]);

		if (round->books_of->has(&round->desk, totals[i]) && !ask(round, &wish, reading))
			return false;
	}
	return true;
}

struct folding {
	struct str text;             /* owned: what the rows say, whatever time it is */
};

static bool fold_row(void *ctx, const struct report_row *row)
{
	struct folding *folding = ctx;
	char amount[DECIMAL_TEXT_MAX];

	str_addf(&folding->text, "%d|%s|%s|%s\n", (int)row->kind, row->account, row->party,
		 row->has_amount ? decimal_format(decimal_trim(row->amount), amount) : "");
	return true;
}

static bool same_rows(struct round *round, const struct reading *one, const struct reading *other)
{
	struct folding first = { .text = STR_INIT(STR_NO_LIMIT) }, second = { .text = STR_INIT(STR_NO_LIMIT) };
	struct report_head head;
	bool same;

	same = read_rows(round, one, &head, fold_row, &first) && read_rows(round, other, &head, fold_row, &second) &&
	       strcmp(first.text.text, second.text.text) == 0;
	str_clear(&first.text);
	str_clear(&second.text);
	return same;
}

static const struct reading *find_reading(const struct round *round, enum report report, int reading)
{
	for (size_t i = 0; i < round->reading_count; i++)
		if (round->readings[i].wish.report == report && round->readings[i].row.reading == reading)
			return &round->readings[i];
	return NULL;
}

bool reports_agree(struct round *round)
{
	for (size_t i = 0; i < ARRAY_LEN(totals); i++) {
		const struct reading *one = find_reading(round, totals[i], 1), *other = find_reading(round, totals[i], 2);

		if (one && other && !same_rows(round, one, other))
			return false;
	}
	return round->error.code == ERROR_NONE;
}

void reports_clear(struct round *round)
{
	for (size_t i = 0; i < round->reading_count; i++)
		free(round->readings[i].raw);
	free(round->readings);
	round->readings = NULL;
	round->reading_count = round->reading_room = 0;
}

/* ---- rows into the books */

static bool take_balance(void *ctx, const struct report_row *row)
{
	struct round *round = ctx;
	struct book_account *account;
	uint32_t place;

	if (row->kind == ROW_TOTAL)
		return true;
	place = books_account(round, row->account, *row->account ? CLASS_UNKNOWN : CLASS_RETAINED);
	account = &round->books.accounts[place];
	if (!*account->facts.name)
		snprintf(account->facts.name, sizeof(account->facts.name), "%s", row->account_name);
	account->ledger_balance += row->has_amount ? round_millionths(row->amount) : 0;
	return true;
}

static bool take_earlier(void *ctx, const struct report_row *row)
{
	struct round *round = ctx;
	struct book_posting *posting;
	uint32_t account;

	if (row->kind != ROW_DATA || !row->has_amount)
		return true;
	account = books_account(round, row->account, CLASS_UNKNOWN);
	posting = books_posting(round, row->type, row->id, account);
	if (!*row->id) {
		posting->known = false;
		posting->why = "the ledger posts it by itself, without a record";
		round->books.accounts[account].unknown = true;
	}
	posting->ledger += round_millionths(row->amount);
	if (!*posting->number && *row->number)
		posting->number = text_pool_keep(&round->texts, row->number);
	if (row->has_date && !posting->in_mirror)
		posting->date = row->date;
	return true;
}

static bool take_posting(void *ctx, const struct report_row *row)
{
	struct round *round = ctx;
	uint32_t account;

	if (row->kind != ROW_DATA || !row->has_amount)
		return true;
	account = books_account(round, row->account, CLASS_UNKNOWN);
	round->books.accounts[account].ledger_movement += round_millionths(row->amount);
	return take_earlier(ctx, row);
}

/* Estimates, orders and the like stand in the list, too. */
static bool posts(const struct round *round, const char *type)
{
	for (const char *const *name = round->books_of->types; *name; name++)
		if (strcmp(*name, type) == 0)
			return true;
	return false;
}

static bool take_transaction(void *ctx, const struct report_row *row)
{
	struct round *round = ctx;
	void **place;
	struct type_sum *sum;

	if (row->kind != ROW_DATA || !*row->id || !posts(round, row->type))
		return true;
	place = map_place(&round->books.types, row->type, strlen(row->type));
	sum = *place ? *place : memory_new(sizeof(*sum));
	*place = sum;
	snprintf(sum->type, sizeof(sum->type), "%s", row->type);
	sum->ledger_count++;
	if (row->has_amount && !books_is_foreign(round, row->type, row->id))
		sum->ledger += round_millionths(row->amount);
	return true;
}

static bool take_ageing(void *ctx, const struct report_row *row)
{
	struct round *round = ctx;
	struct party_sum *party;

	if (row->kind != ROW_DATA)
		return true;
	party = books_party(round, row->party);
	if (!*party->name)
		snprintf(party->name, sizeof(party->name), "%s", row->party_name);
	party->ledger += row->has_amount ? round_millionths(row->amount) : 0;
	party->in_ageing = true;
	return true;
}

static bool take_party_balance(void *ctx, const struct report_row *row)
{
	struct round *round = ctx;
	struct party_sum *party;

	if (row->kind != ROW_DATA)
		return true;
	party = books_party(round, row->party);
	party->balance += row->has_amount ? round_millionths(row->amount) : 0;
	party->in_balance = true;
	return true;
}

static bool take_tax(void *ctx, const struct report_row *row)
{
	struct round *round = ctx;

	if (row->kind == ROW_DATA && row->has_amount)
		round->books.ledger_tax += round_millionths(row->amount);
	return true;
}

/* What customers owe in other currencies. */
static bool take_open(void *ctx, const struct report_row *row)
{
	struct round *round = ctx;
	struct party_sum *party;

	if (row->kind != ROW_DATA || !row->has_foreign)
		return true;
	round->books.open_known = true;
	if (!*row->currency || strcmp(row->currency, round->planner.company.home) == 0)
		return true;
	party = books_party(round, row->party);
	snprintf(party->currency, sizeof(party->currency), "%.3s", row->currency);
	party->ledger_foreign += round_millionths(row->foreign);
	return true;
}

static bool pass_row(void *ctx, const struct report_row *row)
{
	(void)ctx;
	(void)row;
	return true;
}

static const struct {
	enum report report;
	bool (*take)(void *ctx, const struct report_row *row);
	bool by_days;                /* it can be asked for in parts */
	bool of_many;                /* only of books in several currencies, and where it is not too much for one answer */
} details[] = {
	{ REPORT_GENERAL_LEDGER, take_posting, .by_days = true },
	{ REPORT_TRANSACTIONS, take_transaction, .by_days = true },
	{ REPORT_CUSTOMER_BALANCE, take_party_balance, .by_days = false },
	{ REPORT_RECEIVABLES_DETAIL, take_open, .of_many = true },
	{ REPORT_TAX, take_tax, .by_days = false },
};

/* Columns of several currencies are of few ledgers; one that has none of them is tied to without. */
static bool forgive(struct round *round)
{
	if (!round->planner.company.currencies || (round->error.code != ERROR_REMOTE && round->error.code != ERROR_INPUT))
		return false;
	log_warn("reconcile", "%s: nothing is tied in other currencies: %s", round->planner.account.id, round->error.text);
	error_clear(&round->error);
	return true;
}

/* What does not fit into one answer is asked for in halves. */
static bool read_detail(struct round *round, size_t detail, struct date from, struct date to)
{
	struct report_wish wish = { .report = details[detail].report, .from = from, .to = to };
	struct date middle = { from.day + (to.day - from.day) / 2 }, next = { middle.day + 1 };
	const struct reading *reading = ask(round, &wish, 1);
	struct report_head head;

	if (!reading)
		return details[detail].of_many && forgive(round);
	if (!read_rows(round, reading, &head, pass_row, NULL))
		return false;
	if (!head.cut)
		return true;
	if (!details[detail].of_many && (!details[detail].by_days || from.day >= to.day))
		return error_set(&round->error, ERROR_LIMIT, "the ledger's %s of %d day%s is more than it shows in one report",
				 report_title(wish.report), to.day - from.day + 1, from.day == to.day ? "" : "s");
	/* A part that does not show all is no evidence. */
	round->reading_count--;
	free(round->readings[round->reading_count].raw);
	return details[detail].of_many || (read_detail(round, detail, from, middle) && read_detail(round, detail, next, to));
}

bool reports_detail(struct round *round)
{
	for (size_t i = 0; i < ARRAY_LEN(details); i++)
		if ((!details[i].of_many || round->planner.company.currencies) && round->books_of->has(&round->desk, details[i].report) &&
		    !read_detail(round, i, round->wish->from, round->wish->to))
			return false;
	return true;
}

bool reports_take(struct round *round)
{
	struct report_head head;

	for (size_t i = 0; i < round->reading_count; i++) {
		const struct reading *reading = &round->readings[i];
		bool (*take)(void *ctx, const struct report_row *row) = NULL;

		if (reading->row.reading == 2 && reading->wish.report == REPORT_TRIAL_BALANCE)
			take = take_balance;
		else if (reading->row.reading == 2 && reading->wish.report == REPORT_RECEIVABLES)
			take = take_ageing;
		for (size_t k = 0; k < ARRAY_LEN(details); k++)
			if (reading->row.reading == 1 && reading->wish.report == details[k].report)
				take = details[k].take;
		if (take && !read_rows(round, reading, &head, take, round))
			return false;
	}
	return true;
}

bool reports_balance(struct round *round, struct date date, bool (*each)(void *ctx, const struct report_row *row), void *ctx)
{
	struct report_wish wish = { .report = REPORT_TRIAL_BALANCE, .from = date, .to = date };
	const struct reading *reading = ask(round, &wish, 3);
	struct report_head head;

	round->calls++;
	return reading && read_rows(round, reading, &head, each, ctx);
}

/* The receivables' open documents, one by one, when a customer's sum does not tie. */
bool reports_open(struct round *round, bool (*each)(void *ctx, const struct report_row *row), void *ctx)
{
	struct report_wish wish = wish_of(round, REPORT_RECEIVABLES_DETAIL);
	const struct reading *reading = find_reading(round, REPORT_RECEIVABLES_DETAIL, 1);
	struct report_head head;

	if (!reading) {
		round->calls++;
		reading = ask(round, &wish, 3);
	}
	return reading ? read_rows(round, reading, &head, each, ctx) : forgive(round);
}

bool reports_account(struct round *round, const char *account, struct date from, struct date to)
{
	struct report_wish wish = { .report = REPORT_GENERAL_LEDGER, .from = from, .to = to, .account = account };
	const struct reading *reading = ask(round, &wish, 3);
	struct report_head head;

	round->calls++;
	return reading && read_rows(round, reading, &head, take_earlier, round);
}
