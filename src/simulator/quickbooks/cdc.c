/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Change data capture: for each entity that is named, in the order in which they are named, what
 * changed since an instant (oldest change first) and then what was deleted.
 */
#include "quickbooks/cdc.h"

#include <ctype.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "quickbooks/zone.h"
#include "world.h"

#define OBJECTS_MAX 1000
#define LOOK_BACK_MS (30 * DAY_MS)
#define NAME_MAX 100
#define FALSE_ONE_OF 7

static bool is_on(const struct company *company, enum switch_name name, const char *word)
{
	return switches_is(&company->simulator->switches, name, word);
}

static bool check_since(struct company *company, const char *text, int64_t *ret_ms,
			struct fault *fault)
{
	bool pacific = is_on(company, SWITCH_DATE_ZONE, "pacific");

	if (!text || *text == '\0')
		return fault_set(fault, 2020, "changedSince",
				 "Required parameter changedSince is missing in the request");
	if (!zone_parse_stamp(text, strlen(text), pacific, ret_ms))
		return fault_set(fault, 2060, "changedSince", "Invalid Date Format : %.200s", text);
	if (is_on(company, SWITCH_CDC_OLD, "refused") &&
	    *ret_ms < world_now_ms(company->simulator) - LOOK_BACK_MS)
		return fault_set(
			fault, 2190, "changedSince",
			"Invalid Date Range : changedSince must not be more than 30 days ago. "
			"Supplied value:%.200s",
			text);
	return true;
}

/* The entity of one name of the list, which need not end there. */
static const struct entity *entity_of(const struct company *company, const char *text, size_t len,
				      struct fault *fault)
{
	char name[NAME_MAX + 1];
	const struct entity *entity = NULL;

	if (len <= NAME_MAX) {
		memcpy(name, text, len);
		name[len] = '\0';
		entity = entity_by_name(name, true);
	}
	if (!entity) {
		fault_set(fault, 4001, NULL,
			  "QueryValidationError: invalid context declaration: %.*s",
			  (int)(len > NAME_MAX ? NAME_MAX : len), text);
		return NULL;
	}
	if ((entity->can & ENTITY_CDC) ||
	    ((entity->can & ENTITY_CDC_UNSURE) && is_on(company, SWITCH_CDC_EXTRA, "on")))
		return entity;
	fault_set(fault, 500, NULL, "Operation CDC for entity %s is not supported.", entity->name);
	return NULL;
}

/* Now and then, always for the same changes. */
static bool is_shown_deleted(const struct company *company, const struct record *record)
{
	uint64_t hash = (uint64_t)record->updated_ms;

	if (!is_on(company, SWITCH_CDC_FALSE_DELETED, "on"))
		return false;
	for (const char *at = record->id; *at; at++)
		hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
	return (hash >> 20) % FALSE_ONE_OF == 0;
}

static void stub_add(const char *id, int64_t ms, struct str *out)
{
	str_addf(
		out,
		"{\"domain\":\"QBO\",\"status\":\"Deleted\",\"Id\":\"%s\","
		"\"MetaData\":{\"LastUpdatedTime\":\"",
		id);
	zone_add_stamp(out, ms, false);
	str_add(out, "\"}}");
}

/* Where the changes of a table begin, and how many of each kind are shown: the oldest of all. */
struct window {
	const struct table *table;
	size_t change, changes; /* first place in by_time, number */
	size_t stone, stones;   /* the same of tombstones */
};

static struct window window_of(const struct table *table, int64_t since_ms, size_t most)
{
	struct window window = { .table = table, .change = table_time_bound(table, since_ms) };
	size_t change, stone;

	while (window.stone < table->tombstone_count &&
	       table->tombstones[window.stone].deleted_ms < since_ms)
		window.stone++;
	change = window.change;
	stone = window.stone;
	for (; most > 0; most--) {
		bool has_change = change < table->count, has_stone = stone < table->tombstone_count;

		if (!has_change && !has_stone)
			break;
		if (has_change && (!has_stone || table->by_time[change]->updated_ms <=
							 table->tombstones[stone].deleted_ms))
			change++;
		else
			stone++;
	}
	window.changes = change - window.change;
	window.stones = stone - window.stone;
	return window;
}

static void window_add(const struct company *company, const struct entity *entity,
		       const struct window *window, struct str *out)
{
	const char *comma = "";

	str_addf(out, "{\"%s\":[", entity->key);
	for (size_t i = 0; i < window->changes; i++, comma = ",") {
		const struct record *record = window->table->by_time[window->change + i];

		str_add(out, comma);
		if (is_shown_deleted(company, record))
			stub_add(record->id, record->updated_ms, out);
		else
			str_add_bytes(out, record->text, record->len);
	}
	for (size_t i = 0; i < window->stones; i++, comma = ",") {
		const struct tombstone *stone = &window->table->tombstones[window->stone + i];

		str_add(out, comma);
		stub_add(stone->id, stone->deleted_ms, out);
	}
	str_addf(out, "],\"startPosition\":1,\"maxResults\":%zu}",
		 window->changes + window->stones);
}

/* The next name of a list with commas, without blanks around it; false at the end. */
static bool next_name(const char **at, const char **ret_name, size_t *ret_len)
{
	if (!*at)
		return false;
	*ret_name = *at;
	*ret_len = strcspn(*at, ",");
	*at = (*at)[*ret_len] ? *at + *ret_len + 1 : NULL;
	while (*ret_len > 0 && isspace((unsigned char)**ret_name)) {
		(*ret_name)++;
		(*ret_len)--;
	}
	while (*ret_len > 0 && isspace((unsigned char)(*ret_name)[*ret_len - 1]))
		(*ret_len)--;
	return true;
}

bool cdc_run(struct company *company, const char *entities, const char *changed_since,
	     struct str *out, struct fault *fault)
{
	bool per_entity = is_on(company, SWITCH_CDC_CAP, "entity");
	size_t left = OBJECTS_MAX, len;
	const char *at = entities, *name;
	int64_t since_ms;

	if (!entities || *entities == '\0')
		return fault_set(fault, 2020, "entities",
				 "Required parameter entities is missing in the request");
	if (!check_since(company, changed_since, &since_ms, fault))
		return false;
	while (next_name(&at, &name, &len))
		if (!entity_of(company, name, len, fault))
			return false;
	str_add(out, "\"CDCResponse\":[{\"QueryResponse\":[");
	at = entities;
	for (const char *comma = ""; next_name(&at, &name, &len); comma = ",") {
		const struct entity *entity = entity_of(company, name, len, fault);
		struct window window = window_of(company_table(company, entity), since_ms, left);

		str_add(out, comma);
		if (window.changes + window.stones == 0)
			str_add(out, "{}");
		else
			window_add(company, entity, &window, out);
		if (!per_entity)
			left -= window.changes + window.stones;
	}
	str_add(out, "]}]");
	return true;
}
