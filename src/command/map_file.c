/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `map --export` and `map --import`: an account's rules as a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/map.h"
#include "ledgerdeck/model/mapping_file.h"
#include "ledgerdeck/sync/mapping.h"
#include "verbs.h"

/* ---- out */

static const struct printer_column rule_columns[] = {
	{ "target", false }, { "code", false }, { "id", false }, { "number", false }, { "name", false }, { NULL, false },
};

struct writing {
	const struct printer *printer; /* NULL: into the file */
	struct str file;             /* owned */
	bool json;
	int64_t count;
};

static bool write_rule(void *ctx, const struct mapping *mapping)
{
	struct writing *writing = ctx;
	const struct printer *printer = writing->printer;
	struct mapping_row row = { .target = target_word(mapping->target), .code = mapping->code, .id = mapping->record_id,
				   .number = mapping->number, .name = mapping->name };

	if (!printer) {
		mapping_file_add(writing->json, writing->count++ == 0, &row, &writing->file);
		return true;
	}
	printer->row(printer->ctx);
	printer->text(printer->ctx, "target", row.target);
	printer->text(printer->ctx, "code", row.code);
	printer->text(printer->ctx, "id", row.id);
	printer->text(printer->ctx, "number", row.number);
	printer->text(printer->ctx, "name", row.name);
	return true;
}

static bool write_file(struct app *app, const char *account_id, const char *path, bool replace, struct writing *writing, struct error *err)
{
	const char *end = strrchr(path, '.');

	writing->json = end && strcasecmp(end, ".json") == 0;
	if (!replace && file_exists(path))
		return error_set(err, ERROR_INPUT, "'%.200s' is there already; --force replaces it", path);
	mapping_file_begin(writing->json, &writing->file);
	if (!mappings_all(app->store, account_id, write_rule, writing, err))
		return false;
	mapping_file_end(writing->json, &writing->file);
	return file_write(path, writing->file.text, writing->file.len, 0, err);
}

enum command_exit verb_map_export(struct app *app, const char *account_id, const char *path, bool replace, const struct printer *printer,
				  struct error *err)
{
	struct writing writing = { .file = STR_INIT(STR_NO_LIMIT) };
	bool good;

	if (strcmp(path, "-") == 0) {
		writing.printer = printer;
		printer->begin(printer->ctx, "rules", rule_columns);
		good = mappings_all(app->store, account_id, write_rule, &writing, err);
		if (good)
			printer->end(printer->ctx);
		return good ? EXIT_DONE : verb_failed(err);
	}
	good = write_file(app, account_id, path, replace, &writing, err);
	str_clear(&writing.file);
	if (!good)
		return verb_failed(err);
	verb_note(printer, "%lld rule%s in '%.200s'.", (long long)writing.count, writing.count == 1 ? "" : "s", path);
	return EXIT_DONE;
}

/* ---- in */

static const struct printer_column import_columns[] = {
	{ "line", false }, { "target", false }, { "code", false }, { "what", false }, { "record", false }, { "name", false },
	{ "before", false }, { "why", false }, { NULL, false },
};

struct reading {
	struct app *app;
	const struct printer *printer;
	const char *account_id;
	struct mapper *mapper;       /* borrowed */
	struct mapping *rules;       /* owned: to be saved */
	size_t count, room;
	struct map seen;             /* owned: "TARGET KEY" to the line it came on */
	struct map codes;            /* owned: "TARGET KEY" to what the documents use */
	int64_t refused;
	struct error error;
};

static void print_rule(const struct reading *reading, const struct mapping_row *row, const char *what, const struct mapper_candidate *to,
		       const char *before, const char *why)
{
	const struct printer *printer = reading->printer;

	printer->row(printer->ctx);
	printer->number(printer->ctx, "line", (int64_t)row->line);
	printer->text(printer->ctx, "target", row->target);
	printer->text(printer->ctx, "code", row->code);
	printer->text(printer->ctx, "what", what);
	verb_text(printer, "record", to ? to->record_id : "");
	verb_text(printer, "name", to ? to->name : "");
	verb_text(printer, "before", before);
	verb_text(printer, "why", why);
}

static bool refuse(struct reading *reading, const struct mapping_row *row, const char *why)
{
	reading->refused++;
	print_rule(reading, row, "refused", NULL, "", why);
	return true;
}

static void add_key(enum target target, const char *code, struct str *out)
{
	str_addf(out, "%d ", (int)target);
	mapping_key(code, strlen(code), out);
}

/* Where the code came before; 0: it didn't, and is noted. */
static size_t came_on(struct reading *reading, enum target target, const struct mapping_row *row)
{
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);
	void **place;

	add_key(target, row->code, &key);
	place = map_place(&reading->seen, key.text, key.len);
	if (*place)
		return *(size_t *)*place;
	*place = memory_new(sizeof(row->line));
	*(size_t *)*place = row->line;
	return 0;
}

static bool is_said(const char *said, const char *own)
{
	return *said && strcasecmp(said, own) == 0;
}

/* An id is of one account: it counts where the record has the number or name that stands beside it, or nothing does. */
static bool find_by_id(struct reading *reading, enum target target, const struct mapping_row *row, struct mapper_candidate *ret_candidate,
		       bool *ret_found, struct error *err)
{
	const struct mapper_candidate *items;
	size_t count;

	*ret_found = false;
	if (!*row->id)
		return true;
	if (!mapper_candidates(reading->mapper, target, &items, &count, err))
		return false;
	for (size_t i = 0; i < count && !*ret_found; i++)
		if (strcmp(items[i].record_id, row->id) == 0 &&
		    ((!*row->number && !*row->name) || is_said(row->number, items[i].number) || is_said(row->name, items[i].name))) {
			*ret_candidate = items[i];
			*ret_found = true;
		}
	return true;
}

/* False: there is none, `why` says so, or (an error of another kind) the store failed. */
static bool find_record(struct reading *reading, enum target target, const struct mapping_row *row, struct mapper_candidate *ret_candidate,
			struct error *why)
{
	bool found;

	if (!find_by_id(reading, target, row, ret_candidate, &found, why))
		return false;
	if (!found && !*row->number && !*row->name)
		return error_set(why, ERROR_INPUT, "the ledger has no %s with the id '%.40s'", target_title(target), row->id);
	return found || (*row->number && mapper_find(reading->mapper, target, row->number, ret_candidate, NULL)) ||
	       mapper_find(reading->mapper, target, *row->name ? row->name : row->number, ret_candidate, why);
}

static bool note_codes(struct reading *reading, struct error *err)
{
	const struct mapper_code *codes;
	size_t count;

	if (!mapper_codes(reading->mapper, TARGET_NONE, reading->app->cancel, &codes, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);

		add_key(codes[i].target, codes[i].code, &key);
		*map_place(&reading->codes, key.text, key.len) = memory_copy((const char *)&codes[i], sizeof(codes[i]));
	}
	return true;
}

/* Active, and of the right kind where documents use the code. False: `ret_why` says why not; empty: the store failed. */
static bool can_stand(struct reading *reading, enum target target, const char *code, struct mapper_candidate *to, char *ret_why, size_t size)
{
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);
	const struct mapper_code *used;

	*ret_why = '\0';
	if (!to->active) {
		snprintf(ret_why, size, "%s '%.60s' is inactive in the ledger", target_title(target), to->name);
		return false;
	}
	add_key(target, code, &key);
	used = map_get(&reading->codes, key.text, key.len);
	if (!used)
		return true;
	if (!mapper_judge(reading->mapper, used, to, 1, &reading->error))
		return false;
	if (!to->fits)
		snprintf(ret_why, size, "%s '%.60s' can't be used as %.40s: %.80s", target_title(target), to->name, used->field, to->why);
	return to->fits;
}

static const char *what_of(const struct mapping *before, bool found, const char *record_id)
{
	if (!found)
		return *record_id ? "new" : "same";
	if (!*record_id)
		return "removed";
	return strcmp(before->record_id, record_id) == 0 ? "same" : "changed";
}

static bool keep_rule(struct reading *reading, const struct mapping_row *row, enum target target, const struct mapper_candidate *to)
{
	struct mapping *rule, before;
	bool found;

	if (!mappings_get(reading->app->store, reading->account_id, target, row->code, &before, &found, &reading->error))
		return false;
	memory_grow(&reading->rules, &reading->room, reading->count + 1, sizeof(*reading->rules));
	rule = &reading->rules[reading->count++];
	*rule = (struct mapping){ .target = target };
	snprintf(rule->code, sizeof(rule->code), "%s", row->code);
	if (to) {
		snprintf(rule->record_id, sizeof(rule->record_id), "%s", to->record_id);
		snprintf(rule->name, sizeof(rule->name), "%s", to->name);
		snprintf(rule->number, sizeof(rule->number), "%s", to->number);
	}
	print_rule(reading, row, what_of(&before, found, rule->record_id), to, found ? before.name : "", "");
	return true;
}

static bool take_row(void *ctx, const struct mapping_row *row)
{
	struct reading *reading = ctx;
	struct mapper_candidate to;
	struct error why = { 0 };
	enum target target;
	size_t line;
	char text[240];

	if (!target_parse(row->target, &target) || target == TARGET_NONE || target >= TARGET_MAPPED_COUNT)
		return refuse(reading, row, "nothing is mapped to such a target");
	if (strlen(row->code) >= MAPPING_CODE_MAX)
		return refuse(reading, row, "the code is too long");
	line = came_on(reading, target, row);
	snprintf(text, sizeof(text), "this code came on line %zu already", line);
	if (line)
		return refuse(reading, row, text);
	if (!*row->id && !*row->number && !*row->name)
		return keep_rule(reading, row, target, NULL);
	if (!find_record(reading, target, row, &to, &why)) {
		if (why.code == ERROR_INPUT)
			return refuse(reading, row, why.text);
		reading->error = why;
		return false;
	}
	if (can_stand(reading, target, row->code, &to, text, sizeof(text)))
		return keep_rule(reading, row, target, &to);
	return *text && refuse(reading, row, text);
}

static bool save(struct reading *reading, const char *path, struct error *err)
{
	struct app *app = reading->app;
	int64_t changed;
	char what[120];

	snprintf(what, sizeof(what), "imported from %.90s", strcmp(path, "-") == 0 ? "a pipe" : path);
	if (!app_store(app, true, err) ||
	    !mapping_save(app->store, reading->account_id, reading->rules, reading->count, app->who, what, verb_now(app), &changed, err))
		return false;
	verb_note(reading->printer, "%lld rule%s changed, %lld refused.", (long long)changed, changed == 1 ? "" : "s",
		  (long long)reading->refused);
	return changed == 0 || verb_replan(app, reading->account_id, reading->printer, err);
}

static bool carry_out(struct reading *reading, const char *path, bool writes, struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT(MAPPING_FILE_MAX);
	struct mapper_effect effect;

	if (!verb_read(path, MAPPING_FILE_MAX, &text, err) || !note_codes(reading, err))
		return false;
	reading->printer->begin(reading->printer->ctx, "import", import_columns);
	if (!mapping_file_read(text.text, text.len, take_row, reading, err))
		return false;
	if (reading->error.code != ERROR_NONE) {
		*err = reading->error;
		return false;
	}
	reading->printer->end(reading->printer->ctx);
	if (writes)
		return save(reading, path, err);
	if (!mapper_effect(reading->mapper, reading->rules, reading->count, reading->app->cancel, &effect, err))
		return false;
	verb_note(reading->printer, "%zu rule%s read, %lld refused. Documents that they would free: %lld%s%s; move: %lld%s%s. Nothing was kept: "
		  "with --write it is.", reading->count, reading->count == 1 ? "" : "s", (long long)reading->refused, (long long)effect.frees, *effect.freed ? ", " : "",
		  effect.freed, (long long)effect.moves, *effect.moved ? ", " : "", effect.moved);
	return true;
}

enum command_exit verb_map_import(struct app *app, const char *account_id, struct mapper *mapper, const char *path, bool writes,
				  const struct printer *printer, struct error *err)
{
	struct reading reading = { .app = app, .printer = printer, .account_id = account_id, .mapper = mapper };
	bool good = carry_out(&reading, path, writes, err);

	free(reading.rules);
	map_clear(&reading.seen, free);
	map_clear(&reading.codes, free);
	if (!good)
		return verb_failed(err);
	if (reading.refused == 0)
		return EXIT_DONE;
	return writes && reading.count > 0 ? EXIT_PARTLY : EXIT_PERSON;
}
