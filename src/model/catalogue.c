/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loads the catalogue: the rows that are built in, then the user's; then what only all rows
 * together can tell: that the types which others point to exist, and an order in which those come
 * first.
 */
#include "ledgerdeck/model/catalogue.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/nearest.h"
#include "catalogue_impl.h"

#define FILE_BYTES_MAX ((size_t)1 << 20)
#define FILE_ENDING ".catalogue"

const char *catalogue_text(struct catalogue *catalogue, const char *bytes, size_t len)
{
	memory_grow(&catalogue->texts, &catalogue->text_room, catalogue->text_count + 1,
		    sizeof(char *));
	catalogue->texts[catalogue->text_count] = memory_copy(bytes, len);
	return catalogue->texts[catalogue->text_count++];
}

void catalogue_type_free(struct catalogue_type *type)
{
	if (!type)
		return;
	path_tree_clear(&type->paths);
	free(type->select_at);
	free(type->type.columns);
	free(type);
}

void catalogue_free(struct catalogue *catalogue)
{
	if (!catalogue)
		return;
	for (size_t i = 0; i < catalogue->count; i++)
		catalogue_type_free(catalogue->types[i]);
	for (size_t i = 0; i < catalogue->text_count; i++)
		free(catalogue->texts[i]);
	free(catalogue->types);
	free(catalogue->texts);
	free(catalogue);
}

static void catalogue_freep(struct catalogue **catalogue)
{
	catalogue_free(*catalogue);
}

/* ---- what only all rows together can tell ---- */

static struct catalogue_type *find_exact(const struct catalogue *catalogue, const char *provider,
					 const char *name)
{
	for (size_t i = 0; i < catalogue->count; i++)
		if (strcmp(catalogue->types[i]->type.name, name) == 0 &&
		    strcmp(catalogue->types[i]->type.provider, provider) == 0)
			return catalogue->types[i];
	return NULL;
}

static bool check_known(const struct catalogue *catalogue, const struct catalogue_type *from,
			struct type_line at, const char *name, struct error *err)
{
	struct nearest nearest = nearest_start(name, strlen(name));
	char hint[NEAREST_HINT_MAX];

	if (find_exact(catalogue, from->type.provider, name))
		return true;
	for (size_t i = 0; i < catalogue->count; i++)
		if (strcmp(catalogue->types[i]->type.provider, from->type.provider) == 0)
			nearest_try(&nearest, catalogue->types[i]->type.name);
	return error_set(err, ERROR_INPUT,
			 "%s:%zu: '%s' points to '%.60s', which is no type of %s%s", at.file,
			 at.line, from->type.name, name, from->type.provider,
			 nearest_hint(&nearest, hint));
}

static bool check_references(const struct catalogue *catalogue, struct error *err)
{
	for (size_t i = 0; i < catalogue->count; i++) {
		const struct catalogue_type *type = catalogue->types[i];

		for (size_t j = 0; type->type.depends[j]; j++)
			if (!check_known(catalogue, type, type->depends_at, type->type.depends[j],
					 err))
				return false;
		for (size_t j = 0; j < type->type.field_count; j++)
			if (type->type.fields[j].refers_to &&
			    !check_known(catalogue, type, type->field_at[j],
					 type->type.fields[j].refers_to, err))
				return false;
	}
	return true;
}

/* Types on their way into the order: what a type depends on is placed before it. */
struct ordering {
	const struct catalogue *catalogue;
	struct catalogue_type **placed; /* owned */
	size_t count;
	struct catalogue_type **open; /* owned: types whose dependencies are being placed */
	size_t open_count;
	struct error *err;
};

static bool contains(struct catalogue_type *const *types, size_t count,
		     const struct catalogue_type *type)
{
	for (size_t i = 0; i < count; i++)
		if (types[i] == type)
			return true;
	return false;
}

static bool refuse_cycle(const struct ordering *ordering, const struct catalogue_type *type)
{
	AUTO(str_clear) struct str path = STR_INIT(150);
	size_t from = 0;

	while (ordering->open[from] != type)
		from++;
	for (size_t i = from; i < ordering->open_count; i++)
		str_addf(&path, "%s -> ", ordering->open[i]->type.name);
	str_add(&path, type->type.name);
	return error_set(ordering->err, ERROR_INPUT, "%s:%zu: types depend on each other: %s",
			 type->depends_at.file, type->depends_at.line, path.text);
}

/* As deep as types depend on each other; each is open once, and there are at most TYPES_MAX. */
static bool place(struct ordering *ordering, struct catalogue_type *type)
{
	if (contains(ordering->placed, ordering->count, type))
		return true;
	if (contains(ordering->open, ordering->open_count, type))
		return refuse_cycle(ordering, type);
	ordering->open[ordering->open_count++] = type;
	for (size_t i = 0; type->type.depends[i]; i++)
		if (!place(ordering, find_exact(ordering->catalogue, type->type.provider,
						type->type.depends[i])))
			return false;
	ordering->open_count--;
	ordering->placed[ordering->count++] = type;
	return true;
}

static bool put_in_order(struct catalogue *catalogue, struct error *err)
{
	AUTO(memory_freep)
	struct catalogue_type **placed = memory_new((catalogue->count + 1) * sizeof(*placed));
	AUTO(memory_freep)
	struct catalogue_type **open = memory_new((catalogue->count + 1) * sizeof(*open));
	struct ordering ordering = {
		.catalogue = catalogue, .placed = placed, .open = open, .err = err
	};

	for (size_t i = 0; i < catalogue->count; i++)
		if (!place(&ordering, catalogue->types[i]))
			return false;
	if (catalogue->count > 0)
		memcpy(catalogue->types, placed, catalogue->count * sizeof(*placed));
	return true;
}

static bool finish(struct catalogue **catalogue, struct catalogue **ret_catalogue,
		   struct error *err)
{
	if (!check_references(*catalogue, err) || !put_in_order(*catalogue, err))
		return false;
	*ret_catalogue = memory_steal(catalogue);
	return true;
}

/* ---- reading ---- */

bool catalogue_parse(const char *text, const char *name, struct catalogue **ret_catalogue,
		     struct error *err)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = memory_new(sizeof(*catalogue));

	return catalogue_rows_read(catalogue, 0, text, strlen(text), name, err) &&
	       finish(&catalogue, ret_catalogue, err);
}

struct names {
	char **names; /* owned, each too */
	size_t count, room;
};

static void names_clear(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->names[i]);
	free(names->names);
}

static int compare_names(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static bool has_ending(const char *name)
{
	size_t len = strlen(name), ending = strlen(FILE_ENDING);

	return name[0] != '.' && len > ending && strcmp(name + len - ending, FILE_ENDING) == 0;
}

static void close_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

/* The paths of a directory's catalogue files, in order of name; none when there is no directory. */
static bool list_files(const char *path, struct names *names, struct error *err)
{
	AUTO(close_directory) DIR *directory = opendir(path);
	const struct dirent *entry;

	if (!directory && errno == ENOENT)
		return true;
	if (!directory)
		return error_set(err, ERROR_INPUT, "cannot list '%s': %s", path, strerror(errno));
	while ((entry = readdir(directory)) != NULL) {
		AUTO(str_clear) struct str file = STR_INIT(STR_NO_LIMIT);

		if (!has_ending(entry->d_name))
			continue;
		str_addf(&file, "%s/%s", path, entry->d_name);
		memory_grow(&names->names, &names->room, names->count + 1, sizeof(char *));
		names->names[names->count++] = str_take(&file);
	}
	if (names->count > 1)
		qsort(names->names, names->count, sizeof(*names->names), compare_names);
	return true;
}

static bool read_user_files(struct catalogue *catalogue, const char *directory, struct error *err)
{
	AUTO(names_clear) struct names files = { 0 };

	if (!list_files(directory, &files, err))
		return false;
	for (size_t i = 0; i < files.count; i++) {
		AUTO(str_clear) struct str text = STR_INIT(FILE_BYTES_MAX);

		if (!file_read(files.names[i], FILE_BYTES_MAX, &text, err) ||
		    !catalogue_rows_read(catalogue, 1, text.text, text.len, files.names[i], err))
			return false;
	}
	return true;
}

static bool read_builtin(struct catalogue *catalogue, struct error *err)
{
	for (size_t i = 0; catalogue_builtin[i][0]; i++)
		if (!catalogue_rows_read(catalogue, 0, catalogue_builtin[i][1],
					 strlen(catalogue_builtin[i][1]), catalogue_builtin[i][0],
					 err))
			return false;
	return true;
}

bool catalogue_try(const char *text, const char *name, struct catalogue **ret_catalogue, struct error *err)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = memory_new(sizeof(*catalogue));

	return read_builtin(catalogue, err) && catalogue_rows_read(catalogue, 1, text, strlen(text), name, err) &&
	       finish(&catalogue, ret_catalogue, err);
}

bool type_is_own(const struct type *type)
{
	return ((const struct catalogue_type *)type)->generation > 0;
}

bool catalogue_load(const char *user_directory, struct catalogue **ret_catalogue, struct error *err)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = memory_new(sizeof(*catalogue));

	if (!read_builtin(catalogue, err))
		return false;
	if (user_directory && !read_user_files(catalogue, user_directory, err))
		return false;
	return finish(&catalogue, ret_catalogue, err);
}

/* ---- asking ---- */

size_t catalogue_count(const struct catalogue *catalogue)
{
	return catalogue->count;
}

const struct type *catalogue_at(const struct catalogue *catalogue, size_t index)
{
	assert(index < catalogue->count);
	return &catalogue->types[index]->type;
}

/* The one type whose first `len` letters are the name's, in any case; NULL: none, or several. */
static const struct type *find_like(const struct catalogue *catalogue, const char *provider,
				    const char *name, bool whole)
{
	const struct type *found = NULL;
	size_t len = strlen(name);

	for (size_t i = 0; i < catalogue->count; i++) {
		const struct type *type = &catalogue->types[i]->type;

		if (strcmp(type->provider, provider) != 0 ||
		    strncasecmp(type->name, name, len) != 0 || (whole && type->name[len] != '\0'))
			continue;
		if (found)
			return NULL;
		found = type;
	}
	return found;
}

const struct type *catalogue_find(const struct catalogue *catalogue, const char *provider,
				  const char *name)
{
	const struct catalogue_type *exact = find_exact(catalogue, provider, name);
	const struct type *found;

	if (exact)
		return &exact->type;
	if (*name == '\0')
		return NULL;
	found = find_like(catalogue, provider, name, true);
	return found ? found : find_like(catalogue, provider, name, false);
}

static bool is_called(const struct type *type, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = type->called; len > 0 && (at = strstr(at, word)) != NULL; at += len)
		if ((at == type->called || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

const struct type *catalogue_called(const struct catalogue *catalogue, const char *provider, const char *word)
{
	const struct catalogue_type *exact = find_exact(catalogue, provider, word);

	if (exact)
		return &exact->type;
	for (size_t i = 0; i < catalogue->count; i++) {
		const struct type *type = &catalogue->types[i]->type;

		if (strcmp(type->provider, provider) == 0 && is_called(type, word))
			return type;
	}
	return NULL;
}

static size_t line_of_select(const struct catalogue_type *known, const char *path)
{
	size_t index = 0, len;

	for (const char *at = known->type.select; *at; at += strspn(at, " "), index++) {
		len = strcspn(at, " ");
		if (strlen(path) == len && memcmp(at, path, len) == 0)
			return known->select_at[index];
		at += len;
	}
	return 0;
}

void type_add_place(const struct type *type, const char *word, const char *path, struct str *out)
{
	const struct catalogue_type *known = (const struct catalogue_type *)type;
	size_t line = strcmp(word, "select") == 0 ? line_of_select(known, path) : 0;

	for (size_t i = 0; i < type->field_count && strcmp(word, "field") == 0; i++)
		if (line == 0 && strcmp(type->fields[i].path, path) == 0)
			line = known->field_at[i].line;
	for (size_t i = 0; i < type->column_count && strcmp(word, "column") == 0; i++)
		if (line == 0 && type->columns[i].is_own && strcmp(type->columns[i].path, path) == 0)
			line = type->columns[i].line;
	for (size_t i = 0; i < known->said_count && line == 0; i++)
		if (strcmp(known->said[i].word, word) == 0)
			line = known->said[i].line;
	str_addf(out, "%s:%zu", known->at.file, line ? line : known->at.line);
}

bool type_merges(const struct type *type)
{
	return *type->active && !(type->operations & TYPE_DELETE) && type->deletion != TYPE_NEVER_DELETED;
}

bool type_extra(const struct type *type, const char *word, const char **ret_value, size_t *ret_len)
{
	size_t word_len = strlen(word);

	for (const char *at = type->extra; *at;) {
		size_t len = strcspn(at, " \t");

		if (len >= word_len && memcmp(at, word, word_len) == 0 &&
		    (len == word_len || at[word_len] == '=')) {
			if (ret_value) {
				*ret_value = at + word_len + (len > word_len ? 1 : 0);
				*ret_len = len - word_len - (len > word_len ? 1 : 0);
			}
			return true;
		}
		at += len;
		at += strspn(at, " \t");
	}
	return false;
}

const struct type_field *type_field(const struct type *type, const char *name)
{
	for (size_t i = 0; i < type->field_count; i++)
		if (strcmp(type->fields[i].name, name) == 0)
			return &type->fields[i];
	return NULL;
}
