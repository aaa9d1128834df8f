/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `show --history`: each version of a record beside the one before it, a row for each field that changed. */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/model/difference.h"
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "at", false }, { "changed_at", false }, { "version", false }, { "state", true }, { "what", false }, { "field", false },
	{ "before", false }, { "after", false }, { "bookkeeping", true }, { NULL, false },
};

struct history {
	const struct type *type;
	const struct printer *printer;
	enum personal personal;
	struct record_version newer;     /* seen_ms 0: none yet */
	struct str raw;                  /* of the newer one; owned */
	struct differences found;        /* owned */
	size_t more;                     /* fields that are not told */
};

static void history_clear(struct history *history)
{
	str_clear(&history->raw);
	differences_clear(&history->found);
}

static void print_value(const struct printer *printer, const char *name, struct json_slice value)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	difference_add_text(value, &text);
	if (value.kind == JSON_NUMBER)
		printer->decimal(printer->ctx, name, text.text);
	else if (value.kind == JSON_STRING && strlen(text.text) == text.len)
		printer->text(printer->ctx, name, text.text);
	else if (value.kind != JSON_NONE)
		printer->json(printer->ctx, name, value.text, value.len);
	else
		printer->text(printer->ctx, name, NULL);
}

/* What happened to the newer one, and to one of its fields; `difference` NULL: to none. */
static void print_row(const struct history *history, const char *what, const struct difference *difference)
{
	static const struct difference none = { 0 };
	const struct printer *printer = history->printer;
	const struct record_version *version = &history->newer;

	printer->row(printer->ctx);
	printer->time(printer->ctx, "at", version->seen_ms);
	printer->time(printer->ctx, "changed_at", version->time_ms);
	verb_text(printer, "version", version->version);
	printer->text(printer->ctx, "state", record_state_word_of(history->type, version->state));
	printer->text(printer->ctx, "what", what);
	printer->text(printer->ctx, "field", difference ? difference->path : NULL);
	print_value(printer, "before", difference_seen(difference ? difference : &none, false, history->personal));
	print_value(printer, "after", difference_seen(difference ? difference : &none, true, history->personal));
	printer->flag(printer->ctx, "bookkeeping", difference && difference->bookkeeping);
}

static void print_changes(struct history *history, const char *what, const char *older, size_t len)
{
	size_t told = 0;

	differences_find(history->type, (struct json_slice){ .text = older, .len = len, .kind = JSON_OBJECT },
			 (struct json_slice){ .text = history->raw.text, .len = history->raw.len, .kind = JSON_OBJECT }, &history->found);
	for (size_t i = 0; i < history->found.count; i++) {
		const struct difference *each = &history->found.items[i];

		/* Versions and their times change with every change: for people they are no news. */
		if (each->bookkeeping && history->printer->brief)
			continue;
		print_row(history, what, each);
		told++;
	}
	if (told == 0)
		print_row(history, what, NULL);
	history->more += history->found.more;
}

/* The newer one can be told once the one before it is known. */
static bool each(void *ctx, const struct record_version *version, const char *raw, size_t len)
{
	struct history *history = ctx;

	if (history->newer.seen_ms != 0) {
		if (history->newer.state == RECORD_DELETED)
			print_row(history, "deleted", NULL);
		else
			print_changes(history, version->state == RECORD_DELETED ? "back" : "changed", raw, len);
	}
	history->newer = *version;
	str_reset(&history->raw);
	str_add_bytes(&history->raw, raw, len);
	return !history->printer->is_broken(history->printer->ctx);
}

bool verb_history(struct app *app, const struct object *object, const struct type *type, const char *id,
		  enum personal personal, const struct printer *printer, struct error *err)
{
	AUTO(history_clear) struct history history = { .type = type, .printer = printer, .personal = personal, .raw = STR_INIT(STR_NO_LIMIT) };

	printer->begin(printer->ctx, "history", columns);
	if (!records_history(app->store, object, id, each, &history, err))
		return false;
	if (history.newer.seen_ms != 0)
		print_row(&history, history.newer.state == RECORD_DELETED ? "deleted" : "first", NULL);
	printer->end(printer->ctx);
	if (history.more > 0)
		verb_note(printer, "%zu further fields changed and are not told.", history.more);
	return true;
}
