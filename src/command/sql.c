/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sql`: one reading statement on the store, for inspection. The tables are no contract and may change. */
#include <string.h>

#include "verbs.h"

struct sheet {
	const struct printer *printer;
	struct printer_column *columns; /* owned */
	char **names;                   /* owned, and each of them */
	size_t count;
	bool begun;
};

static void sheet_clear(struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->count; i++)
		memory_freep(&sheet->names[i]);
	memory_freep(&sheet->names);
	memory_freep(&sheet->columns);
}

static bool head(void *ctx, size_t count, const char *const *names)
{
	struct sheet *sheet = ctx;

	sheet->columns = memory_new((count + 1) * sizeof(*sheet->columns));
	sheet->names = memory_new((count + 1) * sizeof(*sheet->names));
	for (; sheet->count < count; sheet->count++) {
		sheet->names[sheet->count] = memory_copy_text(names[sheet->count]);
		sheet->columns[sheet->count].name = sheet->names[sheet->count];
	}
	sheet->printer->begin(sheet->printer->ctx, "rows", sheet->columns);
	sheet->begun = true;
	return true;
}

static bool row(void *ctx, size_t count, const char *const *values)
{
	struct sheet *sheet = ctx;

	sheet->printer->row(sheet->printer->ctx);
	for (size_t i = 0; i < count; i++)
		sheet->printer->text(sheet->printer->ctx, sheet->names[i], values[i]);
	return !sheet->printer->is_broken(sheet->printer->ctx);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	AUTO(sheet_clear) struct sheet sheet = { .printer = printer };

	if (!store_inspect(app->store, argument(arguments, "STATEMENT"), head, row, &sheet, err))
		return verb_failed(err);
	if (sheet.begun)
		printer->end(printer->ctx);
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "STATEMENT", NULL, false, true, "one SELECT statement, in quotes" },
};

static const char *const examples[] = { "ledgerdeck sql 'SELECT type, live FROM object ORDER BY live DESC LIMIT 5'", NULL };

const struct command command_sql = {
	.name = "sql", .summary = "read the store with one SQL statement", .needs = NEEDS_STORE, .arguments = rows,
	.argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
