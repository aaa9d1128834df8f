/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Amazon S3 and what speaks its REST interface ("PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"):
 * small files at once, others in parts. What is cut off is sent again by the part; an upload that can't be completed is taken back.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "cloud.h"
#include "sign.h"

#define SCHEME "s3://"
#define META "x-amz-meta-sha256"
#define REGION "us-east-1"
#define URL_LIMIT 8000
#define PARTS_MAX 10000

struct s3 {
	const struct destination_world *world; /* borrowed */
	char *address;        /* owned */
	struct cloud_place place;
	char base[400];       /* "https://BUCKET.s3.REGION.amazonaws.com", without a slash at its end */
	char host[300];       /* with its port where that is not the usual one */
	char path[300];       /* before the key: "" or "/BUCKET" */
	char region[64], key_id[200];
	char token[3000];     /* of a session; "" : none */
	struct secret *key;   /* owned */
};

static bool s3_address(const char *given, struct str *out, struct error *err)
{
	struct cloud_place place;

	cloud_add_address(given, out);
	return cloud_read_place(out->text, SCHEME, 1, &place, err);
}

static bool s3_check(const struct secret *secret, struct error *err)
{
	AUTO(secret_freep) struct secret *id = NULL, *key = NULL;

	return cloud_secret(secret, "id", NULL, &id, err) && cloud_secret(secret, "key", NULL, &key, err);
}

static void s3_close(void *state)
{
	struct s3 *s3 = state;

	secret_free(s3->key);
	secret_wipe(s3->token, sizeof(s3->token));
	free(s3->address);
	free(s3);
}

/* The bucket stands in the host's name there, and in the path of any other server. */
static void find_endpoint(struct s3 *s3)
{
	char endpoint[300];
	size_t len;
	const char *host, *slash;

	if (!cloud_text(s3->world->secret, "endpoint", endpoint, sizeof(endpoint))) {
		snprintf(s3->host, sizeof(s3->host), "%.100s.s3.%.60s.amazonaws.com", s3->place.first, s3->region);
		snprintf(s3->base, sizeof(s3->base), "https://%s", s3->host);
		return;
	}
	len = strlen(endpoint);
	while (len > 0 && endpoint[len - 1] == '/')
		endpoint[--len] = '\0';
	host = strstr(endpoint, "://") ? strstr(endpoint, "://") + 3 : endpoint;
	slash = strchr(host, '/');
	snprintf(s3->host, sizeof(s3->host), "%.*s", (int)(slash ? (size_t)(slash - host) : strlen(host)), host);
	snprintf(s3->path, sizeof(s3->path), "%.190s/%.100s", slash ? slash : "", s3->place.first);
	snprintf(s3->base, sizeof(s3->base), "%.*s", (int)(slash ? (size_t)(slash - endpoint) : len), endpoint);
}

static bool s3_open(const char *address, const struct destination_world *world, void **ret_state, struct error *err)
{
	struct s3 *s3;

	if (!s3_check(world->secret, err))
		return false;
	s3 = memory_new(sizeof(*s3));
	*s3 = (struct s3){ .world = world, .address = memory_copy_text(address) };
	if (!cloud_read_place(address, SCHEME, 1, &s3->place, err) || !cloud_secret(world->secret, "key", NULL, &s3->key, err)) {
		s3_close(s3);
		return false;
	}
	if (!cloud_text(world->secret, "region", s3->region, sizeof(s3->region)))
		snprintf(s3->region, sizeof(s3->region), REGION);
	cloud_text(world->secret, "id", s3->key_id, sizeof(s3->key_id));
	cloud_text(world->secret, "token", s3->token, sizeof(s3->token));
	find_endpoint(s3);
	*ret_state = s3;
	return true;
}

static bool s3_spool(void *state, const char *path, struct str *out, struct error *err)
{
	const struct s3 *s3 = state;

	return cloud_spool(s3->world, s3->address, path, out, err);
}

/* ---- requests */

struct call {
	const char *method, *path; /* path: of the object */
	const char *query;         /* as it is sent and signed, its words in order; "" none */
	const char *body;          /* NULL: none */
	size_t len;
	const char *meta;          /* the file's digest; NULL: none */
	const char *keep;          /* a header of the answer */
	const char *what;
};

/* All that is signed, in the order of names; the first is left out when the request is sent, since libcurl writes it. */
static size_t list_headers(const struct s3 *s3, const struct call *call, const char *sha256, const char *stamp, struct sign_header *headers)
{
	size_t count = 0;

	headers[count++] = (struct sign_header){ "host", s3->host };
	headers[count++] = (struct sign_header){ "x-amz-content-sha256", sha256 };
	headers[count++] = (struct sign_header){ "x-amz-date", stamp };
	if (call->meta)
		headers[count++] = (struct sign_header){ META, call->meta };
	if (*s3->token)
		headers[count++] = (struct sign_header){ "x-amz-security-token", s3->token };
	return count;
}

static bool send(struct s3 *s3, const struct call *call, struct http_answer *answer, struct error *err)
{
	AUTO(str_clear) struct str url = STR_INIT(URL_LIMIT), path = STR_INIT(URL_LIMIT), key = STR_INIT(URL_LIMIT), stamp = STR_INIT(40);
	AUTO(secret_freep) struct secret *authorization = NULL;
	struct digest digest = digest_sha256(call->body ? call->body : "", call->len);
	struct http *http = s3->world->http;
	struct http_request request = { .method = call->method, .what = call->what, .class = HTTP_READ, .body = call->body, .body_len = call->len,
					.keep = call->keep, .answer_max = 1 << 20 };
	struct sign_header headers[5];
	char hex[DIGEST_HEX];
	struct sign_request signing = { .method = call->method, .query = call->query, .headers = headers, .body_sha256 = hex, .region = s3->region };

	cloud_add_key(&s3->place, call->path, &key);
	str_addf(&path, "%s/", s3->path);
	sign_add_path(&path, key.text);
	str_addf(&url, "%s%s%s%s", s3->base, path.text, *call->query ? "?" : "", call->query);
	if (str_is_cut(&url))
		return error_set(err, ERROR_INPUT, "the address of '%.100s' is too long", call->path);
	digest_hex(&digest, hex);
	sign_add_stamp(&stamp, http->env.wall_ms(http->env.ctx));
	signing.path = path.text;
	signing.stamp = stamp.text;
	signing.header_count = list_headers(s3, call, hex, stamp.text, headers);
	for (size_t i = 1; i < signing.header_count; i++) {
		request.headers[request.header_count].name = headers[i].name;
		request.headers[request.header_count++].value = headers[i].value;
	}
	request.url = url.text;
	request.authorization = authorization = sign_aws(&signing, s3->key_id, s3->key);
	return http_send(http, &request, answer, err);
}

static bool ask(struct s3 *s3, const struct call *call, struct http_answer *answer, struct error *err)
{
	return send(s3, call, answer, err) && ((answer->status >= 200 && answer->status < 300) || cloud_refused(answer, call->what, err));
}

/* ---- files */

static bool put_whole(struct s3 *s3, const char *path, const char *spool, const char *meta, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str body = STR_INIT(CLOUD_PART_BYTES);
	struct call call = { .method = "PUT", .path = path, .query = "", .meta = meta, .what = "bringing a file" };

	if (!cloud_read_part(spool, 0, &body, err))
		return false;
	call.body = body.len ? body.text : "";
	call.len = body.len;
	return ask(s3, &call, &answer, err);
}

static bool start(struct s3 *s3, const char *path, const char *meta, struct str *ret_upload, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	struct call call = { .method = "POST", .path = path, .query = "uploads=", .body = "", .meta = meta, .what = "beginning to bring a file" };
	char id[1000];

	if (!ask(s3, &call, &answer, err))
		return false;
	if (!cloud_xml(&answer, "UploadId", id, sizeof(id)))
		return error_set(err, ERROR_REMOTE, "the answer has no UploadId");
	str_add_percent(ret_upload, id);
	return true;
}

static bool put_part(struct s3 *s3, const char *path, const char *upload, int64_t number, const struct str *part, struct str *list, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str query = STR_INIT(URL_LIMIT);
	struct call call = { .method = "PUT", .path = path, .body = part->text, .len = part->len, .keep = "etag", .what = "bringing a part of a file" };

	str_addf(&query, "partNumber=%" PRId64 "&uploadId=%s", number, upload);
	call.query = query.text;
	if (!ask(s3, &call, &answer, err))
		return false;
	if (!*answer.kept)
		return error_set(err, ERROR_REMOTE, "the answer to a part of a file has no ETag");
	str_addf(list, "<Part><PartNumber>%" PRId64 "</PartNumber><ETag>%s</ETag></Part>", number, answer.kept);
	return true;
}

static bool put_parts(struct s3 *s3, const char *path, const char *spool, const char *upload, int64_t bytes, struct str *list, struct error *err)
{
	AUTO(str_clear) struct str part = STR_INIT(CLOUD_PART_BYTES);

	for (int64_t at = 0, number = 1; at < bytes; at += (int64_t)part.len, number++) {
		if (number > PARTS_MAX)
			return error_set(err, ERROR_INPUT, "the file is too large for S3: %" PRId64 " bytes", bytes);
		if (!cloud_read_part(spool, at, &part, err))
			return false;
		if (part.len == 0)
			return error_set(err, ERROR_STORE, "the file that was made ready has become shorter");
		if (!put_part(s3, path, upload, number, &part, list, err))
			return false;
	}
	return true;
}

/* An error may come with status 200, since the answer begins before the work is done. */
static bool complete(struct s3 *s3, const char *path, const char *upload, const struct str *list, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str query = STR_INIT(URL_LIMIT), body = STR_INIT(STR_NO_LIMIT);
	struct call call = { .method = "POST", .path = path, .what = "putting a file together" };
	char code[80];

	str_addf(&query, "uploadId=%s", upload);
	str_addf(&body, "<CompleteMultipartUpload>%s</CompleteMultipartUpload>", list->text);
	call.query = query.text;
	call.body = body.text;
	call.len = body.len;
	if (!ask(s3, &call, &answer, err))
		return false;
	return !cloud_xml(&answer, "Code", code, sizeof(code)) || cloud_refused(&answer, call.what, err);
}

static void take_back(struct s3 *s3, const char *path, const char *upload)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str query = STR_INIT(URL_LIMIT);
	struct call call = { .method = "DELETE", .path = path, .what = "taking back a part of a file" };
	struct error ignored;

	str_addf(&query, "uploadId=%s", upload);
	call.query = query.text;
	send(s3, &call, &answer, &ignored);
}

/* Is the file of this digest there? */
static bool stands(struct s3 *s3, const char *path, const char *meta, bool *ret_has, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	struct call call = { .method = "HEAD", .path = path, .query = "", .keep = META, .what = "looking for a file" };

	if (!send(s3, &call, &answer, err))
		return false;
	*ret_has = answer.status == 200 && strcmp(answer.kept, meta) == 0;
	return answer.status == 200 || answer.status == 404 || cloud_refused(&answer, call.what, err);
}

/* An upload that was put together is none any more: when its answer was lost, the next try is told that there is no such upload. */
static bool is_together(struct s3 *s3, const char *path, const char *meta)
{
	struct error ignored;
	bool has = false;

	return stands(s3, path, meta, &has, &ignored) && has;
}

static bool put_large(struct s3 *s3, const char *path, const char *spool, int64_t bytes, const char *meta, struct error *err)
{
	AUTO(str_clear) struct str upload = STR_INIT(4000), list = STR_INIT(STR_NO_LIMIT);

	if (!start(s3, path, meta, &upload, err))
		return false;
	if (put_parts(s3, path, spool, upload.text, bytes, &list, err) &&
	    (complete(s3, path, upload.text, &list, err) || is_together(s3, path, meta)))
		return true;
	take_back(s3, path, upload.text);
	return false;
}

static bool s3_put(void *state, const char *path, int64_t bytes, const struct digest *digest, struct error *err)
{
	AUTO(str_clear) struct str spool = STR_INIT(4000);
	struct s3 *s3 = state;
	char hex[DIGEST_HEX];
	bool good;

	if (!s3_spool(state, path, &spool, err))
		return false;
	digest_hex(digest, hex);
	good = bytes < CLOUD_PART_BYTES ? put_whole(s3, path, spool.text, hex, err) : put_large(s3, path, spool.text, bytes, hex, err);
	if (!good)
		return error_prefix(err, "'%.60s' in '%.60s'", path, s3->address);
	unlink(spool.text);
	return true;
}

static bool s3_has(void *state, const char *path, int64_t bytes, const struct digest *digest, bool *ret_has, struct error *err)
{
	char hex[DIGEST_HEX];

	(void)bytes;
	return stands(state, path, digest_hex(digest, hex), ret_has, err);
}

const struct destination_kind destination_s3 = {
	.scheme = SCHEME, .address = s3_address, .owner = cloud_owner, .check = s3_check, .open = s3_open, .close = s3_close, .spool = s3_spool,
	.put = s3_put, .has = s3_has,
};
