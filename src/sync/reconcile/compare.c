/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents against the mirror: matches, and what is left or does not agree, each with its reason. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/tolerance.h"
#include "reconcile/round.h"

#define TRANSIT_DAYS 5 /* what a statement does not have yet, so near to the period's end, is on its way */

static void say(struct session_exception *exception, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct session_exception *exception, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(exception->text, sizeof(exception->text), format, args);
	va_end(args);
}

/* The place of a thing among all, from 1, until it is kept: then keep.c puts the number in. */
static int64_t place_of(const struct round *round, const struct thing *thing)
{
	bool source = thing >= round->source.items && thing < round->source.items + round->source.count;

	return source ? thing - round->source.items + 1 : thing - round->mirror.items + 1;
}

/* About a thing of the source, of the mirror, or both. */
static struct session_exception *except(struct round *round, enum exception_reason reason, struct thing *source, struct thing *mirror)
{
	const struct thing *about = source ? source : mirror;
	struct session_exception *exception = round_except(round, reason, source ? source->type : mirror->record_type, about->ref);

	exception->amount = source && mirror ? mirror->item.amount - source->item.amount : source ? -source->item.amount : mirror->item.amount;
	exception->has_date = true;
	exception->date = about->item.date;
	snprintf(exception->currency, sizeof(exception->currency), "%s", about->item.currency);
	if (source) {
		exception->resource = source->resource;
		exception->source_item = place_of(round, source);
		source->taken = true;
	}
	if (mirror) {
		snprintf(exception->record, sizeof(exception->record), "%s", mirror->ref);
		exception->mirror_item = place_of(round, mirror);
		mirror->taken = true;
	} else if (source && *source->record_id) {
		snprintf(exception->record, sizeof(exception->record), "%s", source->record_id);
	}
	return exception;
}

/* ---- what matched, but is not the same */

static bool same_party(const struct thing *source, const struct thing *mirror)
{
	return !*source->item.party || !*mirror->item.party || strcmp(source->item.party, mirror->item.party) == 0;
}

static int64_t difference(const struct thing *source, const struct thing *mirror)
{
	int64_t amount = mirror->item.amount - source->item.amount;

	/* A source that says nothing of tax is not off by the tax that the ledger adds. */
	return source->without_tax && amount == mirror->tax ? 0 : amount;
}

/* The first thing in which a pair differs; true: it differs. */
static bool judge_pair(struct round *round, struct thing *source, struct thing *mirror)
{
	char ours[DECIMAL_TEXT_MAX], theirs[DECIMAL_TEXT_MAX], our_date[DATE_TEXT_MAX], their_date[DATE_TEXT_MAX];
	struct session_exception *exception;

	if ((mirror->state == RECORD_VOIDED || mirror->state == RECORD_DELETED) && !source->is_void) {
		say(except(round, EXCEPTION_GONE, source, mirror), "%s %s was %s in the ledger", mirror->record_type, mirror->ref,
		    mirror->state == RECORD_VOIDED ? "made void" : "deleted");
	} else if (strcmp(source->item.currency, mirror->item.currency) != 0) {
		say(except(round, EXCEPTION_CURRENCY, source, mirror), "it is in %s, %s %s is in %s", source->item.currency,
		    mirror->record_type, mirror->ref, mirror->item.currency);
	} else if (difference(source, mirror) != 0) {
		exception = except(round, EXCEPTION_AMOUNT, source, mirror);
		say(exception, "it is %s, %s %s is %s", decimal_format_money(source->item.amount, ours), mirror->record_type, mirror->ref,
		    decimal_format_money(mirror->item.amount, theirs));
	} else if (!same_party(source, mirror)) {
		say(except(round, EXCEPTION_PARTY, source, mirror), "it is %.60s's, %s %s is %.60s's", source->party_name, mirror->record_type,
		    mirror->ref, *mirror->party_name ? mirror->party_name : mirror->item.party);
	} else if (source->item.date.day != mirror->item.date.day) {
		exception = except(round, EXCEPTION_DATE, source, mirror);
		exception->amount = source->inside == mirror->inside ? 0 : source->inside ? -source->item.amount : mirror->item.amount;
		say(exception, "it is of %s, %s %s is of %s%s", date_format(source->item.date, our_date), mirror->record_type, mirror->ref,
		    date_format(mirror->item.date, their_date), source->inside == mirror->inside ? "" : ", another period");
	} else if (source->has_applied && mirror->has_applied && source->applied != mirror->applied) {
		exception = except(round, EXCEPTION_APPLIED, source, mirror);
		exception->amount = mirror->applied - source->applied;
		say(exception, "it settles %s, %s %s settles %s", decimal_format_money(source->applied, ours), mirror->record_type, mirror->ref,
		    decimal_format_money(mirror->applied, theirs));
	} else {
		return false;
	}
	return true;
}

/* A movement's date and a person's number are not a document's: only documents are judged by them. */
static void judge_match(struct round *round, const struct match *match)
{
	struct thing *source = &round->source.items[match->first[0]], *mirror = &round->mirror.items[match->second[0]];

	if (match->first_count == 1 && match->second_count == 1 && !round->wish->statement && (source->inside || mirror->inside))
		judge_pair(round, source, mirror);
}

static void suggest(struct round *round, const struct match *match, int64_t no)
{
	struct thing *source = &round->source.items[match->first[0]], *mirror = &round->mirror.items[match->second[0]];
	struct session_exception *exception;
	char off[DECIMAL_TEXT_MAX];

	if (!source->inside && !mirror->inside)
		return;
	exception = except(round, EXCEPTION_SUGGESTED, source, mirror);
	exception->match = no;
	exception->amount = match->difference;
	snprintf(exception->key, sizeof(exception->key), "suggested %s %s %s", source->type, source->ref, mirror->ref);
	if (match->first_count + match->second_count > 2)
		say(exception, "%d of the source and %d of the ledger may be the same: %s; they differ by %s", match->first_count,
		    match->second_count, match_pass_title(match->pass), decimal_format_money(match->difference, off));
	else
		say(exception, "%s %s may be it: %s, score %d; they differ by %s", mirror->record_type, mirror->ref,
		    match_pass_title(match->pass), match->score, decimal_format_money(match->difference, off));
}

/* ---- matching */

static bool keep_match(void *ctx, const struct match *match)
{
	struct round *round = ctx;

	memory_grow(&round->matches, &round->match_room, round->match_count + 1, sizeof(*round->matches));
	round->matches[round->match_count++] = *match;
	return true;
}

static bool stopped(void *ctx)
{
	return !round_goes_on(ctx);
}

static bool is_taken_out(const struct thing *thing, bool mirror)
{
	return thing->match != 0 || (mirror && (thing->state == RECORD_VOIDED || thing->state == RECORD_DELETED) && !thing->item.link);
}

static struct match_item *items_of(const struct things *things, bool mirror, uint32_t **ret_places, size_t *ret_count)
{
	struct match_item *items = memory_new((things->count + 1) * sizeof(*items));
	uint32_t *places = memory_new((things->count + 1) * sizeof(*places));
	size_t count = 0;

	for (size_t i = 0; i < things->count; i++) {
		if (is_taken_out(&things->items[i], mirror))
			continue;
		places[count] = (uint32_t)i;
		items[count++] = things->items[i].item;
	}
	*ret_places = places;
	*ret_count = count;
	return items;
}

static void put_back(struct match *match, const uint32_t *source, const uint32_t *mirror)
{
	for (size_t i = 0; i < match->first_count; i++)
		match->first[i] = source[match->first[i]];
	for (size_t i = 0; i < match->second_count; i++)
		match->second[i] = mirror[match->second[i]];
}

/* What is a little off is only suggested: on the days on which a number would be taken for the same. */
static struct match_tolerance tolerance(void *ctx, uint32_t kind, const char *currency)
{
	struct round *round = ctx;

	return tolerance_of(round->planner.policies.values[POLICY_TOLERANCE], account_class_word(sides_class(round, kind)), currency,
			    match_rules_usual().number_days);
}

static bool match_all(struct round *round)
{
	struct match_rules rules = match_rules_usual();
	AUTO(memory_freep) struct match_item *source = NULL;
	AUTO(memory_freep) struct match_item *mirror = NULL;
	AUTO(memory_freep) uint32_t *source_places = NULL;
	AUTO(memory_freep) uint32_t *mirror_places = NULL;
	size_t source_count, mirror_count, before = round->match_count;
	bool good;

	rules.tolerance = tolerance;
	rules.ctx = round;
	source = items_of(&round->source, false, &source_places, &source_count);
	mirror = items_of(&round->mirror, true, &mirror_places, &mirror_count);
	good = match_run(source, source_count, mirror, mirror_count, &rules, keep_match, round, stopped);
	for (size_t i = before; i < round->match_count; i++)
		put_back(&round->matches[i], source_places, mirror_places);
	return good && round->error.code == ERROR_NONE;
}

/* ---- what people said before of matches */

struct recalling {
	struct round *round;
	struct map source_index;     /* "TYPE REF" to index + 1 */
	struct session_match match;
	struct match members;
	bool whole;                  /* all of its things are still there, with the amounts that they had */
};

static struct thing *thing_of(struct recalling *recalling, const struct session_answer *answer)
{
	struct round *round = recalling->round;
	char key[RESOURCE_EXTERNAL_MAX + 80];
	uintptr_t place;
	size_t len;

	if (answer->side == SIDE_MIRROR)
		return sides_find(round, answer->type, answer->ref);
	len = (size_t)snprintf(key, sizeof(key), "%s %s", answer->type, answer->ref);
	place = (uintptr_t)map_get(&recalling->source_index, key, len < sizeof(key) ? len : sizeof(key) - 1);
	return place ? &round->source.items[place - 1] : NULL;
}

static void take_members(struct round *round, const struct match *match, int64_t place)
{
	for (size_t i = 0; i < match->first_count; i++)
		round->source.items[match->first[i]].match = place;
	for (size_t i = 0; i < match->second_count; i++)
		round->mirror.items[match->second[i]].match = place;
}

/* Numbers that came back can bring two answers about one thing back: the first holds. */
static bool are_taken(const struct round *round, const struct match *match)
{
	bool taken = false;

	for (size_t i = 0; i < match->first_count; i++)
		taken = taken || round->source.items[match->first[i]].match != 0;
	for (size_t i = 0; i < match->second_count; i++)
		taken = taken || round->mirror.items[match->second[i]].match != 0;
	return taken;
}

/* All of one match was told. */
static void finish_one(struct recalling *recalling)
{
	struct round *round = recalling->round;

	if (recalling->match.no == 0 || !recalling->whole || recalling->members.first_count == 0 || recalling->members.second_count == 0 ||
	    (recalling->match.state == SESSION_MATCH_ACCEPTED && are_taken(round, &recalling->members)))
		return;
	keep_match(round, &recalling->members);
	memory_grow(&round->decided, &round->decided_room, round->match_count, sizeof(*round->decided));
	round->decided[round->match_count - 1] = recalling->match;
	if (recalling->match.state == SESSION_MATCH_ACCEPTED)
		take_members(round, &recalling->members, (int64_t)round->match_count);
}

static bool recall_answer(void *ctx, const struct session_answer *answer)
{
	struct recalling *recalling = ctx;
	struct match *match = &recalling->members;
	struct thing *thing;

	if (answer->match->no != recalling->match.no) {
		finish_one(recalling);
		recalling->match = *answer->match;
		*match = (struct match){ .pass = answer->match->pass, .score = answer->match->score, .difference = answer->match->difference };
		recalling->whole = true;
	}
	thing = thing_of(recalling, answer);
	if (!thing || thing->item.amount != answer->amount || match->first_count == MATCH_MANY_MAX || match->second_count == MATCH_MANY_MAX)
		recalling->whole = false;
	else if (answer->side == SIDE_MIRROR)
		match->second[match->second_count++] = (uint32_t)(thing - recalling->round->mirror.items);
	else
		match->first[match->first_count++] = (uint32_t)(thing - recalling->round->source.items);
	return true;
}

static void index_source(struct recalling *recalling)
{
	const struct things *source = &recalling->round->source;
	char key[RESOURCE_EXTERNAL_MAX + 80];
	size_t len;

	for (size_t i = 0; i < source->count; i++) {
		len = (size_t)snprintf(key, sizeof(key), "%s %s", source->items[i].type, source->items[i].ref);
		*map_place(&recalling->source_index, key, len < sizeof(key) ? len : sizeof(key) - 1) = (void *)(uintptr_t)(i + 1);
	}
}

static bool recall(struct round *round)
{
	struct recalling recalling = { .round = round };
	bool good;

	if (round->session->rounds == 0)
		return true;
	index_source(&recalling);
	good = session_answers(round->store, round->session->no, recall_answer, &recalling, &round->error);
	if (good)
		finish_one(&recalling);
	map_clear(&recalling.source_index, NULL);
	round->recalled = round->match_count;
	return good;
}

static bool same_members(const struct match *one, const struct match *other)
{
	return one->first_count == other->first_count && one->second_count == other->second_count &&
	       memcmp(one->first, other->first, one->first_count * sizeof(one->first[0])) == 0 &&
	       memcmp(one->second, other->second, one->second_count * sizeof(one->second[0])) == 0;
}

static bool was_rejected(const struct round *round, const struct match *match)
{
	for (size_t i = 0; i < round->recalled; i++)
		if (round->decided[i].state == SESSION_MATCH_REJECTED && same_members(&round->matches[i], match))
			return true;
	return false;
}

static bool has(const char *text)
{
	return text && *text;
}

/* Two numbers that differ are two documents, however alike; and a sum of things of nobody in particular may be chance. */
bool compare_is_sure(const struct round *round, const struct match *match)
{
	const struct match_item *source = &round->source.items[match->first[0]].item, *mirror = &round->mirror.items[match->second[0]].item;

	if (match->pass == MATCH_PARTY && !round->wish->statement && has(source->number) && has(mirror->number))
		return false;
	if (match->pass == MATCH_MANY && (round->wish->statement || !has(source->party) || !has(mirror->party)))
		return false;
	return match_pass_is_sure(match->pass);
}

static void judge_matches(struct round *round)
{
	size_t kept = round->recalled;

	for (size_t i = round->recalled; i < round->match_count; i++) {
		struct match match = round->matches[i];

		if (!compare_is_sure(round, &match) && was_rejected(round, &match))
			continue;
		round->matches[kept++] = match;
		take_members(round, &match, (int64_t)kept);
		if (compare_is_sure(round, &match))
			judge_match(round, &match);
		else
			suggest(round, &match, (int64_t)kept);
	}
	round->match_count = kept;
}

/* ---- what is left */

/* Things by number, of one kind: index + 1 of the only one, or SIZE_MAX where there are several. */
static void key_of(const struct thing *thing, bool exact, struct str *out)
{
	str_reset(out);
	str_addf(out, "%u ", thing->item.kind);
	str_add_folded(out, thing->item.number ? thing->item.number : "", strlen(thing->item.number ? thing->item.number : ""));
	if (exact)
		str_addf(out, " %s %s %" PRId64, thing->item.party ? thing->item.party : "", thing->item.currency, thing->item.amount);
}

static void index_numbers(const struct things *things, bool matched, bool exact, struct map *map)
{
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < things->count; i++) {
		const struct thing *thing = &things->items[i];
		void **place;

		if (!thing->item.number || !*thing->item.number || (thing->match != 0) != matched || thing->state == RECORD_VOIDED)
			continue;
		key_of(thing, exact, &key);
		place = map_place(map, key.text, key.len);
		*place = (void *)(*place ? UINTPTR_MAX : (uintptr_t)(i + 1));
	}
}

static uintptr_t look_up(const struct map *map, const struct thing *thing, bool exact)
{
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);

	if (!thing->item.number || !*thing->item.number)
		return 0;
	key_of(thing, exact, &key);
	return (uintptr_t)map_get(map, key.text, key.len);
}

static void join(struct round *round, size_t source, size_t mirror, enum match_pass pass)
{
	const struct match_rules rules = match_rules_usual();
	const struct match_item *first = &round->source.items[source].item, *second = &round->mirror.items[mirror].item;
	struct match match = { .pass = pass, .first = { (uint32_t)source }, .second = { (uint32_t)mirror }, .first_count = 1, .second_count = 1,
			       .score = match_score(first, second, &rules), .difference = second->amount - first->amount };

	keep_match(round, &match);
	take_members(round, &match, (int64_t)round->match_count);
}

static void twin_key(const struct thing *thing, struct str *out)
{
	key_of(thing, true, out);
	str_addf(out, " %" PRId32, thing->item.date.day);
}

/* Where several are alike in everything, it is all one which of them is which; what is left over is there twice. */
static void join_twins(struct round *round)
{
	AUTO(memory_freep) size_t *next = memory_new((round->mirror.count + 1) * sizeof(*next));
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);
	struct map first = { 0 };

	for (size_t i = round->mirror.count; i > 0; i--) {
		struct thing *thing = &round->mirror.items[i - 1];
		void **place;

		if (thing->match || thing->taken || thing->state != RECORD_LIVE || !has(thing->item.number) || !has(thing->item.party))
			continue;
		twin_key(thing, &key);
		place = map_place(&first, key.text, key.len);
		next[i - 1] = (size_t)(uintptr_t)*place;
		*place = (void *)(uintptr_t)i;
	}
	for (size_t i = 0; i < round->source.count; i++) {
		struct thing *thing = &round->source.items[i];
		size_t at;

		if (thing->match || thing->taken || thing->is_void || !has(thing->item.number) || !has(thing->item.party))
			continue;
		twin_key(thing, &key);
		at = (size_t)(uintptr_t)map_get(&first, key.text, key.len);
		if (at == 0)
			continue;
		*map_place(&first, key.text, key.len) = (void *)(uintptr_t)next[at - 1];
		join(round, i, at - 1, MATCH_NUMBER_PARTY);
	}
	map_clear(&first, NULL);
}

/* Two with one number, and no others: they are one thing that was changed on a side. */
static void pair_numbers(struct round *round)
{
	struct map source = { 0 }, mirror = { 0 };

	index_numbers(&round->source, false, false, &source);
	index_numbers(&round->mirror, false, false, &mirror);
	for (size_t i = 0; i < round->source.count; i++) {
		struct thing *thing = &round->source.items[i], *other;
		uintptr_t place;

		if (thing->match || thing->taken || thing->is_void || look_up(&source, thing, false) == UINTPTR_MAX)
			continue;
		place = look_up(&mirror, thing, false);
		if (!place || place == UINTPTR_MAX)
			continue;
		other = &round->mirror.items[place - 1];
		/* The same but for tax that the source doesn't tell. */
		if (!other->taken && (thing->inside || other->inside) && !judge_pair(round, thing, other))
			join(round, i, place - 1, MATCH_NUMBER);
	}
	map_clear(&source, NULL);
	map_clear(&mirror, NULL);
}

static void find_duplicates(struct round *round, struct things *things)
{
	bool source = things == &round->source;
	struct map matched = { 0 };

	index_numbers(things, true, true, &matched);
	for (size_t i = 0; i < things->count; i++) {
		struct thing *thing = &things->items[i];

		if (thing->match || thing->taken || !thing->inside || thing->is_void || thing->state != RECORD_LIVE || !look_up(&matched, thing, true))
			continue;
		say(except(round, EXCEPTION_DUPLICATE, source ? thing : NULL, source ? NULL : thing),
		    "another one %s has its number, party and total", source ? "of the source" : "in the ledger");
	}
	map_clear(&matched, NULL);
}

static bool catch_line(void *ctx, const struct plan_line *line, struct error *err)
{
	struct plan_line *caught = ctx;

	(void)err;
	*caught = *line;
	caught->detail = caught->body = NULL;
	return true;
}

/* Why a resource is not in the ledger: what a plan says of it now. */
static void explain_missing(struct round *round, const struct thing *thing, struct session_exception *exception)
{
	struct plan_line line = { 0 };
	struct intent intent;

	say(exception, "%s %.80s is not in the ledger", thing->type, *thing->item.number ? thing->item.number : thing->ref);
	if (!thing->resource || round->error.code != ERROR_NONE)
		return;
	if (intents_newest(round->store, round->planner.account.id, thing->resource, &intent, &round->error) && intent.no &&
	    intent_is_owed(intent.state)) {
		say(exception, "its write is %s", intent_state_phrase(intent_shown(&intent)));
		snprintf(exception->cause, sizeof(exception->cause), "writes that are %s", intent_state_phrase(intent_shown(&intent)));
		return;
	}
	round->planner.line = catch_line;
	round->planner.ctx = &line;
	if (!plan_resource(&round->planner, thing->resource) || line.resource != thing->resource)
		return;
	if (plan_act_waits(line.act) || line.act == PLAN_SKIP) {
		say(exception, "it is %s: %s", plan_act_word(line.act), line.why);
		snprintf(exception->cause, sizeof(exception->cause), "%.119s", line.why);
	} else {
		say(exception, "it was never written; a plan would %s it", plan_act_word(line.act));
		snprintf(exception->cause, sizeof(exception->cause), "never written");
	}
}

static void left_of_source(struct round *round)
{
	for (size_t i = 0; i < round->source.count && round_goes_on(round); i++) {
		struct thing *thing = &round->source.items[i];
		struct thing *record = *thing->record_id ? sides_find(round, thing->record_type, thing->record_id) : NULL;
		struct session_exception *exception;

		if (thing->match || thing->taken || !thing->inside || thing->is_void)
			continue;
		if (record && judge_pair(round, thing, record))
			continue;
		if (*thing->record_id) {
			say(except(round, EXCEPTION_GONE, thing, record), "%s %s is not in the mirror any more", thing->record_type, thing->record_id);
			continue;
		}
		exception = except(round, EXCEPTION_NOT_IN_LEDGER, thing, NULL);
		explain_missing(round, thing, exception);
	}
}

/* Only where the source has such things at all, or they were asked for by name. */
static bool *kinds_of_source(const struct round *round)
{
	bool *kinds = memory_new(64 * sizeof(*kinds));

	for (size_t i = 0; i < 64; i++)
		kinds[i] = *round->wish->types != '\0' || round->wish->statement;
	for (size_t i = 0; i < round->source.count; i++)
		kinds[round->source.items[i].item.kind % 64] = true;
	return kinds;
}

static void left_of_mirror(struct round *round)
{
	AUTO(memory_freep) bool *kinds = kinds_of_source(round);

	for (size_t i = 0; i < round->mirror.count && round_goes_on(round); i++) {
		struct thing *thing = &round->mirror.items[i];
		bool transit = round->wish->statement && thing->item.date.day > round->wish->to.day - TRANSIT_DAYS;

		if (thing->match || thing->taken || !thing->inside || thing->state != RECORD_LIVE || !kinds[thing->item.kind % 64])
			continue;
		if (transit)
			say(except(round, EXCEPTION_TIMING, NULL, thing), "%s %s may still be on its way: the statement does not have it yet",
			    thing->record_type, thing->ref);
		else
			say(except(round, EXCEPTION_NOT_IN_SOURCE, NULL, thing), "%s %s%s%.60s is not in the source", thing->record_type, thing->ref,
			    *thing->item.number ? ", number " : "", thing->item.number);
	}
}

/* A document's own balance against what settles it; of what settles others itself its own links were compared. */
static void check_open(struct round *round)
{
	char open[DECIMAL_TEXT_MAX], left[DECIMAL_TEXT_MAX], key[RECORD_ID_MAX + 80];

	for (size_t i = 0; i < round->mirror.count && !round->wish->statement; i++) {
		struct thing *thing = &round->mirror.items[i];
		size_t len = (size_t)snprintf(key, sizeof(key), "%s %s", thing->record_type, thing->ref);
		const int64_t *settled = map_get(&round->books.applied, key, len < sizeof(key) ? len : sizeof(key) - 1);
		int64_t expected = thing->item.amount - (settled ? *settled : 0);
		struct session_exception *exception;

		if (!thing->inside || thing->taken || thing->state != RECORD_LIVE || !thing->has_open || thing->open == expected ||
		    (thing->has_applied && thing->applied != 0))
			continue;
		exception = except(round, EXCEPTION_APPLIED, NULL, thing);
		exception->amount = thing->open - expected;
		say(exception, "%s %s says that %s is open, what settles it leaves %s", thing->record_type, thing->ref, decimal_format_money(thing->open, open),
		    decimal_format_money(expected, left));
	}
}

bool compare_run(struct round *round)
{
	if (!recall(round) || !match_all(round))
		return false;
	judge_matches(round);
	if (!round->wish->statement) {
		join_twins(round);
		pair_numbers(round);
	}
	find_duplicates(round, &round->source);
	find_duplicates(round, &round->mirror);
	left_of_source(round);
	left_of_mirror(round);
	check_open(round);
	return round_goes_on(round);
}
