/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Policies: each word says what it does, each default is a value. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/policy.h"

static void set(struct policies *policies, enum policy policy, const char *value)
{
	snprintf(policies->values[policy], POLICY_VALUE_MAX, "%s", value);
}

static void test_rows(void **state)
{
	(void)state;
	for (int i = 0; i < POLICY_COUNT; i++) {
		AUTO(str_clear) struct str word = STR_INIT(STR_NO_LIMIT);
		enum policy policy = (enum policy)i;
		char usual[POLICY_VALUE_MAX];
		size_t count = 0;

		assert_true(policy_check(policy, policy_usual(policy, usual), NULL));
		for (; policy_value(policy, count, &word); count++, str_reset(&word)) {
			AUTO(str_clear) struct str meaning = STR_INIT(STR_NO_LIMIT);

			assert_true(policy_check(policy, word.text, NULL));
			policy_add_meaning(policy, word.text, &meaning);
			if (meaning.len == 0)
				fail_msg("%s does not say what '%s' does", policy_row(policy)->name, word.text);
			if (count == 0)
				assert_string_equal(word.text, usual);
		}
		assert_int_equal(count > 0, policy_row(policy)->kind == POLICY_WORDS);
	}
}

static void test_meaning(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	(void)state;
	policy_add_meaning(POLICY_DUPLICATE, "block", &text);
	assert_string_equal(text.text, "held back");
	str_reset(&text);
	policy_add_meaning(POLICY_CONFIRM, "never", &text);
	assert_string_equal(text.text, "nobody does");
	str_reset(&text);
	policy_add_meaning(POLICY_DUPLICATE, "bloc", &text);
	assert_string_equal(text.text, "");
}

/* A word that takes a text takes any that shows. */
static void test_text(void **state)
{
	static const char *const bad[] = { "prefix", "prefix=", "prefix=A C", "prefix=A\t", "Prefix=A", "ledger=A", "prefix=\xff", "keep " };
	AUTO(str_clear) struct str meaning = STR_INIT(STR_NO_LIMIT), words = STR_INIT(STR_NO_LIMIT);
	struct policies policies;
	struct error err = { 0 };

	(void)state;
	policies_init(&policies);
	assert_null(policy_text(&policies, POLICY_NUMBERING, "prefix="));
	assert_true(policy_check(POLICY_NUMBERING, "prefix=\xc3\x84/2026-", &err));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (policy_check(POLICY_NUMBERING, bad[i], &err))
			fail_msg("'%s' was taken", bad[i]);
	assert_string_equal(err.text, "numbering is one of: keep ledger prefix=AC-");
	policy_add_meaning(POLICY_NUMBERING, "prefix=Z", &meaning);
	assert_string_equal(meaning.text, "your document's number behind a text of the account's own, as in AC-1042");
	policy_words(POLICY_NUMBERING, &words);
	assert_string_equal(words.text, "keep ledger prefix=");
	set(&policies, POLICY_NUMBERING, "prefix=Z");
	assert_string_equal(policy_text(&policies, POLICY_NUMBERING, "prefix="), "Z");
}

/* Fields have the names of the table of resources; what can't be is said, with what is nearest to it. */
static void test_owners(void **state)
{
	static const struct {
		const char *value, *why;
	} bad[] = {
		{ "due_dat=ledger", "documents have no field 'due_dat', did you mean 'due_date'?" },
		{ "payment.due_date=ledger", "payments have no field 'due_date'" },
		{ "invoic.memo=ledger", "there is no type 'invoic' of documents" },
		{ "total=ledger", "'total' is always yours" },
		{ "lines=ledger", "'lines' is always yours" },
		{ "invoice.tax_code=manual", "'tax_code' is always yours" },
		{ "voided=ledger", "'voided' is always yours" },
		{ "memo=theirs", "field-owner takes words such as due_date=ledger, each with source, ledger or manual" },
		{ "memo", "field-owner takes words such as due_date=ledger, each with source, ledger or manual" },
		{ "memo=", "field-owner takes words such as due_date=ledger, each with source, ledger or manual" },
		{ "memo=ledger memo=manual", "'memo' stands there twice" },
	};
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(policy_check(POLICY_OWNER, bad[i].value, &err));
		assert_string_equal(err.text, bad[i].why);
	}
	assert_true(policy_check(POLICY_OWNER, "  due_date=ledger   terms=manual invoice.memo=source ", &err));
	assert_true(policy_check(POLICY_OWNER, "", &err));
}

static void test_owner(void **state)
{
	static const struct {
		const char *type, *field;
		enum field_owner owner;
	} rows[] = {
		{ "invoice", "due_date", OWNER_LEDGER }, { "bill", "due_date", OWNER_LEDGER },   { "invoice", "term", OWNER_MANUAL },
		{ "customer", "term", OWNER_MANUAL },    { "invoice", "memo", OWNER_SOURCE },    { "bill", "memo", OWNER_LEDGER },
		{ "invoice", "date", OWNER_SOURCE },     { "customer", "tax_code", OWNER_LEDGER }, { "invoice", "tax_code", OWNER_SOURCE },
	};
	AUTO(str_clear) struct str words = STR_INIT(STR_NO_LIMIT);
	struct policies policies;

	(void)state;
	policies_init(&policies);
	set(&policies, POLICY_OWNER, "invoice.memo=source due_date=ledger terms=manual memo=ledger tax_code=ledger");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct resource_type *type = resource_type_find(rows[i].type, strlen(rows[i].type));

		if (field_owner(&policies, type, resource_field(type, false, rows[i].field, strlen(rows[i].field))) != rows[i].owner)
			fail_msg("%s.%s is not of %s", rows[i].type, rows[i].field, field_owner_word(rows[i].owner));
	}
	policy_words(POLICY_OWNER, &words);
	assert_non_null(strstr(words.text, " due_date="));
	assert_null(strstr(words.text, "total="));
	assert_int_equal(strncmp(words.text, "name= ", 6), 0);
}

/* Documents that count with us get it, and each once. */
static void test_number(void **state)
{
	static const struct {
		const char *value, *type, *number, *there;
	} rows[] = {
		{ "keep", "invoice", "1042", "1042" },           { "ledger", "invoice", "1042", "1042" },
		{ "prefix=AC-", "invoice", "1042", "AC-1042" },  { "prefix=AC-", "credit_memo", "7", "AC-7" },
		{ "prefix=AC-", "journal_entry", "J", "AC-J" },  { "prefix=AC-", "invoice", "AC-1042", "AC-1042" },
		{ "prefix=AC-", "invoice", "", "" },             { "prefix=AC-", "bill", "1042", "1042" },
		{ "prefix=AC-", "payment", "R-1", "R-1" },       { "prefix=AC-", "customer", "Kestrel", "Kestrel" },
	};
	struct policies policies;

	(void)state;
	policies_init(&policies);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(str_clear) struct str there = STR_INIT(STR_NO_LIMIT);

		set(&policies, POLICY_NUMBERING, rows[i].value);
		policy_number(&policies, resource_type_find(rows[i].type, strlen(rows[i].type)), rows[i].number, &there);
		assert_string_equal(there.text, rows[i].there);
	}
}

int test_policy(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_meaning),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_owner),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
