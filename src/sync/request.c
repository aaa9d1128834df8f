/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far sync requests have come, and what plans heed of them. */
#include "ledgerdeck/sync/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "ledgerdeck/sync/link.h"
#include "plan.h"

static const char *const standing_words[] = {
	[MEMBER_DONE] = "done",   [MEMBER_READY] = "ready",     [MEMBER_SENT] = "sent",
	[MEMBER_WAITS] = "waits", [MEMBER_REFUSED] = "refused",
};
_Static_assert(ARRAY_LEN(standing_words) == MEMBER_COUNT, "a word for each standing");

const char *request_standing_word(enum request_standing standing)
{
	return standing_words[standing];
}

/* ---- the method */

/* It was there before, or something else than this request has made it. A record that was chosen for it since is an answer to it. */
static bool is_there_already(const struct request *request, const struct link *link, int64_t revision)
{
	bool is_chosen = strcmp(link->how, "assigned") == 0 || strcmp(link->how, "found") == 0;

	return link->at_ms < request->made_ms || (link->revision < revision && !is_chosen);
}

/* Why its root can't be done as it was asked for; NULL: it can. */
static const char *refusal(const struct request *request, const struct link *link, int64_t revision)
{
	if (request->method == IMPORT_UPDATE && !link)
		return "it is to be updated, and is not in the ledger: 'ledgerdeck link' says which record it is";
	if (request->method == IMPORT_CREATE && link && is_there_already(request, link, revision))
		return "it is to be created, and is in the ledger already";
	return NULL;
}

static const struct request *held_by(struct planner *planner)
{
	if (!planner->asked_failed) {
		planner->asked_failed = true;
		requests_failed(planner->store, planner->organization, &planner->failed, &planner->has_failed, &planner->error);
	}
	return planner->has_failed ? &planner->failed : NULL;
}

static bool rule(struct plan_line *line, enum plan_act act, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool rule(struct plan_line *line, enum plan_act act, const char *format, ...)
{
	va_list args;

	line->act = act;
	line->reason = REASON_REQUEST;
	va_start(args, format);
	vsnprintf(line->why, sizeof(line->why), format, args);
	va_end(args);
	return true;
}

bool plan_request(struct planner *planner, const struct resource *resource, const struct link *link, struct plan_line *line,
		  bool *ret_only_find)
{
	const struct request *failed;
	struct request request;
	int64_t revision;
	bool found;

	*ret_only_find = false;
	if (!requests_of(planner->store, resource->no, resource->revision, &request, &revision, &found, &planner->error) || !found ||
	    request.status == REQUEST_SUCCEEDED)
		return false;
	if (request.status == REQUEST_SKIPPED)
		return rule(line, PLAN_SKIP, "its sync request %s was skipped", request.id);
	if (request.status == REQUEST_FAILED)
		return rule(line, PLAN_BLOCKED, "its sync request %s has failed: retry or skip it", request.id);
	failed = held_by(planner);
	if (failed && failed->position < request.position)
		return rule(line, PLAN_BLOCKED, "sync request %s before it has failed and holds the queue: retry or skip that", failed->id);
	if (request.resource != resource->no)
		return false;
	if (request.method == IMPORT_FIND && link)
		return rule(line, PLAN_SAME, "its sync request %s only finds it", request.id);
	*ret_only_find = request.method == IMPORT_FIND;
	return refusal(&request, link, revision) && rule(line, PLAN_BLOCKED, "%s", refusal(&request, link, revision));
}

bool plan_unfound(struct plan_line *line)
{
	return rule(line, PLAN_BLOCKED, "its sync request only finds it, and it is not in the ledger: 'ledgerdeck link' says which record it is");
}

/* ---- looking at one */

struct look {
	struct store *store;
	const struct catalogue *catalogue;
	const struct request *request;
	const struct env *env;
	struct request_member *members; /* owned */
	size_t count;
	struct request_part *parts;  /* owned: one for each member, in one account */
	int64_t *left;               /* owned: members that a plan has to say more of */
	size_t left_count;
	enum request_standing worst;
	char message[240];           /* of the first of the worst */
};

static void look_clear(struct look *look)
{
	free(look->members);
	free(look->parts);
	free(look->left);
}

static void stand(struct request_part *part, enum request_standing standing, const char *why)
{
	part->standing = standing;
	snprintf(part->why, sizeof(part->why), "%s", why);
}

/* What its newest intent says; false: nothing that counts. */
static bool judge_intent(struct look *look, struct request_part *part, bool *ret_told, struct error *err)
{
	struct intent newest;
	const struct intent *intent = &newest;
	bool bad, since;

	*ret_told = false;
	if (!intents_newest(look->store, part->account->id, part->resource.no, &newest, err))
		return false;
	bad = intent->state == INTENT_REJECTED || intent->state == INTENT_CONFLICT || intent->state == INTENT_DEAD;
	/* What was refused before it was retried counts no more. */
	since = look->request->status == REQUEST_FAILED || intent->since_ms >= look->request->changed_ms;
	if (!intent->no || (!intent_is_open(intent->state) && !(bad && since)))
		return true;
	*ret_told = true;
	snprintf(part->why, sizeof(part->why), "its write is %s%s%.180s", intent_state_phrase(intent_shown(intent)),
		 *intent_reason(intent) ? ": " : "", intent_reason(intent));
	part->standing = bad ? MEMBER_REFUSED : MEMBER_SENT;
	return true;
}

static bool judge(struct look *look, struct request_part *part, struct error *err)
{
	const struct request *request = look->request;
	struct link link;
	const char *why;
	bool found, linked, told;

	if (!links_get(look->store, part->account->id, part->resource.no, &link, NULL, &found, err))
		return false;
	linked = found && *link.record_id;
	if (linked) {
		snprintf(part->record_type, sizeof(part->record_type), "%s", link.record_type);
		snprintf(part->record_id, sizeof(part->record_id), "%s", link.record_id);
	}
	why = part->is_root ? refusal(request, linked ? &link : NULL, part->revision) : NULL;
	if (why) {
		stand(part, MEMBER_REFUSED, why);
		return true;
	}
	if (linked && (link.revision >= part->revision || (part->is_root && request->method == IMPORT_FIND))) {
		stand(part, MEMBER_DONE, "");
		return true;
	}
	if (!judge_intent(look, part, &told, err))
		return false;
	if (!told)
		look->left[look->left_count++] = part->resource.no;
	return true;
}

static int by_number(const void *a, const void *b)
{
	const int64_t *one = a, *other = b;

	return *one < *other ? -1 : *one > *other;
}

static int by_resource(const void *number, const void *part)
{
	return by_number(number, &((const struct request_part *)part)->resource.no);
}

/* Members come by their numbers. NULL: the planner was not asked about it. */
static struct request_part *part_of(const struct look *look, int64_t resource)
{
	if (!bsearch(&resource, look->left, look->left_count, sizeof(*look->left), by_number))
		return NULL;
	return bsearch(&resource, look->parts, look->count, sizeof(*look->parts), by_resource);
}

static bool take_line(void *ctx, const struct plan_line *line, struct error *err)
{
	struct request_part *part = part_of(ctx, line->resource);

	(void)err;
	if (!part)
		return true;
	if (line->reason == REASON_BUSY)
		stand(part, MEMBER_SENT, line->why);
	else if (line->act == PLAN_SAME || line->act == PLAN_SKIP)
		stand(part, MEMBER_DONE, line->act == PLAN_SKIP ? line->why : "");
	else if (!plan_act_waits(line->act))
		stand(part, MEMBER_READY, "the next plan writes it");
	else
		stand(part, line->reason == REASON_REQUEST ? MEMBER_REFUSED : MEMBER_WAITS, line->why);
	return true;
}

/* Those of which neither links nor intents say enough: what would a plan do with them? */
static bool ask_planner(struct look *look, const struct account *account, struct error *err)
{
	AUTO(planner_close) struct planner planner = { 0 };
	struct push_wish wish = { .account_id = account->id, .resources = look->left, .resource_count = look->left_count, .all_lines = true,
				  .who = "", .env = *look->env };
	struct error why = { 0 };

	if (look->left_count == 0)
		return true;
	if (planner_open(&planner, look->store, look->catalogue, &wish, &why)) {
		planner.line = take_line;
		planner.ctx = look;
		return planner_run(&planner, err);
	}
	if (why.code != ERROR_INPUT) {
		*err = why;
		return false;
	}
	for (size_t i = 0; i < look->left_count; i++)
		stand(part_of(look, look->left[i]), MEMBER_WAITS, why.text);
	return true;
}

static void note_worst(struct look *look, const struct request_part *part)
{
	if (part->standing <= look->worst)
		return;
	look->worst = part->standing;
	snprintf(look->message, sizeof(look->message), "%s '%.60s' in '%.40s': %.110s", part->resource.type->title, part->resource.external_id,
		 part->account->name, part->why);
}

static bool look_in(struct look *look, const struct account *account, struct error *err)
{
	look->left_count = 0;
	for (size_t i = 0; i < look->count; i++) {
		struct request_part *part = &look->parts[i];

		*part = (struct request_part){ .revision = look->members[i].revision, .account = account,
					       .is_root = look->members[i].resource == look->request->resource };
		if (!resources_by_no(look->store, look->members[i].resource, &part->resource, NULL, err) || !judge(look, part, err))
			return false;
	}
	return ask_planner(look, account, err);
}

/* Accounts of the organization that are connected, one way or another. */
static bool accounts_of(struct store *store, const char *organization, struct account_list *ret_list, struct error *err)
{
	char owner[RESOURCE_ID_MAX];
	size_t kept = 0;

	if (!accounts_all(store, ret_list, err))
		return false;
	for (size_t i = 0; i < ret_list->count; i++) {
		if (!organization_of_account(store, ret_list->items[i].id, owner, err))
			return false;
		if (ret_list->items[i].state != ACCOUNT_DISCONNECTED && strcmp(owner, organization) == 0)
			ret_list->items[kept++] = ret_list->items[i];
	}
	ret_list->count = kept;
	return true;
}

static void conclude(const struct look *look, struct request *ret_request)
{
	static const enum request_status statuses[MEMBER_COUNT] = {
		[MEMBER_DONE] = REQUEST_SUCCEEDED, [MEMBER_READY] = REQUEST_QUEUED,   [MEMBER_SENT] = REQUEST_QUEUED,
		[MEMBER_WAITS] = REQUEST_BLOCKED,  [MEMBER_REFUSED] = REQUEST_FAILED,
	};

	*ret_request = *look->request;
	ret_request->status = statuses[look->worst];
	snprintf(ret_request->message, sizeof(ret_request->message), "%s", look->message);
}

static bool look_at(struct store *store, const struct catalogue *catalogue, const struct request *request, const struct env *env,
		    const struct account_list *accounts, void (*each)(void *ctx, const struct request_part *part), void *ctx,
		    struct request *ret_request, struct error *err)
{
	AUTO(look_clear) struct look look = { .store = store, .catalogue = catalogue, .request = request, .env = env };

	if (!requests_members(store, request->position, &look.members, &look.count, err))
		return false;
	look.parts = memory_new((look.count + 1) * sizeof(*look.parts));
	look.left = memory_new((look.count + 1) * sizeof(*look.left));
	for (size_t i = 0; i < accounts->count; i++) {
		if (!look_in(&look, &accounts->items[i], err))
			return false;
		for (size_t k = 0; k < look.count; k++) {
			note_worst(&look, &look.parts[k]);
			if (each)
				each(ctx, &look.parts[k]);
		}
	}
	if (ret_request)
		conclude(&look, ret_request);
	return true;
}

bool request_look(struct store *store, const struct catalogue *catalogue, const struct request *request, const struct env *env,
		  void (*each)(void *ctx, const struct request_part *part), void *ctx, struct request *ret_request, struct error *err)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };

	return accounts_of(store, request->organization, &accounts, err) &&
	       look_at(store, catalogue, request, env, &accounts, each, ctx, ret_request, err);
}

/* ---- bringing statuses up to date */

#define PORTION 200

/* Whoever was faster, a person who skips it say, is right. */
static bool save_one(struct store *store, const struct request *before, struct request *after, int64_t now_ms, struct error *err)
{
	struct request now;
	bool found;

	if (before->status == after->status && strcmp(before->message, after->message) == 0)
		return true;
	if (!requests_get(store, before->position, &now, &found, err))
		return false;
	if (!found || now.status != before->status || now.changed_ms != before->changed_ms)
		return true;
	if (before->status != after->status)
		after->changed_ms = now_ms;
	return requests_save(store, after, err);
}

static bool save_all(struct store *store, const struct request *before, struct request *after, size_t count, int64_t now_ms,
		     struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	bool good;

	if (count == 0)
		return true;
	good = store_begin(transaction, err);
	for (size_t i = 0; good && i < count; i++)
		good = save_one(transaction, &before[i], &after[i], now_ms, err);
	return good && store_commit(transaction, err);
}

/* Up to the first that is not done. False in `ret_more`: there it stands. */
static bool review_portion(struct store *store, const struct catalogue *catalogue, const struct request *open, size_t count,
			   const struct env *env, const struct account_list *accounts, bool *ret_more, struct error *err)
{
	AUTO(memory_freep) struct request *after = memory_new((count + 1) * sizeof(*after));
	size_t done = 0;
	bool good = true;

	*ret_more = count > 0;
	while (good && *ret_more && done < count) {
		*ret_more = open[done].status != REQUEST_FAILED;
		if (!*ret_more)
			break;
		good = look_at(store, catalogue, &open[done], env, accounts, NULL, NULL, &after[done], err);
		*ret_more = good && after[done].status == REQUEST_SUCCEEDED;
		done += good;
	}
	return save_all(store, open, after, done, env->wall_ms(env->ctx), good ? err : NULL) && good;
}

static bool review(struct store *store, const struct catalogue *catalogue, const char *organization, const struct env *env,
		   struct error *err)
{
	AUTO(memory_freep) struct request *open = memory_new(PORTION * sizeof(*open));
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	int64_t after = 0;
	size_t count;
	bool more;

	if (!requests_open(store, organization, 0, open, 1, &count, err))
		return false;
	more = count > 0;
	if (more && !accounts_of(store, organization, &accounts, err))
		return false;
	while (more) {
		if (!requests_open(store, organization, after, open, PORTION, &count, err) ||
		    !review_portion(store, catalogue, open, count, env, &accounts, &more, err))
			return false;
		if (count > 0)
			after = open[count - 1].position;
	}
	return true;
}

struct organizations {
	char (*ids)[RESOURCE_ID_MAX]; /* owned */
	size_t count, room;
};

static bool note_organization(void *ctx, const struct organization *organization)
{
	struct organizations *all = ctx;

	memory_grow(&all->ids, &all->room, all->count + 1, sizeof(*all->ids));
	memcpy(all->ids[all->count++], organization->id, RESOURCE_ID_MAX);
	return true;
}

bool requests_review(struct store *store, const struct catalogue *catalogue, const char *organization, const struct env *env,
		     struct error *err)
{
	struct organizations all = { .count = 0 };
	bool good;

	if (organization)
		return review(store, catalogue, organization, env, err);
	good = organizations_all(store, note_organization, &all, err);
	for (size_t i = 0; good && i < all.count; i++)
		good = review(store, catalogue, all.ids[i], env, err);
	free(all.ids);
	return good;
}

/* ---- what a person, or the request itself, says */

static bool confirm_member(struct store *store, const char *account_id, int64_t resource, const char *who, int64_t now_ms,
			   struct error *err)
{
	struct decision decision = { .what = "create", .about = LINK_APPROVAL, .at_ms = now_ms }, before;
	struct link link;
	bool found, decided;

	if (!links_get(store, account_id, resource, &link, NULL, &found, err) ||
	    !decisions_get(store, account_id, resource, LINK_APPROVAL, &before, &decided, err))
		return false;
	/* What a person has decided goes before. */
	if ((found && *link.record_id) || decided)
		return true;
	snprintf(decision.who, sizeof(decision.who), "%s", who);
	return decisions_put(store, account_id, resource, &decision, err);
}

bool request_confirm(struct store *store, const struct request *request, const struct request_member *members, size_t count,
		     const char *who, struct error *err)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };

	if (!accounts_of(store, request->organization, &accounts, err))
		return false;
	for (size_t i = 0; i < accounts.count; i++)
		for (size_t k = 0; k < count; k++)
			if (!confirm_member(store, accounts.items[i].id, members[k].resource, who, request->made_ms, err))
				return false;
	return true;
}

static bool change(struct store *store, struct request *request, enum request_status status, const char *verb, const char *who,
		   int64_t now_ms, struct error *err)
{
	const char *before = request_status_word(request->status);

	request->status = status;
	request->changed_ms = now_ms;
	request->message[0] = '\0';
	return requests_save(store, request, err) && audit_add(store, who, verb, "", before, request->id, now_ms, err) &&
	       store_commit(store, err);
}

bool request_retry(struct store *store, const char *id, const char *who, int64_t now_ms, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct request request;

	if (!store_begin(transaction, err) || !requests_find(transaction, id, &request, err))
		return false;
	if (request.status != REQUEST_FAILED)
		return error_set(err, ERROR_CONFLICT, "sync request %s is %s; it must have failed to be retried", request.id,
				 request_status_word(request.status));
	return change(transaction, &request, REQUEST_QUEUED, "retry request", who, now_ms, err);
}

bool request_skip(struct store *store, const char *id, const char *who, int64_t now_ms, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct request request;

	if (!store_begin(transaction, err) || !requests_find(transaction, id, &request, err))
		return false;
	if (!request_is_open(request.status))
		return error_set(err, ERROR_CONFLICT, "sync request %s has already %s; it can't be skipped", request.id,
				 request.status == REQUEST_SKIPPED ? "been skipped" : "succeeded");
	return change(transaction, &request, REQUEST_SKIPPED, "skip request", who, now_ms, err);
}
