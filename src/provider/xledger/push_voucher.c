/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A document as a voucher of the journal import: the line of its customer or supplier, one for each of its lines, net, and one
 * for each tax. Together they come to nothing. No ledger computes here: what is sent is what is posted, so the document's own
 * tax stays, as long as its tax rules could have made it.
 */
#include "push.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"

#define CENTS 2
#define UNTAXED TAXING_RATES /* no rate's place */

struct entry {
	struct json_slice line;      /* of the document */
	char account[RECORD_ID_MAX], product[RECORD_ID_MAX];
	struct decimal amount, net, part; /* as it is written there, without tax, its tax by the rule */
	size_t tax;                  /* place of its rule; UNTAXED */
};

struct voucher {
	struct translating *work;
	const char *source;          /* "AR" */
	const char *party;           /* the field with its customer or supplier */
	enum policy control;         /* says which account the party's line goes to */
	enum posting_kind posting;
	int sign;                    /* of the party's line */
	bool foreign;                /* amounts are of another currency than the books' */
	struct decimal rate;
	char currency[RECORD_ID_MAX];
	struct taxing taxing;        /* by tax rules */
	struct decimal shares[TAXING_RATES]; /* what is posted of each */
	struct entry *entries;       /* owned */
	size_t count, room;
	struct decimal tax, left;    /* left: of the books' currency, what is not yet on a line */
	long long number;            /* all lines of one voucher have it */
};

static bool record_of(const struct translating *work, const char *type, const char *id, struct json_slice *ret_raw)
{
	return *id && *id != '@' && work->desk->record(work->desk->ctx, type, id, ret_raw);
}

static struct decimal total_of(const struct voucher *voucher)
{
	struct decimal total = voucher->taxing.net;

	push_sum(&total, voucher->tax);
	return total;
}

/* Of the party's side as it is, of all others the other way round. */
static struct decimal signed_of(const struct voucher *voucher, bool party, struct decimal amount)
{
	return (voucher->sign > 0) == party ? amount : decimal_negate(amount);
}

/* The same words for the same cause, so that it is one cause for all documents. */
static void obstacle(struct voucher *voucher, enum plan_reason reason, const char *text)
{
	translation_obstacle(voucher->work->to, reason, "%s", text);
}

/* ---- tax */

/* What a tax rule takes; false: it can't be told, which an obstacle says. */
static bool read_rule(struct voucher *voucher, const char *rule, struct taxing_rate *ret_rate)
{
	struct translation *to = voucher->work->to;
	char code[40], percent[40], account[RECORD_ID_MAX];
	struct json_slice raw;

	*ret_rate = (struct taxing_rate){ 0 };
	snprintf(ret_rate->id, sizeof(ret_rate->id), "%s", rule);
	if (!record_of(voucher->work, "taxRules", rule, &raw)) {
		translation_obstacle(to, REASON_TAX, "a line's tax rule is not in the mirror");
		return false;
	}
	push_member(raw, "code", code, sizeof(code));
	push_member(raw, "percent", percent, sizeof(percent));
	push_member(raw, "account.dbId", account, sizeof(account));
	if (!decimal_parse(percent, strlen(percent), &ret_rate->percent)) {
		translation_obstacle(to, REASON_TAX, "the mirror does not know the rate of tax rule '%s'", code);
		return false;
	}
	if (!decimal_is_zero(ret_rate->percent) && !*account)
		translation_obstacle(to, REASON_TAX, "tax rule '%s' names no account in Xledger that its tax goes to", code);
	return true;
}

/* The line's own, the document's, the product's. */
static void rule_of(struct voucher *voucher, struct json_slice line, struct json_slice product, char *ret_rule)
{
	struct translating *work = voucher->work;

	*ret_rule = '\0';
	if (push_is_word(work->data, "tax_mode", "none"))
		return;
	if (push_code(work, line, true, "tax_code", ret_rule) || json_member(line, "tax_code").kind != JSON_NONE ||
	    push_code(work, work->data, false, "tax_code", ret_rule))
		return;
	push_member(product, "taxRule.dbId", ret_rule, RECORD_ID_MAX);
	if (*ret_rule || push_code_or_default(work, line, true, "tax_code", ret_rule))
		return;
	obstacle(voucher, REASON_UNMAPPED, "a line has no tax code, and no rule says which one such lines get");
}

static void tax_line(struct voucher *voucher, struct entry *entry, const char *rule)
{
	struct taxing *taxing = &voucher->taxing;
	struct taxing_rate rate;
	bool known = *rule && read_rule(voucher, rule, &rate);

	taxing->unknown = taxing->unknown || (*rule && !known);
	entry->part = decimal_of(0, CENTS);
	entry->net = taxing_add(taxing, &rate, known ? 1 : 0, entry->amount, &entry->part);
	entry->tax = known ? taxing_find(taxing, rule) : UNTAXED;
}

/* The document's own tax is kept where rounding explains it, or a person wants it. */
static void keep_tax(struct voucher *voucher, struct decimal said)
{
	struct translation *to = voucher->work->to;
	char ours[DECIMAL_TEXT_MAX], theirs[DECIMAL_TEXT_MAX];
	struct decimal off = { 0 };

	decimal_subtract(said, voucher->tax, &off);
	if (decimal_is_zero(off))
		return;
	decimal_format(said, ours);
	decimal_format(voucher->tax, theirs);
	if (voucher->taxing.count == 0 || (!voucher->work->desk->own_tax && !taxing_is_rounding(off, voucher->count))) {
		translation_obstacle(to, REASON_TAX, "your tax is %s, by its tax rules it is %s", ours, theirs);
		return;
	}
	str_addf(&to->notes, "tax: yours is kept, %s, where its tax rules make %s\n", ours, theirs);
	voucher->tax = said;
}

static void finish_tax(struct voucher *voucher)
{
	struct translation *to = voucher->work->to;
	char ours[DECIMAL_TEXT_MAX], theirs[DECIMAL_TEXT_MAX];
	struct decimal by_line, said;

	if (!taxing_total(&voucher->taxing, &voucher->tax, &by_line))
		return;
	if (push_decimal(voucher->work->data, "tax_total", &said) && decimal_round(said, CENTS, &said))
		keep_tax(voucher, said);
	taxing_share(&voucher->taxing, voucher->tax, voucher->shares);
	to->has_tax = to->has_total = true;
	to->tax = voucher->tax;
	to->total = total_of(voucher);
	if (!push_decimal(voucher->work->data, "total", &said) || decimal_compare(said, to->total) == 0)
		return;
	decimal_round(said, CENTS, &said);
	translation_obstacle(to, REASON_TOTAL, "your total is %s, its lines and their tax come to %s", decimal_format(said, ours),
			     decimal_format(to->total, theirs));
}

/* ---- lines */

/* The line's own, its product's, what the mapping says of accounts that nobody names. */
static void account_of(struct voucher *voucher, struct json_slice line, struct json_slice product, char *ret_account)
{
	static const struct resource_field usual = { "account", NULL, VALUE_CODE, TARGET_ACCOUNT, NULL, false };
	struct translating *work = voucher->work;

	if (push_code(work, line, true, "account", ret_account) || json_member(line, "account").kind != JSON_NONE)
		return;
	push_member(product, "account.dbId", ret_account, RECORD_ID_MAX);
	if (*ret_account || work->desk->code(work->desk->ctx, &usual, true, "", 0, ret_account))
		return;
	*ret_account = '\0';
	if (product.kind != JSON_OBJECT && json_member(line, "item").kind != JSON_NONE)
		return; /* it stands for nothing: that is said */
	obstacle(voucher, REASON_UNMAPPED, product.kind == JSON_OBJECT
		 ? "a line's product names no account in Xledger, and no rule says which one such lines get"
		 : "a line names no account and no item, and no rule says which one such lines get");
}

static void add_line(struct voucher *voucher, struct json_slice line)
{
	struct json_slice product = { 0 };
	char rule[RECORD_ID_MAX];
	struct entry *entry;

	memory_grow(&voucher->entries, &voucher->room, voucher->count + 1, sizeof(*voucher->entries));
	entry = &voucher->entries[voucher->count++];
	*entry = (struct entry){ .line = line, .amount = push_amount(line) };
	push_code(voucher->work, line, true, "item", entry->product);
	if (!record_of(voucher->work, "products", entry->product, &product))
		product = (struct json_slice){ 0 };
	account_of(voucher, line, product, entry->account);
	rule_of(voucher, line, product, rule);
	tax_line(voucher, entry, rule);
	translation_post(voucher->work->to, *entry->account ? POSTING_ACCOUNT : POSTING_UNKNOWN, entry->account,
			 signed_of(voucher, false, entry->net));
}

static void add_lines(struct voucher *voucher)
{
	struct json_slice lines = json_member(voucher->work->data, "lines"), line;
	size_t at = 0;

	while (lines.kind == JSON_ARRAY && json_each(lines, &at, NULL, &line)) {
		voucher->work->line++;
		add_line(voucher, line);
	}
	voucher->work->line = 0;
	if (voucher->count + TAXING_RATES + 1 > PUSH_NODES_MAX)
		translation_obstacle(voucher->work->to, REASON_LIMIT, "it has %zu lines, and Xledger takes %d in one call", voucher->count,
				     PUSH_NODES_MAX - TAXING_RATES - 1);
}

/* ---- currency */

static void find_rate(struct voucher *voucher)
{
	struct translating *work = voucher->work;

	if (push_decimal(work->data, "exchange_rate", &voucher->rate))
		return;
	if (policy_is(work->desk->policies, POLICY_RATE, "table"))
		push_rate_of_table(work, voucher->currency, &voucher->rate);
	else
		translation_obstacle(work->to, REASON_RATE, "there is no exchange rate from %s to %s, and the import takes none of its own",
				     voucher->currency, work->desk->company->home);
}

static void find_currency(struct voucher *voucher)
{
	struct translating *work = voucher->work;
	const char *home = work->desk->company->home;

	voucher->rate = decimal_of(1, 0);
	if (!push_code(work, work->data, false, "currency", voucher->currency))
		snprintf(voucher->currency, sizeof(voucher->currency), "%s", home);
	snprintf(work->to->currency, sizeof(work->to->currency), "%.7s", voucher->currency);
	if (*voucher->currency && !*home)
		translation_obstacle(work->to, REASON_CURRENCY,
				     "which currency Xledger keeps these books in is not known; connect it again once it has entries, or leave "
				     "out the document's currency");
	voucher->foreign = *home && strcmp(voucher->currency, home) != 0;
	if (voucher->foreign)
		find_rate(voucher);
}

/* ---- writing */

static void put_money(struct shape *shape, const char *path, struct decimal value)
{
	char digits[DECIMAL_TEXT_MAX];

	decimal_round(value, CENTS, &value);
	decimal_format(value, digits);
	push_shape_text(shape, path, digits, strlen(digits));
}

/* A line's amounts; in the books' currency the last line takes what rounding has left. */
static void put_amounts(struct voucher *voucher, struct shape *shape, struct decimal amount, bool last)
{
	struct decimal home = amount;

	if (voucher->foreign && !decimal_multiply(amount, voucher->rate, CENTS, &home))
		home = decimal_of(0, CENTS);
	if (last && voucher->foreign)
		home = voucher->left;
	push_sum(&voucher->left, decimal_negate(home));
	put_money(shape, "amount", home);
	put_money(shape, "invoiceAmount", amount);
	if (*voucher->currency)
		push_shape_text(shape, "currency.code", voucher->currency, strlen(voucher->currency));
	if (voucher->foreign)
		push_shape_number(shape, "exchangeRate", decimal_trim(voucher->rate));
}

static void put_day(struct voucher *voucher, struct shape *shape, const char *field, const char *path)
{
	char day[DATE_TEXT_MAX];
	struct date date;

	if (!push_day(voucher->work, field, &date))
		return;
	date_format(date, day);
	push_shape_text(shape, path, day, strlen(day));
}

static void begin_line(struct voucher *voucher, struct shape *shape, struct str *out)
{
	struct translating *work = voucher->work;
	char digits[24];

	str_add(out, out->text[out->len - 1] == '[' ? "" : ",");
	push_shape_begin(shape, out);
	push_shape_text(shape, "transactionSource.code", voucher->source, strlen(voucher->source));
	snprintf(digits, sizeof(digits), "%lld", voucher->number);
	push_shape_raw(shape, "trRegNumber", digits);
	push_shape_raw(shape, "jobLevel.dbSubId", "1");
	put_day(voucher, shape, "date", "postedDate");
	if (work->tag)
		push_shape_text(shape, "extIdentifier", work->tag, strlen(work->tag));
}

static void put_text(struct shape *shape, struct json_slice object, const char *field)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	if (push_text(object, field, &text))
		push_shape_text(shape, "text", text.text, text.len);
}

static void put_number(struct voucher *voucher, struct shape *shape)
{
	struct translating *work = voucher->work;
	AUTO(str_clear) struct str own = STR_INIT(STR_NO_LIMIT), number = STR_INIT(STR_NO_LIMIT);

	push_text(work->data, "number", &own);
	if (own.len == 0 || policy_is(work->desk->policies, POLICY_NUMBERING, "ledger")) {
		obstacle(voucher, REASON_UNFIT, "Xledger's import gives no numbers: the document needs one of its own, and numbering=keep");
		return;
	}
	if (!json_equals(json_member(work->desk->stands, "invoiceNumber"), own.text))
		policy_number(work->desk->policies, work->type, own.text, &number);
	else
		str_add(&number, own.text);
	push_shape_text(shape, "invoiceNumber", number.text, number.len);
}

static void put_party(struct voucher *voucher, struct str *out)
{
	struct translating *work = voucher->work;
	const char *account = policy_text(work->desk->policies, voucher->control, "account=");
	struct decimal total = signed_of(voucher, true, total_of(voucher));
	char id[RECORD_ID_MAX];
	struct shape shape;

	begin_line(voucher, &shape, out);
	put_number(voucher, &shape);
	put_day(voucher, &shape, "date", "invoiceDate");
	put_day(voucher, &shape, "due_date", "dueDate");
	if (push_code(work, work->data, false, voucher->party, id))
		push_shape_text(&shape, "subledger.dbId", id, strlen(id));
	if (account)
		push_shape_text(&shape, "account.code", account, strlen(account));
	else
		translation_obstacle(work->to, REASON_UNMAPPED, "which of Xledger's accounts the %s's line goes to is not said: the policy '%s' "
				     "does, as in account=1500", voucher->party, policy_row(voucher->control)->name);
	put_text(&shape, work->data, "memo");
	put_amounts(voucher, &shape, total, false);
	push_shape_end(&shape);
	translation_post(work->to, voucher->posting, "", total);
}

/* The parts of a tax come to what is posted of it: the line with the most takes what rounding has left. */
static struct decimal tax_part(const struct voucher *voucher, size_t index)
{
	const struct entry *entry = &voucher->entries[index];
	struct decimal off = { 0 }, part = entry->part;
	size_t most = SIZE_MAX;

	for (size_t i = 0; i < voucher->count; i++)
		if (voucher->entries[i].tax == entry->tax &&
		    (most == SIZE_MAX || decimal_compare(voucher->entries[i].part, voucher->entries[most].part) > 0))
			most = i;
	if (most == index && decimal_subtract(voucher->shares[entry->tax], voucher->taxing.rates[entry->tax].by_line, &off))
		push_sum(&part, off);
	return part;
}

static void put_entry(struct voucher *voucher, size_t index, bool last, struct str *out)
{
	const struct entry *entry = &voucher->entries[index];
	struct decimal quantity;
	struct shape shape;

	begin_line(voucher, &shape, out);
	if (*entry->account)
		push_shape_text(&shape, "account.dbId", entry->account, strlen(entry->account));
	if (*entry->product)
		push_shape_text(&shape, "product.dbId", entry->product, strlen(entry->product));
	if (push_decimal(entry->line, "quantity", &quantity)) {
		char digits[DECIMAL_TEXT_MAX];

		decimal_format(quantity, digits);
		push_shape_text(&shape, "quantity", digits, strlen(digits));
	}
	put_text(&shape, entry->line, "description");
	put_amounts(voucher, &shape, signed_of(voucher, false, entry->net), last);
	if (entry->tax != UNTAXED) {
		const char *rule = voucher->taxing.rates[entry->tax].id;

		push_shape_text(&shape, "taxRule.dbId", rule, strlen(rule));
		put_money(&shape, "taxAmount", signed_of(voucher, false, tax_part(voucher, index)));
	}
	push_shape_end(&shape);
}

static void put_tax(struct voucher *voucher, size_t index, struct str *out)
{
	struct decimal amount = signed_of(voucher, false, voucher->shares[index]);
	char account[RECORD_ID_MAX];
	struct json_slice raw;
	struct shape shape;

	if (decimal_is_zero(amount) || !record_of(voucher->work, "taxRules", voucher->taxing.rates[index].id, &raw))
		return;
	push_member(raw, "account.dbId", account, sizeof(account));
	begin_line(voucher, &shape, out);
	push_shape_text(&shape, "account.dbId", account, strlen(account));
	put_text(&shape, raw, "description");
	put_amounts(voucher, &shape, amount, false);
	push_shape_end(&shape);
	translation_post(voucher->work->to, POSTING_TAX, "", amount);
}

/* Taxes before lines: of lines there is one always, which takes what rounding leaves in the books' currency. */
static void put_all(struct voucher *voucher, struct str *out)
{
	str_add(out, "{\"items\":[");
	put_party(voucher, out);
	for (size_t i = 0; i < voucher->taxing.count; i++)
		put_tax(voucher, i, out);
	for (size_t i = 0; i < voucher->count; i++)
		put_entry(voucher, i, i + 1 == voucher->count, out);
	str_add(out, "]}");
}

/* What is not written is said: nobody should look for it in vain. */
static void note_left(struct voucher *voucher)
{
	static const struct {
		const char *field;
		bool line;
	} left[] = {
		{ "email", false }, { "message", false }, { "class", false }, { "department", false }, { "term", false }, { "class", true },
		{ "service_date", true }, { "customer", true },
	};
	struct translating *work = voucher->work;

	for (size_t i = 0; i < ARRAY_LEN(left); i++) {
		bool said = !left[i].line && json_member(work->data, left[i].field).kind != JSON_NONE;

		for (size_t k = 0; left[i].line && k < voucher->count; k++)
			said = said || json_member(voucher->entries[k].line, left[i].field).kind != JSON_NONE;
		if (said)
			str_addf(&work->to->notes, "%s%s is not written to Xledger\n", left[i].line ? "a line's " : "", left[i].field);
	}
}

/* ---- kinds */

/* Nine digits that are the document's own; two of one call that have the same don't go together. */
static long long number_of(const char *tag)
{
	return tag ? 100000000 + (long long)(hash_bytes(tag, strlen(tag)) % 900000000u) : 100000000;
}

void xledger_voucher(struct translating *work, struct str *out)
{
	static const struct {
		const char *type, *source, *party;
		enum policy control;
		enum posting_kind posting;
		int sign;
	} kinds[] = {
		{ "invoice", "AR", "customer", POLICY_RECEIVABLE, POSTING_RECEIVABLE, 1 },
		{ "credit_memo", "AR", "customer", POLICY_RECEIVABLE, POSTING_RECEIVABLE, -1 },
		{ "bill", "AP", "vendor", POLICY_PAYABLE, POSTING_PAYABLE, -1 },
	};
	struct voucher voucher = { .work = work, .number = number_of(work->tag) };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i].type, work->type->name) != 0)
			continue;
		voucher.source = kinds[i].source;
		voucher.party = kinds[i].party;
		voucher.control = kinds[i].control;
		voucher.posting = kinds[i].posting;
		voucher.sign = kinds[i].sign;
	}
	taxing_init(&voucher.taxing, push_is_word(work->data, "tax_mode", "inclusive"));
	find_currency(&voucher);
	add_lines(&voucher);
	finish_tax(&voucher);
	put_all(&voucher, out);
	note_left(&voucher);
	free(voucher.entries);
}

struct json_slice xledger_voucher_head(struct json_slice body)
{
	struct json_slice items = json_member(body, "items"), head = { 0 };
	size_t at = 0;

	if (items.kind == JSON_ARRAY)
		json_each(items, &at, NULL, &head);
	return head;
}
