/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One round from its beginning to its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "reconcile/round.h"

#define READINGS_MAX 3 /* of all totals, until both of a pair agree */
#define TYPES_MAX 64
#define READ_PATIENCE_MS 600000

bool round_goes_on(struct round *round)
{
	if (round->error.code == ERROR_NONE && round->planner.error.code != ERROR_NONE)
		round->error = round->planner.error;
	if (round->error.code == ERROR_NONE && cancel_asked(round->wish->cancel))
		error_set(&round->error, ERROR_CANCELLED, "reconciling was stopped; nothing of this round was kept");
	return round->error.code == ERROR_NONE;
}

void round_tell(const struct round *round, const char *what, int64_t done, int64_t of)
{
	if (round->wish->progress)
		round->wish->progress(round->wish->ctx, what, done, of);
}

int64_t round_millionths(struct decimal value)
{
	int64_t millionths = 0;

	decimal_round(value, DECIMAL_MILLIONTHS, &value);
	return decimal_to_millionths(value, &millionths) ? millionths : 0;
}

bool round_inside(const struct round *round, struct date date)
{
	return date.day >= round->wish->from.day && date.day <= round->wish->to.day;
}

static void copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

/* ---- its exceptions: the newest as it is filled in, those before it packed, since most of one is room for long texts */

struct packed_exception {
	enum exception_reason reason;
	enum exception_state state;
	bool has_date;
	struct date date;
	int64_t resource, match, source_item, mirror_item, amount;
	char currency[8];
	const char *key, *cause, *text, *type, *ref, *record, *who; /* in round->texts */
};

static const char *keep_again(struct round *round, const char *text, const char *before)
{
	return before && strcmp(text, before) == 0 ? before : text_pool_keep(&round->texts, text);
}

static void pack_newest(struct round *round)
{
	const struct session_exception *newest = &round->exception;
	const struct packed_exception *before = round->packed_count > 0 ? &round->packed[round->packed_count - 1] : NULL;
	struct packed_exception packed = { .reason = newest->reason, .state = newest->state, .has_date = newest->has_date, .date = newest->date,
					   .resource = newest->resource, .match = newest->match, .source_item = newest->source_item,
					   .mirror_item = newest->mirror_item, .amount = newest->amount };

	if (round->packed_count == round->exception_count)
		return;
	memcpy(packed.currency, newest->currency, sizeof(packed.currency));
	packed.key = text_pool_keep(&round->texts, newest->key);
	packed.cause = keep_again(round, newest->cause, before ? before->cause : NULL);
	packed.text = text_pool_keep(&round->texts, newest->text);
	packed.type = keep_again(round, newest->type, before ? before->type : NULL);
	packed.ref = text_pool_keep(&round->texts, newest->ref);
	packed.record = keep_again(round, newest->record, packed.ref);
	packed.who = keep_again(round, newest->who, before ? before->who : NULL);
	memory_grow(&round->packed, &round->packed_room, round->packed_count + 1, sizeof(*round->packed));
	round->packed[round->packed_count++] = packed;
}

struct session_exception *round_except(struct round *round, enum exception_reason reason, const char *type, const char *ref)
{
	struct session_exception *exception = &round->exception;

	pack_newest(round);
	round->exception_count++;
	*exception = (struct session_exception){ .reason = reason };
	copy(exception->type, sizeof(exception->type), type);
	copy(exception->ref, sizeof(exception->ref), ref);
	snprintf(exception->key, sizeof(exception->key), "%s %s %s", exception_row(reason)->word, type, ref);
	copy(exception->cause, sizeof(exception->cause), exception_row(reason)->title);
	return exception;
}

void round_exception(struct round *round, size_t at, struct session_exception *ret_exception)
{
	const struct packed_exception *packed;

	pack_newest(round);
	packed = &round->packed[at];
	*ret_exception = (struct session_exception){
		.reason = packed->reason, .state = packed->state, .has_date = packed->has_date, .date = packed->date, .resource = packed->resource,
		.match = packed->match, .source_item = packed->source_item, .mirror_item = packed->mirror_item, .amount = packed->amount,
		.since_ms = round->planner.now_ms, .changed_ms = round->planner.now_ms,
	};
	memcpy(ret_exception->currency, packed->currency, sizeof(packed->currency));
	copy(ret_exception->key, sizeof(ret_exception->key), packed->key);
	copy(ret_exception->cause, sizeof(ret_exception->cause), packed->cause);
	copy(ret_exception->text, sizeof(ret_exception->text), packed->text);
	copy(ret_exception->type, sizeof(ret_exception->type), packed->type);
	copy(ret_exception->ref, sizeof(ret_exception->ref), packed->ref);
	copy(ret_exception->record, sizeof(ret_exception->record), packed->record);
	copy(ret_exception->who, sizeof(ret_exception->who), packed->who);
}

/* ---- its session */

/* Half a path leads elsewhere. */
void round_keep_path(char *out, const char *path)
{
	copy(out, SESSION_PATH_MAX, path && strlen(path) < SESSION_PATH_MAX ? path : "");
}

static bool find_session(struct round *round, struct session *session)
{
	const struct reconcile_wish *wish = round->wish;
	struct session like = { .from = wish->from, .to = wish->to, .made_ms = round->planner.now_ms,
				.changed_ms = round->planner.now_ms };
	bool found;

	copy(like.account_id, sizeof(like.account_id), round->planner.account.id);
	copy(like.types, sizeof(like.types), wish->types);
	copy(like.source, sizeof(like.source), wish->source ? wish->source : "resources");
	copy(like.source_digest, sizeof(like.source_digest), wish->source_digest);
	copy(like.statement, sizeof(like.statement), wish->statement);
	round_keep_path(like.path, wish->path);
	round_keep_path(like.profile, wish->profile);
	copy(like.currency, sizeof(like.currency), round->planner.company.home);
	copy(like.who, sizeof(like.who), wish->who);
	if (!sessions_same(round->store, &like, session, &found, &round->error))
		return false;
	if (!found) {
		*session = like;
		return true;
	}
	if (session->state == SESSION_SIGNED || session->state == SESSION_PREPARED)
		return error_set(&round->error, ERROR_CONFLICT, "session %s of that period is %s; it does not change any more", session->id,
				 session_state_word(session->state));
	return true;
}

/* ---- reading the ledger */

/* What changed in the ledger is taken into the mirror: all that posts, and what it posts to. */
static bool read_changes(struct round *round)
{
	const char *types[TYPES_MAX + 1];
	const char *const *name = round->books_of->types;
	struct sync_wish wish = { .account_id = round->planner.account.id, .types = types, .mode = SYNC_CHANGES, .cause = "reconcile" };
	int64_t run, jobs;
	size_t count = 0;

	types[count++] = round->books_of->account_type;
	types[count++] = round->books_of->customer_type;
	types[count++] = round->books_of->vendor_type;
	for (; *name && count < TYPES_MAX; name++)
		types[count++] = *name;
	types[count] = NULL;
	round_tell(round, "what has changed", 0, -1);
	if (!sync_ask(round->sync, &wish, &run, &jobs, &round->error) || !sync_start(round->sync, 4, false, &round->error))
		return false;
	/* Half of what has changed is no side to compare with. */
	if (!sync_wait(round->sync, run, READ_PATIENCE_MS, round->wish->cancel))
		return round_goes_on(round) && error_set(&round->error, ERROR_LIMIT, "what has changed in the ledger was not read within %d "
							 "minutes; try again when it is", READ_PATIENCE_MS / 60000);
	for (size_t i = 0; i < count; i++) {
		struct object object;
		bool found;

		if (!objects_get(round->store, round->planner.account.id, types[i], &object, &found, &round->error))
			return false;
		if (found && object.wanted && object.status != OBJECT_OK && object.last_error.code != ERROR_NONE) {
			round->error = object.last_error;
			return error_prefix(&round->error, "what has changed in the ledger could not be read");
		}
	}
	return true;
}

/* The totals, the changes, the totals again: only a ledger that kept still can be tied to. */
static bool read_ledger(struct round *round)
{
	for (int i = 0; i < READINGS_MAX; i++) {
		reports_clear(round);
		if (!reports_read(round, 1) || !read_changes(round) || !reports_detail(round) || !reports_read(round, 2))
			return false;
		if (reports_agree(round)) {
			round->tied = true;
			return true;
		}
		if (!round_goes_on(round))
			return false;
	}
	return error_set(&round->error, ERROR_CONFLICT, "the ledger changed while it was read, %d times; try again when nobody works in it",
			 READINGS_MAX);
}

/* ---- the mirror, and once more when some of it was stale */

static bool open_planner(struct round *round)
{
	round->push_wish = (struct push_wish){ .account_id = round->wish->account_id, .who = round->wish->who, .env = round->wish->env,
					       .cancel = round->wish->cancel };
	if (!planner_open(&round->planner, round->store, round->catalogue, &round->push_wish, &round->error))
		return false;
	round->books_of = round->planner.provider->books;
	if (!round->books_of)
		return error_set(&round->error, ERROR_INPUT, "the books of '%.60s' can't be read by this program", round->planner.account.name);
	books_desk_init(round);
	return true;
}

/* What was gathered of the mirror, to be gathered anew. */
static void forget_mirror(struct round *round)
{
	sides_clear(round);
	books_clear(round);
	free(round->matches);
	free(round->decided);
	round->matches = NULL;
	round->decided = NULL;
	round->match_count = round->match_room = round->decided_room = round->recalled = 0;
	map_clear(&round->finds, free);
	planner_close(&round->planner);
}

static bool gather(struct round *round)
{
	if (!sides_mirror(round) || (round->tied && !reports_take(round)))
		return false;
	books_settle(round);
	return !round->tied || ties_suspects(round);
}

static bool heal_type(struct round *round, const char *type_name, bool *ret_healed)
{
	const struct type *type = catalogue_find(round->catalogue, round->planner.provider->name, type_name);
	char (*ids)[RECORD_ID_MAX] = memory_new((round->suspect_count + 1) * RECORD_ID_MAX);
	bool *changed = memory_new((round->suspect_count + 1) * sizeof(*changed));
	size_t *places = memory_new((round->suspect_count + 1) * sizeof(*places)), count = 0;
	bool good;

	for (size_t i = 0; i < round->suspect_count; i++) {
		if (strcmp(round->suspects[i].type, type_name) != 0)
			continue;
		places[count] = i;
		snprintf(ids[count++], RECORD_ID_MAX, "%s", round->suspects[i].id);
	}
	good = !type || sync_reread(round->sync, round->store, round->planner.account.id, type, (const char (*)[RECORD_ID_MAX])ids, count,
				    round->wish->cancel, changed, &round->error);
	for (size_t i = 0; good && i < count; i++) {
		round->suspects[places[i]].healed = changed[i];
		*ret_healed = *ret_healed || changed[i];
	}
	free(ids);
	free(changed);
	free(places);
	return good;
}

static bool heal(struct round *round, bool *ret_healed)
{
	const char *last = "";

	*ret_healed = false;
	for (size_t i = 0; i < round->suspect_count; i++) {
		const char *type = round->suspects[i].type;
		bool first = true;

		for (size_t k = 0; k < i && first; k++)
			first = strcmp(round->suspects[k].type, type) != 0;
		if (!first || strcmp(type, last) == 0)
			continue;
		round_tell(round, "records again", (int64_t)i, (int64_t)round->suspect_count);
		if (!heal_type(round, type, ret_healed))
			return false;
		last = type;
	}
	return true;
}

static bool gather_healed(struct round *round)
{
	bool healed;

	if (!gather(round))
		return false;
	if (round->suspect_count == 0 || !round->sync)
		return true;
	if (!heal(round, &healed))
		return false;
	if (!healed)
		return true;
	forget_mirror(round);
	round->calls = 0;
	return open_planner(round) && gather(round);
}

/* ---- all of it */

static void round_clear(struct round *round)
{
	forget_mirror(round);
	reports_clear(round);
	free(round->suspects);
	free(round->match_numbers);
	free(round->packed);
	free(round->ties);
	text_pool_clear(&round->texts);
}

static bool carry_out(struct round *round, struct session *session)
{
	bool complete = round->sync != NULL;

	if (!open_planner(round) || !find_session(round, session))
		return false;
	round->session = session;
	if (complete && !read_ledger(round))
		return false;
	/* What was read since the planner was opened is not what it knows. */
	forget_mirror(round);
	if (!open_planner(round) || !gather_healed(round) || !sides_source(round) || !compare_run(round))
		return false;
	if (complete && !ties_run(round))
		return false;
	return round_goes_on(round) && keep_round(round);
}

bool reconcile_round(struct sync *sync, struct store *store, const struct catalogue *catalogue, const struct reconcile_wish *wish,
		     struct session *ret_session, struct error *err)
{
	struct round round = { .sync = wish->offline ? NULL : sync, .store = store, .catalogue = catalogue, .wish = wish };
	bool good;

	*ret_session = (struct session){ 0 };
	if (wish->to.day < wish->from.day)
		return error_set(err, ERROR_INPUT, "the period ends before it begins");
	good = carry_out(&round, ret_session);
	if (!good && err)
		*err = round.error.code != ERROR_NONE ? round.error : round.planner.error;
	round_clear(&round);
	return good;
}
