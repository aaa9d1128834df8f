/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codes in use, candidates and suggestions, on top of a planner's knowledge of the account. */
#include "ledgerdeck/sync/mapping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"
#include "mapper.h"

static const char *const state_words[MAPPER_STATE_COUNT] = {
	[MAPPER_UNMAPPED] = "unmapped", [MAPPER_BAD] = "bad", [MAPPER_DEFAULT] = "default", [MAPPER_MAPPED] = "mapped",
	[MAPPER_LINKED] = "linked",
};

const char *mapper_state_word(enum mapper_state state)
{
	return state_words[state];
}

static void free_text(void *text)
{
	free(text);
}

bool mapper_open(struct store *store, const struct catalogue *catalogue, const char *account_id, struct mapper **ret_mapper,
		 struct error *err)
{
	struct mapper *mapper = memory_new(sizeof(*mapper));

	snprintf(mapper->account_id, sizeof(mapper->account_id), "%s", account_id);
	mapper->wish = (struct push_wish){ .account_id = mapper->account_id, .who = "", .env = env_real() };
	if (planner_open(&mapper->planner, store, catalogue, &mapper->wish, err)) {
		*ret_mapper = mapper;
		return true;
	}
	mapper_close(mapper);
	return false;
}

void mapper_close(struct mapper *mapper)
{
	if (!mapper)
		return;
	for (size_t i = 0; i < TARGET_MAPPED_COUNT; i++) {
		free(mapper->candidates[i].items);
	}
	map_clear(&mapper->uses, free);
	map_clear(&mapper->elsewhere, free_text);
	free(mapper->codes);
	free(mapper->documents);
	free(mapper->document_uses);
	planner_close(&mapper->planner);
	free(mapper);
}

void mapper_closep(struct mapper **mapper)
{
	mapper_close(*mapper);
}

bool mapper_failed(struct mapper *mapper, struct error *err)
{
	if (mapper->planner.error.code == ERROR_NONE)
		return false;
	if (err)
		*err = mapper->planner.error;
	return true;
}

/* ---- codes in use */

void amounts_add(struct amounts *amounts, const char *currency, struct decimal amount)
{
	struct decimal sum;
	size_t i;

	for (i = 0; i < amounts->count; i++)
		if (strcmp(amounts->items[i].currency, currency) == 0)
			break;
	if (i == ARRAY_LEN(amounts->items))
		return;
	if (i == amounts->count)
		snprintf(amounts->items[amounts->count++].currency, sizeof(amounts->items[0].currency), "%s", currency);
	if (decimal_add(amounts->items[i].sum, amount, &sum))
		amounts->items[i].sum = sum;
}

struct looking {
	struct mapper *mapper;
	const struct resource *resource;
	struct cancel *cancel;
};

/* The document that is looked at uses it, for the first time. */
static void note_use(struct mapper *mapper, struct use *use)
{
	struct document *document = &mapper->documents[mapper->document_count - 1];

	use->code.documents++;
	use->last = mapper->document_count;
	memory_grow(&mapper->document_uses, &mapper->document_use_room, mapper->document_use_count + 1, sizeof(*mapper->document_uses));
	mapper->document_uses[mapper->document_use_count++] = use;
	document->count++;
}

static void use_code(struct looking *looking, const struct resource_field *field, bool line, const struct str *code,
		     struct decimal amount)
{
	struct mapper *mapper = looking->mapper;
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);
	const struct resource_summary *summary = &looking->resource->summary;
	struct use *use;
	void **place;

	str_addf(&key, "%d ", (int)field->target);
	mapping_key(code->text, code->len, &key);
	place = map_place(&mapper->uses, key.text, key.len);
	use = *place;
	if (!use) {
		use = memory_new(sizeof(*use));
		*place = use;
		use->code.target = field->target;
		use->type = looking->resource->type;
		use->field = field;
		use->line = line;
		snprintf(use->code.code, sizeof(use->code.code), "%s", code->text);
		snprintf(use->code.field, sizeof(use->code.field), "%s%s", line ? "lines." : "", field->name);
	}
	if (use->last != mapper->document_count)
		note_use(mapper, use);
	amounts_add(&use->amounts, *summary->currency ? summary->currency : mapper->planner.company.home, amount);
}

static bool decimal_of_member(struct json_slice object, const char *name, struct decimal *ret_value)
{
	struct json_slice value = json_member(object, name);

	return value.kind == JSON_STRING && decimal_parse(value.text + 1, value.len - 2, ret_value);
}

static void look_at_fields(struct looking *looking, bool line, struct json_slice object)
{
	const struct resource_type *type = looking->resource->type;
	const struct resource_field *fields = line ? type->lines : type->fields;
	size_t count = line ? type->line_count : type->field_count;
	AUTO(str_clear) struct str code = STR_INIT(MAPPING_CODE_MAX - 1);
	struct decimal amount = looking->resource->summary.total;
	struct json_slice value;

	if (line && !decimal_of_member(object, "amount", &amount) && !decimal_of_member(object, "debit", &amount))
		decimal_of_member(object, "credit", &amount);
	for (size_t i = 0; i < count; i++) {
		if (fields[i].kind != VALUE_CODE || fields[i].target >= TARGET_MAPPED_COUNT)
			continue;
		value = json_member(object, fields[i].name);
		str_reset(&code);
		if (value.kind == JSON_STRING)
			json_unquote(value, &code);
		if (code.len > 0)
			use_code(looking, &fields[i], line, &code, amount);
	}
}

static void add_document(struct looking *looking)
{
	const struct resource_summary *summary = &looking->resource->summary;
	struct mapper *mapper = looking->mapper;
	struct document *document;

	memory_grow(&mapper->documents, &mapper->document_room, mapper->document_count + 1, sizeof(*mapper->documents));
	document = &mapper->documents[mapper->document_count++];
	*document = (struct document){ .no = looking->resource->no, .first = mapper->document_use_count, .total = summary->total };
	snprintf(document->currency, sizeof(document->currency), "%s", *summary->currency ? summary->currency : mapper->planner.company.home);
}

static bool look_at(void *ctx, const struct resource *resource, const char *data, size_t len)
{
	struct looking *looking = ctx;
	struct json_slice object = { .text = data, .len = len, .kind = JSON_OBJECT }, lines, line;
	size_t at = 0;

	looking->resource = resource;
	add_document(looking);
	look_at_fields(looking, false, object);
	lines = json_member(object, "lines");
	while (lines.kind == JSON_ARRAY && json_each(lines, &at, NULL, &line))
		look_at_fields(looking, true, line);
	return !cancel_asked(looking->cancel);
}

bool mapper_look(struct mapper *mapper, struct cancel *cancel, struct error *err)
{
	struct looking looking = { .mapper = mapper, .cancel = cancel };
	struct resource_query query = { .organization = mapper->planner.organization };

	if (mapper->used)
		return true;
	if (!resources_list(mapper->planner.store, &query, look_at, &looking, err))
		return false;
	if (cancel_asked(cancel))
		return error_set(err, ERROR_CANCELLED, "stopped");
	mapper->used = true;
	return true;
}

void amounts_print(const struct amounts *amounts, char *out, size_t size)
{
	char digits[DECIMAL_TEXT_MAX];
	size_t len = 0;

	*out = '\0';
	for (size_t i = 0; i < amounts->count && len < size; i++) {
		struct decimal sum = amounts->items[i].sum;

		decimal_round(sum, 2, &sum);
		len += (size_t)snprintf(out + len, size - len, "%s%s %s", i ? ", " : "", decimal_format(sum, digits), amounts->items[i].currency);
	}
}

void mapper_judge_use(struct mapper *mapper, struct use *use)
{
	static const enum mapper_state states[] = {
		[CODE_IS_UNKNOWN] = MAPPER_UNMAPPED, [CODE_IS_LINKED] = MAPPER_LINKED, [CODE_IS_MAPPED] = MAPPER_MAPPED,
		[CODE_IS_DEFAULT] = MAPPER_DEFAULT, [CODE_IS_OWN] = MAPPER_LINKED, [CODE_IS_BAD] = MAPPER_BAD,
	};
	struct planner *planner = &mapper->planner;
	struct mapper_code *code = &use->code;
	struct code_answer answer;
	struct resource resource;
	bool found;
	char why[FITS_WHY_MAX];

	desk_find(planner, code->target, code->code, strlen(code->code), false, &answer);
	code->state = states[answer.state];
	snprintf(code->record_id, sizeof(code->record_id), "%s", answer.id);
	snprintf(code->name, sizeof(code->name), "%s", answer.name);
	snprintf(code->why, sizeof(code->why), "%s", answer.state == CODE_IS_BAD ? answer.why : "");
	/* A resource that is to be written itself needs no rule. */
	if (code->state == MAPPER_UNMAPPED && resource_type_of(code->target) &&
	    resources_get(planner->store, planner->organization, resource_type_of(code->target), code->code, &resource, NULL, &found,
			  &planner->error) && found)
		code->state = MAPPER_LINKED;
	if (code->state == MAPPER_MAPPED && planner->push->target(code->target) && !mapper_record_fits(mapper, use, answer.id, why)) {
		code->state = MAPPER_BAD;
		snprintf(code->why, sizeof(code->why), "%.159s", why);
	}
	amounts_print(&use->amounts, code->amounts, sizeof(code->amounts));
	use->judged = true;
}

static int by_need(const void *a, const void *b)
{
	const struct mapper_code *one = a, *other = b;

	if (one->state != other->state)
		return (int)one->state - (int)other->state;
	if (one->documents != other->documents)
		return one->documents > other->documents ? -1 : 1;
	if (one->target != other->target)
		return (int)one->target - (int)other->target;
	return strcmp(one->code, other->code);
}

bool mapper_codes(struct mapper *mapper, enum target only, struct cancel *cancel, const struct mapper_code **ret_codes, size_t *ret_count,
		  struct error *err)
{
	const struct map_entry *entry;
	size_t at = 0;

	if (!mapper_look(mapper, cancel, err))
		return false;
	free(mapper->codes);
	mapper->codes = memory_new((mapper->uses.count + 1) * sizeof(*mapper->codes));
	mapper->code_count = 0;
	while ((entry = map_each(&mapper->uses, &at))) {
		struct use *use = entry->value;

		if (only != TARGET_NONE && use->code.target != only)
			continue;
		if (!use->judged)
			mapper_judge_use(mapper, use);
		mapper->codes[mapper->code_count++] = use->code;
	}
	if (mapper_failed(mapper, err))
		return false;
	qsort(mapper->codes, mapper->code_count, sizeof(*mapper->codes), by_need);
	*ret_codes = mapper->codes;
	*ret_count = mapper->code_count;
	return true;
}

/* ---- candidates */

struct loading {
	struct mapper *mapper;
	enum target target;
};

static bool take_candidate(void *ctx, const struct record_row *row, const char *raw, size_t len)
{
	struct loading *loading = ctx;
	struct candidates *candidates = &loading->mapper->candidates[loading->target];
	struct json_slice slice = { .text = raw, .len = len, .kind = JSON_OBJECT };
	struct mapper_candidate *candidate;
	struct target_facts facts;

	if (row->state == RECORD_DELETED || row->state == RECORD_VOIDED)
		return true;
	loading->mapper->planner.push->facts(loading->target, slice, &facts);
	memory_grow(&candidates->items, &candidates->room, candidates->count + 1, sizeof(*candidates->items));
	candidate = &candidates->items[candidates->count++];
	*candidate = (struct mapper_candidate){ .active = row->state == RECORD_LIVE, .fits = true };
	snprintf(candidate->record_id, sizeof(candidate->record_id), "%s", row->id);
	snprintf(candidate->name, sizeof(candidate->name), "%s", facts.name);
	snprintf(candidate->number, sizeof(candidate->number), "%s", facts.number);
	snprintf(candidate->kind, sizeof(candidate->kind), "%s", facts.kind);
	snprintf(candidate->balance, sizeof(candidate->balance), "%s", facts.balance);
	for (const char *at = candidate->name; (at = strchr(at, ':')); at++)
		candidate->level++;
	return true;
}

/* By number where both have one, else by name, so that what stands below follows what it stands below. */
static int by_place(const void *a, const void *b)
{
	const struct mapper_candidate *one = a, *other = b;
	int order;

	if (*one->number && *other->number && (order = strcmp(one->number, other->number)) != 0)
		return order;
	if (!*one->number != !*other->number)
		return *one->number ? -1 : 1;
	order = strcasecmp(one->name, other->name);
	return order ? order : strcmp(one->record_id, other->record_id);
}

static bool load(struct mapper *mapper, enum target target, struct error *err)
{
	struct candidates *candidates = &mapper->candidates[target];
	struct loading loading = { .mapper = mapper, .target = target };
	const char *type = mapper->planner.push->target(target);
	const struct object *object = type ? plan_object(&mapper->planner, type) : NULL;

	if (candidates->loaded)
		return true;
	if (mapper_failed(mapper, err) || (object && !records_raw(mapper->planner.store, object, "", take_candidate, &loading, err)))
		return false;
	if (candidates->count > 1)
		qsort(candidates->items, candidates->count, sizeof(*candidates->items), by_place);
	candidates->loaded = true;
	return true;
}

bool mapper_candidates(struct mapper *mapper, enum target target, const struct mapper_candidate **ret_candidates, size_t *ret_count,
		       struct error *err)
{
	if (target <= TARGET_NONE || target >= TARGET_MAPPED_COUNT)
		return error_set(err, ERROR_INPUT, "such codes are not mapped");
	if (!load(mapper, target, err))
		return false;
	*ret_candidates = mapper->candidates[target].items;
	*ret_count = mapper->candidates[target].count;
	return true;
}

/* The part behind the last level. */
static const char *own_name(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

static bool is_same(const char *a, const char *b)
{
	AUTO(str_clear) struct str one = STR_INIT(STR_NO_LIMIT), other = STR_INIT(STR_NO_LIMIT);

	mapping_key(a, strlen(a), &one);
	mapping_key(b, strlen(b), &other);
	return one.len > 0 && one.len == other.len && memcmp(one.text, other.text, one.len) == 0;
}

bool mapper_find(struct mapper *mapper, enum target target, const char *word, struct mapper_candidate *ret_candidate, struct error *err)
{
	const struct mapper_candidate *items, *found = NULL;
	size_t count, fit = 0, same = 0;

	if (!mapper_candidates(mapper, target, &items, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		size_t here = 0;

		if (strcmp(items[i].record_id, word) == 0)
			here = 4;
		else if (*items[i].number && strcmp(items[i].number, word) == 0)
			here = 3;
		else if (is_same(items[i].name, word))
			here = 2;
		else if (is_same(own_name(items[i].name), word))
			here = 1;
		if (here > fit) {
			fit = here;
			same = 0;
		}
		if (here > 0 && here == fit && same++ == 0)
			found = &items[i];
	}
	if (same == 1) {
		*ret_candidate = *found;
		return true;
	}
	if (same > 1)
		return error_set(err, ERROR_INPUT, "'%.60s' fits %zu %ss; give the ledger's id", word, same, target_title(target));
	return error_set(err, ERROR_INPUT, "the ledger has no %s '%.60s'; 'ledgerdeck map ACCOUNT --candidates %s' lists them", target_title(target),
			 word, target_word(target));
}

/* ---- suggestions */

static bool note_rule(void *ctx, const struct mapping *mapping)
{
	struct mapper *mapper = ctx;
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);
	void **place;

	if (!*mapping->code || !*mapping->name)
		return true;
	str_addf(&key, "%d ", (int)mapping->target);
	mapping_key(mapping->code, strlen(mapping->code), &key);
	place = map_place(&mapper->elsewhere, key.text, key.len);
	if (!*place)
		*place = memory_copy_text(mapping->name);
	return true;
}

/* What other accounts' rules make of the same codes. */
static bool look_elsewhere(struct mapper *mapper, struct error *err)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };

	if (mapper->looked_elsewhere)
		return true;
	if (!accounts_all(mapper->planner.store, &accounts, err))
		return false;
	for (size_t i = 0; i < accounts.count; i++)
		if (strcmp(accounts.items[i].id, mapper->account_id) != 0 &&
		    !mappings_all(mapper->planner.store, accounts.items[i].id, note_rule, mapper, err))
			return false;
	mapper->looked_elsewhere = true;
	return true;
}

static const char *name_elsewhere(const struct mapper *mapper, const struct mapper_code *code)
{
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);

	str_addf(&key, "%d ", (int)code->target);
	mapping_key(code->code, strlen(code->code), &key);
	return map_get(&mapper->elsewhere, key.text, key.len);
}

#define WORDS_MAX 16

struct words {
	char text[400];
	const char *items[WORDS_MAX];
	size_t count;
};

static void split(const char *text, struct words *words)
{
	AUTO(str_clear) struct str folded = STR_INIT(STR_NO_LIMIT);
	char *save = NULL;

	mapping_key(text, strlen(text), &folded);
	snprintf(words->text, sizeof(words->text), "%s", folded.text);
	words->count = 0;
	for (char *at = strtok_r(words->text, " :-_/.,&()", &save); at && words->count < WORDS_MAX; at = strtok_r(NULL, " :-_/.,&()", &save))
		words->items[words->count++] = at;
}

/* How many of a hundred parts two names share: whole words, or ones that begin alike. */
static int shared(const char *a, const char *b)
{
	struct words one, other;
	size_t same = 0, all;

	split(a, &one);
	split(b, &other);
	all = one.count > other.count ? one.count : other.count;
	for (size_t i = 0; i < one.count; i++)
		for (size_t k = 0; k < other.count; k++) {
			size_t len = strlen(one.items[i]) < strlen(other.items[k]) ? strlen(one.items[i]) : strlen(other.items[k]);

			if (strcmp(one.items[i], other.items[k]) == 0 || (len >= 4 && strncmp(one.items[i], other.items[k], len) == 0)) {
				same++;
				break;
			}
		}
	return all ? (int)(100 * same / all) : 0;
}

static int score(const struct mapper_code *code, const char *elsewhere, const struct mapper_candidate *candidate, const char **ret_why)
{
	int part;

	if (*candidate->number && is_same(candidate->number, code->code)) {
		*ret_why = "the same number";
		return 100;
	}
	if (is_same(candidate->name, code->code)) {
		*ret_why = "the same name";
		return 98;
	}
	if (elsewhere && is_same(candidate->name, elsewhere)) {
		*ret_why = "chosen for this code in another account";
		return 95;
	}
	if (is_same(own_name(candidate->name), code->code)) {
		*ret_why = "the same name below another";
		return 92;
	}
	if (strcmp(candidate->record_id, code->code) == 0) {
		*ret_why = "the ledger's own id";
		return 60;
	}
	*ret_why = "words of the name";
	part = shared(code->code, candidate->name);
	return part * 80 / 100;
}

static int by_score(const void *a, const void *b)
{
	const struct mapper_candidate *one = a, *other = b;

	return one->score != other->score ? other->score - one->score : by_place(a, b);
}

struct use *mapper_use(const struct mapper *mapper, enum target target, const char *code)
{
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);

	str_addf(&key, "%d ", (int)target);
	mapping_key(code, strlen(code), &key);
	return map_get(&mapper->uses, key.text, key.len);
}

bool mapper_record_fits(struct mapper *mapper, const struct use *use, const char *record_id, char *ret_why)
{
	struct planner *planner = &mapper->planner;
	const char *type = planner->push->target(use->code.target);
	const struct known *known = type ? plan_record(planner, type, record_id) : NULL;

	if (known && known->raw)
		return planner->push->fits(&planner->company, use->type, use->field, use->line, plan_slice(known), ret_why);
	snprintf(ret_why, FITS_WHY_MAX, "it is not in the mirror");
	return false;
}

bool mapper_suggest(struct mapper *mapper, const struct mapper_code *code, struct mapper_candidate *ret_candidates, size_t room,
		    size_t *ret_count, struct error *err)
{
	const struct use *use = mapper_use(mapper, code->target, code->code);
	const struct mapper_candidate *items;
	struct mapper_candidate *best;
	size_t count, kept = 0;
	const char *elsewhere, *why;
	char misfit[FITS_WHY_MAX];

	*ret_count = 0;
	if (!mapper_candidates(mapper, code->target, &items, &count, err) || !look_elsewhere(mapper, err))
		return false;
	elsewhere = name_elsewhere(mapper, code);
	best = memory_new((count + 1) * sizeof(*best));
	for (size_t i = 0; i < count; i++) {
		int points = items[i].active ? score(code, elsewhere, &items[i], &why) : 0;

		if (points < 20 || (use && !mapper_record_fits(mapper, use, items[i].record_id, misfit)))
			continue;
		best[kept] = items[i];
		best[kept].score = points;
		snprintf(best[kept++].why, sizeof(best[0].why), "%s", why);
	}
	if (kept > 1)
		qsort(best, kept, sizeof(*best), by_score);
	*ret_count = kept < room ? kept : room;
	memcpy(ret_candidates, best, *ret_count * sizeof(*best));
	free(best);
	return !mapper_failed(mapper, err);
}

/* ---- saving */

bool mapping_save(struct store *store, const char *account_id, const struct mapping *mappings, size_t count, const char *who,
		  const char *what, int64_t now_ms, int64_t *ret_changed, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;

	return store_begin(transaction, err) &&
	       mappings_change(transaction, account_id, mappings, count, who, what, 0, now_ms, ret_changed, err) &&
	       store_commit(transaction, err);
}

struct undoing {
	struct mapping *items;       /* owned */
	size_t count, room;
	struct store *store;
	const char *account_id;
	struct error error;
};

static bool take_back(void *ctx, const struct mapping_change *change)
{
	struct undoing *undoing = ctx;
	struct mapping now = { 0 }, *back;
	bool found;

	if (!mappings_get(undoing->store, undoing->account_id, change->target, change->code, &now, &found, &undoing->error))
		return false;
	if (strcmp(now.record_id, change->after_id) != 0) {
		error_set(&undoing->error, ERROR_CONFLICT, "%s '%.60s' was mapped anew since; take that back first", target_title(change->target),
			  change->code);
		return false;
	}
	memory_grow(&undoing->items, &undoing->room, undoing->count + 1, sizeof(*undoing->items));
	back = &undoing->items[undoing->count++];
	*back = (struct mapping){ .target = change->target };
	snprintf(back->code, sizeof(back->code), "%s", change->code);
	snprintf(back->record_id, sizeof(back->record_id), "%s", change->before_id);
	snprintf(back->name, sizeof(back->name), "%s", change->before_name);
	return true;
}

bool mapping_undo(struct store *store, const char *account_id, int64_t version, const char *who, int64_t now_ms, int64_t *ret_changed,
		  struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct undoing undoing = { .store = store, .account_id = account_id };
	int64_t redo;
	char what[60];
	bool good;

	*ret_changed = 0;
	if (!store_begin(transaction, err) || (version == 0 && !mappings_steps(store, account_id, &version, &redo, err)) ||
	    (version > 0 && !mappings_history(store, account_id, version, take_back, &undoing, err))) {
		free(undoing.items);
		return false;
	}
	if (undoing.error.code == ERROR_NONE && undoing.count == 0)
		error_set(&undoing.error, ERROR_INPUT, version ? "there is no version %lld of the mapping to take back"
							       : "there is no version of the mapping that could be taken back", (long long)version);
	good = undoing.error.code == ERROR_NONE;
	if (!good && err)
		*err = undoing.error;
	snprintf(what, sizeof(what), "took version %lld back", (long long)version);
	good = good && mappings_change(transaction, account_id, undoing.items, undoing.count, who, what, version, now_ms, ret_changed, err) &&
	       store_commit(transaction, err);
	free(undoing.items);
	return good;
}
