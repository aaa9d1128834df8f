/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a plan comes to: how many of what, how much money, what it does to the ledger accounts, and causes with what they hold up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "plan.h"

#define CAUSES_MAX 500
#define KEY_MAX 320

struct group { /* lines that are alike */
	enum plan_act act;
	const struct resource_type *type;
	char currency[8];
	int64_t count;
	struct decimal total, tax;
};
struct cause { /* of lines that wait, or are left out */
	struct group group;
	enum plan_reason reason;
	char text[200];
	int64_t behind;              /* lines that wait for those */
	bool under;                  /* its lines are behind another cause, which is told of */
};
struct effect {
	enum posting_kind kind;
	char account[RECORD_ID_MAX];
	char currency[8];
	struct decimal amount;
};
struct head {
	struct map acts, causes, effects; /* owned, and what is in them; found by their keys */
	int64_t same, writes;
};

struct head *plan_head_new(void)
{
	return memory_new(sizeof(struct head));
}

void plan_head_free(struct head *head)
{
	if (!head)
		return;
	map_clear(&head->acts, free);
	map_clear(&head->causes, free);
	map_clear(&head->effects, free);
	free(head);
}

static void add(struct decimal *to, struct decimal value)
{
	struct decimal sum;

	if (decimal_add(*to, value, &sum))
		*to = sum;
}

static void start(struct group *group, const struct plan_line *line, const struct resource_type *type)
{
	group->act = line->act;
	group->type = type;
	snprintf(group->currency, sizeof(group->currency), "%s", line->currency);
}

static void count(struct group *group, const struct plan_line *line)
{
	group->count++;
	if (line->has_total)
		add(&group->total, decimal_of(line->total, 6));
	if (line->has_tax)
		add(&group->tax, decimal_of(line->tax, 6));
}

/* A line that waits counts once, for each thing that holds it up. */
static struct cause *add_cause(struct head *head, const struct plan_line *line, const struct resource_type *type, enum plan_reason reason,
			       const char *text)
{
	struct cause *cause;
	char key[KEY_MAX];
	void **place;

	snprintf(key, sizeof(key), "%d %d %s %s", (int)line->act, (int)reason, line->currency, text);
	/* One that is known goes on being counted. */
	if (head->causes.count >= CAUSES_MAX && !map_get(&head->causes, key, strlen(key))) {
		text = "other causes";
		snprintf(key, sizeof(key), "%d %d %s %s", (int)line->act, (int)reason, line->currency, text);
	}
	place = map_place(&head->causes, key, strlen(key));
	if (!*place) {
		*place = cause = memory_new(sizeof(*cause));
		start(&cause->group, line, type);
		cause->reason = reason;
		snprintf(cause->text, sizeof(cause->text), "%.199s", text);
	}
	cause = *place;
	count(&cause->group, line);
	return cause;
}

void plan_head_behind(struct cause *root, struct cause *cause)
{
	root->behind++;
	if (cause && cause->reason == REASON_PARENT)
		cause->under = true;
}

static void add_effects(struct head *head, const struct plan_line *line, const struct translation *translation)
{
	for (size_t i = 0; i < translation->posting_count; i++) {
		const struct posting *posting = &translation->postings[i];
		struct effect *effect;
		char key[KEY_MAX];
		void **place;

		snprintf(key, sizeof(key), "%d %s %s", (int)posting->kind, posting->account, line->currency);
		place = map_place(&head->effects, key, strlen(key));
		effect = *place;
		if (!effect) {
			effect = memory_new(sizeof(*effect));
			*place = effect;
			effect->kind = posting->kind;
			snprintf(effect->account, sizeof(effect->account), "%s", posting->account);
			snprintf(effect->currency, sizeof(effect->currency), "%s", line->currency);
		}
		add(&effect->amount, posting->amount);
	}
}

void plan_head_same(struct head *head, const struct resource_type *type)
{
	(void)type;
	head->same++;
}

/* Documents that differ in number only are held up by the same cause. */
static bool is_own_cause(enum plan_reason reason)
{
	return reason == REASON_DUPLICATE || reason == REASON_CONFLICT || reason == REASON_GONE || reason == REASON_TOTAL ||
	       reason == REASON_TAX || reason == REASON_NAME_TAKEN || reason == REASON_APPROVAL || reason == REASON_REQUEST;
}

static const char *cause_text(enum plan_reason reason)
{
	static const char *const texts[REASON_COUNT] = {
		[REASON_DUPLICATE] = "something in the ledger has its name or number",
		[REASON_CONFLICT] = "both sides have changed it",
		[REASON_GONE] = "its record was deleted or made void in the ledger",
		[REASON_TOTAL] = "its own total is not what its lines come to",
		[REASON_TAX] = "the tax is not what the ledger computes",
		[REASON_NAME_TAKEN] = "its name is taken in another list",
		[REASON_APPROVAL] = "a new one is to be approved",
		[REASON_REQUEST] = "its sync request is held, was skipped, or asks for something else",
	};

	return texts[reason];
}

static void add_act(struct head *head, const struct plan_line *line, const struct resource_type *type)
{
	char key[KEY_MAX];
	void **place;

	snprintf(key, sizeof(key), "%d %s %s", (int)line->act, type->name, line->currency);
	place = map_place(&head->acts, key, strlen(key));
	if (!*place) {
		*place = memory_new(sizeof(struct group));
		start(*place, line, type);
	}
	count(*place, line);
}

struct cause *plan_head_add(struct head *head, const struct plan_line *line, const struct resource_type *type,
			    const struct translation *translation)
{
	struct cause *first;

	if (line->act == PLAN_SAME)
		head->same++;
	add_act(head, line, type);
	head->writes += plan_act_writes(line->act);
	if (line->act == PLAN_CREATE)
		add_effects(head, line, translation);
	if (!plan_act_waits(line->act) && line->act != PLAN_SKIP)
		return NULL;
	if (is_own_cause(line->reason))
		return add_cause(head, line, type, line->reason, cause_text(line->reason));
	first = add_cause(head, line, type, line->reason, line->why);
	for (size_t i = 0; plan_act_waits(line->act) && i < translation->obstacle_count; i++)
		if (strcmp(translation->obstacles[i].text, line->why) != 0)
			add_cause(head, line, type, translation->obstacles[i].reason, translation->obstacles[i].text);
	return first;
}

/* ---- as JSON */

static int by_act(const void *a, const void *b)
{
	const struct group *one = *(struct group *const *)a, *other = *(struct group *const *)b;

	if (one->act != other->act)
		return (int)one->act - (int)other->act;
	if (one->type->rank != other->type->rank)
		return one->type->rank - other->type->rank;
	if (one->type != other->type)
		return strcmp(one->type->name, other->type->name);
	return strcmp(one->currency, other->currency);
}

static int by_count(const void *a, const void *b)
{
	const struct cause *one = *(struct cause *const *)a, *other = *(struct cause *const *)b;

	if (one->group.count + one->behind != other->group.count + other->behind)
		return one->group.count + one->behind > other->group.count + other->behind ? -1 : 1;
	return strcmp(one->text, other->text) ? strcmp(one->text, other->text) : strcmp(one->group.currency, other->group.currency);
}

static int by_account(const void *a, const void *b)
{
	const struct effect *one = *(struct effect *const *)a, *other = *(struct effect *const *)b;

	if (one->kind != other->kind)
		return (int)one->kind - (int)other->kind;
	return strcmp(one->account, other->account) ? strcmp(one->account, other->account) : strcmp(one->currency, other->currency);
}

/* Owned: its values in order. */
static void **sorted(const struct map *map, int (*order)(const void *a, const void *b))
{
	void **values = memory_new((map->count + 1) * sizeof(*values));
	const struct map_entry *entry;
	size_t at = 0, count = 0;

	while ((entry = map_each(map, &at)))
		values[count++] = entry->value;
	qsort(values, count, sizeof(*values), order);
	return values;
}

static void add_money(struct str *out, const char *name, struct decimal value)
{
	char digits[DECIMAL_TEXT_MAX];
	struct decimal trimmed = decimal_money(value);

	str_addf(out, ",\"%s\":%s", name, decimal_format(trimmed, digits));
}

static void add_group(const struct group *group, struct str *out)
{
	str_addf(out, ",\"type\":\"%s\",\"currency\":", group->type->name);
	str_add_json(out, group->currency, strlen(group->currency));
	str_addf(out, ",\"count\":%lld", (long long)group->count);
	add_money(out, "total", group->total);
	add_money(out, "tax", group->tax);
}

static void add_acts(const struct head *head, struct str *out)
{
	AUTO(memory_freep) void **groups = sorted(&head->acts, by_act);

	for (size_t i = 0; i < head->acts.count; i++) {
		const struct group *group = groups[i];

		str_addf(out, "%s{\"act\":\"%s\"", i ? "," : "", plan_act_word(group->act));
		add_group(group, out);
		str_add_char(out, '}');
	}
}

static void add_causes(const struct head *head, struct str *out)
{
	AUTO(memory_freep) void **causes = sorted(&head->causes, by_count);

	for (size_t i = 0; i < head->causes.count; i++) {
		const struct cause *cause = causes[i];

		str_addf(out, "%s{\"act\":\"%s\",\"reason\":\"%s\",\"text\":", i ? "," : "", plan_act_word(cause->group.act),
			 plan_reason_word(cause->reason));
		str_add_json_cut(out, cause->text);
		add_group(&cause->group, out);
		str_addf(out, ",\"behind\":%lld,\"under\":%s}", (long long)cause->behind, cause->under ? "true" : "false");
	}
}

static void add_name(struct planner *planner, const struct effect *effect, struct str *out)
{
	const char *type = planner->push->target(TARGET_ACCOUNT);
	const struct known *known = *effect->account && type ? plan_record(planner, type, effect->account) : NULL;
	struct likeness likeness = { 0 };

	if (known && known->raw)
		planner->push->likeness(type, plan_slice(known), &likeness);
	str_add(out, ",\"name\":");
	if (*likeness.number)
		str_add_json_cut(out, likeness.number);
	else
		str_addf(out, "\"%s\"", posting_word(effect->kind));
}

static void add_facts(struct planner *planner, struct str *out)
{
	struct push_facts facts = planner->facts;

	facts.calls = plan_calls_end(planner->calls);
	str_addf(out, ",\"batches\":%lld,\"singles\":%lld,\"asks\":%lld,\"before_go_live\":%lld,\"closed\":%lld,\"new_lists\":%lld,\"needing\":%lld",
		 (long long)facts.calls.batches, (long long)facts.calls.singles, (long long)facts.calls.asks,
		 (long long)facts.before_go_live, (long long)facts.closed, (long long)facts.new_lists, (long long)facts.needing);
}

void plan_head_json(const struct head *head, struct planner *planner, struct str *out)
{
	AUTO(memory_freep) void **effects = sorted(&head->effects, by_account);

	str_add(out, "{\"acts\":[");
	add_acts(head, out);
	str_add(out, "],\"causes\":[");
	add_causes(head, out);
	str_add(out, "],\"effects\":[");
	for (size_t i = 0; i < head->effects.count; i++) {
		const struct effect *effect = effects[i];

		str_addf(out, "%s{\"kind\":\"%s\",\"account\":", i ? "," : "", posting_word(effect->kind));
		str_add_json(out, effect->account, strlen(effect->account));
		add_name(planner, effect, out);
		str_add(out, ",\"currency\":");
		str_add_json(out, effect->currency, strlen(effect->currency));
		add_money(out, "amount", effect->amount);
		str_add_char(out, '}');
	}
	str_addf(out, "],\"same\":%lld,\"writes\":%lld", (long long)head->same, (long long)head->writes);
	add_facts(planner, out);
	str_add_char(out, '}');
}

bool plan_number(struct json_slice value, uint8_t scale, int64_t *ret_number)
{
	struct decimal number;

	if (value.kind != JSON_NUMBER || !decimal_parse(value.text, value.len, &number) || !decimal_round(number, scale, &number))
		return false;
	*ret_number = number.digits;
	return true;
}
