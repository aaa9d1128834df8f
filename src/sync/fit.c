/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks a ledger for its schema, keeps it, and lets the provider hold rows against it. */
#include "ledgerdeck/sync/fit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "direct.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/provider/schema.h"

#define HEAD "ledgerdeck schema 1 " /* and when it was asked, and a line break: then the ledger's words */
#define BYTES_MAX ((size_t)256 << 20)

bool fit_can(const char *name, struct error *err)
{
	const struct provider *provider = provider_find(name);

	if (!provider)
		return error_set(err, ERROR_INPUT, "there is no provider '%.20s'", name);
	return provider->schema || error_set(err, ERROR_INPUT, "rows of %s can't be held against the ledger: it does not say what can be asked of it",
					     provider->title);
}

/* ---- what is kept */

static bool add_path(const char *account_id, struct str *out, struct error *err)
{
	if (!file_add_place(FILE_CACHE, out, err) || !file_make_private_directory(out->text, err))
		return false;
	str_addf(out, "/schema-%s.json", account_id);
	return !str_is_cut(out) || error_set(err, ERROR_INPUT, "the path of the cache is too long");
}

bool fit_kept(const char *account_id, int64_t now_ms, struct str *ret_schema, int64_t *ret_asked_ms)
{
	AUTO(str_clear) struct str path = STR_INIT(4200), text = STR_INIT(BYTES_MAX);
	struct error ignored;
	int64_t asked_ms;
	const char *end;

	if (!add_path(account_id, &path, &ignored) || !file_read(path.text, BYTES_MAX, &text, &ignored))
		return false;
	end = strchr(text.text, '\n');
	/* A clock that was set back makes it of the future. */
	if (!end || sscanf(text.text, HEAD "%" SCNd64, &asked_ms) != 1 || asked_ms > now_ms || now_ms - asked_ms >= FIT_KEPT_MS ||
	    !json_check(end + 1, text.len - (size_t)(end + 1 - text.text), NULL))
		return false;
	str_add(ret_schema, end + 1);
	*ret_asked_ms = asked_ms;
	return true;
}

static bool keep(const char *account_id, int64_t now_ms, const struct str *schema, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4200), text = STR_INIT(STR_NO_LIMIT);

	str_addf(&text, HEAD "%" PRId64 "\n", now_ms);
	str_add_bytes(&text, schema->text, schema->len);
	return add_path(account_id, &path, err) && file_write(path.text, text.text, text.len, 0600, err);
}

static bool fetch(struct connection *connection, void *ctx, struct error *err)
{
	const struct provider *provider = connection->provider;

	return fit_can(provider->name, err) && provider->schema->fetch(connection, ctx, err);
}

bool fit_ask(struct sync *sync, const char *account_id, struct cancel *cancel, struct str *ret_schema, struct error *err)
{
	struct error why = { 0 };

	if (!direct_ask(sync, account_id, cancel, fetch, ret_schema, err))
		return false;
	/* It was asked for now, and that it is asked for once more harms nobody. */
	if (!keep(account_id, sync_now(sync), ret_schema, &why))
		log_warn("sync", "the ledger's schema can't be kept and is asked for again the next time: %s", why.text);
	return true;
}

/* ---- rows against it */

void fit_lines_clear(struct fit_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		free(lines->items[i].place);
		free(lines->items[i].word);
		free(lines->items[i].path);
		free(lines->items[i].text);
	}
	free(lines->items);
	*lines = (struct fit_lines){ 0 };
}

struct taking {
	const struct type *type;
	struct fit_lines *lines;
};

static void take(void *ctx, const struct schema_misfit *misfit)
{
	AUTO(str_clear) struct str place = STR_INIT(STR_NO_LIMIT);
	struct taking *taking = ctx;
	struct fit_lines *lines = taking->lines;

	type_add_place(taking->type, misfit->word, misfit->path, &place);
	memory_grow(&lines->items, &lines->room, lines->count + 1, sizeof(*lines->items));
	lines->items[lines->count++] = (struct fit_line){ .type = taking->type, .place = str_take(&place),
							      .word = memory_copy_text(misfit->word), .path = memory_copy_text(misfit->path),
							      .text = memory_copy_text(misfit->text) };
}

bool fit_check(const struct str *schema, const struct type *type, struct fit_lines *lines, struct error *err)
{
	const struct provider *provider = provider_find(type->provider);
	struct taking taking = { type, lines };

	return fit_can(type->provider, err) && provider->schema->check(schema->text, schema->len, type, take, &taking, err);
}
