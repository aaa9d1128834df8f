/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ledger's own list of changes: one call for all types of an account that are due. What it names
 * as deleted is read back before it is believed; an answer that was cut is not the whole truth, and
 * a mark that is too old makes a sweep due.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"

#define DAY INT64_C(86400000)

bool changes_ready(const struct sync *sync, const struct object *object, const struct type *type,
		   const struct provider *provider)
{
	return (provider->can & PROVIDER_CHANGES) && type->deletion == TYPE_DELETED_BY_CHANGES && *object->mark &&
	       object_is_current(object, type) && !*object->position && object->cursor_ms != INT64_MIN && !changes_stale(sync, object, provider);
}

bool changes_stale(const struct sync *sync, const struct object *object, const struct provider *provider)
{
	/* Trusted only well inside of what the ledger remembers. */
	int64_t kept_ms = provider->changes_kept_ms - provider->changes_kept_ms / 6;

	return (provider->can & PROVIDER_CHANGES) && object->cursor_ms != INT64_MIN && *object->mark &&
	       sync_now(sync) - object->mark_ms >= kept_ms;
}

bool changes_mark(struct work *work, struct error *err)
{
	AUTO(memory_freep) char *mark = NULL;
	AUTO(page_clear) struct page page;
	const struct type *types[1] = { work->type };
	const char *const none[1] = { "" };

	page_init(&page);
	if (!(work->provider->can & PROVIDER_CHANGES) || work->type->deletion != TYPE_DELETED_BY_CHANGES)
		return true;
	if (!work->provider->changes(connect_connection(work->session), types, 1, none, &page, &mark, err))
		return error_prefix(err, "cannot begin the list of changes");
	snprintf(work->object.mark, sizeof(work->object.mark), "%s", mark ? mark : "");
	work->object.mark_ms = sync_now(work->worker->sync);
	work->ledger_ms = page.ledger_ms;
	return true;
}

bool confirm_gone(struct work *work, const char (*ids)[RECORD_ID_MAX], size_t count, char (*ret_gone)[RECORD_ID_MAX],
		  size_t *ret_count, struct error *err)
{
	*ret_count = 0;
	for (size_t i = 0; i < count; i++) {
		AUTO(page_clear) struct page page;
		enum found found;

		page_init(&page);
		found = work->provider->find(connect_connection(work->session), work->type, ids[i], &page, err);
		if (found == UNKNOWN_FOUND)
			return error_prefix(err, "cannot make sure whether %s '%s' is gone", work->type->name, ids[i]);
		if (found == ABSENT)
			memcpy(ret_gone[(*ret_count)++], ids[i], RECORD_ID_MAX);
		else if (!intake_page(work, &page, NULL, 0, err))
			return false;
	}
	return true;
}

/* Ids of a page that are still live here: what is gone already needs no second proof. */
static bool live_ids(struct work *work, const struct page *page, char (*ret_ids)[RECORD_ID_MAX], size_t *ret_count,
		     struct error *err)
{
	*ret_count = 0;
	for (size_t i = 0; i < page->gone_count; i++) {
		AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT);
		AUTO(str_clear) struct str texts = STR_INIT(STR_NO_LIMIT);
		struct record_row row;
		bool found;

		if (!records_get(work->worker->store, &work->object, work->type, page->gone[i], &row, &raw, &texts, &found, err))
			return false;
		if (found && row.state != RECORD_DELETED)
			snprintf(ret_ids[(*ret_count)++], RECORD_ID_MAX, "%s", page->gone[i]);
	}
	return true;
}

static bool take_page(struct work *work, struct page *page, const char *mark, struct error *err)
{
	AUTO(memory_freep) char(*ids)[RECORD_ID_MAX] = memory_new((page->gone_count + 1) * RECORD_ID_MAX);
	AUTO(memory_freep) char(*gone)[RECORD_ID_MAX] = memory_new((page->gone_count + 1) * RECORD_ID_MAX);
	struct object *object = &work->object;
	size_t count, gone_count;

	if ((page->ledger_ms > 0 && !pull_check_clock(work, page->ledger_ms, err)) || !live_ids(work, page, ids, &count, err) ||
	    !confirm_gone(work, (const char(*)[RECORD_ID_MAX])ids, count, gone, &gone_count, err))
		return false;
	if (mark)
		snprintf(object->mark, sizeof(object->mark), "%s", mark);
	object->mark_ms = sync_now(work->worker->sync);
	if (page->overflow)
		object->sweep_due = true; /* deletions may have been cut off; the rows are read below */
	else if (page->ledger_ms > object->cursor_ms)
		object->cursor_ms = page->ledger_ms;
	if (!intake_page(work, page, (const char(*)[RECORD_ID_MAX])gone, gone_count, err))
		return false;
	return (!page->overflow || pull_read(work, false, err)) && merged_read(work, err);
}

/* The ledger no longer knows so far back: what exists must be proven anew, from a new mark on. */
static bool begin_anew(struct work *work, struct error *err)
{
	work->object.sweep_due = true;
	work->object.mark[0] = '\0';
	return changes_mark(work, err) && pull_read(work, false, err);
}

/* A mark of NULL stays as it is; `marks` NULL: the ledger no longer knows so far back. */
static void read_parts(struct work *works, size_t count, struct page *pages, char **marks, struct error *ret_errors)
{
	for (size_t i = 0; i < count; i++) {
		/* One that can't be kept holds up no other; but nothing more is begun once it is to stop. */
		if (cancel_asked(works[i].worker->world.cancel))
			error_set(&ret_errors[i], ERROR_CANCELLED, "stopped; it goes on where it was");
		else if (!(marks ? take_page(&works[i], &pages[i], marks[i], &ret_errors[i])
				 : begin_anew(&works[i], &ret_errors[i])) &&
			 ret_errors[i].code == ERROR_NONE)
			error_set(&ret_errors[i], ERROR_INTERNAL, "the changes of %s failed without a reason", works[i].type->name);
	}
}

void changes_read(struct work *works, size_t count, struct error *ret_errors)
{
	struct page *pages = memory_new(count * sizeof(*pages));
	AUTO(memory_freep) const struct type **types = memory_new(count * sizeof(struct type *));
	AUTO(memory_freep) const char **marks = memory_new(count * sizeof(char *));
	AUTO(memory_freep) char **next = memory_new(count * sizeof(char *));
	struct error err = { 0 };

	for (size_t i = 0; i < count; i++) {
		page_init(&pages[i]);
		types[i] = works[i].type;
		marks[i] = works[i].object.mark;
		error_clear(&ret_errors[i]);
	}
	if (works[0].provider->changes(connect_connection(works[0].session), types, count, marks, pages, next, &err))
		read_parts(works, count, pages, next, ret_errors);
	else if (err.code == ERROR_INPUT && strstr(err.text, "too old"))
		read_parts(works, count, pages, NULL, ret_errors);
	else
		for (size_t i = 0; i < count; i++) {
			ret_errors[i] = err;
			works[i].is_echo = i > 0;
		}
	for (size_t i = 0; i < count; i++) {
		page_clear(&pages[i]);
		free(next[i]);
	}
	free(pages);
}
