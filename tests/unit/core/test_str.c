/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growing text: limits to the byte, growth, the ways of writing, UTF-8 against a slow decoder. */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/core/utf8.h"

#include "tests.h"

/* Of the blocks that str.h names, by Unicode 14's CaseFolding.txt, without ASCII. */
#define FOLD_COUNT 639
/* Of all these and ASCII's 26: each character's number times that of what it folds to. */
#define FOLD_SUM UINT64_C(14107684837)

/* What holds for every text at any time. */
static void assert_sound(const struct str *str)
{
	assert_non_null(str->text);
	assert_true(str->len <= str->limit);
	assert_int_equal(str->text[str->len], '\0');
	assert_true(str->room == 0 ? str->text == str_empty && str->len == 0 :
		    str->len < str->room);
	assert_true(str->room <= str->limit + 1);
	assert_int_equal(str_empty[0], '\0');
}

static void empty_texts(void **state)
{
	struct str text = STR_INIT(10), blank = { 0 };
	char *taken;

	(void)state;
	assert_sound(&text);
	assert_string_equal(text.text, "");
	str_add(&text, "");
	str_add_bytes(&text, NULL, 0);
	str_addf(&text, "%s", "");
	str_truncate(&text, 0);
	str_truncate(&text, 5);
	str_reset(&text);
	assert_sound(&text);
	assert_int_equal(text.room, 0);
	assert_false(str_is_cut(&text));
	taken = str_take(&text);
	assert_string_equal(taken, "");
	assert_ptr_not_equal(taken, str_empty);
	free(taken);
	str_clear(&text);
	str_clear(&text);
	assert_sound(&text);
	assert_int_equal(text.limit, 10);
	str_clear(&blank);
	assert_sound(&blank);
}

static void take_moves(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(10);
	AUTO(memory_freep) char *taken = NULL;

	(void)state;
	str_add(&text, "0123456789abc");
	assert_true(str_is_cut(&text));
	taken = str_take(&text);
	assert_string_equal(taken, "0123456789");
	assert_sound(&text);
	assert_int_equal(text.len, 0);
	assert_false(str_is_cut(&text));
	str_add(&text, "again");
	assert_string_equal(text.text, "again");
	assert_string_equal(taken, "0123456789");
}

static void reset_keeps_room(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(1000);
	const char *before;
	size_t room;

	(void)state;
	str_reserve(&text, 500);
	assert_int_equal(text.len, 0);
	assert_sound(&text);
	assert_true(text.room > 500);
	before = text.text;
	room = text.room;
	for (int i = 0; i < 500; i++)
		str_add_char(&text, 'x');
	assert_ptr_equal(text.text, before);
	str_reset(&text);
	assert_int_equal(text.len, 0);
	assert_int_equal(text.room, room);
	str_reserve(&text, 100000);
	assert_int_equal(text.room, 1001);
	assert_false(str_is_cut(&text));
}

/* Each way of adding, at every distance from every small limit. */
static void limits_are_exact(void **state)
{
	static const char source[] = "abcdefghijklmnopqrstuvwxyz";

	(void)state;
	for (size_t limit = 0; limit < 140; limit++) {
		for (size_t way = 0; way < 4; way++) {
			for (size_t piece = 1; piece <= 26; piece++) {
				AUTO(str_clear) struct str text = STR_INIT(limit);
				size_t added = 0;

				while (added < limit + 30) {
					if (way == 0)
						str_add_bytes(&text, source, piece);
					else if (way == 1)
						str_addf(&text, "%.*s", (int)piece, source);
					else if (way == 2)
						str_add(&text, source + 26 - piece);
					else
						str_add_char(&text, source[piece - 1]);
					added += way == 3 ? 1 : piece;
					assert_sound(&text);
					assert_int_equal(text.len, added < limit ? added : limit);
					assert_int_equal(str_is_cut(&text), added > limit);
				}
				if (limit > 0)
					assert_int_equal(text.text[0], way == 0 || way == 1 ? 'a' :
							 way == 2 ? source[26 - piece] :
							 source[piece - 1]);
			}
		}
	}
}

static void the_mark_stays(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(5);

	(void)state;
	str_add(&text, "123456");
	str_truncate(&text, 2);
	assert_string_equal(text.text, "12");
	assert_true(str_is_cut(&text));
	str_reset(&text);
	assert_false(str_is_cut(&text));
	str_addf(&text, "%d", 123456);
	assert_string_equal(text.text, "12345");
	assert_true(str_is_cut(&text));
	str_clear(&text);
	assert_false(str_is_cut(&text));
}

static void growth_doubles(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	size_t moves = 0, room = 0;

	(void)state;
	for (size_t i = 0; i < 3000000; i++) {
		str_add_char(&text, (char)('a' + i % 26));
		moves += text.room != room;
		room = text.room;
	}
	assert_true(moves <= 17);
	for (size_t i = 0; i < 3000000; i++) {
		if (text.text[i] != (char)('a' + i % 26))
			fail_msg("byte %zu is wrong", i);
	}
}

static void formats_straight_into_the_buffer(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(100000);
	AUTO(memory_freep) char *filler = memory_new(70001);

	(void)state;
	memset(filler, '-', 70000);
	str_addf(&text, "%s=%d;", "n", 42);
	str_addf(&text, "%5.2s|%-4d|%lld", "abc", 7, (long long)INT64_MIN);
	assert_string_equal(text.text, "n=42;   ab|7   |-9223372036854775808");
	str_addf(&text, "%s%s", filler, "end");
	assert_int_equal(text.len, 36 + 70000 + 3);
	assert_string_equal(text.text + 36 + 70000, "end");
	/* The C locale has no such character: printf fails, after it has written something. */
	str_addf(&text, "part%ls", L"\u20ac");
	assert_true(str_is_cut(&text));
	assert_string_equal(text.text + 36 + 70000, "end");
	assert_sound(&text);
}

static void json_escapes_what_it_must(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(4096);
	static const char *const short_forms[32] = {
		[8] = "\\b", [9] = "\\t", [10] = "\\n", [12] = "\\f", [13] = "\\r",
	};

	(void)state;
	str_add_json(&text, NULL, 0);
	assert_string_equal(text.text, "\"\"");
	for (int c = 0; c < 256; c++) {
		AUTO(str_clear) struct str expected = STR_INIT(20);
		char byte = (char)c;

		if (c < 32 && short_forms[c])
			str_addf(&expected, "\"%s\"", short_forms[c]);
		else if (c < 32)
			str_addf(&expected, "\"\\u%04x\"", (unsigned int)c);
		else if (c == '"' || c == '\\')
			str_addf(&expected, "\"\\%c\"", c);
		else
			str_addf(&expected, "\"%c\"", c);
		str_reset(&text);
		str_add_json(&text, &byte, 1);
		assert_int_equal(text.len, expected.len);
		assert_memory_equal(text.text, expected.text, expected.len);
	}
	str_reset(&text);
	str_add_json(&text, "a/b\"c\\d\n\0\x1f\x7f\xc3\xa5", 13);
	assert_string_equal(text.text, "\"a/b\\\"c\\\\d\\n\\u0000\\u001f\x7f\xc3\xa5\"");
}

/* A text that somebody has cut to his room, wherever that was, is JSON all the same. */
static void json_of_what_was_cut(void **state)
{
	static const char whole[] = "a\xc3\xa5\xe2\x82\xac\xf0\x9f\x8c\x8d";
	static const size_t kept[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10 };

	(void)state;
	for (size_t len = 0; len < sizeof(whole); len++) {
		AUTO(str_clear) struct str text = STR_INIT(100);
		char cut[sizeof(whole)] = "";

		memcpy(cut, whole, len);
		str_add_json_cut(&text, cut);
		assert_int_equal(text.len, kept[len] + 2);
		assert_memory_equal(text.text + 1, whole, kept[len]);
		assert_true(json_check(text.text, text.len, NULL));
	}
}

static void json_at_the_limit(void **state)
{
	(void)state;
	for (size_t limit = 0; limit < 20; limit++) {
		AUTO(str_clear) struct str text = STR_INIT(limit);

		str_add_json(&text, "ab\ncd\001", 6);
		assert_sound(&text);
		assert_int_equal(str_is_cut(&text), limit < 14);
		assert_memory_equal("\"ab\\ncd\\u0001\"", text.text, text.len);
		assert_int_equal(text.len, limit < 14 ? limit : 14);
	}
}

static void percent_both_ways(void **state)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	AUTO(str_clear) struct str text = STR_INIT(4096);
	AUTO(str_clear) struct str back = STR_INIT(4096);

	(void)state;
	str_add_percent(&text, plain);
	assert_string_equal(text.text, plain);
	str_reset(&text);
	str_add_percent(&text, "a b+c/d?e=f&g%\xc3\xa5\x01'");
	assert_string_equal(text.text, "a%20b%2Bc%2Fd%3Fe%3Df%26g%25%C3%A5%01%27");
	for (int c = 1; c < 256; c++) {
		char byte[2] = { (char)c, '\0' };
		bool is_plain = strchr(plain, c) != NULL;

		str_reset(&text);
		str_add_percent(&text, byte);
		assert_int_equal(text.len, is_plain ? 1 : 3);
		str_reset(&back);
		assert_true(str_add_unpercent(&back, text.text, text.len, true));
		assert_string_equal(back.text, byte);
	}
}

static void unpercent_refuses(void **state)
{
	static const char *const bad[] = {
		"%", "%4", "%4g", "%g4", "a%", "a%2", "%%41", "%-1", "%+1", "% 1", "%00", "a%00b",
		"%0x41",
	};
	AUTO(str_clear) struct str text = STR_INIT(4);

	(void)state;
	str_add(&text, "x");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (str_add_unpercent(&text, bad[i], strlen(bad[i]), false))
			fail_msg("'%s' was taken", bad[i]);
		assert_string_equal(text.text, "x");
	}
	assert_false(str_add_unpercent(&text, "a\0b", 3, false));
	assert_false(str_add_unpercent(&text, "%41", 2, false));
	/* Refused after it was cut: neither the bytes nor the mark stay. */
	assert_false(str_add_unpercent(&text, "12345%", 6, false));
	assert_string_equal(text.text, "x");
	assert_false(str_is_cut(&text));
	assert_true(str_add_unpercent(&text, "a+%2b%2B%c3", 5, true));
	assert_string_equal(text.text, "xa +");
	assert_false(str_is_cut(&text));
	str_reset(&text);
	assert_true(str_add_unpercent(&text, "a+b", 3, false));
	assert_string_equal(text.text, "a+b");
	str_reset(&text);
	assert_true(str_add_unpercent(&text, "%e2%82%AC", 9, false));
	assert_string_equal(text.text, "\xe2\x82\xac");
}

/* By decoding and writing the shortest form again: slow, and another way than the real one. */
static bool is_one_character(const unsigned char *bytes, size_t len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t code = bytes[0];

	if (len == 1)
		return code < 0x80;
	if (len > 4 || code >> (7 - len) != (UINT32_C(1) << (len + 1)) - 2)
		return false;
	code &= (UINT32_C(1) << (7 - len)) - 1;
	for (size_t i = 1; i < len; i++) {
		if (bytes[i] / 64 != 2)
			return false;
		code = code * 64 + bytes[i] % 64;
	}
	return code >= least[len] && code <= 0x10ffff && code / 0x800 != 0x1b;
}

static bool is_utf8_slowly(const unsigned char *bytes, size_t len)
{
	while (len > 0) {
		size_t step = 1;

		while (step <= len && step <= 4 && !is_one_character(bytes, step))
			step++;
		if (step > len || step > 4)
			return false;
		bytes += step;
		len -= step;
	}
	return true;
}

static void check_utf8(const unsigned char *bytes, size_t len)
{
	bool expected = is_utf8_slowly(bytes, len);

	if (str_is_utf8((const char *)bytes, len) != expected)
		fail_msg("%02x %02x %02x %02x (%zu): expected %d", bytes[0], bytes[1], bytes[2],
			 bytes[3], len, expected);
}

/* What is cut ends with a whole character; what is none is cut anywhere. */
static void what_fits_is_whole(void **state)
{
	static const struct {
		const char *text;
		int most, fits;
	} cases[] = {
		{ "", 0, 0 },          { "", 5, 0 },           { "abc", 0, 0 },          { "abc", 2, 2 },         { "abc", 3, 3 },
		{ "a\xc3\xa9", 2, 1 }, { "a\xc3\xa9", 3, 3 }, { "\xe6\x9d\xb1x", 1, 0 }, { "\xe6\x9d\xb1x", 2, 0 },
		{ "\xe6\x9d\xb1x", 3, 3 }, { "\xf0\x9f\x91\xa8!", 3, 0 }, { "\xf0\x9f\x91\xa8!", 4, 4 },
		{ "\x80\x80\x80\x80\x80\x80", 5, 5 }, { "\xff\xff\xff", 2, 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(utf8_fit(cases[i].text, cases[i].most), cases[i].fits);
}

static void utf8_of_few_bytes(void **state)
{
	static const unsigned char edges[] = {
		0x00, 0x22, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf,
		0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xfe,
		0xff,
	};
	const size_t count = ARRAY_LEN(edges);
	unsigned char bytes[4] = { 0 };

	(void)state;
	for (uint32_t all = 0; all < 0x1000000; all++) {
		bytes[0] = (unsigned char)(all >> 16);
		bytes[1] = (unsigned char)(all >> 8);
		bytes[2] = (unsigned char)all;
		/* Plain ones before are left to the longer texts below. */
		if (bytes[0] < 0x7f)
			continue;
		if (all % 0x10000 == 0)
			check_utf8(bytes, 1);
		if (all % 0x100 == 0)
			check_utf8(bytes, 2);
		if (bytes[0] >= 0xc0 && (bytes[2] & 0x0f) == 0x0f)
			check_utf8(bytes, 3);
	}
	for (size_t first = 0xe0; first <= 0xff; first++) {
		for (size_t i = 0; i < count * count * count; i++) {
			bytes[0] = (unsigned char)first;
			bytes[1] = edges[i % count];
			bytes[2] = edges[i / count % count];
			bytes[3] = edges[i / count / count];
			check_utf8(bytes, 3);
			check_utf8(bytes, 4);
		}
	}
}

/* Longer texts, so that the steps of eight meet every kind of byte at every place. */
static void utf8_of_many_bytes(void **state)
{
	static const char *const pieces[] = {
		"a", "bc", "\xc3\xa5", "\xe2\x82\xac", "\xf0\x9f\x92\xb0", "\xed\x9f\xbf",
		"\xee\x80\x80", "\xf4\x8f\xbf\xbf", "12345678", "\x7f",
	};
	struct random random;

	(void)state;
	random_seed(&random, 11);
	for (int i = 0; i < 50000; i++) {
		AUTO(str_clear) struct str text = STR_INIT(200);
		size_t count = random_below(&random, 20);

		for (size_t j = 0; j < count; j++)
			str_add(&text, pieces[random_below(&random, ARRAY_LEN(pieces))]);
		assert_true(str_is_utf8(text.text, text.len));
		if (text.len == 0)
			continue;
		text.text[random_below(&random, text.len)] = (char)random_below(&random, 256);
		assert_int_equal(str_is_utf8(text.text, text.len),
				 is_utf8_slowly((const unsigned char *)text.text, text.len));
		text.text[text.len - 1] = (char)(0x80 | random_below(&random, 128));
		assert_int_equal(str_is_utf8(text.text, text.len),
				 is_utf8_slowly((const unsigned char *)text.text, text.len));
	}
	assert_true(str_is_utf8("", 0));
	assert_true(str_is_utf8("a\0b", 3));
}

static void folding(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" }, { "Harbor BOOKS 12 [@`{", "harbor books 12 [@`{" },
		{ "ÅSE ÆRØY ÿŸ ßẞ", "åse ærøy ÿÿ ßß" }, { "ÀÖ×ØÞ÷", "àö×øþ÷" }, { "µ", "μ" },
		{ "ĀāĐđĲŁŃŊŽſ", "āāđđĳłńŋžs" }, { "İı", "İı" }, { "ƏǄǅǆȺ", "əǆǆǆⱥ" },
		{ "ẀẄỲẠỸ", "ẁẅỳạỹ" }, { "ΑΒΓΣΩσς", "αβγσωσσ" }, { "ΆΈΉΊΌΎΏΪΫ", "άέήίόύώϊϋ" },
		{ "ἈἙᾺΩ", "ἀἑὰω" }, { "ЖЁЉЏЯжёя", "жёљџяжёя" }, { "ҐґӘӀ", "ґґәӏ" },
		{ "KÅ", "kå" }, { "日本語Ａ", "日本語Ａ" }, { "💰É", "💰é" },
	};
	AUTO(str_clear) struct str text = STR_INIT(4096);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		str_reset(&text);
		str_add_folded(&text, rows[i][0], strlen(rows[i][0]));
		assert_string_equal(text.text, rows[i][1]);
	}
	str_reset(&text);
	str_add_folded(&text, "A\xff" "B\xc3" "C\xe2\x82\0D\xc3", 10);
	assert_int_equal(text.len, 10);
	assert_memory_equal(text.text, "a\xff" "b\xc3" "c\xe2\x82\0d\xc3", 10);
}

static void add_code(struct str *str, uint32_t code)
{
	if (code < 0x80) {
		str_add_char(str, (char)code);
	} else if (code < 0x800) {
		str_add_char(str, (char)(0xc0 + code / 64));
		str_add_char(str, (char)(0x80 + code % 64));
	} else {
		str_add_char(str, (char)(0xe0 + code / 4096));
		str_add_char(str, (char)(0x80 + code / 64 % 64));
		str_add_char(str, (char)(0x80 + code % 64));
	}
}

static uint32_t code_of(const struct str *str)
{
	uint32_t code = (unsigned char)str->text[0];

	if (str->len == 1)
		return code;
	code &= str->len == 2 ? 0x1f : 0x0f;
	for (size_t i = 1; i < str->len; i++)
		code = code * 64 + (unsigned char)str->text[i] % 64;
	return code;
}

/* Folding twice changes nothing more, and one character stays one character. */
static void folding_is_final(void **state)
{
	size_t changed = 0;
	uint64_t sum = 0;

	(void)state;
	for (uint32_t code = 1; code < 0x10000; code++) {
		AUTO(str_clear) struct str plain = STR_INIT(8);
		AUTO(str_clear) struct str once = STR_INIT(8);
		AUTO(str_clear) struct str twice = STR_INIT(8);

		if (code >= 0xd800 && code <= 0xdfff)
			continue;
		add_code(&plain, code);
		str_add_folded(&once, plain.text, plain.len);
		str_add_folded(&twice, once.text, once.len);
		assert_string_equal(once.text, twice.text);
		assert_true(is_one_character((const unsigned char *)once.text, once.len));
		if (strcmp(plain.text, once.text) == 0)
			continue;
		changed++;
		sum += (uint64_t)code * code_of(&once);
	}
	assert_int_equal(changed, 26 + FOLD_COUNT);
	assert_true(sum == FOLD_SUM);
}

/* Unicode's own canonical forms of the same text, and what people take for the same. */
static void what_is_alike_is_equal(void **state)
{
	static const struct {
		const char *text, *form;
	} rows[] = {
		{ "", "" }, { "  ", "" }, { " A  b\t\r\nC ", "a b c" }, { "Caf\u00c9", "caf\u00e9" },
		{ "CAFE\u0301", "caf\u00e9" },
		{ "x\u00a0\u2003\u3000y\u202f", "x y" }, { "A\u030angstr\u00f6m", "\u00e5ngstr\u00f6m" },
		{ "\u212bngstro\u0308m", "\u00e5ngstr\u00f6m" },
		/* One letter with two marks, in each of its five forms. */
		{ "\u1ec6", "\u1ec7" }, { "E\u0302\u0323", "\u1ec7" }, { "e\u0323\u0302", "\u1ec7" },
		{ "\u00ea\u0323", "\u1ec7" }, { "\u1eb9\u0302", "\u1ec7" },
		/* Marks of one kind keep their order; what stands between them and their letter keeps them apart. */
		{ "a\u0301\u0302", "\u00e1\u0302" }, { "a\u0302\u0301", "\u1ea5" },
		{ "b\u0301\u0323", "\u1e05\u0301" }, { "q\u0301\u0301", "q\u0301\u0301" },
		{ "\u0391\u0301", "\u03ac" }, { "\u0418\u0306", "\u0439" }, { "\u30cf\u309a", "\u30d1" },
		{ "\u0130I\u0307", "\u0130\u0130" },
		{ "\u0301", "\u0301" }, { " \u0301a", "\u0301a" }, { "\u0301 a", "\u0301 a" }, { "e \u0301", "e \u0301" },
		{ "A\xff \xc3", "a\xff \xc3" }, { "\xf0\x9f\x92\xb0 E", "\xf0\x9f\x92\xb0 e" },
	};
	AUTO(str_clear) struct str text = STR_INIT(4096);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		str_reset(&text);
		str_add_alike(&text, rows[i].text, strlen(rows[i].text));
		assert_string_equal(text.text, rows[i].form);
	}
	/* More marks than any letter has come through as well. */
	str_reset(&text);
	str_add(&text, "e");
	for (size_t i = 0; i < 1000; i++)
		str_add(&text, "\u0301");
	{
		AUTO(str_clear) struct str form = STR_INIT(4096);

		str_add_alike(&form, text.text, text.len);
		assert_int_equal(form.len, 2 + 999 * 2);
	}
}

/* The form of a form is that form. */
static void what_is_alike_stays_so(void **state)
{
	(void)state;
	for (uint32_t code = 1; code < 0x10000; code++) {
		AUTO(str_clear) struct str plain = STR_INIT(16);
		AUTO(str_clear) struct str once = STR_INIT(16);
		AUTO(str_clear) struct str twice = STR_INIT(16);

		if (code >= 0xd800 && code <= 0xdfff)
			continue;
		add_code(&plain, code);
		add_code(&plain, 0x301);
		add_code(&plain, 0x323);
		str_add_alike(&once, plain.text, plain.len);
		str_add_alike(&twice, once.text, once.len);
		assert_string_equal(once.text, twice.text);
	}
}

int test_str(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_texts),
		cmocka_unit_test(take_moves),
		cmocka_unit_test(reset_keeps_room),
		cmocka_unit_test(limits_are_exact),
		cmocka_unit_test(the_mark_stays),
		cmocka_unit_test(growth_doubles),
		cmocka_unit_test(formats_straight_into_the_buffer),
		cmocka_unit_test(json_escapes_what_it_must),
		cmocka_unit_test(json_of_what_was_cut),
		cmocka_unit_test(json_at_the_limit),
		cmocka_unit_test(percent_both_ways),
		cmocka_unit_test(unpercent_refuses),
		cmocka_unit_test(utf8_of_few_bytes),
		cmocka_unit_test(what_fits_is_whole),
		cmocka_unit_test(utf8_of_many_bytes),
		cmocka_unit_test(folding),
		cmocka_unit_test(folding_is_final),
		cmocka_unit_test(what_is_alike_is_equal),
		cmocka_unit_test(what_is_alike_stays_so),
	};

	return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
