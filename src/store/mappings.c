/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules for codes, in versions; and policies. */
#include "ledgerdeck/store/mappings.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "query.h"

void mapping_key(const char *code, size_t len, struct str *out)
{
	str_add_alike(out, code, len);
}

static void read_mapping(const struct query *query, struct mapping *mapping)
{
	*mapping = (struct mapping){ .target = (enum target)row_integer(query, 0), .at_ms = row_integer(query, 6),
				     .version = row_integer(query, 7) };
	row_copy(query, 1, mapping->code, sizeof(mapping->code));
	row_copy(query, 2, mapping->record_id, sizeof(mapping->record_id));
	row_copy(query, 3, mapping->name, sizeof(mapping->name));
	row_copy(query, 4, mapping->number, sizeof(mapping->number));
	row_copy(query, 5, mapping->who, sizeof(mapping->who));
}

bool mappings_all(struct store *store, const char *account_id, bool (*each)(void *ctx, const struct mapping *mapping), void *ctx,
		  struct error *err)
{
	struct query query = query_start(store, MAPPING_ALL);
	struct mapping mapping;

	query_text(&query, account_id);
	while (query_next(&query)) {
		read_mapping(&query, &mapping);
		if (!each(ctx, &mapping))
			break;
	}
	return query_end(&query, err);
}

bool mappings_get(struct store *store, const char *account_id, enum target target, const char *code, struct mapping *ret_mapping,
		  bool *ret_found, struct error *err)
{
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);
	struct query query = query_start(store, MAPPING_GET);

	mapping_key(code, strlen(code), &key);
	query_text(&query, account_id);
	query_integer(&query, target);
	query_text(&query, key.text);
	*ret_found = query_next(&query);
	if (*ret_found)
		read_mapping(&query, ret_mapping);
	return query_end(&query, err);
}

bool mappings_version(struct store *store, const char *account_id, int64_t *ret_version, struct error *err)
{
	struct query query = query_start(store, MAPPING_VERSION);

	query_text(&query, account_id);
	*ret_version = query_next(&query) ? row_integer(&query, 0) : 0;
	return query_end(&query, err);
}

/* One change, as part of a version. */
struct changing {
	const char *account_id, *who, *what;
	int64_t undoes, now_ms, version, part;
};

static bool put(struct store *store, const struct changing *changing, const struct mapping *mapping, struct error *err)
{
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);
	struct query query = query_start(store, *mapping->record_id ? MAPPING_PUT : MAPPING_DROP);

	mapping_key(mapping->code, strlen(mapping->code), &key);
	query_text(&query, changing->account_id);
	query_integer(&query, mapping->target);
	query_text(&query, key.text);
	if (*mapping->record_id) {
		query_text(&query, mapping->code);
		query_text(&query, mapping->record_id);
		query_text(&query, mapping->name);
		query_text(&query, mapping->number);
		query_text(&query, changing->who);
		query_integer(&query, changing->now_ms);
		query_integer(&query, changing->version);
	}
	return query_run(&query, err);
}

static bool note(struct store *store, const struct changing *changing, const struct mapping *before, const struct mapping *after,
		 struct error *err)
{
	struct query query = query_start(store, MAPPING_CHANGED);

	query_text(&query, changing->account_id);
	query_integer(&query, changing->version);
	query_integer(&query, changing->part);
	query_integer(&query, changing->now_ms);
	query_text(&query, changing->who);
	query_text(&query, changing->what);
	query_integer(&query, after->target);
	query_text(&query, after->code);
	query_text(&query, before->record_id);
	query_text(&query, before->name);
	query_text(&query, after->record_id);
	query_text(&query, after->name);
	query_integer(&query, changing->undoes);
	return query_run(&query, err);
}

static bool change_one(struct store *store, struct changing *changing, const struct mapping *mapping, struct error *err)
{
	struct mapping before = { 0 };
	bool found;

	if (!mappings_get(store, changing->account_id, mapping->target, mapping->code, &before, &found, err))
		return false;
	if (strcmp(before.record_id, mapping->record_id) == 0)
		return true;
	changing->part++;
	return put(store, changing, mapping, err) && note(store, changing, &before, mapping, err);
}

bool mappings_change(struct store *store, const char *account_id, const struct mapping *mappings, size_t count, const char *who,
		     const char *what, int64_t undoes, int64_t now_ms, int64_t *ret_changed, struct error *err)
{
	struct changing changing = { .account_id = account_id, .who = who, .what = what, .undoes = undoes, .now_ms = now_ms };
	char after[80];

	assert(store->in_transaction);
	if (!mappings_version(store, account_id, &changing.version, err))
		return false;
	changing.version++;
	for (size_t i = 0; i < count; i++)
		if (!change_one(store, &changing, &mappings[i], err))
			return false;
	*ret_changed = changing.part;
	if (changing.part == 0)
		return true;
	snprintf(after, sizeof(after), "{\"version\":%lld,\"rules\":%lld}", (long long)changing.version, (long long)changing.part);
	return audit_add(store, who, "map", account_id, "", after, now_ms, err);
}

bool mappings_history(struct store *store, const char *account_id, int64_t version,
		      bool (*each)(void *ctx, const struct mapping_change *change), void *ctx, struct error *err)
{
	struct query query = query_start(store, MAPPING_HISTORY);
	struct mapping_change change;

	query_text(&query, account_id);
	query_integer(&query, version);
	while (query_next(&query)) {
		change = (struct mapping_change){ .version = row_integer(&query, 0), .at_ms = row_integer(&query, 1),
						  .target = (enum target)row_integer(&query, 4) };
		row_copy(&query, 2, change.who, sizeof(change.who));
		row_copy(&query, 3, change.what, sizeof(change.what));
		row_copy(&query, 5, change.code, sizeof(change.code));
		row_copy(&query, 6, change.before_id, sizeof(change.before_id));
		row_copy(&query, 7, change.before_name, sizeof(change.before_name));
		row_copy(&query, 8, change.after_id, sizeof(change.after_id));
		row_copy(&query, 9, change.after_name, sizeof(change.after_name));
		change.undoes = row_integer(&query, 10);
		if (!each(ctx, &change))
			break;
	}
	return query_end(&query, err);
}

/* ---- undo and redo */

struct step {
	int64_t version, undoes;
	bool back;                   /* it takes a change back, rather than making one, also one anew */
	bool over;                   /* a later one has taken it back */
};

static struct step *step_of(struct step *steps, size_t count, int64_t version)
{
	for (size_t i = count; i-- > 0;)
		if (steps[i].version == version)
			return &steps[i];
	return NULL;
}

static void add_step(struct step **steps, size_t *count, size_t *room, const struct query *query)
{
	struct step step = { .version = row_integer(query, 0), .undoes = row_integer(query, 1) };
	struct step *former = step.undoes ? step_of(*steps, *count, step.undoes) : NULL;

	if (former)
		former->over = true;
	step.back = former && !former->back;
	memory_grow(steps, room, *count + 1, sizeof(**steps));
	(*steps)[(*count)++] = step;
}

bool mappings_steps(struct store *store, const char *account_id, int64_t *ret_undo, int64_t *ret_redo, struct error *err)
{
	AUTO(memory_freep) struct step *steps = NULL;
	struct query query = query_start(store, MAPPING_UNDOES);
	size_t count = 0, room = 0;
	bool anew = false;

	*ret_undo = *ret_redo = 0;
	query_text(&query, account_id);
	while (query_next(&query))
		add_step(&steps, &count, &room, &query);
	for (size_t i = count; i-- > 0;) {
		/* What was taken back before somebody made a new rule is not made again on top of that. */
		if (!steps[i].over && steps[i].back && !anew && !*ret_redo)
			*ret_redo = steps[i].version;
		if (!steps[i].over && !steps[i].back && !*ret_undo)
			*ret_undo = steps[i].version;
		anew |= steps[i].undoes == 0;
	}
	return query_end(&query, err);
}

/* ---- policies */

bool policies_get(struct store *store, const char *account_id, struct policies *ret_policies, struct error *err)
{
	struct query query = query_start(store, POLICY_ALL);
	enum policy policy;

	policies_init(ret_policies);
	query_text(&query, account_id);
	while (query_next(&query))
		/* What a newer program has set is not known here. */
		if (policy_find(row_text(&query, 0), &policy, NULL) && policy_check(policy, row_text(&query, 1), NULL))
			snprintf(ret_policies->values[policy], POLICY_VALUE_MAX, "%.*s", POLICY_VALUE_MAX - 1, row_text(&query, 1));
	return query_end(&query, err);
}

static void tell_policy(enum policy policy, const char *value, struct str *out)
{
	str_addf(out, "{\"%s\":", policy_row(policy)->name);
	str_add_json(out, value, strlen(value));
	str_add_char(out, '}');
}

bool policies_set(struct store *store, const char *account_id, enum policy policy, const char *value, const char *who, int64_t now_ms,
		  bool *ret_changed, struct error *err)
{
	struct policies before, after;
	AUTO(str_clear) struct str was = STR_INIT(STR_NO_LIMIT), is = STR_INIT(STR_NO_LIMIT);
	struct query query;

	assert(store->in_transaction);
	if (*value && !policy_check(policy, value, err))
		return false;
	if (!policies_get(store, account_id, &before, err))
		return false;
	query = query_start(store, *value ? POLICY_SET : POLICY_DROP);
	query_text(&query, account_id);
	query_text(&query, policy_row(policy)->name);
	if (*value)
		query_text(&query, value);
	if (!query_run(&query, err) || !policies_get(store, account_id, &after, err))
		return false;
	*ret_changed = strcmp(before.values[policy], after.values[policy]) != 0;
	if (!*ret_changed)
		return true;
	tell_policy(policy, before.values[policy], &was);
	tell_policy(policy, after.values[policy], &is);
	return audit_add(store, who, "policy", account_id, was.text, is.text, now_ms, err);
}
