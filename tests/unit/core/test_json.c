/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json_check(): the grammar of RFC 8259 by tables, by exhaustion, and against json-c.
 */
#include <regex.h>
#include <string.h>

#include <json-c/json.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#include "tests.h"
#include "texts.h"

struct text {
	const char *bytes;
	size_t len;
};

#define TEXT(literal) { literal, sizeof(literal) - 1 }

/* In memory that ends where the text ends, so that a step too far is seen. */
static bool check_exact(const char *text, size_t len, size_t *ret_at)
{
	AUTO(memory_freep) char *exact = memory_resize(NULL, len);
	size_t at = SIZE_MAX;
	bool ok;

	if (len)
		memcpy(exact, text, len);
	ok = json_check(exact, len, &at);
	assert_int_equal(json_check(exact, len, NULL), ok);
	if (ok)
		assert_true(at == SIZE_MAX);
	else
		assert_true(at <= len);
	if (ret_at)
		*ret_at = at;
	return ok;
}

static void good_texts(void **state)
{
	static const struct text good[] = {
		TEXT("0"), TEXT("-0"), TEXT("7"), TEXT("-12"), TEXT("1.5"), TEXT("-0.0"),
		TEXT("0e0"),
		TEXT("1E5"), TEXT("1e+5"), TEXT("1.25e-05"), TEXT("123456789012345678901234567890"),
		TEXT("1e999999"), TEXT("true"), TEXT("false"), TEXT("null"), TEXT("\"\""),
		TEXT("\"Harbor\""), TEXT(" \t\r\n1 \t\r\n"), TEXT("[]"), TEXT("{}"), TEXT("[ ]"),
		TEXT("{ }"), TEXT("[\n]"), TEXT("[1]"), TEXT("[1,2]"), TEXT(" [ 1 , 2 ] "),
		TEXT("[[],[[]],{}]"), TEXT("[null,true,false,\"x\",-1.0e1]"), TEXT("{\"a\":1}"),
		TEXT("{ \"a\" : 1 , \"b\" : [ ] }"), TEXT("{\"\":0}"), TEXT("{\"a\":1,\"a\":2}"),
		TEXT("{\"a\":{\"b\":{\"c\":[{}]}}}"), TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
		TEXT("\"\\u0041\\u00e5\\u00E5\\uABCD\\uabcd\""), TEXT("\"\\u0000\""),
		TEXT("\"\\ud83d\\udcb0\""), TEXT("\"\\ud83d\""), TEXT("\"\\udcb0\\ud83d\""),
		TEXT("\"\\\\u12\""), TEXT("\"/\""), TEXT("\"\x7f\""), TEXT("\"'\""),
		TEXT("\"\xc2\x80\xdf\xbf\""), TEXT("\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\""),
		TEXT("\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\""), TEXT("\"\xef\xbf\xbf\""),
		TEXT("\"\xe2\x80\xa8\""), TEXT("{\"\xc3\xa5\\n\":\"\xf0\x9f\x92\xb0\"}"),
		TEXT("\"[{,:}]\""), TEXT("[\"a\\\\\",\"\\\"\"]"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		size_t at;

		if (!check_exact(good[i].bytes, good[i].len, &at))
			fail_msg("'%s' was refused at %zu", good[i].bytes, at);
	}
}

struct bad_row {
	struct text text;
	size_t at;
};

#define BAD(at, literal) { TEXT(literal), at }

static const struct bad_row bad_rows[] = {
	/* Nothing, and more than one thing */
	BAD(0, ""), BAD(1, " "), BAD(4, "\n\t\r "), BAD(2, "1 2"), BAD(1, "1,"), BAD(2, "{}{}"),
	BAD(2, "[]]"), BAD(3, "{} x"), BAD(1, "1\0"), BAD(0, "\0"), BAD(2, "\"\"\""),
	BAD(4, "true1"),
	BAD(0, "x"), BAD(0, "\xef\xbb\xbf" "1"), BAD(0, "\f1"), BAD(1, "1\v"), BAD(1, "1\xc2\xa0"),
	/* Words */
	BAD(0, "tru"), BAD(0, "True"), BAD(0, "TRUE"), BAD(0, "nul"), BAD(0, "nulL"),
	BAD(0, "fals"),
	BAD(0, "NaN"), BAD(0, "Infinity"), BAD(1, "-Infinity"), BAD(0, "undefined"), BAD(0, "t"),
	BAD(5, "falsey"),
	/* Numbers */
	BAD(1, "-"), BAD(0, "+1"), BAD(0, ".5"), BAD(2, "1."), BAD(2, "1.e5"), BAD(2, "1e"),
	BAD(3, "1e+"), BAD(3, "1e-"), BAD(1, "01"), BAD(2, "-01"), BAD(1, "00"), BAD(1, "0x1"),
	BAD(3, "1.5.5"), BAD(3, "1e5.5"), BAD(1, "1-2"), BAD(1, "--1"), BAD(1, "-a"), BAD(1, "- 1"),
	BAD(1, "1_0"), BAD(1, "1a"), BAD(2, "1.x"), BAD(0, "\xef\xbc\x91"),
	/* Strings */
	BAD(1, "\""), BAD(2, "\"a"), BAD(0, "'a'"), BAD(0, "a"), BAD(1, "\"\n\""),
	BAD(2, "\"a\t\""),
	BAD(1, "\"\0\""), BAD(1, "\"\x1f\""), BAD(1, "\"\\"), BAD(3, "\"\\\""), BAD(1, "\"\\x41\""),
	BAD(1, "\"\\'\""), BAD(1, "\"\\U0041\""), BAD(1, "\"\\u\""), BAD(1, "\"\\u004\""),
	BAD(1, "\"\\u004g\""), BAD(1, "\"\\u-041\""), BAD(1, "\"\\u 041\""), BAD(1, "\"\\u00"),
	BAD(1, "\"\\\n\""), BAD(1, "\"\\0\""), BAD(1, "\"\\a\""), BAD(9, "\"12345678\n\""),
	/* UTF-8: tails, starts, overlong, surrogates, too great, cut */
	BAD(1, "\"\x80\""), BAD(1, "\"\xbf\""), BAD(1, "\"\xc3\""), BAD(1, "\"\xc3(\""),
	BAD(1, "\"\xc0\xaf\""), BAD(1, "\"\xc1\xbf\""), BAD(1, "\"\xe0\x9f\xbf\""),
	BAD(1, "\"\xe2\x82\""), BAD(1, "\"\xe2(\xa1\""), BAD(1, "\"\xed\xa0\x80\""),
	BAD(1, "\"\xed\xbf\xbf\""), BAD(1, "\"\xf0\x8f\xbf\xbf\""), BAD(1, "\"\xf0\x9f\x92\""),
	BAD(1, "\"\xf4\x90\x80\x80\""), BAD(1, "\"\xf5\x80\x80\x80\""), BAD(1, "\"\xfe\""),
	BAD(1, "\"\xff\""), BAD(1, "\"\xe2\x82"), BAD(2, "{\"\xff\":1}"), BAD(2, "\"a\xe5\""),
	/* Arrays */
	BAD(1, "["), BAD(0, "]"), BAD(1, "[,]"), BAD(3, "[1,]"), BAD(1, "[,1]"), BAD(3, "[1,,2]"),
	BAD(3, "[1 2]"), BAD(2, "[1"), BAD(3, "[1,"), BAD(2, "[1}"), BAD(2, "[1:2]"), BAD(3, "[[]"),
	BAD(4, "[\"a\":1]"), BAD(1, "[}"),
	/* Objects */
	BAD(1, "{"), BAD(0, "}"), BAD(1, "{1:2}"), BAD(1, "{a:1}"), BAD(1, "{'a':1}"),
	BAD(4, "{\"a\"}"),
	BAD(4, "{\"a\",1}"), BAD(5, "{\"a\":}"), BAD(5, "{\"a\" 1}"), BAD(7, "{\"a\":1,}"),
	BAD(1, "{,\"a\":1}"), BAD(6, "{\"a\":1]"), BAD(5, "{\"a\"::1}"),
	BAD(7, "{\"a\":1 \"b\":2}"),
	BAD(6, "{\"a\":1"), BAD(5, "{\"a\":"), BAD(4, "{\"a\""), BAD(7, "{\"a\":1,"),
	BAD(1, "{[]:1}"),
	BAD(1, "{null:1}"), BAD(7, "{\"a\":1,1}"), BAD(1, "{]"), BAD(1, "{{}:1}"),
	/* Comments */
	BAD(0, "/**/1"), BAD(2, "1 /**/"), BAD(0, "//\n1"), BAD(0, "#\n1"), BAD(2, "[1/**/]"),
};

static void bad_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad_rows); i++) {
		const struct bad_row *row = &bad_rows[i];
		size_t at;

		if (check_exact(row->text.bytes, row->text.len, &at))
			fail_msg("'%s' was accepted", row->text.bytes);
		if (at != row->at)
			fail_msg("'%s' breaks at %zu, expected %zu", row->text.bytes, at, row->at);
	}
}

/* `c` at `place` of a string of `len` bytes that are otherwise `filler`. */
static void check_byte(int c, size_t place, size_t len, char filler)
{
	bool good = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
	char text[24]; /* a quote, up to 20 bytes, a quote */

	memset(text, filler, sizeof(text));
	text[0] = text[len + 1] = '"';
	text[place] = (char)c;
	if (check_exact(text, len + 2, NULL) != good)
		fail_msg("byte %d at %zu of %zu", c, place, len);
}

/* Each kind of byte meets each place in a step of eight, between low and high neighbours. */
static void every_byte_at_every_place(void **state)
{
	(void)state;
	for (size_t len = 1; len <= 20; len++) {
		for (size_t place = 1; place <= len; place++) {
			for (int c = 0; c < 256; c++) {
				check_byte(c, place, len, ' ');
				check_byte(c, place, len, '@');
				check_byte(c, place, len, '\x7f');
			}
		}
	}
}

static void every_escape(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char text[] = { '"', '\\', (char)c, '"' };
		char digits[] = "\"\\u0000\"";
		bool hex = c && strchr("0123456789abcdefABCDEF", c);

		assert_int_equal(check_exact(text, 4, NULL), c && strchr("\"\\/bfnrt", c) != NULL);
		for (size_t place = 3; place < 7; place++) {
			memcpy(digits + 3, "0000", 4);
			digits[place] = (char)c;
			assert_int_equal(check_exact(digits, 8, NULL), hex);
		}
	}
}

/* All texts of up to six of these characters, against the number rule as an expression. */
static void every_short_number(void **state)
{
	static const char alphabet[] = "-+.eE019";
	regex_t rule;

	(void)state;
	assert_int_equal(regcomp(&rule, "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?$",
				 REG_EXTENDED | REG_NOSUB), 0);
	for (size_t len = 1; len <= 6; len++) {
		for (size_t code = 0; code < (size_t)1 << (3 * len); code++) {
			char text[7] = { 0 };

			for (size_t i = 0; i < len; i++)
				text[i] = alphabet[code >> (3 * i) & 7];
			if (json_check(text, len, NULL) != (regexec(&rule, text, 0, NULL, 0) == 0))
				fail_msg("'%s' is judged wrongly", text);
		}
	}
	regfree(&rule);
}

static void depth_has_a_limit(void **state)
{
	static const struct {
		const char *open, *inside, *close;
		size_t levels, more; /* of each repetition, and once */
	} rows[] = {
		{ "[", "", "]", 1, 0 }, { "[", "1", "]", 1, 0 }, { "{\"a\":", "1", "}", 1, 0 },
		{ "{\"a\":", "{}", "}", 1, 1 }, { "[{\"a\":", "[]", "}]", 2, 1 },
		{ "[[],", "0", ",[]]", 1, 1 }, { " [ ", " \"[[[[\" ", " ] ", 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (size_t count = 1; count <= 70; count++) {
			AUTO(str_clear) struct str text = STR_INIT(10000);
			size_t depth = count * rows[i].levels + rows[i].more;

			texts_add_repeated(&text, rows[i].open, count);
			str_add(&text, rows[i].inside);
			texts_add_repeated(&text, rows[i].close, count);
			if (json_check(text.text, text.len, NULL) != (depth <= JSON_DEPTH_MAX))
				fail_msg("%zu times '%s' is judged wrongly", count, rows[i].open);
		}
	}
}

static void a_million_brackets(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(3000000);
	size_t at = 0;

	(void)state;
	texts_add_repeated(&text, "[", 1000000);
	assert_false(json_check(text.text, text.len, &at));
	assert_int_equal(at, JSON_DEPTH_MAX);
	/* Beside each other they are no depth. */
	str_reset(&text);
	str_add(&text, "[");
	texts_add_repeated(&text, "[],", 500000);
	str_add(&text, "{}]");
	assert_true(json_check(text.text, text.len, NULL));
}

/* No beginning of a text is a text. */
static void no_part_is_whole(void **state)
{
	size_t whole = strlen(texts_invoice);

	(void)state;
	assert_true(check_exact(texts_invoice, whole, NULL));
	assert_true(check_exact(texts_invoice, whole - 1, NULL));
	for (size_t len = 0; len < whole - 1; len++)
		assert_false(check_exact(texts_invoice, len, NULL));
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_number_char(char c)
{
	return c && strchr("0123456789.eE+-", c);
}

/*
 * Might json-c take this text although RFC 8259 does not? Even when strict it takes NaN and
 * Infinity, control characters inside strings, names in single quotes, points without digits on
 * both sides, zeros before a number, and UTF-8 that is overlong, a surrogate or too great.
 */
static bool tree_is_lax(const char *text, size_t len)
{
	if (!str_is_utf8(text, len) || memmem(text, len, "NaN", 3) ||
	    memmem(text, len, "Infinity", 8) || memchr(text, '\'', len))
		return true;
	for (size_t i = 0; i < len; i++) {
		char before = i > 0 ? text[i - 1] : ' ', after = i + 1 < len ? text[i + 1] : ' ';

		if ((unsigned char)text[i] < 0x20)
			return true;
		if (text[i] == '.' && !(is_digit(before) && is_digit(after)))
			return true;
		if (text[i] == '0' && is_digit(after) &&
		    (before == '-' || !is_number_char(before)))
			return true;
	}
	return false;
}

/* Returns the common verdict. */
static bool check_against_tree(const char *text, size_t len)
{
	bool ok = check_exact(text, len, NULL), tree_ok;

	json_object_put(texts_tree(text, len, &tree_ok));
	if (ok && !tree_ok)
		fail_msg("json-c refuses what was accepted: %s", text);
	if (!ok && tree_ok && !tree_is_lax(text, len))
		fail_msg("json-c accepts what was refused: %s", text);
	return ok;
}

static void every_short_structure(void **state)
{
	static const char *const tokens[] = { "{", "}", "[", "]", ",", ":", "\"a\"", "1" };
	size_t good = 0;

	(void)state;
	for (size_t len = 1; len <= 6; len++) {
		for (size_t code = 0; code < (size_t)1 << (3 * len); code++) {
			char text[6 * 3 + 1] = { 0 }; /* six of the longest */
			size_t used = 0;

			for (size_t i = 0; i < len; i++) {
				const char *token = tokens[code >> (3 * i) & 7];

				memcpy(text + used, token, strlen(token));
				used += strlen(token);
			}
			good += check_against_tree(text, used);
		}
	}
	/*
	 * By the number of tokens 2, 3, 3, 4, 10 and 20: a run of ones is a number, too, and for
	 * example of six there are 111111, four [V4], twelve [V1,V2] or [V2,V1], three {"a":V2}.
	 */
	assert_int_equal(good, 42);
}

static void made_texts_and_their_mutants(void **state)
{
	AUTO(texts_clear) struct texts texts = TEXTS_INIT;
	size_t good = 0, bad = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 3000; seed++) {
		texts_make(&texts, seed);
		if (!check_against_tree(texts.text.text, texts.text.len))
			fail_msg("a good text was refused: %s", texts.text.text);
		for (int i = 0; i < 8; i++) {
			texts_mutate(&texts);
			if (check_against_tree(texts.text.text, texts.text.len))
				good++;
			else
				bad++;
		}
	}
	/* Both kinds, or the comparison would be worth little. */
	assert_true(good > 1000);
	assert_true(bad > 10000);
}

int test_json(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_texts),
		cmocka_unit_test(bad_texts),
		cmocka_unit_test(every_byte_at_every_place),
		cmocka_unit_test(every_escape),
		cmocka_unit_test(every_short_number),
		cmocka_unit_test(depth_has_a_limit),
		cmocka_unit_test(a_million_brackets),
		cmocka_unit_test(no_part_is_whole),
		cmocka_unit_test(every_short_structure),
		cmocka_unit_test(made_texts_and_their_mutants),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
