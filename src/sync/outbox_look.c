/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What became of a write that nobody answered. In this order: a look for the record itself; then the same bytes with the same key,
 * as long as the ledger is trusted to answer such a repetition with its first answer; absent twice, with more time between than
 * any request takes, and it was not written; several that could be it are a person's to choose from.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "outbox.h"

#define AGAIN_MAX 4           /* repetitions of an envelope */
#define TRIES_MAX 12          /* of one that is proven absent each time */
#define CLAIM_MS 60000        /* for looking, before anybody else does */
#define TOGETHER_MS 500       /* what belongs together is due together, but for so much */
#define CLOCK_SLACK_MS 600000 /* how far the ledger's clock, and ours, may be off */

static int64_t setting_ms(const struct outbox *outbox, const char *name)
{
	return settings_number(outbox->worker->sync->options.settings, name) * 1000;
}

/* ---- the same again */

struct members {
	struct outbox *outbox;
	struct flights *flights;
	bool all;                    /* every one of the envelope is uncertain */
	bool good;
	struct error *err;
};

static bool add_member(void *ctx, const struct intent *intent)
{
	struct members *members = ctx;

	if (intent->state != INTENT_UNCERTAIN) {
		members->all = false;
		return true;
	}
	members->good = flights_add(members->flights, members->outbox->worker->store, intent, members->err);
	return members->good;
}

static bool gather(struct outbox *outbox, int64_t envelope, struct flights *flights, bool *ret_all, struct error *err)
{
	struct members members = { .outbox = outbox, .flights = flights, .all = true, .good = true, .err = err };

	if (!envelopes_intents(outbox->worker->store, envelope, add_member, &members, err))
		return false;
	*ret_all = members.all;
	return members.good;
}

/* ---- looking for a record */

struct find {
	struct outbox *outbox;
	const struct flight *flight;
	struct likeness ours;
	char tag[RESOURCE_ID_MAX];
	char ids[2][RECORD_ID_MAX];
	struct str raw;              /* owned: of the first */
	size_t count;
	bool tagged;                 /* one has our mark: the others don't count */
	bool unmarked;               /* ours has neither number nor mark: what is alike may be it, which a person has to say */
	bool waits;                  /* the ledger has taken it in, and has not made a record of it yet */
	struct error refusal;        /* code NONE: none. The ledger took it in and refused it then */
	struct str said;             /* owned: its words */
};

static void find_clear(struct find *find)
{
	str_clear(&find->raw);
	str_clear(&find->said);
}

static bool is_alike(const struct find *find, const struct likeness *likeness)
{
	const struct intent *intent = &find->flight->intent;
	struct decimal total = decimal_of(intent->total, 6);
	const struct likeness *ours = &find->ours;

	if (!find->unmarked && (!*ours->number || strcmp(ours->number, likeness->number) != 0))
		return false;
	if (!ours->has_date)
		return true; /* a list's names are unique */
	return strcmp(ours->party, likeness->party) == 0 && likeness->has_date && likeness->date.day == ours->date.day &&
	       (!intent->has_total || !likeness->has_total || decimal_compare(total, likeness->total) == 0);
}

static bool is_others(const struct find *find, const char *id, bool *ret_others, struct error *err)
{
	const struct intent *intent = &find->flight->intent;
	struct link link;
	bool found;

	if (!links_of_record(find->outbox->worker->store, intent->account_id, intent->record_type, id, &link, &found, err))
		return false;
	*ret_others = found && link.resource != intent->resource;
	return true;
}

static bool take_candidate(struct find *find, const struct type *type, struct json_slice raw, struct error *err)
{
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
	struct likeness likeness;
	struct record_key key;
	bool tagged, others;

	find->outbox->push->likeness(type->name, raw, &likeness);
	tagged = *likeness.tag && strcmp(likeness.tag, find->tag) == 0;
	if (!tagged && (find->tagged || (*likeness.tag != '\0') || !is_alike(find, &likeness)))
		return true;
	record_key(type, raw, &scratch, &key);
	if (!is_others(find, key.id, &others, err))
		return false;
	if (others || (find->count > 0 && strcmp(find->ids[0], key.id) == 0))
		return true;
	if (tagged && !find->tagged)
		find->count = 0;
	find->tagged = find->tagged || tagged;
	if (find->count < ARRAY_LEN(find->ids))
		snprintf(find->ids[find->count], RECORD_ID_MAX, "%s", key.id);
	if (find->count == 0) {
		str_reset(&find->raw);
		str_add_bytes(&find->raw, raw.text, raw.len);
	}
	find->count++;
	return true;
}

static bool take_page(struct find *find, const struct type *type, const struct page *page, struct error *err)
{
	for (size_t i = 0; i < page->count; i++)
		if (!take_candidate(find, type, page->records[i], err))
			return false;
	return true;
}

/* By what names it, in ledgers that can be asked so. `ret_read`: this one is asked for what changed. */
static bool search_by_name(struct find *find, bool *ret_read, struct error *err)
{
	struct outbox *outbox = find->outbox;
	const struct type *type = outbox_type(outbox, find->flight->intent.record_type);
	AUTO(page_clear) struct page page;
	struct push_answer answer = { .said = STR_INIT(CONNECTION_SAID_MAX) };
	struct push_item item;
	enum push_look look;
	bool good = true;

	page_init(&page);
	flight_item(outbox, find->flight, &item);
	look = outbox->push->look ? outbox->push->look(connect_connection(outbox->session), &item, &page, &answer, err) : PUSH_LOOK_READ;
	*ret_read = look == PUSH_LOOK_READ;
	find->waits = look == PUSH_LOOK_WAITS;
	if (look == PUSH_LOOK_REFUSED) {
		find->refusal = answer.error;
		str_add_bytes(&find->said, answer.said.text, answer.said.len);
	}
	str_clear(&answer.said);
	if (look == PUSH_LOOK_DONE)
		good = take_page(find, type, &page, err);
	return good && look != PUSH_LOOK_FAILED;
}

/* All that the ledger has had changed or made since shortly before we sent. */
static bool search(struct find *find, struct error *err)
{
	struct connection *connection = connect_connection(find->outbox->session);
	const struct type *type = outbox_type(find->outbox, find->flight->intent.record_type);
	AUTO(memory_freep) char *position = NULL;
	int64_t from_ms = find->flight->intent.first_sent_ms - CLOCK_SLACK_MS;
	bool more;

	if (!search_by_name(find, &more, err))
		return false;
	while (more) {
		AUTO(page_clear) struct page page;

		page_init(&page);
		if (!find->outbox->provider->read(connection, type, from_ms, INT64_MAX, position, &page, err))
			return false;
		if (!take_page(find, type, &page, err))
			return false;
		memory_freep(&position);
		position = memory_steal(&page.position);
		more = position != NULL;
	}
	return true;
}

static bool find_start(struct find *find, struct outbox *outbox, const struct flight *flight, struct error *err)
{
	struct json_slice body = { .text = flight->body.text, .len = flight->body.len, .kind = JSON_OBJECT };
	struct resource resource;

	*find = (struct find){ .outbox = outbox, .flight = flight, .raw = STR_INIT(STR_NO_LIMIT), .said = STR_INIT(CONNECTION_SAID_MAX) };
	outbox->push->likeness(flight->intent.record_type, body, &find->ours);
	if (!resources_by_no(outbox->worker->store, flight->intent.resource, &resource, NULL, err))
		return false;
	find->unmarked = !*find->ours.number && !*find->ours.tag && find->ours.has_date;
	snprintf(find->tag, sizeof(find->tag), "%s", resource.id);
	return true;
}

static bool save(struct outbox *outbox, struct flight *flight, enum intent_state state, int64_t next_ms, const char *why, struct error *err)
{
	AUTO(store_end) struct store *transaction = outbox->worker->store;
	struct taking taking = { .outbox = outbox, .transaction = transaction };
	bool open;

	if (!store_begin(transaction, err) || !flight_is_open(outbox, flight, &open, err))
		return false;
	return !open || (take_state(&taking, flight, state, next_ms, why, err) && stop_look(outbox, transaction, flight->intent.plan, err) &&
			 outbox_commit(outbox, transaction, err));
}

/*
 * A person has said something else meanwhile: that it is another record, or that it was not written. Both can't be: the person is
 * asked again, with what was found. What is being sent by that word can't be held up any more.
 */
static bool ask_again(struct taking *taking, const struct flight *flight, struct json_slice raw, struct error *err)
{
	struct outbox *outbox = taking->outbox;
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
	struct record_key key;
	struct intent now;
	bool found;

	if (flight->intent.act != PLAN_CREATE || !intents_get(taking->transaction, flight->intent.no, &now, NULL, &found, err))
		return flight->intent.act != PLAN_CREATE;
	record_key(outbox_type(outbox, flight->intent.record_type), raw, &scratch, &key);
	if (!found || (now.state != INTENT_CONFIRMED && now.state != INTENT_QUEUED) ||
	    (now.state == INTENT_CONFIRMED && strcmp(now.record_id, key.id) == 0))
		return true;
	snprintf(now.why, sizeof(now.why), "a person has said that it %s%.40s, and %.40s is found to be it: say once more which",
		 now.state == INTENT_QUEUED ? "was not written" : "is ", now.state == INTENT_QUEUED ? "" : now.record_id, key.id);
	now.state = INTENT_DEAD;
	now.next_ms = OUTBOX_FAR_MS;
	error_set(&now.error, ERROR_CONFLICT, "%s", now.why);
	now.error.outcome_unknown = true;
	return take_mirror(taking, now.record_type, raw, false, key.id, err) &&
	       intents_save(taking->transaction, &now, "engine", NULL, NULL, outbox_now(outbox), err) &&
	       stop_look(outbox, taking->transaction, now.plan, err);
}

static bool confirm(struct outbox *outbox, struct flight *flight, struct json_slice raw, const char *why, struct error *err)
{
	AUTO(store_end) struct store *transaction = outbox->worker->store;
	struct taking taking = { .outbox = outbox, .transaction = transaction };
	bool open;

	if (!store_begin(transaction, err) || !flight_is_open(outbox, flight, &open, err))
		return false;
	return (open ? take_record(&taking, flight, raw, why, err) && stop_look(outbox, transaction, flight->intent.plan, err)
		     : ask_again(&taking, flight, raw, err)) &&
	       outbox_commit(outbox, transaction, err);
}

/* Refused: that is the ledger's word. */
static bool refuse(struct outbox *outbox, struct flight *flight, struct error refusal, const char *said, struct error *err)
{
	AUTO(store_end) struct store *transaction = outbox->worker->store;
	struct taking taking = { .outbox = outbox, .transaction = transaction };
	bool open;

	refusal.outcome_unknown = false;
	if (!store_begin(transaction, err) || !flight_is_open(outbox, flight, &open, err))
		return false;
	return !open || (take_refusal(&taking, flight, &refusal, said, err) && stop_look(outbox, transaction, flight->intent.plan, err) &&
			 outbox_commit(outbox, transaction, err));
}

/* Absent once is not proof: what was sent may be on its way still. */
static bool absent(struct outbox *outbox, struct flight *flight, struct error *err)
{
	int64_t delay_ms = setting_ms(outbox, "push.look_delay"), now_ms = outbox_now(outbox);
	struct intent *intent = &flight->intent;
	char why[120];

	if (intent->looks++ == 0)
		return save(outbox, flight, INTENT_UNCERTAIN, now_ms + delay_ms, "it is not in the ledger yet; looked for once more", err);
	intent->looks = 0;
	intent->envelope = 0;
	/* Since its number or name is taken, and by none of ours. */
	if (outbox->push->refusal(&intent->error) == PUSH_TAKEN)
		return refuse(outbox, flight, intent->error, NULL, err);
	intent->error.outcome_unknown = false;
	if (intent->tries >= TRIES_MAX) {
		snprintf(why, sizeof(why), "not written, proven by two looks each time; given up after %d tries", intent->tries);
		return save(outbox, flight, INTENT_DEAD, OUTBOX_FAR_MS, why, err);
	}
	return save(outbox, flight, INTENT_QUEUED, now_ms, "it was not written, proven by two looks; sent anew", err);
}

static bool look_for_created(struct outbox *outbox, struct flight *flight, bool *ret_absent, struct error *err)
{
	struct find find;
	bool good = find_start(&find, outbox, flight, err) && search(&find, err);
	struct json_slice raw = { .text = find.raw.text, .len = find.raw.len, .kind = JSON_OBJECT };
	char why[200];

	if (good && find.waits) {
		flight->intent.looks = 0; /* what waits there is not absent */
		good = save(outbox, flight, INTENT_UNCERTAIN, outbox_now(outbox) + setting_ms(outbox, "push.look_delay"),
			    "the ledger has taken it in and has not posted it yet; looked for again", err);
	} else if (good && find.refusal.code != ERROR_NONE) {
		good = refuse(outbox, flight, find.refusal, find.said.text, err);
	} else if (good && find.count == 1 && !find.unmarked) {
		good = confirm(outbox, flight, raw, "written: it was found in the ledger", err);
	} else if (good && find.count > 0) {
		snprintf(why, sizeof(why), "%zu record%s could be it, %.40s%s%.40s among them: a person says which, or that it is none",
			 find.count, find.count == 1 ? "" : "s", find.ids[0], find.count > 1 ? " and " : "", find.count > 1 ? find.ids[1] : "");
		flight->intent.error.outcome_unknown = true;
		good = save(outbox, flight, INTENT_DEAD, OUTBOX_FAR_MS, why, err);
	} else if (good) {
		*ret_absent = true;
	}
	find_clear(&find);
	return good;
}

/* ---- what there was before */

static enum found read_now(struct outbox *outbox, const struct intent *intent, struct page *page, struct error *err)
{
	const struct type *type = outbox_type(outbox, intent->record_type);

	if (!type) {
		error_set(err, ERROR_INPUT, "the catalogue has no type '%s'", intent->record_type);
		return UNKNOWN_FOUND;
	}
	return outbox->provider->find(connect_connection(outbox->session), type, intent->record_id, page, err);
}

static bool gone(struct outbox *outbox, struct flight *flight, struct error *err)
{
	/* A deletion that was asked for has happened. */
	if (flight->intent.act == PLAN_VOID)
		return confirm(outbox, flight, (struct json_slice){ 0 }, "gone, as it was to be", err);
	return save(outbox, flight, INTENT_CONFLICT, OUTBOX_FAR_MS, "its record was deleted in the ledger meanwhile", err);
}

static bool is_voided(struct outbox *outbox, const struct flight *flight, struct json_slice raw)
{
	struct likeness likeness;

	outbox->push->likeness(flight->intent.record_type, raw, &likeness);
	return likeness.has_total && decimal_is_zero(likeness.total);
}

static bool has_version(const struct outbox *outbox, const struct intent *intent, struct json_slice raw)
{
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
	struct record_key key;

	record_key(outbox_type(outbox, intent->record_type), raw, &scratch, &key);
	return strcmp(key.version, intent->version) == 0;
}

static bool look_at_changed(struct outbox *outbox, struct flight *flight, bool *ret_absent, struct error *err)
{
	AUTO(push_changes_clear) struct push_changes changes = { 0 };
	AUTO(page_clear) struct page page;
	struct json_slice body = { .text = flight->body.text, .len = flight->body.len, .kind = JSON_OBJECT };
	enum found found;

	page_init(&page);
	found = read_now(outbox, &flight->intent, &page, err);
	if (found == UNKNOWN_FOUND)
		return false;
	if (found == ABSENT)
		return gone(outbox, flight, err);
	if (flight->intent.act == PLAN_VOID) {
		*ret_absent = !is_voided(outbox, flight, page.records[0]);
		return *ret_absent || confirm(outbox, flight, page.records[0], "made void: it was looked up", err);
	}
	outbox->push->compare(flight->intent.record_type, body, page.records[0], &changes);
	if (changes.count == 0)
		return confirm(outbox, flight, page.records[0], "written: it was looked up", err);
	*ret_absent = has_version(outbox, &flight->intent, page.records[0]);
	if (*ret_absent)
		return true;
	return outbox_merge(outbox, flight, &flight->intent.error, err);
}

/* ---- merging */

static bool same_bytes(struct json_slice a, struct json_slice b)
{
	return a.kind == b.kind && a.len == b.len && (a.len == 0 || memcmp(a.text, b.text, a.len) == 0);
}

/* Has the ledger's side changed any of the fields that we write, since we last knew it? The first of them. */
static bool is_contested(struct outbox *outbox, const struct flight *flight, const struct push_changes *now, struct json_slice base,
			 char *ret_field)
{
	AUTO(push_changes_clear) struct push_changes then = { 0 };
	struct json_slice body = { .text = flight->body.text, .len = flight->body.len, .kind = JSON_OBJECT };

	outbox->push->compare(flight->intent.record_type, body, base, &then);
	for (size_t i = 0; i < now->count; i++) {
		bool kept = false;

		for (size_t k = 0; k < then.count; k++)
			if (strcmp(then.items[k].field, now->items[i].field) == 0 && same_bytes(then.items[k].before, now->items[i].before))
				kept = true;
		if (!kept) {
			snprintf(ret_field, 80, "%s", now->items[i].field);
			return true;
		}
	}
	return false;
}

static bool queue_merged(struct outbox *outbox, struct flight *flight, struct json_slice raw, struct error *err)
{
	AUTO(store_end) struct store *transaction = outbox->worker->store;
	struct taking taking = { .outbox = outbox, .transaction = transaction };
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT), merged = STR_INIT(STR_NO_LIMIT);
	struct json_slice body = { .text = flight->body.text, .len = flight->body.len, .kind = JSON_OBJECT };
	struct record_key key;
	bool open;

	if (!store_begin(transaction, err) || !flight_is_open(outbox, flight, &open, err))
		return false;
	if (!open)
		return true;
	record_key(outbox_type(outbox, flight->intent.record_type), raw, &scratch, &key);
	if (flight->intent.act == PLAN_UPDATE)
		outbox->push->update(flight->intent.record_type, body, raw, &merged);
	else
		str_add_bytes(&merged, flight->body.text, flight->body.len);
	snprintf(flight->intent.version, sizeof(flight->intent.version), "%s", key.version);
	flight->intent.merges++;
	flight->intent.envelope = 0;
	return intents_set_body(transaction, flight->intent.no, merged.text, merged.len, err) &&
	       take_mirror(&taking, flight->intent.record_type, raw, false, key.id, err) &&
	       take_state(&taking, flight, INTENT_QUEUED, outbox_now(outbox), "the record had moved on in other fields; sent once more", err) &&
	       outbox_commit(outbox, transaction, err);
}

bool outbox_merge(struct outbox *outbox, struct flight *flight, const struct error *refusal, struct error *err)
{
	AUTO(push_changes_clear) struct push_changes changes = { 0 };
	AUTO(str_clear) struct str base = STR_INIT(STR_NO_LIMIT);
	AUTO(page_clear) struct page page;
	struct json_slice body = { .text = flight->body.text, .len = flight->body.len, .kind = JSON_OBJECT };
	char field[80], why[200];
	struct link link;
	enum found found;
	bool linked;

	page_init(&page);
	flight->intent.error = *refusal;
	found = outbox_connect(outbox, err) ? read_now(outbox, &flight->intent, &page, err) : UNKNOWN_FOUND;
	if (found == UNKNOWN_FOUND)
		return save(outbox, flight, INTENT_RETRY, outbox_now(outbox) + 30000, "the record has moved on, and could not be read", NULL);
	if (found == ABSENT)
		return gone(outbox, flight, err);
	if (flight->intent.act == PLAN_VOID && is_voided(outbox, flight, page.records[0]))
		return confirm(outbox, flight, page.records[0], "it has been made void already", err);
	if (flight->intent.act == PLAN_UPDATE) {
		outbox->push->compare(flight->intent.record_type, body, page.records[0], &changes);
		if (changes.count == 0)
			return confirm(outbox, flight, page.records[0], "the record has become so already", err);
		if (!links_get(outbox->worker->store, outbox->account.id, flight->intent.resource, &link, &base, &linked, err))
			return false;
		if (base.len > 0 && is_contested(outbox, flight, &changes,
						 (struct json_slice){ .text = base.text, .len = base.len, .kind = JSON_OBJECT }, field)) {
			snprintf(why, sizeof(why), "somebody changed %s in the ledger meanwhile; plan it again and decide", field);
			return save(outbox, flight, INTENT_CONFLICT, OUTBOX_FAR_MS, why, err);
		}
	}
	if (flight->intent.merges > 0)
		return save(outbox, flight, INTENT_CONFLICT, OUTBOX_FAR_MS, "the record keeps moving on in the ledger; plan it again", err);
	return queue_merged(outbox, flight, page.records[0], err);
}

/* ---- the order of it */

/*
 * Claimed: no other thread looks at the same ones meanwhile. Those that another one has, or has settled, and those that are not
 * due yet, are left out.
 */
static bool claim(struct outbox *outbox, struct flights *flights, bool *all, struct error *err)
{
	AUTO(store_end) struct store *transaction = outbox->worker->store;
	struct taking taking = { .outbox = outbox, .transaction = transaction };
	int64_t now_ms = outbox_now(outbox);
	size_t kept = 0;
	bool found;

	if (!store_begin(transaction, err))
		return false;
	for (size_t i = 0; i < flights->count; i++) {
		struct flight *flight = &flights->items[i];

		if (!intents_get(transaction, flight->intent.no, &flight->intent, NULL, &found, err))
			return false;
		if (!found || flight->intent.state != INTENT_UNCERTAIN || flight->intent.next_ms > now_ms + TOGETHER_MS) {
			str_clear(&flight->body);
			*all = false;
			continue;
		}
		if (!take_state(&taking, flight, INTENT_UNCERTAIN, now_ms + CLAIM_MS, flight->intent.why, err))
			return false;
		if (kept < i)
			flights->items[kept] = *flight;
		kept++;
	}
	flights->count = kept;
	return outbox_commit(outbox, transaction, err);
}

/* Where the ledger doesn't know a key any more, what was carried out after all shows in a look: so one comes before each try. */
static bool look_at_all(struct outbox *outbox, struct flights *flights, bool *absents, size_t *ret_absent, struct error *err)
{
	*ret_absent = 0;
	if (!outbox_connect(outbox, err))
		return false;
	for (size_t i = 0; i < flights->count; i++) {
		struct flight *flight = &flights->items[i];

		absents[i] = false;
		if (!(flight->intent.act == PLAN_CREATE ? look_for_created : look_at_changed)(outbox, flight, &absents[i], err))
			return false;
		*ret_absent += absents[i];
	}
	return true;
}

/* Told as an attempt, also where the way to the ledger is barred. */
static bool look_told(struct outbox *outbox, struct flights *flights, bool *absents, size_t *ret_absent, struct error *err)
{
	struct outbox_telling telling;

	*ret_absent = 0;
	if (flights->count == 0)
		return true;
	if (!telling_start(&telling, outbox, "look", flights->items[0].intent.looks + 1, flights, err))
		return false;
	telling.absent = absents;
	return telling_look(&telling, flights, look_at_all(outbox, flights, absents, ret_absent, err), err);
}

bool outbox_look(struct outbox *outbox, const struct intent *intent, struct error *err)
{
	AUTO(flights_clear) struct flights flights = { 0 };
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
	bool all = false, fresh, absents[PUSH_ITEMS_MAX];
	struct envelope envelope = { 0 };
	size_t absent_count;

	if (intent->envelope ? !gather(outbox, intent->envelope, &flights, &all, err)
			     : !flights_add(&flights, outbox->worker->store, intent, err))
		return false;
	if (intent->envelope && !envelopes_get(outbox->worker->store, intent->envelope, &envelope, &body, err))
		return false;
	if (!claim(outbox, &flights, &all, err) || !look_told(outbox, &flights, absents, &absent_count, err))
		return false;
	/* What has left it is settled, or sent otherwise: the same bytes would carry it out once more. */
	all = all && flights.count == (size_t)envelope.members;
	fresh = (outbox->provider->can & PROVIDER_IDEMPOTENT) && envelope.sent_ms > 0 &&
		outbox_now(outbox) - envelope.sent_ms < setting_ms(outbox, "push.replay_window") && envelope.times < AGAIN_MAX;
	/* With one of them settled by itself the envelope as a whole is no question any more. */
	if (fresh && all && flights.count > 0 && absent_count == flights.count)
		return outbox_send_again(outbox, envelope.no, &flights, err);
	for (size_t i = 0; i < flights.count; i++)
		if (absents[i] && !absent(outbox, &flights.items[i], err))
			return false;
	return true;
}
