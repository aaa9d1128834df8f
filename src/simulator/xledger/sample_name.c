/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of people, companies and places as they are in Norway; all are made up of common parts. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "xledger/sample_impl.h"

static const char *const women[] = {
	"Anne", "Ingrid", "Kari", "Marit", "Liv", "Solveig", "Åse", "Bjørg", "Nora", "Emma", "Ida", "Sigrid", "Guro", "Tuva",
};
static const char *const men[] = {
	"Jan", "Per", "Bjørn", "Ole", "Lars", "Kjell", "Øyvind", "Åge", "Håkon", "Sindre", "Jørgen", "Pål", "Trond", "Emil",
};
static const char *const families[] = {
	"Hansen", "Johansen", "Olsen", "Larsen", "Bjørnstad", "Ødegård", "Sæther", "Nygård", "Lie", "Haugen",
	"Berge", "Strømsnes", "Bråten", "Tangen", "Fjeldstad", "Kjærstad",
};
static const char *const heads[] = {
	"Fjord", "Nord", "Vest", "Bølge", "Ås", "Øst", "Tind", "Skog", "Hav", "Sæter", "Bre", "Foss", "Lyng", "Måke",
};
static const char *const tails[] = {
	"bygg", "regnskap", "sjømat", "transport", "elektro", "data", "møbler", "rør", "energi", "consulting", "hus", "verk",
};
static const char *const streets[] = {
	"Storgata", "Kirkegata", "Åsveien", "Bjørkelia", "Strandgata", "Sjøgata", "Dronningens gate", "Lærdalsveien",
	"Øvre Slottsgate", "Nygårdsgaten",
};
static const struct {
	const char *code, *name;
} places[] = {
	{ "0155", "Oslo" },   { "5003", "Bergen" },	 { "7011", "Trondheim" }, { "4006", "Stavanger" },
	{ "9008", "Tromsø" }, { "8006", "Bodø" },	 { "6002", "Ålesund" },	  { "3015", "Drammen" },
	{ "1607", "Fredrikstad" }, { "2317", "Hamar" }, { "4515", "Mandal" },	  { "1531", "Moss" },
	{ "3210", "Sandefjord" },  { "6414", "Molde" }, { "8900", "Brønnøysund" },
};

const char *xl_sample_first_name(struct xl_sample *sample, bool woman)
{
	return woman ? women[xl_sample_chance(sample, ARRAY_LEN(women))] : men[xl_sample_chance(sample, ARRAY_LEN(men))];
}

const char *xl_sample_last_name(struct xl_sample *sample)
{
	return families[xl_sample_chance(sample, ARRAY_LEN(families))];
}

const char *xl_sample_company_name(struct xl_sample *sample, int64_t i, char *out)
{
	const char *head = heads[xl_sample_chance(sample, ARRAY_LEN(heads))];
	const char *tail = tails[xl_sample_chance(sample, ARRAY_LEN(tails))];

	if (i < 200)
		snprintf(out, 120, "%s%s AS", head, tail);
	else
		snprintf(out, 120, "%s%s %lld AS", head, tail, (long long)i);
	return out;
}

struct xl_maker xl_sample_address(struct xl_sample *sample)
{
	struct xl_maker maker = xl_maker_of("Address");
	const char *street = streets[xl_sample_chance(sample, ARRAY_LEN(streets))];
	size_t place = xl_sample_chance(sample, ARRAY_LEN(places));
	char line[120], full[200], number[16];

	snprintf(number, sizeof(number), "%d", (int)xl_sample_chance(sample, 98) + 1);
	snprintf(line, sizeof(line), "%s %s", street, number);
	snprintf(full, sizeof(full), "%s, %s %s", line, places[place].code, places[place].name);
	xl_maker_number(&maker, "dbId", sample->entity->next_dbid++);
	xl_maker_text(&maker, "streetAddress", line);
	xl_maker_text(&maker, "streetNumber", number);
	xl_maker_text(&maker, "zipCode", places[place].code);
	xl_maker_text(&maker, "place", places[place].name);
	xl_maker_text(&maker, "fullAddress", full);
	xl_maker_ref(&maker, "country", sample->norway);
	return maker;
}

const char *xl_sample_company_number(struct xl_sample *sample, char *out)
{
	static const int weights[] = { 3, 2, 7, 6, 5, 4, 3, 2 };
	int check, sum;

	/* A remainder of 1 has no check digit: another number is taken then. */
	do {
		sum = 0;
		out[0] = '9';
		for (int i = 1; i < 8; i++)
			out[i] = (char)('0' + xl_sample_chance(sample, 10));
		for (int i = 0; i < 8; i++)
			sum += (out[i] - '0') * weights[i];
		check = (11 - sum % 11) % 11;
	} while (check == 10);
	out[8] = (char)('0' + check);
	out[9] = '\0';
	return out;
}
