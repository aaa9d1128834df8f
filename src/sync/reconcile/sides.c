/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The things that are compared: of the source (resources, or the lines of a file), of the mirror. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/credit_notes.h"
#include "ledgerdeck/store/records.h"
#include "reconcile/round.h"

/* ---- texts */

#define BLOCK_SIZE 65536

struct text_block {
	struct text_block *next;
	char text[];
};

const char *text_pool_keep(struct text_pool *texts, const char *text)
{
	size_t size = strlen(text) + 1, room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	char *kept;

	if (size == 1)
		return "";
	if (!texts->blocks || texts->left < size) {
		struct text_block *block = memory_new(sizeof(*block) + room);

		block->next = texts->blocks;
		texts->blocks = block;
		texts->left = room;
	}
	/* Filled from its end. */
	texts->left -= size;
	kept = texts->blocks->text + texts->left;
	memcpy(kept, text, size);
	return kept;
}

void text_pool_clear(struct text_pool *texts)
{
	for (struct text_block *block = texts->blocks, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	*texts = (struct text_pool){ 0 };
}

#define ANYBODY "*" /* the party of all that stands on a statement */

/* ---- things */

static struct thing *add(struct things *things)
{
	memory_grow(&things->items, &things->room, things->count + 1, sizeof(*things->items));
	things->items[things->count] = (struct thing){ .ref = "", .record_id = "", .version = "", .party_name = "" };
	return &things->items[things->count++];
}

static size_t record_key_of(const char *type, const char *id, char *out, size_t size)
{
	size_t len = (size_t)snprintf(out, size, "%s %s", type, id);

	return len < size ? len : size - 1;
}

struct thing *sides_find(struct round *round, const char *type, const char *id)
{
	char key[RECORD_ID_MAX + 80];
	size_t len = record_key_of(type, id, key, sizeof(key));
	uintptr_t place = (uintptr_t)map_get(&round->mirror_index, key, len);

	return place ? &round->mirror.items[place - 1] : NULL;
}

void sides_clear(struct round *round)
{
	free(round->source.items);
	free(round->mirror.items);
	map_clear(&round->mirror_index, NULL);
	round->source = round->mirror = (struct things){ 0 };
}

static bool is_near(const struct round *round, struct date date)
{
	return date.day >= round->wish->from.day - ROUND_WINDOW_DAYS && date.day <= round->wish->to.day + ROUND_WINDOW_DAYS;
}

/* Is a resource type compared in this session? */
static bool is_compared(const struct round *round, const struct resource_type *type)
{
	const char *at = round->wish->types;
	size_t len = strlen(type->name);

	if (type->family != FAMILY_DOCUMENT || round->wish->statement)
		return false;
	if (!*at)
		return true;
	for (at = strstr(at, type->name); at; at = strstr(at + 1, type->name))
		if ((at == round->wish->types || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static uint32_t kind_of(const struct resource_type *type)
{
	uint32_t kind = 0;

	while (resource_type_at(kind) != type)
		kind++;
	return kind + 1;
}

/* Which ledger accounts the amounts of a kind are on: the statement's own, or customers' or vendors' balances. */
enum account_class sides_class(struct round *round, uint32_t kind)
{
	const struct resource_type *type = kind > 0 ? resource_type_at(kind - 1) : NULL;

	if (round->wish->statement)
		return round->books.accounts[books_account(round, round->wish->statement, CLASS_UNKNOWN)].facts.class;
	if (!type || !type->party)
		return CLASS_UNKNOWN;
	return strcmp(type->party, "vendor") == 0 ? CLASS_PAYABLE : CLASS_RECEIVABLE;
}

/* The resource type whose records are of this type; NULL: none that is compared. */
static const struct resource_type *type_of_record(const struct round *round, const char *record_type)
{
	const struct resource_type *type;
	const char *name;

	for (size_t i = 0; (type = resource_type_at(i)); i++) {
		if (!is_compared(round, type))
			continue;
		name = round->planner.push->type(type);
		if (name && strcmp(name, record_type) == 0)
			return type;
	}
	return NULL;
}

/* ---- the mirror's */

struct gathering {
	struct round *round;
	const struct type *type;
	const struct resource_type *resource_type; /* NULL: none that is compared */
	struct books_entry entry;    /* owned */
	int64_t done;
};

static int64_t tax_of(struct round *round, const struct books_entry *entry)
{
	int64_t tax = 0;

	for (size_t i = 0; i < entry->posting_count; i++) {
		uint32_t account = books_account(round, entry->postings[i].account, entry->postings[i].class);

		if (round->books.accounts[account].facts.class == CLASS_TAX)
			tax += round_millionths(entry->postings[i].foreign);
	}
	return tax < 0 ? -tax : tax;
}

static void take_likeness(struct round *round, const struct likeness *likeness, struct thing *thing)
{
	const char *home = round->planner.company.home;

	thing->item.date = likeness->date;
	thing->item.amount = likeness->has_total ? round_millionths(likeness->total) : 0;
	snprintf(thing->item.currency, sizeof(thing->item.currency), "%.3s", *likeness->currency ? likeness->currency : home);
	thing->item.number = text_pool_keep(&round->texts, likeness->number);
	thing->item.party = text_pool_keep(&round->texts, likeness->party);
	thing->item.tag = text_pool_keep(&round->texts, likeness->tag);
}

static struct thing *add_record(struct round *round, const struct resource_type *resource_type, const char *record_type, const char *id,
				const char *version, enum record_state state, struct json_slice raw, const struct books_entry *entry)
{
	char key[RECORD_ID_MAX + 80];
	struct thing *thing = add(&round->mirror);
	struct likeness likeness;

	*map_place(&round->mirror_index, key, record_key_of(record_type, id, key, sizeof(key))) = (void *)(uintptr_t)round->mirror.count;
	round->planner.push->likeness(record_type, raw, &likeness);
	take_likeness(round, &likeness, thing);
	thing->item.kind = kind_of(resource_type);
	thing->type = resource_type->name;
	thing->record_type = text_pool_keep(&round->texts, record_type);
	thing->ref = thing->record_id = text_pool_keep(&round->texts, id);
	thing->version = text_pool_keep(&round->texts, version);
	thing->state = state;
	thing->inside = round_inside(round, thing->item.date);
	if (*likeness.party)
		thing->party_name = books_party_name(round, books_party(round, likeness.party));
	if (entry) {
		/* A journal's total stands in no member of it. */
		if (!likeness.has_total || decimal_is_zero(likeness.total))
			thing->item.amount = round_millionths(entry->total);
		thing->tax = tax_of(round, entry);
		for (size_t i = 0; i < entry->application_count; i++)
			if (!entry->applications[i].deposit)
				thing->applied += round_millionths(entry->applications[i].amount);
		thing->has_applied = true;
		thing->has_open = entry->has_open;
		thing->open = entry->has_open ? round_millionths(entry->open) : 0;
	}
	if (state == RECORD_VOIDED || state == RECORD_DELETED)
		thing->item.amount = 0;
	return thing;
}

/* A movement on the ledger account that the source is a statement of. */
static void add_movement(struct round *round, const struct record_row *row, const char *record_type, struct json_slice raw,
			 const struct books_entry *entry)
{
	char key[RECORD_ID_MAX + 80];
	struct likeness likeness = { 0 };
	int64_t amount = 0;
	bool moves = false;
	struct thing *thing;

	for (size_t i = 0; i < entry->posting_count; i++) {
		if (strcmp(entry->postings[i].account, round->wish->statement) != 0)
			continue;
		amount += round_millionths(entry->postings[i].foreign);
		moves = true;
	}
	if (!moves)
		return;
	round->planner.push->likeness(record_type, raw, &likeness);
	thing = add(&round->mirror);
	*map_place(&round->mirror_index, key, record_key_of(record_type, row->id, key, sizeof(key))) = (void *)(uintptr_t)round->mirror.count;
	take_likeness(round, &likeness, thing);
	thing->item.kind = 1;
	thing->item.amount = amount;
	thing->item.date = entry->date;
	thing->type = thing->record_type = text_pool_keep(&round->texts, record_type);
	thing->ref = thing->record_id = text_pool_keep(&round->texts, row->id);
	thing->version = text_pool_keep(&round->texts, row->version);
	thing->state = row->state;
	thing->inside = round_inside(round, entry->date);
	/* A statement has names of its own, no ids: what is near in time and has the amount that no other has is it. */
	thing->party_name = *likeness.party ? books_party_name(round, books_party(round, likeness.party)) : "";
	thing->item.text = thing->party_name;
	thing->item.party = ANYBODY;
	thing->item.tag = "";
}

static bool take_record(void *ctx, const struct record_row *row, const char *text, size_t len)
{
	struct gathering *gathering = ctx;
	struct round *round = gathering->round;
	struct json_slice raw = { .text = text, .len = len, .kind = JSON_OBJECT };
	struct books_entry *entry = &gathering->entry;
	char key[RECORD_ID_MAX + 80];

	if (row->state == RECORD_DELETED)
		return round_goes_on(round);
	books_entry_reset(entry);
	round->books_of->entry(&round->desk, gathering->type->name, raw, entry);
	if (row->state == RECORD_VOIDED)
		books_add_void(round, gathering->type->name, entry);
	else
		books_add(round, gathering->type->name, row->id, row->title ? row->title : "", entry);
	/* Before anything else is asked, lest the account's index moves. */
	if (round->wish->statement && entry->posts && entry->has_date && is_near(round, entry->date))
		add_movement(round, row, gathering->type->name, raw, entry);
	if (gathering->resource_type && entry->has_date && is_near(round, entry->date) &&
	    !map_get(&round->mirror_index, key, record_key_of(gathering->type->name, row->id, key, sizeof(key))))
		add_record(round, gathering->resource_type, gathering->type->name, row->id, row->version, row->state, raw, entry);
	if (++gathering->done % 1000 == 0)
		round_tell(round, gathering->type->name, gathering->done, -1);
	return round_goes_on(round);
}

bool sides_mirror(struct round *round)
{
	struct gathering gathering = { .round = round };
	bool good = true;

	for (const char *const *name = round->books_of->types; good && *name; name++) {
		const struct object *object = plan_object(&round->planner, *name);

		gathering.type = catalogue_find(round->catalogue, round->planner.provider->name, *name);
		gathering.resource_type = type_of_record(round, *name);
		if (!object || !gathering.type)
			continue;
		good = records_raw(round->store, object, "", take_record, &gathering, &round->error) && round_goes_on(round);
	}
	books_entry_clear(&gathering.entry);
	if (good)
		books_finish(round);
	return good;
}

/* ---- the mirror's once more, for what only few rounds ask */

struct narrowing {
	struct round *round;
	const char *type;
	uint32_t account;
	struct date from, to;
	struct books_entry entry;    /* owned */
	void (*take)(struct narrowing *narrowing, const struct record_row *row);
};

static void take_account(struct narrowing *narrowing, const struct record_row *row)
{
	struct round *round = narrowing->round;
	struct books_entry *entry = &narrowing->entry;

	for (size_t i = 0; i < entry->posting_count; i++)
		if (books_account(round, entry->postings[i].account, entry->postings[i].class) == narrowing->account)
			books_note(round, narrowing->type, row->id, row->title ? row->title : "", entry, &entry->postings[i],
				   narrowing->account);
}

static void take_open(struct narrowing *narrowing, const struct record_row *row)
{
	books_add_open(narrowing->round, narrowing->type, row->id, &narrowing->entry);
}

static bool narrow_record(void *ctx, const struct record_row *row, const char *text, size_t len)
{
	struct narrowing *narrowing = ctx;
	struct round *round = narrowing->round;
	struct books_entry *entry = &narrowing->entry;

	if (row->state == RECORD_DELETED || row->state == RECORD_VOIDED)
		return round_goes_on(round);
	books_entry_reset(entry);
	round->books_of->entry(&round->desk, narrowing->type, (struct json_slice){ .text = text, .len = len, .kind = JSON_OBJECT }, entry);
	if (!entry->posts || !entry->has_date || entry->date.day < narrowing->from.day || entry->date.day > narrowing->to.day)
		return round_goes_on(round);
	narrowing->take(narrowing, row);
	return round_goes_on(round);
}

static bool narrow(struct narrowing *narrowing)
{
	struct round *round = narrowing->round;
	bool good = true;

	for (const char *const *name = round->books_of->types; good && *name; name++) {
		const struct object *object = plan_object(&round->planner, *name);

		narrowing->type = *name;
		if (object)
			good = records_raw(round->store, object, "", narrow_record, narrowing, &round->error) && round_goes_on(round);
	}
	books_entry_clear(&narrowing->entry);
	return good;
}

bool sides_narrow(struct round *round, uint32_t account, struct date from, struct date to)
{
	struct narrowing narrowing = { .round = round, .account = account, .from = from, .to = to, .take = take_account };

	return narrow(&narrowing);
}

bool sides_open(struct round *round)
{
	struct narrowing narrowing = { .round = round, .from = { INT32_MIN }, .to = round->wish->to, .take = take_open };

	if (!narrow(&narrowing))
		return false;
	books_settle_open(round);
	return true;
}

/* ---- the source's: resources */

static bool flag_is_set(struct json_slice data, const char *member)
{
	struct json_slice flag = json_member(data, member);

	return flag.kind == JSON_BOOL && *flag.text == 't';
}

/* What a payment of the source settles. */
static void add_applied(struct thing *thing, struct json_slice data)
{
	struct json_slice lines = json_member(data, "lines"), line, amount;
	AUTO(str_clear) struct str text = STR_INIT(DECIMAL_TEXT_MAX * 2);
	struct decimal value;
	size_t at = 0;

	while (lines.kind == JSON_ARRAY && json_each(lines, &at, NULL, &line)) {
		amount = json_member(line, "amount");
		str_reset(&text);
		json_unquote(amount, &text);
		if (decimal_parse(text.text, text.len, &value))
			thing->applied += round_millionths(value);
	}
	thing->has_applied = true;
}

static void take_party(struct round *round, const struct resource_type *type, const struct resource_summary *summary, struct thing *thing)
{
	const struct resource_field *field = type->party ? resource_field(type, false, type->party, strlen(type->party)) : NULL;
	struct code_answer answer;

	thing->party_name = text_pool_keep(&round->texts, summary->party);
	thing->item.party = "";
	if (!field || !*summary->party)
		return;
	desk_find(&round->planner, field->target, summary->party, strlen(summary->party), false, &answer);
	thing->item.party = text_pool_keep(&round->texts, answer.id);
}

/* The record that it is linked to, also when its date lies far outside. */
static struct thing *linked_record(struct round *round, const struct resource_type *type, const struct link *link)
{
	struct thing *thing = sides_find(round, link->record_type, link->record_id);
	AUTO(books_entry_clear) struct books_entry entry = { 0 };
	const struct known *known;

	if (thing)
		return thing;
	known = plan_record(&round->planner, link->record_type, link->record_id);
	if (!known || !known->raw)
		return NULL;
	round->books_of->entry(&round->desk, link->record_type, plan_slice(known), &entry);
	return add_record(round, type, link->record_type, link->record_id, known->version, known->state, plan_slice(known), &entry);
}

static const char *link_text(struct round *round, const char *type, const char *id)
{
	char text[RECORD_ID_MAX + 80];

	snprintf(text, sizeof(text), "%s %s", type, id);
	return text_pool_keep(&round->texts, text);
}

/* A number as the account's documents have it in the ledger. */
static const char *number_there(struct round *round, const struct resource_type *type, const char *number)
{
	AUTO(str_clear) struct str there = STR_INIT(STR_NO_LIMIT);

	policy_number(&round->planner.policies, type, number, &there);
	return text_pool_keep(&round->texts, there.text);
}

static void take_link(struct round *round, const struct resource_type *type, const char *own, const struct link *link, struct thing *thing)
{
	struct thing *record = linked_record(round, type, link);

	thing->record_type = text_pool_keep(&round->texts, link->record_type);
	thing->record_id = text_pool_keep(&round->texts, link->record_id);
	if (!record)
		return;
	/* From before a prefix was wanted. */
	if (strcmp(record->item.number, own) == 0)
		thing->item.number = record->item.number;
	thing->item.link = link_text(round, link->record_type, link->record_id);
	record->item.link = thing->item.link;
}

/* Void with its owner, but taken back by a credit note: both count, and the invoice as it was written. */
static bool is_credited(struct round *round, const struct resource *resource, const struct link *link, struct resource_summary *ret_summary)
{
	AUTO(str_clear) struct str written = STR_INIT(STR_NO_LIMIT);
	struct credit_note note;
	struct link other;
	bool found = false;

	if (link->revision == 0 ||
	    !credit_notes_get(round->store, round->planner.account.id, resource->no, &note, &found, &round->error) || !found ||
	    !links_get(round->store, round->planner.account.id, note.note, &other, NULL, &found, &round->error) || !found ||
	    !*other.record_id || !resources_revision(round->store, resource->no, link->revision, &written, &round->error))
		return false;
	resource_summarize(resource->type, (struct json_slice){ .text = written.text, .len = written.len, .kind = JSON_OBJECT }, ret_summary);
	return true;
}

static bool take_resource(void *ctx, const struct resource *resource, const char *text, size_t len)
{
	struct round *round = ctx;
	const struct resource_summary *summary = &resource->summary;
	struct resource_summary written;
	struct json_slice data = { .text = text, .len = len, .kind = JSON_OBJECT };
	bool found, near = summary->has_date && is_near(round, summary->date);
	struct link link;
	struct thing *thing;

	if (!links_get(round->store, round->planner.account.id, resource->no, &link, NULL, &found, &round->error))
		return false;
	found = found && *link.record_id;
	if (!near && !(found && sides_find(round, link.record_type, link.record_id)))
		return round_goes_on(round);
	thing = add(&round->source);
	thing->item.kind = kind_of(resource->type);
	thing->item.date = summary->date;
	thing->item.amount = summary->has_total ? round_millionths(summary->total) : 0;
	snprintf(thing->item.currency, sizeof(thing->item.currency), "%.3s",
		 *summary->currency ? summary->currency : round->planner.company.home);
	thing->item.number = number_there(round, resource->type, summary->number);
	thing->item.tag = text_pool_keep(&round->texts, resource->id);
	thing->type = resource->type->name;
	thing->ref = text_pool_keep(&round->texts, resource->external_id);
	thing->resource = resource->no;
	thing->inside = summary->has_date && round_inside(round, summary->date);
	thing->without_tax = json_member(data, "total").kind == JSON_NONE && json_member(data, "tax_total").kind == JSON_NONE;
	thing->is_void = flag_is_set(data, "voided");
	if (thing->is_void && found && is_credited(round, resource, &link, &written)) {
		thing->is_void = false;
		thing->item.amount = written.has_total ? round_millionths(written.total) : 0;
	}
	if (resource->type->total)
		add_applied(thing, data);
	if (thing->is_void)
		thing->item.amount = 0;
	take_party(round, resource->type, summary, thing);
	if (found)
		take_link(round, resource->type, summary->number, &link, thing);
	return round_goes_on(round);
}

static bool take_resources(struct round *round)
{
	struct resource_query query = { .organization = round->planner.organization };
	const struct resource_type *type;

	for (size_t i = 0; (type = resource_type_at(i)); i++) {
		query.type = type;
		if (is_compared(round, type) && round->planner.push->type(type) &&
		    (!resources_list(round->store, &query, take_resource, round, &round->error) || !round_goes_on(round)))
			return false;
	}
	return true;
}

/* ---- the source's: a file */

static void add_line(struct round *round, const struct reconcile_line *line)
{
	const struct resource_type *type = resource_type_find(line->type, strlen(line->type));
	struct resource_summary summary = { 0 };
	struct thing *thing;

	if (type && !is_compared(round, type))
		return;
	thing = add(&round->source);
	thing->item.kind = type ? kind_of(type) : 1;
	thing->item.date = line->date;
	thing->item.amount = line->amount;
	snprintf(thing->item.currency, sizeof(thing->item.currency), "%.3s", *line->currency ? line->currency : round->planner.company.home);
	thing->item.number = type ? number_there(round, type, line->number) : text_pool_keep(&round->texts, line->number);
	thing->item.text = text_pool_keep(&round->texts, line->memo);
	thing->type = text_pool_keep(&round->texts, line->type);
	thing->ref = text_pool_keep(&round->texts, line->ref);
	thing->inside = round_inside(round, line->date);
	thing->without_tax = type != NULL;
	thing->item.party = thing->party_name = text_pool_keep(&round->texts, line->party);
	if (!type) {
		thing->item.party = ANYBODY;
		return;
	}
	snprintf(summary.party, sizeof(summary.party), "%s", line->party);
	take_party(round, type, &summary, thing);
}

/* As the session had them before: a file need not be there any more. */
static bool take_kept(void *ctx, const struct session_item *item)
{
	struct round *round = ctx;
	struct reconcile_line line = { .type = item->type, .ref = item->ref, .date = item->date, .amount = item->amount,
				       .number = item->number, .party = item->party_name, .memo = item->memo };

	snprintf(line.currency, sizeof(line.currency), "%.3s", item->currency);
	if (item->side == SIDE_SOURCE)
		add_line(round, &line);
	return true;
}

bool sides_source(struct round *round)
{
	const struct reconcile_wish *wish = round->wish;

	if (!wish->source)
		return take_resources(round);
	for (size_t i = 0; wish->lines && i < wish->line_count; i++)
		add_line(round, &wish->lines[i]);
	return wish->lines || session_items(round->store, round->session->no, false, 0, 0, take_kept, round, &round->error);
}
