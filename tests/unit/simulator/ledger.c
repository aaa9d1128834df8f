/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See ledger.h. */
#include "ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/draft.h"

#include "test_simulator.h"

/* ---- what must always be so */

static int64_t cents_of(const struct record *record, const char *path)
{
	struct json_slice slice = json_find(record->text, record->len, path);
	struct decimal value = { 0, 2 };

	if (slice.kind == JSON_NUMBER)
		assert_true(decimal_parse(slice.text, slice.len, &value) &&
			    decimal_round(value, 2, &value));
	return value.digits;
}

/* The records of a table with an amount each, by their place. */
struct sums {
	const struct table *table;
	int64_t *cents; /* owned */
};

static void sums_start(struct sums *sums, struct company *company, const char *entity)
{
	sums->table = company_table(company, entity_by_name(entity, false));
	sums->cents = memory_new((sums->table->count + 1) * sizeof(*sums->cents));
}

static int64_t *sum_of(struct sums *sums, const char *id)
{
	size_t low = 0, high = sums->table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (id_compare(sums->table->by_id[middle]->id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	assert_true(low < sums->table->count && strcmp(sums->table->by_id[low]->id, id) == 0);
	return &sums->cents[low];
}

static void assert_cents(const struct record *record, const char *member, int64_t expected)
{
	if (cents_of(record, member) != expected)
		fail_msg("%s %s: %s should be %lld hundredths in %s", record->entity->name,
			 record->id, member, (long long)expected, record->text);
}

static void check_record(const struct record *record)
{
	int64_t sum = 0, settled = 0;

	assert_true(json_check(record->text, record->len, NULL) &&
		    strlen(record->text) == record->len);
	for (uint32_t i = 0; i < record->posting_count; i++)
		sum += record->postings[i].cents;
	if (sum != 0)
		fail_msg("%s %s: debits and credits differ by %lld in %s", record->entity->name,
			 record->id, (long long)sum, record->text);
	if (strcmp(record->entity->name, "Invoice") != 0)
		return;
	for (uint32_t i = 0; i < record->link_count; i++)
		settled += record->links[i].cents;
	assert_cents(record, "Balance",
		     cents_of(record, "TotalAmt") - cents_of(record, "Deposit") - settled);
	assert_true(cents_of(record, "Balance") >= 0);
}

static void check_accounts(struct company *company)
{
	struct sums sums;

	sums_start(&sums, company, "Account");
	for (size_t e = 0; e < entity_count(); e++) {
		const struct table *table = company_table(company, entity_at(e));

		for (size_t i = 0; i < table->count; i++) {
			const struct record *record = table->by_id[i];

			check_record(record);
			for (uint32_t k = 0; k < record->posting_count; k++)
				*sum_of(&sums, record->postings[k].account->id) +=
					record->postings[k].cents;
		}
	}
	for (size_t i = 0; i < sums.table->count; i++) {
		const struct record *account = sums.table->by_id[i];
		struct json_slice kind = json_find(account->text, account->len, "Classification");
		bool asset = json_equals(kind, "Asset");
		bool shown = asset || json_equals(kind, "Liability") || json_equals(kind, "Equity");

		assert_int_equal(account->balance, sums.cents[i]);
		assert_cents(account, "CurrentBalance",
			     !shown  ? 0
			     : asset ? sums.cents[i]
				     : -sums.cents[i]);
	}
	free(sums.cents);
}

/* What of a bill payment settles nothing; the service does not show it. */
static int64_t unapplied(struct company *company, const struct record *payment)
{
	json_object *object = record_read(payment), *lines = object_get(object, "Line");
	int64_t left = cents_of(payment, "TotalAmt");

	for (size_t i = 0; lines && i < json_object_array_length(lines); i++) {
		json_object *line = json_object_array_get_idx(lines, i),
			    *link = object_first(line, "LinkedTxn");
		const struct record *target =
			company_find(company, link_entity(object_text(link, "TxnType")),
				     object_text(link, "TxnId"));
		bool credit =
			strcmp(target->entity->name, "VendorCredit") == 0 ||
			(strcmp(target->entity->name, "JournalEntry") == 0 && target->balance > 0);

		left -= (credit ? -1 : 1) * object_cents(line, "Amount");
	}
	json_object_put(object);
	return left;
}

/* What a record leaves open for its customer or vendor; credits and money in hand are negative. */
static int64_t open_effect(struct company *company, const struct record *record)
{
	const char *name = record->entity->name;

	if (strcmp(name, "Invoice") == 0 || strcmp(name, "Bill") == 0)
		return cents_of(record, "Balance");
	if (strcmp(name, "CreditMemo") == 0 || strcmp(name, "VendorCredit") == 0)
		return -cents_of(record, "Balance");
	return strcmp(name, "Payment") == 0 ? -cents_of(record, "UnappliedAmt")
					    : -unapplied(company, record);
}

static void add_open(struct company *company, const char *entity, const char *reference,
		     struct sums *sums)
{
	const struct table *table = company_table(company, entity_by_name(entity, false));

	for (size_t i = 0; i < table->count; i++) {
		AUTO(str_clear) struct str id = STR_INIT(ID_MAX);

		json_unquote(json_find(table->by_id[i]->text, table->by_id[i]->len, reference),
			     &id);
		*sum_of(sums, id.text) += open_effect(company, table->by_id[i]);
	}
}

/* A journal entry with one name in it leaves open for that name what nothing has settled. */
static void add_journals(struct company *company, const char *party, int sign, struct sums *sums)
{
	const struct table *table = company_table(company, entity_by_name("JournalEntry", false));

	for (size_t i = 0; i < table->count; i++)
		for (uint32_t k = 0; k < table->by_id[i]->posting_count; k++) {
			const struct record *named = table->by_id[i]->postings[k].party;

			if (named && strcmp(named->entity->name, party) == 0)
				*sum_of(sums, named->id) += sign * record_open(table->by_id[i]);
		}
}

static void check_customers(struct company *company)
{
	struct sums own, with_jobs;

	sums_start(&own, company, "Customer");
	sums_start(&with_jobs, company, "Customer");
	add_open(company, "Invoice", "CustomerRef.value", &own);
	add_open(company, "CreditMemo", "CustomerRef.value", &own);
	add_open(company, "Payment", "CustomerRef.value", &own);
	add_journals(company, "Customer", 1, &own);
	for (size_t i = 0; i < own.table->count; i++) {
		assert_cents(own.table->by_id[i], "Balance", own.cents[i]);
		for (const struct record *each = own.table->by_id[i]; each; each = each->above)
			*sum_of(&with_jobs, each->id) += own.cents[i];
	}
	for (size_t i = 0; i < own.table->count; i++)
		assert_cents(own.table->by_id[i], "BalanceWithJobs", with_jobs.cents[i]);
	free(own.cents);
	free(with_jobs.cents);
}

static void check_vendors(struct company *company)
{
	struct sums sums;

	sums_start(&sums, company, "Vendor");
	add_open(company, "Bill", "VendorRef.value", &sums);
	add_open(company, "VendorCredit", "VendorRef.value", &sums);
	add_open(company, "BillPayment", "VendorRef.value", &sums);
	add_journals(company, "Vendor", -1, &sums);
	for (size_t i = 0; i < sums.table->count; i++)
		assert_cents(sums.table->by_id[i], "Balance", sums.cents[i]);
	free(sums.cents);
}

void ledger_check(struct company *company)
{
	check_accounts(company);
	check_customers(company);
	check_vendors(company);
}

void ledger_add_all(struct company *company, struct str *out)
{
	str_addf(out, "%lld %lld %lld %lld %lld\n", (long long)company->next_name_id,
		 (long long)company->next_txn_id, (long long)company->next_number,
		 (long long)company->next_bill_number, (long long)company->next_address_id);
	for (size_t e = 0; e < entity_count(); e++) {
		const struct table *table = company_table(company, entity_at(e));

		str_addf(out, "%s %lld %zu %zu\n", entity_at(e)->name,
			 (long long)company->next_list_id[entity_at(e)->index],
			 table->inactive_count, table->tombstone_count);
		for (size_t i = 0; i < table->count; i++) {
			const struct record *record = table->by_id[i];

			str_addf(out, "%s %lld %d %u %u %s\n", record->text,
				 (long long)record->balance, (int)record->sync_token,
				 (unsigned)record->posting_count, (unsigned)record->link_count,
				 table->by_time[i]->id);
		}
	}
}

/* ---- worlds */

struct seed {
	const char *entity, *json;
};

static void plant(struct books *books, const struct seed *seeds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		AUTO(str_clear) struct str json = STR_INIT(STR_NO_LIMIT);

		books_quote(&json, seeds[i].json);
		write_sample(books->company, seeds[i].entity, json.text);
	}
}

/* The accounts have the same ids in both worlds; so have terms, methods and the first names. */
static const struct seed common[] = {
	{ "Account", "{`Name`:`Checking`,`AccountType`:`Bank`}" }, /* 1 */
	{ "Account", "{`Name`:`Accounts Receivable (A/R)`,`AccountType`:`Accounts Receivable`}" },
	{ "Account", "{`Name`:`Undeposited Funds`,`AccountType`:`Other Current "
		     "Asset`,`AccountSubType`:`UndepositedFunds`}" },
	{ "Account", "{`Name`:`Sales`,`AccountType`:`Income`,`AccountSubType`:`"
		     "SalesOfProductIncome`}" }, /* 4 */
	{ "Account", "{`Name`:`Discounts "
		     "given`,`AccountType`:`Income`,`AccountSubType`:`DiscountsRefundsGiven`}" },
	{ "Account", "{`Name`:`Cost of Goods Sold`,`AccountType`:`Cost of Goods Sold`,"
		     "`AccountSubType`:`SuppliesMaterialsCogs`}" },
	{ "Account", "{`Name`:`Stock`,`AccountType`:`Other Current "
		     "Asset`,`AccountSubType`:`Inventory`}" }, /* 7 */
	{ "Account", "{`Name`:`Accounts Payable (A/P)`,`AccountType`:`Accounts Payable`}" },
	{ "Account", "{`Name`:`Card`,`AccountType`:`Credit Card`}" }, /* 9 */
	{ "Account", "{`Name`:`Opening Balance Equity`,`AccountType`:`Equity`}" },
	{ "Account", "{`Name`:`Rent`,`AccountType`:`Expense`}" }, /* 11 */
	{ "Account", "{`Name`:`Till`,`AccountType`:`Bank`}" },
	{ "Term", "{`Name`:`Net 30`,`DueDays`:30}" },
	{ "Term", "{`Name`:`Net 10`,`DueDays`:10}" },
	{ "PaymentMethod", "{`Name`:`Check`}" },
};

static const struct seed us_seeds[] = {
	{ "TaxAgency", "{`DisplayName`:`State`}" },
	{ "TaxRate", "{`Name`:`State tax`,`Active`:true,`RateValue`:8,`AgencyRef`:{`value`:`1`}}" },
	{ "TaxRate",
	  "{`Name`:`City tax`,`Active`:true,`RateValue`:2.5,`AgencyRef`:{`value`:`1`}}" },
	{ "TaxCode", "{`Name`:`State`,`Active`:true,`SalesTaxRateList`:{`TaxRateDetail`:[{`"
		     "TaxRateRef`:{`value`:`1`}}]}}" },
	{ "TaxCode", "{`Name`:`Both`,`Active`:true,`SalesTaxRateList`:{`TaxRateDetail`:[{`"
		     "TaxRateRef`:{`value`:`1`}},"
		     "{`TaxRateRef`:{`value`:`2`}}]}}" },
	{ "Preferences",
	  "{`SalesFormsPrefs`:{`CustomField`:[{`CustomField`:[{`Name`:`SalesFormsPrefs."
	  "SalesCustomName1`,"
	  "`Type`:`StringType`,`StringValue`:`Crew`}]}],`CustomTxnNumbers`:false,`AllowDiscount`:"
	  "true,"
	  "`DefaultTerms`:{`value`:`1`}},`TaxPrefs`:{`UsingSalesTax`:true,`TaxGroupCodeRef`:{`"
	  "value`:`1`}},"
	  "`CurrencyPrefs`:{`MultiCurrencyEnabled`:false,`HomeCurrency`:{`value`:`USD`}}}" },
	{ "Class", "{`Name`:`North`}" },
	{ "Item", "{`Name`:`Hours`,`Type`:`Service`,`IncomeAccountRef`:{`value`:`4`}}" }, /* 1 */
	{ "Item",
	  "{`Name`:`Hose`,`Type`:`NonInventory`,`Taxable`:true,`IncomeAccountRef`:{`value`:`4`}}" },
	{ "Item",
	  "{`Name`:`Pump`,`Type`:`Inventory`,`Taxable`:true,`UnitPrice`:15,`PurchaseCost`:10,`"
	  "QtyOnHand`:25,"
	  "`InvStartDate`:`2025-01-01`,`TrackQtyOnHand`:true,`IncomeAccountRef`:{`value`:`4`},"
	  "`ExpenseAccountRef`:{`value`:`6`},`AssetAccountRef`:{`value`:`7`}}" }, /* 3 */
	{ "Item",
	  "{`Name`:`Old`,`Type`:`Service`,`Active`:false,`IncomeAccountRef`:{`value`:`4`}}" },
	{ "Customer", "{`DisplayName`:`Ada's Garden`,`BillAddr`:{`Line1`:`4 Elm "
		      "St`,`City`:`Byron`},`ShipAddr`:{`Line1`:"
		      "`4 Elm St`,`City`:`Byron`}}" }, /* 1 */
	{ "Customer",
	  "{`DisplayName`:`Bo Untaxed`,`Taxable`:false,`SalesTermRef`:{`value`:`2`}}" }, /* 2 */
	{ "Customer",
	  "{`DisplayName`:`Pond`,`Job`:true,`ParentRef`:{`value`:`1`},`BillWithParent`:true}" },
	{ "Customer", "{`DisplayName`:`Gone`,`Active`:false}" }, /* 4 */
	{ "Vendor", "{`DisplayName`:`Pipes Ltd`}" },
	{ "Vendor", "{`DisplayName`:`Other Vendor`}" },
	{ "Employee", "{`GivenName`:`Cy`,`FamilyName`:`Young`}" }, /* 7 */
};

static const struct seed vat_seeds[] = {
	{ "TaxAgency", "{`DisplayName`:`Finanzamt`}" },
	{ "TaxRate", "{`Name`:`USt 19`,`Active`:true,`RateValue`:19,`AgencyRef`:{`value`:`1`}}" },
	{ "TaxRate", "{`Name`:`USt 7`,`Active`:true,`RateValue`:7,`AgencyRef`:{`value`:`1`}}" },
	{ "TaxRate", "{`Name`:`RC`,`Active`:true,`RateValue`:-19,`AgencyRef`:{`value`:`1`}}" },
	{ "TaxCode", "{`Name`:`19`,`Active`:true,`SalesTaxRateList`:{`TaxRateDetail`:[{`TaxRateRef`"
		     ":{`value`:`1`}}]},"
		     "`PurchaseTaxRateList`:{`TaxRateDetail`:[{`TaxRateRef`:{`value`:`1`}}]}}" },
	{ "TaxCode", "{`Name`:`7`,`Active`:true,`SalesTaxRateList`:{`TaxRateDetail`:[{`TaxRateRef`:"
		     "{`value`:`2`}}]},"
		     "`PurchaseTaxRateList`:{`TaxRateDetail`:[{`TaxRateRef`:{`value`:`2`}}]}}" },
	{ "TaxCode",
	  "{`Name`:`RC`,`Active`:true,`SalesTaxRateList`:{`TaxRateDetail`:[]},`PurchaseTaxRateList`"
	  ":"
	  "{`TaxRateDetail`:[{`TaxRateRef`:{`value`:`1`}},{`TaxRateRef`:{`value`:`3`}}]}}" },
	{ "Preferences", "{`SalesFormsPrefs`:{`CustomTxnNumbers`:true,`AllowDiscount`:true},`"
			 "TaxPrefs`:{`UsingSalesTax`:true,"
			 "`TaxGroupCodeRef`:{`value`:`1`}},`CurrencyPrefs`:{`MultiCurrencyEnabled`:"
			 "true,`HomeCurrency`:"
			 "{`value`:`EUR`}}}" },
	{ "CompanyCurrency", "{`Code`:`USD`}" },
	{ "CompanyCurrency", "{`Code`:`PLN`}" },
	{ "ExchangeRate", "{`SourceCurrencyCode`:`USD`,`Rate`:0.9,`AsOfDate`:`2026-01-01`}" },
	{ "ExchangeRate", "{`SourceCurrencyCode`:`USD`,`Rate`:0.8,`AsOfDate`:`2026-01-20`}" },
	{ "Item", "{`Name`:`Brot`,`Type`:`Service`,`Taxable`:true,`SalesTaxCodeRef`:{`value`:`2`},`"
		  "IncomeAccountRef`:"
		  "{`value`:`4`}}" }, /* 1 */
	{ "Item",
	  "{`Name`:`Wein`,`Type`:`Service`,`Taxable`:true,`IncomeAccountRef`:{`value`:`4`}}" },
	{ "Customer", "{`DisplayName`:`Käthe Groß`}" }, /* 1 */
	{ "Customer", "{`DisplayName`:`Dollar Inc.`,`CurrencyRef`:{`value`:`USD`}}" },
	{ "Vendor", "{`DisplayName`:`Mühle`}" }, /* 3 */
	{ "Vendor", "{`DisplayName`:`Mill Inc.`,`CurrencyRef`:{`value`:`USD`}}" },
};

static void start(struct books *books, const char *country, const char *currency)
{
	AUTO(str_clear) struct str json = STR_INIT(STR_NO_LIMIT);

	books->company->loading = true;
	books->company->loading_ms = BOOKS_NOW_MS - 30 * DAY_MS;
	books->company->next_number = 1001;
	books->company->next_bill_number = 51;
	snprintf(books->company->preferences.home_currency, 4, "%s", currency);
	str_addf(&json,
		 "{\"CompanyName\":\"Kettle\",\"Country\":\"%s\",\"FiscalYearStartMonth\":"
		 "\"January\"}",
		 country);
	write_sample(books->company, "CompanyInfo", json.text);
	plant(books, common, ARRAY_LEN(common));
}

static void finish(struct books *books)
{
	draft_render(books->company);
	books->company->loading = false;
}

int ledger_open_us(void **state)
{
	struct books *books;

	if (books_open(state) != 0)
		return -1;
	books = *state;
	start(books, "US", "USD");
	write_sample_as(books->company, "TaxCode", "TAX",
			"{\"Name\":\"TAX\",\"Active\":true,\"Taxable\":true}");
	write_sample_as(books->company, "TaxCode", "NON",
			"{\"Name\":\"NON\",\"Active\":true,\"Taxable\":false}");
	books->company->next_list_id[entity_by_name("TaxCode", false)->index] = 1;
	plant(books, us_seeds, ARRAY_LEN(us_seeds));
	finish(books);
	return 0;
}

int ledger_open_vat(void **state)
{
	struct books *books;

	if (books_open(state) != 0)
		return -1;
	books = *state;
	start(books, "DE", "EUR");
	plant(books, vat_seeds, ARRAY_LEN(vat_seeds));
	finish(books);
	return 0;
}

/* ---- steps */

static void put_object(json_object **object)
{
	json_object_put(*object);
}

static int run(struct books *books, enum write_operation operation, const char *entity,
	       const char *body, struct str *out, struct fault *fault)
{
	static const struct write_options options = { 0 };
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	AUTO(put_object) json_object *sent = NULL;

	books->now_ms += 1000;
	books_quote(&text, body);
	sent = json_tokener_parse(text.text);
	if (!sent)
		fail_msg("no JSON: %s", text.text);
	str_reset(out);
	if (write_run(books->company, entity_by_name(entity, false), operation, sent, &options, out,
		      fault))
		return 0;
	assert_true(fault->code != 0 && str_is_utf8(fault->detail, strlen(fault->detail)));
	return fault->code;
}

int ledger_write(struct books *books, enum write_operation operation, const char *entity,
		 const char *body, struct str *out)
{
	struct fault fault = { 0 };

	return run(books, operation, entity, body, out, &fault);
}

static void check_parts(const struct step *step, const char *text)
{
	for (const char *at = step->parts; at && *at;) {
		size_t len = strcspn(at, "\n");
		bool absent = *at == '!';
		AUTO(memory_freep) char *part = memory_copy(at + absent, len - absent);
		AUTO(str_clear) struct str quoted = STR_INIT(STR_NO_LIMIT);

		books_quote(&quoted, part);
		if ((strstr(text, quoted.text) != NULL) == absent)
			fail_msg("%s %s: %sexpected '%s' in %s", step->entity, step->body,
				 absent ? "not " : "", quoted.text, text);
		at += len + (at[len] == '\n');
	}
}

void ledger_run(struct books *books, const struct step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct step *step = &steps[i];
		AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT);
		AUTO(str_clear) struct str after = STR_INIT(STR_NO_LIMIT);
		AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
		struct fault fault = { 0 };
		int code;

		ledger_add_all(books->company, &before);
		code = run(books, step->operation, step->entity, step->body, &out, &fault);
		if (code != step->code)
			fail_msg("step %zu, %s %s: expected %d, got %d '%s' (%s)", i, step->entity,
				 step->body, step->code, code, fault.detail, fault.element);
		check_parts(step, code ? fault.detail : out.text);
		if (code && step->element && strcmp(fault.element, step->element) != 0)
			fail_msg("%s %s: expected element '%s', got '%s'", step->entity, step->body,
				 step->element, fault.element);
		ledger_add_all(books->company, &after);
		if (code && strcmp(before.text, after.text) != 0)
			fail_msg("%s %s: refused, but it left something behind", step->entity,
				 step->body);
		ledger_check(books->company);
	}
}
