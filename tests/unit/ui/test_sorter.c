/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first so many in order are the first of all in order, whatever comes and in whatever turn. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "sorter.h"

static struct sort_key text_key(const char *text, int64_t no)
{
	return (struct sort_key){ { CELL_TEXT, 0, text, strlen(text) }, no };
}

static void orders_as_the_store_does(void **state)
{
	const struct sort_key none = { .no = 9 }, less = { { CELL_INTEGER, -5, NULL, 0 }, 1 }, more = { { CELL_INTEGER, 7, NULL, 0 }, 1 };
	struct sort_key text = text_key("", 1), upper = text_key("Bell", 2), lower = text_key("bell", 1), ten = text_key("10", 1),
			two = text_key("2", 2), longer = text_key("bells", 1);

	(void)state;
	assert_true(sort_compare(RECORD_BY_FIELD, &none, &less) < 0);
	assert_true(sort_compare(RECORD_BY_FIELD, &less, &more) < 0);
	assert_true(sort_compare(RECORD_BY_FIELD, &more, &text) < 0);
	assert_true(sort_compare(RECORD_BY_FIELD, &upper, &lower) < 0);
	assert_true(sort_compare(RECORD_BY_TITLE, &upper, &lower) > 0); /* equal, so the number decides */
	assert_true(sort_compare(RECORD_BY_TITLE, &upper, &longer) < 0);
	assert_true(sort_compare(RECORD_BY_FIELD, &ten, &two) < 0);
	assert_true(sort_compare(RECORD_BY_ID, &ten, &two) > 0);
	assert_int_equal(sort_compare(RECORD_BY_ID, &ten, &ten), 0);
}

static void keeps_the_first(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, 3);
	for (size_t most = 0; most < 70; most += 23) {
		for (int way = 0; way < 2; way++) {
			struct sorter sorter = { .order = RECORD_BY_FIELD, .descending = way == 1, .most = most };
			bool seen[50] = { false };

			/* Every number twice, in any turn; the text is gone once it was taken. */
			for (int i = 0; i < 100; i++) {
				int number = i * 37 % 50;
				char text[16];
				struct sort_key key;

				snprintf(text, sizeof(text), "%03d", number);
				key = text_key(text, (int)random_below(&random, 1000) * 2 + seen[number]);
				seen[number] = true;
				sorter_take(&sorter, &key);
				memset(text, '?', sizeof(text));
			}
			sorter_finish(&sorter);
			assert_int_equal(sorter.count, most);
			for (size_t i = 0; i < most; i++) {
				char expected[16];

				snprintf(expected, sizeof(expected), "%03d", (int)(way ? 49 - i / 2 : i / 2));
				assert_memory_equal(sorter.keys[i].cell.text, expected, 4);
			}
			sorter_clear(&sorter);
		}
	}
}

int test_sorter(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_as_the_store_does),
		cmocka_unit_test(keeps_the_first),
	};

	return cmocka_run_group_tests_name("sorter", tests, NULL, NULL);
}
