/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a record does to the books. Amounts of other currencies become home ones posting by posting, half away from zero; what
 * cents are over then are put where neither party nor stock is (nobody has confirmed where the ledger puts them).
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "books.h"
#include "ledgerdeck/core/memory.h"

#define CENTS 2

static const struct {
	const char *type;
	int sign;
	void (*book)(struct booking *booking);
	const char *party, *total, *open; /* members of the record */
} rows[] = {
	{ "Invoice", 1, booking_sale, "CustomerRef.value", "TotalAmt", "Balance" },
	{ "SalesReceipt", 1, booking_sale, "CustomerRef.value", "TotalAmt", "Balance" },
	{ "CreditMemo", -1, booking_sale, "CustomerRef.value", "TotalAmt", "Balance" },
	{ "RefundReceipt", -1, booking_sale, "CustomerRef.value", "TotalAmt", "Balance" },
	{ "Payment", 1, booking_payment, "CustomerRef.value", "TotalAmt", "UnappliedAmt" },
	{ "Bill", 1, booking_purchase, "VendorRef.value", "TotalAmt", "Balance" },
	{ "VendorCredit", -1, booking_purchase, "VendorRef.value", "TotalAmt", "Balance" },
	{ "BillPayment", -1, booking_payment, "VendorRef.value", "TotalAmt", NULL },
	{ "Purchase", 1, booking_purchase, "EntityRef.value", "TotalAmt", NULL },
	{ "CreditCardPayment", 1, booking_transfer, "VendorRef.value", "Amount", NULL },
	{ "JournalEntry", 1, booking_journal, NULL, NULL, NULL },
	{ "Deposit", 1, booking_deposit, NULL, "TotalAmt", NULL },
	{ "Transfer", 1, booking_transfer, NULL, "Amount", NULL },
	{ "InventoryAdjustment", 1, booking_stock, NULL, NULL, NULL },
};

static const char *const types[] = {
	"Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt", "Payment", "Bill", "VendorCredit", "BillPayment", "Purchase",
	"CreditCardPayment", "JournalEntry", "Deposit", "Transfer", "InventoryAdjustment", NULL,
};
static_assert(ARRAY_LEN(types) == ARRAY_LEN(rows) + 1, "both tables have the same types");

/* ---- what members say */

char *books_text(struct json_slice object, const char *path, char *out, size_t size)
{
	struct json_slice value = json_member(object, path);
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	*out = '\0';
	if (value.kind == JSON_STRING)
		json_unquote(value, &text);
	if (text.len < size && text.len > 0)
		memcpy(out, text.text, text.len + 1);
	return out;
}

bool booking_amount(struct json_slice object, const char *path, struct decimal *ret_amount)
{
	struct json_slice value = json_member(object, path);

	*ret_amount = decimal_of(0, CENTS);
	return value.kind == JSON_NUMBER && decimal_parse(value.text, value.len, ret_amount);
}

struct decimal decimal_signed(struct decimal amount, int sign)
{
	return sign < 0 && amount.digits != INT64_MIN ? decimal_negate(amount) : amount;
}

void booking_doubt(struct booking *booking, const char *format, ...)
{
	va_list list;

	if (!booking->entry->known)
		return; /* the first reason is kept */
	booking->entry->known = false;
	va_start(list, format);
	vsnprintf(booking->entry->why, sizeof(booking->entry->why), format, list);
	va_end(list);
}

/* ---- posting */

struct decimal booking_home(struct booking *booking, struct decimal amount, struct decimal rate)
{
	struct decimal home = decimal_of(0, CENTS);

	if (decimal_compare(rate, decimal_of(1, 0)) != 0)
		booking->rounds = true;
	if (!decimal_multiply(amount, rate, CENTS, &home))
		booking_doubt(booking, "an amount of it is too large");
	return home;
}

void booking_post_home(struct booking *booking, const struct books_place *place, struct decimal home, struct decimal foreign)
{
	struct books_posting posting = { .class = place->class, .amount = home, .foreign = foreign };

	if (decimal_is_zero(home) && decimal_is_zero(foreign))
		return;
	memcpy(posting.account, place->account, RECORD_ID_MAX);
	memcpy(posting.party, place->party, RECORD_ID_MAX);
	books_entry_post(booking->entry, &posting);
	booking->entry->posts = true;
}

void booking_post(struct booking *booking, const struct books_place *place, struct decimal amount)
{
	booking_post_home(booking, place, booking_home(booking, amount, booking->rate), amount);
}

void booking_untold(struct booking *booking, const struct books_place *place)
{
	struct books_posting posting = { .untold = true, .class = place->class, .amount = decimal_of(0, CENTS),
					 .foreign = decimal_of(0, CENTS) };

	memcpy(posting.account, place->account, RECORD_ID_MAX);
	books_entry_post(booking->entry, &posting);
	booking->entry->posts = true;
}

struct decimal booking_sum(const struct booking *booking)
{
	struct decimal sum = decimal_of(0, CENTS), next;

	for (size_t i = 0; i < booking->entry->posting_count; i++)
		if (decimal_add(sum, booking->entry->postings[i].amount, &next))
			sum = next;
	return sum;
}

void booking_place(struct booking *booking, struct json_slice object, const char *path, const char *party,
		   struct books_place *ret_place)
{
	const struct books_desk *desk = booking->desk;
	struct json_slice account;

	*ret_place = (struct books_place){ 0 };
	books_text(object, path, ret_place->account, RECORD_ID_MAX);
	if (*ret_place->account && desk->record(desk->ctx, "Account", ret_place->account, &account))
		ret_place->class = books_class(account);
	if (ret_place->class == CLASS_RECEIVABLE || ret_place->class == CLASS_PAYABLE)
		snprintf(ret_place->party, RECORD_ID_MAX, "%s", party);
}

/* ---- the whole */

static struct decimal size_of(struct decimal amount)
{
	return decimal_signed(amount, amount.digits < 0 ? -1 : 1);
}

/* Stock keeps what its pieces cost, and parties what they owe. */
static bool takes_cents(struct booking *booking, const struct books_posting *posting)
{
	const struct books_desk *desk = booking->desk;
	struct json_slice account;

	return !*posting->party && !(*posting->account && desk->record(desk->ctx, "Account", posting->account, &account) &&
				     json_equals(json_member(account, "AccountSubType"), "Inventory"));
}

/* The largest of the others. */
static struct books_posting *posting_for_cents(struct booking *booking)
{
	struct books_posting *largest = NULL;

	for (size_t i = 0; i < booking->entry->posting_count; i++) {
		struct books_posting *posting = &booking->entry->postings[i];

		if ((!largest || decimal_compare(size_of(posting->amount), size_of(largest->amount)) > 0) &&
		    takes_cents(booking, posting))
			largest = posting;
	}
	return largest;
}

static void balance(struct booking *booking)
{
	struct decimal left = booking_sum(booking), most = decimal_of((int64_t)booking->entry->posting_count + 1, CENTS), fixed;
	struct books_posting *posting;
	char text[DECIMAL_TEXT_MAX];

	if (decimal_is_zero(left))
		return;
	posting = posting_for_cents(booking);
	if (booking->rounds && posting && decimal_compare(size_of(left), most) <= 0 &&
	    decimal_subtract(posting->amount, left, &fixed))
		posting->amount = fixed;
	else
		booking_doubt(booking, "its lines and its total are %s apart", decimal_format(size_of(left), text));
}

/* What came to nothing in the end moves nothing. */
static void drop_zeros(struct books_entry *entry)
{
	size_t kept = 0;

	for (size_t i = 0; i < entry->posting_count; i++)
		if (entry->postings[i].untold || !decimal_is_zero(entry->postings[i].amount) ||
		    !decimal_is_zero(entry->postings[i].foreign))
			entry->postings[kept++] = entry->postings[i];
	entry->posting_count = kept;
}

/* Where a company keeps books in other currencies, each record says its rate; the home currency's is 1. */
static void read_rate(struct booking *booking)
{
	const struct books_desk *desk = booking->desk;
	struct json_slice settings;
	char home[8] = "";

	if (booking_amount(booking->raw, "ExchangeRate", &booking->rate))
		return;
	booking->rate = decimal_of(1, 0);
	if (desk->home)
		snprintf(home, sizeof(home), "%s", desk->home);
	else if (*booking->entry->currency && desk->record(desk->ctx, "Preferences", "", &settings))
		books_text(settings, "CurrencyPrefs.HomeCurrency.value", home, sizeof(home));
	if (*home && strcmp(home, booking->entry->currency) != 0)
		booking_doubt(booking, "it has no exchange rate from %s to %s", booking->entry->currency, home);
}

static void read_head(struct booking *booking, size_t row)
{
	struct books_entry *entry = booking->entry;
	char day[DATE_TEXT_MAX];

	books_text(booking->raw, "TxnDate", day, sizeof(day));
	entry->has_date = date_parse(day, strlen(day), &entry->date);
	books_text(booking->raw, "CurrencyRef.value", entry->currency, sizeof(entry->currency));
	if (rows[row].party)
		books_text(booking->raw, rows[row].party, entry->party, sizeof(entry->party));
	entry->total = entry->open = decimal_of(0, CENTS);
	if (rows[row].total)
		booking_amount(booking->raw, rows[row].total, &entry->total);
	entry->has_open = rows[row].open && booking_amount(booking->raw, rows[row].open, &entry->open);
}

static void entry_of(const struct books_desk *desk, const char *type, struct json_slice raw, struct books_entry *entry)
{
	struct booking booking = { .desk = desk, .type = type, .raw = raw, .entry = entry };

	entry->known = true;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(rows[i].type, type) != 0)
			continue;
		booking.sign = rows[i].sign;
		read_head(&booking, i);
		read_rate(&booking);
		rows[i].book(&booking);
		balance(&booking);
		drop_zeros(entry);
	}
	if (entry->application_count > 0)
		entry->posts = true;
}

/* ---- words */

static const struct { const char *word, *type; } words[] = {
	{ "BillPaymentCheck", "BillPayment" },
	{ "BillPaymentCreditCard", "BillPayment" },
	{ "Check", "Purchase" },
	{ "Expense", "Purchase" },
	{ "CashExpense", "Purchase" },
	{ "CashPurchase", "Purchase" },
	{ "CreditCardExpense", "Purchase" },
	{ "CreditCardCharge", "Purchase" },
	{ "CreditCardCredit", "Purchase" },
	{ "APCreditCard", "Purchase" },
	{ "ReceivePayment", "Payment" },
	{ "Refund", "RefundReceipt" },
	{ "RefundCheck", "RefundReceipt" },
	{ "Journal", "JournalEntry" },
	{ "InventoryQtyAdjust", "InventoryAdjustment" },
	{ "Bill", "Bill" },
	{ "BillPayment", "BillPayment" },
	{ "CreditCardPayment", "CreditCardPayment" },
	{ "CreditCardPaymentTxn", "CreditCardPayment" },
	{ "CreditMemo", "CreditMemo" },
	{ "Deposit", "Deposit" },
	{ "Estimate", "Estimate" },
	{ "InventoryAdjustment", "InventoryAdjustment" },
	{ "Invoice", "Invoice" },
	{ "JournalEntry", "JournalEntry" },
	{ "Payment", "Payment" },
	{ "Purchase", "Purchase" },
	{ "PurchaseOrder", "PurchaseOrder" },
	{ "RefundReceipt", "RefundReceipt" },
	{ "SalesReceipt", "SalesReceipt" },
	{ "TimeActivity", "TimeActivity" },
	{ "TimeCharge", "TimeActivity" },
	{ "Transfer", "Transfer" },
	{ "VendorCredit", "VendorCredit" },
};

/* Are they the same but for blanks and other signs, and letter case? */
static bool same_letters(const char *shown, const char *word)
{
	for (;; shown++) {
		char c = *shown >= 'A' && *shown <= 'Z' ? (char)(*shown - 'A' + 'a') : *shown;

		if (c && (c < 'a' || c > 'z'))
			continue;
		if (c != (*word >= 'A' && *word <= 'Z' ? (char)(*word - 'A' + 'a') : *word))
			return false;
		if (!c)
			return true;
		word++;
	}
}

const char *books_type(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (same_letters(word, words[i].word))
			return words[i].type;
	return NULL;
}

static int fiscal_month(const struct books_desk *desk)
{
	static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July",
					      "August", "September", "October", "November", "December" };
	struct json_slice raw;
	char name[16] = "";

	if (desk->record(desk->ctx, "CompanyInfo", "", &raw))
		books_text(raw, "FiscalYearStartMonth", name, sizeof(name));
	if (!*name && desk->record(desk->ctx, "Preferences", "", &raw))
		books_text(raw, "AccountingInfoPrefs.FirstMonthOfFiscalYear", name, sizeof(name));
	for (int i = 0; i < 12; i++)
		if (same_letters(name, months[i]))
			return i + 1;
	return 1;
}

static const char *const settled[] = { "Balance", "HomeBalance", "RemainingCredit", "LinkedTxn", NULL };

const struct provider_books quickbooks_books = {
	.types = types,
	.settled = settled,
	.account_type = "Account",
	.customer_type = "Customer",
	.vendor_type = "Vendor",
	.fiscal_month = fiscal_month,
	.account = quickbooks_account,
	.entry = entry_of,
	.has = quickbooks_has_report,
	.fetch = quickbooks_fetch_report,
	.rows = quickbooks_report_rows,
};
