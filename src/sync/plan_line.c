/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What becomes of one resource in one account. The order of the questions: may it be written at all, is it in the ledger already,
 * has either side changed, does something in the ledger look like it, is anything in the way. The first answer that holds is
 * the line's; a person's decision answers a question for as long as it is the same one.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"
#include "plan_line.h"

#define CHANGES_SHOWN 200

static void work_clear(struct line_work *work)
{
	str_clear(&work->data);
	str_clear(&work->base);
	str_clear(&work->body);
	str_clear(&work->detail);
	str_clear(&work->changes);
	translation_clear(&work->translation);
	bench_clear(&work->bench);
}

bool line_settle(struct line_work *work, enum plan_act act, enum plan_reason reason, const char *format, ...)
{
	va_list args;

	work->line.act = act;
	work->line.reason = reason;
	va_start(args, format);
	vsnprintf(work->line.why, sizeof(work->line.why), format, args);
	va_end(args);
	return true;
}

const char *line_decision(struct line_work *work, const char *format, ...)
{
	struct planner *planner = work->planner;
	bool found = false;
	va_list args;

	va_start(args, format);
	vsnprintf(work->about, sizeof(work->about), format, args);
	va_end(args);
	decisions_get(planner->store, planner->account.id, work->resource.no, work->about, &work->decision, &found, &planner->error);
	return found ? work->decision.what : NULL;
}

void line_number(const struct line_work *work, char *out)
{
	const struct policies *policies = &work->planner->policies;
	AUTO(str_clear) struct str number = STR_INIT(STR_NO_LIMIT);
	struct likeness there = { 0 };
	bool document = work->resource.type->family == FAMILY_DOCUMENT && !policy_is(policies, POLICY_NUMBERING, "ledger");

	if (document && work->translation.body.len > 0)
		work->planner->push->likeness(work->record_type, line_body(work), &there);
	else if (document && work->known && work->known->raw)
		work->planner->push->likeness(work->record_type, plan_slice(work->known), &there);
	policy_number(policies, work->resource.type, work->resource.summary.number, &number);
	snprintf(out, sizeof(there.number), "%.63s", *there.number ? there.number : number.text);
}

struct json_slice line_data(const struct line_work *work)
{
	return (struct json_slice){ .text = work->data.text, .len = work->data.len, .kind = JSON_OBJECT };
}

struct json_slice line_body(const struct line_work *work)
{
	return (struct json_slice){ .text = work->translation.body.text, .len = work->translation.body.len, .kind = JSON_OBJECT };
}

static struct json_slice slice(const struct str *text)
{
	return (struct json_slice){ .text = text->text, .len = text->len, .kind = JSON_OBJECT };
}

/* ---- may it be written? */

static bool is_left_out(struct line_work *work)
{
	const struct policies *policies = &work->planner->policies;
	const struct resource_summary *summary = &work->resource.summary;
	struct intent intent;
	struct date day;
	bool found;

	if (policy_is(policies, POLICY_DIRECTION, "pull"))
		return line_settle(work, PLAN_SKIP, REASON_DIRECTION, "nothing is written to this account (direction is pull)");
	if (!work->record_type)
		return line_settle(work, PLAN_BLOCKED, REASON_UNFIT, "%s has no %s", work->planner->provider->title, work->resource.type->titles);
	if (summary->has_date && policy_day(policies, POLICY_GO_LIVE, &day) && summary->date.day < day.day && !work->has_link)
		return line_settle(work, PLAN_SKIP, REASON_GO_LIVE, "dated before the account went live (%s)", policies->values[POLICY_GO_LIVE]);
	if (!intents_open(work->planner->store, work->planner->account.id, work->resource.no, &intent, &found, &work->planner->error))
		return true;
	if (found && (intent.state == INTENT_SENDING || intent.state == INTENT_UNCERTAIN))
		return line_settle(work, PLAN_SKIP, REASON_BUSY, "an earlier write of it is %s", intent_state_phrase(intent.state));
	/* A person may plan past a pause; what pushes by itself may not. */
	if (found && *intent.pause && strcmp(work->planner->wish->who, PUSH_ENGINE) == 0)
		return line_settle(work, PLAN_BLOCKED, REASON_BUSY, "an earlier write of it is %s", intent_state_phrase(INTENT_PAUSED));
	return false;
}

void line_check_closed(struct line_work *work)
{
	const struct planner *planner = work->planner;
	const struct resource_summary *summary = &work->resource.summary;
	const char *decision;

	if (!summary->has_date || !planner->company.has_close || summary->date.day > planner->company.close.day)
		return;
	work->closed = true;
	work->dated.day = planner->company.close.day + 1;
	decision = line_decision(work, "closed:%d", (int)planner->company.close.day);
	work->is_dated = policy_is(&planner->policies, POLICY_CLOSED, "first-open-day") ||
			 (decision && strcmp(decision, "first-open-day") == 0);
}

/* What takes an invoice back comes to what that is in the ledger, or something is left of it. */
static void check_credit(struct line_work *work)
{
	struct translation *translation = &work->translation;
	char ours[DECIMAL_TEXT_MAX], theirs[DECIMAL_TEXT_MAX];
	struct decimal total;

	if (!translation->has_total || !plan_credited_total(work->planner, &work->resource, &total) ||
	    decimal_compare(total, translation->total) == 0)
		return;
	translation_obstacle(translation, REASON_TOTAL, "the credit note comes to %s, and the invoice that it takes back is %s in the ledger",
			     decimal_format(decimal_money(translation->total), ours), decimal_format(decimal_money(total), theirs));
}

static void translate(struct line_work *work)
{
	struct planner *planner = work->planner;
	struct desk desk = { .company = &planner->company, .policies = &planner->policies, .code = desk_code, .rate = desk_rate, .record = desk_record,
			     .ctx = &work->bench, .own_tax = work->own_tax };
	bool document = work->resource.type->family == FAMILY_DOCUMENT;

	work->bench.planner = planner;
	work->bench.type = work->resource.type;
	work->bench.translation = &work->translation;
	line_check_closed(work);
	if (work->is_dated)
		desk.dated = &work->dated;
	if (work->known && work->known->raw)
		desk.stands = plan_slice(work->known);
	planner->push->translate(&desk, work->resource.type, line_data(work), document ? work->resource.id : NULL, &work->translation);
	if (!work->has_link)
		check_credit(work);
}

/* ---- what stands in the way */

static const struct obstacle *first_obstacle(const struct translation *translation, bool of_tax)
{
	for (size_t i = 0; i < translation->obstacle_count; i++)
		if ((translation->obstacles[i].reason == REASON_TAX) == of_tax)
			return &translation->obstacles[i];
	return NULL;
}

/* A person has accepted the ledger's tax, and the total that comes of it. */
static void accept_tax(struct translation *translation)
{
	size_t kept = 0;

	for (size_t i = 0; i < translation->obstacle_count; i++)
		if (translation->obstacles[i].reason == REASON_TAX)
			str_addf(&translation->notes, "accepted: %s\n", translation->obstacles[i].text);
		else
			translation->obstacles[kept++] = translation->obstacles[i];
	translation->obstacle_count = kept;
}

/* A person wants our tax to stand there: the document is translated once more, for that. False: the ledger takes none. */
static bool keep_tax(struct line_work *work)
{
	work->own_tax = true;
	translation_reset(&work->translation);
	translate(work);
	return !first_obstacle(&work->translation, true);
}

/* The ledger computes another tax: a person accepts these very figures, has ours written, or leaves the document out. */
static bool is_taxed_otherwise(struct line_work *work)
{
	const struct obstacle *tax = first_obstacle(&work->translation, true), *other;
	const char *decision;

	if (!tax)
		return false;
	decision = line_decision(work, TAX_ABOUT "%.110s", tax->text);
	if (decision && strcmp(decision, "ours") == 0 && keep_tax(work))
		return false;
	tax = first_obstacle(&work->translation, true);
	other = first_obstacle(&work->translation, false);
	if (decision && strcmp(decision, "skip") == 0)
		return line_settle(work, PLAN_SKIP, REASON_TAX, "left out by a person: %s", tax->text);
	if (decision && strcmp(decision, "accept") == 0) {
		accept_tax(&work->translation);
		return false;
	}
	if (!policy_is(&work->planner->policies, POLICY_TAX_VARIANCE, "ask"))
		return false;
	/* What is no question is put right first. */
	return other ? line_settle(work, PLAN_BLOCKED, other->reason, "%s", other->text) : line_settle(work, PLAN_DECIDE, REASON_TAX, "%s", tax->text);
}

/* Its first obstacle is the line's reason; all of them stand in its detail. */
bool line_is_obstructed(struct line_work *work)
{
	const struct translation *translation = &work->translation;
	const struct obstacle *first = &translation->obstacles[0];
	const char *decision;
	char day[DATE_TEXT_MAX];

	if (work->closed && !work->is_dated) {
		date_format(work->planner->company.close, day);
		decision = line_decision(work, "closed:%d", (int)work->planner->company.close.day);
		if (decision && strcmp(decision, "skip") == 0)
			return line_settle(work, PLAN_SKIP, REASON_CLOSED, "left out by a person: the books are closed to %s", day);
		return line_settle(work, policy_is(&work->planner->policies, POLICY_CLOSED, "ask") ? PLAN_DECIDE : PLAN_BLOCKED, REASON_CLOSED,
			      "the books are closed to %s", day);
	}
	if (is_taxed_otherwise(work))
		return true;
	if (translation->obstacle_count == 0)
		return false;
	return line_settle(work, PLAN_BLOCKED, first->reason, "%s", first->text);
}

/* ---- it is in the ledger already */

static void add_change(struct line_work *work, const struct push_change *change)
{
	struct str *out = &work->changes;

	if (out->len > 0)
		str_add_char(out, ',');
	str_add(out, "{\"field\":");
	str_add_json(out, change->field, strlen(change->field));
	str_add(out, ",\"before\":");
	str_add_bytes(out, change->before.kind ? change->before.text : "null", change->before.kind ? change->before.len : 4);
	str_add(out, ",\"after\":");
	str_add_bytes(out, change->after.kind ? change->after.text : "null", change->after.kind ? change->after.len : 4);
	str_add_char(out, '}');
}

static void add_changes(struct line_work *work, const struct push_changes *changes)
{
	for (size_t i = 0; i < changes->count && i < CHANGES_SHOWN; i++)
		add_change(work, &changes->items[i]);
}

static bool same_bytes(struct json_slice a, struct json_slice b)
{
	return a.kind == b.kind && a.len == b.len && (a.len == 0 || memcmp(a.text, b.text, a.len) == 0);
}

/* Of what the record has otherwise than we want it: how much did the ledger's side change since we wrote or linked it? */
static size_t count_theirs(struct line_work *work, const struct push_changes *now, size_t *ret_both)
{
	AUTO(push_changes_clear) struct push_changes then = { 0 };
	size_t theirs = 0;

	*ret_both = 0;
	if (work->base.len == 0)
		return 0;
	work->planner->push->compare(work->record_type, slice(&work->translation.body), slice(&work->base), &then);
	for (size_t i = 0; i < now->count; i++) {
		bool ours = false, moved = true;

		for (size_t k = 0; k < then.count; k++)
			if (strcmp(then.items[k].field, now->items[i].field) == 0) {
				ours = true;
				moved = !same_bytes(then.items[k].before, now->items[i].before);
			}
		theirs += moved;
		*ret_both += moved && ours;
	}
	return theirs;
}

static bool update(struct line_work *work, const struct push_changes *changes, enum plan_reason reason)
{
	if (changes->fixed)
		return line_settle(work, PLAN_BLOCKED, REASON_UNFIT, "what is posted can't be changed in %s: %s differs; take it back and write it anew",
				   work->planner->provider->title, changes->items[0].field);
	work->planner->push->update(work->record_type, slice(&work->translation.body), plan_slice(work->known), &work->body);
	return line_settle(work, PLAN_UPDATE, reason, "%zu field%s differ%s", changes->count, changes->count == 1 ? "" : "s",
		      changes->count == 1 ? "s" : "");
}

static bool compare_linked(struct line_work *work)
{
	AUTO(push_changes_clear) struct push_changes changes = { 0 };
	const struct policies *policies = &work->planner->policies;
	const char *decision;
	size_t theirs, both;

	work->planner->push->compare(work->record_type, slice(&work->translation.body), plan_slice(work->known), &changes);
	if (changes.count == 0)
		return line_settle(work, PLAN_SAME, REASON_EQUAL, "nothing differs");
	if (line_is_owned(work, &changes)) {
		add_changes(work, &changes);
		return true;
	}
	if (changes.count == 0)
		return line_settle(work, PLAN_SAME, REASON_EQUAL, "nothing differs but what is left to the ledger");
	add_changes(work, &changes);
	if (changes.foreign_lines)
		return line_settle(work, PLAN_BLOCKED, REASON_LINKS, "lines that were added in the ledger would vanish");
	theirs = count_theirs(work, &changes, &both);
	decision = line_decision(work, LANDED_ABOUT, work->link.record_id, work->known->version, (long long)work->resource.revision);
	if (theirs == 0 && decision && strcmp(decision, "accept") == 0)
		return line_settle(work, PLAN_SAME, REASON_EQUAL, "accepted as it landed in the ledger");
	if (theirs == 0)
		return update(work, &changes, REASON_CHANGED);
	decision = line_decision(work, "conflict:%s:%s", work->link.record_id, work->known->version);
	if (policy_is(policies, POLICY_CONFLICT, "ours") || (decision && strcmp(decision, "ours") == 0))
		return update(work, &changes, REASON_LEDGER_CHANGED);
	if (policy_is(policies, POLICY_CONFLICT, "theirs") || (decision && strcmp(decision, "theirs") == 0))
		return line_settle(work, PLAN_SKIP, REASON_CONFLICT, "the ledger's %zu changed field%s stay%s", theirs, theirs == 1 ? "" : "s",
			      theirs == 1 ? "s" : "");
	return line_settle(work, PLAN_DECIDE, REASON_CONFLICT, "%zu field%s changed in the ledger since it was written%s", theirs,
		      theirs == 1 ? " was" : "s were", both ? ", and with you, too" : "");
}

/* Its record is no more what it was. True: that is the line. */
static bool is_gone(struct line_work *work)
{
	const char *what = work->known->state == RECORD_VOIDED ? "was made void in the ledger" : "was deleted in the ledger";
	const char *decision;

	/* What is deleted stays in the mirror as such: this one was never read. */
	if (!work->known->raw)
		return line_settle(work, PLAN_BLOCKED, REASON_GONE, "%s %s is not in the mirror yet; sync, and plan again", work->record_type,
			      work->link.record_id);
	if (work->known->state != RECORD_DELETED && work->known->state != RECORD_VOIDED)
		return false;
	decision = line_decision(work, "gone:%s", work->link.record_id);
	if (decision && strcmp(decision, "skip") == 0)
		return line_settle(work, PLAN_SKIP, REASON_GONE, "%s %s %s; it stays so", work->record_type, work->link.record_id, what);
	if (decision && strcmp(decision, "create") == 0) {
		work->has_link = false;
		work->known = NULL;
		work->line.record_id[0] = '\0';
		return false;
	}
	return line_settle(work, PLAN_DECIDE, REASON_GONE, "%s %s %s", work->record_type, work->link.record_id, what);
}

/* New customers, vendors and items are master data of the company. */
static bool needs_approval(struct line_work *work)
{
	enum policy policy = work->resource.type->target == TARGET_ITEM ? POLICY_NEW_ITEM : POLICY_NEW_CUSTOMER;
	const struct policies *policies = &work->planner->policies;
	const char *decision;

	if (work->resource.type->family != FAMILY_LIST || policy_is(policies, policy, "create"))
		return false;
	if (policy_is(policies, policy, "refuse"))
		return line_settle(work, PLAN_BLOCKED, REASON_APPROVAL, "the policy lets no new %s be made", work->resource.type->titles);
	decision = line_decision(work, "approval");
	if (decision && strcmp(decision, "create") == 0)
		return false;
	if (decision && strcmp(decision, "skip") == 0)
		return line_settle(work, PLAN_SKIP, REASON_APPROVAL, "left out by a person");
	return line_settle(work, PLAN_DECIDE, REASON_APPROVAL, "a new %s is to be approved", work->resource.type->title);
}

/* After a restore the ledger may have more of ours than the mirror tells: until it was read once, nothing is created. */
static bool is_unread(struct line_work *work)
{
	const struct object *object = plan_object(work->planner, work->record_type);

	if (work->planner->restored_ms == 0 || !object || object->next_ms > 0)
		return false;
	return line_settle(work, PLAN_BLOCKED, REASON_BUSY, "a backup was restored, and the ledger's %s has not been read since", work->record_type);
}

/* What was given up without knowing may be there: whatever asks for it anew, it is not created before a person has told. */
static bool is_untold(struct line_work *work)
{
	struct planner *planner = work->planner;
	struct intent newest;

	if (!intents_newest(planner->store, planner->account.id, work->resource.no, &newest, &planner->error) || !intent_is_untold(&newest))
		return false;
	return line_settle(work, PLAN_BLOCKED, REASON_BUSY, "an earlier write of it may be in the ledger; say in the outbox which record it is, "
			   "or that it was not written");
}

/* ---- the line */

static void decide(struct line_work *work)
{
	if (work->planner->wish->undo) {
		line_undo(work);
		return;
	}
	if (is_left_out(work) || line_is_uncredited(work) ||
	    plan_request(work->planner, &work->resource, work->has_link ? &work->link : NULL, &work->line, &work->only_find) ||
	    line_is_voided(work))
		return;
	if (work->has_link && is_gone(work))
		return;
	translate(work);
	if (work->planner->error.code != ERROR_NONE)
		return;
	if (!work->has_link && line_has_duplicate(work))
		return;
	if ((work->only_find && !work->has_link && plan_unfound(&work->line)) || line_is_obstructed(work))
		return;
	if (work->has_link) {
		compare_linked(work);
		return;
	}
	if (needs_approval(work) || is_unread(work) || is_untold(work))
		return;
	str_add_bytes(&work->body, work->translation.body.text, work->translation.body.len);
	line_settle(work, PLAN_CREATE, REASON_NEW, "new");
}

static void add_text(struct str *out, const char *name, const char *text)
{
	str_addf(out, ",\"%s\":", name);
	str_add_json_cut(out, text);
}

static void add_mapped(const struct line_work *work, struct str *out)
{
	str_add(out, "\"mapped\":[");
	for (size_t i = 0; i < work->bench.code_count; i++) {
		const struct used_code *used = &work->bench.codes[i];

		str_addf(out, "%s{\"target\":\"%s\"", i ? "," : "", target_word(used->target));
		add_text(out, "code", used->code);
		add_text(out, "id", used->id);
		add_text(out, "name", used->name);
		add_text(out, "by", used->by);
		str_add_char(out, '}');
	}
	str_add_char(out, ']');
}

static void add_postings(const struct line_work *work, struct str *out)
{
	const struct translation *translation = &work->translation;
	char digits[DECIMAL_TEXT_MAX];

	str_add(out, ",\"effects\":[");
	for (size_t i = 0; i < translation->posting_count; i++) {
		const struct posting *posting = &translation->postings[i];

		str_addf(out, "%s{\"kind\":\"%s\",\"account\":", i ? "," : "", posting_word(posting->kind));
		str_add_json(out, posting->account, strlen(posting->account));
		str_addf(out, ",\"amount\":%s}", decimal_format(posting->amount, digits));
	}
	str_add_char(out, ']');
}

static void add_obstacles(const struct line_work *work, struct str *out)
{
	const struct translation *translation = &work->translation;

	str_add(out, ",\"obstacles\":[");
	for (size_t i = 0; i < translation->obstacle_count; i++) {
		str_addf(out, "%s{\"reason\":\"%s\"", i ? "," : "", plan_reason_word(translation->obstacles[i].reason));
		add_text(out, "text", translation->obstacles[i].text);
		str_add_char(out, '}');
	}
	str_add_char(out, ']');
}

static void make_detail(struct line_work *work)
{
	struct str *out = &work->detail;

	str_add_char(out, '{');
	add_mapped(work, out);
	str_addf(out, ",\"changes\":[%s]", work->changes.text);
	add_postings(work, out);
	add_obstacles(work, out);
	str_add(out, ",\"needs\":[");
	for (size_t i = 0; i < work->bench.need_count; i++)
		str_addf(out, "%s%lld", i ? "," : "", (long long)work->bench.needs[i]);
	str_add_char(out, ']');
	add_text(out, "notes", work->translation.notes.text);
	add_text(out, "question", work->about);
	str_addf(out, "}");
}

static bool to_millionths(struct decimal value, int64_t *ret_number)
{
	struct decimal scaled;

	if (!decimal_multiply(value, decimal_of(1000000, 0), 0, &scaled))
		return false;
	*ret_number = scaled.digits;
	return true;
}

static void fill_line(struct line_work *work)
{
	const struct resource_summary *summary = &work->resource.summary;
	const struct translation *translation = &work->translation;
	struct plan_line *line = &work->line;
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	line->resource = work->resource.no;
	line->revision = work->resource.revision;
	snprintf(line->record_type, sizeof(line->record_type), "%s", work->record_type ? work->record_type : "");
	line_number(work, line->number);
	if (!*line->number)
		snprintf(line->number, sizeof(line->number), "%.63s", work->resource.external_id);
	snprintf(line->party, sizeof(line->party), "%s", summary->party);
	snprintf(line->currency, sizeof(line->currency), "%s", *translation->currency ? translation->currency
		 : *summary->currency ? summary->currency : work->planner->company.home);
	line->has_date = summary->has_date;
	line->date = summary->date;
	if (translation->has_total)
		line->has_total = to_millionths(translation->total, &line->total);
	else if (summary->has_total)
		line->has_total = to_millionths(summary->total, &line->total);
	if (translation->has_tax)
		line->has_tax = to_millionths(translation->tax, &line->tax);
	line->body = work->body.text;
	line->body_len = work->body.len;
	make_detail(work);
	line->detail = work->detail.text;
	str_addf(&text, "%d %lld %s %s %s ", (int)line->act, (long long)line->resource, line->record_id, line->version, line->why);
	str_add_bytes(&text, work->body.text, work->body.len);
	line->digest = hash_bytes(text.text, text.len);
}

/* What holds it up, and what holds those up that it waits for: with them it is freed. */
static void note_cause(struct line_work *work, struct cause *cause, struct outcome *outcome)
{
	const struct bench *bench = &work->bench;
	struct cause *told[8];
	size_t count = 0;

	outcome->cause = cause;
	for (size_t i = 0; plan_act_waits(work->line.act) && i < bench->await_count && count < ARRAY_LEN(told); i++) {
		const struct outcome *parent = map_get(&work->planner->outcomes, &bench->awaits[i], sizeof(bench->awaits[i]));
		bool known = !parent || !parent->cause || !plan_act_waits(parent->act);

		for (size_t k = 0; k < count; k++)
			known = known || told[k] == parent->cause;
		if (known)
			continue;
		told[count++] = parent->cause;
		plan_head_behind(parent->cause, cause);
		if (work->line.reason == REASON_PARENT)
			outcome->cause = parent->cause;
	}
}

/* How deep it stands in the order of writing, and what the head tells of it beside its sums. */
static void note_facts(struct line_work *work, struct outcome *outcome)
{
	struct planner *planner = work->planner;
	const struct bench *bench = &work->bench;
	enum plan_act act = work->line.act;
	bool needs = false;

	outcome->is_new_list = act == PLAN_CREATE && work->resource.type->family == FAMILY_LIST;
	for (size_t i = 0; i < bench->need_count; i++) {
		const struct outcome *parent = map_get(&planner->outcomes, &bench->needs[i], sizeof(bench->needs[i]));

		if (!parent || !plan_act_writes(parent->act))
			continue;
		needs = needs || parent->is_new_list;
		if (parent->depth >= outcome->depth)
			outcome->depth = parent->depth + 1;
	}
	planner->facts.before_go_live += act == PLAN_SKIP && work->line.reason == REASON_GO_LIVE;
	planner->facts.closed += work->closed && (plan_act_writes(act) || plan_act_waits(act));
	planner->facts.new_lists += outcome->is_new_list;
	planner->facts.needing += needs && plan_act_writes(act) && work->resource.type->family == FAMILY_DOCUMENT;
	plan_calls_add(planner->calls, &work->line, outcome->depth);
}

static bool hand_out(struct line_work *work, struct outcome *outcome)
{
	struct planner *planner = work->planner;
	struct plan_line *line = &work->line;
	uint64_t chained[2] = { planner->digest, line->digest };

	if (line->act == PLAN_SAME && !planner->wish->all_lines && !planner->wish->resources) {
		plan_head_same(planner->head, work->resource.type);
		return true;
	}
	line->line = ++planner->lines;
	planner->digest = hash_bytes(chained, sizeof(chained));
	note_facts(work, outcome);
	note_cause(work, plan_head_add(planner->head, line, work->resource.type, &work->translation), outcome);
	return planner->line(planner->ctx, line, &planner->error);
}

static bool load(struct line_work *work, int64_t no)
{
	struct planner *planner = work->planner;
	bool found;

	if (!resources_by_no(planner->store, no, &work->resource, &work->data, &planner->error))
		return false;
	/* By construction: what is of another organization is not even looked at. */
	if (strcmp(work->resource.organization, planner->organization) != 0)
		return error_set(&planner->error, ERROR_CONFLICT, "that resource belongs to another organization than the account");
	if (!links_get(planner->store, planner->account.id, no, &work->link, &work->base, &found, &planner->error))
		return false;
	work->has_link = found && *work->link.record_id;
	work->record_type = planner->push->type(work->resource.type);
	if (!work->has_link)
		return true;
	work->known = plan_record(planner, work->link.record_type, work->link.record_id);
	if (!work->known)
		return false;
	snprintf(work->line.record_id, sizeof(work->line.record_id), "%s", work->link.record_id);
	snprintf(work->line.version, sizeof(work->line.version), "%s", work->known->version);
	return true;
}

void outcome_free(void *freed)
{
	struct outcome *outcome = freed;

	if (outcome)
		free(outcome->body);
	free(outcome);
}

static void plan_one(struct planner *planner, int64_t no, struct outcome *outcome)
{
	AUTO(work_clear) struct line_work work = { .planner = planner, .data = STR_INIT(STR_NO_LIMIT), .base = STR_INIT(STR_NO_LIMIT),
						   .body = STR_INIT(STR_NO_LIMIT), .detail = STR_INIT(STR_NO_LIMIT),
						   .changes = STR_INIT(STR_NO_LIMIT) };

	translation_init(&work.translation);
	if (!load(&work, no))
		return;
	decide(&work);
	if (planner->error.code != ERROR_NONE)
		return;
	fill_line(&work);
	outcome->act = work.line.act;
	snprintf(outcome->record_id, sizeof(outcome->record_id), "%s", work.line.record_id);
	snprintf(outcome->number, sizeof(outcome->number), "%s", work.line.number);
	outcome->settled = true;
	if (outcome->act == PLAN_CREATE && work.resource.type->family == FAMILY_LIST)
		outcome->body = memory_copy_text(work.body.text);
	hand_out(&work, outcome);
}

const struct outcome *plan_resource(struct planner *planner, int64_t no)
{
	void **place = map_place(&planner->outcomes, &no, sizeof(no));
	struct outcome *outcome = *place;

	if (outcome)
		return outcome;
	outcome = memory_new(sizeof(*outcome));
	*place = outcome;
	plan_one(planner, no, outcome);
	return planner->error.code == ERROR_NONE ? outcome : NULL;
}
