/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes over the line in a wave. Of each write: it is durable, of an applied plan, and under a key that always goes with the
 * same bytes; what the ledger really made of it, whether the answer arrives or not. Of tokens: none is used once a later one was
 * saved. Of calls: no more than the budget allows, at any moment. In the end: no token in any file.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"
#include "wave.h"

#define WINDOW 8
#define MASK_BITS 20

struct sent {
	char key[48];
	uint64_t hash;
};

struct known_intent {            /* a backup that comes back knows it no more */
	char id[INTENT_ID_MAX];
	int64_t resource;
	enum plan_act act;
};

struct pair {
	char *access, *refresh;      /* owned */
};

struct times {
	int64_t *items;              /* owned: of calls, ascending */
	size_t count, room;
};

struct wire {
	struct wave *wave;
	struct sent *sent;           /* owned, as all below */
	size_t sent_count, sent_room;
	struct known_intent *intents;
	size_t intent_count, intent_room;
	struct pair *pairs;
	size_t pair_count, pair_room;
	size_t prompt, saved;        /* the last of them that was answered at once, and the one that the store has; from 1, 0: older ones */
	int64_t generation;
	bool refused;                /* the newest refresh token was, just now */
	struct times calls, batches;
	int64_t odd_ms;              /* when something arrived that nobody sent just then */
};

/* ---- budget */

static void count_call(struct wire *wire, struct times *times, int64_t now_ms, int64_t span_ms, int64_t most, const char *what)
{
	size_t first = times->count;

	/* The budget counts in microseconds, the test's clock in milliseconds. */
	while (first > 0 && times->items[first - 1] > now_ms - span_ms * 99 / 100)
		first--;
	if ((int64_t)(times->count - first) >= most)
		wave_fail(wire->wave, "more than %lld %s within %lld ms", (long long)most, what, (long long)span_ms);
}

static void note_call(struct times *times, int64_t now_ms)
{
	memory_grow(&times->items, &times->room, times->count + 1, sizeof(*times->items));
	times->items[times->count++] = now_ms;
}

static void check_budget(struct wire *wire, const struct world_call *call, int64_t now_ms)
{
	const struct settings *settings = wire->wave->world->settings;

	if (wire->wave->unmetered)
		return;
	count_call(wire, &wire->calls, now_ms, 1000, settings_number(settings, "sync.per_second"), "calls");
	count_call(wire, &wire->calls, now_ms, 60000, settings_number(settings, "sync.per_minute"), "calls");
	note_call(&wire->calls, now_ms);
	if (!strstr(call->target, "/batch?"))
		return;
	count_call(wire, &wire->batches, now_ms, 60000, settings_number(settings, "sync.batches_per_minute"), "batches");
	note_call(&wire->batches, now_ms);
}

/* ---- tokens */

static char *text_of(const struct world_call *call, const char *member)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	if (json_check(call->answer->text, call->answer->len, NULL))
		json_unquote(json_find(call->answer->text, call->answer->len, member), &text);
	return memory_copy_text(text.text ? text.text : "");
}

static void look_at_store(struct wire *wire)
{
	struct account account;
	struct error err = { 0 };
	bool found;

	wave_must(wire->wave, accounts_get(wire->wave->world->store, wire->wave->account.id, &account, &found, &err), &err);
	if (account.generation > wire->generation)
		wire->saved = wire->prompt;
	wire->generation = account.generation;
}

/* Which pair it is of; 0: one from before. */
static size_t pair_of(const struct wire *wire, const char *token, size_t len, bool refresh)
{
	size_t i = wire->pair_count;

	for (; i > 0; i--) {
		const char *other = refresh ? wire->pairs[i - 1].refresh : wire->pairs[i - 1].access;

		if (strlen(other) == len && strncmp(other, token, len) == 0)
			break;
	}
	return i;
}

static void check_access(const struct wire *wire, const struct world_call *call)
{
	const char *token = call->authorization && strncmp(call->authorization, "Bearer ", 7) == 0 ? call->authorization + 7 : "";

	if (pair_of(wire, token, strlen(token), false) < wire->saved)
		wave_fail(wire->wave, "an access token was used once a later one was saved");
}

static void see_tokens(struct wire *wire, const struct world_call *call)
{
	const char *token = call->body ? strstr(call->body, "&refresh_token=") : NULL;

	/* The one before it is tried once, when the newest was refused. */
	if (token && !wire->refused && !call->late) {
		token += strlen("&refresh_token=");
		if (pair_of(wire, token, strcspn(token, "&"), true) < wire->saved)
			wave_fail(wire->wave, "a refresh token was used once a later one was saved");
	}
	/* A try that the ledger never got is made again. */
	if (call->status != 0)
		wire->refused = call->status >= 400 && call->status < 500;
	if (call->status != 200)
		return;
	memory_grow(&wire->pairs, &wire->pair_room, wire->pair_count + 1, sizeof(*wire->pairs));
	wire->pairs[wire->pair_count++] = (struct pair){ .access = text_of(call, "access_token"), .refresh = text_of(call, "refresh_token") };
	if (!call->late)
		wire->prompt = wire->pair_count;
}

/* ---- writes */

static const struct known_intent *known(const struct wire *wire, const char *id)
{
	for (size_t i = 0; i < wire->intent_count; i++)
		if (strcmp(wire->intents[i].id, id) == 0)
			return &wire->intents[i];
	return NULL;
}

/* Its plan was applied, and has it as a line that writes that. */
static void check_approved(const struct wire *wire, const struct intent *intent)
{
	AUTO(str_clear) struct str detail = STR_INIT(STR_NO_LIMIT), body = STR_INIT(STR_NO_LIMIT);
	struct store *store = wire->wave->world->store;
	struct plan_line line;
	struct plan plan;
	struct error err = { 0 };
	bool found;

	wave_must(wire->wave, plans_find(store, NULL, intent->plan, &plan, NULL, NULL, &err) &&
		  plans_line(store, intent->plan, intent->line, &line, &detail, &body, &found, &err), &err);
	if (plan.state != PLAN_APPLIED || !found || line.act != intent->act || line.resource != intent->resource)
		wave_fail(wire->wave, "%s %s is sent, and no applied plan says so", intent->record_type, intent->number);
}

static void check_item(struct wire *wire, const char *id, const char *key)
{
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
	struct store *store = wire->wave->world->store;
	struct envelope envelope;
	struct intent intent;
	struct error err = { 0 };
	bool found;

	wave_must(wire->wave, intents_by_id(store, id, &intent, &found, &err), &err);
	if (!found || intent.state != INTENT_SENDING)
		wave_fail(wire->wave, "%s is sent, and is not known as such", id);
	wave_must(wire->wave, envelopes_get(store, intent.envelope, &envelope, &body, &err), &err);
	if (strcmp(envelope.key, key) != 0)
		wave_fail(wire->wave, "%s %s is sent under another key than it was kept with", intent.record_type, intent.number);
	if (known(wire, id))
		return;
	check_approved(wire, &intent);
	memory_grow(&wire->intents, &wire->intent_room, wire->intent_count + 1, sizeof(*wire->intents));
	wire->intents[wire->intent_count] = (struct known_intent){ .resource = intent.resource, .act = intent.act };
	memcpy(wire->intents[wire->intent_count++].id, intent.id, sizeof(intent.id));
}

/* A key that comes again is answered as the first time, whatever has become of the record since. */
static bool is_answer_of_now(const struct wire *wire, const struct document *document, struct json_slice record)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT), version = STR_INIT(RECORD_VERSION_MAX - 1);
	struct json_slice now;

	json_unquote(json_member(record, "SyncToken"), &version);
	return wave_record(wire->wave, document, &out, &now) && json_equals(json_member(now, "SyncToken"), version.text);
}

/* What the ledger has really done. */
static void note_effect(struct wire *wire, const struct known_intent *intent, struct json_slice record)
{
	struct document *document = wave_document(wire->wave, intent->resource);
	AUTO(str_clear) struct str id = STR_INIT(RECORD_ID_MAX - 1);

	json_unquote(json_member(record, "Id"), &id);
	if (intent->act == PLAN_VOID) {
		document->removed = true;
		return;
	}
	if (intent->act == PLAN_UPDATE) {
		if (!is_answer_of_now(wire, document, record))
			return;
		/* It may be in other fields; in the same one it may not be, unless ours was chosen. */
		wave_check_theirs(wire->wave, document, record);
		document->theirs[0] = '\0';
		return;
	}
	if (*document->id && !document->removed && strcmp(document->id, id.text) != 0)
		wave_fail(wire->wave, "%s %s is in the ledger twice, as %s and %s", kind_rows[document->kind].record, document->number,
			  document->id, id.text);
	if (strcmp(document->id, id.text) != 0) {
		memcpy(document->id, id.text, id.len + 1);
		/* What others wrote into the one before went with it, when it was deleted. */
		document->foreign[0] = document->theirs[0] = '\0';
		document->removed = false;
	}
}

static void see_batch(struct wire *wire, const struct world_call *call, const char *key)
{
	struct json_slice items = json_find(call->body, call->body_len, "BatchItemRequest"), item, name, value;
	size_t at = 0;

	while (!call->late && json_each(items, &at, NULL, &item)) {
		AUTO(str_clear) struct str id = STR_INIT(80);

		json_unquote(json_member(item, "bId"), &id);
		check_item(wire, id.text, key);
	}
	if (call->status != 200 || !json_check(call->answer->text, call->answer->len, NULL))
		return;
	items = json_find(call->answer->text, call->answer->len, "BatchItemResponse");
	for (at = 0; items.kind == JSON_ARRAY && json_each(items, &at, NULL, &item);) {
		AUTO(str_clear) struct str id = STR_INIT(80);

		json_unquote(json_member(item, "bId"), &id);
		for (size_t member = 0; json_each(item, &member, &name, &value);)
			if (value.kind == JSON_OBJECT && json_member(value, "Id").kind == JSON_STRING && known(wire, id.text))
				note_effect(wire, known(wire, id.text), value);
	}
}

/* Making void goes alone, and says which by the record's id. */
static void see_void(struct wire *wire, const struct world_call *call)
{
	AUTO(str_clear) struct str id = STR_INIT(80);
	bool payment = strstr(call->target, "/payment?") != NULL;

	json_unquote(json_find(call->body, call->body_len, "Id"), &id);
	for (size_t i = 0; call->status == 200 && i < wire->wave->count; i++) {
		struct document *document = &wire->wave->documents[i];

		if ((document->kind == KIND_PAYMENT) == payment && (payment || document->kind == KIND_INVOICE) &&
		    strcmp(document->id, id.text) == 0)
			document->removed = true;
	}
}

/* One key, one body. */
static void check_key(struct wire *wire, const struct world_call *call, const char *key)
{
	uint64_t hash = hash_bytes(call->body, call->body_len);

	for (size_t i = 0; i < wire->sent_count; i++) {
		if (strcmp(wire->sent[i].key, key) != 0)
			continue;
		if (wire->sent[i].hash != hash)
			wave_fail(wire->wave, "a key is sent with other bytes than before");
		return;
	}
	memory_grow(&wire->sent, &wire->sent_room, wire->sent_count + 1, sizeof(*wire->sent));
	wire->sent[wire->sent_count].hash = hash;
	snprintf(wire->sent[wire->sent_count++].key, sizeof(wire->sent->key), "%s", key);
}

static void see_write(struct wire *wire, const struct world_call *call)
{
	const char *at = strstr(call->target, "requestid=");
	char key[48];

	if (!at)
		wave_fail(wire->wave, "a write without a key: %s", call->target);
	at += strlen("requestid=");
	snprintf(key, sizeof(key), "%.*s", (int)strcspn(at, "&"), at);
	check_key(wire, call, key);
	if (strstr(call->target, "/batch?"))
		see_batch(wire, call, key);
	else
		see_void(wire, call);
}

static void see(void *ctx, const struct world_call *call)
{
	struct wire *wire = ctx;
	int64_t now_ms = atomic_load(&wire->wave->world->shared->now_ms);

	look_at_store(wire);
	if (call->late)
		wire->odd_ms = now_ms;
	if (strncmp(call->target, "/v3/", 4) != 0) {
		see_tokens(wire, call);
		return;
	}
	if (!call->late) {
		check_budget(wire, call, now_ms);
		check_access(wire, call);
		if (call->status == 429 && now_ms - wire->odd_ms > 60000)
			wave_fail(wire->wave, "the ledger has had too many calls");
	}
	if (strcmp(call->method, "POST") == 0 && !strstr(call->target, "/query"))
		see_write(wire, call);
}

struct wire *wire_new(struct wave *wave)
{
	struct wire *wire = memory_new(sizeof(*wire));

	*wire = (struct wire){ .wave = wave, .generation = wave->account.generation, .odd_ms = INT64_MIN / 2 };
	wave->world->tap = see;
	wave->world->tap_ctx = wire;
	return wire;
}

void wire_free(struct wire *wire)
{
	wire->wave->world->tap = NULL;
	for (size_t i = 0; i < wire->pair_count; i++) {
		free(wire->pairs[i].access);
		free(wire->pairs[i].refresh);
	}
	free(wire->pairs);
	free(wire->sent);
	free(wire->intents);
	free(wire->calls.items);
	free(wire->batches.items);
	free(wire);
}

/* ---- secrets */

struct search {
	unsigned char *mask;         /* owned: a bit for each window there may be */
	struct str forms;            /* owned: of all secrets, as they may be written */
};

static size_t place_of(const char *window)
{
	uint64_t number;

	memcpy(&number, window, sizeof(number));
	return (size_t)((number * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - MASK_BITS));
}

static void add_form(struct search *search, const char *text, size_t len)
{
	for (size_t i = 0; i + WINDOW <= len; i++)
		search->mask[place_of(text + i) / 8] |= (unsigned char)(1u << place_of(text + i) % 8);
	str_add_bytes(&search->forms, text, len);
	str_add_char(&search->forms, '\n');
}

/* As it is, in hexadecimal, and in base64 from each of three places on. */
static void add_secret(struct search *search, const char *text)
{
	AUTO(str_clear) struct str hex = STR_INIT(STR_NO_LIMIT);
	size_t len = strlen(text);

	add_form(search, text, len);
	for (size_t i = 0; i < len; i++)
		str_addf(&hex, "%02x", (unsigned)(unsigned char)text[i]);
	add_form(search, hex.text, hex.len);
	for (size_t shift = 0; shift < 3 && shift < len; shift++) {
		AUTO(str_clear) struct str base64 = STR_INIT(STR_NO_LIMIT);

		digest_add_base64url(&base64, text + shift, len - shift);
		add_form(search, base64.text, base64.len);
	}
}

static void search_file(const struct wave *wave, const struct search *search, const char *name)
{
	AUTO(str_clear) struct str path = STR_INIT(400);
	struct stat info;
	char *bytes;
	int fd;

	str_addf(&path, "%s/%s", wave->world->directory, name);
	fd = open(path.text, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &info) < 0 || !S_ISREG(info.st_mode) || info.st_size < WINDOW) {
		close(fd);
		return;
	}
	bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (bytes == MAP_FAILED)
		wave_fail(wave, "'%s' cannot be read", path.text);
	for (off_t i = 0; i + WINDOW <= info.st_size; i++) {
		size_t place = place_of(bytes + i);

		if ((search->mask[place / 8] >> place % 8 & 1) && memmem(search->forms.text, search->forms.len, bytes + i, WINDOW))
			wave_fail(wave, "a secret stands in '%s', at byte %lld", path.text, (long long)i);
	}
	munmap(bytes, (size_t)info.st_size);
}

void wire_search_secrets(const struct wave *wave)
{
	struct search search = { .mask = memory_new((size_t)1 << (MASK_BITS - 3)), .forms = STR_INIT(STR_NO_LIMIT) };
	DIR *directory = opendir(wave->world->directory);
	struct dirent *entry;

	add_secret(&search, "simulator-secret");
	for (size_t i = 0; i < wave->wire->pair_count; i++) {
		add_secret(&search, wave->wire->pairs[i].access);
		add_secret(&search, wave->wire->pairs[i].refresh);
	}
	while (directory && (entry = readdir(directory)) != NULL)
		search_file(wave, &search, entry->d_name);
	if (directory)
		closedir(directory);
	free(search.mask);
	str_clear(&search.forms);
}
