/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `objects`: records of one type in one account, as a table: filtered, sorted, with the columns that are wanted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/command/then.h"
#include "verbs.h"

enum own { OWN_ID, OWN_TITLE, OWN_STATE, OWN_VERSION, OWN_CHANGED, OWN_SEEN, OWN_COUNT };
static const char *const own_names[OWN_COUNT] = { "id", "title", "state", "version", "changed_at", "seen_at" };

#define COLUMNS_MAX (OWN_COUNT + TYPE_FIELDS_MAX)

struct table {
	const struct type *type;
	const struct printer *printer;
	enum personal personal;
	struct printer_column columns[COLUMNS_MAX + 1];
	int sources[COLUMNS_MAX];      /* an own column, or OWN_COUNT and the field's index */
	size_t count;
	struct str text;               /* owned: a cell on its way out */
};

static void table_clear(struct table *table)
{
	str_clear(&table->text);
}

static void add_column(struct table *table, int source, bool detail)
{
	const char *name = source < OWN_COUNT ? own_names[source] : table->type->fields[source - OWN_COUNT].name;

	table->columns[table->count] = (struct printer_column){ name, detail };
	table->sources[table->count++] = source;
	table->columns[table->count] = (struct printer_column){ NULL, false };
}

/* All of them; people see id, title and what the catalogue lists. */
static void add_usual(struct table *table)
{
	const struct type *type = table->type;
	bool title_listed = false;

	for (size_t i = 0; i < type->field_count; i++)
		title_listed = title_listed || (type->fields[i].listed && strcmp(type->fields[i].path, type->title) == 0);
	add_column(table, OWN_ID, false);
	add_column(table, OWN_TITLE, title_listed || !*type->title);
	for (size_t i = 0; i < type->field_count; i++)
		add_column(table, OWN_COUNT + (int)i, !type->fields[i].listed);
	add_column(table, OWN_STATE, false);
	add_column(table, OWN_VERSION, true);
	add_column(table, OWN_CHANGED, true);
	add_column(table, OWN_SEEN, true);
}

/* A column by the name that a person types; -1 with an error: there is none. */
static int find_column(const struct type *type, const char *name, struct error *err)
{
	AUTO(str_clear) struct str all = STR_INIT(150);
	const struct type_field *field = type_field(type, name);

	if (field)
		return OWN_COUNT + (int)(field - type->fields);
	for (int i = 0; i < OWN_COUNT; i++) {
		size_t len = strcspn(own_names[i], "_");

		/* "changed" is enough for "changed_at". */
		if (strcmp(own_names[i], name) == 0 || (strlen(name) == len && strncmp(own_names[i], name, len) == 0))
			return i;
	}
	for (size_t i = 0; i < type->field_count; i++)
		str_addf(&all, "%s%s", i ? ", " : "", type->fields[i].name);
	error_set(err, ERROR_INPUT, "%s has no column '%.40s'; there are id, title, state, version, changed, seen, %s", type->name, name,
		  all.text);
	return -1;
}

static bool add_wanted(struct table *table, const char *const *lists, struct error *err)
{
	for (; *lists; lists++) {
		for (const char *at = *lists; *at;) {
			size_t len = strcspn(at, ",");
			AUTO(memory_freep) char *name = memory_copy(at, len);
			int source = find_column(table->type, name, err);

			if (source < 0)
				return false;
			if (table->count == COLUMNS_MAX)
				return error_set(err, ERROR_INPUT, "more than %d columns", COLUMNS_MAX);
			add_column(table, source, false);
			at += len + (at[len] == ',');
		}
	}
	return true;
}

/* ---- a row */

static void print_own(struct table *table, int source, const struct record_row *row)
{
	const struct printer *printer = table->printer;

	switch (source) {
	case OWN_ID:
		printer->text(printer->ctx, "id", row->id);
		break;
	case OWN_TITLE:
		str_reset(&table->text);
		str_add_bytes(&table->text, row->title, row->title_len);
		printer->text(printer->ctx, "title", table->text.text);
		break;
	case OWN_STATE:
		printer->text(printer->ctx, "state", record_state_word_of(table->type, row->state));
		break;
	case OWN_VERSION:
		verb_text(printer, "version", row->version);
		break;
	case OWN_CHANGED:
		printer->time(printer->ctx, "changed_at", row->time_ms);
		break;
	default:
		printer->time(printer->ctx, "seen_at", row->seen_ms);
		break;
	}
}

static bool print_row(void *ctx, const struct record_row *row)
{
	struct table *table = ctx;

	table->printer->row(table->printer->ctx);
	for (size_t i = 0; i < table->count; i++) {
		int source = table->sources[i];

		if (source < OWN_COUNT)
			print_own(table, source, row);
		else
			verb_cell(table->printer, &table->type->fields[source - OWN_COUNT], &row->cells[source - OWN_COUNT], table->personal);
	}
	return !table->printer->is_broken(table->printer->ctx);
}

/* ---- the command */

/* "-Balance": from the greatest. */
static bool take_order(const struct type *type, const char *word, enum personal personal, struct record_query *query, struct error *err)
{
	int source;

	if (!word)
		return true;
	query->descending = *word == '-';
	word += *word == '-' || *word == '+';
	source = find_column(type, word, err);
	if (source < 0)
		return false;
	switch (source) {
	case OWN_ID:
		query->order = RECORD_BY_ID;
		return true;
	case OWN_TITLE:
		query->order = RECORD_BY_TITLE;
		return true;
	case OWN_CHANGED:
		query->order = RECORD_BY_TIME;
		return true;
	case OWN_STATE:
	case OWN_VERSION:
	case OWN_SEEN:
		return error_set(err, ERROR_INPUT, "records can't be sorted by '%.20s'; by id, title, changed or a field", word);
	default:
		query->order = RECORD_BY_FIELD;
		query->field = (size_t)(source - OWN_COUNT);
		return filter_may_use(type, query->field, personal, err);
	}
}

/* Several --where are all meant. */
static bool take_filter(const struct type *type, const char *const *texts, enum personal personal, struct filter *filter,
			struct error *err)
{
	AUTO(str_clear) struct str all = STR_INIT(8000);

	for (; texts && *texts; texts++)
		str_addf(&all, "%s%s", all.len ? " " : "", *texts);
	if (str_is_cut(&all))
		return error_set(err, ERROR_INPUT, "the filter is too long");
	return filter_parse(type, all.text, personal, filter, err);
}

static bool take_moment(struct app *app, const char *text, const struct table *table, const struct object *object,
			struct record_moment *ret_moment, struct error *err)
{
	*ret_moment = (struct record_moment){ .object = object, .type = table->type };
	return then_parse(app, "--as-of", text, &ret_moment->at_ms, err) && then_is_known(object, table->type, ret_moment->at_ms, err);
}

static bool prepare(struct app *app, const struct arguments *arguments, struct table *table, struct filter *filter,
		    struct record_query *query, struct object *ret_object, bool *ret_found, struct error *err)
{
	const char *limit = argument(arguments, "--limit");
	struct account account;

	if (!accounts_find(app->store, argument(arguments, "ACCOUNT"), &account, err) ||
	    !(table->type = verb_type(app, account.provider, argument(arguments, "TYPE"), err)) ||
	    !take_filter(table->type, argument_all(arguments, "--where"), table->personal, filter, err) ||
	    !take_order(table->type, argument(arguments, "--sort"), table->personal, query, err) ||
	    (limit && !verb_number(limit, "--limit", 0, INT64_C(1000000000000), &query->limit, err)) ||
	    !objects_get(app->store, account.id, table->type->name, ret_object, ret_found, err))
		return false;
	query->type = table->type;
	query->filter = filter->count ? filter : NULL;
	if (!argument_given(arguments, "--columns"))
		add_usual(table);
	else if (!add_wanted(table, argument_all(arguments, "--columns"), err))
		return false;
	return true;
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	AUTO(table_clear) struct table table = { .printer = printer, .personal = verb_personal(app, arguments), .text = STR_INIT(1 << 20) };
	AUTO(memory_freep) struct filter *filter = memory_new(sizeof(*filter));
	struct record_query query = { .order = RECORD_BY_ID };
	struct record_moment moment;
	struct object object = { 0 };
	bool found;

	if (!prepare(app, arguments, &table, filter, &query, &object, &found, err))
		return verb_failed(err);
	if (found && !object_is_current(&object, table.type)) {
		error_set(err, ERROR_STORE, "the catalogue's row of %s was changed, or the program was, and its columns are not filled anew yet: the deck and "
			  "'ledgerdeck run' do so by themselves, or run 'ledgerdeck sync %s --type %s' once", table.type->name,
			  argument(arguments, "ACCOUNT"), table.type->name);
		return verb_failed(err);
	}
	if (argument(arguments, "--as-of")) {
		if (!take_moment(app, argument(arguments, "--as-of"), &table, &object, &moment, err))
			return verb_failed(err);
		query.then = &moment;
	}
	printer->begin(printer->ctx, "objects", table.columns);
	if (found && !records_list(app->store, object.no, &query, print_row, &table, err))
		return verb_failed(err);
	printer->end(printer->ctx);
	if (!found || object.success_ms == 0)
		verb_note(printer, "%s was not read completely yet; run 'ledgerdeck sync %s --type %s'.", table.type->name,
			  argument(arguments, "ACCOUNT"), table.type->name);
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "ACCOUNT", NULL, false, true, "the account, by any unique prefix of name or id" },
	{ "TYPE", NULL, false, true, "the type, as Invoice; see 'ledgerdeck types'" },
	{ "--where", "FILTER", true, false, "only records that fit: 'Balance>0 CustomerRef.name~acme state:inactive'" },
	{ "--columns", "NAMES", true, false, "these columns, with commas between them" },
	{ "--sort", "COLUMN", false, false, "by this column; with a '-' before it from the greatest" },
	{ "--as-of", "TIME", false, false, "as the mirror had them then: 2026-01-31 (its end), a time, or 15m, 2h, 3d ago" },
	{ "--limit", "N", false, false, "at most so many" },
	VERB_PERSONAL_ROW,
};

static const char *const examples[] = { "ledgerdeck objects Acme Invoice --where 'Balance>0' --sort -Balance --limit 20",
					"ledgerdeck objects Acme Customer --columns id,DisplayName,Balance --csv",
					"ledgerdeck objects Acme Invoice --as-of 2026-01-31 --where 'Balance>0'", NULL };

const struct command command_objects = {
	.name = "objects", .summary = "list the records of one type", .needs = NEEDS_STORE,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
