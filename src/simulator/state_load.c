/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the state file into an empty world. A million records come in one pass, in the order of
 * the file; tables are then put together whole, and what points from record to record last.
 */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "oauth.h"
#include "state_impl.h"
#include "xledger/state.h"
#include "xledger/xledger.h"

/* A record that was read, and what it is sorted by. */
struct place {
	struct record *record; /* owned, until its table has it */
	int64_t updated_ms;
	int64_t moved; /* orders those of one second */
};

/* A table in the making. */
struct shelf {
	struct place *places; /* owned */
	size_t count, room;
};

/* What a record says of others, as text: they may come later in the file. */
struct reference {
	struct company *company;
	struct record *record;
	size_t postings, links; /* where the texts begin in `texts` of the loader */
};

struct loader {
	struct simulator *simulator;  /* borrowed */
	struct state *state;	      /* borrowed */
	struct shelf *shelves;	      /* owned: ENTITY_MAX for each company */
	struct reference *references; /* owned */
	size_t reference_count, reference_room;
	struct str texts;
	const struct entity *entity; /* of the row before: the next one is mostly alike */
};

static void loader_clear(struct loader *loader)
{
	for (size_t i = 0; loader->shelves && i < loader->simulator->company_count * ENTITY_MAX;
	     i++) {
		for (size_t k = 0; k < loader->shelves[i].count; k++)
			record_free(loader->shelves[i].places[k].record);
		free(loader->shelves[i].places);
	}
	free(loader->shelves);
	free(loader->references);
	str_clear(&loader->texts);
}

/* ---- columns: each says false when the value is something else */

static bool get_number(sqlite3_stmt *row, int column, int64_t min, int64_t max, int64_t *ret_number)
{
	*ret_number = sqlite3_column_int64(row, column);
	return sqlite3_column_type(row, column) == SQLITE_INTEGER && *ret_number >= min &&
	       *ret_number <= max;
}

/* Borrowed: the row, as all texts here. */
static bool get_bytes(sqlite3_stmt *row, int column, const char **ret_text, size_t *ret_len)
{
	if (sqlite3_column_type(row, column) != SQLITE_TEXT)
		return false;
	*ret_text = (const char *)sqlite3_column_text(row, column);
	*ret_len = (size_t)sqlite3_column_bytes(row, column);
	return *ret_text != NULL;
}

/* A text without NULs. */
static bool get_text(sqlite3_stmt *row, int column, const char **ret_text, size_t *ret_len)
{
	return get_bytes(row, column, ret_text, ret_len) && strlen(*ret_text) == *ret_len;
}

/* A JSON object, in which NULs can't be. */
static bool get_object(sqlite3_stmt *row, int column, const char **ret_text, size_t *ret_len)
{
	return get_bytes(row, column, ret_text, ret_len) && json_check(*ret_text, *ret_len, NULL) &&
	       **ret_text == '{';
}

/* Nearly all ids are digits; tax codes may be words. What lists are written with is in none. */
static const char id_letters[] =
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.";

static bool get_id(sqlite3_stmt *row, int column, char id[ID_MAX])
{
	const char *text;
	size_t len;

	if (!get_text(row, column, &text, &len) || len == 0 || len >= ID_MAX ||
	    strspn(text, id_letters) != len)
		return false;
	memcpy(id, text, len + 1);
	return true;
}

/* Company and entity of a row, from its first two columns. */
static bool get_owner(struct loader *loader, sqlite3_stmt *row, int64_t *ret_company)
{
	const char *name;
	size_t len;

	if (!get_number(row, 0, 0, (int64_t)loader->simulator->company_count - 1, ret_company) ||
	    !get_text(row, 1, &name, &len))
		return false;
	if (!loader->entity || strcmp(loader->entity->name, name) != 0)
		loader->entity = entity_by_name(name, false);
	return loader->entity != NULL;
}

/* ---- records */

static size_t keep_text(struct loader *loader, const char *text, size_t len)
{
	size_t at = loader->texts.len;

	str_add_bytes(&loader->texts, text, len + 1);
	return at;
}

/* The members that are columns of their own. */
static bool read_numbers(sqlite3_stmt *row, struct record *record)
{
	int64_t sync_token, day, active;

	if (!get_number(row, 4, 0, INT32_MAX, &sync_token) ||
	    !get_number(row, 5, INT64_MIN, INT64_MAX, &record->created_ms) ||
	    !get_number(row, 6, INT64_MIN, INT64_MAX, &record->updated_ms) ||
	    !get_number(row, 7, INT32_MIN, INT32_MAX, &day) || !get_number(row, 8, 0, 1, &active) ||
	    !get_number(row, 9, INT64_MIN, INT64_MAX, &record->balance))
		return false;
	record->sync_token = (int32_t)sync_token;
	record->date.day = (int32_t)day;
	record->active = active != 0;
	return true;
}

static bool read_record(struct loader *loader, sqlite3_stmt *row)
{
	const char *postings, *links, *text;
	size_t postings_len, links_len, len;
	int64_t company, moved;
	struct record *record;
	struct shelf *shelf;

	if (!get_owner(loader, row, &company) || !get_number(row, 3, 0, INT64_MAX, &moved) ||
	    !get_text(row, 10, &postings, &postings_len) ||
	    !get_text(row, 11, &links, &links_len) || !get_object(row, 12, &text, &len))
		return false;
	shelf = &loader->shelves[company * ENTITY_MAX + loader->entity->index];
	memory_grow(&shelf->places, &shelf->room, shelf->count + 1, sizeof(*shelf->places));
	record = memory_new(sizeof(*record));
	shelf->places[shelf->count++] = (struct place){
		.record = record,
		.updated_ms = sqlite3_column_int64(row, 6),
		.moved = moved,
	};
	record->entity = loader->entity;
	record_set_text(record, memory_copy(text, len), len);
	if (!get_id(row, 2, record->id) || !read_numbers(row, record))
		return false;
	if (postings_len + links_len == 0)
		return true;
	memory_grow(&loader->references, &loader->reference_room, loader->reference_count + 1,
		    sizeof(*loader->references));
	loader->references[loader->reference_count++] = (struct reference){
		.company = loader->simulator->companies[company],
		.record = record,
		.postings = keep_text(loader, postings, postings_len),
		.links = keep_text(loader, links, links_len),
	};
	return true;
}

static bool load_records(struct loader *loader, struct error *err)
{
	AUTO(state_end) sqlite3_stmt *row = state_start(loader->state, STATEMENT_RECORD_LIST);
	int code;

	while ((code = sqlite3_step(row)) == SQLITE_ROW)
		if (!read_record(loader, row))
			return state_damaged(loader->state, err);
	return code == SQLITE_DONE || state_fail(loader->state, err);
}

/* ---- tables */

static int compare_ids(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return id_compare(x->record->id, y->record->id);
}

static int compare_times(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->updated_ms != y->updated_ms)
		return x->updated_ms < y->updated_ms ? -1 : 1;
	return (x->moved > y->moved) - (x->moved < y->moved);
}

/* Large tables are mostly in order already: then one look is enough. */
static void sort_places(struct shelf *shelf, int (*compare)(const void *a, const void *b))
{
	for (size_t i = 1; i < shelf->count; i++) {
		if (compare(&shelf->places[i - 1], &shelf->places[i]) <= 0)
			continue;
		qsort(shelf->places, shelf->count, sizeof(*shelf->places), compare);
		return;
	}
}

/* A whole table from a shelf: what company_add would take hours for. Empties the shelf. */
static void fill_table(struct table *table, struct shelf *shelf)
{
	table->room = shelf->count;
	table->count = shelf->count;
	table->name_count = SIZE_MAX;
	table->by_id = memory_new(shelf->count * sizeof(*table->by_id));
	table->by_time = memory_new(shelf->count * sizeof(*table->by_time));
	sort_places(shelf, compare_times);
	for (size_t i = 0; i < shelf->count; i++) {
		table->by_time[i] = shelf->places[i].record;
		if (!table->by_time[i]->active)
			table->inactive_count++;
	}
	sort_places(shelf, compare_ids);
	for (size_t i = 0; i < shelf->count; i++)
		table->by_id[i] = shelf->places[i].record;
	shelf->count = 0;
}

static void fill_tables(struct loader *loader)
{
	for (size_t i = 0; i < loader->simulator->company_count; i++)
		for (size_t k = 0; k < ENTITY_MAX; k++)
			if (loader->shelves[i * ENTITY_MAX + k].count > 0)
				fill_table(&loader->simulator->companies[i]->tables[k],
					   &loader->shelves[i * ENTITY_MAX + k]);
}

/* Names, accounts and items below others: where, and how much, follows from the records. */
static void place_records(struct company *company)
{
	for (size_t i = 0; i < entity_count(); i++) {
		const struct table *table = company_table(company, entity_at(i));

		if (entity_at(i)->kind != ENTITY_LIST)
			continue;
		for (size_t k = 0; k < table->count; k++)
			company_place(company, table->by_id[k]);
	}
}

/* ---- from record to record */

/* The next word of a list, up to the mark that ended it; false at the end of the text. */
static bool next_word(const char **text, char *word, size_t size, char *ret_mark)
{
	size_t len = strcspn(*text, ",;");

	if (!(*text)[len] || len >= size)
		return false;
	memcpy(word, *text, len);
	word[len] = '\0';
	*ret_mark = (*text)[len];
	*text += len + 1;
	return true;
}

static bool next_number(const char **text, int64_t *ret_number, char *ret_mark)
{
	char word[24];
	char *end;

	if (!next_word(text, word, sizeof(word), ret_mark))
		return false;
	*ret_number = strtoll(word, &end, 10);
	return end > word && !*end;
}

/* "entity,id" */
static bool next_record(struct company *company, const char **text, struct record **ret_record,
			char *ret_mark)
{
	const struct entity *entity;
	char word[64];
	char id[ID_MAX];

	if (!next_word(text, word, sizeof(word), ret_mark) || *ret_mark != ',' ||
	    !next_word(text, id, sizeof(id), ret_mark))
		return false;
	entity = entity_by_name(word, false);
	*ret_record = entity ? company_find(company, entity, id) : NULL;
	return *ret_record != NULL;
}

static size_t count_items(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == ';';
	return count;
}

static bool set_postings(struct company *company, const struct entity *account,
			 struct record *record, const char *text)
{
	size_t count = count_items(text);

	if (count > 0)
		record->postings = memory_new(count * sizeof(*record->postings));
	for (size_t i = 0; i < count; i++) {
		struct posting *posting = &record->postings[i];
		char id[ID_MAX];
		char mark;

		if (!next_word(&text, id, sizeof(id), &mark) || mark != ',' ||
		    !next_number(&text, &posting->cents, &mark) || mark != ',' ||
		    !next_number(&text, &posting->foreign, &mark))
			return false;
		posting->account = company_find(company, account, id);
		if (!posting->account ||
		    (mark == ',' &&
		     (!next_record(company, &text, &posting->party, &mark) || mark != ';')))
			return false;
		record->posting_count++;
	}
	return *text == '\0';
}

static bool set_links(struct company *company, struct record *record, const char *text)
{
	size_t count = count_items(text);

	if (count > 0)
		record->links = memory_new(count * sizeof(*record->links));
	for (size_t i = 0; i < count; i++) {
		struct link *link = &record->links[i];
		char mark;

		if (!next_record(company, &text, &link->from, &mark) || mark != ',' ||
		    !next_number(&text, &link->cents, &mark) || mark != ';')
			return false;
		record->link_count++;
	}
	return *text == '\0';
}

static bool load_references(struct loader *loader, struct error *err)
{
	const struct entity *account = entity_by_name("Account", false);

	for (size_t i = 0; i < loader->reference_count; i++) {
		const struct reference *reference = &loader->references[i];

		if (!set_postings(reference->company, account, reference->record,
				  loader->texts.text + reference->postings) ||
		    !set_links(reference->company, reference->record,
			       loader->texts.text + reference->links))
			return state_damaged(loader->state, err);
	}
	return true;
}

/* ---- the rest of the world */

static bool load_world(struct loader *loader, bool *ret_any, struct error *err)
{
	struct simulator *simulator = loader->simulator;
	struct state *state = loader->state;
	AUTO(state_end) sqlite3_stmt *row = state_start(state, STATEMENT_WORLD_GET);
	int64_t seed, offset_ms, traces;
	int code = sqlite3_step(row);

	*ret_any = code == SQLITE_ROW;
	if (code == SQLITE_DONE)
		return true;
	if (code != SQLITE_ROW)
		return state_fail(state, err);
	if (!get_number(row, 0, INT64_MIN, INT64_MAX, &seed) ||
	    !get_number(row, 1, INT64_MIN, INT64_MAX, &offset_ms) ||
	    !get_number(row, 2, INT64_MIN, INT64_MAX, &traces) ||
	    sqlite3_column_bytes(row, 3) != (int)sizeof(simulator->random.state))
		return state_damaged(state, err);
	simulator->seed = (uint64_t)seed;
	simulator->clock_offset_ms = state->clock_offset_ms = offset_ms;
	simulator->trace_count = (uint64_t)traces;
	memcpy(simulator->random.state, sqlite3_column_blob(row, 3),
	       sizeof(simulator->random.state));
	state->holds_world = true;
	return true;
}

static bool load_companies(struct loader *loader, struct error *err)
{
	struct simulator *simulator = loader->simulator;
	AUTO(state_end) sqlite3_stmt *row = state_start(loader->state, STATEMENT_COMPANY_LIST);
	size_t room = 0, len;
	const char *text;
	int64_t number;
	int code;

	while ((code = sqlite3_step(row)) == SQLITE_ROW) {
		memory_grow(&simulator->companies, &room, simulator->company_count + 1,
			    sizeof(*simulator->companies));
		if (!get_number(row, 0, 0, INT64_MAX, &number) ||
		    (size_t)number != simulator->company_count || !get_text(row, 1, &text, &len))
			return state_damaged(loader->state, err);
		if (!state_company_make(simulator, text, &simulator->companies[number], err))
			return error_prefix(err, "the state file '%s' is damaged",
					    loader->state->path);
		simulator->company_count++;
	}
	return code == SQLITE_DONE || state_fail(loader->state, err);
}

static bool load_tombstones(struct loader *loader, struct error *err)
{
	AUTO(state_end) sqlite3_stmt *row = state_start(loader->state, STATEMENT_TOMBSTONE_LIST);
	int64_t company;
	int code;

	while ((code = sqlite3_step(row)) == SQLITE_ROW) {
		struct tombstone stone;
		struct table *table;

		if (!get_owner(loader, row, &company) || !get_id(row, 2, stone.id) ||
		    !get_number(row, 3, INT64_MIN, INT64_MAX, &stone.deleted_ms))
			return state_damaged(loader->state, err);
		table = company_table(loader->simulator->companies[company], loader->entity);
		memory_grow(&table->tombstones, &table->tombstone_room, table->tombstone_count + 1,
			    sizeof(*table->tombstones));
		table->tombstones[table->tombstone_count++] = stone;
	}
	return code == SQLITE_DONE || state_fail(loader->state, err);
}

static bool load_oauth(struct loader *loader, struct error *err)
{
	AUTO(state_end) sqlite3_stmt *row = state_start(loader->state, STATEMENT_OAUTH_GET);
	const char *text;
	size_t len;
	int code = sqlite3_step(row);

	if (code == SQLITE_ROW)
		return get_text(row, 0, &text, &len)
			       ? oauth_load(loader->simulator->oauth, text, err)
			       : state_damaged(loader->state, err);
	return code == SQLITE_DONE || state_fail(loader->state, err);
}

/* Later records must be told from those in the file. */
static bool load_moved(struct loader *loader, struct error *err)
{
	AUTO(state_end) sqlite3_stmt *row = state_start(loader->state, STATEMENT_RECORD_LAST);

	if (sqlite3_step(row) != SQLITE_ROW)
		return state_fail(loader->state, err);
	loader->state->moved = sqlite3_column_int64(row, 0);
	return true;
}

bool state_load(struct simulator *simulator, bool *ret_any, struct error *err)
{
	AUTO(loader_clear)
	struct loader loader = { .simulator = simulator, .state = simulator->state };
	bool any, damaged;

	str_init(&loader.texts, STR_NO_LIMIT);
	if (!load_world(&loader, &any, err) || !load_companies(&loader, err))
		return false;
	loader.shelves =
		memory_new((simulator->company_count * ENTITY_MAX + 1) * sizeof(*loader.shelves));
	if (!load_records(&loader, err))
		return false;
	fill_tables(&loader);
	for (size_t i = 0; i < simulator->company_count; i++)
		place_records(simulator->companies[i]);
	if (!load_references(&loader, err) || !load_tombstones(&loader, err) ||
	    !load_oauth(&loader, err) || !load_moved(&loader, err))
		return false;
	if (!xl_state_load(simulator, loader.state->db, &damaged))
		return damaged ? state_damaged(loader.state, err) : state_fail(loader.state, err);
	loader.state->texts = state_texts(simulator);
	loader.state->text_count = simulator->company_count;
	*ret_any = any && simulator->company_count + xledger_count(simulator->xledger) > 0;
	return true;
}
