/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements as CSV, read twice. */
#include "ledgerdeck/model/statement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "excerpt.h"
#include "import_bind.h"
#include "import_cell.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/csv.h"

#define SAMPLE_MAX ((size_t)64 << 10)
#define ROW_MAX ((size_t)1 << 20)
#define HEAD_ROWS_MAX 50 /* the names of the columns stand in one of these */

enum part { PART_DATE, PART_AMOUNT, PART_DEBIT, PART_CREDIT, PART_NUMBER, PART_PARTY, PART_TEXT, PART_CURRENCY, PART_BALANCE, PART_COUNT };

/* Names as header_reduce() makes them; the first is what a profile calls it. */
static const char *const names[PART_COUNT] = {
	[PART_DATE] = "date bookingdate postingdate transactiondate buchungstag buchungsdatum datum dato bokførtdato valuedate valutadatum",
	[PART_AMOUNT] = "amount betrag umsatz beløp sum",
	[PART_DEBIT] = "debit withdrawal withdrawals paidout moneyout soll ausgang ut utavkonto belastning",
	[PART_CREDIT] = "credit deposit deposits paidin moneyin haben eingang inn innpåkonto",
	[PART_NUMBER] = "number reference ref referenz transactionid checknumber chequenumber checkno kundenreferenz belegnummer referanse kid",
	[PART_PARTY] = ("party payee payer counterparty name begünstigterzahlungspflichtiger beguenstigterzahlungspflichtiger "
			"auftraggeberempfänger auftraggeberempfaenger empfänger empfaenger mottaker avsender"),
	[PART_TEXT] = "text description memo details narrative particulars verwendungszweck buchungstext beskrivelse tekst forklaring",
	[PART_CURRENCY] = "currency währung waehrung valuta",
	[PART_BALANCE] = "balance saldo runningbalance kontostand",
};

struct statement {
	const struct import_profile *profile;
	struct statement_sink sink;
	struct str sample;           /* owned: the beginning, until the columns are known */
	bool bound, second;
	char separator;
	size_t head_line;            /* of the columns' names; rows up to it are passed over */
	size_t places[PART_COUNT];   /* columns; COLUMN_NONE: there is none */
	char *headers[PART_COUNT];   /* owned */
	struct csv csv;
	bool reading;                /* csv is in use */
	struct cell_rules rules;
	size_t first_dmy, first_mdy; /* lines whose date can be read in that way only; 0: none */
	size_t lines;
	/* Balances: of the row before, and in which direction they go. */
	bool has_before, follows_down, follows_up, was_checked;
	struct decimal before_balance, before_amount;
	size_t broken_line;
	struct error *err;
	bool failed;
};

struct statement *statement_new(const struct import_profile *profile, const struct statement_sink *sink)
{
	struct statement *statement = memory_new(sizeof(*statement));

	statement->profile = profile;
	statement->sink = *sink;
	statement->rules.profile = profile;
	statement->follows_down = statement->follows_up = true;
	str_init(&statement->sample, STR_NO_LIMIT);
	return statement;
}

static void end_reading(struct statement *statement)
{
	if (statement->reading)
		csv_clear(&statement->csv);
	statement->reading = false;
}

void statement_free(struct statement *statement)
{
	if (!statement)
		return;
	end_reading(statement);
	str_clear(&statement->sample);
	for (int part = 0; part < PART_COUNT; part++)
		free(statement->headers[part]);
	free(statement);
}

void statement_freep(struct statement **statement)
{
	statement_free(*statement);
	*statement = NULL;
}

/* ---- which column is what */

static bool is_name(const char *list, const char *name, bool first_only)
{
	size_t len = strlen(name);

	while (*list) {
		size_t word = strcspn(list, " ");

		if (word == len && strncmp(list, name, len) == 0)
			return true;
		if (first_only)
			return false;
		list += word + (list[word] == ' ');
	}
	return false;
}

/* What a profile says of a header; PART_COUNT: nothing. */
static enum part by_profile(const struct import_profile *profile, const char *reduced)
{
	for (size_t i = 0; profile && i < profile->count; i++) {
		AUTO(str_clear) struct str left = STR_INIT(STR_NO_LIMIT);

		if (profile->rows[i].is_constant)
			continue;
		header_reduce(profile->rows[i].left, strlen(profile->rows[i].left), &left);
		if (strcmp(left.text, reduced) != 0)
			continue;
		for (int part = 0; part < PART_COUNT; part++)
			if (is_name(names[part], profile->rows[i].right, true))
				return (enum part)part;
	}
	return PART_COUNT;
}

static enum part part_of(const struct import_profile *profile, const char *reduced)
{
	enum part said = by_profile(profile, reduced);

	for (int part = 0; said == PART_COUNT && part < PART_COUNT; part++)
		if (is_name(names[part], reduced, false))
			return (enum part)part;
	return said;
}

struct heading {
	struct statement *statement;
	size_t places[PART_COUNT], line, rows;
	char *headers[PART_COUNT];   /* owned */
	bool found;
};

static void heading_clear(struct heading *heading)
{
	for (int part = 0; part < PART_COUNT; part++)
		free(heading->headers[part]);
}

static bool take_heading(void *ctx, const struct csv_row *row)
{
	struct heading *heading = ctx;
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT), reduced = STR_INIT(STR_NO_LIMIT);
	char why[CELL_WHY_MAX];

	heading_clear(heading);
	for (int part = 0; part < PART_COUNT; part++) {
		heading->places[part] = COLUMN_NONE;
		heading->headers[part] = NULL;
	}
	for (size_t i = 0; i < row->count; i++) {
		enum part part;

		str_reset(&text);
		str_reset(&reduced);
		if (!cell_read_text(&heading->statement->rules, row->cells[i].text, row->cells[i].len, &text, why))
			continue;
		header_reduce(text.text, text.len, &reduced);
		part = reduced.len ? part_of(heading->statement->profile, reduced.text) : PART_COUNT;
		/* The first of two such columns: a day of booking stands before the day of value. */
		if (part == PART_COUNT || heading->places[part] != COLUMN_NONE)
			continue;
		heading->places[part] = i;
		heading->headers[part] = memory_copy_text(text.text);
	}
	heading->line = row->line;
	heading->found = heading->places[PART_DATE] != COLUMN_NONE &&
			 (heading->places[PART_AMOUNT] != COLUMN_NONE ||
			  (heading->places[PART_DEBIT] != COLUMN_NONE && heading->places[PART_CREDIT] != COLUMN_NONE));
	return !heading->found && ++heading->rows < HEAD_ROWS_MAX;
}

static bool try_separator(struct statement *statement, char separator)
{
	struct heading heading = { .statement = statement };
	struct csv csv;

	csv_init(&csv, separator, ROW_MAX, take_heading, &heading);
	if (csv_feed(&csv, statement->sample.text, statement->sample.len))
		csv_end(&csv);
	csv_clear(&csv);
	if (!heading.found) {
		heading_clear(&heading);
		return false;
	}
	statement->separator = separator;
	statement->head_line = heading.line;
	memcpy(statement->places, heading.places, sizeof(statement->places));
	memcpy(statement->headers, heading.headers, sizeof(statement->headers));
	return true;
}

static bool bind(struct statement *statement, struct error *err)
{
	static const char usual[] = { ';', ',', '\t', '|' };

	if (memchr(statement->sample.text, '\0', statement->sample.len))
		return error_set(err, ERROR_INPUT, "the file is no text, or UTF-16: save it as CSV in UTF-8");
	if (statement->profile && statement->profile->separator)
		statement->bound = try_separator(statement, statement->profile->separator);
	for (size_t i = 0; !statement->bound && i < sizeof(usual) && !(statement->profile && statement->profile->separator); i++)
		statement->bound = try_separator(statement, usual[i]);
	return statement->bound || error_set(err, ERROR_INPUT, "no row of the file names a column for the date and one for the amount (or one each for "
					     "debit and credit); a profile (--columns) can say which they are");
}

/* ---- a row */

static bool refuse(struct statement *statement, const struct csv_row *row, enum part part, const char *why)
{
	size_t column = statement->places[part];
	const char *text = column != COLUMN_NONE && column < row->count ? row->cells[column].text : "";
	char shown[EXCERPT_MAX];
	struct import_refusal refusal = { .line = row->line, .column = column == COLUMN_NONE ? 0 : column + 1, .external_id = "",
					  .name = statement->headers[part] ? statement->headers[part] : "",
					  .text = excerpt(text, strlen(text), shown), .why = why };

	if (!statement->second || statement->sink.refusal(statement->sink.ctx, &refusal, statement->err))
		return true;
	statement->failed = true;
	return false;
}

static const struct csv_cell *cell_of(const struct statement *statement, const struct csv_row *row, enum part part)
{
	size_t column = statement->places[part];

	return column != COLUMN_NONE && column < row->count ? &row->cells[column] : NULL;
}

static void text_of(const struct statement *statement, const struct csv_row *row, enum part part, struct str *out)
{
	const struct csv_cell *cell = cell_of(statement, row, part);
	char why[CELL_WHY_MAX];

	if (cell && !cell_read_text(&statement->rules, cell->text, cell->len, out, why))
		str_reset(out);
}

/* True with `ret_found` false: the cell is empty, or there is none. */
static bool number_of(const struct statement *statement, const struct csv_row *row, enum part part, struct decimal *ret_value, bool *ret_found,
		      char *why)
{
	const struct csv_cell *cell = cell_of(statement, row, part);
	AUTO(str_clear) struct str digits = STR_INIT(STR_NO_LIMIT);

	*ret_found = false;
	*ret_value = (struct decimal){ 0 };
	if (!cell || strspn(cell->text, " \t") == cell->len)
		return true;
	if (!cell_read_number(&statement->rules, cell->text, cell->len, &digits, why))
		return false;
	*ret_found = decimal_parse(digits.text, digits.len, ret_value);
	if (!*ret_found)
		snprintf(why, CELL_WHY_MAX, "is no amount");
	return *ret_found;
}

/* One column with a sign, or what came in less what went out, whose signs don't count. */
static bool amount_of(const struct statement *statement, const struct csv_row *row, struct decimal *ret_amount, enum part *ret_part, char *why)
{
	struct decimal out, in;
	bool found, has_out, has_in;

	*ret_part = PART_AMOUNT;
	if (!number_of(statement, row, PART_AMOUNT, ret_amount, &found, why))
		return false;
	if (found)
		return true;
	*ret_part = PART_DEBIT;
	if (!number_of(statement, row, PART_DEBIT, &out, &has_out, why))
		return false;
	*ret_part = PART_CREDIT;
	if (!number_of(statement, row, PART_CREDIT, &in, &has_in, why))
		return false;
	if (out.digits < 0)
		out = decimal_negate(out);
	if ((has_out || has_in) && decimal_subtract(in, out, ret_amount))
		return true;
	snprintf(why, CELL_WHY_MAX, "is missing");
	return false;
}

static void note_orders(struct statement *statement, const struct csv_row *row)
{
	const struct csv_cell *cell = cell_of(statement, row, PART_DATE);
	unsigned orders = cell ? date_orders(cell->text, cell->len) : 0;

	if (orders == 1U << DATE_DMY && !statement->first_dmy)
		statement->first_dmy = row->line;
	if (orders == 1U << DATE_MDY && !statement->first_mdy)
		statement->first_mdy = row->line;
}

/* Each balance is the one before and this amount, or, where the newest line comes first, the other way round. */
static void note_balance(struct statement *statement, const struct csv_row *row, struct decimal amount)
{
	struct decimal balance, expected;
	char why[CELL_WHY_MAX];
	bool found;

	if (!number_of(statement, row, PART_BALANCE, &balance, &found, why) || !found)
		return;
	if (statement->has_before) {
		statement->was_checked = true;
		statement->follows_down = statement->follows_down && decimal_add(statement->before_balance, amount, &expected) &&
					  decimal_compare(expected, balance) == 0;
		statement->follows_up = statement->follows_up && decimal_subtract(statement->before_balance, statement->before_amount, &expected) &&
					decimal_compare(expected, balance) == 0;
		if (!statement->follows_down && !statement->follows_up && !statement->broken_line)
			statement->broken_line = row->line;
	}
	statement->has_before = true;
	statement->before_balance = balance;
	statement->before_amount = amount;
}

static bool is_blank(const struct csv_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (strspn(row->cells[i].text, " \t") != row->cells[i].len)
			return false;
	return true;
}

static bool hand_out(struct statement *statement, const struct csv_row *row, struct decimal amount)
{
	AUTO(str_clear) struct str date = STR_INIT(STR_NO_LIMIT), number = STR_INIT(400), party = STR_INIT(400), text = STR_INIT(2000),
			       currency = STR_INIT(40);
	const struct csv_cell *cell = cell_of(statement, row, PART_DATE);
	struct statement_line line = { .line = row->line };
	char why[CELL_WHY_MAX];

	if (!cell || !cell_read_date(&statement->rules, cell->text, cell->len, &date, why))
		return refuse(statement, row, PART_DATE, cell ? why : "is missing");
	if (!date_parse(date.text, date.len, &line.date))
		return refuse(statement, row, PART_DATE, "is no day");
	if (!decimal_to_millionths(amount, &line.amount))
		return refuse(statement, row, PART_AMOUNT, "has more digits than can be compared");
	text_of(statement, row, PART_NUMBER, &number);
	text_of(statement, row, PART_PARTY, &party);
	text_of(statement, row, PART_TEXT, &text);
	text_of(statement, row, PART_CURRENCY, &currency);
	if (currency.len != 0 && currency.len != 3)
		return refuse(statement, row, PART_CURRENCY, "is no currency: it has three letters, as EUR");
	snprintf(line.currency, sizeof(line.currency), "%.3s", currency.text);
	line.number = number.text;
	line.party = party.text;
	line.text = text.text;
	if (statement->sink.line(statement->sink.ctx, &line, statement->err))
		return true;
	statement->failed = true;
	return false;
}

static bool take_row(void *ctx, const struct csv_row *row)
{
	struct statement *statement = ctx;
	struct decimal amount;
	enum part part;
	char why[CELL_WHY_MAX];

	if (row->line <= statement->head_line || is_blank(row))
		return true;
	if (row->fault != CSV_GOOD)
		return refuse(statement, row, PART_DATE, "the row can't be read: its quotes don't close, or it is too long");
	if (++statement->lines > STATEMENT_LINES_MAX) {
		statement->failed = true;
		return error_set(statement->err, ERROR_INPUT, "the statement has more than %zu lines", STATEMENT_LINES_MAX);
	}
	if (!amount_of(statement, row, &amount, &part, why))
		return refuse(statement, row, part, why);
	if (statement->second)
		return hand_out(statement, row, amount);
	note_orders(statement, row);
	note_balance(statement, row, amount);
	return true;
}

/* ---- the file */

static void begin_reading(struct statement *statement)
{
	csv_init(&statement->csv, statement->separator, ROW_MAX, take_row, statement);
	statement->reading = true;
	statement->lines = 0;
}

static bool feed(struct statement *statement, const char *bytes, size_t len, struct error *err)
{
	statement->err = err;
	return csv_feed(&statement->csv, bytes, len) || !statement->failed;
}

static bool start(struct statement *statement, struct error *err)
{
	if (!bind(statement, err))
		return false;
	begin_reading(statement);
	return feed(statement, statement->sample.text, statement->sample.len, err);
}

bool statement_feed(struct statement *statement, const char *bytes, size_t len, struct error *err)
{
	if (statement->bound)
		return (statement->reading || (begin_reading(statement), true)) && feed(statement, bytes, len, err);
	str_add_bytes(&statement->sample, bytes, len);
	return statement->sample.len < SAMPLE_MAX || start(statement, err);
}

/* How its dates are written, and whether its balances go on. */
static bool conclude(struct statement *statement, struct error *err)
{
	statement->rules.is_mixed = statement->first_dmy && statement->first_mdy;
	statement->rules.mixed_lines[0] = statement->first_dmy;
	statement->rules.mixed_lines[1] = statement->first_mdy;
	if (!statement->rules.is_mixed)
		statement->rules.order = statement->first_dmy ? DATE_DMY : statement->first_mdy ? DATE_MDY : DATE_NO_ORDER;
	if (statement->was_checked && !statement->follows_down && !statement->follows_up)
		return error_set(err, ERROR_INPUT, "line %zu: its balance does not follow from the line before: a line is missing, or was changed",
				 statement->broken_line);
	return true;
}

bool statement_end(struct statement *statement, struct error *err)
{
	bool good;

	if (!statement->bound && !start(statement, err))
		return false;
	statement->err = err;
	good = csv_end(&statement->csv) || !statement->failed;
	end_reading(statement);
	return good && (statement->second || conclude(statement, err));
}

void statement_again(struct statement *statement)
{
	end_reading(statement);
	statement->second = true;
}
