/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A section of the catalogue's text becomes a type: what each of its values means, and what is wrong with it. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/personal.h"
#include "catalogue_rows.h"
#include "cell.h"

static const char *const read_words[] = {
	[TYPE_BY_TIME] = "time",
	[TYPE_BY_DELTA] = "delta",
	[TYPE_WHOLE] = "whole",
	[TYPE_SINGLE] = "single",
};
static const char *const deleted_words[] = {
	[TYPE_DELETED_BY_CHANGES] = "changes",
	[TYPE_DELETED_BY_SWEEP] = "sweep",
	[TYPE_NEVER_DELETED] = "never",
};
static const char *const zone_words[] = { [TYPE_UTC] = "utc", [TYPE_CENTRAL_EUROPEAN] = "central-european" };
static const char *const allow_words[] = { "create", "update", "delete", "void", "none" };
static const unsigned allow_bits[] = { TYPE_CREATE, TYPE_UPDATE, TYPE_DELETE, TYPE_VOID, 0 };
_Static_assert(ARRAY_LEN(allow_words) == ARRAY_LEN(allow_bits), "a bit for each word");

/* Words that the filter language keeps for itself. */
static const char *const reserved_words[] = { "id", "title", "state", "changed" };

static const struct value *value_of(const struct rows *rows, enum key key)
{
	const struct value *own = &rows->section.values[key], *common = &rows->common.values[key];

	return own->text || !common->text ? own : common;
}

static const char *text_of(const struct rows *rows, enum key key)
{
	const struct value *value = value_of(rows, key);

	return value->text ? value->text : "";
}

static bool check_path(const struct rows *rows, size_t line, const char *path)
{
	return path_is_good(path) || rows_refuse(rows, line, "'%.100s' is no path, expected names with points between them", path);
}

static bool add_path(const struct rows *rows, size_t line, struct catalogue_type *made,
		     const char *path, uint8_t *ret_slot)
{
	*ret_slot = PATH_NO_SLOT;
	if (*path == '\0')
		return true;
	if (!check_path(rows, line, path))
		return false;
	*ret_slot = path_tree_add(&made->paths, path);
	if (*ret_slot == PATH_NO_SLOT)
		return rows_refuse(rows, line, "more than %d paths", PATH_SLOTS_MAX);
	return true;
}

/* "SourceCurrencyCode AsOfDate": two paths make the id of a record that has none of its own. */
static bool add_key(const struct rows *rows, size_t line, struct catalogue_type *made, const char *key)
{
	size_t len = strcspn(key, " ");
	const char *first, *second = key + len + strspn(key + len, " ");

	made->second_key = PATH_NO_SLOT;
	if (!key[len])
		return add_path(rows, line, made, key, &made->key);
	first = catalogue_text(rows->catalogue, key, len);
	return add_path(rows, line, made, first, &made->key) &&
	       add_path(rows, line, made, second, &made->second_key);
}

static bool make_paths(const struct rows *rows, struct catalogue_type *made)
{
	struct type *type = &made->type;
	const struct {
		enum key key;
		const char **text;
		uint8_t *slot;
	} paths[] = {
		{ KEY_VERSION, &type->version, &made->version },
		{ KEY_TIME, &type->time, &made->time },
		{ KEY_TITLE, &type->title, &made->title },
		{ KEY_ACTIVE, &type->active, &made->active },
	};

	type->key = text_of(rows, KEY_KEY);
	if (!add_key(rows, value_of(rows, KEY_KEY)->line, made, type->key))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		*paths[i].text = text_of(rows, paths[i].key);
		if (!add_path(rows, value_of(rows, paths[i].key)->line, made, *paths[i].text,
			      paths[i].slot))
			return false;
	}
	return true;
}

/* One word out of a list, or `otherwise` when nothing was said. */
static bool make_choice(const struct rows *rows, enum key key, const char *what,
			const char *const *words, size_t count, int otherwise, int *ret_place)
{
	const struct value *value = value_of(rows, key);
	const char *at = value->text;
	struct word word, more;

	*ret_place = otherwise;
	if (!at || *at == '\0')
		return true;
	word_next(&at, &word);
	if (word_next(&at, &more))
		return rows_refuse(rows, value->line, "'%s' takes one word, and '%.*s' is one more",
			      rows_key_word(key), word_shown(more), more.text);
	*ret_place = rows_find_word(rows, value->line, what, word, words, count);
	return *ret_place >= 0;
}

static bool make_reading(const struct rows *rows, struct catalogue_type *made)
{
	struct type *type = &made->type;
	int reading, deletion, zone;

	if (!make_choice(rows, KEY_READ, "way to read", read_words, ARRAY_LEN(read_words),
			 *type->time ? TYPE_BY_TIME : TYPE_WHOLE, &reading) ||
	    !make_choice(rows, KEY_DELETED, "proof of deletion", deleted_words,
			 ARRAY_LEN(deleted_words), TYPE_DELETED_BY_SWEEP, &deletion) ||
	    !make_choice(rows, KEY_ZONE, "zone", zone_words, ARRAY_LEN(zone_words), TYPE_UTC, &zone))
		return false;
	type->zone = (enum type_zone)zone;
	type->reading = (enum type_reading)reading;
	type->deletion = (enum type_deletion)deletion;
	if (type->reading == TYPE_BY_TIME && *type->time == '\0')
		return rows_refuse(rows, value_of(rows, KEY_READ)->line,
			      "'%s' is read by time, but has no 'time'", type->name);
	return true;
}

static bool make_every(const struct rows *rows, struct type *type)
{
	const struct value *value = value_of(rows, KEY_EVERY);
	const char *text = text_of(rows, KEY_EVERY);

	return !*text || (duration_parse(text, strlen(text), &type->every_s) && type->every_s > 0) ||
	       rows_refuse(rows, value->line, "'%.40s' is no time between two reads, such as 6h or 1d", text);
}

static bool make_operations(const struct rows *rows, struct type *type)
{
	const struct value *value = value_of(rows, KEY_ALLOW);
	const char *at = value->text ? value->text : "";
	struct word word;

	while (word_next(&at, &word)) {
		int place = rows_find_word(rows, value->line, "operation", word, allow_words,
				      ARRAY_LEN(allow_words));

		if (place < 0)
			return false;
		type->operations |= allow_bits[place];
	}
	return true;
}

static bool make_depends(const struct rows *rows, struct catalogue_type *made)
{
	const struct value *value = value_of(rows, KEY_DEPENDS);
	const char *at = value->text ? value->text : "";
	size_t count = 0;
	struct word word;

	made->depends_at = (struct type_line){ rows->file, value->line };
	while (word_next(&at, &word)) {
		for (size_t i = 0; i < count; i++)
			if (word_is(word, made->type.depends[i]))
				return rows_refuse(rows, value->line, "'%.*s' is named twice",
					      word_shown(word), word.text);
		if (count == TYPE_DEPENDS_MAX - 1)
			return rows_refuse(rows, value->line, "more than %d types to depend on",
				      TYPE_DEPENDS_MAX - 1);
		made->type.depends[count++] = rows_keep(rows, word);
	}
	return true;
}

/* "PrivateNote ^Voided TotalAmt =0": paths, each with what its value begins with or is. */
static bool make_conditions(const struct rows *rows, struct catalogue_type *made)
{
	const struct value *value = value_of(rows, KEY_VOIDED);
	const char *at = value->text ? value->text : "";
	struct word path, test;

	while (word_next(&at, &path)) {
		struct type_condition *condition = &made->conditions[made->condition_count];

		if (made->condition_count == TYPE_CONDITIONS_MAX)
			return rows_refuse(rows, value->line, "more than %d conditions",
				      TYPE_CONDITIONS_MAX);
		if (!word_next(&at, &test) || (test.text[0] != '^' && test.text[0] != '=') ||
		    test.len < 2)
			return rows_refuse(
				rows, value->line,
				"'%.*s' needs a test behind it: ^text (begins with) or =text (is)",
				word_shown(path), path.text);
		condition->path = rows_keep(rows, path);
		if (!add_path(rows, value->line, made, condition->path, &condition->slot))
			return false;
		condition->begins = test.text[0] == '^';
		condition->text = catalogue_text(rows->catalogue, test.text + 1, test.len - 1);
		condition->is_number =
			decimal_parse(test.text + 1, test.len - 1, &condition->number);
		made->condition_count++;
	}
	return true;
}

/* "Line.LinkedTxn TxnId TxnType": a list, and what of its items is the id and the type of a record. */
static bool make_refers(const struct rows *rows, struct type *type)
{
	const struct value *value = value_of(rows, KEY_REFERS);
	const char *at = value->text ? value->text : "";
	struct word words[3];

	while (word_next(&at, &words[0])) {
		struct type_refers *refers = &type->refers[type->refers_count];
		const char **const texts[] = { &refers->path, &refers->id, &refers->type };

		if (type->refers_count == TYPE_REFERS_MAX)
			return rows_refuse(rows, value->line, "more than %d lists of references", TYPE_REFERS_MAX);
		if (!word_next(&at, &words[1]) || !word_next(&at, &words[2]))
			return rows_refuse(rows, value->line, "'%.*s' needs two names behind it: what of its items is the id, and what the type",
				      word_shown(words[0]), words[0].text);
		for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
			*texts[i] = rows_keep(rows, words[i]);
			if (!check_path(rows, value->line, *texts[i]))
				return false;
		}
		type->refers_count++;
	}
	return true;
}

/* The line of a value's text where something in it stands. */
static size_t line_of(const struct value *value, const char *at)
{
	const char *lines = value->lines;
	size_t line = value->line;

	if (!lines)
		return line;
	for (const char *each = value->text; each < at; each++)
		if (*each == '\n')
			lines = strchr(lines, ' ') + 1;
	sscanf(lines, "%zu", &line);
	return line;
}

/* "code owner.description": what is asked for beside what the type's own paths need. */
static bool make_select(const struct rows *rows, struct catalogue_type *made)
{
	AUTO(str_clear) struct str paths = STR_INIT(STR_NO_LIMIT);
	const struct value *value = value_of(rows, KEY_SELECT);
	const char *at = text_of(rows, KEY_SELECT);
	size_t count = 0, room = 0;
	struct word word;

	while (word_next(&at, &word)) {
		const char *path = rows_keep(rows, word);
		size_t line = line_of(value, word.text);

		if (!check_path(rows, line, path))
			return false;
		memory_grow(&made->select_at, &room, count + 1, sizeof(*made->select_at));
		made->select_at[count++] = line;
		str_addf(&paths, "%s%s", paths.len ? " " : "", path);
	}
	made->type.select = catalogue_text(rows->catalogue, paths.text, paths.len);
	return true;
}

static bool check_field_name(const struct rows *rows, size_t line, const struct type *type,
			     const char *name)
{
	if (!rows_is_name(name))
		return rows_refuse(rows, line, "'%.60s' is no name for a field, give it one with 'as'",
			      name);
	for (size_t i = 0; i < ARRAY_LEN(reserved_words); i++)
		if (strcmp(name, reserved_words[i]) == 0)
			return rows_refuse(
				rows, line,
				"'%s' is a word of the filter language, name the field otherwise",
				name);
	for (size_t i = 0; i < type->field_count; i++)
		if (strcmp(type->fields[i].name, name) == 0)
			return rows_refuse(rows, line, "'%s' has a field '%.60s' already", type->name,
				      name);
	return true;
}

/* "PATH KIND [as NAME] [of TYPE] [listed]" */
static bool make_field(const struct rows *rows, const struct value *value,
		       struct catalogue_type *made)
{
	static const char *const kinds[] = { "text", "money", "number", "date", "time", "flag" };
	static const char *const options[] = { "as", "of", "listed" };
	struct type *type = &made->type;
	struct type_field *field = &type->fields[type->field_count];
	const char *at = value->text;
	struct word path, word;
	int place;

	if (!word_next(&at, &path) || !word_next(&at, &word))
		return rows_refuse(rows, value->line, "a field needs a path and a kind");
	place = rows_find_word(rows, value->line, "kind", word, kinds, ARRAY_LEN(kinds));
	if (place < 0)
		return false;
	*field = (struct type_field){ .path = rows_keep(rows, path), .kind = (enum field_kind)place };
	field->name = field->path;
	while (word_next(&at, &word)) {
		place = rows_find_word(rows, value->line, "word for a field", word, options,
				  ARRAY_LEN(options));
		if (place < 0)
			return false;
		if (place < 2 && !word_next(&at, &word))
			return rows_refuse(rows, value->line, "'%s' needs a name behind it",
				      options[place]);
		if (place == 0)
			field->name = rows_keep(rows, word);
		else if (place == 1)
			field->refers_to = rows_keep(rows, word);
		else
			field->listed = true;
	}
	if (!check_field_name(rows, value->line, type, field->name) ||
	    !add_path(rows, value->line, made, field->path, &made->fields[type->field_count]))
		return false;
	made->field_at[type->field_count++] = (struct type_line){ rows->file, value->line };
	return true;
}

/*
 * By its id and title, and by its state and its references, a record is told from others everywhere: whoever had these masked
 * would not know what he looks at.
 */
static bool check_personal(const struct rows *rows, const struct value *value, const struct type *type)
{
	const struct { enum key key; const char *path; } known[] = {
		{ KEY_VERSION, type->version }, { KEY_TIME, type->time }, { KEY_TITLE, type->title }, { KEY_ACTIVE, type->active },
	};
	const char *at = type->key;
	struct word word;

	while (word_next(&at, &word))
		if (personal_has(type, rows_keep(rows, word)))
			return rows_refuse(rows, value->line, "'%.100s' is the id, by which records are told apart: it can't be personal", type->key);
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (*known[i].path && personal_has(type, known[i].path))
			return rows_refuse(rows, value->line, "'%.80s' is the %s, by which records are told apart: it can't be personal", known[i].path,
				      rows_key_word(known[i].key));
	for (size_t i = 0; i < type->field_count; i++)
		if (type->fields[i].refers_to && type->fields[i].personal)
			return rows_refuse(rows, value->line, "'%.80s' leads to a record of %.40s: it can't be personal", type->fields[i].path,
				      type->fields[i].refers_to);
	return true;
}

/* "email contact.firstName": what people see only where they ask for it. */
static bool make_personal(const struct rows *rows, struct type *type)
{
	const struct value *value = value_of(rows, KEY_PERSONAL);
	const char *at = text_of(rows, KEY_PERSONAL);
	struct word word;
	size_t count = 0;

	/* One kind of blank is all that others need to know. */
	AUTO(str_clear) struct str paths = STR_INIT(STR_NO_LIMIT);

	while (word_next(&at, &word)) {
		const char *path = rows_keep(rows, word);

		if (!check_path(rows, line_of(value, word.text), path))
			return false;
		if (++count > TYPE_PERSONAL_MAX)
			return rows_refuse(rows, value->line, "more than %d personal paths", TYPE_PERSONAL_MAX);
		str_addf(&paths, "%s%s", paths.len ? " " : "", path);
	}
	type->personal = catalogue_text(rows->catalogue, paths.text, paths.len);
	for (size_t i = 0; i < type->field_count; i++)
		type->fields[i].personal = personal_has(type, type->fields[i].path);
	return count == 0 || check_personal(rows, value, type);
}

/* "PATH KIND [as NAME]" */
static bool make_column(const struct rows *rows, size_t line, struct word text, bool is_own, struct type *type, size_t *room)
{
	static const char *const kinds[] = { "text", "money", "number", "integer", "date", "time", "flag" };
	static const char *const options[] = { "as" };
	AUTO(memory_freep) char *said = memory_copy(text.text, text.len);
	struct type_column column = { .is_own = is_own, .line = line };
	const char *at = said;
	struct word path, word;
	int place;

	if (!word_next(&at, &path) || !word_next(&at, &word))
		return rows_refuse(rows, line, "a column needs a path and a kind");
	place = rows_find_word(rows, line, "kind", word, kinds, ARRAY_LEN(kinds));
	if (place < 0)
		return false;
	column.kind = (enum column_kind)place;
	column.path = rows_keep(rows, path);
	if (word_next(&at, &word)) {
		if (rows_find_word(rows, line, "word for a column", word, options, ARRAY_LEN(options)) < 0)
			return false;
		if (!word_next(&at, &word))
			return rows_refuse(rows, line, "'as' needs a name behind it");
		column.name = rows_keep(rows, word);
		if (!rows_is_name(column.name))
			return rows_refuse(rows, line, "'%.60s' is no name for a column", column.name);
	}
	memory_grow(&type->columns, room, type->column_count + 1, sizeof(*type->columns));
	type->columns[type->column_count++] = column;
	return check_path(rows, line, column.path);
}

/* Those before the first type say what is so wherever a type has such a path. */
static bool make_columns(const struct rows *rows, struct type *type)
{
	const struct value *const values[] = { &rows->common.values[KEY_COLUMN], &rows->section.values[KEY_COLUMN] };
	size_t room = 0;

	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		for (const char *at = values[i]->text ? values[i]->text : ""; *at; at += *at == '\n') {
			struct word text = { at, strcspn(at, "\n") };

			if (!make_column(rows, line_of(values[i], at), text, i == 1, type, &room))
				return false;
			at += text.len;
		}
	return true;
}
_Static_assert(COLUMN_KIND_COUNT == 7, "a word for each kind");

/* Of all that decides what is taken out of a record. */
static void make_digest(struct catalogue_type *made)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct type *type = &made->type;

	str_addf(&text, "1\n%s\n%s\n%s\n%s\n%s\n", type->key, type->version, type->time,
		 type->title, type->active);
	if (type->zone != TYPE_UTC)
		str_addf(&text, "zone %s\n", zone_words[type->zone]);
	for (size_t i = 0; i < made->condition_count; i++)
		str_addf(&text, "%s %c%s\n", made->conditions[i].path,
			 made->conditions[i].begins ? '^' : '=', made->conditions[i].text);
	/* Piece by piece: there are hundreds of them at each start. */
	for (size_t i = 0; i < type->field_count; i++) {
		str_add(&text, type->fields[i].path);
		str_add_char(&text, ' ');
		str_add(&text, cell_kind_word(type->fields[i].kind));
		str_add_char(&text, '\n');
	}
	snprintf(type->digest, sizeof(type->digest), "%016llx",
		 (unsigned long long)digest_short(text.text, text.len));
}

static void type_freep(struct catalogue_type **made)
{
	catalogue_type_free(*made);
}

static bool put_type(const struct rows *rows, struct catalogue_type *made)
{
	struct catalogue *catalogue = rows->catalogue;

	for (size_t i = 0; i < catalogue->count; i++) {
		struct catalogue_type *old = catalogue->types[i];

		if (strcmp(old->type.provider, made->type.provider) != 0 ||
		    strcmp(old->type.name, made->type.name) != 0)
			continue;
		if (old->generation >= made->generation)
			return rows_refuse(rows, made->at.line, "'%s' stands in %.100s already",
				      made->type.name, old->type.origin);
		catalogue_type_free(old);
		catalogue->types[i] = made;
		return true;
	}
	if (catalogue->count == TYPES_MAX)
		return rows_refuse(rows, made->at.line, "more than %d types", TYPES_MAX);
	memory_grow(&catalogue->types, &catalogue->room, catalogue->count + 1,
		    sizeof(struct catalogue_type *));
	catalogue->types[catalogue->count++] = made;
	return true;
}

/* For what only the ledger itself can tell to be wrong. */
static void note_lines(const struct rows *rows, struct catalogue_type *made)
{
	for (int key = 0; key < KEY_FIELD; key++)
		if (value_of(rows, (enum key)key)->text)
			made->said[made->said_count++] = (struct type_said){ rows_key_word((enum key)key), value_of(rows, (enum key)key)->line };
}
_Static_assert(KEY_COUNT <= TYPE_SAID_MAX, "a place for each key");

bool rows_make_type(const struct rows *rows)
{
	AUTO(type_freep) struct catalogue_type *made = memory_new(sizeof(*made));
	AUTO(str_clear) struct str origin = STR_INIT(1000);
	const struct section *section = &rows->section;
	struct type *type = &made->type;

	path_tree_init(&made->paths);
	made->generation = rows->generation;
	made->at = (struct type_line){ rows->file, section->line };
	str_addf(&origin, "%s:%zu", rows->file, section->line);
	type->origin = catalogue_text(rows->catalogue, origin.text, origin.len);
	type->name = section->name;
	type->provider = text_of(rows, KEY_PROVIDER);
	type->query = text_of(rows, KEY_QUERY);
	type->extra = text_of(rows, KEY_EXTRA);
	type->web = text_of(rows, KEY_WEB);
	type->called = text_of(rows, KEY_CALLED);
	if (*type->provider == '\0')
		return rows_refuse(rows, section->line,
			      "'%s' has no provider: say 'provider = ..' before it", type->name);
	if (*type->query == '\0' || *text_of(rows, KEY_KEY) == '\0')
		return rows_refuse(rows, section->line, "'%s' has no '%s'", type->name,
			      *type->query ? "key" : "query");
	if (*type->web && !strstr(type->web, "{id}"))
		return rows_refuse(rows, value_of(rows, KEY_WEB)->line, "'web' has no {id} where the record's id belongs");
	if (!make_paths(rows, made) || !make_reading(rows, made) || !make_operations(rows, type) ||
	    !make_depends(rows, made) || !make_refers(rows, type) || !make_conditions(rows, made) || !make_select(rows, made) ||
	    !make_every(rows, type))
		return false;
	for (size_t i = 0; i < section->field_count; i++)
		if (!make_field(rows, &section->fields[i], made))
			return false;
	if (!make_columns(rows, type) || !make_personal(rows, type))
		return false;
	note_lines(rows, made);
	make_digest(made);
	if (!put_type(rows, made))
		return false;
	made = NULL;
	return true;
}
