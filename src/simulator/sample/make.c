/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hands of the sample: writing records and JSON text, moving the clock, picking by chance. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/draft.h"
#include "quickbooks/write.h"
#include "quickbooks/zone.h"
#include "sample/sample_impl.h"

struct record *sample_add(struct sample *sample, const char *entity, struct str *form)
{
	struct record *record = write_sample(sample->company, entity, form->text);

	str_reset(form);
	return record;
}

struct record *sample_change(struct sample *sample, struct record *record, const char *members)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	str_addf(&form, "{\"Id\":\"%s\",\"SyncToken\":\"%d\",\"sparse\":true,%s}", record->id,
		 (int)record->sync_token, members);
	return write_sample(sample->company, record->entity->name, form.text);
}

static void run(struct sample *sample, struct record *record, enum write_operation operation)
{
	static const struct write_options options = { .allow_duplicate_number = true };
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	json_object *sent = json_object_new_object();
	struct fault fault = { 0 };
	char token[16];

	snprintf(token, sizeof(token), "%d", (int)record->sync_token);
	object_set_text(sent, "Id", record->id);
	object_set_text(sent, "SyncToken", token);
	if (!write_run(sample->company, record->entity, operation, sent, &options, &out, &fault)) {
		fprintf(stderr, "sample data is refused: %s %s: %d %s\n", record->entity->name,
			record->id, fault.code, fault.detail);
		abort();
	}
	json_object_put(sent);
}

void sample_void(struct sample *sample, struct record *record)
{
	run(sample, record, WRITE_VOID);
}

void sample_delete(struct sample *sample, struct record *record)
{
	run(sample, record, WRITE_DELETE);
}

void sample_tick(struct sample *sample, int64_t seconds)
{
	struct company *company = sample->company;

	company->loading_ms += seconds * 1000;
	if (company->loading_ms > sample->end_ms)
		company->loading_ms = sample->end_ms;
}

void sample_plan(struct sample *sample, int days, struct record *record,
		 void (*what)(struct sample *sample, struct record *record))
{
	memory_grow(&sample->plans, &sample->plan_room, sample->plan_count + 1,
		    sizeof(*sample->plans));
	sample->plans[sample->plan_count++] = (struct sample_plan){ .day = sample->today.day + days,
								    .record = record,
								    .run = what };
}

int sample_chance(struct sample *sample, int limit)
{
	return (int)random_below(&sample->company->random, (uint64_t)limit);
}

bool sample_percent(struct sample *sample, int percent)
{
	return sample_chance(sample, 100) < percent;
}

void sample_list_add(struct sample_list *list, struct record *record)
{
	memory_grow(&list->records, &list->room, list->count + 1, sizeof(struct record *));
	list->records[list->count++] = record;
}

struct record *sample_pick(struct sample *sample, const struct sample_list *list)
{
	return list->count ? list->records[sample_chance(sample, (int)list->count)] : NULL;
}

void sample_text(const struct record *record, const char *path, struct str *out)
{
	struct json_slice slice = json_find(record->text, record->len, path);

	str_reset(out);
	if (slice.kind == JSON_STRING)
		json_unquote(slice, out);
}

bool sample_has(const struct record *record, const char *path, const char *text)
{
	return json_equals(json_find(record->text, record->len, path), text);
}

int64_t sample_cents(const struct record *record, const char *path)
{
	struct json_slice slice = json_find(record->text, record->len, path);
	struct decimal value;

	if (slice.kind != JSON_NUMBER || !decimal_parse(slice.text, slice.len, &value) ||
	    !decimal_round(value, 2, &value))
		return 0;
	return value.digits;
}

struct record *sample_target(struct sample *sample, const struct record *record,
			     const char *reference, const char *entity)
{
	AUTO(str_clear) struct str id = STR_INIT(ID_MAX);
	char path[64];

	snprintf(path, sizeof(path), "%s.value", reference);
	sample_text(record, path, &id);
	return id.len ? company_get(sample->company, entity, id.text) : NULL;
}

struct date sample_day(const struct sample *sample, int days)
{
	return (struct date){ company_today(sample->company).day + days };
}

/* ---- JSON text */

static void comma(struct str *form)
{
	char last = form->len ? form->text[form->len - 1] : '[';

	if (last != '{' && last != '[' && last != ':')
		str_add_char(form, ',');
}

static void name_member(struct str *form, const char *name)
{
	comma(form);
	str_addf(form, "\"%s\":", name);
}

void form_open(struct str *form)
{
	comma(form);
	str_add_char(form, '{');
}

void form_open_member(struct str *form, const char *name, char bracket)
{
	name_member(form, name);
	str_add_char(form, bracket);
}

void form_close(struct str *form, char bracket)
{
	str_add_char(form, bracket);
}

void form_text(struct str *form, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	name_member(form, name);
	str_add_json(form, text, strlen(text));
}

void form_raw(struct str *form, const char *name, const char *json)
{
	name_member(form, name);
	str_add(form, json);
}

void form_ref(struct str *form, const char *name, const struct record *record)
{
	if (!record)
		return;
	name_member(form, name);
	str_addf(form, "{\"value\":\"%s\"}", record->id);
}

void form_date(struct str *form, const char *name, struct date date)
{
	char text[DATE_TEXT_MAX];

	form_text(form, name, date_format(date, text));
}

void form_cents(struct str *form, const char *name, int64_t cents)
{
	char text[DECIMAL_TEXT_MAX];

	form_raw(form, name, decimal_format(decimal_of(cents, 2), text));
}
