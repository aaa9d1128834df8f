/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers for a translation: what a code stands for, and the mirror's records. A code is looked for among the links of the
 * organization's own resources first, then among the account's rules, then there may be a default. Nothing is guessed.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "plan.h"

/* ---- records */

const struct object *plan_object(struct planner *planner, const char *type)
{
	void **place = map_place(&planner->objects, type, strlen(type));
	struct object *object = *place;
	bool found = false;

	if (object)
		return object->no ? object : NULL;
	object = memory_new(sizeof(*object));
	*place = object;
	if (planner->error.code == ERROR_NONE && !objects_get(planner->store, planner->account.id, type, object, &found, &planner->error))
		found = false;
	if (!found)
		object->no = 0;
	return found ? object : NULL;
}

static bool take_first(void *ctx, const struct record_row *row, const char *raw, size_t len)
{
	struct known *known = ctx;

	known->raw = memory_copy(raw, len);
	known->len = len;
	known->state = row->state;
	snprintf(known->version, sizeof(known->version), "%s", row->version);
	return false;
}

static bool load(struct planner *planner, const struct object *object, const struct type *type, const char *id, struct known *known)
{
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT), texts = STR_INIT(STR_NO_LIMIT);
	struct record_row row;
	bool found;

	if (!*id)
		return records_raw(planner->store, object, "", take_first, known, &planner->error);
	if (!records_get(planner->store, object, type, id, &row, &raw, &texts, &found, &planner->error))
		return false;
	if (found)
		take_first(known, &row, raw.text, raw.len);
	return true;
}

const struct known *plan_record(struct planner *planner, const char *type_name, const char *id)
{
	char key[RECORD_ID_MAX + 80];
	size_t len = (size_t)snprintf(key, sizeof(key), "%s %s", type_name, id);
	void **place = map_place(&planner->records, key, len < sizeof(key) ? len : sizeof(key) - 1);
	const struct object *object = plan_object(planner, type_name);
	const struct type *type = catalogue_find(planner->catalogue, planner->provider->name, type_name);
	struct known *known = *place;

	if (known)
		return known;
	known = memory_new(sizeof(*known));
	*place = known;
	if (object && type && planner->error.code == ERROR_NONE && !load(planner, object, type, id, known))
		return NULL;
	return known;
}

struct json_slice plan_slice(const struct known *known)
{
	return (struct json_slice){ .text = known->raw, .len = known->len, .kind = known->raw ? JSON_OBJECT : JSON_NONE };
}

/* What is still to be created is as good as there: its body stands for its record. */
static const struct known *pending(struct planner *planner, const char *type, const char *id)
{
	char key[RECORD_ID_MAX + 80], resource_id[RESOURCE_ID_MAX];
	size_t len = (size_t)snprintf(key, sizeof(key), "%s %s", type, id);
	void **place = map_place(&planner->records, key, len < sizeof(key) ? len : sizeof(key) - 1);
	const struct outcome *outcome;
	struct resource resource;
	struct known *known = *place;
	bool found;

	if (known)
		return known;
	known = memory_new(sizeof(*known));
	*place = known;
	snprintf(resource_id, sizeof(resource_id), "%.*s", (int)strcspn(id + 1, "@"), id + 1);
	if (!resources_by_id(planner->store, resource_id, &resource, &found, &planner->error) || !found)
		return known;
	outcome = map_get(&planner->outcomes, &resource.no, sizeof(resource.no));
	if (outcome && outcome->body) {
		known->raw = memory_copy_text(outcome->body);
		known->len = strlen(outcome->body);
	}
	return known;
}

const struct known *plan_target(struct planner *planner, const char *type, const char *id)
{
	return *id == '@' ? pending(planner, type, id) : plan_record(planner, type, id);
}

bool desk_record(void *ctx, const char *type, const char *id, struct json_slice *ret_raw)
{
	struct bench *bench = ctx;
	const struct known *known = plan_target(bench->planner, type, id);

	if (!known || !known->raw || known->state == RECORD_DELETED)
		return false;
	*ret_raw = plan_slice(known);
	return true;
}

/* ---- rates */

bool desk_rate(void *ctx, const char *currency, struct date day, struct decimal *ret_rate, struct date *ret_from, char *ret_why)
{
	const struct bench *bench = ctx;
	const struct rate *first, *found = rates_find(&bench->planner->rates, currency, day, &first);
	char text[DATE_TEXT_MAX];

	if (found) {
		*ret_rate = found->rate;
		*ret_from = found->from;
		return true;
	}
	if (first)
		snprintf(ret_why, 160, "the table of exchange rates has %.7s from %s on only; 'ledgerdeck rates' takes in what is missing", currency,
			 date_format(first->from, text));
	else
		snprintf(ret_why, 160, "the table of exchange rates has no %.7s; 'ledgerdeck rates' takes in what is missing", currency);
	return false;
}

/* ---- codes */

static const struct mapping *rule_of(struct planner *planner, enum target target, const char *code, size_t len)
{
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);

	str_addf(&key, "%d ", (int)target);
	mapping_key(code, len, &key);
	return map_get(&planner->rules, key.text, key.len);
}

static void bad(struct code_answer *answer, enum plan_reason reason, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void bad(struct code_answer *answer, enum plan_reason reason, const char *format, ...)
{
	va_list args;

	answer->state = CODE_IS_BAD;
	answer->reason = reason;
	va_start(args, format);
	vsnprintf(answer->why, sizeof(answer->why), format, args);
	va_end(args);
}

/* Is what it stands for still there? */
static void check_alive(struct planner *planner, enum target target, const char *code, struct code_answer *answer)
{
	const char *type = planner->push->target(target);
	const struct known *known = type ? plan_record(planner, type, answer->id) : NULL;

	if (!known)
		return;
	if (!known->raw)
		bad(answer, REASON_TARGET, "%s '%.40s' stands for %s %.20s, which is not in the mirror", target_title(target), code, type, answer->id);
	else if (known->state == RECORD_DELETED)
		bad(answer, REASON_TARGET, "%s '%.40s' stands for %s %.20s, which is gone", target_title(target), code, type, answer->id);
	else if (known->state == RECORD_INACTIVE)
		bad(answer, REASON_TARGET, "%s '%.40s' stands for %.40s, which is inactive", target_title(target), code,
		    *answer->name ? answer->name : answer->id);
}

static void by_rule(struct planner *planner, enum target target, const char *code, const struct mapping *rule,
		    struct code_answer *answer)
{
	answer->state = *rule->code ? CODE_IS_MAPPED : CODE_IS_DEFAULT;
	snprintf(answer->id, sizeof(answer->id), "%s", rule->record_id);
	snprintf(answer->name, sizeof(answer->name), "%s", rule->name);
	snprintf(answer->by, sizeof(answer->by), "%s %lld", *rule->code ? "rule" : "default", (long long)rule->version);
	check_alive(planner, target, code, answer);
}

/* A resource of the organization that has this external id: where it is, or will be. False: there is none. */
static bool by_resource(struct planner *planner, const struct resource_type *type, const char *code, bool plan,
			struct code_answer *answer)
{
	struct resource resource;
	const struct outcome *outcome;
	struct link link;
	bool found;

	if (planner->error.code != ERROR_NONE ||
	    !resources_get(planner->store, planner->organization, type, code, &resource, NULL, &found, &planner->error) || !found)
		return false;
	if (!links_get(planner->store, planner->account.id, resource.no, &link, NULL, &found, &planner->error))
		return false;
	snprintf(answer->name, sizeof(answer->name), "%s", resource.summary.number);
	snprintf(answer->by, sizeof(answer->by), "link");
	answer->state = CODE_IS_LINKED;
	if (found && *link.record_id) {
		snprintf(answer->id, sizeof(answer->id), "%s", link.record_id);
		check_alive(planner, type->target, code, answer);
		return true;
	}
	if (!plan)
		return false;
	outcome = plan_resource(planner, resource.no);
	if (!outcome)
		return true;
	if (!outcome->settled) {
		bad(answer, REASON_PARENT, "%s '%.40s' points to itself in a circle", type->title, code);
	} else if (*outcome->record_id) {
		snprintf(answer->id, sizeof(answer->id), "%s", outcome->record_id);
	} else if (outcome->act == PLAN_CREATE) {
		snprintf(answer->id, sizeof(answer->id), "@%s@", resource.id);
		answer->needs = resource.no;
	} else {
		answer->awaits = resource.no;
		bad(answer, REASON_PARENT, "%s '%.40s' is not in the ledger yet: %s", type->title, code,
		    outcome->act == PLAN_DECIDE ? "it waits for a decision" : outcome->act == PLAN_SKIP ? "it is left out" : "it is blocked");
	}
	return true;
}

static bool by_this_number(struct planner *planner, enum target target, const char *code, struct code_answer *answer)
{
	char ids[NAMES_FOUND_MAX][RECORD_ID_MAX];
	const char *type = planner->push->target(target);
	const struct known *known;
	size_t count = type ? plan_names(planner, type, code, ids) : 0, alive = 0;

	for (size_t i = 0; i < count; i++) {
		known = plan_record(planner, type, ids[i]);
		if (!known || !known->raw || known->state == RECORD_DELETED)
			continue;
		alive++;
		snprintf(answer->id, sizeof(answer->id), "%s", ids[i]);
	}
	if (alive > 1)
		bad(answer, REASON_PARENT, "%zu %ss in the ledger have the number '%.40s'", alive, target_title(target), code);
	else if (alive == 1)
		answer->state = CODE_IS_OWN;
	snprintf(answer->by, sizeof(answer->by), "number");
	return alive > 0;
}

/* A document may also be named by its number: as the policy writes it into the ledger, else as somebody else has. */
static bool by_number(struct planner *planner, enum target target, const char *code, struct code_answer *answer)
{
	AUTO(str_clear) struct str number = STR_INIT(STR_NO_LIMIT);

	policy_number(&planner->policies, resource_type_of(target), code, &number);
	return by_this_number(planner, target, number.text, answer) ||
	       (strcmp(number.text, code) != 0 && by_this_number(planner, target, code, answer));
}

/* A currency is its own code everywhere. */
static bool by_itself(const char *code, size_t len, struct code_answer *answer)
{
	if (len != 3 || !isalpha((unsigned char)code[0]) || !isalpha((unsigned char)code[1]) || !isalpha((unsigned char)code[2]))
		return false;
	for (size_t i = 0; i < len; i++)
		answer->id[i] = (char)toupper((unsigned char)code[i]);
	answer->id[len] = '\0';
	answer->state = CODE_IS_OWN;
	snprintf(answer->by, sizeof(answer->by), "itself");
	return true;
}

static void find_code(struct planner *planner, enum target target, const char *code_text, size_t len, bool plan,
		      struct code_answer *answer)
{
	AUTO(memory_freep) char *code = memory_copy(code_text, len);
	const struct resource_type *type = resource_type_of(target);
	const struct mapping *rule;

	*answer = (struct code_answer){ .state = CODE_IS_UNKNOWN };
	if (len > 0 && type && by_resource(planner, type, code, plan, answer))
		return;
	rule = len > 0 ? rule_of(planner, target, code, len) : NULL;
	if (rule) {
		by_rule(planner, target, code, rule, answer);
		return;
	}
	if (len > 0 && target >= TARGET_MAPPED_COUNT && by_number(planner, target, code, answer))
		return;
	if (len > 0 && target == TARGET_CURRENCY && by_itself(code, len, answer))
		return;
	rule = rule_of(planner, target, "", 0);
	if (rule) {
		by_rule(planner, target, code, rule, answer);
		return;
	}
	answer->reason = target < TARGET_MAPPED_COUNT ? REASON_UNMAPPED : REASON_TARGET;
	snprintf(answer->why, sizeof(answer->why), target < TARGET_MAPPED_COUNT ? "%s '%.60s' is not mapped" : "%s '%.60s' is not known",
		 target_title(target), code);
}

/* Codes are few and documents are many: within a plan what a code stands for does not change once it is settled. */
void desk_find(struct planner *planner, enum target target, const char *code, size_t len, bool plan, struct code_answer *answer)
{
	char key[RESOURCE_EXTERNAL_MAX + 16];
	size_t key_len = (size_t)snprintf(key, sizeof(key), "%d %.*s", (int)target, (int)len, code);
	struct code_answer *known;

	if (!plan || target >= TARGET_MAPPED_COUNT || key_len >= sizeof(key)) {
		find_code(planner, target, code, len, plan, answer);
		return;
	}
	known = map_get(&planner->answers, key, key_len);
	if (known) {
		*answer = *known;
		return;
	}
	find_code(planner, target, code, len, plan, answer);
	if (answer->state == CODE_IS_BAD && answer->reason == REASON_PARENT)
		return;
	known = memory_new(sizeof(*known));
	*known = *answer;
	*map_place(&planner->answers, key, key_len) = known;
}

/* ---- the desk of one translation */

void bench_clear(struct bench *bench)
{
	free(bench->codes);
	free(bench->needs);
	free(bench->awaits);
	*bench = (struct bench){ .planner = bench->planner };
}

static void note_code(struct bench *bench, enum target target, const char *code, size_t len, const struct code_answer *answer)
{
	struct used_code *used;
	char text[MAPPING_CODE_MAX];

	snprintf(text, sizeof(text), "%.*s", (int)(len < sizeof(text) ? len : sizeof(text) - 1), code);
	for (size_t i = 0; i < bench->code_count; i++)
		if (bench->codes[i].target == target && strcmp(bench->codes[i].code, text) == 0)
			return;
	if (bench->code_count == USED_CODES_MAX)
		return;
	memory_grow(&bench->codes, &bench->code_room, bench->code_count + 1, sizeof(*bench->codes));
	used = &bench->codes[bench->code_count++];
	*used = (struct used_code){ .target = target };
	snprintf(used->code, sizeof(used->code), "%s", text);
	snprintf(used->id, sizeof(used->id), "%s", answer->id);
	snprintf(used->name, sizeof(used->name), "%s", answer->name);
	snprintf(used->by, sizeof(used->by), "%s", answer->by);
}

/* Each once. */
static void note_resource(int64_t resource, int64_t **items, size_t *count, size_t *room)
{
	for (size_t i = 0; i < *count; i++)
		if ((*items)[i] == resource)
			return;
	memory_grow(items, room, *count + 1, sizeof(**items));
	(*items)[(*count)++] = resource;
}

/* Once for each of its words. */
static void note_obstacle(struct bench *bench, enum plan_reason reason, const char *text)
{
	const struct translation *translation = bench->translation;

	for (size_t i = 0; i < translation->obstacle_count; i++)
		if (strcmp(translation->obstacles[i].text, text) == 0)
			return;
	translation_obstacle(bench->translation, reason, "%s", text);
}

bool desk_code(void *ctx, const struct resource_field *field, bool line, const char *code, size_t len, char *ret_id)
{
	struct bench *bench = ctx;
	struct planner *planner = bench->planner;
	const struct code_answer nothing = { .state = CODE_IS_UNKNOWN };
	struct code_answer answer;
	struct json_slice raw;
	const char *type = planner->push->target(field->target);
	char why[200], text[240];

	*ret_id = '\0';
	desk_find(planner, field->target, code, len, true, &answer);
	if (len == 0 && answer.state == CODE_IS_UNKNOWN)
		return false;
	if (answer.state == CODE_IS_BAD || answer.state == CODE_IS_UNKNOWN) {
		if (answer.awaits)
			note_resource(answer.awaits, &bench->awaits, &bench->await_count, &bench->await_room);
		note_obstacle(bench, answer.reason, answer.why);
		note_code(bench, field->target, code, len, &nothing);
		return false;
	}
	if (type && field->target != TARGET_CURRENCY && desk_record(ctx, type, answer.id, &raw) &&
	    !planner->push->fits(&planner->company, bench->type, field, line, raw, why)) {
		snprintf(text, sizeof(text), "%s '%.40s' can't be used: %.120s", target_title(field->target), len > 0 ? code : answer.name, why);
		note_obstacle(bench, REASON_TARGET, text);
		note_code(bench, field->target, code, len, &nothing);
		return false;
	}
	if (answer.needs)
		note_resource(answer.needs, &bench->needs, &bench->need_count, &bench->need_room);
	note_code(bench, field->target, code, len, &answer);
	snprintf(ret_id, RECORD_ID_MAX, "%s", answer.id);
	return true;
}
