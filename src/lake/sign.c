/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signatures by HMAC-SHA256. Of AWS: "AWS Signature Version 4 for API requests" in the IAM user guide; a canonical request is hashed
 * into a text to sign, with a key that is derived from the day, the region and the service.
 */
#include "sign.h"

#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"

#define ALGORITHM "AWS4-HMAC-SHA256"
#define SERVICE "s3"
#define SCOPE_END "aws4_request"
#define DAY_LEN 8

void sign_add_base64(struct str *out, const void *bytes, size_t len)
{
	size_t start = out->len;

	digest_add_base64url(out, bytes, len);
	for (size_t i = start; i < out->len; i++)
		out->text[i] = out->text[i] == '-' ? '+' : out->text[i] == '_' ? '/' : out->text[i];
	while ((out->len - start) % 4 != 0)
		str_add_char(out, '=');
}

struct secret *sign_from_base64(const char *text)
{
	AUTO(secret_freep) struct secret *url = secret_copy(text, strlen(text));
	char *at = secret_edit(url);

	for (; *at; at++)
		*at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
	return secret_from_base64url(url);
}

void sign_add_path(struct str *out, const char *path)
{
	for (const char *at = path;;) {
		size_t len = strcspn(at, "/");
		AUTO(memory_freep) char *part = memory_copy(at, len);

		str_add_percent(out, part);
		if (!at[len])
			return;
		str_add_char(out, '/');
		at += len + 1;
	}
}

void sign_add_stamp(struct str *out, int64_t at_ms)
{
	char stamp[STAMP_TEXT_MAX];

	str_add(out, stamp_format_name(at_ms, stamp));
}

static void add_hex(struct str *out, struct digest digest)
{
	char hex[DIGEST_HEX];

	str_add(out, digest_hex(&digest, hex));
}

static void add_canonical(const struct sign_request *request, struct str *out, struct str *names)
{
	str_addf(out, "%s\n%s\n%s\n", request->method, request->path, request->query);
	for (size_t i = 0; i < request->header_count; i++) {
		str_addf(out, "%s:%s\n", request->headers[i].name, request->headers[i].value);
		str_addf(names, "%s%s", i ? ";" : "", request->headers[i].name);
	}
	str_addf(out, "\n%s\n%s", names->text, request->body_sha256);
}

/* Each step's key is the digest of the one before. */
static struct digest step(const void *key, size_t key_len, const char *text, size_t len)
{
	return digest_hmac_sha256(key, key_len, text, len, "", 0);
}

static struct digest signing_key(const struct sign_request *request, const struct secret *key)
{
	AUTO(secret_freep) struct secret *start = secret_new(4 + secret_len(key));
	struct digest digest;

	memcpy(secret_edit(start), "AWS4", 4);
	memcpy(secret_edit(start) + 4, secret_reveal(key), secret_len(key));
	digest = step(secret_reveal(start), secret_len(start), request->stamp, DAY_LEN);
	digest = step(digest.bytes, DIGEST_BYTES, request->region, strlen(request->region));
	digest = step(digest.bytes, DIGEST_BYTES, SERVICE, strlen(SERVICE));
	return step(digest.bytes, DIGEST_BYTES, SCOPE_END, strlen(SCOPE_END));
}

struct secret *sign_aws(const struct sign_request *request, const char *key_id, const struct secret *key)
{
	AUTO(str_clear) struct str canonical = STR_INIT(STR_NO_LIMIT), names = STR_INIT(1000), scope = STR_INIT(200), text = STR_INIT(1000),
				   value = STR_INIT(3000);
	struct digest derived;

	add_canonical(request, &canonical, &names);
	str_addf(&scope, "%.*s/%s/" SERVICE "/" SCOPE_END, DAY_LEN, request->stamp, request->region);
	str_addf(&text, ALGORITHM "\n%s\n%s\n", request->stamp, scope.text);
	add_hex(&text, digest_sha256(canonical.text, canonical.len));
	derived = signing_key(request, key);
	str_addf(&value, ALGORITHM " Credential=%s/%s, SignedHeaders=%s, Signature=", key_id, scope.text, names.text);
	add_hex(&value, step(derived.bytes, DIGEST_BYTES, text.text, text.len));
	secret_wipe(&derived, sizeof(derived));
	return secret_copy(value.text, value.len);
}
