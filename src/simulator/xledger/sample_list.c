/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a Norwegian company's books begin with: owners, codes, the chart of accounts of NS 4102, VAT. */
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "xledger/sample_impl.h"

static const struct {
	const char *type, *code, *description;
} plain[] = {
	{ "Currency", "NOK", "Norske kroner" },
	{ "Currency", "EUR", "Euro" },
	{ "Currency", "SEK", "Svenske kroner" },
	{ "Currency", "USD", "Amerikanske dollar" },
	{ "Country", "NO", "Norge" },
	{ "Country", "SE", "Sverige" },
	{ "Country", "DK", "Danmark" },
	{ "TransactionSource", "AR", "Utgående faktura" },
	{ "TransactionSource", "AP", "Inngående faktura" },
	{ "TransactionSource", "OCR", "OCR innbetaling" },
	{ "TransactionSource", "OS", "Ordre/faktura" },
	{ "TransactionSource", "GL", "Hovedbok" },
	{ "ListValue", "14D", "14 dager netto" },
	{ "ListValue", "30D", "30 dager netto" },
	{ "ListValue", "KUN", "Kunder Norge" },
	{ "ListValue", "LEV", "Leverandører Norge" },
	{ "ListValue", "KONS", "Konsulent" },
	{ "ListValue", "LEDER", "Leder" },
	{ "ListValue", "FAST", "Fast ansatt" },
	{ "ListValue", "MÅNED", "Månedslønn" },
	{ "ListValue", "100", "Administrasjon" },
	{ "ListValue", "200", "Produksjon" },
	{ "ListValue", "SLUTT", "Egen oppsigelse" },
	{ "ListValue", "UTV", "Utvikling" },
	{ "ListValue", "MØTE", "Møte" },
	{ "ListValue", "ORD", "Ordinær tid" },
	{ "ListValue", "OVT", "Overtid 50 %" },
	{ "ListValue", "10", "Interne prosjekter" },
	{ "ListValue", "20", "Kundeprosjekter" },
	{ "ListValue", "STK", "Stykk" },
	{ "ListValue", "TIM", "Timer" },
	{ "ObjectKind", "AVD", NULL },
	{ "ObjectKind", "BÆR", NULL },
};

/* Objects whose numbers are the same everywhere. */
static const struct {
	const char *code;
	int sub;
} definitions[] = {
	{ "INVOICE", 1 },    { "CREDIT_MEMO", 2 }, { "ELECTRONIC_PAYMENT", 5 }, { "LEDGER_AR", 1 }, { "LEDGER_AP", 2 },
	{ "JOB_POSTED", 1 }, { "STANDARD", 1 },	   { "POSTED", 3 },		{ "OPEN", 1 },	    { "PAID", 2 },
	{ "APPROVED", 2 },   { "REGISTERED", 1 },  { "FEMALE", 1 },		{ "MALE", 2 },	    { "RUNNING", 3 },
	{ "PAUSED", 1 },     { "RECOVERING", 2 },  { "FAULTED", 4 },		{ "EMAIL", 2 },	    { "NORWEGIAN", 1 },
};

static const struct {
	const char *code, *description;
} groups[] = {
	{ "10", "Immaterielle eiendeler" }, { "15", "Kortsiktige fordringer" },
	{ "19", "Bankinnskudd" },	    { "20", "Egenkapital" },
	{ "24", "Leverandørgjeld" },	    { "27", "Offentlige avgifter" },
	{ "30", "Salgsinntekter" },	    { "40", "Varekostnad" },
	{ "50", "Lønnskostnad" },	    { "60", "Andre driftskostnader" },
};

static const struct {
	const char *code, *description, *group, *rule;
} accounts[] = {
	{ "1200", "Maskiner og anlegg", "10", NULL },
	{ "1500", "Kundefordringer", "15", NULL },
	{ "1579", "Andre fordringer", "15", NULL },
	{ "1920", "Bankinnskudd", "19", NULL },
	{ "1950", "Skattetrekkskonto", "19", NULL },
	{ "2000", "Aksjekapital", "20", NULL },
	{ "2050", "Annen egenkapital", "20", NULL },
	{ "2400", "Leverandørgjeld", "24", NULL },
	{ "2600", "Forskuddstrekk", "27", NULL },
	{ "2700", "Utgående merverdiavgift", "27", NULL },
	{ "2710", "Inngående merverdiavgift", "27", NULL },
	{ "2740", "Oppgjørskonto merverdiavgift", "27", NULL },
	{ "2770", "Skyldig arbeidsgiveravgift", "27", NULL },
	{ "2930", "Skyldig lønn", "27", NULL },
	{ "3000", "Salgsinntekt, avgiftspliktig", "30", "3" },
	{ "3010", "Salg av timer", "30", "3" },
	{ "3100", "Salgsinntekt, avgiftsfri", "30", "0" },
	{ "4000", "Innkjøp av råvarer", "40", "1" },
	{ "4300", "Innkjøp av varer for videresalg", "40", "1" },
	{ "5000", "Lønn til ansatte", "50", NULL },
	{ "5400", "Arbeidsgiveravgift", "50", NULL },
	{ "6300", "Leie lokale", "60", "1" },
	{ "6340", "Lys og varme", "60", "1" },
	{ "6540", "Inventar", "60", "1" },
	{ "6720", "Honorar for økonomisk rådgivning", "60", "1" },
	{ "6800", "Kontorrekvisita", "60", "1" },
	{ "6900", "Telefon", "60", "1" },
	{ "7140", "Reisekostnad", "60", "12" },
	{ "7320", "Reklamekostnad", "60", "1" },
	{ "7770", "Bank- og kortgebyrer", "60", "0" },
};

static const struct {
	const char *code, *description, *percent, *account;
} rules[] = {
	{ "0", "Ingen mva-behandling", "0", NULL },
	{ "1", "Inngående mva høy sats", "25", "2710" },
	{ "11", "Inngående mva middels sats", "15", "2710" },
	{ "12", "Inngående mva lav sats", "12", "2710" },
	{ "3", "Utgående mva høy sats", "25", "2700" },
	{ "31", "Utgående mva middels sats", "15", "2700" },
	{ "33", "Utgående mva lav sats", "12", "2700" },
};

static const struct {
	const char *code, *description, *kind;
} objects[] = {
	{ "10", "Ledelse", "AVD" },	  { "20", "Salg", "AVD" },	  { "30", "Utvikling", "AVD" },
	{ "40", "Kundeservice", "AVD" },  { "B1", "Oslo kontor", "BÆR" }, { "B2", "Tromsø kontor", "BÆR" },
};

static void add_owners(struct xl_sample *sample)
{
	static const char *const below[] = { "Avdeling Bergen", "Avdeling Tromsø" };
	struct xl_entity *entity = sample->entity;
	const struct xl_type *type = xl_type_named("Owner");
	char number[16];

	for (size_t i = 0; i <= ARRAY_LEN(below); i++) {
		struct xl_maker maker = xl_maker_of("Owner");
		int64_t dbid = i == 0 ? entity->dbid : entity->next_dbid++;

		xl_maker_number(&maker, "ownerCode", (int64_t)(1000 + i));
		xl_maker_number(&maker, "code", (int64_t)(1000 + i));
		xl_maker_text(&maker, "description", i == 0 ? entity->name : below[i - 1]);
		xl_maker_text(&maker, "companyNumber", xl_sample_company_number(sample, number));
		xl_add_as(entity, type, dbid, dbid, sample->start_ms, maker.pack.text, maker.pack.len);
		xl_maker_clear(&maker);
		if (i > 0)
			entity->owners[entity->owner_count++] = dbid;
	}
}

static void add_plain(struct xl_sample *sample)
{
	struct xl_entity *entity = sample->entity;

	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		struct xl_maker maker = xl_maker_of(plain[i].type);

		xl_maker_text(&maker, "code", plain[i].code);
		xl_maker_text(&maker, plain[i].description ? "description" : "name",
			      plain[i].description	      ? plain[i].description
			      : strcmp(plain[i].code, "AVD") == 0 ? "Avdeling"
								  : "Bærer");
		xl_maker_add(&maker, entity, entity->dbid, sample->start_ms);
	}
	for (size_t i = 0; i < ARRAY_LEN(definitions); i++) {
		struct xl_maker maker = xl_maker_of("Definition");

		xl_maker_text(&maker, "code", definitions[i].code);
		xl_maker_text(&maker, "name", definitions[i].code);
		xl_maker_number(&maker, "dbSubId", definitions[i].sub);
		xl_maker_number(&maker, "definitionId", (int64_t)(100 + i));
		xl_maker_add(&maker, entity, entity->dbid, sample->start_ms);
	}
	for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
		struct xl_maker maker = xl_maker_of("GLObject");

		xl_maker_text(&maker, "code", objects[i].code);
		xl_maker_text(&maker, "description", objects[i].description);
		xl_maker_ref(&maker, "objectKind", xl_listed(entity, "ObjectKind", objects[i].kind));
		xl_maker_add(&maker, entity, entity->dbid, sample->start_ms);
	}
}

static void add_accounts(struct xl_sample *sample)
{
	struct xl_entity *entity = sample->entity;

	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		struct xl_maker group = xl_maker_of("AccountGroup"), chart = xl_maker_of("SysAccount");

		xl_maker_text(&group, "code", groups[i].code);
		xl_maker_text(&group, "description", groups[i].description);
		xl_maker_add(&group, entity, entity->dbid, sample->start_ms);
		xl_maker_text(&chart, "code", groups[i].code);
		xl_maker_text(&chart, "description", groups[i].description);
		xl_maker_add(&chart, entity, entity->dbid, sample->start_ms);
	}
	/* Rules first, for accounts have one; those that have an account get it afterwards. */
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		struct xl_maker maker = xl_maker_of("TaxRule");

		xl_maker_text(&maker, "code", rules[i].code);
		xl_maker_text(&maker, "description", rules[i].description);
		xl_maker_text(&maker, "percent", rules[i].percent);
		xl_maker_add(&maker, entity, entity->dbid, sample->start_ms);
	}
	for (size_t i = 0; i < ARRAY_LEN(accounts); i++) {
		struct xl_maker maker = xl_maker_of("Account");

		xl_maker_text(&maker, "code", accounts[i].code);
		xl_maker_text(&maker, "description", accounts[i].description);
		xl_maker_ref(&maker, "accountGroup", xl_listed(entity, "AccountGroup", accounts[i].group));
		xl_maker_ref(&maker, "sysAccount", xl_listed(entity, "SysAccount", accounts[i].group));
		if (accounts[i].rule)
			xl_maker_ref(&maker, "taxRule", xl_listed(entity, "TaxRule", accounts[i].rule));
		xl_maker_add(&maker, entity, entity->dbid, sample->start_ms);
	}
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		struct xl_record *rule = xl_listed(entity, "TaxRule", rules[i].code);
		struct str pack = STR_INIT(STR_NO_LIMIT);
		struct xl_maker more = xl_maker_of("TaxRule");

		if (rules[i].account)
			xl_maker_ref(&more, "account", xl_listed(entity, "Account", rules[i].account));
		str_add_bytes(&pack, rule->pack, rule->len);
		str_add_bytes(&pack, more.pack.text, more.pack.len);
		xl_update(entity, rule, pack.text, pack.len);
		rule->modified_ms = rule->created_ms;
		xl_maker_clear(&more);
		str_clear(&pack);
	}
}

void xl_sample_lists(struct xl_sample *sample)
{
	add_owners(sample);
	add_plain(sample);
	add_accounts(sample);
	sample->norway = xl_listed(sample->entity, "Country", "NO");
	sample->krone = xl_listed(sample->entity, "Currency", "NOK");
	for (int day = 0; day <= XL_SAMPLE_DAYS + 62; day += 28)
		xl_period_of(sample->entity, date_of_ms(sample->start_ms + day * DAY_MS, 0));
}
