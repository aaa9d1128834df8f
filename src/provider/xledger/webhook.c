/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks what claims to be from Xledger before a byte of it is looked at, then takes it apart by the rows of the catalogue. */
#include "webhook.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/memory.h"

#define SUBSCRIBED "Mutated" /* "projectsMutated", where a subscription gave no other name */

/* ---- is it from Xledger? */

/* Instants with an offset are taken beside HTTP's own forms: nothing is known of the sender but that it says a date. */
static bool read_date(const char *text, int64_t *ret_ms)
{
	bool has_offset;

	return stamp_parse_http(text, strlen(text), ret_ms) || (stamp_parse(text, strlen(text), ret_ms, &has_offset) && has_offset);
}

/* The signature's 32 bytes, with padding or without. */
static bool read_signature(const char *text, struct digest *ret_digest)
{
	AUTO(str_clear) struct str bytes = STR_INIT(2 * DIGEST_BYTES);
	size_t len = strlen(text), cut = 0;

	while (len > 0 && cut < 2 && text[len - 1] == '=') {
		len--;
		cut++;
	}
	if (len > 2 * DIGEST_BYTES || !digest_from_base64url(text, len, &bytes) || bytes.len != DIGEST_BYTES)
		return false;
	memcpy(ret_digest->bytes, bytes.text, DIGEST_BYTES);
	return true;
}

/* The date as seconds stands before the body: neither can be taken from another delivery. */
static bool is_signed(const struct secret *token, const struct webhook_delivery *delivery, int64_t date_ms, const struct digest *signature)
{
	AUTO(secret_freep) struct secret *key = secret_from_base64url(token);
	struct digest right;
	char head[32];
	int len;

	if (!key)
		return false;
	len = snprintf(head, sizeof(head), "%" PRId64 ".", date_ms / 1000);
	right = digest_hmac_sha256(secret_reveal(key), secret_len(key), head, (size_t)len, delivery->body, delivery->len);
	return digest_equals(&right, signature);
}

bool webhook_check(const struct secret *token, const struct webhook_delivery *delivery, int64_t now_ms, struct error *err)
{
	struct digest signature;
	int64_t date_ms;

	if (!*delivery->signature || !*delivery->date)
		return error_set(err, ERROR_AUTH, "a delivery without %s was refused", *delivery->signature ? "a date" : "a signature");
	if (!read_date(delivery->date, &date_ms) || date_ms < 0)
		return error_set(err, ERROR_AUTH, "a delivery whose date is none was refused");
	if (!read_signature(delivery->signature, &signature) || !is_signed(token, delivery, date_ms, &signature))
		return error_set(err, ERROR_AUTH, "a delivery whose signature is not that of the account's token was refused");
	/* After the signature: whoever has none learns nothing of the clock here. */
	if (date_ms > now_ms + WEBHOOK_LATE_MS || date_ms < now_ms - WEBHOOK_LATE_MS)
		return error_set(err, ERROR_AUTH, "a delivery of another time was refused: it is dated %" PRId64 " seconds %s",
				 (date_ms > now_ms ? date_ms - now_ms : now_ms - date_ms) / 1000, date_ms > now_ms ? "ahead" : "ago");
	return true;
}

/* ---- what does it say? */

void webhook_clear(struct webhook *webhook)
{
	for (size_t i = 0; i < webhook->count; i++)
		free(webhook->pages[i].changes);
	free(webhook->pages);
	*webhook = (struct webhook){ 0 };
}

/* As the row asks for it, or as it is called. */
static const struct type *type_of(const struct catalogue *catalogue, const char *root)
{
	size_t len = strlen(root), tail = strlen(SUBSCRIBED);

	if (len > tail && strcmp(root + len - tail, SUBSCRIBED) == 0)
		len -= tail;
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct type *type = catalogue_at(catalogue, i);

		if (strcmp(type->provider, "xledger") == 0 &&
		    ((strlen(type->query) == len && memcmp(type->query, root, len) == 0) ||
		     (strlen(type->name) == len && memcmp(type->name, root, len) == 0)))
			return type;
	}
	return NULL;
}

/* A text or number as one word; false: it is neither, or too long. */
static bool copy_value(struct json_slice value, char *out, size_t size)
{
	AUTO(str_clear) struct str text = STR_INIT(size - 1);

	if (value.kind == JSON_STRING)
		json_unquote(value, &text);
	else if (value.kind == JSON_NUMBER)
		str_add_bytes(&text, value.text, value.len);
	*out = '\0';
	if (text.len == 0 || str_is_cut(&text))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.text[i] <= ' ' || text.text[i] == 0x7f)
			return false;
	memcpy(out, text.text, text.len + 1);
	return true;
}

static void take_edge(struct webhook_page *page, struct json_slice edge)
{
	struct webhook_change change = { .node = json_member(edge, "node") };
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
	struct json_slice version = json_member(edge, "syncVersion");
	struct record_key key = { .id = "" };

	if (page->type)
		record_key(page->type, change.node, &scratch, &key);
	else
		copy_value(json_member(change.node, "dbId"), key.id, sizeof(key.id));
	if (change.node.kind != JSON_OBJECT || !*key.id) {
		page->left_out++;
		return;
	}
	change.node.map = NULL; /* it does not outlive this */
	memcpy(change.id, key.id, sizeof(change.id));
	copy_value(version.kind == JSON_NONE ? json_member(change.node, "syncVersion") : version, change.sync_version, sizeof(change.sync_version));
	memory_grow(&page->changes, &page->room, page->count + 1, sizeof(*page->changes));
	page->changes[page->count++] = change;
}

static bool take_root(struct webhook *webhook, const struct catalogue *catalogue, struct json_slice name, struct json_slice root, struct error *err)
{
	struct json_slice edges = json_member(root, "edges"), edge;
	struct webhook_page *page;
	char word[WEBHOOK_ROOT_MAX];

	if (!copy_value(name, word, sizeof(word)))
		return error_set(err, ERROR_INPUT, "a delivery names a root of no name, or a too long one");
	if ((root.kind != JSON_OBJECT && root.kind != JSON_NULL) || (edges.kind != JSON_ARRAY && edges.kind != JSON_NULL && edges.kind != JSON_NONE))
		return error_set(err, ERROR_INPUT, "a delivery's '%s' is no list of changes", word);
	memory_grow(&webhook->pages, &webhook->room, webhook->count + 1, sizeof(*webhook->pages));
	page = &webhook->pages[webhook->count++];
	*page = (struct webhook_page){ .type = type_of(catalogue, word) };
	memcpy(page->root, word, sizeof(page->root));
	for (size_t at = 0; edges.kind == JSON_ARRAY && json_each(edges, &at, NULL, &edge);)
		take_edge(page, edge);
	return true;
}

static bool read_roots(const struct catalogue *catalogue, struct json_slice data, struct webhook *webhook, struct error *err)
{
	struct json_slice name = { 0 }, root;

	for (size_t at = 0; json_each(data, &at, &name, &root);)
		if (!take_root(webhook, catalogue, name, root, err))
			return false;
	return true;
}

bool webhook_read(const struct catalogue *catalogue, const char *body, size_t len, struct webhook *ret_webhook, struct error *err)
{
	AUTO(json_map_freep) struct json_map *map = NULL;
	struct json_slice whole = { .text = body, .len = len, .kind = JSON_OBJECT }, data;

	*ret_webhook = (struct webhook){ 0 };
	if (len > WEBHOOK_BODY_MAX)
		return error_set(err, ERROR_INPUT, "a delivery is longer than %zu bytes", WEBHOOK_BODY_MAX);
	/* With a map, so that what is deep costs no more than what is wide. */
	if (!json_check_map(body, len, &map, NULL))
		return error_set(err, ERROR_INPUT, "a delivery is no JSON");
	whole.map = map;
	data = json_member(whole, "data");
	if (data.kind != JSON_OBJECT)
		return error_set(err, ERROR_INPUT, "a delivery holds no data");
	if (read_roots(catalogue, data, ret_webhook, err))
		return true;
	webhook_clear(ret_webhook);
	return false;
}
