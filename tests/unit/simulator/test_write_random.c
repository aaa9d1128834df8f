/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What must hold after any sequence of writes: debits and credits are even, balances are those of
 * the records, and what was refused left nothing behind. The sequences come from seeds.
 */
#include "quickbooks/write.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/draft.h"

#include "ledger.h"
#include "test_simulator.h"

#define SEEDS 6
#define WRITES 220

/* One sequence. */
struct dice {
	struct books *books;
	struct random random;
	bool vat;
	struct str body; /* of the write that is being made up */
	enum write_operation operation;
	const char *entity;
	int done, refused;
};

static int roll(struct dice *dice, int limit)
{
	return (int)random_below(&dice->random, (uint64_t)limit);
}

static struct record *pick(struct dice *dice, const char *entity)
{
	const struct table *table =
		company_table(dice->books->company, entity_by_name(entity, false));

	return table->count ? table->by_id[roll(dice, (int)table->count)] : NULL;
}

static struct record *pick_txn(struct dice *dice)
{
	static const char *const entities[] = {
		"Invoice", "Invoice", "Payment", "Payment", "CreditMemo", "SalesReceipt",
		"RefundReceipt", "Bill", "Bill", "BillPayment", "VendorCredit", "Purchase",
		"JournalEntry", "Deposit", "Transfer", "Estimate",
	};

	return pick(dice, entities[roll(dice, ARRAY_LEN(entities))]);
}

/* ---- bodies */

static void add_date(struct dice *dice)
{
	if (roll(dice, 3) == 0)
		str_addf(&dice->body, ",\"TxnDate\":\"2026-01-%02d\"", 1 + roll(dice, 30));
}

static void add_sales_lines(struct dice *dice)
{
	int items = dice->vat ? 2 : 3;

	str_add(&dice->body, "\"Line\":[");
	for (int i = 0, count = 1 + roll(dice, 4); i < count; i++) {
		int price = 1 + roll(dice, 9999), quantity = 1 + roll(dice, 5);

		str_addf(&dice->body,
			 "%s{\"Amount\":%d.%02d,\"DetailType\":\"SalesItemLineDetail\","
			 "\"SalesItemLineDetail\":{"
			 "\"ItemRef\":{\"value\":\"%d\"},\"UnitPrice\":%d.%02d,\"Qty\":%d",
			 i ? "," : "", price * quantity / 100, price * quantity % 100,
			 1 + roll(dice, items), price / 100, price % 100, quantity);
		if (roll(dice, 2))
			str_addf(&dice->body, ",\"TaxCodeRef\":{\"value\":\"%s\"}",
				 dice->vat ? (roll(dice, 2) ? "1" : "3") : "TAX");
		str_add(&dice->body, "}}");
	}
	if (roll(dice, 5) == 0)
		str_addf(&dice->body,
			 ",{\"DetailType\":\"DiscountLineDetail\",\"DiscountLineDetail\":{"
			 "\"PercentBased\":true,"
			 "\"DiscountPercent\":%d}}",
			 1 + roll(dice, 99));
	str_add(&dice->body, "]");
	if (dice->vat && roll(dice, 2))
		str_addf(&dice->body, ",\"GlobalTaxCalculation\":\"%s\"",
			 roll(dice, 2) ? "TaxInclusive" : "NotApplicable");
	else if (!dice->vat && roll(dice, 2))
		str_addf(&dice->body,
			 ",\"TxnTaxDetail\":{\"TxnTaxCodeRef\":{\"value\":\"%d\"}},"
			 "\"ApplyTaxAfterDiscount\":%s",
			 1 + roll(dice, 2), roll(dice, 2) ? "true" : "false");
}

static void make_sale(struct dice *dice)
{
	static const char *const entities[] = { "Invoice",    "Invoice",      "Invoice",
						"CreditMemo", "SalesReceipt", "RefundReceipt",
						"Estimate" };

	dice->entity = entities[roll(dice, ARRAY_LEN(entities))];
	str_addf(&dice->body, "{\"CustomerRef\":{\"value\":\"%d\"},",
		 1 + roll(dice, dice->vat ? 2 : 3));
	add_sales_lines(dice);
	add_date(dice);
	if (strcmp(dice->entity, "RefundReceipt") == 0)
		str_add(&dice->body, ",\"DepositToAccountRef\":{\"value\":\"1\"}");
	if (strcmp(dice->entity, "Invoice") == 0 && roll(dice, 6) == 0)
		str_add(&dice->body, ",\"Deposit\":0.01");
	if (dice->vat && roll(dice, 4) == 0)
		str_addf(&dice->body, ",\"ExchangeRate\":0.%05d", 1 + roll(dice, 99999));
	str_add(&dice->body, "}");
}

static void add_costs(struct dice *dice)
{
	str_add(&dice->body, "\"Line\":[");
	for (int i = 0, count = 1 + roll(dice, 3); i < count; i++) {
		int cents = 1 + roll(dice, 50000);

		str_addf(&dice->body,
			 "%s{\"Amount\":%d.%02d,\"DetailType\":\"AccountBasedExpenseLineDetail\","
			 "\"AccountBasedExpenseLineDetail\":{\"AccountRef\":{\"value\":\"%d\"}",
			 i ? "," : "", cents / 100, cents % 100, roll(dice, 2) ? 11 : 6);
		if (dice->vat)
			str_addf(&dice->body, ",\"TaxCodeRef\":{\"value\":\"%d\"}",
				 1 + roll(dice, 3));
		str_add(&dice->body, "}}");
	}
	str_add(&dice->body, "]");
	if (dice->vat && roll(dice, 3) == 0)
		str_add(&dice->body, ",\"GlobalTaxCalculation\":\"TaxInclusive\"");
}

static int vendor(struct dice *dice)
{
	return (dice->vat ? 3 : 5) + roll(dice, 2);
}

static void make_cost(struct dice *dice)
{
	static const char *const entities[] = { "Bill", "Bill", "VendorCredit", "Purchase" };

	dice->entity = entities[roll(dice, ARRAY_LEN(entities))];
	str_add(&dice->body, "{");
	if (strcmp(dice->entity, "Purchase") != 0)
		str_addf(&dice->body, "\"VendorRef\":{\"value\":\"%d\"},", vendor(dice));
	else if (roll(dice, 2))
		str_add(&dice->body, "\"PaymentType\":\"CreditCard\",\"AccountRef\":{\"value\":"
				     "\"9\"},\"Credit\":true,");
	else
		str_addf(&dice->body,
			 "\"PaymentType\":\"Cash\",\"AccountRef\":{\"value\":\"1\"},\"EntityRef\":{"
			 "\"value\":\"%d\","
			 "\"type\":\"Vendor\"},",
			 vendor(dice));
	add_costs(dice);
	add_date(dice);
	str_add(&dice->body, "}");
}

static bool names_party(const struct record *record, const char *party)
{
	for (uint32_t i = 0; i < record->posting_count; i++)
		if (record->postings[i].party && strcmp(record->postings[i].party->id, party) == 0)
			return true;
	return false;
}

/* A document of an entity, mostly one of that customer or vendor. */
static struct record *pick_for(struct dice *dice, const char *entity, const char *party)
{
	struct record *record = pick(dice, entity);

	for (int tries = 0; record && tries < 9 && !names_party(record, party); tries++)
		record = pick(dice, entity);
	return record;
}

/* Some documents, mostly with amounts that are open; `sum` grows by what takes money. */
static void add_settled(struct dice *dice, bool customer, const char *party, int64_t *sum)
{
	static const char *const sales[] = { "Invoice", "Invoice", "CreditMemo", "JournalEntry" };
	static const char *const costs[] = { "Bill", "Bill", "VendorCredit", "JournalEntry" };

	str_add(&dice->body, ",\"Line\":[");
	for (int i = 0, count = roll(dice, 4), added = 0; i < count; i++) {
		const char *entity = customer ? sales[roll(dice, 4)] : costs[roll(dice, 4)];
		const struct record *target = pick_for(dice, entity, party);
		int64_t open = target ? record_open(target) : 0, cents;
		bool credit;

		if (!target)
			continue;
		credit = strcmp(entity, "CreditMemo") == 0 || strcmp(entity, "VendorCredit") == 0 ||
			 (strcmp(entity, "JournalEntry") == 0 && (open < 0) == customer);
		cents = open < 0 ? -open : open;
		if (roll(dice, 3) == 0)
			cents = cents / 2 + 1;
		*sum += credit ? -cents : cents;
		str_addf(&dice->body,
			 "%s{\"Amount\":%lld.%02d,\"LinkedTxn\":[{\"TxnId\":\"%s\",\"TxnType\":\"%"
			 "s\"}]}",
			 added++ ? "," : "", (long long)(cents / 100), (int)(cents % 100),
			 target->id, entity);
	}
	str_add(&dice->body, "]");
}

/* Members of a payment, without the brackets; it is a customer's or a vendor's. */
static void add_payment(struct dice *dice, bool customer, const char *party)
{
	int64_t sum = 0;

	str_addf(&dice->body, "\"%s\":{\"value\":\"%s\"}", customer ? "CustomerRef" : "VendorRef",
		 party);
	add_settled(dice, customer, party, &sum);
	sum = sum < 0 ? 0 : sum;
	if (roll(dice, 4) == 0)
		sum += roll(dice, 5000);
	str_addf(&dice->body, ",\"TotalAmt\":%lld.%02d", (long long)(sum / 100), (int)(sum % 100));
	if (!customer)
		str_add(&dice->body, ",\"PayType\":\"Check\",\"CheckPayment\":{\"BankAccountRef\":{"
				     "\"value\":\"1\"}}");
	else if (roll(dice, 2))
		str_add(&dice->body, ",\"DepositToAccountRef\":{\"value\":\"1\"}");
}

static void make_payment(struct dice *dice)
{
	bool customer = roll(dice, 3) > 0;
	char id[16];

	dice->entity = customer ? "Payment" : "BillPayment";
	snprintf(id, sizeof(id), "%d", customer ? 1 + roll(dice, dice->vat ? 2 : 3) : vendor(dice));
	str_add(&dice->body, "{");
	add_payment(dice, customer, id);
	add_date(dice);
	str_add(&dice->body, "}");
}

static void add_journal_line(struct dice *dice, int account, const char *side, int cents)
{
	str_addf(&dice->body,
		 "{\"Amount\":%d.%02d,\"DetailType\":\"JournalEntryLineDetail\","
		 "\"JournalEntryLineDetail\":{"
		 "\"PostingType\":\"%s\",\"AccountRef\":{\"value\":\"%d\"}",
		 cents / 100, cents % 100, side, account);
	if (account == 2)
		str_addf(&dice->body,
			 ",\"Entity\":{\"Type\":\"Customer\",\"EntityRef\":{\"value\":\"1\"}}");
	else if (account == 8)
		str_addf(&dice->body,
			 ",\"Entity\":{\"Type\":\"Vendor\",\"EntityRef\":{\"value\":\"%d\"}}",
			 dice->vat ? 3 : 5);
	str_add(&dice->body, "}}");
}

static void make_journal(struct dice *dice)
{
	static const int accounts[] = { 2, 8, 1, 11 };
	int cents = 1 + roll(dice, 20000), debit = roll(dice, 2);

	dice->entity = "JournalEntry";
	str_add(&dice->body, "{\"Line\":[");
	add_journal_line(dice, accounts[roll(dice, 4)], debit ? "Debit" : "Credit", cents);
	str_add(&dice->body, ",");
	add_journal_line(dice, 10, debit ? "Credit" : "Debit", roll(dice, 20) ? cents : cents + 1);
	str_add(&dice->body, "]}");
}

static void make_deposit(struct dice *dice)
{
	const struct record *payment = pick(dice, "Payment"), *receipt = pick(dice, "SalesReceipt");
	const struct record *each[] = { payment, receipt };
	int added = 0;

	dice->entity = "Deposit";
	str_add(&dice->body, "{\"DepositToAccountRef\":{\"value\":\"1\"},\"Line\":[");
	for (size_t i = 0; i < ARRAY_LEN(each); i++) {
		struct json_slice total;

		if (!each[i] || roll(dice, 3) == 0)
			continue;
		total = json_find(each[i]->text, each[i]->len, "TotalAmt");
		str_addf(
			&dice->body,
			"%s{\"Amount\":%.*s,\"LinkedTxn\":[{\"TxnId\":\"%s\",\"TxnType\":\"%s\"}]}",
			added++ ? "," : "", (int)total.len, total.text, each[i]->id,
			each[i]->entity->name);
	}
	if (roll(dice, 2))
		str_addf(&dice->body,
			 "%s{\"Amount\":7.5,\"DetailType\":\"DepositLineDetail\","
			 "\"DepositLineDetail\":{\"AccountRef\":{"
			 "\"value\":\"4\"}}}",
			 added ? "," : "");
	str_add(&dice->body, "]");
	if (roll(dice, 3) == 0)
		str_add(&dice->body,
			",\"CashBack\":{\"AccountRef\":{\"value\":\"12\"},\"Amount\":5}");
	str_add(&dice->body, "}");
}

static void make_transfer(struct dice *dice)
{
	dice->entity = "Transfer";
	str_addf(&dice->body,
		 "{\"FromAccountRef\":{\"value\":\"%d\"},\"ToAccountRef\":{\"value\":\"12\"},"
		 "\"Amount\":%d.5}",
		 roll(dice, 3) ? 1 : 12, roll(dice, 90));
}

/* Something else in a transaction that is there already. */
static void make_change(struct dice *dice)
{
	const struct record *record = pick_txn(dice);
	bool customer = false;

	if (!record)
		return;
	dice->entity = record->entity->name;
	str_addf(&dice->body,
		 "{\"Id\":\"%s\",\"SyncToken\":\"%d\",\"sparse\":true,\"PrivateNote\":\"%d\",",
		 record->id, (int)record->sync_token, roll(dice, 3));
	if (strcmp(dice->entity, "Payment") == 0 || strcmp(dice->entity, "BillPayment") == 0) {
		AUTO(str_clear) struct str id = STR_INIT(ID_MAX);

		customer = dice->entity[0] == 'P';
		json_unquote(json_find(record->text, record->len,
				       customer ? "CustomerRef.value" : "VendorRef.value"),
			     &id);
		add_payment(dice, customer, id.text);
	} else if (strcmp(dice->entity, "Bill") == 0 || strcmp(dice->entity, "VendorCredit") == 0) {
		add_costs(dice);
	} else if (shape_member(&record->entity->shape, "CustomField") &&
		   shape_member(&record->entity->shape, "BillAddr")) {
		add_sales_lines(dice);
	} else {
		str_add(&dice->body, "\"TxnDate\":\"2026-01-09\"");
	}
	str_add(&dice->body, "}");
}

/* A whole record as it stands, or with another date, as clients send them back. */
static void make_echo(struct dice *dice)
{
	const struct record *record = pick_txn(dice);
	const char *date;

	if (!record)
		return;
	dice->entity = record->entity->name;
	str_add_bytes(&dice->body, record->text, record->len);
	date = strstr(dice->body.text, "\"TxnDate\":\"2026-01-");
	if (date && roll(dice, 2))
		memcpy(dice->body.text + (date - dice->body.text) + 19, roll(dice, 2) ? "03" : "21",
		       2);
}

static void make_end(struct dice *dice)
{
	const struct record *record = pick_txn(dice);

	if (!record)
		return;
	dice->operation = roll(dice, 2) ? WRITE_DELETE : WRITE_VOID;
	dice->entity = record->entity->name;
	str_addf(&dice->body, "{\"Id\":\"%s\",\"SyncToken\":\"%d\"}", record->id,
		 (int)record->sync_token - (roll(dice, 9) == 0));
}

/* A customer gets another name, another parent, or is made inactive and active again. */
static void make_customer_change(struct dice *dice)
{
	const struct record *record = pick(dice, "Customer");

	dice->entity = "Customer";
	str_addf(&dice->body, "{\"Id\":\"%s\",\"SyncToken\":\"%d\",\"sparse\":true,", record->id,
		 (int)record->sync_token);
	switch (roll(dice, 3)) {
	case 0:
		str_addf(&dice->body, "\"DisplayName\":\"Name %d\"}", roll(dice, 12));
		break;
	case 1:
		str_addf(&dice->body,
			 "\"Job\":true,\"ParentRef\":{\"value\":\"%d\"},\"BillWithParent\":%s}",
			 1 + roll(dice, 3), roll(dice, 2) ? "true" : "false");
		break;
	default:
		str_addf(&dice->body, "\"Active\":%s}", roll(dice, 3) ? "true" : "false");
	}
}

/* ---- sequences */

static void make_something(struct dice *dice)
{
	static void (*const makers[])(struct dice * dice) = {
		make_sale,
		make_sale,
		make_sale,
		make_payment,
		make_payment,
		make_payment,
		make_cost,
		make_cost,
		make_journal,
		make_deposit,
		make_transfer,
		make_change,
		make_change,
		make_echo,
		make_end,
		make_end,
		make_customer_change,
	};

	str_reset(&dice->body);
	dice->operation = WRITE_SAVE;
	dice->entity = NULL;
	while (!dice->entity)
		makers[roll(dice, ARRAY_LEN(makers))](dice);
}

static void write_something(struct dice *dice)
{
	AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str after = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	make_something(dice);
	ledger_add_all(dice->books->company, &before);
	if (ledger_write(dice->books, dice->operation, dice->entity, dice->body.text, &out) == 0) {
		assert_true(json_check(out.text, out.len, NULL));
		dice->done++;
	} else {
		ledger_add_all(dice->books->company, &after);
		if (strcmp(before.text, after.text) != 0)
			fail_msg("%s %s: refused, but it left something behind", dice->entity,
				 dice->body.text);
		dice->refused++;
	}
	ledger_check(dice->books->company);
}

static void run_sequence(struct books *books, uint64_t seed, bool is_vat)
{
	struct dice dice = { .books = books, .vat = is_vat, .body = STR_INIT(STR_NO_LIMIT) };

	random_seed(&dice.random, seed);
	for (int i = 0; i < WRITES; i++)
		write_something(&dice);
	str_clear(&dice.body);
	if (dice.done < WRITES / 3 || dice.refused < WRITES / 20)
		fail_msg("seed %llu: %d carried out and %d refused prove little",
			 (unsigned long long)seed, dice.done, dice.refused);
}

static void any_sequence(bool is_vat)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		void *state = NULL;

		assert_int_equal(is_vat ? ledger_open_vat(&state) : ledger_open_us(&state), 0);
		if (seed % 2)
			books_set(state, "void-more", "on");
		run_sequence(state, seed, is_vat);
		books_close(&state);
	}
}

static void any_us_sequence(void **state)
{
	(void)state;
	any_sequence(false);
}

static void any_vat_sequence(void **state)
{
	(void)state;
	any_sequence(true);
}

int test_write_random(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(any_us_sequence),
					    cmocka_unit_test(any_vat_sequence) };

	return cmocka_run_group_tests_name("write, at random", tests, NULL, NULL);
}
