/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The mirror's sums against the ledger's reports. What does not tie is traced: within the period by the general ledger, before
 * it by trial balances of month ends, to the first month that is off, then by that month's general ledger, until the records
 * are named that explain it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "reconcile/round.h"

#define NARROW_ACCOUNTS_MAX 10 /* of one month */
#define NAMED_MAX 5            /* records named in a tie's detail */
#define ROUNDING 10000         /* one minor unit, in millionths */
#define LINES_ROUNDED 5        /* of one record on one account */

struct session_tie *round_tie(struct round *round, enum tie tie, const char *key, const char *name, int64_t mirror, int64_t ledger)
{
	struct session_tie *one;

	memory_grow(&round->ties, &round->tie_room, round->tie_count + 1, sizeof(*round->ties));
	one = &round->ties[round->tie_count++];
	*one = (struct session_tie){ .tie = tie, .mirror = mirror, .ledger = ledger, .equal = mirror == ledger, .detail = "" };
	snprintf(one->key, sizeof(one->key), "%s", key);
	snprintf(one->name, sizeof(one->name), "%s", name);
	snprintf(one->currency, sizeof(one->currency), "%s", round->planner.company.home);
	return one;
}

/* ---- what the ledger has otherwise */

static void suspect(struct round *round, const struct book_posting *posting)
{
	/* What the record doesn't say, reading it again won't tell. */
	if (!posting->known || !*posting->id || round->suspect_count == ROUND_REREAD_MAX)
		return;
	for (size_t i = 0; i < round->suspect_count; i++)
		if (strcmp(round->suspects[i].type, posting->type) == 0 && strcmp(round->suspects[i].id, posting->id) == 0)
			return;
	memory_grow(&round->suspects, &round->suspect_room, round->suspect_count + 1, sizeof(*round->suspects));
	round->suspects[round->suspect_count++] = (struct suspect){ .type = posting->type, .id = posting->id, .was_missing = !posting->in_mirror };
}

static int by_transaction(const void *a, const void *b)
{
	const struct book_posting *const *x = a, *const *y = b;
	int order = strcmp((*x)->type, (*y)->type);

	if (order)
		return order;
	order = strcmp((*x)->id, (*y)->id);
	return order ? order : (*x)->account < (*y)->account ? -1 : (*x)->account > (*y)->account;
}

/* Postings that both sides don't have alike, a transaction's together. Owned. */
static struct book_posting **differing(const struct round *round, size_t *ret_count)
{
	struct book_posting **list = NULL, *posting;
	const struct map_entry *entry;
	size_t count = 0, room = 0, at = 0;

	while ((entry = map_each(&round->books.postings, &at))) {
		posting = entry->value;
		if (posting->mirror == posting->ledger)
			continue;
		memory_grow(&list, &room, count + 1, sizeof(*list));
		list[count++] = posting;
	}
	if (count > 0)
		qsort(list, count, sizeof(*list), by_transaction);
	*ret_count = count;
	return list;
}

static void suspect_all(struct round *round)
{
	size_t count;
	AUTO(memory_freep) struct book_posting **list = differing(round, &count);

	for (size_t i = 0; i < count; i++)
		suspect(round, list[i]);
}

/* ---- before the period */

struct balance_look {
	struct round *round;
	struct date date;
	int64_t *ledger;             /* owned: by account, as many as there were */
	size_t count;
};

static bool note_balance(void *ctx, const struct report_row *row)
{
	struct balance_look *look = ctx;
	uint32_t account;

	if (row->kind == ROW_TOTAL || !row->has_amount)
		return true;
	account = books_account(look->round, row->account, *row->account ? CLASS_UNKNOWN : CLASS_RETAINED);
	if (account >= look->count) {
		look->ledger = memory_resize(look->ledger, (account + 1) * sizeof(*look->ledger));
		memset(look->ledger + look->count, 0, (account + 1 - look->count) * sizeof(*look->ledger));
		look->count = account + 1;
	}
	look->ledger[account] += round_millionths(row->amount);
	return true;
}

/* What each account is off at the end of a day, the corrections included. Owned; false: round->error. */
static bool look_at(struct round *round, struct date date, int64_t **ret_off, bool *ret_any)
{
	struct balance_look look = { .round = round, .date = date };
	int64_t *off;

	*ret_any = false;
	look.count = round->books.account_count;
	look.ledger = memory_new((look.count + 1) * sizeof(*look.ledger));
	if (!reports_balance(round, date, note_balance, &look)) {
		free(look.ledger);
		return false;
	}
	off = memory_new((round->books.account_count + 1) * sizeof(*off));
	for (uint32_t i = 0; i < round->books.account_count; i++) {
		off[i] = (i < look.count ? look.ledger[i] : 0) - books_balance(round, i, date);
		*ret_any = *ret_any || off[i] != 0;
	}
	free(look.ledger);
	*ret_off = off;
	return true;
}

static struct date month_end(int index)
{
	struct date next = date_of(index / 12, index % 12 + 2, 1);

	return (struct date){ next.day - 1 };
}

static int month_index(struct date date)
{
	struct calendar calendar = date_calendar(date);

	return calendar.year * 12 + calendar.month - 1;
}

static int first_month(const struct round *round)
{
	int32_t first = round->wish->from.day;

	for (size_t i = 0; i < round->books.day_count; i++)
		if (round->books.days[i].day < first)
			first = round->books.days[i].day;
	return month_index((struct date){ first });
}

/* The postings of one account in one month, on both sides; true: some differ, which now count as explained. */
static bool trace_account(struct round *round, uint32_t account, struct date from, struct date to)
{
	char id[RECORD_ID_MAX];
	bool found = false;
	size_t count;

	snprintf(id, sizeof(id), "%s", round->books.accounts[account].id);
	/* Once: the postings of a month that were noted would count again, and tell nothing new. */
	if (!*id || round->books.accounts[account].traced_day == from.day)
		return false;
	round->books.accounts[account].traced_day = from.day;
	if (!sides_narrow(round, account, from, to) || !reports_account(round, id, from, to))
		return false;
	{
		AUTO(memory_freep) struct book_posting **list = differing(round, &count);

		for (size_t i = 0; i < count; i++) {
			if (list[i]->account != account || list[i]->date.day < from.day || list[i]->date.day > to.day)
				continue;
			books_correct(round, account, list[i]->date, list[i]->ledger - list[i]->mirror);
			suspect(round, list[i]);
			found = true;
		}
	}
	return found;
}

/* The first month at whose end an account is off; -1: none before `last` is. False: round->error. */
static bool find_month(struct round *round, int first, int last, struct date end, int *ret_month)
{
	int64_t *off = NULL;
	bool any;

	if (!look_at(round, end, &off, &any))
		return false;
	free(off);
	*ret_month = -1;
	if (!any)
		return true;
	while (first < last && round->calls < ROUND_CALLS_MAX) {
		int middle = first + (last - first) / 2;

		if (!look_at(round, month_end(middle), &off, &any))
			return false;
		free(off);
		if (any)
			last = middle;
		else
			first = middle + 1;
	}
	*ret_month = first < last ? -1 : last;
	return true;
}

static bool trace_month(struct round *round, int month, struct date end, bool *ret_found)
{
	struct date from = { month_end(month - 1).day + 1 }, to = month_end(month);
	int64_t *off = NULL;
	size_t accounts = round->books.account_count, traced = 0;
	bool any;

	*ret_found = false;
	if (to.day > end.day)
		to = end;
	if (!look_at(round, to, &off, &any))
		return false;
	for (uint32_t i = 0; i < accounts && traced < NARROW_ACCOUNTS_MAX && round_goes_on(round); i++) {
		if (off[i] == 0 || round->books.accounts[i].traced_day == from.day)
			continue;
		traced++;
		*ret_found = trace_account(round, i, from, to) || *ret_found;
	}
	free(off);
	return round_goes_on(round);
}

static bool trace_earlier(struct round *round)
{
	struct date end = { round->wish->from.day - 1 };
	int first = first_month(round), month;
	bool found = true;

	while (found && round->calls < ROUND_CALLS_MAX) {
		if (!find_month(round, first, month_index(end), end, &month))
			return false;
		if (month < 0)
			return true;
		if (!trace_month(round, month, end, &found))
			return false;
		first = month;
	}
	return true;
}

/* Differences of the period count as explained, too: they are named. */
static void correct_period(struct round *round)
{
	size_t count;
	AUTO(memory_freep) struct book_posting **list = differing(round, &count);

	for (size_t i = 0; i < count; i++)
		if (round_inside(round, list[i]->date))
			books_correct(round, list[i]->account, list[i]->date, list[i]->ledger - list[i]->mirror);
}

bool ties_suspects(struct round *round)
{
	suspect_all(round);
	if (!trace_earlier(round))
		return false;
	correct_period(round);
	for (uint32_t i = 0; i < round->books.account_count; i++)
		round->books.accounts[i].narrowed = books_balance(round, i, round->wish->to) == round->books.accounts[i].ledger_balance;
	return true;
}

/* ---- ties */

static const char *account_name(const struct book_account *account)
{
	return *account->facts.name ? account->facts.name : *account->id ? account->id : account_class_word(account->facts.class);
}

/* No more than one minor unit for each posting that was converted. */
static bool is_rounded(const struct book_account *account, int64_t off)
{
	return off != 0 && off >= -account->foreign * ROUNDING && off <= account->foreign * ROUNDING;
}

/* Records that explain what an account is off, as a tie's detail: out of all postings that differ. */
static const char *name_records(struct round *round, uint32_t account, int64_t off, struct book_posting *const *list, size_t count)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	char digits[DECIMAL_TEXT_MAX];
	size_t named = 0;

	str_add(&out, "{\"records\":[");
	for (size_t i = 0; i < count && named < NAMED_MAX; i++) {
		if (list[i]->account != account)
			continue;
		str_addf(&out, "%s{\"type\":", named++ ? "," : "");
		str_add_json(&out, list[i]->type, strlen(list[i]->type));
		str_add(&out, ",\"id\":");
		str_add_json(&out, list[i]->id, strlen(list[i]->id));
		str_addf(&out, ",\"difference\":%s}", decimal_format_money(list[i]->ledger - list[i]->mirror, digits));
	}
	str_addf(&out, "],\"traced\":%s,\"rounding\":%s}", round->books.accounts[account].narrowed ? "true" : "false",
		 is_rounded(&round->books.accounts[account], off) ? "true" : "false");
	return text_pool_keep(&round->texts, out.text);
}

static void except_account(struct round *round, const struct book_account *account)
{
	enum exception_reason reason = account->unknown ? EXCEPTION_UNKNOWN : EXCEPTION_TIE;
	struct session_exception *exception = round_except(round, reason, "account", *account->id ? account->id : account_name(account));
	char ours[DECIMAL_TEXT_MAX], theirs[DECIMAL_TEXT_MAX];

	exception->amount = account->ledger_balance - account->balance;
	snprintf(exception->currency, sizeof(exception->currency), "%s", round->planner.company.home);
	snprintf(exception->text, sizeof(exception->text), "%.80s: the ledger has %s, what is mirrored makes %s%s", account_name(account),
		 decimal_format_money(account->ledger_balance, theirs), decimal_format_money(account->balance, ours),
		 account->unknown ? "; not all that is posted to it can be told from the records" : "; no record was found that explains it");
	if (account->unknown)
		snprintf(exception->cause, sizeof(exception->cause), "what records post to %.80s can't be told", account_name(account));
}

static void except_zero(struct round *round, int64_t sum)
{
	struct session_exception *exception = round_except(round, EXCEPTION_TIE, "trial-balance", "zero");

	exception->amount = sum;
	snprintf(exception->currency, sizeof(exception->currency), "%s", round->planner.company.home);
	snprintf(exception->text, sizeof(exception->text), "the ledger's trial balance does not sum to zero");
}

static void tie_accounts(struct round *round)
{
	size_t count;
	AUTO(memory_freep) struct book_posting **list = differing(round, &count);
	int64_t sum = 0;
	bool off;

	for (uint32_t i = 0; i < round->books.account_count; i++) {
		struct book_account *account = &round->books.accounts[i];
		struct session_tie *tie;

		sum += account->ledger_balance;
		if (account->balance != 0 || account->ledger_balance != 0) {
			tie = round_tie(round, TIE_ACCOUNT, account->id, account_name(account), account->balance, account->ledger_balance);
			if (!tie->equal)
				tie->detail = name_records(round, i, tie->ledger - tie->mirror, list, count);
		}
		if (account->movement != 0 || account->ledger_movement != 0) {
			tie = round_tie(round, TIE_MOVEMENT, account->id, account_name(account), account->movement, account->ledger_movement);
			if (!tie->equal)
				tie->detail = name_records(round, i, tie->ledger - tie->mirror, list, count);
		}
		off = account->balance != account->ledger_balance;
		if (off && (!account->narrowed || account->unknown) && !is_rounded(account, account->ledger_balance - account->balance))
			except_account(round, account);
	}
	round_tie(round, TIE_ZERO, "", "all accounts", 0, sum);
	if (sum != 0)
		except_zero(round, sum);
}

/* ---- records that are not as the ledger has them */

/* A minor unit for each of some lines on an account: how the ledger rounds what it converts is its own. */
static bool is_rounding(const struct round *round, const struct book_posting *posting)
{
	int64_t off = posting->ledger - posting->mirror;

	return posting->in_mirror && llabs(off) <= LINES_ROUNDED * ROUNDING && books_is_foreign(round, posting->type, posting->id);
}

/* What is told of the accounts as a whole, or is no difference, is not told of each transaction. */
static bool is_told(const struct round *round, const struct book_posting *posting)
{
	return !posting->known || is_rounding(round, posting);
}

static void except_transaction(struct round *round, struct book_posting *const *postings, size_t count)
{
	const struct book_posting *one = NULL;
	struct session_exception *exception;
	char ours[DECIMAL_TEXT_MAX], theirs[DECIMAL_TEXT_MAX];

	/* The largest of its differences; all of them sum to nothing. */
	for (size_t i = 0; i < count; i++)
		if (!is_told(round, postings[i]) && (!one || llabs(postings[i]->ledger - postings[i]->mirror) > llabs(one->ledger - one->mirror)))
			one = postings[i];
	if (!one)
		return;
	exception = round_except(round, EXCEPTION_TIE, one->type, one->id);
	exception->amount = one->ledger - one->mirror;
	exception->has_date = true;
	exception->date = one->date;
	snprintf(exception->currency, sizeof(exception->currency), "%s", round->planner.company.home);
	snprintf(exception->record, sizeof(exception->record), "%s", one->id);
	snprintf(exception->text, sizeof(exception->text), "%s %s: on %.60s the ledger has %s, the mirror %s%s", one->type, one->id,
		 account_name(&round->books.accounts[one->account]), decimal_format_money(one->ledger, theirs),
		 decimal_format_money(one->mirror, ours), one->in_mirror ? "" : " (its record is not mirrored)");
}

static void except_transactions(struct round *round)
{
	size_t count, first = 0;
	AUTO(memory_freep) struct book_posting **list = differing(round, &count);

	for (size_t i = 1; i <= count; i++) {
		if (i < count && strcmp(list[i]->type, list[first]->type) == 0 && strcmp(list[i]->id, list[first]->id) == 0)
			continue;
		except_transaction(round, list + first, i - first);
		first = i;
	}
}

/* Found to be stale, read again, right now: told, counted against the engine, and closed. */
static void tell_healed(struct round *round)
{
	for (size_t i = 0; i < round->suspect_count; i++) {
		const struct suspect *suspect = &round->suspects[i];
		struct session_exception *exception;

		if (!suspect->healed)
			continue;
		exception = round_except(round, EXCEPTION_ENGINE, suspect->type, suspect->id);
		exception->state = EXCEPTION_CLOSED;
		snprintf(exception->currency, sizeof(exception->currency), "%s", round->planner.company.home);
		snprintf(exception->record, sizeof(exception->record), "%s", suspect->id);
		snprintf(exception->who, sizeof(exception->who), "engine");
		snprintf(exception->text, sizeof(exception->text), "%s %s %s; it was read again, and is right now", suspect->type, suspect->id,
			 suspect->was_missing ? "was not mirrored" : "was mirrored otherwise than the ledger has it");
	}
}

/* ---- customers */

static int by_party(const void *a, const void *b)
{
	const struct party_sum *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

static struct party_sum **parties_of(const struct round *round, size_t *ret_count)
{
	struct party_sum **list = memory_new((round->books.parties.count + 1) * sizeof(struct party_sum *));
	const struct map_entry *entry;
	size_t at = 0;

	*ret_count = 0;
	while ((entry = map_each(&round->books.parties, &at)))
		list[(*ret_count)++] = entry->value;
	qsort(list, *ret_count, sizeof(struct party_sum *), by_party);
	return list;
}

struct tracing {
	struct round *round;
	int64_t traced;              /* of what is off in the home currency */
};

static struct session_exception *except_open(struct round *round, enum exception_reason reason, const struct report_row *row, int64_t off,
					     const char *currency)
{
	struct session_exception *exception = round_except(round, reason, row->type, row->id);

	exception->amount = off;
	snprintf(exception->record, sizeof(exception->record), "%s", row->id);
	snprintf(exception->currency, sizeof(exception->currency), "%s", currency);
	return exception;
}

/* Of another amount in the document's own currency, or of the same at another rate. */
static void trace_open(struct round *round, const struct report_row *row, const struct open_sum *ours)
{
	const char *home = round->planner.company.home, *currency = row->has_foreign ? row->currency : home;
	int64_t theirs = round_millionths(row->has_foreign ? row->foreign : row->open), kept = row->has_foreign ? ours->foreign : ours->home;
	char first[DECIMAL_TEXT_MAX], second[DECIMAL_TEXT_MAX], third[DECIMAL_TEXT_MAX];
	struct session_exception *exception;

	decimal_format_money(theirs, first);
	if (theirs != kept) {
		exception = except_open(round, EXCEPTION_APPLIED, row, theirs - kept, currency);
		snprintf(exception->text, sizeof(exception->text), "%s %s: the ledger's ageing has %s %s open, what is mirrored leaves %s",
			 row->type, row->id, first, currency, decimal_format_money(kept, second));
		return;
	}
	theirs = round_millionths(row->open);
	exception = except_open(round, EXCEPTION_CURRENCY, row, theirs - ours->home, home);
	snprintf(exception->text, sizeof(exception->text), "%s %s: %s %s are open on both sides, which the ledger's ageing takes for %s %s and the "
		 "mirror for %s: another rate", row->type, row->id, first, currency, decimal_format_money(theirs, second), home,
		 decimal_format_money(ours->home, third));
}

static bool take_open(void *ctx, const struct report_row *row)
{
	static const struct open_sum nothing;
	struct tracing *tracing = ctx;
	struct round *round = tracing->round;
	bool foreign = books_is_foreign(round, row->type, row->id);
	const struct open_sum *ours;
	int64_t off;

	/* Without its own currency nothing can be told of a foreign one. */
	if (row->kind != ROW_DATA || !*row->id || (foreign && !row->has_foreign))
		return true;
	ours = books_open(round, row->type, row->id);
	if (!ours)
		ours = &nothing;
	off = round_millionths(row->open) - ours->home;
	if ((!row->has_foreign || round_millionths(row->foreign) == ours->foreign) &&
	    llabs(off) <= (foreign ? (int64_t)(ours->settled + 1) * ROUNDING : 0))
		return true;
	tracing->traced += off;
	trace_open(round, row, ours);
	return true;
}

static void except_party(struct round *round, const struct party_sum *party)
{
	struct session_exception *exception = round_except(round, EXCEPTION_TIE, "customer", party->id);
	char ours[DECIMAL_TEXT_MAX], theirs[DECIMAL_TEXT_MAX];

	exception->amount = party->ledger - party->mirror;
	snprintf(exception->currency, sizeof(exception->currency), "%s", round->planner.company.home);
	snprintf(exception->text, sizeof(exception->text), "%.80s: the ledger's ageing has %s open, what is mirrored makes %s",
		 *party->name ? party->name : party->id, decimal_format_money(party->ledger, theirs), decimal_format_money(party->mirror, ours));
}

static int64_t control(const struct round *round)
{
	int64_t sum = 0;

	for (size_t i = 0; i < round->books.account_count; i++)
		if (round->books.accounts[i].facts.class == CLASS_RECEIVABLE)
			sum += round->books.accounts[i].ledger_balance;
	return sum;
}

static struct session_tie *tie_foreign(struct round *round, const struct party_sum *party, const char *name)
{
	struct session_tie *tie = round_tie(round, TIE_RECEIVABLES, party->id, name, party->foreign, party->ledger_foreign);

	snprintf(tie->currency, sizeof(tie->currency), "%s", party->currency);
	return tie;
}

static bool tie_parties(struct round *round)
{
	struct tracing tracing = { .round = round };
	size_t count, off = 0, before = round->exception_count;
	AUTO(memory_freep) struct party_sum **parties = parties_of(round, &count);
	int64_t sum = 0, left = 0;

	for (size_t i = 0; i < count; i++) {
		struct party_sum *party = parties[i];
		bool told = party->mirror != 0 || party->ledger != 0 || party->in_balance || *party->currency;
		const char *name = told && *books_party_name(round, party) ? party->name : party->id;

		sum += party->ledger;
		if (party->mirror != 0 || party->ledger != 0)
			off += !round_tie(round, TIE_RECEIVABLES, party->id, name, party->mirror, party->ledger)->equal;
		if (round->books.open_known && *party->currency)
			off += !tie_foreign(round, party, name)->equal;
		if (party->in_balance)
			round_tie(round, TIE_CUSTOMER, party->id, name, party->mirror, party->balance);
	}
	round_tie(round, TIE_CONTROL, "", "receivables", sum, control(round));
	/* What the general ledger explains already is not told once more. */
	for (size_t i = 0; i < round->books.account_count; i++)
		if (round->books.accounts[i].facts.class == CLASS_RECEIVABLE && round->books.accounts[i].balance != round->books.accounts[i].ledger_balance)
			return true;
	if (off == 0)
		return true;
	if (round->books_of->has(&round->desk, REPORT_RECEIVABLES_DETAIL) &&
	    (!sides_open(round) || !reports_open(round, take_open, &tracing)))
		return false;
	for (size_t i = 0; i < count; i++)
		left += parties[i]->ledger - parties[i]->mirror;
	for (size_t i = 0; i < count && (round->exception_count == before || tracing.traced != left); i++)
		if (parties[i]->mirror != parties[i]->ledger)
			except_party(round, parties[i]);
	return true;
}

/* ---- transactions by type, and tax */

static int by_type(const void *a, const void *b)
{
	const struct type_sum *const *x = a, *const *y = b;

	return strcmp((*x)->type, (*y)->type);
}

static void tie_types(struct round *round)
{
	AUTO(memory_freep) struct type_sum **list = memory_new((round->books.types.count + 1) * sizeof(struct type_sum *));
	const struct map_entry *entry;
	size_t at = 0, count = 0;
	char name[100];

	while ((entry = map_each(&round->books.types, &at)))
		list[count++] = entry->value;
	qsort(list, count, sizeof(struct type_sum *), by_type);
	for (size_t i = 0; i < count; i++) {
		struct session_tie *tie;

		snprintf(name, sizeof(name), "%s: %" PRId64 " mirrored, %" PRId64 " in the ledger", list[i]->type, list[i]->mirror_count,
			 list[i]->ledger_count);
		tie = round_tie(round, TIE_TRANSACTIONS, list[i]->type, name, list[i]->mirror, list[i]->ledger);
		tie->equal = tie->equal && list[i]->mirror_count == list[i]->ledger_count;
	}
}

static void tie_tax(struct round *round)
{
	int64_t movement = 0;

	if (!round->books_of->has(&round->desk, REPORT_TAX))
		return;
	for (size_t i = 0; i < round->books.account_count; i++)
		if (round->books.accounts[i].facts.class == CLASS_TAX)
			movement -= round->books.accounts[i].movement;
	round_tie(round, TIE_TAX, "", "tax", movement, round->books.ledger_tax);
}

bool ties_run(struct round *round)
{
	tell_healed(round);
	except_transactions(round);
	tie_accounts(round);
	tie_types(round);
	tie_tax(round);
	return tie_parties(round) && round_goes_on(round);
}
