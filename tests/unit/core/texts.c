/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON texts for the tests of json.c: one written by hand, any number made from a seed, mutants
 * of them, and what json-c reads in them.
 */
#include "texts.h"

#include <string.h>

#include <json-c/json.h>

#include "ledgerdeck/core/memory.h"

const char texts_invoice[] =
	" {\"Id\": \"301\", \"Line\": [ {\"Amount\": 12.50, \"Tags\":[ ]}, {\"Amount\":-1e-2} ],\n"
	"\t\"Note\": \"a \\\"quoted\\\" \\\\\",\n"
	"\"Ref\":{\"value\":\"9\",\"name\":\"B\xc3\xa5t }],\\\\\"},"
	"\"None\":null,\"Yes\":true,\"No\":false,\"Zero\":0} ";

void texts_add_repeated(struct str *str, const char *piece, size_t count)
{
	for (size_t i = 0; i < count; i++)
		str_add(str, piece);
}

struct json_object *texts_tree(const char *text, size_t len, bool *ret_ok)
{
	AUTO(memory_freep) char *copy = memory_copy(text, len);
	struct json_tokener *tokener = json_tokener_new_ex(1000);
	struct json_object *tree;

	/* With its NUL, for without it a number might go on; an earlier NUL is no end. */
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	tree = json_tokener_parse_ex(tokener, copy, (int)len + 1);
	*ret_ok = json_tokener_get_error(tokener) == json_tokener_success &&
		  json_tokener_get_parse_end(tokener) >= len;
	json_tokener_free(tokener);
	if (!*ret_ok) {
		json_object_put(tree);
		return NULL;
	}
	return tree;
}

static void make_blank(struct texts *texts)
{
	if (random_below(&texts->random, 4) == 0)
		texts_add_repeated(&texts->text, " ", random_below(&texts->random, 3));
}

static const char *const string_pieces[] = {
	"a", "Harbor", " ", "0123456789", "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t",
	"\\u0041", "\\u00e5", "\\u20AC", "\\ud83d\\udcb0", "\xc3\xa5", "\xe2\x82\xac",
	"\xf0\x9f\x92\xb0", "{", "}", "[", "]", ",", ":", "null", "\x7f",
};

const char *texts_piece(struct texts *texts)
{
	return string_pieces[random_below(&texts->random, ARRAY_LEN(string_pieces))];
}

static void make_string(struct texts *texts)
{
	size_t count = random_below(&texts->random, 6);

	str_add_char(&texts->text, '"');
	for (size_t i = 0; i < count; i++)
		str_add(&texts->text, texts_piece(texts));
	str_add_char(&texts->text, '"');
}

static void make_scalar(struct texts *texts)
{
	static const char *const words[] = { "true", "false", "null", "0", "1.50", "1e3", "0.0E-7",
					     "[]", "{}", "\"\"" };

	switch (random_below(&texts->random, 4)) {
	case 0:
		make_string(texts);
		break;
	case 1:
		str_addf(&texts->text, "%d", (int)random_below(&texts->random, 2000001) - 1000000);
		break;
	case 2:
		str_addf(&texts->text, "-%d.%02d", (int)random_below(&texts->random, 1000),
			 (int)random_below(&texts->random, 100));
		break;
	default:
		str_add(&texts->text, words[random_below(&texts->random, ARRAY_LEN(words))]);
	}
}

static void make_value(struct texts *texts, int depth)
{
	uint64_t what = random_below(&texts->random, 3);
	size_t count = random_below(&texts->random, 5);

	make_blank(texts);
	if (depth == 0 || what == 2) {
		make_scalar(texts);
		make_blank(texts);
		return;
	}
	str_add_char(&texts->text, what ? '{' : '[');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			str_add_char(&texts->text, ',');
		make_blank(texts);
		if (what) {
			str_addf(&texts->text, "\"n%u%s\"", texts->names++,
				 string_pieces[random_below(&texts->random, 4)]);
			make_blank(texts);
			str_add_char(&texts->text, ':');
		}
		make_value(texts, depth - 1);
	}
	str_add_char(&texts->text, what ? '}' : ']');
	make_blank(texts);
}

void texts_clear(struct texts *texts)
{
	str_clear(&texts->text);
}

void texts_make(struct texts *texts, uint64_t seed)
{
	random_seed(&texts->random, seed);
	str_reset(&texts->text);
	texts->names = 0;
	make_value(texts, (int)random_below(&texts->random, 6));
}

void texts_mutate(struct texts *texts)
{
	static const char likely[] = "{}[],:\"\\ 0123456789.-+eEtrufalsn/'\x80\xc3\xe2\xf0\xff\n";
	struct random *random = &texts->random;
	struct str *text = &texts->text;
	AUTO(str_clear) struct str changed = STR_INIT(text->len + 64);
	size_t at = random_below(random, text->len + 1), from = at;

	str_add_bytes(&changed, text->text, at);
	switch (random_below(random, 4)) {
	case 0:
		from += 1 + random_below(random, 3);
		break;
	case 1:
		str_add_char(&changed, likely[random_below(random, sizeof(likely) - 1)]);
		from++;
		break;
	case 2:
		str_add_char(&changed, likely[random_below(random, sizeof(likely) - 1)]);
		break;
	default:
		from = at > 4 ? at - random_below(random, 4) : at;
	}
	if (from < text->len)
		str_add_bytes(&changed, text->text + from, text->len - from);
	str_reset(text);
	str_add_bytes(text, changed.text, changed.len);
}
