/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sample entity as a whole: how many of what, over which time, and what changed in the last
 * days, so that the delta log is not empty.
 */
#include "xledger/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "company.h"
#include "xledger/sample_impl.h"

#define REALM_DIGITS_MAX 18
#define NUMBER_MAX INT64_C(5000000)
#define HOUR_MS INT64_C(3600000)
#define TOUCHED 45 /* records that were changed in the last days */

/* ---- for the other files */

size_t xl_sample_count(const struct xl_sample *sample, const char *type)
{
	return xl_table_of(sample->entity, xl_type_named(type))->count;
}

struct xl_record *xl_sample_pick(struct xl_sample *sample, const char *type, uint64_t seed)
{
	const struct xl_table *table = xl_table_of(sample->entity, xl_type_named(type));

	return table->count ? table->records[seed % table->count] : NULL;
}

uint64_t xl_sample_chance(struct xl_sample *sample, uint64_t limit)
{
	return random_below(&sample->random, limit);
}

int64_t xl_sample_ms(const struct xl_sample *sample, int64_t i, int64_t n)
{
	int64_t span_s = (sample->end_ms - sample->start_ms) / 1000;

	return sample->start_ms + span_s * (i + 1) / (n + 1) * 1000;
}

int64_t xl_sample_owner(const struct xl_sample *sample, int64_t i)
{
	const struct xl_entity *entity = sample->entity;

	if (i % 10 == 7)
		return entity->owners[1];
	return i % 25 == 3 ? entity->owners[2] : entity->dbid;
}

/* ---- the last days */

struct event {
	int64_t ms;
	size_t order;
	const struct xl_type *type;
	int64_t dbid, owner;
	enum xl_change change;
};

static int compare_events(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->ms != y->ms)
		return x->ms < y->ms ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

struct events {
	struct event *items; /* owned */
	size_t count, room;
};

static void add_event(struct events *events, const struct xl_type *type, int64_t dbid, int64_t owner,
		      enum xl_change change, int64_t ms)
{
	memory_grow(&events->items, &events->room, events->count + 1, sizeof(*events->items));
	events->items[events->count] = (struct event){ ms, events->count, type, dbid, owner, change };
	events->count++;
}

/* What was made while the log still reaches back. */
static void add_made(struct xl_sample *sample, struct events *events, const struct xl_type *type)
{
	const struct xl_table *table = xl_table_of(sample->entity, type);

	for (size_t i = 0; i < table->count; i++)
		if (table->records[i]->created_ms > sample->end_ms - XL_DELTA_KEPT_MS)
			add_event(events, type, table->records[i]->dbid, table->records[i]->owner, XL_ADDED,
				  table->records[i]->created_ms);
}

static void change_last(struct xl_sample *sample)
{
	struct xl_entity *entity = sample->entity;
	struct events events = { 0 };

	for (size_t i = 0; i < xl_type_count(); i++)
		if (xl_type_at(i)->flags & XL_DELTAS)
			add_made(sample, &events, xl_type_at(i));
	for (size_t i = 0, touched = 0; touched < TOUCHED; i++) {
		const struct xl_type *type = xl_type_at(i % xl_type_count());
		struct xl_record *record;

		if (!(type->flags & XL_DELTAS))
			continue;
		touched++;
		record = xl_sample_pick(sample, type->name, i * 7 + 1);
		if (!record || record->modified_ms > sample->end_ms - 3 * DAY_MS)
			continue;
		record->modified_ms = sample->end_ms - 60 * HOUR_MS + (int64_t)touched * HOUR_MS;
		add_event(&events, type, record->dbid, record->owner, XL_UPDATED, record->modified_ms);
	}
	/* Two that are gone: their dbIds are in no table. */
	add_event(&events, xl_type_named("Customer"), entity->next_dbid++, entity->dbid, XL_DELETED,
		  sample->end_ms - 5 * HOUR_MS);
	add_event(&events, xl_type_named("Timesheet"), entity->next_dbid++, entity->dbid, XL_DELETED,
		  sample->end_ms - 4 * HOUR_MS);
	qsort(events.items, events.count, sizeof(*events.items), compare_events);
	for (size_t i = 0; i < events.count; i++)
		xl_delta_add(entity, events.items[i].type, events.items[i].dbid, events.items[i].owner,
			     events.items[i].change, events.items[i].ms);
	free(events.items);
}

/* ---- what was asked for */

static bool check_wanted(const struct simulator *simulator, const struct simulator_company *wanted, struct error *err)
{
	const char *realm = wanted->realm;

	if (realm && (!*realm || *realm == '0' || strlen(realm) > REALM_DIGITS_MAX ||
		      strspn(realm, "0123456789") != strlen(realm)))
		return error_set(err, ERROR_INPUT, "'%.40s' is no entity's dbId: use 1 to %d digits, not 0 first",
				 realm, REALM_DIGITS_MAX);
	if (realm && (world_company(simulator, realm) || xledger_entity(simulator->xledger, realm)))
		return error_set(err, ERROR_INPUT, "two companies cannot both have the id %s", realm);
	if (wanted->customers > NUMBER_MAX || wanted->customers < -1 || wanted->invoices > NUMBER_MAX ||
	    wanted->invoices < -1)
		return error_set(err, ERROR_INPUT, "a sample company has up to %lld customers and invoices",
				 (long long)NUMBER_MAX);
	if (wanted->name && (!*wanted->name || strlen(wanted->name) > 1024 ||
			     !str_is_utf8(wanted->name, strlen(wanted->name))))
		return error_set(err, ERROR_INPUT, "a company's name has 1 to 1024 bytes of UTF-8");
	return true;
}

static int64_t at_least(int64_t number, int64_t least)
{
	return number > least ? number : least;
}

bool xl_sample_make(struct simulator *simulator, const struct simulator_company *wanted, struct error *err)
{
	struct xl_sample sample = { 0 };
	int64_t now_ms = world_now_ms(simulator);
	char realm[XL_REALM_MAX];

	if (!check_wanted(simulator, wanted, err))
		return false;
	random_seed(&sample.random, simulator->seed * UINT64_C(0x9e3779b97f4a7c15) + simulator->xledger->count + 77);
	do
		snprintf(realm, sizeof(realm), "%lld", (long long)(1000000 + random_below(&sample.random, 9000000)));
	while (xledger_entity(simulator->xledger, realm));
	sample.entity = xl_entity_new(simulator, wanted->realm ? wanted->realm : realm,
				      wanted->name ? wanted->name : "Nordlys Rådgivning AS");
	sample.end_ms = now_ms - now_ms % 1000 - 5000;
	sample.start_ms = sample.end_ms - XL_SAMPLE_DAYS * DAY_MS;
	sample.customers = at_least(wanted->customers, 60);
	sample.invoices = at_least(wanted->invoices, 300);
	sample.suppliers = at_least(sample.customers / 4, 15);
	sample.employees = at_least(sample.customers / 20, 12);
	sample.projects = at_least(sample.customers / 5, 12);
	sample.timesheets = at_least(sample.invoices, 300);
	sample.bills = sample.invoices / 3;
	sample.entity->loading = true;
	xl_sample_lists(&sample);
	xl_sample_parties(&sample);
	xl_sample_work(&sample);
	xl_sample_vouchers(&sample);
	change_last(&sample);
	sample.entity->loading = false;
	xledger_add(simulator->xledger, sample.entity);
	return true;
}
