/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a report, and any JSON object as a record that posts: rows have all their texts, an entry that is known comes out
 * even, and nothing is read beyond what is there. The first byte chooses which report or type it is; each record that is asked
 * for is the same bytes again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/provider/books.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static bool find_record(void *ctx, const char *type, const char *id, struct json_slice *ret_raw)
{
	static const char account[] = "{\"AccountType\":\"Income\",\"AccountSubType\":\"Inventory\"}";

	*ret_raw = *(const struct json_slice *)ctx;
	if (strcmp(type, "Account") == 0)
		*ret_raw = (struct json_slice){ .text = account, .len = sizeof(account) - 1, .kind = JSON_OBJECT };
	return ret_raw->kind == JSON_OBJECT && strcmp(id, "2") != 0;
}

static bool find_words(void *ctx, const char *type, const char *const *words, char *ret_id)
{
	(void)ctx;
	(void)type;
	snprintf(ret_id, RECORD_ID_MAX, "%.20s", words[1]);
	return words[2] == NULL;
}

static bool take_row(void *ctx, const struct report_row *row)
{
	size_t *count = ctx;

	must(strlen(row->account) < RECORD_ID_MAX && strlen(row->party) < RECORD_ID_MAX && strlen(row->id) < RECORD_ID_MAX, "ids");
	must(row->account_name && row->party_name && row->type && row->number && row->memo, "texts");
	return ++*count < 100000;
}

static void read_rows(const struct provider_books *books, const struct books_desk *desk, enum report report, const char *raw, size_t len)
{
	struct report_wish wish = { .report = report };
	struct report_head head;
	struct error err = { 0 };
	size_t count = 0;
	bool good = books->rows(desk, &wish, raw, len, &head, take_row, &count, &err);

	must(good == (err.code == ERROR_NONE) && (good || count == 0), "an error, and nothing else");
}

static void read_record(const struct provider_books *books, const struct books_desk *desk, const char *type, struct json_slice raw)
{
	struct books_entry entry = { .posts = false };
	struct decimal sum = decimal_of(0, 2);
	struct books_account account;
	bool fits = true;

	books->entry(desk, type, raw, &entry);
	for (size_t i = 0; i < entry.posting_count && fits; i++)
		fits = decimal_add(sum, entry.postings[i].amount, &sum);
	must(!entry.known || (fits && decimal_is_zero(sum)), "what is known comes out even");
	must(entry.known == (*entry.why == '\0'), "why it isn't known");
	must(entry.posts || entry.posting_count == 0, "what posts, posts");
	books_entry_clear(&entry);
	books->account(raw, &account);
	must(account.class < CLASS_COUNT, "class");
	must(books->fiscal_month(desk) >= 1 && books->fiscal_month(desk) <= 12, "month");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct provider_books *books = provider_find("quickbooks")->books;
	struct json_slice record = { .kind = JSON_NONE };
	struct books_desk desk = { .record = find_record, .find = find_words, .ctx = &record };
	AUTO(memory_freep) char *raw = NULL;
	size_t types = 0;

	if (size == 0)
		return 0;
	raw = memory_copy((const char *)data + 1, size - 1);
	if (json_check(raw, size - 1, NULL) && raw[0] == '{')
		record = (struct json_slice){ .text = raw, .len = size - 1, .kind = JSON_OBJECT };
	while (books->types[types])
		types++;
	if (data[0] % (REPORT_COUNT + types) < REPORT_COUNT)
		read_rows(books, &desk, (enum report)(data[0] % (REPORT_COUNT + types)), raw, size - 1);
	else if (record.kind == JSON_OBJECT)
		read_record(books, &desk, books->types[data[0] % (REPORT_COUNT + types) - REPORT_COUNT], record);
	return 0;
}
