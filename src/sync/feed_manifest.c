/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form of manifests: docs/guide/lake.md says what each member means. */
#include "feed_manifest.h"

#include <inttypes.h>
#include <string.h>

#include "ledgerdeck/core/date.h"

#define VERSION 1

void feed_layout_values(const struct feed *feed, const struct account *account, const char *type, bool is_full, struct layout_values *ret_values)
{
	*ret_values = (struct layout_values){
		.account = account->id, .name = account->name, .provider = account->provider, .environment = environment_word(account->environment),
		.type = type, .kind = is_full ? LAYOUT_FULL : LAYOUT_CHANGES, .time_ms = feed->run_ms, .format = feed->format,
	};
}

void feed_manifest_add_path(const struct feed *feed, const struct account *account, struct str *out)
{
	struct layout_values values;

	feed_layout_values(feed, account, "", true, &values);
	layout_add_root(feed->layout, &values, out);
	str_add(out, "manifest-");
	layout_add_time(feed->run_ms, out);
	/* Two feeds may have one directory. */
	str_addf(out, "-%.8s.json", feed->id + strlen("feed_"));
}

static void add_member(struct str *out, const char *name, const char *text)
{
	str_addf(out, "\"%s\":", name);
	str_add_json(out, text, strlen(text));
	str_add_char(out, ',');
}

static void add_file(const struct feed_file *file, struct str *out)
{
	add_member(out, "type", file->type);
	add_member(out, "kind", file->is_full ? LAYOUT_FULL : LAYOUT_CHANGES);
	add_member(out, "path", file->path);
	add_member(out, "columns", file->columns);
	str_addf(out, "\"rows\":%" PRId64 ",\"deleted\":%" PRId64 ",\"unfit\":%" PRId64 ",\"bytes\":%" PRId64 ",", file->rows, file->gone,
		 file->unfit, file->bytes);
	str_addf(out, "\"sha256\":\"%s\"}", file->digest);
}

void feed_manifest_add(const struct feed *feed, const struct account *account, const struct feed_file *files, size_t count, struct str *out)
{
	char stamp[STAMP_TEXT_MAX];
	bool first = true;

	str_addf(out, "{\"ledgerdeck\":{\"manifest\":%d},", VERSION);
	add_member(out, "feed", feed->id);
	add_member(out, "run", stamp_format(feed->run_ms, 0, false, stamp));
	str_add(out, "\"after\":");
	if (feed->last_ms)
		str_addf(out, "\"%s\",", stamp_format(feed->last_ms, 0, false, stamp));
	else
		str_add(out, "null,");
	add_member(out, "provider", account->provider);
	add_member(out, "environment", environment_word(account->environment));
	add_member(out, "account", account->id);
	add_member(out, "name", account->name);
	add_member(out, "format", feed->format);
	str_add(out, "\"files\":[");
	for (size_t i = 0; i < count; i++) {
		if (!feed_file_is(&files[i]))
			continue;
		str_add(out, first ? "\n{" : ",\n{");
		add_file(&files[i], out);
		first = false;
	}
	str_add(out, "\n]}\n");
}
