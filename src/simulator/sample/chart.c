/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What documents refer to: ledger accounts, items, terms, payment methods, classes, locations. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "sample/sample_impl.h"

/* The record whose FullyQualifiedName that is; NULL when there is none. */
static struct record *find_full_name(struct sample *sample, const char *entity, const char *name)
{
	const struct table *table = company_table(sample->company, entity_by_name(entity, false));

	for (size_t i = 0; i < table->count; i++)
		if (sample_has(table->by_id[i], "FullyQualifiedName", name))
			return table->by_id[i];
	return NULL;
}

static void make_accounts(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < sample->kind->chart_count; i++) {
		const struct sample_chart_row *row = &sample->kind->chart[i];
		struct record *record;

		form_open(&form);
		form_text(&form, "Name", row->name);
		if (row->parent)
			form_ref(&form, "ParentRef",
				 find_full_name(sample, "Account", row->parent));
		form_text(&form, "AccountType", row->type);
		form_text(&form, "AccountSubType", row->subtype);
		form_text(&form, "AcctNum", row->number);
		if (row->use == ACCOUNT_LOAN)
			form_text(&form, "Description", "Five years, repaid monthly");
		form_close(&form, '}');
		record = sample_add(sample, "Account", &form);
		if (row->use != ACCOUNT_NONE)
			sample->accounts[row->use] = record;
		if (i % 4 == 3)
			sample_tick(sample, 1);
	}
}

static void make_terms(struct sample *sample)
{
	static const char *const terms[] = {
		"{\"Name\":\"Due on receipt\",\"DueDays\":0}",
		"{\"Name\":\"Net 14\",\"DueDays\":14}",
		"{\"Name\":\"Net 30\",\"DueDays\":30}",
		"{\"Name\":\"Net 60\",\"DueDays\":60}",
		"{\"Name\":\"2% 10 Net "
		"30\",\"DueDays\":30,\"DiscountDays\":10,\"DiscountPercent\":2}",
		"{\"Name\":\"15th of the month following "
		"it\",\"DayOfMonthDue\":15,\"DueNextMonthDays\":5}",
	};
	static const char *const methods[] = {
		"{\"Name\":\"Cash\"}",
		"{\"Name\":\"Check\"}",
		"{\"Name\":\"Bank transfer\"}",
		"{\"Name\":\"Card (Visa/Mastercard)\",\"Type\":\"CREDIT_CARD\"}",
	};
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		str_add(&form, terms[i]);
		sample_list_add(&sample->terms, sample_add(sample, "Term", &form));
	}
	sample_tick(sample, 1);
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		str_add(&form, methods[i]);
		sample_list_add(&sample->methods, sample_add(sample, "PaymentMethod", &form));
	}
	sample_tick(sample, 1);
}

/* Names with a parent before the last colon. */
static void make_tree(struct sample *sample, const char *entity, const char *const *names,
		      size_t count, struct sample_list *list)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < count; i++) {
		const char *last = strrchr(names[i], ':');

		form_open(&form);
		form_text(&form, "Name", last ? last + 1 : names[i]);
		if (last) {
			AUTO(memory_freep)
			char *parent = memory_copy(names[i], (size_t)(last - names[i]));

			form_ref(&form, "ParentRef", find_full_name(sample, entity, parent));
		}
		form_close(&form, '}');
		sample_list_add(list, sample_add(sample, entity, &form));
	}
	sample_tick(sample, 1);
}

static void make_classes(struct sample *sample)
{
	static const char *const us_classes[] = { "Retail",	     "Workshop",
						  "Workshop:Mobile", "Workshop:Mobile:Weekend",
						  "Fleet & Events",  "O'Dell contract" };
	static const char *const eu_classes[] = { "Laden", "Großhandel", "Großhandel:Ausland",
						  "Αποστολές", "通販" };
	static const char *const us_places[] = { "Harbor Street", "Airport Road",
						 "Airport Road:Container" };
	static const char *const eu_places[] = { "Altona", "Markthalle", "Markthalle:Stand 12/13" };

	if (sample->kind->employees == 0)
		return; /* too small for them */
	if (sample->kind->tax == TAX_VAT) {
		make_tree(sample, "Class", eu_classes, ARRAY_LEN(eu_classes), &sample->classes);
		make_tree(sample, "Department", eu_places, ARRAY_LEN(eu_places),
			  &sample->departments);
	} else {
		make_tree(sample, "Class", us_classes, ARRAY_LEN(us_classes), &sample->classes);
		make_tree(sample, "Department", us_places, ARRAY_LEN(us_places),
			  &sample->departments);
	}
	sample->old_class = sample->classes.records[--sample->classes.count];
}

void chart_make(struct sample *sample)
{
	make_terms(sample);
	make_accounts(sample);
	make_classes(sample);
}

static void item_money(struct sample *sample, const struct sample_item *item, struct str *form)
{
	bool stock = strcmp(item->type, "Inventory") == 0;
	bool vat = sample->kind->tax == TAX_VAT;

	form_cents(form, "UnitPrice", item->price);
	form_ref(form, "IncomeAccountRef", sample->accounts[item->income]);
	if (item->cost) {
		form_cents(form, "PurchaseCost", item->cost);
		form_text(form, "PurchaseDesc", item->description);
		form_ref(form, "ExpenseAccountRef", sample->accounts[ACCOUNT_COGS]);
	}
	if (stock) {
		form_ref(form, "AssetAccountRef", sample->accounts[ACCOUNT_STOCK]);
		form_raw(form, "TrackQtyOnHand", "true");
		str_addf(form, ",\"QtyOnHand\":%d", item->quantity);
		form_date(form, "InvStartDate", sample->first);
		str_addf(form, ",\"ReorderPoint\":%d", item->quantity / 20);
	}
	form_raw(form, "Taxable",
		 item->taxable && sample->kind->tax != TAX_NONE ? "true" : "false");
	if (vat) {
		form_ref(form, "SalesTaxCodeRef", sample->codes[item->code]);
		form_ref(form, "PurchaseTaxCodeRef", sample->codes[item->code]);
	}
}

/* A bundle holds the first items with a price, in growing numbers. */
static void item_parts(struct sample *sample, struct str *form)
{
	form_text(form, "Description", "As agreed");
	form_raw(form, "PrintGroupedItems", "true");
	form_open_member(form, "ItemGroupDetail", '{');
	form_open_member(form, "ItemGroupLine", '[');
	for (size_t i = 0; i < sample->items.count && i < 3; i++) {
		form_open(form);
		form_ref(form, "ItemRef", sample->items.records[i]);
		str_addf(form, ",\"Qty\":%zu}", i + 1);
	}
	str_add(form, "]}");
}

static void make_item(struct sample *sample, const struct sample_item *item)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	bool bundle = strcmp(item->type, "Group") == 0,
	     category = strcmp(item->type, "Category") == 0;
	struct record *record;

	form_open(&form);
	form_text(&form, "Name", item->name);
	form_text(&form, "Type", item->type);
	form_text(&form, "Sku", item->sku);
	if (item->category && sample->kind->tax == TAX_VAT)
		form_ref(&form, "ParentRef", find_full_name(sample, "Item", item->category));
	else if (item->category)
		form_ref(&form, "ParentRef",
			 find_full_name(sample, "Item",
					strcmp(item->category, "Drivetrain") == 0
						? "Parts:Drivetrain"
						: item->category));
	if (bundle)
		item_parts(sample, &form);
	else if (!category)
		form_text(&form, "Description", item->description);
	if (!bundle && !category)
		item_money(sample, item, &form);
	form_close(&form, '}');
	record = sample_add(sample, "Item", &form);
	if (bundle)
		sample_list_add(&sample->bundles, record);
	else if (!category)
		sample_list_add(&sample->items, record);
	if (strcmp(item->type, "Inventory") == 0)
		sample_list_add(&sample->stock, record);
	sample_tick(sample, 1);
}

/* Items that few clients expect: a long name, and one that is sold for a year only. */
static void make_odd_items(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str long_name = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str long_text = STR_INIT(STR_NO_LIMIT);

	names_prose(100, &long_name);
	names_prose(4000, &long_text);
	form_open(&form);
	form_text(&form, "Name", long_name.text);
	form_text(&form, "Description", long_text.text);
	form_cents(&form, "UnitPrice", 100);
	form_ref(&form, "IncomeAccountRef", sample->accounts[ACCOUNT_SALES]);
	form_close(&form, '}');
	sample_add(sample, "Item", &form);
	form_open(&form);
	form_text(&form, "Name", "Clearance (last season)");
	form_text(&form, "Description", "Clearance, no returns");
	form_text(&form, "Type", "Service");
	form_cents(&form, "UnitPrice", 999);
	form_ref(&form, "IncomeAccountRef", sample->accounts[ACCOUNT_SERVICES]);
	form_ref(&form, "SalesTaxCodeRef",
		 sample->kind->tax == TAX_VAT ? sample->codes[CODE_STANDARD] : NULL);
	form_close(&form, '}');
	sample->old_item = sample_add(sample, "Item", &form);
	sample_tick(sample, 3);
}

void chart_make_items(struct sample *sample)
{
	for (size_t i = 0; i < sample->kind->item_count; i++)
		make_item(sample, &sample->kind->items[i]);
	if (sample->accounts[ACCOUNT_SALES])
		make_odd_items(sample);
}

void chart_retire(struct sample *sample)
{
	struct record *bank = sample->accounts[ACCOUNT_OLD_BANK];

	if (sample->old_item) {
		sample_change(sample, sample->old_item, "\"Active\":false");
		sample_tick(sample, 40);
	}
	if (bank) {
		ledger_close_bank(sample, bank);
		sample_change(sample, bank, "\"Active\":false,\"Description\":\"Closed\"");
	}
	sample_tick(sample, 40);
	if (sample->old_class)
		sample_change(sample, sample->old_class, "\"Active\":false");
	sample->old_item = sample->old_class = NULL;
	sample->accounts[ACCOUNT_OLD_BANK] = NULL;
	sample_tick(sample, 40);
}
