/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables that hold a company's books: kept in id order and in time order at once, so that
 * reading by id, paging by time and change data capture need no search. Nothing here knows what
 * a record means; that is quickbooks/.
 */
#include "company.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "quickbooks/replay.h"
#include "quickbooks/zone.h"
#include "state.h"
#include "world.h"

int id_compare(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len != b_len)
		return a_len < b_len ? -1 : 1;
	return memcmp(a, b, a_len);
}

struct company *company_new(struct simulator *simulator, const char *realm, const char *name)
{
	struct company *company = memory_new(sizeof(*company));

	company->simulator = simulator;
	snprintf(company->realm, sizeof(company->realm), "%s", realm);
	company->name = memory_copy_text(name);
	company->preferences.book_close.day = INT32_MIN;
	company->preferences.fiscal_month = 1;
	company->next_name_id = 1;
	company->next_txn_id = 1;
	company->next_address_id = 1;
	for (size_t i = 0; i < ENTITY_MAX; i++)
		company->next_list_id[i] = 1;
	return company;
}

void record_free(struct record *record)
{
	if (!record)
		return;
	free(record->text);
	free(record->postings);
	free(record->links);
	free(record);
}

void company_free(struct company *company)
{
	if (!company)
		return;
	for (size_t i = 0; i < ENTITY_MAX; i++) {
		struct table *table = &company->tables[i];

		for (size_t k = 0; k < table->count; k++)
			record_free(table->by_id[k]);
		free(table->by_id);
		free(table->by_time);
		free(table->by_name);
		free(table->tombstones);
	}
	replay_free(company->replays);
	free(company->name);
	free(company);
}

struct table *company_table(struct company *company, const struct entity *entity)
{
	return &company->tables[entity->index];
}

/* First place in by_id whose id is not less than `id`. */
static size_t id_bound(const struct table *table, const char *id)
{
	size_t low = 0, high = table->count;

	/* New records nearly always come last. */
	if (high > 0 && id_compare(table->by_id[high - 1]->id, id) < 0)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (id_compare(table->by_id[middle]->id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct record *company_find(struct company *company, const struct entity *entity, const char *id)
{
	const struct table *table = company_table(company, entity);
	size_t at = id_bound(table, id);

	if (at < table->count && strcmp(table->by_id[at]->id, id) == 0)
		return table->by_id[at];
	return NULL;
}

struct record *company_get(struct company *company, const char *entity, const char *id)
{
	return company_find(company, entity_by_name(entity, false), id);
}

size_t table_time_bound(const struct table *table, int64_t ms)
{
	size_t low = 0, high = table->count;

	if (high > 0 && table->by_time[high - 1]->updated_ms < ms)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->by_time[middle]->updated_ms < ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The text that a record is sorted by: full name, display name, name or number. */
static void name_key(const struct record *record, struct str *out)
{
	static const char *const members[] = { "FullyQualifiedName", "DisplayName", "Name", "Code" };
	AUTO(str_clear) struct str plain = STR_INIT(4096);

	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		struct json_slice slice = json_find(record->text, record->len, members[i]);

		if (slice.kind != JSON_STRING)
			continue;
		json_unquote(slice, &plain);
		/* Recordings show vendors and employees ordered by bytes, all other lists without regard to case. */
		if (strcmp(record->entity->name, "Vendor") == 0 || strcmp(record->entity->name, "Employee") == 0)
			str_add(out, plain.text);
		else
			str_add_folded(out, plain.text, plain.len);
		return;
	}
}

struct name_row {
	char *key; /* owned */
	struct record *record;
};

static int compare_names(const void *a, const void *b)
{
	const struct name_row *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order ? order : id_compare(x->record->id, y->record->id);
}

struct record **table_by_name(struct table *table)
{
	struct name_row *rows;

	if (table->name_count == table->count && table->by_name)
		return table->by_name;
	rows = memory_new((table->count + 1) * sizeof(*rows));
	for (size_t i = 0; i < table->count; i++) {
		struct str key = STR_INIT(4096);

		rows[i].record = table->by_id[i];
		name_key(rows[i].record, &key);
		rows[i].key = str_take(&key);
	}
	if (table->count > 0)
		qsort(rows, table->count, sizeof(*rows), compare_names);
	table->by_name = memory_resize(table->by_name, (table->count + 1) * sizeof(*table->by_name));
	for (size_t i = 0; i < table->count; i++) {
		table->by_name[i] = rows[i].record;
		free(rows[i].key);
	}
	free(rows);
	table->name_count = table->count;
	return table->by_name;
}

int64_t company_stamp_ms(const struct company *company)
{
	int64_t ms = company->loading ? company->loading_ms : world_now_ms(company->simulator);

	return ms - ms % 1000;
}

struct date company_today(const struct company *company)
{
	int64_t ms = company_stamp_ms(company);

	return date_of_ms(ms, zone_pacific_offset_s(ms));
}

/*
 * Ids as the service gives them: names and transactions each share a sequence, other lists have
 * their own; classes and attachments live in ranges beyond 2^53 and 2^63.
 */
static void next_id(struct company *company, const struct entity *entity, char *id)
{
	if (strcmp(entity->name, "Customer") == 0 || strcmp(entity->name, "Vendor") == 0 ||
	    strcmp(entity->name, "Employee") == 0)
		snprintf(id, ID_MAX, "%lld", (long long)company->next_name_id++);
	else if (entity->kind == ENTITY_TXN)
		snprintf(id, ID_MAX, "%lld", (long long)company->next_txn_id++);
	else if (strcmp(entity->name, "Class") == 0)
		snprintf(id, ID_MAX, "5000000000000%06lld",
			 (long long)company->next_list_id[entity->index]++);
	else if (strcmp(entity->name, "Attachable") == 0)
		snprintf(id, ID_MAX, "200900000000000%06lld",
			 (long long)company->next_list_id[entity->index]++);
	else
		snprintf(id, ID_MAX, "%lld", (long long)company->next_list_id[entity->index]++);
}

struct record *company_make(struct company *company, const struct entity *entity)
{
	struct record *record = memory_new(sizeof(*record));

	record->entity = entity;
	record->active = true;
	record->created_ms = record->updated_ms = company_stamp_ms(company);
	next_id(company, entity, record->id);
	return record;
}

void record_set_text(struct record *record, char *text, size_t len)
{
	free(record->text);
	record->text = text;
	record->len = len;
}

void company_mark_dirty(struct company *company, struct record *record)
{
	if (record->dirty)
		return;
	record->dirty = true;
	record->next_dirty = company->dirty;
	company->dirty = record;
}

/* Add to what stands below all records above one. */
static void add_below(struct record *record, int64_t amount)
{
	for (int depth = 0; record && depth < 8; depth++, record = record->above)
		record->below += amount;
}

void company_place(struct company *company, struct record *record)
{
	struct json_slice id = json_find(record->text, record->len, "ParentRef.value");
	AUTO(str_clear) struct str text = STR_INIT(ID_MAX);
	struct record *above = NULL;

	if (id.kind == JSON_STRING) {
		json_unquote(id, &text);
		above = company_find(company, record->entity, text.text);
	}
	if (above == record->above)
		return;
	add_below(record->above, -(record->balance + record->below));
	record->above = above;
	add_below(above, record->balance + record->below);
}

/* Where in by_time a record with `ms` belongs when it comes after its equals. */
static void insert_by_time(struct table *table, size_t count, struct record *record)
{
	size_t low = 0, high = count;

	if (count == 0 || table->by_time[count - 1]->updated_ms <= record->updated_ms) {
		low = count;
	} else {
		while (low < high) {
			size_t middle = low + (high - low) / 2;

			if (table->by_time[middle]->updated_ms <= record->updated_ms)
				low = middle + 1;
			else
				high = middle;
		}
	}
	memmove(&table->by_time[low + 1], &table->by_time[low], (count - low) * sizeof(*table->by_time));
	table->by_time[low] = record;
}

/* Take a record out of by_time, where it stands under `ms`. */
static void remove_by_time(struct table *table, const struct record *record, int64_t ms)
{
	size_t at = table_time_bound(table, ms);

	while (table->by_time[at] != record)
		at++;
	memmove(&table->by_time[at], &table->by_time[at + 1],
		(table->count - at - 1) * sizeof(*table->by_time));
}

void company_add(struct company *company, struct record *record)
{
	struct table *table = company_table(company, record->entity);
	size_t at = id_bound(table, record->id);

	if (table->count == table->room) {
		table->room = table->room ? table->room * 2 : 16;
		table->by_id = memory_resize(table->by_id, table->room * sizeof(*table->by_id));
		table->by_time = memory_resize(table->by_time, table->room * sizeof(*table->by_time));
	}
	memmove(&table->by_id[at + 1], &table->by_id[at], (table->count - at) * sizeof(*table->by_id));
	table->by_id[at] = record;
	insert_by_time(table, table->count, record);
	table->count++;
	table->name_count = SIZE_MAX;
	if (!record->active)
		table->inactive_count++;
	company_mark_dirty(company, record);
}

void company_touch(struct company *company, struct record *record, int64_t updated_ms)
{
	struct table *table = company_table(company, record->entity);

	if (updated_ms != record->updated_ms) {
		remove_by_time(table, record, record->updated_ms);
		record->updated_ms = updated_ms;
		insert_by_time(table, table->count - 1, record);
	}
	company_mark_dirty(company, record);
}

static int compare_times(const void *a, const void *b)
{
	const struct record *x = *(struct record *const *)a, *y = *(struct record *const *)b;

	if (x->updated_ms != y->updated_ms)
		return x->updated_ms < y->updated_ms ? -1 : 1;
	return id_compare(x->id, y->id);
}

/* Bring `more` into `all`, which has room behind its `count`; both ascend, and the old go first. */
static void merge_records(struct record **all, size_t count, struct record *const *more, size_t more_count,
			  bool by_time)
{
	while (more_count > 0) {
		const struct record *last = more[more_count - 1];
		bool old = count > 0 && (by_time ? all[count - 1]->updated_ms > last->updated_ms
						 : id_compare(all[count - 1]->id, last->id) > 0);

		if (old) {
			all[count + more_count - 1] = all[count - 1];
			count--;
		} else {
			all[count + more_count - 1] = more[more_count - 1];
			more_count--;
		}
	}
}

void company_add_all(struct company *company, const struct entity *entity, struct record *const *records,
		     size_t count)
{
	struct table *table = company_table(company, entity);
	struct record **sorted = memory_new((count + 1) * sizeof(*sorted));

	table->room = table->count + count + 1;
	table->by_id = memory_resize(table->by_id, table->room * sizeof(*table->by_id));
	table->by_time = memory_resize(table->by_time, table->room * sizeof(*table->by_time));
	merge_records(table->by_id, table->count, records, count, false);
	for (size_t i = 0; i < count; i++) {
		sorted[i] = records[i];
		if (!records[i]->active)
			table->inactive_count++;
		company_mark_dirty(company, records[i]);
	}
	if (count > 0)
		qsort(sorted, count, sizeof(*sorted), compare_times);
	merge_records(table->by_time, table->count, sorted, count, true);
	table->count += count;
	table->name_count = SIZE_MAX;
	free(sorted);
}

/* Take a record out of one of the company's lists of changed records. */
static void unlink_record(struct record **head, const struct record *record, size_t next_offset)
{
	while (*head && *head != record)
		head = (struct record **)(void *)((char *)*head + next_offset);
	if (*head)
		*head = *(struct record **)(void *)((char *)*head + next_offset);
}

/* Out of its table and the company's lists; the record itself stays. */
static void take_out(struct company *company, struct record *record)
{
	struct table *table = company_table(company, record->entity);
	size_t at = id_bound(table, record->id);

	remove_by_time(table, record, record->updated_ms);
	memmove(&table->by_id[at], &table->by_id[at + 1], (table->count - at - 1) * sizeof(*table->by_id));
	table->count--;
	table->name_count = SIZE_MAX;
	if (!record->active)
		table->inactive_count--;
	if (record->dirty)
		unlink_record(&company->dirty, record, offsetof(struct record, next_dirty));
	if (record->stale)
		unlink_record(&company->stale, record, offsetof(struct record, next_stale));
}

void company_take_back(struct company *company, const struct entity *entity, int64_t next_id)
{
	struct table *table = company_table(company, entity);

	while (company->next_list_id[entity->index] > next_id) {
		struct record *record = table->count ? table->by_id[table->count - 1] : NULL;

		company->next_list_id[entity->index]--;
		if (!record || strtoll(record->id, NULL, 10) != company->next_list_id[entity->index])
			continue;
		take_out(company, record);
		record_free(record);
	}
}

void company_remove(struct company *company, struct record *record, int64_t deleted_ms)
{
	struct table *table = company_table(company, record->entity);
	struct tombstone *stone;

	take_out(company, record);
	memory_grow(&table->tombstones, &table->tombstone_room, table->tombstone_count + 1,
		    sizeof(*table->tombstones));
	stone = &table->tombstones[table->tombstone_count++];
	*stone = (struct tombstone){ .deleted_ms = deleted_ms };
	snprintf(stone->id, sizeof(stone->id), "%s", record->id);
	state_forget(company->simulator, company, record->entity, record->id);
	record_free(record);
}
