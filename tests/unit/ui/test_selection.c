/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks belong to ids: rows may come, go and change places. */
#include "ui/selection.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "tests.h"

struct list {
	const char *const *ids;
	int64_t count;
};

static bool id(void *ctx, int64_t row, char *out)
{
	const struct list *list = ctx;

	assert_true(row >= 0 && row < list->count);
	if (!list->ids[row])
		return false;
	snprintf(out, SELECTION_ID_MAX, "%s", list->ids[row]);
	return true;
}

static void marks_stay_with_ids(void **state)
{
	static const char *const first[] = { "a", "b", "c", "d" }, *const later[] = { "x", "d", "b", "a" };
	struct list list = { first, 4 };
	struct table table = { .count = 4, .page = 10 };
	AUTO(selection_clear) struct selection marks = { 0 };

	(void)state;
	assert_true(selection_act(&marks, &table, ACTION_MARK, id, &list));
	assert_int_equal(table.cursor, 1);
	table_go(&table, 3);
	selection_act(&marks, &table, ACTION_MARK, id, &list);
	assert_int_equal(marks.count, 2);
	list.ids = later;
	assert_true(selection_has(&marks, "a") && selection_has(&marks, "d"));
	assert_false(selection_has(&marks, "x"));
	/* Space on one that is marked takes the mark away. */
	table_go(&table, 1);
	selection_act(&marks, &table, ACTION_MARK, id, &list);
	assert_false(selection_has(&marks, "d"));
	assert_int_equal(marks.count, 1);
	assert_false(selection_act(&marks, &table, ACTION_DOWN, id, &list));
}

static void ranges_and_all(void **state)
{
	static const char *const ids[] = { "a", "b", NULL, "d", "e", "f" };
	struct list list = { ids, 6 };
	struct table table = { .count = 6, .page = 10 };
	AUTO(selection_clear) struct selection marks = { 0 };
	AUTO(str_clear) struct str title = STR_INIT(100);

	(void)state;
	/* Nothing was marked yet: the one under the cursor. */
	table_go(&table, 4);
	assert_true(selection_act(&marks, &table, ACTION_MARK_RANGE, id, &list));
	assert_int_equal(marks.count, 1);
	/* Upwards, over one that is not at hand. */
	table_go(&table, 1);
	selection_act(&marks, &table, ACTION_MARK_RANGE, id, &list);
	assert_int_equal(marks.count, 3);
	assert_true(selection_has(&marks, "b") && selection_has(&marks, "d") && selection_has(&marks, "e"));
	selection_add_title(&marks, &title);
	assert_string_equal(title.text, ", 3 marked");
	/* A filter shows some: all of those are marked too, then none of them; others keep their marks. */
	list.count = table.count = 2;
	assert_true(selection_act(&marks, &table, ACTION_MARK_ALL, id, &list));
	assert_int_equal(marks.count, 4);
	selection_act(&marks, &table, ACTION_MARK_ALL, id, &list);
	assert_int_equal(marks.count, 2);
	assert_true(selection_has(&marks, "d") && selection_has(&marks, "e"));
	selection_clear(&marks);
	str_reset(&title);
	selection_add_title(&marks, &title);
	assert_string_equal(title.text, "");
	/* An empty list has nothing to mark. */
	list.count = table.count = table.cursor = 0;
	selection_act(&marks, &table, ACTION_MARK, id, &list);
	selection_act(&marks, &table, ACTION_MARK_RANGE, id, &list);
	selection_act(&marks, &table, ACTION_MARK_ALL, id, &list);
	assert_int_equal(marks.count, 0);
}

/* Against a plain array: whatever is added and removed. */
static void is_a_set(void **state)
{
	AUTO(selection_clear) struct selection marks = { 0 };
	bool in[500] = { false };
	struct random random;
	char name[32];

	(void)state;
	random_seed(&random, 5);
	for (int i = 0; i < 20000; i++) {
		size_t which = random_below(&random, ARRAY_LEN(in)), seen = 0, want = 0, at = 0;

		snprintf(name, sizeof(name), "%zu", which);
		in[which] = random_below(&random, 2) == 0;
		if (in[which])
			assert_true(selection_add(&marks, name));
		else
			selection_remove(&marks, name);
		if (i % 1000)
			continue;
		for (size_t k = 0; k < ARRAY_LEN(in); k++) {
			snprintf(name, sizeof(name), "%zu", k);
			assert_int_equal(selection_has(&marks, name), in[k]);
			want += in[k];
		}
		while (selection_next(&marks, &at))
			seen++;
		assert_int_equal(seen, want);
		assert_int_equal(marks.count, want);
	}
}

static void is_bounded(void **state)
{
	AUTO(selection_clear) struct selection marks = { 0 };
	char name[2 * SELECTION_ID_MAX];

	(void)state;
	memset(name, 'x', sizeof(name));
	name[SELECTION_ID_MAX] = '\0';
	assert_false(selection_add(&marks, name));
	name[SELECTION_ID_MAX - 1] = '\0';
	assert_true(selection_add(&marks, name));
	for (int i = 1; i < SELECTION_MAX; i++) {
		snprintf(name, sizeof(name), "%d", i);
		assert_true(selection_add(&marks, name));
	}
	assert_false(selection_add(&marks, "one more"));
	assert_true(selection_add(&marks, "1"));
	assert_int_equal(marks.count, SELECTION_MAX);
}

int test_selection(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_stay_with_ids), cmocka_unit_test(ranges_and_all), cmocka_unit_test(is_a_set), cmocka_unit_test(is_bounded),
	};

	return cmocka_run_group_tests_name("selection", tests, NULL, NULL);
}
