/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strangers' text on a terminal: which clusters come out, how wide, cut and filled. Clusters are
 * written here with their width behind them: "e1 " and "\u754c2 ".
 */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/text.h"

#include "tests.h"

/* Characters by their code, since most of them can't be seen. */
#define ACUTE "\xcc\x81"              /* U+0301 */
#define BAD "\xef\xbf\xbd"            /* U+FFFD */
#define DOT "\xc2\xb7"                /* U+00B7 */
#define ELLIPSIS "\xe2\x80\xa6"       /* U+2026 */
#define EMOJI_STYLE "\xef\xb8\x8f"    /* U+FE0F */
#define HEART "\xe2\x9d\xa4"          /* U+2764, narrow */
#define JOIN "\xe2\x80\x8d"           /* U+200D */
#define KEYCAP "\xe2\x83\xa3"         /* U+20E3 */
#define MAN "\xf0\x9f\x91\xa8"        /* U+1F468 */
#define SKIN "\xf0\x9f\x8f\xbd"       /* U+1F3FD */
#define WOMAN "\xf0\x9f\x91\xa9"      /* U+1F469 */
#define WORLD "\xe7\x95\x8c"          /* U+754C */
#define FLAG_D "\xf0\x9f\x87\xa9"     /* U+1F1E9 */
#define FLAG_E "\xf0\x9f\x87\xaa"     /* U+1F1EA */
#define JAMO_H "\xe1\x84\x92"         /* U+1112 */
#define JAMO_A "\xe1\x85\xa1"         /* U+1161 */
#define JAMO_N "\xe1\x86\xab"         /* U+11AB */

struct expectation {
	const char *text, *safe, *full, *ascii;
};

static void add_clusters(struct str *out, enum text_mode mode, const char *text, size_t len)
{
	struct text_cluster cluster;
	size_t at = 0, last = 0;

	while (text_next(mode, text, len, &at, &cluster)) {
		assert_in_range(at, last + 1, len);
		assert_in_range(cluster.width, 1, 2);
		assert_true(cluster.len > 0);
		str_add_bytes(out, cluster.bytes, cluster.len);
		str_addf(out, "%d ", cluster.width);
		last = at;
	}
	assert_int_equal(at, len);
}

static void assert_clusters(enum text_mode mode, const char *text, const char *expected)
{
	AUTO(str_clear) struct str out = STR_INIT(1000);

	add_clusters(&out, mode, text, strlen(text));
	assert_string_equal(out.text, expected);
}

/* A NULL expectation is the same as SAFE's. */
static void assert_all(const struct expectation *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_clusters(TEXT_SAFE, cases[i].text, cases[i].safe);
		assert_clusters(TEXT_FULL, cases[i].text,
				cases[i].full ? cases[i].full : cases[i].safe);
		assert_clusters(TEXT_ASCII, cases[i].text,
				cases[i].ascii ? cases[i].ascii : cases[i].safe);
	}
}

static void letters_have_their_widths(void **state)
{
	static const struct expectation cases[] = {
		{ "", "", NULL, NULL },
		{ "a ~", "a1  1 ~1 ", NULL, NULL },
		{ "\xc3\xa9\xce\xb1\xd0\xb6", "\xc3\xa9" "1 \xce\xb1" "1 \xd0\xb6" "1 ", NULL,
		  "?1 ?1 ?1 " },
		{ WORLD "x", WORLD "2 x1 ", NULL, "?1 x1 " },
		/* fullwidth A, halfwidth katakana, Hangul syllable, hiragana */
		{ "\xef\xbc\xa1\xef\xbd\xb1\xed\x95\x9c\xe3\x81\x82",
		  "\xef\xbc\xa1" "2 \xef\xbd\xb1" "1 \xed\x95\x9c" "2 \xe3\x81\x82" "2 ", NULL,
		  "?1 ?1 ?1 ?1 " },
		/* ideographs of extension B, and of ones to come */
		{ "\xf0\xa0\x80\x80\xf0\xbf\xbf\xbd",
		  "\xf0\xa0\x80\x80" "2 \xf0\xbf\xbf\xbd" "2 ", NULL, "?1 ?1 " },
		{ "\xe2\x82\xac" "5", "\xe2\x82\xac" "1 51 ", NULL, "?1 51 " },
	};

	(void)state;
	assert_all(cases, ARRAY_LEN(cases));
}

static void marks_join(void **state)
{
	static const struct expectation cases[] = {
		{ "e" ACUTE "x", "e" ACUTE "1 x1 ", NULL, "e1 x1 " },
		{ "xe" ACUTE, "x1 e" ACUTE "1 ", NULL, "x1 e1 " },
		{ WORLD ACUTE ACUTE, WORLD ACUTE ACUTE "2 ", NULL, "?1 " },
		/* Nothing to stand on. */
		{ ACUTE ACUTE "x", BAD "1 x1 ", NULL, "?1 x1 " },
		{ "\n" ACUTE, DOT "1 " BAD "1 ", NULL, "?1 ?1 " },
		{ "\xff" ACUTE, BAD "1 " BAD "1 ", NULL, "?1 ?1 " },
		/* Devanagari: a mark that has a column, then one that has none */
		{ "\xe0\xa4\x95\xe0\xa4\xbe\xe0\xa4\x82",
		  "\xe0\xa4\x95\xe0\xa4\xbe\xe0\xa4\x82" "2 ", NULL, "?1 " },
		/* Burmese: three of them that have columns */
		{ "\xe1\x80\x80\xe1\x80\xbb\xe1\x80\xac\xe1\x80\xb8",
		  "\xe1\x80\x80\xe1\x80\xbb" "2 \xe1\x80\xac\xe1\x80\xb8" "2 ", NULL, "?1 ?1 " },
		{ JAMO_H JAMO_A JAMO_N "x", JAMO_H JAMO_A JAMO_N "2 x1 ", NULL, "?1 x1 " },
		/* a syllable and a final; vowels alone */
		{ "\xed\x95\x98" JAMO_N, "\xed\x95\x98" JAMO_N "2 ", NULL, "?1 " },
		{ "x" JAMO_A, "x1 " BAD "1 ", NULL, "x1 ?1 " },
	};

	(void)state;
	assert_all(cases, ARRAY_LEN(cases));
}

static void emojis(void **state)
{
	static const struct expectation cases[] = {
		{ WOMAN "!", WOMAN "2 !1 ", NULL, "?1 !1 " },
		{ HEART, HEART "1 ", NULL, "?1 " },
		{ HEART EMOJI_STYLE, HEART "1 ", HEART EMOJI_STYLE "2 ", "?1 " },
		{ "1" EMOJI_STYLE KEYCAP "x", "11 x1 ", "1" EMOJI_STYLE KEYCAP "2 x1 ", "11 x1 " },
		{ WOMAN SKIN, WOMAN "2 ", WOMAN SKIN "2 ", "?1 " },
		{ WOMAN JOIN HEART EMOJI_STYLE JOIN MAN "x", WOMAN "2 x1 ",
		  WOMAN JOIN HEART EMOJI_STYLE JOIN MAN "2 x1 ", "?1 x1 " },
		{ WOMAN SKIN JOIN MAN SKIN, WOMAN "2 ", WOMAN SKIN JOIN MAN SKIN "2 ", "?1 " },
		{ SKIN, BAD "1 ", SKIN "2 ", "?1 " },
		{ "a" SKIN, "a1 " BAD "1 ", "a1 " SKIN "2 ", "a1 ?1 " },
		{ FLAG_D FLAG_E FLAG_E, BAD "1 " BAD "1 ", FLAG_D FLAG_E "2 " FLAG_E "1 ",
		  "?1 ?1 " },
		/* the flag of Scotland: a black one with tags */
		{ "\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0\x81\xbf",
		  "\xf0\x9f\x8f\xb4" "2 ", NULL, "?1 " },
		/* a place that is kept for an emoji: U+1FAFF */
		{ "\xf0\x9f\xab\xbf", BAD "1 ", "\xf0\x9f\xab\xbf" "2 ", "?1 " },
		/* U+200D that joins no emojis */
		{ "a" JOIN MAN, "a1 " MAN "2 ", NULL, "a1 ?1 " },
		{ MAN JOIN "a", MAN "2 a1 ", NULL, "?1 a1 " },
		/* the same with another between: both are hidden, the emojis apart */
		{ WOMAN "\xe2\x80\x8b" JOIN MAN, WOMAN "2 " MAN "2 ", NULL, "?1 ?1 " },
	};

	(void)state;
	assert_all(cases, ARRAY_LEN(cases));
}

static void disputed_ones(void **state)
{
	static const struct expectation cases[] = {
		/* private, unassigned, not a character, the number sign of Arabic, a hexagram */
		{ "\xee\x80\x80", BAD "1 ", "\xee\x80\x80" "1 ", "?1 " },
		{ "\xcd\xb8" ACUTE "x", BAD "1 x1 ", "\xcd\xb8" ACUTE "1 x1 ", "?1 x1 " },
		{ "\xef\xbf\xbf", BAD "1 ", "\xef\xbf\xbf" "1 ", "?1 " },
		{ "\xd8\x80", BAD "1 ", "\xd8\x80" "1 ", "?1 " },
		{ "\xe4\xb7\x80", BAD "1 ", "\xe4\xb7\x80" "1 ", "?1 " },
	};

	(void)state;
	assert_all(cases, ARRAY_LEN(cases));
}

static void formats_vanish(void **state)
{
	static const char *const hidden[] = {
		"\xc2\xad", /* soft hyphen */
		"\xcd\x8f", "\xd8\x9c", "\xe1\xa0\x8e", "\xe2\x80\x8b", "\xe2\x80\x8c",
		"\xe2\x80\x8d", "\xe2\x80\x8e", "\xe2\x80\x8f", /* U+200F */
		"\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xae",
		"\xe2\x81\xa0", "\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9",
		"\xe1\x85\x9f", "\xe1\x85\xa0", "\xe3\x85\xa4", "\xef\xbe\xa0", /* Hangul fillers */
		"\xef\xbb\xbf", "\xef\xbf\xb9", "\xf3\xa0\x80\x81", "\xf3\xa0\x81\x81",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++) {
		for (int mode = TEXT_SAFE; mode <= TEXT_ASCII; mode++) {
			AUTO(str_clear) struct str text = STR_INIT(100);

			str_addf(&text, "%sa%sb%s%s", hidden[i], hidden[i], hidden[i], hidden[i]);
			assert_clusters((enum text_mode)mode, text.text, "a1 b1 ");
			assert_clusters((enum text_mode)mode, hidden[i], "");
		}
	}
	/* Nor does what came behind them join by their vanishing. */
	assert_clusters(TEXT_FULL, "e\xe2\x80\x8b" ACUTE "x", "e1 x1 ");
}

static void controls_and_bad_bytes_show(void **state)
{
	static const struct expectation cases[] = {
		{ "\x1b[31m", DOT "1 [1 31 11 m1 ", NULL, "?1 [1 31 11 m1 " },
		{ "a\tb\r\n\x7f", "a1 " DOT "1 b1 " DOT "1 " DOT "1 " DOT "1 ", NULL,
		  "a1 ?1 b1 ?1 ?1 ?1 " },
		/* U+009B, U+0085, U+2028, U+2029 */
		{ "\xc2\x9b\xc2\x85\xe2\x80\xa8\xe2\x80\xa9", DOT "1 " DOT "1 " DOT "1 " DOT "1 ",
		  NULL, "?1 ?1 ?1 ?1 " },
		/* a lone tail, half a character, a surrogate, an overlong slash */
		{ "\x80x", BAD "1 x1 ", NULL, "?1 x1 " },
		{ "\xc3", BAD "1 ", NULL, "?1 " },
		{ "\xed\xa0\x80", BAD "1 " BAD "1 " BAD "1 ", NULL, "?1 ?1 ?1 " },
		{ "\xc0\xaf", BAD "1 " BAD "1 ", NULL, "?1 ?1 " },
	};
	AUTO(str_clear) struct str out = STR_INIT(100);

	(void)state;
	assert_all(cases, ARRAY_LEN(cases));
	add_clusters(&out, TEXT_SAFE, "a\0b", 3);
	assert_string_equal(out.text, "a1 " DOT "1 b1 ");
}

/* A tower of marks stays in bounds, and nothing of it is left over. */
static void towers_are_cut(void **state)
{
	static const char *const pieces[] = { ACUTE, JOIN WOMAN, EMOJI_STYLE, SKIN };

	(void)state;
	for (size_t p = 0; p < ARRAY_LEN(pieces); p++) {
		AUTO(str_clear) struct str text = STR_INIT(100000);
		struct text_cluster cluster;
		size_t at = 0, count = 0;

		str_add(&text, WOMAN);
		for (int i = 0; i < 1000; i++)
			str_add(&text, pieces[p]);
		while (text_next(TEXT_FULL, text.text, text.len, &at, &cluster)) {
			assert_true(cluster.len <= 4 + 12 * 7);
			assert_int_equal(cluster.width, 2);
			count++;
		}
		if (p == 1)
			assert_in_range(count, 50, 100);
		else
			assert_int_equal(count, 1);
	}
}

static void assert_added(const char *text, size_t columns, bool fill, const char *expected)
{
	AUTO(str_clear) struct str out = STR_INIT(200);

	str_add(&out, ">");
	text_add(&out, TEXT_SAFE, text, strlen(text), columns, fill);
	assert_string_equal(out.text + 1, expected);
	if (fill)
		assert_int_equal(text_width(TEXT_SAFE, out.text + 1, out.len - 1), columns);
}

static void cells_are_cut_and_filled(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(200);

	(void)state;
	assert_added("Harbor", 6, false, "Harbor");
	assert_added("Harbor", 8, false, "Harbor");
	assert_added("Harbor", 8, true, "Harbor  ");
	assert_added("Harbor", 5, false, "Harb" ELLIPSIS);
	assert_added("Harbor", 1, true, ELLIPSIS);
	assert_added("H", 1, true, "H");
	assert_added("Harbor", 0, true, "");
	assert_added("", 3, true, "   ");
	assert_added("", 0, true, "");
	/* Wide ones leave a column over. */
	assert_added(WORLD WORLD WORLD, 6, true, WORLD WORLD WORLD);
	assert_added(WORLD WORLD WORLD, 5, true, WORLD WORLD ELLIPSIS);
	assert_added(WORLD WORLD WORLD, 4, true, WORLD ELLIPSIS " ");
	assert_added(WORLD WORLD WORLD, 4, false, WORLD ELLIPSIS);
	assert_added(WORLD, 1, true, ELLIPSIS);
	/* Marks stay with their letter, hidden ones cost nothing. */
	assert_added("re" ACUTE "sume" ACUTE, 6, true, "re" ACUTE "sume" ACUTE);
	assert_added("re" ACUTE "sume" ACUTE, 3, true, "re" ACUTE ELLIPSIS);
	assert_added("ab\xe2\x80\xae", 2, true, "ab");
	text_add(&out, TEXT_ASCII, "B\xc3\xa5tar", 6, 4, true);
	assert_string_equal(out.text, "B?t~");
}

static void lines_have_no_breaks(void **state)
{
	static const char *const pairs[][2] = {
		{ "", "" },
		{ "one\ntwo\r\nthree\rfour", "one two three four" },
		{ "a\tb\vc\fd\xc2\x85" "e\xe2\x80\xa8" "f\xe2\x80\xa9", "a b c d e f " },
		{ "\n\n", "  " },
		{ "a\xe2\x80\x8b\nb", "a b" },
		{ "\x1b]0;x\x07", DOT "]0;x" DOT },
		{ "\xd7\xa9\xe2\x80\xaex", "\xd7\xa9x" },
		{ HEART EMOJI_STYLE " " FLAG_D FLAG_E, HEART " " BAD },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		AUTO(str_clear) struct str out = STR_INIT(100);

		text_add_line(&out, TEXT_SAFE, pairs[i][0], strlen(pairs[i][0]));
		assert_string_equal(out.text, pairs[i][1]);
	}
}

/* Any mixture: what came out passes unchanged a second time, as wide as was said. */
static void harmless_stays_harmless(void **state)
{
	static const char *const pieces[] = {
		"a", " ", "\n", ACUTE, BAD, EMOJI_STYLE, HEART, JOIN, KEYCAP, MAN, SKIN, WORLD,
		FLAG_D, FLAG_E, JAMO_H, JAMO_A, JAMO_N, "\xe2\x80\x8b", "\xe0\xa4\x95",
		"\xe0\xa4\xbe", "\xff", "\xee\x80\x80", "1", "\xed\x95\x98",
	};
	struct random random;

	(void)state;
	random_seed(&random, 5);
	for (int round = 0; round < 20000; round++) {
		enum text_mode mode = (enum text_mode)(round % 3);
		AUTO(str_clear) struct str text = STR_INIT(200), once = STR_INIT(200);
		AUTO(str_clear) struct str twice = STR_INIT(200);

		for (uint64_t i = random_below(&random, 10); i > 0; i--)
			str_add(&text, pieces[random_below(&random, ARRAY_LEN(pieces))]);
		text_add_line(&once, mode, text.text, text.len);
		text_add_line(&twice, mode, once.text, once.len);
		assert_string_equal(twice.text, once.text);
		assert_true(str_is_utf8(once.text, once.len));
		assert_int_equal(text_width(mode, once.text, once.len),
				 text_width(mode, text.text, text.len));
	}
}

int test_text(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_have_their_widths),
		cmocka_unit_test(marks_join),
		cmocka_unit_test(emojis),
		cmocka_unit_test(disputed_ones),
		cmocka_unit_test(formats_vanish),
		cmocka_unit_test(controls_and_bad_bytes_show),
		cmocka_unit_test(towers_are_cut),
		cmocka_unit_test(cells_are_cut_and_filled),
		cmocka_unit_test(lines_have_no_breaks),
		cmocka_unit_test(harmless_stays_harmless),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
