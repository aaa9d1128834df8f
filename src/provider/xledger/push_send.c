/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sending what was frozen: one mutation a write, several in one document, each under its own alias, so that what is wrong with
 * one is told of it alone. Whether the ledger tells so no source says: where a document of several is refused as a whole, all of
 * them may have been carried out or none; they are looked for, and what was sent before goes alone. No key makes a repetition
 * harmless, so nothing is repeated here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "graphql.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/text.h"
#include "push.h"

#define BODY_MAX ((size_t)1 << 20)
#define FIELDS_PATH 64

/* ---- envelopes */

static const char *verb_of(const struct push_item *item)
{
	return item->act == PLAN_UPDATE ? "update" : "add";
}

static size_t count_nodes(const struct push_item *item)
{
	struct json_slice body = { .text = item->body, .len = item->body_len, .kind = JSON_OBJECT };
	struct json_slice items = json_member(body, "items"), node;
	size_t at = 0, count = 0;

	while (items.kind == JSON_ARRAY && json_each(items, &at, NULL, &node))
		count++;
	return count ? count : 1;
}

/* Lines with the same number would become one voucher. */
static bool is_number_taken(const struct push_item *items, size_t count, const struct push_item *item)
{
	char ours[24], other[24];

	push_member(xledger_voucher_head((struct json_slice){ .text = item->body, .len = item->body_len, .kind = JSON_OBJECT }), "trRegNumber", ours,
		    sizeof(ours));
	for (size_t i = 0; i < count; i++) {
		push_member(xledger_voucher_head((struct json_slice){ .text = items[i].body, .len = items[i].body_len, .kind = JSON_OBJECT }),
			    "trRegNumber", other, sizeof(other));
		if (*ours && strcmp(ours, other) == 0)
			return true;
	}
	return false;
}

static bool goes_with(const struct push_item *items, size_t count, size_t nodes, size_t bytes)
{
	const struct push_item *item = &items[count], *first = &items[0];

	return item->tries == 0 && first->tries == 0 && item->act == first->act && strcmp(item->type, first->type) == 0 &&
	       nodes + count_nodes(item) <= PUSH_NODES_MAX && bytes + item->body_len < BODY_MAX && !is_number_taken(items, count, item);
}

static void add_mark(struct shape *shape, const struct push_item *item)
{
	AUTO(str_clear) struct str mark = STR_INIT(100);

	xledger_mark(item, &mark);
	push_shape_text(shape, "extIdentifier", mark.text, mark.len);
}

/* The lines of a voucher with the mark of this try instead of the document's alone. */
static void add_nodes(const struct push_item *item, struct str *out)
{
	struct json_slice body = { .text = item->body, .len = item->body_len, .kind = JSON_OBJECT };
	struct json_slice items = json_member(body, "items"), node, name, value;
	const char *comma = "";

	if (items.kind != JSON_ARRAY) {
		str_add(out, "{\"clientId\":\"0\",\"node\":");
		str_add_bytes(out, item->body, item->body_len);
		str_add_char(out, '}');
		return;
	}
	for (size_t at = 0, no = 0; json_each(items, &at, NULL, &node); no++, comma = ",") {
		struct shape shape;
		char member[60];

		str_addf(out, "%s{\"clientId\":\"%zu\",\"node\":", comma, no);
		push_shape_begin(&shape, out);
		for (size_t in = 0; json_each(node, &in, &name, &value);) {
			if (json_equals(name, "extIdentifier"))
				continue;
			snprintf(member, sizeof(member), "%.*s", (int)(name.len - 2), name.text + 1);
			push_shape_member(&shape, member);
			str_add_bytes(out, value.text, value.len);
		}
		add_mark(&shape, item);
		push_shape_end(&shape);
		str_add_char(out, '}');
	}
}

static void add_field(const struct push_item *item, const struct push_rows *rows, size_t index, struct str *out)
{
	str_addf(out, " m%zu: %s%s(inputs: $i%zu) { edges { clientId node ", index, verb_of(item), rows->plural, index);
	if (item->row && !rows->voucher)
		document_add_fields(out, item->row, false, NULL);
	else
		str_add(out, "{ dbId }");
	str_add(out, " } }");
}

size_t xledger_envelope(const struct push_item *items, size_t count, char *path, struct str *body)
{
	const struct push_rows *rows = xledger_rows_of_record(items[0].type);
	AUTO(str_clear) struct str document = STR_INIT(STR_NO_LIMIT), names = STR_INIT(STR_NO_LIMIT), variables = STR_INIT(STR_NO_LIMIT);
	size_t taken = 0, nodes = 0;

	snprintf(path, FIELDS_PATH, "%s", items[0].type);
	while (rows && taken < count && taken < PUSH_ITEMS_MAX && (taken == 0 || goes_with(items, taken, nodes, variables.len))) {
		char verb[8];

		snprintf(verb, sizeof(verb), "%s", verb_of(&items[taken]));
		verb[0] = (char)(verb[0] - 'a' + 'A');
		str_addf(&names, "%s$i%zu: [%s%sInput!]!", taken ? ", " : "", taken, verb, rows->plural);
		add_field(&items[taken], rows, taken, &document);
		str_addf(&variables, "%s\"i%zu\":[", taken ? "," : "", taken);
		add_nodes(&items[taken], &variables);
		str_add_char(&variables, ']');
		nodes += count_nodes(&items[taken++]);
	}
	str_add(body, "{\"query\":\"mutation(");
	str_addf(body, "%s) {%s }\",\"variables\":{%s},\"operationName\":null}", names.text, document.text, variables.text);
	return taken ? taken : 1;
}

int xledger_asks(const char *type)
{
	const struct push_rows *rows = xledger_rows_of_record(type);

	return rows && rows->voucher ? 1 : 0;
}

/* ---- what came back */

/* The error that is about an alias; without such a place, the first there is. */
static bool error_about(struct json_slice errors, const char *alias, struct json_slice *ret_error)
{
	struct json_slice error, first = { 0 }, path;
	size_t at = 0;

	*ret_error = (struct json_slice){ 0 };
	while (errors.kind == JSON_ARRAY && json_each(errors, &at, NULL, &error)) {
		size_t in = 0;

		path = json_member(error, "path");
		if (path.kind == JSON_ARRAY && json_each(path, &in, NULL, &first) && json_equals(first, alias)) {
			*ret_error = error;
			return true;
		}
		if (path.kind != JSON_ARRAY && ret_error->kind == JSON_NONE)
			*ret_error = error;
	}
	return ret_error->kind != JSON_NONE;
}

static void refuse(const struct push_item *item, struct json_slice error, const char *trace_id, struct push_answer *answer)
{
	char what[100];

	snprintf(what, sizeof(what), "%s %.60s", plan_act_word(item->act), item->type);
	graphql_refused(error, what, &answer->said, &answer->error);
	snprintf(answer->error.trace_id, sizeof(answer->error.trace_id), "%.*s", (int)sizeof(answer->error.trace_id) - 1, trace_id);
}

struct taking {
	const struct push_item *items;
	struct push_answer *answers;
	struct posting_question questions[PUSH_ITEMS_MAX];
	size_t question_count;
};

static void taking_clear(struct taking *taking)
{
	for (size_t i = 0; i < taking->question_count; i++)
		free(taking->questions[i].imported);
}

/* The ids of a voucher's lines in the import. */
static void ask_about(struct taking *taking, size_t index, struct json_slice edges)
{
	struct posting_question *question = &taking->questions[taking->question_count++];
	struct json_slice edge;
	size_t room = 0, at = 0;

	*question = (struct posting_question){ .item = &taking->items[index], .answer = &taking->answers[index] };
	while (edges.kind == JSON_ARRAY && json_each(edges, &at, NULL, &edge)) {
		memory_grow(&question->imported, &room, question->imported_count + 1, sizeof(*question->imported));
		push_member(json_member(edge, "node"), "dbId", question->imported[question->imported_count++], RECORD_ID_MAX);
	}
}

static void take_item(struct taking *taking, size_t index, struct json_slice data, struct json_slice errors, const char *trace_id)
{
	const struct push_rows *rows = xledger_rows_of_record(taking->items[index].type);
	struct push_answer *answer = &taking->answers[index];
	struct json_slice field, edges, edge = { 0 }, error;
	char alias[24];
	size_t at = 0;

	snprintf(alias, sizeof(alias), "m%zu", index);
	field = json_member(data, alias);
	edges = json_member(field, "edges");
	error_clear(&answer->error);
	if (edges.kind == JSON_ARRAY && json_each(edges, &at, NULL, &edge) && json_member(edge, "node").kind == JSON_OBJECT) {
		if (rows && rows->voucher)
			ask_about(taking, index, edges);
		else
			answer->record = json_member(edge, "node");
	} else if (field.kind != JSON_OBJECT && error_about(errors, alias, &error)) {
		refuse(&taking->items[index], error, trace_id, answer);
	} else {
		error_set(&answer->error, ERROR_REMOTE, "the ledger's answer leaves it out");
		answer->error.outcome_unknown = true;
	}
}

/* Refused as a whole: with one it is the ledger's word on it; with several nobody can tell what was done before. */
static void judge(const struct error *refusal, size_t count, int status, struct error *err)
{
	if (!err)
		return;
	*err = *refusal;
	if (status <= 0 || err->code == ERROR_CANCELLED)
		return; /* the way there has said what is known */
	if (err->code == ERROR_REMOTE || (err->code == ERROR_INPUT && count > 1))
		err->outcome_unknown = true;
}

bool xledger_send(struct connection *connection, const char *path, const char *key, const char *body, size_t len,
		  const struct push_item *items, size_t count, struct page *page, struct push_answer *answers, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(taking_clear) struct taking taking = { .items = items, .answers = answers };
	char what[100];
	const struct graphql call = { .what = what, .body = body, .body_len = len, .class = HTTP_WRITE, .partial = true };
	struct json_slice data, errors;
	struct error refusal = { 0 };

	(void)path;
	(void)key; /* the ledger knows none */
	snprintf(what, sizeof(what), "%s %.60s", plan_act_word(items[0].act), items[0].type);
	page_reset(page);
	if (!graphql_send(connection, &call, &answer, &data, &refusal)) {
		judge(&refusal, count, answer.status, err);
		return false;
	}
	errors = graphql_errors(&answer);
	for (size_t i = 0; i < count; i++)
		take_item(&taking, i, data, errors, answer.trace_id);
	if (taking.question_count == 0) {
		page_take(page, &answer, answer.date_ms); /* the records point into it */
		return true;
	}
	/* It is in the ledger's import whatever becomes of the question. */
	if (xledger_posted(connection, taking.questions, taking.question_count, page, &refusal))
		return true;
	for (size_t i = 0; i < taking.question_count; i++) {
		error_set(&taking.questions[i].answer->error, ERROR_REMOTE, "the import took it in; what became of it could not be asked: %.150s",
			  refusal.text);
		taking.questions[i].answer->error.outcome_unknown = true;
	}
	return true;
}

enum push_refusal xledger_refusal(const struct error *error)
{
	if (error->outcome_unknown)
		return PUSH_MAYBE_DONE;
	return error->code == ERROR_LIMIT || error->code == ERROR_AUTH || error->code == ERROR_REMOTE ? PUSH_LATER : PUSH_REFUSED;
}
