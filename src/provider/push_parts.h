/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every provider's translation of a resource is written with: JSON by paths, and the resource's own values. */
#ifndef PROVIDER_PUSH_PARTS_H
#define PROVIDER_PUSH_PARTS_H

#include "ledgerdeck/provider/push.h"

/* push_shape.c: an object written member by member, by paths ("CustomerRef.value"); members of one path stand together. */
#define SHAPE_DEPTH 4
struct shape {
	struct str *out;
	char open[SHAPE_DEPTH][40];  /* names of the members that are open */
	size_t depth;
	bool follows[SHAPE_DEPTH + 1]; /* something stands before, there */
};
void push_shape_begin(struct shape *shape, struct str *out);
void push_shape_end(struct shape *shape);
/* Begins a member; its value, any JSON, is appended to shape->out by the caller. */
void push_shape_member(struct shape *shape, const char *path);
void push_shape_raw(struct shape *shape, const char *path, const char *json);
void push_shape_text(struct shape *shape, const char *path, const char *text, size_t len);
void push_shape_number(struct shape *shape, const char *path, struct decimal value);

/* One translation under way. */
struct translating {
	const struct desk *desk;
	const struct resource_type *type;
	struct translation *to;
	struct json_slice data;
	const char *tag;             /* NULL: none */
	int line;                    /* under way, from 1; 0: none */
};
/* push_values.c: a value of the resource; false when it is absent. Texts are unescaped and appended to `out`. */
bool push_text(struct json_slice object, const char *field, struct str *out);
bool push_decimal(struct json_slice object, const char *field, struct decimal *ret_value);
bool push_flag(struct json_slice object, const char *field, bool *ret_flag);
bool push_is_word(struct json_slice object, const char *field, const char *word);
/* The day that it is written with: another one where the desk says so. */
bool push_day(const struct translating *work, const char *field, struct date *ret_day);
/* A line's amount to the cent: given, or quantity times price. */
struct decimal push_amount(struct json_slice line);
/* The id of a code; false: it is not there, or can't be told (then an obstacle is noted). "" in `ret_id` then. */
bool push_code(struct translating *work, struct json_slice object, bool line, const char *field, char *ret_id);
/* Is it due? A default is taken when the code is absent. */
bool push_code_or_default(struct translating *work, struct json_slice object, bool line, const char *field, char *ret_id);
/* Bytes of the first so many characters; ledgers count characters. */
size_t push_fitting(const char *text, size_t len, int max);

/* push_tax.c: the tax of a document, summed up line by line. */
#define TAXING_RATES 16
struct taxing {
	struct taxing_rate {
		char id[RECORD_ID_MAX];
		struct decimal percent, net, by_line; /* of all lines; `by_line` is rounded line by line */
	} rates[TAXING_RATES];
	size_t count;
	bool unknown;                /* a rate that is not mirrored, or that the ledger chooses */
	bool inclusive;
	struct decimal net;          /* of all lines, without tax where amounts include it */
	struct decimal amounts;
};
void taxing_init(struct taxing *taxing, bool inclusive);
/* A line's amount under so many rates (id and percent of each). Gives its net, and its tax by each where `ret_parts` is given. */
struct decimal taxing_add(struct taxing *taxing, const struct taxing_rate *rates, size_t count, struct decimal amount,
			  struct decimal *ret_parts);
size_t taxing_find(const struct taxing *taxing, const char *id); /* a rate's place; TAXING_RATES: it has none */
/* The tax once per rate, and as systems have it that round each line. False: it can't be foretold. */
bool taxing_total(const struct taxing *taxing, struct decimal *ret_tax, struct decimal *ret_by_line);
/* Another tax by rates: as it is where each line is rounded, if that is it; else what differs goes to the rate with the most. */
void taxing_share(const struct taxing *taxing, struct decimal tax, struct decimal *ret_parts /* TAXING_RATES */);
/* Systems that round the tax of each line are a cent a line off at most. */
bool taxing_is_rounding(struct decimal off, size_t lines);
void push_sum(struct decimal *to, struct decimal value);

/* The rate of another currency by the account's own table; false: an obstacle says why there is none. A note says which it is. */
bool push_rate_of_table(struct translating *work, const char *currency, struct decimal *ret_rate);

/* A text, number or flag as plain text; nothing else gives any. Appended. */
void push_plain(struct json_slice value, struct str *out);
/* The same of a member of a record, or of a body, as much of it as fits; "" where it is none. */
void push_member(struct json_slice object, const char *path, char *out, size_t size);
/* Nothing, as a ledger leaves it out: absent, null, false, "" or 0. */
bool push_is_nothing(struct json_slice value);
/* As a value for people: "nothing", or so much of it. Appended. */
void push_add_short(struct json_slice value, struct str *out);

#endif
