/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changes of a period that somebody relies on. A change counts by the days that the record is dated, before it and after; but what
 * follows from other records, as that it was paid, is theirs.
 */
#include "reconcile/watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/difference.h"
#include "ledgerdeck/provider/books.h"
#include "ledgerdeck/store/accounts.h"
#include "ledgerdeck/store/mappings.h"
#include "ledgerdeck/store/records.h"
#include "ledgerdeck/sync/reconcile.h"

#define WATCH_MOST 200

/* ---- one change */

/* A record as it was written at a time, and before. */
struct dating {
	const struct type *type;
	const char *const *settled;  /* struct provider_books */
	const char *date_field;
	int64_t at_ms, before_ms;    /* the newest version up to the one, and up to the other */
	struct str raw;              /* owned: the newer one's */
	struct date dates[2];
	size_t count, versions;
	enum record_state state;
	bool moved;                  /* it differs in what it says itself */
};

static void dating_clear(struct dating *dating)
{
	str_clear(&dating->raw);
}

static bool is_settled(const struct dating *dating, const char *path)
{
	for (const char *const *name = dating->settled; *name; name++) {
		size_t len = strlen(*name);

		if (strncmp(path, *name, len) == 0 && (path[len] == '\0' || path[len] == '.' || path[len] == '['))
			return true;
	}
	return false;
}

static bool is_moved(const struct dating *dating, struct json_slice before)
{
	struct json_slice after = { .text = dating->raw.text, .len = dating->raw.len, .kind = JSON_OBJECT };
	struct differences differences = { 0 };
	bool moved;

	differences_find(dating->type, before, after, &differences);
	moved = differences.more > 0;
	for (size_t i = 0; i < differences.count && !moved; i++)
		moved = !differences.items[i].bookkeeping && !is_settled(dating, differences.items[i].path);
	differences_clear(&differences);
	return moved;
}

static bool take_version(void *ctx, const struct record_version *version, const char *raw, size_t len)
{
	struct dating *dating = ctx;
	struct json_slice value = json_find(raw, len, dating->date_field);

	if (version->seen_ms > (dating->versions == 0 ? dating->at_ms : dating->before_ms))
		return true;
	if (value.kind == JSON_STRING && value.len > 2 && date_parse(value.text + 1, value.len - 2, &dating->dates[dating->count]))
		dating->count++;
	if (dating->versions++ == 0) {
		dating->state = version->state;
		dating->moved = true;
		str_add_bytes(&dating->raw, raw, len);
		return true;
	}
	dating->moved = version->state != dating->state || is_moved(dating, (struct json_slice){ .text = raw, .len = len, .kind = JSON_OBJECT });
	return false;
}

/* The first date that a type's row lists: the day that a transaction counts for. NULL: it is not one that posts. */
static const char *date_field(const struct provider_books *books, const struct type *type)
{
	bool posts = false;

	for (const char *const *name = books->types; type && *name; name++)
		posts = posts || strcmp(*name, type->name) == 0;
	for (size_t i = 0; posts && i < type->field_count; i++)
		if (type->fields[i].kind == FIELD_DATE && strcmp(type->fields[i].name, "DueDate") != 0)
			return type->fields[i].name;
	return NULL;
}

static bool date_change(struct store *store, const struct provider_books *books, const struct object *object, const struct type *type,
			const char *id, struct dating *dating, struct error *err)
{
	dating->type = type;
	dating->settled = books->settled;
	dating->date_field = date_field(books, type);
	return !dating->date_field || records_history(store, object, id, take_version, dating, err);
}

static bool concerns(const struct dating *dating, const struct session *session)
{
	for (size_t i = 0; i < dating->count && dating->moved; i++)
		if (dating->dates[i].day <= session->to.day)
			return true;
	return false;
}

static void say_change(const struct dating *dating, const char *id, const struct session *session, char *out, size_t size)
{
	bool earlier = true;
	char date[DATE_TEXT_MAX];

	/* What moves from behind it to before it never was of the period. */
	for (size_t i = 0; i < dating->count; i++)
		earlier = earlier && (dating->dates[i].day < session->from.day || dating->dates[i].day > session->to.day);
	snprintf(out, size, "%s %s of %s was %s in the ledger%s", dating->type->name, id, date_format(dating->dates[0], date),
		 dating->state == RECORD_DELETED ? "deleted" : dating->versions < 2 ? "added" : "changed",
		 earlier ? ", before the period: what it began with is another sum" : "");
}

static const struct provider_books *books_of(const struct account *account)
{
	const struct provider *provider = provider_find(account->provider);

	return provider ? provider->books : NULL;
}

/* ---- since a session was compared */

struct since {
	char (*ids)[RECORD_ID_MAX];  /* owned */
	size_t count, room;
};

static bool keep_id(void *ctx, const char *id)
{
	struct since *since = ctx;

	memory_grow(&since->ids, &since->room, since->count + 1, sizeof(*since->ids));
	snprintf(since->ids[since->count++], RECORD_ID_MAX, "%s", id);
	return true;
}

static bool look_since(struct store *store, const struct provider_books *books, const struct type *type, const struct object *object,
		       const struct session *session, char *ret_why, struct error *err)
{
	struct since since = { 0 };
	bool good = records_seen_since(store, object->no, session->read_ms, keep_id, &since, err);

	for (size_t i = 0; good && i < since.count && !*ret_why; i++) {
		AUTO(dating_clear) struct dating dating = { .at_ms = INT64_MAX, .before_ms = session->read_ms, .raw = STR_INIT(STR_NO_LIMIT) };

		good = date_change(store, books, object, type, since.ids[i], &dating, err);
		if (good && concerns(&dating, session))
			say_change(&dating, since.ids[i], session, ret_why, WATCH_WHY_MAX);
	}
	memory_freep(&since.ids);
	return good;
}

bool watch_since(struct store *store, const struct catalogue *catalogue, const struct session *session, char *ret_why, struct error *err)
{
	const struct provider_books *books;
	struct account account;
	bool found;

	*ret_why = '\0';
	if (!accounts_get(store, session->account_id, &account, &found, err))
		return false;
	books = found ? books_of(&account) : NULL;
	for (const char *const *name = books ? books->types : NULL; name && *name && !*ret_why; name++) {
		const struct type *type = catalogue_find(catalogue, account.provider, *name);
		struct object object;

		if (!objects_get(store, account.id, *name, &object, &found, err) ||
		    (found && type && !look_since(store, books, type, &object, session, ret_why, err)))
			return false;
	}
	return true;
}

/* ---- after one was signed */

struct watched {
	struct account account;
	const struct provider_books *books;
	struct session *items;       /* owned: prepared or signed ones */
	size_t count, room;
};

static bool keep_closed(void *ctx, const struct session *session)
{
	struct watched *watched = ctx;

	if (session->state != SESSION_PREPARED && session->state != SESSION_SIGNED)
		return true;
	memory_grow(&watched->items, &watched->room, watched->count + 1, sizeof(*watched->items));
	watched->items[watched->count++] = *session;
	return true;
}

static bool reopen(struct store *store, struct session *session, const struct touched *touched, const struct dating *dating, int64_t now_ms,
		   struct error *err)
{
	char why[WATCH_WHY_MAX], from[DATE_TEXT_MAX], to[DATE_TEXT_MAX], period[2 * DATE_TEXT_MAX + 60];
	size_t len;

	say_change(dating, touched->id, session, why, sizeof(why) - 1);
	len = strlen(why);
	snprintf(why + len, sizeof(why) - len, ".");
	snprintf(period, sizeof(period), "%s %s to %s", session->id, date_format(session->from, from), date_format(session->to, to));
	return session_reopen(store, session, why, now_ms, err) &&
	       audit_add(store, "engine", "reconcile re-opened", session->account_id, "", period, now_ms, err);
}

static bool watch_one(struct store *store, const struct catalogue *catalogue, struct watched *watched, const struct touched *touched,
		      int64_t now_ms, struct error *err)
{
	const struct type *type = catalogue_find(catalogue, watched->account.provider, touched->type);
	AUTO(dating_clear) struct dating dating = { .at_ms = touched->seen_ms, .before_ms = touched->seen_ms, .raw = STR_INIT(STR_NO_LIMIT) };
	struct object object;
	bool found;

	if (!objects_get(store, watched->account.id, touched->type, &object, &found, err) ||
	    (found && !date_change(store, watched->books, &object, type, touched->id, &dating, err)))
		return false;
	for (size_t i = 0; i < watched->count; i++) {
		struct session *session = &watched->items[i];

		if (session->state != SESSION_OPEN && concerns(&dating, session) && !reopen(store, session, touched, &dating, now_ms, err))
			return false;
	}
	return true;
}

static bool watch(struct store *store, const struct catalogue *catalogue, struct watched *watched, int64_t now_ms, bool *ret_more,
		  struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	AUTO(memory_freep) struct touched *touched = memory_new(WATCH_MOST * sizeof(*touched));
	size_t count;

	*ret_more = false;
	if (!store_begin(transaction, err) || !touched_next(store, watched->account.id, WATCH_MOST, touched, &count, err))
		return false;
	if (count == 0)
		return true;
	for (size_t i = 0; i < count && watched->books; i++)
		if (!watch_one(store, catalogue, watched, &touched[i], now_ms, err))
			return false;
	*ret_more = count == WATCH_MOST;
	return touched_drop(store, watched->account.id, touched[count - 1].no, err) && store_commit(transaction, err);
}

bool reconcile_watch(struct store *store, const struct catalogue *catalogue, const char *account_id, int64_t now_ms, struct error *err)
{
	struct watched watched = { 0 };
	struct touched first;
	bool good, found, more = true;
	size_t count;

	/* Mostly there is nothing. */
	if (!touched_next(store, account_id, 1, &first, &count, err) || count == 0)
		return count == 0 && (!err || err->code == ERROR_NONE);
	good = accounts_get(store, account_id, &watched.account, &found, err) && found &&
	       sessions_all(store, account_id, 0, keep_closed, &watched, err);
	watched.books = good ? books_of(&watched.account) : NULL;
	while (good && more)
		good = watch(store, catalogue, &watched, now_ms, &more, err);
	memory_freep(&watched.items);
	return good;
}
