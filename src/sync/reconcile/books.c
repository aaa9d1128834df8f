/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the mirror's records post, summed by ledger account and day, by party, by transaction; and what is open because of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/records.h"
#include "reconcile/round.h"

/* ---- the desk */

static bool desk_get(void *ctx, const char *type, const char *id, struct json_slice *ret_raw)
{
	struct round *round = ctx;
	const struct known *known = plan_record(&round->planner, type, id);

	if (!known || !known->raw)
		return false;
	*ret_raw = plan_slice(known);
	return true;
}

struct finding {
	char id[RECORD_ID_MAX];
	size_t count;
};

static bool found_one(void *ctx, const struct record_row *row)
{
	struct finding *finding = ctx;

	if (finding->count == 0)
		snprintf(finding->id, sizeof(finding->id), "%s", row->id);
	return ++finding->count < 2;
}

/* One condition of a filter: a listed field has that text. False: there is no such field. */
static bool add_condition(const struct type *type, const char *field, const char *text, struct filter *filter)
{
	struct filter_condition *condition = &filter->conditions[filter->count];

	if (filter->count == FILTER_CONDITIONS_MAX)
		return false;
	*condition = (struct filter_condition){ .subject = FILTER_FIELD, .op = FILTER_EQUAL };
	while (condition->field < type->field_count && strcmp(type->fields[condition->field].name, field) != 0)
		condition->field++;
	if (condition->field == type->field_count)
		return false;
	snprintf(condition->text, sizeof(condition->text), "%s", text);
	condition->value = (struct cell){ .kind = CELL_TEXT, .text = condition->text, .len = strlen(condition->text) };
	filter->count++;
	return true;
}

static bool look_for(struct round *round, const char *type_name, const char *const *words, struct finding *finding)
{
	const struct type *type = catalogue_find(round->catalogue, round->planner.provider->name, type_name);
	const struct object *object = type ? plan_object(&round->planner, type_name) : NULL;
	struct record_query query = { .type = type, .order = RECORD_BY_ID, .limit = 2 };
	AUTO(memory_freep) struct filter *filter = memory_new(sizeof(*filter));

	if (!object)
		return true;
	for (; words[0] && words[1]; words += 2)
		if (!add_condition(type, words[0], words[1], filter))
			return true;
	query.filter = filter;
	return records_list(round->store, object->no, &query, found_one, finding, &round->error);
}

/* Kept, since it is asked for the same with each record. */
static bool desk_look(void *ctx, const char *type, const char *const *words, char *ret_id)
{
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);
	struct round *round = ctx;
	struct finding finding = { .count = 0 };
	char *known;

	str_add(&key, type);
	for (const char *const *word = words; *word; word++)
		str_addf(&key, "\x1f%s", *word);
	known = map_get(&round->finds, key.text, key.len);
	if (!known) {
		if (round->error.code != ERROR_NONE || !look_for(round, type, words, &finding))
			return false;
		known = memory_copy_text(finding.count == 1 ? finding.id : "");
		*map_place(&round->finds, key.text, key.len) = known;
	}
	snprintf(ret_id, RECORD_ID_MAX, "%s", known);
	return *known != '\0';
}

void books_desk_init(struct round *round)
{
	round->desk = (struct books_desk){ .record = desk_get, .find = desk_look, .ctx = round,
					   .home = round->planner.company.home };
	round->books.fiscal_month = round->books_of->fiscal_month(&round->desk);
}

/* ---- sums */

uint32_t books_account(struct round *round, const char *id, enum account_class class)
{
	struct books *books = &round->books;
	char key[RECORD_ID_MAX + 8];
	size_t len = (size_t)snprintf(key, sizeof(key), "%s/%d", id, *id ? 0 : (int)class);
	void **place = map_place(&books->account_index, key, len);
	struct book_account *account;
	struct json_slice raw;

	if (*place)
		return (uint32_t)((uintptr_t)*place - 1);
	memory_grow(&books->accounts, &books->account_room, books->account_count + 1, sizeof(*books->accounts));
	account = &books->accounts[books->account_count++];
	*account = (struct book_account){ .facts.class = class };
	*place = (void *)(uintptr_t)books->account_count;
	snprintf(account->id, sizeof(account->id), "%s", id);
	if (*id && desk_get(round, round->books_of->account_type, id, &raw))
		round->books_of->account(raw, &account->facts);
	return (uint32_t)(books->account_count - 1);
}

static void add_day(struct books *books, uint32_t account, int32_t day, int64_t amount)
{
	struct { uint32_t account; int32_t day; } key = { account, day };
	void **place = map_place(&books->day_index, &key, sizeof(key));

	if (!*place) {
		memory_grow(&books->days, &books->day_room, books->day_count + 1, sizeof(*books->days));
		books->days[books->day_count++] = (struct day_sum){ .account = account, .day = day };
		*place = (void *)(uintptr_t)books->day_count;
	}
	books->days[(uintptr_t)*place - 1].amount += amount;
}

struct party_sum *books_party(struct round *round, const char *id)
{
	void **place = map_place(&round->books.parties, id, strlen(id));
	struct party_sum *party = *place;

	if (party)
		return party;
	party = memory_new(sizeof(*party));
	*place = party;
	snprintf(party->id, sizeof(party->id), "%s", id);
	return party;
}

/* Read for its name alone: there may be as many customers as documents, and what a planner reads it keeps. */
const char *books_party_name(struct round *round, struct party_sum *party)
{
	const char *type_name = round->books_of->customer_type;
	const struct type *type = catalogue_find(round->catalogue, round->planner.provider->name, type_name);
	const struct object *object = plan_object(&round->planner, type_name);
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT), texts = STR_INIT(STR_NO_LIMIT);
	struct likeness likeness;
	struct record_row row;
	bool found = false;

	if (*party->name || party->named || !*party->id || !object || !type)
		return party->name;
	party->named = true;
	if (!records_get(round->store, object, type, party->id, &row, &raw, &texts, &found, &round->error) || !found)
		return party->name;
	round->planner.push->likeness(type_name, (struct json_slice){ .text = raw.text, .len = raw.len, .kind = JSON_OBJECT }, &likeness);
	snprintf(party->name, sizeof(party->name), "%s", likeness.number);
	return party->name;
}

static size_t posting_key(const char *type, const char *id, uint32_t account, char *out, size_t size)
{
	size_t len = (size_t)snprintf(out, size, "%s %s %u", type, id, account);

	return len < size ? len : size - 1;
}

struct book_posting *books_posting(struct round *round, const char *type, const char *id, uint32_t account)
{
	char key[RECORD_ID_MAX + 100];
	size_t len = posting_key(type, id, account, key, sizeof(key));
	void **place = map_place(&round->books.postings, key, len);
	struct book_posting *posting = *place;

	if (posting)
		return posting;
	posting = memory_new(sizeof(*posting));
	*posting = (struct book_posting){ .type = text_pool_keep(&round->texts, type), .id = text_pool_keep(&round->texts, id), .account = account,
					  .known = true, .number = "", .why = "" };
	*place = posting;
	return posting;
}

static int64_t *sum_at(struct map *map, const char *type, const char *id)
{
	char key[RECORD_ID_MAX + 80];
	size_t len = (size_t)snprintf(key, sizeof(key), "%s %s", type, id);
	void **place = map_place(map, key, len < sizeof(key) ? len : sizeof(key) - 1);

	if (!*place)
		*place = memory_new(sizeof(int64_t));
	return *place;
}

void books_note(struct round *round, const char *type, const char *id, const char *number, const struct books_entry *entry,
		const struct books_posting *posting, uint32_t account)
{
	struct book_posting *kept = books_posting(round, type, id, account);

	kept->mirror += round_millionths(posting->amount);
	kept->in_mirror = true;
	kept->date = entry->date;
	kept->known = kept->known && !posting->untold;
	if (!*kept->number && *number)
		kept->number = text_pool_keep(&round->texts, number);
	if (posting->untold && !*kept->why)
		kept->why = text_pool_keep(&round->texts, entry->why);
}

static bool is_foreign(const struct round *round, const struct books_entry *entry)
{
	return *entry->currency && strcmp(entry->currency, round->planner.company.home) != 0;
}

struct open_sum *books_open(const struct round *round, const char *type, const char *id)
{
	char key[RECORD_ID_MAX + 80];
	size_t len = (size_t)snprintf(key, sizeof(key), "%s %s", type, id);

	return map_get(&round->books.open, key, len < sizeof(key) ? len : sizeof(key) - 1);
}

static struct open_sum *open_at(struct books *books, const char *type, const char *id)
{
	char key[RECORD_ID_MAX + 80];
	size_t len = (size_t)snprintf(key, sizeof(key), "%s %s", type, id);
	void **place = map_place(&books->open, key, len < sizeof(key) ? len : sizeof(key) - 1);

	if (!*place)
		*place = memory_new(sizeof(struct open_sum));
	return *place;
}

static void note_receivable(struct round *round, const struct books_entry *entry, const struct books_posting *posting)
{
	struct party_sum *party = books_party(round, posting->party);

	party->mirror += round_millionths(posting->amount);
	if (!is_foreign(round, entry))
		return;
	snprintf(party->currency, sizeof(party->currency), "%.3s", entry->currency);
	party->foreign += round_millionths(posting->foreign);
}

static void note_applications(struct round *round, const struct books_entry *entry)
{
	for (size_t i = 0; i < entry->application_count; i++)
		if (!entry->applications[i].deposit)
			*sum_at(&round->books.applied, entry->applications[i].type, entry->applications[i].id) +=
				round_millionths(entry->applications[i].amount);
}

static void note_settlings(struct round *round, const char *type, const char *id, const struct books_entry *entry)
{
	struct books *books = &round->books;

	for (size_t i = 0; i < entry->application_count; i++) {
		const struct books_application *application = &entry->applications[i];

		if (application->deposit)
			continue;
		memory_grow(&books->settlings, &books->settling_room, books->settling_count + 1, sizeof(*books->settlings));
		books->settlings[books->settling_count++] = (struct settling){
			.by_type = text_pool_keep(&round->texts, type), .by_id = text_pool_keep(&round->texts, id),
			.type = text_pool_keep(&round->texts, application->type), .id = text_pool_keep(&round->texts, application->id),
			.amount = round_millionths(application->amount),
		};
	}
}

/* What is open of each document, before anything settles it. */
void books_add_open(struct round *round, const char *type, const char *id, const struct books_entry *entry)
{
	for (size_t i = 0; i < entry->posting_count; i++) {
		const struct books_posting *posting = &entry->postings[i];
		struct open_sum *open;

		if (round->books.accounts[books_account(round, posting->account, posting->class)].facts.class != CLASS_RECEIVABLE)
			continue;
		open = open_at(&round->books, type, id);
		open->home += round_millionths(posting->amount);
		open->foreign += round_millionths(posting->foreign);
		open->posted_home = open->home;
		open->posted_foreign = open->foreign;
	}
	note_settlings(round, type, id, entry);
}

/* In the home currency, at the document's own rate. The ledger has no parts of its minor unit. */
static int64_t at_rate(const struct open_sum *open, int64_t amount)
{
	struct decimal home;

	if (open->posted_home == open->posted_foreign || open->posted_foreign == 0)
		return amount;
	if (!decimal_multiply(decimal_of(amount, DECIMAL_MILLIONTHS), decimal_of(open->posted_home, DECIMAL_MILLIONTHS), DECIMAL_MILLIONTHS, &home) ||
	    !decimal_divide(home, decimal_of(open->posted_foreign, DECIMAL_MILLIONTHS), 2, &home))
		return amount;
	return round_millionths(home);
}

/*
 * What settles and what is settled both come nearer to nothing: an invoice was posted to the debit, a credit to the credit. What
 * settles may post nothing of itself, as where an invoice takes up a credit; what is settled is there, or was not owed yet.
 */
void books_settle_open(struct round *round)
{
	struct books *books = &round->books;

	for (size_t i = 0; i < books->settling_count; i++) {
		const struct settling *settling = &books->settlings[i];
		struct open_sum *settled = books_open(round, settling->type, settling->id), *by;
		int64_t amount, home;

		if (!settled)
			continue;
		by = open_at(books, settling->by_type, settling->by_id);
		amount = settled->posted_foreign < 0 ? -settling->amount : settling->amount;
		home = at_rate(settled, amount);
		settled->foreign -= amount;
		settled->home -= home;
		settled->settled++;
		by->foreign += amount;
		by->home += home;
		by->settled++;
	}
}

static void count_type(struct round *round, const char *type, const struct books_entry *entry)
{
	void **place = map_place(&round->books.types, type, strlen(type));
	struct type_sum *sum = *place ? *place : memory_new(sizeof(*sum));

	*place = sum;
	snprintf(sum->type, sizeof(sum->type), "%s", type);
	sum->mirror_count++;
	if (!is_foreign(round, entry))
		sum->mirror += round_millionths(entry->total);
}

/* The ledger's lists have what was made void, too, at nothing. */
void books_add_void(struct round *round, const char *type, const struct books_entry *entry)
{
	struct books_entry nothing = { .date = entry->date };

	if (entry->has_date && round_inside(round, entry->date))
		count_type(round, type, &nothing);
}

void books_add(struct round *round, const char *type, const char *id, const char *number, const struct books_entry *entry)
{
	struct books *books = &round->books;
	bool inside = entry->has_date && round_inside(round, entry->date);

	if (!entry->posts)
		return;
	if (!entry->known)
		books->unknown++;
	if (is_foreign(round, entry))
		*sum_at(&books->foreign, type, id) = 1;
	if (inside)
		count_type(round, type, entry);
	for (size_t i = 0; i < entry->posting_count && entry->has_date; i++) {
		const struct books_posting *posting = &entry->postings[i];
		uint32_t account = books_account(round, posting->account, posting->class);
		bool is_receivable = books->accounts[account].facts.class == CLASS_RECEIVABLE;

		if (posting->untold)
			books->accounts[account].unknown = true;
		if (is_foreign(round, entry) && entry->date.day <= round->wish->to.day)
			books->accounts[account].foreign++;
		add_day(books, account, entry->date.day, round_millionths(posting->amount));
		if (is_receivable && entry->date.day <= round->wish->to.day)
			note_receivable(round, entry, posting);
		if (inside)
			books_note(round, type, id, number, entry, posting, account);
	}
	note_applications(round, entry);
}

static int by_account_day(const void *a, const void *b)
{
	const struct day_sum *x = a, *y = b;

	if (x->account != y->account)
		return x->account < y->account ? -1 : 1;
	return x->day < y->day ? -1 : x->day > y->day;
}

static struct date year_start(const struct round *round, struct date date)
{
	struct calendar calendar = date_calendar(date);
	int month = round->books.fiscal_month;

	return date_of(calendar.month >= month ? calendar.year : calendar.year - 1, month, 1);
}

static bool begins_anew(enum account_class class)
{
	return class == CLASS_INCOME || class == CLASS_COST;
}

/* Where an account's days begin that are not before this one. */
static size_t find_day(const struct books *books, uint32_t account, int32_t from)
{
	size_t low = 0, high = books->day_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct day_sum *day = &books->days[middle];

		if (day->account < account || (day->account == account && day->day < from))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* All that was posted to an account within days, both included. */
static int64_t sum_days(const struct books *books, uint32_t account, int32_t from, int32_t to)
{
	int64_t sum = 0;

	for (size_t i = find_day(books, account, from); i < books->day_count && books->days[i].account == account && books->days[i].day <= to; i++)
		sum += books->days[i].amount;
	return sum;
}

int64_t books_balance(const struct round *round, uint32_t account, struct date date)
{
	const struct books *books = &round->books;
	struct date start = year_start(round, date);
	enum account_class class = books->accounts[account].facts.class;
	int64_t sum = sum_days(books, account, begins_anew(class) ? start.day : INT32_MIN, date.day);

	/* Nobody posts the profit of earlier years: it is there all the same. */
	for (uint32_t other = 0; class == CLASS_RETAINED && other < books->account_count; other++)
		if (begins_anew(books->accounts[other].facts.class))
			sum += sum_days(books, other, INT32_MIN, start.day - 1);
	return sum;
}

void books_correct(struct round *round, uint32_t account, struct date date, int64_t amount)
{
	struct books *books = &round->books;
	size_t at = find_day(books, account, date.day);

	if (at == books->day_count || books->days[at].account != account || books->days[at].day != date.day) {
		memory_grow(&books->days, &books->day_room, books->day_count + 1, sizeof(*books->days));
		memmove(books->days + at + 1, books->days + at, (books->day_count++ - at) * sizeof(*books->days));
		books->days[at] = (struct day_sum){ .account = account, .day = date.day };
	}
	books->days[at].amount += amount;
}

void books_finish(struct round *round)
{
	struct books *books = &round->books;

	qsort(books->days, books->day_count, sizeof(*books->days), by_account_day);
	map_clear(&books->day_index, NULL);
}

bool books_is_foreign(const struct round *round, const char *type, const char *id)
{
	char key[RECORD_ID_MAX + 80];
	size_t len = (size_t)snprintf(key, sizeof(key), "%s %s", type, id);

	return map_get(&round->books.foreign, key, len < sizeof(key) ? len : sizeof(key) - 1) != NULL;
}

void books_settle(struct round *round)
{
	struct books *books = &round->books;
	struct date before = { round->wish->from.day - 1 };
	bool untold_profit = false;

	for (uint32_t i = 0; i < books->account_count; i++) {
		struct book_account *account = &books->accounts[i];

		account->opening = books_balance(round, i, before);
		account->balance = books_balance(round, i, round->wish->to);
		if (account->unknown && begins_anew(account->facts.class))
			untold_profit = true;
		account->movement = sum_days(books, i, round->wish->from.day, round->wish->to.day);
	}
	/* What earlier years earned is told no better than what they spent. */
	for (uint32_t i = 0; untold_profit && i < books->account_count; i++)
		books->accounts[i].unknown = books->accounts[i].unknown || books->accounts[i].facts.class == CLASS_RETAINED;
}

void books_clear(struct round *round)
{
	struct books *books = &round->books;

	free(books->accounts);
	free(books->days);
	map_clear(&books->account_index, NULL);
	map_clear(&books->day_index, NULL);
	map_clear(&books->postings, free);
	map_clear(&books->parties, free);
	map_clear(&books->types, free);
	map_clear(&books->open, free);
	map_clear(&books->applied, free);
	map_clear(&books->foreign, free);
	free(books->settlings);
	*books = (struct books){ .fiscal_month = books->fiscal_month };
}
