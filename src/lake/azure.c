/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Azure Blob Storage, by its REST interface ("Put Blob", "Put Block", "Put Block List", "Authorize with Shared Key" in Microsoft's
 * reference), as block blobs: small files at once, others in blocks that come to be the file by one list. What is cut off is sent
 * again by the block; blocks that no list ever names are dropped there after a week.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "cloud.h"
#include "sign.h"

#define SCHEME "az://"
#define API_VERSION "2021-08-06"
#define META "x-ms-meta-sha256"
#define URL_LIMIT 8000
#define BLOCK_ID_BYTES 9 /* of text before it is base64: all must be as long */

struct azure {
	const struct destination_world *world; /* borrowed */
	char *address;         /* owned */
	struct cloud_place place;
	char endpoint[300];    /* without a slash at its end */
	char host_path[200];   /* of the endpoint: "/devstoreaccount1", or "" */
	struct secret *key;    /* owned: the shared key's bytes; NULL: by a SAS */
	struct secret *sas;    /* owned */
};

static bool azure_address(const char *given, struct str *out, struct error *err)
{
	struct cloud_place place;

	cloud_add_address(given, out);
	return cloud_read_place(out->text, SCHEME, 2, &place, err);
}

static bool azure_check(const struct secret *secret, struct error *err)
{
	AUTO(secret_freep) struct secret *key = NULL, *sas = NULL, *bytes = NULL;

	if (!cloud_secret(secret, "key", "", &key, err) || !cloud_secret(secret, "sas", "", &sas, err))
		return false;
	if (!key == !sas)
		return error_set(err, ERROR_INPUT, "of Azure either an account key or a SAS token is wanted");
	bytes = key ? sign_from_base64(secret_reveal(key)) : NULL;
	return sas || bytes || error_set(err, ERROR_INPUT, "that is no account key of Azure: these are base64");
}

static void azure_close(void *state)
{
	struct azure *azure = state;

	secret_free(azure->key);
	secret_free(azure->sas);
	free(azure->address);
	free(azure);
}

static void find_endpoint(struct azure *azure)
{
	const char *host;
	size_t len;

	if (!cloud_text(azure->world->secret, "endpoint", azure->endpoint, sizeof(azure->endpoint)))
		snprintf(azure->endpoint, sizeof(azure->endpoint), "https://%.200s.blob.core.windows.net", azure->place.first);
	len = strlen(azure->endpoint);
	while (len > 0 && azure->endpoint[len - 1] == '/')
		azure->endpoint[--len] = '\0';
	host = strstr(azure->endpoint, "://");
	host = host ? strchr(host + 3, '/') : NULL;
	snprintf(azure->host_path, sizeof(azure->host_path), "%s", host ? host : "");
}

static bool azure_open(const char *address, const struct destination_world *world, void **ret_state, struct error *err)
{
	AUTO(secret_freep) struct secret *key = NULL;
	struct azure *azure;

	if (!azure_check(world->secret, err))
		return false;
	azure = memory_new(sizeof(*azure));
	*azure = (struct azure){ .world = world, .address = memory_copy_text(address) };
	if (!cloud_read_place(address, SCHEME, 2, &azure->place, err) || !cloud_secret(world->secret, "key", "", &key, err) ||
	    !cloud_secret(world->secret, "sas", "", &azure->sas, err)) {
		azure_close(azure);
		return false;
	}
	azure->key = key ? sign_from_base64(secret_reveal(key)) : NULL;
	find_endpoint(azure);
	*ret_state = azure;
	return true;
}

static bool azure_spool(void *state, const char *path, struct str *out, struct error *err)
{
	const struct azure *azure = state;

	return cloud_spool(azure->world, azure->address, path, out, err);
}

/* ---- requests */

struct call {
	const char *method, *path; /* path: of the blob */
	const char *component;     /* "block", "blocklist"; NULL: the blob itself */
	const char *block_id;      /* base64; NULL: none */
	const char *type;          /* of the body; "" none */
	const char *body;
	size_t len;
	const char *meta;          /* the file's digest; NULL: none */
	bool is_blob;              /* the whole blob is put */
	const char *what;
};

static void add_resource(const struct azure *azure, const struct call *call, struct str *out)
{
	AUTO(str_clear) struct str key = STR_INIT(URL_LIMIT);

	cloud_add_key(&azure->place, call->path, &key);
	str_addf(out, "/%s/", azure->place.second);
	sign_add_path(out, key.text);
}

/* The text that is signed: lines for headers that are mostly not there, the ones of Microsoft, the resource and its query. */
static struct secret *sign(const struct azure *azure, const struct call *call, const char *date)
{
	AUTO(str_clear) struct str text = STR_INIT(URL_LIMIT), value = STR_INIT(400);
	struct digest digest;

	str_addf(&text, "%s\n\n\n", call->method);
	if (call->len > 0)
		str_addf(&text, "%zu", call->len);
	str_addf(&text, "\n\n%s\n\n\n\n\n\n\n", call->type);
	if (call->is_blob)
		str_add(&text, "x-ms-blob-type:BlockBlob\n");
	str_addf(&text, "x-ms-date:%s\n", date);
	if (call->meta)
		str_addf(&text, META ":%s\n", call->meta);
	str_addf(&text, "x-ms-version:" API_VERSION "\n/%s%s", azure->place.first, azure->host_path);
	add_resource(azure, call, &text);
	if (call->block_id)
		str_addf(&text, "\nblockid:%s", call->block_id);
	if (call->component)
		str_addf(&text, "\ncomp:%s", call->component);
	digest = digest_hmac_sha256(secret_reveal(azure->key), secret_len(azure->key), text.text, text.len, "", 0);
	str_addf(&value, "SharedKey %s:", azure->place.first);
	sign_add_base64(&value, digest.bytes, DIGEST_BYTES);
	return secret_copy(value.text, value.len);
}

static void add_url(const struct azure *azure, const struct call *call, struct str *out)
{
	char mark = '?';

	str_add(out, azure->endpoint);
	add_resource(azure, call, out);
	if (call->component) {
		str_addf(out, "%ccomp=%s", mark, call->component);
		mark = '&';
	}
	if (call->block_id) {
		str_addf(out, "%cblockid=", mark);
		str_add_percent(out, call->block_id);
		mark = '&';
	}
	if (azure->sas) {
		const char *sas = secret_reveal(azure->sas);

		str_addf(out, "%c%s", mark, sas + (*sas == '?'));
	}
}

static void add_header(struct http_request *request, const char *name, const char *value)
{
	request->headers[request->header_count].name = name;
	request->headers[request->header_count++].value = value;
}

/* Each of these can be sent twice: the same block, list or blob in the place of the same. */
static bool send(struct azure *azure, const struct call *call, struct http_answer *answer, struct error *err)
{
	AUTO(str_clear) struct str url = STR_INIT(URL_LIMIT);
	char date[STAMP_TEXT_MAX];
	AUTO(secret_freep) struct secret *authorization = NULL;
	struct http *http = azure->world->http;
	struct http_request request = { .method = call->method, .secret_url = azure->sas != NULL, .what = call->what, .class = HTTP_READ, .body = call->body,
					.body_len = call->len, .keep = META, .answer_max = 1 << 20 };
	bool good;

	add_url(azure, call, &url);
	if (str_is_cut(&url))
		return error_set(err, ERROR_INPUT, "the address of '%.100s' is too long", call->path);
	stamp_format_http(http->env.wall_ms(http->env.ctx), date);
	request.url = url.text;
	add_header(&request, "x-ms-version", API_VERSION);
	add_header(&request, "x-ms-date", date);
	if (*call->type)
		add_header(&request, "Content-Type", call->type);
	if (call->is_blob)
		add_header(&request, "x-ms-blob-type", "BlockBlob");
	if (call->meta)
		add_header(&request, META, call->meta);
	if (azure->key)
		request.authorization = authorization = sign(azure, call, date);
	good = http_send(http, &request, answer, err);
	secret_wipe(url.text, url.len);
	return good;
}

static bool put(struct azure *azure, const struct call *call, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;

	return send(azure, call, &answer, err) && (answer.status == 201 || cloud_refused(&answer, call->what, err));
}

/* ---- files */

static void add_block_id(struct str *out, int64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "part%05" PRId64, number);
	sign_add_base64(out, text, BLOCK_ID_BYTES);
}

static bool put_blocks(struct azure *azure, const char *path, const char *spool, int64_t bytes, const char *meta, struct error *err)
{
	AUTO(str_clear) struct str part = STR_INIT(CLOUD_PART_BYTES), list = STR_INIT(STR_NO_LIMIT);
	struct call call = { .method = "PUT", .path = path, .component = "blocklist", .type = "application/xml", .meta = meta, .what = "bringing a file" };

	str_add(&list, "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
	for (int64_t at = 0, number = 0; at < bytes; at += (int64_t)part.len, number++) {
		AUTO(str_clear) struct str id = STR_INIT(40);
		struct call block = { .method = "PUT", .path = path, .component = "block", .type = "application/octet-stream", .what = "bringing a part of a file" };

		add_block_id(&id, number);
		if (!cloud_read_part(spool, at, &part, err))
			return false;
		if (part.len == 0)
			return error_set(err, ERROR_STORE, "the file that was made ready has become shorter");
		block.block_id = id.text;
		block.body = part.text;
		block.len = part.len;
		if (!put(azure, &block, err))
			return false;
		str_addf(&list, "<Latest>%s</Latest>", id.text);
	}
	str_add(&list, "</BlockList>");
	call.body = list.text;
	call.len = list.len;
	return put(azure, &call, err);
}

static bool put_whole(struct azure *azure, const char *path, const char *spool, const char *meta, struct error *err)
{
	AUTO(str_clear) struct str body = STR_INIT(CLOUD_PART_BYTES);
	struct call call = { .method = "PUT", .path = path, .type = "application/octet-stream", .meta = meta, .is_blob = true, .what = "bringing a file" };

	if (!cloud_read_part(spool, 0, &body, err))
		return false;
	call.body = body.len ? body.text : "";
	call.len = body.len;
	return put(azure, &call, err);
}

static bool azure_put(void *state, const char *path, int64_t bytes, const struct digest *digest, struct error *err)
{
	AUTO(str_clear) struct str spool = STR_INIT(4000);
	struct azure *azure = state;
	char hex[DIGEST_HEX];
	bool good;

	if (!azure_spool(state, path, &spool, err))
		return false;
	digest_hex(digest, hex);
	good = bytes < CLOUD_PART_BYTES ? put_whole(azure, path, spool.text, hex, err) : put_blocks(azure, path, spool.text, bytes, hex, err);
	if (!good)
		return error_prefix(err, "'%.60s' in '%.60s'", path, azure->address);
	unlink(spool.text);
	return true;
}

static bool azure_has(void *state, const char *path, int64_t bytes, const struct digest *digest, bool *ret_has, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	struct call call = { .method = "HEAD", .path = path, .type = "", .what = "looking for a file" };
	struct azure *azure = state;
	char hex[DIGEST_HEX];

	(void)bytes;
	if (!send(azure, &call, &answer, err))
		return false;
	*ret_has = answer.status == 200 && strcmp(answer.kept, digest_hex(digest, hex)) == 0;
	return answer.status == 200 || answer.status == 404 || cloud_refused(&answer, call.what, err);
}

const struct destination_kind destination_azure = {
	.scheme = SCHEME, .address = azure_address, .owner = cloud_owner, .check = azure_check, .open = azure_open, .close = azure_close,
	.spool = azure_spool, .put = azure_put, .has = azure_has,
};
