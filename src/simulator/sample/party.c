/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who a company deals with: customers and their jobs, vendors, employees. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "sample/sample_impl.h"

static enum language pick_language(struct sample *sample)
{
	const enum language *languages = sample->kind->languages;
	int count = 0;

	while (languages[count] != LANGUAGE_COUNT)
		count++;
	return languages[sample_chance(sample, count)];
}

/* The currency that a party of that tongue would want to be billed in; NULL: the company's own. */
static const char *foreign_currency(struct sample *sample, enum language language)
{
	if (!sample->kind->multicurrency)
		return NULL;
	switch (language) {
	case LANGUAGE_PL:
		return "PLN";
	case LANGUAGE_NO:
		return "NOK";
	case LANGUAGE_AR:
	case LANGUAGE_JA:
	case LANGUAGE_ZH:
		return "USD";
	case LANGUAGE_HE:
		return "GBP";
	case LANGUAGE_TH:
		return "CHF";
	default:
		return NULL;
	}
}

static void add_phone(struct sample *sample, struct str *form, const char *member)
{
	str_addf(form, ",\"%s\":{\"FreeFormNumber\":\"%s%02d %d\"}", member,
		 sample->kind->tax == TAX_VAT ? "+49 40 5550 " : "(555) 01",
		 sample_chance(sample, 90) + 10, sample_chance(sample, 9000) + 1000);
}

static void add_email(struct sample *sample, struct str *form)
{
	static const char *const boxes[] = { "office",		 "billing", "hello",
					     "accounts.payable", "o'brien", "no-reply+ap" };

	str_addf(form, ",\"PrimaryEmailAddr\":{\"Address\":\"%s@example.%s\"}",
		 boxes[sample_chance(sample, ARRAY_LEN(boxes))],
		 sample_percent(sample, 50) ? "com" : "org");
}

static void person_members(struct str *form, const struct person *person)
{
	form_text(form, "GivenName", person->given.text);
	form_text(form, "FamilyName", person->family.text);
}

/* A name, and who it is, in one of the company's tongues. */
static void add_names(struct sample *sample, enum language language, struct str *form)
{
	struct person person = { STR_INIT(500), STR_INIT(500), STR_INIT(500) };
	AUTO(str_clear) struct str business = STR_INIT(500);
	const char *hard = sample->kind->employees > 0 && sample_percent(sample, 40)
				   ? names_hard(&sample->names)
				   : NULL;

	names_person(&sample->names, language, &person);
	if (hard) {
		form_text(form, "DisplayName", hard);
	} else if (sample_percent(sample, 35)) {
		form_text(form, "DisplayName", person.full.text);
		person_members(form, &person);
		if (sample_percent(sample, 15))
			form_text(form, "Title", "Dr.");
	} else {
		names_business(&sample->names, language, &business);
		form_text(form, "DisplayName", business.text);
		form_text(form, "CompanyName", business.text);
		if (sample_percent(sample, 70))
			person_members(form, &person);
	}
	person_clear(&person);
}

static void customer_extras(struct sample *sample, struct str *form)
{
	if (sample_percent(sample, 80))
		add_phone(sample, form, "PrimaryPhone");
	if (sample_percent(sample, 15))
		add_phone(sample, form, "Mobile");
	if (sample_percent(sample, 70))
		add_email(sample, form);
	if (sample_percent(sample, 20))
		form_raw(form, "WebAddr", "{\"URI\":\"https://www.example.com/a?b=1&c=%20d\"}");
	if (sample_percent(sample, 25))
		form_text(form, "Notes",
			  "Rings before delivery.\nPays late in August; \"fine\" otherwise. 😀");
	if (sample_percent(sample, 50))
		form_ref(form, "SalesTermRef", sample_pick(sample, &sample->terms));
	if (sample_percent(sample, 40))
		form_ref(form, "PaymentMethodRef", sample_pick(sample, &sample->methods));
	if (sample_percent(sample, 30))
		form_ref(form, "CustomerTypeRef", sample_pick(sample, &sample->types));
	if (sample_percent(sample, 30))
		form_text(form, "PreferredDeliveryMethod",
			  sample_percent(sample, 70) ? "Email" : "None");
	if (sample->kind->tax != TAX_NONE && sample_percent(sample, 12)) {
		form_raw(form, "Taxable", "false");
		form_text(form, "ResaleNum", "RS-00417");
	}
	if (sample->kind->tax == TAX_VAT && sample_percent(sample, 50))
		form_text(form, "PrimaryTaxIdentifier", "DE999999999");
}

static struct record *make_customer(struct sample *sample)
{
	enum language language = pick_language(sample);
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str address = STR_INIT(STR_NO_LIMIT);
	const char *currency = foreign_currency(sample, language);

	form_open(&form);
	add_names(sample, language, &form);
	if (!sample_percent(sample, 10)) {
		names_address(language, (uint64_t)sample_chance(sample, 4000),
			      sample->kind->tax == TAX_VAT, &address);
		form_raw(&form, "BillAddr", address.text);
		if (sample_percent(sample, 75))
			form_raw(&form, "ShipAddr", address.text);
	}
	if (currency)
		str_addf(&form, ",\"CurrencyRef\":{\"value\":\"%s\"}", currency);
	customer_extras(sample, &form);
	form_close(&form, '}');
	return sample_add(sample, "Customer", &form);
}

/* A job; every other one is billed to whom it belongs to, every fifth is a project. */
static struct record *make_job(struct sample *sample, const struct record *parent)
{
	static const char *const jobs[] = {
		"Spring order", "Renovation", "Filiale Süd", "Shop #2", "Wedding 12/06", "Q3 & Q4",
		"Étage 2", "Проект", "二号店",
	};
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str name = STR_INIT(200);
	AUTO(str_clear) struct str currency = STR_INIT(8);
	size_t number = sample->customers.count;

	sample_text(parent, "CurrencyRef.value", &currency);
	str_addf(&name, "%s %zu", jobs[number % ARRAY_LEN(jobs)], number);
	form_open(&form);
	form_text(&form, "DisplayName", name.text);
	form_raw(&form, "Job", "true");
	form_raw(&form, "BillWithParent", number % 2 ? "true" : "false");
	form_ref(&form, "ParentRef", parent);
	str_addf(&form, ",\"CurrencyRef\":{\"value\":\"%s\"}", currency.text);
	if (number % 5 == 0)
		form_raw(&form, "IsProject", "true");
	form_close(&form, '}');
	return sample_add(sample, "Customer", &form);
}

static int level_of(const struct record *customer)
{
	int level = 0;

	for (; customer->above; customer = customer->above)
		level++;
	return level;
}

bool party_add_customer(struct sample *sample)
{
	struct record *parent = NULL;

	if (sample->kind->employees > 0 && sample->customers.count > 4 &&
	    sample_percent(sample, 18))
		parent = sample_pick(sample, &sample->customers);
	if (parent && level_of(parent) < 4)
		sample_list_add(&sample->customers, make_job(sample, parent));
	else
		sample_list_add(&sample->customers, make_customer(sample));
	sample_tick(sample, sample_chance(sample, 240) + 20);
	return true;
}

static void make_vendor(struct sample *sample)
{
	enum language language = pick_language(sample);
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str address = STR_INIT(STR_NO_LIMIT);
	const char *currency =
		sample_percent(sample, 50) ? foreign_currency(sample, language) : NULL;

	form_open(&form);
	add_names(sample, language, &form);
	names_address(language, (uint64_t)sample_chance(sample, 4000), sample->kind->tax == TAX_VAT,
		      &address);
	form_raw(&form, "BillAddr", address.text);
	if (currency)
		str_addf(&form, ",\"CurrencyRef\":{\"value\":\"%s\"}", currency);
	if (sample_percent(sample, 60))
		form_ref(&form, "TermRef", sample_pick(sample, &sample->terms));
	if (sample_percent(sample, 50))
		str_addf(&form, ",\"AcctNum\":\"K-%05d\"", sample_chance(sample, 99999));
	if (sample->kind->tax != TAX_VAT && sample_percent(sample, 25))
		form_raw(&form, "Vendor1099", "true");
	if (sample->kind->tax != TAX_VAT && sample_percent(sample, 25))
		str_addf(&form, ",\"TaxIdentifier\":\"XXXXX%04d\"", sample_chance(sample, 10000));
	if (sample_percent(sample, 60))
		add_phone(sample, &form, "PrimaryPhone");
	if (sample_percent(sample, 60))
		add_email(sample, &form);
	form_close(&form, '}');
	sample_list_add(&sample->vendors, sample_add(sample, "Vendor", &form));
	sample_tick(sample, sample->vendors.count % 3 == 0);
}

static void make_employee(struct sample *sample)
{
	struct person person = { STR_INIT(500), STR_INIT(500), STR_INIT(500) };
	enum language language = pick_language(sample);
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str address = STR_INIT(STR_NO_LIMIT);

	names_person(&sample->names, language, &person);
	names_address(sample->kind->language, (uint64_t)sample_chance(sample, 4000), false,
		      &address);
	form_open(&form);
	person_members(&form, &person);
	form_text(&form, "DisplayName", person.full.text);
	form_raw(&form, "PrimaryAddr", address.text);
	form_raw(&form, "BillableTime", "true");
	str_addf(&form, ",\"BillRate\":%d,\"EmployeeNumber\":\"%03zu\"",
		 35 + sample_chance(sample, 40), sample->employees.count + 1);
	form_date(&form, "HiredDate",
		  (struct date){ sample->first.day - sample_chance(sample, 2000) });
	add_phone(sample, &form, "PrimaryPhone");
	form_close(&form, '}');
	sample_list_add(&sample->employees, sample_add(sample, "Employee", &form));
	person_clear(&person);
}

/* One with a name of the full five hundred characters, in many scripts. */
static void make_longest(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str name = STR_INIT(STR_NO_LIMIT);

	names_prose(500, &name);
	form_open(&form);
	form_text(&form, "DisplayName", name.text);
	form_close(&form, '}');
	sample_list_add(&sample->customers, sample_add(sample, "Customer", &form));
	sample->made[DOCUMENT_CUSTOMER]++;
}

void party_make(struct sample *sample)
{
	for (int i = 0; i < sample->kind->vendors; i++)
		make_vendor(sample);
	for (int i = 0; i < sample->kind->employees; i++)
		make_employee(sample);
	sample_tick(sample, 1);
	for (int i = 0; i < sample->kind->leaving; i++)
		sample_list_add(&sample->leaving, make_customer(sample));
	if (sample->kind->employees > 0)
		make_longest(sample);
	while (sample->made[DOCUMENT_CUSTOMER] < sample->wanted[DOCUMENT_CUSTOMER] * 3 / 5) {
		sample->made[DOCUMENT_CUSTOMER]++;
		party_add_customer(sample);
	}
}

/* Is something still to be done with a vendor's documents? */
static bool is_awaited(const struct sample *sample, const struct record *vendor)
{
	for (size_t i = 0; i < sample->plan_count; i++)
		if (sample_has(sample->plans[i].record, "VendorRef.value", vendor->id))
			return true;
	return vendor->balance != 0;
}

/* The service makes nobody inactive who still owes something. */
void party_retire(struct sample *sample)
{
	for (size_t i = 0; i < sample->leaving.count; i++) {
		sample_change(sample, sample->leaving.records[i], "\"Active\":false");
		sample_tick(sample, 75);
	}
	for (size_t i = sample->vendors.count; sample->vendors.count > 10 && i-- > 0;) {
		struct record *vendor = sample->vendors.records[i];

		if (is_awaited(sample, vendor))
			continue;
		sample_change(sample, vendor, "\"Active\":false");
		sample->vendors.records[i] = sample->vendors.records[--sample->vendors.count];
		break;
	}
	if (sample->employees.count > 2)
		sample_change(sample, sample->employees.records[--sample->employees.count],
			      "\"Active\":false,\"BillRate\":0");
	sample_tick(sample, 75);
}
