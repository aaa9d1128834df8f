/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which columns a type has, and what a record has in them. A record is walked through once for each tree of paths, which is once
 * for all but the widest types. Values are exact or not there: nothing passes through a binary float and nothing is rounded.
 */
#include "ledgerdeck/model/columns.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/memory.h"
#include "cell.h"
#include "path.h"

#define MICROSECONDS 1000 /* of a millisecond */
#define NAME_MAX_LEN 200

struct columns {
	const struct type *type;  /* borrowed */
	struct columns_options options;
	struct column *all;       /* owned */
	char **texts;             /* owned, each too: what these point to */
	size_t text_count, text_room;
	size_t count, room;
	size_t read_count;        /* of them have a path: the first ones */
	uint8_t *slots;           /* owned: of each, in its tree */
	size_t slots_room;
	struct path_tree *trees;  /* owned; each but the last is full */
	size_t tree_count, tree_room;
};

static const char *const kind_words[] = {
	[COLUMN_TEXT] = "text", [COLUMN_MONEY] = "money", [COLUMN_NUMBER] = "number", [COLUMN_INTEGER] = "integer",
	[COLUMN_DATE] = "date", [COLUMN_TIME] = "time",	  [COLUMN_FLAG] = "flag",
};
_Static_assert(ARRAY_LEN(kind_words) == COLUMN_KIND_COUNT, "a word for each kind");

static const enum column_kind kind_of_field[] = {
	[FIELD_TEXT] = COLUMN_TEXT, [FIELD_MONEY] = COLUMN_MONEY, [FIELD_NUMBER] = COLUMN_NUMBER,
	[FIELD_DATE] = COLUMN_DATE, [FIELD_TIME] = COLUMN_TIME,	  [FIELD_FLAG] = COLUMN_FLAG,
};
_Static_assert(ARRAY_LEN(kind_of_field) == FIELD_KIND_COUNT, "a kind for each");

static const char *const mutation_words[] = {
	[MUTATION_ADDED] = "ADDED",
	[MUTATION_UPDATED] = "UPDATED",
	[MUTATION_DELETED] = "DELETED",
};
_Static_assert(ARRAY_LEN(mutation_words) == MUTATION_COUNT, "a word for each mutation");

const char *column_kind_word(enum column_kind kind)
{
	assert(kind < COLUMN_KIND_COUNT);
	return kind_words[kind];
}

const char *mutation_word(enum mutation mutation)
{
	assert(mutation < MUTATION_COUNT);
	return mutation_words[mutation];
}

/* ---- names ---- */

/* "CustomerRef.value" is customer_ref_value, "URLValue" is url_value, "*.Id" is id. */
static void add_plain(const char *path, struct str *out)
{
	size_t start = out->len;

	for (const char *at = path; *at; at++) {
		unsigned char c = (unsigned char)*at;
		bool breaks;

		if (!isalnum(c)) {
			if (out->len > start && out->text[out->len - 1] != '_')
				str_add_char(out, '_');
			continue;
		}
		breaks = at > path && isupper(c) && (islower((unsigned char)at[-1]) || isdigit((unsigned char)at[-1]) ||
						     (isupper((unsigned char)at[-1]) && islower((unsigned char)at[1])));
		if (breaks && out->len > start && out->text[out->len - 1] != '_')
			str_add_char(out, '_');
		str_add_char(out, (char)tolower(c));
	}
	while (out->len > start && out->text[out->len - 1] == '_')
		str_truncate(out, out->len - 1);
	if (out->len == start)
		str_add(out, "column");
}

static const char *keep(struct columns *columns, char *text)
{
	memory_grow(&columns->texts, &columns->text_room, columns->text_count + 1, sizeof(char *));
	columns->texts[columns->text_count++] = text;
	return text;
}

static bool is_taken(const struct columns *columns, const char *name)
{
	for (size_t i = 0; i < columns->count; i++)
		if (strcasecmp(columns->all[i].name, name) == 0)
			return true;
	return strcasecmp(name, COLUMN_RAW) == 0 || strcasecmp(name, COLUMN_MUTATION) == 0;
}

/* Several engines take no account of letter case: no two names may differ by that alone. */
static const char *name_of(struct columns *columns, const char *path, const char *said)
{
	AUTO(str_clear) struct str name = STR_INIT(NAME_MAX_LEN);
	size_t len, again = 2;

	if (said)
		str_add(&name, said);
	else if (columns->options.names == COLUMN_NAMES_PLAIN)
		add_plain(path, &name);
	else
		str_add(&name, path);
	for (len = name.len; is_taken(columns, name.text); again++) {
		str_truncate(&name, len);
		str_addf(&name, "_%zu", again);
	}
	return keep(columns, str_take(&name));
}

/* ---- columns ---- */

static uint8_t add_slot(struct columns *columns, const char *path)
{
	struct path_tree *last = columns->tree_count ? &columns->trees[columns->tree_count - 1] : NULL;

	if (!last || last->slots == PATH_SLOTS_MAX) {
		memory_grow(&columns->trees, &columns->tree_room, columns->tree_count + 1, sizeof(*columns->trees));
		last = &columns->trees[columns->tree_count++];
		path_tree_init(last);
	}
	return path_tree_add(last, path);
}

static struct column *put_column(struct columns *columns, struct column column)
{
	memory_grow(&columns->all, &columns->room, columns->count + 1, sizeof(*columns->all));
	columns->all[columns->count] = column;
	return &columns->all[columns->count++];
}

/* What the type's row says of a path counts, else the kind that it has anyhow. */
static void add_column(struct columns *columns, const char *path, size_t len, enum column_kind kind)
{
	AUTO(memory_freep) char *own = memory_copy(path, len);
	const struct type *type = columns->type;
	const char *said = NULL;
	struct column *column;

	for (size_t i = 0; i < columns->count; i++)
		if (strcmp(columns->all[i].path, own) == 0)
			return;
	for (size_t i = 0; i < type->column_count; i++)
		if (strcmp(type->columns[i].path, own) == 0) {
			kind = type->columns[i].kind;
			said = type->columns[i].name;
		}
	column = put_column(columns, (struct column){ .name = name_of(columns, own, said), .kind = kind, .personal = personal_has(type, own) });
	column->path = keep(columns, memory_steal(&own));
	memory_grow(&columns->slots, &columns->slots_room, columns->count, sizeof(*columns->slots));
	columns->slots[columns->count - 1] = add_slot(columns, column->path);
}

/* Paths with blanks between them. */
static void add_columns(struct columns *columns, const char *paths, enum column_kind kind)
{
	for (const char *at = paths; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		add_column(columns, at, len, kind);
		at += len;
	}
}

static void add_fixed(struct columns *columns, const char *name)
{
	put_column(columns, (struct column){ .name = name, .kind = COLUMN_TEXT });
}

struct columns *columns_new(const struct type *type, const struct columns_options *options)
{
	struct columns *columns = memory_new(sizeof(*columns));

	columns->type = type;
	columns->options = *options;
	add_columns(columns, type->key, COLUMN_TEXT);
	add_columns(columns, type->version, COLUMN_TEXT);
	add_columns(columns, type->time, COLUMN_TIME);
	add_columns(columns, type->active, COLUMN_FLAG);
	for (size_t i = 0; i < type->field_count; i++)
		add_columns(columns, type->fields[i].path, kind_of_field[type->fields[i].kind]);
	add_columns(columns, type->select, COLUMN_TEXT);
	for (size_t i = 0; i < type->column_count; i++)
		if (type->columns[i].is_own)
			add_columns(columns, type->columns[i].path, type->columns[i].kind);
	columns->read_count = columns->count;
	if (options->has_raw)
		add_fixed(columns, COLUMN_RAW);
	add_fixed(columns, COLUMN_MUTATION);
	return columns;
}

void columns_free(struct columns *columns)
{
	if (!columns)
		return;
	for (size_t i = 0; i < columns->tree_count; i++)
		path_tree_clear(&columns->trees[i]);
	for (size_t i = 0; i < columns->text_count; i++)
		free(columns->texts[i]);
	free(columns->texts);
	free(columns->trees);
	free(columns->slots);
	free(columns->all);
	free(columns);
}

void columns_freep(struct columns **columns)
{
	columns_free(*columns);
}

size_t columns_count(const struct columns *columns)
{
	return columns->count;
}

const struct column *columns_all(const struct columns *columns)
{
	return columns->all;
}

void columns_digest(const struct columns *columns, char *out)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < columns->count; i++)
		str_addf(&text, "%s %s\n", columns->all[i].name, column_kind_word(columns->all[i].kind));
	snprintf(out, 20, "%016llx", (unsigned long long)digest_short(text.text, text.len));
}

/* ---- values ---- */

__extension__ typedef unsigned __int128 unsigned_wide;

/* A decimal as it is read: so many places of `size` stand behind the point. */
struct digits {
	unsigned_wide size;
	int count; /* of digits, from the first that is not zero */
	long scale;
};

/* Zeros at the end of the places say nothing: "1.50" has one place. False: too many digits, or none. */
static bool read_digits(const char **at, const char *end, struct digits *ret_digits)
{
	const char *start = *at, *point = NULL, *last;

	for (; *at < end && (isdigit((unsigned char)**at) || (**at == '.' && !point)); (*at)++)
		if (**at == '.')
			point = *at;
	last = *at;
	if (last == start || (point && last == start + 1))
		return false;
	while (point && last > point && (last[-1] == '0' || last[-1] == '.'))
		last--;
	*ret_digits = (struct digits){ .scale = point && last > point ? (long)(last - point) - 1 : 0 };
	for (const char *each = start; each < last; each++) {
		if (*each == '.')
			continue;
		if (ret_digits->count == COLUMN_NUMBER_DIGITS)
			return false;
		ret_digits->size = ret_digits->size * 10 + (unsigned_wide)(*each - '0');
		ret_digits->count += ret_digits->count > 0 || *each != '0';
	}
	return true;
}

static bool read_exponent(const char **at, const char *end, long *ret_exponent)
{
	bool negative = false, any = false;
	long exponent = 0;

	*ret_exponent = 0;
	if (*at == end || (**at != 'e' && **at != 'E'))
		return true;
	if (++*at < end && (**at == '-' || **at == '+'))
		negative = *(*at)++ == '-';
	for (; *at < end && isdigit((unsigned char)**at); (*at)++) {
		any = true;
		if (exponent < 100000)
			exponent = exponent * 10 + (**at - '0');
	}
	*ret_exponent = negative ? -exponent : exponent;
	return any;
}

bool column_read_decimal(const char *text, size_t len, int digits, int scale, column_wide *ret_value)
{
	const char *at = text, *end = text + len;
	struct digits read = { 0 };
	bool negative = at < end && *at == '-';
	long exponent, raise;

	at += negative;
	if (!read_digits(&at, end, &read) || !read_exponent(&at, end, &exponent) || at != end)
		return false;
	raise = scale - (read.scale - exponent);
	if (read.size == 0)
		raise = 0;
	if (raise < 0 || read.count + raise > digits)
		return false;
	for (; raise > 0; raise--)
		read.size *= 10;
	*ret_value = negative ? -(column_wide)read.size : (column_wide)read.size;
	return true;
}

static bool read_integer(struct cell_text text, int64_t *ret_integer)
{
	column_wide value;

	if (!column_read_decimal(text.bytes, text.len, 19, 0, &value) || value > INT64_MAX || value < INT64_MIN)
		return false;
	*ret_integer = (int64_t)value;
	return true;
}

static bool read_money(struct cell_text text, int64_t *ret_integer)
{
	column_wide value;

	if (!column_read_decimal(text.bytes, text.len, COLUMN_MONEY_DIGITS, COLUMN_MONEY_SCALE, &value))
		return false;
	*ret_integer = (int64_t)value;
	return true;
}

static bool read_number(struct cell_text text, enum column_kind kind, struct column_value *value)
{
	switch (kind) {
	case COLUMN_MONEY:
		return read_money(text, &value->integer);
	case COLUMN_INTEGER:
		return read_integer(text, &value->integer);
	default:
		return column_read_decimal(text.bytes, text.len, COLUMN_NUMBER_DIGITS, COLUMN_NUMBER_SCALE, &value->wide);
	}
}

/* What is read as cells are: days, instants and flags. */
static bool read_cell(const struct columns *columns, struct json_slice slice, enum column_kind kind, struct str *scratch, int64_t *ret_integer)
{
	static const enum field_kind kinds[] = { [COLUMN_DATE] = FIELD_DATE, [COLUMN_TIME] = FIELD_TIME, [COLUMN_FLAG] = FIELD_FLAG };
	struct cell cell;

	if (!cell_read(slice, kinds[kind], columns->type->zone, scratch, &cell) || cell.kind != CELL_INTEGER)
		return false;
	*ret_integer = kind == COLUMN_TIME ? cell.integer * MICROSECONDS : cell.integer;
	return true;
}

/* Texts without their quotes, numbers and flags as they stand, lists and objects as their JSON. */
static void read_text(struct json_slice slice, struct str *scratch, struct column_value *value)
{
	struct cell_text text = { slice.text, slice.len };

	if (slice.kind == JSON_STRING)
		text = cell_text_of(slice, scratch);
	value->text = text.bytes;
	value->len = text.len;
}

/* False: there is a value, and the column can't hold it. */
static bool read_value(const struct columns *columns, const struct column *column, struct json_slice slice, struct str *scratch,
		       struct column_value *value)
{
	struct cell_text text;

	*value = (struct column_value){ 0 };
	if (slice.kind == JSON_NONE || slice.kind == JSON_NULL || (column->personal && columns->options.personal == PERSONAL_MASKED))
		return true;
	value->is_there = true;
	if (column->kind == COLUMN_TEXT) {
		read_text(slice, scratch, value);
		return true;
	}
	text = cell_text_of(slice, scratch);
	if (text.len == 0) {
		value->is_there = false;
		return slice.kind == JSON_STRING;
	}
	value->is_there = column->kind == COLUMN_MONEY || column->kind == COLUMN_NUMBER || column->kind == COLUMN_INTEGER
				  ? read_number(text, column->kind, value)
				  : read_cell(columns, slice, column->kind, scratch, &value->integer);
	return value->is_there;
}

/* How many of the first columns are the key's. */
static size_t key_count(const struct columns *columns)
{
	return strchr(columns->type->key, ' ') ? 2 : 1;
}

size_t columns_scratch(const struct columns *columns, struct json_slice raw)
{
	/* Each text unescaped, for some kinds twice, and the record once more where it is masked: a mask may be five times what it hides. */
	return raw.len * (columns->options.has_raw ? 7 : 2) + 1;
}

static void read_raw(const struct columns *columns, struct json_slice raw, struct str *scratch, struct column_value *value)
{
	size_t start = scratch->len;

	*value = (struct column_value){ .is_there = true, .text = raw.text, .len = raw.len };
	if (columns->options.personal == PERSONAL_SHOWN || !*columns->type->personal)
		return;
	personal_add_json(columns->type, PERSONAL_MASKED, raw.text, raw.len, scratch);
	value->text = scratch->text + start;
	value->len = scratch->len - start;
}

void columns_read(const struct columns *columns, struct json_slice raw, enum mutation mutation, struct str *scratch,
		  struct column_value *values, int64_t *unfit)
{
	struct json_slice slices[PATH_SLOTS_MAX];
	size_t end = mutation == MUTATION_DELETED ? key_count(columns) : columns->read_count;
	const char *word = mutation_word(mutation);

	for (size_t i = 0; i < end; i++) {
		if (i % PATH_SLOTS_MAX == 0)
			path_tree_walk(&columns->trees[i / PATH_SLOTS_MAX], raw, slices);
		if (!read_value(columns, &columns->all[i], slices[columns->slots[i]], scratch, &values[i]))
			unfit[i]++;
	}
	for (size_t i = end; i < columns->count; i++)
		values[i] = (struct column_value){ 0 };
	if (columns->options.has_raw && mutation != MUTATION_DELETED)
		read_raw(columns, raw, scratch, &values[columns->read_count]);
	values[columns->count - 1] = (struct column_value){ .is_there = true, .text = word, .len = strlen(word) };
}
