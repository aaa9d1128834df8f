/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the vault share: secrets from constants, and bytes that must not open. */
#include "tests.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "vectors.h"

struct secret *secret_of_vector(const char *digits)
{
	AUTO(str_clear) struct str bytes = STR_INIT(TEXT_MAX);

	vector_add(&bytes, digits);
	return secret_copy(bytes.text, bytes.len);
}

struct secret *secret_of_text(const char *text)
{
	return secret_copy(text, strlen(text));
}

bool secret_is_vector(const struct secret *secret, const char *digits)
{
	AUTO(secret_freep) struct secret *expected = secret_of_vector(digits);

	return secret_equals(secret, expected);
}

bool secret_is_text(const struct secret *secret, const char *text)
{
	AUTO(secret_freep) struct secret *expected = secret_of_text(text);

	return secret_equals(secret, expected);
}

bool str_holds(const struct str *str, const char *bytes, size_t len)
{
	return memmem(str->text, str->len, bytes, len) != NULL;
}

void expect_error(bool ok, const struct error *err, enum error_code code, const char *part)
{
	assert_false(ok);
	if (err->code != code || !strstr(err->text, part))
		fail_msg("expected code %d and '%s', got code %d and '%s'", (int)code, part,
			 (int)err->code, err->text);
}

struct opening {
	bool (*opens)(void *ctx, const char *bytes, size_t len, struct error *err);
	void *ctx;
};

/* In memory of its own length, so that a byte too far is seen. */
static bool opens(const struct opening *opening, const char *bytes, size_t len, struct error *err)
{
	AUTO(memory_freep) char *copy = memory_resize(NULL, len);

	if (len)
		memcpy(copy, bytes, len);
	return opening->opens(opening->ctx, copy, len, err);
}

static void expect_refused(const struct opening *opening, const char *bytes, size_t len,
			   const char *what, size_t at)
{
	struct error err = { 0 };

	if (opens(opening, bytes, len, &err))
		fail_msg("opens although %s at byte %zu", what, at);
	if ((err.code != ERROR_AUTH && err.code != ERROR_INPUT) || !*err.text)
		fail_msg("%s at byte %zu: code %d, '%s'", what, at, (int)err.code, err.text);
}

void expect_only_good(const struct str *good,
		      bool (*fn)(void *ctx, const char *bytes, size_t len, struct error *err),
		      void *ctx)
{
	const struct opening opening = { fn, ctx };
	AUTO(str_clear) struct str bytes = STR_INIT(TEXT_MAX);
	struct error err = { 0 };

	str_add_bytes(&bytes, good->text, good->len);
	for (size_t i = 0; i < good->len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			bytes.text[i] = (char)(good->text[i] ^ 1 << bit);
			expect_refused(&opening, bytes.text, bytes.len, "a bit is changed", i);
		}
		bytes.text[i] = (char)~good->text[i];
		expect_refused(&opening, bytes.text, bytes.len, "a byte is changed", i);
		bytes.text[i] = good->text[i];
		expect_refused(&opening, bytes.text, i, "it is cut", i);
	}
	str_add_char(&bytes, '\0');
	expect_refused(&opening, bytes.text, bytes.len, "it is longer", good->len);
	if (!opens(&opening, good->text, good->len, &err))
		fail_msg("does not open: %s", err.text);
}
