/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes a table of rows made by chance, for readers of other houses: tests/lake/ compares what they make of one format with what
 * they make of another. The same seed gives the same rows in each format.
 *
 * usage: write-rows SEED ROWS COLUMNS FORMAT LEVEL
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/utf8.h"
#include "ledgerdeck/lake/table.h"

#define LONG_TEXT (1 << 20)

/* How the values of a column are spread. */
enum spread { FEW, MANY, ODD, NONE, ONE, SPREADS };

struct made {
	struct column *columns;
	char (*names)[40]; /* of these */
	size_t count;
	struct column_value *values;
	struct str texts;
	struct random random;
};

static void add_character(struct str *out, struct random *random)
{
	static const uint32_t firsts[] = { 'a', 0xe5, 0x4e00, 0x1f600, 0xd7f0, 0x10fff0, 0x20 };
	char bytes[4];

	str_add_bytes(out, bytes, utf8_encode(firsts[random_next(random) % ARRAY_LEN(firsts)] + (uint32_t)(random_next(random) % 15), bytes));
}

static void make_text(struct made *made, enum spread spread, struct column_value *value)
{
	size_t start = made->texts.len, length;

	if (spread == FEW || spread == ONE) {
		str_addf(&made->texts, "value %" PRIu64, spread == FEW ? random_next(&made->random) % 20 : 7);
	} else if (spread == MANY) {
		str_addf(&made->texts, "INV-%" PRIu64, random_next(&made->random) % 1000000000);
	} else {
		length = random_next(&made->random) % 5 == 0 ? 0 : random_next(&made->random) % 90;
		if (random_next(&made->random) % 5000 == 0)
			length = LONG_TEXT / 4;
		for (size_t i = 0; i < length; i++)
			add_character(&made->texts, &made->random);
	}
	value->len = made->texts.len - start;
	value->text = (const char *)start; /* the place: the texts may move yet */
}

static column_wide below(struct made *made, int digits)
{
	column_wide limit = 1, value;

	for (int i = 0; i < digits; i++)
		limit *= 10;
	value = (column_wide)random_next(&made->random) << 63 ^ (column_wide)random_next(&made->random);
	if (value < 0)
		value = -(value + 1);
	value %= limit;
	return random_next(&made->random) % 2 ? value : -value;
}

static void make_value(struct made *made, const struct column *column, enum spread spread, struct column_value *value)
{
	const int64_t odd[] = { INT64_MIN, INT64_MAX, 0, -1, 1 };

	*value = (struct column_value){ .is_there = spread != NONE && (spread != ODD || random_next(&made->random) % 3 > 0) };
	if (!value->is_there)
		return;
	switch (column->kind) {
	case COLUMN_TEXT:
		make_text(made, spread, value);
		return;
	case COLUMN_INTEGER:
		value->integer = spread == FEW ? (int64_t)(random_next(&made->random) % 30) - 5
			       : spread == ODD ? odd[random_next(&made->random) % ARRAY_LEN(odd)]
					       : (int64_t)random_next(&made->random);
		break;
	case COLUMN_MONEY:
		value->integer = (int64_t)(spread == FEW ? (column_wide)(random_next(&made->random) % 9) * 10000 : below(made, spread == ODD ? 18 : 9));
		break;
	case COLUMN_NUMBER:
		value->wide = spread == FEW ? (column_wide)(random_next(&made->random) % 9) * 5000000000 : below(made, spread == ODD ? 38 : 14);
		break;
	case COLUMN_DATE:
		value->integer = spread == ODD ? (int64_t)(random_next(&made->random) % 3652058) - 719162 : 20000 + (int64_t)(random_next(&made->random) % 900);
		break;
	case COLUMN_TIME:
		value->integer = (spread == ODD ? (int64_t)(random_next(&made->random) % 253402300799000) : 1700000000000 + (int64_t)(random_next(&made->random) % 90000000000)) * 1000;
		break;
	default:
		value->integer = random_next(&made->random) % (spread == FEW ? 50 : 2) == 0;
	}
	if (spread == ONE)
		value->integer = value->wide = 1;
}

static void make_row(struct made *made)
{
	str_reset(&made->texts);
	for (size_t i = 0; i < made->count; i++)
		make_value(made, &made->columns[i], (enum spread)(i / COLUMN_KIND_COUNT % SPREADS), &made->values[i]);
	for (size_t i = 0; i < made->count; i++)
		if (made->columns[i].kind == COLUMN_TEXT && made->values[i].is_there)
			made->values[i].text = made->texts.text + (size_t)made->values[i].text;
}

static bool write_out(void *ctx, const char *bytes, size_t len, struct error *err)
{
	return fwrite(bytes, 1, len, ctx) == len || error_set(err, ERROR_STORE, "cannot write");
}

int main(int argc, char **argv)
{
	static const struct table_note notes[] = { { "source", "made by chance" }, { "seed", "as given" } };
	struct table_sink sink = { .write = write_out, .ctx = stdout };
	struct table_options options = { .notes = notes, .note_count = ARRAY_LEN(notes) };
	struct made made = { .texts = STR_INIT(STR_NO_LIMIT) };
	AUTO(table_writer_freep) struct table_writer *writer = NULL;
	struct error err;
	long rows;

	if (argc != 6 || !table_format_parse(argv[4], &options.format)) {
		fprintf(stderr, "usage: write-rows SEED ROWS COLUMNS FORMAT LEVEL\n");
		return 2;
	}
	random_seed(&made.random, strtoull(argv[1], NULL, 10));
	rows = strtol(argv[2], NULL, 10);
	made.count = (size_t)strtol(argv[3], NULL, 10);
	options.level = (int)strtol(argv[5], NULL, 10);
	made.columns = memory_new(made.count * sizeof(*made.columns));
	made.values = memory_new(made.count * sizeof(*made.values));
	made.names = memory_new(made.count * sizeof(*made.names));
	for (size_t i = 0; i < made.count; i++) {
		made.columns[i].kind = (enum column_kind)(i % COLUMN_KIND_COUNT);
		made.columns[i].path = "made";
		snprintf(made.names[i], sizeof(made.names[i]), "c%zu_%s", i, column_kind_word(made.columns[i].kind));
		made.columns[i].name = made.names[i];
	}
	options.columns = made.columns;
	options.column_count = made.count;
	writer = table_writer_new(&options, &sink);
	for (long i = 0; i < rows; i++) {
		make_row(&made);
		if (!table_writer_add(writer, made.values, &err)) {
			fprintf(stderr, "write-rows: %s\n", err.text);
			return 1;
		}
	}
	if (!table_writer_end(writer, &err) || fflush(stdout) != 0) {
		fprintf(stderr, "write-rows: cannot write\n");
		return 1;
	}
	free(made.names);
	free(made.columns);
	free(made.values);
	str_clear(&made.texts);
	return 0;
}
