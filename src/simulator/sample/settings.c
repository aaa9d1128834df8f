/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The company itself: its address and settings, tax agencies, rates and codes, currencies. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "quickbooks/write.h"
#include "sample/sample_impl.h"

/* ---- the company */

static void make_info(struct sample *sample)
{
	const struct sample_kind *kind = sample->kind;
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str address = STR_INIT(STR_NO_LIMIT);
	bool us = strcmp(kind->country, "US") == 0;

	names_address(kind->language, 4, false, &address);
	str_truncate(&address, address.len - 1);
	str_addf(&address, ",\"Country\":\"%s\"}", kind->country);
	form_open(&form);
	form_text(&form, "CompanyName", sample->company->name);
	form_text(&form, "LegalName", kind->legal);
	form_raw(&form, "CompanyAddr", address.text);
	form_raw(&form, "CustomerCommunicationAddr", address.text);
	form_raw(&form, "LegalAddr", address.text);
	form_raw(&form, "CustomerCommunicationEmailAddr", "{\"Address\":\"office@example.com\"}");
	form_raw(&form, "PrimaryPhone",
		 us ? "{\"FreeFormNumber\":\"(555) 010-4477\"}"
		    : "{\"FreeFormNumber\":\"+49 40 5550 1044\"}");
	form_date(&form, "CompanyStartDate", sample->first);
	if (us)
		form_text(&form, "EmployerId", "00-0000000");
	form_text(&form, "FiscalYearStartMonth", "January");
	form_text(&form, "Country", kind->country);
	form_raw(&form, "Email", "{\"Address\":\"office@example.com\"}");
	form_raw(&form, "WebAddr", "{\"URI\":\"https://www.example.com\"}");
	form_text(&form, "SupportedLanguages", us ? "en" : "de,en");
	form_text(&form, "DefaultTimeZone", us ? "America/Los_Angeles" : "Europe/Berlin");
	form_raw(&form, "NameValue",
		 "[{\"Name\":\"NeoEnabled\",\"Value\":\"true\"},"
		 "{\"Name\":\"OfferingSku\",\"Value\":\"QuickBooks Online Plus\"}]");
	form_close(&form, '}');
	sample_add(sample, "CompanyInfo", &form);
	sample_tick(sample, 2);
}

/* ---- taxes */

static struct record *make_agency(struct sample *sample, const char *name, bool purchases)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	form_open(&form);
	form_text(&form, "DisplayName", name);
	form_raw(&form, "TaxTrackedOnSales", "true");
	form_raw(&form, "TaxTrackedOnPurchases", purchases ? "true" : "false");
	if (purchases) {
		form_text(&form, "TaxRegistrationNumber", "DE999999999");
		form_date(&form, "LastFileDate", sample->first);
	}
	form_close(&form, '}');
	return sample_add(sample, "TaxAgency", &form);
}

/* `history`: "" or a list of EffectiveTaxRate. */
static struct record *make_rate(struct sample *sample, const char *name, const char *percent,
				const struct record *agency, const char *history)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	form_open(&form);
	form_text(&form, "Name", name);
	form_text(&form, "Description", name);
	form_raw(&form, "Active", "true");
	form_raw(&form, "RateValue", percent);
	form_ref(&form, "AgencyRef", agency);
	form_text(&form, "SpecialTaxType", strcmp(percent, "0") == 0 ? "ZERO_RATE" : "NONE");
	form_text(&form, "DisplayType", "ReadOnly");
	if (*history)
		form_raw(&form, "EffectiveTaxRate", history);
	form_close(&form, '}');
	return sample_add(sample, "TaxRate", &form);
}

static void add_rates(struct str *form, const char *name, struct record *const *rates, size_t count)
{
	form_open_member(form, name, '{');
	form_open_member(form, "TaxRateDetail", '[');
	for (size_t i = 0; i < count && rates[i]; i++) {
		form_open(form);
		form_ref(form, "TaxRateRef", rates[i]);
		str_add(form, ",\"TaxTypeApplicable\":\"TaxOnAmount\",\"TaxOrder\":0}");
	}
	str_add(form, "]}");
}

static struct record *make_code(struct sample *sample, const char *name,
				struct record *const *sales, struct record *const *purchases)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	form_open(&form);
	form_text(&form, "Name", name);
	form_text(&form, "Description", name);
	form_raw(&form, "Active", "true");
	form_raw(&form, "Hidden", "false");
	form_raw(&form, "Taxable", "true");
	form_raw(&form, "TaxGroup", "true");
	add_rates(&form, "SalesTaxRateList", sales, 2);
	add_rates(&form, "PurchaseTaxRateList", purchases, 2);
	form_text(&form, "TaxCodeConfigType",
		  sample->kind->tax == TAX_US_AUTOMATED ? "SYSTEM_GENERATED" : "USER_DEFINED");
	form_close(&form, '}');
	return sample_add(sample, "TaxCode", &form);
}

/* US lines say TAX or NON, and these two stand among the codes, with or without sales tax. */
static void make_pseudo_codes(struct sample *sample)
{
	write_sample_as(sample->company, "TaxCode", "TAX",
			"{\"Name\":\"TAX\",\"Description\":\"TAX\",\"Active\":true,\"Hidden\":"
			"false,\"Taxable\":true,"
			"\"TaxGroup\":true}");
	write_sample_as(sample->company, "TaxCode", "NON",
			"{\"Name\":\"NON\",\"Description\":\"NON\",\"Active\":true,\"Hidden\":"
			"false,\"Taxable\":false,"
			"\"TaxGroup\":true}");
}

static void make_us_taxes(struct sample *sample)
{
	bool automated = sample->kind->tax == TAX_US_AUTOMATED;
	struct record *state = make_agency(sample,
					   automated ? "Nevada Department of Taxation"
						     : "Washington State Department of Revenue",
					   false);
	struct record *city =
		make_agency(sample, automated ? "Clark County" : "City of Port Alder", false);
	struct record *rates[] = { make_rate(sample, automated ? "Nevada State" : "WA State tax",
					     automated ? "4.6" : "6.5", state, ""),
				   make_rate(sample, automated ? "Clark County" : "Port Alder City",
					     automated ? "3.775" : "2.25", city, "") };
	struct record *none[2] = { NULL }, *first[2] = { rates[0] }, *zero[2];

	zero[0] = make_rate(sample, "Out of scope (0%)", "0", state, "");
	zero[1] = NULL;
	sample_tick(sample, 1);
	sample->codes[CODE_STANDARD] =
		make_code(sample, automated ? "Clark County, NV" : "Port Alder", rates, none);
	sample->codes[CODE_OTHER] =
		make_code(sample, automated ? "Nevada State" : "WA State", first, none);
	sample->codes[CODE_ZERO] = make_code(sample, "Out of state", zero, none);
	sample_tick(sample, 1);
}

static void make_vat(struct sample *sample)
{
	static const char history[] =
		"[{\"RateValue\":16,\"EffectiveDate\":\"2020-07-01T00:00:00-07:00\",\"EndDate\":"
		"\"2020-12-31T00:00:00-08:00\"},"
		"{\"RateValue\":19,\"EffectiveDate\":\"2021-01-01T00:00:00-08:00\"}]";
	struct record *agency = make_agency(sample, "Finanzamt Elbtal", true);
	struct record *full[2] = { make_rate(sample, "Umsatzsteuer 19 %", "19", agency, history) };
	struct record *full_in[2] = { make_rate(sample, "Vorsteuer 19 %", "19", agency, history) };
	struct record *low[2] = { make_rate(sample, "Umsatzsteuer 7 %", "7", agency, "") };
	struct record *low_in[2] = { make_rate(sample, "Vorsteuer 7 %", "7", agency, "") };
	struct record *zero[2] = { make_rate(sample, "Umsatzsteuer 0 % (Ausfuhr)", "0", agency,
					     "") };
	struct record *zero_in[2] = { make_rate(sample, "Vorsteuer 0 %", "0", agency, "") };
	struct record *reverse[2] = { make_rate(sample, "Innergem. Lieferung 0 %", "0", agency,
						"") };
	struct record *reverse_in[2] = {
		make_rate(sample, "§ 13b Vorsteuer 19 %", "19", agency, ""), NULL
	};

	reverse_in[1] = make_rate(sample, "§ 13b Umsatzsteuer 19 %", "-19", agency, "");
	sample_tick(sample, 1);
	sample->codes[CODE_STANDARD] = make_code(sample, "19% USt", full, full_in);
	sample->codes[CODE_OTHER] = make_code(sample, "7% USt", low, low_in);
	sample->codes[CODE_ZERO] = make_code(sample, "0% Ausfuhr", zero, zero_in);
	sample->codes[CODE_FOREIGN] =
		make_code(sample, "Reverse Charge (§ 13b / EU)", reverse, reverse_in);
	sample_tick(sample, 1);
}

/* ---- preferences */

/* The custom field of sales forms, and of purchase orders, as the settings show them. */
static void add_custom_field(struct str *form, const char *member, const char *prefix,
			     const char *use, const char *name)
{
	form_open_member(form, member, '[');
	str_addf(form,
		 "{\"CustomField\":[{\"Name\":\"%s.Use%s1\",\"Type\":\"BooleanType\","
		 "\"BooleanValue\":true}]},",
		 prefix, use);
	str_addf(form,
		 "{\"CustomField\":[{\"Name\":\"%s.%sName1\",\"Type\":\"StringType\","
		 "\"StringValue\":",
		 prefix, use);
	str_add_json(form, name, strlen(name));
	str_add(form, "}]}]");
}

static void add_sales_prefs(struct sample *sample, struct str *form)
{
	const struct sample_kind *kind = sample->kind;
	bool big = kind->employees > 0;

	form_open_member(form, "SalesFormsPrefs", '{');
	if (kind->custom_field)
		add_custom_field(form, "CustomField", "SalesFormsPrefs", "SalesCustom",
				 kind->custom_field);
	form_raw(form, "CustomTxnNumbers", kind->custom_numbers ? "true" : "false");
	form_raw(form, "AllowDeposit", kind->closes_books ? "true" : "false");
	form_raw(form, "AllowDiscount", big ? "true" : "false");
	if (sample->accounts[ACCOUNT_DISCOUNT])
		form_text(form, "DefaultDiscountAccount", sample->accounts[ACCOUNT_DISCOUNT]->id);
	form_raw(form, "AllowEstimates", "true");
	form_text(form, "ETransactionEnabledStatus", "NotApplicable");
	form_raw(form, "ETransactionAttachPDF", "false");
	form_raw(form, "ETransactionPaymentEnabled", "false");
	form_raw(form, "IPNSupportEnabled", "false");
	form_raw(form, "AllowServiceDate", big ? "true" : "false");
	form_raw(form, "AllowShipping", big ? "true" : "false");
	form_raw(form, "AutoApplyCredit", "false");
	form_ref(form, "DefaultTerms", sample->terms.records[2]);
	form_raw(form, "UsingPriceLevels", "false");
	form_text(form, "DefaultCustomerMessage", "Thank you for your business!");
	form_close(form, '}');
}

static void add_other_prefs(struct sample *sample, struct str *form)
{
	const struct sample_kind *kind = sample->kind;
	const char *big = kind->employees > 0 ? "true" : "false";
	bool closed = kind->closes_books;

	str_addf(form,
		 ",\"EmailMessagesPrefs\":{\"InvoiceMessage\":{\"Subject\":\"Invoice\",\"Message\":"
		 "\"Please find your invoice attached.\\nThank "
		 "you.\"},\"EstimateMessage\":{\"Subject\":\"Estimate\","
		 "\"Message\":\"Please review the estimate.\"}}");
	str_addf(form,
		 ",\"VendorAndPurchasesPrefs\":{\"EnableBills\":%s,\"TrackingByCustomer\":%s,"
		 "\"BillableExpenseTracking\":%s",
		 big, big, big);
	if (kind->custom_field)
		add_custom_field(form, "POCustomField", "PurchasePrefs", "PurchaseCustom",
				 kind->custom_field);
	str_addf(form,
		 "},\"TimeTrackingPrefs\":{\"UseServices\":%s,\"BillCustomers\":%s,"
		 "\"ShowBillRateToAll\":false,"
		 "\"WorkWeekStartDate\":\"Monday\",\"MarkTimeEntriesBillable\":%s}",
		 big, big, big);
	str_addf(form, ",\"TaxPrefs\":{\"UsingSalesTax\":%s",
		 kind->tax == TAX_NONE ? "false" : "true");
	if (kind->tax == TAX_US_AUTOMATED)
		str_add(form, ",\"PartnerTaxEnabled\":true");
	form_ref(form, "TaxGroupCodeRef", sample->codes[CODE_STANDARD]);
	str_addf(form,
		 "},\"CurrencyPrefs\":{\"MultiCurrencyEnabled\":%s,\"HomeCurrency\":{\"value\":\"%"
		 "s\"}}",
		 kind->multicurrency ? "true" : "false", kind->currency);
	str_addf(form, ",\"ReportPrefs\":{\"ReportBasis\":\"Accrual\","
		       "\"CalcAgingReportFromTxnDate\":false}");
	str_addf(form,
		 ",\"OtherPrefs\":{\"NameValue\":[{\"Name\":\"SalesFormsPrefs."
		 "DefaultCustomerMessage\",\"Value\":"
		 "\"Thank you for your business!\"},{\"Name\":\"DTXCopyMemo\",\"Value\":\"false\"},"
		 "{\"Name\":\"WarnDuplicateCheckNumber\",\"Value\":\"%s\"}]}",
		 closed ? "true" : "false");
}

static void make_preferences(struct sample *sample)
{
	const char *big = sample->kind->employees > 0 ? "true" : "false";
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	form_open(&form);
	str_addf(&form,
		 "\"AccountingInfoPrefs\":{\"FirstMonthOfFiscalYear\":\"January\","
		 "\"UseAccountNumbers\":%s,"
		 "\"TaxYearMonth\":\"January\",\"ClassTrackingPerTxn\":false,\"TrackDepartments\":%"
		 "s,\"TaxForm\":\"%s\","
		 "\"CustomerTerminology\":\"Customers\",\"ClassTrackingPerTxnLine\":%s,"
		 "\"DepartmentTerminology\":\"Location\"}",
		 big, big, sample->kind->tax == TAX_VAT ? "" : "6", big);
	str_addf(&form,
		 ",\"ProductAndServicesPrefs\":{\"ForSales\":true,\"ForPurchase\":%s,"
		 "\"QuantityWithPriceAndRate\":true,\"QuantityOnHand\":%s}",
		 big, big);
	add_sales_prefs(sample, &form);
	add_other_prefs(sample, &form);
	form_close(&form, '}');
	sample_add(sample, "Preferences", &form);
	sample_tick(sample, 2);
}

/* The books of last year and before; the simulated service refuses what lies there. */
struct date settings_closing_day(const struct sample *sample)
{
	return date_of(date_calendar(sample->last).year - 1, 12, 31);
}

void settings_close_books(struct sample *sample)
{
	const struct table *table =
		company_table(sample->company, entity_by_name("Preferences", false));
	char text[DATE_TEXT_MAX];
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	str_addf(
		&form,
		"\"AccountingInfoPrefs\":{\"FirstMonthOfFiscalYear\":\"January\","
		"\"UseAccountNumbers\":true,"
		"\"BookCloseDate\":\"%s\",\"TaxYearMonth\":\"January\",\"ClassTrackingPerTxn\":"
		"false,"
		"\"TrackDepartments\":true,\"TaxForm\":\"6\",\"CustomerTerminology\":\"Customers\","
		"\"ClassTrackingPerTxnLine\":true,\"DepartmentTerminology\":\"Location\"}",
		date_format(settings_closing_day(sample), text));
	sample_change(sample, table->by_id[0], form.text);
	sample_tick(sample, 60);
}

/* ---- currencies */

/* Home units for a hundred thousand foreign ones, around which the months move. */
static const struct {
	const char *code;
	int rate;
} currencies[] = {
	{ "USD", 91300 }, { "GBP", 116900 }, { "CHF", 104700 }, { "PLN", 23300 }, { "NOK", 8640 },
};

static void make_currencies(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < ARRAY_LEN(currencies); i++) {
		str_addf(&form, "{\"Code\":\"%s\"}", currencies[i].code);
		sample_add(sample, "CompanyCurrency", &form);
	}
	sample_tick(sample, 1);
}

void settings_rates(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; sample->kind->multicurrency && i < ARRAY_LEN(currencies); i++) {
		int rate = currencies[i].rate;

		rate += (sample_chance(sample, 801) - 400) * rate / 10000;
		str_addf(&form,
			 "{\"SourceCurrencyCode\":\"%s\",\"TargetCurrencyCode\":\"%s\",\"Rate\":%d."
			 "%05d,",
			 currencies[i].code, sample->kind->currency, rate / 100000, rate % 100000);
		str_truncate(&form, form.len - 1);
		form_date(&form, "AsOfDate", sample_day(sample, 0));
		form_close(&form, '}');
		sample_add(sample, "ExchangeRate", &form);
	}
	sample_tick(sample, 1);
}

/* ---- the small lists that clients cannot make */

static void make_types(struct sample *sample)
{
	static const char *const types[] = { "Walk-in", "Trade", "Friends & family" };
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		str_addf(&form, "{\"Name\":\"%s\",\"Active\":true}", types[i]);
		sample_list_add(&sample->types, sample_add(sample, "CustomerType", &form));
	}
	/* France's own list; it stands here so that every list is found in some company. */
	for (size_t i = 0; sample->kind->tax == TAX_VAT && i < 2; i++) {
		str_add(&form,
			i ? "{\"Name\":\"BQ\",\"Type\":\"Bank\",\"Description\":\"Banque\"}"
			  : "{\"Name\":\"VT\",\"Type\":\"Sales\",\"Description\":\"Ventes\"}");
		sample_add(sample, "JournalCode", &form);
	}
}

void settings_make(struct sample *sample)
{
	struct preferences *preferences = &sample->company->preferences;

	/* The preferences themselves come last: they name accounts and codes. */
	snprintf(preferences->home_currency, sizeof(preferences->home_currency), "%s",
		 sample->kind->currency);
	make_info(sample);
	chart_make(sample);
	if (sample->kind->tax == TAX_VAT)
		make_vat(sample);
	else
		make_pseudo_codes(sample);
	if (sample->kind->tax == TAX_US_MANUAL || sample->kind->tax == TAX_US_AUTOMATED)
		make_us_taxes(sample);
	make_preferences(sample);
	if (sample->kind->multicurrency)
		make_currencies(sample);
	settings_rates(sample);
	if (sample->kind->employees > 0)
		make_types(sample);
}
