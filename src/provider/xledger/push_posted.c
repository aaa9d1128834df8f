/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the journal import made of vouchers. It takes lines in, posts them by itself, and keeps what is wrong with them beside;
 * so of a voucher there are three things to be asked for: the entry of its customer or supplier, by number; its lines in the
 * import, by our mark; what is wrong with these.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "graphql.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/text.h"
#include "push.h"
#include "read.h"

/* What an entry is known again by, whatever the type's row asks for. */
#define KNOWN_BY "invoiceNumber invoiceDate dueDate subledgerDbId invoiceAmount currency.code slTransactionType.name"
#define FOUND_MAX 200 /* entries that have one number: partial payments have it, too */

void xledger_mark(const struct push_item *item, struct str *out)
{
	struct json_slice body = { .text = item->body, .len = item->body_len, .kind = JSON_OBJECT };

	push_plain(json_member(xledger_voucher_head(body), "extIdentifier"), out);
	str_addf(out, "/%s", item->mark);
}

/* ---- asking */

static void ask_for_entries(const struct push_item *item, const char *alias, struct str *out)
{
	struct json_slice body = { .text = item->body, .len = item->body_len, .kind = JSON_OBJECT };
	AUTO(str_clear) struct str filter = STR_INIT(STR_NO_LIMIT), number = STR_INIT(STR_NO_LIMIT);
	struct document_list list = { .alias = alias, .first = FOUND_MAX, .also = KNOWN_BY };

	push_plain(json_member(xledger_voucher_head(body), "invoiceNumber"), &number);
	str_add(&filter, "{invoiceNumber: ");
	str_add_json(&filter, number.text, number.len);
	str_add_char(&filter, '}');
	list.filter = filter.text;
	document_add_list(out, item->row, &list);
}

static void ask_for_errors(const char (*ids)[RECORD_ID_MAX], size_t count, const char *alias, struct str *out)
{
	str_addf(out, " %s: glImportItemErrors(first: %d, filter: {transactionDbId_in: [", alias, PUSH_NODES_MAX);
	for (size_t i = 0; i < count; i++) {
		str_add(out, i ? ", " : "");
		if (strspn(ids[i], "0123456789") == strlen(ids[i]))
			str_add(out, ids[i]);
		else
			str_add_json(out, ids[i], strlen(ids[i]));
	}
	str_add(out, "]}) { edges { cursor node { message transactionDbId errorLevel } } pageInfo { hasNextPage } }");
}

static void ask_for_lines(const struct push_item *item, struct str *out)
{
	AUTO(str_clear) struct str mark = STR_INIT(100);

	xledger_mark(item, &mark);
	str_addf(out, " i: glImportItems(first: %d, filter: {extIdentifier: ", PUSH_NODES_MAX * 2);
	str_add_json(out, mark.text, mark.len);
	str_add(out, "}) { edges { cursor node { dbId } } pageInfo { hasNextPage } }");
}

static bool ask(struct connection *connection, const char *roots, struct http_answer *answer, struct json_slice *ret_data, struct error *err)
{
	AUTO(str_clear) struct str document = STR_INIT(STR_NO_LIMIT);
	struct graphql call = { .what = "ask what the import made of it" };

	str_addf(&document, "query {%s }", roots);
	call.document = document.text;
	return graphql_send(connection, &call, answer, ret_data, err);
}

/* ---- answers */

/*
 * The entry itself. Payments of it have its number, too; and where an operator lets a number be taken twice, so has another
 * document of the same customer: what comes to another amount is never taken for it, though it may stay unfound so.
 */
static bool is_entry(struct json_slice body, struct json_slice raw, const char *type)
{
	struct likeness ours, theirs;

	xledger_likeness(type, body, &ours);
	xledger_likeness(type, raw, &theirs);
	return *theirs.number && strcmp(ours.number, theirs.number) == 0 && strcmp(ours.party, theirs.party) == 0 && ours.has_total &&
	       theirs.has_total && decimal_compare(ours.total, theirs.total) == 0;
}

static bool is_credit(struct json_slice object)
{
	struct json_slice amount = json_member(object, "invoiceAmount");

	return amount.len > 1 && (amount.text[0] == '-' || amount.text[1] == '-');
}

static struct json_slice entry_in(const struct push_item *item, struct json_slice data, const char *alias)
{
	struct json_slice body = { .text = item->body, .len = item->body_len, .kind = JSON_OBJECT }, edge, found = { 0 };
	struct error ignored;
	struct read_list list;

	if (!read_list(data, alias, "", &list, &ignored))
		return found;
	for (size_t at = 0; list.edges.kind == JSON_ARRAY && json_each(list.edges, &at, NULL, &edge);) {
		struct json_slice node = json_member(edge, "node");

		if (node.kind == JSON_OBJECT && is_entry(body, node, item->type) && is_credit(node) == is_credit(xledger_voucher_head(body)))
			found = node;
	}
	return found;
}

/* What is wrong with its lines; false: nothing. All of it goes to `said`, the first into the error. */
static bool take_errors(struct json_slice data, const char *alias, struct push_answer *answer)
{
	AUTO(str_clear) struct str message = STR_INIT(600);
	struct json_slice edge;
	struct read_list list;
	struct error ignored;
	size_t count = 0;

	if (!read_list(data, alias, "", &list, &ignored))
		return false;
	str_reset(&answer->said);
	for (size_t at = 0; list.edges.kind == JSON_ARRAY && json_each(list.edges, &at, NULL, &edge); count++) {
		str_reset(&message);
		push_plain(json_member(edge, "node.message"), &message);
		if (answer->said.len > 0)
			str_add_char(&answer->said, '\n');
		text_add_line(&answer->said, TEXT_FULL, message.text, message.len);
		if (count == 0)
			error_set(&answer->error, ERROR_INPUT, "the import refused it: %.300s", answer->said.text);
	}
	if (count > 0)
		snprintf(answer->error.ledger_code, sizeof(answer->error.ledger_code), "IMPORT_ERROR");
	return count > 0;
}

static void take_posted(struct posting_question *question, size_t index, struct json_slice data)
{
	char entries[24], errors[24];

	snprintf(entries, sizeof(entries), "r%zu", index);
	snprintf(errors, sizeof(errors), "e%zu", index);
	error_clear(&question->answer->error);
	question->answer->record = entry_in(question->item, data, entries);
	if (question->answer->record.kind == JSON_OBJECT || take_errors(data, errors, question->answer))
		return;
	error_set(&question->answer->error, ERROR_REMOTE, "the import took it in and has not posted it yet");
	question->answer->error.outcome_unknown = true;
}

bool xledger_posted(struct connection *connection, struct posting_question *questions, size_t count, struct page *page, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str roots = STR_INIT(STR_NO_LIMIT);
	struct json_slice data;
	char alias[24];

	for (size_t i = 0; i < count; i++) {
		if (!questions[i].item->row)
			return error_set(err, ERROR_INPUT, "the catalogue has no type '%s'", questions[i].item->type);
		snprintf(alias, sizeof(alias), "r%zu", i);
		str_add_char(&roots, ' ');
		ask_for_entries(questions[i].item, alias, &roots);
		snprintf(alias, sizeof(alias), "e%zu", i);
		ask_for_errors((const char(*)[RECORD_ID_MAX])questions[i].imported, questions[i].imported_count, alias, &roots);
	}
	if (!ask(connection, roots.text, &answer, &data, err))
		return false;
	for (size_t i = 0; i < count; i++)
		take_posted(&questions[i], i, data);
	page_take(page, &answer, answer.date_ms);
	return true;
}

/* ---- after an answer was lost */

struct lines {
	char (*ids)[RECORD_ID_MAX]; /* owned */
	size_t count, room;
};

static void lines_clear(struct lines *lines)
{
	free(lines->ids);
}

static int by_id(const void *a, const void *b)
{
	long long one = strtoll(a, NULL, 10), other = strtoll(b, NULL, 10);

	return one < other ? -1 : one > other;
}

/* The lines of the last try: a refused one leaves its own behind, and it may be sent once more. */
static bool lines_in(struct json_slice data, const struct push_item *item, struct lines *lines, struct error *err)
{
	struct json_slice body = { .text = item->body, .len = item->body_len, .kind = JSON_OBJECT };
	struct json_slice items = json_member(body, "items"), edge, node;
	struct read_list list;
	size_t of_one = 0;

	if (!read_list(data, "i", "look into the import", &list, err))
		return false;
	for (size_t at = 0; list.edges.kind == JSON_ARRAY && json_each(list.edges, &at, NULL, &edge);) {
		memory_grow(&lines->ids, &lines->room, lines->count + 1, sizeof(*lines->ids));
		push_member(json_member(edge, "node"), "dbId", lines->ids[lines->count++], RECORD_ID_MAX);
	}
	for (size_t at = 0; items.kind == JSON_ARRAY && json_each(items, &at, NULL, &node);)
		of_one++;
	if (lines->count > 1)
		qsort(lines->ids, lines->count, sizeof(*lines->ids), by_id);
	if (lines->count > of_one) {
		memmove(lines->ids, lines->ids + (lines->count - of_one), of_one * sizeof(*lines->ids));
		lines->count = of_one;
	}
	return true;
}

static enum push_look look_at_errors(struct connection *connection, const struct lines *lines, struct push_answer *answer, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer http = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str roots = STR_INIT(STR_NO_LIMIT);
	struct json_slice data;

	ask_for_errors((const char(*)[RECORD_ID_MAX])lines->ids, lines->count, "e", &roots);
	if (!ask(connection, roots.text, &http, &data, err))
		return PUSH_LOOK_FAILED;
	return take_errors(data, "e", answer) ? PUSH_LOOK_REFUSED : PUSH_LOOK_WAITS;
}

enum push_look xledger_look(struct connection *connection, const struct push_item *item, struct page *page, struct push_answer *answer,
			    struct error *err)
{
	AUTO(http_answer_clear) struct http_answer http = HTTP_ANSWER_INIT;
	AUTO(lines_clear) struct lines lines = { 0 };
	AUTO(str_clear) struct str roots = STR_INIT(STR_NO_LIMIT);
	const struct push_rows *rows = xledger_rows_of_record(item->type);
	struct json_slice data, entry;

	page_reset(page);
	if (!rows || !rows->voucher)
		return PUSH_LOOK_READ;
	if (!item->row) {
		error_set(err, ERROR_INPUT, "the catalogue has no type '%s'", item->type);
		return PUSH_LOOK_FAILED;
	}
	str_add_char(&roots, ' ');
	ask_for_entries(item, "r", &roots);
	ask_for_lines(item, &roots);
	if (!ask(connection, roots.text, &http, &data, err) || !lines_in(data, item, &lines, err))
		return PUSH_LOOK_FAILED;
	entry = entry_in(item, data, "r");
	if (entry.kind == JSON_OBJECT)
		page_add(page, entry);
	page_take(page, &http, http.date_ms);
	if (page->count > 0 || lines.count == 0)
		return PUSH_LOOK_DONE;
	return look_at_errors(connection, &lines, answer, err);
}
