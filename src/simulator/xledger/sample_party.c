/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who the sample entity deals with, and who works there on what. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "xledger/sample_impl.h"
#include "xledger/zone.h"

static struct xl_record *add_company(struct xl_sample *sample, int64_t i, int64_t owner, int64_t ms, char *name)
{
	struct xl_maker maker = xl_maker_of("Company"), address = xl_sample_address(sample);
	char number[16], text[160];

	xl_sample_company_name(sample, i, name);
	xl_maker_number(&maker, "code", 30001 + i);
	xl_maker_text(&maker, "description", name);
	xl_maker_text(&maker, "companyNumber", xl_sample_company_number(sample, number));
	snprintf(text, sizeof(text), "NO%sMVA", number);
	xl_maker_text(&maker, "taxNumber", text);
	snprintf(text, sizeof(text), "post%lld@eksempel.no", (long long)i);
	xl_maker_text(&maker, "email", text);
	snprintf(text, sizeof(text), "+47 2%07d", (int)xl_sample_chance(sample, 10000000));
	xl_maker_text(&maker, "phone", text);
	xl_maker_ref(&maker, "country", sample->norway);
	xl_maker_part(&maker, "address", &address);
	return xl_maker_add(&maker, sample->entity, owner, ms);
}

static void add_party(struct xl_sample *sample, const char *type, int64_t i, int64_t n)
{
	struct xl_entity *entity = sample->entity;
	bool customer = strcmp(type, "Customer") == 0;
	int64_t owner = xl_sample_owner(sample, i), ms = xl_sample_ms(sample, i, n);
	struct xl_maker maker = xl_maker_of(type), address = xl_sample_address(sample);
	char name[120], text[160];
	struct xl_record *company = add_company(sample, customer ? i : 1000000 + i, owner, ms, name);

	xl_maker_number(&maker, "code", customer ? entity->next_customer++ : entity->next_supplier++);
	xl_maker_text(&maker, "description", name);
	snprintf(text, sizeof(text), "%s%lld@eksempel.no", customer ? "faktura" : "ordre", (long long)i);
	xl_maker_text(&maker, "email", text);
	xl_maker_ref(&maker, "company", company);
	xl_maker_ref(&maker, "subledgerGroup", xl_listed(entity, "ListValue", customer ? "KUN" : "LEV"));
	xl_maker_ref(&maker, "payTerms", xl_listed(entity, "ListValue", i % 3 ? "14D" : "30D"));
	xl_maker_ref(&maker, "currency", sample->krone);
	xl_maker_date(&maker, "fromDate", central_today(ms));
	if (i % 29 == 28)
		xl_maker_date(&maker, "toDate", central_today(ms + 30 * DAY_MS));
	snprintf(text, sizeof(text), "%04d%02d%05d", 1500 + (int)xl_sample_chance(sample, 8000),
		 (int)xl_sample_chance(sample, 100), (int)xl_sample_chance(sample, 100000));
	xl_maker_text(&maker, "bankAccount", text);
	if (customer) {
		struct xl_maker bill = { .type = address.type, .pack = STR_INIT(STR_NO_LIMIT) };

		str_add_bytes(&bill.pack, address.pack.text, address.pack.len);
		xl_maker_part(&maker, "billAddress", &bill);
		xl_maker_ref(&maker, "accountsPayableAccount", xl_listed(entity, "Account", "1500"));
		xl_maker_flag(&maker, "isIntraGroup", false);
		xl_maker_ref(&maker, "glObject1", xl_sample_pick(sample, "GLObject", (uint64_t)i));
	} else {
		snprintf(text, sizeof(text), "+47 9%07d", (int)xl_sample_chance(sample, 10000000));
		xl_maker_text(&maker, "phone", text);
	}
	xl_maker_part(&maker, "address", &address);
	xl_maker_add(&maker, entity, owner, ms);
}

static void add_employee(struct xl_sample *sample, int64_t i)
{
	struct xl_entity *entity = sample->entity;
	struct xl_maker maker = xl_maker_of("Employee"), contact = xl_maker_of("Contact");
	struct xl_maker flexi = xl_maker_of("FlexiFieldsItem");
	bool woman = xl_sample_chance(sample, 2) == 0;
	const char *first = xl_sample_first_name(sample, woman), *last = xl_sample_last_name(sample);
	int64_t ms = xl_sample_ms(sample, i, sample->employees);
	int age = 21 + (int)xl_sample_chance(sample, 44);
	struct date from = central_today(ms - DAY_MS * (int64_t)xl_sample_chance(sample, 900));
	struct calendar today = date_calendar(central_today(sample->end_ms));
	char text[160];

	snprintf(text, sizeof(text), "%s %s", first, last);
	xl_maker_number(&contact, "dbId", entity->next_dbid++);
	xl_maker_text(&contact, "name", text);
	xl_maker_text(&contact, "firstName", first);
	xl_maker_text(&contact, "lastName", last);
	xl_maker_date(&contact, "birthday", date_of(today.year - age, 1, 1 + (int)xl_sample_chance(sample, 28)));
	xl_maker_number(&contact, "age", age);
	xl_maker_ref(&contact, "country", sample->norway);
	xl_maker_ref(&contact, "gender", xl_listed(entity, "Definition", woman ? "FEMALE" : "MALE"));
	xl_maker_number(&maker, "code", 101 + i);
	xl_maker_text(&maker, "description", text);
	snprintf(text, sizeof(text), "ansatt%lld@eksempel.no", (long long)(101 + i));
	xl_maker_text(&maker, "email", text);
	xl_maker_date(&maker, "employmentFrom", from);
	if (i % 11 == 10) {
		xl_maker_date(&maker, "employmentTo", central_today(ms + 20 * DAY_MS));
		xl_maker_ref(&maker, "exitReason", xl_listed(entity, "ListValue", "SLUTT"));
	}
	xl_maker_ref(&maker, "positionValue", xl_listed(entity, "ListValue", i % 7 ? "KONS" : "LEDER"));
	xl_maker_ref(&maker, "positionCategory", xl_listed(entity, "ListValue", "KONS"));
	xl_maker_ref(&maker, "compensationType", xl_listed(entity, "ListValue", "MÅNED"));
	xl_maker_ref(&maker, "employmentType", xl_listed(entity, "ListValue", "FAST"));
	xl_maker_ref(&maker, "employeeGroup", xl_listed(entity, "ListValue", i % 3 ? "200" : "100"));
	if (i > 0)
		xl_maker_ref(&maker, "superior", xl_sample_pick(sample, "Employee", 0));
	xl_maker_part(&maker, "contact", &contact);
	xl_maker_flag(&maker, "timesheet", true);
	xl_maker_text(&maker, "socialSecurityMasked", "******");
	xl_maker_ref(&flexi, "code1", xl_listed(entity, "ListValue", "UTV"));
	xl_maker_date(&flexi, "date1", from);
	xl_maker_number(&flexi, "number1", i % 5);
	xl_maker_part(&maker, "flexiFieldsItem", &flexi);
	xl_maker_ref(&maker, "glObject1", xl_sample_pick(sample, "GLObject", (uint64_t)i % 4));
	xl_maker_add(&maker, entity, xl_sample_owner(sample, i), ms);
}

void xl_sample_parties(struct xl_sample *sample)
{
	for (int64_t i = 0; i < sample->customers; i++)
		add_party(sample, "Customer", i, sample->customers);
	for (int64_t i = 0; i < sample->suppliers; i++)
		add_party(sample, "Supplier", i, sample->suppliers);
	for (int64_t i = 0; i < sample->employees; i++)
		add_employee(sample, i);
}

/* ---- work */

static void add_products(struct xl_sample *sample)
{
	static const struct {
		const char *code, *description, *account, *rule, *unit;
		int64_t cents;
	} products[] = {
		{ "TIME", "Konsulenttime", "3010", "3", "TIM", 125000 },
		{ "TIME50", "Konsulenttime, overtid", "3010", "3", "TIM", 187500 },
		{ "LIS", "Lisens per måned", "3000", "3", "STK", 49900 },
		{ "KURS", "Kurs, avgiftsfritt", "3100", "0", "STK", 890000 },
		{ "KABEL", "Kabel, 10 meter", "3000", "3", "STK", 34950 },
		{ "SKJERM", "Skjerm 27\"", "3000", "3", "STK", 329900 },
		{ "FRAKT", "Frakt", "3000", "3", "STK", 9900 },
		{ "RØR", "Rør, 2 meter", "3000", "3", "STK", 12345 },
	};
	struct xl_entity *entity = sample->entity;

	for (size_t i = 0; i < ARRAY_LEN(products); i++) {
		struct xl_maker maker = xl_maker_of("Product");

		xl_maker_text(&maker, "code", products[i].code);
		xl_maker_text(&maker, "description", products[i].description);
		xl_maker_text(&maker, "text", products[i].description);
		xl_maker_money(&maker, "salesPrice", products[i].cents);
		xl_maker_ref(&maker, "unit", xl_listed(entity, "ListValue", products[i].unit));
		xl_maker_ref(&maker, "account", xl_listed(entity, "Account", products[i].account));
		xl_maker_ref(&maker, "taxRule", xl_listed(entity, "TaxRule", products[i].rule));
		xl_maker_add(&maker, entity, entity->dbid, sample->start_ms);
	}
}

/* A project repeats what its customer's company says, but for the country, which is a text there. */
static void add_project_company(struct xl_sample *sample, struct xl_maker *maker, const struct xl_record *customer)
{
	struct xl_entity *entity = sample->entity;
	struct xl_record *company = xl_ref_of(entity, customer, "company");
	struct xl_maker part = xl_maker_of("ProjectCompany");
	char text[160];

	xl_maker_number(&part, "dbId", company->dbid);
	xl_maker_text(&part, "code", xl_text_of(entity, company, "code", text, sizeof(text)));
	xl_maker_text(&part, "description", xl_text_of(entity, company, "description", text, sizeof(text)));
	xl_maker_text(&part, "companyNumber", xl_text_of(entity, company, "companyNumber", text, sizeof(text)));
	xl_maker_text(&part, "country", "NO");
	xl_maker_part(maker, "company", &part);
}

static void add_project(struct xl_sample *sample, int64_t i)
{
	static const char *const nouns[] = { "Nytt bygg", "Årsoppgjør", "Flytting", "Drift", "Opplæring", "Vedlikehold" };
	struct xl_entity *entity = sample->entity;
	struct xl_maker maker = xl_maker_of("Project"), flexi = xl_maker_of("FlexiFieldsItem");
	struct xl_record *customer = xl_sample_pick(sample, "Customer", xl_sample_chance(sample, 1u << 30));
	int64_t ms = xl_sample_ms(sample, i, sample->projects);
	char text[160];

	xl_maker_number(&maker, "code", entity->next_project++);
	snprintf(text, sizeof(text), "%s %lld", nouns[i % (int64_t)ARRAY_LEN(nouns)], (long long)i + 1);
	xl_maker_text(&maker, "description", text);
	xl_maker_text(&maker, "shortInfo", "Se kontrakt");
	xl_maker_text(&maker, "yourReference", xl_sample_last_name(sample));
	xl_maker_ref(&maker, "customer", customer);
	add_project_company(sample, &maker, customer);
	xl_maker_ref(&maker, "projectManager", xl_sample_pick(sample, "Employee", (uint64_t)i));
	xl_maker_ref(&maker, "projectGroup", xl_listed(entity, "ListValue", i % 4 ? "20" : "10"));
	xl_maker_ref(&flexi, "code2", xl_listed(entity, "ListValue", "UTV"));
	xl_maker_part(&maker, "flexiFieldsItem", &flexi);
	xl_maker_date(&maker, "fromDate", central_today(ms));
	if (i % 13 == 12)
		xl_maker_date(&maker, "toDate", central_today(ms + 60 * DAY_MS));
	xl_maker_flag(&maker, "external", i % 4 != 0);
	xl_maker_flag(&maker, "billable", i % 4 != 0);
	xl_maker_flag(&maker, "timesheetEntry", true);
	xl_maker_flag(&maker, "allowPosting", true);
	xl_maker_text(&maker, "pctCompleted", i % 2 ? "37.5" : "80");
	xl_maker_money(&maker, "totalRevenue", (int64_t)xl_sample_chance(sample, 90000000));
	xl_maker_money(&maker, "totalCost", (int64_t)xl_sample_chance(sample, 60000000));
	xl_maker_money(&maker, "contractedRevenue", (int64_t)xl_sample_chance(sample, 99000000));
	xl_maker_number(&maker, "totalEstimateHours", (int64_t)xl_sample_chance(sample, 2000));
	xl_maker_ref(&maker, "glObject1", xl_sample_pick(sample, "GLObject", (uint64_t)i % 4));
	xl_maker_ref(&maker, "currency", sample->krone);
	xl_maker_add(&maker, entity, xl_sample_owner(sample, i), ms);
}

static void add_timesheet(struct xl_sample *sample, int64_t i)
{
	static const char *const fractions[] = { "", ".25", ".5", ".75" };
	struct xl_entity *entity = sample->entity;
	struct xl_maker maker = xl_maker_of("Timesheet");
	int64_t ms = xl_sample_ms(sample, i, sample->timesheets);
	int quarters = 2 + (int)xl_sample_chance(sample, 34);
	bool approved = ms < sample->end_ms - 14 * DAY_MS;
	char text[CENTRAL_TEXT_MAX];

	xl_maker_text(&maker, "text", i % 2 ? "Møte med kunde" : "Utvikling på løsning");
	xl_maker_date(&maker, "assignmentDate", central_today(ms));
	snprintf(text, sizeof(text), "%d%s", quarters / 4, fractions[quarters % 4]);
	xl_maker_text(&maker, "workingHours", text);
	xl_maker_flag(&maker, "isHeaderApproved", approved);
	xl_maker_flag(&maker, "approved", approved);
	if (approved) {
		xl_maker_text(&maker, "headerApprovedAt", central_format(ms + 3 * DAY_MS, text));
		xl_maker_text(&maker, "approvedAt", central_format(ms + 3 * DAY_MS, text));
	}
	xl_maker_money(&maker, "hourlyRevenueCurrency", 125000);
	xl_maker_money(&maker, "hourlyCost", 61050);
	xl_maker_flag(&maker, "invoiced", false);
	xl_maker_ref(&maker, "employee", xl_sample_pick(sample, "Employee", xl_sample_chance(sample, 1u << 30)));
	xl_maker_ref(&maker, "activity", xl_listed(entity, "ListValue", i % 2 ? "MØTE" : "UTV"));
	xl_maker_ref(&maker, "timeType", xl_listed(entity, "ListValue", i % 9 ? "ORD" : "OVT"));
	xl_maker_ref(&maker, "project", xl_sample_pick(sample, "Project", xl_sample_chance(sample, 1u << 30)));
	xl_maker_ref(&maker, "timesheetStatus",
		     xl_listed(entity, "Definition", approved ? "APPROVED" : "REGISTERED"));
	xl_maker_add(&maker, entity, xl_sample_owner(sample, i), ms);
}

void xl_sample_work(struct xl_sample *sample)
{
	add_products(sample);
	for (int64_t i = 0; i < sample->projects; i++)
		add_project(sample, i);
	for (int64_t i = 0; i < sample->timesheets; i++)
		add_timesheet(sample, i);
}
