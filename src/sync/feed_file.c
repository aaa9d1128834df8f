/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of one type into one file. All of it is of one moment of the store, and so is the mark up to which it goes: what is
 * written to the mirror meanwhile is the next run's.
 */
#include "feed_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#define TELL_ROWS 5000

struct filling {
	struct feed_making *making;
	const struct type *type;
	struct columns *columns;       /* owned */
	struct table_writer *writer;   /* owned */
	struct column_value *values;   /* owned */
	int64_t *unfit;                /* owned: of each column */
	struct str scratch;            /* owned */
	struct spool spool;
	struct feed_file *file;
	struct error *err;
	bool failed;
};

static void filling_clear(struct filling *filling)
{
	table_writer_free(filling->writer);
	columns_free(filling->columns);
	free(filling->values);
	free(filling->unfit);
	str_clear(&filling->scratch);
	spool_clear(&filling->spool);
}

struct columns *feed_columns(const struct type *type, const struct feed_options *options)
{
	const struct columns_options wanted = { .names = options->names, .personal = options->personal, .has_raw = options->has_raw };

	return columns_new(type, &wanted);
}

bool feed_file_is(const struct feed_file *file)
{
	return *file->digest != '\0';
}

static bool fail(struct filling *filling)
{
	filling->failed = true;
	return false;
}

static bool add_row(struct filling *filling, enum mutation mutation, const char *raw, size_t len)
{
	const struct json_slice slice = { .text = raw, .len = len, .kind = JSON_OBJECT };
	struct feed_making *making = filling->making;
	struct feed_file *file = filling->file;

	if (cancel_asked(making->run->cancel)) {
		error_set(filling->err, ERROR_CANCELLED, "interrupted; the export goes on where it was when it is asked for again");
		return fail(filling);
	}
	str_reset(&filling->scratch);
	str_reserve(&filling->scratch, columns_scratch(filling->columns, slice));
	columns_read(filling->columns, slice, mutation, &filling->scratch, filling->values, filling->unfit);
	if (!table_writer_add(filling->writer, filling->values, filling->err))
		return fail(filling);
	file->rows++;
	file->gone += mutation == MUTATION_DELETED;
	if (++making->progress.rows % TELL_ROWS == 0 && making->run->progress)
		making->run->progress(making->run->ctx, &making->progress);
	return true;
}

static bool each_record(void *ctx, const char *raw, size_t len)
{
	return add_row(ctx, MUTATION_ADDED, raw, len);
}

static bool each_change(void *ctx, const struct feed_change *change, const char *raw, size_t len)
{
	return change->never || add_row(ctx, change->is_gone ? MUTATION_DELETED : change->is_new ? MUTATION_ADDED : MUTATION_UPDATED, raw, len);
}

static bool read_rows(struct filling *filling, const struct object *object, struct error *err)
{
	struct store *store = filling->making->run->store;
	char columns[20];
	struct feed_mark since;
	bool found;

	if (filling->file->is_full)
		return feed_records(store, object, each_record, filling, err) && !filling->failed;
	if (!feed_mark_get(store, filling->making->feed->no, object->no, &since, columns, &found, err))
		return false;
	if (!found || since.epoch != store_epoch(store))
		return error_set(err, ERROR_STORE, "the mark of %s is gone", object->type);
	return feed_changes(store, object, &since, each_change, filling, err) && !filling->failed;
}

/* What readers may want to know of where it comes from; nothing that differs when the same is written again. */
static void start_writer(struct filling *filling, const struct object *object)
{
	const struct feed_making *making = filling->making;
	char version[20];
	const struct table_note notes[] = {
		{ "ledgerdeck.provider", making->account->provider },
		{ "ledgerdeck.environment", environment_word(making->account->environment) },
		{ "ledgerdeck.account", making->account->id },
		{ "ledgerdeck.type", object->type },
		{ "ledgerdeck.columns", version },
	};
	const struct table_options options = {
		.format = making->format, .columns = columns_all(filling->columns), .column_count = columns_count(filling->columns),
		.level = making->options.level, .notes = notes, .note_count = ARRAY_LEN(notes),
	};
	const struct table_sink sink = { .write = spool_write, .ctx = &filling->spool };

	columns_digest(filling->columns, version);
	filling->writer = table_writer_new(&options, &sink);
}

static bool fill(struct filling *filling, const struct object *object, struct error *err)
{
	struct store *store = filling->making->run->store;
	bool good;

	start_writer(filling, object);
	if (!store_read_begin(store, err))
		return false;
	good = feed_mark_now(store, &filling->file->mark, err) && read_rows(filling, object, err);
	store_read_end(store);
	return good && table_writer_end(filling->writer, err);
}

static bool end(struct filling *filling, struct error *err)
{
	struct feed_file *file = filling->file;
	struct digest digest;

	for (size_t i = 0; i < columns_count(filling->columns); i++)
		file->unfit += filling->unfit[i];
	/* What is not ended is removed. */
	if (!file->is_full && file->rows == 0)
		return true;
	if (!spool_end(&filling->spool, &file->bytes, &digest, err))
		return false;
	digest_hex(&digest, file->digest);
	return true;
}

bool feed_file_make(struct feed_making *making, struct feed_file *file, struct error *err)
{
	AUTO(filling_clear) struct filling filling = { .making = making, .file = file, .scratch = STR_INIT(STR_NO_LIMIT), .err = err };
	AUTO(str_clear) struct str path = STR_INIT(4000);
	const struct type *type = catalogue_find(making->run->catalogue, making->account->provider, file->type);
	struct object object;
	bool found;

	spool_init(&filling.spool);
	file->rows = file->gone = file->unfit = file->bytes = 0;
	*file->digest = '\0';
	if (!objects_get(making->run->store, making->account->id, file->type, &object, &found, err))
		return false;
	if (!type || !found)
		return error_set(err, ERROR_INPUT, "the catalogue has no type '%.60s' any more", file->type);
	filling.columns = feed_columns(type, &making->options);
	filling.values = memory_new(columns_count(filling.columns) * sizeof(*filling.values));
	filling.unfit = memory_new(columns_count(filling.columns) * sizeof(*filling.unfit));
	columns_digest(filling.columns, file->columns);
	return destination_spool(making->destination, file->path, &path, err) && spool_open(&filling.spool, path.text, err) &&
	       fill(&filling, &object, err) && end(&filling, err);
}
