/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Payment and BillPayment: money, and which documents it settles. The payment owns the link; the
 * documents only show it. Receivables and payables move at each document's own exchange rate, the
 * money at the payment's, and the difference is exchange gain or loss.
 */
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "quickbooks/draft.h"
#include "quickbooks/lines.h"
#include "quickbooks/rules.h"

struct payment {
	struct draft *draft;
	struct record *party;    /* who pays, or is paid */
	struct record *control;  /* receivable or payable account */
	struct record *money;    /* bank, card or Undeposited Funds */
	int direction;           /* 1: a customer's payment; -1: a bill payment */
	int64_t total;           /* money, hundredths */
	int64_t applied;         /* documents settled less credits used */
	int64_t home_applied;    /* the same at the documents' rates */
	json_object *lines;      /* owned: as they will stand */
};

/*
 * What of a document is open when this very payment, as it stood before, is left out; what its
 * lines before this one settle counts.
 */
static int64_t open_without(const struct draft *draft, const struct record *target)
{
	int64_t open = record_open(target);

	for (uint32_t i = 0; i < target->link_count; i++)
		if (target->links[i].from == draft->old)
			open += target->links[i].cents;
	for (size_t i = 0; i < draft->link_count; i++)
		if (draft->links[i].target == target)
			open -= draft->links[i].cents;
	return open;
}

/* 1 when settling it takes money, -1 when it gives (a credit), 0 when it cannot be settled so. */
static int target_sign(int direction, const struct record *target)
{
	static const struct { const char *entity; int direction, sign; } rows[] = {
		{ "Invoice", 1, 1 }, { "CreditMemo", 1, -1 }, { "Bill", -1, 1 }, { "VendorCredit", -1, -1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].entity, target->entity->name) == 0 && rows[i].direction == direction)
			return rows[i].sign;
	if (strcmp(target->entity->name, "JournalEntry") == 0)
		return target->balance * direction < 0 ? -1 : 1;
	return 0;
}

/* Is `customer` the payer itself, or one below it whose bills go to it? */
static bool belongs_to(struct company *company, const char *customer, const struct record *payer)
{
	for (int depth = 0; depth < 6; depth++) {
		struct record *record = company_find(company, payer->entity, customer);
		struct json_slice bill, parent;

		if (!record)
			return false;
		if (record == payer)
			return true;
		bill = json_find(record->text, record->len, "BillWithParent");
		parent = json_find(record->text, record->len, "ParentRef.value");
		if (bill.kind != JSON_BOOL || bill.text[0] != 't' || parent.kind != JSON_STRING)
			return false;
		{
			AUTO(str_clear) struct str id = STR_INIT(ID_MAX);

			json_unquote(parent, &id);
			if (id.len >= ID_MAX)
				return false;
			return belongs_to(company, id.text, payer);
		}
	}
	return false;
}

/*
 * Where a document stands open, in `ret_owed` (NULL: nowhere); 620 when that is with somebody
 * whose documents the payer does not settle.
 */
static bool find_owed(struct payment *payment, const struct record *target, const struct posting **ret_owed,
		      struct fault *fault)
{
	const char *kind = payment->direction > 0 ? "Customer" : "Vendor";
	const char *member = payment->direction > 0 ? "CustomerRef.value" : "VendorRef.value";
	AUTO(str_clear) struct str id = STR_INIT(ID_MAX);
	bool foreign = strcmp(target->entity->name, "JournalEntry") == 0; /* unless it names the payer */

	*ret_owed = NULL;
	json_unquote(json_find(target->text, target->len, member), &id);
	if (id.len > 0 && !belongs_to(payment->draft->company, id.text, payment->party))
		foreign = true;
	for (uint32_t i = 0; i < target->posting_count && !*ret_owed; i++) {
		const struct posting *posting = &target->postings[i];

		if (!posting->party || strcmp(posting->party->entity->name, kind) != 0)
			continue;
		if (belongs_to(payment->draft->company, posting->party->id, payment->party))
			*ret_owed = posting;
		else
			foreign = true; /* a journal may name several */
	}
	if (*ret_owed || !foreign)
		return true;
	return fault_set(fault, 620, "", "Transaction can't be linked : The transaction that you want to link to belongs "
					 "to another customer or vendor.");
}

/* What the service shows beside a payment's line: id, open balance before it, number. */
static void add_line_extra(json_object *line, const struct record *target, int64_t open)
{
	static const char *const names[] = { "txnId", "txnOpenBalance", "txnReferenceNumber" };
	json_object *list = json_object_new_array(), *extra = json_object_new_object();
	AUTO(str_clear) struct str number = STR_INIT(200);
	char amount[DECIMAL_TEXT_MAX];
	const char *values[3] = { target->id, decimal_format(decimal_of(open, 2), amount), NULL };

	json_unquote(json_find(target->text, target->len, "DocNumber"), &number);
	values[2] = number.text;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		json_object *item, *value;

		if (!*values[i])
			continue;
		item = json_object_new_object();
		value = json_object_new_object();
		object_set_text(value, "Name", names[i]);
		object_set_text(value, "Value", values[i]);
		object_set_text(item, "name", "{http://schema.intuit.com/finance/v3}NameValue");
		object_set_text(item, "declaredType", "com.intuit.schema.finance.v3.NameValue");
		object_set_text(item, "scope", "javax.xml.bind.JAXBElement$GlobalScope");
		object_set(item, "value", value);
		object_set_flag(item, "nil", false);
		object_set_flag(item, "globalScope", true);
		object_set_flag(item, "typeSubstituted", false);
		json_object_array_add(list, item);
	}
	object_set(extra, "any", list);
	object_set(line, "LineEx", extra);
}

/* The line that settled the same document in the payment as it stood; its open balance was that of its day. */
static json_object *line_before(const struct draft *draft, json_object *line)
{
	json_object *lines = object_get(draft->before, "Line"), *link = object_first(line, "LinkedTxn");

	for (size_t i = 0; lines && i < json_object_array_length(lines); i++) {
		json_object *old = json_object_array_get_idx(lines, i);

		if (json_object_equal(object_first(old, "LinkedTxn"), link))
			return old;
	}
	return NULL;
}

static void settle(struct payment *payment, json_object *line, struct record *target, const struct posting *owed,
		   int sign, int64_t open, int64_t cents)
{
	struct draft *draft = payment->draft;
	json_object *before = line_before(draft, line);
	struct json_slice slice = json_find(target->text, target->len, "ExchangeRate");
	struct decimal rate = { 1, 0 }, home = decimal_of(cents, 2);

	if (slice.kind == JSON_NUMBER && decimal_parse(slice.text, slice.len, &rate))
		decimal_multiply(decimal_of(cents, 2), rate, 2, &home);
	payment->applied += sign * cents;
	payment->home_applied += sign * home.digits;
	draft_post_home(draft, owed ? owed->account : payment->control, owed ? owed->party : payment->party,
			-payment->direction * sign * home.digits, -payment->direction * sign * cents);
	draft_settle(draft, target, target->balance < 0 ? -cents : cents);
	if (before && object_get(before, "LineEx"))
		object_set(line, "LineEx", json_object_get(object_get(before, "LineEx")));
	else if (payment->direction > 0)
		add_line_extra(line, target, open);
	json_object_array_add(payment->lines, json_object_get(line));
}

static bool take_line(struct payment *payment, json_object *line, struct fault *fault)
{
	struct draft *draft = payment->draft;
	json_object *link = object_first(line, "LinkedTxn");
	const struct entity *entity = link ? link_entity(object_text(link, "TxnType")) : NULL;
	int64_t cents = object_cents(line, "Amount"), open;
	const struct posting *owed;
	struct record *target;
	int sign;

	if (!object_get(line, "Amount"))
		return fault_set(fault, 2020, "Line.Amount", "Required parameter Line.Amount is missing in the request");
	if (!link)
		return fault_set(fault, 2020, "Line.LinkedTxn", "Required parameter Line.LinkedTxn is missing in the request");
	if (!entity)
		return fault_set(fault, 2170, "TxnType", "TxnType : value is not known. Supplied value:%.60s",
				 object_text(link, "TxnType"));
	target = company_find(draft->company, entity, object_text(link, "TxnId"));
	if (!target)
		return fault_plain(fault, 610);
	sign = target_sign(payment->direction, target);
	if (sign == 0)
		return payment->direction < 0 || /* silently dropped, as reported of bill payments */
		       fault_set(fault, 620, "", "Transaction can't be linked : A payment can't be linked to %s %s.",
				 entity->name, target->id);
	if (!find_owed(payment, target, &owed, fault))
		return false;
	if (cents < 0)
		return fault_plain(fault, 2140);
	open = open_without(draft, target);
	open = open < 0 ? -open : open;
	if (cents == 0 || open == 0)
		return true; /* a closed document's link is dropped from the answer, with 200 */
	if (cents > open)
		return fault_set(fault, 6000, "", "Business Validation Error: You can't apply more to %s %s than its open "
						  "balance.", entity->name, target->id);
	settle(payment, line, target, owed, sign, open, cents);
	return true;
}

static bool take_lines(struct payment *payment, struct fault *fault)
{
	json_object *lines = lines_of(payment->draft);

	for (size_t i = 0; i < json_object_array_length(lines); i++)
		if (!take_line(payment, json_object_array_get_idx(lines, i), fault))
			return false;
	if (payment->applied > payment->total)
		return fault_set(fault, 6000, "", "Business Validation Error: The amount applied is more than the amount of "
						  "the payment.");
	if (payment->applied < 0)
		return fault_set(fault, 6000, "", "Business Validation Error: More credit is used than is needed.");
	return true;
}

static void post_money(struct payment *payment)
{
	struct draft *draft = payment->draft;
	int64_t left = payment->total - payment->applied, gain;

	draft_post(draft, payment->money, NULL, payment->direction * payment->total);
	draft_post(draft, payment->control, payment->party, -payment->direction * left);
	gain = draft_home(draft, payment->total) - draft_home(draft, left) - payment->home_applied;
	if (gain != 0)
		draft_post_home(draft, account_exchange(draft->company), NULL, -payment->direction * gain, 0);
	draft->balance = payment->total;
}

static void put_object(json_object **object)
{
	json_object_put(*object);
}

bool payment_complete(struct draft *draft, struct fault *fault)
{
	AUTO(put_object) json_object *lines = json_object_new_array();
	struct payment payment = { .draft = draft, .direction = 1, .lines = lines };
	struct company *company = draft->company;

	if (draft->old && draft->old->link_count > 0)
		return fault_plain(fault, 6540);
	payment.party = object_target(company, draft->object, "CustomerRef", "Customer");
	payment.total = object_cents(draft->object, "TotalAmt");
	if (payment.total < 0)
		return fault_plain(fault, 2140);
	if (!draft_begin(draft, payment.party, fault))
		return false;
	payment.control = object_target(company, draft->object, "ARAccountRef", "Account");
	if (!payment.control)
		payment.control = account_receivable(company, object_text(draft->object, "CurrencyRef.value"));
	payment.money = object_target(company, draft->object, "DepositToAccountRef", "Account");
	if (!payment.money) {
		json_object *reference = json_object_new_object();

		payment.money = account_undeposited(company);
		object_set_text(reference, "value", payment.money->id);
		object_set(draft->object, "DepositToAccountRef", reference);
	}
	if (!account_is(payment.control, "Accounts Receivable") || !account_is(payment.money, "Bank|Other Current Asset"))
		return fault_set(fault, 6430, "", "Invalid account type used : You need to select a different type of account "
						  "for this transaction.");
	if (!take_lines(&payment, fault))
		return false;
	object_set(draft->object, "Line", json_object_get(lines));
	object_set_default(draft->object, "ProcessPayment", json_object_new_boolean(false));
	post_money(&payment);
	return true;
}

/* The bank or card account of a bill payment; none is needed when no money moves. */
static bool bill_money(struct payment *payment, struct fault *fault)
{
	struct draft *draft = payment->draft;
	bool card = strcmp(object_text(draft->object, "PayType"), "CreditCard") == 0;
	const char *block = card ? "CreditCardPayment" : "CheckPayment";
	json_object *info = object_get(draft->object, block);

	object_set(draft->object, card ? "CheckPayment" : "CreditCardPayment", NULL);
	if (!info && payment->total != 0)
		return fault_set(fault, 2020, block, "Required parameter %s is missing in the request", block);
	if (!info) {
		object_set(draft->object, block, json_object_new_object());
		info = object_get(draft->object, block);
	}
	if (!card)
		object_set_default(info, "PrintStatus", json_object_new_string("NotSet"));
	payment->money = object_target(draft->company, info, card ? "CCAccountRef" : "BankAccountRef", "Account");
	if (!payment->money && payment->total != 0)
		return fault_set(fault, 2020, card ? "CCAccountRef" : "BankAccountRef",
				 "Required parameter %s is missing in the request", card ? "CCAccountRef" : "BankAccountRef");
	if (payment->money && !account_is(payment->money, card ? "Credit Card" : "Bank"))
		return fault_set(fault, 6430, block, "Invalid account type used : You need to select a different type of "
						     "account for this transaction.");
	if (!payment->money)
		payment->money = account_undeposited(draft->company);
	return true;
}

bool bill_payment_complete(struct draft *draft, struct fault *fault)
{
	AUTO(put_object) json_object *lines = json_object_new_array();
	struct payment payment = { .draft = draft, .direction = -1, .lines = lines };

	payment.party = object_target(draft->company, draft->object, "VendorRef", "Vendor");
	payment.total = object_cents(draft->object, "TotalAmt");
	if (payment.total < 0)
		return fault_plain(fault, 2140);
	if (!draft_begin(draft, payment.party, fault) || !bill_money(&payment, fault) ||
	    !draft_number(draft, &draft->company->next_bill_number, true, fault))
		return false;
	payment.control = object_target(draft->company, draft->object, "APAccountRef", "Account");
	if (!payment.control)
		payment.control = account_payable(draft->company, object_text(draft->object, "CurrencyRef.value"));
	if (!take_lines(&payment, fault))
		return false;
	object_set(draft->object, "Line", json_object_get(lines));
	post_money(&payment);
	return true;
}

bool payment_may_delete(struct company *company, struct record *record, struct fault *fault)
{
	(void)company;
	return record->link_count == 0 || fault_plain(fault, 6540);
}

int payment_direction(const struct record *payer)
{
	return strcmp(payer->entity->name, "Payment") == 0 ? 1 : -1;
}

int payment_sign(const struct record *payer, const struct record *target)
{
	return target_sign(payment_direction(payer), target);
}

int64_t payment_left(struct company *company, const struct record *payer, json_object *object)
{
	json_object *lines = object_get(object, "Line");
	int64_t left = object_cents(object, "TotalAmt");

	for (size_t i = 0; lines && i < json_object_array_length(lines); i++) {
		json_object *line = json_object_array_get_idx(lines, i), *link = object_first(line, "LinkedTxn");
		const struct entity *entity = link ? link_entity(object_text(link, "TxnType")) : NULL;
		const struct record *target = entity ? company_find(company, entity, object_text(link, "TxnId")) : NULL;

		left -= (target ? payment_sign(payer, target) : 1) * object_cents(line, "Amount");
	}
	return left;
}

void payment_derive(struct company *company, struct record *record, json_object *object)
{
	if (strcmp(record->entity->name, "Payment") != 0)
		return;
	object_set_cents(object, "UnappliedAmt", payment_left(company, record, object));
	links_derive(record, object);
	if (record->link_count == 0)
		object_set(object, "LinkedTxn", NULL);
}
