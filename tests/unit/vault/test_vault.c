/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The vault as its users see it: made, locked and unlocked, what damage and exchanged rows do, what
 * each failure leaves behind, and many threads at once. Changes of openers and keys have a file of
 * their own, test_vault_keys.c.
 */
#include <stdatomic.h>
#include <string.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/thread.h"

#include "books.h"
#include "tests.h"
#include "vectors.h"

static void everything_opens_again(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(vault_freep) struct vault *again = NULL;

	(void)state;
	books_init(&books);
	assert_int_equal(vault_key_id(books.vault), 1);
	assert_int_equal(vault_wrapped_by(books.wrapped.text, books.wrapped.len), 1);
	assert_true(books_open(books.vault, &books.wrapped, &books.sealed));
	vault_freep(&books.vault);
	assert_null(books.vault);
	books_unlock(books.key, &books.header, &again);
	assert_int_equal(vault_key_id(again), 1);
	assert_true(books_open(again, &books.wrapped, &books.sealed));
}

static void fixed_bytes_open(void **state)
{
	AUTO(secret_freep) struct secret *key = secret_of_vector(VECTOR_FILE_KEY);
	AUTO(vault_freep) struct vault *vault = NULL;
	AUTO(str_clear) struct str header = STR_INIT(TEXT_MAX), sealed = STR_INIT(TEXT_MAX);
	AUTO(str_clear) struct str first = STR_INIT(TEXT_MAX), second = STR_INIT(TEXT_MAX);
	char hex[DIGEST_HEX];

	(void)state;
	vector_add(&header, VECTOR_FILE_HEADER);
	vector_add(&first, VECTOR_WRAPPED_1);
	vector_add(&second, VECTOR_WRAPPED_2);
	vector_add(&sealed, VECTOR_SEALED);
	books_unlock(key, &header, &vault);
	assert_int_equal(vault_key_id(vault), 2);
	assert_true(books_open(vault, &first, &sealed));
	assert_true(books_open(vault, &second, &sealed));
	assert_true(vault_mark(vault, "realm", VECTOR_REALM, hex, NULL));
	assert_string_equal(hex, VECTOR_MARK);
}

static void every_vault_has_its_own_keys(void **state)
{
	AUTO(books_clear) struct books one = { 0 }, other = { 0 };

	(void)state;
	books_init(&one);
	books_init(&other);
	assert_false(books_open(one.vault, &other.wrapped, &other.sealed));
	assert_false(books_open(one.vault, &one.wrapped, &other.sealed));
	assert_false(books_open(one.vault, &other.wrapped, &one.sealed));
}

static void wrong_key_file(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(secret_freep) struct secret *wrong = NULL;
	struct vault *vault = NULL;
	struct vault_opener opener;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	wrong = secret_copy(secret_reveal(books.key), VAULT_KEY_BYTES);
	secret_edit(wrong)[VAULT_KEY_BYTES - 1] ^= 1;
	opener = books_opener(wrong);
	expect_error(vault_unlock(VECTOR_STORE, &opener, books.header.text, books.header.len,
				  &vault, &err), &err, ERROR_AUTH, "wrong key or damaged");
	opener = books_opener(books.key);
	expect_error(vault_unlock("another store", &opener, books.header.text, books.header.len,
				  &vault, &err), &err, ERROR_AUTH, "wrong key or damaged");
	assert_null(vault);
}

static void damaged_header(void **state)
{
	AUTO(books_clear) struct books books = { 0 };

	(void)state;
	books_init(&books);
	expect_only_good(&books.header, books_unlocks, books.key);
}

static bool opens_wrapped(void *ctx, const char *bytes, size_t len, struct error *err)
{
	const struct books *books = ctx;
	AUTO(secret_freep) struct secret *secret = NULL;

	return vault_open(books->vault, bytes, len, &books_refresh, books->sealed.text,
			  books->sealed.len, &secret, err);
}

static bool opens_sealed(void *ctx, const char *bytes, size_t len, struct error *err)
{
	const struct books *books = ctx;
	AUTO(secret_freep) struct secret *secret = NULL;

	return vault_open(books->vault, books->wrapped.text, books->wrapped.len, &books_refresh,
			  bytes, len, &secret, err);
}

static bool rewraps(void *ctx, const char *bytes, size_t len, struct error *err)
{
	const struct books *books = ctx;
	AUTO(str_clear) struct str wrapped = STR_INIT(TEXT_MAX);
	bool ok = vault_rewrap_account_key(books->vault, VECTOR_ACCOUNT, bytes, len, &wrapped, err);

	assert_int_equal(ok, wrapped.len > 0);
	return ok;
}

static void damaged_rows(void **state)
{
	AUTO(books_clear) struct books books = { 0 };

	(void)state;
	books_init(&books);
	expect_only_good(&books.wrapped, opens_wrapped, &books);
	expect_only_good(&books.wrapped, rewraps, &books);
	expect_only_good(&books.sealed, opens_sealed, &books);
}

/* Error texts name what does not open, and nothing that is secret. */
static void errors_name_the_row(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(secret_freep) struct secret *secret = NULL;
	struct vault_binding other = books_refresh;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	other.generation = 6;
	expect_error(vault_open(books.vault, books.wrapped.text, books.wrapped.len, &other,
				books.sealed.text, books.sealed.len, &secret, &err), &err,
		     ERROR_AUTH, "the 'refresh' secret of account 'acc-17' does not open: wrong");
	other.account_id = "acc-18";
	expect_error(vault_open(books.vault, books.wrapped.text, books.wrapped.len, &other,
				books.sealed.text, books.sealed.len, &secret, &err), &err,
		     ERROR_AUTH, "the key of account 'acc-18' does not open: wrong");
	assert_null(strstr(err.text, VECTOR_REALM));
}

/* Two accounts of one store, whose rows somebody has exchanged. */
static void swapped_rows(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(str_clear) struct str wrapped = STR_INIT(TEXT_MAX), sealed = STR_INIT(TEXT_MAX);
	AUTO(secret_freep) struct secret *secret = secret_of_text("of the other account");
	struct vault_binding other = books_refresh;

	(void)state;
	books_init(&books);
	other.account_id = "acc-18";
	assert_true(vault_account_key(books.vault, other.account_id, &wrapped, NULL));
	assert_true(vault_seal(books.vault, wrapped.text, wrapped.len, &other, secret, &sealed,
			       NULL));
	assert_false(books_open(books.vault, &wrapped, &sealed));
	assert_false(books_open(books.vault, &wrapped, &books.sealed));
	assert_false(books_open(books.vault, &books.wrapped, &sealed));
	assert_true(books_open(books.vault, &books.wrapped, &books.sealed));
}

static void account_keys_differ(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(str_clear) struct str wrapped = STR_INIT(TEXT_MAX);

	(void)state;
	books_init(&books);
	assert_true(vault_account_key(books.vault, VECTOR_ACCOUNT, &wrapped, NULL));
	assert_false(books_open(books.vault, &wrapped, &books.sealed));
}

static void no_opener_at_all(void **state)
{
	static const struct vault_opener none;
	AUTO(books_clear) struct books books = { 0 };
	AUTO(str_clear) struct str header = STR_INIT(TEXT_MAX);
	struct vault *vault = NULL;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	expect_error(vault_new(VECTOR_STORE, &none, VAULT_MODERATE, &header, &vault, &err), &err,
		     ERROR_INPUT, "passphrase");
	expect_error(vault_unlock(VECTOR_STORE, &none, books.header.text, books.header.len, &vault,
				  &err), &err, ERROR_INPUT, "passphrase");
	expect_error(vault_rewrap(books.vault, &none, VAULT_MODERATE, &header, &err), &err,
		     ERROR_INPUT, "passphrase");
	expect_error(vault_rotate(books.vault, &none, &header, &err), &err, ERROR_INPUT, "pass");
	expect_error(vault_retire(books.vault, &none, &header, &err), &err, ERROR_INPUT, "pass");
	assert_null(vault);
	assert_int_equal(header.len, 0);
}

static void store_without_a_name(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(str_clear) struct str header = STR_INIT(TEXT_MAX), name = STR_INIT(TEXT_MAX);
	struct vault_opener opener;
	struct vault *vault = NULL;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	opener = books_opener(books.key);
	expect_error(vault_new("", &opener, VAULT_MODERATE, &header, &vault, &err), &err,
		     ERROR_INPUT, "uuid");
	while (name.len < 65536)
		str_add(&name, VECTOR_STORE);
	expect_error(vault_new(name.text, &opener, VAULT_MODERATE, &header, &vault, &err), &err,
		     ERROR_INPUT, "uuid");
	assert_null(vault);
	assert_int_equal(header.len, 0);
}

/* ---- what failures leave behind */

/* Results are appended whole or not at all, and then nothing else has happened either. */
static void no_room(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(secret_freep) struct secret *secret = secret_of_text(VECTOR_SECRET);
	AUTO(str_clear) struct str small = STR_INIT(90);
	struct vault_opener opener;
	struct vault *vault = NULL;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	opener = books_opener(books.key);
	str_add(&small, "kept");
	expect_error(vault_new(VECTOR_STORE, &opener, VAULT_MODERATE, &small, &vault, &err), &err,
		     ERROR_INTERNAL, "no room");
	assert_null(vault);
	expect_error(vault_rotate(books.vault, &opener, &small, &err), &err, ERROR_INTERNAL, "no");
	assert_int_equal(vault_key_id(books.vault), 1);
	expect_error(vault_rewrap(books.vault, &opener, VAULT_MODERATE, &small, &err), &err,
		     ERROR_INTERNAL, "no room");
	expect_error(vault_retire(books.vault, &opener, &small, &err), &err, ERROR_INTERNAL, "no");
	expect_error(vault_account_key(books.vault, "acc-18", &small, &err), &err, ERROR_INTERNAL,
		     "no room");
	expect_error(vault_rewrap_account_key(books.vault, VECTOR_ACCOUNT, books.wrapped.text,
					      books.wrapped.len, &small, &err), &err,
		     ERROR_INTERNAL, "no room");
	expect_error(vault_seal(books.vault, books.wrapped.text, books.wrapped.len, &books_refresh,
				secret, &small, &err), &err, ERROR_INTERNAL, "no room");
	assert_string_equal(small.text, "kept");
	assert_false(str_is_cut(&small));
	/* What is marked as cut is not added to, though there may be room again. */
	str_clear(&small);
	str_init(&small, 200);
	str_addf(&small, "%300s", "cut");
	str_truncate(&small, 0);
	expect_error(vault_account_key(books.vault, "acc-18", &small, &err), &err, ERROR_INTERNAL,
		     "no room");
	assert_int_equal(small.len, 0);
	/* The opener that the vault had is still its opener. */
	str_clear(&small);
	str_init(&small, TEXT_MAX);
	assert_true(vault_rotate(books.vault, &opener, &small, &err));
	assert_true(books_open(books.vault, &books.wrapped, &books.sealed));
}

static void results_are_appended(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(secret_freep) struct secret *secret = secret_of_text(VECTOR_SECRET);
	AUTO(str_clear) struct str out = STR_INIT(TEXT_MAX);

	(void)state;
	books_init(&books);
	str_add(&out, "before");
	assert_true(vault_seal(books.vault, books.wrapped.text, books.wrapped.len, &books_refresh,
			       secret, &out, NULL));
	assert_int_equal(out.len, strlen("before") + books.sealed.len);
	assert_memory_equal(out.text, "before", strlen("before"));
	assert_true(opens_sealed(&books, out.text + 6, out.len - 6, NULL));
}

static void nothing_to_free(void **state)
{
	struct vault *vault = NULL;

	(void)state;
	vault_free(NULL);
	vault_freep(&vault);
	assert_null(vault);
}

/* ---- many threads */

#define READERS 4
#define ROUNDS 200

struct reader {
	struct books *books;
	struct thread *thread;
	atomic_int *opened;
};

/* No assertions here: cmocka's leave the thread by a jump. */
static void read_and_write(void *ctx)
{
	const struct reader *reader = ctx;
	struct vault *vault = reader->books->vault;
	AUTO(secret_freep) struct secret *text = secret_of_text(VECTOR_SECRET);

	for (int i = 0; i < ROUNDS; i++) {
		AUTO(secret_freep) struct secret *secret = NULL;
		AUTO(str_clear) struct str wrapped = STR_INIT(TEXT_MAX);
		AUTO(str_clear) struct str sealed = STR_INIT(TEXT_MAX);

		if (vault_rewrap_account_key(vault, VECTOR_ACCOUNT, reader->books->wrapped.text,
					     reader->books->wrapped.len, &wrapped, NULL) &&
		    vault_seal(vault, wrapped.text, wrapped.len, &books_refresh, text, &sealed,
			       NULL) &&
		    vault_open(vault, wrapped.text, wrapped.len, &books_refresh, sealed.text,
			       sealed.len, &secret, NULL) &&
		    secret_equals(text, secret) && vault_key_id(vault) > 0)
			atomic_fetch_add(reader->opened, 1);
	}
}

static void rotation_under_use(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	struct reader readers[READERS];
	struct vault_opener opener;
	atomic_int opened = 0;
	int rotated = 0;

	(void)state;
	books_init(&books);
	opener = books_opener(books.key);
	for (int i = 0; i < READERS; i++) {
		readers[i] = (struct reader){ .books = &books, .opened = &opened };
		readers[i].thread = thread_new(read_and_write, &readers[i]);
	}
	for (int i = 0; i < 15; i++) {
		AUTO(str_clear) struct str header = STR_INIT(TEXT_MAX);

		rotated += vault_rotate(books.vault, &opener, &header, NULL);
	}
	for (int i = 0; i < READERS; i++)
		thread_join(readers[i].thread);
	assert_int_equal(rotated, 15);
	assert_int_equal(opened, READERS * ROUNDS);
}

struct rotator {
	struct books *books;
	struct thread *thread;
	int rotated, refused;
};

static void rotate_until_full(void *ctx)
{
	struct rotator *rotator = ctx;
	const struct vault_opener opener = books_opener(rotator->books->key);

	for (int i = 0; i < 20; i++) {
		AUTO(str_clear) struct str header = STR_INIT(TEXT_MAX);
		struct error err = { 0 };

		if (vault_rotate(rotator->books->vault, &opener, &header, &err))
			rotator->rotated++;
		else if (err.code == ERROR_CONFLICT || err.code == ERROR_INPUT)
			rotator->refused++;
	}
}

/* Of two changes at once one is done and the other told so: no key is ever overwritten. */
static void rotations_at_once(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	struct rotator rotators[READERS];
	int rotated = 0;

	(void)state;
	books_init(&books);
	for (int i = 0; i < READERS; i++) {
		rotators[i] = (struct rotator){ .books = &books };
		rotators[i].thread = thread_new(rotate_until_full, &rotators[i]);
	}
	for (int i = 0; i < READERS; i++) {
		thread_join(rotators[i].thread);
		assert_int_equal(rotators[i].rotated + rotators[i].refused, 20);
		rotated += rotators[i].rotated;
	}
	assert_in_range(rotated, 1, 15);
	assert_int_equal(vault_key_id(books.vault), 1 + rotated);
	assert_true(books_open(books.vault, &books.wrapped, &books.sealed));
}

struct rewrapper {
	struct vault *vault;
	const struct secret *keys[2];
};

static void rewrap_to_and_fro(void *ctx)
{
	const struct rewrapper *rewrapper = ctx;

	for (int i = 0; i < 4 * ROUNDS; i++) {
		const struct vault_opener opener = books_opener(rewrapper->keys[i % 2]);
		AUTO(str_clear) struct str header = STR_INIT(TEXT_MAX);

		vault_rewrap(rewrapper->vault, &opener, VAULT_MODERATE, &header, NULL);
	}
}

/*
 * An opener that is proven and then replaced by another thread before the keys change: a header
 * made with the one's key and the other's salt would open with neither.
 */
static void keys_and_openers_at_once(void **state)
{
	AUTO(books_clear) struct books books = { 0 };
	AUTO(secret_freep) struct secret *other = secret_random(VAULT_KEY_BYTES);
	struct rewrapper rewrapper;
	struct vault_opener opener;
	struct thread *thread;
	int locked_out = 0, unexpected = 0;

	(void)state;
	books_init(&books);
	opener = books_opener(books.key);
	rewrapper = (struct rewrapper){ books.vault, { other, books.key } };
	thread = thread_new(rewrap_to_and_fro, &rewrapper);
	for (int i = 0; i < 4 * ROUNDS; i++) {
		AUTO(str_clear) struct str header = STR_INIT(TEXT_MAX);
		struct error err = { 0 };

		if (vault_retire(books.vault, &opener, &header, &err))
			locked_out += !books_unlocks(books.key, header.text, header.len, NULL);
		else
			unexpected += err.code != ERROR_CONFLICT && err.code != ERROR_AUTH;
	}
	thread_join(thread);
	assert_int_equal(locked_out, 0);
	assert_int_equal(unexpected, 0);
	assert_true(books_open(books.vault, &books.wrapped, &books.sealed));
}

int test_vault(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_opens_again),
		cmocka_unit_test(fixed_bytes_open),
		cmocka_unit_test(every_vault_has_its_own_keys),
		cmocka_unit_test(wrong_key_file),
		cmocka_unit_test(damaged_header),
		cmocka_unit_test(damaged_rows),
		cmocka_unit_test(errors_name_the_row),
		cmocka_unit_test(swapped_rows),
		cmocka_unit_test(account_keys_differ),
		cmocka_unit_test(no_opener_at_all),
		cmocka_unit_test(store_without_a_name),
		cmocka_unit_test(no_room),
		cmocka_unit_test(results_are_appended),
		cmocka_unit_test(nothing_to_free),
		cmocka_unit_test(rotation_under_use),
		cmocka_unit_test(rotations_at_once),
		cmocka_unit_test(keys_and_openers_at_once),
	};

	return cmocka_run_group_tests_name("vault", tests, NULL, NULL);
}
