/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is neither sold nor bought: opening balances, journals, transfers, card payments, stock
 * counts, hours, costs to be passed on, notes, templates and budgets.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ledgerdeck/core/memory.h"
#include "quickbooks/write.h"
#include "sample/sample_impl.h"

/* ---- journals */

/* One line; `party` (a Customer or Vendor) may be NULL. Positive is a debit. */
static void add_line(struct sample *sample, struct str *form, const struct record *account,
		     const struct record *party, int64_t cents)
{
	form_open(form);
	form_cents(form, "Amount", cents < 0 ? -cents : cents);
	form_text(form, "DetailType", "JournalEntryLineDetail");
	form_open_member(form, "JournalEntryLineDetail", '{');
	form_text(form, "PostingType", cents < 0 ? "Credit" : "Debit");
	if (party) {
		form_open_member(form, "Entity", '{');
		form_text(form, "Type", party->entity->name);
		form_ref(form, "EntityRef", party);
		form_close(form, '}');
	}
	form_ref(form, "AccountRef", account);
	if (!party && sample_percent(sample, 20))
		form_ref(form, "ClassRef", sample_pick(sample, &sample->classes));
	if (!party && sample_percent(sample, 20))
		form_ref(form, "DepartmentRef", sample_pick(sample, &sample->departments));
	str_add(form, "}}");
}

static void start_journal(struct sample *sample, struct str *form, const char *note)
{
	const struct table *journals =
		company_table(sample->company, entity_by_name("JournalEntry", false));

	form_open(form);
	form_date(form, "TxnDate", sample_day(sample, 0));
	str_addf(form, ",\"DocNumber\":\"JE %zu\"", journals->count + 1);
	form_text(form, "PrivateNote", note);
	form_open_member(form, "Line", '[');
}

static struct record *end_journal(struct sample *sample, struct str *form)
{
	form_close(form, ']');
	form_close(form, '}');
	sample_tick(sample, 75);
	return sample_add(sample, "JournalEntry", form);
}

/* Two lines of the same amount; nothing when the kind lacks an account. */
static struct record *simple_journal(struct sample *sample, enum sample_account debit,
				     enum sample_account credit, int64_t cents, const char *note)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	if (!sample->accounts[debit] || !sample->accounts[credit])
		return NULL;
	start_journal(sample, &form, note);
	add_line(sample, &form, sample->accounts[debit], NULL, cents);
	add_line(sample, &form, sample->accounts[credit], NULL, -cents);
	return end_journal(sample, &form);
}

static struct record *control_account(struct sample *sample, const char *type)
{
	const struct table *table =
		company_table(sample->company, entity_by_name("Account", false));

	for (size_t i = 0; i < table->count; i++)
		if (sample_has(table->by_id[i], "AccountType", type) &&
		    sample_has(table->by_id[i], "CurrencyRef.value", sample->kind->currency))
			return table->by_id[i];
	return NULL;
}

static struct record *find_home(struct sample *sample, const struct sample_list *list)
{
	for (size_t i = list->count; i-- > 0;)
		if (sample_has(list->records[i], "CurrencyRef.value", sample->kind->currency))
			return list->records[i];
	return NULL;
}

/* What a customer owed, and a vendor was owed, before the books began. */
static void open_parties(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	struct record *customer = find_home(sample, &sample->customers),
		      *vendor = find_home(sample, &sample->vendors);
	struct record *receivable = control_account(sample, "Accounts Receivable"), *journal;
	struct record *payable = control_account(sample, "Accounts Payable");

	if (!customer || !vendor || !payable)
		return;
	start_journal(sample, &form, "Opening balance");
	add_line(sample, &form, receivable, customer, 48250);
	add_line(sample, &form, sample->accounts[ACCOUNT_EQUITY], NULL, -48250);
	journal = end_journal(sample, &form);
	sample_plan(sample, 20, journal, settle_journal);
	start_journal(sample, &form, "Opening balance");
	add_line(sample, &form, sample->accounts[ACCOUNT_EQUITY], NULL, 21900);
	add_line(sample, &form, payable, vendor, -21900);
	end_journal(sample, &form);
	/* A credit that the customer has had since long ago; it stays open. */
	start_journal(sample, &form, "Credit carried forward");
	add_line(sample, &form, sample->accounts[ACCOUNT_EQUITY], NULL, 3175);
	add_line(sample, &form, receivable, customer, -3175);
	end_journal(sample, &form);
}

static void drop_journal(struct sample *sample, struct record *journal)
{
	if (journal->date.day > sample->company->preferences.book_close.day)
		sample_delete(sample, journal);
}

static void pay_wages(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	int64_t gross = 0, taxes;

	start_journal(sample, &form, "Payroll of the month");
	for (size_t i = 0; i < sample->employees.count; i++) {
		int64_t wage = 134000 + 6700 * (int64_t)i + sample_chance(sample, 9000);

		add_line(sample, &form, sample->accounts[ACCOUNT_WAGES], NULL, wage);
		gross += wage;
	}
	taxes = gross * 22 / 100;
	add_line(sample, &form, sample->accounts[ACCOUNT_PAYROLL_TAX], NULL, -taxes);
	add_line(sample, &form, sample->accounts[ACCOUNT_BANK], NULL, taxes - gross);
	end_journal(sample, &form);
}

bool ledger_journal(struct sample *sample)
{
	struct record *journal;
	int chance = sample_chance(sample, 100);

	if (sample->employees.count && chance < 50) {
		pay_wages(sample);
		return true;
	}
	if (chance < 80)
		journal = simple_journal(sample, ACCOUNT_DEPRECIATION, ACCOUNT_WORN, 41667,
					 "Depreciation");
	else if (chance < 90)
		journal = simple_journal(sample, ACCOUNT_LOAN, ACCOUNT_BANK, 75000, "Instalment");
	else
		journal = simple_journal(sample, ACCOUNT_FEES, ACCOUNT_BANK,
					 1250 + sample_chance(sample, 900), "Fees");
	if (!journal)
		journal = simple_journal(sample, ACCOUNT_OFFICE, ACCOUNT_BANK, 900, "Stamps");
	if (sample_percent(sample, 8))
		sample_plan(sample, 1, journal, drop_journal);
	return true;
}

/* ---- money moved */

static void transfer(struct sample *sample, const struct record *from, const struct record *to,
		     int64_t cents, const char *note)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	form_open(&form);
	form_ref(&form, "FromAccountRef", from);
	form_ref(&form, "ToAccountRef", to);
	form_cents(&form, "Amount", cents);
	form_date(&form, "TxnDate", sample_day(sample, 0));
	form_text(&form, "PrivateNote", note);
	form_close(&form, '}');
	sample_tick(sample, 60);
	sample_add(sample, "Transfer", &form);
}

bool ledger_transfer(struct sample *sample)
{
	struct record *bank = sample->accounts[ACCOUNT_BANK],
		      *savings = sample->accounts[ACCOUNT_SAVINGS];
	struct record *cash = sample->accounts[ACCOUNT_CASH];

	if (!savings || !cash)
		return false;
	if (cash->balance < 10000)
		transfer(sample, bank, cash, 60000 - cash->balance, NULL);
	else if (sample_percent(sample, 30))
		transfer(sample, savings, bank, 50000, NULL);
	else
		transfer(sample, bank, savings, 10000 * (sample_chance(sample, 20) + 1),
			 "Rücklage / reserve");
	return true;
}

void ledger_close_bank(struct sample *sample, struct record *bank)
{
	if (bank->balance > 0)
		transfer(sample, bank, sample->accounts[ACCOUNT_BANK], bank->balance,
			 "Account closed");
}

bool ledger_card_payment(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	struct record *card = sample->accounts[ACCOUNT_CARD];

	if (!card || card->balance >= 0)
		return false;
	form_open(&form);
	form_ref(&form, "CreditCardAccountRef", card);
	form_ref(&form, "BankAccountRef", sample->accounts[ACCOUNT_BANK]);
	form_cents(&form, "Amount", -card->balance);
	form_text(&form, "Memo", "Statement paid in full");
	form_date(&form, "TxnDate", sample_day(sample, 0));
	form_close(&form, '}');
	sample_tick(sample, 60);
	sample_add(sample, "CreditCardPayment", &form);
	return true;
}

bool ledger_adjustment(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	if (!sample->stock.count)
		return false;
	form_open(&form);
	form_ref(&form, "AdjustAccountRef", sample->accounts[ACCOUNT_SHRINKAGE]);
	form_date(&form, "TxnDate", sample_day(sample, 0));
	form_text(&form, "PrivateNote", "Counted");
	form_open_member(&form, "Line", '[');
	for (int i = 0; i < 2; i++) {
		form_open(&form);
		form_text(&form, "DetailType", "ItemAdjustmentLineDetail");
		form_open_member(&form, "ItemAdjustmentLineDetail", '{');
		form_ref(&form, "ItemRef", sample_pick(sample, &sample->stock));
		str_addf(&form, ",\"QtyDiff\":%d}}", i ? 1 : -1 - sample_chance(sample, 5));
	}
	form_close(&form, ']');
	form_close(&form, '}');
	sample_tick(sample, 300);
	sample_add(sample, "InventoryAdjustment", &form);
	return true;
}

/* ---- hours and costs passed on */

static void drop_time(struct sample *sample, struct record *time)
{
	if (time->date.day > sample->company->preferences.book_close.day)
		sample_delete(sample, time);
}

static const struct record *service_item(struct sample *sample)
{
	for (size_t i = 0; i < sample->items.count; i++)
		if (sample_has(sample->items.records[i], "Type", "Service"))
			return sample->items.records[i];
	return NULL;
}

bool ledger_time(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	bool vendor = sample_percent(sample, 20);
	struct record *who = sample_pick(sample, vendor ? &sample->vendors : &sample->employees),
		      *time;
	char stamp[STAMP_TEXT_MAX];

	form_open(&form);
	form_text(&form, "NameOf", who->entity->name);
	form_ref(&form, vendor ? "VendorRef" : "EmployeeRef", who);
	form_date(&form, "TxnDate", sample_day(sample, 0));
	if (sample_percent(sample, 70)) {
		form_ref(&form, "CustomerRef", sample_pick(sample, &sample->customers));
		form_text(&form, "BillableStatus",
			  sample_percent(sample, 30) ? "HasBeenBilled" : "Billable");
		str_addf(&form, ",\"HourlyRate\":%d", 40 + sample_chance(sample, 40));
	}
	form_ref(&form, "ItemRef", service_item(sample));
	if (sample_percent(sample, 80)) {
		str_addf(&form, ",\"Hours\":%d,\"Minutes\":%d", sample_chance(sample, 9),
			 15 * sample_chance(sample, 4));
	} else {
		form_text(&form, "StartTime",
			  stamp_format(company_stamp_ms(sample->company) - 9000000, -28800, false,
				       stamp));
		form_text(&form, "EndTime",
			  stamp_format(company_stamp_ms(sample->company), -28800, false, stamp));
	}
	form_text(&form, "Description", "On site; \"as found\"");
	form_close(&form, '}');
	sample_tick(sample, 45);
	time = sample_add(sample, "TimeActivity", &form);
	if (sample_percent(sample, 5))
		sample_plan(sample, 1, time, drop_time);
	return true;
}

/* The service makes these of billable costs; clients only read them. */
bool ledger_charge(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	const struct table *bills = company_table(sample->company, entity_by_name("Bill", false));
	int64_t cents = 1000 + sample_chance(sample, 20000);

	if (bills->count == 0)
		return false;
	form_open(&form);
	form_ref(&form, "CustomerRef", find_home(sample, &sample->customers));
	form_cents(&form, "Amount", cents);
	form_raw(&form, "HasBeenInvoiced", sample_percent(sample, 40) ? "true" : "false");
	form_date(&form, "TxnDate", sample_day(sample, 0));
	str_addf(&form, ",\"CurrencyRef\":{\"value\":\"%s\"}", sample->kind->currency);
	str_addf(&form, ",\"LinkedTxn\":[{\"TxnId\":\"%s\",\"TxnType\":\"Bill\"}]",
		 bills->by_id[bills->count / 2]->id);
	form_open_member(&form, "Line", '[');
	str_add(&form, "{\"Id\":\"1\",\"LineNum\":1,\"Description\":\"Passed on\"");
	form_cents(&form, "Amount", cents);
	form_text(&form, "DetailType", "ReimburseLineDetail");
	form_raw(&form, "ReimburseLineDetail", "{}");
	str_add(&form, "}]}");
	sample_tick(sample, 5);
	sample_add(sample, "ReimburseCharge", &form);
	return true;
}

/* ---- notes */

static void drop_note(struct sample *sample, struct record *note)
{
	sample_delete(sample, note);
}

bool ledger_note(struct sample *sample)
{
	static const char *const entities[] = { "Invoice", "Bill", "Customer", "Purchase" };
	const char *entity = entities[sample_chance(sample, ARRAY_LEN(entities))];
	const struct table *table = company_table(sample->company, entity_by_name(entity, false));
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	const struct record *target =
		table->count ? table->by_id[sample_chance(sample, (int)table->count)] : NULL;
	struct record *note;

	/* What is young may still be deleted. */
	if (!target || target->created_ms > sample->company->loading_ms - 15 * DAY_MS)
		target = sample->customers.records[0];
	form_open(&form);
	if (sample_percent(sample, 30)) {
		form_text(&form, "FileName", "Lieferschein Nr. 7 (Größe).pdf");
		form_text(&form, "ContentType", "application/pdf");
		str_addf(&form, ",\"Size\":%d", 20000 + sample_chance(sample, 90000));
	}
	form_text(&form, "Note", "Asked for by telephone, \"urgent\" – see e-mail of 4/7");
	str_addf(&form, ",\"AttachableRef\":[{\"EntityRef\":{\"type\":\"%s\",\"value\":\"%s\"}}]}",
		 target->entity->name, target->id);
	sample_tick(sample, 25);
	note = sample_add(sample, "Attachable", &form);
	if (sample_percent(sample, 10))
		sample_plan(sample, 2, note, drop_note);
	return true;
}

/* ---- once, at the beginning */

static void make_budget(struct sample *sample, int year)
{
	static const enum sample_account accounts[] = { ACCOUNT_SALES, ACCOUNT_RENT, ACCOUNT_WAGES,
							ACCOUNT_ADS };
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	form_open(&form);
	str_addf(&form,
		 "\"Name\":\"Budget %d – "
		 "P&L\",\"BudgetType\":\"ProfitAndLoss\",\"BudgetEntryType\":\"Monthly\"",
		 year);
	form_date(&form, "StartDate", date_of(year, 1, 1));
	form_date(&form, "EndDate", date_of(year, 12, 31));
	form_raw(&form, "Active", "true");
	form_open_member(&form, "BudgetDetail", '[');
	for (size_t i = 0; i < ARRAY_LEN(accounts); i++) {
		for (int month = 1; month <= 12; month++) {
			form_open(&form);
			form_date(&form, "BudgetDate", date_of(year, month, 1));
			form_cents(&form, "Amount", 100000 * (int64_t)(i + 1) + 2500 * month);
			form_ref(&form, "AccountRef", sample->accounts[accounts[i]]);
			form_close(&form, '}');
		}
	}
	str_add(&form, "]}");
	sample_add(sample, "Budget", &form);
	sample_tick(sample, 1);
}

static void make_template(struct sample *sample, const char *entity, const char *name,
			  const char *members)
{
	static const struct write_options options = { .allow_duplicate_number = true };
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	struct fault fault = { 0 };
	json_object *sent;

	str_addf(&form,
		 "{\"%s\":{\"RecurringInfo\":{\"Name\":\"%s\",\"RecurType\":\"Automated\","
		 "\"Active\":true,"
		 "\"ScheduleInfo\":{\"IntervalType\":\"Monthly\",\"NumInterval\":1,\"DayOfMonth\":"
		 "1}},%s}}",
		 entity, name, members);
	sent = json_tokener_parse(form.text);
	if (!sent || !write_run(sample->company, entity_by_name("RecurringTransaction", false),
				WRITE_SAVE, sent, &options, &out, &fault)) {
		fprintf(stderr, "sample data is refused: %d %s\n%s\n", fault.code, fault.detail,
			form.text);
		abort();
	}
	json_object_put(sent);
	sample_tick(sample, 2);
}

static void make_templates(struct sample *sample)
{
	AUTO(str_clear) struct str members = STR_INIT(STR_NO_LIMIT);

	str_addf(&members,
		 "\"CustomerRef\":{\"value\":\"%s\"},\"Line\":[{\"Amount\":120.00,\"DetailType\":"
		 "\"SalesItemLineDetail\",\"SalesItemLineDetail\":{\"ItemRef\":{\"value\":\"%s\"},"
		 "\"Qty\":1,\"UnitPrice\":120}}]",
		 find_home(sample, &sample->customers)->id, service_item(sample)->id);
	make_template(sample, "Invoice", "Monthly service", members.text);
	str_reset(&members);
	str_addf(&members,
		 "\"VendorRef\":{\"value\":\"%s\"},\"Line\":[{\"Amount\":1850.00,\"DetailType\":"
		 "\"AccountBasedExpenseLineDetail\",\"AccountBasedExpenseLineDetail\":{"
		 "\"AccountRef\":{\"value\":\"%s\"}}}]",
		 find_home(sample, &sample->vendors)->id, sample->accounts[ACCOUNT_RENT]->id);
	make_template(sample, "Bill", "Rent", members.text);
}

void ledger_open(struct sample *sample)
{
	simple_journal(sample, ACCOUNT_BANK, ACCOUNT_EQUITY,
		       sample->kind->employees ? 14000000 : 420000, "Opening balance");
	simple_journal(sample, ACCOUNT_SAVINGS, ACCOUNT_EQUITY, 2500000, "Opening balance");
	simple_journal(sample, ACCOUNT_CASH, ACCOUNT_EQUITY, 45000, "Opening balance");
	simple_journal(sample, ACCOUNT_OLD_BANK, ACCOUNT_EQUITY, 1850000, "Opening balance");
	simple_journal(sample, ACCOUNT_EQUIPMENT, ACCOUNT_LOAN, 2400000, "Opening balance");
	if (sample->kind->employees == 0)
		return;
	open_parties(sample);
	for (int i = 0; i <= 2; i++)
		make_budget(sample, date_calendar(sample->first).year + i);
	make_templates(sample);
}
