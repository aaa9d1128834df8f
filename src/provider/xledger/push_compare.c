/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a record has otherwise than we want it. Inputs and records have other names for the same thing, and their values other
 * forms: ids and amounts come as text or as numbers. What is posted can't be changed any more; only its head is compared.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "push.h"

static bool same_value(struct json_slice want, struct json_slice have)
{
	AUTO(str_clear) struct str one = STR_INIT(STR_NO_LIMIT), other = STR_INIT(STR_NO_LIMIT);
	struct decimal a, b;

	push_plain(want, &one);
	push_plain(have, &other);
	if (one.len == other.len && memcmp(one.text, other.text, one.len) == 0)
		return true;
	return decimal_parse(one.text, one.len, &a) && decimal_parse(other.text, other.len, &b) && decimal_compare(a, b) == 0;
}

static void add(struct push_changes *changes, const char *field, struct json_slice before, struct json_slice after)
{
	struct push_change *change;

	memory_grow(&changes->items, &changes->room, changes->count + 1, sizeof(*changes->items));
	change = &changes->items[changes->count++];
	*change = (struct push_change){ .before = before, .after = after };
	snprintf(change->field, sizeof(change->field), "%s", field);
}

/* A member that the type's row does not ask the ledger for is unknown, and so no difference. */
static bool is_known(struct json_slice raw, const char *path)
{
	struct json_slice parent = raw;
	const char *point = strchr(path, '.');
	char name[40];

	if (json_member(raw, path).kind != JSON_NONE)
		return true;
	if (point) {
		snprintf(name, sizeof(name), "%.*s", (int)(point - path), path);
		parent = json_member(raw, name);
		return parent.kind == JSON_NULL; /* it was asked for, and there is none */
	}
	return false;
}

void xledger_compare(const char *type, struct json_slice body, struct json_slice raw, struct push_changes *changes)
{
	const struct push_rows *rows = xledger_rows_of_record(type);
	struct json_slice want = rows && rows->voucher ? xledger_voucher_head(body) : body;

	changes->count = 0;
	changes->foreign_lines = false;
	changes->fixed = rows && rows->voucher;
	for (size_t i = 0; rows && i < rows->count; i++) {
		const struct push_row *row = &rows->rows[i];
		struct json_slice after = json_member(want, row->input);

		if (after.kind != JSON_NONE && is_known(raw, row->path) && !same_value(after, json_member(raw, row->path)))
			add(changes, row->input, json_member(raw, row->path), after);
	}
}

void xledger_update(const char *type, struct json_slice body, struct json_slice raw, struct str *out)
{
	AUTO(push_changes_clear) struct push_changes changes = { 0 };
	char id[RECORD_ID_MAX];

	xledger_compare(type, body, raw, &changes);
	push_member(raw, "dbId", id, sizeof(id));
	str_add(out, "{\"dbId\":");
	str_add_json(out, id, strlen(id));
	for (size_t i = 0; i < changes.count; i++) {
		str_add_char(out, ',');
		str_add_json(out, changes.items[i].field, strlen(changes.items[i].field));
		str_add_char(out, ':');
		str_add_bytes(out, changes.items[i].after.text, changes.items[i].after.len);
	}
	str_add_char(out, '}');
}

void xledger_landed(const char *type, struct json_slice body, struct json_slice raw, struct str *out)
{
	AUTO(push_changes_clear) struct push_changes changes = { 0 };

	xledger_compare(type, body, raw, &changes);
	for (size_t i = 0; i < changes.count; i++) {
		str_addf(out, "%s: asked ", changes.items[i].field);
		push_add_short(changes.items[i].after, out);
		str_add(out, ", is ");
		push_add_short(changes.items[i].before, out);
		str_add_char(out, '\n');
	}
}

/* ---- what it is known by */

static bool amount_of(struct json_slice object, const char *path, struct decimal *ret_amount)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	push_plain(json_member(object, path), &text);
	if (!decimal_parse(text.text, text.len, ret_amount))
		return false;
	if (ret_amount->digits < 0)
		*ret_amount = decimal_negate(*ret_amount);
	return true;
}

/* Payments bear the number of what they pay. */
static bool is_payment(struct json_slice raw)
{
	char kind[60];

	push_member(raw, "slTransactionType.name", kind, sizeof(kind));
	return strstr(kind, "PAYMENT") != NULL;
}

void xledger_likeness(const char *type, struct json_slice raw, struct likeness *ret_likeness)
{
	const struct push_rows *rows = xledger_rows_of_record(type);
	struct json_slice head = xledger_voucher_head(raw);
	bool body = head.kind == JSON_OBJECT;
	char day[DATE_TEXT_MAX], mark[80];

	*ret_likeness = (struct likeness){ 0 };
	if (!rows || !rows->voucher) {
		push_member(raw, "description", ret_likeness->number, sizeof(ret_likeness->number));
		return;
	}
	if (!body)
		head = raw;
	if (is_payment(head))
		return;
	push_member(head, "invoiceNumber", ret_likeness->number, sizeof(ret_likeness->number));
	push_member(head, body ? "subledger.dbId" : "subledgerDbId", ret_likeness->party, sizeof(ret_likeness->party));
	push_member(head, "currency.code", ret_likeness->currency, sizeof(ret_likeness->currency));
	push_member(head, "invoiceDate", day, sizeof(day));
	ret_likeness->has_date = date_parse(day, strlen(day), &ret_likeness->date);
	ret_likeness->has_total = amount_of(head, "invoiceAmount", &ret_likeness->total);
	push_member(head, "extIdentifier", mark, sizeof(mark));
	if (strncmp(mark, "rsrc_", 5) == 0)
		snprintf(ret_likeness->tag, sizeof(ret_likeness->tag), "%.*s", (int)strcspn(mark, "/"), mark);
}

void xledger_standing(const char *type, struct json_slice raw, struct standing *ret_standing)
{
	const struct push_rows *rows = xledger_rows_of_record(type);
	struct decimal total;

	*ret_standing = (struct standing){ 0 };
	if (!rows || !rows->voucher || is_payment(raw) || !amount_of(raw, "invoiceAmount", &total))
		return;
	ret_standing->has_open = amount_of(raw, "invoiceRemaining", &ret_standing->open);
	if (ret_standing->has_open)
		ret_standing->word = decimal_is_zero(ret_standing->open) ? STANDING_PAID
				     : decimal_compare(ret_standing->open, total) < 0 ? STANDING_PARTLY : STANDING_OPEN;
}

void xledger_facts(enum target target, struct json_slice raw, struct target_facts *ret_facts)
{
	*ret_facts = (struct target_facts){ 0 };
	push_member(raw, "description", ret_facts->name, sizeof(ret_facts->name));
	push_member(raw, target >= TARGET_MAPPED_COUNT ? "invoiceNumber" : "code", ret_facts->number, sizeof(ret_facts->number));
	push_member(raw, target == TARGET_ACCOUNT ? "accountGroup.description" : target == TARGET_TAX_CODE ? "percent" : "account.code",
		    ret_facts->kind, sizeof(ret_facts->kind));
	if (target == TARGET_TAX_CODE && *ret_facts->kind)
		snprintf(ret_facts->kind + strlen(ret_facts->kind), sizeof(ret_facts->kind) - strlen(ret_facts->kind), " %%");
}

bool xledger_voidable(const char *type, bool delete, struct json_slice raw, char *ret_why)
{
	(void)type;
	(void)raw;
	snprintf(ret_why, 200, delete ? "Xledger lets nothing be deleted that was posted; void=credit-note takes it back by a credit memo"
				      : "Xledger lets nothing be made void from outside; void=credit-note takes it back by a credit memo");
	return false;
}
