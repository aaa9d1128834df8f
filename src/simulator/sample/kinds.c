/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of sample companies as tables: who they are, their ledger accounts, what they sell. */
#include <assert.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "sample/sample_impl.h"

/* The name of an account or class may have a hundred characters; one has them all. */
#define HUNDRED "Payments received on behalf of tenants and passed on to the owners' association at the end of each m"
static_assert(sizeof(HUNDRED) - 1 == 100, "exactly the limit");

static const struct sample_chart_row us_chart[] = {
	{ ACCOUNT_BANK, "1010", "Checking", NULL, "Bank", "Checking" },
	{ ACCOUNT_SAVINGS, "1020", "Savings", NULL, "Bank", "Savings" },
	{ ACCOUNT_CASH, "1030", "Petty Cash", NULL, "Bank", "CashOnHand" },
	{ ACCOUNT_OLD_BANK, "1040", "Checking at Union Trust", NULL, "Bank", "Checking" },
	{ ACCOUNT_NONE, "1100", "Accounts Receivable (A/R)", NULL, "Accounts Receivable", "AccountsReceivable" },
	{ ACCOUNT_NONE, "1200", "Undeposited Funds", NULL, "Other Current Asset", "UndepositedFunds" },
	{ ACCOUNT_STOCK, "1300", "Inventory Asset", NULL, "Other Current Asset", "Inventory" },
	{ ACCOUNT_PREPAID, "1400", "Prepaid Expenses", NULL, "Other Current Asset", "PrepaidExpenses" },
	{ ACCOUNT_NONE, "1450", "Employee Advances", NULL, "Other Current Asset", "EmployeeCashAdvances" },
	{ ACCOUNT_EQUIPMENT, "1500", "Workshop Equipment", NULL, "Fixed Asset", "MachineryAndEquipment" },
	{ ACCOUNT_WORN, "1510", "Depreciation", "Workshop Equipment", "Fixed Asset", "AccumulatedDepreciation" },
	{ ACCOUNT_NONE, "1520", "Delivery Van", NULL, "Fixed Asset", "Vehicles" },
	{ ACCOUNT_NONE, "1800", "Security Deposits", NULL, "Other Asset", "SecurityDeposits" },
	{ ACCOUNT_NONE, "2000", "Accounts Payable (A/P)", NULL, "Accounts Payable", "AccountsPayable" },
	{ ACCOUNT_CARD, "2100", "Business Card", NULL, "Credit Card", "CreditCard" },
	{ ACCOUNT_NONE, "2110", "Fuel Card", NULL, "Credit Card", "CreditCard" },
	{ ACCOUNT_PAYROLL_TAX, "2200", "Payroll Liabilities", NULL, "Other Current Liability", "PayrollTaxPayable" },
	{ ACCOUNT_NONE, "2210", "Federal Taxes", "Payroll Liabilities", "Other Current Liability", "PayrollTaxPayable" },
	{ ACCOUNT_NONE, "2300", "Customer Prepayments", NULL, "Other Current Liability", "OtherCurrentLiabilities" },
	{ ACCOUNT_LOAN, "2600", "Bank Loan", NULL, "Long Term Liability", "NotesPayable" },
	{ ACCOUNT_EQUITY, "3000", "Opening Balance Equity", NULL, "Equity", "OpeningBalanceEquity" },
	{ ACCOUNT_NONE, "3100", "Retained Earnings", NULL, "Equity", "RetainedEarnings" },
	{ ACCOUNT_DRAWINGS, "3200", "Owner's Draws", NULL, "Equity", "OwnersEquity" },
	{ ACCOUNT_SALES, "4000", "Sales of Product Income", NULL, "Income", "SalesOfProductIncome" },
	{ ACCOUNT_SERVICES, "4100", "Services", NULL, "Income", "ServiceFeeIncome" },
	{ ACCOUNT_REPAIRS, "4110", "Repairs", "Services", "Income", "ServiceFeeIncome" },
	{ ACCOUNT_NONE, "4120", "Warranty", "Services:Repairs", "Income", "ServiceFeeIncome" },
	{ ACCOUNT_DISCOUNT, "4800", "Discounts given", NULL, "Income", "DiscountsRefundsGiven" },
	{ ACCOUNT_NONE, "4900", "Unapplied Cash Payment Income", NULL, "Income", "UnappliedCashPaymentIncome" },
	{ ACCOUNT_COGS, "5000", "Cost of Goods Sold", NULL, "Cost of Goods Sold", "SuppliesMaterialsCogs" },
	{ ACCOUNT_SHRINKAGE, "5100", "Inventory Shrinkage", NULL, "Cost of Goods Sold", "OtherCostsOfServiceCos" },
	{ ACCOUNT_RENT, "6000", "Rent or Lease", NULL, "Expense", "RentOrLeaseOfBuildings" },
	{ ACCOUNT_NONE, "6100", "Utilities", NULL, "Expense", "Utilities" },
	{ ACCOUNT_POWER, "6110", "Gas and Electric", "Utilities", "Expense", "Utilities" },
	{ ACCOUNT_PHONE, "6120", "Telephone & Internet", "Utilities", "Expense", "Utilities" },
	{ ACCOUNT_OFFICE, "6200", "Office/General Administrative", NULL, "Expense", "OfficeGeneralAdministrativeExpenses" },
	{ ACCOUNT_ADS, "6300", "Advertising", NULL, "Expense", "AdvertisingPromotional" },
	{ ACCOUNT_INSURANCE, "6400", "Insurance", NULL, "Expense", "Insurance" },
	{ ACCOUNT_FEES, "6500", "Bank Charges & Fees", NULL, "Expense", "BankCharges" },
	{ ACCOUNT_NONE, "6550", "Legal & Professional Fees", NULL, "Expense", "LegalProfessionalFees" },
	{ ACCOUNT_TRAVEL, "6600", "Travel", NULL, "Expense", "Travel" },
	{ ACCOUNT_MEALS, "6610", "Travel Meals", NULL, "Expense", "TravelMeals" },
	{ ACCOUNT_FUEL, "6700", "Automobile (100% business)", NULL, "Expense", "Auto" },
	{ ACCOUNT_WAGES, "6800", "Payroll Expenses", NULL, "Expense", "PayrollExpenses" },
	{ ACCOUNT_NONE, "6900", HUNDRED, NULL, "Expense", "OtherBusinessExpenses" },
	{ ACCOUNT_INTEREST_EARNED, "7000", "Interest Earned", NULL, "Other Income", "InterestEarned" },
	{ ACCOUNT_DEPRECIATION, "8000", "Depreciation Expense", NULL, "Other Expense", "Depreciation" },
	{ ACCOUNT_INTEREST, "8100", "Interest Paid", NULL, "Expense", "InterestPaid" },
};

static const struct sample_chart_row eu_chart[] = {
	{ ACCOUNT_BANK, "1200", "Elbtalsparkasse Geschäftskonto", NULL, "Bank", "CashAndCashEquivalents" },
	{ ACCOUNT_SAVINGS, "1210", "Tagesgeldkonto", NULL, "Bank", "Savings" },
	{ ACCOUNT_CASH, "1000", "Kasse", NULL, "Bank", "CashOnHand" },
	{ ACCOUNT_OLD_BANK, "1220", "Postbank (alt)", NULL, "Bank", "Checking" },
	{ ACCOUNT_NONE, "1400", "Forderungen aus Lieferungen und Leistungen", NULL, "Accounts Receivable",
	  "AccountsReceivable" },
	{ ACCOUNT_NONE, "1360", "Geldtransit", NULL, "Other Current Asset", "UndepositedFunds" },
	{ ACCOUNT_STOCK, "3980", "Bestand Waren", NULL, "Other Current Asset", "Inventory" },
	{ ACCOUNT_PREPAID, "0980", "Aktive Rechnungsabgrenzung", NULL, "Other Current Asset", "PrepaidExpenses" },
	{ ACCOUNT_EQUIPMENT, "0400", "Kühltechnik & Regale", NULL, "Fixed Asset", "MachineryAndEquipment" },
	{ ACCOUNT_WORN, "0401", "Abschreibung", "Kühltechnik & Regale", "Fixed Asset",
	  "CumulativeDepreciationOnIntangibleAssets" },
	{ ACCOUNT_NONE, "0800", "Kautionen", NULL, "Other Asset", "SecurityDeposits" },
	{ ACCOUNT_NONE, "1600", "Verbindlichkeiten aus Lieferungen und Leistungen", NULL, "Accounts Payable",
	  "AccountsPayable" },
	{ ACCOUNT_CARD, "1730", "Firmenkreditkarte", NULL, "Credit Card", "CreditCard" },
	{ ACCOUNT_PAYROLL_TAX, "1740", "Verbindlichkeiten Lohnsteuer", NULL, "Other Current Liability",
	  "SocialSecurityAgencies" },
	{ ACCOUNT_LOAN, "0630", "Darlehen Elbtalsparkasse", NULL, "Long Term Liability", "BankLoans" },
	{ ACCOUNT_EQUITY, "9000", "Saldenvorträge", NULL, "Equity", "OpeningBalanceEquity" },
	{ ACCOUNT_NONE, "0860", "Gewinnvortrag", NULL, "Equity", "RetainedEarnings" },
	{ ACCOUNT_DRAWINGS, "0805", "Gezeichnetes Kapital", NULL, "Equity", "CalledUpShareCapital" },
	{ ACCOUNT_SALES, "8400", "Erlöse Feinkost", NULL, "Income", "SalesOfProductIncome" },
	{ ACCOUNT_SERVICES, "8500", "Erlöse Dienstleistungen", NULL, "Income", "ServiceFeeIncome" },
	{ ACCOUNT_REPAIRS, "8510", "Lieferservice", "Erlöse Dienstleistungen", "Income", "ServiceFeeIncome" },
	{ ACCOUNT_DISCOUNT, "8700", "Gewährte Rabatte", NULL, "Income", "DiscountsRefundsGiven" },
	{ ACCOUNT_COGS, "3200", "Wareneingang", NULL, "Cost of Goods Sold", "CostOfSales" },
	{ ACCOUNT_SHRINKAGE, "3960", "Bestandsveränderung (Schwund)", NULL, "Cost of Goods Sold", "OtherCostsOfServiceCos" },
	{ ACCOUNT_RENT, "4210", "Miete", NULL, "Expense", "RentOrLeaseOfBuildings" },
	{ ACCOUNT_POWER, "4240", "Gas, Strom, Wasser", NULL, "Expense", "Utilities" },
	{ ACCOUNT_PHONE, "4920", "Telefon/Internet", NULL, "Expense", "Utilities" },
	{ ACCOUNT_OFFICE, "4930", "Bürobedarf", NULL, "Expense", "OfficeGeneralAdministrativeExpenses" },
	{ ACCOUNT_ADS, "4600", "Werbekosten", NULL, "Expense", "AdvertisingPromotional" },
	{ ACCOUNT_INSURANCE, "4360", "Versicherungen", NULL, "Expense", "Insurance" },
	{ ACCOUNT_FEES, "4970", "Nebenkosten des Geldverkehrs", NULL, "Expense", "BankCharges" },
	{ ACCOUNT_TRAVEL, "4660", "Reisekosten", NULL, "Expense", "Travel" },
	{ ACCOUNT_MEALS, "4650", "Bewirtung (70 % abziehbar)", NULL, "Expense", "EntertainmentMeals" },
	{ ACCOUNT_FUEL, "4530", "Laufende Kfz-Kosten", NULL, "Expense", "Auto" },
	{ ACCOUNT_WAGES, "4100", "Löhne und Gehälter", NULL, "Expense", "StaffCosts" },
	{ ACCOUNT_INTEREST_EARNED, "2650", "Zinserträge", NULL, "Other Income", "InterestEarned" },
	{ ACCOUNT_DEPRECIATION, "4830", "Abschreibungen auf Sachanlagen", NULL, "Other Expense", "Depreciation" },
	{ ACCOUNT_INTEREST, "2120", "Zinsaufwendungen", NULL, "Expense", "InterestPaid" },
};

static const struct sample_chart_row small_chart[] = {
	{ ACCOUNT_BANK, NULL, "Checking", NULL, "Bank", "Checking" },
	{ ACCOUNT_NONE, NULL, "Accounts Receivable (A/R)", NULL, "Accounts Receivable", "AccountsReceivable" },
	{ ACCOUNT_EQUITY, NULL, "Opening Balance Equity", NULL, "Equity", "OpeningBalanceEquity" },
	{ ACCOUNT_SERVICES, NULL, "Services", NULL, "Income", "ServiceFeeIncome" },
	{ ACCOUNT_OFFICE, NULL, "Office Supplies", NULL, "Expense", "OfficeGeneralAdministrativeExpenses" },
	{ ACCOUNT_FUEL, NULL, "Car & Truck", NULL, "Expense", "Auto" },
};

static const struct sample_item us_items[] = {
	{ .name = "Workshop", .type = "Category" },
	{ .name = "Parts", .type = "Category" },
	{ .name = "Drivetrain", .category = "Parts", .type = "Category" },
	{ .name = "Labor", .category = "Workshop", .description = "Workshop labor, per hour", .type = "Service",
	  .income = ACCOUNT_REPAIRS, .price = 7200 },
	{ .name = "Safety check", .category = "Workshop", .description = "Brakes, headset, wheels: checked and adjusted",
	  .type = "Service", .income = ACCOUNT_REPAIRS, .price = 3950 },
	{ .name = "Wheel truing", .category = "Workshop", .description = "Wheel trued, 36 spokes or fewer", .type = "Service",
	  .income = ACCOUNT_REPAIRS, .price = 2475 },
	{ .name = "Fitting session", .description = "Bike fitting, 90 minutes", .type = "Service", .income = ACCOUNT_SERVICES,
	  .price = 14900 },
	{ .name = "Fleet storage", .description = "Indoor winter storage, per bike and month", .type = "Service",
	  .income = ACCOUNT_SERVICES, .price = 1850, .taxable = true },
	{ .name = "Chain 11-speed", .category = "Drivetrain", .description = "Chain, 11-speed, 118 links", .sku = "DT-11-118",
	  .type = "Inventory", .income = ACCOUNT_SALES, .price = 3499, .cost = 1620, .quantity = 2400, .taxable = true },
	{ .name = "Cassette 11-34", .category = "Drivetrain", .description = "Cassette 11-34 teeth", .sku = "DT-CS-1134",
	  .type = "Inventory", .income = ACCOUNT_SALES, .price = 8950, .cost = 5175, .quantity = 900, .taxable = true },
	{ .name = "Tire 700x32", .category = "Parts", .description = "Tire 700x32 \"all-road\", folding", .sku = "TI/700-32",
	  .type = "Inventory", .income = ACCOUNT_SALES, .price = 4999, .cost = 2780, .quantity = 1800, .taxable = true },
	{ .name = "Brake pads", .category = "Parts", .description = "Brake pads, 1 pair", .sku = "BR-0007",
	  .type = "Inventory", .income = ACCOUNT_SALES, .price = 1899, .cost = 845, .quantity = 3000, .taxable = true },
	{ .name = "Rain cape", .description = "Rain cape, size M/L", .sku = "#CAPE", .type = "Inventory",
	  .income = ACCOUNT_SALES, .price = 6450, .cost = 3100, .quantity = 2600, .taxable = true },
	{ .name = "Shop towels & grease", .description = "Small materials", .type = "NonInventory", .income = ACCOUNT_SALES,
	  .price = 350, .cost = 210, .taxable = true },
	{ .name = "Gift card", .description = "Gift card (not taxed)", .type = "NonInventory", .income = ACCOUNT_SALES,
	  .price = 2500 },
	{ .name = "Tune-up bundle", .description = "Spring tune-up: check, truing, pads", .type = "Group" },
};

static const struct sample_item eu_items[] = {
	{ .name = "Käse & Wurst", .type = "Category" },
	{ .name = "Getränke", .type = "Category" },
	{ .name = "Bergkäse 12 Monate", .category = "Käse & Wurst", .description = "Bergkäse, 12 Monate gereift, je kg",
	  .sku = "KÄ-012", .type = "Inventory", .income = ACCOUNT_SALES, .price = 2390, .cost = 1285, .quantity = 4000,
	  .taxable = true, .code = CODE_OTHER },
	{ .name = "Saucisson d'Ardèche", .category = "Käse & Wurst", .description = "Saucisson sec, pièce de 250 g",
	  .sku = "WU/250", .type = "Inventory", .income = ACCOUNT_SALES, .price = 895, .cost = 430, .quantity = 6000,
	  .taxable = true, .code = CODE_OTHER },
	{ .name = "Οξύμελι", .description = "Ξίδι και μέλι, 0,5 l", .sku = "GR-0.5", .type = "Inventory",
	  .income = ACCOUNT_SALES, .price = 1149, .cost = 540, .quantity = 2500, .taxable = true, .code = CODE_OTHER },
	{ .name = "Riesling „Elbhang“", .category = "Getränke", .description = "Riesling trocken, 0,75 l", .sku = "WE-075",
	  .type = "Inventory", .income = ACCOUNT_SALES, .price = 1290, .cost = 665, .quantity = 5000, .taxable = true },
	{ .name = "Квас хлебный", .category = "Getränke", .description = "Квас хлебный, 1 л", .sku = "KW-1", .type = "Inventory",
	  .income = ACCOUNT_SALES, .price = 329, .cost = 148, .quantity = 7000, .taxable = true },
	{ .name = "抹茶 Matcha", .category = "Getränke", .description = "宇治抹茶 30g", .sku = "MA-30", .type = "Inventory",
	  .income = ACCOUNT_SALES, .price = 2150, .cost = 1175, .quantity = 4500, .taxable = true, .code = CODE_OTHER },
	{ .name = "Geschenkkorb packen", .description = "Geschenkkorb, gepackt und beschriftet", .type = "Service",
	  .income = ACCOUNT_SERVICES, .price = 750, .taxable = true },
	{ .name = "Lieferung Stadtgebiet", .description = "Lieferung bis an die Tür", .type = "Service",
	  .income = ACCOUNT_REPAIRS, .price = 690, .taxable = true },
	{ .name = "Verkostung", .description = "Verkostung für Gruppen, je Person", .type = "Service",
	  .income = ACCOUNT_SERVICES, .price = 3200, .taxable = true },
	{ .name = "Pfand", .description = "Pfand, Kiste 24 × 0,15 €", .type = "NonInventory", .income = ACCOUNT_SALES,
	  .price = 360, .cost = 360, .taxable = true, .code = CODE_ZERO },
	{ .name = "Frühstückskorb", .description = "Korb „Frühstück“", .type = "Group" },
};

static const struct sample_item small_items[] = {
	{ .name = "Tuning", .description = "Piano tuned to A = 440 Hz", .type = "Service", .income = ACCOUNT_SERVICES,
	  .price = 16500 },
	{ .name = "Key repair", .description = "Key or hammer repaired", .type = "Service", .income = ACCOUNT_SERVICES,
	  .price = 4800 },
};

static const struct sample_item closed_items[] = {
	{ .name = "Tents", .type = "Category" },
	{ .name = "Tent 20x40", .category = "Tents", .description = "Frame tent 20x40 ft, per day", .sku = "T-2040",
	  .type = "Service", .income = ACCOUNT_SERVICES, .price = 61500, .taxable = true },
	{ .name = "Tent 10x10", .category = "Tents", .description = "Pop-up tent 10x10 ft, per day", .sku = "T-1010",
	  .type = "Service", .income = ACCOUNT_SERVICES, .price = 11000, .taxable = true },
	{ .name = "Chair, folding", .description = "White folding chair", .sku = "CH-1", .type = "Service",
	  .income = ACCOUNT_SERVICES, .price = 225, .taxable = true },
	{ .name = "Table 60\" round", .description = "Round table, 60 inches, seats 8", .sku = "TB-60", .type = "Service",
	  .income = ACCOUNT_SERVICES, .price = 1350, .taxable = true },
	{ .name = "Setup crew", .description = "Crew on site, per hour", .type = "Service", .income = ACCOUNT_REPAIRS,
	  .price = 8800 },
	{ .name = "Stage lights", .description = "LED wash, set of four", .sku = "LX-04", .type = "Service",
	  .income = ACCOUNT_SERVICES, .price = 9600, .taxable = true },
	{ .name = "Propane refill", .description = "Propane, 20 lb", .sku = "PR-20", .type = "Inventory",
	  .income = ACCOUNT_SALES, .price = 2695, .cost = 1480, .quantity = 1600, .taxable = true },
	{ .name = "Paper lantern", .description = "Paper lantern, 12 inches", .sku = "PL-12", .type = "Inventory",
	  .income = ACCOUNT_SALES, .price = 599, .cost = 185, .quantity = 5000, .taxable = true },
	{ .name = "Garden party set", .description = "Tent, 4 tables, 32 chairs", .type = "Group" },
};

static const enum language us_languages[] = {
	LANGUAGE_EN, LANGUAGE_EN, LANGUAGE_ES, LANGUAGE_EN, LANGUAGE_VI, LANGUAGE_EN, LANGUAGE_DE, LANGUAGE_EN, LANGUAGE_KO,
	LANGUAGE_EN, LANGUAGE_HI, LANGUAGE_FR, LANGUAGE_ZH, LANGUAGE_COUNT
};

static const enum language eu_languages[] = {
	LANGUAGE_DE, LANGUAGE_PL, LANGUAGE_DE, LANGUAGE_FR, LANGUAGE_EL, LANGUAGE_DE, LANGUAGE_RU, LANGUAGE_NO, LANGUAGE_TR,
	LANGUAGE_AR, LANGUAGE_DE, LANGUAGE_JA, LANGUAGE_HE, LANGUAGE_ES, LANGUAGE_TH, LANGUAGE_ZH, LANGUAGE_COUNT
};

static const enum language plain_languages[] = { LANGUAGE_EN, LANGUAGE_COUNT };

static const struct sample_kind kinds[] = {
	{ .name = "us", .company = "Tidewater Bicycle Works", .legal = "Tidewater Bicycle Works, LLC", .country = "US",
	  .currency = "USD", .user = "Ines Calloway", .other = "Bertram Oyelaran", .language = LANGUAGE_EN,
	  .languages = us_languages, .tax = TAX_US_MANUAL, .custom_field = "Frame #", .open_hour = 8, .vendors = 34,
	  .employees = 6, .leaving = 4, .chart = us_chart, .chart_count = ARRAY_LEN(us_chart), .items = us_items,
	  .item_count = ARRAY_LEN(us_items),
	  .counts = { [DOCUMENT_CUSTOMER] = 64, [DOCUMENT_INVOICE] = 480, [DOCUMENT_ESTIMATE] = 40, [DOCUMENT_RECEIPT] = 90,
		      [DOCUMENT_REFUND] = 10, [DOCUMENT_CREDIT] = 24, [DOCUMENT_BILL] = 130, [DOCUMENT_VENDOR_CREDIT] = 10,
		      [DOCUMENT_PURCHASE] = 150, [DOCUMENT_ORDER] = 24, [DOCUMENT_JOURNAL] = 50, [DOCUMENT_TRANSFER] = 24,
		      [DOCUMENT_CARD_PAYMENT] = 22, [DOCUMENT_ADJUSTMENT] = 10, [DOCUMENT_TIME] = 60, [DOCUMENT_CHARGE] = 8,
		      [DOCUMENT_NOTE] = 20 } },
	{ .name = "eu", .company = "Kornblum & Söhne Feinkost GmbH", .legal = "Kornblum & Söhne Feinkost GmbH",
	  .country = "DE", .currency = "EUR", .user = "Swantje Kornblum", .other = "Łukasz Żurek", .language = LANGUAGE_DE,
	  .languages = eu_languages, .tax = TAX_VAT, .multicurrency = true, .custom_field = "Bestell-Nr.", .open_hour = 0,
	  .vendors = 40, .employees = 7, .leaving = 4, .chart = eu_chart, .chart_count = ARRAY_LEN(eu_chart),
	  .items = eu_items, .item_count = ARRAY_LEN(eu_items),
	  .counts = { [DOCUMENT_CUSTOMER] = 84, [DOCUMENT_INVOICE] = 420, [DOCUMENT_ESTIMATE] = 24, [DOCUMENT_RECEIPT] = 80,
		      [DOCUMENT_REFUND] = 8, [DOCUMENT_CREDIT] = 20, [DOCUMENT_BILL] = 140, [DOCUMENT_VENDOR_CREDIT] = 12,
		      [DOCUMENT_PURCHASE] = 120, [DOCUMENT_ORDER] = 20, [DOCUMENT_JOURNAL] = 50, [DOCUMENT_TRANSFER] = 20,
		      [DOCUMENT_CARD_PAYMENT] = 20, [DOCUMENT_ADJUSTMENT] = 10, [DOCUMENT_TIME] = 30, [DOCUMENT_CHARGE] = 4,
		      [DOCUMENT_NOTE] = 16 } },
	{ .name = "small", .company = "Otter Creek Piano Tuning", .legal = "Otter Creek Piano Tuning", .country = "US",
	  .currency = "USD", .user = "Philippa Ashgrove", .other = "Ned Ashgrove", .language = LANGUAGE_EN,
	  .languages = plain_languages, .tax = TAX_NONE, .open_hour = 9, .vendors = 2, .leaving = 1, .chart = small_chart,
	  .chart_count = ARRAY_LEN(small_chart), .items = small_items, .item_count = ARRAY_LEN(small_items),
	  .counts = { [DOCUMENT_CUSTOMER] = 4, [DOCUMENT_INVOICE] = 6, [DOCUMENT_RECEIPT] = 1, [DOCUMENT_BILL] = 1,
		      [DOCUMENT_PURCHASE] = 3, [DOCUMENT_JOURNAL] = 1, [DOCUMENT_NOTE] = 1 } },
	{ .name = "closed", .company = "Halloran Event Rentals, Inc.", .legal = "Halloran Event Rentals, Inc.",
	  .country = "US", .currency = "USD", .user = "Dolores Halloran", .other = "Ruth Anne Tully",
	  .language = LANGUAGE_EN, .languages = us_languages, .tax = TAX_US_AUTOMATED, .custom_numbers = true,
	  .closes_books = true, .open_hour = 7, .vendors = 18, .employees = 4, .leaving = 3, .chart = us_chart,
	  .chart_count = ARRAY_LEN(us_chart), .items = closed_items, .item_count = ARRAY_LEN(closed_items),
	  .counts = { [DOCUMENT_CUSTOMER] = 44, [DOCUMENT_INVOICE] = 300, [DOCUMENT_ESTIMATE] = 20, [DOCUMENT_RECEIPT] = 30,
		      [DOCUMENT_REFUND] = 6, [DOCUMENT_CREDIT] = 12, [DOCUMENT_BILL] = 80, [DOCUMENT_VENDOR_CREDIT] = 6,
		      [DOCUMENT_PURCHASE] = 70, [DOCUMENT_ORDER] = 10, [DOCUMENT_JOURNAL] = 40, [DOCUMENT_TRANSFER] = 12,
		      [DOCUMENT_CARD_PAYMENT] = 20, [DOCUMENT_ADJUSTMENT] = 4, [DOCUMENT_TIME] = 20, [DOCUMENT_CHARGE] = 2,
		      [DOCUMENT_NOTE] = 10 } },
};

const struct sample_kind *sample_kind_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}
