/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The vault's other openers and other keys, as they come and go. A key file opens it wherever a
 * passphrase is not the point, since Argon2id at its cheapest is still meant to be slow.
 */
#include <string.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/memory.h"

#include "books.h"
#include "tests.h"
#include "vectors.h"

/* ---- other openers */

static void rewrap_with_another_file(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(secret_freep) struct secret *other = secret_random(VAULT_KEY_BYTES);
	AUTO(str_clear) struct str header = STR_INIT(TEXT_MAX);
	AUTO(vault_freep) struct vault *again = NULL;
	const struct vault_opener opener = books_opener(other);
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	assert_true(vault_rewrap(books.vault, &opener, VAULT_MODERATE, &header, &err));
	assert_true(books_open(books.vault, &books.wrapped, &books.sealed));
	assert_false(books_unlocks(books.key, header.text, header.len, &err));
	assert_int_equal(err.code, ERROR_AUTH);
	books_unlock(other, &header, &again);
	assert_int_equal(vault_key_id(again), 1);
	assert_true(books_open(again, &books.wrapped, &books.sealed));
	/* The store keeps the old header until the new one is there: it still opens. */
	assert_true(books_unlocks(books.key, books.header.text, books.header.len, &err));
}

static bool passphrase_unlocks(const char *text, const struct str *header, struct vault **ret_vault,
			       struct error *err)
{
	AUTO(secret_freep) struct secret *passphrase = secret_of_text(text);
	const struct vault_opener opener = { .passphrase = passphrase };

	return vault_unlock(VECTOR_STORE, &opener, header->text, header->len, ret_vault, err);
}

/* One test for all that a passphrase does, because each of its steps takes its time. */
static void passphrases(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(str_clear) struct str first = STR_INIT(TEXT_MAX), second = STR_INIT(TEXT_MAX);
	AUTO(str_clear) struct str third = STR_INIT(TEXT_MAX);
	AUTO(secret_freep) struct secret *one = secret_of_text("one passphrase");
	AUTO(secret_freep) struct secret *other = secret_of_text("another passphrase");
	const struct vault_opener by_one = { .passphrase = one };
	const struct vault_opener by_other = { .passphrase = other };
	struct vault_opener by_file;
	AUTO(vault_freep) struct vault *vault = NULL;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	by_file = books_opener(books.key);
	/* from the key file to a passphrase */
	assert_true(vault_rewrap(books.vault, &by_one, VAULT_INTERACTIVE, &first, NULL));
	assert_true(passphrase_unlocks("one passphrase", &first, &vault, NULL));
	assert_true(books_open(vault, &books.wrapped, &books.sealed));
	/* to another passphrase; a wrong one may not change the keys */
	assert_true(vault_rewrap(vault, &by_other, VAULT_INTERACTIVE, &second, NULL));
	expect_error(vault_rotate(vault, &by_one, &third, &err), &err, ERROR_AUTH, "wrong key");
	assert_int_equal(vault_key_id(vault), 1);
	assert_true(vault_rotate(vault, &by_other, &third, NULL));
	vault_freep(&vault);
	expect_error(passphrase_unlocks("another passphrase ", &third, &vault, &err), &err,
		     ERROR_AUTH, "wrong key or damaged");
	assert_null(vault);
	assert_true(passphrase_unlocks("another passphrase", &third, &vault, NULL));
	assert_int_equal(vault_key_id(vault), 2);
	/* and back to the file */
	str_reset(&first);
	assert_true(vault_rewrap(vault, &by_file, VAULT_INTERACTIVE, &first, NULL));
	vault_freep(&vault);
	books_unlock(books.key, &first, &vault);
	assert_true(books_open(vault, &books.wrapped, &books.sealed));
}

static void wrong_kind_of_opener(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(str_clear) struct str header = STR_INIT(TEXT_MAX);
	struct vault *vault = NULL;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	expect_error(passphrase_unlocks("x", &books.header, &vault, &err), &err, ERROR_INPUT,
		     "opens with a key file");
	vector_add(&header, VECTOR_PASSPHRASE_HEADER);
	expect_error(books_unlocks(books.key, header.text, header.len, &err), &err, ERROR_INPUT,
		     "opens with a passphrase");
	assert_null(vault);
}

/* ---- other keys */

static void rotation(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(str_clear) struct str both = STR_INIT(TEXT_MAX), last = STR_INIT(TEXT_MAX);
	AUTO(str_clear) struct str rewrapped = STR_INIT(TEXT_MAX), fresh = STR_INIT(TEXT_MAX);
	AUTO(vault_freep) struct vault *with_both = NULL, *with_old = NULL, *with_new = NULL;
	struct vault_opener opener;

	(void)state;
	books_init(&books);
	opener = books_opener(books.key);
	assert_true(vault_rotate(books.vault, &opener, &both, NULL));
	assert_int_equal(vault_key_id(books.vault), 2);
	/* killed here: the next start finds both keys */
	books_unlock(books.key, &both, &with_both);
	assert_int_equal(vault_key_id(with_both), 2);
	assert_true(books_open(with_both, &books.wrapped, &books.sealed));
	/* row by row: what is sealed stays as it is */
	assert_true(vault_rewrap_account_key(with_both, VECTOR_ACCOUNT, books.wrapped.text,
					     books.wrapped.len, &rewrapped, NULL));
	assert_int_equal(vault_wrapped_by(rewrapped.text, rewrapped.len), 2);
	assert_true(books_open(with_both, &rewrapped, &books.sealed));
	assert_true(vault_account_key(with_both, "acc-18", &fresh, NULL));
	assert_int_equal(vault_wrapped_by(fresh.text, fresh.len), 2);
	/* somebody who still has the old header only */
	books_unlock(books.key, &books.header, &with_old);
	assert_true(books_open(with_old, &books.wrapped, &books.sealed));
	assert_false(books_open(with_old, &rewrapped, &books.sealed));
	/* and then the old key is gone */
	assert_true(vault_retire(with_both, &opener, &last, NULL));
	assert_int_equal(last.len, books.header.len);
	books_unlock(books.key, &last, &with_new);
	assert_int_equal(vault_key_id(with_new), 2);
	assert_true(books_open(with_new, &rewrapped, &books.sealed));
	assert_false(books_open(with_new, &books.wrapped, &books.sealed));
	assert_true(books_open(with_both, &rewrapped, &books.sealed));
	assert_false(books_open(with_both, &books.wrapped, &books.sealed));
}

static void rewrapping_again_changes_nothing(void **state)
{
	AUTO(books_clear) struct books books = { 0 };

	(void)state;
	books_init(&books);
	for (int i = 0; i < 3; i++) {
		AUTO(str_clear) struct str wrapped = STR_INIT(TEXT_MAX);

		assert_true(vault_rewrap_account_key(books.vault, VECTOR_ACCOUNT,
						     books.wrapped.text, books.wrapped.len,
						     &wrapped, NULL));
		assert_int_equal(vault_wrapped_by(wrapped.text, wrapped.len), 1);
		str_reset(&books.wrapped);
		str_add_bytes(&books.wrapped, wrapped.text, wrapped.len);
		assert_true(books_open(books.vault, &books.wrapped, &books.sealed));
	}
}

static void many_rotations(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(str_clear) struct str header = STR_INIT(TEXT_MAX);
	AUTO(vault_freep) struct vault *again = NULL;
	struct vault_opener opener;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	opener = books_opener(books.key);
	for (uint32_t id = 2; id <= 16; id++) {
		str_reset(&header);
		assert_true(vault_rotate(books.vault, &opener, &header, NULL));
		assert_int_equal(vault_key_id(books.vault), id);
	}
	books_unlock(books.key, &header, &again);
	assert_true(books_open(again, &books.wrapped, &books.sealed));
	str_reset(&header);
	expect_error(vault_rotate(books.vault, &opener, &header, &err), &err, ERROR_INPUT,
		     "retire");
	assert_int_equal(header.len, 0);
	assert_int_equal(vault_key_id(books.vault), 16);
	assert_true(vault_retire(books.vault, &opener, &header, NULL));
	str_reset(&header);
	assert_true(vault_rotate(books.vault, &opener, &header, NULL));
	assert_int_equal(vault_key_id(books.vault), 17);
}

static void retiring_alone(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(str_clear) struct str header = STR_INIT(TEXT_MAX);
	AUTO(vault_freep) struct vault *again = NULL;
	struct vault_opener opener;

	(void)state;
	books_init(&books);
	opener = books_opener(books.key);
	assert_true(vault_retire(books.vault, &opener, &header, NULL));
	books_unlock(books.key, &header, &again);
	assert_int_equal(vault_key_id(again), 1);
	assert_true(books_open(again, &books.wrapped, &books.sealed));
}

static void wrong_opener_changes_nothing(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(secret_freep) struct secret *wrong = secret_random(VAULT_KEY_BYTES);
	AUTO(str_clear) struct str header = STR_INIT(TEXT_MAX);
	const struct vault_opener opener = books_opener(wrong);
	struct vault_opener right;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	right = books_opener(books.key);
	assert_true(vault_rotate(books.vault, &right, &header, NULL));
	str_reset(&header);
	expect_error(vault_rotate(books.vault, &opener, &header, &err), &err, ERROR_AUTH, "wrong");
	expect_error(vault_retire(books.vault, &opener, &header, &err), &err, ERROR_AUTH, "wrong");
	assert_int_equal(header.len, 0);
	assert_int_equal(vault_key_id(books.vault), 2);
	assert_true(books_open(books.vault, &books.wrapped, &books.sealed));
}

static void marks(void **state)
{
	static const char *const others[][2] = {
		{ "realm", "9130357849113" }, { "realm", "" }, { "realm9", "130357849112" },
		{ "real", "m9130357849112" }, { "company", VECTOR_REALM },
	};
	AUTO(books_clear) struct books books = { 0 }, stranger = { 0 };
	AUTO(str_clear) struct str header = STR_INIT(TEXT_MAX);
	AUTO(vault_freep) struct vault *again = NULL;
	char mark[DIGEST_HEX], other[DIGEST_HEX] = "untouched";
	struct vault_opener opener;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	books_init(&stranger);
	opener = books_opener(books.key);
	assert_true(vault_mark(books.vault, "realm", VECTOR_REALM, mark, NULL));
	assert_int_equal(strlen(mark), DIGEST_HEX - 1);
	expect_error(vault_mark(books.vault, "", VECTOR_REALM, other, &err), &err, ERROR_INPUT,
		     "purpose");
	assert_string_equal(other, "untouched");
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		assert_true(vault_mark(books.vault, others[i][0], others[i][1], other, NULL));
		assert_string_not_equal(mark, other);
	}
	assert_true(vault_mark(stranger.vault, "realm", VECTOR_REALM, other, NULL));
	assert_string_not_equal(mark, other);
	/* For the vault's whole life: over rotation, retirement, another opener and a new start. */
	assert_true(vault_rotate(books.vault, &opener, &header, NULL));
	str_reset(&header);
	assert_true(vault_retire(books.vault, &opener, &header, NULL));
	opener = books_opener(stranger.key);
	str_reset(&header);
	assert_true(vault_rewrap(books.vault, &opener, VAULT_MODERATE, &header, NULL));
	books_unlock(stranger.key, &header, &again);
	assert_true(vault_mark(again, "realm", VECTOR_REALM, other, NULL));
	assert_string_equal(mark, other);
}

int test_vault_keys(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rewrap_with_another_file),
		cmocka_unit_test(passphrases),
		cmocka_unit_test(wrong_kind_of_opener),
		cmocka_unit_test(rotation),
		cmocka_unit_test(rewrapping_again_changes_nothing),
		cmocka_unit_test(many_rotations),
		cmocka_unit_test(retiring_alone),
		cmocka_unit_test(wrong_opener_changes_nothing),
		cmocka_unit_test(marks),
	};

	return cmocka_run_group_tests_name("vault_keys", tests, NULL, NULL);
}
