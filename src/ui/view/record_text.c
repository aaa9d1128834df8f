/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record as text: its fields with what they point to, all of it as the ledger sent it, or its history. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/command/address.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "record.h"

#define LABEL_COLUMNS 14

static void add_keyed(struct record_view *view, const char *text)
{
	char room[200];

	pager_add(&view->pager, ROLE_DIM, deck_keyed(view->view.deck, text, room, sizeof(room)));
}

/* ---- as the ledger sent it */

static void write_raw(struct record_view *view, const struct str *raw)
{
	pager_json(&view->pager, raw->text, raw->len);
}

/* ---- fields, and what they point to */

/* The last line leads to a record, or to all that fit a filter. */
static void add_link(struct record_view *view, const char *type_name, const char *id, const char *filter)
{
	const struct type *type = catalogue_find(deck_app(view->view.deck)->catalogue, view->type->provider, type_name);
	struct record_link *link;

	if (!type || strlen(id) >= sizeof(link->id) || strlen(filter) >= sizeof(link->filter))
		return;
	memory_grow(&view->links, &view->link_room, view->link_count + 1, sizeof(*view->links));
	link = &view->links[view->link_count++];
	*link = (struct record_link){ .type = type };
	snprintf(link->id, sizeof(link->id), "%s", id);
	snprintf(link->filter, sizeof(link->filter), "%s", filter);
	pager_link(&view->pager, view->link_count);
}

/* As the filter language takes it, whatever it holds. */
static void add_quoted(const char *text, struct str *out)
{
	str_add_char(out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			str_add_char(out, '\\');
		str_add_char(out, *text);
	}
	str_add_char(out, '"');
}

/* What stands behind a reference in a list: its title unless that is its id, and its state unless it is live. */
static void add_named(const struct reference *named, struct str *out)
{
	str_add(out, named->to.id);
	if (named->found && *named->title && strcmp(named->title, named->to.id) != 0)
		str_addf(out, "  %s", named->title);
	if (named->found && named->state != RECORD_LIVE)
		str_addf(out, "  %s", mark_of_record(named->type, named->state).word);
	if (!named->found)
		str_add(out, named->type ? "  not in the mirror" : "  not a type that is mirrored");
}

static void write_named(struct record_view *view, bool back)
{
	const struct references *references = &view->found->references;

	for (size_t i = 0; i < references->count; i++) {
		const struct reference *reference = &references->items[i];
		AUTO(str_clear) struct str text = STR_INIT(400);

		if (back && !reference->points_back)
			continue;
		add_named(reference, &text);
		pager_field(&view->pager, reference->type ? reference->type->name : reference->to.type, ROLE_TEXT, text.text);
		if (reference->type)
			add_link(view, reference->type->name, reference->to.id, "");
	}
}

static void write_lists(struct record_view *view)
{
	const struct references *references = &view->found->references;

	if (references->count == 0)
		return;
	pager_addf(&view->pager, ROLE_TEXT, "\nPoints to, in lists: %s%zu", references->more ? "more than " : "", references->count);
	write_named(view, false);
}

/* The other way round: what names it in lists, and types of which a field may hold this record's id. */
static void write_referring(struct record_view *view)
{
	const struct catalogue *catalogue = deck_app(view->view.deck)->catalogue;
	bool first = true;

	if (view->found->references.back > 0) {
		pager_addf(&view->pager, ROLE_TEXT, "\nPointed to by, in lists: %zu", view->found->references.back);
		write_named(view, true);
	}
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct type *type = catalogue_at(catalogue, i);

		for (size_t k = 0; k < type->field_count && strcmp(type->provider, view->type->provider) == 0; k++) {
			AUTO(str_clear) struct str filter = STR_INIT(1000);

			if (!type->fields[k].refers_to || strcmp(type->fields[k].refers_to, view->type->name) != 0)
				continue;
			str_addf(&filter, "%s=", type->fields[k].name);
			add_quoted(view->id, &filter);
			if (first)
				pager_add(&view->pager, ROLE_TEXT, "\nPointed to by");
			first = false;
			pager_field(&view->pager, type->name, ROLE_TEXT, type->fields[k].name);
			add_link(view, type->name, view->id, filter.text);
		}
	}
}

static void write_address(struct record_view *view)
{
	AUTO(str_clear) struct str address = STR_INIT(2000);

	if (record_address(deck_app(view->view.deck)->settings, &view->found->account, view->type, view->id, &address))
		pager_field(&view->pager, "In the ledger", ROLE_TEXT, address.text);
}

/* What was is taken out of the raw record each time. */
static bool is_current(const struct record_view *view)
{
	return view->found->then_ms || object_is_current(&view->found->object, view->type);
}

static void write_fields(struct record_view *view)
{
	const struct record_row *row = &view->found->row;
	const struct type *type = view->type;
	struct mark mark = mark_of_record(type, row->state);
	struct pager *pager = &view->pager;
	AUTO(str_clear) struct str text = STR_INIT(65536);
	char stamp[FORMAT_MAX];

	pager->label_columns = LABEL_COLUMNS;
	for (size_t i = 0; i < type->field_count; i++)
		if ((int)strlen(type->fields[i].name) + 2 > pager->label_columns)
			pager->label_columns = (int)strlen(type->fields[i].name) + 2;
	pager_addf(pager, row->state == RECORD_LIVE ? ROLE_TEXT : ROLE_WARN, "%s %s %s", mark.glyph, mark.word, type->name);
	pager_add(pager, ROLE_TEXT, "");
	str_add_bytes(&text, row->title, row->title_len);
	pager_field(pager, "Title", ROLE_TITLE, text.len ? text.text : "");
	pager_field(pager, "Id", ROLE_TEXT, row->id);
	pager_field(pager, "Version", ROLE_TEXT, row->version);
	if (row->time_ms)
		pager_field(pager, "Changed", ROLE_TEXT, format_stamp(row->time_ms, stamp));
	pager_field(pager, "Mirrored", ROLE_TEXT, format_stamp(row->seen_ms, stamp));
	if (view->found->version.until_ms)
		pager_field(pager, "Until", ROLE_WARN, format_stamp(view->found->version.until_ms, stamp));
	pager_add(pager, ROLE_TEXT, "");
	if (!is_current(view))
		pager_add(pager, ROLE_WARN, "The catalogue's row was changed: the fields are being filled anew.");
	for (size_t i = 0; i < type->field_count && is_current(view); i++) {
		str_reset(&text);
		cell_add_text(&row->cells[i], &type->fields[i], view->found->personal, &text);
		if (text.len == 0)
			continue;
		pager_field(pager, type->fields[i].name, text.text[0] == '-' ? ROLE_FAILED : ROLE_TEXT, text.text);
		if (type->fields[i].refers_to)
			add_link(view, type->fields[i].refers_to, text.text, "");
	}
	write_address(view);
	write_lists(view);
	write_referring(view);
	pager_add(pager, ROLE_TEXT, "");
	add_keyed(view, "{raw} shows the record as the ledger sent it, {history} its history, {log-of} its log.");
	if (view->link_count > 0)
		add_keyed(view, "{next-pane} goes through what it points to, and {open} to where it leads.");
}

/* ---- history */

static void write_head(struct record_view *view)
{
	size_t count = view->found->version_count;
	char number[FORMAT_MAX], line[160];

	snprintf(line, sizeof(line), "%s%s version%s, the newest first; {next-pane} and {open} show one as a whole.",
		 view->found->has_older ? "The last " : "", format_count((int64_t)count, number), count == 1 ? "" : "s");
	add_keyed(view, line);
}

static void write_history(struct record_view *view)
{
	const struct record_answer *found = view->found;
	struct pager *pager = &view->pager;
	char seen[FORMAT_MAX], changed[FORMAT_MAX];

	pager->label_columns = 24;
	write_head(view);
	for (size_t i = 0; i < found->version_count; i++) {
		const struct kept_version *kept = &found->versions[i];
		struct mark mark = mark_of_record(view->type, kept->version.state);

		pager_add(pager, ROLE_TEXT, "");
		pager_addf(pager, kept->version.state == RECORD_LIVE ? ROLE_TITLE : ROLE_WARN, "%s  %s%s%s %s%s%s",
			   format_stamp(kept->version.seen_ms, seen), *kept->version.version ? "version " : "", kept->version.version,
			   *kept->version.version ? "," : "", mark.word, kept->version.has_time ? ", changed " : "",
			   kept->version.has_time ? format_stamp(kept->version.time_ms, changed) : "");
		pager_link(pager, i + 1);
		if (i + 1 == found->version_count && !found->has_older)
			pager_add(pager, ROLE_DIM, "The first that the mirror had.");
		else if (kept->changes.len == 0 && kept->more == 0)
			pager_add(pager, ROLE_DIM, "No field changed.");
		pager_changes(pager, kept->changes.text);
		if (kept->more > 0)
			pager_addf(pager, ROLE_WARN, "%zu more field%s changed: too long to be shown here.", kept->more, kept->more == 1 ? "" : "s");
	}
	if (found->has_older)
		pager_add(pager, ROLE_WARN, "\nOlder versions are kept, too, and not shown here: the command that :cli names shows all.");
}

void record_write(struct record_view *view)
{
	size_t link = view->pager.link;

	pager_clear(&view->pager);
	view->link_count = 0;
	if (view->shows == RECORD_HISTORY && view->version > 0 && view->version <= view->found->version_count)
		write_raw(view, &view->found->versions[view->version - 1].raw);
	else if (view->shows == RECORD_HISTORY)
		write_history(view);
	else if (!view->found->found)
		pager_addf(&view->pager, ROLE_WARN, "%s %s is not in the mirror%s.", view->type->name, view->id, view->found->then_ms ? "" : " any more");
	else if (view->shows == RECORD_RAW)
		write_raw(view, &view->found->raw);
	else
		write_fields(view);
	view->pager.link = link;
}
