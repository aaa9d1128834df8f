/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The filter language: words with blanks between them. A word is a name, an operator and a value
 * (state:inactive, Balance>0, CustomerRef.name~"acme corp"), or a text to look for in the title.
 * Carrying a filter out is the store's.
 */
#include "ledgerdeck/model/filter.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/nearest.h"
#include "cell.h"
#include "filter_word.h"

static const struct {
	const char *word;
	enum filter_subject subject;
} subjects[] = {
	{ "id", FILTER_ID },
	{ "title", FILTER_TITLE },
	{ "state", FILTER_STATE },
	{ "changed", FILTER_CHANGED },
};

static const struct {
	const char *word;
	int64_t value;
} flag_words[] = {
	{ "yes", 1 }, { "true", 1 }, { "1", 1 }, { "no", 0 }, { "false", 0 }, { "0", 0 },
};

struct parser {
	const struct type *type;
	enum personal personal;
	struct filter *filter;
	struct error *err;
	const char *at;
};

/* One word of the filter, and the condition that becomes of it. */
struct term {
	struct filter_word word;
	struct filter_condition *condition; /* its text is the word's */
};

static bool find_field(struct parser *parser, struct term *term, bool any_case)
{
	for (size_t i = 0; i < parser->type->field_count; i++)
		if (filter_word_is(&term->word, parser->type->fields[i].name, any_case)) {
			term->condition->subject = FILTER_FIELD;
			term->condition->field = i;
			return true;
		}
	return false;
}

static bool refuse_name(struct parser *parser, const struct term *term)
{
	struct nearest nearest = nearest_start(term->word.name, term->word.name_len);
	char hint[NEAREST_HINT_MAX];

	for (size_t i = 0; i < ARRAY_LEN(subjects); i++)
		nearest_try(&nearest, subjects[i].word);
	for (size_t i = 0; i < parser->type->field_count; i++)
		nearest_try(&nearest, parser->type->fields[i].name);
	return error_set(parser->err, ERROR_INPUT, "%s has no field '%.*s'%s", parser->type->name,
			 term->word.name_len > 60 ? 60 : (int)term->word.name_len, term->word.name,
			 nearest_hint(&nearest, hint));
}

/* Fields in their own spelling, then the words of the language, then fields in any. */
static bool find_subject(struct parser *parser, struct term *term)
{
	if (find_field(parser, term, false))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(subjects); i++)
		if (filter_word_is(&term->word, subjects[i].word, true)) {
			term->condition->subject = subjects[i].subject;
			return true;
		}
	return find_field(parser, term, true) || refuse_name(parser, term);
}

/* ---- values ---- */

static bool refuse_value(struct parser *parser, const struct term *term, const char *expected)
{
	return error_set(parser->err, ERROR_INPUT, "'%.*s' takes %s, not '%.60s'",
			 (int)term->word.name_len, term->word.name, expected, term->condition->text);
}

static bool refuse_operator(struct parser *parser, const struct term *term, const char *what)
{
	return error_set(parser->err, ERROR_INPUT, "'%s' does not go with '%.*s', which is %s",
			 term->word.sign, (int)term->word.name_len, term->word.name, what);
}

static void set_integer(struct term *term, int64_t integer)
{
	term->condition->op = term->word.op;
	term->condition->value = (struct cell){ .kind = CELL_INTEGER, .integer = integer };
}

static void set_text(struct term *term)
{
	term->condition->op = term->word.op;
	term->condition->value = (struct cell){
		.kind = CELL_TEXT,
		.text = term->condition->text,
		.len = term->word.text_len,
	};
}

static bool set_decimal(struct parser *parser, struct term *term)
{
	int64_t integer;

	if (term->word.op == FILTER_CONTAINS)
		return refuse_operator(parser, term, "a number");
	if (!cell_of_decimal(term->condition->text, term->word.text_len, &integer))
		return refuse_value(parser, term, "a number such as 1200.50");
	set_integer(term, integer);
	return true;
}

static bool set_date(struct parser *parser, struct term *term)
{
	struct date date;

	if (term->word.op == FILTER_CONTAINS)
		return refuse_operator(parser, term, "a date");
	if (!date_parse(term->condition->text, term->word.text_len, &date))
		return refuse_value(parser, term, "a date such as 2026-01-31");
	set_integer(term, date.day);
	return true;
}

static bool set_flag(struct parser *parser, struct term *term)
{
	if (term->word.op != FILTER_EQUAL && term->word.op != FILTER_NOT_EQUAL)
		return refuse_operator(parser, term, "yes or no");
	for (size_t i = 0; i < ARRAY_LEN(flag_words); i++)
		if (strcasecmp(flag_words[i].word, term->condition->text) == 0) {
			set_integer(term, flag_words[i].value);
			return true;
		}
	return refuse_value(parser, term, "yes or no");
}

static struct filter_condition *add_condition(struct parser *parser)
{
	struct filter *filter = parser->filter;

	if (filter->count == FILTER_CONDITIONS_MAX) {
		error_set(parser->err, ERROR_INPUT, "a filter has at most %d conditions",
			  FILTER_CONDITIONS_MAX);
		return NULL;
	}
	filter->conditions[filter->count] = (struct filter_condition){ .subject = FILTER_TITLE };
	return &filter->conditions[filter->count++];
}

/*
 * A whole day, which is a range of instants: "=" becomes two conditions, the others move to its
 * border.
 */
static bool set_day(struct parser *parser, struct term *term, int64_t start_ms)
{
	struct filter_condition *end;

	switch (term->word.op) {
	case FILTER_EQUAL:
		end = add_condition(parser);
		if (!end)
			return false;
		*end = *term->condition;
		end->op = FILTER_LESS;
		end->value = (struct cell){ .kind = CELL_INTEGER, .integer = start_ms + DAY_MS };
		term->word.op = FILTER_GREATER_EQUAL;
		break;
	case FILTER_LESS_EQUAL:
		term->word.op = FILTER_LESS;
		start_ms += DAY_MS;
		break;
	case FILTER_GREATER:
		term->word.op = FILTER_GREATER_EQUAL;
		start_ms += DAY_MS;
		break;
	case FILTER_NOT_EQUAL:
		return refuse_operator(parser, term, "a day: use < or >");
	default:
		break;
	}
	set_integer(term, start_ms);
	return true;
}

/* Days and times without an offset are in UTC. */
static bool set_time(struct parser *parser, struct term *term)
{
	const char *text = term->condition->text;
	struct date date;
	bool has_offset;
	int64_t ms;

	if (term->word.op == FILTER_CONTAINS)
		return refuse_operator(parser, term, "a time");
	if (date_parse(text, term->word.text_len, &date))
		return set_day(parser, term, date.day * DAY_MS);
	if (!stamp_parse(text, term->word.text_len, &ms, &has_offset))
		return refuse_value(parser, term, "a day or a time such as 2026-01-31T12:00:00Z");
	set_integer(term, ms);
	return true;
}

static bool set_state(struct parser *parser, struct term *term)
{
	struct nearest nearest = nearest_start(term->condition->text, term->word.text_len);
	char hint[NEAREST_HINT_MAX];

	if (term->word.op != FILTER_EQUAL && term->word.op != FILTER_NOT_EQUAL)
		return refuse_operator(parser, term, "a word");
	parser->filter->names_state = true;
	for (int state = 0; state < RECORD_STATE_COUNT; state++) {
		const char *word = record_state_word_of(parser->type, (enum record_state)state);

		if (strcasecmp(word, term->condition->text) == 0 ||
		    strcasecmp(record_state_word((enum record_state)state), term->condition->text) == 0) {
			set_integer(term, state);
			return true;
		}
		nearest_try(&nearest, word);
	}
	/* Deleted ones too: nothing is left out, and there is no condition. */
	if (strcasecmp(term->condition->text, "any") == 0 && term->word.op == FILTER_EQUAL) {
		parser->filter->count--;
		return true;
	}
	return error_set(parser->err, ERROR_INPUT, "there is no state '%.60s'%s",
			 term->condition->text, nearest_hint(&nearest, hint));
}

static bool set_value(struct parser *parser, struct term *term)
{
	const struct filter_condition *condition = term->condition;

	if (term->word.text_len == 0)
		return error_set(parser->err, ERROR_INPUT, "'%.*s%s' has no value",
				 (int)term->word.name_len, term->word.name, term->word.sign);
	if (condition->subject == FILTER_STATE)
		return set_state(parser, term);
	if (condition->subject == FILTER_CHANGED)
		return set_time(parser, term);
	switch (condition->subject == FILTER_FIELD ? parser->type->fields[condition->field].kind
						   : FIELD_TEXT) {
	case FIELD_MONEY:
	case FIELD_NUMBER:
		return set_decimal(parser, term);
	case FIELD_DATE:
		return set_date(parser, term);
	case FIELD_TIME:
		return set_time(parser, term);
	case FIELD_FLAG:
		return set_flag(parser, term);
	default:
		set_text(term);
		return true;
	}
}

bool filter_may_use(const struct type *type, size_t field, enum personal personal, struct error *err)
{
	if (personal == PERSONAL_SHOWN || !type->fields[field].personal)
		return true;
	return error_set(err, ERROR_INPUT, "'%.60s' is personal and masked; with --set ui.personal=shown it is seen, and looked for",
			 type->fields[field].name);
}

static bool read_term(struct parser *parser)
{
	struct term term;

	term.condition = add_condition(parser);
	if (!term.condition || !filter_word_read(&parser->at, &term.word, parser->err))
		return false;
	memcpy(term.condition->text, term.word.text, term.word.text_len + 1);
	if (term.word.sign)
		return find_subject(parser, &term) &&
		       (term.condition->subject != FILTER_FIELD ||
			filter_may_use(parser->type, term.condition->field, parser->personal, parser->err)) &&
		       set_value(parser, &term);
	set_text(&term);
	return true;
}

bool filter_parse(const struct type *type, const char *text, enum personal personal, struct filter *ret_filter,
		  struct error *err)
{
	struct parser parser = { .type = type, .personal = personal, .filter = ret_filter, .err = err, .at = text };

	ret_filter->count = 0;
	ret_filter->names_state = false;
	if (!str_is_utf8(text, strlen(text)))
		return error_set(err, ERROR_INPUT, "a filter is a text in UTF-8");
	while (filter_word_comes(&parser.at))
		if (!read_term(&parser))
			return false;
	return true;
}
