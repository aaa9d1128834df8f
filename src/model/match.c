/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The passes. A pass has steps; a step brings items together that have something in common (match_pool.c), lets each of
 * them find its partner or its sum, and keeps what both sides found: none is taken because it came first.
 */
#include "ledgerdeck/model/match.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "match_impl.h"

#define LOOK_MAX 32 /* where more than these would do, they are too much alike for a suggestion */
#define DAYS_ANY ((int64_t)UINT32_MAX)

static const struct {
	const char *word, *title;
	bool sure;
} passes[] = {
	[MATCH_NONE] = { "none", "nothing", false },
	[MATCH_LINK] = { "link", "a link", true },
	[MATCH_TAG] = { "tag", "a mark or reference that only these two have", true },
	[MATCH_NUMBER_PARTY] = { "number-party", "number, party, total and date", true },
	[MATCH_NUMBER] = { "number", "number and total, dates near", true },
	[MATCH_PARTY] = { "party", "party and total, dates near", true },
	[MATCH_MANY] = { "many", "several that make the total", true },
	[MATCH_TOLERANCE] = { "tolerance", "number or party, the total within tolerance", false },
	[MATCH_SCORE] = { "score", "alike in several things", false },
	[MATCH_HAND] = { "hand", "a person's word", true },
};

const char *match_pass_word(enum match_pass pass)
{
	return passes[pass].word;
}

const char *match_pass_title(enum match_pass pass)
{
	return passes[pass].title;
}

bool match_pass_is_sure(enum match_pass pass)
{
	return passes[pass].sure;
}

bool match_pass_parse(const char *word, enum match_pass *ret_pass)
{
	for (size_t i = 0; i < ARRAY_LEN(passes); i++) {
		if (strcmp(passes[i].word, word) != 0)
			continue;
		*ret_pass = (enum match_pass)i;
		return true;
	}
	return false;
}

struct match_rules match_rules_usual(void)
{
	return (struct match_rules){ .reference_days = 45, .number_days = 3, .party_days = 5, .score_least = 5 };
}

struct engine {
	struct pool pool;
	const struct match_rules *rules;
	struct match_tolerance *tolerances; /* owned: of each group; NULL: none */
	bool (*each)(void *ctx, const struct match *match);
	void *ctx;
	bool with_tolerance;  /* sums may be off */
	int64_t days_most;    /* between partners */
};

/* ---- what items have in common ---- */

static bool key_of(uint32_t text, uint32_t other, uint64_t *ret_key)
{
	*ret_key = (uint64_t)text << 32 | other;
	return text != 0;
}

static bool key_link(const struct pool_item *item, uint64_t *ret_key)
{
	return key_of(item->link, item->group, ret_key);
}

static bool key_tag(const struct pool_item *item, uint64_t *ret_key)
{
	return key_of(item->tag, item->group, ret_key);
}

static bool key_number_party(const struct pool_item *item, uint64_t *ret_key)
{
	return key_of(item->both, item->party, ret_key) && item->party != 0;
}

static bool key_number_value(const struct pool_item *item, uint64_t *ret_key)
{
	return key_of(item->number, item->value, ret_key);
}

static bool key_party_value(const struct pool_item *item, uint64_t *ret_key)
{
	return key_of(item->party, item->value, ret_key);
}

static bool key_number(const struct pool_item *item, uint64_t *ret_key)
{
	return key_of(item->number, item->group, ret_key);
}

static bool key_party(const struct pool_item *item, uint64_t *ret_key)
{
	return key_of(item->party, item->group, ret_key);
}

static bool key_value(const struct pool_item *item, uint64_t *ret_key)
{
	*ret_key = item->value;
	return true;
}

static bool key_group(const struct pool_item *item, uint64_t *ret_key)
{
	*ret_key = item->group;
	return true;
}

static struct pool_span days_around(int32_t days)
{
	int64_t most = days > 0 ? days : 0;

	return (struct pool_span){ .before = most, .after = most };
}

static struct pool_span span_any(void *ctx, uint32_t group)
{
	(void)ctx;
	(void)group;
	return (struct pool_span){ .before = DAYS_ANY, .after = DAYS_ANY };
}

static struct pool_span span_same(void *ctx, uint32_t group)
{
	(void)ctx;
	(void)group;
	return days_around(0);
}

static struct pool_span span_number(void *ctx, uint32_t group)
{
	struct engine *engine = ctx;

	(void)group;
	return days_around(engine->rules->number_days);
}

static struct pool_span span_party(void *ctx, uint32_t group)
{
	struct engine *engine = ctx;

	(void)group;
	return days_around(engine->rules->party_days);
}

static struct pool_span span_tolerance(void *ctx, uint32_t group)
{
	struct engine *engine = ctx;
	const struct match_tolerance *tolerance = &engine->tolerances[group];

	return (struct pool_span){ .before = days_around(tolerance->days_before).before,
				   .after = days_around(tolerance->days_after).after };
}

/* ---- what an item finds among those ---- */

static void find_only(void *ctx, uint32_t item, const struct pool_entry *others, size_t count)
{
	struct engine *engine = ctx;

	if (count == 1)
		engine->pool.items[item].partner = others[0].item;
}

static const struct match_tolerance *tolerance_of(const struct engine *engine, uint32_t group)
{
	static const struct match_tolerance none = { 0 };

	return engine->tolerances ? &engine->tolerances[group] : &none;
}

/* The only one within tolerance. */
static void find_near(void *ctx, uint32_t item, const struct pool_entry *others, size_t count)
{
	struct engine *engine = ctx;
	struct pool_item *items = engine->pool.items, *own = &items[item];
	bool is_first = pool_is_first(&engine->pool, item);
	uint32_t found = POOL_NONE;

	if (count > LOOK_MAX)
		return;
	for (size_t i = 0; i < count; i++) {
		int64_t amount = items[others[i].item].amount;

		if (!match_within(is_first ? own->amount : amount, is_first ? amount : own->amount,
				  tolerance_of(engine, own->group)))
			continue;
		if (found != POOL_NONE)
			return;
		found = others[i].item;
	}
	own->partner = found;
}

static void claim(struct pool_item *item)
{
	if (item->claims < UINT8_MAX)
		item->claims++;
}

/* Those make the item's amount: unless others claim them, too. */
static void claim_sum(struct engine *engine, uint32_t item, const uint32_t *parts, size_t count, uint32_t chosen)
{
	struct pool_item *items = engine->pool.items;
	uint32_t *link = &items[item].next;

	claim(&items[item]);
	items[item].partner = item;
	for (size_t i = 0; i < count; i++) {
		if (!(chosen >> i & 1))
			continue;
		claim(&items[parts[i]]);
		items[parts[i]].partner = item;
		*link = parts[i];
		link = &items[parts[i]].next;
	}
	*link = POOL_NONE;
}

/* The only sum of several of one party; where a party is not known, it may be any. */
static void find_sum(void *ctx, uint32_t item, const struct pool_entry *others, size_t count)
{
	struct engine *engine = ctx;
	const struct pool_item *items = engine->pool.items, *own = &items[item];
	int64_t amounts[MATCH_MANY_MAX], over = 0, under = 0;
	uint32_t parts[MATCH_MANY_MAX], chosen;
	size_t parts_count = 0;

	if (count > LOOK_MAX || count < 2 || own->amount == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct pool_item *other = &items[others[i].item];

		if (other->amount == 0 || (own->party && other->party && own->party != other->party))
			continue;
		if (parts_count == MATCH_MANY_MAX)
			return;
		amounts[parts_count] = other->amount;
		parts[parts_count++] = others[i].item;
	}
	if (engine->with_tolerance) {
		const struct match_tolerance *tolerance = &engine->tolerances[own->group];

		over = match_allowed(own->amount, tolerance->above, tolerance->above_share);
		under = match_allowed(own->amount, tolerance->below, tolerance->below_share);
	}
	if (!pool_is_first(&engine->pool, item)) {
		int64_t other_way = over;

		over = under;
		under = other_way;
	}
	if (!match_sum_only(amounts, parts_count, (__int128)own->amount - under, (__int128)own->amount + over,
			    &chosen))
		return;
	/* One that would do by itself is no sum. */
	if ((chosen & (chosen - 1)) != 0)
		claim_sum(engine, item, parts, parts_count, chosen);
}

static int is_known(uint32_t a, uint32_t b)
{
	if (a == 0 || b == 0)
		return 0;
	return a == b ? 1 : -1;
}

static int score_items(const struct engine *engine, uint32_t first, uint32_t second, int worth)
{
	const struct pool_item *one = &engine->pool.items[first], *other = &engine->pool.items[second];
	const struct match_item *first_source = pool_source(&engine->pool, first);
	const struct match_item *second_source = pool_source(&engine->pool, second);
	int score = match_score_known(first_source, second_source, engine->rules, tolerance_of(engine, one->group),
				      is_known(one->number, other->number), is_known(one->party, other->party));

	/* Texts are looked at only where they decide. */
	if (score + MATCH_SCORE_TEXT_MAX < worth)
		return score;
	return score + match_score_text(first_source->text, second_source->text);
}

/* The one that is most alike; claimed where another one is as much so. */
static void find_alike(void *ctx, uint32_t item, const struct pool_entry *others, size_t count)
{
	struct engine *engine = ctx;
	struct pool_item *own = &engine->pool.items[item];
	bool is_first = pool_is_first(&engine->pool, item);

	if (count > LOOK_MAX)
		return;
	for (size_t i = 0; i < count; i++) {
		uint32_t other = others[i].item;
		bool has_best = own->partner != POOL_NONE;
		int worth = has_best ? own->score : engine->rules->score_least;
		int score = score_items(engine, is_first ? item : other, is_first ? other : item, worth);

		if (score < worth || other == own->partner)
			continue;
		own->claims = has_best && score == own->score;
		if (own->claims)
			continue;
		own->score = (int16_t)score;
		own->partner = other;
	}
}

/* ---- what both found ---- */

/* From here on a first item leads to its second. */
static void keep_pairs(struct engine *engine, enum match_pass pass)
{
	struct pool_item *items = engine->pool.items;

	for (uint32_t i = 0; i < engine->pool.first_count; i++) {
		uint32_t other = items[i].partner;

		if (items[i].pass != MATCH_NONE || other == POOL_NONE || items[other].partner != i || items[i].claims ||
		    items[other].claims || llabs((int64_t)items[i].day - items[other].day) > engine->days_most)
			continue;
		items[i].pass = items[other].pass = (uint8_t)pass;
		items[i].partner = i;
		items[i].next = other;
		items[other].next = POOL_NONE;
	}
}

/* Is the item, and all that make its amount, in this sum alone? */
static bool is_alone(const struct pool_item *items, uint32_t owner)
{
	if (items[owner].partner != owner)
		return false;
	for (uint32_t i = owner; i != POOL_NONE; i = items[i].next)
		if (items[i].claims != 1)
			return false;
	return true;
}

static void keep_sums(struct engine *engine, enum match_pass pass)
{
	struct pool_item *items = engine->pool.items;

	for (uint32_t owner = 0; owner < engine->pool.count; owner++) {
		if (items[owner].pass != MATCH_NONE || !is_alone(items, owner))
			continue;
		for (uint32_t i = owner; i != POOL_NONE; i = items[i].next)
			items[i].pass = (uint8_t)pass;
	}
}

/* ---- the passes ---- */

struct step {
	enum match_pass pass;
	bool (*key)(const struct pool_item *item, uint64_t *ret_key);
	struct pool_span (*span)(void *ctx, uint32_t group);
	void (*find)(void *ctx, uint32_t item, const struct pool_entry *others, size_t count);
	void (*keep)(struct engine *engine, enum match_pass pass); /* NULL: the next step goes on finding */
};

static const struct step steps[] = {
	{ MATCH_LINK, key_link, span_any, find_only, keep_pairs },
	{ MATCH_TAG, key_tag, span_any, find_only, keep_pairs },
	{ MATCH_NUMBER_PARTY, key_number_party, span_same, find_only, keep_pairs },
	{ MATCH_NUMBER, key_number_value, span_number, find_only, keep_pairs },
	{ MATCH_PARTY, key_party_value, span_party, find_only, keep_pairs },
	/* Of one party first, then where one is lacking. */
	{ MATCH_MANY, key_party, span_party, find_sum, keep_sums },
	{ MATCH_MANY, key_group, span_party, find_sum, keep_sums },
	{ MATCH_TOLERANCE, key_number, span_tolerance, find_near, keep_pairs },
	{ MATCH_TOLERANCE, key_party, span_tolerance, find_near, keep_pairs },
	{ MATCH_TOLERANCE, key_party, span_tolerance, find_sum, keep_sums },
	{ MATCH_TOLERANCE, key_group, span_tolerance, find_sum, keep_sums },
	{ MATCH_SCORE, key_number, span_any, find_alike, NULL },
	{ MATCH_SCORE, key_party, span_party, find_alike, NULL },
	{ MATCH_SCORE, key_value, span_party, find_alike, keep_pairs },
};

static void forget(struct pool *pool)
{
	for (size_t i = 0; i < pool->count; i++) {
		struct pool_item *item = &pool->items[i];

		if (item->pass != MATCH_NONE)
			continue;
		item->partner = POOL_NONE;
		item->claims = 0;
	}
}

static bool take_step(struct engine *engine, const struct step *step)
{
	const struct pool_join join = { .key = step->key, .span = step->span, .visit = step->find, .ctx = engine };

	engine->with_tolerance = step->pass == MATCH_TOLERANCE;
	engine->days_most = step->pass == MATCH_TAG ? days_around(engine->rules->reference_days).after : DAYS_ANY;
	if (!pool_go(&engine->pool, &join))
		return false;
	if (step->keep) {
		step->keep(engine, step->pass);
		forget(&engine->pool);
	}
	return true;
}

/* The chain of the owner, as its matches' receiver gets it. */
static void read_match(const struct engine *engine, uint32_t owner, struct match *match)
{
	const struct pool *pool = &engine->pool;
	__int128 difference = 0;
	uint32_t first = POOL_NONE, second = POOL_NONE;

	*match = (struct match){ .pass = (enum match_pass)pool->items[owner].pass };
	for (uint32_t i = owner; i != POOL_NONE; i = pool->items[i].next) {
		const struct pool_item *item = &pool->items[i];

		if (pool_is_first(pool, i)) {
			first = match->first_count == 0 ? i : first;
			match->first[match->first_count++] = item->place;
			difference -= item->amount;
		} else {
			second = match->second_count == 0 ? i : second;
			match->second[match->second_count++] = item->place;
			difference += item->amount;
		}
	}
	if (difference > INT64_MAX)
		difference = INT64_MAX;
	match->difference = difference < INT64_MIN ? INT64_MIN : (int64_t)difference;
	match->score = score_items(engine, first, second, INT16_MIN);
}

/* All matches of a pass, in order of their first items of the first side. */
static bool tell(struct engine *engine, enum match_pass pass)
{
	const struct pool_item *items = engine->pool.items;

	for (uint32_t i = 0; i < engine->pool.first_count; i++) {
		uint32_t owner = items[i].partner;
		struct match match;

		if (items[i].pass != pass || (owner != i && items[owner].next != i))
			continue;
		read_match(engine, owner, &match);
		if (!engine->each(engine->ctx, &match))
			return false;
	}
	return true;
}

static void ask_tolerances(struct engine *engine)
{
	struct pool *pool = &engine->pool;
	AUTO(memory_freep) bool *asked = memory_new(pool->groups + 1);

	if (!engine->rules->tolerance)
		return;
	engine->tolerances = memory_new((pool->groups + 1) * sizeof(*engine->tolerances));
	for (uint32_t i = 0; i < pool->count; i++) {
		uint32_t group = pool->items[i].group;
		const struct match_item *source;

		if (asked[group])
			continue;
		source = pool_source(pool, i);
		engine->tolerances[group] = engine->rules->tolerance(engine->rules->ctx, source->kind, source->currency);
		asked[group] = true;
	}
}

static bool run(struct engine *engine)
{
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		bool is_last = i + 1 == ARRAY_LEN(steps) || steps[i + 1].pass != steps[i].pass;

		if (steps[i].pass == MATCH_TOLERANCE && !engine->tolerances)
			continue;
		if (!take_step(engine, &steps[i]) || (is_last && !tell(engine, steps[i].pass)))
			return false;
	}
	return true;
}

bool match_run(const struct match_item *first, size_t first_count, const struct match_item *second, size_t second_count,
	       const struct match_rules *rules, bool (*each)(void *ctx, const struct match *match), void *ctx,
	       bool (*stopped)(void *ctx))
{
	struct engine *engine = memory_new(sizeof(*engine));
	bool is_done = false;

	*engine = (struct engine){ .rules = rules, .each = each, .ctx = ctx, .pool = { .stopped = stopped, .ctx = ctx } };
	if (pool_fill(&engine->pool, first, first_count, second, second_count)) {
		ask_tolerances(engine);
		forget(&engine->pool);
		is_done = run(engine);
	}
	pool_clear(&engine->pool);
	free(engine->tolerances);
	free(engine);
	return is_done;
}
