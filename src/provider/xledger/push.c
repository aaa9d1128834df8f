/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing to Xledger: what its types are called, what holds for an entity, and how lists are written. */
#include "push.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

static const char *record_type(const struct resource_type *type)
{
	const struct push_rows *rows = xledger_rows_of(type);

	return rows ? rows->record : NULL;
}

static const char *target_type(enum target target)
{
	static const char *const types[TARGET_COUNT] = {
		[TARGET_ACCOUNT] = "accounts", [TARGET_ITEM] = "products", [TARGET_TAX_CODE] = "taxRules", [TARGET_CUSTOMER] = "customers",
		[TARGET_VENDOR] = "suppliers", [TARGET_INVOICE] = "arTransactions", [TARGET_CREDIT_MEMO] = "arTransactions",
		[TARGET_BILL] = "apTransactions",
	};

	return types[target];
}

static const char *const *reads(const struct resource_type *type)
{
	static const char *const customers[] = { "customers", NULL }, *const suppliers[] = { "suppliers", NULL };
	static const char *const sales[] = { "accounts", "products", "taxRules", "customers", "arTransactions", NULL };
	static const char *const bills[] = { "accounts", "products", "taxRules", "suppliers", "apTransactions", NULL };
	static const char *const nothing[] = { NULL };
	static const struct {
		const char *type;
		const char *const *reads;
	} rows[] = { { "customer", customers }, { "vendor", suppliers }, { "invoice", sales }, { "credit_memo", sales }, { "bill", bills } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].type, type->name) == 0)
			return rows[i].reads;
	return nothing;
}

/*
 * No record of Xledger's tells of its closed periods or its home currency; the latter is told by the lines that were booked,
 * when the entity is connected.
 */
static bool company(bool (*record)(void *ctx, const char *type, const char *id, struct json_slice *ret_raw), void *ctx,
		    struct company *ret_company, struct error *err)
{
	(void)record;
	(void)ctx;
	(void)err;
	*ret_company = (struct company){ .currencies = true, .tax = COMPANY_TAX_LINE, .keeps_numbers = true };
	return true;
}

static bool fits(const struct company *company, const struct resource_type *type, const struct resource_field *field, bool line,
		 struct json_slice raw, char *ret_why)
{
	(void)company;
	(void)type;
	(void)field;
	(void)line;
	(void)raw;
	(void)ret_why;
	return true; /* an account or a rule with an end may have it behind the document's day: the ledger looks at that */
}

/* ---- lists */

static void put_row(struct translating *work, struct shape *shape, const struct push_row *row)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	if (push_text(work->data, row->field, &text))
		push_shape_text(shape, row->input, text.text, text.len);
}

static bool is_carried(const struct push_rows *rows, const char *field)
{
	for (size_t i = 0; i < rows->count; i++)
		if (strcmp(rows->rows[i].field, field) == 0)
			return true;
	return strcmp(field, "currency") == 0;
}

/* What is not written is said: nobody should look for it in vain. */
static void note_left(struct translating *work, const struct push_rows *rows)
{
	for (size_t i = 0; i < work->type->field_count; i++) {
		const char *field = work->type->fields[i].name;

		if (!is_carried(rows, field) && !push_is_nothing(json_member(work->data, field)))
			str_addf(&work->to->notes, "%s is not written to Xledger\n", field);
	}
}

static void put_currency(struct translating *work, struct shape *shape)
{
	char currency[RECORD_ID_MAX];

	if (push_code(work, work->data, false, "currency", currency))
		push_shape_text(shape, "currency.code", currency, strlen(currency));
}

static void put_list(struct translating *work, const struct push_rows *rows)
{
	struct shape shape;

	push_shape_begin(&shape, &work->to->body);
	for (size_t i = 0; i < rows->count; i++)
		put_row(work, &shape, &rows->rows[i]);
	put_currency(work, &shape);
	push_shape_end(&shape);
	note_left(work, rows);
}

static void translate(const struct desk *desk, const struct resource_type *type, struct json_slice data, const char *tag,
		      struct translation *translation)
{
	struct translating work = { .desk = desk, .type = type, .to = translation, .data = data, .tag = tag };
	const struct push_rows *rows = xledger_rows_of(type);

	if (!rows)
		translation_obstacle(translation, REASON_UNFIT, "nothing is written to Xledger as %s", type->titles);
	else if (rows->voucher)
		xledger_voucher(&work, &translation->body);
	else
		put_list(&work, rows);
}

static const char *place(const struct resource_type *type, const char *field)
{
	const struct push_rows *rows = xledger_rows_of(type);

	for (size_t i = 0; rows && i < rows->count; i++)
		if (strcmp(rows->rows[i].field, field) == 0)
			return rows->rows[i].input;
	return NULL;
}

/* Each list has its names for itself. */
static const char *const *name_types(const struct resource_type *type)
{
	(void)type;
	return NULL;
}

const struct provider_push xledger_push = {
	.type = record_type,
	.target = target_type,
	.reads = reads,
	.company = company,
	.fits = fits,
	.place = place,
	.translate = translate,
	.compare = xledger_compare,
	.update = xledger_update,
	.likeness = xledger_likeness,
	.standing = xledger_standing,
	.facts = xledger_facts,
	.voidable = xledger_voidable,
	.name_types = name_types,
	.envelope = xledger_envelope,
	.asks = xledger_asks,
	.send = xledger_send,
	.refusal = xledger_refusal,
	.landed = xledger_landed,
	.look = xledger_look,
};
