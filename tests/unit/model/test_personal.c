/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values about persons: what is masked of a record, and what of it stays as it is. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/difference.h"
#include "ledgerdeck/model/filter.h"
#include "ledgerdeck/model/personal.h"
#include "ledgerdeck/model/record.h"

#include "tests.h"

#define ROWS(personal) \
	"provider = demo\nkey = Id\n[Employee]\nquery = employees\ntitle = Name\n" personal "field = Name text listed\nfield = Pay.Rate money\n" \
	"field = Mail text\nfield = Since date\nfield = Pay.Fair flag\n"

static struct catalogue *catalogue_of_persons(void)
{
	return catalogue_of(ROWS("personal = Mail Pay Phones.Number\npersonal = Home.*.Street\n"));
}

static void what_is_personal_is_masked_and_nothing_else(void **state)
{
	static const struct {
		const char *raw, *seen;
	} cases[] = {
		/* Nested, in lists at every place, behind any name. */
		{ "{\"Id\":\"1\",\"Mail\":\"a@b\"}", "{\"Id\":\"1\",\"Mail\":\"***\"}" },
		{ "{\"Phones\":[{\"Number\":\"1\",\"Kind\":\"x\"},{\"Number\":22,\"Kind\":\"y\"}]}",
		  "{\"Phones\":[{\"Number\":\"***\",\"Kind\":\"x\"},{\"Number\":\"***\",\"Kind\":\"y\"}]}" },
		{ "{\"Phones\":{\"Number\":[1,2]},\"Z\":3}", "{\"Phones\":{\"Number\":\"***\"},\"Z\":3}" },
		{ "{\"Phones\":[[{\"Number\":1}],{\"Number\":2}]}", "{\"Phones\":[[{\"Number\":\"***\"}],{\"Number\":\"***\"}]}" },
		{ "{\"Home\":{\"A\":{\"Street\":\"s\",\"Town\":\"t\"},\"B\":{\"Street\":\"u\"}}}",
		  "{\"Home\":{\"A\":{\"Street\":\"***\",\"Town\":\"t\"},\"B\":{\"Street\":\"***\"}}}" },
		/* What is below a personal path is of no one's business, however it looks. */
		{ "{\"Pay\":{\"Rate\":12.50,\"Fair\":true}}", "{\"Pay\":\"***\"}" },
		{ "{\"Pay\":-0.5,\"Mail\":false}", "{\"Pay\":\"***\",\"Mail\":\"***\"}" },
		/* A name is the same with escapes in it, and as often as it stands there. */
		{ "{\"M\\u0061il\":\"a\",\"Mail\":\"b\"}", "{\"M\\u0061il\":\"***\",\"Mail\":\"***\"}" },
		/* What says nothing is not hidden, and what isn't there doesn't come. */
		{ "{\"Mail\":null,\"Pay\":\"\"}", "{\"Mail\":null,\"Pay\":\"\"}" },
		{ "{\"Id\":\"1\"}", "{\"Id\":\"1\"}" },
		{ "{}", "{}" },
		/* Other names, the same name elsewhere, and every byte between. */
		{ " { \"mail\" : 1.00 , \"Other\" : { \"Mail\" : \"\\u00e9\" } , \"Mail\" :\t\"x\" } ",
		  " { \"mail\" : 1.00 , \"Other\" : { \"Mail\" : \"\\u00e9\" } , \"Mail\" :\t\"***\" } " },
		{ "{\"Phones\":\"12\",\"Home\":[1,null]}", "{\"Phones\":\"12\",\"Home\":[1,null]}" },
		/* No record, and no JSON at all: that can't be looked through. */
		{ "17", "17" },
		{ "[{\"Mail\":1}]", "[{\"Mail\":\"***\"}]" },
		{ "{\"Id\":1,\"Mail\":\"a@b\"", "\"***\"" },
		{ "", "\"***\"" },
	};
	AUTO(catalogue_freep) struct catalogue *catalogue = catalogue_of_persons();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(str_clear) struct str seen = STR_INIT(STR_NO_LIMIT), all = STR_INIT(STR_NO_LIMIT);

		personal_add_json(catalogue_at(catalogue, 0), PERSONAL_MASKED, cases[i].raw, strlen(cases[i].raw), &seen);
		personal_add_json(catalogue_at(catalogue, 0), PERSONAL_SHOWN, cases[i].raw, strlen(cases[i].raw), &all);
		assert_string_equal(seen.text, cases[i].seen);
		assert_string_equal(all.text, cases[i].raw);
		assert_true(json_check(seen.text, seen.len, NULL));
	}
}

static void a_type_without_persons_is_as_it_is(void **state)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = catalogue_of(ROWS(""));
	AUTO(str_clear) struct str seen = STR_INIT(STR_NO_LIMIT);

	(void)state;
	personal_add_json(catalogue_at(catalogue, 0), PERSONAL_MASKED, "{\"Mail\":", 8, &seen);
	assert_string_equal(seen.text, "{\"Mail\":");
	assert_false(personal_has(catalogue_at(catalogue, 0), "Mail"));
	assert_false(personal_has(NULL, "Mail"));
}

static void paths_meet_from_both_sides(void **state)
{
	static const char *const yes[] = { "Mail", "Pay", "Pay.Rate", "Phones", "Phones.Number", "Phones[2].Number", "Phones[2]", "Mail[1][2].x",
					   "Home", "Home.Any", "Home.Any.Street", "*", "*.Number" };
	static const char *const no[] = { "Name", "Mai", "Mails", "Phones.Kind", "Phones[1].Kind", "Home.Any.Town", "Other.Mail" };
	AUTO(catalogue_freep) struct catalogue *catalogue = catalogue_of_persons();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		if (!personal_has(catalogue_at(catalogue, 0), yes[i]))
			fail_msg("'%s' is personal", yes[i]);
	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		if (personal_has(catalogue_at(catalogue, 0), no[i]))
			fail_msg("'%s' is not personal", no[i]);
}

static void cells_of_every_kind_are_masked(void **state)
{
	static const struct cell cells[] = { { .kind = CELL_TEXT, .text = "a@b", .len = 3 }, { .kind = CELL_INTEGER, .integer = 12500000 } };
	AUTO(catalogue_freep) struct catalogue *catalogue = catalogue_of_persons();
	const struct type *type = catalogue_at(catalogue, 0);

	(void)state;
	for (size_t i = 0; i < type->field_count; i++) {
		AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

		assert_int_equal(type->fields[i].personal, i == 1 || i == 2 || i == 4);
		cell_add_text(&cells[i == 1 || i >= 3], &type->fields[i], PERSONAL_MASKED, &text);
		assert_int_equal(strcmp(text.text, "***") == 0, type->fields[i].personal);
		str_reset(&text);
		cell_add_text(&cells[i == 1 || i >= 3], &type->fields[i], PERSONAL_SHOWN, &text);
		assert_string_not_equal(text.text, "***");
		str_reset(&text);
		cell_add_text(&(struct cell){ .kind = CELL_NONE }, &type->fields[i], PERSONAL_MASKED, &text);
		assert_string_equal(text.text, "");
	}
}

static void that_it_changed_is_told_and_not_to_what(void **state)
{
	static const char before[] = "{\"Mail\":\"old\",\"Phones\":[{\"Number\":1}],\"Name\":\"A\",\"Home\":null}";
	static const char after[] = "{\"Mail\":\"new\",\"Phones\":[{\"Number\":2}],\"Name\":\"B\",\"Pay\":{\"Rate\":7},\"Home\":{\"x\":1}}";
	AUTO(differences_clear) struct differences found = { 0 };
	AUTO(catalogue_freep) struct catalogue *catalogue = catalogue_of_persons();
	AUTO(str_clear) struct str masked = STR_INIT(STR_NO_LIMIT), shown = STR_INIT(STR_NO_LIMIT);

	(void)state;
	differences_find(catalogue_at(catalogue, 0), (struct json_slice){ .text = before, .len = strlen(before), .kind = JSON_OBJECT },
			 (struct json_slice){ .text = after, .len = strlen(after), .kind = JSON_OBJECT }, &found);
	for (size_t i = 0; i < found.count; i++) {
		difference_add_line(&found.items[i], PERSONAL_MASKED, &masked);
		difference_add_line(&found.items[i], PERSONAL_SHOWN, &shown);
	}
	assert_string_equal(masked.text, "Mail\t*** -> ***\nPhones[1].Number\t*** -> ***\nName\tA -> B\n"
					 "Pay.Rate\t(was not there) -> ***\nHome\tnull -> ***\n");
	assert_string_equal(shown.text, "Mail\told -> new\nPhones[1].Number\t1 -> 2\nName\tA -> B\n"
					"Pay.Rate\t(was not there) -> 7\nHome\tnull -> {\"x\":1}\n");
}

static void what_is_masked_is_not_looked_for(void **state)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = catalogue_of_persons();
	AUTO(memory_freep) struct filter *filter = memory_new(sizeof(*filter));
	const struct type *type = catalogue_at(catalogue, 0);
	struct error err = { 0 };

	(void)state;
	assert_false(filter_parse(type, "Name~a mail~b", PERSONAL_MASKED, filter, &err));
	assert_int_equal(err.code, ERROR_INPUT);
	assert_non_null(strstr(err.text, "'Mail' is personal and masked; with --set ui.personal=shown"));
	assert_true(filter_parse(type, "Name~a mail~b", PERSONAL_SHOWN, filter, &err));
	assert_true(filter_parse(type, "Mail Since>2026-01-01", PERSONAL_MASKED, filter, &err));
	assert_false(filter_may_use(type, 1, PERSONAL_MASKED, &err));
	assert_true(filter_may_use(type, 1, PERSONAL_SHOWN, &err));
	assert_true(filter_may_use(type, 0, PERSONAL_MASKED, &err));
}

static void rows_that_would_hide_who_it_is_are_refused(void **state)
{
	static const struct {
		const char *rows, *error;
	} cases[] = {
		{ ROWS("personal = Mail..x\n"), "rows:6: 'Mail..x' is no path, expected names with points between them" },
		{ ROWS("personal = Name\n"), "rows:6: 'Name' is the title, by which records are told apart: it can't be personal" },
		{ ROWS("personal = Mail *\n"), "rows:6: 'Id' is the id, by which records are told apart: it can't be personal" },
		{ ROWS("time = Meta.Time\npersonal = Meta\n"), "rows:7: 'Meta.Time' is the time, by which records are told apart: it can't be personal" },
		{ ROWS("personal = Chief\nfield = Chief.Id text of Employee\n"), "rows:6: 'Chief.Id' leads to a record of Employee: it can't be personal" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct catalogue *catalogue = NULL;
		struct error err = { 0 };

		assert_false(catalogue_parse(cases[i].rows, "rows", &catalogue, &err));
		assert_int_equal(err.code, ERROR_INPUT);
		assert_string_equal(err.text, cases[i].error);
	}
}

static void there_may_be_many_paths_but_not_any_number(void **state)
{
	(void)state;
	for (int count = TYPE_PERSONAL_MAX; count <= TYPE_PERSONAL_MAX + 1; count++) {
		AUTO(catalogue_freep) struct catalogue *catalogue = NULL;
		AUTO(str_clear) struct str rows = STR_INIT(STR_NO_LIMIT);
		struct error err = { 0 };
		char last[20];

		str_add(&rows, "provider = demo\nkey = Id\n[A]\nquery = a\npersonal =");
		for (int i = 1; i <= count; i++)
			str_addf(&rows, " p%d", i);
		assert_int_equal(catalogue_parse(rows.text, "rows", &catalogue, &err), count == TYPE_PERSONAL_MAX);
		snprintf(last, sizeof(last), "p%d", TYPE_PERSONAL_MAX);
		if (catalogue)
			assert_true(personal_has(catalogue_at(catalogue, 0), last));
		else
			assert_string_equal(err.text, "rows:5: more than 64 personal paths");
	}
}

/* The program's own rows: what one must not meet by chance on somebody's screen. */
static void employees_of_both_ledgers_are_masked(void **state)
{
	static const char *const xledger[] = { "email", "contact.firstName", "contact.birthday", "contact.age", "contact.gender.name",
					       "compensationType.description", "exitReason.code", "socialSecurityMasked" };
	static const char *const quickbooks[] = { "SSN", "BirthDate", "Gender", "PrimaryAddr.Line1", "PrimaryPhone.FreeFormNumber",
						  "Mobile.FreeFormNumber", "PrimaryEmailAddr.Address", "CostRate" };
	AUTO(catalogue_freep) struct catalogue *catalogue = NULL;
	struct error err = { 0 };

	(void)state;
	assert_true(catalogue_load(NULL, &catalogue, &err));
	for (size_t i = 0; i < ARRAY_LEN(xledger); i++)
		assert_true(personal_has(catalogue_find(catalogue, "xledger", "employees"), xledger[i]));
	for (size_t i = 0; i < ARRAY_LEN(quickbooks); i++)
		assert_true(personal_has(catalogue_find(catalogue, "quickbooks", "Employee"), quickbooks[i]));
	assert_false(personal_has(catalogue_find(catalogue, "xledger", "employees"), "description"));
	assert_false(personal_has(catalogue_find(catalogue, "quickbooks", "Employee"), "DisplayName"));
}

int test_personal(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_personal_is_masked_and_nothing_else),
		cmocka_unit_test(a_type_without_persons_is_as_it_is),
		cmocka_unit_test(paths_meet_from_both_sides),
		cmocka_unit_test(cells_of_every_kind_are_masked),
		cmocka_unit_test(that_it_changed_is_told_and_not_to_what),
		cmocka_unit_test(what_is_masked_is_not_looked_for),
		cmocka_unit_test(rows_that_would_hide_who_it_is_are_refused),
		cmocka_unit_test(there_may_be_many_paths_but_not_any_number),
		cmocka_unit_test(employees_of_both_ledgers_are_masked),
	};

	return cmocka_run_group_tests_name("personal", tests, NULL, NULL);
}
