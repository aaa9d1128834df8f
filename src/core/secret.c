/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets in libsodium's guarded pages, and a process that leaves no traces of them. Which secrets
 * there are, and how they are sealed on disk, is left to the vault.
 */
#include "ledgerdeck/core/secret.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <sodium.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"

struct secret {
	size_t len;
	char *bytes; /* len + 1 bytes of guarded memory; the last is NUL */
};

/* Can the largest secret be locked? Asked of memory that is given back at once. */
static bool locks_memory(void)
{
	void *probe = sodium_malloc(SECRET_MAX + 1);
	bool locked = probe && sodium_mlock(probe, SECRET_MAX + 1) == 0;

	sodium_free(probe);
	return locked;
}

bool secret_start(const char **ret_warning, struct error *err)
{
	const struct rlimit none = { 0 };
	struct rlimit lockable;

	*ret_warning = NULL;
	if (sodium_init() < 0)
		return error_set(err, ERROR_INTERNAL, "the cryptographic library does not start");
	if (setrlimit(RLIMIT_CORE, &none) < 0)
		return error_set(err, ERROR_INTERNAL, "core dumps cannot be switched off: %s",
				 strerror(errno));
	if (prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) < 0)
		return error_set(err, ERROR_INTERNAL,
				 "the memory cannot be hidden from other processes: %s",
				 strerror(errno));
	/* What the administrator allows at most is often more than a session starts with. */
	if (getrlimit(RLIMIT_MEMLOCK, &lockable) == 0 && lockable.rlim_cur < lockable.rlim_max) {
		lockable.rlim_cur = lockable.rlim_max;
		setrlimit(RLIMIT_MEMLOCK, &lockable);
	}
	if (!locks_memory())
		*ret_warning = "memory cannot be locked: secrets may be written to swap space";
	return true;
}

struct secret *secret_new(size_t len)
{
	struct secret *secret;

	assert(len <= SECRET_MAX);
	/* The guard's canary must be there even if secret_start() was not called; costs nothing. */
	if (sodium_init() < 0)
		memory_fatal();
	secret = memory_new(sizeof(*secret));
	secret->len = len;
	secret->bytes = sodium_malloc(len + 1);
	if (!secret->bytes)
		memory_fatal();
	memset(secret->bytes, 0, len + 1);
	return secret;
}

struct secret *secret_copy(const void *bytes, size_t len)
{
	struct secret *secret = secret_new(len);

	if (len)
		memcpy(secret->bytes, bytes, len);
	return secret;
}

struct secret *secret_random(size_t len)
{
	struct secret *secret = secret_new(len);
	struct env env = env_real();

	env.random(env.ctx, secret->bytes, len);
	return secret;
}

struct secret *secret_from_base64url(const struct secret *text)
{
	struct secret *bytes = secret_new(text->len), *exact = NULL;
	size_t len = text->len, got = 0;
	const char *end = NULL;

	while (len > 0 && text->len - len < 2 && text->bytes[len - 1] == '=')
		len--;
	/* libsodium takes bytes beyond ASCII for letters where char is signed. */
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text->bytes[i] >= 0x80)
			len = 0;
	if (len > 0 && sodium_base642bin((unsigned char *)bytes->bytes, bytes->len, text->bytes, len, NULL, &got, &end,
					 sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 && end == text->bytes + len)
		exact = secret_copy(bytes->bytes, got);
	secret_free(bytes);
	return exact;
}

void secret_free(struct secret *secret)
{
	if (!secret)
		return;
	sodium_free(secret->bytes); /* wipes first */
	free(secret);
}

void secret_freep(struct secret **secret)
{
	secret_free(*secret);
	*secret = NULL;
}

const char *secret_reveal(const struct secret *secret)
{
	return secret->bytes;
}

char *secret_edit(struct secret *secret)
{
	return secret->bytes;
}

size_t secret_len(const struct secret *secret)
{
	return secret->len;
}

bool secret_equals(const struct secret *a, const struct secret *b)
{
	return a->len == b->len && sodium_memcmp(a->bytes, b->bytes, a->len) == 0;
}

void secret_wipe(void *bytes, size_t len)
{
	if (len)
		sodium_memzero(bytes, len);
}
