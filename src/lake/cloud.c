/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing here knows one cloud from the other. */
#include "cloud.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"


/* ---- addresses */

static bool is_name(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("-._$", text[i]))
			return false;
	return len > 0 && len < CLOUD_NAME_MAX && text[0] != '.' && text[len - 1] != '.';
}

bool cloud_owner(const char *address, struct str *out)
{
	const char *name = strstr(address, "://") + strlen("://");

	str_add_bytes(out, address, (size_t)(name - address) + strcspn(name, "/"));
	return true;
}

void cloud_add_address(const char *given, struct str *out)
{
	size_t len = strlen(given);

	while (len > 0 && given[len - 1] == '/')
		len--;
	str_add_bytes(out, given, len);
}

bool cloud_read_place(const char *address, const char *scheme, int parts, struct cloud_place *ret_place, struct error *err)
{
	/* Of one that is nothing but its scheme the slashes have been taken off. */
	const char *at = strncmp(address, scheme, strlen(scheme)) == 0 ? address + strlen(scheme) : "";
	size_t len = strcspn(at, "/");

	*ret_place = (struct cloud_place){ 0 };
	if (!is_name(at, len))
		return error_set(err, ERROR_INPUT, "'%.100s' is no destination: expected %s", address,
				 parts == 2 ? "az://ACCOUNT/CONTAINER or az://ACCOUNT/CONTAINER/PREFIX" : "s3://BUCKET or s3://BUCKET/PREFIX");
	memcpy(ret_place->first, at, len);
	at += len + (at[len] == '/');
	if (parts == 2) {
		len = strcspn(at, "/");
		if (!is_name(at, len))
			return error_set(err, ERROR_INPUT, "'%.100s' names no container: az://ACCOUNT/CONTAINER", address);
		memcpy(ret_place->second, at, len);
		at += len + (at[len] == '/');
	}
	len = strlen(at);
	while (len > 0 && at[len - 1] == '/')
		len--;
	if (len >= sizeof(ret_place->prefix) || strstr(at, "//") || strstr(at, ".."))
		return error_set(err, ERROR_INPUT, "'%.100s' has a prefix that is too long, or no path", address);
	memcpy(ret_place->prefix, at, len);
	return true;
}

void cloud_add_key(const struct cloud_place *place, const char *path, struct str *out)
{
	str_addf(out, "%s%s%s", place->prefix, *place->prefix ? "/" : "", path);
}

/* ---- secrets */

static struct json_slice member(const struct secret *secret, const char *name)
{
	const char *text = secret_reveal(secret);

	if (!json_check(text, secret_len(secret), NULL))
		return (struct json_slice){ 0 };
	return json_find(text, secret_len(secret), name);
}

bool cloud_secret(const struct secret *secret, const char *name, const char *otherwise, struct secret **ret_value, struct error *err)
{
	struct json_slice value = member(secret, name);

	*ret_value = NULL;
	if (value.kind != JSON_STRING || value.len <= 2)
		return otherwise || error_set(err, ERROR_INPUT, "the key of the destination has no '%s'", name);
	/* Without its quotes; what clouds give out has no escapes. */
	if (memchr(value.text, '\\', value.len))
		return error_set(err, ERROR_INPUT, "the key of the destination has a '%s' that is none", name);
	*ret_value = secret_copy(value.text + 1, value.len - 2);
	return true;
}

bool cloud_text(const struct secret *secret, const char *name, char *out, size_t size)
{
	struct json_slice value = member(secret, name);

	if (value.kind != JSON_STRING || value.len <= 2 || value.len - 2 >= size || memchr(value.text, '\\', value.len))
		return false;
	memcpy(out, value.text + 1, value.len - 2);
	out[value.len - 2] = '\0';
	return true;
}

/* ---- files */

bool cloud_spool(const struct destination_world *world, const char *address, const char *path, struct str *out, struct error *err)
{
	AUTO(str_clear) struct str whole = STR_INIT(STR_NO_LIMIT);
	struct digest digest;
	char hex[DIGEST_HEX];

	if (!file_make_private_directory(world->spools, err))
		return error_prefix(err, "files can't be made ready for '%.100s'", address);
	str_addf(&whole, "%s\n%s", address, path);
	digest = digest_sha256(whole.text, whole.len);
	str_addf(out, "%s/%.32s.part", world->spools, digest_hex(&digest, hex));
	return !str_is_cut(out) || error_set(err, ERROR_STORE, "the path of the directory for files on their way is too long");
}

static void fd_closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

bool cloud_read_part(const char *spool, int64_t at, struct str *ret_bytes, struct error *err)
{
	AUTO(fd_closep) int fd = open(spool, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	str_reset(ret_bytes);
	str_reserve(ret_bytes, CLOUD_PART_BYTES);
	while (fd >= 0 && ret_bytes->len < CLOUD_PART_BYTES) {
		ssize_t got = pread(fd, ret_bytes->text + ret_bytes->len, CLOUD_PART_BYTES - ret_bytes->len, (off_t)(at + (int64_t)ret_bytes->len));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		if (got == 0)
			return true;
		ret_bytes->len += (size_t)got;
	}
	if (fd >= 0 && ret_bytes->len == CLOUD_PART_BYTES)
		return true;
	return error_set(err, ERROR_STORE, "cannot read '%.160s': %s", spool, strerror(errno));
}

/* ---- answers */

bool cloud_xml(const struct http_answer *answer, const char *name, char *out, size_t size)
{
	AUTO(str_clear) struct str open = STR_INIT(80), close_tag = STR_INIT(80);
	const char *start, *end, *text = answer->body.text;

	str_addf(&open, "<%s>", name);
	str_addf(&close_tag, "</%s>", name);
	start = strstr(text, open.text);
	end = start ? strstr(start, close_tag.text) : NULL;
	if (!end)
		return false;
	start += open.len;
	if ((size_t)(end - start) >= size)
		return false;
	memcpy(out, start, (size_t)(end - start));
	out[end - start] = '\0';
	for (char *at = out; *at; at++)
		if ((unsigned char)*at < ' ' || (unsigned char)*at > '~')
			*at = '?';
	return true;
}

static const struct hint {
	const char *code; /* of the cloud, or its beginning */
	int status;       /* 0: any */
	const char *text;
} hints[] = {
	{ "RequestTimeTooSkewed", 0, "this machine's clock is wrong: set it, then try again" },
	{ "ContainerNotFound", 0, "there is no such container: make it, or name another" },
	{ "NoSuchBucket", 0, "there is no such bucket: make it, or name another" },
	{ "InvalidAccessKeyId", 0, "the key's id is not known there: 'ledgerdeck destinations --key' takes another" },
	{ "SignatureDoesNotMatch", 0, "the key is not the right one, or the region is: 'ledgerdeck destinations --key' takes another" },
	{ "AuthorizationHeaderMalformed", 0, "the region is not the right one: 'ledgerdeck destinations --key' takes it" },
	{ "PermanentRedirect", 0, "the bucket is in another region: 'ledgerdeck destinations --key' takes it" },
	{ "AuthenticationFailed", 0, "the key is not the right one or has ended, or this machine's clock is wrong" },
	{ "Authorization", 403, "the key may not write there: give it the right to, or take another" },
	{ "AccountIsDisabled", 0, "the account is switched off there" },
	{ "", 403, "the key is not the right one, or may not do this there: 'ledgerdeck destinations --key' takes another" },
	{ "", 401, "the key is not the right one: 'ledgerdeck destinations --key' takes another" },
	{ "", 404, "there is no such place" },
	{ "", 507, "there is no room left" },
	{ "", 0, "see what it means there" },
};

static const char *hint_of(const char *code, int status)
{
	size_t i = 0;

	while (strncmp(code, hints[i].code, strlen(hints[i].code)) != 0 || (hints[i].status && hints[i].status != status))
		i++;
	return hints[i].text;
}

bool cloud_refused(const struct http_answer *answer, const char *what, struct error *err)
{
	char code[80] = "";

	cloud_xml(answer, "Code", code, sizeof(code));
	error_set(err, answer->status == 401 || answer->status == 403 ? ERROR_AUTH : ERROR_REMOTE, "%s was refused (%d%s%s): %s", what, answer->status,
		  *code ? " " : "", code, hint_of(code, answer->status));
	snprintf(err->ledger_code, sizeof(err->ledger_code), "%.40s", code);
	snprintf(err->trace_id, sizeof(err->trace_id), "%.60s", answer->trace_id);
	return false;
}
